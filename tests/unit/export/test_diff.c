/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <jansson.h>
#include <string.h>
#include <base/utf8.h>
#include "export/diff.h"
#include "play.h"

static void diff(const struct play *a, const struct play *b, struct diff_options o,
		 void (*write)(const struct diff *, const struct diff_options *, struct sink *),
		 struct sink *out)
{
	struct comparison c;

	comparison_init(&c, a->trace, b->trace, 0);
	write(&(struct diff){a->trace, b->trace, &c}, &o, out);
	comparison_fini(&c);
}

static void free_both(struct play *a, struct play *b)
{
	play_free(a);
	play_free(b);
}

/* A wave that the wind takes in b, and its answer. */
static void make_two(struct play *a, struct play *b)
{
	struct said wave = {.ctl = SYN, .seq = 1000, .mss = 1460};

	*a = play_new();
	*b = play_new();
	play_call(a, 0, LI, 1, CALL_LISTEN, "");
	play_arrive(a, 1050 * MS, play_send(a, 1 * S, ZHANG, wave));
	play_call(b, 0, LI, 1, CALL_LISTEN, "");
	play_wind(b, 1 * S, play_send(b, 1 * S, ZHANG, wave), DEED_DROP, 1, "");
	wave.rexmit = 1;
	play_arrive(b, 2050 * MS, play_send(b, 2 * S, ZHANG, wave));
	play_call(a, 3 * S, ZHANG, 2, CALL_CLOSE, "");
	play_call(b, 4 * S, ZHANG, 2, CALL_CLOSE, "");
}

START_TEST(test_english)
{
	struct sink out = {0};
	struct play a, b;

	make_two(&a, &b);
	diff(&a, &b, (struct diff_options){.name = {"a", "b"}, .context = 1}, diff_text, &out);
	ck_assert_str_eq(
		out.at,
		"A  a (seed 1)\n"
		"B  b (seed 1)\n"
		"first difference at 1.000 s: nothing / the wind blows Zhang San's SYN 1000 away\n"
		"\n"
		"      A                                        B\n"
		"      ... 1 the same ...\n"
		"1.000 Zhang San sends SYN 1000           1.000 Zhang San sends SYN 1000\n"
		"                                       > 1.000 the wind blows Zhang San's SYN\n"
		"                                               1000 away\n"
		"                                       > 2.000 Zhang San sends SYN 1000 again\n"
		"1.050 Li Si gets SYN 1000              | 2.050 Li Si gets SYN 1000 again\n"
		"      differ: time 1.050 / 2.050; repeat 0 / 1\n"
		"3.000 Zhang San calls close            ~ 4.000 Zhang San calls close\n"
		"\n"
		"2 the same; then 1 the same, 1 changed, 0 only in A, 2 only in B.\n"
		"They rejoin at 3.000 / 4.000 s: from there on all is the same, 1.000 s later in "
		"B.\n"
		"  ~ the same, at another time   | changed   < only in A   > only in B\n");
	sink_fini(&out);
	free_both(&a, &b);
}
END_TEST

START_TEST(test_chinese)
{
	struct sink out = {0};
	struct play a, b;

	make_two(&a, &b);
	diff(&b, &a, (struct diff_options){.name = {"b", "a"}, .lang = LANG_ZH}, diff_text, &out);
	ck_assert_str_eq(out.at,
			 "A  b（种子 1）\n"
			 "B  a（种子 1）\n"
			 "首次不同，1.000 秒：风吹走张三的 SYN 1000 / 无事\n"
			 "\n"
			 "      A                                        B\n"
			 "      …… 2 件相同 ……\n"
			 "1.000 风吹走张三的 SYN 1000            <\n"
			 "2.000 张三再发 SYN 1000                <\n"
			 "2.050 李四收到 SYN 1000                | 1.050 李四收到 SYN 1000\n"
			 "      不同：时刻 2.050 / 1.050；重复次数 1 / 0\n"
			 "      …… 1 件相同 ……\n"
			 "\n"
			 "先有 2 件相同；此后 1 件相同，1 件有变，2 件只在 A，0 件只在 B。\n"
			 "在 4.000 / 3.000 秒重新合到一起，此后相同，B 早 1.000 秒。\n"
			 "  ~ 相同，时刻不同   | 有变   < 只在 A   > 只在 B\n");
	sink_fini(&out);
	free_both(&a, &b);
}
END_TEST

START_TEST(test_same)
{
	struct play a = play_first_wave(), b = play_first_wave();
	struct sink out = {0};

	diff(&a, &b, (struct diff_options){.lang = LANG_BOTH}, diff_text, &out);
	ck_assert_str_eq(out.at, "A  （种子 1）\nB  （种子 1）\n没有不同\nno difference\n");
	sink_fini(&out);
	free_both(&a, &b);
}
END_TEST

/* The octet at this display column of a line; ' ' where it is shorter or a wide character stands
 * across. */
static char at_column(const char *line, size_t n, size_t column)
{
	size_t at = 0;

	while (at < n && utf8_width(line, at) < column) {
		uint32_t code;

		at += utf8_next(line + at, n - at, &code);
	}
	return at < n && utf8_width(line, at) == column ? line[at] : ' ';
}

/* Whatever the languages and the widths, every pair has its sign in the same column. */
static void check_columns(const char *text, size_t columns, size_t pairs)
{
	const char *line = strchr(strstr(text, " A "), '\n') + 1;
	size_t gutter = 6 + 1 + ((columns - 3) / 2 - 7) + 1, signs = 0;

	for (; *line != '\n'; line += strcspn(line, "\n") + 1) {
		size_t n = strcspn(line, "\n");

		ck_assert_uint_le(utf8_width(line, n), columns);
		signs += strchr("|<>", at_column(line, n, gutter)) != NULL;
	}
	ck_assert_uint_eq(signs, pairs);
}

START_TEST(test_columns)
{
	static const int widths[] = {60, 80, 81, 120, 200};
	struct play a = play_first_wave(), b = play_everything();
	struct comparison c;

	comparison_init(&c, a.trace, b.trace, 0);
	ck_assert_uint_gt(c.only_a, 20);
	ck_assert_uint_gt(c.only_b, 20);
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		for (int lang = LANG_EN; lang <= LANG_BOTH; lang++) {
			struct diff_options o = {.lang = (enum lang)lang,
						 .columns = widths[i],
						 .is_full = true,
						 .context = 100};
			struct sink out = {0};

			diff_text(&(struct diff){a.trace, b.trace, &c}, &o, &out);
			check_columns(out.at, (size_t)widths[i], c.changed + c.only_a + c.only_b);
			sink_fini(&out);
		}
	}
	comparison_fini(&c);
	free_both(&a, &b);
}
END_TEST

START_TEST(test_few_and_all)
{
	struct play a = play_new(), b = play_new();
	struct sink few = {0}, all = {0};

	for (int i = 0; i < DIFF_ROWS + 5; i++)
		play_call(&b, i * S, LI, 1, CALL_LISTEN, "");
	diff(&a, &b, (struct diff_options){0}, diff_text, &few);
	diff(&a, &b, (struct diff_options){.is_full = true}, diff_text, &all);
	ck_assert_ptr_nonnull(strstr(few.at, "and 5 more differences: --full"));
	ck_assert_ptr_null(strstr(few.at, "44.000 Li Si"));
	ck_assert_ptr_nonnull(strstr(all.at, "44.000 Li Si"));
	ck_assert_ptr_nonnull(strstr(all.at, "They never rejoin."));
	sink_fini(&few);
	sink_fini(&all);
	free_both(&a, &b);
}
END_TEST

/* Colour is never alone: without it the text is the same, sign for sign. */
START_TEST(test_colour)
{
	struct sink plain = {0}, colour = {0}, bare = {0};
	struct play a, b;

	make_two(&a, &b);
	diff(&a, &b, (struct diff_options){0}, diff_text, &plain);
	diff(&a, &b, (struct diff_options){.has_colour = true}, diff_text, &colour);
	for (const char *at = colour.at; *at != '\0'; at++) {
		if (*at == '\x1b')
			at += strcspn(at, "m");
		else
			sink_putc(&bare, *at);
	}
	ck_assert_str_eq(plain.at, bare.at);
	ck_assert_uint_gt(colour.count, plain.count);
	sink_fini(&plain);
	sink_fini(&colour);
	sink_fini(&bare);
	free_both(&a, &b);
}
END_TEST

START_TEST(test_json)
{
	struct sink out = {0};
	struct play a, b;
	json_t *root;

	make_two(&a, &b);
	diff(&a, &b, (struct diff_options){.name = {"\"\x1b[31m\\", "b"}}, diff_json, &out);
	root = json_loads(out.at, 0, NULL);
	ck_assert_ptr_nonnull(root);
	ck_assert(json_is_true(json_object_get(root, "differs")));
	ck_assert_int_eq(json_integer_value(json_object_get(root, "before")), 2);
	ck_assert_int_eq(json_integer_value(json_object_get(root, "only_b")), 2);
	ck_assert_uint_eq(json_array_size(json_object_get(root, "differences")), 3);
	ck_assert_int_eq(
		json_integer_value(json_object_get(json_object_get(root, "rejoin"), "shift")),
		1 * S);
	ck_assert(json_is_null(json_object_get(json_object_get(root, "first"), "a")));
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(root, "first"), "b")),
			 2);
	json_decref(root);
	sink_fini(&out);
	free_both(&a, &b);
}
END_TEST

/* Nothing that a name or a title says reaches a terminal as it is. */
START_TEST(test_hostile)
{
	struct trace *t[2];
	struct sink out = {0};
	struct comparison c;
	struct diff_options o = {.name = {"\x1b[2J", "\n\xe2\x80\xae"}};

	for (int i = 0; i < 2; i++) {
		struct trace_host evil = {
			.name = "\x1b[31m", .title = {"\x1b[1m\n", "\xff"}, .profile = "rfc"};

		t[i] = trace_new();
		trace_add_host(t[i], &evil);
		trace_push(t[i], i ? REC_CRASH : REC_REBOOT, 0)->host = 0;
	}
	comparison_init(&c, t[0], t[1], 0);
	for (int lang = LANG_EN; lang <= LANG_BOTH; lang++) {
		o.lang = (enum lang)lang;
		diff_text(&(struct diff){t[0], t[1], &c}, &o, &out);
		diff_json(&(struct diff){t[0], t[1], &c}, &o, &out);
	}
	ck_assert_ptr_null(strchr(out.at, '\x1b'));
	ck_assert_ptr_null(strstr(out.at, "\xe2\x80\xae"));
	ck_assert(utf8_valid(out.at, out.count));
	comparison_fini(&c);
	sink_fini(&out);
	trace_free(t[0]);
	trace_free(t[1]);
}
END_TEST

Suite *diff_suite(void)
{
	Suite *s = suite_create("diff");
	TCase *c = tcase_create("diff");

	tcase_add_test(c, test_english);
	tcase_add_test(c, test_chinese);
	tcase_add_test(c, test_same);
	tcase_add_test(c, test_columns);
	tcase_add_test(c, test_few_and_all);
	tcase_add_test(c, test_colour);
	tcase_add_test(c, test_json);
	tcase_add_test(c, test_hostile);
	suite_add_tcase(s, c);
	return s;
}
