/* SPDX-License-Identifier: MIT */
/*
 * twin.h - our engine's performance of what the kernel did: the same calls at the same times
 * (script.h), profile linux, through src/scene. Made anew as the recording grows.
 */
#ifndef LIVE_TWIN_H
#define LIVE_TWIN_H

#include <woshou/trace.h>

struct twin;

struct twin *twin_new(void);
void twin_free(struct twin *t);
/* The recording has grown. Cheap when it has not; else a run from the beginning, bounded. The old
 * trace is gone when true is returned. */
bool twin_follow(struct twin *t, const struct trace *kernel);
const struct trace *twin_trace(const struct twin *t); /* NULL: there is nothing to perform yet */

#endif
