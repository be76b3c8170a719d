/* SPDX-License-Identifier: MIT */
/*
 * sequence.h - what a terminal sends after ESC that is no key of its description: the mouse, and
 * keys that nobody told us about. Those mean nothing; they are no Escape, no bracket and no letter.
 */
#ifndef STAGE_SEQUENCE_H
#define STAGE_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include "stage/keys.h"

enum { SEQUENCE_MAX = 32 };

/* Is this all of it? What stands behind ESC, from '[' or 'O' on. */
bool sequence_is_whole(const char *octets, size_t n);
/* "[<0;14;24M" is a click, in SGR's words; "[M !!" is one in X10's. Others are PRESS_NONE. */
struct input sequence_input(const char *octets, size_t n);

#endif
