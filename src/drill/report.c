/* SPDX-License-Identifier: MIT */
#include <drill/report.h>

#include <string.h>
#include <base/utf8.h>

enum { FIELDS_MAX = 160 };

struct fields {
	const char *at[FIELDS_MAX];
	size_t size[FIELDS_MAX];
	size_t count;
};

/* A column of both lines: a field of each, or of one alone. */
struct column {
	int expected, actual; /* -1: none */
	bool is_other;
	size_t width;
	size_t gap; /* blanks behind it: none after a comma */
};

struct columns {
	struct column at[2 * FIELDS_MAX];
	size_t count;
};

/* At blanks, and after commas. False: more than fit. */
static bool split(const char *text, struct fields *f)
{
	while (*text) {
		const char *end = text;

		if (*text == ' ') {
			text++;
			continue;
		}
		while (*end && *end != ' ' && (end == text || end[-1] != ','))
			end++;
		if (f->count == FIELDS_MAX)
			return false;
		f->at[f->count] = text;
		f->size[f->count++] = (size_t)(end - text);
		text = end;
	}
	return true;
}

static bool is_same(const struct fields *a, size_t i, const struct fields *b, size_t j)
{
	return a->size[i] == b->size[j] && memcmp(a->at[i], b->at[j], a->size[i]) == 0;
}

static size_t width_of(const struct fields *f, int index)
{
	return index < 0 ? 0 : utf8_width(f->at[index], f->size[index]);
}

static bool has_comma(const struct fields *f, int index)
{
	return index < 0 || f->at[index][f->size[index] - 1] == ',';
}

static void add_column(struct columns *c, const struct fields *e, int i, const struct fields *a,
		       int j, bool is_other)
{
	size_t width = width_of(e, i);

	if (width_of(a, j) > width)
		width = width_of(a, j);
	c->at[c->count++] =
		(struct column){i, j, is_other, width, has_comma(e, i) && has_comma(a, j) ? 0 : 1};
}

/* A window that nobody has spoken of is shown, and no difference. */
static bool is_window(const struct fields *f, size_t i)
{
	static const char win[] = "win";

	return (f->size[i] == 3 && memcmp(f->at[i], win, 3) == 0) ||
	       (i > 0 && f->size[i - 1] == 3 && memcmp(f->at[i - 1], win, 3) == 0);
}

/* Longest common subsequence, from the back: length[i][j] is that of what begins at i and j. */
static void match(const struct fields *e, const struct fields *a, struct columns *c)
{
	uint8_t length[FIELDS_MAX + 1][FIELDS_MAX + 1];
	size_t i = 0, j = 0;

	memset(length, 0, sizeof length);
	for (size_t x = e->count; x-- > 0;)
		for (size_t y = a->count; y-- > 0;)
			length[x][y] = is_same(e, x, a, y) ? (uint8_t)(length[x + 1][y + 1] + 1)
				       : length[x + 1][y] > length[x][y + 1] ? length[x + 1][y]
									     : length[x][y + 1];
	while (i < e->count || j < a->count) {
		bool has_both = i < e->count && j < a->count;

		if (has_both && is_same(e, i, a, j))
			add_column(c, e, (int)i++, a, (int)j++, false);
		else if (has_both && length[i + 1][j + 1] == length[i][j])
			add_column(c, e, (int)i++, a, (int)j++, true);
		else if (j >= a->count || (i < e->count && length[i + 1][j] == length[i][j]))
			add_column(c, e, (int)i++, a, -1, true);
		else {
			add_column(c, e, -1, a, (int)j, !is_window(a, j));
			j++;
		}
	}
}

static void put_line(const struct columns *c, const struct fields *f, bool is_expected,
		     struct sink *out)
{
	size_t owed = 0; /* blanks: none at the end of the line */

	for (size_t i = 0; i < c->count; i++) {
		int index = is_expected ? c->at[i].expected : c->at[i].actual;
		size_t width = width_of(f, index);

		if (index >= 0) {
			sink_pad(out, ' ', owed);
			sink_put(out, f->at[index], f->size[index]);
			owed = 0;
		}
		owed += c->at[i].width - width + c->at[i].gap;
	}
	sink_putc(out, '\n');
}

static void put_marks(const struct columns *c, struct sink *out)
{
	size_t owed = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (!c->at[i].is_other) {
			owed += c->at[i].width + c->at[i].gap;
			continue;
		}
		sink_pad(out, ' ', owed);
		sink_putc(out, '^');
		sink_pad(out, '~', c->at[i].width > 0 ? c->at[i].width - 1 : 0);
		owed = c->at[i].gap;
	}
	sink_putc(out, '\n');
}

void drill_compare_print(const char *expected, const char *actual, const char *indent,
			 struct sink *out)
{
	struct fields e = {0}, a = {0};
	struct columns c = {0};
	bool fits = split(expected, &e) && split(actual, &a);

	if (!fits) {
		sink_printf(out, "%sexpected  %s\n%sactual    %s\n", indent, expected, indent,
			    actual);
		return;
	}
	match(&e, &a, &c);
	sink_printf(out, "%sexpected  ", indent);
	put_line(&c, &e, true, out);
	sink_printf(out, "%sactual    ", indent);
	put_line(&c, &a, false, out);
	sink_printf(out, "%s          ", indent);
	put_marks(&c, out);
}

const char *drill_finding_name(enum drill_finding_kind kind)
{
	switch (kind) {
	case FINDING_FAILURE: return "failure";
	case FINDING_DEVIATION: return "deviation";
	case FINDING_LEFTOVER: return "left over";
	case FINDING_NOTE: return "note";
	}
	return "";
}

void drill_finding_print(const struct drill_finding *f, struct sink *out)
{
	sink_puts(out, "  ");
	if (f->at.line)
		sink_printf(out, "%s:%d:%d: ", f->at.file, f->at.line, f->at.byte + 1);
	sink_printf(out, "%s at ", drill_finding_name(f->kind));
	sink_time(out, f->when);
	sink_printf(out, ": %s\n", f->what);
	if (f->line && f->at.line)
		sink_printf(out, "  %5d | %s\n", f->at.line, f->line);
	if (f->expected && f->actual)
		drill_compare_print(f->expected, f->actual, "      ", out);
	else if (f->expected)
		sink_printf(out, "      expected  %s\n", f->expected);
	else if (f->actual)
		sink_printf(out, "      actual    %s\n", f->actual);
}

void drill_result_print(const struct drill_result *r, struct sink *out)
{
	if (r->printed.count > 0)
		sink_put(out, r->printed.at, r->printed.count);
	for (size_t i = 0; i < r->findings.count; i++)
		drill_finding_print(&r->findings.at[i], out);
}

const struct drill_finding *drill_first_failure(const struct drill_result *r)
{
	for (size_t i = 0; i < r->findings.count; i++)
		if (r->findings.at[i].kind == FINDING_FAILURE)
			return &r->findings.at[i];
	return NULL;
}
