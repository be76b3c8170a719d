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

/* The codes of RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1 by what they mean to a TCP. */
static enum icmp_kind unreachable_kind(const struct drill_icmp *i)
{
	static const uint8_t ipv4[] = {
		KIND_NET_UNREACHABLE,  KIND_HOST_UNREACHABLE, KIND_PROTOCOL_UNREACHABLE,
		KIND_PORT_UNREACHABLE, KIND_TOO_BIG,          KIND_SOURCE_ROUTE_FAILED,
		KIND_NET_UNREACHABLE,  KIND_HOST_UNREACHABLE, KIND_HOST_UNREACHABLE,
		KIND_PROHIBITED,       KIND_PROHIBITED,       KIND_NET_UNREACHABLE,
		KIND_HOST_UNREACHABLE, KIND_PROHIBITED,
	};
	static const uint8_t ipv6[] = {KIND_NET_UNREACHABLE, KIND_PROHIBITED, KIND_HOST_UNREACHABLE,
				       KIND_HOST_UNREACHABLE, KIND_PORT_UNREACHABLE};
	bool is_ipv4 = i->number == 3;
	size_t known = is_ipv4 ? sizeof ipv4 : sizeof ipv6;

	if (i->code >= known)
		return KIND_HOST_UNREACHABLE;
	return (enum icmp_kind)(is_ipv4 ? ipv4 : ipv6)[i->code];
}

/* False: no error for a TCP. */
static bool icmp_kind_of(const struct drill_icmp *i, enum icmp_kind *out)
{
	switch ((enum drill_icmp_type)i->type) {
	case DRILL_ICMP_UNREACHABLE: *out = unreachable_kind(i); return true;
	case DRILL_ICMP_SOURCE_QUENCH: *out = KIND_SOURCE_QUENCH; return true;
	case DRILL_ICMP_REDIRECT: return false;
	case DRILL_ICMP_TIME_EXCEEDED: *out = KIND_TIME_EXCEEDED; return true;
	case DRILL_ICMP_PARAMETER_PROBLEM:
		/* The next header is what carries TCP: RFC 4443 3.4. */
		*out = i->number == 4 && i->code == 1 ? KIND_PROTOCOL_UNREACHABLE
						      : KIND_PARAMETER_PROBLEM;
		return true;
	case DRILL_ICMP_PACKET_TOO_BIG: *out = KIND_TOO_BIG; return true;
	}
	UNREACHABLE();
}

static void inject_icmp(struct run *run, const struct drill_icmp *i)
{
	uint32_t about = i->quote.value + (i->quote.is_unmapped ? 0 : run->talk.isn_shift);
	enum icmp_kind kind;

	if (icmp_kind_of(i, &kind))
		world_icmp(run->world, run->tcp, run->talk.local_port, run->peer,
			   run->talk.remote_port, kind, seq(about),
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
	/* Without a number the field is 0 in the script's numbers. */
	if (s.ctl & ACK)
		s.ack = seq(p->ack.value + (p->ack.is_unmapped ? 0 : run->talk.isn_shift));
	if (run->script->options.mss && p->len > run->script->options.mss)
		s.piece = (uint16_t)run->script->options.mss;
	s.wnd = (uint16_t)p->win.value;
	s.up = p->urg.is_given ? (uint16_t)p->urg.value : 0;
	for (int i = 0; i < p->options; i++)
		put_option(run, &p->option[i], &s);
	host_says(run->world, run->peer, run->talk.remote_port, run->tcp, run->talk.local_port, &s,
		  run_place_of(run));
}
