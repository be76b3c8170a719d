/* SPDX-License-Identifier: MIT */
/* keys.h - what a reader can do to the stage, and which keys do it (key.def). */
#ifndef STAGE_KEYS_H
#define STAGE_KEYS_H

#include <stdint.h>
#include "stage/canvas.h"
#include "stage/lang.h"

/* A key is a code point, or one of these beyond all code points. */
enum key {
	KEY_NONE = 0,
	KEY_ENTER = 0x110000,
	KEY_ESCAPE,
	KEY_BACKSPACE,
	KEY_TAB,
	KEY_UP,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_F1,
	KEY_WHEEL_UP,
	KEY_WHEEL_DOWN,
	KEY_CLICK, /* at (row, column) */
	KEY_RESIZED,
	KEY_LEAVE, /* a signal asks to end */
	KEY_BEYOND,
};

struct input {
	uint32_t key; /* code point or enum key */
	int row, column; /* KEY_CLICK */
};

enum action {
	ACTION_NONE,
#define KEY(action, ...) ACTION_##action,
#include "stage/key.def"
#undef KEY
	ACTION_GOTO_STOP, /* a click on the timeline: arg is the stop */
	ACTION_LOOK_AT,   /* a click on the ladder: arg is the row */
	ACTION_COUNT,
};

enum action key_action(uint32_t key);
const char *action_keys(enum action a);        /* "SPC" */
enum string action_word(enum action a);        /* of the footer */
enum string action_sentence(enum action a);    /* of the help */
int action_rank(enum action a);                /* in the footer; 0: not there */

/* Where on the canvas a click means what. Collected while a view draws. */
struct hit {
	struct area area;
	enum action action;
	uint32_t arg;
};

enum { HITS_MAX = 256 };

struct hits {
	struct hit at[HITS_MAX];
	int count;
};

void hits_add(struct hits *h, struct area area, enum action action, uint32_t arg);
const struct hit *hits_find(const struct hits *h, int row, int column); /* NULL: nothing there */

/* The footer in one row; what does not fit is left out, the last in rank first. */
void keys_footer(struct canvas *c, struct area a, enum lang lang, struct hits *hits);
/* The table for the manual: troff rows `.TP`, or Markdown's. */
void keys_manual(struct sink *out, enum lang lang);
void keys_markdown(struct sink *out, enum lang lang);

#endif
