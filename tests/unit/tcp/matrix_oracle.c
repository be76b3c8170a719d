/* SPDX-License-Identifier: MIT */
/* RFC 9293 section 3.10.7, line by line. See matrix_oracle.h. */
#include "matrix_oracle.h"

/* "=<" and "<", modulo 2^32: a is at most half the circle before b. */
static bool le(uint32_t a, uint32_t b)
{
	return (uint32_t)(b - a) < 0x80000000u;
}

static bool lt(uint32_t a, uint32_t b)
{
	return a != b && le(a, b);
}

/* One segment on its way through the checks. */
struct walk {
	struct model *m;
	struct heard s; /* idealized: trimmed to the window */
	struct heard whole;
	const struct habits *h;
	unsigned readings;
	struct answer a;
};

enum { STOP = 0, GO_ON = 1 };

static uint32_t length(const struct heard *s)
{
	return s->text + ((s->ctl & SYN) ? 1 : 0) + ((s->ctl & FIN) ? 1 : 0);
}

static bool taken(struct walk *w, enum reading r)
{
	w->a.doubtful |= (unsigned)r;
	return (w->readings & (unsigned)r) != 0;
}

static int reply(struct walk *w, enum reply r, uint32_t seq_no, uint32_t ack_no)
{
	w->a.reply = r;
	w->a.seq = seq_no;
	w->a.ack = ack_no;
	return STOP;
}

/* <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> */
static int reply_ack(struct walk *w)
{
	return reply(w, REPLY_ACK, w->m->nxt, w->m->rcv_nxt);
}

/* 3.5.2: "If the incoming segment has an ACK field, the reset takes its sequence number from the
 * ACK field of the segment; otherwise, the reset has sequence number zero and the ACK field is set
 * to the sum of the sequence number and segment length of the incoming segment." */
static int reply_reset(struct walk *w)
{
	if (w->whole.ctl & ACK)
		return reply(w, REPLY_RST, w->whole.ack, 0);
	return reply(w, REPLY_RST_ACK, 0, w->whole.seq + length(&w->whole));
}

static void delete_tcb(struct walk *w, uint32_t told)
{
	w->m->state = CLOSED;
	w->a.told |= told | TCP_SIG_CLOSED;
}

/* 3.10.7.1 */
static void closed(struct walk *w)
{
	if (w->s.ctl & RST)
		return;
	reply_reset(w);
}

/* 3.10.7.2 */
static void listening(struct walk *w)
{
	struct model *m = w->m;

	if (w->s.ctl & RST)
		return;
	if (w->s.ctl & ACK) {
		reply(w, REPLY_RST, w->s.ack, 0);
		return;
	}
	if (w->s.ctl & SYN) {
		m->rcv_nxt = w->s.seq + 1;
		m->irs = w->s.seq;
		m->nxt = m->iss + 1;
		m->una = m->iss;
		m->state = SYN_RECEIVED;
		reply(w, REPLY_SYN_ACK, m->iss, m->rcv_nxt);
	}
}

static int sixth(struct walk *w);
static int seventh(struct walk *w);
static int eighth(struct walk *w);

/* "Idealized ... begins at RCV.NXT and does not exceed the window ... trimming off any portions
 * that lie outside the window (including SYN and FIN)". */
static void trim(struct walk *w)
{
	struct heard *s = &w->s;
	const struct model *m = w->m;

	if (lt(s->seq, m->rcv_nxt) && (s->ctl & SYN)) {
		s->ctl &= ~(unsigned)SYN;
		s->seq++;
		s->up--;
	}
	while (lt(s->seq, m->rcv_nxt) && s->text > 0) {
		s->text--;
		s->seq++;
		s->up--;
	}
	uint32_t edge = m->rcv_nxt + m->rcv_wnd;
	if ((s->ctl & FIN) && !lt(s->seq + length(s) - 1, edge))
		s->ctl &= ~(unsigned)FIN;
	while (s->text > 0 && !lt(s->seq + length(s) - 1, edge))
		s->text--;
}

/* 3.10.7.3, with erratum 8167 */
static void syn_sent(struct walk *w)
{
	struct model *m = w->m;
	const struct heard *s = &w->s;
	bool is_acceptable = false;

	if (s->ctl & ACK) {
		if (le(s->ack, m->iss) || lt(m->nxt, s->ack)) {
			if (!(s->ctl & RST))
				reply(w, REPLY_RST, s->ack, 0);
			return;
		}
		is_acceptable = lt(m->una, s->ack) && le(s->ack, m->nxt);
	}
	if (s->ctl & RST) {
		if (is_acceptable)
			delete_tcb(w, TCP_SIG_RESET);
		return;
	}
	if (!(s->ctl & SYN))
		return;
	m->rcv_nxt = s->seq + 1;
	m->irs = s->seq;
	m->wnd = s->wnd;
	m->wl1 = s->seq;
	m->wl2 = s->ack;
	if (is_acceptable)
		m->una = s->ack;
	if (lt(m->iss, m->una)) {
		m->state = ESTABLISHED;
		w->a.told |= TCP_SIG_ESTABLISHED;
		reply_ack(w);
		trim(w); /* the SYN is done with, and the window has an end */
		if (sixth(w) && seventh(w))
			eighth(w);
		return;
	}
	m->state = SYN_RECEIVED;
	reply(w, REPLY_SYN_ACK, m->iss, m->rcv_nxt);
}

/* Table 6 */
static bool is_acceptable(const struct model *m, const struct heard *s)
{
	uint32_t len = length(s);
	uint32_t edge = m->rcv_nxt + m->rcv_wnd;

	if (len == 0 && m->rcv_wnd == 0)
		return s->seq == m->rcv_nxt;
	if (len == 0)
		return le(m->rcv_nxt, s->seq) && lt(s->seq, edge);
	if (m->rcv_wnd == 0)
		return false;
	return (le(m->rcv_nxt, s->seq) && lt(s->seq, edge)) ||
	       (le(m->rcv_nxt, s->seq + len - 1) && lt(s->seq + len - 1, edge));
}

/* Second, check the RST bit. */
static int second(struct walk *w)
{
	struct model *m = w->m;
	uint32_t seq_no = w->whole.seq;

	if (!(w->s.ctl & RST))
		return GO_ON;
	if (w->h->ignores_tw_rst && m->state == TIME_WAIT) {
		if (seq_no == m->rcv_nxt || lt(seq_no, m->rcv_nxt) || !w->h->is_rfc5961)
			return STOP;
		return taken(w, READING_1337_CHALLENGES) ? reply_ack(w) : STOP;
	}
	if (w->h->is_rfc5961) {
		if (lt(seq_no, m->rcv_nxt)) {
			if (!taken(w, READING_RST_TRIMMED))
				return STOP;
			seq_no = w->s.seq;
		}
		if (seq_no != m->rcv_nxt)
			return reply_ack(w);
	}
	switch (m->state) {
	case SYN_RECEIVED:
		if (!m->is_passive) {
			delete_tcb(w, TCP_SIG_REFUSED);
			break;
		}
		m->state = LISTEN;
		w->a.told |= TCP_SIG_RELISTEN;
		break;
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSE_WAIT: delete_tcb(w, TCP_SIG_RESET); break;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT:
	case STATE_COUNT: delete_tcb(w, 0); break;
	}
	return STOP;
}

/* Fourth, check the SYN bit. The third is security, of which there is none. */
static int fourth(struct walk *w)
{
	struct model *m = w->m;

	if (m->state == SYN_RECEIVED && m->is_passive) {
		if (!(w->s.ctl & SYN))
			return GO_ON;
		m->state = LISTEN;
		w->a.told |= TCP_SIG_RELISTEN;
		return STOP;
	}
	if (w->h->is_rfc5961) /* "irrespective of the sequence number" */
		return (w->whole.ctl & SYN) ? reply_ack(w) : GO_ON;
	if (!(w->s.ctl & SYN))
		return GO_ON;
	if (taken(w, READING_RST_AT_SND_NXT))
		reply(w, REPLY_RST, m->nxt, 0);
	else
		reply_reset(w);
	delete_tcb(w, TCP_SIG_RESET);
	return STOP;
}

/* "ESTABLISHED STATE": what most states do with an ACK. */
static int fifth_established(struct walk *w)
{
	struct model *m = w->m;
	const struct heard *s = &w->s;

	if (lt(m->nxt, s->ack))
		return reply_ack(w);
	if (lt(m->una, s->ack)) {
		uint32_t octets = s->ack - m->una;
		if (m->una == m->iss)
			octets--;
		if (m->has_fin && s->ack == m->nxt) {
			octets--;
			w->a.told |= TCP_SIG_CLOSE_DONE;
		}
		if (octets > 0)
			w->a.told |= TCP_SIG_WRITABLE;
		m->una = s->ack;
	}
	if (le(m->una, s->ack) &&
	    (lt(m->wl1, s->seq) || (m->wl1 == s->seq && le(m->wl2, s->ack)))) {
		m->wnd = s->wnd;
		m->wl1 = s->seq;
		m->wl2 = s->ack;
	}
	return GO_ON;
}

/* Fifth, check the ACK field. */
static int fifth(struct walk *w)
{
	struct model *m = w->m;
	const struct heard *s = &w->s;

	if (!(s->ctl & ACK))
		return STOP;
	bool is_sane = le(m->una - m->max_wnd, s->ack) && le(s->ack, m->nxt);
	if (w->h->checks_acks && !is_sane) {
		if (m->state != SYN_RECEIVED || !taken(w, READING_SYN_RECEIVED_RST))
			return reply_ack(w);
	}
	if (m->state == SYN_RECEIVED) {
		if (!lt(m->una, s->ack) || !le(s->ack, m->nxt))
			return reply(w, REPLY_RST, s->ack, 0);
		m->state = ESTABLISHED;
		w->a.told |= TCP_SIG_ESTABLISHED;
		m->wnd = s->wnd;
		m->wl1 = s->seq;
		m->wl2 = s->ack;
	}
	if (fifth_established(w) == STOP)
		return STOP;

	bool is_fin_acked = m->has_fin && m->una == m->nxt;
	switch (m->state) {
	case FIN_WAIT_1:
		if (is_fin_acked)
			m->state = FIN_WAIT_2;
		return GO_ON;
	case CLOSING:
		if (!is_fin_acked)
			return STOP; /* "otherwise, ignore the segment" */
		m->state = TIME_WAIT;
		return GO_ON;
	case LAST_ACK:
		if (!is_fin_acked)
			return GO_ON;
		delete_tcb(w, 0);
		return STOP;
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
	return GO_ON;
}

static bool is_receiving(const struct model *m)
{
	return m->state == ESTABLISHED || m->state == FIN_WAIT_1 || m->state == FIN_WAIT_2;
}

/* Sixth, check the URG bit. */
static int sixth(struct walk *w)
{
	if (!is_receiving(w->m) || !(w->s.ctl & URG))
		return GO_ON;
	if (lt(w->m->rcv_nxt, w->s.seq) && length(&w->s) && taken(w, READING_URG_HELD))
		return GO_ON;
	/* The user has consumed all before RCV.NXT. */
	if (lt(w->m->rcv_nxt, w->s.seq + w->s.up))
		w->a.told |= TCP_SIG_URGENT;
	return GO_ON;
}

/* Seventh, process the segment text. */
static int seventh(struct walk *w)
{
	struct model *m = w->m;

	if (!is_receiving(m))
		return GO_ON; /* "Ignore the segment text" */
	if (w->s.seq != m->rcv_nxt) {
		/* Held for later processing, with its FIN; RFC 5681 4.2 wants the ACK at once. */
		if (length(&w->s) > 0 || taken(w, READING_ACKS_AHEAD))
			reply_ack(w);
		return STOP;
	}
	if (w->s.text > 0) {
		m->rcv_nxt += w->s.text;
		m->rcv_wnd -= w->s.text;
		w->s.seq += w->s.text;
		w->a.told |= TCP_SIG_READABLE;
		reply_ack(w);
	}
	return GO_ON;
}

/* Eighth, check the FIN bit. */
static int eighth(struct walk *w)
{
	struct model *m = w->m;
	bool is_second = !is_receiving(m);

	if (!(w->s.ctl & FIN))
		return STOP;
	if (is_second) {
		/* It is no retransmission: that one lies left of the window. */
		if (!taken(w, READING_NO_SECOND_FIN) && w->s.seq + w->s.text == m->rcv_nxt)
			m->rcv_nxt++;
		return reply_ack(w);
	}
	m->rcv_nxt++;
	w->a.told |= TCP_SIG_CLOSING;
	reply_ack(w);
	switch (m->state) {
	case ESTABLISHED: m->state = CLOSE_WAIT; break;
	case FIN_WAIT_1: m->state = CLOSING; break; /* acknowledged: it would be FIN-WAIT-2 */
	case FIN_WAIT_2: m->state = TIME_WAIT; break;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED:
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT:
	case STATE_COUNT: break;
	}
	return STOP;
}

static bool does_reopen(struct walk *w)
{
	const struct heard *s = &w->s;

	if (!w->h->reopens || w->m->state != TIME_WAIT || (s->ctl & (SYN | ACK | RST)) != SYN)
		return false;
	if (s->seq == w->m->rcv_nxt)
		return taken(w, READING_REOPEN_AT_EDGE);
	return lt(w->m->rcv_nxt, s->seq);
}

/* At zero window: "special allowance should be made to accept valid ACKs, URGs, and RSTs". */
static void zero_window(struct walk *w)
{
	if (second(w) == STOP)
		return;
	if (w->s.ctl & SYN) {
		reply_ack(w);
		return;
	}
	if (w->s.ctl & ACK) {
		if (fifth(w) == STOP && (w->a.reply != REPLY_NONE || w->m->state == CLOSED))
			return;
		sixth(w);
	}
	reply_ack(w);
}

/* 3.10.7.4 */
static void other(struct walk *w)
{
	struct model *m = w->m;
	struct heard *s = &w->s;

	if (does_reopen(w)) {
		delete_tcb(w, TCP_SIG_REOPEN);
		return;
	}
	if (w->h->synack_goes_on && m->state == SYN_RECEIVED &&
	    (s->ctl & (SYN | ACK | RST)) == (SYN | ACK) && s->seq == m->irs && lt(m->una, s->ack) &&
	    le(s->ack, m->nxt)) {
		trim(w);
		if (fifth(w) && sixth(w) && seventh(w))
			eighth(w);
		return;
	}
	if (!is_acceptable(m, s)) {
		if (w->h->zero_window_ack && m->rcv_wnd == 0 && s->seq == m->rcv_nxt)
			zero_window(w);
		else if (!(s->ctl & RST))
			reply_ack(w);
		return;
	}
	trim(w);
	if (second(w) && fourth(w) && fifth(w) && sixth(w) && seventh(w))
		eighth(w);
}

struct answer oracle_arrives(struct model *m, const struct heard *s, const struct habits *h,
			     unsigned readings)
{
	struct walk w = {.m = m, .s = *s, .whole = *s, .h = h, .readings = readings};

	switch (m->state) {
	case CLOSED: closed(&w); break;
	case LISTEN: listening(&w); break;
	case SYN_SENT: syn_sent(&w); break;
	case SYN_RECEIVED:
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT:
	case STATE_COUNT: other(&w); break;
	}
	return w.a;
}
