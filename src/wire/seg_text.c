/* SPDX-License-Identifier: MIT */
#include <wire/seg_text.h>

#include <inttypes.h>
#include <wire/options.h>

enum { CTL_COLUMNS = 3 };

void seg_print_ctl(struct sink *out, uint16_t ctl)
{
	static const struct {
		uint16_t bit;
		char letter;
	} letters[] = {
		{FIN, 'F'}, {SYN, 'S'}, {RST, 'R'}, {PSH, 'P'}, {ACK, '.'},
		{URG, 'U'}, {ECE, 'E'}, {CWR, 'W'}, {AE, 'e'},
	};
	size_t before = out->count;

	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
		if (ctl & letters[i].bit)
			sink_putc(out, letters[i].letter);
	}
	if (out->count == before)
		sink_putc(out, '-');
}

static void print_option(struct sink *out, const struct seg *s, uint8_t kind)
{
	switch ((enum option_kind)kind) {
	case KIND_EOL: sink_puts(out, "eol"); break;
	case KIND_NOP: sink_puts(out, "nop"); break;
	case KIND_MSS: sink_printf(out, "mss %u", s->mss); break;
	case KIND_WSCALE: sink_printf(out, "wscale %u", s->wscale); break;
	case KIND_SACK_PERMITTED: sink_puts(out, "sackOK"); break;
	case KIND_SACK:
		sink_puts(out, "sack");
		for (int i = 0; i < s->sacks; i++)
			sink_printf(out, " %" PRIu32 ":%" PRIu32, s->sack[i].left.v,
				    s->sack[i].right.v);
		break;
	case KIND_TIMESTAMPS:
		sink_printf(out, "TS val %" PRIu32 " ecr %" PRIu32, s->tsval, s->tsecr);
		break;
	case KIND_USER_TIMEOUT: /* RFC 5482 3.3: the highest bit says minutes */
		sink_printf(out, s->uto >> 15 ? "uto %umin" : "uto %u", s->uto & 0x7fffu);
		break;
	}
}

void seg_print_options(struct sink *out, const struct seg *s)
{
	struct options_layout layout;

	options_lay_out(s, TCP_OPTIONS_MAX, &layout);
	for (size_t i = 0; i < layout.count; i++) {
		if (i > 0)
			sink_putc(out, ',');
		print_option(out, s, layout.kind[i]);
	}
}

void seg_print(struct sink *out, const struct seg *s)
{
	size_t before = out->count;
	size_t columns;

	seg_print_ctl(out, s->ctl);
	columns = out->count - before;
	sink_pad(out, ' ', columns < CTL_COLUMNS ? CTL_COLUMNS - columns : 0);
	sink_printf(out, " %" PRIu32 ":%" PRIu32 "(%" PRIu32 ")", s->seq.v,
		    seq_add(s->seq, s->text.len).v, s->text.len);
	if (s->ctl & ACK)
		sink_printf(out, " ack %" PRIu32, s->ack.v);
	sink_printf(out, " win %u", s->wnd);
	if (s->ctl & URG)
		sink_printf(out, " urg %u", s->up);
	if (s->opts) {
		sink_puts(out, " <");
		seg_print_options(out, s);
		sink_putc(out, '>');
	}
}
