/* SPDX-License-Identifier: MIT */
/*
 * probe.h - what this terminal can show, before it is opened: its locale is looked at, and it is
 * asked how wide it draws a character whose width Unicode leaves open.
 */
#ifndef STAGE_PROBE_H
#define STAGE_PROBE_H

#include <stdbool.h>
#include <stddef.h>

enum { TYPED_OCTETS = 256 };

struct probe {
	bool is_ascii; /* glyphs */
	bool is_bare;  /* nothing but ASCII may be sent at all */
	/* What came while the terminal thought about it was typed: it is to be heard later. */
	char typed[TYPED_OCTETS];
	size_t typed_count;
};

void probe_terminal(struct probe *p);

/* The column in "ESC [ row ; column R", which is taken out of the octets; 0: there is none. The
 * octets are NUL-terminated. */
int probe_take_answer(char *octets, size_t *n);

#endif
