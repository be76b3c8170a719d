/* SPDX-License-Identifier: MIT */
/* keys.h - what a reader can do to the stage, and which keys do it (key.def). */
#ifndef STAGE_KEYS_H
#define STAGE_KEYS_H

#include <stdint.h>
#include "stage/canvas.h"
#include "stage/lang.h"
#include "stage/panel.h"

/* A key is a code point, or one of these beyond all code points. */
enum press {
	PRESS_NONE = 0,
	PRESS_ENTER = 0x110000,
	PRESS_ESCAPE,
	PRESS_BACKSPACE,
	PRESS_TAB,
	PRESS_BACK_TAB,
	PRESS_DELETE,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_HOME,
	PRESS_END,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_F1,
	PRESS_WHEEL_UP,
	PRESS_WHEEL_DOWN,
	PRESS_CLICK, /* at (row, column) */
	PRESS_DRAG,  /* the mouse has moved there with the button held */
	PRESS_DROP,  /* and there the button is let go */
	PRESS_RESIZED,
	PRESS_NEWS,  /* no key: what is watched has something to tell */
	PRESS_LEAVE, /* a signal asks to end */
	PRESS_BEYOND,
};

struct input {
	uint32_t key;    /* code point (below ' ': with the control key) or enum press */
	int row, column; /* of the mouse */
};

enum action {
	ACTION_NONE,
#define KEY(action, ...) ACTION_##action,
#include "stage/key.def"
#undef KEY
	ACTION_GOTO_STOP,    /* a click on the timeline: arg is the stop */
	ACTION_LOOK_AT,      /* a click on the ladder: arg is the row */
	ACTION_FOCUS_ON,     /* a click on a panel: arg is which */
	ACTION_FIELD,        /* a click on a field of the TCB: arg is its row in the panel */
	ACTION_HEADER_FIELD, /* a click in the header inspector: arg is which of the fields shown */
	ACTION_INSIDE,       /* a click within what lies over the picture: it stays, nothing else */
	ACTION_PICK,         /* a click on a line of a list that lies over the picture */
	ACTION_ANSWER,       /* a click on a question: arg is a choice, or enum predict_click */
	ACTION_COUNT,
};

enum action key_action(uint32_t key);
const char *action_keys(enum action a);     /* "SPC" */
enum string action_word(enum action a);     /* of the footer */
enum string action_sentence(enum action a); /* of the help */
/* All keys that do it: ".", "l", "Right". */
void keys_put(struct sink *out, enum action a, const char *between);
int action_rank(enum action a); /* in the footer; 0: not there */

/* Where on the canvas a click means what. Collected while a view draws. */
struct hit {
	struct area area;
	enum action action;
	uint32_t arg;
};

enum { HITS_MAX = 512 };

struct hits {
	struct hit at[HITS_MAX];
	int count;
	int below;            /* those before this one lie under an overlay */
	struct panels panels; /* of the same picture */
};

void hits_add(struct hits *h, struct area area, enum action action, uint32_t arg);
const struct hit *hits_find(const struct hits *h, int row, int column); /* NULL: nothing there */

/* Some keys are only there where they mean something, in the footer: a set. */
enum {
	KEYS_LIVE = 1 /* a live recording */,
	KEYS_SAY = 2 /* in which one may say something */,
	KEYS_TWIN = 4 /* beside the engine's */
};

/* The footer in one row; what does not fit is left out, the last in rank first. */
void keys_footer(struct canvas *c, struct area a, enum lang lang, unsigned set, struct hits *hits);
/* The table for the manual: troff rows `.TP`, or Markdown's. */
void keys_manual(struct sink *out, enum lang lang);
void keys_markdown(struct sink *out, enum lang lang);
void keys_markdown_head(struct sink *out, enum lang lang); /* of such a table */

#endif
