/* SPDX-License-Identifier: MIT */
#include <wire/packet.h>

#include <string.h>

static bool is_same_ethernet(const struct ethernet *a, const struct ethernet *b)
{
	return memcmp(a->to, b->to, 6) == 0 && memcmp(a->from, b->from, 6) == 0 &&
	       a->type == b->type;
}

static bool is_same_ip(const struct ip *a, const struct ip *b)
{
	return address_eq(&a->from, &b->from) && address_eq(&a->to, &b->to) && a->ttl == b->ttl &&
	       a->protocol == b->protocol && a->dscp == b->dscp && a->ecn == b->ecn &&
	       a->id == b->id && a->dont_fragment == b->dont_fragment && a->flow == b->flow;
}

static bool is_same_options(const struct seg *a, const struct seg *b)
{
	if (a->opts != b->opts)
		return false;
	if (a->opts & OPT_MSS && a->mss != b->mss)
		return false;
	if (a->opts & OPT_WSCALE && a->wscale != b->wscale)
		return false;
	if (a->opts & OPT_TIMESTAMPS && (a->tsval != b->tsval || a->tsecr != b->tsecr))
		return false;
	if (!(a->opts & OPT_SACK))
		return true;
	if (a->sacks != b->sacks)
		return false;
	for (int i = 0; i < a->sacks; i++) {
		if (!seq_eq(a->sack[i].left, b->sack[i].left) ||
		    !seq_eq(a->sack[i].right, b->sack[i].right))
			return false;
	}
	return true;
}

static uint8_t octet_at(const struct tcp_header *t, uint32_t i)
{
	return t->text ? t->text[i] : 0;
}

static bool is_same_text(const struct tcp_header *a, const struct tcp_header *b)
{
	if (a->seg.text.len != b->seg.text.len)
		return false;
	for (uint32_t i = 0; i < a->seg.text.len; i++) {
		if (octet_at(a, i) != octet_at(b, i))
			return false;
	}
	return true;
}

static bool is_same_tcp(const struct tcp_header *a, const struct tcp_header *b)
{
	const struct seg *s = &a->seg;
	const struct seg *t = &b->seg;

	return a->from_port == b->from_port && a->to_port == b->to_port && seq_eq(s->seq, t->seq) &&
	       seq_eq(s->ack, t->ack) && s->len == t->len && s->ctl == t->ctl && s->wnd == t->wnd &&
	       s->up == t->up && is_same_options(s, t) && a->other_size == b->other_size &&
	       memcmp(a->other, b->other, a->other_size) == 0 && is_same_text(a, b);
}

static bool is_same_icmp(const struct icmp_error *a, const struct icmp_error *b)
{
	if (a->type != b->type || a->code != b->code || a->info != b->info ||
	    a->has_inner != b->has_inner)
		return false;
	return !a->has_inner ||
	       (address_eq(&a->inner_from, &b->inner_from) &&
		address_eq(&a->inner_to, &b->inner_to) &&
		a->inner_from_port == b->inner_from_port && a->inner_to_port == b->inner_to_port &&
		seq_eq(a->inner_seq, b->inner_seq));
}

bool packet_eq(const struct packet *a, const struct packet *b)
{
	if (a->kind != b->kind || a->has_ethernet != b->has_ethernet)
		return false;
	if (a->has_ethernet && !is_same_ethernet(&a->ethernet, &b->ethernet))
		return false;
	if (!is_same_ip(&a->ip, &b->ip))
		return false;
	switch (a->kind) {
	case PACKET_TCP: return is_same_tcp(&a->tcp, &b->tcp);
	case PACKET_ICMP_ERROR: return is_same_icmp(&a->icmp, &b->icmp);
	}
	UNREACHABLE();
}
