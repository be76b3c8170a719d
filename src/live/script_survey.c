/* SPDX-License-Identifier: MIT */
/* script_survey.c - one look through a recording: who is there, with which numbers, how far apart,
 * who reads, who waits for nobody. */
#include "live/script_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <woshou/names.h>
#include <woshou/tcp.h>

enum {
	SLOW = 100 * USEC_PER_MS, /* who leaves octets unread for so long reads by hand */
};

struct line *survey_line(struct survey *s, uint32_t serial)
{
	struct line *l = serial < s->lines ? &s->line[serial] : NULL;

	return l && l->conn ? l : NULL;
}

struct line *survey_peer(struct survey *s, const struct line *l)
{
	return l->peer ? survey_line(s, l->peer) : NULL;
}

/* ---- both ends of a connection --------------------------------------------------------------- */

struct both {
	uint64_t low, high; /* its ends, whoever speaks of them */
	uint32_t serial;
};

static int by_ends(const void *a, const void *b)
{
	const struct both *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	if (x->high != y->high)
		return x->high < y->high ? -1 : 1;
	return x->serial < y->serial ? -1 : x->serial > y->serial;
}

/* The same ports may serve again: then the ends come two by two. */
static void find_peers(struct survey *s)
{
	struct both *all = xcalloc(s->lines + 1, sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < s->lines; i++) {
		const struct line *l = survey_line(s, (uint32_t)i);
		uint64_t own, other;

		if (!l || l->conn->is_listener)
			continue;
		own = (uint64_t)l->conn->host << 16 | l->conn->port;
		other = (uint64_t)l->conn->peer << 16 | l->conn->peer_port;
		all[n++] = (struct both){own < other ? own : other, own < other ? other : own,
					 (uint32_t)i};
	}
	qsort(all, n, sizeof *all, by_ends);
	for (size_t i = 0; i + 1 < n; i++) {
		struct line *a = &s->line[all[i].serial], *b = &s->line[all[i + 1].serial];

		if (all[i].low != all[i + 1].low || all[i].high != all[i + 1].high ||
		    (a->conn->host == b->conn->host && a->conn->port == b->conn->port))
			continue;
		a->peer = all[i + 1].serial;
		b->peer = all[i].serial;
		i++;
	}
	free(all);
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* What the scene language takes for a name; others get one of their own. */
static bool is_name(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > 32 || (name[0] >= '0' && name[0] <= '9'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_plain(name[i]))
			return false;
	}
	return true;
}

static void name_cast(struct survey *s)
{
	for (size_t i = 0; i < s->hosts; i++) {
		const struct trace_host *h = trace_host_at(s->trace, (uint8_t)i);

		if (is_name(h->name))
			snprintf(s->cast[i].name, sizeof s->cast[i].name, "%s", h->name);
		else
			snprintf(s->cast[i].name, sizeof s->cast[i].name, "guest%zu", i + 1);
		s->cast[i].is_ipv6 = h->address.family == FAMILY_IPV6;
	}
}

static void name_lines(struct survey *s)
{
	size_t count = trace_conn_count(s->trace);
	bool has_labels = false;

	for (size_t i = 0; i < count; i++)
		has_labels = has_labels || trace_conn_nth(s->trace, i)->label;
	for (size_t i = 0; i < count; i++) {
		const struct trace_conn *c = trace_conn_nth(s->trace, i);
		struct line *l = &s->line[c->serial];

		l->conn = c;
		if (c->label && is_name(c->label))
			snprintf(l->label, sizeof l->label, "%s", c->label);
		else
			snprintf(l->label, sizeof l->label, "%s%u", has_labels ? "nameless" : "c",
				 c->serial);
	}
}

/* ---- numbers --------------------------------------------------------------------------------- */

static void take_isn(struct survey *s, struct line *l, uint32_t isn)
{
	struct cast *c = &s->cast[l->conn->host];

	if (l->has_isn || l->conn->is_listener)
		return;
	l->has_isn = true;
	l->isn = isn;
	if (c->isns < ISNS_MAX && !c->is_isn_unknown)
		c->isn[c->isns++] = isn;
	else
		c->is_isn_unknown = true;
}

static void take_syn(struct survey *s, struct line *l, const struct seg *seg)
{
	struct cast *c = &s->cast[l->conn->host];

	take_isn(s, l, seg->seq.v);
	l->is_opened = true;
	l->is_active = l->is_active || !(seg->ctl & ACK);
	l->opts = seg->opts;
	l->mss = seg->mss;
	if ((seg->opts & OPT_WSCALE) && !c->has_shift) {
		c->has_shift = true;
		c->shift = seg->wscale;
	}
	if (!(l->opts & OPT_MSS)) {
		c->has_no_mss = true;
	} else if (!c->has_mss || l->mss < c->mss) {
		c->has_mss = true;
		c->mss = l->mss;
	}
	if (!c->has_wnd) {
		c->has_wnd = true;
		c->wnd = seg->wnd;
	}
}

/* A SYN offers what its sender has; a SYN,ACK agrees to what was offered. */
static void find_lacks(struct survey *s)
{
	for (size_t i = 0; i < s->lines; i++) {
		const struct line *l = survey_line(s, (uint32_t)i), *peer;
		uint8_t offered = SCRIPT_OPTIONS;

		if (!l || !l->is_opened)
			continue;
		peer = survey_peer(s, l);
		if (!l->is_active)
			offered &= peer && peer->is_opened ? peer->opts : 0;
		s->cast[l->conn->host].lacks |= offered & (uint8_t)~l->opts;
	}
}

/* ---- segments -------------------------------------------------------------------------------- */

static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* A small one while another small one is unacknowledged: nobody held it. */
static void watch_haste(struct survey *s, struct line *l, const struct seg *seg)
{
	uint32_t full = l->mss ? l->mss : 536;

	if (seg->text.len == 0 || seg->rexmit > 0 || (seg->ctl & FIN))
		return;
	if (l->has_small && seg->text.len < full / 2 &&
	    !(l->has_una && !is_after(l->small_end, l->una)))
		s->cast[l->conn->host].is_hasty = true;
	if (seg->text.len < full / 2) {
		l->has_small = true;
		l->small_end = seg_end(seg).v;
	}
}

static void least(usec *least, usec span)
{
	if (span >= 0 && (*least < 0 || span < *least))
		*least = span;
}

static void see_send(struct survey *s, const struct record *r)
{
	struct line *l = survey_line(s, r->conn), *peer;

	s->cast[r->host].is_used = true;
	if (r->peer < s->hosts)
		s->cast[r->peer].is_used = true;
	if (!l || r->is_stranger)
		return;
	if ((r->seg.ctl & SYN) && !l->has_isn) {
		take_syn(s, l, &r->seg);
		l->syn_at = r->at;
	} else if (!l->has_isn && !(r->seg.ctl & RST))
		take_isn(s, l, r->seg.seq.v - 1);
	watch_haste(s, l, &r->seg);
	/* A FIN would say that all had been read: whatever was last seen of the queue. */
	if ((r->seg.ctl & RST) && (l->unread > 0 || l->left_unread > 0)) {
		l->is_reset = true;
		s->cast[r->host].reads_by_hand = true;
	}
	l->sent_at = r->at;
	peer = survey_peer(s, l);
	if (!peer)
		return;
	if (r->seg.ctl & ACK) {
		peer->has_una = true;
		peer->una = r->seg.ack.v;
	}
	if (peer->sent_at >= 0)
		least(&s->turn, r->at - peer->sent_at);
}

static void see_arrive(struct survey *s, const struct record *r)
{
	const struct record *sent = r->of < r->serial ? trace_at(s->trace, r->of) : r;
	const struct line *l = survey_line(s, r->conn);
	struct line *from;

	if (sent->kind != REC_SEND)
		return;
	from = survey_line(s, sent->conn);
	if (from && (sent->seg.ctl & (SYN | ACK)) == SYN) {
		if (sent->seg.rexmit == 0)
			from->syn_there = r->at;
		return;
	}
	if (l)
		least(&s->delay[l->is_active], r->at - sent->at);
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Did octets wait in vain, or for long? */
static void watch_reading(struct survey *s, struct line *l, usec now)
{
	if (l->unread > 0 && now - l->unread_since > SLOW)
		s->cast[l->conn->host].reads_by_hand = true;
}

static void see_changes(struct survey *s, const struct record *r)
{
	struct line *l = survey_line(s, r->conn);

	for (uint32_t i = 0; l && i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(s->trace, r, i);

		if (c->field != F_rcv_user)
			continue;
		if (!r->is_inferred) /* else nobody knows when */
			watch_reading(s, l, r->at);
		if (l->unread == 0)
			l->unread_since = r->at;
		l->unread = c->new;
	}
}

static void see_call(struct survey *s, const struct record *r)
{
	struct line *l = survey_line(s, r->conn);
	struct cast *c = r->host < s->hosts ? &s->cast[r->host] : NULL;

	if (!c)
		return;
	c->is_used = true;
	s->calls++;
	if (r->peer < s->hosts && r->detail == CALL_CONNECT)
		s->cast[r->peer].is_used = true;
	if (r->detail == CALL_LISTEN && r->error == SOCK_OK)
		c->is_listening = true;
	if (!l)
		return;
	if (r->detail == CALL_CONNECT)
		l->is_active = true;
	if (r->detail == CALL_ACCEPT)
		l->has_accept = true;
	if (r->detail != CALL_ACCEPT && !l->has_called) {
		const struct line *caller = survey_peer(s, l);

		l->has_called = true;
		if (!l->is_active && caller && caller->syn_there >= 0)
			least(&s->spoken, r->at - caller->syn_there);
	}
	if (r->detail == CALL_CLOSE || r->detail == CALL_ABORT) {
		l->has_left = true;
		l->left_unread = l->unread;
	}
}

static void see(struct survey *s, const struct record *r)
{
	/* A call speaks of what was there before it. */
	if (r->kind == REC_CALL)
		see_call(s, r);
	see_changes(s, r);
	if (r->kind == REC_SEND && r->host < s->hosts)
		see_send(s, r);
	if (r->kind == REC_ARRIVE)
		see_arrive(s, r);
	s->end = r->at;
}

usec survey_delay(const struct survey *s)
{
	usec a = s->delay[0], b = s->delay[1], delay;

	/* On the loopback half of what an answer takes: nothing arrives too late to be answered. */
	if (s->is_loopback)
		return s->turn > 0 ? s->turn / 2 : 0;
	if (a <= 0 || b <= 0)
		delay = a > b ? a : b;
	else
		delay = a < b ? a : b;
	/* Times of the other side are estimates: by its first call it must have been called. */
	return s->spoken >= 0 && delay > s->spoken / 2 ? s->spoken / 2 : delay;
}

static void find_lag(struct survey *s)
{
	usec delay = survey_delay(s);

	for (size_t i = 0; i < s->lines && !s->is_loopback; i++) {
		const struct line *l = survey_line(s, (uint32_t)i);

		if (l && l->is_active && l->syn_there >= 0 &&
		    delay - (l->syn_there - l->syn_at) > s->lag)
			s->lag = delay - (l->syn_there - l->syn_at);
	}
}

void survey_init(struct survey *s, const struct trace *t)
{
	size_t count = trace_conn_count(t);

	*s = (struct survey){.trace = t, .turn = -1, .spoken = -1, .delay = {-1, -1}};
	s->hosts = trace_host_count(t);
	s->cast = xcalloc(s->hosts + 1, sizeof *s->cast);
	s->lines = count > 0 ? (size_t)trace_conn_nth(t, count - 1)->serial + 1 : 0;
	s->line = xcalloc(s->lines + 1, sizeof *s->line);
	for (size_t i = 0; i < s->lines; i++)
		s->line[i].sent_at = s->line[i].syn_at = s->line[i].syn_there = -1;
	name_cast(s);
	name_lines(s);
	find_peers(s);
	for (uint64_t i = 0; i < trace_count(t); i++)
		see(s, trace_at(t, i));
	for (size_t i = 0; i < s->lines; i++) {
		if (survey_line(s, (uint32_t)i) && !s->line[i].has_left)
			watch_reading(s, &s->line[i], s->end);
	}
	find_lacks(s);
	s->is_loopback = s->delay[0] <= 0 && s->delay[1] <= 0;
	find_lag(s);
}

void survey_fini(struct survey *s)
{
	free(s->cast);
	free(s->line);
}
