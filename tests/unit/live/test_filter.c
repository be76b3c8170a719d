/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <live/capture.h>

/* Five connections, told apart by everything that a filter can ask. */
static void fill(struct capture *c)
{
	static const struct capture_flow all[] = {
		{.id = 1, .is_begun = true, .is_ended = true, .segments = 10, .last = 1500000},
		{.id = 2, .is_begun = true, .is_ended = true, .is_reset = true, .segments = 20},
		{.id = 3, .is_begun = true, .segments = 30, .repeated = 2, .octets = {70, 31}},
		{.id = 4, .segments = 40, .late = 1, .last = 20000},
		{.id = 5, .is_begun = true, .is_ended = true, .segments = 50, .octets = {100, 0}},
	};
	static const char *const ends[5][2] = {{"10.0.0.1", "10.0.0.2"},
					       {"10.0.0.1", "10.1.0.2"},
					       {"192.168.1.7", "10.0.0.2"},
					       {"fd00::1", "fd00::2"},
					       {"127.0.0.1", "127.0.0.1"}};
	static const uint16_t ports[5][2] = {
		{1000, 80}, {1001, 80}, {1002, 443}, {1003, 8888}, {80, 9}};

	*c = (struct capture){0};
	for (int i = 0; i < 5; i++) {
		*array_push(&c->flows) = all[i];
		for (int k = 0; k < 2; k++) {
			struct endpoint *e = &array_last(&c->flows)->flow.end[k];

			ck_assert(address_parse(ends[i][k], &e->address));
			e->port = ports[i][k];
		}
	}
}

static const struct filter_case {
	const char *filter;
	const char *chosen; /* "x" for each that is let through */
} cases[] = {
	{"#1", "x...."},
	{"#6", "....."},
	{"port 80", "xx..x"},
	{"tcp.port == 80", "xx..x"},
	{"tcp.port==80", "xx..x"},
	{"tcp.port eq 80", "xx..x"},
	{"tcp.port != 80", "..xx."},
	{"tcp.dstport >= 8888", "...x."},
	{"host 10.0.0.1", "xx..."},
	{"10.0.0.1", "xx..."},
	{"ip.addr == 10.0.0.2", "x.x.."},
	{"ip.addr == 10.0.0.0/16", "xxx.."},
	{"ip.addr == 10.1.0.0/16", ".x..."},
	{"net 0.0.0.0/0", "xxx.x"},
	{"ip.src != 10.0.0.1", "..xxx"},
	{"ipv6.addr == fd00::/64", "...x."},
	{"fd00::2", "...x."},
	{"tcp.stream == 2", "..x.."},
	{"tcp.stream < 2", "xx..."},
	{"connection <= 2", "xx..."},
	{"segments > 20", "..xxx"},
	{"segments lt 20", "x...."},
	{"octets > 100", "..x.."},
	{"octets ge 100", "..x.x"},
	{"duration > 1s", "x...."},
	{"duration >= 1.5", "x...."},
	{"duration > 1.5", "....."},
	{"duration == 20ms", "...x."},
	{"duration < 20000us", ".xx.x"},
	{"reset", ".x..."},
	{"lossy", "..xx."},
	{"ended", "xx..x"},
	{"unfinished", "..xx."},
	{"begun", "xxx.x"},
	{"not begun", "...x."},
	{"!reset && ended", "x...x"},
	{"not not reset", ".x..."},
	{"port 443 or reset and port 9", "..x.."},
	{"(port 443 or reset) and not port 9", ".xx.."},
	{"!(port 80||port 443)", "...x."},
	{"  ( ended )  ", "xx..x"},
};

START_TEST(lets_through)
{
	const struct filter_case *f = &cases[_i];
	struct capture c;
	struct diags d = {0};
	bool chosen[5];
	char got[6] = ".....";

	fill(&c);
	ck_assert_msg(capture_filter(&c, f->filter, chosen, &d), "%s", f->filter);
	for (int i = 0; i < 5; i++)
		if (chosen[i])
			got[i] = 'x';
	ck_assert_msg(strcmp(got, f->chosen) == 0, "%s: %s", f->filter, got);
	ck_assert_int_eq(d.errors, 0);
	capture_close(&c);
	diags_fini(&d);
}
END_TEST

static const struct mistake {
	const char *filter;
	int at, size;
	const char *message, *hint;
} mistakes[] = {
	{"tcp.prt == 80", 0, 7, "nothing in a filter is called so", "did you mean 'tcp.port'?"},
	{"port 80 and lossi", 12, 5, "nothing in a filter is called so", "did you mean 'lossy'?"},
	{"", 0, 1, "something is missing here", NULL},
	{"port 80 and", 11, 1, "something is missing here", NULL},
	{"port 80 or or", 11, 2, "nothing in a filter is called so", NULL},
	{"port", 4, 1, "a port belongs here: 0 to 65535", NULL},
	{"port 65536", 5, 5, "a port belongs here: 0 to 65535", NULL},
	{"port http", 5, 4, "a port belongs here: 0 to 65535", NULL},
	{"tcp.port 80", 9, 2, "a sign belongs here", "==, !=, <, >, <=, >="},
	{"host nowhere", 5, 7, "an address belongs here", NULL},
	{"host 10.0.0.0/33", 5, 11, "an address belongs here", NULL},
	{"ip.addr > 10.0.0.1", 10, 8, "addresses have no order", "== or !="},
	{"duration > soon", 11, 4, "a time belongs here", NULL},
	{"segments > 99999999999999999999999", 11, 23, "a number belongs here", NULL},
	{"#", 0, 1, "a number belongs behind the #", "#17"},
	{"#1x", 0, 3, "a number belongs behind the #", "#17"},
	{"(port 80", 8, 1, "a ')' belongs here", NULL},
	{"port 80)", 7, 1, "nothing was expected here", "and, or"},
	{"port 80 port 81", 8, 4, "nothing was expected here", "and, or"},
	{"&&", 0, 2, "nothing in a filter is called so", NULL},
	{"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((", 64, 1,
	 "too deep", NULL},
	{"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", 0, 78,
	 "no word of a filter is so long", NULL},
};

START_TEST(tells_mistakes_with_their_place)
{
	const struct mistake *m = &mistakes[_i];
	struct capture c;
	struct diags d = {0};
	bool chosen[5];

	fill(&c);
	ck_assert_msg(!capture_filter(&c, m->filter, chosen, &d), "%s", m->filter);
	ck_assert_int_eq(d.errors, 1);
	ck_assert_str_eq(d.list.at[0].message, m->message);
	ck_assert_int_eq(d.list.at[0].at.byte, m->at);
	ck_assert_int_eq(d.list.at[0].at.size, m->size);
	if (m->hint != NULL)
		ck_assert_str_eq(d.list.at[0].hint, m->hint);
	capture_close(&c);
	diags_fini(&d);
}
END_TEST

Suite *filter_suite(void)
{
	Suite *s = suite_create("filter");
	TCase *t = tcase_create("filter");

	tcase_add_loop_test(t, lets_through, 0, (int)(sizeof cases / sizeof cases[0]));
	tcase_add_loop_test(t, tells_mistakes_with_their_place, 0,
			    (int)(sizeof mistakes / sizeof mistakes[0]));
	suite_add_tcase(s, t);
	return s;
}
