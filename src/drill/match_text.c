/* SPDX-License-Identifier: MIT */
/* match_text.c - packets as a script writes them, in its own numbers. */
#include <drill/run.h>

#include <base/sink.h>

static const char *keep(struct run *run, struct sink *s)
{
	const char *words = run_text(run, "%s", s->at ? s->at : "");

	sink_fini(s);
	return words;
}

static void put_flags(struct sink *s, uint16_t ctl)
{
	static const struct {
		uint16_t bit;
		char letter;
	} flags[] = {{FIN, 'F'}, {SYN, 'S'}, {RST, 'R'}, {PSH, 'P'},
		     {ACK, '.'}, {URG, 'U'}, {ECE, 'E'}, {CWR, 'W'}};
	size_t before = s->count;

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (ctl & flags[i].bit)
			sink_putc(s, flags[i].letter);
	if (s->count == before)
		sink_putc(s, '-');
}

/* ---- what was expected ----------------------------------------------------------------------- */

static void put_number(struct sink *s, const struct drill_number *n)
{
	if (n->is_unchecked)
		sink_puts(s, "...");
	else
		sink_printf(s, "%u", n->value);
}

static void put_script_option(struct sink *s, const struct drill_option *o)
{
	switch ((enum drill_option_kind)o->kind) {
	case DRILL_EOL: sink_puts(s, "eol"); return;
	case DRILL_NOP: sink_puts(s, "nop"); return;
	case DRILL_MSS:
		sink_puts(s, "mss ");
		put_number(s, &o->value);
		return;
	case DRILL_WSCALE:
		sink_puts(s, "wscale ");
		put_number(s, &o->value);
		return;
	case DRILL_SACK_OK: sink_puts(s, "sackOK"); return;
	case DRILL_SACK:
		sink_puts(s, "sack");
		for (int i = 0; i < o->blocks; i++)
			sink_printf(s, " %u:%u", o->block[i].left.v, o->block[i].right.v);
		return;
	case DRILL_TIMESTAMPS:
		sink_puts(s, "TS val ");
		put_number(s, &o->value);
		sink_puts(s, " ecr ");
		put_number(s, &o->ecr);
		return;
	}
}

const char *packet_words(struct run *run, const struct drill_packet *p)
{
	struct sink s = {0};

	put_flags(&s, p->ctl);
	sink_putc(&s, ' ');
	if (p->seq.is_unchecked)
		sink_puts(&s, "...");
	else
		sink_printf(&s, "%u:%u", p->seq.value, p->seq.value + p->len);
	sink_printf(&s, "(%u)%s", p->len, p->seq.is_unmapped ? "!" : "");
	if (p->ack.is_given)
		sink_printf(&s, " ack %u", p->ack.value);
	if (p->win.is_given)
		sink_printf(&s, " win %u", p->win.value);
	if (p->urg.is_given)
		sink_printf(&s, " urg %u", p->urg.value);
	if (p->are_options_unchecked)
		sink_puts(&s, " <...>");
	for (int i = 0; i < p->options; i++) {
		sink_puts(&s, i == 0 ? " <" : ",");
		put_script_option(&s, &p->option[i]);
	}
	if (p->options)
		sink_putc(&s, '>');
	return keep(run, &s);
}

/* ---- what left ------------------------------------------------------------------------------- */

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put_wire_option(const struct run *run, struct sink *s, const struct wire_option *o)
{
	uint32_t shift = run->talk.has_ts ? run->talk.ts_shift : 0;

	switch (o->kind) {
	case 0: sink_puts(s, "eol"); return;
	case 1: sink_puts(s, "nop"); return;
	case 2: sink_printf(s, "mss %u", (unsigned)o->at[2] << 8 | o->at[3]); return;
	case 3: sink_printf(s, "wscale %u", o->at[2]); return;
	case 4: sink_puts(s, "sackOK"); return;
	case 5:
		sink_puts(s, "sack");
		for (int i = 2; i + 8 <= o->size; i += 8)
			sink_printf(s, " %u:%u", get32(o->at + i), get32(o->at + i + 4));
		return;
	case 8:
		sink_printf(s, "TS val %u ecr %u", get32(o->at + 2) - shift, get32(o->at + 6));
		return;
	default: sink_printf(s, "option %u", o->kind); return;
	}
}

const char *left_words(struct run *run, const struct left *l)
{
	const struct seg *g = &l->heard.seg;
	uint32_t from = g->seq.v - (run->talk.has_isn ? run->talk.isn_shift : 0);
	struct wire_packet *wire = xcalloc(1, sizeof *wire);
	struct sink s = {0};

	put_flags(&s, g->ctl);
	/* Before anything says how the numbers lie, a SYN's is 0. */
	if (!run->talk.has_isn && (g->ctl & SYN))
		from = 0;
	sink_printf(&s, " %u:%u(%u)", from, from + g->text.len, g->text.len);
	if (g->ctl & ACK)
		sink_printf(&s, " ack %u", g->ack.v);
	sink_printf(&s, " win %u", g->wnd);
	if (g->ctl & URG)
		sink_printf(&s, " urg %u", g->up);
	wire_make(run, l, wire);
	for (size_t i = 0; i < wire->count; i++) {
		sink_puts(&s, i == 0 ? " <" : ",");
		put_wire_option(run, &s, &wire->option[i]);
	}
	if (wire->count)
		sink_putc(&s, '>');
	free(wire);
	return keep(run, &s);
}
