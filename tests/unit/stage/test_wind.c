/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include <stage/scatter.h>
#include "desk.h"
#include "scenery.h"

static const usec MS = USEC_PER_MS;

/* ---- lanes ----------------------------------------------------------------------------------- */

static void check_lanes(struct trace *t)
{
	struct scenery s;

	scenery_init(&s, t);
	for (size_t i = 0; i < s.story->voyages.count; i++) {
		const struct voyage *a = &s.story->voyages.at[i];

		ck_assert_int_lt(a->lane, STORY_LANES);
		for (size_t j = 0; j < i; j++) {
			const struct voyage *b = &s.story->voyages.at[j];

			if (b->fate != FATE_FLYING && b->due >= a->sent && !b->is_stranger)
				ck_assert_int_ne(a->lane, b->lane);
		}
	}
	scenery_fini(&s);
}

START_TEST(nobody_flies_into_another)
{
	check_lanes(fixture_first_wave());
	check_lanes(fixture_storm());
}
END_TEST

/* ---- the strip ------------------------------------------------------------------------------- */

/* Rows [from, to) of the picture as text. */
static void rows_of(const struct canvas *c, int from, int to, struct sink *out)
{
	struct sink all = {0};
	const char *at;

	canvas_dump(c, &all);
	at = all.at;
	sink_clear(out);
	sink_puts(out, "");
	for (int row = 0; row < to; row++) {
		const char *end = strchr(at, '\n');

		if (row >= from)
			sink_put(out, at, (size_t)(end - at + 1));
		at = end + 1;
	}
	sink_fini(&all);
}

/* Under the title, its rule, names and states. */
enum { STRIP = 4, SMALL_STRIP_END = 7, LARGE_STRIP_END = 9 };

static bool flies(const struct scenery *s, const struct voyage *w)
{
	return w->send < s->player.cursor && !voyage_has_ended(w, s->player.now, s->player.cursor);
}

/* How many words the picture says it has no room for. */
static int untold(const struct scenery *s, const char *row)
{
	const char *more = string_in(STRING_MORE, s->player.lang);
	const char *at = strstr(row, more);

	return at ? (int)strtol(at + strlen(more), NULL, 10) : 0;
}

static void check_strip(struct scenery *s, int rows, int columns, int end)
{
	struct canvas c = scenery_draw(s, rows, columns);
	struct sink strip = {0}, foot = {0}, word = {0};
	int missing = 0;

	ck_assert(canvas_is_sound(&c));
	rows_of(&c, STRIP, end, &strip);
	rows_of(&c, end, end + 1, &foot);
	for (size_t i = 0; i < s->story->voyages.count; i++) {
		const struct voyage *w = &s->story->voyages.at[i];
		bool is_seen = false;

		if (!flies(s, w))
			continue;
		for (int form = 1; form <= 3; form++) {
			view_label_form(&word, &s->view, w, form);
			is_seen |= strstr(strip.at, word.at) != NULL;
		}
		missing += !is_seen;
	}
	ck_assert_msg(missing == untold(s, foot.at), "at %lld: %d missing\n%s%s",
		      (long long)s->player.now, missing, strip.at, foot.at);
	canvas_fini(&c);
	sink_fini(&strip);
	sink_fini(&foot);
	sink_fini(&word);
}

/* Several at once, both ways: at every moment each is there whole, or it is said that there is
 * one more. */
START_TEST(each_word_in_the_air_is_seen)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	s.player.lang = (enum lang)_i;
	for (usec at = 0; at < 3200 * MS; at += 19 * MS) {
		player_seek(&s.player, at);
		check_strip(&s, 24, 80, SMALL_STRIP_END);
		check_strip(&s, 40, 120, LARGE_STRIP_END);
	}
	scenery_fini(&s);
}
END_TEST

START_TEST(three_fly_one_way)
{
	struct scenery s;
	struct canvas c;
	struct sink text = {0};

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1245 * MS);
	c = scenery_draw(&s, 24, 80);
	rows_of(&c, STRIP, SMALL_STRIP_END, &text);
	ck_assert_ptr_nonnull(strstr(text.at, "\"line 1\""));
	ck_assert_ptr_nonnull(strstr(text.at, "\"line 2\""));
	ck_assert_ptr_nonnull(strstr(text.at, "\"line 3\""));
	/* What left first is ahead. */
	ck_assert_int_eq(untold(&s, text.at), 0);
	canvas_fini(&c);
	sink_fini(&text);
	scenery_fini(&s);
}
END_TEST

/* The two waves of a simultaneous open, of three people. */
START_TEST(two_pass_each_other)
{
	struct scenery s;
	struct canvas c;
	struct sink text = {0};

	scenery_init(&s, fixture_storm());
	player_seek(&s.player, 30 * MS);
	c = scenery_draw(&s, 40, 120);
	rows_of(&c, STRIP, LARGE_STRIP_END, &text);
	ck_assert_ptr_nonnull(strstr(text.at, "SYN 0:0 ►"));
	ck_assert_ptr_nonnull(strstr(text.at, "◄ SYN 0:0"));
	canvas_fini(&c);
	sink_fini(&text);
	scenery_fini(&s);
}
END_TEST

static int column_of(struct scenery *s, usec at, const char *word)
{
	struct sink text = {0};
	struct canvas c;
	const char *found;
	int column = -1;

	player_seek(&s->player, at);
	c = scenery_draw(s, 24, 80);
	rows_of(&c, STRIP, SMALL_STRIP_END, &text);
	found = strstr(text.at, word);
	if (found) {
		while (found > text.at && found[-1] != '\n') {
			found--;
			/* Not the later octets of a character. */
			column += ((unsigned char)*found & 0xc0) != 0x80;
		}
	}
	canvas_fini(&c);
	sink_fini(&text);
	return column;
}

/* Its place is the clock's: half the time is half the way. */
START_TEST(a_word_flies_at_the_speed_of_the_delay)
{
	struct scenery s;
	int begin, middle, end;

	scenery_init(&s, fixture_first_wave());
	begin = column_of(&s, 1000 * MS, "SYN 0:0");
	middle = column_of(&s, 1025 * MS, "SYN 0:0");
	end = column_of(&s, 1049 * MS, "SYN 0:0");
	ck_assert_int_gt(begin, 0);
	ck_assert_int_gt(middle, begin);
	ck_assert_int_gt(end, middle);
	ck_assert_int_le(abs(middle - begin - (end - middle)), 2);
	s.view.motion = MOTION_STEPS;
	ck_assert_int_eq(column_of(&s, 1025 * MS, "SYN 0:0"), begin);
	s.view.motion = MOTION_NONE;
	ck_assert_int_eq(column_of(&s, 1025 * MS, "SYN 0:0"), -1);
	scenery_fini(&s);
}
END_TEST

START_TEST(the_rule_of_a_loss_is_named)
{
	struct scenery s;
	struct sink text = {0};
	struct canvas c;

	scenery_init(&s, fixture_first_wave());
	/* Half-way: before that nobody knows. */
	player_seek(&s.player, 20 * MS);
	c = scenery_draw(&s, 24, 80);
	rows_of(&c, 2, 3, &text);
	ck_assert_ptr_null(strstr(text.at, "blown away"));
	canvas_fini(&c);
	player_seek(&s.player, 25 * MS);
	c = scenery_draw(&s, 24, 80);
	rows_of(&c, 2, 3, &text);
	ck_assert_ptr_nonnull(strstr(text.at, "× blown away"));
	ck_assert_ptr_nonnull(strstr(text.at, "first-wave.scene:10"));
	canvas_fini(&c);
	sink_fini(&text);
	scenery_fini(&s);
}
END_TEST

/* A click on a word in the air looks at it. */
START_TEST(a_word_can_be_clicked)
{
	struct scenery s;
	struct canvas c;
	const struct hit *hit;
	int column;

	scenery_init(&s, fixture_first_wave());
	column = column_of(&s, 1025 * MS, "SYN 0:0");
	c = scenery_draw(&s, 24, 80);
	/* Its lane is the middle one. */
	hit = hits_find(&s.hits, STRIP + 1, column + 2);
	ck_assert_ptr_nonnull(hit);
	ck_assert_int_eq(hit->action, ACTION_LOOK_AT);
	ck_assert_uint_eq(s.story->rows.at[hit->arg].kind, ROW_LEAVE);
	ck_assert_int_eq(s.story->rows.at[hit->arg].at, 1000 * MS);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

static int signs_in(const struct canvas *c, const char *sign)
{
	int n = 0;

	for (int i = 0; i < c->rows * c->columns; i++)
		n += c->cells[i].octets == strlen(sign) &&
		     memcmp(c->cells[i].text, sign, strlen(sign)) == 0;
	return n;
}

/* One of those in the air, while it can be taken: not while the play goes on, and not where nobody
 * can take anything. */
START_TEST(the_word_that_is_meant_is_marked)
{
	struct desk d;
	struct scenery s;
	struct canvas c;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, 225 * MS);
	ck_assert_int_eq(signs_in(&d.canvas, "◉"), 1);
	desk_press(&d, ' ');
	ck_assert_int_eq(signs_in(&d.canvas, "◉"), 0);
	desk_end(&d);
	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1220 * MS);
	c = scenery_draw(&s, 24, 80);
	ck_assert_int_eq(signs_in(&c, "◉"), 0);
	ck_assert_int_gt(signs_in(&c, "●"), 0);
	canvas_fini(&c);
	scenery_fini(&s);
}
END_TEST

/* ---- what becomes of a word ------------------------------------------------------------------ */

START_TEST(letters_drift_apart)
{
	struct letter last[SCATTER_LETTERS], now[SCATTER_LETTERS];
	size_t n = scatter_letters("SYN 话 1", 0, last);

	ck_assert_uint_eq(n, 5);
	ck_assert_uint_eq(last[0].code, 'S');
	ck_assert_int_eq(last[3].width, 2);
	for (int frame = 0; frame < SCATTER_FRAMES; frame++) {
		ck_assert_uint_eq(scatter_letters("SYN 话 1", frame, now), n);
		for (size_t i = 0; i < n; i++) {
			if (frame > 0)
				ck_assert_int_gt(now[i].columns, last[i].columns);
			if (i > 0)
				ck_assert_int_ge(now[i].columns,
						 now[i - 1].columns + now[i - 1].width);
		}
		memcpy(last, now, sizeof last);
	}
	ck_assert_uint_eq(scatter_letters("", 0, now), 0);
	ck_assert_uint_eq(scatter_letters("0123456789012345678901234567890", 0, now),
			  SCATTER_LETTERS);
}
END_TEST

START_TEST(it_takes_the_time_the_word_had_flown)
{
	struct voyage w = {.fate = FATE_LOST, .sent = 100, .due = 200};
	int last = 0, pictures = 1;

	ck_assert_int_eq(scatter_frame(&w, 199), -1);
	ck_assert_int_eq(scatter_frame(&w, 200), 0);
	for (usec at = 200; at <= 300; at++) {
		int frame = scatter_frame(&w, at);

		ck_assert_int_ge(frame, last);
		ck_assert_int_lt(frame, SCATTER_FRAMES);
		pictures += frame > last;
		last = frame;
	}
	ck_assert_int_eq(pictures, SCATTER_FRAMES);
	ck_assert_int_eq(scatter_frame(&w, 301), -1);
	w.due = w.sent;
	ck_assert_int_eq(scatter_frame(&w, w.due), 0);
	w.fate = FATE_ARRIVED;
	ck_assert_int_eq(scatter_frame(&w, w.due), -1);
}
END_TEST

/* Each picture of a loss is another one, and each is sound, in both directions of flight. */
START_TEST(a_lost_word_is_seen_scattering)
{
	struct scenery s;
	struct canvas last, c;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 24 * MS);
	last = scenery_draw(&s, 24, 80);
	for (int frame = 0; frame < SCATTER_FRAMES; frame++) {
		struct sink strip = {0};

		player_seek(&s.player, 25 * MS + frame * 5 * MS + MS);
		c = scenery_draw(&s, 24, 80);
		rows_of(&c, STRIP, SMALL_STRIP_END, &strip);
		ck_assert_ptr_nonnull(strstr(strip.at, "×"));
		ck_assert(canvas_is_sound(&c));
		ck_assert(!canvas_eq(&c, &last));
		sink_fini(&strip);
		canvas_fini(&last);
		last = c;
	}
	canvas_fini(&last);
	scenery_fini(&s);
}
END_TEST

START_TEST(garbled_is_as_long_as_it_was)
{
	static const char *const words[] = {"\"line 1\" 1:8", "SYN", "", "话 a 话", "x"};
	struct sink out = {0};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		bool differs = false;

		for (uint64_t seed = 0; seed < 6; seed++) {
			garble(&out, words[i], seed);
			ck_assert_uint_eq(utf8_columns(out.at), utf8_columns(words[i]));
			differs |= strcmp(out.at, words[i]) != 0;
		}
		ck_assert_int_eq(differs, words[i][0] != '\0');
	}
	sink_fini(&out);
}
END_TEST

Suite *wind_suite(void)
{
	Suite *s = suite_create("wind");
	TCase *t = tcase_create("wind");

	tcase_add_test(t, nobody_flies_into_another);
	tcase_add_loop_test(t, each_word_in_the_air_is_seen, LANG_EN, LANG_BOTH + 1);
	tcase_add_test(t, three_fly_one_way);
	tcase_add_test(t, two_pass_each_other);
	tcase_add_test(t, a_word_flies_at_the_speed_of_the_delay);
	tcase_add_test(t, the_rule_of_a_loss_is_named);
	tcase_add_test(t, a_word_can_be_clicked);
	tcase_add_test(t, the_word_that_is_meant_is_marked);
	tcase_add_test(t, letters_drift_apart);
	tcase_add_test(t, it_takes_the_time_the_word_had_flown);
	tcase_add_test(t, a_lost_word_is_seen_scattering);
	tcase_add_test(t, garbled_is_as_long_as_it_was);
	suite_add_tcase(s, t);
	return s;
}
