/* SPDX-License-Identifier: MIT */
/* run_inject.c - packets that the script puts into the peer's mouth: `<`. */
#include <drill/run.h>

/* ---- options --------------------------------------------------------------------------------- */

/* The echo of a timestamp is that of the wire, if it was ever seen. */
static uint32_t wire_ecr(const struct run *run, uint32_t script)
{
	const struct talk *t = &run->talk;

	for (size_t i = t->ts.count; i-- > 0;)
		if (t->ts.at[i].script == script)
			return t->ts.at[i].wire;
	return script;
}

static void put_sack(const struct run *run, const struct drill_option *o, struct seg *s)
{
	s->opts |= OPT_SACK;
	s->sacks = o->blocks;
	for (int i = 0; i < o->blocks; i++)
		s->sack[i] = (struct sack_block){
			.left = seq_add(o->block[i].left, run->talk.isn_shift),
			.right = seq_add(o->block[i].right, run->talk.isn_shift),
		};
}

static void put_option(const struct run *run, const struct drill_option *o, struct seg *s)
{
	switch ((enum drill_option_kind)o->kind) {
	case DRILL_EOL:
	case DRILL_NOP: return;
	case DRILL_MSS:
		s->opts |= OPT_MSS;
		s->mss = (uint16_t)o->value.value;
		return;
	case DRILL_WSCALE:
		s->opts |= OPT_WSCALE;
		s->wscale = (uint8_t)o->value.value;
		return;
	case DRILL_SACK_OK: s->opts |= OPT_SACK_PERMITTED; return;
	case DRILL_SACK: put_sack(run, o, s); return;
	case DRILL_TIMESTAMPS:
		s->opts |= OPT_TIMESTAMPS;
		s->tsval = o->value.value;
		s->tsecr = wire_ecr(run, o->ecr.value);
		return;
	}
}

static uint8_t ecn_of(const struct drill_ip_info *ip)
{
	switch ((enum drill_ecn)ip->ecn) {
	case DRILL_ECN_UNSAID: return ip->tos.is_given ? ip->tos.value & 3 : ECN_NOT_ECT;
	case DRILL_ECN_NONE: return ECN_NOT_ECT;
	case DRILL_ECN_ECT1: return ECN_ECT_1;
	case DRILL_ECN_ECT0:
	case DRILL_ECN_ECT01: return ECN_ECT_0;
	case DRILL_ECN_CE: return ECN_CE;
	}
	UNREACHABLE();
}

/* ---- whose it is ----------------------------------------------------------------------------- */

static void begin_talk(struct run *run)
{
	if (run->talk.is_there && !run->is_listening)
		return;
	run->is_listening = false;
	run_talk_begins(run, run->script->options.bind_port, 0);
}

/* ---- ICMP ------------------------------------------------------------------------------------ */

/* RFC 9293 3.9.2.2 and RFC 1122 3.2.2.1 on the codes of RFC 792 and, hard too, those of RFC 1812
 * that say "prohibited". False: no error for a TCP. */
static bool icmp_kind(const struct drill_icmp *i, enum tcp_icmp *out)
{
	static const uint32_t hard = 1u << 2 | 1u << 3 | 1u << 9 | 1u << 10 | 1u << 13;

	*out = ICMP_SOFT;
	switch ((enum drill_icmp_type)i->type) {
	case DRILL_ICMP_UNREACHABLE:
		if (i->number == 3 && i->code == 4)
			*out = ICMP_TOO_BIG;
		else if (i->number == 3 ? i->code < 32 && (hard >> i->code & 1)
					: i->code == 1 || i->code == 4)
			*out = ICMP_HARD;
		return true;
	case DRILL_ICMP_SOURCE_QUENCH: *out = ICMP_QUENCH; return true;
	case DRILL_ICMP_REDIRECT: return false;
	case DRILL_ICMP_TIME_EXCEEDED: return true;
	case DRILL_ICMP_PARAMETER_PROBLEM:
		/* The next header is what carries TCP: RFC 4443 3.4. */
		if (i->number == 4 && i->code == 1)
			*out = ICMP_HARD;
		return true;
	case DRILL_ICMP_PACKET_TOO_BIG: *out = ICMP_TOO_BIG; return true;
	}
	UNREACHABLE();
}

static void inject_icmp(struct run *run, const struct drill_icmp *i)
{
	uint32_t about = i->quote.value + (i->quote.is_unmapped ? 0 : run->talk.isn_shift);
	enum tcp_icmp kind;

	if (icmp_kind(i, &kind))
		host_icmp(run->world, run->peer, run->talk.remote_port, run->tcp,
			  run->talk.local_port, kind, seq(about),
			  i->mtu.is_given ? i->mtu.value : 0, run_place_of(run));
}

/* ---- segments -------------------------------------------------------------------------------- */

void run_inject(struct run *run, const struct drill_packet *p)
{
	struct seg s = {.ctl = p->ctl, .text.len = p->len, .ecn = ecn_of(&p->ip)};

	begin_talk(run);
	run->result->packets++;
	if (p->is_icmp) {
		inject_icmp(run, &p->icmp);
		return;
	}
	s.seq = seq(p->seq.value);
	s.len = seg_len(s.ctl, s.text.len);
	if ((s.ctl & ACK) && p->ack.is_given)
		s.ack = seq(p->ack.value + (p->ack.is_unmapped ? 0 : run->talk.isn_shift));
	s.wnd = (uint16_t)p->win.value;
	s.up = p->urg.is_given ? (uint16_t)p->urg.value : 0;
	for (int i = 0; i < p->options; i++)
		put_option(run, &p->option[i], &s);
	host_says(run->world, run->peer, run->talk.remote_port, run->tcp, run->talk.local_port, &s,
		  run_place_of(run));
}
