/* SPDX-License-Identifier: MIT */
/*
 * check.c - the promises, kept apart from the protocol: they look at what leaves and what is read,
 * and know nothing of how the engine came to it. Always on, so each costs a comparison or two.
 */
#include <sim/parts.h>

#include <string.h>

static const char *const names[PROMISE_COUNT] = {
	[PROMISE_STREAM] = "stream",
	[PROMISE_EDGE] = "edge",
	[PROMISE_UNA] = "una",
	[PROMISE_FIGURE5] = "figure5",
	[PROMISE_CLOSED_SILENT] = "closed-silent",
	[PROMISE_QUIET] = "quiet",
};

const char *promise_name(enum promise p)
{
	return names[p];
}

int promise_named(const char *name)
{
	for (int p = 0; p < PROMISE_COUNT; p++)
		if (strcmp(names[p], name) == 0)
			return p;
	return -1;
}

uint64_t world_broken(const struct world *w, enum promise p)
{
	return w->broken[p];
}

void world_expect_broken(struct world *w, enum promise p)
{
	w->expects_broken[p] = true;
}

void check_broken(struct world *w, const struct conn *c, enum promise p, const char *how)
{
	struct record *r;

	w->broken[p]++;
	r = tell(w, REC_PROMISE, c);
	if (!r)
		return;
	r->of = w->cause;
	r->detail = (uint8_t)p;
	r->text[0] = trace_text(w->trace, names[p], strlen(names[p]));
	r->text[1] = trace_text(w->trace, how, strlen(how));
	r->number[0] = w->expects_broken[p];
}

/* Delivered = sent, in order, once: what is read must be the very next octets of what the peer
 * wrote. Texts are references, so that no octet need be looked at. */
void check_read(struct world *w, struct conn *c, const struct text *t)
{
	if (c->peer == 0 || t->stream != c->peer)
		check_broken(w, c, PROMISE_STREAM, "octets that the peer never wrote were read");
	else if (t->offset > c->delivered)
		check_broken(w, c, PROMISE_STREAM, "octets are missing from what was read");
	else if (t->offset < c->delivered)
		check_broken(w, c, PROMISE_STREAM, "octets were read twice");
	c->delivered = t->offset + t->len;
}

void check_end_of_stream(struct world *w, struct conn *c)
{
	/* Between the SYN and the FIN lies nothing but the stream. */
	uint32_t octets = seq_span(c->tcb.irs, c->tcb.rcv.nxt) - 2;

	if (c->peer && octets != (uint32_t)c->delivered)
		check_broken(w, c, PROMISE_STREAM, "the stream ended before all of it was read");
}

static void check_edge(struct world *w, struct conn *c, const struct seg *s)
{
	const struct tcp_profile *p = conn_profile(w, c);
	bool is_scaled = (c->tcb.flags & TCB_SCALE) && !(s->ctl & SYN);
	uint32_t shift = is_scaled ? c->tcb.rcv_shift : 0;
	seq32 edge = seq_add(s->ack, (uint32_t)s->wnd << shift);
	/* Rounding down may take less than a unit off. */
	uint32_t step = p->window_round == ROUND_DOWN ? (1u << shift) - 1 : 0;

	/* RFC 7323 2.2: a SYN is not scaled. Said again, it cannot tell all that an ACK told. */
	if (conn_is(c, CONN_EDGE) && (s->ctl & SYN) && s->wnd == UINT16_MAX &&
	    seq_lt(edge, c->edge))
		return;
	if (conn_is(c, CONN_EDGE) && seq_lt(seq_add(edge, step), c->edge)) {
		if (!p->shrink)
			check_broken(w, c, PROMISE_EDGE, "the right edge of the window moved back");
	}
	if (!conn_is(c, CONN_EDGE) || p->shrink || seq_gt(edge, c->edge))
		c->edge = edge;
	c->flags |= CONN_EDGE;
}

void check_sent(struct world *w, struct conn *c, const struct seg *s)
{
	if (s->ctl & RST)
		return;
	if (c->tcb.state == CLOSED)
		check_broken(w, c, PROMISE_CLOSED_SILENT, "CLOSED, and yet not RST");
	if (s->ctl & ACK)
		check_edge(w, c, s);
	if ((s->ctl & FIN) && seq_span(c->tcb.iss, seg_end(s)) - 2 != (uint32_t)c->written)
		check_broken(w, c, PROMISE_STREAM, "FIN before all that was written");
}

/* After each call of the engine, while its notes are still there. */
void check_notes(struct world *w, const struct conn *c)
{
	if (seq_gt(c->tcb.snd.una, c->tcb.snd.nxt))
		check_broken(w, c, PROMISE_UNA, "SND.UNA is beyond SND.NXT");
	if (c->tcb.state == w->state_before)
		return;
	for (uint32_t i = 0; i < w->env.notes_count; i++) {
		enum state from = (enum state)w->notes[i].from, to = (enum state)w->notes[i].to;

		if (from != to && !edge_exists(from, to))
			check_broken(w, c, PROMISE_FIGURE5,
				     "a transition that Figure 5 does not have");
	}
}

static bool is_quiet(enum state s)
{
	return s == LISTEN || s == CLOSED || s == ESTABLISHED;
}

void world_judge_end(struct world *w)
{
	struct conn nobody = {.at.host = TRACE_NO_HOST, .at.remote = REMOTE_ANY};

	w->cause = w->trace && trace_count(w->trace) ? trace_count(w->trace) - 1 : 0;
	if (world_next(w) != USEC_NEVER)
		check_broken(w, &nobody, PROMISE_QUIET, "events are still pending");
	for (uint32_t i = 1; i < w->conns.count; i++) {
		const struct conn *c = conn_at(w, i);

		if (conn_is(c, CONN_USED) && !is_quiet((enum state)c->tcb.state))
			check_broken(w, c, PROMISE_QUIET, state_name((enum state)c->tcb.state));
	}
}
