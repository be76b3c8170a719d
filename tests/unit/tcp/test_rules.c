/* SPDX-License-Identifier: MIT */
/* Every rule is real: named, told in a sentence, and taken by the tests before this one. */
#include <string.h>
#include "fixture.h"
#include "suites.h"

START_TEST(every_rule_is_taken)
{
	unsigned missing = 0;

	if (!rule_hits) /* only a part of the tests was asked for */
		return;
	for (int r = RULE_NONE + 1; r < RULE_COUNT; r++) {
		if (rule_hits[r] > 0)
			continue;
		story_add("never taken: %s (%s)\n", rule_info((enum rule)r)->id,
			  rule_info((enum rule)r)->text);
		missing++;
	}
	if (missing)
		story_print();
	ck_assert_msg(missing == 0, "%u rules are never taken", missing);
}
END_TEST

START_TEST(every_rule_is_told)
{
	for (int r = RULE_NONE + 1; r < RULE_COUNT; r++) {
		const struct rule_info *i = rule_info((enum rule)r);
		ck_assert_ptr_nonnull(i);
		ck_assert_int_eq(rule_named(i->id), r);
		ck_assert_uint_gt(strlen(i->text), 10);
		ck_assert_uint_gt(strlen(i->strength), 2);
		ck_assert_msg(i->rfc > 0 || strcmp(i->strength, "LOCAL") == 0, "%s", i->id);
		ck_assert_msg(i->rfc == 0 || strlen(i->section) > 0, "%s", i->id);
	}
	ck_assert_int_eq(rule_named("R_NO_SUCH"), -1);
	ck_assert_int_eq(rule_named(""), -1);
}
END_TEST

static bool has_han(const char *text)
{
	/* U+4E00 to U+9FFF begin with E4 to E9. */
	for (; *text; text++) {
		if ((unsigned char)*text >= 0xe4 && (unsigned char)*text <= 0xe9)
			return true;
	}
	return false;
}

/* In both languages, and with the RFC's own words unless the rule is ours. */
START_TEST(every_rule_is_told_in_both_languages)
{
	for (int r = RULE_NONE + 1; r < RULE_COUNT; r++) {
		const struct rule_info *i = rule_info((enum rule)r);
		const char *zh = rule_sentence((enum rule)r, LANG_ZH);
		const char *quote = rule_quote((enum rule)r);
		bool is_ours = strcmp(i->strength, "LOCAL") == 0;

		ck_assert_str_eq(rule_sentence((enum rule)r, LANG_EN), i->text);
		ck_assert_ptr_nonnull(zh);
		ck_assert_msg(has_han(zh), "%s: %s", i->id, zh);
		ck_assert_msg(strlen(zh) > 3 && strcmp(zh + strlen(zh) - 3, "。") == 0,
			      "%s does not end like a sentence", i->id);
		ck_assert_ptr_nonnull(quote);
		ck_assert_msg(is_ours || strlen(quote) > 10, "%s: no words of the RFC", i->id);
		ck_assert_msg(strlen(quote) <= 310, "%s: %zu octets", i->id, strlen(quote));
		ck_assert_msg(!has_han(quote), "%s: %s", i->id, quote);
	}
	ck_assert_str_eq(rule_sentence(RULE_NONE, LANG_ZH), "");
	ck_assert_str_eq(rule_quote(RULE_COUNT), "");
}
END_TEST

Suite *rules_suite(void)
{
	Suite *s = suite_create("rules");
	TCase *tc = tcase_create("rule.def");

	tcase_add_test(tc, every_rule_is_told);
	tcase_add_test(tc, every_rule_is_told_in_both_languages);
	tcase_add_test(tc, every_rule_is_taken);
	suite_add_tcase(s, tc);
	return s;
}
