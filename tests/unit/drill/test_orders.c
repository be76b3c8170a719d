/* SPDX-License-Identifier: MIT */
/* What commands mean. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>
#include <drill/order.h>
#include <woshou/tcp.h>

static const struct {
	const char *command;
	struct drill_order wanted;
} orders[] = {
	{"./defaults.sh", {.kind = ORDER_DEFAULTS}},
	{"../a/defaults.sh\n", {.kind = ORDER_DEFAULTS}},
	{"/tmp/sysctl_restore_${PPID}.sh", {.kind = ORDER_RESTORE}},
	{"sysctl -w net.inet.tcp.insecure_rst=1",
	 {.kind = ORDER_SET, .knob = KNOB_INSECURE_RST, .value = {1}}},
	{"  sysctl -e -q net/ipv4/tcp_sack=0 # words",
	 {.kind = ORDER_SET, .knob = KNOB_TCP_SACK, .value = {0}}},
	{"sysctl -q net.ipv4.tcp_rmem=\"4096 32768 $((32*1024*1024))\"",
	 {.kind = ORDER_SET, .knob = KNOB_TCP_RMEM, .value = {4096, 32768, 33554432}}},
	{"../set_sysctls.py /proc/sys/net/ipv4/tcp_wmem=\"1 2 3\"",
	 {.kind = ORDER_SET, .knob = KNOB_TCP_WMEM, .value = {1, 2, 3}}},
	{"sysctl -w net.ipv4.tcp_congestion_control=cubic",
	 {.kind = ORDER_SET, .knob = KNOB_TCP_CONGESTION, .name = "cubic"}},
	{"echo 3 > /sys/module/tcp_cubic/parameters/hystart_detect",
	 {.kind = ORDER_SET, .knob = KNOB_CUBIC_HYSTART, .value = {3}}},
	{"sockstat -4 -P tcp -p 8080 -s | grep -c SYN_RCVD | grep 0",
	 {.kind = ORDER_EXPECT_COUNT,
	  .state = SYN_RECEIVED,
	  .ip = 4,
	  .port = 8080,
	  .is_partial = true}},
	{"sockstat -6 -P tcp -s | grep mine | grep -c TIME_WAIT | grep 12",
	 {.kind = ORDER_EXPECT_COUNT,
	  .state = TIME_WAIT,
	  .ip = 6,
	  .is_partial = true,
	  .value = {12}}},
	{"tcpdrop -s TIME_WAIT", {.kind = ORDER_DROP_STATE, .state = TIME_WAIT}},
	{"nstat -n", {.kind = ORDER_COUNTERS}},
	{"nstat -s | grep TcpExtThing | grep -q \" 3 \"",
	 {.kind = ORDER_EXPECT_COUNTER, .name = "TcpExtThing", .value = {3}}},
	{"tc qdisc replace dev tun0 root pfifo limit 0", {.kind = ORDER_BLACK_HOLE}},
	{"tc qdisc add dev tun0 root fq", {.kind = ORDER_PACING}},
	{"tc qdisc delete dev tun0 root", {.kind = ORDER_FIFO}},
	{"tc qdisc replace dev tun0 root pfifo", {.kind = ORDER_FIFO}},
	{"ethtool -K tun0 tso off gso off", {.kind = ORDER_SEGMENTS}},
	{"ip link set dev tun0 mtu 1300", {.kind = ORDER_LINK_MTU, .value = {1300}}},
	{"ip route change 192.0.2.0/24 dev tun0 mtu lock 1200 advmss 900",
	 {.kind = ORDER_ROUTE, .value = {1200, 900}}},
};

START_TEST(a_line_is_one_order)
{
	const struct drill_order *wanted = &orders[_i].wanted;
	const struct drill_order *order;
	struct drill_script *s;
	char text[256];

	snprintf(text, sizeof text, "0 `%s`\n", orders[_i].command);
	s = script_of(text);
	ck_assert_uint_eq(s->events.at[0].command->count, 1);
	order = s->events.at[0].command->orders;
	ck_assert_int_eq(order->kind, wanted->kind);
	ck_assert_int_eq(order->knob, wanted->knob);
	ck_assert_int_eq(order->state, wanted->state);
	ck_assert_int_eq(order->is_partial, wanted->is_partial);
	ck_assert_int_eq(order->ip, wanted->ip);
	ck_assert_int_eq(order->port, wanted->port);
	ck_assert_pstr_eq(order->name, wanted->name);
	for (int i = 0; i < DRILL_WORDS_MAX; i++)
		ck_assert_int_eq(order->value[i], wanted->value[i]);
	drill_script_free(s);
}
END_TEST

START_TEST(a_command_of_several_lines)
{
	struct drill_script *s = script_of("`./defaults.sh\n"
					   "set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0 \\\n"
					   "  /proc/sys/net/ipv4/tcp_timestamps=0\n"
					   "# words\n"
					   "sysctl -q net.ipv4.tcp_frto=0; nstat -n && nstat -n`\n"
					   "0 close(3) = 0\n");
	const struct drill_order *o = s->init->orders;

	ck_assert_uint_eq(s->init->count, 6);
	ck_assert_int_eq(o[0].kind, ORDER_DEFAULTS);
	ck_assert_int_eq(o[1].knob, KNOB_TCP_SACK);
	ck_assert_int_eq(o[2].knob, KNOB_TCP_TIMESTAMPS);
	ck_assert_int_eq(o[2].at.line, 3);
	ck_assert_int_eq(o[2].at.byte, 2);
	ck_assert_int_eq(o[3].knob, KNOB_TCP_FRTO);
	ck_assert_str_eq(o[3].text, "sysctl -q net.ipv4.tcp_frto=0");
	ck_assert_int_eq(o[5].kind, ORDER_COUNTERS);
	drill_script_free(s);
}
END_TEST

/* Each has one line of the table, and says what it does. */
START_TEST(knobs_are_told_apart)
{
	for (unsigned i = 0; i < KNOB_COUNT; i++) {
		const struct drill_knob_info *info = drill_knob_at(i);

		ck_assert(info->words == 0 || info->words == 1 || info->words == 3);
		ck_assert_int_le(info->least, info->most);
		ck_assert_uint_gt(strlen(info->fields), 1);
		for (unsigned j = 0; j < i; j++)
			ck_assert_str_ne(info->name, drill_knob_at(j)->name);
	}
}
END_TEST

Suite *orders_suite(void)
{
	Suite *s = suite_create("orders");
	TCase *t = tcase_create("commands");

	tcase_add_loop_test(t, a_line_is_one_order, 0, sizeof orders / sizeof orders[0]);
	tcase_add_test(t, a_command_of_several_lines);
	tcase_add_test(t, knobs_are_told_apart);
	suite_add_tcase(s, t);
	return s;
}
