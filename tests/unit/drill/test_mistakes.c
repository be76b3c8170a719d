/* SPDX-License-Identifier: MIT */
/* Every mistake is told at its place, with a hint where one is near, and never passes silently. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In line 2, after a line that is right. */
static const struct mistake {
	const char *line;
	const char *place_and_message;
	const char *hint;
} mistakes[] = {
	/* times */
	{"close(3) = 0", "2:1: error: expected the time of an event",
	 "an event begins with its time"},
	{"+x close(3) = 0", "2:2: error: expected a time", NULL},
	{"+0x10 close(3) = 0", "2:2: error: a time is written in decimals", NULL},
	{"+0.0000001 close(3) = 0", "2:2: error: a time finer than a microsecond", NULL},
	{"9999999999 close(3) = 0", "2:1: error: a time of more than 10^9 seconds", NULL},
	{"+.2~+.1 > . 1:1(0) ack 1", "2:5: error: the range ends before it begins", NULL},
	{"+.2~.3 > . 1:1(0) ack 1", "2:5: error: both times of a range are of one kind", NULL},
	{"+.2...0.1 close(3) = 0", "2:7: error: the call ends before it begins", NULL},
	{"+.1...0.2 > . 1:1(0) ack 1", "2:1: error: only a call may have a time at which it ends",
	 NULL},
	{"* close(3) = 0", "2:1: error: only an expected packet", NULL},
	{"+.1~+.2 < . 1:1(0) ack 1 win 1", "2:1: error: only an expected packet", NULL},
	{"+0 ) = 0", "2:4: error: expected what happens at this time", NULL},
	{"+0 close(3) = 0 +0 close(4) = 0", "", NULL},
	{"+0 close(3) = 0 , 1", "2:17: error: unexpected", "does not belong"},
	/* calls */
	{"+0 clos(3) = 0", "2:4: error: no call is named clos()", "did you mean \"close\"?"},
	{"+0 splice(3, 4) = 0", "2:4: error: no call is named splice()", NULL},
	{"+0 close() = 0", "2:4: error: close() with 0 values", "it takes 1"},
	{"+0 read(3) = 0", "2:4: error: read() with 1 value", "it takes 3"},
	{"+0 fcntl(3, 1, 2, 3) = 0", "2:4: error: fcntl() with 4 values", "it takes 2 or 3"},
	/* packets */
	{"+0 > X 1:1(0)", "2:6: error: 'X' is no flag of TCP", "F S R P U E W A"},
	{"+0 > SS 1:1(0)", "2:6: error: the flag 'S' stands twice", NULL},
	{"+0 > 1:1(0)", "2:6: error: expected the flags of a TCP segment, or icmp", NULL},
	{"+0 > udp (1000)", "2:6: error: only TCP segments and ICMP errors are spoken here", NULL},
	{"+0 < . 1:1(0) ack 1", "3:1: error: a packet to the stack needs its window", "win N"},
	{"+0 > . 1:11(9) ack 1", "2:8: error: from 1 to 11 there are not 9 octets", "seq:seq+len"},
	{"+0 > . 1 11(9) ack 1", "2:10: error: expected ':' after the first sequence number", NULL},
	{"+0 > . 1:1(0) ack x", "2:19: error: expected a number: the acknowledgment", NULL},
	{"+0 > . 1:1(0) ack 4294967296", "2:19: error: the acknowledgment is at most 4294967295",
	 NULL},
	{"+0 > . 1:1(0) win 5 ack 1", "2:21: error: unexpected", NULL},
	{"+0 < . 1:1(0) win 65536", "2:19: error: the window field is at most 65535", NULL},
	{"+0 < . 1:1(0) win ...", "2:19: error: expected a number: the window field", NULL},
	{"+0 < . ...(0) win 5", "2:15: error: a packet to the stack has a sequence number", NULL},
	{"+0 > . 1:1(0) ack 1 <mss 1460,nopp>", "2:31: error: expected an option",
	 "did you mean \"nop\"?"},
	{"+0 > . 1:1(0) ack 1 <mss 1460,nop>",
	 "2:21: error: 5 octets of options are not whole words", "nop"},
	{"+0 > . 1:1(0) ack 1 <sack 1:2 3:4 5:6 7:8 9:10,nop,nop>",
	 "2:43: error: there is room for 4 blocks only", NULL},
	{"+0 > . 1:1(0) ack 1 <TS val 1 ecr 2,sack 1:2 3:4 5:6 7:8>",
	 "2:21: error: 44 octets of options: there is room for 40", NULL},
	{"+0 > . 1:1(0) ack 1 <>", "2:22: error: expected an option", NULL},
	{"+0 > . 1:1(0) ack 1 <mss 5", "3:1: error: expected '>' after the options", NULL},
	{"+0 < . 1:1(0) win 1 <...>", "2:22: error: only an expected packet may leave", NULL},
	{"+0 > S 0:0(0) <FO 12>", "2:16: error: the option \"FO\" is not spoken here", NULL},
	{"+0 > S 0:0(0) <TS 1 ecr 2>", "2:19: error: expected val after TS", NULL},
	{"+0 < (ect2) . 1:1(0) win 1", "2:7: error: unknown ip info", "did you mean \"ect"},
	{"+0 < [ect01] . 1:1(0) win 1", "2:7: error: a packet to the stack has one of them",
	 "ect0"},
	{"+0 > icmp unreachable", "2:11: error: ICMP errors are only given to the stack", NULL},
	{"+0 < icmp unreachible", "2:11: error: expected a type of ICMP",
	 "did you mean \"unreachable\"?"},
	{"+0 < icmp unreachable net_unknow", "2:23: error: unreachable has no such code for IPv4",
	 "did you mean \"net_unknown\"?"},
	{"+0 < icmp packet_too_big mtu 5", "2:26: error: ICMP for IPv4 has no packet_too_big",
	 NULL},
	/* calls */
	{"+0 close 3", "2:4: error: \"close\" is neither a call nor", "name(values) = result"},
	{"+0 close(3 = 0", "2:12: error: expected ')' after the values", NULL},
	{"+0 close(3)", "3:1: error: expected '=' after the call", NULL},
	{"+0 close(3) = x", "2:15: error: unknown name \"x\"", NULL},
	{"+0 close(3) = -1", "3:1: error: a result of -1 needs the name of the error",
	 "EINPROGRESS"},
	{"+0 close(3) = -1 EPIP", "2:18: error: unknown error \"EPIP\"", "did you mean \"EPIPE\"?"},
	{"+0 close(3) = 0 EPIPE", "2:17: error: an error stands after -1 only", NULL},
	{"+0 close(3) = \"0\"", "2:15: error: a call's result is a number, or ...", NULL},
	{"+0 fcntl(3, F_SETFD|O_RDRW) = 0", "2:21: error: unknown name \"O_RDRW\"", "O_RDWR"},
	{"+0 f(\"a\"|1) = 0", "2:6: error: only numbers can be joined with |", NULL},
	{"+0 f(\"a) = 0", "2:6: error: the text does not end on its line", NULL},
	{"+0 f({1=2}) = 0", "2:7: error: expected the name of a field", "{name=value}"},
	{"+0 f(99999999999999999999) = 0", "2:6: error: a number of more than 63 bits", NULL},
	{"+0 f(12ab) = 0", "2:6: error: a number with letters in it", NULL},
	{"+0 close(3) = 0 (note", "2:17: error: the note in ( ) does not end", NULL},
	{"+0 f([[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]) = 0",
	 "2:22: error: values inside values, more than 16", NULL},
	/* commands */
	{"+0 `rm -r x`", "2:5: error: the command \"rm\" is not known", NULL},
	{"+0 `sysctl -w net.ipv4.tcp_sak=1`", "2:15: error: unknown setting \"net.ipv4.tcp_sak\"",
	 "net.ipv4.tcp_sack"},
	{"+0 `sysctl -w net.ipv4.tcp_sack=2`", "2:15: error: net.ipv4.tcp_sack is from 0 to 1",
	 NULL},
	{"+0 `sysctl -w net.ipv4.tcp_sack=1 net.ipv4.tcp_rmem=5`",
	 "2:35: error: net.ipv4.tcp_rmem takes 3 numbers", NULL},
	{"+0 `sysctl net.ipv4.tcp_sack`", "2:12: error: expected a setting", NULL},
	{"+0 `sysctl net.ipv4.tcp_congestion_control=bbr`",
	 "2:12: error: unknown congestion control", "reno, cubic"},
	{"+0 `tcpdrop -s TIMEWAIT`", "2:16: error: \"TIMEWAIT\" is no state", "TIME_WAIT"},
	{"+0 `sockstat -4`", "2:5: error: sockstat asks here for the number", NULL},
	{"+0 `echo 1`", "2:5: error: echo makes a setting here", NULL},
	{"+0 `tc qdisc replace dev tun0 root netem`", "2:36: error: unknown queue", "fq"},
	{"+0 `nstat -n", "2:4: error: the command does not end: '`' is missing", NULL},
	{"+0 `echo 1 > /proc/sys/net/ipv4/tcp_sack | sh`", "2:5: error: echo makes a setting here",
	 NULL},
	/* code */
	{"+0 %{ asert 1 }%", "2:7: error: expected a statement", "assert"},
	{"+0 %{ assert tcpi_snd_cwn == 1 }%", "2:14: error: unknown name \"tcpi_snd_cwn\"",
	 "tcpi_snd_cwnd"},
	{"+0 %{ assert 1 == }%", "2:19: error: expected a value", NULL},
	{"+0 %{ assert 1 2 }%", "2:16: error: the statement should end here", NULL},
	{"+0 %{ a += 1 }%", "2:7: error: \"a\" has no value yet", NULL},
	{"+0 %{ if tcpi_state }%", "2:7: error: expected a statement", NULL},
	{"+0 %{ assert 1 if 2 }%", "2:16: error: the statement should end here", NULL},
	{"+0 %{ assert len(3) }%", "2:14: error: this function is not known here", "abs()"},
	{"+0 %{ assert 1 }", "2:4: error: the code does not end: '}%' is missing", NULL},
	{"+0 %{ print 1 }%", "2:13: error: expected '(' after print", "print(value)"},
	/* the file */
	{"--mss=1000", "2:1: error: expected the time of an event", NULL},
	{"#if X", "2:1: error: an unknown line with #", "#ifdef NAME"},
	{"#ifdef X", "2:1: error: #ifdef without #endif", NULL},
	{"#endif", "2:1: error: #endif without #ifdef", NULL},
	{"/* never", "2:1: error: the comment does not end: '*/' is missing", NULL},
	{"+0 \x01", "2:4: error: unexpected character", NULL},
	{"+0 \xff", "2:4: error: not UTF-8", NULL},
	{"`nstat -n`\n+0 close(3) = 0", "3:1: error: something stands after the last command",
	 NULL},
};

START_TEST(is_told_at_its_place)
{
	const struct mistake *m = &mistakes[_i];
	char text[512], wanted[512];
	char *told;

	snprintf(text, sizeof text, "0 close(9) = 0\n%s\n", m->line);
	told = complaints_of(text);
	snprintf(wanted, sizeof wanted, "x.pkt:%s", m->place_and_message);
	if (m->place_and_message[0])
		ck_assert_msg(strncmp(told, wanted, strlen(wanted)) == 0, "%s\nwanted %s\ntold %s",
			      m->line, wanted, told);
	else
		ck_assert_str_eq(told, "");
	if (m->hint) {
		const char *hint = strstr(told, "= hint: ");

		ck_assert_msg(hint && strstr(hint, m->hint), "%s\nhint %s\ntold %s", m->line,
			      m->hint, told);
	}
	free(told);
}
END_TEST

static const struct mistake options[] = {
	{"--toleranc_usecs=5", "1:1: error: unknown option --toleranc_usecs", "--tolerance_usecs"},
	{"--mtu=67", "1:1: error: --mtu takes a number from 68 to 65535", NULL},
	{"--mtu", "1:1: error: --mtu takes a number from 68 to 65535", NULL},
	{"--ip_version=ipv5", "1:1: error: unknown IP version \"ipv5\"", "ipv4, ipv6"},
	{"--local_ip=", "1:1: error: --local_ip takes an address", NULL},
	{"--gateway_ip=192.0.2.1", "1:1: warning: --gateway_ip describes a machine", NULL},
	{"", "2:1: error: the script has no event", NULL},
};

START_TEST(options_are_told_too)
{
	const struct mistake *m = &options[_i];
	char text[256], wanted[256];
	char *told;

	snprintf(text, sizeof text, "%s\n%s", m->line, m->line[0] ? "0 close(3) = 0\n" : "");
	told = complaints_of(text);
	snprintf(wanted, sizeof wanted, "x.pkt:%s", m->place_and_message);
	ck_assert_msg(strncmp(told, wanted, strlen(wanted)) == 0, "wanted %s\ntold %s", wanted,
		      told);
	if (m->hint)
		ck_assert_ptr_nonnull(strstr(told, m->hint));
	free(told);
}
END_TEST

START_TEST(mistakes_of_several_events_are_told_at_once)
{
	char *told = complaints_of("0 close(3)\n"
				   "+0 > Q 1:1(0)\n"
				   "+0 `rm x\nsysctl a=1`\n"
				   "+0 %{ assert tcpi_x == 1; assert tcpi_y == 1 }%\n"
				   "+0 close(4) = 0\n"
				   "+0 close(4) = -1\n");
	static const char *const places[] = {"x.pkt:2:1",  "x.pkt:2:6",  "x.pkt:3:5", "x.pkt:4:8",
					     "x.pkt:5:14", "x.pkt:5:34", "x.pkt:8:1"};
	const char *at = told;
	int count = 0;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		at = strstr(at, places[i]);
		ck_assert_msg(at != NULL, "%s\n%s", places[i], told);
	}
	for (at = told; (at = strstr(at, ": error:")) != NULL; at++)
		count++;
	ck_assert_int_eq(count, 7);
	free(told);
}
END_TEST

START_TEST(the_line_and_a_caret_are_shown)
{
	char *told = complaints_of("0 getsockopt(3, SOL_SOCKT, SO_ERROR, [0], [4]) = 0\n");

	ck_assert_str_eq(told, "x.pkt:1:17: error: unknown name \"SOL_SOCKT\"\n"
			       "    1 | 0 getsockopt(3, SOL_SOCKT, SO_ERROR, [0], [4]) = 0\n"
			       "      |                 ^~~~~~~~~\n"
			       "      = hint: did you mean \"SOL_SOCKET\"?\n");
	free(told);
}
END_TEST

Suite *mistakes_suite(void)
{
	Suite *s = suite_create("mistakes");
	TCase *t = tcase_create("places");

	tcase_add_loop_test(t, is_told_at_its_place, 0, sizeof mistakes / sizeof mistakes[0]);
	tcase_add_loop_test(t, options_are_told_too, 0, sizeof options / sizeof options[0]);
	tcase_add_test(t, mistakes_of_several_events_are_told_at_once);
	tcase_add_test(t, the_line_and_a_caret_are_shown);
	suite_add_tcase(s, t);
	return s;
}
