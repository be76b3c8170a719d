/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include "scenery.h"

static struct trace *fixture(int i)
{
	switch (i) {
	case 0: return fixture_first_wave();
	case 1: return fixture_storm();
	case 2: return fixture_alone();
	default: return fixture_empty();
	}
}

enum { FIXTURES = 4 };

START_TEST(beats_hold_every_record_once)
{
	struct trace *t = fixture(_i);
	struct story *s = story_new(t);
	uint64_t next = 0;

	for (size_t i = 0; i < s->beats.count; i++) {
		ck_assert_uint_eq(s->beats.at[i].first, next);
		ck_assert_uint_gt(s->beats.at[i].end, next);
		next = s->beats.at[i].end;
	}
	ck_assert_uint_eq(next, trace_count(t));
	story_free(s);
	trace_free(t);
}
END_TEST

START_TEST(stops_go_forward_and_none_is_twice)
{
	struct trace *t = fixture(_i);
	struct story *s = story_new(t);

	ck_assert_uint_gt(s->stops.count, 0);
	ck_assert_uint_eq(s->stops.at[0].cursor, 0);
	for (size_t i = 1; i < s->stops.count; i++) {
		const struct stop *a = &s->stops.at[i - 1], *b = &s->stops.at[i];

		ck_assert_int_le(a->at, b->at);
		ck_assert_uint_le(a->cursor, b->cursor);
		ck_assert(a->at != b->at || a->cursor != b->cursor);
		ck_assert_uint_eq(story_stop_at(s, b->at, b->cursor), i);
	}
	ck_assert_uint_eq(s->stops.at[s->stops.count - 1].cursor, trace_count(t));
	story_free(s);
	trace_free(t);
}
END_TEST

START_TEST(every_segment_arrives_below_where_it_left)
{
	struct trace *t = fixture(_i);
	struct story *s = story_new(t);

	for (size_t i = 0; i < s->voyages.count; i++) {
		const struct voyage *v = &s->voyages.at[i];

		ck_assert_uint_lt(v->leave_row, v->reach_row);
		ck_assert_int_eq(s->rows.at[v->leave_row].kind, ROW_LEAVE);
		ck_assert_uint_eq(s->rows.at[v->leave_row].voyage, i);
		if (v->fate == FATE_ARRIVED || v->fate == FATE_DISCARDED)
			ck_assert_int_eq(s->rows.at[v->reach_row].kind, ROW_REACH);
		if (v->fate == FATE_LOST)
			ck_assert_int_eq(s->rows.at[v->reach_row].kind, ROW_LOST);
		/* Where a row begins to look, no line that touches it was before. */
		for (size_t row = v->leave_row; row <= v->reach_row && row < s->rows.count; row++)
			ck_assert_uint_le(s->rows.at[row].first_open, i);
	}
	story_free(s);
	trace_free(t);
}
END_TEST

START_TEST(the_first_wave_is_lost_half_way)
{
	struct trace *t = fixture_first_wave();
	struct story *s = story_new(t);
	const struct voyage *v = &s->voyages.at[0];
	uint32_t lost = story_stop_at(s, 25000, UINT64_MAX);

	ck_assert_int_eq(v->fate, FATE_LOST);
	ck_assert_int_eq(v->due, 25000); /* others take 50 ms */
	ck_assert_int_eq(s->stops.at[lost].lost, 0);
	ck_assert_int_eq(s->stops.at[lost].at, 25000);
	ck_assert_int_eq(voyage_progress(s, v, 0), 0);
	ck_assert_int_eq(voyage_progress(s, v, 12500), 250);
	ck_assert_int_eq(voyage_progress(s, v, 99999), 500);
	ck_assert(!voyage_has_ended(v, 24999, UINT64_MAX));
	ck_assert(voyage_has_ended(v, 25000, UINT64_MAX));
	ck_assert_uint_eq(s->voyages.at[1].again, 1);
	ck_assert_uint_eq(s->voyages.at[1].lost, 1);
	ck_assert_int_eq(s->voyages.at[1].fate, FATE_ARRIVED);
	ck_assert_int_eq(voyage_progress(s, &s->voyages.at[1], 1025000), 500);
	story_free(s);
	trace_free(t);
}
END_TEST

START_TEST(numbers_are_relative_to_the_isn)
{
	struct trace *t = fixture_first_wave();
	struct story *s = story_new(t);
	const struct voyage *synack = &s->voyages.at[2];

	ck_assert(synack->relative.has_seq);
	ck_assert_uint_eq(synack->relative.seq.v, 0);
	ck_assert(synack->relative.has_ack);
	ck_assert_uint_eq(synack->relative.ack.v, 1);
	story_free(s);
	trace_free(t);
}
END_TEST

START_TEST(chapters_gaps_and_people_are_found)
{
	struct trace *t = fixture_first_wave();
	struct story *s = story_new(t);
	size_t chapters = 0, gaps = 0;

	for (size_t i = 0; i < s->rows.count; i++) {
		chapters += s->rows.at[i].kind == ROW_SCENE;
		gaps += s->rows.at[i].kind == ROW_GAP;
		if (s->rows.at[i].kind == ROW_GAP && s->rows.at[i].at > 60 * USEC_PER_S)
			ck_assert_int_eq(s->rows.at[i].gap, 59950 * USEC_PER_MS);
	}
	ck_assert_uint_eq(chapters, 3);
	ck_assert_uint_eq(gaps, 2); /* until the second wave, and mourning */
	ck_assert_uint_eq(s->marks.count, 3);
	ck_assert_int_eq(s->people_count, 2);
	ck_assert_int_eq(story_lifeline(s, 1), 1);
	ck_assert_int_eq(story_lifeline(s, TRACE_NO_HOST), -1);
	ck_assert_uint_eq(s->expects, 7);
	story_free(s);
	trace_free(t);
}
END_TEST

START_TEST(the_wind_s_deeds_are_kept_apart)
{
	struct trace *t = fixture_storm();
	struct story *s = story_new(t);
	size_t fates[4] = {0}, twins = 0, strangers = 0, reordered = 0, down = 0;

	for (size_t i = 0; i < s->voyages.count; i++) {
		fates[s->voyages.at[i].fate]++;
		twins += s->voyages.at[i].is_duplicate;
		strangers += s->voyages.at[i].is_stranger;
		reordered += (s->voyages.at[i].deeds & 1u << DEED_REORDER) != 0;
	}
	for (size_t i = 0; i < s->rows.count; i++)
		down += (s->rows.at[i].down & 2u) != 0;
	ck_assert_uint_eq(fates[FATE_LOST], 1);
	ck_assert_uint_eq(fates[FATE_DISCARDED], 2);
	ck_assert_uint_eq(fates[FATE_FLYING], 2);
	ck_assert_uint_eq(twins, 1);
	ck_assert_uint_eq(strangers, 1);
	ck_assert_uint_eq(reordered, 1);
	ck_assert_uint_gt(down, 0);
	story_free(s);
	trace_free(t);
}
END_TEST

Suite *story_suite(void)
{
	Suite *s = suite_create("story");
	TCase *t = tcase_create("a story");

	tcase_add_loop_test(t, beats_hold_every_record_once, 0, FIXTURES);
	tcase_add_loop_test(t, stops_go_forward_and_none_is_twice, 0, FIXTURES);
	tcase_add_loop_test(t, every_segment_arrives_below_where_it_left, 0, FIXTURES);
	tcase_add_test(t, the_first_wave_is_lost_half_way);
	tcase_add_test(t, numbers_are_relative_to_the_isn);
	tcase_add_test(t, chapters_gaps_and_people_are_found);
	tcase_add_test(t, the_wind_s_deeds_are_kept_apart);
	suite_add_tcase(s, t);
	return s;
}
