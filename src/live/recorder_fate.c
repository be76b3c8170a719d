/* SPDX-License-Identifier: MIT */
/*
 * recorder_fate.c - when a segment reached the other side, or that it never did. Whoever sends a
 * segment puts RCV.NXT into it (RFC 9293 3.10.7.4 and Linux alike), so the other side's next
 * segments tell what it had got when it sent them:
 *
 *	one that acknowledges it, by SEG.ACK or a SACK block: it had arrived before that was sent;
 *	one that does not, though it was the next in order: it had not yet;
 *	it was sent again before anyone acknowledged it, and no D-SACK (RFC 2883) says that both
 *	came: the first one was lost.
 *
 * What nothing speaks of arrives when it should: at once where it was captured at its receiver,
 * half of the handshake's round trip later where it was captured at its sender.
 */
#include "live/recorder_inside.h"

enum { BEYOND = 16 };

static bool is_in_sack(const struct seg *later, const struct seg *s, size_t first)
{
	for (size_t i = first; i < later->sacks && i < SEG_SACK_MAX; i++) {
		if (seq_le(later->sack[i].left, s->seq) && seq_ge(later->sack[i].right, seg_end(s)))
			return true;
	}
	return false;
}

/* Its first block lies below SEG.ACK, or inside the second: these came twice. */
static bool is_d_sack(const struct seg *later)
{
	if (later->sacks == 0)
		return false;
	if (seq_le(later->sack[0].right, later->ack))
		return true;
	return later->sacks > 1 && seq_le(later->sack[1].left, later->sack[0].left) &&
	       seq_ge(later->sack[1].right, later->sack[0].right);
}

static bool acknowledges(const struct seg *later, const struct seg *s)
{
	if (!(later->ctl & ACK))
		return false;
	return seq_ge(later->ack, seg_end(s)) || is_in_sack(later, s, is_d_sack(later) ? 1 : 0);
}

static bool overlaps(const struct seg *a, const struct seg *b)
{
	return seq_lt(a->seq, seg_end(b)) && seq_lt(b->seq, seg_end(a));
}

/* A keep-alive or a probe of one octet is not what it repeats; nor is the SYN,ACK of one whose SYN
 * has crossed another's. */
static bool repeats(const struct seg *later, const struct seg *s)
{
	if ((s->ctl & SYN) && (later->ctl & (SYN | ACK)) != (s->ctl & (SYN | ACK)))
		return false;
	return later->len > 0 && overlaps(later, s) &&
	       !(later->text.len == 1 && s->text.len > 1 && later->len == 1);
}

/* A reset answers a SYN too: with its ACK, or from the number that the ACK names. */
static bool is_reset_of(const struct seg *later, const struct seg *s)
{
	if (!(later->ctl & RST))
		return false;
	return !(later->ctl & ACK) || seq_ge(later->ack, seg_end(s));
}

static bool overlaps_block(const struct seg *later, const struct seg *s)
{
	return seq_lt(later->sack[0].left, seg_end(s)) && seq_lt(s->seq, later->sack[0].right);
}

struct search {
	const struct item *before; /* an answer that had seen it */
	const struct item *behind; /* the last one that had not */
	const struct item *again;  /* it was sent once more, unanswered */
	bool is_twice;             /* a D-SACK: both came */
};

static void search(const struct item *frame, bool is_next, struct search *out)
{
	const struct item *i = frame->next;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		/* A D-SACK comes behind the answer to the first one. */
		if (out->before && (!out->again || out->is_twice || n > BEYOND))
			return;
		if (i->side == frame->side) {
			if (!out->again && repeats(&i->seg, &frame->seg))
				out->again = i;
			continue;
		}
		if (out->before)
			;
		else if (acknowledges(&i->seg, &frame->seg) || is_reset_of(&i->seg, &frame->seg))
			out->before = i;
		else if (is_next && !out->again && !(i->seg.ctl & RST))
			out->behind = i;
		if (out->again && is_d_sack(&i->seg) && overlaps_block(&i->seg, &frame->seg))
			out->is_twice = true;
	}
}

/* Nobody listens there: the first that comes back is a reset. */
bool is_refused(const struct pair *f, uint8_t called)
{
	const struct item *i = f->first;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side == called)
			return i->seg.ctl & RST;
	}
	return false;
}

/* Captured at its receiver: it is there. */
static bool is_there(const struct recorder *r, const struct pair *f, const struct item *frame)
{
	switch (r->o.vantage) {
	case VANTAGE_CALLER: return frame->side == CALLED;
	case VANTAGE_CALLED: return frame->side == CALLER;
	case VANTAGE_BETWEEN: return f->far[!frame->side] == 0 && f->far[frame->side] > 0;
	case VANTAGE_LOOPBACK: break;
	}
	return false;
}

/* One bit is wrong, and it was not at its sender, where the hardware is still to make the sum. */
static bool is_garbled(const struct recorder *r, const struct pair *f, const struct item *frame)
{
	return frame->sum == SUM_WRONG && (is_there(r, f, frame) || f->far[frame->side] > 0);
}

/* Its place behind or before another one: they have numbers four apart. */
static void place(const struct search *s, usec *at, uint64_t *order)
{
	if (s->behind &&
	    (s->behind->at > *at || (s->behind->at == *at && s->behind->order > *order))) {
		*at = s->behind->at;
		*order = s->behind->order + 1;
	}
	if (s->before &&
	    (s->before->at < *at || (s->before->at == *at && s->before->order < *order))) {
		*at = s->before->at;
		*order = s->before->order - 1;
	}
}

/* An acknowledgment alone: the other side repeats what it would have known to be there. */
static bool is_unheard(const struct item *frame, usec arrives)
{
	const struct item *i = frame->next;

	if (!(frame->seg.ctl & ACK) || (frame->seg.ctl & RST))
		return false;
	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side != frame->side && i->seg.len > 0 && i->seg.text.len != 1)
			return i->at > arrives && seq_lt(i->seg.seq, frame->seg.ack) &&
			       seq_le(seg_end(&i->seg), frame->seg.ack);
	}
	return false;
}

/* In order as far as is known, with those that are still on their way. */
static bool is_next(struct side *to, const struct seg *s)
{
	if (!to->has_planned)
		return true;
	return seq_le(s->seq, to->planned);
}

static void plan(struct side *to, const struct seg *s)
{
	if (!to->has_planned || (seq_le(s->seq, to->planned) && seq_gt(seg_end(s), to->planned))) {
		to->has_planned = true;
		to->planned = seg_end(s);
	}
}

/* A listener whose queues are full is deaf to SYNs, and its machine saw this one come. */
static bool is_turned_away(const struct recorder *r, const struct pair *f, const struct item *frame)
{
	return (frame->seg.ctl & (SYN | ACK)) == SYN && !f->side[!frame->side].is_known &&
	       (is_there(r, f, frame) || r->o.vantage == VANTAGE_LOOPBACK);
}

/* Who was called says nothing before its SYN is acknowledged: when it does, this has come. */
static const struct item *answer_to_opening(const struct pair *f, const struct item *frame)
{
	const struct item *i = frame->next;

	if (frame->side != CALLER || f->side[CALLED].tcb.state != SYN_RECEIVED)
		return NULL;
	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side == CALLED && i->seg.len > 0 && !(i->seg.ctl & SYN))
			return i;
	}
	return NULL;
}

enum fate fate_of(struct recorder *r, struct pair *f, struct item *frame, usec *at, uint64_t *order)
{
	struct side *to = &f->side[!frame->side];
	struct search s = {0};

	*at = frame->seen + f->far[!frame->side];
	*at = *at < frame->at ? frame->at : *at;
	*order = frame->order + 1;
	if (frame->seg.len == 0) {
		if (is_garbled(r, f, frame))
			return FATE_GARBLED;
		s.before = answer_to_opening(f, frame);
		place(&s, at, order);
		return !is_there(r, f, frame) && is_unheard(frame, *at) ? FATE_LOST : FATE_ARRIVES;
	}
	search(frame, is_next(to, &frame->seg), &s);
	if (s.again && is_turned_away(r, f, frame))
		return FATE_TURNED_AWAY;
	if (s.again && !s.is_twice && !is_there(r, f, frame))
		return is_garbled(r, f, frame) ? FATE_GARBLED : FATE_LOST;
	if (!s.before && is_garbled(r, f, frame))
		return FATE_GARBLED;
	if (!s.before && (frame->seg.ctl & (SYN | ACK)) == SYN && !is_there(r, f, frame))
		return FATE_OPEN;
	place(&s, at, order);
	plan(to, &frame->seg);
	return FATE_ARRIVES;
}
