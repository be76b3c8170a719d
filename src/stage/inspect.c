/* SPDX-License-Identifier: MIT */
#include "stage/inspect.h"

#include <base/assert.h>
#include "stage/player.h"

void inspector_init(struct inspector *i)
{
	*i = (struct inspector){.header = HEADER_TCP};
	/* What is of the link and of the way waits until it is asked for. */
	i->is_folded[HEADER_ETHERNET] = true;
	i->is_folded[HEADER_IPV4] = true;
	i->is_folded[HEADER_IPV6] = true;
}

/* ---- which segment --------------------------------------------------------------------------- */

static const struct voyage *voyage_of_record(const struct story *s, const struct record *r)
{
	const struct voyage *v;

	if (r->kind == REC_SEND || (r->kind == REC_WIND && r->detail == DEED_DUPLICATE))
		return story_voyage(s, r->serial);
	if (r->kind != REC_ARRIVE && r->kind != REC_DISCARD)
		return NULL;
	v = story_voyage(s, r->of);
	return v ? v : story_voyage(s, r->serial);
}

/* A row without a segment of its own may belong to one: a state to the SYN that brought it. */
static const struct voyage *voyage_of_beat(const struct inspection *i, const struct player *p,
					   const struct beat *b, uint64_t *record)
{
	for (*record = b->first; *record < b->end && *record < p->cursor; (*record)++) {
		const struct record *r = trace_at(i->story->trace, *record);
		const struct voyage *v = voyage_of_record(i->story, r);

		if (v)
			return v;
	}
	return NULL;
}

static void find_segment(struct inspection *i, const struct player *p)
{
	const struct story *s = p->story;
	const struct row *row = s->rows.count > 0 ? &s->rows.at[player_row(p)] : NULL;
	uint64_t record = 0;

	if (!row || p->cursor == 0)
		return;
	if (row->kind == ROW_LEAVE || row->kind == ROW_REACH || row->kind == ROW_LOST) {
		i->voyage = &s->voyages.at[row->voyage];
		record = row->kind == ROW_REACH ? i->voyage->end : i->voyage->send;
	} else if (s->beats.count > 0) {
		i->voyage = voyage_of_beat(i, p, &s->beats.at[row->beat], &record);
	}
	if (i->voyage)
		i->record = trace_at(s->trace, record);
}

/* ---- the tree -------------------------------------------------------------------------------- */

static void show_nodes(struct inspection *i, const struct inspector *how)
{
	for (uint16_t n = 0; n < i->tree.count;) {
		const struct header_node *node = &i->tree.node[n];

		i->shown[i->count++] = n;
		n = how->is_folded[node->header] ? node->end : (uint16_t)(n + 1);
	}
}

static int nth_of(const struct inspection *i, uint16_t node)
{
	int nth = 0;

	for (uint16_t n = 0; n < node; n++)
		nth += i->tree.node[n].header == i->tree.node[node].header;
	return nth;
}

/* The field of the same name; in a segment without it the last one before it in header.def. */
static void find_cursor(struct inspection *i, const struct inspector *how)
{
	for (int s = 0; s < i->count; s++) {
		uint16_t node = i->shown[s];
		uint8_t header = i->tree.node[node].header;

		if (header == how->header && nth_of(i, node) == how->nth) {
			i->at = s;
			return;
		}
		if (header <= how->header)
			i->at = s;
	}
}

struct inspection *inspection_new(const struct player *p)
{
	struct inspection *i = xcalloc(1, sizeof *i);

	i->story = p->story;
	find_segment(i, p);
	if (!i->voyage)
		return i;
	trace_frame(p->story->trace, i->record, i->voyage->datagram, &i->frame);
	header_read(i->frame.octets, i->frame.size, &i->tree);
	show_nodes(i, &p->inspector);
	find_cursor(i, &p->inspector);
	return i;
}

void inspection_free(struct inspection *i)
{
	free(i);
}

const struct header_node *inspection_node(const struct inspection *i)
{
	ASSERT(i->count > 0);
	return &i->tree.node[i->shown[i->at]];
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void go_to(struct player *p, const struct inspection *i, uint16_t node)
{
	p->inspector.header = i->tree.node[node].header;
	p->inspector.nth = (uint8_t)nth_of(i, node);
	p->scroll = 0;
}

/* Behind the last field one sees more of its octets. */
static void move(struct player *p, const struct inspection *i, int by)
{
	int to = i->at + by;

	if (by < 0 && p->scroll > 0) {
		p->scroll = p->scroll + by > 0 ? p->scroll + by : 0;
		return;
	}
	if (by > 0 && i->at + 1 == i->count) {
		p->scroll += by;
		if (p->scroll > p->panels.overlay_most)
			p->scroll = p->panels.overlay_most;
		return;
	}
	if (to >= i->count)
		to = i->count - 1;
	go_to(p, i, i->shown[to < 0 ? 0 : to]);
}

static uint16_t parent_of(const struct inspection *i, uint16_t node)
{
	uint16_t n = node;

	while (n > 0 && i->tree.node[n].depth >= i->tree.node[node].depth)
		n--;
	return i->tree.node[node].depth == 0 ? node : n;
}

static bool is_leaf(const struct inspection *i, uint16_t node)
{
	return i->tree.node[node].end == node + 1;
}

static void fold(struct player *p, const struct inspection *i)
{
	uint16_t node = i->shown[i->at];
	uint8_t header = i->tree.node[node].header;

	if (is_leaf(i, node) || p->inspector.is_folded[header])
		node = parent_of(i, node);
	else
		p->inspector.is_folded[header] = true;
	go_to(p, i, node);
}

static void unfold(struct player *p, const struct inspection *i)
{
	uint16_t node = i->shown[i->at];
	uint8_t header = i->tree.node[node].header;

	if (!is_leaf(i, node) && p->inspector.is_folded[header])
		p->inspector.is_folded[header] = false;
	else
		move(p, i, 1);
}

/* On a field: its layer or group is folded. */
static void turn(struct player *p, const struct inspection *i)
{
	uint16_t node = i->shown[i->at];
	bool *is_folded;

	if (is_leaf(i, node))
		node = parent_of(i, node);
	is_folded = &p->inspector.is_folded[i->tree.node[node].header];
	*is_folded = !*is_folded;
	go_to(p, i, node);
}

bool inspector_key(struct player *p, uint32_t key)
{
	enum action a = key_action(key);
	struct inspection *i;
	bool is_ours = true;

	if (key == ',' || key == '.')
		return false;
	i = inspection_new(p);
	if (i->count == 0)
		is_ours = false;
	else if (a == ACTION_DOWN || a == ACTION_UP)
		move(p, i, a == ACTION_DOWN ? 1 : -1);
	else if (a == ACTION_PAGE_DOWN || a == ACTION_PAGE_UP)
		move(p, i, a == ACTION_PAGE_DOWN ? 10 : -10);
	else if (key == PRESS_HOME || key == PRESS_END)
		go_to(p, i, i->shown[key == PRESS_HOME ? 0 : i->count - 1]);
	else if (a == ACTION_BACK)
		fold(p, i);
	else if (a == ACTION_NEXT)
		unfold(p, i);
	else if (key == PRESS_ENTER)
		turn(p, i);
	else
		is_ours = false;
	inspection_free(i);
	return is_ours;
}

void inspector_point(struct player *p, uint32_t shown)
{
	struct inspection *i = inspection_new(p);

	if (shown < (uint32_t)i->count) {
		if ((int)shown == i->at && !is_leaf(i, i->shown[shown]))
			turn(p, i);
		else
			go_to(p, i, i->shown[shown]);
	}
	inspection_free(i);
}
