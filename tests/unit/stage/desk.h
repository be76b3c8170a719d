/* SPDX-License-Identifier: MIT */
/* desk.h - a scene on the stage with the reader's hands on it, and a cupboard of files that lies in
 * memory. */
#ifndef TEST_STAGE_DESK_H
#define TEST_STAGE_DESK_H

#include <stage/session.h>

enum { CUPBOARD = 8 };

struct cupboard {
	struct {
		char name[64];
		struct sink bytes;
	} at[CUPBOARD];
	int count;
	bool is_locked; /* every write fails */
};

struct desk {
	struct scene_file *file;
	struct history *history;
	struct cupboard cupboard;
	struct stage_files files;
	struct session session;
	struct canvas canvas; /* as drawn after the last key */
};

/* The play is first-wave's words with several of them in the air at once; see desk.c. */
extern const char desk_scene[];

void desk_begin(struct desk *d, const char *scene, int rows, int columns, enum lang lang);
void desk_end(struct desk *d);
void desk_resize(struct desk *d, int rows, int columns);
void desk_press(struct desk *d, uint32_t key);
void desk_type(struct desk *d, const char *text);   /* UTF-8 */
void desk_run(struct desk *d, const char *command); /* ":command" and Enter */
void desk_go(struct desk *d, usec at);
void desk_click(struct desk *d, enum action action, uint32_t arg); /* where it stands; else fails */
bool desk_shows(const struct desk *d, const char *text);
const struct sink *desk_written(const struct desk *d, const char *name); /* NULL: no such file */

#endif
