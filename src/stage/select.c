/* SPDX-License-Identifier: MIT */
/* select.c - which of the words in flight is meant. */
#include "stage/player.h"

static int64_t voyage_of_row(const struct player *p, uint32_t row)
{
	const struct story *s = p->story;

	if (row >= s->rows.count ||
	    (s->rows.at[row].kind != ROW_LEAVE && s->rows.at[row].kind != ROW_REACH &&
	     s->rows.at[row].kind != ROW_LOST))
		return -1;
	return s->rows.at[row].voyage;
}

/* The first that may still be in flight, told from the row where the clock stands. */
static size_t first_open(const struct player *p)
{
	const struct story *s = p->story;

	return s->rows.count > 0 ? s->rows.at[s->stops.at[player_stop(p)].row].first_open : 0;
}

/* The nearest in flight from voyage `i` on (by +1 or -1), without it; -1: none. */
static int64_t neighbour(const struct player *p, int64_t i, int by)
{
	const struct story *s = p->story;
	int64_t first = (int64_t)first_open(p), end = (int64_t)story_begun(s, p->cursor);

	for (i += by; i >= first && i < end; i += by) {
		if (voyage_is_in_flight(&s->voyages.at[i], p->cursor))
			return i;
	}
	return -1;
}

int64_t player_selected(const struct player *p)
{
	const struct story *s = p->story;
	int64_t i = p->is_looking ? voyage_of_row(p, p->look) : -1;

	if (i >= 0 && voyage_is_in_flight(&s->voyages.at[i], p->cursor))
		return i;
	return neighbour(p, (int64_t)story_begun(s, p->cursor), -1);
}

bool player_select(struct player *p, bool is_back)
{
	const struct story *s = p->story;
	int64_t i = player_selected(p), next;

	if (i < 0)
		return false;
	next = neighbour(p, i, is_back ? -1 : 1);
	if (next < 0 && is_back)
		next = neighbour(p, (int64_t)story_begun(s, p->cursor), -1);
	else if (next < 0)
		next = neighbour(p, (int64_t)first_open(p) - 1, 1);
	p->is_looking = true;
	p->look = s->voyages.at[next >= 0 ? next : i].leave_row;
	return true;
}
