/* SPDX-License-Identifier: MIT */
/*
 * colours.c FOLDER - how the stage's pictures are written, at all sizes, in all languages and with
 * both sets of glyphs: the role of every cell with what is added to it, and what a monochrome
 * terminal is told of every cell. themes.txt holds what each theme makes of each role.
 *
 * A line is a row of the picture, "3 | 0-5 bold  9 frame": these columns are written so, and what
 * is not named is plain.
 */
#include <stage/session.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include <stage/canvas_ansi.h>
#include "fixture.h"
#include "golden.h"

enum { STYLE = 48, MOST_ROWS = 60, MOST_COLUMNS = 200 };

static const struct {
	int rows, columns;
} sizes[] = {{12, 40}, {24, 80}, {25, 81}, {40, 120}, {60, 200}};

static const struct {
	const char *name;
	enum lang lang;
} langs[] = {{"en", LANG_EN}, {"zh", LANG_ZH}, {"zh+en", LANG_BOTH}};

/* Those of screens.c. */
static const usec moments[] = {30000, 1245000, 3075000};

static const char *const role_names[] = {
	[ROLE_TEXT] = "text",     [ROLE_FAINT] = "faint",    [ROLE_FRAME] = "frame",
	[ROLE_HEAD] = "head",     [ROLE_PERSON_0] = "first", [ROLE_PERSON_1] = "second",
	[ROLE_OTHERS] = "others", [ROLE_LINE_0] = "line-1",  [ROLE_LINE_1] = "line-2",
	[ROLE_LOSS] = "loss",     [ROLE_KEY] = "key",        [ROLE_HERE] = "here",
};

_Static_assert(sizeof role_names / sizeof role_names[0] == ROLE_COUNT, "every role has a name");

static const struct {
	enum attr attr;
	const char *name;
} attrs[] = {{ATTR_BOLD, "+bold"},
	     {ATTR_DIM, "+dim"},
	     {ATTR_UNDERLINE, "+underline"},
	     {ATTR_REVERSE, "+reverse"}};

enum { ATTRS = sizeof attrs / sizeof attrs[0] };

static int wrong; /* promises not kept, each already told */

static void complain(const char *name, const char *what, const char *about)
{
	if (wrong++ < 10)
		printf("# %s: %s: %s\n", name, what, about);
}

/* ---- a terminal that keeps nothing but how each cell is written ------------------------------ */

struct paint {
	char style[MOST_ROWS][MOST_COLUMNS][STYLE]; /* "bold colour-75"; "": plain */
};

/* "0;1;38;5;75" in words. A background, or anything else that no theme may ask for, in figures. */
static void put_style(const char *sgr, char style[STYLE])
{
	struct sink words = {0};
	char *end;

	sink_puts(&words, "");
	for (const char *at = sgr; *at; at = *end ? end + 1 : end) {
		long n = strtol(at, &end, 10);

		if (n == 0)
			continue;
		if (words.count > 0)
			sink_putc(&words, ' ');
		if (strncmp(at, "38;5;", 5) == 0)
			sink_printf(&words, "colour-%ld", strtol(at + 5, &end, 10));
		else if (n >= 30 && n <= 37)
			sink_printf(&words, "colour-%ld", n - 30);
		else if (n == 1 || n == 2 || n == 4 || n == 7)
			sink_puts(&words, n == 1   ? "bold"
					  : n == 2 ? "dim"
					  : n == 4 ? "underline"
						   : "reverse");
		else
			sink_printf(&words, "SGR-%ld", n);
	}
	snprintf(style, STYLE, "%s", words.at);
	sink_fini(&words);
}

static void paint_canvas(struct paint *p, const struct canvas *c, enum theme theme)
{
	struct sink bytes = {0};
	char style[STYLE] = "";
	int row = 0, column = 0;

	memset(p, 0, sizeof *p);
	canvas_ansi(&bytes, NULL, c, theme);
	for (const char *at = bytes.at, *end = at + bytes.count; at < end;) {
		size_t n = strcspn(at, "mH");
		uint32_t code;

		if (*at == '\x1b' && at[n] == 'H') {
			sscanf(at, "\x1b[%d;%dH", &row, &column);
			row--, column--;
			at += n + 1;
		} else if (*at == '\x1b') {
			char sgr[STYLE];

			snprintf(sgr, sizeof sgr, "%.*s", (int)n - 2, at + 2);
			put_style(sgr, style);
			at += n + 1;
		} else {
			at += utf8_next(at, (size_t)(end - at), &code);
			for (int i = cp_width(code); i > 0; i--)
				memcpy(p->style[row][column++], style, STYLE);
		}
	}
	sink_fini(&bytes);
}

/* ---- rows as runs ---------------------------------------------------------------------------- */

static void put_role(const struct canvas *c, int row, int column, char style[STYLE])
{
	const struct cell *cell = canvas_at(c, row, column);
	int n;

	/* ATTR_STROKE is not to be seen. */
	if (cell->role == ROLE_TEXT && (cell->attrs & ~(unsigned)ATTR_STROKE) == 0) {
		style[0] = '\0';
		return;
	}
	n = snprintf(style, STYLE, "%s", role_names[cell->role]);
	for (int i = 0; i < ATTRS; i++) {
		if (cell->attrs & attrs[i].attr)
			n += snprintf(style + n, (size_t)(STYLE - n), "%s", attrs[i].name);
	}
}

static void put_rows(struct sink *out, const struct paint *p, const struct canvas *c)
{
	for (int row = 0; row < c->rows; row++) {
		bool is_plain = true;

		for (int column = 0, next; column < c->columns; column = next) {
			const char *style = p->style[row][column];

			for (next = column + 1; next < c->columns; next++) {
				if (strcmp(style, p->style[row][next]) != 0)
					break;
			}
			if (style[0] == '\0')
				continue;
			if (is_plain)
				sink_printf(out, "%d |", row);
			is_plain = false;
			if (next == column + 1)
				sink_printf(out, " %d %s ", column, style);
			else
				sink_printf(out, " %d-%d %s ", column, next - 1, style);
		}
		if (!is_plain) {
			out->at[--out->count] = '\0';
			sink_putc(out, '\n');
		}
	}
}

static void put_roles(struct sink *out, struct paint *p, const struct canvas *c)
{
	for (int row = 0; row < c->rows; row++) {
		for (int column = 0; column < c->columns; column++)
			put_role(c, row, column, p->style[row][column]);
	}
	put_rows(out, p, c);
}

/* ---- what is promised of every picture ------------------------------------------------------- */

/* The terminal's own background, and what a monochrome or eight-coloured one knows. */
static void check_theme(const char *name, const struct paint *p, const struct canvas *c,
			enum theme theme)
{
	for (int i = 0; i < c->rows * c->columns; i++) {
		const char *style = p->style[i / c->columns][i % c->columns];
		const char *colour = strstr(style, "colour-");

		if (strstr(style, "SGR"))
			complain(name, theme_name(theme), style);
		if (colour && theme == THEME_MONO)
			complain(name, "a colour without colours", style);
		if (colour && theme == THEME_EIGHT && strtol(colour + 7, NULL, 10) > 7)
			complain(name, "more than eight colours", style);
	}
}

static bool is_written(const struct paint *p, const struct canvas *c, enum role role,
		       const char *style)
{
	for (int i = 0; i < c->rows * c->columns; i++) {
		int row = i / c->columns, column = i % c->columns;

		if (canvas_at(c, row, column)->role == role && !canvas_is_blank(c, row, column) &&
		    (!style || strcmp(p->style[row][column], style) == 0))
			return true;
	}
	return false;
}

/* No word of one person looks like some word of the other. */
static void check_people(const char *name, const struct paint *p, const struct canvas *c,
			 enum theme theme)
{
	if (!is_written(p, c, ROLE_PERSON_0, NULL) || !is_written(p, c, ROLE_PERSON_1, NULL))
		complain(name, theme_name(theme), "somebody is not there");
	for (int i = 0; i < c->rows * c->columns; i++) {
		int row = i / c->columns, column = i % c->columns;

		if (canvas_at(c, row, column)->role != ROLE_PERSON_0 ||
		    canvas_is_blank(c, row, column))
			continue;
		if (is_written(p, c, ROLE_PERSON_1, p->style[row][column])) {
			complain(name, theme_name(theme), "both people are written alike");
			return;
		}
	}
}

/* ---- goldens --------------------------------------------------------------------------------- */

static void draw(struct sink *out, const char *name, const struct trace *t,
		 const struct stage_options *o, int size)
{
	static struct paint paint;

	for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		struct session s;
		struct canvas c;

		session_init(&s, t, "first-wave.scene", o);
		player_seek(&s.player, moments[i]);
		canvas_init(&c, sizes[size].rows, sizes[size].columns, o->is_ascii);
		session_draw(&s, &c);
		sink_printf(out, "== %lld us: roles\n", (long long)moments[i]);
		put_roles(out, &paint, &c);
		for (int theme = THEME_DARK; theme < THEME_COUNT; theme++) {
			paint_canvas(&paint, &c, (enum theme)theme);
			check_theme(name, &paint, &c, (enum theme)theme);
			check_people(name, &paint, &c, (enum theme)theme);
			if (theme == THEME_MONO) {
				sink_printf(out, "== %lld us: mono\n", (long long)moments[i]);
				put_rows(out, &paint, &c);
			}
		}
		canvas_fini(&c);
		session_fini(&s);
	}
}

static int test_one(const char *folder, const struct trace *t, const char *play, int number,
		    int size, int lang, bool is_ascii)
{
	struct stage_options o = {
		.lang = langs[lang].lang, .is_ascii = is_ascii, .tell = fixture_tell};
	struct sink name = {0}, picture = {0};
	bool is_good;

	sink_printf(&name, "colours-%s-%dx%d-%s%s", play, sizes[size].columns, sizes[size].rows,
		    langs[lang].name, is_ascii ? "-ascii" : "");
	draw(&picture, name.at, t, &o, size);
	is_good = golden(folder, name.at, number, &picture);
	sink_fini(&name);
	sink_fini(&picture);
	return is_good ? 0 : 1;
}

/* By itself, and with each attribute that a view may add. */
static void put_theme(struct sink *out, enum theme theme)
{
	static struct paint paint;

	sink_printf(out, "== %s\n", theme_name(theme));
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct canvas c;

		canvas_init(&c, 1, 1 + ATTRS, false);
		for (int i = 0; i <= ATTRS; i++)
			canvas_text(&c, 0, i, 1,
				    INK((enum role)role, i > 0 ? attrs[i - 1].attr : 0u), "x");
		paint_canvas(&paint, &c, theme);
		check_theme("themes", &paint, &c, theme);
		sink_printf(out, "%-7s", role_names[role]);
		for (int i = 0; i <= ATTRS; i++) {
			const char *style = paint.style[0][i];

			sink_printf(out, "  %s: %s;", i > 0 ? attrs[i - 1].name : "itself",
				    style[0] ? style : "plain");
		}
		sink_putc(out, '\n');
		canvas_fini(&c);
	}
}

static int test_themes(const char *folder, int number)
{
	struct sink table = {0};
	bool is_good;

	for (int theme = 0; theme < THEME_COUNT; theme++)
		put_theme(&table, (enum theme)theme);
	is_good = golden(folder, "themes", number, &table);
	sink_fini(&table);
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct trace *wave = fixture_first_wave(), *storm = fixture_storm();
	int number = 0, failed = 0;

	if (argc != 2)
		return 2;
	failed += test_themes(argv[1], ++number);
	for (int size = 0; size < 5; size++) {
		for (int lang = 0; lang < 3; lang++) {
			for (int ascii = 0; ascii < 2; ascii++)
				failed += test_one(argv[1], wave, "wave", ++number, size, lang,
						   ascii == 1);
		}
	}
	for (int size = 1; size < 4; size += 2)
		failed += test_one(argv[1], storm, "storm", ++number, size, 2, false);
	printf("%s %d - people differ in every theme, and no theme asks for what it may not\n",
	       wrong == 0 ? "ok" : "not ok", ++number);
	printf("1..%d\n", number);
	trace_free(wave);
	trace_free(storm);
	return failed > 0 || wrong > 0 ? 1 : 0;
}
