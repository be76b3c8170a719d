/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/utf8.h>
#include <stage/slant.h>
#include "scenery.h"

/* One row of the picture as text. */
static void row_text(const struct canvas *c, int row, struct sink *out)
{
	sink_clear(out);
	sink_puts(out, "");
	for (int column = 0; column < c->columns; column++)
		sink_put(out, canvas_at(c, row, column)->text, canvas_at(c, row, column)->octets);
}

/* All of it, or its beginning and an ellipsis. */
static bool stands_in(const char *row, const char *label)
{
	struct sink cut = {0};
	size_t at = 0;
	bool found = strstr(row, label) != NULL;

	while (!found && label[at] != '\0') {
		uint32_t code;

		at += utf8_next(label + at, strlen(label + at), &code);
		sink_clear(&cut);
		sink_put(&cut, label, at);
		sink_puts(&cut, "…");
		found = at >= 3 && strstr(row, cut.at) != NULL;
	}
	sink_fini(&cut);
	return found;
}

static bool is_named(const struct scenery *s, const struct voyage *w, const char *row)
{
	struct sink label = {0};
	bool found = false;

	for (int form = 0; form < LABEL_FORMS && !found; form++) {
		view_label_form(&label, &s->view, w, form);
		found = stands_in(row, label.at);
	}
	sink_fini(&label);
	return found;
}

/* The rows of the ladder are where a click looks at a row, from edge to edge. */
static void check_names(struct scenery *s, int rows, int columns)
{
	struct canvas c = scenery_draw(s, rows, columns);
	struct sink text = {0};

	ck_assert(canvas_is_sound(&c));
	for (int i = 0; i < s->hits.count; i++) {
		const struct hit *h = &s->hits.at[i];
		const struct row *r;

		if (h->action != ACTION_LOOK_AT || h->area.column != 0)
			continue;
		r = &s->story->rows.at[h->arg];
		if (r->kind != ROW_LEAVE)
			continue;
		row_text(&c, h->area.row, &text);
		ck_assert_msg(is_named(s, &s->story->voyages.at[r->voyage], text.at),
			      "%dx%d at %lld: row %u has no name: %s", columns, rows,
			      (long long)s->player.now, h->arg, text.at);
	}
	sink_fini(&text);
	canvas_fini(&c);
}

static void check_play(struct trace *t, int rows, int columns)
{
	struct scenery s;

	scenery_init(&s, t);
	for (int lang = LANG_EN; lang <= LANG_BOTH; lang++) {
		s.player.lang = (enum lang)lang;
		for (usec at = 0; at < 4500 * USEC_PER_MS; at += 53 * USEC_PER_MS) {
			player_seek(&s.player, at);
			check_names(&s, rows, columns);
		}
	}
	scenery_fini(&s);
}

/* Whatever crosses it, at every moment. */
START_TEST(every_word_is_named_in_its_row)
{
	check_play(fixture_first_wave(), 12, 40);
	check_play(fixture_first_wave(), 24, 80);
	check_play(fixture_first_wave(), 40, 120);
	check_play(fixture_storm(), 24, 80);
	check_play(fixture_storm(), 40, 120);
}
END_TEST

/* The rows of the ladder from `top` to the story's row `last`, and the story's row in the first. */
static uint32_t ladder_text(const struct scenery *s, const struct canvas *c, uint32_t last,
			    struct sink *out)
{
	uint32_t top = UINT32_MAX;
	struct sink row = {0};

	sink_clear(out);
	sink_puts(out, "");
	for (int i = 0; i < s->hits.count; i++) {
		const struct hit *h = &s->hits.at[i];

		if (h->action != ACTION_LOOK_AT || h->area.column != 0)
			continue;
		if (h->arg < top)
			top = h->arg;
		if (h->arg > last)
			continue;
		row_text(c, h->area.row, &row);
		sink_put(out, row.at, row.count);
	}
	sink_fini(&row);
	return top;
}

/* Between these rows nothing else flies. */
static bool is_alone(const struct scenery *s, const struct voyage *w, uint32_t top)
{
	for (size_t i = 0; i < s->story->voyages.count; i++) {
		const struct voyage *other = &s->story->voyages.at[i];

		if (other != w && other->leave_row <= w->reach_row && other->reach_row >= top)
			return false;
	}
	return true;
}

/* Where the row of its sending is gone, a line still has its name, for then there is room for it.
 */
START_TEST(what_has_scrolled_out_is_named)
{
	struct scenery s;
	struct sink text = {0}, label = {0};
	int seen = 0;

	scenery_init(&s, fixture_first_wave());
	for (size_t stop = 0; stop < s.story->stops.count; stop++) {
		struct canvas c;

		player_go(&s.player, (uint32_t)stop);
		c = scenery_draw(&s, 12, 40);
		for (size_t i = 0; i < story_begun(s.story, s.player.cursor); i++) {
			const struct voyage *w = &s.story->voyages.at[i];
			uint32_t top = ladder_text(&s, &c, w->reach_row, &text);

			bool found = false;

			if (w->leave_row >= top || w->reach_row < top || w->fate == FATE_LOST ||
			    !is_alone(&s, w, top))
				continue;
			for (int form = 0; form <= 3; form++) {
				view_label_form(&label, &s.view, w, form);
				found |= strstr(text.at, label.at) != NULL;
			}
			ck_assert_msg(found, "%s in %s", label.at, text.at);
			seen++;
		}
		canvas_fini(&c);
	}
	ck_assert_int_gt(seen, 3);
	sink_fini(&text);
	sink_fini(&label);
	scenery_fini(&s);
}
END_TEST

static unsigned attrs_of(const struct canvas *c, const char *sign)
{
	for (int row = 8; row < c->rows; row++) {
		for (int column = 0; column < c->columns; column++) {
			const struct cell *cell = canvas_at(c, row, column);

			if (cell->octets == strlen(sign) &&
			    memcmp(cell->text, sign, cell->octets) == 0)
				return cell->attrs;
		}
	}
	ck_abort_msg("there is no %s", sign);
	return 0;
}

/* Also where there is no colour: what is looked at is turned over and its line is thicker. */
START_TEST(what_is_looked_at_stands_out)
{
	struct scenery s;
	struct canvas a, b;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1030 * USEC_PER_MS);
	a = scenery_draw(&s, 24, 80);
	ck_assert_uint_eq(attrs_of(&a, "●") & ATTR_REVERSE, 0);
	ck_assert_uint_eq(attrs_of(&a, "●") & ATTR_BOLD, ATTR_BOLD);
	player_do(&s.player, ACTION_LOOK_AT, s.story->stops.at[player_stop(&s.player)].row);
	b = scenery_draw(&s, 24, 80);
	ck_assert_uint_eq(attrs_of(&b, "●") & ATTR_REVERSE, ATTR_REVERSE);
	ck_assert(!canvas_eq(&a, &b));
	canvas_fini(&a);
	canvas_fini(&b);
	scenery_fini(&s);
}
END_TEST

Suite *slant_suite(void)
{
	Suite *s = suite_create("slant");
	TCase *t = tcase_create("labels");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, every_word_is_named_in_its_row);
	tcase_add_test(t, what_has_scrolled_out_is_named);
	tcase_add_test(t, what_is_looked_at_stands_out);
	suite_add_tcase(s, t);
	return s;
}
