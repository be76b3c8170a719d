/* SPDX-License-Identifier: MIT */
/* captured.h - a capture from elsewhere on the command line: which of its connections are shown. */
#ifndef APP_CAPTURED_H
#define APP_CAPTURED_H

#include <app/app.h>
#include <live/capture.h>

/* What was chosen of a capture. */
struct selection {
	bool *chosen; /* of each flow */
	size_t count; /* so many */
	size_t first; /* the first of them */
};

/* By --connection and --filter, both when both are given; without them nothing, but the only one of
 * one. False: they do not hold, and it was said why. */
bool selection_take(struct selection *s, const struct capture *c, const char *file,
		    const struct request *r);
/* False: more than one play can hold, and `complaint` says so. */
bool selection_fits(const struct selection *s, enum lang lang, struct sink *complaint);
void selection_one(struct selection *s, const struct capture *c, size_t index);
/* All that the filter lets through; "": all. False: it does not hold, and `complaint` says why. */
bool selection_filter(struct selection *s, const struct capture *c, const char *filter,
		      struct sink *complaint);
void selection_fini(struct selection *s);

/* Which there are, and how to choose one. */
void complain_connections(const struct capture *c, const char *file);

/* "#17 127.0.0.1:40312 > 127.0.0.1:8888" */
void capture_put_name(struct sink *out, const struct capture_flow *f);
/* "ended", "reset", "open"; "part" where neither beginning nor end is there. */
const char *capture_state(const struct capture_flow *f, enum lang lang);

#endif
