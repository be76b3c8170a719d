/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <woshou/names.h>

/* Every value has a name, and the name leads back. */
START_TEST(test_there_and_back)
{
	enum name_set set = (enum name_set)_i;

	for (unsigned i = 0; i < names_count(set); i++) {
		unsigned value = set == NAMES_SIGNAL ? 1u << i : i;
		const char *name = name_of(set, value);

		ck_assert_msg(name != NULL, "set %d, value %u", _i, value);
		ck_assert_int_eq(value_named(set, name), (int)value);
	}
	ck_assert_ptr_null(name_of(set, set == NAMES_SIGNAL ? 3 : (unsigned)names_count(set)));
	ck_assert_int_eq(value_named(set, "nonsense"), -1);
}
END_TEST

START_TEST(test_counts)
{
	ck_assert_uint_eq(names_count(NAMES_KIND), RECORD_KIND_COUNT);
	ck_assert_uint_eq(names_count(NAMES_CALL), CALL_VERB_COUNT);
	ck_assert_uint_eq(names_count(NAMES_DEED), DEED_COUNT);
	ck_assert_uint_eq(names_count(NAMES_DISCARD), DISCARD_COUNT);
	ck_assert_uint_eq(names_count(NAMES_TIMER), TIMER_COUNT);
	ck_assert_str_eq(name_of(NAMES_SIGNAL, TCP_SIG_CLOSE_DONE), "close-done");
	ck_assert_str_eq(name_of(NAMES_SIGNAL, TCP_SIG_RESET), "reset");
	ck_assert_ptr_null(name_of(NAMES_SIGNAL, 0));
}
END_TEST

START_TEST(test_errors)
{
	for (int e = 0; e < SOCK_ERROR_COUNT; e++) {
		ck_assert_int_eq(sock_error_named(sock_error_name((enum sock_error)e)), e);
		ck_assert_uint_gt(strlen(sock_error_text((enum sock_error)e)), 0);
	}
	ck_assert_str_eq(sock_error_name(SOCK_OK), "ok");
	ck_assert_str_eq(sock_error_name(SOCK_ECONNREFUSED), "ECONNREFUSED");
	ck_assert_str_eq(sock_error_text(SOCK_ECONNREFUSED), "connection refused");
	ck_assert_int_eq(sock_error_named("OK"), -1);
}
END_TEST

Suite *names_suite(void)
{
	Suite *s = suite_create("names");
	TCase *c = tcase_create("names");

	tcase_add_loop_test(c, test_there_and_back, 0, NAMES_COUNT);
	tcase_add_test(c, test_counts);
	tcase_add_test(c, test_errors);
	suite_add_tcase(s, c);
	return s;
}
