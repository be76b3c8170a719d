/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static const struct layout_case {
	const char *name, *from, *to;
} cases[] = {
	{"one blank between words, two between settings",
	 "woshou   1\nperson zhang{isn 1,2 ,3   nagle off rto    1s}\n",
	 "woshou 1\nperson zhang  { isn 1, 2, 3  nagle off  rto 1s }\n"},
	{"times and people stand in columns",
	 "woshou 1\nperson zhang\nperson li\n"
	 "expect at 1s zhang in CLOSED\nexpect at 1.05s li in CLOSED\nexpect never li sends SYN\n",
	 "woshou 1\nperson zhang\nperson li\n"
	 "expect at 1s     zhang in CLOSED\nexpect at 1.05s  li    in CLOSED\n"
	 "expect never     li    sends SYN\n"},
	{"a blank line parts the columns",
	 "woshou 1\nperson zhang\nat 1s zhang close\n\nat 1.05s zhang close\n",
	 "woshou 1\nperson zhang\nat 1s  zhang close\n\nat 1.05s  zhang close\n"},
	{"blocks are indented, says a step further",
	 "woshou 1\nperson zhang\nscene a {\nat 0s zhang close\nsay en \"x\" zh \"y\"\n"
	 "when zhang in CLOSED {\nzhang abort\n}\n}\n",
	 "woshou 1\nperson zhang\nscene a {\n  at 0s  zhang close\n    say en \"x\" zh \"y\"\n"
	 "  when zhang in CLOSED {\n    zhang abort\n  }\n}\n"},
	{"comments stay, neighbours under each other",
	 "woshou 1 # one\n   # alone   \nperson zhang # two\nperson laowang #three\n",
	 "woshou 1  # one\n# alone\nperson zhang    # two\nperson laowang  #three\n"},
	{"blank lines shrink to one, none at the ends of blocks",
	 "\n\nwoshou 1\n\n\n\nperson zhang\nscene a {\n\n  at 0s zhang close\n\n}\n\n\n",
	 "woshou 1\n\nperson zhang\nscene a {\n  at 0s  zhang close\n}\n"},
	{"states have one spelling",
	 "woshou 1\nperson zhang\nexpect zhang in SYN-SENT\nexpect zhang in SYN_RECEIVED\n"
	 "expect zhang in FIN-WAIT-2\n",
	 "woshou 1\nperson zhang\nexpect  zhang in SYN_SENT\nexpect  zhang in SYN_RCVD\n"
	 "expect  zhang in FIN_WAIT_2\n"},
	{"what is no longer so stands aside",
	 "woshou 1\nperson zhang\nperson li\nexpect at 1s zhang in CLOSED\n"
	 "no longer   expect at 1.05s   li in CLOSED\nexpect at 2.25s li in CLOSED\n",
	 "woshou 1\nperson zhang\nperson li\nexpect at 1s     zhang in CLOSED\n"
	 "no longer expect at 1.05s li in CLOSED\nexpect at 2.25s  li    in CLOSED\n"},
	{"deeds by hand stand where people stand",
	 "woshou 1\nperson zhang\nperson li\nat 1s zhang close\n"
	 "at 1.05s by hand drop 2nd zhang->li\nat 2s wind zhang<->li {delay 1s drop 1st}\n",
	 "woshou 1\nperson zhang\nperson li\nat 1s     zhang close\n"
	 "at 1.05s  by hand drop 2nd zhang -> li\n"
	 "at 2s     wind zhang <-> li { delay 1s  drop 1st }\n"},
	{"Chinese counts two columns",
	 "woshou 1\nperson 张三 { nagle off }\nperson zhang { nagle off }\n",
	 "woshou 1\nperson 张三   { nagle off }\nperson zhang  { nagle off }\n"},
	{"arrows stand under each other",
	 "woshou 1\nperson a\nperson b\nwind a <-> b { mtu 99B }\nwind a -> b { drop 1st }\n",
	 "woshou 1\nperson a\nperson b\nwind a <-> b { mtu 99B }\nwind a  -> b { drop 1st }\n"},
	{"addresses and flags keep together",
	 "woshou 1\nperson a {address 10.0.0.9}\nperson b { address fd00::2 }\n"
	 "stranger as a -> a segment S.\n",
	 "woshou 1\nperson a  { address 10.0.0.9 }\nperson b  { address fd00::2 }\n"
	 "stranger as a -> a segment S.\n"},
	{"carriage returns go", "woshou 1\r\nperson a\r\n", "woshou 1\nperson a\n"},
	{"a byte order mark goes", "\xef\xbb\xbfwoshou 1\n", "woshou 1\n"},
	{"a last line without its end gets one", "woshou 1\nperson a", "woshou 1\nperson a\n"},
	{"a second language goes on below",
	 "woshou 1\nperson a\nat 1s a close\nsay en \"x\"\nzh \"y\"\n",
	 "woshou 1\nperson a\nat 1s  a close\n  say en \"x\"\n      zh \"y\"\n"},
};

START_TEST(layout)
{
	const struct layout_case *c = &cases[_i];
	char *once = formatted(c->from);
	char *twice;

	ck_assert_msg(once != NULL, "%s", c->name);
	ck_assert_msg(strcmp(once, c->to) == 0, "%s\n%s", c->name, once);
	twice = formatted(once);
	ck_assert_str_eq(once, twice);
	free(once);
	free(twice);
}
END_TEST

START_TEST(a_file_with_mistakes_is_left_alone)
{
	struct diags d = {0};
	struct sink out = {0};
	const char *text = "woshou 1\nperson a { nagl off }\n";

	ck_assert(!scene_format("x.scene", text, strlen(text), &out, &d));
	ck_assert_uint_eq(out.count, 0);
	ck_assert_int_eq(d.errors, 1);
	diags_fini(&d);
	sink_fini(&out);
}
END_TEST

/* What is not in the file's own lines does not matter: names from an include are not looked up. */
START_TEST(includes_are_not_read)
{
	char *out = formatted("woshou 1\ninclude \"people.scene\"\nat 0s wang close\n");

	ck_assert_str_eq(out, "woshou 1\ninclude \"people.scene\"\nat 0s  wang close\n");
	free(out);
}
END_TEST

Suite *format_suite(void)
{
	Suite *s = suite_create("format");
	TCase *c = tcase_create("canonical layout");

	tcase_add_loop_test(c, layout, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(c, a_file_with_mistakes_is_left_alone);
	tcase_add_test(c, includes_are_not_read);
	suite_add_tcase(s, c);
	return s;
}
