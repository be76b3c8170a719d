/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/sink.h>
#include <woshou/why.h>

#define RULE_A ((enum rule)1)
#define RULE_B ((enum rule)2)

static void expect_why(const struct trace *t, uint64_t serial, enum rule rule)
{
	struct sink out = {0};

	ck_assert_int_eq(trace_rule(t, serial), rule);
	ck_assert_int_eq(trace_why(t, serial, LANG_EN, &out), rule != RULE_NONE);
	if (rule != RULE_NONE) {
		ck_assert_int_eq(
			strncmp(out.at, rule_info(rule)->text, strlen(rule_info(rule)->text)), 0);
		ck_assert_ptr_nonnull(strstr(out.at, "section"));
		ck_assert_ptr_nonnull(strstr(out.at, rule_info(rule)->section));
	}
	sink_fini(&out);
}

START_TEST(test_own_rule)
{
	struct trace *t = trace_new();

	trace_push(t, REC_STATE, 0)->rule = RULE_A;
	trace_push(t, REC_SEND, 0)->seg.rule = RULE_B;
	trace_push(t, REC_SAY, 0);
	expect_why(t, 0, RULE_A);
	expect_why(t, 1, RULE_B);
	expect_why(t, 2, RULE_NONE);
	trace_free(t);
}
END_TEST

/* An arrival is explained by the first decision over it, a signal by what caused it. */
START_TEST(test_neighbours)
{
	struct trace *t = trace_new();
	struct record *r;

	trace_push(t, REC_ARRIVE, 5);
	trace_push(t, REC_SAY, 5);
	r = trace_push(t, REC_RULE, 5);
	r->of = 0;
	r->rule = RULE_A;
	r = trace_push(t, REC_RULE, 5);
	r->of = 0;
	r->rule = RULE_B;
	trace_push(t, REC_SIGNAL, 5)->of = 3;
	expect_why(t, 0, RULE_A);
	expect_why(t, 4, RULE_B);
	trace_free(t);
}
END_TEST

/* Another instant's decisions explain nothing here. */
START_TEST(test_later_is_another_matter)
{
	struct trace *t = trace_new();
	struct record *r;

	trace_push(t, REC_ARRIVE, 5);
	r = trace_push(t, REC_RULE, 6);
	r->of = 0;
	r->rule = RULE_A;
	expect_why(t, 0, RULE_NONE);
	trace_free(t);
}
END_TEST

START_TEST(test_both_languages)
{
	struct trace *t = trace_new();
	struct sink out = {0};

	trace_push(t, REC_STATE, 0)->rule = R_LISTEN_SYN;
	ck_assert(trace_why(t, 0, LANG_ZH, &out));
	ck_assert_ptr_nonnull(strstr(out.at, rule_sentence(R_LISTEN_SYN, LANG_ZH)));
	ck_assert_ptr_nonnull(strstr(out.at, "（RFC 9293 第 3.10.7.2 节，第三步）"));
	ck_assert_ptr_null(strstr(out.at, rule_sentence(R_LISTEN_SYN, LANG_EN)));
	sink_clear(&out);
	ck_assert(trace_why(t, 0, LANG_BOTH, &out));
	ck_assert_ptr_nonnull(strstr(out.at, "） A SYN is answered with"));
	sink_clear(&out);
	rule_put_source(&out, R_RST_CHALLENGE, LANG_EN);
	ck_assert_str_eq(out.at, "RFC 5961 section 3.2, 3, MUST");
	sink_clear(&out);
	rule_put_source(&out, R_ACK_AT_ONCE, LANG_ZH);
	ck_assert_str_eq(out.at, "RFC 9293 第 3.8.6.3 节，本程序自定");
	sink_fini(&out);
	trace_free(t);
}
END_TEST

Suite *why_suite(void)
{
	Suite *s = suite_create("why");
	TCase *c = tcase_create("why");

	tcase_add_test(c, test_own_rule);
	tcase_add_test(c, test_neighbours);
	tcase_add_test(c, test_later_is_another_matter);
	tcase_add_test(c, test_both_languages);
	suite_add_tcase(s, c);
	return s;
}
