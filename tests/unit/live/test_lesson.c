/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <unistd.h>
#include "live/lesson_inside.h"
#include "real.h"

/* What a lesson told, line by line. */
struct told {
	size_t lines[LESSON_EXPLAINS + 1];
	size_t rests, acts[CALL_VERB_COUNT];
	enum sock_error refused_with;
	struct sink text[2];
};

static void note_line(void *user, enum lesson_line kind, const char *en, const char *zh)
{
	struct told *t = user;

	t->lines[kind]++;
	sink_printf(&t->text[0], "%s\n", en);
	sink_printf(&t->text[1], "%s\n", zh);
}

static void note_rest(void *user)
{
	struct told *t = user;

	t->rests++;
}

static void note_act(void *user, const struct act *a)
{
	struct told *t = user;

	t->acts[a->verb]++;
	ck_assert_int_gt(a->at, 0);
	ck_assert_uint_ne(a->self.port, 0);
	if (a->verb == CALL_CONNECT && a->is_result && a->error != SOCK_OK)
		t->refused_with = a->error;
}

static void told_fini(struct told *t)
{
	sink_fini(&t->text[0]);
	sink_fini(&t->text[1]);
}

static struct lesson *begin(struct loop *l, enum lesson_name name, const struct lesson_options *o,
			    struct told *t)
{
	struct lesson_watcher w = {
		.acts = {t, note_act}, .user = t, .line = note_line, .rests = note_rest};
	struct sink complaint = {0};
	struct lesson *s = lesson_open(l, name, o, &w, &complaint);

	ck_assert_msg(s != NULL, "%s", complaint.at);
	sink_fini(&complaint);
	lesson_begin(s);
	ck_assert(lesson_rests(s));
	return s;
}

static size_t count_says(const struct trace *t)
{
	size_t n = 0;

	for (uint64_t i = 0; i < trace_count(t); i++)
		n += trace_at(t, i)->kind == REC_SAY;
	return n;
}

/* From the first step to the last. */
static struct lesson_figures perform(enum lesson_name name, usec patience, struct told *t)
{
	struct lesson_options o = {.is_private = true, .patience = patience};
	struct loop *l = loop_new();
	struct lesson *s = begin(l, name, &o, t);
	struct lesson_figures f;
	size_t taken = 0;

	while (!lesson_is_over(s)) {
		lesson_figures(s, &f);
		if (lesson_rests(s)) {
			ck_assert_uint_eq(f.step, ++taken);
			ck_assert(lesson_next(s));
		} else {
			ck_assert(!lesson_next(s));
			loop_turn(l, USEC_NEVER);
		}
	}
	ck_assert(!lesson_next(s));
	lesson_figures(s, &f);
	ck_assert_uint_eq(taken, f.steps);
	ck_assert_uint_eq(t->rests, f.steps);
	ck_assert_uint_eq(t->lines[LESSON_TELLS], f.steps);
	ck_assert_uint_eq(t->lines[LESSON_MISSES], f.missed);
	/* All but what was skipped is said in the recording, too. */
	ck_assert_uint_eq(count_says(lesson_trace(s)), 2 * t->lines[LESSON_EXPLAINS] + f.missed);
	lesson_close(s);
	loop_free(l);
	return f;
}

/* ---- the table ------------------------------------------------------------------------------- */

static void check_pair(const char *const text[2])
{
	bool has_chinese = false;

	ck_assert_uint_gt(strlen(text[0]), 0);
	for (const char *c = text[0]; *c != '\0'; c++)
		ck_assert_msg((unsigned char)*c < 0x80, "%s", text[0]);
	for (const char *c = text[1]; *c != '\0'; c++)
		has_chinese = has_chinese || (unsigned char)*c >= 0x80;
	ck_assert_msg(has_chinese, "%s has no Chinese", text[0]);
}

static void check_step(const struct lesson_step *step)
{
	bool has_work = false;

	check_pair(step->tells);
	check_pair(step->explains);
	ck_assert_uint_eq(step->deeds[LESSON_DEEDS - 1].verb, DEED_NONE);
	ck_assert_uint_eq(step->expects[LESSON_EXPECTS - 1].kind, SIGHT_NONE);
	for (int i = 0; i < LESSON_DEEDS; i++) {
		const struct lesson_deed *d = &step->deeds[i];

		ck_assert_uint_lt(d->who, LESSON_TALKS);
		ck_assert(d->verb != DEED_LISTEN || (d->who > 0 && d->who < LESSON_LISTENERS));
		ck_assert((d->verb != DEED_SEND && d->verb != DEED_READ && d->verb != DEED_RUN) ||
			  d->text != NULL);
	}
	for (int i = 0; i < LESSON_EXPECTS; i++) {
		const struct lesson_expect *e = &step->expects[i];

		ck_assert_uint_lt(e->who, LESSON_TALKS);
		ck_assert(e->kind != SIGHT_SEGMENTS || e->text != NULL);
		has_work = has_work || e->kind != SIGHT_NONE;
	}
	ck_assert_msg(has_work, "nothing is expected: %s", step->tells[0]);
}

START_TEST(the_table_is_complete)
{
	size_t of[LESSON_COUNT] = {0};

	for (size_t i = 0; i < lesson_script_count; i++) {
		const struct lesson_step *step = &lesson_script[i];

		check_step(step);
		of[step->lesson]++;
		/* Those of one lesson stand together. */
		ck_assert(i == 0 || step->lesson == lesson_script[i - 1].lesson ||
			  of[step->lesson] == 1);
	}
	for (int i = 0; i < LESSON_COUNT; i++) {
		enum lesson_name name;

		check_pair(lesson_table[i].gist);
		ck_assert_uint_gt(strlen(lesson_table[i].title[0]), 0);
		ck_assert_uint_gt(strlen(lesson_table[i].title[1]), 0);
		ck_assert_uint_gt(of[i], 2);
		ck_assert(lesson_named(lesson_table[i].name, &name));
		ck_assert_int_eq(name, i);
	}
}
END_TEST

START_TEST(lessons_have_names_and_numbers)
{
	enum lesson_name name;

	ck_assert(lesson_named("1", &name));
	ck_assert_int_eq(name, 0);
	ck_assert(lesson_named("6", &name));
	ck_assert_int_eq(name, 5);
	ck_assert(!lesson_named("0", &name));
	ck_assert(!lesson_named("7", &name));
	ck_assert(!lesson_named("", &name));
	ck_assert(!lesson_named("close_wait", &name));
}
END_TEST

/* Every expectation is told in both languages, and so is what there is instead. */
START_TEST(expectations_have_words)
{
	for (size_t i = 0; i < lesson_script_count; i++) {
		const struct lesson_expect *e = lesson_script[i].expects;

		for (; e->kind != SIGHT_NONE; e++) {
			struct lesson s = {
				.at.port = 1,
				.recorder = recorder_new(&(struct recorder_options){.slack = 0})};
			struct sink text[4] = {{0}, {0}, {0}, {0}};

			for (int zh = 0; zh < 2; zh++) {
				lesson_put_expect(e, zh, &text[zh]);
				lesson_put_sight(&s, e, zh, &text[2 + zh]);
			}
			for (int k = 0; k < 4; k += 2) {
				ck_assert_uint_gt(text[k].count, 0);
				ck_assert_uint_gt(text[k + 1].count, 0);
				ck_assert_str_ne(text[k].at, text[k + 1].at);
			}
			for (int k = 0; k < 4; k++)
				sink_fini(&text[k]);
			recorder_free(s.recorder);
		}
	}
}
END_TEST

/* ---- on the kernel --------------------------------------------------------------------------- */

/* Each in a network of its own: one lesson's mourners are in the next one's way. */
static const enum lesson_name closing[] = {LESSON_TIME_WAIT, LESSON_UNREAD, LESSON_HALF_CLOSE};

START_TEST(the_kernel_does_as_the_lesson_says)
{
	struct told t = {0};
	struct lesson_figures f;

	if (!private_network())
		return;
	f = perform(closing[_i], 0, &t);
	ck_assert_msg(f.missed == 0, "%s", t.text[0].at);
	ck_assert_uint_gt(f.seen, 5);
	ck_assert_uint_gt(t.acts[CALL_ACCEPT], 0);
	ck_assert_uint_eq(t.acts[CALL_CONNECT], 2 * t.acts[CALL_ACCEPT]);
	ck_assert_uint_gt(t.acts[CALL_CLOSE], 0);
	told_fini(&t);
}
END_TEST

START_TEST(what_is_refused_is_told)
{
	struct told t = {0};
	struct lesson_figures f;

	if (!private_network())
		return;
	f = perform(LESSON_REFUSED, 0, &t);
	ck_assert_msg(f.missed == 0, "%s", t.text[0].at);
	ck_assert_int_eq(t.refused_with, SOCK_ECONNREFUSED);
	ck_assert_ptr_nonnull(strstr(t.text[0].at, "= ECONNREFUSED (connection refused)\n"));
	told_fini(&t);
}
END_TEST

/* Somebody else listens where nobody should: the lesson says so, and goes on to its end. */
START_TEST(a_lesson_that_finds_something_else_says_so)
{
	struct real r;
	struct told t = {0};
	struct lesson_figures f;

	if (!private_network())
		return;
	real_listen_at(&r, "127.0.0.1", 8888, 5);
	f = perform(LESSON_REFUSED, 200 * USEC_PER_MS, &t);
	ck_assert_uint_gt(f.missed, 2);
	ck_assert_ptr_nonnull(strstr(t.text[0].at,
				     "expected: zhang 1: connect(127.0.0.1:8888) = ECONNREFUSED "
				     "(connection refused); there is: ok\n"));
	ck_assert_ptr_nonnull(strstr(
		t.text[0].at, "expected: nobody listens; there is: li listens, 1 waits to be"));
	ck_assert_ptr_nonnull(
		strstr(t.text[1].at, "应当是：没有人监听；实际是：李四在听，1 个等着"));
	real_close(&r);
	told_fini(&t);
}
END_TEST

START_TEST(what_is_missing_is_said)
{
	struct lesson_watcher w = {.user = NULL};
	struct lesson_options o = {.programs = NULL};
	struct sink complaint = {0};
	struct loop *l = loop_new();

	ck_assert_ptr_null(lesson_open(l, LESSON_CLOSE_WAIT, &o, &w, &complaint));
	ck_assert_ptr_nonnull(strstr(complaint.at, "echo_server.py"));
	sink_clear(&complaint);
	setenv("PATH", "/nowhere", 1);
	ck_assert_ptr_null(lesson_open(l, LESSON_CLOSE_WAIT, &o, &w, &complaint));
	ck_assert_ptr_nonnull(strstr(complaint.at, "apt install python3"));
	sink_fini(&complaint);
	loop_free(l);
}
END_TEST

/* Closed in the middle of a step: nothing is left, neither sockets nor timers. */
START_TEST(a_lesson_can_be_left)
{
	struct told t = {0};
	struct lesson_options o = {.is_private = false};
	struct loop *l = loop_new();
	struct lesson *s = begin(l, LESSON_BACKLOG, &o, &t);
	struct lesson_talk_shown talk;
	struct endpoint where;

	lesson_where(s, &where);
	ck_assert_uint_ne(where.port, 0);
	ck_assert(!lesson_talk_at(s, 0, &talk));
	ck_assert(lesson_next(s));
	while (t.lines[LESSON_SEES] == 0)
		loop_turn(l, USEC_NEVER);
	ck_assert(lesson_talk_at(s, 5, &talk));
	ck_assert_int_eq(talk.state[LESSON_LI], ESTABLISHED);
	ck_assert_uint_eq(talk.flow.end[1].port, where.port);
	ck_assert(!lesson_talk_at(s, 6, &talk));
	lesson_close(s);
	ck_assert(!loop_turn(l, 50 * USEC_PER_MS));
	loop_free(l);
	told_fini(&t);
}
END_TEST

Suite *lesson_suite(void)
{
	Suite *suite = suite_create("lesson");
	TCase *table = tcase_create("table"), *kernel = tcase_create("kernel");

	tcase_add_test(table, the_table_is_complete);
	tcase_add_test(table, lessons_have_names_and_numbers);
	tcase_add_test(table, expectations_have_words);
	suite_add_tcase(suite, table);
	tcase_add_loop_test(kernel, the_kernel_does_as_the_lesson_says, 0,
			    sizeof closing / sizeof closing[0]);
	tcase_add_test(kernel, what_is_refused_is_told);
	tcase_add_test(kernel, a_lesson_that_finds_something_else_says_so);
	tcase_add_test(kernel, what_is_missing_is_said);
	tcase_add_test(kernel, a_lesson_can_be_left);
	suite_add_tcase(suite, kernel);
	return suite;
}
