/* SPDX-License-Identifier: MIT */
/* beside_why.c - why kernel and engine differ: each difference has its reason, by rule. */
#include <base/align.h>
#include "trace/beside_inside.h"

static const struct {
	const char *source, *text[2];
} reasons[BESIDE_REASONS] = {
	[BESIDE_SAME] = {"", {NULL, NULL}},
#define BESIDE(id, source, en, zh) [BESIDE_##id] = {source, {en, zh}},
#include <trace/beside.def>
#undef BESIDE
	[BESIDE_UNKNOWN] = {"", {"nobody has explained this yet", "还没有人解释过这个"}},
};

const char *beside_text(enum beside_reason r, enum lang lang)
{
	return reasons[r].text[lang == LANG_ZH];
}

const char *beside_source(enum beside_reason r)
{
	return reasons[r].source;
}

/* ---- only one has it ------------------------------------------------------------------------- */

/* The same person, on the same connection. */
static bool is_of_same(const struct sends *a, size_t i, const struct sends *b, size_t j)
{
	const struct record *x = send_at(a, i), *y = send_at(b, j);

	return send_host(a, i) == send_host(b, j) && x->from_port == y->from_port &&
	       x->to_port == y->to_port;
}

static bool is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* What the other one has of this sender. */
struct elsewhere {
	bool has_any, has_text, has_fin, has_ack;
};

/* Near its place in the other list: a connection's neighbours are near, unless there are many. */
enum { NEAR = 2048 };

static size_t place_in(const struct sends *l, size_t i, const struct sends *other)
{
	for (size_t at = i; at-- > 0;) {
		if (l->partner[at] != ALIGN_NONE)
			return l->partner[at];
	}
	(void)other;
	return 0;
}

static struct elsewhere look(const struct sends *l, size_t i, const struct sends *other)
{
	const struct seg *s = &send_at(l, i)->seg;
	uint32_t seq = send_seq(l, i), end = seq + s->len, ack = send_ack(l, i);
	size_t place = place_in(l, i, other);
	struct elsewhere found = {0};

	for (size_t j = place > NEAR ? place - NEAR : 0;
	     j < other->records.count && j < place + NEAR; j++) {
		const struct seg *o = &send_at(other, j)->seg;
		uint32_t of = send_seq(other, j);

		if (!is_of_same(l, i, other, j))
			continue;
		found.has_any = true;
		if (o->text.len > 0 && is_before(of, end) && is_before(seq, of + o->len))
			found.has_text = true;
		if ((o->ctl & FIN) && of + o->len == end)
			found.has_fin = true;
		if ((o->ctl & ACK) && !is_before(send_ack(other, j), ack))
			found.has_ack = true;
	}
	return found;
}

/* What this sender said before it. */
static size_t before(const struct sends *l, size_t i)
{
	for (size_t at = i; at-- > 0 && i - at < NEAR;) {
		if (is_of_same(l, at, l, i))
			return at;
	}
	return ALIGN_NONE;
}

static enum beside_reason reason_of_ack(const struct sends *l, size_t i,
					const struct elsewhere *other)
{
	const struct seg *s = &send_at(l, i)->seg, *o;
	size_t last = before(l, i);

	if (last != ALIGN_NONE) {
		o = &send_at(l, last)->seg;
		if (is_before(send_seq(l, i), send_seq(l, last) + o->len))
			return BESIDE_KEEPALIVE;
		if ((o->ctl & ACK) && send_ack(l, i) == send_ack(l, last))
			return s->wnd != o->wnd ? BESIDE_WINDOW_UPDATE : BESIDE_REPEATED_ACK;
	}
	return other->has_ack ? BESIDE_ACK_TIMING : BESIDE_UNKNOWN;
}

static enum beside_reason reason_by_kind(const struct sends *l, size_t i, const struct elsewhere *e)
{
	const struct seg *s = &send_at(l, i)->seg;

	if (!e->has_any)
		return BESIDE_UNSEEN_CALL;
	if (s->text.len > 0)
		return e->has_text ? BESIDE_SEGMENTATION : BESIDE_UNKNOWN;
	if (s->ctl & FIN)
		return e->has_fin ? BESIDE_FIN_RIDES : BESIDE_UNKNOWN;
	return s->ctl & SYN ? BESIDE_UNKNOWN : reason_of_ack(l, i, e);
}

enum beside_reason reason_of_one(const struct sends *l, size_t i, const struct sends *other)
{
	const struct record *r = send_at(l, i);
	struct elsewhere e = look(l, i, other);
	enum beside_reason reason;

	if (r->at - l->early >= other->end - other->early)
		return BESIDE_NOT_YET;
	if (r->seg.ctl & RST)
		return BESIDE_RESET;
	if (r->seg.rexmit > 0)
		return BESIDE_RECOVERY;
	reason = reason_by_kind(l, i, &e);
	/* Once something was lost, each goes on in its own way. */
	if (reason == BESIDE_UNKNOWN && r->at >= l->lossy)
		return BESIDE_RECOVERY;
	return reason;
}

/* ---- both have it ---------------------------------------------------------------------------- */

static enum beside_reason reason_of_options(const struct seg *a, const struct seg *b)
{
	if ((a->ctl | b->ctl) & SYN)
		return BESIDE_SYN_OPTIONS;
	return (a->opts ^ b->opts) & OPT_SACK ? BESIDE_SACK : BESIDE_TIMESTAMPS;
}

enum beside_reason reason_of_pair(const struct sends *a, size_t i, const struct sends *b, size_t j,
				  unsigned what)
{
	const struct seg *s = &send_at(a, i)->seg, *o = &send_at(b, j)->seg;

	if ((what & DIFFERS_FLAGS) && (s->ctl & RST))
		return BESIDE_RESET;
	if ((what & DIFFERS_FLAGS) && ((s->ctl ^ o->ctl) & FIN))
		return BESIDE_FIN_RIDES;
	if (what & DIFFERS_TEXT)
		return BESIDE_LENGTH;
	if (what & DIFFERS_FLAGS)
		return (s->ctl ^ o->ctl) == PSH ? BESIDE_PUSH : BESIDE_FLAGS;
	if (what & DIFFERS_ACK)
		return BESIDE_ACK_NUMBER;
	if (what & DIFFERS_REPEAT)
		return BESIDE_REPEATED;
	if (what & DIFFERS_OPTIONS)
		return reason_of_options(s, o);
	if (what & DIFFERS_WINDOW)
		return a->is_scaled != b->is_scaled ? BESIDE_WINDOW_SCALE : BESIDE_WINDOW;
	if (what & DIFFERS_URGENT)
		return BESIDE_URGENT;
	return what & DIFFERS_TIME ? BESIDE_TIME : BESIDE_SAME;
}
