/* SPDX-License-Identifier: MIT */
/* calls.c - RFC 9293 sections 3.10.1 to 3.10.6: the user's calls, by state. */
#include "memory.h"
#include "output.h"
#include "queues.h"
#include "reply.h"
#include "tcb.h"
#include "window.h"

static enum tcp_answer answer(struct tcb *t, enum tcp_answer a, enum rule r, struct tcp_env *env)
{
	why(t, r, env);
	return a;
}

/* ---- 3.10.1 OPEN ---------------------------------------------------------------------------- */

/* It ends the OPEN as a user timeout does. */
static void connect_limit(struct tcb *t, struct tcp_env *env)
{
	usec limit = env->profile->connect_limit;

	if (limit > 0 && (!is_running(t, TIMER_USER) || limit < t->deadline[TIMER_USER] - env->now))
		timer_start(t, TIMER_USER, limit, env);
}

static void open_active(struct tcb *t, enum rule r, struct tcp_env *env)
{
	connection_start(t, env);
	t->origin = ORIGIN_ACTIVE;
	connect_limit(t, env);
	syn_due(t, r); /* <SEQ=ISS><CTL=SYN> */
	tcb_enter(t, SYN_SENT, r, env);
}

enum tcp_answer tcp_call_open(struct tcb *t, enum tcp_open how, struct tcp_env *env)
{
	enum tcp_answer a = TCP_OK;

	switch ((enum state)t->state) {
	case CLOSED:
		tcb_renew(t, env);
		if (how == OPEN_ACTIVE) {
			open_active(t, R_OPEN_ACTIVE, env);
		} else {
			t->origin = ORIGIN_PASSIVE;
			tcb_enter(t, LISTEN, R_OPEN_PASSIVE, env);
		}
		break;
	case LISTEN:
		if (how == OPEN_ACTIVE)
			open_active(t, R_OPEN_LISTEN, env);
		else
			a = answer(t, TCP_EXISTS, R_OPEN_EXISTS, env);
		break;
	case SYN_SENT:
	case SYN_RECEIVED:
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT: a = answer(t, TCP_EXISTS, R_OPEN_EXISTS, env); break;
	case STATE_COUNT: UNREACHABLE();
	}
	tcb_check(t, env);
	return a;
}

/* ---- 3.10.2 SEND ---------------------------------------------------------------------------- */

/* MAY-15: text goes when it is pushed. MSG_MORE and `cork` do not push. */
static void push_or_hold(struct tcb *t, unsigned flags, seq32 end, struct tcp_env *env)
{
	if (flags & SEND_RECORD)
		records_end(t, end, env->pool);
	if (env->profile->cork)
		t->flags |= TCB_CORKED;
	if (!(flags & SEND_PUSH))
		t->flags |= TCB_MORE;
	if ((flags & SEND_PUSH) && !env->profile->cork) {
		t->snd.push = end;
		t->flags &= ~(uint32_t)TCB_MORE;
	}
}

/* `cork` is off again: what it held back goes. */
static void uncork(struct tcb *t)
{
	t->flags &= ~(uint32_t)(TCB_CORKED | TCB_MORE);
	t->snd.push = seq_add(t->snd.una, (is_syn_out(t) ? 1 : 0) + t->snd.queued);
}

static enum tcp_answer take_octets(struct tcb *t, uint32_t n, unsigned flags, uint32_t *taken,
				   enum rule r, struct tcp_env *env)
{
	uint32_t room = tcp_send_room(t, env->profile, env->pool);
	seq32 end;

	if (n > room)
		room_missed(t);
	if (n > 0 && room == 0)
		return answer(t, TCP_RESOURCES, R_SEND_NO_ROOM, env);
	why(t, r, env);
	*taken = n < room ? n : room;
	t->snd.queued += *taken;
	end = seq_add(t->snd.una, (is_syn_out(t) ? 1 : 0) + t->snd.queued);
	if ((flags & SEND_URGENT) && *taken > 0) {
		why(t, R_SEND_URGENT, env);
		t->snd.up = end;
		t->flags |= TCB_URGENT_OUT;
	}
	if (*taken > 0)
		push_or_hold(t, flags, end, env);
	t->due |= DUE_NEW;
	return TCP_OK;
}

enum tcp_answer tcp_call_send(struct tcb *t, uint32_t n, unsigned flags, uint32_t *taken,
			      struct tcp_env *env)
{
	enum tcp_answer a = TCP_OK;
	bool is_closing = (t->flags & TCB_CLOSE_QUEUED) != 0;

	*taken = 0;
	switch ((enum state)t->state) {
	case CLOSED: a = answer(t, TCP_NOT_OPEN, R_SEND_CLOSED, env); break;
	case LISTEN:
		open_active(t, R_SEND_LISTEN, env);
		a = take_octets(t, n, flags, taken, R_SEND_QUEUED, env);
		break;
	case SYN_SENT:
	case SYN_RECEIVED:
		a = is_closing ? answer(t, TCP_CLOSING, R_SEND_CLOSING, env)
			       : take_octets(t, n, flags, taken, R_SEND_QUEUED, env);
		break;
	case ESTABLISHED:
	case CLOSE_WAIT:
		a = is_closing ? answer(t, TCP_CLOSING, R_SEND_CLOSING, env)
			       : take_octets(t, n, flags, taken, R_SEND_TAKEN, env);
		break;
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT: a = answer(t, TCP_CLOSING, R_SEND_CLOSING, env); break;
	case STATE_COUNT: UNREACHABLE();
	}
	tcb_check(t, env);
	return a;
}

/* ---- 3.10.3 RECEIVE ------------------------------------------------------------------------- */

static enum tcp_answer give_text(struct tcb *t, uint32_t n, struct text *out, enum rule r,
				 struct tcp_env *env)
{
	why(t, r, env);
	*out = receiveq_take(t, n, env->pool);
	memory_give(t, out->len, env);
	t->rcv.user -= out->len;
	if ((t->flags & TCB_URGENT_IN) && seq_le(t->rcv.up, seq_sub(t->rcv.nxt, t->rcv.user)))
		t->flags &= ~(uint32_t)TCB_URGENT_IN;
	window_read(t, env);
	ack_read(t, env);
	return TCP_OK;
}

enum tcp_answer tcp_call_receive(struct tcb *t, uint32_t n, struct text *out, struct tcp_env *env)
{
	enum tcp_answer a = TCP_OK;
	bool has_text = t->rcv.user > 0;

	*out = (struct text){0};
	switch ((enum state)t->state) {
	case CLOSED:
		a = has_text ? give_text(t, n, out, R_RECEIVE_REST, env)
			     : answer(t, TCP_NOT_OPEN, R_RECEIVE_CLOSED, env);
		break;
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED: a = answer(t, TCP_WAIT, R_RECEIVE_EARLY, env); break;
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
		a = has_text ? give_text(t, n, out, R_RECEIVE_TEXT, env)
			     : answer(t, TCP_WAIT, R_RECEIVE_WAIT, env);
		break;
	case CLOSE_WAIT:
		a = has_text ? give_text(t, n, out, R_RECEIVE_TEXT, env)
			     : answer(t, TCP_CLOSING, R_RECEIVE_CLOSING, env);
		break;
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT:
		a = has_text ? give_text(t, n, out, R_RECEIVE_REST, env)
			     : answer(t, TCP_CLOSING, R_RECEIVE_CLOSING, env);
		break;
	case STATE_COUNT: UNREACHABLE();
	}
	tcb_check(t, env);
	return a;
}

enum tcp_answer tcp_call_peek(const struct tcb *t, uint32_t *there)
{
	*there = t->rcv.user;
	switch ((enum state)t->state) {
	case CLOSED: return *there > 0 ? TCP_OK : TCP_NOT_OPEN;
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED: *there = 0; return TCP_WAIT;
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2: return *there > 0 ? TCP_OK : TCP_WAIT;
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT: return *there > 0 ? TCP_OK : TCP_CLOSING;
	case STATE_COUNT: break;
	}
	UNREACHABLE();
}

uint32_t tcp_urgent_left(const struct tcb *t)
{
	if (!(t->flags & TCB_URGENT_IN))
		return 0;
	return seq_span(seq_sub(t->rcv.nxt, t->rcv.user), t->rcv.up);
}

/* ---- 3.10.4 CLOSE --------------------------------------------------------------------------- */

/* 3.6.1: the user will read no more. True: that lost text, and a RST says so. */
static bool user_leaves(struct tcb *t, struct tcp_env *env)
{
	bool is_lost = t->rcv.user > 0;

	t->flags |= TCB_USER_GONE;
	why(t, R_CLOSE_USER_GONE, env);
	memory_give(t, t->rcv.user, env);
	receiveq_flush(t, env->pool);
	if (is_lost && env->profile->reset_unread &&
	    (is_receiving((enum state)t->state) || t->state == CLOSE_WAIT)) {
		send_reset(t, R_CLOSE_UNREAD, env);
		tcb_delete(t, R_CLOSE_UNREAD, 0, env);
		return true;
	}
	fin_wait_2_limit(t, env);
	return false;
}

static enum tcp_answer close_queued(struct tcb *t, enum rule r, struct tcp_env *env)
{
	t->flags |= TCB_CLOSE_QUEUED;
	t->due |= DUE_NEW;
	return answer(t, TCP_OK, r, env);
}

static enum tcp_answer close_into(struct tcb *t, enum state to, enum rule r, struct tcp_env *env)
{
	t->flags |= TCB_CLOSE_QUEUED;
	t->due |= DUE_NEW;
	tcb_enter(t, to, r, env);
	return TCP_OK;
}

static enum tcp_answer close_by_state(struct tcb *t, struct tcp_env *env)
{
	bool is_again = (t->flags & TCB_CLOSE_QUEUED) != 0;

	switch ((enum state)t->state) {
	case CLOSED:
		receiveq_flush(t, env->pool);
		return answer(t, TCP_NOT_OPEN, R_CLOSE_CLOSED, env);
	case LISTEN: tcb_delete(t, R_CLOSE_LISTEN, 0, env); return TCP_OK;
	case SYN_SENT: tcb_delete(t, R_CLOSE_SYN_SENT, 0, env); return TCP_OK;
	case SYN_RECEIVED:
		if (is_again)
			return answer(t, TCP_OK, R_CLOSE_AGAIN, env);
		if (t->snd.queued > 0)
			return close_queued(t, R_CLOSE_LATER, env);
		return close_into(t, FIN_WAIT_1, R_CLOSE_SYN_RECEIVED, env);
	case ESTABLISHED: return close_into(t, FIN_WAIT_1, R_CLOSE_ESTABLISHED, env);
	case FIN_WAIT_1:
	case FIN_WAIT_2: return answer(t, TCP_OK, R_CLOSE_AGAIN, env);
	case CLOSE_WAIT:
		if (is_again)
			return answer(t, TCP_CLOSING, R_CLOSE_CLOSING, env);
		if (text_unsent(t) > 0)
			return close_queued(t, R_CLOSE_QUEUED, env);
		return close_into(t, LAST_ACK, R_CLOSE_CLOSE_WAIT, env);
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT: return answer(t, TCP_CLOSING, R_CLOSE_CLOSING, env);
	case STATE_COUNT: break;
	}
	UNREACHABLE();
}

enum tcp_answer tcp_call_close(struct tcb *t, enum tcp_close how, struct tcp_env *env)
{
	enum tcp_answer a = TCP_OK;

	if (how == CLOSE_SEND || t->state == CLOSED || !user_leaves(t, env))
		a = close_by_state(t, env);
	tcb_check(t, env);
	return a;
}

/* ---- 3.10.5 ABORT --------------------------------------------------------------------------- */

enum tcp_answer tcp_call_abort(struct tcb *t, struct tcp_env *env)
{
	enum tcp_answer a = TCP_OK;

	t->flags |= TCB_USER_GONE; /* nothing is kept for anyone to read */
	switch ((enum state)t->state) {
	case CLOSED:
		receiveq_flush(t, env->pool);
		a = answer(t, TCP_NOT_OPEN, R_ABORT_CLOSED, env);
		break;
	case LISTEN:
	case SYN_SENT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT: tcb_delete(t, R_ABORT_SILENT, 0, env); break;
	case SYN_RECEIVED:
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSE_WAIT:
		send_reset(t, R_ABORT_RESET, env);
		tcb_delete(t, R_ABORT_RESET, 0, env);
		break;
	case STATE_COUNT: UNREACHABLE();
	}
	tcb_check(t, env);
	return a;
}

/* ---- 3.10.6 STATUS -------------------------------------------------------------------------- */

enum tcp_answer tcp_call_status(const struct tcb *t, enum state *state)
{
	*state = (enum state)t->state;
	return t->state == CLOSED ? TCP_NOT_OPEN : TCP_OK;
}

void tcp_call_settings(struct tcb *t, struct tcp_env *env)
{
	if (is_sending((enum state)t->state) || t->state == FIN_WAIT_2) {
		if (!env->profile->keepalive)
			timer_stop(t, TIMER_KEEPALIVE);
		else if (!is_running(t, TIMER_KEEPALIVE))
			keepalive_restart(t, env);
		if ((t->flags & TCB_CORKED) && !env->profile->cork)
			uncork(t);
		user_timeout_restart(t, env);
		memory_settings(t, env);
		window_read(t, env);
		t->due |= DUE_NEW;
	}
	tcb_check(t, env);
}
