/* SPDX-License-Identifier: MIT */
#include "live/quit.h"

#include <string.h>

size_t quit_held(const struct quit *q, uint8_t octets[QUIT_HELD_MOST])
{
	octets[0] = 'q';
	octets[1] = '\r';
	return q->at == QUIT_Q ? 1 : q->at == QUIT_Q_CR ? 2 : 0;
}

/* What follows a `q` that stands alone so far. QUIT_FRESH: it was the word. */
static enum quit_at after_q(const uint8_t *octets, size_t n)
{
	if (n == 0)
		return QUIT_Q;
	if (octets[0] == '\n')
		return QUIT_FRESH;
	if (octets[0] != '\r')
		return QUIT_TEXT;
	if (n == 1)
		return QUIT_Q_CR;
	return octets[1] == '\n' ? QUIT_FRESH : QUIT_TEXT;
}

/* The fate of what was held; true: nothing more is to be looked at. */
static bool decide_held(struct quit *q, const uint8_t *octets, size_t n, struct quit_said *said)
{
	uint8_t held = q->at == QUIT_Q ? 1 : 2;

	if (n == 0)
		return true;
	if (held == 1)
		q->at = (uint8_t)after_q(octets, n);
	else
		q->at = octets[0] == '\n' ? QUIT_FRESH : QUIT_TEXT;
	if (q->at == QUIT_TEXT)
		said->held = held;
	said->is_over = q->at == QUIT_FRESH;
	return q->at != QUIT_TEXT;
}

struct quit_said quit_feed(struct quit *q, const uint8_t *octets, size_t n, bool is_all_echoed)
{
	struct quit_said said = {0};

	if ((q->at == QUIT_Q || q->at == QUIT_Q_CR) && decide_held(q, octets, n, &said))
		return said;
	/* Text of this very piece that was held has not been echoed yet. */
	if (q->at == QUIT_TEXT && is_all_echoed && said.held == 0)
		q->at = QUIT_FRESH;
	while (said.text < n) {
		const uint8_t *from = octets + said.text, *end;

		if (q->at == QUIT_FRESH && *from == 'q') {
			q->at = (uint8_t)after_q(from + 1, n - said.text - 1);
			said.is_over = q->at == QUIT_FRESH;
			if (q->at != QUIT_TEXT)
				return said;
		}
		end = memchr(from, '\n', n - said.text);
		q->at = end ? QUIT_FRESH : QUIT_TEXT;
		said.text = end ? (size_t)(end - octets) + 1 : n;
	}
	return said;
}

struct quit_said quit_pause(struct quit *q)
{
	struct quit_said said = {0};

	said.is_over = q->at == QUIT_Q;
	if (q->at == QUIT_Q_CR) {
		said.held = 2;
		q->at = QUIT_TEXT;
	}
	return said;
}
