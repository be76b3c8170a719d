/* SPDX-License-Identifier: MIT */
/*
 * recorder_gap.c - numbers that were skipped: a segment begins behind SND.NXT, or one is
 * acknowledged that nobody saw leave. Either it was captured later than it was sent (frames that
 * overtook each other before the capture, or in the capturing machine), or it never was.
 */
#include "live/recorder_inside.h"

enum {
	OVERTAKEN_US = 3000, /* later than this it was sent again: Wireshark's measure */
	GAP_MAX = 1 << 24,
};

static bool covers(const struct seg *s, seq32 at)
{
	return s->len > 0 && seq_le(s->seq, at) && seq_gt(seg_end(s), at);
}

/* Of those that wait. */
static struct item *later_one(const struct pair *f, uint8_t side, seq32 at)
{
	struct item *i = f->first;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side == side && !i->is_told && !i->is_early && covers(&i->seg, at))
			return i;
	}
	return NULL;
}

/* A segment carries the time of its sending (RFC 7323), and IP numbers its datagrams. What has
 * neither was overtaken if it came soon enough. */
static bool was_overtaken(const struct item *late, const struct item *now)
{
	bool is_soon = late->seen - now->seen <= OVERTAKEN_US;
	bool has_times = late->seg.opts & now->seg.opts & OPT_TIMESTAMPS;
	int32_t later = (int32_t)(late->seg.tsval - now->seg.tsval);

	if (late->side != now->side)
		return is_soon;
	if (has_times && later != 0)
		return later < 0;
	if ((has_times || is_soon) && late->ip_id != 0 && now->ip_id != 0)
		return (int16_t)(uint16_t)(late->ip_id - now->ip_id) < 0;
	return has_times || is_soon;
}

static bool is_acknowledged(const struct pair *f, uint8_t side, seq32 end, const struct item *until)
{
	const struct item *i = f->first;

	for (uint32_t n = 0; i && i != until && n < AHEAD; i = i->next, n++) {
		if (i->side != side && (i->seg.ctl & ACK) && seq_ge(i->seg.ack, end))
			return true;
	}
	return false;
}

/* A segment nobody saw, as far as another one of its sender shows it. */
static void tell_unseen(struct recorder *r, struct pair *f, uint8_t side, seq32 to,
			const struct item *shown_by, bool is_lost)
{
	struct side *s = &f->side[side];
	struct item *unseen = item_new(r, ITEM_FRAME, shown_by->at);

	unseen->pair = f;
	unseen->side = side;
	unseen->seen = shown_by->seen;
	unseen->order = shown_by->order;
	unseen->is_unseen = true;
	unseen->is_lost = is_lost;
	unseen->seg.ctl = ACK;
	unseen->seg.seq = s->tcb.snd.nxt;
	unseen->seg.ack = s->tcb.rcv.nxt;
	unseen->seg.wnd = shown_by->side == side ? shown_by->seg.wnd : 0;
	unseen->seg.len = unseen->seg.text.len = seq_span(s->tcb.snd.nxt, to);
	frame_leaves(r, unseen);
	item_free(r, unseen);
}

/* Where the unseen ends: at `to`, or where one begins in between that was only overtaken. */
static seq32 unseen_until(const struct pair *f, uint8_t side, seq32 from, seq32 to,
			  const struct item *shown_by)
{
	const struct item *i = f->first;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side == side && !i->is_told && !i->is_early && i->seg.len > 0 &&
		    seq_gt(i->seg.seq, from) && seq_lt(i->seg.seq, to) &&
		    was_overtaken(i, shown_by))
			to = i->seg.seq;
	}
	return to;
}

/* What `side` must have sent before `shown_by` could be. */
void gap_fill(struct recorder *r, struct pair *f, uint8_t side, seq32 to,
	      const struct item *shown_by)
{
	const struct tcb *t = &f->side[side].tcb;

	for (uint32_t n = 0; n < AHEAD && seq_lt(t->snd.nxt, to); n++) {
		seq32 from = t->snd.nxt;
		struct item *late = later_one(f, side, from);

		if (seq_span(from, to) > GAP_MAX)
			return;
		if (!late || !was_overtaken(late, shown_by)) {
			tell_unseen(r, f, side, unseen_until(f, side, from, to, shown_by), shown_by,
				    late && shown_by->side == side &&
					    !is_acknowledged(f, side, seg_end(&late->seg), late));
			continue;
		}
		late->at = late->at < shown_by->at ? late->at : shown_by->at;
		late->is_overtaken = late->side == shown_by->side;
		late->is_early = true;
		frame_leaves(r, late);
		late->is_told = true;
		if (seq_eq(t->snd.nxt, from))
			return;
	}
}
