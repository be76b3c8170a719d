/* SPDX-License-Identifier: MIT */
#include "pair.h"
#include <string.h>

void pair_init(struct pair *p, const char *profile, int iss_case, uint64_t seed, uint64_t has)
{
	memset(p, 0, sizeof(*p));
	prng_init(&p->prng, seed, 0);
	for (int i = 0; i < 2; i++) {
		struct party *y = &p->party[i];
		end_init(&y->end, profile, iss_case);
		y->end.is_silent = true;
		if (i)
			y->end.env.iss = seq_add(y->end.iss, 77777);
		y->stream = (uint32_t)i + 1;
		y->has = has;
		tcb_init(&y->end.tcb, y->stream, &y->end.env);
		/* However long it takes. */
		y->end.profile.user_timeout = y->end.profile.r2 = y->end.profile.syn_r2 = 0;
		y->end.profile.r2_count = y->end.profile.syn_r2_count = 0;
		y->end.profile.synack_r2_count = 0;
		y->end.profile.connect_limit = 0;
		y->end.profile.reset_told = false;
	}
	p->now = p->party[0].end.env.now;
	p->delay = MS(10);
	story_add("pair %s, seed %llu\n", profile, (unsigned long long)seed);
}

static void put_on_link(struct pair *p, int from, const struct seg *s)
{
	unsigned copies = prng_below(&p->prng, 1000) < p->repeat ? 2 : 1;

	p->segments++;
	for (; copies > 0; copies--) {
		if (prng_below(&p->prng, 1000) < p->loss)
			continue;
		ck_assert_msg(p->in_flight < PAIR_FLIGHT, "too many segments in flight");
		usec late = p->jitter ? (usec)prng_below(&p->prng, (uint64_t)p->jitter) : 0;
		p->flight[p->in_flight].at = p->now + p->delay + late;
		p->flight[p->in_flight].serial = p->serial++;
		p->flight[p->in_flight].to = 1 - from;
		p->flight[p->in_flight].seg = *s;
		p->in_flight++;
	}
}

static void take_output(struct pair *p, int i)
{
	struct party *y = &p->party[i];

	drain(&y->end);
	for (; y->end.taken < y->end.outs; y->end.taken++)
		put_on_link(p, i, &y->end.out[y->end.taken]);
	y->told |= y->end.told;
	forget(&y->end);
	if (y->end.tcb.state == CLOSED && (y->told & TCP_SIG_CLOSED))
		y->has_ended = true;
}

static void read_text(struct pair *p, int i)
{
	struct party *y = &p->party[i];
	uint32_t room = y->reads_at_most ? y->reads_at_most : UINT32_MAX;
	struct text t;

	if (y->reads_every && p->now < y->reads_next)
		return;
	y->reads_next = p->now + y->reads_every;
	while (room > 0 && tcp_call_receive(&y->end.tcb, room, &t, &y->end.env) == TCP_OK) {
		ck_assert_uint_gt(t.len, 0);
		ck_assert_uint_le(t.len, room);
		ck_assert_uint_eq(t.stream, p->party[1 - i].stream);
		ck_assert_uint_eq(t.offset, y->read); /* in order, once, without a gap */
		y->read += t.len;
		room -= t.len;
	}
	take_output(p, i);
}

static void use(struct pair *p, int i)
{
	struct party *y = &p->party[i];
	uint32_t taken = 1;

	read_text(p, i);
	if (y->end.tcb.state != ESTABLISHED && y->end.tcb.state != CLOSE_WAIT)
		return;
	while (y->sent < y->has && taken > 0) {
		uint64_t rest = y->has - y->sent;
		uint32_t n = rest < 5000 ? (uint32_t)rest : 5000;
		if (tcp_call_send(&y->end.tcb, n, SEND_PUSH, &taken, &y->end.env) != TCP_OK)
			break;
		y->sent += taken;
		take_output(p, i);
	}
	if (y->sent == y->has && !y->has_closed) {
		y->has_closed = true;
		ck_assert_int_eq(tcp_call_close(&y->end.tcb, CLOSE_SEND, &y->end.env), TCP_OK);
		take_output(p, i);
	}
}

void pair_open(struct pair *p)
{
	struct end *a = &p->party[0].end, *b = &p->party[1].end;

	ck_assert_int_eq(tcp_call_open(&b->tcb, OPEN_PASSIVE, &b->env), TCP_OK);
	take_output(p, 1);
	ck_assert_int_eq(tcp_call_open(&a->tcb, OPEN_ACTIVE, &a->env), TCP_OK);
	take_output(p, 0);
}

/* The first in time, and of those the first sent. */
static unsigned next_flight(const struct pair *p)
{
	unsigned best = 0;

	for (unsigned i = 1; i < p->in_flight; i++) {
		if (p->flight[i].at < p->flight[best].at ||
		    (p->flight[i].at == p->flight[best].at &&
		     p->flight[i].serial < p->flight[best].serial))
			best = i;
	}
	return best;
}

static void arrive_next(struct pair *p, unsigned which)
{
	struct seg s = p->flight[which].seg;
	struct party *y = &p->party[p->flight[which].to];

	p->flight[which] = p->flight[--p->in_flight];
	s.rexmit = 0;
	s.rule = 0;
	tcp_arrives(&y->end.tcb, &s, &y->end.env);
	take_output(p, (int)(y - p->party));
}

static void set_time(struct pair *p, usec now)
{
	ck_assert_int_ge(now, p->now);
	p->now = now;
	p->party[0].end.env.now = p->party[1].end.env.now = now;
}

/* One event: a segment arrives, a timer is due, or a slow reader wakes. False: nothing is left. */
static bool step(struct pair *p)
{
	usec due = USEC_NEVER;
	int who = -1;

	for (int i = 0; i < 2; i++) {
		struct party *y = &p->party[i];
		usec at = tcp_next_timeout(&y->end.tcb);
		if (at < due) {
			due = at;
			who = i;
		}
		if (y->reads_every && !y->has_ended && y->reads_next > p->now &&
		    y->reads_next < due) {
			due = y->reads_next;
			who = -1;
		}
	}
	if (p->in_flight) {
		unsigned f = next_flight(p);
		if (p->flight[f].at <= due) {
			set_time(p, p->flight[f].at);
			arrive_next(p, f);
			return true;
		}
	}
	if (due == USEC_NEVER)
		return false;
	set_time(p, due > p->now ? due : p->now);
	if (who >= 0) {
		tcp_expire(&p->party[who].end.tcb, &p->party[who].end.env);
		take_output(p, who);
	}
	return true;
}

/* What lay unread when the connection ended in order is still the user's. */
static void read_the_rest(struct pair *p)
{
	for (int i = 0; i < 2; i++) {
		p->party[i].reads_every = 0;
		p->party[i].reads_at_most = 0;
		read_text(p, i);
	}
}

bool pair_run(struct pair *p, usec until)
{
	for (uint64_t turns = 0; p->now < until; turns++) {
		ck_assert_msg(turns < 2000000, "the pair does not come to an end");
		use(p, 0);
		use(p, 1);
		if ((p->party[0].has_ended && p->party[1].has_ended) || !step(p))
			break;
	}
	read_the_rest(p);
	return p->party[0].has_ended && p->party[1].has_ended;
}

void pair_expect_delivered(const struct pair *p)
{
	for (int i = 0; i < 2; i++) {
		const struct party *y = &p->party[i];
		ck_assert_uint_eq(y->sent, y->has);
		ck_assert_uint_eq(y->read, p->party[1 - i].has);
		ck_assert_uint_eq(y->told & (TCP_SIG_RESET | TCP_SIG_TIMEOUT | TCP_SIG_REFUSED), 0);
		ck_assert_uint_ne(y->told & TCP_SIG_ESTABLISHED, 0);
		ck_assert_uint_eq(y->end.pool.free_count, END_BLOCKS - 1);
	}
}
