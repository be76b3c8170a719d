/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "desk.h"
#include "hall.h"

struct pair {
	struct hall hall;
	struct trace *twin;
};

/* With our engine's performance beside it, from the beginning. */
static void enter(struct pair *p, uint64_t told, int rows, int columns)
{
	p->twin = theatre_twin();
	hall_enter(&p->hall, theatre_loopback(), told, MOTION_NONE);
	p->hall.theatre.twin = p->twin;
	hall_resize(&p->hall, rows, columns);
}

static void leave(struct pair *p)
{
	p->hall.theatre.twin = NULL;
	hall_leave(&p->hall);
	trace_free(p->twin);
}

START_TEST(it_is_there_where_there_is_a_twin)
{
	struct pair p;

	enter(&p, 1000, 40, 120);
	hall_hear(&p.hall);
	ck_assert(hall_shows(&p.hall, "kernel   same"));
	ck_assert(hall_shows(&p.hall, "engine"));
	hall_press(&p.hall, '7');
	ck_assert(!hall_shows(&p.hall, "kernel   same"));
	leave(&p);
}
END_TEST

START_TEST(where_there_is_none_it_is_said)
{
	struct hall h;
	struct desk d;

	hall_enter(&h, theatre_loopback(), 1000, MOTION_NONE);
	hall_resize(&h, 40, 120);
	ck_assert(!hall_shows(&h, "engine"));
	hall_press(&h, '7');
	ck_assert(hall_shows(&h, "no performance of the engine's"));
	hall_leave(&h);
	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_press(&d, '7');
	ck_assert(desk_shows(&d, "no performance of the engine's"));
	desk_end(&d);
}
END_TEST

/* Every segment of both stands in one row, in order, and none twice. */
START_TEST(all_segments_have_their_rows)
{
	struct pair p;
	const struct alongside *a = &p.hall.session.alongside;
	uint64_t last[2] = {0, 0}, count[2] = {0, 0}, all[2] = {0, 0};

	enter(&p, 1000, 40, 120);
	hall_hear(&p.hall);
	for (size_t i = 0; i < a->rows.rows.count; i++) {
		uint64_t own[2] = {a->rows.rows.at[i].kernel, a->rows.rows.at[i].engine};

		for (int k = 0; k < 2; k++) {
			if (own[k] == PAIRING_NONE)
				continue;
			ck_assert(count[k] == 0 || own[k] > last[k]);
			last[k] = own[k];
			count[k]++;
		}
	}
	for (uint64_t i = 0; i < trace_count(p.hall.session.story->trace); i++)
		all[0] += trace_at(p.hall.session.story->trace, i)->kind == REC_SEND;
	for (uint64_t i = 0; i < trace_count(p.twin); i++)
		all[1] += trace_at(p.twin, i)->kind == REC_SEND;
	ck_assert_uint_eq(count[0], all[0]);
	ck_assert_uint_eq(count[1], all[1]);
	ck_assert_int_eq(alongside_told(a, &p.hall.session.player), (int64_t)a->rows.rows.count);
	leave(&p);
}
END_TEST

/* What is still to come in either is not given away. */
START_TEST(only_what_is_told_is_shown)
{
	struct pair p;
	const struct alongside *a = &p.hall.session.alongside;
	const struct player *player = &p.hall.session.player;

	enter(&p, 1000, 40, 120);
	hall_hear(&p.hall);
	hall_press(&p.hall, '0');
	ck_assert_int_eq(alongside_told(a, player), 0);
	for (int i = 0; i < 60 && !player_is_at_end(player); i++) {
		int64_t told;

		hall_press(&p.hall, '.');
		told = alongside_told(a, player);
		for (int64_t k = 0; k < told; k++) {
			const struct beside_row *r = &a->rows.rows.at[k];

			ck_assert(r->kernel == PAIRING_NONE || r->kernel < player->cursor);
			ck_assert(r->kernel != PAIRING_NONE || k + 1 < told ||
				  trace_at(p.twin, r->engine)->at <= player->now);
		}
		ck_assert_int_lt(alongside_here(a, player), told > 0 ? told : 1);
	}
	leave(&p);
}
END_TEST

START_TEST(it_goes_with_the_ladder)
{
	struct pair p;
	const struct alongside *a = &p.hall.session.alongside;
	struct session *s = &p.hall.session;
	int64_t here;

	enter(&p, 1000, 40, 120);
	hall_hear(&p.hall);
	here = alongside_here(a, &s->player);
	for (int i = 0; i < 8; i++)
		hall_press(&p.hall, 'k');
	ck_assert_int_lt(alongside_here(a, &s->player), here);
	/* And the ladder with it: within the panel each row is reached, also the engine's own. */
	hall_press(&p.hall, PRESS_TAB);
	ck_assert_int_eq(player_focus(&s->player), PANEL_BESIDE);
	for (int i = 0; i < 40; i++)
		hall_press(&p.hall, PRESS_UP);
	ck_assert_int_eq(alongside_here(a, &s->player), 0);
	for (int64_t i = 1; i < (int64_t)a->rows.rows.count; i++) {
		uint64_t kernel = a->rows.rows.at[i].kernel;
		const struct row *row;

		hall_press(&p.hall, PRESS_DOWN);
		ck_assert_int_eq(alongside_here(a, &s->player), i);
		ck_assert_int_eq(player_focus(&s->player), PANEL_BESIDE);
		row = &s->story->rows.at[player_row(&s->player)];
		ck_assert(kernel == PAIRING_NONE || row->record == kernel);
	}
	leave(&p);
}
END_TEST

START_TEST(a_difference_is_explained)
{
	struct pair p;
	const struct alongside *a = &p.hall.session.alongside;
	bool has_seen[2] = {false, false};

	enter(&p, 1000, 24, 80);
	hall_press(&p.hall, '7');
	for (int i = 0; i < 40; i++) {
		int64_t here = alongside_here(a, &p.hall.session.player);
		const struct beside_row *r = &a->rows.rows.at[here];
		const char *text = beside_text((enum beside_reason)r->reason, LANG_EN);

		if (r->engine == PAIRING_NONE)
			ck_assert(hall_shows(&p.hall, "only the kernel sends it"));
		if (r->kernel == PAIRING_NONE)
			ck_assert(hall_shows(&p.hall, "only the engine sends it"));
		has_seen[0] |= r->engine == PAIRING_NONE;
		has_seen[1] |= r->kernel == PAIRING_NONE;
		ck_assert(!alongside_differs(r) || text != NULL);
		hall_press(&p.hall, PRESS_UP);
	}
	ck_assert(has_seen[0] && has_seen[1]);
	ck_assert(hall_shows(&p.hall, "≠"));
	leave(&p);
}
END_TEST

START_TEST(a_twin_that_is_no_more_is_not_looked_at)
{
	struct pair p;

	enter(&p, 30, 40, 120);
	hall_hear(&p.hall);
	ck_assert(alongside_is_there(&p.hall.session.alongside));
	/* Performed anew, longer: the old one is gone. */
	trace_free(p.twin);
	p.twin = theatre_twin();
	p.hall.theatre.twin = p.twin;
	theatre_say(&p.hall.theatre, 0, 20);
	hall_hear(&p.hall);
	ck_assert(alongside_is_there(&p.hall.session.alongside));
	p.hall.theatre.twin = NULL;
	hall_hear(&p.hall);
	ck_assert(!alongside_is_there(&p.hall.session.alongside));
	ck_assert(!hall_shows(&p.hall, "engine"));
	leave(&p);
}
END_TEST

/* A saved recording, and its picture as text. */
START_TEST(it_is_in_the_text_of_a_moment)
{
	struct trace *kernel = theatre_loopback(), *twin = theatre_twin();
	struct stage_options o = {.twin = twin, .is_ascii = true};
	struct sink out = {0};

	stage_text(kernel, "echo.jsonl", &o, 5 * USEC_PER_S, 40, 120, &out);
	ck_assert_ptr_nonnull(strstr(out.at, "kernel   same"));
	ck_assert_ptr_nonnull(strstr(out.at, "!="));
	sink_fini(&out);
	trace_free(kernel);
	trace_free(twin);
}
END_TEST

Suite *alongside_suite(void)
{
	Suite *s = suite_create("alongside");
	TCase *c = tcase_create("alongside");

	tcase_add_test(c, it_is_there_where_there_is_a_twin);
	tcase_add_test(c, where_there_is_none_it_is_said);
	tcase_add_test(c, all_segments_have_their_rows);
	tcase_add_test(c, only_what_is_told_is_shown);
	tcase_add_test(c, it_goes_with_the_ladder);
	tcase_add_test(c, a_difference_is_explained);
	tcase_add_test(c, a_twin_that_is_no_more_is_not_looked_at);
	tcase_add_test(c, it_is_in_the_text_of_a_moment);
	suite_add_tcase(s, c);
	return s;
}
