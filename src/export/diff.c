/* SPDX-License-Identifier: MIT */
#include "export/diff.h"

#include <inttypes.h>
#include <string.h>
#include <base/harmless.h>
#include <base/lines.h>
#include <base/utf8.h>
#include <woshou/names.h>
#include "export/half.h"
#include "trace/brief.h"

enum { COLUMNS_USUAL = 80, GUTTER = 3 };

/* How a pair is marked between the columns. */
enum mark { MARK_SAME, MARK_LATER, MARK_CHANGED, MARK_ONLY_A, MARK_ONLY_B };

static const struct {
	char sign;
	const char *colour;
} marks[] = {
	[MARK_SAME] = {' ', ""},           [MARK_LATER] = {'~', "\x1b[2m"},
	[MARK_CHANGED] = {'|', "\x1b[1m"}, [MARK_ONLY_A] = {'<', "\x1b[36m"},
	[MARK_ONLY_B] = {'>', "\x1b[33m"},
};

struct table {
	const struct diff *diff;
	const struct diff_options *options;
	struct sink *out;
	struct half_columns columns; /* of each half */
};

static const char *say(const struct table *t, const char *en, const char *zh)
{
	return t->options->lang == LANG_EN ? en : zh;
}

static enum mark mark_of(const struct pairing *p)
{
	if (p->a == PAIRING_NONE)
		return MARK_ONLY_B;
	if (p->b == PAIRING_NONE)
		return MARK_ONLY_A;
	if (!pairing_is_same(p))
		return MARK_CHANGED;
	return p->what ? MARK_LATER : MARK_SAME;
}

/* ---- one row --------------------------------------------------------------------------------- */

static void read_half(struct half *h, const struct table *t, const struct trace *trace,
		      uint64_t record)
{
	half_init(h);
	if (record == PAIRING_NONE)
		return;
	sink_time(&h->time, trace_at(trace, record)->at);
	brief_record(&h->text, trace, trace_at(trace, record), t->options->lang);
	half_filled(h);
}

static void put_pair(struct table *t, const struct pairing *p)
{
	enum mark mark = mark_of(p);
	bool has_colour = t->options->has_colour && marks[mark].colour[0] != '\0';
	struct half a, b;

	read_half(&a, t, t->diff->a, p->a);
	read_half(&b, t, t->diff->b, p->b);
	do {
		bool is_first = !a.is_begun;

		if (has_colour)
			sink_puts(t->out, marks[mark].colour);
		half_put(&a, t->columns, true, t->out);
		sink_printf(t->out, " %c", is_first ? marks[mark].sign : ' ');
		if (*b.rest != '\0') {
			sink_putc(t->out, ' ');
			half_put(&b, t->columns, false, t->out);
		}
		if (has_colour)
			sink_puts(t->out, "\x1b[0m");
		sink_putc(t->out, '\n');
	} while (*a.rest != '\0' || *b.rest != '\0');
	half_fini(&a);
	half_fini(&b);
}

/* A text over both columns, indented. */
static void put_across(struct table *t, const char *text)
{
	size_t room = (size_t)t->options->columns - t->columns.time - 1;

	while (*text != '\0') {
		size_t next, n = text_line(text, room, &next);

		sink_pad(t->out, ' ', t->columns.time + 1);
		sink_put(t->out, text, n);
		sink_putc(t->out, '\n');
		text += next;
	}
}

static void put_what(struct table *t, const struct pairing *p)
{
	struct sink text = {0};

	sink_puts(&text, say(t, "differ: ", "不同："));
	diff_put_what(&text, t->diff, p, t->options->lang);
	put_across(t, text.at);
	sink_fini(&text);
}

static void put_folded(struct table *t, size_t count)
{
	struct sink text = {0};

	if (count == 0)
		return;
	sink_printf(&text, say(t, "... %zu the same ...", "…… %zu 件相同 ……"), count);
	put_across(t, text.at);
	sink_fini(&text);
}

/* ---- all rows -------------------------------------------------------------------------------- */

static bool is_different(const struct comparison *c, size_t i)
{
	return i >= c->begin && !pairing_is_same(&c->pairs.at[i]);
}

static void put_pairs(struct table *t)
{
	const struct comparison *c = t->diff->found;
	size_t folded = 0, shown = 0, last = SIZE_MAX, next = c->begin, i;

	for (i = 0; i < c->pairs.count; i++) {
		const struct pairing *p = &c->pairs.at[i];

		if (is_different(c, i))
			last = i;
		while (next < c->pairs.count && (next < i || !is_different(c, next)))
			next++;
		/* Within the context of no difference? */
		if ((last == SIZE_MAX || i - last > t->options->context) &&
		    (next == c->pairs.count || next - i > t->options->context)) {
			folded++;
			continue;
		}
		if (is_different(c, i) && shown++ == DIFF_ROWS && !t->options->is_full)
			break;
		put_folded(t, folded);
		folded = 0;
		put_pair(t, p);
		if (mark_of(p) == MARK_CHANGED)
			put_what(t, p);
	}
	if (i == c->pairs.count) {
		put_folded(t, folded);
	} else {
		struct sink text = {0};

		sink_printf(&text,
			    say(t, "... and %" PRIu64 " more differences: --full shows them ...",
				"…… 还有 %" PRIu64 " 处不同：--full 全部列出 ……"),
			    c->changed + c->only_a + c->only_b - DIFF_ROWS);
		put_across(t, text.at);
		sink_fini(&text);
	}
}

/* ---- around them ----------------------------------------------------------------------------- */

static void put_heading(struct table *t)
{
	for (int i = 0; i < 2; i++) {
		const char *name = t->options->name[i] ? t->options->name[i] : "";
		const struct trace *trace = i ? t->diff->b : t->diff->a;

		sink_printf(t->out, "%c  ", 'A' + i);
		put_harmless(t->out, name, strlen(name));
		sink_printf(t->out, say(t, " (seed %" PRIu64 ")\n", "（种子 %" PRIu64 "）\n"),
			    trace_seed(trace));
	}
}

/* In LANG_BOTH Chinese on one line, English on the next. */
static void put_first(struct table *t)
{
	enum lang lang = t->options->lang;
	const struct divergence *first = &t->diff->found->first;

	if (lang != LANG_EN) {
		sink_puts(t->out, first->differs ? "首次不同，" : "");
		divergence_put(t->out, t->diff->a, t->diff->b, first, LANG_ZH);
		sink_putc(t->out, '\n');
	}
	if (lang != LANG_ZH) {
		sink_puts(t->out, first->differs ? "first difference " : "");
		divergence_put(t->out, t->diff->a, t->diff->b, first, LANG_EN);
		sink_putc(t->out, '\n');
	}
}

static void put_names(struct table *t)
{
	sink_pad(t->out, ' ', t->columns.time + 1);
	sink_putc(t->out, 'A');
	sink_pad(t->out, ' ', t->columns.text - 1 + GUTTER + t->columns.time + 1);
	sink_puts(t->out, "B\n");
}

static void put_rejoin(struct table *t)
{
	const struct comparison *c = t->diff->found;
	const struct pairing *p;

	if (c->rejoin == c->pairs.count) {
		sink_puts(t->out, say(t, "They never rejoin.\n", "此后再没有合到一起。\n"));
		return;
	}
	p = &c->pairs.at[c->rejoin];
	sink_puts(t->out, say(t, "They rejoin at ", "在 "));
	sink_time(t->out, trace_at(t->diff->a, p->a)->at);
	sink_puts(t->out, " / ");
	sink_time(t->out, trace_at(t->diff->b, p->b)->at);
	sink_puts(t->out, say(t, " s: from there on all is the same", " 秒重新合到一起，此后相同"));
	if (c->has_shift && c->shift != 0) {
		usec by = c->shift < 0 ? -c->shift : c->shift;

		sink_puts(t->out, say(t, ", ", "，B "));
		if (t->options->lang != LANG_EN)
			sink_puts(t->out, c->shift < 0 ? "早 " : "晚 ");
		sink_time(t->out, by);
		sink_puts(t->out,
			  say(t, c->shift < 0 ? " s earlier in B" : " s later in B", " 秒"));
	} else if (!c->has_shift) {
		sink_puts(t->out, say(t, " but the time", "，只是时刻不同"));
	}
	sink_puts(t->out, say(t, ".\n", "。\n"));
}

static void put_sum(struct table *t)
{
	const struct comparison *c = t->diff->found;

	sink_printf(t->out,
		    say(t,
			"%zu the same; then %" PRIu64 " the same, %" PRIu64 " changed, %" PRIu64
			" only in A, %" PRIu64 " only in B.\n",
			"先有 %zu 件相同；此后 %" PRIu64 " 件相同，%" PRIu64 " 件有变，%" PRIu64
			" 件只在 A，%" PRIu64 " 件只在 B。\n"),
		    c->begin, c->same, c->changed, c->only_a, c->only_b);
	put_rejoin(t);
	sink_puts(t->out,
		  say(t, "  ~ the same, at another time   | changed   < only in A   > only in B\n",
		      "  ~ 相同，时刻不同   | 有变   < 只在 A   > 只在 B\n"));
}

static size_t time_columns(const struct diff *d)
{
	size_t most = 5;

	for (int i = 0; i < 2; i++) {
		const struct trace *t = i ? d->b : d->a;
		struct sink time = {0};

		for (uint64_t j = 0; j < trace_count(t); j++) {
			sink_clear(&time);
			sink_time(&time, trace_at(t, j)->at);
			most = time.count > most ? time.count : most;
		}
		sink_fini(&time);
	}
	return most;
}

void diff_text(const struct diff *d, const struct diff_options *o, struct sink *out)
{
	struct diff_options options = *o;
	struct table t = {.diff = d, .options = &options, .out = out};

	if (options.columns == 0)
		options.columns = COLUMNS_USUAL;
	if (options.columns < DIFF_COLUMNS_LEAST)
		options.columns = DIFF_COLUMNS_LEAST;
	t.columns.time = time_columns(d);
	t.columns.text = (size_t)(options.columns - GUTTER) / 2 - t.columns.time - 1;
	put_heading(&t);
	put_first(&t);
	if (!d->found->first.differs)
		return;
	sink_putc(out, '\n');
	put_names(&t);
	put_pairs(&t);
	sink_putc(out, '\n');
	put_sum(&t);
}
