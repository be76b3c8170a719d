/* SPDX-License-Identifier: MIT */
/* inspect_value.c - what a field of a header says, in words. */
#include <inttypes.h>
#include <string.h>
#include "stage/inspect.h"
#include "stage/lang.h"
#include "stage/text.h"

/* What every part of a value needs. */
struct value {
	const struct inspection *i;
	const struct header_node *node;
	const uint8_t *octets; /* of the node */
	uint64_t number;       /* of the node, when it has at most 64 bits */
	enum lang lang;
	struct sink *out;
};

static void put_count(const struct value *v, uint64_t n)
{
	sink_printf(v->out, "%" PRIu64 " %s", n,
		    string_in(n == 1 ? STRING_OCTET : STRING_OCTETS, v->lang));
}

static void put_host(const struct value *v, uint8_t host)
{
	const struct trace *t = v->i->story->trace;
	const struct trace_host *h;

	if (host >= trace_host_count(t))
		return;
	h = trace_host_at(t, host);
	sink_putc(v->out, ' ');
	sink_puts(v->out, text_in(h->title[0], h->title[1], v->lang));
}

static void put_station(const struct value *v, const uint8_t *at)
{
	for (int i = 0; i < 6; i++)
		sink_printf(v->out, "%s%02x", i > 0 ? ":" : "", at[i]);
}

static void put_address(const struct value *v, const struct header_node *n)
{
	struct address a = {.family = n->bits == 32 ? FAMILY_IPV4 : FAMILY_IPV6};
	char text[ADDRESS_TEXT];

	memcpy(a.octets, v->i->frame.octets + n->bit / 8, n->bits / 8);
	address_text(&a, text);
	sink_puts(v->out, text);
}

/* "1000 = ISN+0": as it stands, and counted from the first number of its side. */
static void put_seq(const struct value *v, bool has_base, seq32 relative)
{
	sink_printf(v->out, "%" PRIu64, v->number);
	if (has_base)
		sink_printf(v->out, " = ISN+%" PRIu32, relative.v);
}

static void put_sum(const struct value *v)
{
	enum header h = (enum header)v->node->header;
	const uint8_t *octets = v->i->frame.octets;

	sink_printf(v->out, "0x%04" PRIx64 " ", v->number);
	if (header_sum_is_right(&v->i->tree, octets, h))
		sink_puts(v->out, string_in(STRING_HEAD_RIGHT, v->lang));
	else
		sink_printf(v->out, string_in(STRING_HEAD_WRONG, v->lang),
			    header_sum_wanted(&v->i->tree, octets, h));
}

static void put_named(const struct value *v, const char *format, const char *name)
{
	sink_printf(v->out, format, (unsigned)v->number);
	if (name[0] != '\0')
		sink_printf(v->out, " %s", name);
}

static const char *protocol_name(uint64_t protocol)
{
	switch (protocol) {
	case IP_PROTOCOL_ICMP: return "ICMP";
	case IP_PROTOCOL_TCP: return "TCP";
	case IP_PROTOCOL_ICMPV6: return "ICMPv6";
	case 17: return "UDP";
	default: return "";
	}
}

static const char *type_name(uint64_t type)
{
	switch (type) {
	case ETHERTYPE_IPV4: return "IPv4";
	case ETHERTYPE_IPV6: return "IPv6";
	case ETHERTYPE_ARP: return "ARP";
	default: return "";
	}
}

/* RFC 3168 section 5. */
static const char *ecn_name(uint64_t ecn)
{
	static const char *const names[4] = {"Not-ECT", "ECT(1)", "ECT(0)", "CE"};

	return names[ecn & 3];
}

/* The option's group stands before its kind. */
static const char *option_name(const struct value *v)
{
	const struct header_node *group = v->node - 1;
	const struct header_info *info = header_info((enum header)group->header);

	return info->name[v->lang == LANG_ZH];
}

static void put_bit(const struct value *v)
{
	sink_printf(v->out, "%" PRIu64 " %s", v->number,
		    string_in(v->number ? STRING_HEAD_SET : STRING_HEAD_NOT_SET, v->lang));
}

static void put_said(const struct value *v)
{
	size_t n = v->node->bits / 8;

	sink_putc(v->out, '"');
	put_harmless(v->out, (const char *)v->octets, n < 200 ? n : 200);
	sink_putc(v->out, '"');
}

static void put_hex(const struct value *v)
{
	size_t n = v->node->bits / 8;

	for (size_t i = 0; i < n && i < 16; i++)
		sink_printf(v->out, "%s%02x", i > 0 ? " " : "", v->octets[i]);
}

/* ---- layers and groups: what is in them ------------------------------------------------------ */

static void put_set_bits(const struct value *v, const struct header_node *group)
{
	const char *between = "";

	for (uint16_t i = (uint16_t)(group - v->i->tree.node + 1); i < group->end; i++) {
		const struct header_node *n = &v->i->tree.node[i];

		if (header_value(v->i->frame.octets, n) == 0)
			continue;
		sink_printf(v->out, "%s%s", between, header_info((enum header)n->header)->name[0]);
		between = " ";
	}
}

static void put_link(const struct value *v)
{
	put_station(v, v->octets + 6);
	sink_puts(v->out, " > ");
	put_station(v, v->octets);
}

static void put_way(const struct value *v, enum header from, enum header to)
{
	put_address(v, header_find(&v->i->tree, from));
	sink_puts(v->out, " > ");
	put_address(v, header_find(&v->i->tree, to));
}

static void put_talk(const struct value *v)
{
	const struct header_tree *t = &v->i->tree;
	const uint8_t *octets = v->i->frame.octets;

	sink_printf(v->out, "%u > %u  ",
		    (unsigned)header_value(octets, header_find(t, HEADER_TCP_FROM_PORT)),
		    (unsigned)header_value(octets, header_find(t, HEADER_TCP_TO_PORT)));
	put_set_bits(v, header_find(t, HEADER_TCP_CONTROL));
}

/* The first value of an option says most of it. */
static void put_option(const struct value *v)
{
	for (const struct header_node *n = v->node + 3; n < v->i->tree.node + v->node->end; n++)
		sink_printf(v->out, "%s%" PRIu64, n > v->node + 3 ? ", " : "",
			    header_value(v->i->frame.octets, n));
}

static void put_timeout(const struct value *v)
{
	const uint8_t *octets = v->i->frame.octets;

	sink_printf(v->out, "%" PRIu64 " %s", header_value(octets, v->node + 4),
		    header_value(octets, v->node + 3) ? "min" : "s");
}

static void put_inside(const struct value *v)
{
	switch (v->node->header) {
	case HEADER_ETHERNET: put_link(v); return;
	case HEADER_IPV4: put_way(v, HEADER_IPV4_FROM, HEADER_IPV4_TO); return;
	case HEADER_IPV6: put_way(v, HEADER_IPV6_FROM, HEADER_IPV6_TO); return;
	case HEADER_TCP: put_talk(v); return;
	case HEADER_TCP_CONTROL: put_set_bits(v, v->node); return;
	case HEADER_OPTION_MSS:
	case HEADER_OPTION_SCALE:
	case HEADER_OPTION_SACK:
	case HEADER_OPTION_TIMES: put_option(v); return;
	case HEADER_OPTION_UTO: put_timeout(v); return;
	default: put_count(v, v->node->bits / 8); return;
	}
}

/* ---- fields ---------------------------------------------------------------------------------- */

static void put_field(const struct value *v)
{
	const struct voyage *w = v->i->voyage;
	const struct relative *rel = &w->relative;

	switch (v->node->header) {
	case HEADER_ETHERNET_TO:
	case HEADER_ETHERNET_FROM:
		put_station(v, v->octets);
		put_host(v, v->node->header == HEADER_ETHERNET_TO ? w->to : w->from);
		return;
	case HEADER_IPV4_FROM:
	case HEADER_IPV6_FROM:
	case HEADER_IPV4_TO:
	case HEADER_IPV6_TO:
		put_address(v, v->node);
		put_host(v, v->node->header == HEADER_IPV4_TO || v->node->header == HEADER_IPV6_TO
				    ? w->to
				    : w->from);
		return;
	case HEADER_ETHERNET_TYPE: put_named(v, "0x%04x", type_name(v->number)); return;
	case HEADER_IPV4_ID: put_named(v, "%u", ""); return;
	case HEADER_IPV6_FLOW: put_named(v, "0x%05x", ""); return;
	case HEADER_IPV4_ECN:
	case HEADER_IPV6_ECN: put_named(v, "%u", ecn_name(v->number)); return;
	case HEADER_IPV4_PROTOCOL:
	case HEADER_IPV6_NEXT: put_named(v, "%u", protocol_name(v->number)); return;
	case HEADER_OPTION_KIND: put_named(v, "%u", option_name(v)); return;
	case HEADER_IPV4_IHL:
	case HEADER_TCP_OFFSET:
		sink_printf(v->out, "%u = ", (unsigned)v->number);
		put_count(v, v->number * 4);
		return;
	case HEADER_IPV4_LENGTH:
	case HEADER_IPV6_LENGTH:
	case HEADER_TCP_WINDOW:
	case HEADER_OPTION_LENGTH:
	case HEADER_MSS_VALUE: put_count(v, v->number); return;
	case HEADER_IPV4_CHECKSUM:
	case HEADER_TCP_CHECKSUM: put_sum(v); return;
	case HEADER_TCP_SEQ: put_seq(v, rel->has_seq, rel->seq); return;
	case HEADER_TCP_ACK: put_seq(v, rel->has_ack, rel->ack); return;
	case HEADER_SACK_LEFT:
	case HEADER_SACK_RIGHT:
		put_seq(v, rel->has_ack, seq_sub(seq((uint32_t)v->number), rel->ack_base.v));
		return;
	case HEADER_TEXT_OCTETS: put_said(v); return;
	default: break;
	}
	if (header_info((enum header)v->node->header)->bits == 0)
		put_hex(v);
	else if (v->node->bits == 1)
		put_bit(v);
	else
		sink_printf(v->out, "%" PRIu64, v->number);
}

void inspection_put_value(const struct inspection *i, const struct header_node *n, enum lang lang,
			  struct sink *out)
{
	struct value v = {.i = i,
			  .node = n,
			  .octets = i->frame.octets + n->bit / 8,
			  .number = n->bits <= 64 ? header_value(i->frame.octets, n) : 0,
			  .lang = lang == LANG_ZH ? LANG_ZH : LANG_EN,
			  .out = out};

	if (header_info((enum header)n->header)->shape == HEADER_SHAPE_FIELD)
		put_field(&v);
	else
		put_inside(&v);
}
