/* SPDX-License-Identifier: MIT */
/* recorder_call.c - calls: those that our own process told, and those that follow from what its
 * TCP did. */
#include "live/recorder_inside.h"

#include <string.h>

static struct record *tell_call(struct recorder *r, struct pair *f, uint8_t side,
				enum call_verb verb, usec at)
{
	struct record *call = side_tell(r, f, side, REC_CALL, at);

	call->detail = (uint8_t)verb;
	return call;
}

/* ---- connecting ------------------------------------------------------------------------------ */

static void open_actively(struct recorder *r, struct pair *f, uint8_t side, const struct item *syn,
			  bool is_inferred, usec at)
{
	struct side *s = &f->side[side];
	struct record *call;

	older_retires(r, f, side, at);
	conn_birth(r, f, side);
	change_begin(r, s);
	r->before = (struct tcb){0};
	if (syn) {
		s->tcb.iss = s->tcb.snd.una = syn->seg.seq;
		s->tcb.snd.nxt = seq_add(syn->seg.seq, 1);
		s->tcb.rcv.wnd = syn->seg.wnd;
		s->tcb.rcv.mss = syn->seg.opts & OPT_MSS ? syn->seg.mss : 0;
	}
	change_note(r, s, SYN_SENT, R_OPEN_ACTIVE, false);
	call = tell_call(r, f, side, CALL_CONNECT, at);
	call->is_inferred = is_inferred;
	change_end(r, f, side, call, at);
}

/* Of those that still wait. */
const struct item *syn_of(const struct pair *f, uint8_t side)
{
	const struct item *i = f->first;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side == side && (i->seg.ctl & SYN))
			return i;
	}
	return NULL;
}

void infer_connect(struct recorder *r, struct pair *f, uint8_t side, struct item *syn, usec at)
{
	const struct item *answer = syn_of(f, !side);

	if (answer && (answer->seg.ctl & ACK) && !f->side[!side].is_known &&
	    !listener_find(r, &f->side[!side].at))
		infer_listen(r, &f->side[!side].at, true, at);
	/* The SYN of a listener that was there all the time is no call: two that call each other.
	 */
	open_actively(r, f, side, syn, !act_claim(r, f, side), at);
}

static void tell_other(struct recorder *r, struct pair *f, uint8_t side, const struct act *a,
		       usec at)
{
	struct record *call = tell_call(r, f, side, a->verb, at);

	call->error = (uint16_t)a->error;
	call->number[0] = a->value;
	if (a->option)
		call->text[0] = trace_text(r->trace, a->option, strlen(a->option));
}

static void act_connect(struct recorder *r, struct pair *f, uint8_t side, const struct act *a,
			usec at)
{
	struct side *s = &f->side[side];
	bool is_under_way = a->error == SOCK_OK || a->error == SOCK_EINPROGRESS;
	struct record *record;

	s->tells = true;
	if (!a->is_result && !is_under_way) {
		tell_other(r, f, side, a, at);
		return;
	}
	if (!s->is_known) {
		act_claim(r, f, side);
		open_actively(r, f, side, syn_of(f, side), false, at);
	}
	if (!a->is_result || s->was_answered)
		return;
	s->was_answered = true;
	change_begin(r, s);
	/* Where no frames show it, the answer does. */
	if (!r->has_frames && s->tcb.state == SYN_SENT)
		change_note(r, s, is_under_way ? ESTABLISHED : CLOSED,
			    is_under_way ? R_SYN_SENT_ESTABLISHED : R_SYN_SENT_RST, false);
	record = side_tell(r, f, side, REC_RESULT, at);
	record->detail = CALL_CONNECT;
	record->error = (uint16_t)a->error;
	change_end(r, f, side, record, at);
}

/* What a connection that was opened means to its application. */
void infer_opened(struct recorder *r, struct pair *f, uint8_t side, uint64_t cause, usec at)
{
	struct side *s = &f->side[side];
	const struct listener *l = listener_find(r, &s->at);
	struct record *record;

	s->has_connected = true;
	record = side_tell(r, f, side, REC_SIGNAL, at);
	record->of = cause;
	record->number[0] = TCP_SIG_ESTABLISHED;
	record->is_inferred = true;
	if (side == CALLER && !s->was_answered) {
		s->was_answered = true;
		record = side_tell(r, f, side, REC_RESULT, at);
		record->of = cause;
		record->detail = CALL_CONNECT;
		record->is_inferred = true;
	}
	if (side == CALLED && l && !l->tells && !s->tells && !s->was_accepted) {
		s->was_accepted = true;
		record = tell_call(r, f, side, CALL_ACCEPT, at);
		record->number[0] = l->conn;
		record->is_inferred = true;
	}
}

void infer_failed(struct recorder *r, struct pair *f, uint8_t side, enum sock_error e,
		  uint64_t cause, usec at)
{
	struct side *s = &f->side[side];
	struct record *record = side_tell(r, f, side, REC_SIGNAL, at);

	record->of = cause;
	record->number[0] = e == SOCK_ECONNREFUSED ? TCP_SIG_REFUSED : TCP_SIG_RESET;
	record->is_inferred = true;
	if (side == CALLER && !s->was_answered) {
		s->was_answered = true;
		record = side_tell(r, f, side, REC_RESULT, at);
		record->of = cause;
		record->detail = CALL_CONNECT;
		record->error = (uint16_t)e;
		record->is_inferred = true;
	}
}

/* ---- writing and reading --------------------------------------------------------------------- */

/* One write() for what leaves in one run up to a PUSH, as far as it waits here. */
static uint32_t gather_run(struct recorder *r, struct pair *f, struct item *frame)
{
	struct side *s = &f->side[frame->side];
	struct item *i = frame;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side != frame->side || i->seg.text.len == 0)
			continue;
		if (i != frame && !seq_eq(seg_text_seq(&i->seg), s->stream_end))
			break;
		text_gather(r, f, i);
		if (i->seg.ctl & (PSH | FIN | RST))
			break;
	}
	return (uint32_t)(s->stream_size - s->written < UINT32_MAX ? s->stream_size - s->written
								   : UINT32_MAX);
}

void infer_write(struct recorder *r, struct pair *f, struct item *frame, usec at)
{
	struct side *s = &f->side[frame->side];
	struct record *call;
	uint32_t n;

	text_gather(r, f, frame);
	if (s->stream_size <= s->written || s->tells)
		return;
	infer_read_to(r, f, frame->side, 0, at); /* who answers has read */
	n = gather_run(r, f, frame);
	change_begin(r, s);
	s->tcb.snd.queued += n;
	call = tell_call(r, f, frame->side, CALL_WRITE, at);
	call->is_inferred = true;
	call->number[0] = call->number[1] = n;
	call->seg.text = (struct text){s->written, s->conn, n};
	s->written += n;
	change_end(r, f, frame->side, call, at);
}

static void tell_read(struct recorder *r, struct pair *f, uint8_t side, uint32_t n,
		      bool is_inferred, usec at)
{
	struct side *s = &f->side[side], *from = &f->side[!side];
	uint64_t there = stream_size(trace_streams_of(r->trace), from->conn);
	struct record *read;

	change_begin(r, s);
	s->tcb.rcv.user -= n < s->tcb.rcv.user ? n : s->tcb.rcv.user;
	read = side_tell(r, f, side, REC_READ, at);
	read->is_inferred = is_inferred;
	read->number[0] = n;
	if (n > 0 && from->is_known && s->read < there && n <= there - s->read)
		read->seg.text = (struct text){s->read, from->conn, n};
	s->read += n;
	if (n == 0)
		s->has_read_end = true;
	change_end(r, f, side, read, at);
}

static bool has_end(const struct side *s)
{
	return s->tcb.state == CLOSE_WAIT || s->tcb.state == CLOSING || s->tcb.state == LAST_ACK ||
	       s->tcb.state == TIME_WAIT;
}

/* Somebody who answers with nothing but a reset has not read it: that is why (RFC 2525 2.17). */
static bool will_reset(const struct pair *f, uint8_t side)
{
	const struct item *i = f->first;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side == side && (i->seg.text.len > 0 || (i->seg.ctl & (FIN | RST))))
			return i->seg.ctl & RST;
	}
	return false;
}

static bool is_read_by_others(struct recorder *r, const struct pair *f, uint8_t side)
{
	const struct side *s = &f->side[side];
	const struct listener *l = listener_find(r, &s->at);

	return !s->tells && !(side == CALLED && l && l->tells);
}

/* Until `unread` octets are left. */
void infer_read_to(struct recorder *r, struct pair *f, uint8_t side, uint32_t unread, usec at)
{
	const struct side *s = &f->side[side];

	if (is_read_by_others(r, f, side) && s->tcb.rcv.user > unread && !will_reset(f, side))
		tell_read(r, f, side, s->tcb.rcv.user - unread, true, at);
}

/* When somebody else's process reads is told by the kernel, where it is asked; else: at once. */
void infer_read(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	const struct side *s = &f->side[side];

	if (!s->is_looked_at)
		infer_read_to(r, f, side, 0, at);
	if (is_read_by_others(r, f, side) && s->tcb.rcv.user == 0 && has_end(s) &&
	    !s->has_read_end && !s->is_closed)
		tell_read(r, f, side, 0, true, at);
}

/* Octets of the side's stream from `offset` on; what frames told before is there already. */
static void learn_octets(struct recorder *r, struct side *s, uint64_t offset, const uint8_t *octets,
			 uint32_t n)
{
	uint64_t known = s->stream_size > offset ? s->stream_size - offset : 0;

	if (!s->is_known || s->stream_size < offset || known >= n)
		return;
	if (!s->has_stream) {
		s->has_stream = true;
		s->stream_end = s->tcb.snd.nxt;
	}
	stream_write(trace_streams(r->trace), s->conn, octets + known, n - known);
	s->stream_size += n - known;
	s->stream_end = seq_add(s->stream_end, (uint32_t)(n - known));
}

static void act_write(struct recorder *r, struct pair *f, uint8_t side, const struct item *i,
		      usec at)
{
	struct side *s = &f->side[side];
	uint32_t n = i->size;
	struct record *call;

	change_begin(r, s);
	call = tell_call(r, f, side, CALL_WRITE, at);
	call->error = (uint16_t)i->act.error;
	call->number[0] = call->number[1] = n;
	call->seg.text = (struct text){s->written, s->conn, n};
	learn_octets(r, s, s->written, i->octets, n);
	if (n == 0)
		call->seg.text = (struct text){0};
	s->written += n;
	s->tcb.snd.queued += n;
	change_end(r, f, side, call, at);
}

/* ---- ending ---------------------------------------------------------------------------------- */

/* The step that a CLOSE makes at once; RULE_NONE: none. */
enum rule state_after_close(enum state from, enum state *to)
{
	switch (from) {
	case SYN_RECEIVED: *to = FIN_WAIT_1; return R_CLOSE_SYN_RECEIVED;
	case ESTABLISHED: *to = FIN_WAIT_1; return R_CLOSE_ESTABLISHED;
	case CLOSE_WAIT: *to = LAST_ACK; return R_CLOSE_CLOSE_WAIT;
	case SYN_SENT: *to = CLOSED; return R_CLOSE_SYN_SENT;
	case CLOSED:
	case LISTEN:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT:
	case STATE_COUNT: break;
	}
	*to = from;
	return RULE_NONE;
}

/* It goes on to hear the other side: a shutdown(), not a close(). */
static bool goes_on_to_hear(const struct item *fin)
{
	const struct item *i = fin->next;

	for (uint32_t n = 0; i && n < AHEAD; i = i->next, n++) {
		if (i->side == fin->side && (i->seg.ctl & RST))
			return false;
		if (i->side != fin->side && i->seg.text.len > 0 &&
		    seq_ge(i->seg.ack, seg_end(&fin->seg)))
			return true;
	}
	return false;
}

/* The first FIN: the step was asked for by a call, which may have been told. */
void fin_leaves(struct recorder *r, struct pair *f, struct item *fin, usec at)
{
	struct side *s = &f->side[fin->side];
	bool is_shut_only = goes_on_to_hear(fin);
	enum state to;
	enum rule rule = state_after_close((enum state)s->tcb.state, &to);
	struct record *call;

	if (rule == RULE_NONE)
		return;
	change_begin(r, s);
	if (s->tells || s->is_shut) {
		struct record *step = side_tell(r, f, fin->side, REC_STATE, at);

		step->of = s->close_record > 0 ? s->close_record - 1 : step->serial;
		step->rule = (uint16_t)rule;
		step->to = (uint8_t)to;
		step->is_inferred = true;
		s->tcb.state = (uint8_t)to;
		s->state_record = step->serial + 1;
		return;
	}
	s->is_shut = true;
	s->is_closed = !is_shut_only;
	if (s->is_closed)
		s->tcb.flags |= TCB_USER_GONE;
	change_note(r, s, to, rule, false);
	call = tell_call(r, f, fin->side, is_shut_only ? CALL_SHUTDOWN : CALL_CLOSE, at);
	call->is_inferred = true;
	change_end(r, f, fin->side, call, at);
}

/* A RST leaves and ends its connection: on the application's word, or because it has closed and
 * nobody reads what comes. */
void infer_abort(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct side *s = &f->side[side];
	struct record *record;

	change_begin(r, s);
	for (size_t i = 0; i < TIMER_COUNT; i++)
		s->tcb.deadline[i] = USEC_NEVER;
	if (s->tells || s->is_shut) {
		enum rule rule = s->is_shut ? R_TEXT_NOBODY : R_ABORT_RESET;

		record = side_tell(r, f, side, REC_STATE, at);
		record->of = s->close_record > 0 ? s->close_record - 1 : record->serial;
		record->rule = (uint16_t)rule;
		record->to = CLOSED;
		record->is_inferred = true;
		s->tcb.state = CLOSED;
		s->state_record = record->serial + 1;
		return;
	}
	s->is_shut = s->is_closed = true;
	/* close() with something unread ends so, too. */
	change_note(r, s, CLOSED, s->tcb.rcv.user > 0 ? R_CLOSE_UNREAD : R_ABORT_RESET, false);
	record = tell_call(r, f, side, s->tcb.rcv.user > 0 ? CALL_CLOSE : CALL_ABORT, at);
	record->is_inferred = true;
	change_end(r, f, side, record, at);
}

/* Where no frames show the FIN, the call itself makes the step. */
static void act_close(struct recorder *r, struct pair *f, uint8_t side, const struct act *a,
		      usec at)
{
	struct side *s = &f->side[side];
	struct record *call;
	enum state to;
	enum rule rule = state_after_close((enum state)s->tcb.state, &to);

	change_begin(r, s);
	s->is_closed = s->is_closed || a->verb != CALL_SHUTDOWN;
	if (s->is_closed)
		s->tcb.flags |= TCB_USER_GONE;
	if (!s->is_shut && a->error == SOCK_OK && rule != RULE_NONE &&
	    (!r->has_frames || s->tcb.state == SYN_SENT)) {
		if (a->verb == CALL_ABORT)
			change_note(r, s, CLOSED, R_ABORT_RESET, false);
		else
			change_note(r, s, to, rule, false);
	}
	s->is_shut = true;
	call = tell_call(r, f, side, a->verb, at);
	call->error = (uint16_t)a->error;
	s->close_record = call->serial + 1;
	change_end(r, f, side, call, at);
}

/* ---- acts ------------------------------------------------------------------------------------ */

static void act_accept(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct side *s = &f->side[side];
	const struct listener *l = listener_find(r, &s->at);
	struct record *call;

	s->was_accepted = true;
	call = tell_call(r, f, side, CALL_ACCEPT, at);
	call->number[0] = l ? l->conn : 0;
}

/* Told before anything was seen of its connection: it is open. */
static void be_known(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct side *s = &f->side[side];
	struct record *picture;

	if (s->is_known)
		return;
	conn_birth(r, f, side);
	s->tcb.state = ESTABLISHED;
	s->has_connected = true;
	picture = side_tell(r, f, side, REC_PICTURE, at);
	picture->is_inferred = true;
	trace_changes(r->trace, picture->serial, NULL, &s->tcb);
}

static void act_of_pair(struct recorder *r, struct item *i, usec at)
{
	struct pair *f = i->pair;
	struct side *s = &f->side[i->side];

	pair_begin(r, f);
	if (i->act.verb == CALL_CONNECT) {
		act_connect(r, f, i->side, &i->act, at);
		return;
	}
	s->tells = true;
	be_known(r, f, i->side, at);
	switch (i->act.verb) {
	case CALL_ACCEPT: act_accept(r, f, i->side, at); break;
	case CALL_WRITE: act_write(r, f, i->side, i, at); break;
	case CALL_READ:
		if (i->act.error != SOCK_OK)
			break;
		learn_octets(r, &f->side[!i->side], s->read, i->octets, i->size);
		tell_read(r, f, i->side, i->size, false, at);
		break;
	case CALL_SHUTDOWN:
	case CALL_CLOSE:
	case CALL_ABORT: act_close(r, f, i->side, &i->act, at); break;
	case CALL_OPTION:
	case CALL_BIND:
	case CALL_LISTEN: tell_other(r, f, i->side, &i->act, at); break;
	case CALL_CONNECT:
	case CALL_VERB_COUNT: break;
	}
}

void act_told(struct recorder *r, struct item *i)
{
	if (!is_room(r))
		return;
	if (i->pair)
		act_of_pair(r, i, at_of(r, i->at));
	else
		listener_act(r, i, at_of(r, i->at));
}

/* Somebody of our process called this other side, from a port that was not known then. */
bool act_claim(struct recorder *r, struct pair *f, uint8_t side)
{
	for (size_t i = 0; i < r->unclaimed.count; i++) {
		struct item *call = r->unclaimed.at[i];

		if (!endpoint_eq(&call->act.peer, &f->side[!side].at))
			continue;
		r->unclaimed.at[i] = r->unclaimed.at[--r->unclaimed.count];
		item_free(r, call);
		f->side[side].tells = true;
		return true;
	}
	return false;
}
