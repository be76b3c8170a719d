/* SPDX-License-Identifier: MIT */
/* Meaning 3 and 4: what comes first within one instant, and when chapters, asks, says stand. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct order_case {
	const char *name, *play, *kinds, *story;
} cases[] = {
	{"statements of one time act in the order written, wherever they stand",
	 "at 1s zhang write \"b\"\nat 0s li listen\nat 1s zhang shutdown\nat 0s zhang connect li\n"
	 "at 2s li close\nexpect broken quiet\nend at 3s",
	 "w",
	 "0.000 call li bind\n0.000 call li listen\n0.000 call zhang connect\n"
	 "0.150 call li accept\n1.000 call zhang write\n1.000 call zhang shutdown\n2.000 call li "
	 "close\n"},
	{"after segments already due: li hears the word before it answers at the same time",
	 "at 0s li listen\nat 0s zhang connect li\nat 1.05s li write \"x\"\nat 1s zhang write "
	 "\"y\"",
	 "Aw",
	 "0.000 call li bind\n0.000 call li listen\n0.000 call zhang connect\n0.050 arrive li\n"
	 "0.100 arrive zhang\n0.150 arrive li\n0.150 call li accept\n1.000 call zhang write\n"
	 "1.050 arrive li\n1.050 call li write\n1.100 arrive zhang\n1.350 arrive li\n"},
	{"what is done by hand comes when all else is done, in the order written, before the looks",
	 "at 0s li listen\nat 0s zhang connect li\nexpect at 1s zhang in FIN_WAIT_1\n"
	 "at 1s by hand zhang write \"a\"\nat 1s by hand zhang close\nat 1s li write \"x\"\n"
	 "when zhang sends data marker \"heard\"\nwhen li sends data marker \"first\"\n"
	 "end at 1s\nexpect broken quiet",
	 "wme",
	 "0.000 call li bind\n0.000 call li listen\n0.000 call zhang connect\n"
	 "0.150 call li accept\n1.000 call li write\n1.000 marker first\n1.000 call zhang write\n"
	 "1.000 marker heard\n1.000 call zhang close\n"
	 "1.000 expect zhang pass at 1s zhang in FIN_WAIT_1\n1.000 expect pass broken quiet\n"},
	{"a word is in flight by hand until the events of its arrival are done",
	 "at 0s li listen\nat 0s zhang connect li\nat 50ms by hand drop 1st li -> zhang\n"
	 "at 50ms by hand drop 1st zhang -> li\nend at 60ms\nexpect broken quiet",
	 "de",
	 "0.050 wind li drop\n"
	 "0.050 expect fail the 1st from zhang to li is in flight\n"
	 "0.060 expect pass broken quiet\n"},
	{"the wind changes: attributes and rules from then on, ordinals count from then on",
	 "at 0s li listen\nat 0s zhang connect li\n"
	 "at 1s repeat 3 every 100ms zhang write \"x\"\n"
	 "at 1.05s wind zhang <-> li { delay 10ms  drop 1st where data }\nend at 1.25s\n"
	 "expect broken quiet",
	 "mdA",
	 "0.050 arrive li\n0.100 arrive zhang\n0.150 arrive li\n1.050 arrive li\n"
	 "1.050 marker zhang the wind turns: zhang <-> li delay 10ms, drop 1st where data\n"
	 "1.100 wind zhang drop\n1.210 arrive li\n1.220 arrive zhang\n"},
	{"what is no longer so is neither done nor judged, from then on",
	 "at 0s no longer li listen\nno longer expect zhang in ESTABLISHED because \"so\"\n"
	 "at 0s repeat 4 every 1s no longer from 2s li reboot\nno longer expect broken quiet\n"
	 "repeat 4 every 1s no longer from 2s expect at 0s li in CLOSED\n"
	 "no longer from 10s expect li never in LISTEN\nafter 5s marker \"counted\"",
	 "wmes",
	 "0.000 expect li pass at 0s li in CLOSED\n1.000 expect li pass at 0s li in CLOSED\n"
	 "8.000 marker counted\n"},
	{"a look comes after the last event, a question before the first",
	 "at 0s li listen\nat 0s zhang connect li\nexpect at 50ms li in SYN_RCVD\n"
	 "ask at 50ms en \"q\" zh \"q\" answer li.next.seq",
	 "aAe",
	 "0.050 ask li q\n0.050 arrive li\n0.050 expect li pass at 50ms li in SYN_RCVD\n"
	 "0.100 arrive zhang\n0.150 arrive li\n"},
	{"after counts from the statement above",
	 "at 1s marker \"a\"\nafter 500ms marker \"b\"\nafter 1s { marker \"c\"\n after 1ms marker "
	 "\"d\" }",
	 "m", "1.000 marker a\n1.500 marker b\n2.500 marker c\n2.501 marker d\n"},
	{"after goes on from what stands in a when",
	 "at 0s li listen\nat 0s zhang connect li\nwhen li in ESTABLISHED +1s marker \"a\"\n"
	 "after 1s marker \"b\"",
	 "m", "1.150 marker a\n2.150 marker b\n"},
	{"a chapter begins at its earliest at",
	 "scene one en \"1\" zh \"1\" { at 2s marker \"a\"\n at 1s marker \"b\" }\n"
	 "scene two { at 3s marker \"c\" }",
	 "cm", "1.000 scene 1\n1.000 marker b\n2.000 marker a\n3.000 scene two\n3.000 marker c\n"},
	{"a chapter begins when its first when fires",
	 "at 0s li listen\nat 0s zhang connect li\n"
	 "scene one { when li in ESTABLISHED marker \"a\"\n when li in CLOSED marker \"b\" }",
	 "cm", "0.150 scene one\n0.150 marker a\n"},
	{"a say belongs to the statement above, at its time",
	 "at 1s marker \"a\"\nsay en \"of a\" zh \"a\"\nexpect at 500ms li in CLOSED\n"
	 "say en \"of it\" zh \"b\"\nscene s { say en \"of s\" zh \"s\"\n at 2s marker \"b\" }",
	 "sme",
	 "0.500 expect li pass at 500ms li in CLOSED\n0.500 say of it\n1.000 marker a\n"
	 "1.000 say of a\n2.000 say of s\n2.000 marker b\n"},
	{"because is told with the verdict", "expect at 1s li in CLOSED because \"nobody came\"",
	 "se", "1.000 expect li pass at 1s li in CLOSED\n1.000 say because nobody came\n"},
	{"when fires once, each every time",
	 "at 0s li listen\nat 0s zhang connect li\nat 1s repeat 2 every 1s zhang write \"x\"\n"
	 "when li gets data marker \"when\"\neach li gets data marker \"each\"",
	 "m", "1.050 marker when\n1.050 marker each\n2.050 marker each\n"},
	{"when within each is armed anew",
	 "at 0s li listen\nat 0s zhang connect li\nat 1s repeat 2 every 1s zhang write \"x\"\n"
	 "each li gets data when li sends ACK marker \"acked\"",
	 "m", "1.250 marker acked\n2.250 marker acked\n"},
	{"reads: a text that comes in pieces, and again",
	 "at 0s li listen\nat 0s zhang connect li\nat 1s zhang write \"ab\"\nat 2s zhang write "
	 "\"cab\"\n"
	 "at 3s zhang write \"c\"\neach li reads \"abc\" marker \"abc\"",
	 "m", "2.050 marker abc\n3.050 marker abc\n"},
	{"reads: parts of a match are not read twice",
	 "at 0s li listen\nat 0s zhang connect li\nat 1s zhang write \"aaa\"\nat 2s zhang write "
	 "\"a\"\n"
	 "each li reads \"aa\" marker \"aa\"",
	 "m", "1.050 marker aa\n2.050 marker aa\n"},
	{"what a trigger does at once comes after the events of that time",
	 "at 0s li listen\nat 0s zhang connect li\nwhen zhang in ESTABLISHED zhang write \"x\"",
	 "Sw",
	 "0.000 call li bind\n0.000 call li listen\n0.000 state li LISTEN\n0.000 call zhang "
	 "connect\n"
	 "0.000 state zhang SYN_SENT\n0.050 state li SYN_RCVD\n0.100 state zhang ESTABLISHED\n"
	 "0.100 call zhang write\n0.150 state li ESTABLISHED\n0.150 call li accept\n"},
	{"an absolute time that has passed is not reached",
	 "at 0s li listen\nat 0s zhang connect li\nwhen li in ESTABLISHED { at 10ms marker \"a\"\n"
	 "at 1s marker \"b\" }",
	 "m", "1.000 marker b\n"},
	{"the run ends when nothing is pending", "at 1s marker \"a\"", "E",
	 "1.000 end nothing is pending\n"},
	{"or at its end", "at 1s marker \"a\"\nat 3s marker \"b\"\nend at 2s", "mE",
	 "1.000 marker a\n2.000 end end at 2.000\n"},
	{"what stands at the end still happens", "at 2s marker \"a\"\nend at 2s", "mE",
	 "2.000 marker a\n2.000 end nothing is pending\n"},
};

START_TEST(order)
{
	const struct order_case *c = &cases[_i];
	char text[1024];
	char *story;

	snprintf(text, sizeof text, TWO_PEOPLE "%s\n", c->play);
	story = story_of(text, c->kinds);
	ck_assert_msg(strcmp(story, c->story) == 0, "%s\n%s", c->name, story);
	free(story);
}
END_TEST

/* A trigger that sets itself off without any event of the world runs into the limit. */
START_TEST(the_play_itself_counts_towards_the_limit)
{
	char *story = story_of(TWO_PEOPLE "limit 1000 events\nat 0s li listen\n"
					  "each li in LISTEN { li close\n li listen }\n",
			       "eE");

	ck_assert_ptr_nonnull(strstr(story, "expect fail the run comes to its end\n"));
	ck_assert_ptr_nonnull(strstr(story, "the limit of 1000 events was reached"));
	free(story);
}
END_TEST

/* So does one that fills the memory long before: statements that wait count, too. */
START_TEST(the_memory_of_a_run_has_a_limit)
{
	struct diags d = {0};
	struct scene_file *f = parsed(
		_i == 0 ? TWO_PEOPLE "at 0s li listen\n"
				     "each zhang in SYN_SENT zhang abort\n"
				     "each zhang in CLOSED zhang connect li\n"
				     "at 1s zhang connect li\n"
			: TWO_PEOPLE "each li in LISTEN +1h repeat 1000 li crash\n"
				     "repeat 1000 as i every 1ms { li reboot\n li listen }\n");
	struct scene_run *run =
		scene_run_new(f, 0, &(struct scene_options){.memory_limit = 4 << 20}, &d);
	const struct trace *t;

	ck_assert_ptr_nonnull(run);
	scene_run_all(run);
	t = scene_run_trace(run);
	ck_assert_uint_eq(scene_run_verdict(run).fail > 0, 1);
	ck_assert_uint_lt(trace_memory(t), 5 << 20);
	ck_assert_ptr_nonnull(strstr(trace_text_of(t, trace_at(t, trace_count(t) - 1), 0),
				     "the limit of 4 MiB was reached"));
	scene_run_free(run);
	scene_free(f);
	diags_fini(&d);
}
END_TEST

START_TEST(the_limit_of_time_names_what_goes_on)
{
	char *story = story_of(CONNECTED "limit 1min\nat 1s zhang write \"x\"\n"
					 "wind zhang -> li { drop where data }\n",
			       "E");

	ck_assert_msg(
		strncmp(story,
			"60.000 end the limit of time was reached with events pending: ", 62) == 0,
		"%s", story);
	free(story);
}
END_TEST

/* ---- questions ------------------------------------------------------------------------------- */

static const struct {
	const char *answer;
	int64_t value, kind;
} questions[] = {
	{"li.next.ack", 1001, 1 + FIELD_SEQ},        {"li.next.seq", 5000, 1 + FIELD_SEQ},
	{"zhang.next.len", 0, 1 + FIELD_COUNT},      {"zhang.snd.una", 1000, 1 + FIELD_SEQ},
	{"li.state", SYN_RECEIVED, 1 + FIELD_STATE}, {"3s", 3000000, 1 + FIELD_TIME},
	{"CLOSED", CLOSED, 1 + FIELD_STATE},         {"42", 42, 1 + FIELD_COUNT},
};

START_TEST(a_question_gets_its_answer)
{
	char text[512];
	struct scene_file *f;
	struct scene_run *run;
	struct diags d = {0};
	bool is_asked = false;

	snprintf(text, sizeof text, CONNECTED "ask at 50ms en \"q\" zh \"q\" answer %s\n",
		 questions[_i].answer);
	f = parsed(text);
	run = scene_run_new(f, 0, NULL, &d);
	scene_run_all(run);
	for (uint64_t i = 0; i < trace_count(scene_run_trace(run)); i++) {
		const struct record *r = trace_at(scene_run_trace(run), i);

		if (r->kind != REC_ASK)
			continue;
		ck_assert_int_eq(r->number[0], questions[_i].value);
		ck_assert_int_eq(r->number[1], questions[_i].kind);
		is_asked = true;
	}
	ck_assert(is_asked);
	scene_run_free(run);
	scene_free(f);
}
END_TEST

Suite *order_suite(void)
{
	Suite *s = suite_create("order");
	TCase *c = tcase_create("time");

	tcase_add_loop_test(c, order, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(c, the_play_itself_counts_towards_the_limit);
	tcase_add_loop_test(c, the_memory_of_a_run_has_a_limit, 0, 2);
	tcase_add_test(c, the_limit_of_time_names_what_goes_on);
	tcase_add_loop_test(c, a_question_gets_its_answer, 0,
			    sizeof questions / sizeof questions[0]);
	suite_add_tcase(s, c);
	return s;
}
