/* SPDX-License-Identifier: MIT */
/* canvas_ansi.h - a canvas as what a terminal must be sent to show it (ECMA-48). */
#ifndef STAGE_CANVAS_ANSI_H
#define STAGE_CANVAS_ANSI_H

#include "stage/canvas.h"

/* Changes a terminal of the same size that shows `was` into one that shows `c`; NULL: it shows
 * whatever it may. Nothing when the two are the same. */
void canvas_ansi(struct sink *out, const struct canvas *was, const struct canvas *c,
		 enum theme theme);

#endif
