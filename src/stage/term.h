/* SPDX-License-Identifier: MIT */
/*
 * term.h - the terminal: a canvas goes to it, keys come from it. term.c is the only file that knows
 * ncurses. There is one terminal; it is given back on every way out: return, exit(), a failed
 * assertion, SIGINT, SIGTERM, SIGHUP, and while the program is suspended.
 */
#ifndef STAGE_TERM_H
#define STAGE_TERM_H

#include <stdbool.h>
#include <woshou/seq.h>
#include "stage/canvas.h"
#include "stage/keys.h"

struct term_options {
	enum theme theme; /* THEME_AUTO: what the terminal can */
	bool is_ascii;
	bool has_mouse;
};

enum term_answer { TERM_OK, TERM_NONE /* no terminal */, TERM_UNFIT /* one that cannot be used */ };

enum term_answer term_open(const struct term_options *o);
void term_close(void); /* may be called at any time, any number of times */

void term_set_mouse(bool is_on);
void term_size(int *rows, int *columns);
bool term_is_ascii(void);    /* asked for, or all that the terminal can show */
bool term_has_chinese(void); /* it can show more than ASCII */
void term_draw(const struct canvas *c);
/* The next key, waiting at most so long (-1: for ever). PRESS_NEWS: there is none, but the
 * descriptor `other` (-1: there is none) can be read. False: neither came. */
bool term_read(int timeout_ms, int other, struct input *in);
usec term_now(void); /* of a clock that never jumps */
/* The signal that asked to end, 0: none. After term_close it is raised again. */
void term_raise_again(void);

#endif
