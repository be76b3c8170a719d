/* SPDX-License-Identifier: MIT */
/* Code: what holds, what fails and with which words, what cannot be judged. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <drill/expr.h>

static bool figures(void *of, const char *name, int64_t *value)
{
	static const struct {
		const char *name;
		int64_t value;
	} known[] = {
		{"tcpi_snd_cwnd", 9}, {"tcpi_state", 1}, {"tcpi_rtt", 31000}, {"tcpi_options", 7}};

	(void)of;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(known[i].name, name) == 0) {
			*value = known[i].value;
			return true;
		}
	}
	return false;
}

/* "held", "failed: text | message | values" or "wrong: text"; and what was printed. */
static const char *outcome(const char *code, char *out, size_t size)
{
	struct drill_variables *v = drill_variables_new();
	struct drill_code_result r = {0};
	struct drill_script *s;
	struct sink printed = {0};
	char text[512];

	snprintf(text, sizeof text, "0 %%{%s}%%\n", code);
	s = script_of(text);
	for (size_t i = 0; i < s->events.count && r.verdict == CODE_HELD; i++)
		r = drill_code_run(s->events.at[i].code, v, figures, NULL, &printed);
	if (r.verdict == CODE_HELD)
		snprintf(out, size, "held%s%s", printed.count ? ": " : "",
			 printed.count ? printed.at : "");
	else if (r.verdict == CODE_FAILED)
		snprintf(out, size, "failed: %s | %s | %s", r.text, r.message ? r.message : "",
			 r.values ? r.values : "");
	else
		snprintf(out, size, "wrong: %s", r.text);
	sink_fini(&printed);
	drill_script_free(s);
	drill_variables_free(v);
	return out;
}

static const struct {
	const char *code, *outcome;
} cases[] = {
	{"", "held"},
	{"assert tcpi_snd_cwnd == 9", "held"},
	{"assert tcpi_snd_cwnd == 9, tcpi_snd_cwnd;", "held"},
	{"assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd",
	 "failed: assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd | 9 | tcpi_snd_cwnd is 9"},
	{"assert tcpi_snd_cwnd  ==\t8 , 'cwnd=%d' % tcpi_snd_cwnd",
	 "failed: assert tcpi_snd_cwnd == 8 , 'cwnd=%d' % tcpi_snd_cwnd | cwnd=9 | tcpi_snd_cwnd "
	 "is 9"},
	{"assert 30000 <= tcpi_rtt < 32000 and tcpi_state == TCPI_ESTABLISHED", "held"},
	{"assert 32000 <= tcpi_rtt <= 33000",
	 "failed: assert 32000 <= tcpi_rtt <= 33000 |  | tcpi_rtt is 31000"},
	{"assert 5 <= 3 <= tcpi_nonsense_free or 1", "unread"},
	{"assert tcpi_state == TCPI_LISTEN or tcpi_snd_cwnd > 8", "held"},
	{"assert not (tcpi_state == 2 or tcpi_snd_cwnd < 9)", "held"},
	{"assert tcpi_options & TCPI_OPT_SACK and tcpi_options == 1 | 2|4", "held"},
	{"assert (tcpi_options & TCPI_OPT_ECN) != 0",
	 "failed: assert (tcpi_options & TCPI_OPT_ECN) != 0 |  | tcpi_options is 7"},
	{"a = 4; b = a * 3 - 2 ; assert b == 10 and -7 // 2 == -4 and -7 % 3 == 2", "held"},
	{"a = 4\na += 2\nassert a == 6 and 7 / 2 == 3.5 and int(7 / 2) == 3", "held"},
	{"a = 1 + \\\n  2; assert (a ==\n 3)", "held"},
	{"a = 0x7fffffff; assert a == 2147483647 and 1 << 3 == 8 and ~0 == -1", "held"},
	{"assert max(1, tcpi_snd_cwnd, 3) == 9 and min(2, 1) == 1 and abs(-3) == 3", "held"},
	{"print(tcpi_snd_cwnd, 'x', 1.5); print((1, 2))", "held: 9 x 1.5\n(1, 2)\n"},
	{"print('%5d|%-4s|%x|%02d|%.1f|%%' % (tcpi_snd_cwnd, 'ab', 255, 7, 2.25))",
	 "held:     9|ab  |ff|07|2.2|%\n"},
	{"assert 1 == 2, 'a' 'b'", "unread"},
	{"assert False, None", "failed: assert False, None | None | "},
	{"assert tcpi_lost == 0", "wrong: tcpi_lost has no value here"},
	{"a = 1 / 0", "wrong: a division by 0"},
	{"a = 4611686018427387904 * 2", "wrong: the result has more than 63 bits"},
	{"a = 1 << 70", "wrong: the result has more than 63 bits"},
	{"a = 'x' - 1", "wrong: this needs numbers"},
	{"a = 'x' < 1", "wrong: these cannot be compared"},
	{"a = '%d %d' % 1", "wrong: the format wants more values than there are"},
	{"a = '%d' % (1, 2)", "wrong: the format takes fewer values than there are"},
	{"a = (1, 2)", "wrong: a tuple cannot be kept in a variable"},
	/* A message that cannot be made does not hide what failed. */
	{"assert 1 == 2, tcpi_lost", "failed: assert 1 == 2, tcpi_lost |  | "},
	/* What decides ends it: the rest is not asked for. */
	{"assert tcpi_state == 1 or tcpi_lost == 0", "held"},
};

START_TEST(code_says_what_it_finds)
{
	char out[512];

	if (strcmp(cases[_i].outcome, "unread") == 0) {
		char text[512];
		char *told;

		snprintf(text, sizeof text, "0 %%{%s}%%\n", cases[_i].code);
		told = complaints_of(text);
		ck_assert_ptr_nonnull(strstr(told, "error:"));
		free(told);
		return;
	}
	ck_assert_str_eq(outcome(cases[_i].code, out, sizeof out), cases[_i].outcome);
}
END_TEST

START_TEST(blocks_share_their_variables)
{
	struct drill_script *s = script_of("0 %{ wanted = 8 }%\n"
					   "+0 %{ wanted += 1; assert tcpi_snd_cwnd == wanted }%\n"
					   "+0 %{\nwanted = wanted + 1\n"
					   "assert tcpi_snd_cwnd == wanted, 'no'\n}%\n");
	struct drill_variables *v = drill_variables_new();
	struct drill_code_result r = {0};
	struct sink out = {0};

	for (size_t i = 0; i < s->events.count; i++) {
		ck_assert_int_eq(r.verdict, CODE_HELD);
		r = drill_code_run(s->events.at[i].code, v, figures, NULL, &out);
	}
	ck_assert_int_eq(r.verdict, CODE_FAILED);
	ck_assert_int_eq(r.at.line, 5);
	ck_assert_int_eq(r.at.byte, 0);
	ck_assert_str_eq(r.message, "no");
	ck_assert_str_eq(r.values, "tcpi_snd_cwnd is 9, wanted is 10");
	sink_fini(&out);
	drill_variables_free(v);
	drill_script_free(s);
}
END_TEST

Suite *code_suite(void)
{
	Suite *s = suite_create("code");
	TCase *t = tcase_create("blocks");

	tcase_add_loop_test(t, code_says_what_it_finds, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(t, blocks_share_their_variables);
	suite_add_tcase(s, t);
	return s;
}
