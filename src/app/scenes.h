/* SPDX-License-Identifier: MIT */
/*
 * scenes.h - the folder of scenes: --scenes, $WOSHOU_SCENARIOS, ./scenarios, beside the installed
 * program, or where it was built to be installed.
 */
#ifndef APP_SCENES_H
#define APP_SCENES_H

#include <stdbool.h>
#include <app/options.h>
#include <base/sink.h>

bool is_folder(const char *path);
/* False: there is none. */
bool scenes_folder(const struct request *r, struct sink *out);

/* The paths below a folder that end so, in the order of their names. The caller frees them with
 * paths_fini. */
struct paths {
	char **at;
	size_t count, size;
};

void paths_below(struct paths *p, const char *folder, const char *ending);
void paths_fini(struct paths *p);

#endif
