/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stddef.h>
#include <base/diag.h>

static const char *const words[] = {
	"SYN_SENT",  "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "drop", "delay",
	"duplicate", "reorder",  "a",           "person",     "握手",       NULL,
};

static const struct nearest_case {
	const char *word;
	const char *nearest; /* or NULL */
} cases[] = {
	{"FINWAIT2", "FIN_WAIT_2"}, /* two inserted, as far as 8 / 3 allows */
	{"drop", "drop"},           /* itself */
	{"DROP", "drop"},           /* letter case is no distance */
	{"dorp", "drop"},           /* two letters swapped are one mistake */
	{"drp", "drop"},            /* one inserted */
	{"dropp", "drop"},          /* one deleted */
	{"drip", "drop"},           /* one replaced */
	{"dr", NULL},               /* two away, one allowed */
	{"delai", "delay"},
	{"duplciate", "duplicate"},
	{"reoreder", "reorder"},
	{"persno", "person"},
	{"FIN_WAIT_3", "FIN_WAIT_1"},     /* equally near: the first of the list */
	{"ESTABLISHMENT", "ESTABLISHED"}, /* four allowed at 13 */
	{"x", NULL},                      /* one letter replaced is another word */
	{"A", "a"},
	{"", NULL},
	{"zzzzzzzz", NULL},
	{"握手", "握手"},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
};

START_TEST(a_word_has_this_nearest)
{
	const struct nearest_case *c = &cases[_i];
	const char *nearest = nearest_word(c->word, words);

	if (c->nearest)
		ck_assert_msg(nearest && strcmp(nearest, c->nearest) == 0, "'%s': %s", c->word,
			      nearest ? nearest : "NULL");
	else
		ck_assert_msg(!nearest, "'%s': %s", c->word, nearest);
}
END_TEST

START_TEST(long_words_of_the_list_are_passed_over)
{
	const char *const list[] = {
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"near", NULL};

	ck_assert_str_eq(nearest_word("neat", list), "near");
}
END_TEST

Suite *nearest_suite(void)
{
	Suite *s = suite_create("nearest word");
	TCase *t = tcase_create("distance");

	tcase_add_loop_test(t, a_word_has_this_nearest, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(t, long_words_of_the_list_are_passed_over);
	suite_add_tcase(s, t);
	return s;
}
