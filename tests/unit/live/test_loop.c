/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include "live/loop.h"

START_TEST(the_clocks_go_forward)
{
	usec before = loop_now(), wall = clock_wall();

	ck_assert_int_gt(before, 0);
	ck_assert_int_gt(wall, 1700000000 * USEC_PER_S);
	ck_assert_int_ge(loop_now(), before);
}
END_TEST

Suite *loop_suite(void)
{
	Suite *suite = suite_create("loop");
	TCase *tcase = tcase_create("loop");

	tcase_add_test(tcase, the_clocks_go_forward);
	suite_add_tcase(suite, tcase);
	return suite;
}
