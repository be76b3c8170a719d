/* SPDX-License-Identifier: MIT */
/* Scripts that are run: numbers as large as the language knows. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>
#include <drill/drill.h>

static const char opened[] = "`./defaults.sh`\n"
			     "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
			     "+0 bind(3, ..., ...) = 0\n"
			     "+0 listen(3, 1) = 0\n"
			     "+.1 < S 0:0(0) win 32000 <mss 1000>\n"
			     "+0 > S. 0:0(0) ack 1 <...>\n"
			     "+.1 < P. 1:101(100) ack 1 win 32000\n"
			     "+0 > . 1:1(0) ack 101\n"
			     "+0 accept(3, ..., ...) = 4\n"
			     "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n";

#define HUGE_NUMBER "900000000000000000"

static const char *const huge[] = {
	"+0 write(4, ..., " HUGE_NUMBER ") = ...",
	"+0 send(4, ..., " HUGE_NUMBER ", MSG_EOR) = ...",
	"+0 writev(4, [{..., " HUGE_NUMBER "}, {..., " HUGE_NUMBER "}], 2) = ...",
	"+0 read(4, ..., 4294967296) = 100",
	"+0 read(4, ..., " HUGE_NUMBER ") = 100",
	"+0 recv(4, ..., 4294967296, MSG_PEEK) = 100",
	"+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=" HUGE_NUMBER
	"}, 8) = -1 EINVAL",
	"+0 setsockopt(4, SOL_SOCKET, SO_RCVBUF, [-" HUGE_NUMBER "], 4) = -1 EINVAL",
	"+0 setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [" HUGE_NUMBER "], 4) = -1 EINVAL",
	"+0 setsockopt(4, SOL_TCP, TCP_KEEPIDLE, [-" HUGE_NUMBER "], 4) = -1 EINVAL",
	"+0 read(4, ..., 100) = 100\n"
	"+0...1 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, " HUGE_NUMBER ") = 1\n"
	"+1 < P. 101:201(100) ack 1 win 32000",
	"+1000000000 read(4, ..., 100) = 100",
};

START_TEST(huge_numbers_are_only_numbers)
{
	const struct drill_settings settings = {0};
	struct drill_result result = {0};
	struct sink told = {0};
	struct drill_script *s;
	char text[1024];

	snprintf(text, sizeof text, "%s%s\n", opened, huge[_i]);
	s = script_of(text);
	drill_run(s, &settings, &result);
	drill_result_print(&result, &told);
	ck_assert_msg(result.has_passed, "%s\n%s", huge[_i], told.at);
	sink_fini(&told);
	drill_result_fini(&result);
	drill_script_free(s);
}
END_TEST

/* Each time for itself is allowed; all of them together are more than a clock holds. */
START_TEST(a_script_ends_before_time_does)
{
	struct sink text = {0};
	char *told;

	sink_puts(&text, "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n");
	for (int i = 0; i < 10; i++)
		sink_puts(&text, "+1000000000 close(3) = 0\n");
	told = complaints_of(text.at);
	ck_assert_str_eq(told, "");
	free(told);
	sink_puts(&text, "+1000000000 close(3) = 0\n");
	told = complaints_of(text.at);
	ck_assert_ptr_nonnull(strstr(told, "x.pkt:12:1: error: the script lasts more than"));
	free(told);
	sink_fini(&text);
}
END_TEST

Suite *run_suite(void)
{
	Suite *s = suite_create("runs");
	TCase *t = tcase_create("sizes");

	tcase_add_loop_test(t, huge_numbers_are_only_numbers, 0, sizeof huge / sizeof huge[0]);
	tcase_add_test(t, a_script_ends_before_time_does);
	suite_add_tcase(s, t);
	return s;
}
