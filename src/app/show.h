/* SPDX-License-Identifier: MIT */
/* show.h - what a request asks of the stage. */
#ifndef APP_SHOW_H
#define APP_SHOW_H

#include <app/app.h>
#include <stage/stage.h>

/* False: an option's value cannot be understood, and it was said which. */
bool show_options(const struct request *r, struct stage_options *out);

/* What the stage may do with files. */
extern const struct stage_files stage_files;
/* Folders, scenes and recordings whose names begin as `path` does, each ended by a newline. */
void stage_files_complete(void *user, const char *path, struct sink *names);

#endif
