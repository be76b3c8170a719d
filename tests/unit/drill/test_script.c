/* SPDX-License-Identifier: MIT */
/* What stands in a script becomes the tree, with its places. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

#define EVENT "+0 "

static struct drill_packet packet_of(struct drill_script **s, const char *text)
{
	*s = script_of(text);
	ck_assert_uint_eq((*s)->events.count, 1);
	ck_assert_int_eq((*s)->events.at[0].kind, EVENT_PACKET);
	return *(*s)->events.at[0].packet;
}

START_TEST(options_of_the_file)
{
	struct drill_script *s = script_of("// words\n--tolerance_usecs=75000\n--ip_version=ipv6 "
					   "--mtu=1300\n/* more\n words */ --mss=1000\n"
					   "--strict_segments\n--tcp_ts_tick_usecs=1000\n"
					   "--local_ip=192.0.2.7\n0 close(3) = 0\n");

	ck_assert_int_eq(s->options.tolerance, 75000);
	ck_assert(s->options.has_tolerance);
	ck_assert_int_eq(s->options.ip, DRILL_IPV6);
	ck_assert_uint_eq(s->options.mtu, 1300);
	ck_assert_int_eq(s->options.mtu_at.line, 3);
	ck_assert_uint_eq(s->options.mss, 1000);
	ck_assert(s->options.has_strict);
	ck_assert_int_eq(s->options.ts_tick, 1000);
	ck_assert_str_eq(s->options.local_ip, "192.0.2.7");
	drill_script_free(s);
	s = script_of("0 close(3) = 0\n");
	ck_assert_int_eq(s->options.tolerance, 4000);
	ck_assert(!s->options.has_tolerance);
	ck_assert_uint_eq(s->options.mtu, 1500);
	ck_assert_int_eq(s->options.ip, DRILL_IPV4);
	drill_script_free(s);
}
END_TEST

static const struct {
	const char *text;
	uint8_t kind;
	usec from, to, end;
} times[] = {
	{"0 > . 1:1(0) ack 1", WHEN_ABSOLUTE, 0, 0, -1},
	{"1.25 > . 1:1(0) ack 1", WHEN_ABSOLUTE, 1250000, 1250000, -1},
	{".000001 > . 1:1(0) ack 1", WHEN_ABSOLUTE, 1, 1, -1},
	{"+ 0.10 > . 1:1(0) ack 1", WHEN_RELATIVE, 100000, 100000, -1},
	{"+.01 > . 1:1(0) ack 1", WHEN_RELATIVE, 10000, 10000, -1},
	{"+.21~+.215 > . 1:1(0) ack 1", WHEN_RELATIVE_RANGE, 210000, 215000, -1},
	{"1~2 > . 1:1(0) ack 1", WHEN_RANGE, 1000000, 2000000, -1},
	{"* > . 1:1(0) ack 1", WHEN_ANY, 0, 0, -1},
	{"+0...0.200 accept(3, ..., ...) = 4", WHEN_RELATIVE, 0, 0, 200000},
	{"0.1...0.3 read(3, ..., 10) = 10", WHEN_ABSOLUTE, 100000, 100000, 300000},
};

START_TEST(times_are_microseconds)
{
	struct drill_script *s = script_of(times[_i].text);
	const struct drill_when *when = &s->events.at[0].when;

	ck_assert_int_eq(when->kind, times[_i].kind);
	ck_assert_int_eq(when->from, times[_i].from);
	ck_assert_int_eq(when->to, times[_i].to);
	ck_assert_int_eq(when->has_end ? when->end : -1, times[_i].end);
	drill_script_free(s);
}
END_TEST

START_TEST(a_packet_with_everything)
{
	struct drill_script *s;
	struct drill_packet k =
		packet_of(&s, EVENT "< [ect1, ttl 7] FPE. 17:27(10)! ack 4294967295 win 512 urg 3 "
				    "<nop, nop,TS val 100 ecr 7,sack 1:2 5:9,nop,nop>");

	ck_assert(k.is_in && !k.is_icmp);
	ck_assert_int_eq(k.ip.ecn, DRILL_ECN_ECT1);
	ck_assert_uint_eq(k.ip.ttl.value, 7);
	ck_assert(!k.ip.tos.is_given);
	ck_assert_uint_eq(k.ctl, FIN | PSH | ECE | ACK);
	ck_assert_uint_eq(k.seq.value, 17);
	ck_assert(k.seq.is_unmapped && !k.seq.is_unchecked);
	ck_assert_uint_eq(k.len, 10);
	ck_assert(k.ack.is_given);
	ck_assert_uint_eq(k.ack.value, UINT32_MAX);
	ck_assert_uint_eq(k.win.value, 512);
	ck_assert_uint_eq(k.urg.value, 3);
	ck_assert_uint_eq(k.options, 6);
	ck_assert_int_eq(k.option[1].kind, DRILL_NOP);
	ck_assert_int_eq(k.option[2].kind, DRILL_TIMESTAMPS);
	ck_assert_uint_eq(k.option[2].value.value, 100);
	ck_assert_uint_eq(k.option[2].ecr.value, 7);
	ck_assert_uint_eq(k.option[3].blocks, 2);
	ck_assert_uint_eq(k.option[3].block[1].left.v, 5);
	ck_assert_uint_eq(k.option[3].block[1].right.v, 9);
	ck_assert_int_eq(k.option[3].at.byte, 91);
	drill_script_free(s);
}
END_TEST

START_TEST(what_a_packet_leaves_open)
{
	struct drill_script *s;
	struct drill_packet k = packet_of(&s, "* > (class 0x20) R ...(0) <...>");

	ck_assert(!k.is_in);
	ck_assert_uint_eq(k.ip.tos.value, 32);
	ck_assert_uint_eq(k.ctl, RST);
	ck_assert(k.seq.is_unchecked);
	ck_assert(!k.ack.is_given && !k.win.is_given && !k.urg.is_given);
	ck_assert(k.are_options_unchecked);
	ck_assert_uint_eq(k.options, 0);
	drill_script_free(s);
	k = packet_of(&s, "* > - 1:1(0) win ... <mss 1460,sackOK,eol,eol>");
	ck_assert_uint_eq(k.ctl, 0);
	ck_assert(k.win.is_given && k.win.is_unchecked);
	ck_assert_int_eq(k.option[3].kind, DRILL_EOL);
	drill_script_free(s);
}
END_TEST

static const struct {
	const char *text;
	uint8_t type, number, code;
	uint32_t mtu;
} icmps[] = {
	{EVENT "< icmp unreachable port_unreachable [0:0(0)]", DRILL_ICMP_UNREACHABLE, 3, 3, 0},
	{EVENT "< icmp unreachable frag_needed mtu 1200 [1:1001(1000)]", DRILL_ICMP_UNREACHABLE, 3,
	 4, 1200},
	{EVENT "< icmp source_quench [7:7(0)]", DRILL_ICMP_SOURCE_QUENCH, 4, 0, 0},
	{EVENT "< icmp parameter_problem code_2", DRILL_ICMP_PARAMETER_PROBLEM, 12, 2, 0},
	{EVENT "< icmp redirect 1 [1:1(0)]", DRILL_ICMP_REDIRECT, 5, 1, 0},
	{"--ip_version=ipv6\n+0 < icmp packet_too_big mtu 1280 [1:1(0)]", DRILL_ICMP_PACKET_TOO_BIG,
	 2, 0, 1280},
	{"--ip_version=ipv6\n+0 < icmp unreachable port_unreachable [1:1(0)]",
	 DRILL_ICMP_UNREACHABLE, 1, 4, 0},
};

START_TEST(icmp_has_the_numbers_of_its_ip_version)
{
	struct drill_script *s;
	struct drill_packet k = packet_of(&s, icmps[_i].text);

	ck_assert(k.is_icmp);
	ck_assert_int_eq(k.icmp.type, icmps[_i].type);
	ck_assert_int_eq(k.icmp.number, icmps[_i].number);
	ck_assert_int_eq(k.icmp.code, icmps[_i].code);
	ck_assert_uint_eq(k.icmp.mtu.value, icmps[_i].mtu);
	ck_assert_int_eq(k.icmp.mtu.is_given, icmps[_i].mtu > 0);
	drill_script_free(s);
}
END_TEST

START_TEST(calls_are_trees)
{
	struct drill_script *s = script_of(
		EVENT "recvmsg(3, {msg_name(...)=..., msg_iov(2)=[{..., 100},\n"
		      "  {\"a\\\"b\", 20}], msg_flags=MSG_EOR|0x1}, -1) = -1 EAGAIN (later)");
	const struct drill_call *c = s->events.at[0].call;
	const struct drill_field *f = c->args[1]->fields;

	ck_assert_str_eq(c->name, "recvmsg");
	ck_assert_uint_eq(c->count, 3);
	ck_assert_int_eq(c->args[1]->kind, TERM_STRUCT);
	ck_assert_uint_eq(c->args[1]->count, 3);
	ck_assert_str_eq(f[0].name, "msg_name");
	ck_assert_int_eq(f[0].of->kind, TERM_ANY);
	ck_assert_int_eq(f[0].value->kind, TERM_ANY);
	ck_assert_int_eq(f[1].of->value, 2);
	ck_assert_int_eq(f[1].value->kind, TERM_LIST);
	ck_assert_int_eq(f[1].value->items[0]->kind, TERM_STRUCT);
	ck_assert_ptr_null(f[1].value->items[0]->fields[1].name);
	ck_assert_int_eq(f[1].value->items[0]->fields[1].value->value, 100);
	ck_assert_str_eq(f[1].value->items[1]->fields[0].value->text, "a\"b");
	ck_assert_int_eq(f[1].value->items[1]->at.line, 2);
	ck_assert_int_eq(f[2].value->kind, TERM_OR);
	ck_assert_int_eq(f[2].value->value, 0x81);
	ck_assert_int_eq(c->args[2]->value, -1);
	ck_assert_int_eq(c->result->value, -1);
	ck_assert_str_eq(c->error, "EAGAIN");
	ck_assert_int_eq(c->errno_value, 11);
	ck_assert_str_eq(c->note, "later");
	ck_assert_int_eq(s->events.at[0].last_line, 2);
	drill_script_free(s);
}
END_TEST

START_TEST(results_and_values)
{
	struct drill_script *s = script_of(
		EVENT "fcntl(3, F_GETFL) = 0x02 (flags O_RDWR)\n" EVENT
		      "bind(3, {sa_family=AF_INET, sin_port=htons(8080)}, ...) = ...\n" EVENT
		      "getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0\n");
	const struct drill_call *c = s->events.at[0].call;

	ck_assert(c->result->is_hex);
	ck_assert_int_eq(c->result->value, 2);
	ck_assert_str_eq(c->note, "flags O_RDWR");
	ck_assert_ptr_null(c->error);
	c = s->events.at[1].call;
	ck_assert_int_eq(c->result->kind, TERM_ANY);
	ck_assert_int_eq(c->args[1]->fields[1].value->kind, TERM_CALL);
	ck_assert_str_eq(c->args[1]->fields[1].value->text, "htons");
	ck_assert_int_eq(c->args[1]->fields[1].value->items[0]->value, 8080);
	c = s->events.at[2].call;
	ck_assert_int_eq(c->args[3]->kind, TERM_LIST);
	ck_assert_str_eq(c->args[3]->items[0]->text, "ECONNRESET");
	ck_assert_int_eq(c->args[3]->items[0]->value, 104);
	drill_script_free(s);
}
END_TEST

static const char branches[] = "0 close(1) = 0\n"
			       "#ifdef STANDARD\n+0 close(2) = 0\n#else\n+0 close(3) = 0\n#endif\n"
			       "#ifndef OTHER\n+0 close(4) = 0\n#endif\n";

static int64_t second_descriptor(const char *const *defined)
{
	struct drill_words words = {.defined = defined};
	struct drill_script *s = script_with(branches, &words);
	int64_t fd = s->events.at[1].call->args[0]->value;

	ck_assert_uint_eq(s->events.count, 3);
	ck_assert_int_eq(s->events.at[2].at.line, 8);
	drill_script_free(s);
	return fd;
}

START_TEST(branches_are_chosen_by_what_is_defined)
{
	ck_assert_int_eq(second_descriptor((const char *const[]){"STANDARD", NULL}), 2);
	ck_assert_int_eq(second_descriptor((const char *const[]){"STANDAR", "X", NULL}), 3);
	ck_assert_int_eq(second_descriptor(NULL), 3);
}
END_TEST

START_TEST(words_are_filled_in)
{
	static const char *const given[] = {"SIZE=1000", "FLAGS=O_RDWR | O_NONBLOCK", NULL};
	struct drill_words words = {.given = given};
	struct drill_script *s = script_with("0 fcntl(3, F_SETFL, FLAGS) = SIZE\n", &words);
	const struct drill_call *c = s->events.at[0].call;

	ck_assert_int_eq(c->args[2]->value, 0x802);
	ck_assert_int_eq(c->result->value, 1000);
	drill_script_free(s);
}
END_TEST

START_TEST(an_event_as_written)
{
	struct drill_script *s = script_of("`sysctl net.ipv4.tcp_sack=0`\n"
					   "0   <  S  0:0(0)\t win 5 // note\n  <mss 100>\n"
					   "+0 %{ assert tcpi_state == 1,\\\n  'x' }%\n"
					   "`sysctl net.ipv4.tcp_sack=1`\n");

	ck_assert_uint_eq(s->init->count, 1);
	ck_assert_uint_eq(s->cleanup->count, 1);
	ck_assert_str_eq(s->events.at[0].text, "< S 0:0(0) win 5 <mss 100>");
	ck_assert_int_eq(s->events.at[0].at.line, 2);
	ck_assert_int_eq(s->events.at[0].last_line, 3);
	ck_assert_int_eq(s->events.at[1].kind, EVENT_CODE);
	ck_assert_int_eq(s->events.at[1].last_line, 5);
	ck_assert_str_eq(drill_script_line(s, 6), "`sysctl net.ipv4.tcp_sack=1`");
	ck_assert_str_eq(drill_script_line(s, 70), "");
	drill_script_free(s);
}
END_TEST

Suite *script_suite(void)
{
	Suite *s = suite_create("script");
	TCase *t = tcase_create("tree");

	tcase_add_test(t, options_of_the_file);
	tcase_add_loop_test(t, times_are_microseconds, 0, sizeof times / sizeof times[0]);
	tcase_add_test(t, a_packet_with_everything);
	tcase_add_test(t, what_a_packet_leaves_open);
	tcase_add_loop_test(t, icmp_has_the_numbers_of_its_ip_version, 0,
			    sizeof icmps / sizeof icmps[0]);
	tcase_add_test(t, calls_are_trees);
	tcase_add_test(t, results_and_values);
	tcase_add_test(t, branches_are_chosen_by_what_is_defined);
	tcase_add_test(t, words_are_filled_in);
	tcase_add_test(t, an_event_as_written);
	suite_add_tcase(s, t);
	return s;
}
