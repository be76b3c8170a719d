/* SPDX-License-Identifier: MIT */
/* sound.h - what holds for every picture, whatever is on it. */
#ifndef SCREENS_SOUND_H
#define SCREENS_SOUND_H

#include <stage/keys.h>

/* NULL: each cell holds one character, valid UTF-8 and harmless, of the width it claims, and what
 * is wide has its right half beside it. Else what is wrong. */
const char *canvas_fault(const struct canvas *c);
/* NULL: one can click on each of them, and each means something. */
const char *hits_fault(const struct hits *h, const struct canvas *c);

#endif
