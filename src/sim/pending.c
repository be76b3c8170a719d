/* SPDX-License-Identifier: MIT */
/* pending.c - what still goes on, in words: for a run that does not end. */
#include <sim/parts.h>

#include <string.h>
#include <base/sink.h>

enum { LINES_MAX = 8 };

static const char *timer_words(const struct conn *c, enum tcp_timer t)
{
	switch (t) {
	case TIMER_RETRANSMIT:
		if (c->tcb.probes || (c->tcb.snd.wnd == 0 && c->tcb.state >= ESTABLISHED))
			return "zero-window probe";
		if (c->tcb.flags & TCB_FIN_SENT)
			return "retransmission of FIN";
		if (c->tcb.state == SYN_SENT)
			return "retransmission of SYN";
		if (c->tcb.state == SYN_RECEIVED)
			return "retransmission of SYN,ACK";
		return "retransmission";
	case TIMER_OVERRIDE: return "a small segment";
	case TIMER_ACK: return "delayed ACK";
	case TIMER_KEEPALIVE: return "keep-alive probe";
	case TIMER_TIME_WAIT:
		return c->tcb.state == TIME_WAIT ? "end of TIME_WAIT" : "end of FIN_WAIT_2";
	case TIMER_USER: return "user timeout";
	case TIMER_LOSS: return "loss probe";
	case TIMER_PACE: return "paced segment";
	case TIMER_COUNT: break;
	}
	UNREACHABLE();
}

static bool begin_line(struct sink *s, int *lines)
{
	if ((*lines)++ >= LINES_MAX)
		return false;
	if (s->count)
		sink_puts(s, "; ");
	return true;
}

static void tell_deadlines(const struct world *w, const struct conn *c, struct sink *s, int *lines)
{
	for (int t = 0; t < TIMER_COUNT; t++) {
		if (c->tcb.deadline[t] == USEC_NEVER || !begin_line(s, lines))
			continue;
		sink_printf(s, "%s: %s due at ", w->host[c->at.host]->name,
			    timer_words(c, (enum tcp_timer)t));
		sink_time(s, c->tcb.deadline[t]);
		sink_puts(s, " s");
	}
}

static void tell_flights(const struct world *w, struct sink *s, int *lines)
{
	for (uint32_t i = 1; i < w->flights.count; i++) {
		const struct flight *f = flight_at(w, i);

		if (f->state == FLIGHT_FREE || f->node.at == USEC_NEVER || !begin_line(s, lines))
			continue;
		sink_printf(s, "%s -> %s: %s due at ", w->host[f->at.remote]->name,
			    w->host[f->at.host]->name,
			    f->state == FLIGHT_ICMP ? "an ICMP message" : "a segment");
		sink_time(s, f->node.at);
		sink_puts(s, " s");
	}
}

size_t world_pending(const struct world *w, char *text, size_t room)
{
	struct sink s = {0};
	int lines = 0;
	size_t n;

	for (uint32_t i = 1; i < w->conns.count; i++) {
		const struct conn *c = conn_at(w, i);

		if (!conn_is(c, CONN_USED) || !c->serial || conn_is(c, CONN_DEAD))
			continue;
		tell_deadlines(w, c, &s, &lines);
		if (c->tick.at != USEC_NEVER && begin_line(&s, &lines)) {
			sink_printf(&s, "%s: the application reads at ", w->host[c->at.host]->name);
			sink_time(&s, c->tick.at);
			sink_puts(&s, " s");
		}
	}
	for (uint32_t i = 1; i < w->time_waits.count; i++) {
		struct conn look;

		if (time_wait_look(w, i, &look))
			tell_deadlines(w, &look, &s, &lines);
	}
	tell_flights(w, &s, &lines);
	if (lines > LINES_MAX)
		sink_printf(&s, "; and %d more", lines - LINES_MAX);
	n = s.count;
	if (room) {
		size_t fits = n < room - 1 ? n : room - 1;

		if (fits)
			memcpy(text, s.at, fits);
		text[fits] = '\0';
	}
	sink_fini(&s);
	return n;
}
