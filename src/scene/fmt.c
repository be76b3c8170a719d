/* SPDX-License-Identifier: MIT */
/*
 * fmt.c - canonical layout. The author's lines stay lines, comments and single blank lines stay;
 * indentation, spaces and the spelling of states are ours. Like lines under each other are set in
 * columns: times, people, what is expected. The parser has marked the tokens (enum token_mark), so
 * there is no second grammar here.
 */
#include <scene/parse.h>

#include <stdio.h>
#include <string.h>
#include <base/utf8.h>

enum { INDENT = 2, CELLS = 3, PAD_MAX = 24 };

/* Lines of one kind, under each other, share their columns. */
enum line_kind {
	LINE_PLAIN,
	LINE_BLANK,
	LINE_COMMENT,
	LINE_SAY,
	LINE_MORE,
	LINE_ASIDE,
	LINE_HEADER,
	LINE_PERSON,
	LINE_WIND,
	LINE_AT,
	LINE_EXPECT
};

struct line {
	uint8_t kind;
	int depth;
	struct sink cell[CELLS];
	const struct token *comment; /* after the statement */
};

struct layout {
	ARRAY(struct line) lines;
	int depth;
};

/* ---- from tokens to lines ------------------------------------------------------------------- */

static bool is_word(const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && t->size == strlen(word) &&
	       memcmp(t->text, word, t->size) == 0;
}

static enum line_kind kind_of(const struct token *t)
{
	static const struct {
		const char *word;
		enum line_kind kind;
	} kinds[] = {
		{"title", LINE_HEADER},  {"seed", LINE_HEADER},   {"limit", LINE_HEADER},
		{"end", LINE_HEADER},    {"golden", LINE_HEADER}, {"include", LINE_HEADER},
		{"person", LINE_PERSON}, {"wind", LINE_WIND},     {"at", LINE_AT},
		{"after", LINE_AT},      {"expect", LINE_EXPECT}, {"no", LINE_ASIDE},
	};

	if (t->kind == TOKEN_COMMENT)
		return LINE_COMMENT;
	if (t->mark & MARK_SAY)
		return LINE_SAY;
	if (is_word(t, "en") || is_word(t, "zh"))
		return LINE_MORE;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (is_word(t, kinds[i].word))
			return kinds[i].kind;
	return LINE_PLAIN;
}

static bool is_glued(const struct token *a, const struct token *b)
{
	return a->text + a->size == b->text;
}

/* Blanks between two tokens of a line. */
static size_t gap(const struct token *a, const struct token *b)
{
	if (is_glued(a, b) && (a->kind == TOKEN_BAD || b->kind == TOKEN_BAD))
		return 0; /* an address, flags */
	if (b->kind == TOKEN_COMMA || a->kind == TOKEN_RANGE || b->kind == TOKEN_RANGE)
		return 0;
	if ((a->kind == TOKEN_PLUS || a->kind == TOKEN_MINUS) && b->kind == TOKEN_NUMBER)
		return 0;
	if ((b->mark & MARK_ITEM) && a->kind != TOKEN_OPEN)
		return 2;
	return 1;
}

/* SYN-SENT becomes SYN_SENT, SYN_RECEIVED becomes SYN_RCVD. */
static void put_token(struct sink *out, const struct token *t)
{
	char word[32];

	if ((t->mark & MARK_STATE) && t->kind == TOKEN_WORD && t->size < sizeof word) {
		snprintf(word, sizeof word, "%.*s", (int)t->size, t->text);
		for (char *c = word; *c; c++)
			if (*c == '-')
				*c = '_';
		sink_puts(out, strcmp(word, "SYN_RECEIVED") == 0 ? "SYN_RCVD" : word);
		return;
	}
	sink_put(out, t->text, t->size);
}

/* Where the next cell begins: people's and times' columns. `at` lines have two cells. */
static bool begins_cell(const struct line *l, const struct token *t, int cell)
{
	if (cell == 0)
		return (t->mark & MARK_SUBJECT) != 0;
	return cell == 1 && l->kind != LINE_AT && l->kind != LINE_HEADER && (t->mark & MARK_REST);
}

static void fill_line(struct layout *o, const struct token *first, const struct token *end)
{
	struct line *l = array_push(&o->lines);
	const struct token *before = NULL;
	bool has_cells;
	int cell = 0;

	*l = (struct line){.kind = (uint8_t)kind_of(first), .depth = o->depth};
	has_cells = l->kind >= LINE_HEADER;
	for (const struct token *t = first; t < end && t->kind == TOKEN_CLOSE; t++)
		if (l->depth > 0)
			l->depth--;
	for (const struct token *t = first; t < end; t++) {
		if (t->kind == TOKEN_COMMENT && t != first) {
			l->comment = t;
			break;
		}
		if (t->kind == TOKEN_OPEN)
			o->depth++;
		if (t->kind == TOKEN_CLOSE && o->depth > 0)
			o->depth--;
		if (has_cells && before && begins_cell(l, t, cell)) {
			cell++;
			/* A person without a title has their braces in the third cell. */
			if (l->kind == LINE_PERSON && (t->mark & MARK_REST))
				cell = 2;
			before = NULL;
		}
		if (before)
			sink_pad(&l->cell[cell], ' ', gap(before, t));
		put_token(&l->cell[cell], t);
		before = t;
	}
}

static void push_blank(struct layout *o)
{
	if (o->lines.count == 0 || array_last(&o->lines)->kind == LINE_BLANK)
		return;
	*array_push(&o->lines) = (struct line){.kind = LINE_BLANK, .depth = o->depth};
}

static void drop_blank(struct layout *o)
{
	if (o->lines.count > 0 && array_last(&o->lines)->kind == LINE_BLANK)
		(void)array_pop(&o->lines);
}

static bool ends_open(const struct line *l)
{
	for (int i = CELLS - 1; i >= 0; i--)
		if (l->cell[i].count > 0)
			return l->cell[i].at[l->cell[i].count - 1] == '{';
	return false;
}

static void read_lines(struct layout *o, const struct source *s)
{
	const struct token *t = s->tokens.at;
	const struct token *end = t + s->tokens.count;

	while (t < end && t->kind != TOKEN_END) {
		const struct token *first = t;

		/* A text in the second language may go on in the next line. */
		while (t->kind != TOKEN_LINE_END && t->kind != TOKEN_END && t->line == first->line)
			t++;
		if (first == t) {
			/* No blank line after an opening brace. */
			if (o->lines.count > 0 && !ends_open(array_last(&o->lines)))
				push_blank(o);
		} else {
			if (first->kind == TOKEN_CLOSE)
				drop_blank(o);
			fill_line(o, first, t);
		}
		if (t->kind == TOKEN_LINE_END)
			t++;
	}
	drop_blank(o);
}

/* ---- columns -------------------------------------------------------------------------------- */

static size_t width_of(const struct sink *s)
{
	return s->count ? utf8_width(s->at, s->count) : 0;
}

/* Says, comments and what is no longer so do not part the like lines around them. */
static bool is_between(const struct line *l)
{
	return l->kind == LINE_SAY || l->kind == LINE_MORE || l->kind == LINE_COMMENT ||
	       l->kind == LINE_ASIDE;
}

static void pad_cell(struct line *l, int cell, size_t widest, enum line_kind kind)
{
	size_t width = width_of(&l->cell[cell]);
	size_t between = cell == 0 ? 2 : 1;

	if (kind == LINE_WIND || kind == LINE_HEADER)
		between = 1;
	if (kind == LINE_PERSON)
		between = 2;
	for (int i = cell + 1; i < CELLS; i++)
		if (l->cell[i].count > 0) {
			if (widest - width > PAD_MAX)
				widest = width;
			sink_pad(&l->cell[cell], ' ', widest - width + between);
			return;
		}
}

/* `->` stands under the right end of `<->`. */
static void align_arrows(struct line *from, struct line *end)
{
	bool has_both_ways = false;

	for (struct line *l = from; l < end; l++)
		has_both_ways = has_both_ways || (l->kind == LINE_WIND && l->cell[1].count > 2 &&
						  l->cell[1].at[0] == '<');
	for (struct line *l = from; l < end && has_both_ways; l++)
		if (l->kind == LINE_WIND && l->cell[1].count > 0 && l->cell[1].at[0] == '-') {
			struct sink padded = {0};

			sink_putc(&padded, ' ');
			sink_put(&padded, l->cell[1].at, l->cell[1].count);
			sink_fini(&l->cell[1]);
			l->cell[1] = padded;
		}
}

static void align_group(struct line *from, struct line *end)
{
	enum line_kind kind = (enum line_kind)from->kind;

	if (kind == LINE_WIND)
		align_arrows(from, end);
	for (int cell = 0; cell < CELLS - 1; cell++) {
		size_t widest = 0;

		for (const struct line *l = from; l < end; l++) {
			size_t width = l->kind == kind ? width_of(&l->cell[cell]) : 0;
			bool has_more = l->cell[cell + 1].count > 0 ||
					(cell == 0 && l->cell[CELLS - 1].count > 0);

			if (has_more && width > widest)
				widest = width;
		}
		for (struct line *l = from; l < end; l++)
			if (l->kind == kind &&
			    (cell == 0 || l->cell[cell].count > 0 || widest > 0)) {
				if (width_of(&l->cell[cell]) <= widest)
					pad_cell(l, cell, widest, kind);
			}
	}
}

static void align(struct layout *o)
{
	struct line *l = o->lines.at;
	struct line *end = l + o->lines.count;

	while (l < end) {
		struct line *last = l;

		if (l->kind < LINE_HEADER) {
			l++;
			continue;
		}
		while (last + 1 < end && (is_between(last + 1) ||
					  (last[1].kind == l->kind && last[1].depth == l->depth)))
			last++;
		align_group(l, last + 1);
		l = last + 1;
	}
}

/* ---- out ------------------------------------------------------------------------------------ */

static void put_code(struct sink *out, const struct line *l)
{
	int depth = l->depth + (l->kind == LINE_SAY ? 1 : 0);

	if (l->kind == LINE_MORE)
		depth += 3; /* under the text behind `say` */
	sink_pad(out, ' ', (size_t)(depth * INDENT));
	for (int i = 0; i < CELLS; i++)
		if (l->cell[i].count)
			sink_put(out, l->cell[i].at, l->cell[i].count);
	while (out->count > 0 && out->at[out->count - 1] == ' ')
		out->at[--out->count] = '\0';
}

static size_t code_width(const struct line *l)
{
	struct sink s = {0};
	size_t width;

	put_code(&s, l);
	width = width_of(&s);
	sink_fini(&s);
	return width;
}

/* Comments behind neighbouring lines stand under each other. */
static size_t comment_column(const struct line *from, const struct line *end)
{
	size_t column = 0;

	for (const struct line *l = from; l < end && l->comment; l++) {
		size_t width = code_width(l);

		if (width > column)
			column = width;
	}
	return column;
}

static void put_lines(struct sink *out, const struct layout *o)
{
	const struct line *end = o->lines.at + o->lines.count;
	size_t column = 0;

	for (const struct line *l = o->lines.at; l < end; l++) {
		if (l->comment && (l == o->lines.at || !l[-1].comment))
			column = comment_column(l, end);
		if (l->kind != LINE_BLANK)
			put_code(out, l);
		if (l->comment) {
			size_t width = code_width(l);
			size_t pad = column - width > PAD_MAX ? 0 : column - width;

			sink_pad(out, ' ', pad + 2);
			sink_put(out, l->comment->text, l->comment->size);
		}
		sink_putc(out, '\n');
	}
}

bool scene_format(const char *name, const char *bytes, size_t n, struct sink *out, struct diags *d)
{
	struct scene_file *f = xcalloc(1, sizeof *f);
	struct layout o = {0};
	bool is_good;

	f->name = xstrndup(name, strlen(name));
	*array_push(&f->sources) = source_new(name, bytes, n);
	is_good = scene_read_marks(f, d);
	if (is_good) {
		read_lines(&o, f->sources.at[0]);
		align(&o);
		put_lines(out, &o);
	}
	for (size_t i = 0; i < o.lines.count; i++)
		for (int c = 0; c < CELLS; c++)
			sink_fini(&o.lines.at[i].cell[c]);
	array_fini(&o.lines);
	scene_free(f);
	return is_good;
}
