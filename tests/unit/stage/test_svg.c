/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include "scenery.h"
#include "stage/canvas_svg.h"

static struct sink svg_of(const struct canvas *c, enum theme theme)
{
	struct svg_options o = {.theme = theme,
				.title = "t",
				.description = "d",
				.rows = c->rows,
				.columns = c->columns};
	struct sink out = {0};

	svg_begin(&out, &o);
	svg_canvas(&out, &o, c, 0);
	svg_end(&out);
	return out;
}

static int count(const char *text, const char *word)
{
	int n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

static void expect(const struct canvas *c, const char *words)
{
	struct sink out = svg_of(c, THEME_AUTO);

	ck_assert_msg(strstr(out.at, words) != NULL, "no '%s' in %s", words, out.at);
	sink_fini(&out);
}

/* Letters stand on the grid, Chinese ones on two columns, and signs alone. */
START_TEST(test_text)
{
	struct canvas c;

	canvas_init(&c, 2, 20, false);
	canvas_text(&c, 1, 2, 18, INK(ROLE_PERSON_0, ATTR_BOLD), "ab 张三×");
	expect(&c, "<text class=\"t4 b\" x=\"18\" y=\"35\" textLength=\"18\" "
		   "lengthAdjust=\"spacingAndGlyphs\">ab</text>");
	expect(&c, "<text class=\"t4 b w\" x=\"46\" y=\"35\">张三</text>");
	expect(&c, "<text class=\"t4 b\" x=\"81\" y=\"35\" textLength=\"9\" "
		   "lengthAdjust=\"spacingAndGlyphs\">×</text>");
	canvas_fini(&c);
}
END_TEST

START_TEST(test_attributes)
{
	struct canvas c;

	canvas_init(&c, 1, 20, false);
	canvas_text(&c, 0, 0, 20, INK(ROLE_TEXT, ATTR_UNDERLINE | ATTR_DIM), "a");
	canvas_text(&c, 0, 3, 20, INK(ROLE_LOSS, ATTR_REVERSE), "b c");
	expect(&c, "<text class=\"t0 u m\"");
	/* One ground under words and blank. */
	expect(&c, "<rect class=\"f9\" x=\"27\" y=\"1\" width=\"27\" height=\"18\"/>");
	expect(&c, "<text class=\"p b\" x=\"27\"");
	canvas_fini(&c);
}
END_TEST

/* Whatever somebody wrote: it is XML, and what it has no place for is gone. */
START_TEST(test_hostile)
{
	static const char evil[] = "<b>&\"'\x01\x1b[31m\xef\xbf\xbe\xef\xbf\xbf\xff]]>";
	struct svg_options o = {.title = evil, .description = evil, .rows = 1, .columns = 40};
	struct sink out = {0};
	struct canvas c;

	canvas_init(&c, 1, 40, false);
	canvas_text(&c, 0, 0, 40, INK(ROLE_TEXT), evil);
	svg_begin(&out, &o);
	svg_canvas(&out, &o, &c, 0);
	svg_end(&out);
	ck_assert_ptr_null(strstr(out.at, "<b>"));
	ck_assert_ptr_null(strstr(out.at, "]]>"));
	ck_assert_ptr_null(strchr(out.at, '\x01'));
	ck_assert_ptr_null(strchr(out.at, '\x1b'));
	ck_assert_ptr_null(strstr(out.at, "\xef\xbf\xbe"));
	ck_assert_ptr_null(strstr(out.at, "\xef\xbf\xbf"));
	ck_assert(utf8_valid(out.at, out.count));
	ck_assert_int_ge(count(out.at, "&lt;b&gt;&amp;&quot;'"), 3);
	sink_fini(&out);
	canvas_fini(&c);
}
END_TEST

/* A frame is few lines, not many letters. */
START_TEST(test_frame)
{
	struct canvas c;
	struct sink out;

	canvas_init(&c, 3, 10, false);
	canvas_hline(&c, 0, 0, 10, GLYPH_HLINE, INK(ROLE_FRAME));
	canvas_glyph(&c, 0, 0, GLYPH_DOWN_RIGHT, INK(ROLE_FRAME));
	canvas_glyph(&c, 1, 0, GLYPH_VLINE, INK(ROLE_FRAME));
	canvas_glyph(&c, 2, 0, GLYPH_VLINE, INK(ROLE_FRAME));
	out = svg_of(&c, THEME_AUTO);
	ck_assert_int_eq(count(out.at, "<path"), 2);
	ck_assert_ptr_nonnull(strstr(out.at, "<path class=\"l2\" d=\"M4.5 10h85.5\"/>"));
	ck_assert_ptr_nonnull(strstr(out.at, "<path class=\"l2\" d=\"M4.5 10v50\"/>"));
	ck_assert_ptr_null(strstr(out.at, "<text"));
	sink_fini(&out);
	canvas_fini(&c);
}
END_TEST

START_TEST(test_lines_of_all_kinds)
{
	struct canvas c;

	canvas_init(&c, 1, 1, false);
	canvas_code(&c, 0, 0, 0x2551, INK(ROLE_FRAME)); /* two lines down */
	expect(&c, "d=\"M3 0v20\"/>\n<path class=\"l2\" d=\"M6 0v20\"/>");
	canvas_code(&c, 0, 0, 0x2504, INK(ROLE_FRAME)); /* dashes */
	expect(&c, "<path class=\"l2 d\" d=\"M0 10h9\"/>");
	canvas_code(&c, 0, 0, 0x2501, INK(ROLE_FRAME)); /* heavy */
	expect(&c, "<path class=\"l2 h\" d=\"M0 10h9\"/>");
	canvas_code(&c, 0, 0, 0x2571, INK(ROLE_FRAME)); /* a diagonal is a letter */
	expect(&c, ">╱</text>");
	canvas_fini(&c);
}
END_TEST

START_TEST(test_blocks)
{
	struct canvas c;
	struct sink out;

	canvas_init(&c, 1, 8, false);
	canvas_hline(&c, 0, 0, 3, GLYPH_FULL, INK(ROLE_PERSON_0));
	canvas_hline(&c, 0, 3, 2, GLYPH_SHADE, INK(ROLE_FRAME));
	canvas_code(&c, 0, 5, 0x258c, INK(ROLE_TEXT)); /* the left half */
	canvas_code(&c, 0, 6, 0x259a, INK(ROLE_TEXT)); /* two quarters */
	out = svg_of(&c, THEME_AUTO);
	ck_assert_ptr_nonnull(strstr(out.at, "<path class=\"f4\" d=\"M0 0h27v20h-27z\"/>"));
	ck_assert_ptr_nonnull(
		strstr(out.at, "<path class=\"f2\" fill-opacity=\".25\" d=\"M27 0h18v20h-18z\"/>"));
	ck_assert_ptr_nonnull(strstr(out.at, "<path class=\"f0\" d=\"M45 0h4.5v20h-4.5z\"/>"));
	ck_assert_ptr_nonnull(strstr(out.at, "<path class=\"f0\" d=\"M54 0h4.5v10h-4.5z\"/>"));
	ck_assert_ptr_nonnull(strstr(out.at, "<path class=\"f0\" d=\"M58.5 10h4.5v10h-4.5z\"/>"));
	ck_assert_int_eq(count(out.at, "<path"), 5);
	sink_fini(&out);
	canvas_fini(&c);
}
END_TEST

/* A graph's dots are dots. */
START_TEST(test_dots)
{
	struct canvas c;

	canvas_init(&c, 1, 4, false);
	canvas_code(&c, 0, 0, 0x2801, INK(ROLE_LINE_0));
	canvas_code(&c, 0, 1, 0x2880, INK(ROLE_LINE_0));
	expect(&c, "<path class=\"l7 o\" d=\"M2.2 2.5h0M15.7 17.5h0\"/>");
	canvas_fini(&c);
}
END_TEST

static int dots_in(const struct canvas *c)
{
	int n = 0;

	for (int i = 0; i < c->rows * c->columns; i++)
		n += (unsigned char)c->cells[i].text[0] == 0xe2 &&
		     (unsigned char)c->cells[i].text[1] >= 0xa0 &&
		     (unsigned char)c->cells[i].text[1] <= 0xa3;
	return n;
}

/* The ladder's lines are lines: each that flies or flew is one, the cells' dots are not drawn
 * besides, and the cells are what they are without. */
START_TEST(test_strokes)
{
	struct canvas plain, c;
	struct sink out;
	struct scenery s;

	scenery_init(&s, fixture_storm());
	player_seek(&s.player, s.story->end);
	plain = scenery_draw(&s, 60, 200);
	canvas_init(&c, 60, 200, false);
	c.keeps_strokes = true;
	view_draw(&c, &s.view, &s.hits);
	ck_assert_int_gt(dots_in(&plain), 100);
	ck_assert_uint_eq(plain.strokes.count, 0);
	ck_assert_uint_gt(c.strokes.count, 5);
	for (int i = 0; i < c.rows * c.columns; i++) {
		ck_assert_str_eq(c.cells[i].text, plain.cells[i].text);
		ck_assert_uint_eq(c.cells[i].attrs & ~(unsigned)ATTR_STROKE, plain.cells[i].attrs);
	}
	for (size_t i = 0; i < c.strokes.count; i++) {
		const struct stroke *k = &c.strokes.at[i];

		ck_assert_int_ge(k->y1, 0);
		ck_assert_int_le(k->y2, c.rows * 1000);
		ck_assert_int_gt(k->y2, k->y1);
		ck_assert_int_le(k->x1, c.columns * 1000);
		ck_assert_int_le(k->x2, c.columns * 1000);
	}
	out = svg_of(&c, THEME_AUTO);
	ck_assert_int_eq(count(out.at, "<path class=\"l7 s") + count(out.at, "<path class=\"l8 s") +
				 count(out.at, "<path class=\"l6 s") +
				 count(out.at, "<path class=\"l2 s"),
			 (int)c.strokes.count);
	ck_assert_int_eq(count(out.at, "\" o\""), 0);
	sink_fini(&out);
	canvas_fini(&plain);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

/* In ASCII the letters are the line. */
START_TEST(test_ascii)
{
	struct stage_options o = {.is_ascii = true};
	struct trace *t = fixture_first_wave();
	struct sink out = {0};

	stage_page_svg(t, "x", &o, 100, &out);
	ck_assert_ptr_null(strstr(out.at, " s\" d="));
	ck_assert_int_gt(count(out.at, "<text"), 100);
	for (const char *at = strstr(out.at, "</style>"); *at != '\0'; at++)
		ck_assert_int_ge(*at, 0);
	sink_fini(&out);
	trace_free(t);
}
END_TEST

/* Words that a line passes through have paper under them. */
START_TEST(test_crossed)
{
	struct stroke s = {.x1 = 0, .y1 = 500, .x2 = 10000, .y2 = 4500, .head = GLYPH_COUNT};
	struct canvas c;

	canvas_init(&c, 6, 20, false);
	c.keeps_strokes = true;
	canvas_stroke(&c, &s);
	ck_assert(svg_is_crossed(&c, 0, 0, 1));
	ck_assert(!svg_is_crossed(&c, 0, 3, 5));
	ck_assert(svg_is_crossed(&c, 2, 4, 2));
	ck_assert(!svg_is_crossed(&c, 2, 9, 3));
	ck_assert(!svg_is_crossed(&c, 5, 0, 20));
	canvas_text(&c, 2, 4, 3, INK(ROLE_TEXT), "abc");
	expect(&c, "<rect class=\"p\" x=\"36\" y=\"41\" width=\"27\" height=\"18\"/>");
	canvas_clear(&c);
	ck_assert_uint_eq(c.strokes.count, 0);
	canvas_fini(&c);
}
END_TEST

START_TEST(test_themes)
{
	struct canvas c;
	struct sink out[THEME_COUNT];

	canvas_init(&c, 1, 4, false);
	canvas_text(&c, 0, 0, 4, INK(ROLE_PERSON_0), "a");
	for (int i = 0; i < THEME_COUNT; i++)
		out[i] = svg_of(&c, (enum theme)i);
	ck_assert_str_eq(out[THEME_AUTO].at, out[THEME_LIGHT].at);
	ck_assert_ptr_nonnull(strstr(out[THEME_LIGHT].at, ".p{fill:#ffffff}"));
	ck_assert_ptr_nonnull(strstr(out[THEME_LIGHT].at, ".t4,.f4{fill:#005fff}"));
	ck_assert_ptr_nonnull(strstr(out[THEME_DARK].at, ".t4,.f4{fill:#5fafff}"));
	ck_assert_ptr_nonnull(strstr(out[THEME_MONO].at, "<text class=\"t4 u\""));
	ck_assert_ptr_nonnull(strstr(out[THEME_EIGHT].at, ".t4,.f4{fill:#00cdcd}"));
	for (int i = 0; i < THEME_COUNT; i++)
		sink_fini(&out[i]);
	canvas_fini(&c);
}
END_TEST

/* ---- the whole ladder ------------------------------------------------------------------------ */

/* Every row of the story has its line, whatever its length: bands join without a seam. */
START_TEST(test_page_has_all_rows)
{
	struct trace *t = fixture_first_wave();
	struct stage_options o = {.lang = LANG_EN};
	struct sink once = {0}, out = {0};
	struct story *s;
	int rows = 0;

	stage_page_text(t, "plays/x.scene", &o, 100, &once);
	for (int i = 0; i < 1200; i++) {
		struct record *r = trace_push(t, REC_CRASH, 100 * USEC_PER_S + i * 500000);

		r->host = (uint8_t)(i % 2);
	}
	s = story_new(t);
	ck_assert_uint_gt(s->rows.count, 1200);
	stage_page_text(t, "plays/x.scene", &o, 100, &out);
	for (const char *at = out.at; (at = strchr(at, '\n')); at++)
		rows++;
	ck_assert_int_eq(rows, 4 + (int)s->rows.count);
	ck_assert_int_eq(count(out.at, "falls silent"), 1200);
	ck_assert_ptr_nonnull(strstr(out.at, " x.scene"));
	ck_assert_ptr_null(strstr(out.at, "plays/"));
	/* What goes before is drawn the same, but for the last row's silence. */
	ck_assert_int_eq(strncmp(once.at, out.at, once.count / 2), 0);
	story_free(s);
	sink_fini(&once);
	sink_fini(&out);
	trace_free(t);
}
END_TEST

/* No cursor, no chrome, the wind's rule beside the loss. */
START_TEST(test_page_is_for_paper)
{
	struct trace *t = fixture_first_wave();
	struct stage_options o = {.lang = LANG_EN};
	struct sink text = {0}, svg = {0};

	stage_page_text(t, "x.scene", &o, 120, &text);
	stage_page_svg(t, "x.scene", &o, 120, &svg);
	ck_assert_ptr_null(strstr(text.at, "▶"));
	ck_assert_ptr_null(strstr(text.at, "PAUSED"));
	ck_assert_ptr_null(strstr(svg.at, " b h\""));
	ck_assert_ptr_nonnull(strstr(text.at, "Zhang San 10.0.0.1 (rfc)"));
	ck_assert_ptr_nonnull(strstr(text.at, "seed "));
	ck_assert_ptr_nonnull(strstr(svg.at, "<title id=\"title\">x.scene</title>"));
	ck_assert_ptr_nonnull(strstr(svg.at, "Zhang San, Li Si</desc>"));
	sink_fini(&text);
	sink_fini(&svg);
	trace_free(t);
}
END_TEST

/* Traces without anything in them, and without anybody. */
START_TEST(test_page_of_nothing)
{
	struct trace *all[] = {fixture_empty(), fixture_alone(), trace_new()};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct stage_options o = {.lang = LANG_BOTH};
		struct sink out = {0};

		stage_page_text(all[i], "", &o, 40, &out);
		stage_page_svg(all[i], "", &o, 40, &out);
		stage_svg(all[i], "", &o, 0, 24, 80, &out);
		ck_assert(utf8_valid(out.at, out.count));
		ck_assert_int_eq(count(out.at, "</svg>"), 2);
		sink_fini(&out);
		trace_free(all[i]);
	}
}
END_TEST

Suite *svg_suite(void)
{
	Suite *s = suite_create("svg");
	TCase *c = tcase_create("svg");

	tcase_add_test(c, test_text);
	tcase_add_test(c, test_attributes);
	tcase_add_test(c, test_hostile);
	tcase_add_test(c, test_frame);
	tcase_add_test(c, test_lines_of_all_kinds);
	tcase_add_test(c, test_blocks);
	tcase_add_test(c, test_dots);
	tcase_add_test(c, test_strokes);
	tcase_add_test(c, test_ascii);
	tcase_add_test(c, test_crossed);
	tcase_add_test(c, test_themes);
	tcase_add_test(c, test_page_has_all_rows);
	tcase_add_test(c, test_page_is_for_paper);
	tcase_add_test(c, test_page_of_nothing);
	suite_add_tcase(s, c);
	return s;
}
