/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "export/tell_ask.h"
#include "play.h"

/* The play of the language's page, with two questions in it. */
static struct play asking_play(void)
{
	struct play p = play_first_wave();
	struct record *r;

	for (int i = 0; i < 2; i++) {
		play_record(&p, 70 * S, REC_ASK, LI);
		r = play_last(&p);
		r->text[0] = trace_text(p.trace, "How many waves?", strlen("How many waves?"));
		r->text[1] = trace_text(p.trace, "几次招手？", strlen("几次招手？"));
		r->number[0] = 2;
		r->number[1] = 1 + FIELD_COUNT;
	}
	return p;
}

START_TEST(test_it_halts_and_goes_on)
{
	struct play p = asking_play();
	struct tell_asker a = {.trace = p.trace, .lang = LANG_EN};
	struct sink out = {0};

	ck_assert(tell_asker_go(&a, &out));
	ck_assert_ptr_nonnull(strstr(out.at, "70.000  Question: How many waves?\nAnswer with a "
					     "number; an empty line passes, ? shows it.\n"));
	sink_clear(&out);
	ck_assert(!tell_asker_answer(&a, "many", &out));
	ck_assert_str_eq(out.at, "That is no answer. Wanted: a number.\n");
	sink_clear(&out);
	ck_assert(!tell_asker_answer(&a, "3", &out));
	ck_assert_ptr_nonnull(strstr(out.at, "No. Tries left: 2."));
	sink_clear(&out);
	ck_assert(tell_asker_answer(&a, " 2 ", &out));
	ck_assert_str_eq(out.at, "Right: 2.\n");
	sink_clear(&out);
	ck_assert(tell_asker_go(&a, &out));
	sink_clear(&out);
	ck_assert(tell_asker_answer(&a, "", &out));
	ck_assert_uint_eq(out.count, 0);
	ck_assert(!tell_asker_go(&a, &out));
	ck_assert_ptr_nonnull(strstr(out.at, "Score: of 2 questions 1 right, 0 wrong, 1 passed "
					     "over. the play's own 1/2.\n"));
	sink_fini(&out);
	tell_asker_fini(&a);
	play_free(&p);
}
END_TEST

/* Whatever is answered, the same is told as without questions. */
START_TEST(test_nothing_is_left_out)
{
	static const char *const answers[] = {"", "?", "1", "2", "nonsense"};
	struct play p = asking_play();
	struct tell_asker a = {.trace = p.trace, .lang = LANG_ZH, .is_predicting = _i % 2 == 1};
	struct export_options o = {.lang = LANG_ZH};
	struct sink plain = {0}, out = {0};
	size_t turn = 0;
	const char *at;

	export_tell(p.trace, &o, &plain);
	while (tell_asker_go(&a, &out)) {
		int tries = 0;

		while (!tell_asker_answer(&a, answers[(turn++ + (size_t)_i) % 5], &out))
			ck_assert_int_lt(tries++, 20);
	}
	at = out.at;
	for (const char *line = plain.at; *line; line += strcspn(line, "\n") + 1) {
		char *one = xstrndup(line, strcspn(line, "\n"));

		at = strstr(at, one);
		ck_assert_msg(at != NULL, "%s", one);
		free(one);
	}
	ck_assert_uint_ge(a.score.list.count, 2);
	sink_fini(&plain);
	sink_fini(&out);
	tell_asker_fini(&a);
	play_free(&p);
}
END_TEST

START_TEST(test_choices_are_lines)
{
	struct play p = play_first_wave();
	struct tell_asker a = {.trace = p.trace, .lang = LANG_BOTH, .is_predicting = true};
	struct sink out = {0};
	bool found = false;

	while (!found && tell_asker_go(&a, &out)) {
		found = a.riddle.choices == QUESTION_CHOICES && a.riddle.kind == QUESTION_SEGMENT;
		if (!found)
			tell_asker_answer(&a, "", &out);
	}
	ck_assert(found);
	ck_assert_ptr_nonnull(strstr(out.at, "\n1  "));
	ck_assert_ptr_nonnull(strstr(out.at, "\n4  "));
	ck_assert_ptr_nonnull(strstr(out.at, "请答：1 到 4"));
	ck_assert_ptr_nonnull(strstr(out.at, " / Answer with 1 to 4"));
	sink_clear(&out);
	ck_assert(tell_asker_answer(&a, "?", &out));
	ck_assert_ptr_nonnull(strstr(out.at, "答案："));
	sink_fini(&out);
	tell_asker_fini(&a);
	play_free(&p);
}
END_TEST

/* ---- what changed inside --------------------------------------------------------------------- */

START_TEST(test_every_change_has_its_sentence)
{
	static const int64_t values[] = {0, 1, 5000000, UINT32_MAX, USEC_NEVER};
	struct play p = play_first_wave();
	struct record *r = play_last(&p);

	r->host = ZHANG;
	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; j < 5; j++) {
			struct tcb_change change = {
				.field = (uint32_t)_i, .old = values[i], .new = values[j]};
			bool is_time = tcb_field_kind_of((enum tcb_field)_i) == FIELD_DEADLINE;
			struct sink en = {0}, zh = {0};

			if (!tell_change_is_news(&change) ||
			    (!is_time && (values[i] == USEC_NEVER || values[j] == USEC_NEVER)))
				continue;
			tell_change(p.trace, r, &change, LANG_EN, &en);
			tell_change(p.trace, r, &change, LANG_ZH, &zh);
			ck_assert_ptr_nonnull(strstr(en.at, "Zhang San's "));
			ck_assert_ptr_nonnull(strstr(zh.at, "张三的"));
			ck_assert_ptr_null(strpbrk(en.at, "{}"));
			ck_assert_ptr_null(strstr(en.at, "9223372036854"));
			ck_assert_int_eq(en.at[en.count - 1], '.');
			sink_fini(&en);
			sink_fini(&zh);
		}
	}
	play_free(&p);
}
END_TEST

START_TEST(test_changes_in_words)
{
	static const struct {
		struct tcb_change change;
		const char *en, *zh;
	} told[] = {
		{{F_cwnd, 4380, 5840},
		 "Zhang San's cwnd, the congestion window, goes from 4380 to 5840.",
		 "张三的拥塞窗口 cwnd 从 4380 变为 5840。"},
		{{F_t_retransmit, USEC_NEVER, 3 * S},
		 "Zhang San's retransmission timer is set to 3.000 s.",
		 "张三的重传定时器定在 3.000 秒。"},
		{{F_t_retransmit, 3 * S, USEC_NEVER},
		 "Zhang San's retransmission timer is stopped.",
		 "张三的重传定时器停了。"},
	};
	struct play p = play_first_wave();
	struct record *r = play_last(&p);

	r->host = ZHANG;
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
		struct sink out = {0};

		tell_change(p.trace, r, &told[i].change, LANG_EN, &out);
		ck_assert_str_eq(out.at, told[i].en);
		sink_clear(&out);
		tell_change(p.trace, r, &told[i].change, LANG_ZH, &out);
		ck_assert_str_eq(out.at, told[i].zh);
		sink_fini(&out);
	}
	play_free(&p);
}
END_TEST

Suite *tell_ask_suite(void)
{
	Suite *s = suite_create("tell ask");
	TCase *c = tcase_create("tell ask");

	tcase_add_test(c, test_it_halts_and_goes_on);
	tcase_add_loop_test(c, test_nothing_is_left_out, 0, 10);
	tcase_add_test(c, test_choices_are_lines);
	tcase_add_loop_test(c, test_every_change_has_its_sentence, 0, TCB_FIELD_COUNT);
	tcase_add_test(c, test_changes_in_words);
	suite_add_tcase(s, c);
	return s;
}
