/* SPDX-License-Identifier: MIT */
/*
 * match.c - packets that the script expects: `>`. They are compared in the order in which they
 * leave. Segments sent back to back count as one larger one, as a machine hands them to its card,
 * unless the script forbids it.
 */
#include <drill/run.h>

static const usec PATIENCE = 3600 * (usec)1000000; /* for a packet at any time */

/* ---- waiting --------------------------------------------------------------------------------- */

/* The oldest packet that has left, or that leaves until then. */
static bool next_left(struct run *run, usec limit, struct left *out)
{
	while (run->left.count == 0)
		if (!run_step(run, limit))
			break;
	if (run->left.count == 0)
		return false;
	*out = run->left.at[0];
	return true;
}

/* What was expected is told where it left. */
static void take_left(struct run *run)
{
	uint64_t sent = trace_at(run->trace, run->left.at[0].heard.record)->of;

	trace_set_place(run->trace, sent, run_place_of(run));
	run->left.count--;
	memmove(run->left.at, run->left.at + 1, run->left.count * sizeof *run->left.at);
}

enum { FREE_FLAGS = FIN | PSH | CWR };

/* May `next` stand behind `all`, whose first piece has this length? */
static bool joins(const struct left *all, uint32_t piece, const struct left *next)
{
	const struct seg *a = &all->heard.seg, *b = &next->heard.seg;

	return b->seq.v == a->seq.v + a->len && a->ack.v == b->ack.v && b->text.len > 0 &&
	       (a->ctl & ~FREE_FLAGS) == (b->ctl & ~FREE_FLAGS) && !(a->ctl & FIN) &&
	       b->text.len <= piece && a->text.len % piece == 0;
}

/* SEQ and CWR are the first piece's, everything else the last one's. */
static void join(struct left *all, const struct left *next)
{
	struct seg first = all->heard.seg;
	struct seg *s = &all->heard.seg;

	*all = *next;
	s->seq = first.seq;
	s->ctl = (uint16_t)((s->ctl & ~CWR) | (first.ctl & CWR));
	s->text = first.text;
	s->text.len += next->heard.seg.text.len;
	s->len = first.len + next->heard.seg.len;
}

static bool gather(struct run *run, const struct drill_packet *p, usec limit, struct left *all)
{
	struct left next;
	uint32_t piece;

	if (!next_left(run, limit, all))
		return false;
	take_left(run);
	piece = all->heard.seg.text.len;
	if (run->script->options.has_strict || piece == 0)
		return true;
	while (all->heard.seg.text.len < p->len && next_left(run, limit, &next) &&
	       joins(all, piece, &next)) {
		take_left(run);
		join(all, &next);
	}
	return true;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static void learn_isn(struct run *run, const struct drill_packet *p, const struct seg *s)
{
	struct talk *t = &run->talk;

	if (t->has_isn || !(s->ctl & SYN) || !(p->ctl & SYN) || p->seq.is_unchecked ||
	    p->seq.is_unmapped)
		return;
	t->has_isn = true;
	t->isn_shift = s->seq.v - p->seq.value;
}

static const char *differs_in_header(const struct run *run, const struct drill_packet *p,
				     const struct left *l)
{
	const struct seg *s = &l->heard.seg;
	uint32_t shift = p->seq.is_unmapped || !run->talk.has_isn ? 0 : run->talk.isn_shift;

	if (p->ctl != (s->ctl & ~AE))
		return "control bits";
	if (p->len != s->text.len)
		return "length";
	if (!p->seq.is_unchecked && s->seq.v != p->seq.value + shift)
		return "sequence number";
	if (p->ack.is_given && !p->ack.is_unchecked ? s->ack.v != p->ack.value
						    : !p->ack.is_given && s->ack.v != 0)
		return "acknowledgment number";
	if (p->win.is_given && !p->win.is_unchecked && s->wnd != p->win.value)
		return "window";
	if (p->urg.is_given ? s->up != p->urg.value : s->up != 0)
		return "urgent pointer";
	return NULL;
}

static const char *differs_in_ip(const struct drill_packet *p, const struct left *l)
{
	uint8_t ecn = l->heard.tos & 3;

	if (p->ip.ttl.is_given && p->ip.ttl.value != l->heard.ttl)
		return "time to live";
	if (p->ip.tos.is_given && p->ip.tos.value != l->heard.tos)
		return "type of service";
	switch ((enum drill_ecn)p->ip.ecn) {
	case DRILL_ECN_UNSAID: return NULL;
	case DRILL_ECN_NONE: return ecn == ECN_NOT_ECT ? NULL : "ECN field";
	case DRILL_ECN_ECT1: return ecn == ECN_ECT_1 ? NULL : "ECN field";
	case DRILL_ECN_ECT0: return ecn == ECN_ECT_0 ? NULL : "ECN field";
	case DRILL_ECN_ECT01: return ecn == ECN_ECT_0 || ecn == ECN_ECT_1 ? NULL : "ECN field";
	case DRILL_ECN_CE: return ecn == ECN_CE ? NULL : "ECN field";
	}
	UNREACHABLE();
}

/* ---- options --------------------------------------------------------------------------------- */

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The first value fixes how far the clocks are apart; later ones are compared where the script
 * gives the clock's tick. */
static bool ts_fits(struct run *run, const struct drill_option *o, uint32_t wire, usec at)
{
	struct talk *t = &run->talk;
	usec tick = run->script->options.ts_tick;
	int32_t off;

	if (o->value.is_unchecked)
		return true;
	if (!t->has_ts) {
		t->has_ts = true;
		t->ts_shift = wire - o->value.value;
	}
	*array_push(&t->ts) = (struct ts_pair){o->value.value, wire};
	off = (int32_t)(wire - t->ts_shift - o->value.value);
	return tick == 0 || (off < 0 ? -(usec)off : off) * tick <= run_slack(run, at, run->since);
}

static bool sack_fits(const struct drill_option *o, const struct wire_option *w)
{
	if (w->size != 2 + 8 * o->blocks)
		return false;
	for (int i = 0; i < o->blocks; i++)
		if (get32(w->at + 2 + 8 * i) != o->block[i].left.v ||
		    get32(w->at + 6 + 8 * i) != o->block[i].right.v)
			return false;
	return true;
}

static bool number_fits(const struct drill_number *n, uint32_t value)
{
	return n->is_unchecked || n->value == value;
}

static bool option_fits(struct run *run, const struct drill_option *o, const struct wire_option *w,
			usec at)
{
	static const uint8_t kinds[] = {
		[DRILL_EOL] = 0,     [DRILL_NOP] = 1,  [DRILL_MSS] = 2,        [DRILL_WSCALE] = 3,
		[DRILL_SACK_OK] = 4, [DRILL_SACK] = 5, [DRILL_TIMESTAMPS] = 8,
	};

	if (w->kind != kinds[o->kind])
		return false;
	switch ((enum drill_option_kind)o->kind) {
	case DRILL_EOL:
	case DRILL_NOP:
	case DRILL_SACK_OK: return true;
	case DRILL_MSS: return number_fits(&o->value, (uint32_t)w->at[2] << 8 | w->at[3]);
	case DRILL_WSCALE: return number_fits(&o->value, w->at[2]);
	case DRILL_SACK: return sack_fits(o, w);
	case DRILL_TIMESTAMPS:
		return ts_fits(run, o, get32(w->at + 2), at) &&
		       number_fits(&o->ecr, get32(w->at + 6));
	}
	UNREACHABLE();
}

static const char *differs_in_octets(struct run *run, const struct drill_packet *p,
				     const struct left *l)
{
	struct wire_packet *w = xcalloc(1, sizeof *w);
	const char *wrong;
	size_t i = 0;

	wire_make(run, l, w);
	wrong = w->wrong;
	if (!wrong && !p->are_options_unchecked) {
		for (; i < p->options && i < w->count; i++)
			if (!option_fits(run, &p->option[i], &w->option[i], l->heard.at))
				break;
		if (i != p->options || i != w->count)
			wrong = "options";
	}
	for (i = 0; !wrong && i < w->text_size; i++)
		if (w->text[i] != 0)
			wrong = "octets of the text";
	free(w);
	return wrong;
}

/* ---- the event ------------------------------------------------------------------------------- */

static void missing(struct run *run, const struct drill_packet *p, bool is_never)
{
	struct drill_finding *f = run_find(run, FINDING_FAILURE, "%s",
					   is_never ? "the packet never leaves"
						    : "the packet does not leave in time");

	f->expected = packet_words(run, p);
	f->actual = "nothing";
	run->is_over = true;
}

static void compare(struct run *run, const struct drill_packet *p, const struct left *l)
{
	struct drill_finding *f;
	const char *differs;

	learn_isn(run, p, &l->heard.seg);
	differs = differs_in_header(run, p, l);
	if (!differs)
		differs = differs_in_ip(p, l);
	if (!differs)
		differs = differs_in_octets(run, p, l);
	if (!differs)
		return;
	f = run_find(run, FINDING_FAILURE, "the packet differs: %s", differs);
	f->expected = packet_words(run, p);
	f->actual = left_words(run, l);
	run->is_over = true;
}

void run_expect(struct run *run, const struct drill_packet *p, usec base)
{
	const struct drill_when *when = &run->event->when;
	usec from = base + when->from, to = base + when->to;
	usec since = run->since, limit = to + run_slack(run, to, since);
	struct left l;

	if (when->kind == WHEN_ANY)
		limit = world_now(run->world) + PATIENCE;
	run->result->packets++;
	if (!gather(run, p, limit, &l)) {
		missing(run, p, world_next(run->world) == USEC_NEVER);
		return;
	}
	if (when->kind != WHEN_ANY)
		run_check_time(run, "the packet leaves", from, to, since, l.heard.at);
	compare(run, p, &l);
}
