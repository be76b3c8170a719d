/* SPDX-License-Identifier: MIT */
/* tcb.c - the life of a TCB: made, moved between states, checked, copied, deleted. */
#include "tcb.h"
#include "cc_more.h"
#include "loss.h"
#include "memory.h"
#include "options.h"
#include "queues.h"
#include "snd_more.h"
#include <string.h>

void tcb_init(struct tcb *t, uint32_t stream, struct tcp_env *env)
{
	memset(t, 0, sizeof *t); /* padding too: there is none, and copies are compared as octets */
	t->state = CLOSED;
	t->snd.stream = stream;
	t->rto = env->profile->rto_initial;
	t->sent_at = -1;
	for (int i = 0; i < TIMER_COUNT; i++)
		t->deadline[i] = USEC_NEVER;
}

void tcb_renew(struct tcb *t, struct tcp_env *env)
{
	uint32_t stream = t->snd.stream;
	uint64_t offset = t->snd.offset + t->snd.queued;

	rexmitq_flush(t, env->pool);
	snd_more_flush(t, env->pool);
	loss_flush(t, env->pool);
	cc_more_flush(&t->cc, env->pool);
	memory_flush(t, env->pool);
	receiveq_flush(t, env->pool);
	held_flush(t, env->pool);
	tcb_init(t, stream, env);
	t->snd.offset = offset;
}

static void stop_all_timers(struct tcb *t)
{
	for (int i = 0; i < TIMER_COUNT; i++)
		t->deadline[i] = USEC_NEVER;
}

void tcb_fini(struct tcb *t, struct tcp_env *env)
{
	rexmitq_flush(t, env->pool);
	snd_more_flush(t, env->pool);
	loss_flush(t, env->pool);
	cc_more_flush(&t->cc, env->pool);
	memory_flush(t, env->pool);
	receiveq_flush(t, env->pool);
	held_flush(t, env->pool);
	stop_all_timers(t);
	t->due = 0;
	t->state = CLOSED;
}

void tcb_enter(struct tcb *t, enum state to, enum rule r, struct tcp_env *env)
{
	ASSERT(edge_exists((enum state)t->state, to));
	if (env->rule_hits)
		env->rule_hits[r]++;
	if (env->notes && env->notes_count < TCP_NOTES_MAX) {
		env->notes[env->notes_count++] =
			(struct tcp_note){(uint16_t)r, t->state, (uint8_t)to};
	}
	t->state = (uint8_t)to;
}

void tcb_delete(struct tcb *t, enum rule r, uint32_t signals, struct tcp_env *env)
{
	/* What was acknowledged is the user's, unless nobody is there to read it. */
	bool keeps_text = signals == 0 && (t->state == LAST_ACK || t->state == TIME_WAIT) &&
			  !(t->flags & TCB_USER_GONE);

	tcb_enter(t, CLOSED, r, env);
	rexmitq_flush(t, env->pool);
	snd_more_flush(t, env->pool);
	loss_flush(t, env->pool);
	cc_more_flush(&t->cc, env->pool);
	memory_flush(t, env->pool);
	held_flush(t, env->pool);
	if (!keeps_text)
		receiveq_flush(t, env->pool);
	stop_all_timers(t);
	t->due = 0;
	t->snd.offset += t->snd.queued; /* what was not acknowledged is given up */
	t->snd.queued = 0;
	env->signals |= signals | TCP_SIG_CLOSED;
}

void tcb_relisten(struct tcb *t, enum rule r, struct tcp_env *env)
{
	ASSERT(t->origin == ORIGIN_PASSIVE);
	tcb_enter(t, LISTEN, r, env);
	tcb_renew(t, env);
	t->state = LISTEN;
	env->signals |= TCP_SIG_RELISTEN;
}

void tcb_establish(struct tcb *t, enum rule r, struct tcp_env *env)
{
	tcb_enter(t, ESTABLISHED, r, env);
	env->signals |= TCP_SIG_ESTABLISHED;
	if (t->flags & TCB_URGENT_IN) { /* it came with the SYN */
		why(t, R_URG_SIGNAL, env);
		env->signals |= TCP_SIG_URGENT;
	}
	if (tcp_receive_buffer(t, env->profile, env->pool) != env->profile->rcv_buff)
		why(t, R_BUFFER_ROUNDED, env);
	memory_open(t, env);
	user_timeout_adopt(t, env->profile->user_timeout, env); /* it came with the SYN */
	keepalive_restart(t, env);
	t->due |= DUE_NEW;
	if (t->flags & TCB_CLOSE_QUEUED)
		tcb_enter(t, FIN_WAIT_1, R_CLOSE_NOW, env);
}

void tcb_time_wait(struct tcb *t, enum rule r, struct tcp_env *env)
{
	tcb_enter(t, TIME_WAIT, r, env);
	stop_all_timers(t);
	loss_flush(t, env->pool); /* nothing is outstanding any more */
	t->flags &= ~(uint32_t)(TCB_RECOVERING | TCB_LOSS | TCB_REDUCED | TCB_TAIL | TCB_REORDER);
	cc_more_flush(&t->cc, env->pool); /* nothing will be sent any more */
	snd_more_flush(t, env->pool);
	memory_flush(t, env->pool);       /* and nothing more is offered */
	tcb_time_wait_again(t, env);
}

void tcb_time_wait_again(struct tcb *t, struct tcp_env *env)
{
	usec stay = env->profile->time_wait;

	timer_start(t, TIMER_TIME_WAIT, stay >= 0 ? stay : 2 * env->profile->msl, env);
}

void fin_wait_2_limit(struct tcb *t, struct tcp_env *env)
{
	if (t->state == FIN_WAIT_2 && (t->flags & TCB_USER_GONE) && env->profile->fin_wait_2 > 0)
		timer_start(t, TIMER_TIME_WAIT, env->profile->fin_wait_2, env);
}

void tcb_fin_wait_2(struct tcb *t, struct tcp_env *env)
{
	tcb_enter(t, FIN_WAIT_2, R_ACK_FIN_WAIT_1, env);
	fin_wait_2_limit(t, env);
}

void keepalive_restart(struct tcb *t, struct tcp_env *env)
{
	t->keepalives = 0;
	if (env->profile->keepalive)
		timer_start(t, TIMER_KEEPALIVE, user_timeout_idle(t, env), env);
}

void user_timeout_restart(struct tcb *t, struct tcp_env *env)
{
	usec timeout = user_timeout(t, env);

	if (timeout > 0 && !seq_eq(t->snd.una, t->snd.nxt))
		timer_start(t, TIMER_USER, timeout, env);
	else
		timer_stop(t, TIMER_USER);
}

usec tcp_next_timeout(const struct tcb *t)
{
	usec next = t->deadline[0];

	for (int i = 1; i < TIMER_COUNT; i++)
		next = t->deadline[i] < next ? t->deadline[i] : next;
	return next;
}

/* ---- maximum segment sizes ------------------------------------------------------------------ */

uint16_t mss_default(const struct tcp_env *env)
{
	return env->is_ipv6 ? MSS_DEFAULT_IPV6 : MSS_DEFAULT_IPV4;
}

static uint16_t mss_for_mtu(uint32_t mtu, const struct tcp_env *env)
{
	uint32_t headers = env->is_ipv6 ? HEADERS_IPV6 : HEADERS_IPV4;

	if (mtu > 65535)
		mtu = 65535;
	return mtu < headers + MSS_LEAST ? MSS_LEAST : (uint16_t)(mtu - headers);
}

uint16_t mss_announced(const struct tcp_env *env)
{
	uint32_t mss = env->profile->mss;

	if (mss == 0)
		return mss_for_mtu(env->profile->mtu, env);
	return mss < MSS_LEAST ? MSS_LEAST : (uint16_t)mss;
}

void mss_settle(struct tcb *t, uint32_t mtu, struct tcp_env *env)
{
	uint16_t carried = mss_for_mtu(t->snd.mtu && t->snd.mtu < mtu ? t->snd.mtu : mtu, env);

	if (env->profile->mss_clamp && env->profile->mss > 0 && mss_announced(env) < carried)
		carried = mss_announced(env);
	t->snd.mss = t->snd.peer_mss < carried ? t->snd.peer_mss : carried;
	/* RFC 6691: what is announced speaks of segments without options. */
	t->snd.mss = t->snd.mss > options_octets(t) + MSS_LEAST
			     ? (uint16_t)(t->snd.mss - options_octets(t))
			     : MSS_LEAST;
	cc_smss(&t->cc, t->snd.mss);
}

/* ---- invariants ----------------------------------------------------------------------------- */

static void check_queue(const struct tcb *t, const struct tcp_pool *pool)
{
	if (t->rexmitq.count == 0) {
		/* A deleted TCB keeps its numbers to be looked at. */
		ASSERT(seq_eq(t->snd.una, t->snd.nxt) || t->state == CLOSED);
		ASSERT(t->rexmitq.head == 0);
		return;
	}
	struct rexmit front = t->rexmitq.front, back = rexmitq_back(t, pool);

	ASSERT(seq_le(front.seq, t->snd.una));
	ASSERT(seq_gt(rexmit_end(&front), t->snd.una));
	ASSERT(seq_eq(rexmit_end(&back), t->snd.nxt));
	ASSERT(is_running(t, TIMER_RETRANSMIT));
}

void tcb_check(const struct tcb *t, const struct tcp_env *env)
{
	ASSERT(seq_le(t->snd.una, t->snd.nxt));
	ASSERT(text_in_flight(t) <= t->snd.queued || t->state == CLOSED);
	ASSERT(t->rcv.wnd <= WINDOW_MOST);
	ASSERT((t->rcv.user == 0) == (t->rcv.text.len == 0));
	check_queue(t, env->pool);
	switch ((enum state)t->state) {
	case CLOSED:
		ASSERT(t->rexmitq.count == 0);
		ASSERT(t->due == 0);
		ASSERT(tcp_next_timeout(t) == USEC_NEVER);
		break;
	case LISTEN: ASSERT(t->rexmitq.count == 0); break;
	case SYN_SENT:
	case SYN_RECEIVED: ASSERT(is_syn_out(t)); break;
	case ESTABLISHED:
	case CLOSE_WAIT: ASSERT(!(t->flags & TCB_FIN_SENT)); break;
	case FIN_WAIT_1:
	case CLOSING:
	case LAST_ACK: ASSERT(!is_fin_acked(t)); break;
	case FIN_WAIT_2: ASSERT(is_fin_acked(t)); break;
	case TIME_WAIT:
		ASSERT(is_fin_acked(t));
		ASSERT(is_running(t, TIMER_TIME_WAIT));
		break;
	case STATE_COUNT: UNREACHABLE();
	}
}

void tcb_check_deep(const struct tcb *t, const struct tcp_env *env)
{
	const struct tcp_pool *pool = env->pool;
	uint32_t unread = t->rcv.text.len, runs = 0;

	tcb_check(t, env);
	for (uint32_t i = 0; i + 1 < t->rexmitq.count; i++) {
		struct rexmit a = rexmitq_at(t, i, pool), b = rexmitq_at(t, i + 1, pool);

		ASSERT(seq_eq(rexmit_end(&a), b.seq));
	}
	if (t->due & DUE_RESEND) {
		struct rexmit at = rexmitq_resend(t, pool);

		ASSERT(seq_le(at.seq, t->resend_at));
		ASSERT(seq_lt(t->resend_at, rexmit_end(&at)));
	}
	board_check(t, pool);
	for (uint32_t b = t->rcv.more; b != 0; b = run_at(pool, b).next)
		unread += run_at(pool, b).text.len;
	ASSERT(unread == t->rcv.user);
	seq32 end = t->rcv.nxt;

	for (uint32_t b = t->rcv.held; b != 0; runs++) {
		struct run r = run_at(pool, b);

		ASSERT(r.text.len > 0);
		ASSERT(seq_ge(r.seq, end));
		end = seq_add(r.seq, r.text.len);
		ASSERT(r.next != 0 || b == t->rcv.held_last);
		b = r.next;
	}
	ASSERT(runs == t->rcv.held_count);
	held_check(t, pool);
	if (t->state != CLOSED && t->state != LISTEN && env->profile->beyond_window == BEYOND_TRIM)
		ASSERT(seq_le(end, seq_add(t->rcv.nxt, window_in_force(t, env))));
}
