/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/prng.h>
#include <woshou/address.h>

static const struct text_case {
	const char *text;
	const char *printed; /* NULL: not an address */
} texts[] = {
	{"10.0.0.1", "10.0.0.1"},
	{"0.0.0.0", "0.0.0.0"},
	{"255.255.255.255", "255.255.255.255"},
	{"256.0.0.1", NULL},
	{"1.2.3", NULL},
	{"1.2.3.4.5", NULL},
	{"1.2.3.", NULL},
	{"1..2.3", NULL},
	{"01.2.3.4", NULL},
	{"1.2.3.4 ", NULL},
	{" 1.2.3.4", NULL},
	{"1.2.3.0004", NULL},
	{"-1.2.3.4", NULL},
	{"", NULL},
	{"localhost", NULL},
	{"::", "::"},
	{"::1", "::1"},
	{"1::", "1::"},
	{"fd00::1", "fd00::1"},
	{"FD00::ABCD", "fd00::abcd"},
	{"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
	{"2001:0db8:0000:0001:0000:0000:0000:0001", "2001:db8:0:1::1"},
	{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, /* one zero group stays: RFC 5952 4.2.2 */
	{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    /* the first of equals: 4.2.3 */
	{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},          /* the longest */
	{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
	{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
	{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
	{"::ffff:10.0.0.1", "::ffff:10.0.0.1"},
	{"::10.0.0.1", "::a00:1"},
	{"64:ff9b::10.0.0.1", "64:ff9b::a00:1"},
	{"1:2:3:4:5:6:10.0.0.1", "1:2:3:4:5:6:a00:1"},
	{"1:2:3:4:5:6:7:10.0.0.1", NULL},
	{"1:2:3:4:5:10.0.0.1", NULL},
	{"::10.0.0.1:1", NULL},
	{"::10.0.0", NULL},
	{"::.0.0.1", NULL},
	{"1:2:3:4:5:6:7:8::", NULL},
	{"1:2:3:4::5:6:7:8", NULL},
	{"1:2:3:4:5:6:7:8:9", NULL},
	{"1:2:3:4:5:6:7", NULL},
	{"1::2::3", NULL},
	{":1::2", NULL},
	{"1:", NULL},
	{":", NULL},
	{":::", NULL},
	{"::1:", NULL},
	{"::12345", NULL},
	{"::g", NULL},
	{"fe80::1%eth0", NULL},
};

START_TEST(a_text_is_this_address)
{
	const struct text_case *c = &texts[_i];
	struct address a = {.family = 99};
	char text[ADDRESS_TEXT];

	ck_assert_msg(address_parse(c->text, &a) == (c->printed != NULL), "'%s'", c->text);
	if (!c->printed) {
		ck_assert_msg(a.family == 99, "'%s': out was touched", c->text);
		return;
	}
	address_text(&a, text);
	ck_assert_str_eq(text, c->printed);
}
END_TEST

START_TEST(every_address_goes_and_comes_back)
{
	struct prng p;

	prng_init(&p, 4, 0);
	for (int round = 0; round < 20000; round++) {
		struct address a = {.family = round % 2 ? FAMILY_IPV4 : FAMILY_IPV6};
		char text[ADDRESS_TEXT];
		struct address back;

		for (int i = 0; i < (round % 2 ? 4 : 16); i++)
			a.octets[i] = prng_below(&p, 3) ? 0 : (uint8_t)prng_u64(&p);
		address_text(&a, text);
		ck_assert_uint_lt(strlen(text), ADDRESS_TEXT);
		ck_assert_msg(address_parse(text, &back), "%s", text);
		ck_assert_msg(address_eq(&a, &back), "%s", text);
	}
}
END_TEST

START_TEST(the_longest_text_fits)
{
	struct address a;
	char text[ADDRESS_TEXT];

	ck_assert(address_parse("1111:2222:3333:4444:5555:6666:7777:8888", &a));
	address_text(&a, text);
	ck_assert_str_eq(text, "1111:2222:3333:4444:5555:6666:7777:8888");
	ck_assert(address_parse("::ffff:255.255.255.255", &a));
	address_text(&a, text);
	ck_assert_str_eq(text, "::ffff:255.255.255.255");
	address_text(&(struct address){0}, text);
	ck_assert_str_eq(text, "-");
}
END_TEST

START_TEST(families_are_not_equal)
{
	struct address a = {.family = FAMILY_IPV4}, b = {.family = FAMILY_IPV6};

	ck_assert(!address_eq(&a, &b));
	b = a;
	ck_assert(address_eq(&a, &b));
	b.octets[3] = 1;
	ck_assert(!address_eq(&a, &b));
}
END_TEST

static const struct multicast_case {
	const char *text;
	bool is_multicast;
} multicasts[] = {
	{"223.255.255.255", false}, {"224.0.0.1", true},        {"239.255.255.255", true},
	{"240.0.0.1", false},       {"255.255.255.254", false}, {"255.255.255.255", true},
	{"fe80::1", false},         {"ff02::1", true},          {"e000::1", false},
};

START_TEST(multicast_is_known)
{
	struct address a;

	ck_assert(address_parse(multicasts[_i].text, &a));
	ck_assert_msg(address_is_multicast(&a) == multicasts[_i].is_multicast, "%s",
		      multicasts[_i].text);
}
END_TEST

Suite *address_suite(void)
{
	Suite *s = suite_create("address");
	TCase *t = tcase_create("text");

	tcase_add_loop_test(t, a_text_is_this_address, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(t, every_address_goes_and_comes_back);
	tcase_add_test(t, the_longest_text_fits);
	tcase_add_test(t, families_are_not_equal);
	tcase_add_loop_test(t, multicast_is_known, 0, sizeof multicasts / sizeof multicasts[0]);
	suite_add_tcase(s, t);
	return s;
}
