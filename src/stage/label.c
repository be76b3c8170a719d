/* SPDX-License-Identifier: MIT */
/* label.c - a segment in few words, the more important first. */
#include <inttypes.h>
#include <string.h>
#include <base/assert.h>
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
	struct sink sack, hint;                          /* the newest block; only that there are */
};

static void put_code(struct sink *out, enum glyph g)
{
	char octets[4];

	sink_put(out, octets, utf8_put(glyph_code(g), octets));
}

/* The block that tells the news comes first in the option (RFC 2018 section 4). */
static void put_sack(struct parts *p, const struct seg *s, uint32_t shift)
{
	if (!(s->opts & OPT_SACK) || s->sacks == 0)
		return;
	sink_puts(&p->hint, "sack");
	sink_printf(&p->sack, "sack %" PRIu32 ":%" PRIu32, s->sack[0].left.v + shift,
		    s->sack[0].right.v + shift);
	if (s->sacks > 1)
		sink_printf(&p->sack, " +%d", s->sacks - 1);
}

static void mark(struct parts *p, const char *words)
{
	if (p->marks.count > 0)
		sink_putc(&p->marks, ' ');
	sink_puts(&p->marks, words);
}

static void gather(struct parts *p, const struct view *v, const struct voyage *w)
{
	const struct seg *s = voyage_seg(v->story, w);
	bool is_relative = !v->player->is_absolute;
	seq32 seq = is_relative && w->relative.has_seq ? w->relative.seq : s->seq;
	seq32 ack = is_relative && w->relative.has_ack ? w->relative.ack : s->ack;
	bool is_plain = !(s->ctl & (SYN | FIN | RST)) && s->text.len == 0;

	if (trace_at(v->story->trace, w->send)->is_inferred)
		sink_puts(&p->kind, VIEW_INFERRED);
	if (w->is_duplicate)
		put_code(&p->kind, GLYPH_DUPLICATE);
	if (voyage_deeds(v->story, w, v->player->cursor, NULL) & 1u << DEED_REORDER)
		put_code(&p->kind, GLYPH_REORDERED);
	sink_puts(&p->kind, kind_of(s));
	put_words(&p->words, v, s);
	if (!is_plain) {
		sink_printf(&p->seq, "%" PRIu32 ":%" PRIu32, seq.v, seq.v + s->text.len);
		sink_printf(&p->first, "%" PRIu32, seq.v);
	}
	if (s->ctl & ACK)
		sink_printf(&p->ack, is_plain ? "%" PRIu32 : "ack %" PRIu32, ack.v);
	put_sack(p, s, ack.v - s->ack.v);
	if (s->ctl & ECE)
		mark(p, "ECE");
	if (s->ctl & CWR)
		mark(p, "CWR");
	if (s->wnd == 0 && !(s->ctl & RST))
		mark(p, "win 0");
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

/* Which parts are said, the fullest form first, and what is lost, measured in sixteenths of a cell
 * of a line that has to be covered. What was said matters more than its numbers. */
static const struct {
	bool words, seq, first, ack;
	int loss;
} forms[LABEL_FORMS] = {
	{true, true, false, true, 0},      {true, true, false, false, 12},
	{true, false, true, false, 24},    {true, false, false, false, 40},
	{false, true, false, false, 300},  {false, false, true, false, 340},
	{false, false, false, false, 500},
};

int label_loss(int form)
{
	ASSERT(form >= 0 && form < LABEL_FORMS);
	return forms[form].loss;
}

static void put_form(struct sink *out, const struct parts *p, int form)
{
	bool is_last = form + 1 == LABEL_FORMS;

	sink_clear(out);
	sink_puts(out, "");
	join(out, &p->kind);
	if (forms[form].words)
		join(out, &p->words);
	if (forms[form].seq)
		join(out, &p->seq);
	if (forms[form].first || (is_last && p->kind.count == 0))
		join(out, &p->first);
	if (forms[form].ack || p->seq.count == 0)
		join(out, &p->ack);
	if (!is_last)
		join(out, forms[form].ack && forms[form].seq ? &p->sack : &p->hint);
	join(out, &p->marks);
}

static void parts_fini(struct parts *p)
{
	sink_fini(&p->kind);
	sink_fini(&p->words);
	sink_fini(&p->seq);
	sink_fini(&p->first);
	sink_fini(&p->ack);
	sink_fini(&p->marks);
	sink_fini(&p->sack);
	sink_fini(&p->hint);
}

void view_label_form(struct sink *out, const struct view *v, const struct voyage *w, int form)
{
	struct parts p = {0};

	ASSERT(form >= 0 && form < LABEL_FORMS);
	gather(&p, v, w);
	put_form(out, &p, form);
	parts_fini(&p);
}

void view_label(struct sink *out, const struct view *v, const struct voyage *w, int room)
{
	struct parts p = {0};

	gather(&p, v, w);
	for (int form = 0; form < LABEL_FORMS; form++) {
		put_form(out, &p, form);
		if ((int)utf8_columns(out->at) <= room)
			break;
	}
	parts_fini(&p);
}
