/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <jansson.h>
#include "trace/score.h"

static struct trace *asking(void)
{
	struct trace *t = trace_new();

	for (int i = 0; i < 3; i++) {
		struct record *r = trace_push(t, REC_ASK, 1000000 * (i + 1));

		r->text[0] = trace_text(t, "Which \"one\"?\n", strlen("Which \"one\"?\n"));
		r->text[1] = trace_text(t, "哪一个？", strlen("哪一个？"));
		r->number[0] = 7 + i;
		r->number[1] = 1 + FIELD_COUNT;
	}
	return t;
}

static struct score answered(const struct trace *t)
{
	static const struct {
		enum scored_as outcome;
		int tries;
		const char *given;
	} answers[] = {
		{OUTCOME_RIGHT, 2, "7"}, {OUTCOME_WRONG, 3, "\x1b[2J\""}, {OUTCOME_PASSED, 0, ""}};
	struct moment m = {0};
	struct score s = {0};

	for (uint64_t i = 0; i < 3; i++) {
		struct riddle q;

		question_of(t, &m, i, &q);
		ck_assert(!score_has(&s, &q));
		score_add(&s, &q, t, answers[i].outcome, answers[i].tries, answers[i].given, false);
		ck_assert(score_has(&s, &q));
	}
	return s;
}

START_TEST(the_summary_is_json)
{
	static const struct score_play play = {.scene = "a\"b.scene",
					       .variant = "[loss=SYN]",
					       .seed = UINT64_MAX,
					       .lang = LANG_ZH};
	struct trace *t = asking();
	struct score s = answered(t);
	struct sink out = {0};
	json_t *all, *list, *one, *totals;

	score_json(&out, &s, &play);
	all = json_loads(out.at, 0, NULL);
	ck_assert_ptr_nonnull(all);
	ck_assert_str_eq(json_string_value(json_object_get(all, "scene")), "a\"b.scene");
	ck_assert_str_eq(json_string_value(json_object_get(all, "variant")), "[loss=SYN]");
	ck_assert_str_eq(json_string_value(json_object_get(all, "seed")), "18446744073709551615");
	ck_assert_str_eq(json_string_value(json_object_get(all, "language")), "zh");
	list = json_object_get(all, "questions");
	ck_assert_uint_eq(json_array_size(list), 3);
	one = json_array_get(list, 1);
	ck_assert_int_eq(json_integer_value(json_object_get(one, "time")), 2000000);
	ck_assert_int_eq(json_integer_value(json_object_get(one, "record")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(one, "tries")), 3);
	ck_assert_str_eq(json_string_value(json_object_get(one, "kind")), "scene");
	ck_assert_str_eq(json_string_value(json_object_get(one, "text")), "哪一个？");
	ck_assert_str_eq(json_string_value(json_object_get(one, "given")), "\x1b[2J\"");
	ck_assert_str_eq(json_string_value(json_object_get(one, "right")), "8");
	ck_assert_str_eq(json_string_value(json_object_get(one, "verdict")), "wrong");
	totals = json_object_get(all, "totals");
	ck_assert_int_eq(json_integer_value(json_object_get(totals, "asked")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(totals, "right")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(totals, "wrong")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(totals, "passed")), 1);
	one = json_object_get(json_object_get(totals, "kinds"), "scene");
	ck_assert_int_eq(json_integer_value(json_object_get(one, "asked")), 3);
	json_decref(all);
	sink_fini(&out);
	score_fini(&s);
	trace_free(t);
}
END_TEST

START_TEST(nothing_asked_is_json_too)
{
	static const struct score_play play = {.scene = "x", .variant = ""};
	struct score s = {0};
	struct sink out = {0};
	json_t *all;

	score_json(&out, &s, &play);
	all = json_loads(out.at, 0, NULL);
	ck_assert_ptr_nonnull(all);
	ck_assert_uint_eq(json_array_size(json_object_get(all, "questions")), 0);
	json_decref(all);
	sink_fini(&out);
}
END_TEST

START_TEST(the_summary_in_words)
{
	struct trace *t = asking();
	struct score s = answered(t);
	struct sink out = {0};

	score_put(&out, &s, LANG_EN);
	ck_assert_str_eq(out.at, "of 3 questions 1 right, 1 wrong, 1 passed over");
	sink_clear(&out);
	score_put(&out, &s, LANG_ZH);
	ck_assert_str_eq(out.at, "3 题答对 1，答错 1，跳过 1");
	sink_clear(&out);
	score_put_kinds(&out, &s, LANG_EN);
	ck_assert_str_eq(out.at, "the play's own 1/3");
	sink_fini(&out);
	score_fini(&s);
	trace_free(t);
}
END_TEST

Suite *score_suite(void)
{
	Suite *s = suite_create("score");
	TCase *c = tcase_create("score");

	tcase_add_test(c, the_summary_is_json);
	tcase_add_test(c, nothing_asked_is_json_too);
	tcase_add_test(c, the_summary_in_words);
	suite_add_tcase(s, c);
	return s;
}
