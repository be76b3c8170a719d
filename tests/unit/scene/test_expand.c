/* SPDX-License-Identifier: MIT */
/* Loops are written out, files are read in, and both have their limits. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *variants_of(const char *text)
{
	struct scene_file *f = parsed(text);
	struct sink out = {0};

	for (size_t i = 0; i < scene_variant_count(f); i++)
		sink_printf(&out, "%s;", scene_variant_name(f, i));
	scene_free(f);
	sink_puts(&out, "");
	return out.at;
}

static const struct {
	const char *text, *names;
} loops[] = {
	{"woshou 1\n", ";"},
	{"woshou 1\nfor x in a { }\n", "[x=a];"},
	{"woshou 1\nfor x in SYN, SYN+ACK, 10ms { }\n", "[x=SYN];[x=SYN+ACK];[x=10ms];"},
	{"woshou 1\nfor x in a, b { for y in 1, 2 { } }\n",
	 "[x=a,y=1];[x=a,y=2];[x=b,y=1];[x=b,y=2];"},
	{"woshou 1\nfor x in a, b { }\nfor y in 1, 2 { }\n",
	 "[x=a,y=1];[x=a,y=2];[x=b,y=1];[x=b,y=2];"},
	{"woshou 1\nfor x in a, b { for y in {x}1, z { } }\n",
	 "[x=a,y=a1];[x=a,y=z];[x=b,y=b1];[x=b,y=z];"},
};

START_TEST(each_for_makes_named_runs)
{
	char *names = variants_of(loops[_i].text);

	ck_assert_str_eq(names, loops[_i].names);
	free(names);
}
END_TEST

/* Four verdicts of one file: what is lost differs, what holds does not. */
START_TEST(each_run_has_its_own_value)
{
	struct scene_file *f = parsed(CONNECTED "for loss in none, SYN, SYN+ACK {\n"
						"  wind zhang <-> li { drop 1st where {loss} }\n"
						"}\n"
						"expect total zhang retransmits 0\n");
	const uint32_t fails[] = {0, 1, 1};
	struct diags d = {0};

	ck_assert_uint_eq(scene_variant_count(f), 3);
	for (size_t i = 0; i < 3; i++) {
		struct scene_run *run = scene_run_new(f, i, NULL, &d);

		scene_run_all(run);
		ck_assert_uint_eq(scene_run_verdict(run).fail, fails[i]);
		scene_run_free(run);
	}
	scene_free(f);
}
END_TEST

START_TEST(a_place_names_its_run)
{
	struct scene_file *f = parsed(CONNECTED "for loss in none, SYN {\n"
						"  expect total zhang retransmits 7\n}\n");
	struct diags d = {0};
	struct scene_run *run = scene_run_new(f, 1, NULL, &d);
	struct sink out = {0};

	scene_run_all(run);
	scene_run_report(run, &out);
	ck_assert_msg(strncmp(out.at, "x.scene:8[loss=SYN]: failed", 27) == 0, "%s", out.at);
	ck_assert_ptr_nonnull(strstr(out.at, "woshou play x.scene --variant loss=SYN --at "));
	sink_fini(&out);
	scene_run_free(run);
	scene_free(f);
}
END_TEST

static const struct {
	const char *name, *play, *sends;
} repeats[] = {
	{"counted from 1, spread by every",
	 "at 1s repeat 3 as i every 10ms { stranger as zhang -> li segment R seq {i}00 }\n",
	 "1.000 zhang R 100\n1.010 zhang R 200\n1.020 zhang R 300\n"},
	{"counted from another number",
	 "at 1s repeat 2 as i from 7 { stranger as zhang -> li segment R seq {i} }\n",
	 "1.000 zhang R 7\n1.000 zhang R 8\n"},
	{"nested repeats add up",
	 "repeat 2 as i every 1s { repeat 2 as j every 10ms {\n"
	 "  stranger as zhang -> li segment R seq {i}{j}\n} }\n",
	 "0.000 zhang R 11\n0.010 zhang R 12\n1.000 zhang R 21\n1.010 zhang R 22\n"},
	{"times within are shifted",
	 "repeat 2 every 1s { at 5s stranger as zhang -> li segment R seq 1 }\n",
	 "5.000 zhang R 1\n6.000 zhang R 1\n"},
	{"after goes on from round to round",
	 "at 1s stranger as zhang -> li segment R seq 9\n"
	 "repeat 2 { after 5ms stranger as zhang -> li segment R seq 8 }\n",
	 "1.000 zhang R 9\n1.005 zhang R 8\n1.010 zhang R 8\n"},
};

/* RSTs to nobody: nothing answers them. */
START_TEST(repeat_is_written_out)
{
	char text[1024];
	char *sends;

	snprintf(text, sizeof text, TWO_PEOPLE "%s", repeats[_i].play);
	sends = sends_of(text);
	ck_assert_msg(strcmp(sends, repeats[_i].sends) == 0, "%s\n%s", repeats[_i].name, sends);
	free(sends);
}
END_TEST

START_TEST(variables_stand_in_texts)
{
	char *story = story_of("woshou 1\nrepeat 2 as i { marker \"{i} of {{2}\" at 1s }\n", "m");

	ck_assert_str_eq(story, "1.000 marker 1 of {2}\n1.000 marker 2 of {2}\n");
	free(story);
}
END_TEST

/* ---- limits ---------------------------------------------------------------------------------- */

static const struct {
	const char *text, *told;
} limits[] = {
	{"for x in 1,2,3,4,5,6,7,8,9,10 { for y in 1,2,3,4,5,6,7,8,9,10 {\n"
	 "for z in 1,2,3,4,5,6,7,8,9,10 { for w in 1,2 { } } } }\n",
	 "these 'for' make 2000 runs; at most 1000 are possible"},
	{"person a\nrepeat 10000 { repeat 1 { a close\n a close\n a close\n a close\n a close\n"
	 "a close\n a close\n a close\n a close\n a close\n a close\n } }\n",
	 "written out, the play has more than 100000 statements"},
	{"repeat 65 as i { person p{i} }\n", "more than 64 people"},
	{"for x in a { }\nfor x in b { }\n", "another 'for' has the variable 'x'"},
};

START_TEST(what_is_written_out_has_a_limit)
{
	char text[1024];
	char *told;

	snprintf(text, sizeof text, "woshou 1\n%s", limits[_i].text);
	told = lint(text);
	ck_assert_msg(strstr(told, limits[_i].told) != NULL, "%s", told);
	free(told);
}
END_TEST

START_TEST(lines_have_a_limit)
{
	struct sink text = {0};
	char *told;

	sink_puts(&text, "woshou 1\n");
	sink_pad(&text, '\n', 20000);
	told = lint(text.at);
	ck_assert_ptr_nonnull(strstr(told, "more than 20000 lines"));
	free(told);
	sink_fini(&text);
}
END_TEST

/* ---- includes -------------------------------------------------------------------------------- */

static const struct {
	const char *path, *text;
} disk[] = {
	{"plays/people.scene", "woshou 1\nperson zhang\nperson li\n"},
	{"plays/lib/wind.scene", "woshou 1\nwind zhang -> li { delay 5ms }\n"},
	{"plays/lib/both.scene", "woshou 1\ninclude \"wind.scene\"\n"},
	{"plays/circle.scene", "woshou 1\ninclude \"circle.scene\"\n"},
	{"plays/one.scene", "woshou 1\ninclude \"two.scene\"\n"},
	{"plays/two.scene", "woshou 1\ninclude \"one.scene\"\n"},
	{"plays/bad.scene", "woshou 1\n\nperson when\n"},
	{"plays/old.scene", "person zhang\n"},
};

static bool load(void *user, const char *path, struct sink *out)
{
	(void)user;
	for (size_t i = 0; i < sizeof disk / sizeof disk[0]; i++)
		if (strcmp(disk[i].path, path) == 0) {
			sink_puts(out, disk[i].text);
			return true;
		}
	return false;
}

static const struct {
	const char *text, *told;
} includes[] = {
	{"woshou 1\ninclude \"people.scene\"\nat 0s zhang connect li\n", ""},
	{"woshou 1\ninclude \"people.scene\"\ninclude \"lib/both.scene\"\n", ""},
	{"woshou 1\ninclude \"nowhere.scene\"\n",
	 "plays/x.scene:2:9: error: cannot read 'plays/nowhere.scene'\n"},
	{"woshou 1\ninclude \"circle.scene\"\n",
	 "plays/circle.scene:2:9: error: 'plays/circle.scene' includes itself\n"},
	{"woshou 1\ninclude \"one.scene\"\n",
	 "plays/two.scene:2:9: error: 'plays/one.scene' includes itself\n"},
	{"woshou 1\ninclude \"bad.scene\"\n",
	 "plays/bad.scene:3:8: error: 'when' is a word of the language: choose another name\n"},
	{"woshou 1\ninclude \"old.scene\"\n",
	 "plays/old.scene:1:1: error: this does not begin as a scene file\n"},
	{"woshou 1\ninclude \"people.scene\"\ninclude \"people.scene\"\n",
	 "plays/people.scene:2:8: error: there is a person 'zhang' already\n"},
};

START_TEST(an_include_lies_beside_its_file)
{
	const struct scene_loader loader = {.load = load};
	struct diags d = {0};
	struct sink out = {0};
	struct scene_file *f = scene_parse("plays/x.scene", includes[_i].text,
					   strlen(includes[_i].text), &loader, &d);

	sink_puts(&out, "");
	diag_print(&d, &out);
	ck_assert_int_eq(f != NULL, *includes[_i].told == '\0');
	ck_assert_msg(strncmp(out.at, includes[_i].told, strlen(includes[_i].told)) == 0, "%s",
		      out.at);
	scene_free(f);
	sink_fini(&out);
	diags_fini(&d);
}
END_TEST

START_TEST(a_golden_ladder_lies_beside_its_file)
{
	struct diags d = {0};
	const char *text = "woshou 1\ngolden ladder \"a.ladder\"\n";
	struct scene_file *f = scene_parse("plays/x.scene", text, strlen(text), NULL, &d);

	ck_assert_str_eq(scene_golden(f), "plays/a.ladder");
	scene_free(f);
}
END_TEST

Suite *expand_suite(void)
{
	Suite *s = suite_create("expand");
	TCase *c = tcase_create("what is written out");

	tcase_add_loop_test(c, each_for_makes_named_runs, 0, sizeof loops / sizeof loops[0]);
	tcase_add_test(c, each_run_has_its_own_value);
	tcase_add_test(c, a_place_names_its_run);
	tcase_add_loop_test(c, repeat_is_written_out, 0, sizeof repeats / sizeof repeats[0]);
	tcase_add_test(c, variables_stand_in_texts);
	tcase_add_loop_test(c, what_is_written_out_has_a_limit, 0,
			    sizeof limits / sizeof limits[0]);
	tcase_add_test(c, lines_have_a_limit);
	tcase_add_loop_test(c, an_include_lies_beside_its_file, 0,
			    sizeof includes / sizeof includes[0]);
	tcase_add_test(c, a_golden_ladder_lies_beside_its_file);
	suite_add_tcase(s, c);
	return s;
}
