/* SPDX-License-Identifier: MIT */
/* recorder_arrive.c - a segment arrives: the checks of RFC 9293 3.10.7, as far as their outcome
 * shows in the fields that are kept. */
#include "live/recorder_inside.h"

static const usec linux_time_wait = 60 * USEC_PER_S; /* TCP_TIMEWAIT_LEN */

/* ---- 2 MSL ----------------------------------------------------------------------------------- */

void side_mourns(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct side *s = &f->side[side];
	usec until = at + (r->o.time_wait ? r->o.time_wait : linux_time_wait);
	struct item *end = item_new(r, ITEM_MOURNED, r->epoch + until);

	end->pair = f;
	end->side = side;
	end->order = order_of_next(r);
	s->mourning = end->order;
	s->tcb.deadline[TIMER_TIME_WAIT] = until;
	queue_put(r, end);
}

void side_mourned(struct recorder *r, struct item *i)
{
	struct side *s = &i->pair->side[i->side];
	struct record *record;
	usec at = at_of(r, i->at);

	if (s->mourning != i->order || s->tcb.state != TIME_WAIT || !is_room(r))
		return;
	change_begin(r, s);
	s->tcb.deadline[TIMER_TIME_WAIT] = USEC_NEVER;
	change_note(r, s, CLOSED, R_TIME_WAIT_OVER, false);
	record = side_tell(r, i->pair, i->side, REC_TIMER, at);
	record->detail = TIMER_TIME_WAIT;
	record->is_inferred = true;
	change_end(r, i->pair, i->side, record, at);
}

/* ---- who takes it ---------------------------------------------------------------------------- */

static struct record *tell_arrival(struct recorder *r, struct pair *f, const struct item *i,
				   enum record_kind kind, usec at)
{
	struct record *record = side_tell(r, f, i->side, kind, at);

	record->of = i->send;
	record->from_port = f->side[!i->side].at.port;
	record->to_port = f->side[i->side].at.port;
	record->seg = i->seg;
	record->seg.text = trace_at(r->trace, i->send)->seg.text;
	record->rule = i->seg.rule;
	return record;
}

/* A SYN finds a listener: a connection is born, a copy of it. */
static bool is_born_of_listener(struct recorder *r, struct pair *f, const struct item *i, usec at)
{
	struct side *s = &f->side[i->side];

	if (s->is_known || (i->seg.ctl & (SYN | ACK | RST)) != SYN || is_refused(f, i->side))
		return false;
	if (!listener_find(r, &s->at))
		infer_listen(r, &s->at, true, at);
	return true;
}

/* What knew these ports before, and is still there. */
static struct pair *still_there(struct pair *f, uint8_t side, uint8_t *out)
{
	struct pair *older = f->older;

	if (!older)
		return NULL;
	*out = endpoint_eq(&older->side[CALLER].at, &f->side[side].at) ? CALLER : CALLED;
	return older->side[*out].is_known && older->side[*out].tcb.state != CLOSED ? older : NULL;
}

/* The ports are used again: what had them is over (MAY-2 in TIME-WAIT; else its machine has
 * forgotten it). */
void older_retires(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	uint8_t old;
	struct pair *older = still_there(f, side, &old);
	struct record *record;
	struct side *s;

	if (!older)
		return;
	s = &older->side[old];
	change_begin(r, s);
	s->mourning = 0;
	for (size_t i = 0; i < TIMER_COUNT; i++)
		s->tcb.deadline[i] = USEC_NEVER;
	if (s->tcb.state == LISTEN || !edge_exists((enum state)s->tcb.state, CLOSED))
		return;
	change_note(r, s, CLOSED, s->tcb.state == TIME_WAIT ? R_TIME_WAIT_SYN : RULE_NONE, false);
	record = side_tell(r, older, old, REC_PICTURE, at);
	record->is_inferred = true;
	change_end(r, older, old, record, at);
}

/* The new SYN meets the old connection, and is answered by that. */
static bool is_repeated_before(const struct pair *f, const struct item *answer)
{
	for (const struct item *i = f->first; i && i != answer; i = i->next) {
		if (i->side != answer->side && (i->seg.ctl & SYN))
			return true;
	}
	return false;
}

static bool is_taken_by_older(struct recorder *r, struct pair *f, const struct item *i, usec at)
{
	uint8_t old;
	struct pair *older = still_there(f, i->side, &old);
	const struct item *answer;

	if (!older || f->side[i->side].is_known)
		return false;
	answer = syn_of(f, i->side);
	if (answer && !is_repeated_before(f, answer))
		return false;
	tell_arrival(r, f, i, REC_ARRIVE, at)->conn = older->side[old].conn;
	return true;
}

static void be_born(struct recorder *r, struct pair *f, const struct item *i, usec at)
{
	struct side *s = &f->side[i->side];
	const struct item *answer = syn_of(f, i->side);
	struct record *record;

	older_retires(r, f, i->side, at);
	conn_birth(r, f, i->side);
	change_begin(r, s);
	r->before = (struct tcb){0}; /* all of it is new */
	s->tcb.state = LISTEN;
	s->tcb.irs = i->seg.seq;
	s->tcb.rcv.nxt = seq_add(i->seg.seq, 1);
	s->tcb.snd.wnd = s->tcb.snd.max_wnd = i->seg.wnd;
	s->tcb.snd.wl1 = i->seg.seq;
	s->tcb.snd.mss = i->seg.opts & OPT_MSS ? i->seg.mss : 536;
	if (answer) {
		s->tcb.iss = s->tcb.snd.una = answer->seg.seq;
		s->tcb.snd.nxt = seq_add(answer->seg.seq, 1);
	}
	change_note(r, s, SYN_RECEIVED, R_LISTEN_SYN, false);
	record = tell_arrival(r, f, i, REC_ARRIVE, at);
	change_end(r, f, i->side, record, at);
}

/* ---- third to fifth: SYN, ACK ---------------------------------------------------------------- */

static uint32_t told_window(const struct pair *f, uint8_t sender, const struct seg *seg)
{
	const struct side *s = &f->side[sender];
	bool is_scaled = s->has_scale && f->side[!sender].has_scale && !(seg->ctl & SYN);

	return (uint32_t)seg->wnd << (is_scaled ? s->scale : 0);
}

static void take_window(struct pair *f, uint8_t side, const struct seg *seg)
{
	struct tcb *t = &f->side[side].tcb;
	bool is_newer = seq_lt(t->snd.wl1, seg->seq) ||
			(seq_eq(t->snd.wl1, seg->seq) && seq_le(t->snd.wl2, seg->ack));

	if (!is_newer && !(seg->ctl & SYN))
		return;
	t->snd.wnd = told_window(f, !side, seg);
	if (t->snd.wnd > t->snd.max_wnd)
		t->snd.max_wnd = t->snd.wnd;
	t->snd.wl1 = seg->seq;
	t->snd.wl2 = seg->ack;
}

static void count_duplicate(struct tcb *t, const struct seg *seg, uint32_t window)
{
	bool is_duplicate = seq_eq(seg->ack, t->snd.una) && !seq_eq(t->snd.una, t->snd.nxt) &&
			    seg->len == 0 && window == t->snd.wnd;

	if (is_duplicate && t->dupacks < UINT8_MAX)
		t->dupacks++;
	if (t->dupacks == 3) {
		t->recover = t->snd.nxt;
		t->flags |= TCB_RECOVERING;
	}
}

static void take_ack(struct recorder *r, struct pair *f, uint8_t side, const struct seg *seg)
{
	struct side *s = &f->side[side];
	struct tcb *t = &s->tcb;

	if (seq_gt(seg->ack, t->snd.nxt))
		t->snd.nxt = seg->ack; /* of what left and was not captured */
	count_duplicate(t, seg, told_window(f, !side, seg));
	if (seq_gt(seg->ack, t->snd.una)) {
		uint32_t gone = seq_span(t->snd.una, seg->ack);

		t->snd.queued -= gone < t->snd.queued ? gone : t->snd.queued;
		t->snd.una = seg->ack;
		t->dupacks = t->rexmits = 0;
		t->deadline[TIMER_RETRANSMIT] = USEC_NEVER;
		if (seq_ge(seg->ack, t->recover))
			t->flags &= ~(uint32_t)TCB_RECOVERING;
	}
	t->keepalives = 0;
	take_window(f, side, seg);
	(void)r;
}

static bool is_fin_acknowledged(const struct side *s)
{
	return (s->tcb.flags & TCB_FIN_SENT) && seq_gt(s->tcb.snd.una, s->fin);
}

/* The steps that an acknowledgment makes. */
static void step_ack(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct side *s = &f->side[side];

	if (s->tcb.state == SYN_RECEIVED && seq_gt(s->tcb.snd.una, s->tcb.iss))
		change_note(r, s, ESTABLISHED, R_ACK_SYN_RECEIVED, false);
	if (!is_fin_acknowledged(s))
		return;
	switch ((enum state)s->tcb.state) {
	case FIN_WAIT_1: change_note(r, s, FIN_WAIT_2, R_ACK_FIN_WAIT_1, false); break;
	case CLOSING:
		change_note(r, s, TIME_WAIT, R_ACK_CLOSING, false);
		side_mourns(r, f, side, at);
		break;
	case LAST_ACK: change_note(r, s, CLOSED, R_ACK_LAST_ACK, false); break;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED:
	case ESTABLISHED:
	case FIN_WAIT_2:
	case CLOSE_WAIT:
	case TIME_WAIT:
	case STATE_COUNT: break;
	}
}

/* ---- seventh: text --------------------------------------------------------------------------- */

static void hold(struct side *s, seq32 from, seq32 to)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->held_count; i++) {
		struct run *h = &s->held[i];

		if (seq_gt(h->from, to) || seq_lt(h->to, from)) {
			s->held[kept++] = *h;
			continue;
		}
		from = seq_min(from, h->from);
		to = seq_max(to, h->to);
	}
	if (kept < HELD_RUNS)
		s->held[kept++] = (struct run){from, to};
	s->held_count = kept;
}

/* RCV.NXT goes on over what is held. */
static void join_held(struct side *s)
{
	bool is_joined = true;

	while (is_joined) {
		is_joined = false;
		for (uint32_t i = 0; i < s->held_count; i++) {
			if (seq_gt(s->held[i].from, s->tcb.rcv.nxt))
				continue;
			s->tcb.rcv.nxt = seq_max(s->tcb.rcv.nxt, s->held[i].to);
			s->held[i] = s->held[--s->held_count];
			is_joined = true;
			break;
		}
	}
}

static bool may_take_text(const struct side *s)
{
	return s->tcb.state == ESTABLISHED || s->tcb.state == FIN_WAIT_1 ||
	       s->tcb.state == FIN_WAIT_2;
}

static void take_text(struct side *s, const struct seg *seg)
{
	seq32 from = seg_text_seq(seg), to = seq_add(from, seg->text.len), old = s->tcb.rcv.nxt;
	uint32_t more;

	if (seg->text.len == 0 || !may_take_text(s) || seq_le(to, old))
		return;
	if (seq_gt(from, old)) {
		hold(s, from, to);
	} else {
		s->tcb.rcv.nxt = to;
		join_held(s);
	}
	more = seq_span(old, s->tcb.rcv.nxt);
	s->tcb.rcv.user += more;
	s->tcb.rcv.wnd -= more < s->tcb.rcv.wnd ? more : s->tcb.rcv.wnd;
	s->tcb.rcv.held_count = (uint16_t)s->held_count;
}

/* ---- eighth: FIN ----------------------------------------------------------------------------- */

static void step_fin(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct side *s = &f->side[side];

	switch ((enum state)s->tcb.state) {
	case ESTABLISHED: change_note(r, s, CLOSE_WAIT, R_FIN_CLOSE_WAIT, false); break;
	case FIN_WAIT_1: change_note(r, s, CLOSING, R_FIN_SIMULTANEOUS, false); break;
	case FIN_WAIT_2:
		change_note(r, s, TIME_WAIT, R_FIN_TIME_WAIT, false);
		side_mourns(r, f, side, at);
		break;
	case TIME_WAIT: side_mourns(r, f, side, at); break;
	case SYN_RECEIVED: /* the fifth check let nothing by that does not establish it */
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case STATE_COUNT: break;
	}
}

static void take_fin(struct recorder *r, struct pair *f, uint8_t side, const struct seg *seg,
		     usec at)
{
	struct side *s = &f->side[side];
	struct tcb *t = &s->tcb;

	if (seg->ctl & FIN) {
		if (seq_lt(seq_sub(seg_end(seg), 1), t->rcv.nxt)) {
			if (t->state == TIME_WAIT)
				step_fin(r, f, side, at);
			return;
		}
		t->flags |= TCB_FIN_AHEAD;
		t->rcv.fin = seq_sub(seg_end(seg), 1);
	}
	if (!(t->flags & TCB_FIN_AHEAD) || !seq_eq(t->rcv.fin, t->rcv.nxt))
		return;
	t->flags &= ~(uint32_t)TCB_FIN_AHEAD;
	t->rcv.nxt = seq_add(t->rcv.nxt, 1);
	step_fin(r, f, side, at);
}

/* ---- second: RST ----------------------------------------------------------------------------- */

static bool is_good_reset(const struct side *s, const struct seg *seg)
{
	if (s->tcb.state == SYN_SENT)
		return (seg->ctl & ACK) && seq_gt(seg->ack, s->tcb.iss);
	/* RFC 5961: right at RCV.NXT; Linux also takes the one behind what it holds. */
	return seq_eq(seg->seq, s->tcb.rcv.nxt) ||
	       (s->held_count > 0 && seq_eq(seg->seq, s->held[0].to));
}

static void take_reset(struct recorder *r, struct pair *f, uint8_t side, const struct seg *seg,
		       enum sock_error *error)
{
	struct side *s = &f->side[side];
	bool is_passive = s->tcb.state == SYN_RECEIVED && side == CALLED;

	if (!is_good_reset(s, seg))
		return;
	*error = SOCK_ECONNRESET;
	if (s->tcb.state == SYN_SENT || s->tcb.state == SYN_RECEIVED)
		*error = SOCK_ECONNREFUSED;
	for (size_t i = 0; i < TIMER_COUNT; i++)
		s->tcb.deadline[i] = USEC_NEVER;
	s->mourning = 0;
	if (is_passive)
		change_note(r, s, LISTEN, R_RST_LISTEN, false);
	else if (s->tcb.state == SYN_SENT)
		change_note(r, s, CLOSED, R_SYN_SENT_RST, false);
	else if (s->tcb.state == CLOSING || s->tcb.state == LAST_ACK || s->tcb.state == TIME_WAIT)
		change_note(r, s, CLOSED, R_RST_CLOSE, false);
	else
		change_note(r, s, CLOSED, R_RST_RESET, false);
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static void take_in_syn_sent(struct recorder *r, struct pair *f, uint8_t side,
			     const struct seg *seg)
{
	struct side *s = &f->side[side];
	struct tcb *t = &s->tcb;
	bool is_acked = (seg->ctl & ACK) && seq_gt(seg->ack, t->iss);

	if (!(seg->ctl & SYN) || ((seg->ctl & ACK) && !is_acked))
		return;
	t->irs = seg->seq;
	t->rcv.nxt = seq_add(seg->seq, 1);
	t->snd.mss = seg->opts & OPT_MSS ? seg->mss : 536;
	t->snd.wl1 = seg->seq;
	if (is_acked) {
		take_ack(r, f, side, seg);
		change_note(r, s, ESTABLISHED, R_SYN_SENT_ESTABLISHED, false);
	} else {
		take_window(f, side, seg);
		change_note(r, s, SYN_RECEIVED, R_SYN_SENT_SIMULTANEOUS, false);
	}
}

/* First: some of it lies in the window, or it lies where the next one should begin. */
static bool is_acceptable(const struct side *s, const struct seg *seg)
{
	if (seq_gt(seg_end(seg), s->tcb.rcv.nxt) || seq_eq(seg->seq, s->tcb.rcv.nxt))
		return true;
	/* Linux takes the ACK of an old one too; the RFC does not, but in the crossing of two SYNs
	 * (3.10.7.4, errata). */
	return (seg->ctl & SYN) && s->tcb.state == SYN_RECEIVED;
}

static void take(struct recorder *r, struct pair *f, uint8_t side, const struct seg *seg,
		 enum sock_error *error, usec at)
{
	struct side *s = &f->side[side];

	if (s->tcb.state == CLOSED || s->tcb.state == LISTEN)
		return;
	if (seg->ctl & RST) {
		take_reset(r, f, side, seg, error);
		return;
	}
	if (s->tcb.state == SYN_SENT) {
		take_in_syn_sent(r, f, side, seg);
		return;
	}
	if (!is_acceptable(s, seg)) {
		take_fin(r, f, side, seg, at);
		return;
	}
	if (!(seg->ctl & ACK) || ((seg->ctl & SYN) && s->tcb.state != SYN_RECEIVED))
		return;
	take_ack(r, f, side, seg);
	step_ack(r, f, side, at);
	take_text(s, seg);
	take_fin(r, f, side, seg, at);
}

static void follow(struct recorder *r, struct pair *f, uint8_t side, enum state before,
		   uint64_t cause, enum sock_error error, usec at)
{
	struct side *s = &f->side[side];

	if ((before == SYN_SENT || before == SYN_RECEIVED) && s->tcb.state != before &&
	    s->tcb.state != SYN_RECEIVED && error == SOCK_OK)
		infer_opened(r, f, side, cause, at);
	if (error != SOCK_OK)
		infer_failed(r, f, side, error, cause, at);
	infer_read(r, f, side, at);
}

void frame_arrives(struct recorder *r, struct item *i)
{
	struct pair *f = i->pair;
	struct side *s = &f->side[i->side];
	enum sock_error error = SOCK_OK;
	usec at = at_of(r, i->at);
	struct record *record;
	enum state before;
	uint64_t serial;

	if (!is_room(r))
		return;
	if (i->discard != DISCARD_COUNT) {
		record = tell_arrival(r, f, i, REC_DISCARD, at);
		record->detail = i->discard;
		record->is_inferred = true;
		return;
	}
	if (is_taken_by_older(r, f, i, at))
		return;
	if (is_born_of_listener(r, f, i, at)) {
		be_born(r, f, i, at);
		return;
	}
	if (!s->is_known) {
		tell_arrival(r, f, i, REC_ARRIVE, at);
		return;
	}
	before = (enum state)s->tcb.state;
	change_begin(r, s);
	take(r, f, i->side, &i->seg, &error, at);
	record = tell_arrival(r, f, i, REC_ARRIVE, at);
	serial = record->serial;
	change_end(r, f, i->side, record, at);
	follow(r, f, i->side, before, serial, error, at);
}
