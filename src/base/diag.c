/* SPDX-License-Identifier: MIT */
#include <base/diag.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <base/utf8.h>

enum {
	TAB = 8,
	SHOWN = 120,   /* columns of a source line; more is clipped around the place */
	BEFORE = 60,   /* of them, left of the place */
	MARKS_MAX = 8, /* code points without width in a row: more of them are an attack */
};

/* One code point as it goes to the terminal. */
struct glyph {
	char text[12];
	size_t size;    /* octets of text */
	size_t columns; /* on the terminal */
	size_t taken;   /* octets of the source */
};

static void escape(struct glyph *g, const char *format, uint32_t value)
{
	g->size = (size_t)snprintf(g->text, sizeof g->text, format, (unsigned)value);
	g->columns = g->size;
}

/* A file may hold anything; only what cannot harm the terminal passes as it is. */
static struct glyph render(const char *s, size_t n, size_t column)
{
	struct glyph g = {0};
	uint32_t cp;

	g.taken = utf8_next(s, n, &cp);
	if (cp == '\t') {
		g.columns = g.size = TAB - column % TAB;
		memset(g.text, ' ', g.size);
	} else if (cp == 0xfffd && g.taken == 1) {
		escape(&g, "\\x%02x", (unsigned char)*s);
	} else if (cp_is_control(cp)) {
		escape(&g, cp < 0x100 ? "\\x%02x" : "\\u%04x", cp);
	} else {
		memcpy(g.text, s, g.taken);
		g.size = g.taken;
		g.columns = (size_t)cp_width(cp);
	}
	return g;
}

/* The display column, from 0, where octet `byte` of the line begins. */
static size_t column_of(const char *line, size_t byte)
{
	size_t size = strlen(line);
	size_t column = 0;
	size_t i = 0;

	while (i < size && i < byte) {
		struct glyph g = render(line + i, size - i, column);

		/* A place inside a code point is the place of that code point. */
		if (i + g.taken > byte)
			break;
		column += g.columns;
		i += g.taken;
	}
	return column;
}

/* The part of `line` that lies in columns [from, to). */
static void put_columns(struct sink *out, const char *line, size_t from, size_t to)
{
	size_t size = strlen(line);
	size_t column = 0;
	int marks = 0;

	for (size_t i = 0; i < size;) {
		struct glyph g = render(line + i, size - i, column);

		if (column > to || (column == to && g.columns > 0))
			break;
		marks = g.columns ? 0 : marks + 1;
		if (column >= from && column + g.columns <= to) {
			if (marks <= MARKS_MAX)
				sink_put(out, g.text, g.size);
		} else if (column + g.columns > from) {
			/* Cut in two by an edge: blanks keep the rest in its columns. */
			size_t left = column > from ? column : from;
			size_t right = column + g.columns < to ? column + g.columns : to;

			sink_pad(out, ' ', right - left);
		}
		column += g.columns;
		i += g.taken;
	}
}

static void put_harmless(struct sink *out, const char *text)
{
	size_t size = strlen(text);

	for (size_t i = 0; i < size;) {
		struct glyph g = render(text + i, size - i, 0);

		sink_put(out, text[i] == '\t' ? " " : g.text, text[i] == '\t' ? 1 : g.size);
		i += g.taken;
	}
}

static void put_source(struct sink *out, const struct diag *d, size_t start, size_t end)
{
	size_t total = column_of(d->line, strlen(d->line));
	size_t from = 0;
	size_t to = total;
	size_t left;

	if (total > SHOWN) {
		from = start > BEFORE ? start - BEFORE : 0;
		if (from > total - SHOWN)
			from = total - SHOWN;
		to = from + SHOWN;
	}
	left = from > 0 ? 3 : 0;
	sink_printf(out, "%5d | %s", d->at.line, left ? "..." : "");
	put_columns(out, d->line, from, to);
	sink_puts(out, to < total ? "...\n" : "\n");

	/* A place at the end of the line ("something is missing here") gets a single mark there. */
	if (end > to)
		end = to;
	sink_puts(out, "      | ");
	sink_pad(out, ' ', left + start - from);
	sink_putc(out, '^');
	if (end > start + 1)
		sink_pad(out, '~', end - start - 1);
	sink_putc(out, '\n');
}

static void print_one(const struct diag *d, struct sink *out)
{
	size_t byte = d->at.byte > 0 ? (size_t)d->at.byte : 0;
	size_t size = d->at.size > 0 ? (size_t)d->at.size : 1;
	size_t start = d->line ? column_of(d->line, byte) : byte;

	put_harmless(out, d->at.file ? d->at.file : "-");
	if (d->at.line > 0)
		sink_printf(out, ":%d:%zu", d->at.line, start + 1);
	sink_puts(out, d->severity == DIAG_ERROR ? ": error: " : ": warning: ");
	put_harmless(out, d->message);
	sink_putc(out, '\n');
	if (d->line && d->at.line > 0)
		put_source(out, d, start, column_of(d->line, byte + size));
	if (d->hint) {
		sink_puts(out, "      = hint: ");
		put_harmless(out, d->hint);
		sink_putc(out, '\n');
	}
}

static void print_rest(struct sink *out, int all, const char *what)
{
	int rest = all - DIAG_MAX;

	if (rest > 0)
		sink_printf(out, "... and %d more %s%s\n", rest, what, rest == 1 ? "" : "s");
}

void diag_print(const struct diags *d, struct sink *out)
{
	for (size_t i = 0; i < d->list.count; i++)
		print_one(&d->list.at[i], out);
	print_rest(out, d->errors, "error");
	print_rest(out, d->warnings, "warning");
}

static const char *keep(struct diags *d, const char *text)
{
	return text ? arena_strndup(&d->arena, text, strlen(text)) : NULL;
}

/* Each kind has DIAG_MAX places of its own: warnings never push an error out. */
static void add(struct diags *d, const struct diag *model, const char *format, va_list args)
{
	char text[1024]; /* a message quotes words of the user; none is worth more */
	struct diag *kept;

	if ((model->severity == DIAG_ERROR ? d->errors++ : d->warnings++) >= DIAG_MAX)
		return;
	vsnprintf(text, sizeof text, format, args);
	kept = array_push(&d->list);
	*kept = *model;
	kept->at.file = keep(d, model->at.file);
	kept->line = keep(d, model->line);
	kept->hint = keep(d, model->hint);
	kept->message = keep(d, text);
}

void diag_error(struct diags *d, struct place at, const char *line, const char *hint,
		const char *format, ...)
{
	struct diag model = {.severity = DIAG_ERROR, .at = at, .hint = hint, .line = line};
	va_list args;

	va_start(args, format);
	add(d, &model, format, args);
	va_end(args);
}

void diag_error_in(struct diags *d, const char *en, const char *zh)
{
	diag_error(d, (struct place){.file = ""}, NULL, NULL, "%s", en);
	if (d->errors <= DIAG_MAX)
		array_last(&d->list)->message_zh = keep(d, zh);
}

void diag_warning(struct diags *d, struct place at, const char *line, const char *hint,
		  const char *format, ...)
{
	struct diag model = {.severity = DIAG_WARNING, .at = at, .hint = hint, .line = line};
	va_list args;

	va_start(args, format);
	add(d, &model, format, args);
	va_end(args);
}

void diags_fini(struct diags *d)
{
	array_fini(&d->list);
	arena_fini(&d->arena);
	d->errors = d->warnings = 0;
}
