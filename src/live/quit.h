/* SPDX-License-Identifier: MIT */
/*
 * quit.h - the word that closes a connection of the echo server: `q`, when it comes alone. That is
 * all that arrived since the last line end (LF), or since everything before it had been echoed, and
 * LF, CRLF, FIN or QUIT_SILENCE follows. It is held back until it is decided, and not echoed when
 * it was the word.
 *
 * Pure: it gets octets in the pieces in which they arrived, and says which of them are text.
 */
#ifndef LIVE_QUIT_H
#define LIVE_QUIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/seq.h>

enum { QUIT_HELD_MOST = 2 };
#define QUIT_SILENCE (200 * USEC_PER_MS)

enum quit_at {
	QUIT_FRESH, /* nothing since the line end */
	QUIT_TEXT,
	QUIT_Q,    /* held: "q" */
	QUIT_Q_CR, /* held: "q\r", half a line end; by itself it is text */
};

/* Zeroed: the connection has just been opened. */
struct quit {
	uint8_t at; /* enum quit_at */
};

/* To be echoed: `held` octets that were held until now, then `text` octets of the piece. */
struct quit_said {
	uint8_t held;
	bool is_over; /* that was the word: what follows is nobody's */
	size_t text;
};

/* A piece arrived; had everything before it, but what is held, been echoed? */
struct quit_said quit_feed(struct quit *q, const uint8_t *octets, size_t n, bool is_all_echoed);
/* A FIN, or QUIT_SILENCE since the last piece. */
struct quit_said quit_pause(struct quit *q);
/* What is held. */
size_t quit_held(const struct quit *q, uint8_t octets[QUIT_HELD_MOST]);

#endif
