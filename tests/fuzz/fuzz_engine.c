/* SPDX-License-Identifier: MIT */
/*
 * Two endpoints, the segments between them, and anything else: calls, strangers' segments with any
 * options, ICMP, time, packing, copying, an empty pool, every setting at any value, at any time.
 * Each octet of the input is a deed or its measure.
 *
 * What must hold, whatever comes: the engine's own invariants, Figure 5, the right window edge,
 * text that the user did send, and every block given back in the end.
 */
#include "fuzz.h"

#include <string.h>
#include <base/assert.h>
#include <woshou/tcp.h>

enum { BLOCKS = 64, FLIGHT = 64, DEEDS = 4096, POLLS = 200000 };

struct side {
	struct tcb tcb;
	struct tcp_env env;
	struct tcp_profile profile;
	struct tcp_pool pool;
	struct tcp_block blocks[BLOCKS];
	struct tcp_note notes[TCP_NOTES_MAX];
	uint64_t octets; /* that the user has SENT */
	seq32 edge;      /* RCV.NXT+RCV.WND as the peer was told */
	bool has_edge;
	bool may_shrink; /* a setting lets the edge go back */
};

struct flight {
	struct seg seg;
	unsigned to;
};

struct play {
	const uint8_t *data;
	size_t left;
	struct side side[2];
	struct flight flight[FLIGHT];
	unsigned in_flight;
};

static uint32_t octet(struct play *p)
{
	if (p->left == 0)
		return 0;
	p->left--;
	return *p->data++;
}

static uint32_t word(struct play *p)
{
	uint32_t high = octet(p) << 8;

	return high | octet(p);
}

/* Mostly near zero, at times as far away as numbers go. */
static uint32_t around(struct play *p)
{
	uint32_t how = octet(p);

	if (how < 200)
		return how - 100;
	if (how < 240)
		return word(p) - 32768;
	return word(p) << 16 | word(p);
}

static void side_init(struct play *p, unsigned i)
{
	struct side *s = &p->side[i];
	uint32_t how = octet(p);

	s->profile = tcp_profiles[how % PROFILE_COUNT];
	if (how & 4)
		s->profile.rcv_buff = word(p);
	if (how & 8)
		s->profile.mtu = 40 + word(p);
	if (how & 16)
		s->profile.cc = (uint8_t)(octet(p) % 4);
	if (how & 32)
		s->profile.keepalive = true;
	if (how & 64)
		s->profile.snd_buff = word(p);
	tcp_pool_extend(&s->pool, s->blocks, how & 128 ? 1 + octet(p) % BLOCKS : BLOCKS);
	s->env.now = USEC_PER_S;
	s->env.profile = &s->profile;
	s->env.pool = &s->pool;
	s->env.iss = seq(UINT32_MAX - word(p));
	s->env.is_ipv6 = how & 2;
	s->env.notes = s->notes;
	tcb_init(&s->tcb, i + 1, &s->env);
}

static void check_segment(struct side *s, unsigned i, const struct seg *out)
{
	ASSERT(out->len == seg_len(out->ctl, out->text.len));
	ASSERT((out->ctl & SYN) ||
	       (out->opts & ~(OPT_SACK | OPT_TIMESTAMPS | OPT_USER_TIMEOUT)) == 0);
	ASSERT(out->sacks <= SEG_SACK_MAX && !out->sacks == !(out->opts & OPT_SACK));
	for (int k = 0; k < out->sacks; k++)
		ASSERT(seq_lt(out->sack[k].left, out->sack[k].right));
	if (out->text.len > 0) {
		ASSERT(out->text.stream == i + 1);
		ASSERT(out->text.offset + out->text.len <= s->octets);
	}
	if ((out->ctl & RST) || !(out->ctl & ACK))
		return;
	/* SHLD-14: the right edge never goes back, but for what a scaled field cannot say. */
	uint32_t shift = (out->ctl & SYN) ? 0 : s->tcb.rcv_shift;
	uint32_t rest = s->profile.window_round == ROUND_UP ? 0 : (1u << shift) - 1;
	seq32 edge = seq_add(out->ack, (uint32_t)out->wnd << shift);

	if ((out->ctl & SYN) && out->wnd == UINT16_MAX && s->has_edge)
		return; /* said again, it cannot tell all that an ACK has told */
	ASSERT(!s->has_edge || s->may_shrink || seq_ge(seq_add(edge, rest), s->edge));
	if (!s->has_edge || s->may_shrink || seq_gt(edge, s->edge))
		s->edge = edge;
	s->has_edge = true;
}

static void take_output(struct play *p, unsigned i)
{
	struct side *s = &p->side[i];
	struct seg out;
	int polls = 0;

	while (tcp_poll_segment(&s->tcb, &out, &s->env)) {
		ASSERT(polls++ < POLLS);
		check_segment(s, i, &out);
		if (p->in_flight < FLIGHT)
			p->flight[p->in_flight++] = (struct flight){out, 1 - i};
	}
	ASSERT(!s->env.has_reply);
	tcb_check_deep(&s->tcb, &s->env);
	for (uint32_t n = 0; n < s->env.notes_count && n < TCP_NOTES_MAX; n++) {
		enum state from = (enum state)s->notes[n].from, to = (enum state)s->notes[n].to;
		ASSERT(from == to || edge_exists(from, to));
	}
	if (s->env.signals & (TCP_SIG_CLOSED | TCP_SIG_RELISTEN))
		s->has_edge = false;
	if (s->env.signals & TCP_SIG_CLOSED)
		ASSERT(s->tcb.state == CLOSED);
	s->env.signals = 0;
	s->env.notes_count = 0;
}

/* One field of the profile: what it is, an end of what it takes, or something between. Most
 * measures are small, or a power of two and its neighbours. */
static void set_field(struct play *p, unsigned i)
{
	struct side *s = &p->side[i];
	size_t at = octet(p) % profile_field_count();
	const struct profile_field *f = profile_field_at(at);
	uint32_t how = octet(p);
	int64_t value = how % 4 == 0   ? f->least
			: how % 4 == 1 ? f->most
			: how % 4 == 2 ? f->least + how / 4
				       : ((int64_t)1 << how / 4 % 56) + how / 4 / 56 - 1;

	if (!profile_set(&s->profile, at, value))
		return;
	if (at == (size_t)profile_field_named("shrink") ||
	    at == (size_t)profile_field_named("SO_RCVBUF"))
		s->may_shrink = true;
	tcp_call_settings(&s->tcb, &s->env);
}

/* The owner of a deleted TCB makes a new one. */
static void open_again(struct side *s, unsigned i, enum tcp_open how)
{
	if (s->tcb.state == CLOSED) {
		tcb_fini(&s->tcb, &s->env);
		tcb_init(&s->tcb, i + 1, &s->env);
		s->octets = 0;
		s->has_edge = false;
	}
	(void)tcp_call_open(&s->tcb, how, &s->env);
}

static void call(struct play *p, unsigned i, uint32_t which)
{
	struct side *s = &p->side[i];
	struct text t = {0};
	enum state state;
	uint32_t n = word(p), taken = 0;

	switch (which % 8) {
	case 0: open_again(s, i, n & 1 ? OPEN_ACTIVE : OPEN_PASSIVE); break;
	case 1:
		(void)tcp_call_send(&s->tcb, n, n & 3, &taken, &s->env);
		ASSERT(taken <= n);
		s->octets += taken;
		break;
	case 2:
		if (n > 0 && tcp_call_receive(&s->tcb, n, &t, &s->env) == TCP_OK) {
			ASSERT(t.len > 0);
			ASSERT(t.len <= n);
		}
		break;
	case 3: (void)tcp_call_close(&s->tcb, CLOSE_SEND, &s->env); break;
	case 4: (void)tcp_call_close(&s->tcb, CLOSE_BOTH, &s->env); break;
	case 5: (void)tcp_call_abort(&s->tcb, &s->env); break;
	case 6:
		if (tcp_call_status(&s->tcb, &state) == TCP_OK)
			ASSERT(state == (enum state)s->tcb.state);
		break;
	case 7:
		s->profile.nagle = n & 1;
		s->profile.keepalive = n & 2;
		s->profile.ack_delay = (usec)(n >> 2) * 10;
		s->profile.rcv_buff += n & 0xff; /* a smaller one would move the edge at will */
		tcp_call_settings(&s->tcb, &s->env);
		break;
	default: break;
	}
}

static void arrive(struct play *p, uint32_t how)
{
	if (p->in_flight == 0)
		return;
	unsigned k = octet(p) % p->in_flight;
	struct flight f = p->flight[k];

	if (!(how & 1)) /* else it stays, and comes again */
		p->flight[k] = p->flight[--p->in_flight];
	if (how & 2)
		return; /* lost */
	struct side *s = &p->side[f.to];
	f.seg.rexmit = 0;
	f.seg.rule = 0;
	if ((how & 4) && f.seg.ecn != ECN_NOT_ECT)
		f.seg.ecn = ECN_CE;
	if (s->tcb.state == CLOSED) {
		struct seg reset;
		if (tcp_answer_closed(&f.seg, &reset, &s->env))
			ASSERT(reset.ctl & RST);
	}
	tcp_arrives(&s->tcb, &f.seg, &s->env);
	take_output(p, f.to);
}

static void any_options(struct play *p, struct side *s, struct seg *in)
{
	in->opts = (uint8_t)(octet(p) & 0x3f);
	in->ecn = (uint8_t)(octet(p) & 3);
	in->mss = (uint16_t)word(p);
	in->wscale = (uint8_t)octet(p);
	in->uto = (uint16_t)word(p);
	in->tsval = s->tcb.ts.recent + around(p);
	in->tsecr = (uint32_t)(s->env.now / 1000) + around(p);
	if (!(in->opts & OPT_SACK))
		return;
	in->sacks = (uint8_t)(1 + octet(p) % SEG_SACK_MAX);
	for (int k = 0; k < in->sacks; k++) {
		in->sack[k].left = seq_add(s->tcb.snd.una, around(p));
		in->sack[k].right = seq_add(in->sack[k].left, around(p));
	}
}

static void stranger(struct play *p, unsigned i, bool has_options)
{
	struct side *s = &p->side[i];
	struct seg in = {0};
	uint32_t len = octet(p) < 128 ? 0 : word(p);

	in.ctl = (uint16_t)(octet(p) & (has_options ? 0xff : 0x3f));
	in.seq = seq_add(s->tcb.rcv.nxt, around(p));
	if (in.ctl & ACK)
		in.ack = seq_add(octet(p) & 1 ? s->tcb.snd.nxt : s->tcb.snd.una, around(p));
	in.wnd = (uint16_t)word(p);
	in.up = (in.ctl & URG) ? (uint16_t)word(p) : 0;
	if ((in.ctl & SYN) && (octet(p) & 1)) {
		in.opts = OPT_MSS;
		in.mss = (uint16_t)word(p);
	}
	if (len) /* where it would lie in the peer's stream */
		in.text = (struct text){seq_span(s->tcb.irs, seg_text_seq(&in)) - 1u, 2 - i, len};
	if (has_options)
		any_options(p, s, &in);
	in.len = seg_len(in.ctl, len);
	tcp_arrives(&s->tcb, &in, &s->env);
	take_output(p, i);
}

static void icmp(struct play *p, unsigned i)
{
	struct side *s = &p->side[i];
	enum tcp_icmp what = (enum tcp_icmp)(octet(p) % 5);
	seq32 about = seq_add(s->tcb.snd.una, around(p));

	tcp_arrives_icmp(&s->tcb, what, about, word(p), &s->env);
	take_output(p, i);
}

static void pass(struct play *p, uint32_t how)
{
	for (unsigned i = 0; i < 2; i++) {
		struct side *s = &p->side[i];
		usec due = tcp_next_timeout(&s->tcb);
		if (how & 1)
			s->env.now += (usec)word(p) * 100;
		else if (due != USEC_NEVER && due > s->env.now)
			s->env.now = due;
		if (tcp_next_timeout(&s->tcb) <= s->env.now) {
			tcp_expire(&s->tcb, &s->env);
			take_output(p, i);
			ASSERT(tcp_next_timeout(&s->tcb) > s->env.now);
		}
	}
}

/* A value stays a value: through a copy, and through the packed form. */
static void copy(struct play *p, unsigned i)
{
	struct side *s = &p->side[i];
	struct tcb_time_wait packed;
	struct tcb twin;

	if (tcp_may_pack(&s->tcb)) {
		usec due = tcp_next_timeout(&s->tcb);
		tcp_pack(&s->tcb, &packed);
		tcb_fini(&s->tcb, &s->env);
		tcp_unpack(&packed, &s->tcb, &s->env);
		ASSERT(tcp_next_timeout(&s->tcb) == due);
	}
	if (tcb_blocks(&s->tcb, &s->pool) > s->pool.free_count)
		return;
	uint32_t free_before = s->pool.free_count;
	tcb_copy(&twin, &s->tcb, &s->env);
	ASSERT(tcb_eq(&twin, &s->tcb, &s->pool, &s->pool));
	ASSERT(tcb_hash(&twin, &s->pool) == tcb_hash(&s->tcb, &s->pool));
	tcb_check_deep(&twin, &s->env);
	tcb_fini(&twin, &s->env);
	ASSERT(s->pool.free_count == free_before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct play p;

	memset(&p, 0, sizeof p);
	p.data = data;
	p.left = size;
	side_init(&p, 0);
	side_init(&p, 1);
	for (int deed = 0; deed < DEEDS && p.left > 0; deed++) {
		uint32_t what = octet(&p);
		unsigned i = what >> 7;
		switch (what % 8) {
		case 0:
		case 1:
			call(&p, i, what >> 3);
			take_output(&p, i);
			break;
		case 2:
		case 3:
		case 4: arrive(&p, what % 8 == 2 ? 0 : what >> 3); break;
		case 5: stranger(&p, i, what & 8); break;
		case 6:
			if (what & 16) {
				set_field(&p, i);
				take_output(&p, i);
			} else {
				pass(&p, what >> 3);
			}
			break;
		case 7: what & 8 ? icmp(&p, i) : copy(&p, i); break;
		default: break;
		}
	}
	for (unsigned i = 0; i < 2; i++) {
		tcb_fini(&p.side[i].tcb, &p.side[i].env);
		ASSERT(p.side[i].pool.free_count == p.side[i].pool.count - 1);
	}
	return 0;
}
