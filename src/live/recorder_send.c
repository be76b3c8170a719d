/* SPDX-License-Identifier: MIT */
/* recorder_send.c - a segment leaves its TCP: what that says of its sender, and what became of it.
 */
#include "live/recorder_inside.h"

/* ---- what a flow was before anything of it was seen ------------------------------------------ */

/* Connections that were there before the capture: as a segment of theirs shows them. */
static void find_open(struct recorder *r, struct pair *f, uint8_t side, const struct seg *s,
		      bool is_own, enum state state, usec at)
{
	struct side *own = &f->side[side];
	struct record *picture;
	seq32 nxt = is_own ? s->seq : s->ack, rcv = is_own ? s->ack : s->seq;

	if (own->is_known)
		return;
	conn_birth(r, f, side);
	own->tcb.state = (uint8_t)state;
	own->tcb.iss = seq_sub(nxt, 1);
	own->tcb.snd.una = own->tcb.snd.nxt = nxt;
	own->tcb.irs = seq_sub(rcv, 1);
	own->tcb.rcv.nxt = rcv;
	own->has_connected = own->was_answered = own->was_accepted = true;
	picture = side_tell(r, f, side, REC_PICTURE, at);
	picture->is_inferred = true;
	trace_changes(r->trace, picture->serial, NULL, &own->tcb);
}

/* The SYN was not captured, but what answers it was. */
static void find_half_open(struct recorder *r, struct pair *f, uint8_t called,
			   const struct seg *synack, usec at)
{
	struct side *caller = &f->side[!called];

	find_open(r, f, !called, synack, false, SYN_SENT, at);
	caller->has_connected = caller->was_answered = false;
	caller->tcb.snd.una = caller->tcb.iss;
	find_open(r, f, called, synack, true, SYN_RECEIVED, at);
	f->side[called].has_connected = f->side[called].was_accepted = false;
	f->side[called].tcb.iss = synack->seq;
	f->side[called].tcb.snd.una = synack->seq;
}

static void find(struct recorder *r, struct pair *f, struct item *frame, usec at)
{
	const struct seg *s = &frame->seg;
	uint8_t side = frame->side;

	pair_begin(r, f);
	if ((s->ctl & (SYN | ACK)) == SYN) {
		if (!f->side[side].is_known)
			infer_connect(r, f, side, frame, at);
		return;
	}
	if (f->side[side].is_known || (s->ctl & RST))
		return;
	if ((s->ctl & SYN) && !f->side[!side].is_known) {
		find_half_open(r, f, side, s, at);
	} else if (s->ctl & SYN) {
		find_open(r, f, side, s, true, SYN_RECEIVED, at);
		f->side[side].tcb.iss = f->side[side].tcb.snd.una = s->seq;
		f->side[side].has_connected = f->side[side].was_accepted = false;
	} else {
		find_open(r, f, side, s, true, ESTABLISHED, at);
		if (s->ctl & ACK)
			find_open(r, f, !side, s, false, ESTABLISHED, at);
	}
}

/* ---- repetitions ----------------------------------------------------------------------------- */

static struct sent *sent_find(struct side *s, const struct seg *seg)
{
	for (uint32_t i = 0; i < s->sent_count && i < SENT_BEFORE; i++) {
		struct sent *known = &s->sent[(s->sent_count - 1 - i) % SENT_BEFORE];

		if (seq_eq(known->seq, seg->seq) && known->len > 0)
			return known;
	}
	return NULL;
}

/* IP numbers its datagrams: the same number and the same segment is the same datagram. IPv6 does
 * not: there the same timestamp within a moment says so. */
static const struct sent *copy_of(const struct side *s, const struct item *frame)
{
	const struct seg *seg = &frame->seg;
	bool is_timed = (seg->opts & OPT_TIMESTAMPS) && seg->len > 0;

	for (uint32_t i = 0; i < s->sent_count && i < SENT_BEFORE; i++) {
		const struct sent *known = &s->sent[(s->sent_count - 1 - i) % SENT_BEFORE];

		if (!seq_eq(known->seq, seg->seq) || known->len != seg->len ||
		    !seq_eq(known->ack, seg->ack) || known->ctl != seg->ctl ||
		    known->ip_id != frame->ip_id || known->tsval != seg->tsval)
			continue;
		if ((frame->ip_id != 0 || is_timed) && frame->seen - known->at < USEC_PER_S)
			return known;
	}
	return NULL;
}

static void sent_note(struct side *s, const struct item *frame, uint8_t times, uint64_t record)
{
	s->sent[s->sent_count % SENT_BEFORE] = (struct sent){.seq = frame->seg.seq,
							     .len = frame->seg.len,
							     .tsval = frame->seg.tsval,
							     .ack = frame->seg.ack,
							     .ctl = frame->seg.ctl,
							     .ip_id = frame->ip_id,
							     .times = times,
							     .at = frame->seen,
							     .record = record};
	s->sent_count++;
	if (s->sent_count == 2 * SENT_BEFORE)
		s->sent_count = SENT_BEFORE;
}

/* Below SND.NXT by one, with nothing or one octet: Linux and the RFC ask so whether the other side
 * is there (3.8.4), Linux whether its window has opened (3.8.6.1). */
static bool is_probe(const struct side *s, const struct seg *seg)
{
	return !(seg->ctl & (SYN | FIN | RST)) && seg->text.len <= 1 && (seg->ctl & ACK) &&
	       seq_eq(seg->seq, seq_sub(s->tcb.snd.nxt, 1)) &&
	       (seg->text.len == 0 || !seq_eq(s->tcb.snd.una, seg->seq));
}

static enum rule why_again(struct side *s, const struct seg *seg)
{
	if (s->tcb.dupacks >= 3 && seq_eq(seg->seq, s->tcb.snd.una))
		return R_FAST_RETRANSMIT;
	return s->tcb.recover.v && seq_lt(seg->seq, s->tcb.recover) &&
			       (s->tcb.flags & TCB_RECOVERING)
		       ? R_RESEND
		       : R_RTO_EXPIRED;
}

static void tell_timer(struct recorder *r, struct pair *f, uint8_t side, enum tcp_timer timer,
		       usec at)
{
	struct side *s = &f->side[side];
	struct record *record;

	change_begin(r, s);
	if (timer == TIMER_RETRANSMIT && s->tcb.rexmits < UINT8_MAX)
		s->tcb.rexmits++;
	if (timer == TIMER_KEEPALIVE)
		s->tcb.keepalives++;
	record = side_tell(r, f, side, REC_TIMER, at);
	record->detail = (uint8_t)timer;
	record->is_inferred = true;
	change_end(r, f, side, record, at);
}

/* The SYN,ACK of one whose SYN has crossed another's takes the number of the SYN. */
static bool is_answer_to_crossing(const struct seg *seg, const struct sent *known)
{
	return (seg->ctl & (SYN | ACK)) == (SYN | ACK) && known && !(known->ctl & ACK);
}

/* The sender's notes on it, as far as they follow. */
static void explain(struct recorder *r, struct pair *f, struct item *frame, usec at)
{
	struct side *s = &f->side[frame->side];
	struct seg *seg = &frame->seg;
	const struct sent *known;

	if (!s->is_known || (seg->ctl & RST)) {
		seg->rule = seg->ctl & RST && !s->is_known ? R_CLOSED_RESET : RULE_NONE;
		return;
	}
	if (is_probe(s, seg)) {
		bool is_shut = s->tcb.snd.wnd == 0;

		tell_timer(r, f, frame->side, is_shut ? TIMER_RETRANSMIT : TIMER_KEEPALIVE, at);
		seg->rule = is_shut ? R_PROBE : R_KEEPALIVE_PROBE;
		return;
	}
	known = sent_find(s, seg);
	if (seg->len > 0 && seq_lt(seg->seq, s->tcb.snd.nxt) && s->was_seen &&
	    !is_answer_to_crossing(seg, known)) {
		seg->rexmit = (uint8_t)(known && known->times < UINT8_MAX ? known->times + 1 : 1);
		seg->rule = (uint16_t)why_again(s, seg);
		if (seg->rule == R_RTO_EXPIRED)
			tell_timer(r, f, frame->side, TIMER_RETRANSMIT, at);
		return;
	}
	if (seg->ctl & SYN)
		seg->rule = seg->ctl & ACK ? R_LISTEN_SYN : R_OPEN_ACTIVE;
	else if (seg->ctl & FIN)
		seg->rule = R_FIN_SENT;
}

/* ---- the sender's TCB ------------------------------------------------------------------------ */

static void learn_options(struct side *s, const struct seg *seg)
{
	if (seg->opts & OPT_MSS)
		s->tcb.rcv.mss = seg->mss;
	s->has_scale = (seg->opts & OPT_WSCALE) != 0;
	s->scale = seg->wscale < 14 ? seg->wscale : 14;
}

/* RFC 7323 2.2: only when both said so, and never on a SYN. */
static uint32_t window_of(const struct pair *f, uint8_t side, const struct seg *seg)
{
	const struct side *s = &f->side[side];
	bool is_scaled = s->has_scale && f->side[!side].has_scale && !(seg->ctl & SYN);

	return (uint32_t)seg->wnd << (is_scaled ? s->scale : 0);
}

static void advance(struct pair *f, struct item *frame)
{
	struct side *s = &f->side[frame->side];
	const struct seg *seg = &frame->seg;
	struct tcb *t = &s->tcb;

	if (seg->ctl & SYN)
		learn_options(s, seg);
	if ((seg->ctl & SYN) && !s->was_seen) {
		t->iss = t->snd.una = seg->seq;
		t->snd.nxt = seq_add(seg->seq, 1);
	}
	if (seq_gt(seg_end(seg), t->snd.nxt))
		t->snd.nxt = seg_end(seg);
	if (seg->ctl & FIN) {
		t->flags |= TCB_FIN_SENT;
		s->fin = seq_sub(seg_end(seg), 1);
	}
	/* It says itself what it has got: also what was never captured. */
	if ((seg->ctl & ACK) && !(seg->ctl & RST) && seq_gt(seg->ack, t->rcv.nxt) &&
	    t->state != SYN_SENT)
		t->rcv.nxt = seg->ack;
	if (!(seg->ctl & RST))
		t->rcv.wnd = window_of(f, frame->side, seg);
}

static bool is_open(const struct side *s)
{
	return s->is_known && s->tcb.state != CLOSED;
}

/* A reset leaves: whoever sends it for a connection of its own has ended it. One that answers a
 * segment of a bad number in SYN-SENT has not. */
static void step_reset(struct recorder *r, struct pair *f, uint8_t side, usec at)
{
	struct side *s = &f->side[side];

	if (!is_open(s) || s->tcb.state == SYN_SENT || s->tcb.state == TIME_WAIT)
		return;
	infer_abort(r, f, side, at);
}

static bool is_talking(const struct side *s)
{
	return is_open(s) && s->was_seen && s->tcb.state != SYN_SENT &&
	       s->tcb.state != SYN_RECEIVED;
}

/* What it shows of others that were not seen, or not yet. */
static void fill_gaps(struct recorder *r, struct pair *f, const struct item *frame)
{
	const struct side *s = &f->side[frame->side], *other = &f->side[!frame->side];
	const struct seg *seg = &frame->seg;

	if (frame->is_unseen || frame->is_early || (seg->ctl & (SYN | RST)))
		return;
	if ((seg->ctl & ACK) && is_talking(other) && seq_gt(seg->ack, other->tcb.snd.nxt))
		gap_fill(r, f, !frame->side, seg->ack, frame);
	if (is_talking(s) && seq_gt(seg->seq, s->tcb.snd.nxt))
		gap_fill(r, f, frame->side, seg->seq, frame);
}

static void prepare(struct recorder *r, struct pair *f, struct item *frame, usec at)
{
	struct side *s = &f->side[frame->side];

	find(r, f, frame, at);
	fill_gaps(r, f, frame);
	at = r->now > at ? r->now : at;
	explain(r, f, frame, at);
	if (frame->seg.ctl & RST)
		step_reset(r, f, frame->side, at);
	if (!is_open(s))
		return;
	if (frame->seg.text.len > 0)
		infer_write(r, f, frame, at);
	if ((frame->seg.ctl & FIN) && !(s->tcb.flags & TCB_FIN_SENT))
		fin_leaves(r, f, frame, at);
}

/* ---- what became of it ----------------------------------------------------------------------- */

static void tell_wind(struct recorder *r, struct pair *f, const struct item *frame, uint64_t send,
		      enum deed deed, usec at)
{
	struct record *wind = side_tell(r, f, frame->side, REC_WIND, at);

	wind->of = send;
	wind->detail = (uint8_t)deed;
	wind->from = wind->to = CLOSED;
	wind->is_inferred = true;
	wind->seg = frame->seg;
	wind->seg.text = trace_at(r->trace, send)->seg.text;
}

static void decide(struct recorder *r, struct pair *f, struct item *frame, uint64_t send, usec at)
{
	struct item *arrival;
	uint64_t order;
	usec when;
	enum fate fate = fate_of(r, f, frame, &when, &order);

	if (frame->is_unseen)
		fate = frame->is_lost ? FATE_LOST : FATE_ARRIVES;
	if (frame->is_overtaken)
		tell_wind(r, f, frame, send, DEED_REORDER, at);
	if (fate == FATE_OPEN)
		return;
	if (fate == FATE_LOST) {
		tell_wind(r, f, frame, send, DEED_DROP, at);
		return;
	}
	if (fate == FATE_GARBLED)
		tell_wind(r, f, frame, send, DEED_CORRUPT, at);
	arrival = item_new(r, ITEM_ARRIVAL, when);
	arrival->pair = f;
	arrival->side = !frame->side;
	arrival->order = order;
	arrival->sub = ++r->came;
	arrival->seg = frame->seg;
	arrival->discard = fate == FATE_GARBLED       ? DISCARD_CHECKSUM
			   : fate == FATE_TURNED_AWAY ? DISCARD_QUEUE_FULL
						      : DISCARD_COUNT;
	arrival->send = send;
	queue_put(r, arrival);
}

/* The same datagram again: the wind made two of it. */
static bool is_copy(struct recorder *r, struct pair *f, struct item *frame, usec at)
{
	const struct sent *first = copy_of(&f->side[frame->side], frame);
	uint64_t copy;

	if (!first)
		return false;
	copy = trace_count(r->trace);
	frame->seg = trace_at(r->trace, first->record)->seg;
	tell_wind(r, f, frame, first->record, DEED_DUPLICATE, at);
	frame_keep(r, frame, copy);
	decide(r, f, frame, copy, at);
	return true;
}

void frame_leaves(struct recorder *r, struct item *frame)
{
	struct pair *f = frame->pair;
	struct side *s = &f->side[frame->side];
	usec at = at_of(r, frame->at);
	struct record *send;
	uint64_t serial;

	if (!is_room(r) || frame->is_told || is_copy(r, f, frame, at))
		return;
	prepare(r, f, frame, at);
	at = r->now > at ? r->now : at;
	change_begin(r, s);
	if (is_open(s))
		advance(f, frame);
	text_name(r, f, frame, &frame->seg.text);
	send = side_tell(r, f, frame->side, REC_SEND, at);
	serial = send->serial;
	send->seg = frame->seg;
	send->rule = frame->seg.rule;
	send->is_inferred = frame->is_unseen;
	change_end(r, f, frame->side, send, at);
	s->was_seen = true;
	frame_keep(r, frame, serial);
	sent_note(s, frame, frame->seg.rexmit, serial);
	decide(r, f, frame, serial, at);
	tell_pictures(r, at);
}
