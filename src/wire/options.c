/* SPDX-License-Identifier: MIT */
#include <wire/options.h>

#include <string.h>
#include <wire/octets.h>

static size_t kind_size(const struct seg *s, uint8_t kind)
{
	switch ((enum option_kind)kind) {
	case KIND_EOL:
	case KIND_NOP: return 1;
	case KIND_MSS: return 4;
	case KIND_WSCALE: return 3;
	case KIND_SACK_PERMITTED: return 2;
	case KIND_SACK: return 2 + 8 * (size_t)s->sacks;
	case KIND_TIMESTAMPS: return 10;
	case KIND_USER_TIMEOUT: return 4;
	}
	UNREACHABLE();
}

static void add(struct options_layout *l, const struct seg *s, uint8_t kind)
{
	ASSERT(l->count < OPTIONS_LAYOUT_MAX);
	l->kind[l->count++] = kind;
	l->size += kind_size(s, kind);
}

/* `nops` before an option whose octets must end on a 32-bit border. */
static void add_aligned(struct options_layout *l, const struct seg *s, uint8_t kind, int nops)
{
	while (nops-- > 0)
		add(l, s, KIND_NOP);
	add(l, s, kind);
}

static void lay_out(const struct seg *s, bool is_aligned, struct options_layout *l)
{
	bool has_permitted = s->opts & OPT_SACK_PERMITTED;
	bool has_timestamps = s->opts & OPT_TIMESTAMPS;
	int one = is_aligned ? 1 : 0;
	int two = is_aligned ? 2 : 0;

	l->count = l->size = 0;
	if (s->opts & OPT_MSS)
		add(l, s, KIND_MSS);
	/* SACK-permitted (2) and timestamps (10) together need no filling. */
	if (has_permitted)
		add_aligned(l, s, KIND_SACK_PERMITTED, has_timestamps ? 0 : two);
	if (has_timestamps)
		add_aligned(l, s, KIND_TIMESTAMPS, has_permitted ? 0 : two);
	if (s->opts & OPT_WSCALE)
		add_aligned(l, s, KIND_WSCALE, one);
	if (s->opts & OPT_USER_TIMEOUT)
		add(l, s, KIND_USER_TIMEOUT);
	if (s->opts & OPT_SACK)
		add_aligned(l, s, KIND_SACK, two);
}

/* Each option begins where its 32-bit fields stand well, and EOL fills the rest. */
static void lay_out_end(const struct seg *s, struct options_layout *l)
{
	static const struct {
		uint8_t opt, kind, modulo, rest; /* octets before it: `rest` modulo `modulo` */
	} order[] = {
		{OPT_MSS, KIND_MSS, 1, 0},
		{OPT_WSCALE, KIND_WSCALE, 4, 1},
		{OPT_SACK_PERMITTED, KIND_SACK_PERMITTED, 2, 0},
		{OPT_TIMESTAMPS, KIND_TIMESTAMPS, 4, 2},
		{OPT_USER_TIMEOUT, KIND_USER_TIMEOUT, 4, 0},
		{OPT_SACK, KIND_SACK, 4, 2},
	};

	l->count = l->size = 0;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (!(s->opts & order[i].opt))
			continue;
		while (l->size % order[i].modulo != order[i].rest)
			add(l, s, KIND_NOP);
		add(l, s, order[i].kind);
	}
	while (l->size % 4 != 0)
		add(l, s, KIND_EOL);
}

void options_lay_out(const struct seg *s, size_t room, struct options_layout *out)
{
	ASSERT(!(s->opts & OPT_SACK) || (s->sacks >= 1 && s->sacks <= SEG_SACK_MAX));
	if (s->layout == LAYOUT_END)
		lay_out_end(s, out);
	else
		lay_out(s, true, out);
	if (out->size > room)
		lay_out(s, false, out);
}

size_t tcp_options_size(const struct seg *s)
{
	struct options_layout layout;

	options_lay_out(s, TCP_OPTIONS_MAX, &layout);
	return (layout.size + 3) / 4 * 4;
}

static void emit_fields(const struct seg *s, uint8_t kind, uint8_t *at)
{
	switch ((enum option_kind)kind) {
	case KIND_EOL:
	case KIND_NOP:
	case KIND_SACK_PERMITTED: break;
	case KIND_MSS: put16(at, s->mss); break;
	case KIND_WSCALE: at[0] = s->wscale; break;
	case KIND_SACK:
		for (int i = 0; i < s->sacks; i++) {
			put32(at + 8 * i, s->sack[i].left.v);
			put32(at + 8 * i + 4, s->sack[i].right.v);
		}
		break;
	case KIND_TIMESTAMPS:
		put32(at, s->tsval);
		put32(at + 4, s->tsecr);
		break;
	case KIND_USER_TIMEOUT: put16(at, s->uto); break;
	}
}

void options_emit(const struct tcp_header *t, uint8_t *at, size_t size)
{
	struct options_layout layout;
	uint8_t *p = at;

	options_lay_out(&t->seg, (size_t)TCP_OPTIONS_MAX - t->other_size, &layout);
	ASSERT(layout.size + t->other_size <= size);
	for (size_t i = 0; i < layout.count; i++) {
		uint8_t kind = layout.kind[i];
		size_t octets = kind_size(&t->seg, kind);

		p[0] = kind;
		if (octets > 1)
			p[1] = (uint8_t)octets;
		emit_fields(&t->seg, kind, p + 2);
		p += octets;
	}
	memcpy(p, t->other, t->other_size);
	p += t->other_size;
	memset(p, KIND_EOL, (size_t)(at + size - p)); /* MUST-69 */
}

/* A known option of a length it may have, for the first time? Then its place in seg.opts, else 0.
 */
static enum seg_opt known_option(const struct seg *s, uint8_t kind, size_t size)
{
	enum seg_opt opt = 0;

	if (kind == KIND_MSS && size == 4)
		opt = OPT_MSS;
	else if (kind == KIND_WSCALE && size == 3)
		opt = OPT_WSCALE;
	else if (kind == KIND_SACK_PERMITTED && size == 2)
		opt = OPT_SACK_PERMITTED;
	else if (kind == KIND_SACK && size >= 10 && size <= 34 && (size - 2) % 8 == 0)
		opt = OPT_SACK;
	else if (kind == KIND_TIMESTAMPS && size == 10)
		opt = OPT_TIMESTAMPS;
	else if (kind == KIND_USER_TIMEOUT && size == 4)
		opt = OPT_USER_TIMEOUT;
	return s->opts & opt ? 0 : opt;
}

static void read_known(struct seg *s, enum seg_opt opt, const uint8_t *at, size_t size)
{
	s->opts |= (uint8_t)opt;
	switch (opt) {
	case OPT_MSS: s->mss = get16(at); break;
	case OPT_WSCALE: s->wscale = at[0]; break;
	case OPT_SACK_PERMITTED: break;
	case OPT_SACK:
		s->sacks = (uint8_t)(size / 8);
		for (int i = 0; i < s->sacks; i++) {
			s->sack[i].left = seq(get32(at + 8 * i));
			s->sack[i].right = seq(get32(at + 8 * i + 4));
		}
		break;
	case OPT_TIMESTAMPS:
		s->tsval = get32(at);
		s->tsecr = get32(at + 4);
		break;
	case OPT_USER_TIMEOUT: s->uto = get16(at); break;
	}
}

enum refusal options_parse(struct octets options, struct tcp_header *out)
{
	const uint8_t *p = options.at;
	size_t left = options.size;

	while (left > 0 && p[0] != KIND_EOL) {
		enum seg_opt opt;
		size_t size = 1;

		if (p[0] != KIND_NOP) {
			if (left < 2 || p[1] < 2 || p[1] > left)
				return REFUSED_TCP_OPTION_LENGTH;
			size = p[1];
			opt = known_option(&out->seg, p[0], size);
			if (opt) {
				read_known(&out->seg, opt, p + 2, size - 2);
			} else {
				memcpy(out->other + out->other_size, p, size);
				out->other_size = (uint8_t)(out->other_size + size);
			}
		}
		p += size;
		left -= size;
	}
	return REFUSED_NOTHING;
}
