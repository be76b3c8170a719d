/* SPDX-License-Identifier: MIT */
/* What tests/scene/questions.c cannot see in the plays: odd answers, numbers near each other, the
 * play's own questions of every kind. */
#include "suites.h"

#include <string.h>
#include "trace/question.h"

static struct riddle typed(enum tcb_field_kind field, int64_t answer)
{
	return (struct riddle){.kind = QUESTION_SCENE, .field = (uint8_t)field, .answer = answer};
}

static void expect_grade(const struct riddle *q, const char *given, enum grade grade)
{
	int chosen;

	ck_assert_msg(question_judge(q, given, false, &chosen) == grade, "%s", given);
}

START_TEST(a_number_is_read_as_people_write_it)
{
	struct riddle q = typed(FIELD_SEQ, 1001);

	q.has_base = true;
	q.base = 1000;
	expect_grade(&q, "1", GRADE_RIGHT);
	expect_grade(&q, " 1001 ", GRADE_RIGHT);
	expect_grade(&q, "1,001", GRADE_RIGHT);
	expect_grade(&q, "ack=1001", GRADE_RIGHT);
	expect_grade(&q, "确认号 １００１", GRADE_RIGHT);
	expect_grade(&q, "2", GRADE_WRONG);
	expect_grade(&q, "1002", GRADE_WRONG);
	expect_grade(&q, "99999999999999999999", GRADE_UNREADABLE);
	expect_grade(&q, "-1", GRADE_UNREADABLE);
	expect_grade(&q, "1x", GRADE_UNREADABLE);
	expect_grade(&q, "", GRADE_UNREADABLE);
	expect_grade(&q, "\xff\xfe", GRADE_UNREADABLE);
	q = typed(FIELD_BYTES, 1460);
	expect_grade(&q, "1460 octets", GRADE_RIGHT);
	expect_grade(&q, "1460字节", GRADE_RIGHT);
	expect_grade(&q, "1461", GRADE_WRONG);
}
END_TEST

/* An ISN of 1: absolute 6 is relative 5, and 6 could be meant as a relative number by mistake. */
START_TEST(readings_that_are_near_are_kept_apart)
{
	struct riddle q = typed(FIELD_SEQ, 6);
	int chosen;

	q.has_base = true;
	q.base = 1;
	ck_assert_int_eq(question_judge(&q, "5", false, &chosen), GRADE_RIGHT);
	ck_assert_int_eq(question_judge(&q, "6", false, &chosen), GRADE_WRONG);
	ck_assert_int_eq(question_judge(&q, "6", true, &chosen), GRADE_RIGHT);
	ck_assert_int_eq(question_judge(&q, "5", true, &chosen), GRADE_WRONG);
	/* Numbers wrap around. */
	q.base = UINT32_C(0xfffffff0);
	q.answer = 5;
	ck_assert_int_eq(question_judge(&q, "21", false, &chosen), GRADE_RIGHT);
	ck_assert_int_eq(question_judge(&q, "5", false, &chosen), GRADE_RIGHT);
}
END_TEST

START_TEST(a_time_is_one_however_written)
{
	struct riddle q = typed(FIELD_TIME, 1000000);

	expect_grade(&q, "1", GRADE_RIGHT);
	expect_grade(&q, "1s", GRADE_RIGHT);
	expect_grade(&q, "1000 ms", GRADE_RIGHT);
	expect_grade(&q, "1 秒", GRADE_RIGHT);
	expect_grade(&q, "1000毫秒", GRADE_RIGHT);
	expect_grade(&q, "1000", GRADE_WRONG);
	/* "In half a second", of what was asked at 0.5 s. */
	q.since = 500000;
	expect_grade(&q, "+0.5s", GRADE_RIGHT);
	expect_grade(&q, "+1s", GRADE_WRONG);
	q.kind = QUESTION_TIMER;
	expect_grade(&q, "+1s", GRADE_UNREADABLE);
	q = typed(FIELD_DEADLINE, 3000000);
	q.since = 1000000;
	expect_grade(&q, "3s", GRADE_RIGHT);
	expect_grade(&q, "+2s", GRADE_RIGHT);
	expect_grade(&q, "2s", GRADE_WRONG);
	expect_grade(&q, "+9223372036854775807us", GRADE_UNREADABLE);
	/* Three figures are shown of 1.2345 s. */
	q = typed(FIELD_TIME, 1234500);
	expect_grade(&q, "1.23", GRADE_RIGHT);
	expect_grade(&q, "1.2", GRADE_WRONG);
}
END_TEST

static struct trace *asking(int64_t answer, int64_t kind)
{
	struct trace *t = trace_new();
	struct record *r = trace_push(t, REC_ASK, 5000000);

	r->text[0] = trace_text(t, "Which?", strlen("Which?"));
	r->number[0] = answer;
	r->number[1] = kind;
	return t;
}

START_TEST(a_state_is_one_however_spelled)
{
	static const char *const right[] = {"TIME_WAIT", "time-wait", "Time Wait", "timewait"};
	struct trace *t = asking(TIME_WAIT, 1 + FIELD_STATE);
	struct moment m = {0};
	struct riddle q;

	question_of(t, &m, 0, &q);
	ck_assert_uint_eq(q.choices, QUESTION_CHOICES);
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
		expect_grade(&q, right[i], GRADE_RIGHT);
	/* One that is not offered is wrong, what is none is not an answer. */
	expect_grade(&q, "SYN-SENT", GRADE_WRONG);
	expect_grade(&q, "SYN_RECEIVED", GRADE_WRONG);
	expect_grade(&q, "WAITING", GRADE_UNREADABLE);
	expect_grade(&q, "5", GRADE_UNREADABLE);
	trace_free(t);
}
END_TEST

START_TEST(yes_and_no_are_choices)
{
	struct trace *t = asking(1, 1 + FIELD_BOOL);
	struct moment m = {0};
	struct riddle q;

	question_of(t, &m, 0, &q);
	expect_grade(&q, "yes", GRADE_RIGHT);
	expect_grade(&q, "是", GRADE_RIGHT);
	expect_grade(&q, "1", GRADE_RIGHT);
	expect_grade(&q, "no", GRADE_WRONG);
	expect_grade(&q, "不是", GRADE_WRONG);
	trace_free(t);
}
END_TEST

/* A run that ended before the answer came, and numbers that no writer of traces writes. */
START_TEST(a_question_without_an_answer_has_none)
{
	static const int64_t kinds[] = {0, -1, 99, INT64_MIN, 1 + FIELD_STATE, 1 + FIELD_DEADLINE};
	struct trace *t = asking(kinds[_i] == 1 + FIELD_STATE ? 99 : USEC_NEVER, kinds[_i]);
	struct moment m = {0};
	struct sink out = {0};
	struct riddle q;

	question_of(t, &m, 0, &q);
	ck_assert(q.is_unanswered);
	expect_grade(&q, "1", GRADE_UNREADABLE);
	question_put(&out, &q, t, LANG_ZH, false);
	ck_assert_str_eq(out.at, "Which?");
	sink_clear(&out);
	question_put_answer(&out, &q, t, LANG_ZH, false);
	ck_assert_str_eq(out.at, "-");
	sink_fini(&out);
	trace_free(t);
}
END_TEST

START_TEST(nothing_is_asked_at_the_end)
{
	struct trace *t = asking(1, 1 + FIELD_COUNT);
	unsigned asked[QUESTION_KINDS] = {0};
	struct moment m = {0};
	struct riddle q;

	ck_assert(!question_next(t, &m, asked, &q));
	moment_go(&m, t, 1);
	ck_assert(!question_next(t, &m, asked, &q));
	ck_assert_uint_eq(question_kinds(t, &m), 0);
	moment_fini(&m);
	trace_free(t);
}
END_TEST

Suite *question_suite(void)
{
	Suite *s = suite_create("question");
	TCase *c = tcase_create("question");

	tcase_add_test(c, a_number_is_read_as_people_write_it);
	tcase_add_test(c, readings_that_are_near_are_kept_apart);
	tcase_add_test(c, a_time_is_one_however_written);
	tcase_add_test(c, a_state_is_one_however_spelled);
	tcase_add_test(c, yes_and_no_are_choices);
	tcase_add_loop_test(c, a_question_without_an_answer_has_none, 0, 6);
	tcase_add_test(c, nothing_is_asked_at_the_end);
	suite_add_tcase(s, c);
	return s;
}
