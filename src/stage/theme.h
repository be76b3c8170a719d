/* SPDX-License-Identifier: MIT */
/*
 * theme.h - what a cell means, and how each theme shows it. Colour says who, never what; what is
 * a glyph and a word. The colours were searched, not guessed: at least 4.5 contrast, and apart for
 * protan, deutan and tritan eyes too.
 */
#ifndef STAGE_THEME_H
#define STAGE_THEME_H

#include <stdint.h>

enum role {
	ROLE_TEXT,     /* plain words */
	ROLE_FAINT,    /* what may be overlooked */
	ROLE_FRAME,    /* rules, lifelines */
	ROLE_HEAD,     /* headings */
	ROLE_PERSON_0, /* 张三, and all that comes from him */
	ROLE_PERSON_1, /* 李四 */
	ROLE_OTHERS,   /* the third and further people, and strangers */
	ROLE_LINE_0,   /* what is drawn, not written, of the first: lines, figures, bars */
	ROLE_LINE_1,
	ROLE_LOSS, /* lost, broken, failed */
	ROLE_KEY,  /* a key's name */
	ROLE_HERE, /* the cursor */
	ROLE_COUNT,
};

/* ATTR_STROKE is not to be seen: what stands there is part of a stroke that the canvas has kept. */
enum attr { ATTR_BOLD = 1, ATTR_UNDERLINE = 2, ATTR_REVERSE = 4, ATTR_DIM = 8, ATTR_STROKE = 16 };

enum theme { THEME_AUTO, THEME_DARK, THEME_LIGHT, THEME_MONO, THEME_EIGHT, THEME_COUNT };

struct style {
	int16_t colour; /* of the terminal's palette; -1: as the terminal writes */
	uint8_t attrs;  /* set of enum attr */
};

struct style theme_style(enum theme theme, enum role role);
const char *theme_name(enum theme theme); /* "dark" */
int theme_named(const char *name);        /* -1: no such */

#endif
