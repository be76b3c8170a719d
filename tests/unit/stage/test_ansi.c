/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/prng.h>
#include <base/utf8.h>
#include "scenery.h"
#include "stage/canvas_ansi.h"

enum { ROWS = 6, COLUMNS = 24, STYLE = 40 };

/* ---- a terminal: what ECMA-48 says of the few sequences that are used --------------------------
 */

struct terminal_cell {
	char text[CELL_OCTETS + 1];
	char style[STYLE];
};

struct terminal {
	struct terminal_cell cells[ROWS][COLUMNS];
	int row, column;
	char style[STYLE];
};

static void terminal_init(struct terminal *t)
{
	*t = (struct terminal){0};
	for (int i = 0; i < ROWS * COLUMNS; i++)
		t->cells[i / COLUMNS][i % COLUMNS].text[0] = ' ';
}

static const char *obey(struct terminal *t, const char *at)
{
	char *end;

	ck_assert_int_eq(*at++, '[');
	if (strchr("0123456789", *at) && at[strspn(at, "0123456789;")] == 'm') {
		size_t n = strcspn(at, "m");

		ck_assert_uint_lt(n, sizeof t->style);
		memcpy(t->style, at, n);
		t->style[n] = '\0';
		return at + n + 1;
	}
	t->row = (int)strtol(at, &end, 10) - 1;
	ck_assert_int_eq(*end, ';');
	t->column = (int)strtol(end + 1, &end, 10) - 1;
	ck_assert_int_eq(*end, 'H');
	return end + 1;
}

static void terminal_feed(struct terminal *t, const char *bytes, size_t n)
{
	const char *at = bytes, *end = bytes + n;

	while (at < end) {
		struct terminal_cell *cell;
		uint32_t code;
		size_t taken;

		if (*at == '\x1b') {
			at = obey(t, at + 1);
			continue;
		}
		taken = utf8_next(at, (size_t)(end - at), &code);
		ck_assert(!cp_is_control(code));
		if (cp_width(code) == 0) {
			strncat(t->cells[t->row][t->column - 1].text, at, taken);
			at += taken;
			continue;
		}
		ck_assert_int_ge(t->row, 0);
		ck_assert_int_lt(t->row, ROWS);
		ck_assert_int_ge(t->column, 0);
		ck_assert_int_le(t->column + cp_width(code), COLUMNS);
		cell = &t->cells[t->row][t->column];
		/* Half a letter is none. */
		if (cell->text[0] == '\0' && t->column > 0)
			cell[-1] = (struct terminal_cell){.text = " "};
		if (t->column + cp_width(code) < COLUMNS && cell[cp_width(code)].text[0] == '\0')
			cell[cp_width(code)] = (struct terminal_cell){.text = " "};
		memset(cell->text, 0, sizeof cell->text);
		memcpy(cell->text, at, taken);
		memcpy(cell->style, t->style, sizeof cell->style);
		if (cp_width(code) == 2)
			cell[1] = (struct terminal_cell){0};
		t->column += cp_width(code);
		at += taken;
	}
}

static void expect_shown(const struct terminal *t, const struct canvas *c)
{
	for (int row = 0; row < ROWS; row++) {
		for (int column = 0; column < COLUMNS; column++) {
			const struct cell *cell = canvas_at(c, row, column);
			char text[CELL_OCTETS + 1] = {0};

			memcpy(text, cell->text, cell->octets);
			ck_assert_str_eq(t->cells[row][column].text, text);
		}
	}
}

/* ---- the tests ---------------------------------------------------------------------------------
 */

static void scribble(struct prng *p, struct canvas *c)
{
	static const char *const words[] = {"a", "word", "  ",    "张三", "李",    "e\xcc\x81",
					    "→", "×",    "好a好", "|",    "     ", "z"};

	for (uint64_t n = prng_below(p, 12); n > 0; n--) {
		struct ink ink = {(enum role)prng_below(p, ROLE_COUNT),
				  (unsigned)prng_below(p, 16)};

		canvas_text(c, (int)prng_below(p, ROWS), (int)prng_below(p, COLUMNS), COLUMNS, ink,
			    words[prng_below(p, sizeof words / sizeof words[0])]);
	}
}

/* Whatever was drawn and drawn over: what is sent makes the one picture of the other. */
START_TEST(test_any_change)
{
	struct canvas was, now;
	struct terminal t;
	struct prng p;

	prng_init(&p, 5, 0);
	terminal_init(&t);
	canvas_init(&was, ROWS, COLUMNS, false);
	canvas_init(&now, ROWS, COLUMNS, false);
	for (int i = 0; i < 4000; i++) {
		struct sink out = {0};

		if (prng_below(&p, 20) == 0)
			canvas_clear(&now);
		scribble(&p, &now);
		canvas_ansi(&out, &was, &now, THEME_DARK);
		ck_assert(out.count > 0 || canvas_eq(&was, &now));
		terminal_feed(&t, out.at, out.count);
		expect_shown(&t, &now);
		memcpy(was.cells, now.cells, ROWS * COLUMNS * sizeof *now.cells);
		sink_fini(&out);
	}
	canvas_fini(&was);
	canvas_fini(&now);
}
END_TEST

/* From anything at all, and with every style as the theme has it. */
START_TEST(test_afresh)
{
	struct sink out = {0};
	struct terminal t;
	struct canvas c;

	terminal_init(&t);
	canvas_init(&c, ROWS, COLUMNS, false);
	canvas_text(&c, 1, 2, 9, INK(ROLE_PERSON_0, ATTR_BOLD), "ab");
	canvas_text(&c, 1, 5, 9, INK(ROLE_LOSS, ATTR_UNDERLINE | ATTR_REVERSE | ATTR_DIM), "c");
	canvas_ansi(&out, NULL, &c, THEME_DARK);
	terminal_feed(&t, out.at, out.count);
	expect_shown(&t, &c);
	ck_assert_str_eq(t.cells[1][2].style, "0;1;38;5;75");
	ck_assert_str_eq(t.cells[1][5].style, "0;1;2;4;7;38;5;252");
	ck_assert_str_eq(t.cells[0][0].style, "0");
	ck_assert_str_eq(t.style, "0");
	sink_clear(&out);
	canvas_ansi(&out, NULL, &c, THEME_EIGHT);
	terminal_feed(&t, out.at, out.count);
	ck_assert_str_eq(t.cells[1][2].style, "0;1;36");
	sink_fini(&out);
	canvas_fini(&c);
}
END_TEST

/* Without colour nothing is coloured. */
START_TEST(test_mono)
{
	struct sink out = {0};
	struct scenery s;
	struct canvas c;

	scenery_init(&s, fixture_storm());
	player_seek(&s.player, s.story->end / 2);
	c = scenery_draw(&s, 40, 120);
	canvas_ansi(&out, NULL, &c, THEME_MONO);
	ck_assert_uint_gt(out.count, 1000);
	ck_assert_ptr_null(strstr(out.at, ";38;5;"));
	ck_assert_ptr_null(strstr(out.at, ";3"));
	sink_fini(&out);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

/* ---- a recording -------------------------------------------------------------------------------
 */

/* No two pictures are nearer than a thirtieth of a second, none is empty, none is lost. */
static void check_cast(const char *text)
{
	const char *line = strchr(text, '\n') + 1;
	double last = -1;
	int pictures = 0;

	ck_assert_int_eq(strncmp(text, "{\"version\": 2, \"width\": 80, \"height\": 24, ", 42), 0);
	for (; *line != '\0'; line = strchr(line, '\n') + 1) {
		char what;
		double at;
		int n;

		ck_assert_int_eq(sscanf(line, "[%lf, \"%c\", \"%n", &at, &what, &n), 2);
		ck_assert(line[n] != '"');
		ck_assert(what == 'o' || what == 'm');
		if (what == 'm')
			continue;
		ck_assert(last < 0 || at - last > 0.0333);
		last = at;
		pictures++;
	}
	ck_assert_int_gt(pictures, 20);
}

START_TEST(test_cast)
{
	for (int motion = MOTION_FULL; motion <= MOTION_NONE; motion++) {
		struct stage_options o = {.lang = LANG_BOTH, .motion = (enum stage_motion)motion};
		struct trace *t = fixture_first_wave();
		struct sink once = {0}, again = {0};

		stage_cast(t, "x/y.scene", &o, 24, 80, &once);
		stage_cast(t, "x/y.scene", &o, 24, 80, &again);
		ck_assert_str_eq(once.at, again.at);
		check_cast(once.at);
		ck_assert_ptr_nonnull(strstr(once.at, "\"title\": \"y.scene\""));
		sink_fini(&once);
		sink_fini(&again);
		trace_free(t);
	}
}
END_TEST

START_TEST(test_cast_of_anything)
{
	struct trace *all[] = {fixture_empty(), fixture_alone(), fixture_storm(), trace_new()};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct stage_options o = {.has_start = true, .start_at = USEC_PER_S};
		struct sink out = {0};

		stage_cast(all[i], "\x1b\"\\", &o, 5, 12, &out);
		ck_assert_ptr_nonnull(strstr(out.at, "\"title\": \"\\\\x1b\\\"\\\\\""));
		ck_assert_ptr_nonnull(strstr(out.at, "[?25h\"]\n"));
		ck_assert_ptr_null(strchr(out.at, '\x1b'));
		sink_fini(&out);
		trace_free(all[i]);
	}
}
END_TEST

Suite *ansi_suite(void)
{
	Suite *s = suite_create("ansi");
	TCase *c = tcase_create("ansi");

	tcase_add_test(c, test_any_change);
	tcase_add_test(c, test_afresh);
	tcase_add_test(c, test_mono);
	tcase_add_test(c, test_cast);
	tcase_add_test(c, test_cast_of_anything);
	suite_add_tcase(s, c);
	return s;
}
