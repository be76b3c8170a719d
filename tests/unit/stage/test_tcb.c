/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "scenery.h"

static const enum tcb_field listed[] = {
#define TCB_GROUP(...)
#define TCB_ROW(field, ...) F_##field,
#include <stage/field.def>
};

START_TEST(every_field_has_one_row)
{
	int seen[TCB_FIELD_COUNT] = {0};

	for (size_t i = 0; i < sizeof listed / sizeof listed[0]; i++)
		seen[listed[i]]++;
	for (int f = 0; f < TCB_FIELD_COUNT; f++)
		ck_assert_msg(seen[f] == 1, "%s has %d rows", tcb_field_name((enum tcb_field)f),
			      seen[f]);
}
END_TEST

/* The text of the panel at 120x40, and all of it when it is as high as that. */
static bool tells(struct scenery *s, int rows, const char *text)
{
	struct canvas c;
	struct sink out = {0};
	bool found;

	canvas_init(&c, rows, STATES_COLUMNS, false);
	moment_go(&s->moment, s->trace, s->player.cursor);
	view_tcb(&c, (struct area){0, 0, rows, STATES_COLUMNS}, &s->view, NULL);
	canvas_dump(&c, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	canvas_fini(&c);
	return found;
}

START_TEST(what_has_changed_is_marked)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1210 * USEC_PER_MS);
	ck_assert(tells(&s, 13, "SND.NXT               8→15"));
	ck_assert(tells(&s, 13, "FlightSize            7→14"));
	s.player.is_absolute = true;
	ck_assert(tells(&s, 13, "SND.NXT          1008→1015"));
	player_seek(&s.player, 1000 * USEC_PER_MS);
	ck_assert(tells(&s, 60, "RTO          1.00 s→2.00 s"));
	ck_assert(tells(&s, 60, "timeouts               0→1"));
	ck_assert(tells(&s, 60, "retransmit         →2.00 s"));
	/* At birth nothing was before. */
	s.player.is_absolute = false;
	player_seek(&s.player, 0);
	ck_assert(tells(&s, 13, "SND.NXT                 →1"));
	scenery_fini(&s);
}
END_TEST

START_TEST(the_field_under_the_focus_is_explained)
{
	struct scenery s;
	int i = panel_index(PANEL_TCB), field = 0;

	scenery_init(&s, fixture_first_wave());
	player_seek(&s.player, 1210 * USEC_PER_MS);
	ck_assert(!tells(&s, 13, string_in(STRING_FIELD_snd_una, LANG_EN)));
	player_key(&s.player, '3');
#define TCB_GROUP(...)
#define TCB_ROW(id, name, ...)                                                                     \
	s.player.scrolled[i] = field++;                                                            \
	s.player.lang = LANG_BOTH;                                                                 \
	ck_assert_msg(tells(&s, 13, " " name " "), "%s is not in sight", name);                    \
	ck_assert(tells(&s, 13, string_in(STRING_FIELD_##id, LANG_EN)));                           \
	ck_assert(tells(&s, 13, string_in(STRING_FIELD_##id, LANG_ZH)));                           \
	s.player.lang = LANG_ZH;                                                                   \
	ck_assert(tells(&s, 13, string_in(STRING_FIELD_##id, LANG_ZH)));
#include <stage/field.def>
	ck_assert_int_eq(field, TCB_FIELD_COUNT);
	scenery_fini(&s);
}
END_TEST

START_TEST(it_says_how_much_more_there_is)
{
	struct scenery s;

	scenery_init(&s, fixture_first_wave());
	ck_assert(tells(&s, 13, "↓41"));
	ck_assert(!tells(&s, 13, "↑"));
	ck_assert(!tells(&s, 54, "↓"));
	s.player.scrolled[panel_index(PANEL_TCB)] = TCB_FIELD_COUNT - 1;
	ck_assert(tells(&s, 13, "↑41"));
	ck_assert(!tells(&s, 13, "↓"));
	scenery_fini(&s);
}
END_TEST

Suite *tcb_suite(void)
{
	Suite *s = suite_create("tcb");
	TCase *t = tcase_create("inside");

	tcase_add_test(t, every_field_has_one_row);
	tcase_add_test(t, what_has_changed_is_marked);
	tcase_add_test(t, the_field_under_the_focus_is_explained);
	tcase_add_test(t, it_says_how_much_more_there_is);
	suite_add_tcase(s, t);
	return s;
}
