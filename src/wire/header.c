/* SPDX-License-Identifier: MIT */
#include <wire/header.h>

#include <wire/octets.h>
#include <wire/options.h>

static const struct header_info infos[HEADER_COUNT] = {
#define HEADER(id, shape, bits, columns, en, zh, source, text, text_zh)                            \
	{#id, HEADER_SHAPE_##shape, bits, columns, {en, zh}, source, {text, text_zh}},
#include <wire/header.def>
#undef HEADER
};

const struct header_info *header_info(enum header h)
{
	ASSERT((unsigned)h < HEADER_COUNT);
	return &infos[h];
}

/* ---- nodes ----------------------------------------------------------------------------------- */

struct reader {
	const uint8_t *octets;
	uint32_t end; /* of what the present layers may take, in bits */
	uint32_t bit; /* where the next field begins */
	uint8_t depth;
	struct header_tree *out;
};

static struct header_node *add(struct reader *r, enum header h, uint32_t bits)
{
	struct header_node *n = &r->out->node[r->out->count++];

	ASSERT(r->out->count <= HEADER_NODES_MAX);
	*n = (struct header_node){.header = (uint8_t)h,
				  .depth = r->depth,
				  .end = r->out->count,
				  .bit = r->bit,
				  .bits = bits};
	r->bit += bits;
	return n;
}

static void field(struct reader *r, enum header h)
{
	add(r, h, (uint32_t)infos[h].bits);
}

/* A field of no fixed size; none when there is nothing for it. */
static void octets(struct reader *r, enum header h, uint32_t count)
{
	if (count > 0)
		add(r, h, count * 8);
}

static uint16_t begin(struct reader *r, enum header h)
{
	uint16_t index = r->out->count;

	add(r, h, 0);
	r->depth++;
	return index;
}

static void end(struct reader *r, uint16_t index)
{
	struct header_node *n = &r->out->node[index];

	r->depth--;
	n->bits = r->bit - n->bit;
	n->end = r->out->count;
}

static uint32_t left(const struct reader *r)
{
	return (r->end - r->bit) / 8;
}

static const uint8_t *here(const struct reader *r)
{
	return r->octets + r->bit / 8;
}

static void fields(struct reader *r, enum header first, enum header last)
{
	for (int h = (int)first; h <= (int)last; h++)
		field(r, (enum header)h);
}

static void read_rest(struct reader *r, enum header h)
{
	uint16_t layer;

	if (left(r) == 0)
		return;
	layer = begin(r, HEADER_OTHER);
	octets(r, h, left(r));
	end(r, layer);
}

/* ---- TCP ------------------------------------------------------------------------------------- */

static enum header option_of(uint8_t kind, uint8_t length)
{
	switch (kind) {
	case KIND_MSS: return length == 4 ? HEADER_OPTION_MSS : HEADER_OPTION_OTHER;
	case KIND_WSCALE: return length == 3 ? HEADER_OPTION_SCALE : HEADER_OPTION_OTHER;
	case KIND_SACK_PERMITTED: return length == 2 ? HEADER_OPTION_SACK_OK : HEADER_OPTION_OTHER;
	case KIND_USER_TIMEOUT: return length == 4 ? HEADER_OPTION_UTO : HEADER_OPTION_OTHER;
	case KIND_TIMESTAMPS: return length == 10 ? HEADER_OPTION_TIMES : HEADER_OPTION_OTHER;
	case KIND_SACK:
		return length >= 10 && length <= 34 && (length - 2) % 8 == 0 ? HEADER_OPTION_SACK
									     : HEADER_OPTION_OTHER;
	default: return HEADER_OPTION_OTHER;
	}
}

static void read_option_value(struct reader *r, enum header option, uint32_t size)
{
	if (option == HEADER_OPTION_MSS)
		field(r, HEADER_MSS_VALUE);
	else if (option == HEADER_OPTION_SCALE)
		field(r, HEADER_SCALE_SHIFT);
	else if (option == HEADER_OPTION_UTO)
		fields(r, HEADER_UTO_MINUTES, HEADER_UTO_VALUE);
	else if (option == HEADER_OPTION_TIMES)
		fields(r, HEADER_TIME_VALUE, HEADER_TIME_ECHO);
	else if (option == HEADER_OPTION_SACK)
		for (uint32_t i = 0; i < size; i += 8)
			fields(r, HEADER_SACK_LEFT, HEADER_SACK_RIGHT);
	else
		octets(r, HEADER_OPTION_DATA, size);
}

static void read_option(struct reader *r)
{
	const uint8_t *at = here(r);
	enum header option = option_of(at[0], at[1]);
	uint8_t length = at[1];
	uint16_t group = begin(r, option);

	field(r, HEADER_OPTION_KIND);
	field(r, HEADER_OPTION_LENGTH);
	read_option_value(r, option, length - 2u);
	end(r, group);
}

/* `size` octets of options, up to the text. A length that leads nowhere ends them. */
static void read_options(struct reader *r, uint32_t size)
{
	uint32_t stop = r->bit + size * 8;
	uint16_t group;

	if (size == 0)
		return;
	group = begin(r, HEADER_OPTIONS);
	while (r->bit < stop) {
		uint32_t room = (stop - r->bit) / 8;
		const uint8_t *at = here(r);

		if (at[0] == KIND_EOL) {
			field(r, HEADER_OPTION_END);
			octets(r, HEADER_OPTION_PADDING, room - 1);
		} else if (at[0] == KIND_NOP) {
			field(r, HEADER_OPTION_NOP);
		} else if (room < 2 || at[1] < 2 || at[1] > room) {
			octets(r, HEADER_OPTION_DATA, room);
		} else {
			read_option(r);
		}
	}
	end(r, group);
}

static void read_text(struct reader *r)
{
	uint16_t layer;

	if (left(r) == 0)
		return;
	layer = begin(r, HEADER_TEXT);
	octets(r, HEADER_TEXT_OCTETS, left(r));
	end(r, layer);
}

static void read_tcp(struct reader *r)
{
	uint32_t size = left(r) >= TCP_HEADER_MIN ? (uint32_t)(here(r)[12] >> 4) * 4 : 0;
	uint16_t layer, control;

	if (size < TCP_HEADER_MIN || size > left(r)) {
		read_rest(r, HEADER_OTHER_OCTETS);
		return;
	}
	layer = begin(r, HEADER_TCP);
	fields(r, HEADER_TCP_FROM_PORT, HEADER_TCP_RESERVED);
	control = begin(r, HEADER_TCP_CONTROL);
	fields(r, HEADER_TCP_AE, HEADER_TCP_FIN);
	end(r, control);
	fields(r, HEADER_TCP_WINDOW, HEADER_TCP_URGENT);
	read_options(r, size - TCP_HEADER_MIN);
	end(r, layer);
	read_text(r);
}

/* ---- IP, Ethernet ---------------------------------------------------------------------------- */

/* What lies within the datagram; behind its end there is only filling. */
static void read_payload(struct reader *r, uint32_t datagram_end, uint8_t protocol)
{
	uint32_t frame_end = r->end;

	r->end = datagram_end;
	if (protocol == IP_PROTOCOL_TCP)
		read_tcp(r);
	else
		read_rest(r, HEADER_OTHER_OCTETS);
	r->end = frame_end;
	read_rest(r, HEADER_ETHERNET_TRAILER);
}

static void read_ipv4(struct reader *r)
{
	const uint8_t *at = here(r);
	uint32_t size = left(r) >= IPV4_HEADER ? (uint32_t)(at[0] & 15) * 4 : 0;
	uint32_t start = r->bit, total = size > 0 ? get16(at + 2) : 0;
	bool is_fragment = size > 0 && (get16(at + 6) & 0x3fff) != 0;
	uint16_t layer;

	if (size < IPV4_HEADER || size > left(r) || at[0] >> 4 != 4 || total < size ||
	    total > left(r)) {
		read_rest(r, HEADER_OTHER_OCTETS);
		return;
	}
	layer = begin(r, HEADER_IPV4);
	fields(r, HEADER_IPV4_VERSION, HEADER_IPV4_TO);
	octets(r, HEADER_IPV4_OPTIONS, size - IPV4_HEADER);
	end(r, layer);
	/* Of a fragment nobody knows where TCP begins. */
	read_payload(r, start + total * 8, is_fragment ? 0 : at[9]);
}

static bool is_extension(uint8_t next)
{
	return next == NEXT_HOP_BY_HOP || next == NEXT_ROUTING || next == NEXT_DESTINATION;
}

/* Steps over the extension headers that say how long they are. */
static uint8_t read_extensions(struct reader *r, uint8_t next, uint32_t stop)
{
	uint32_t size;

	for (int i = 0; i < 8 && is_extension(next) && stop - r->bit >= 64; i++) {
		size = ((uint32_t)here(r)[1] + 1) * 8;
		if (size > (stop - r->bit) / 8)
			break;
		next = here(r)[0];
		octets(r, HEADER_IPV6_EXTENSION, size);
	}
	return next;
}

static void read_ipv6(struct reader *r)
{
	const uint8_t *at = here(r);
	uint32_t stop, payload = left(r) >= IPV6_HEADER ? get16(at + 4) : 0;
	uint16_t layer;
	uint8_t next;

	if (left(r) < IPV6_HEADER || at[0] >> 4 != 6 || payload > left(r) - IPV6_HEADER) {
		read_rest(r, HEADER_OTHER_OCTETS);
		return;
	}
	stop = r->bit + (IPV6_HEADER + payload) * 8;
	layer = begin(r, HEADER_IPV6);
	fields(r, HEADER_IPV6_VERSION, HEADER_IPV6_TO);
	next = read_extensions(r, at[6], stop);
	end(r, layer);
	read_payload(r, stop, next);
}

void header_read(const uint8_t *octets, size_t size, struct header_tree *out)
{
	struct reader r = {.octets = octets, .end = (uint32_t)size * 8, .out = out};
	uint16_t layer, type;

	out->count = 0;
	if (size < ETHERNET_HEADER) {
		read_rest(&r, HEADER_OTHER_OCTETS);
		return;
	}
	layer = begin(&r, HEADER_ETHERNET);
	fields(&r, HEADER_ETHERNET_TO, HEADER_ETHERNET_TYPE);
	end(&r, layer);
	type = get16(octets + 12);
	if (type == ETHERTYPE_IPV4)
		read_ipv4(&r);
	else if (type == ETHERTYPE_IPV6)
		read_ipv6(&r);
	else
		read_rest(&r, HEADER_OTHER_OCTETS);
}

/* ---- answers --------------------------------------------------------------------------------- */

uint64_t header_value(const uint8_t *octets, const struct header_node *n)
{
	uint64_t value = 0;

	ASSERT(n->bits <= 64);
	for (uint32_t bit = n->bit; bit < n->bit + n->bits; bit++)
		value = value << 1 | (octets[bit / 8] >> (7 - bit % 8) & 1u);
	return value;
}

const struct header_node *header_find(const struct header_tree *t, enum header h)
{
	for (uint16_t i = 0; i < t->count; i++) {
		if (t->node[i].header == h)
			return &t->node[i];
	}
	return NULL;
}

static uint32_t sum_node(uint32_t sum, const uint8_t *octets, const struct header_node *n)
{
	return n ? checksum_add(sum, octets + n->bit / 8, n->bits / 8) : sum;
}

/* Over all that the checksum is about, itself too. False: there is no such checksum. */
static bool sum_of(const struct header_tree *t, const uint8_t *octets, enum header checksum,
		   uint32_t *sum)
{
	const struct header_node *tcp = header_find(t, HEADER_TCP);
	const struct header_node *text = header_find(t, HEADER_TEXT);
	bool is_ipv6 = header_find(t, HEADER_IPV6) != NULL;
	uint8_t tail[8] = {[7] = IP_PROTOCOL_TCP};

	if (!header_find(t, checksum))
		return false;
	if (checksum == HEADER_IPV4_CHECKSUM) {
		*sum = sum_node(0, octets, header_find(t, HEADER_IPV4));
		return true;
	}
	put32(tail, (tcp->bits + (text ? text->bits : 0)) / 8);
	*sum = checksum_add(0, tail, sizeof tail);
	*sum = sum_node(*sum, octets,
			header_find(t, is_ipv6 ? HEADER_IPV6_FROM : HEADER_IPV4_FROM));
	*sum = sum_node(*sum, octets, header_find(t, is_ipv6 ? HEADER_IPV6_TO : HEADER_IPV4_TO));
	*sum = sum_node(*sum, octets, tcp);
	*sum = sum_node(*sum, octets, text);
	return true;
}

bool header_sum_is_right(const struct header_tree *t, const uint8_t *octets, enum header checksum)
{
	uint32_t sum;

	return sum_of(t, octets, checksum, &sum) && checksum_end(sum) == 0;
}

uint16_t header_sum_wanted(const struct header_tree *t, const uint8_t *octets, enum header checksum)
{
	uint32_t sum;

	if (!sum_of(t, octets, checksum, &sum))
		return 0;
	/* Adding the complement takes it out again. */
	return checksum_end(sum + (uint16_t)~header_value(octets, header_find(t, checksum)));
}
