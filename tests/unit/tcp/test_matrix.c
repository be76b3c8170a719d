/* SPDX-License-Identifier: MIT */
/*
 * The matrix: every state, every set of control bits, sequence numbers around the window, ACKs
 * around what was sent, four lengths of text; each cell against matrix_oracle.c.
 */
#include <stdio.h>
#include <string.h>
#include "fixture.h"
#include "matrix_oracle.h"
#include "suites.h"

enum { WINDOW = 1000, MATRIX_BLOCKS = 24, UP = 5, SHOWN = 5 };

/* What the connection is in when the segment comes. */
static const struct place {
	const char *name;
	enum state state;
	bool is_passive;
	bool is_window_full;
} places[] = {
	{"CLOSED", CLOSED, false, false},
	{"LISTEN", LISTEN, true, false},
	{"SYN-SENT", SYN_SENT, false, false},
	{"SYN-RECEIVED from LISTEN", SYN_RECEIVED, true, false},
	{"SYN-RECEIVED from SYN-SENT", SYN_RECEIVED, false, false},
	{"ESTABLISHED", ESTABLISHED, false, false},
	{"FIN-WAIT-1", FIN_WAIT_1, false, false},
	{"FIN-WAIT-2", FIN_WAIT_2, true, false},
	{"CLOSE-WAIT", CLOSE_WAIT, true, false},
	{"CLOSING", CLOSING, false, false},
	{"LAST-ACK", LAST_ACK, false, false},
	{"TIME-WAIT", TIME_WAIT, true, false},
	{"ESTABLISHED, window zero", ESTABLISHED, true, true},
	{"FIN-WAIT-1, window zero", FIN_WAIT_1, false, true},
	{"FIN-WAIT-2, window zero", FIN_WAIT_2, false, true},
};

static const char *const seq_names[] = {"left of", "one left of", "left edge of",
					"inside",  "last in",     "right of"};
static const char *const ack_names[] = {"ancient",       "old",     "SND.UNA",
					"in the middle", "SND.NXT", "never sent"};

enum { SEQS = 6, ACKS = 6, LENGTHS = 4, CTLS = 64 };

static const struct variant {
	const char *name, *profile;
	struct habits habits;
} variants[] = {
	{"rfc", "rfc", {true, true, false, false, true, true}},
	{"classic", "classic", {false, false, false, false, true, true}},
	{"linux", "linux", {true, true, true, true, true, true}},
	{"rfc without the local rules", "rfc", {true, true, false, false, false, false}},
};

enum { VARIANTS = sizeof(variants) / sizeof(variants[0]) };

/* The master of a place: two octets of ours are on their way, and the FIN where there is one.
 * Where the window is full, 1000 octets of the peer's lie unread. */
static void come(struct end *e, const struct place *p, const struct variant *v, int iss_case)
{
	end_init_pool(e, v->profile, iss_case, MATRIX_BLOCKS);
	e->profile.rst_check = v->habits.is_rfc5961 ? CHECK_RFC5961 : CHECK_RFC793;
	e->profile.syn_check = v->habits.is_rfc5961 ? CHECK_RFC5961 : CHECK_RFC793;
	e->profile.ack_check = v->habits.checks_acks;
	e->profile.time_wait_rst = v->habits.ignores_tw_rst ? TW_RST_RFC1337 : TW_RST_RFC9293;
	e->profile.time_wait_syn = v->habits.reopens ? TW_SYN_ISN : TW_SYN_REFUSE;
	e->profile.syn_received_synack = v->habits.synack_goes_on;
	e->profile.zero_window_ack = v->habits.zero_window_ack;
	e->profile.ack_delay = 0;
	e->profile.nagle = false;
	e->profile.write_third = false; /* every ACK of text tells of room */
	e->profile.rcv_buff = WINDOW;
	e->is_passive = p->is_passive;

	bool is_before = p->state == CLOSED || p->state == LISTEN || p->state == SYN_SENT ||
			 p->state == SYN_RECEIVED;
	tcb_in(e, is_before ? p->state : ESTABLISHED);
	if (is_before)
		return;

	uint32_t text = p->is_window_full ? WINDOW : 0;
	if (text)
		arrives(e, ACK, 1, 1, text);
	call_send(e, 2, SEND_PUSH);
	expect_number(e, e->tcb.snd.nxt.v - e->iss.v, 3);
	switch (p->state) {
	case FIN_WAIT_1: call_close(e, CLOSE_SEND); break;
	case FIN_WAIT_2:
		call_close(e, CLOSE_SEND);
		arrives(e, ACK, 1 + text, 4, 0);
		break;
	case CLOSE_WAIT: arrives(e, FIN | ACK, 1, 1, 0); break;
	case CLOSING:
		call_close(e, CLOSE_SEND);
		arrives(e, FIN | ACK, 1, 1, 0);
		break;
	case LAST_ACK:
		arrives(e, FIN | ACK, 1, 1, 0);
		call_close(e, CLOSE_SEND);
		break;
	case TIME_WAIT:
		call_close(e, CLOSE_SEND);
		arrives(e, FIN | ACK, 1, 4, 0);
		break;
	case CLOSED:
	case LISTEN:
	case SYN_SENT:
	case SYN_RECEIVED:
	case ESTABLISHED:
	case STATE_COUNT: break;
	}
	expect_state(e, p->state);
	forget(e);
}

/* What the script has brought about, and where the engine must agree before we begin. */
static struct model model_of(const struct end *e, const struct place *p)
{
	bool is_closing = p->state == FIN_WAIT_1 || p->state == FIN_WAIT_2 || p->state == CLOSING ||
			  p->state == LAST_ACK || p->state == TIME_WAIT;
	bool is_heard = p->state == CLOSE_WAIT || p->state == CLOSING || p->state == LAST_ACK ||
			p->state == TIME_WAIT;
	bool is_acked = p->state == FIN_WAIT_2 || p->state == TIME_WAIT;
	uint32_t sent = 1;

	if (p->state >= ESTABLISHED)
		sent = is_closing ? 4 : 3;
	struct model m = {
		.state = p->state,
		.is_passive = p->is_passive,
		.iss = e->iss.v,
		.irs = e->irs.v,
		.nxt = e->iss.v + sent,
		.una = e->iss.v + (is_acked                  ? sent
				   : p->state >= ESTABLISHED ? 1
							     : 0),
		.wnd = e->tcb.snd.wnd,
		.wl1 = e->tcb.snd.wl1.v,
		.wl2 = e->tcb.snd.wl2.v,
		.max_wnd = 65535,
		.rcv_nxt = e->irs.v + 1 + (is_heard ? 1 : 0) + (p->is_window_full ? WINDOW : 0),
		.rcv_wnd = p->is_window_full ? 0 : WINDOW - (is_heard ? 1 : 0),
		.has_fin = is_closing,
	};
	if (p->state > SYN_SENT) {
		expect_number(e, e->tcb.snd.una.v, m.una);
		expect_number(e, e->tcb.snd.nxt.v, m.nxt);
		expect_number(e, e->tcb.rcv.nxt.v, m.rcv_nxt);
		expect_number(e, e->tcb.snd.max_wnd, m.max_wnd);
		/* After the FIN there is nothing to receive; the right edge stands, or has grown.
		 */
		if (is_heard)
			m.rcv_wnd = e->tcb.rcv.wnd;
		expect_number(e, e->tcb.rcv.wnd, m.rcv_wnd);
	}
	if (p->state == CLOSED || p->state == LISTEN)
		m.una = m.nxt = m.iss;
	return m;
}

struct cell {
	unsigned ctl, seq, ack, length;
};

static struct heard heard_in(const struct model *m, struct cell c)
{
	const uint32_t seqs[SEQS] = {
		m->rcv_nxt - 3000,           m->rcv_nxt - 1,         m->rcv_nxt, m->rcv_nxt + 7,
		m->rcv_nxt + m->rcv_wnd - 1, m->rcv_nxt + m->rcv_wnd};
	const uint32_t acks[ACKS] = {
		m->una - m->max_wnd - 1, m->una - 1, m->una, m->una + 1, m->nxt, m->nxt + 1};
	const uint32_t lengths[LENGTHS] = {0, 1, 2, WINDOW + 1};

	return (struct heard){
		.ctl = c.ctl,
		.seq = seqs[c.seq],
		.ack = (c.ctl & ACK) ? acks[c.ack] : 0,
		.text = lengths[c.length],
		.wnd = 3000,
		.up = UP,
	};
}

static struct seg seg_of(const struct end *e, const struct heard *h)
{
	struct seg s = peer_seg(e, h->ctl, (int32_t)(h->seq - e->irs.v),
				(int32_t)(h->ack - e->iss.v), h->text);

	s.wnd = (uint16_t)h->wnd;
	s.up = (h->ctl & URG) ? (uint16_t)h->up : 0;
	return s;
}

/* What came out, in the oracle's words. */
static bool is_as_answered(const struct end *e, const struct answer *a)
{
	static const unsigned ctls[] = {0, ACK, SYN | ACK, RST, RST | ACK};

	if (a->reply == REPLY_NONE)
		return e->outs == 0;
	const struct seg *s = &e->out[0];
	return e->outs == 1 && s->ctl == ctls[a->reply] && s->len == seg_len(s->ctl, 0) &&
	       s->seq.v == a->seq && s->ack.v == ((s->ctl & ACK) ? a->ack : 0);
}

static bool is_same(const struct end *e, const struct model *m, const struct answer *a,
		    const struct place *p)
{
	uint32_t told = e->told;
	uint32_t ignored = 0;

	/* The RFC's text says "reset" for a refused SYN, users say "refused". A reset after the
	 * user's own CLOSE and the peer's FIN may be told or not. */
	if (p->state == SYN_SENT && (told & TCP_SIG_REFUSED))
		told = (told & ~(uint32_t)TCP_SIG_REFUSED) | TCP_SIG_RESET;
	if (p->state == CLOSING || p->state == LAST_ACK || p->state == TIME_WAIT)
		ignored = TCP_SIG_RESET;
	if (!is_as_answered(e, a) || state_of(e) != m->state)
		return false;
	if ((told & ~ignored) != (a->told & ~ignored))
		return false;
	if (m->state <= LISTEN)
		return true;
	/* RCV.NXT means nothing before the peer's SYN. */
	if ((m->state > SYN_SENT && e->tcb.rcv.nxt.v != m->rcv_nxt) || e->tcb.snd.una.v != m->una ||
	    e->tcb.snd.nxt.v != m->nxt)
		return false;
	return m->state < ESTABLISHED || e->tcb.snd.wnd == m->wnd;
}

static void show_signals(uint32_t told)
{
	static const char *const names[] = {"established", "refused",  "reset",     "closing",
					    "timeout",     "readable", "writable",  "urgent",
					    "closed",      "relisten", "r1",        "soft",
					    "unreachable", "reopen",   "close done"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (told & (1u << i))
			fprintf(stderr, " %s;", names[i]);
}

static void show_cell(const struct end *e, const struct place *p, const struct variant *v,
		      struct cell c, const struct model *m, const struct answer *a)
{
	static const char *const replies[] = {"nothing", "ACK", "SYN,ACK", "RST", "RST,ACK"};
	static const int lengths[] = {0, 1, 2, WINDOW + 1};

	fprintf(stderr, "%s, %s: <%s> seq %s the window, ack %s, %d octets\n", v->name, p->name,
		ctl_text(c.ctl), seq_names[c.seq], (c.ctl & ACK) ? ack_names[c.ack] : "none",
		lengths[c.length]);
	fprintf(stderr, "    should: %s", replies[a->reply]);
	if (a->reply != REPLY_NONE)
		fprintf(stderr, " <SEQ=ISS%+d><ACK=IRS%+d>", (int32_t)(a->seq - e->iss.v),
			(int32_t)(a->ack - e->irs.v));
	fprintf(stderr,
		", %s, RCV.NXT=IRS%+d SND.UNA=ISS%+d SND.WND=%u, told:", state_name(m->state),
		(int32_t)(m->rcv_nxt - e->irs.v), (int32_t)(m->una - e->iss.v), m->wnd);
	show_signals(a->told);
	fprintf(stderr, "\n    does:  ");
	for (unsigned i = 0; i < e->outs; i++)
		fprintf(stderr, " %s <SEQ=ISS%+d><ACK=IRS%+d> %u octets", ctl_text(e->out[i].ctl),
			(int32_t)(e->out[i].seq.v - e->iss.v),
			(int32_t)(e->out[i].ack.v - e->irs.v), e->out[i].text.len);
	fprintf(stderr, "%s, %s, RCV.NXT=IRS%+d SND.UNA=ISS%+d SND.WND=%u, told:",
		e->outs ? "" : " nothing", state_name(state_of(e)),
		(int32_t)(e->tcb.rcv.nxt.v - e->irs.v), (int32_t)(e->tcb.snd.una.v - e->iss.v),
		e->tcb.snd.wnd);
	show_signals(e->told);
	fprintf(stderr, "\n");
}

struct tally {
	unsigned cells, wrong, shown; /* shown: of this place */
	unsigned first, second; /* readings that cells needed in the one sense and the other */
};

/* True when the engine's doing is the RFC's under some reading of the doubtful lines. */
static void judge(const struct end *e, const struct place *p, const struct variant *v,
		  struct cell c, const struct model *before, struct tally *t)
{
	struct heard h = heard_in(before, c);
	struct model m = *before;
	struct answer a = oracle_arrives(&m, &h, &v->habits, 0);

	t->cells++;
	if (is_same(e, &m, &a, p)) {
		/* Which senses would not have done? */
		for (unsigned r = 1; a.doubtful >= r; r <<= 1) {
			struct model n = *before;
			if (!(a.doubtful & r))
				continue;
			struct answer b = oracle_arrives(&n, &h, &v->habits, r);
			if (!is_same(e, &n, &b, p))
				t->first |= r;
		}
		return;
	}
	for (unsigned r = 1; r < 1u << READINGS_COUNT; r++) {
		struct model n = *before;
		struct answer b = oracle_arrives(&n, &h, &v->habits, r);
		if ((b.doubtful & r) == r && is_same(e, &n, &b, p)) {
			t->second |= r;
			return;
		}
	}
	t->wrong++;
	if (t->shown++ < SHOWN)
		show_cell(e, p, v, c, &m, &a);
}

static void run_place(const struct place *p, const struct variant *v, int iss_case, struct tally *t)
{
	static struct end master, e;

	come(&master, p, v, iss_case);
	struct model m = model_of(&master, p);

	master.is_silent = true;
	t->shown = 0;
	for (unsigned ctl = 0; ctl < CTLS; ctl++) {
		for (unsigned i = 0; i < SEQS * ACKS * LENGTHS; i++) {
			struct cell c = {ctl, i % SEQS, i / SEQS % ACKS, i / SEQS / ACKS};
			if (!(ctl & ACK) && c.ack != 0)
				continue;
			end_copy(&e, &master);
			struct heard h = heard_in(&m, c);
			struct seg s = seg_of(&e, &h);
			arrives_seg(&e, &s);
			judge(&e, p, v, c, &m, t);
		}
	}
}

START_TEST(every_cell_is_as_the_rfc_says)
{
	const struct variant *v = &variants[_i / ISS_CASES];
	struct tally t = {0};

	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
		run_place(&places[p], v, _i % ISS_CASES, &t);
	ck_assert_uint_gt(t.cells, 60000);
	ck_assert_msg(t.wrong == 0, "%s: %u of %u cells differ from RFC 9293 3.10.7", v->name,
		      t.wrong, t.cells);
	ck_assert_msg((t.first & t.second) == 0,
		      "readings %#x are taken in one sense here and in the other there",
		      t.first & t.second);
}
END_TEST

Suite *matrix_suite(void)
{
	Suite *s = suite_create("matrix");
	TCase *tc = tcase_create("3.10.7");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, every_cell_is_as_the_rfc_says, 0, VARIANTS * ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
