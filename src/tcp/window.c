/* SPDX-License-Identifier: MIT */
/* window.c - the receiver's side: how much window to offer, and when to acknowledge. */
#include "window.h"
#include "memory.h"
#include "options.h"
#include "tcb.h"

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Has the peer's SYN been answered by a connection of its own, and not by a queue of SYNs? */
static bool knows_peer(const struct tcb *t)
{
	return t->state > SYN_RECEIVED || (t->state == SYN_RECEIVED && t->origin == ORIGIN_ACTIVE);
}

uint32_t tcp_receive_buffer(const struct tcb *t, const struct tcp_profile *p,
			    const struct tcp_pool *pool)
{
	uint32_t buff = p->rcv_buff, most = p->rcv_buff_max, segment, more;

	if (memory_counts(t, pool))
		return memory_buff(t, pool);
	if (!p->rcv_buff_round || !knows_peer(t))
		return buff;
	segment = t->snd.mss + options_octets(t);
	if (buff <= segment)
		return buff;
	more = (buff + segment - 1) / segment * segment;
	return most > 0 && more > most ? buff : more;
}

/* As far as the header's window field can say it: a SYN is not scaled, RFC 7323 2.2. */
uint32_t window_limit(const struct tcb *t)
{
	return (t->flags & TCB_SCALE) && !is_syn_out(t) ? (uint32_t)WINDOW_MAX << t->rcv_shift
							: WINDOW_MAX;
}

static bool is_room(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->window_room && knows_peer(t) && t->state != TIME_WAIT;
}

/* RCV.BUFF - RCV.USER */
static uint32_t space(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t buff = tcp_receive_buffer(t, env->profile, env->pool);
	uint32_t room = buff > t->rcv.user ? buff - t->rcv.user : 0;

	return least(room, is_room(t, env) ? WINDOW_MOST : window_limit(t));
}

/* Fr * RCV.BUFF with Fr = 1/2: the least whole number of octets that is not under it. */
static uint32_t half_of_buff(const struct tcb *t, const struct tcp_env *env)
{
	return (least(tcp_receive_buffer(t, env->profile, env->pool), window_limit(t)) + 1) / 2;
}

/* RCV.BUFF - RCV.USER - RCV.WND >= min(Fr * RCV.BUFF, Eff.snd.MSS) */
static bool has_grown(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t free = space(t, env);
	uint32_t enough = least(half_of_buff(t, env), t->snd.mss);

	return free > t->rcv.wnd && free - t->rcv.wnd >= enough;
}

/* May the right edge move with a segment that goes anyway? */
static bool may_advance(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t free, quarter;

	if (!is_room(t, env))
		return has_grown(t, env);
	free = space(t, env);
	quarter = tcp_receive_buffer(t, env->profile, env->pool) / 4;
	return free > t->rcv.wnd && free >= least(quarter, t->snd.mss);
}

void window_open(struct tcb *t, struct tcp_env *env)
{
	t->rcv.wnd = env->profile->window_memory ? memory_first(t, env) : space(t, env);
}

/* What one in the window field stands for. */
uint32_t window_unit(const struct tcb *t)
{
	return t->flags & TCB_SCALE ? 1u << t->rcv_shift : 1;
}

static void advance(struct tcb *t, struct tcp_env *env)
{
	uint32_t free = space(t, env);

	if (is_room(t, env) && !has_grown(t, env))
		counts(R_WINDOW_ROOM, env); /* with nearly every segment: no note */
	if (env->profile->window_round == ROUND_UP)
		free -= free % window_unit(t);
	if (free > t->rcv.wnd)
		t->rcv.wnd = free;
}

/* Figures of memory come with the connection and go with it: before and after, nothing moves. */
static bool has_no_figures(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->window_memory && (is_syn_out(t) || t->state == TIME_WAIT);
}

void window_offer(struct tcb *t, struct tcp_env *env)
{
	memory_passes(t, env);
	if (memory_counts(t, env->pool)) {
		memory_offer(t, env);
	} else if (may_advance(t, env) && !has_no_figures(t, env)) {
		advance(t, env);
	} else if (env->profile->shrink && space(t, env) < t->rcv.wnd && memory_shrinks(t, env)) {
		why(t, R_WINDOW_SHRUNK, env);
		t->rcv.wnd = space(t, env);
	} else if (t->state == TIME_WAIT) { /* no more than was told */
		t->rcv.wnd = least(t->rcv.wnd, window_limit(t));
	}
}

/* RFC 7323 2.4. Rounded down, the edge that the peer sees may step back by less than a unit, and
 * RCV.WND goes on to where it was: "the receiver SHOULD track the actual maximum". */
uint16_t window_field(struct tcb *t, uint16_t ctl, struct tcp_env *env)
{
	uint32_t one = ctl & SYN ? 1 : window_unit(t), rest = t->rcv.wnd % one;

	if (rest > 0 && env->profile->window_round == ROUND_UP) {
		counts(R_WINDOW_ROUNDED, env);
		t->rcv.wnd += one - rest;
	}
	return (uint16_t)least(t->rcv.wnd / one, WINDOW_MAX);
}

void owe_ack(struct tcb *t, enum rule r)
{
	t->due |= DUE_ACK;
	t->ack_rule = (uint16_t)r;
}

static uint32_t full_sized(const struct tcb *t)
{
	uint32_t floor = least(t->rcv.mss, FULL_UNHEARD);

	return t->rcv.heard > floor ? t->rcv.heard : floor;
}

/* Is it time for an ACK? SHLD-19: "every second full-sized segment or 2*RMSS bytes of new data". */
static bool has_enough(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t every = env->profile->ack_every;

	switch ((enum ack_count)env->profile->ack_count) {
	case ACK_COUNT_ANY:
		return t->rcv.owed_segments >= every || t->rcv.owed >= every * t->rcv.mss;
	case ACK_COUNT_FULL: return t->rcv.owed >= every * t->rcv.mss;
	case ACK_COUNT_SEEN: return t->rcv.owed > (every - 1) * full_sized(t);
	}
	UNREACHABLE();
}

/* What has waited for room is acknowledged when there is some. */
static void read_memory(struct tcb *t, struct tcp_env *env)
{
	if (is_running(t, TIMER_ACK) && has_enough(t, env)) {
		why(t, R_ACK_ENOUGH, env);
		owe_ack(t, R_ACK_ENOUGH);
	} else if (memory_opens(t, env)) {
		why(t, R_WINDOW_UPDATE, env);
		owe_ack(t, R_WINDOW_UPDATE);
	}
}

void window_read(struct tcb *t, struct tcp_env *env)
{
	/* A peer with half the buffer left to fill is not held up: it hears with the next ACK. */
	if (!is_receiving((enum state)t->state))
		return;
	if (memory_counts(t, env->pool)) {
		read_memory(t, env);
		return;
	}
	if (t->rcv.wnd < half_of_buff(t, env) && has_grown(t, env)) {
		why(t, R_WINDOW_UPDATE, env);
		owe_ack(t, R_WINDOW_UPDATE);
	}
}

/* Half of the window in full-sized segments: with so many ACKs the peer's slow start fills it. */
void ack_quickly(struct tcb *t, const struct tcp_env *env)
{
	uint32_t n = (t->rcv.wnd + t->rcv.owed) / (2 * full_sized(t));

	n = least(n > 0 ? n : 2, env->profile->quick_acks);
	if (n > t->rcv.quick)
		t->rcv.quick = (uint8_t)n;
}

static uint32_t milliseconds(const struct tcp_env *env)
{
	return (uint32_t)(env->now / USEC_PER_MS);
}

/* Since text last came. In milliseconds, as kernels count: one of 49 days looks like none. */
static usec silence(const struct tcb *t, const struct tcp_env *env)
{
	return (usec)(milliseconds(env) - t->heard_ms) * USEC_PER_MS;
}

static void hear_text(struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	bool is_first = t->rcv.heard == 0;
	uint32_t octets = s->piece > 0 ? s->piece : s->text.len;

	if (s->text.len < full_sized(t) || (s->ctl & PSH))
		t->flags |= TCB_PUSHED;
	/* What is longer than we allow was put together on its way. */
	octets = least(octets, t->rcv.mss);
	if (octets > t->rcv.heard)
		t->rcv.heard = (uint16_t)octets;
	if (is_first || silence(t, env) > t->rto)
		ack_quickly(t, env);
	t->heard_ms = milliseconds(env);
}

static bool is_dialogue(const struct tcb *t)
{
	return (t->flags & TCB_PING_PONG) != 0;
}

static void ack_waits(struct tcb *t, enum rule r, struct tcp_env *env)
{
	why(t, r, env);
	if (!is_running(t, TIMER_ACK))
		timer_start(t, TIMER_ACK, env->profile->ack_delay, env);
}

void owe_ack_for(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	t->rcv.owed += s->text.len;
	if (t->rcv.owed_segments < UINT8_MAX)
		t->rcv.owed_segments++;
	hear_text(t, s, env);
	if (t->due & DUE_ACK)
		return;
	if (has_enough(t, env) && memory_stands(t, env)) {
		why(t, R_ACK_ENOUGH, env);
		owe_ack(t, R_ACK_ENOUGH);
	} else if (env->profile->ack_delay == 0) {
		why(t, R_ACK_AT_ONCE, env);
		owe_ack(t, R_ACK_AT_ONCE);
	} else if (t->rcv.quick > 0 && !is_dialogue(t)) {
		why(t, R_ACK_QUICK, env);
		owe_ack(t, R_ACK_QUICK);
	} else if (!is_running(t, TIMER_ACK)) {
		ack_waits(t, R_ACK_DELAYED, env);
	}
}

/* The ACK of the FIN goes with the text before it, if that was no ACK in haste. */
void owe_ack_for_fin(struct tcb *t, struct tcp_env *env)
{
	const struct tcp_profile *p = env->profile;
	bool is_due = (t->due & DUE_ACK) && t->ack_rule != R_ACK_QUICK;

	if (!p->fin_ack_delay || p->ack_delay == 0 || is_due) {
		owe_ack(t, R_FIN_CLOSING);
		return;
	}
	t->due &= (uint8_t)~DUE_ACK;
	if (p->ping_pong)
		t->flags |= TCB_PING_PONG;
	ack_waits(t, R_ACK_FIN_WAITS, env);
}

void ack_read(struct tcb *t, struct tcp_env *env)
{
	if (!env->profile->ack_read || t->rcv.user > 0 || !is_running(t, TIMER_ACK))
		return;
	if (!(t->flags & TCB_PUSHED) || (is_dialogue(t) && t->rcv.owed_segments < 2))
		return;
	why(t, R_ACK_READ, env);
	owe_ack(t, R_ACK_READ);
}

void ack_answered(struct tcb *t, struct tcp_env *env)
{
	if (!env->profile->ping_pong || is_dialogue(t) || t->rcv.heard == 0 ||
	    silence(t, env) >= env->profile->ack_delay)
		return;
	why(t, R_ACK_PING_PONG, env);
	t->flags |= TCB_PING_PONG;
}

void ack_unanswered(struct tcb *t, struct tcp_env *env)
{
	why(t, R_ACK_TIMEOUT, env);
	owe_ack(t, R_ACK_TIMEOUT);
	if (!is_dialogue(t))
		return;
	why(t, R_ACK_PING_PONG_OVER, env);
	t->flags &= ~(uint32_t)TCB_PING_PONG;
}

void pay_ack(struct tcb *t)
{
	if (t->rcv.quick > 0 && (t->rcv.owed > 0 || (t->due & DUE_ACK)))
		t->rcv.quick--;
	t->due &= (uint8_t)~DUE_ACK;
	t->ack_rule = RULE_NONE;
	t->rcv.owed = 0;
	t->rcv.owed_segments = 0;
	t->flags &= ~(uint32_t)TCB_PUSHED;
	timer_stop(t, TIMER_ACK);
}
