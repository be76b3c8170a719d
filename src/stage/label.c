/* SPDX-License-Identifier: MIT */
/* label.c - a segment in few words, the more important first. */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/view.h"

enum { WORDS_MAX = 24 };

static const char *kind_of(const struct seg *s)
{
	if (s->ctl & RST)
		return "RST";
	if ((s->ctl & (SYN | ACK)) == (SYN | ACK))
		return "SYN+ACK";
	if (s->ctl & SYN)
		return "SYN";
	if (s->ctl & FIN)
		return "FIN";
	if (s->text.len > 0)
		return "";
	return s->ctl & ACK ? "ACK" : "-";
}

/* What was said, in quotes, while it is short; else how much. */
static void put_words(struct sink *out, const struct view *v, const struct seg *s)
{
	const struct streams *streams = trace_streams_of(v->story->trace);
	char octets[WORDS_MAX];
	size_t n;

	if (s->text.len == 0)
		return;
	if (s->text.len <= WORDS_MAX && !stream_is_synthetic(streams, &s->text)) {
		n = stream_read(streams, &s->text, 0, octets, sizeof octets);
		if (n > 0 && octets[n - 1] == '\n')
			n--;
		sink_putc(out, '"');
		put_harmless(out, octets, n);
		sink_putc(out, '"');
	} else {
		sink_printf(out, "%" PRIu32 " %s", s->text.len,
			    string_in(s->text.len == 1 ? STRING_OCTET : STRING_OCTETS,
				      v->player->lang));
	}
}

struct parts {
	struct sink kind, words, seq, first, ack, marks; /* first: seq without its end */
};

static void put_code(struct sink *out, enum glyph g)
{
	char octets[4];

	sink_put(out, octets, utf8_put(glyph_code(g), octets));
}

static void gather(struct parts *p, const struct view *v, const struct voyage *w)
{
	const struct seg *s = voyage_seg(v->story, w);
	bool is_relative = !v->player->is_absolute;
	seq32 seq = is_relative && w->relative.has_seq ? w->relative.seq : s->seq;
	seq32 ack = is_relative && w->relative.has_ack ? w->relative.ack : s->ack;
	bool is_plain = !(s->ctl & (SYN | FIN | RST)) && s->text.len == 0;

	if (w->is_duplicate)
		put_code(&p->kind, GLYPH_DUPLICATE);
	if (w->deeds & 1u << DEED_REORDER)
		put_code(&p->kind, GLYPH_REORDERED);
	sink_puts(&p->kind, kind_of(s));
	put_words(&p->words, v, s);
	if (!is_plain) {
		sink_printf(&p->seq, "%" PRIu32 ":%" PRIu32, seq.v, seq.v + s->text.len);
		sink_printf(&p->first, "%" PRIu32, seq.v);
	}
	if (s->ctl & ACK)
		sink_printf(&p->ack, is_plain ? "%" PRIu32 : "ack %" PRIu32, ack.v);
	if (s->wnd == 0 && !(s->ctl & RST))
		sink_puts(&p->marks, "win 0");
	if (s->rexmit > 0) {
		if (p->marks.count > 0)
			sink_putc(&p->marks, ' ');
		put_code(&p->marks, GLYPH_REXMIT);
		sink_printf(&p->marks, "%u", s->rexmit);
	}
}

static void join(struct sink *out, const struct sink *part)
{
	if (part->count == 0)
		return;
	if (out->count > 0)
		sink_putc(out, ' ');
	sink_put(out, part->at, part->count);
}

void view_label(struct sink *out, const struct view *v, const struct voyage *w, int room)
{
	/* Which parts are left out when the room is short, in this order. What was said matters
	 * more than its numbers. */
	static const struct {
		bool words, seq, first, ack;
	} tries[] = {
		{true, true, false, true},    {true, true, false, false},
		{true, false, true, false},   {true, false, false, false},
		{false, true, false, false},  {false, false, true, false},
		{false, false, false, false},
	};
	struct parts p = {0};

	gather(&p, v, w);
	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
		bool is_last = i + 1 == sizeof tries / sizeof tries[0];

		sink_clear(out);
		join(out, &p.kind);
		if (tries[i].words)
			join(out, &p.words);
		if (tries[i].seq)
			join(out, &p.seq);
		if (tries[i].first || (is_last && p.kind.count == 0))
			join(out, &p.first);
		if (tries[i].ack || p.seq.count == 0)
			join(out, &p.ack);
		join(out, &p.marks);
		if ((int)utf8_columns(out->at ? out->at : "") <= room)
			break;
	}
	sink_fini(&p.kind);
	sink_fini(&p.words);
	sink_fini(&p.seq);
	sink_fini(&p.first);
	sink_fini(&p.ack);
	sink_fini(&p.marks);
}
