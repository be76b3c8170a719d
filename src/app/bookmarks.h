/* SPDX-License-Identifier: MIT */
/*
 * bookmarks.h - what is remembered from one evening to the next: which scene was chosen last, and
 * how far each one was seen. It stands in $XDG_STATE_HOME/woshou/progress.json (without that
 * variable in ~/.local/state), by the scene's real path. Nothing depends on it: a folder that
 * cannot be written, or a file that cannot be understood, costs the memory and nothing else.
 */
#ifndef APP_BOOKMARKS_H
#define APP_BOOKMARKS_H

#include <stdbool.h>
#include <base/sink.h>
#include <woshou/seq.h>

/* How far a scene was seen. Times are of the play's own clock. */
struct progress {
	usec at;       /* where it was left */
	usec furthest; /* the latest moment ever seen */
	usec end;      /* of the play */
	bool is_ended; /* seen to its end once */
};

struct bookmarks;

struct bookmarks *bookmarks_open(void);
void bookmarks_free(struct bookmarks *s);

/* "": none. Valid until they are freed or changed. */
const char *bookmarks_last(const struct bookmarks *s);
bool bookmarks_progress(const struct bookmarks *s, const char *path, struct progress *out);

/* Keeps it, in memory and in the file, on top of what others wrote there meanwhile. */
void bookmarks_keep(struct bookmarks *s, const char *path, const struct progress *p);

/* Where the file is, or would be; false: there is no home to have it in. */
bool bookmarks_file(struct sink *out);

#endif
