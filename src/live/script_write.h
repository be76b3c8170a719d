/* SPDX-License-Identifier: MIT */
/* script_write.h - the parts of a scene that are made from a survey, and its words. */
#ifndef LIVE_SCRIPT_WRITE_H
#define LIVE_SCRIPT_WRITE_H

#include "live/script_inside.h"

enum {
	SCRIPT_TEXT_MAX = 400,   /* octets of a write() that are written out */
	SCRIPT_EVENTS = 1 << 20, /* of a run of a script, at most */
};

void script_put_cast(struct sink *out, const struct survey *s, const struct script_options *o);
void script_put_wind(struct sink *out, struct survey *s);

void script_put_time(struct sink *out, usec t); /* "1s", "250ms", "117us" */
/* Is it worth writing out? Mostly text, or few octets. */
bool script_is_text(const char *octets, size_t n);
void script_put_text(struct sink *out, const char *octets, size_t n); /* "hello\n" */
bool script_has_option(const char *name);
void script_put_option(struct sink *out, const char *name, int64_t value);

#endif
