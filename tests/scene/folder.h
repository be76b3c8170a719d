/* SPDX-License-Identifier: MIT */
/*
 * folder.h - the scenes below a folder, found when the test runs: a new scene is tested at once,
 * and none that is gone is missed.
 */
#ifndef TEST_SCENE_FOLDER_H
#define TEST_SCENE_FOLDER_H

#include <base/array.h>
#include <base/sink.h>
#include <scene/scene.h>

struct folder {
	ARRAY(char *) paths;
};

/* Of each path itself when it is a file, else of all x.scene below it; ordered by name. */
void folder_init(struct folder *f, char *const *paths, int count);
void folder_fini(struct folder *f);

/* False, and nothing in *out: it cannot be read. */
bool folder_read(const char *path, struct sink *out);
/* NULL: not a scene by itself. */
struct scene_file *folder_parse(const char *path);

/* Plays one run. NULL: all is well, else what is wrong. */
typedef const char *folder_player(const struct scene_file *f, size_t variant);
/* Every run of every scene, each with its TAP line; that there are scenes at all is the last.
 * *number counts the lines. Returns how many were not ok. */
int folder_play(char *const *paths, int count, folder_player *play, int *number);

#endif
