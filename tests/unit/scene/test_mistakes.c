/* SPDX-License-Identifier: MIT */
/* Every mistake is told at its exact place, in display columns, with a hint where one is near. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "woshou 1\nperson zhang\nperson li\n" /* the mistakes stand in line 4 */

/* "4:25: error: ..." and, when there is one, "hint". */
static const struct mistake {
	const char *line;
	const char *place_and_message;
	const char *hint;
} mistakes[] = {
	/* statements */
	{"scen x {", "4:1: error: unknown statement 'scen'", "did you mean scene?"},
	{"zhang conect li", "4:7: error: unknown verb 'conect'", "did you mean connect?"},
	{"17 connect li", "4:1: error: expected a statement, found '17'", NULL},
	{"zhang", "4:6: error: expected a verb, found the end of the line", NULL},
	{"}", "4:1: error: '}' closes nothing", NULL},
	{"when li in LISTEN {", "4:19: error: this block is never closed: '}' is missing", NULL},
	{"zhang close now", "4:13: error: expected the end of the line, found 'now'", NULL},
	/* by hand */
	{"by foot zhang close", "4:4: error: expected 'hand', found 'foot'", NULL},
	{"drop 3rd zhang -> li", "4:1: error: what befalls one word in flight is done by hand",
	 "by hand drop 3rd zhang -> li"},
	{"by hand drop zhang -> li", "4:14: error: unknown verb 'zhang'", NULL},
	{"by hand drop 3 zhang -> li", "4:14: error: expected an ordinal: 1st, 2nd, 3rd, 4th, ...",
	 NULL},
	{"by hand drop 3rd zhang li", "4:24: error: expected '->', found 'li'", NULL},
	{"by hand drop 3rd zhang -> wang", "4:27: error: there is no person 'wang'", NULL},
	{"by hand drop 3rd zhang -> zhang",
	 "4:27: error: no word flies from a person to the same person", NULL},
	{"by hand delay 3rd zhang -> li", "4:30: error: expected 'by', found the end of the line",
	 NULL},
	{"by hand reorder 3rd zhang -> li",
	 "4:32: error: expected 'past', found the end of the line", NULL},
	{"by hand expect zhang in CLOSED", "4:9: error: 'expect' is nothing that is done by hand",
	 "at 2s by hand zhang close"},
	{"by hand at 2s zhang close", "4:9: error: 'at' is nothing that is done by hand",
	 "at 2s by hand zhang close"},
	{"by hand by hand zhang close", "4:9: error: 'by' is nothing that is done by hand",
	 "at 2s by hand zhang close"},
	{"by hand say en \"x\"", "4:9: error: 'say' has no time of its own",
	 "it stands on the line below what it tells about"},
	{"at 1s wind zhang <-> zhang { delay 1s }",
	 "4:22: error: no wind blows between a person and the same person", NULL},
	{"at 1s wind zhang <-> li { delay 1s  delay 2s }", "4:37: error: the delay is told already",
	 NULL},
	{"at 1s wind zhang <-> li { drop 1st of c }",
	 "4:39: error: there is no person and no connection 'c'", NULL},
	{"no more zhang close", "4:4: error: expected 'longer', found 'more'", NULL},
	{"no longer wind zhang -> li { }",
	 "4:11: error: 'no longer' stands before 'expect' and before what people do", NULL},
	{"no longer { zhang close }",
	 "4:11: error: expected 'expect' or what somebody did, found '{'", NULL},
	{"woshou 1", "4:1: error: 'woshou' stands once, at the beginning", NULL},
	{"seed 1 seed 2", "4:8: error: expected the end of the line, found 'seed'", NULL},
	{"zhang write \x80", "4:13: error: not UTF-8", NULL},
	{"zhang close ;", "4:13: error: unexpected character", NULL},
	{"# \x01", "4:1: error: a comment must be clean UTF-8", NULL},
	/* people */
	{"person zhang", "4:8: error: there is a person 'zhang' already", NULL},
	{"person when", "4:8: error: 'when' is a word of the language: choose another name", NULL},
	{"person a.b", "4:8: error: a name has letters, digits, '_' and '-' only", NULL},
	{"person wang { nagl off }", "4:15: error: unknown setting 'nagl'", "did you mean nagle?"},
	{"person wang { nagle maybe }", "4:21: error: expected 'on' or 'off', found 'maybe'", NULL},
	{"person wang { rto 5 }", "4:19: error: a time needs a unit: us, ms, s, min, h or day",
	 NULL},
	{"person wang { rto 5x }",
	 "4:19: error: unknown unit 'x': a time is told in us, ms, s, min, h or day", NULL},
	{"person wang { mss 1460 }",
	 "4:19: error: a size needs a unit: B, kB, MB, GB, KiB, MiB or GiB", NULL},
	{"person wang { user timeout option 5s }",
	 "4:35: error: expected 'on' or 'off', found '5s'", NULL},
	{"person wang { msl 30s msl 31s }", "4:23: error: msl is set already", NULL},
	{"person wang { profile linus }", "4:23: error: unknown profile 'linus'",
	 "did you mean linux?"},
	{"person wang { cc reno2 }", "4:18: error: unknown choice for cc 'reno2'",
	 "did you mean reno?"},
	{"person wang { address 10.0.0 }",
	 "4:23: error: '10.0.0' is neither an IPv4 nor an IPv6 address", NULL},
	{"person wang { address 224.0.0.1 }",
	 "4:23: error: '224.0.0.1' is not one person's address", NULL},
	{"person wang { address 10.0.0.2 }", "4:8: error: 'wang' has the address of 'li'", NULL},
	{"person wang { port 65536 }", "4:20: error: a port is a number from 1 to 65535", NULL},
	{"person wang { isn 4294967296 }",
	 "4:19: error: an initial sequence number is a number from 0 to 4294967295", NULL},
	{"person wang { reader every 0s takes 1B }",
	 "4:28: error: a reader needs time between two reads", NULL},
	{"person wang { echo until \"qq\" }", "4:26: error: an echo ends with one letter", NULL},
	{"person wang { SO_REUSEADR on }", "4:15: error: unknown setting 'SO_REUSEADR'",
	 "did you mean SO_REUSEADDR?"},
	/* wind */
	{"wind zhang > li { }", "4:12: error: expected '->' or '<->', found '>'", NULL},
	{"wind zhang -> lii { mtu 1500B }", "4:15: error: there is no person 'lii'",
	 "did you mean li?"},
	{"wind zhang -> zhang { mtu 1500B }",
	 "4:15: error: no wind blows between a person and the same person", NULL},
	{"wind zhang -> li { drop 10% }", "4:25: error: chance must be bounded: 'max N' is missing",
	 "drop 10% max 3"},
	{"wind zhang -> li { drop 101% max 3 }",
	 "4:25: error: a percentage is more than 0% and at most 100%", NULL},
	{"wind zhang -> li { drop 3rd..2nd }", "4:25: error: the range ends before it begins",
	 NULL},
	{"wind zhang -> li { drop 0th }", "4:25: error: ordinals count from 1st", NULL},
	{"wind zhang -> li { drop 1st where SNY }", "4:35: error: unknown class of segments 'SNY'",
	 "did you mean SYN?"},
	{"wind zhang -> li { delay 1st where FIN }", "4:40: error: expected 'by', found '}'", NULL},
	{"wind zhang -> li { reorder 1st where data }", "4:43: error: expected 'past', found '}'",
	 NULL},
	{"wind zhang -> li { delay 5ms delay 6ms }",
	 "4:30: error: the delay from zhang to li is told already", NULL},
	{"wind zhang -> li { between 4s and 2s cut }", "4:20: error: the cut ends before it begins",
	 NULL},
	{"wind zhang -> li { mtu 20B }", "4:24: error: at least 68 octets", NULL},
	{"wind zhang -> li { drop 1st where data of li }",
	 "4:43: error: 'li' is a person: a rule is 'of' a connection", NULL},
	{"wind zhang -> li { dropp 1st }", "4:20: error: unknown deed of the wind 'dropp'",
	 "did you mean drop?"},
	/* times */
	{"at 5 zhang close", "4:4: error: a time needs a unit: us, ms, s, min, h or day", NULL},
	{"at 1s - 2s zhang close", "4:4: error: this time is before the beginning", NULL},
	{"at 1.0000001s zhang close", "4:4: error: a time this fine cannot be told: '1.0000001s'",
	 NULL},
	{"at 99999999999s zhang close", "4:4: error: a time this large cannot be told", NULL},
	{"at 2day zhang crash", "4:9: error: this stands after the limit of the run",
	 "raise it: limit 10day"},
	{"after 1s zhang close", "4:1: error: there is no statement above to count from", NULL},
	{"at 1s seed 3", "4:7: error: 'seed' has no time: it stands for the whole run", NULL},
	{"repeat 2 { seed 3 }", "4:12: error: 'seed' cannot be repeated", NULL},
	/* expectations */
	{"expect at 2.1s zhang in FINWAIT2", "4:25: error: unknown TCP state 'FINWAIT2'",
	 "did you mean FIN_WAIT_2?"},
	{"expect at 2s zhangg in CLOSED",
	 "4:14: error: there is no person and no connection 'zhangg'", "did you mean zhang?"},
	{"expect at 2s zhang snds SYN", "4:20: error: unknown expectation 'snds'",
	 "did you mean sends?"},
	{"expect zhang connect fails ECONREFUSED", "4:28: error: unknown error 'ECONREFUSED'",
	 "did you mean ECONNREFUSED?"},
	{"expect broken strem", "4:15: error: unknown promise 'strem'", "did you mean stream?"},
	{"expect total zhang sends SYN",
	 "4:29: error: expected how many, found the end of the line", NULL},
	{"expect total zhang in CLOSED 1", "4:30: error: 'total' counts what someone sends or gets",
	 NULL},
	{"expect at 1s zhang snd.una 5",
	 "4:28: error: expected a comparison: = != < <= > >=, found '5'", NULL},
	{"expect at 1s zhang sends SYN seq 1s", "4:34: error: seq is a plain number", NULL},
	{"expect", "4:7: error: expected a name, found the end of the line", NULL},
	/* texts */
	{"say en \"a\" zh \"b\"", "4:1: error: there is no statement above for this to belong to",
	 NULL},
	{"zhang write \"abc", "4:13: error: the text does not end on its line: '\"' is missing",
	 NULL},
	{"zhang write \"a\\qb\"", "4:13: error: unknown escape '\\q'",
	 "\\n \\t \\r \\e \\0 \\\" \\\\ \\xHH"},
	{"zhang write \"a {i} b\"", "4:13: error: there is no loop variable 'i' here",
	 "{{ writes a brace"},
	{"zhang write \"a { b\"", "4:13: error: '{' begins a loop variable here",
	 "{{ writes a brace"},
	{"marker \"a\\0b\"", "4:8: error: a NUL cannot be shown", NULL},
	{"ask \"q\" answer 1", "4:5: error: the text needs its language", "en \"...\" zh \"...\""},
	{"ask en \"q\" zh \"q\" answer li.nxt.ack", "4:26: error: a connection has no 'nxt.ack'",
	 NULL},
	{"ask en \"q\" zh \"q\" answer li.next.nose", "4:26: error: a segment has no 'nose'",
	 "next.seq, next.ack, next.len or next.win"},
	{"at 1s say en \"a\" zh \"b\"", "4:7: error: 'say' has no time of its own",
	 "it stands on the line below what it tells about"},
	/* calls and strangers */
	{"zhang connect zhang", "4:15: error: nobody connects to themselves here", NULL},
	{"zhang connect laowang", "4:15: error: there is no person 'laowang'", NULL},
	{"zhang connect li as li", "4:21: error: 'li' is a person's name", NULL},
	{"zhang write",
	 "4:12: error: expected a text in quotes or a size, found the end of the line", NULL},
	{"zhang write 100", "4:13: error: a size needs a unit: B, kB, MB, GB, KiB, MiB or GiB",
	 NULL},
	{"zhang option SO_LINGR 0s", "4:14: error: unknown option 'SO_LINGR'",
	 "did you mean SO_LINGER?"},
	{"stranger as zhang -> li segment Q", "4:33: error: 'Q' are no flags",
	 "S SYN, F FIN, R RST, P PSH, U URG, . ACK, - none"},
	{"stranger as zhang -> li segment S ack 5", "4:35: error: an ack number needs the ACK flag",
	 "S., F., R., P.: the dot is ACK"},
	/* loops, files */
	{"repeat 10001 { zhang close }",
	 "4:8: error: the number of rounds is a number from 1 to 10000", NULL},
	{"repeat 200 { repeat 200 { zhang close } }",
	 "4:21: error: nested repeats make more than 10000 rounds", NULL},
	{"repeat 2 as i { repeat 2 as i { zhang close } }",
	 "4:29: error: there is a loop variable 'i' already", NULL},
	{"repeat 2 { for x in a, b { zhang close } }",
	 "4:12: error: 'for' makes whole runs: it cannot stand in a repeat", NULL},
	{"for x in SYN, FIN { wind zhang -> li { drop 1st where {y} } }",
	 "4:55: error: there is no loop variable 'y' here", "blocks have a blank after '{'"},
	{"for x in SYN, FINN { expect never zhang sends {x} }",
	 "4:47: error: unknown class of segments 'FINN' (with x=FINN)", "did you mean FIN?"},
	{"include \"a.scene\"", "4:9: error: nothing can be included here", NULL},
	{"include \"a{b}.scene\"", "4:9: error: a path has no braces", NULL},
	/* Chinese before the place: two columns each */
	{"person 张三 { rto 5 }", "4:19: error: a time needs a unit: us, ms, s, min, h or day",
	 NULL},
	{"expect at 1s 李四 in CLOSED", "4:14: error: there is no person and no connection '李四'",
	 NULL},
};

START_TEST(is_told_at_its_place)
{
	const struct mistake *m = &mistakes[_i];
	char text[512], wanted[512];
	char *told;

	snprintf(text, sizeof text, HEAD "%s\n", m->line);
	snprintf(wanted, sizeof wanted, "x.scene:%s\n", m->place_and_message);
	told = lint(text);
	ck_assert_msg(strncmp(told, wanted, strlen(wanted)) == 0, "%s\nwanted %stold   %s", m->line,
		      wanted, told);
	snprintf(wanted, sizeof wanted, "= hint: %s\n", m->hint ? m->hint : "");
	ck_assert_msg((strstr(told, "= hint:") != NULL) == (m->hint != NULL), "%s\n%s", m->line,
		      told);
	if (m->hint)
		ck_assert_msg(strstr(told, wanted) != NULL, "%s\nwanted %stold %s", m->line, wanted,
			      told);
	free(told);
}
END_TEST

START_TEST(the_sample_of_the_language_comes_out_as_written)
{
	char *told = lint("woshou 1\nperson zhang\n\n  expect at 2.1s    zhang in FINWAIT2\n");

	ck_assert_str_eq(told, "x.scene:4:30: error: unknown TCP state 'FINWAIT2'\n"
			       "    4 |   expect at 2.1s    zhang in FINWAIT2\n"
			       "      |                              ^~~~~~~~\n"
			       "      = hint: did you mean FIN_WAIT_2?\n");
	free(told);
}
END_TEST

/* After each mistake the reading goes on at the next line, also within blocks. */
START_TEST(twenty_mistakes_are_told_at_once)
{
	char *told;
	struct sink text = {0};
	int count = 0;

	sink_puts(&text, "woshou 1\nperson zhang\nscene a {\n");
	for (int i = 0; i < 12; i++)
		sink_printf(&text, "  at %ds zhang clos\n", i);
	sink_puts(&text, "  when zhang in FOO {\n");
	for (int i = 0; i < 12; i++)
		sink_printf(&text, "    at %ds zhang wriite\n", i);
	sink_puts(&text, "  }\n}\n");
	told = lint(text.at);
	for (const char *p = told; (p = strstr(p, ": error:")) != NULL; p++)
		count++;
	ck_assert_int_eq(count, 20);
	ck_assert_ptr_nonnull(strstr(told, "x.scene:4:"));
	ck_assert_ptr_nonnull(strstr(told, "unknown TCP state 'FOO'"));
	ck_assert_ptr_nonnull(strstr(told, "x.scene:23:"));
	ck_assert_ptr_nonnull(strstr(told, "... and 5 more errors\n"));
	free(told);
	sink_fini(&text);
}
END_TEST

static const struct {
	const char *text, *wanted;
} versions[] = {
	{"", "x.scene:1:1: error: this does not begin as a scene file"},
	{"{\"woshou\":1}\n{}\n", "x.scene:1:1: error: this does not begin as a scene file"},
	{"seed 1\n", "x.scene:1:1: error: this does not begin as a scene file"},
	{"woshou\n", "x.scene:1:7: error: expected a version, found the end of the line"},
	{"woshou 0\n", "x.scene:1:8: error: there is no version 0 of the language"},
	{"# c\n\nwoshou 2\n",
	 "x.scene:3:8: error: this file is written in version 2 of the language; "
	 "this woshou knows version 1"},
};

START_TEST(a_file_says_its_version_first)
{
	char *told = lint(versions[_i].text);

	ck_assert_msg(strncmp(told, versions[_i].wanted, strlen(versions[_i].wanted)) == 0, "%s",
		      told);
	free(told);
}
END_TEST

static const struct {
	const char *line, *wanted;
} warnings[] = {
	{"at 0s zhang close\nsay en \"a\"",
	 "x.scene:5:5: warning: the text has no Chinese: zh \"...\""},
	{"at 0s zhang close\nsay zh \"a\"",
	 "x.scene:5:5: warning: the text has no English: en \"...\""},
	{"end at 1s\nexpect at 2s zhang in CLOSED",
	 "x.scene:5:1: warning: this stands after the end of the run"},
	{"li read 5B",
	 "x.scene:4:1: warning: li reads every octet by itself: nothing is left to read"},
};

START_TEST(what_is_only_odd_is_a_warning)
{
	char text[256];
	char *told;

	snprintf(text, sizeof text, HEAD "%s\n", warnings[_i].line);
	told = lint(text);
	ck_assert_msg(strncmp(told, warnings[_i].wanted, strlen(warnings[_i].wanted)) == 0, "%s",
		      told);
	ck_assert_ptr_null(strstr(told, "error"));
	free(told);
}
END_TEST

START_TEST(a_long_line_is_one_mistake)
{
	struct sink text = {0};
	char *told;

	sink_puts(&text, "woshou 1\nperson a { }");
	sink_pad(&text, '}', 4090);
	sink_puts(&text, "\nperson b\nperson b\n");
	told = lint(text.at);
	ck_assert_ptr_nonnull(
		strstr(told, "x.scene:2:1: error: the line is longer than 4096 octets"));
	ck_assert_ptr_nonnull(strstr(told, "x.scene:4:8: error: there is a person 'b' already"));
	free(told);
	sink_fini(&text);
}
END_TEST

/* Deeper and deeper: a message, no crash. */
START_TEST(nesting_has_an_end)
{
	static const char *const parts[] = {"at 0s ",      "at 0s { ",      "when zhang in CLOSED ",
					    "repeat 1 { ", "scene s { ",    "for x in a { ",
					    "{ ",          "wind a -> b { "};
	struct sink text = {0};
	char *told;

	sink_puts(&text, "woshou 1\nperson zhang\n");
	for (int i = 0; i < 500; i++)
		sink_puts(&text, parts[_i]);
	sink_putc(&text, '\n');
	told = lint(text.at);
	ck_assert_ptr_nonnull(strstr(told, "error"));
	free(told);
	sink_fini(&text);
}
END_TEST

Suite *mistakes_suite(void)
{
	Suite *s = suite_create("mistakes");
	TCase *c = tcase_create("a mistake");

	tcase_add_loop_test(c, is_told_at_its_place, 0, sizeof mistakes / sizeof mistakes[0]);
	tcase_add_test(c, the_sample_of_the_language_comes_out_as_written);
	tcase_add_test(c, twenty_mistakes_are_told_at_once);
	tcase_add_loop_test(c, a_file_says_its_version_first, 0,
			    sizeof versions / sizeof versions[0]);
	tcase_add_loop_test(c, what_is_only_odd_is_a_warning, 0,
			    sizeof warnings / sizeof warnings[0]);
	tcase_add_test(c, a_long_line_is_one_mistake);
	tcase_add_loop_test(c, nesting_has_an_end, 0, 8);
	suite_add_tcase(s, c);
	return s;
}
