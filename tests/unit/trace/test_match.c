/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <woshou/match.h>

static const struct {
	uint16_t ctl;
	uint32_t len;
	const char *classes; /* all that it is of */
} segments[] = {
	{SYN, 0, "any SYN"},
	{SYN, 5, "any SYN data"},
	{SYN | ACK, 0, "any SYN+ACK"},
	{SYN | FIN, 0, "any SYN FIN"},
	{ACK, 0, "any ACK"},
	{ACK | PSH | URG | ECE, 0, "any ACK"},
	{ACK, 1, "any data"},
	{ACK | PSH, 7, "any data"},
	{FIN, 0, "any FIN"},
	{FIN | ACK, 0, "any FIN"},
	{FIN | ACK, 3, "any FIN data"},
	{RST, 0, "any RST"},
	{RST | ACK, 0, "any RST"},
	{RST | SYN | ACK, 0, "any SYN+ACK RST"},
	{0, 0, "any"},
};

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (; words; words = strchr(words, ' ')) {
		words += *words == ' ';
		if (strncmp(words, word, n) == 0 && (words[n] == '\0' || words[n] == ' '))
			return true;
	}
	return false;
}

START_TEST(test_classes)
{
	struct seg s = {.ctl = segments[_i].ctl, .text = {.len = segments[_i].len}};

	for (int c = 0; c < CLASS_COUNT; c++) {
		struct seg_match m = {.class = (uint8_t)c};
		const char *name = seg_class_name((enum seg_class)c);

		ck_assert_msg(seg_matches(&s, &m) == has_word(segments[_i].classes, name),
			      "%x with %u octets, %s", s.ctl, s.text.len, name);
	}
}
END_TEST

START_TEST(test_names)
{
	for (int c = 0; c < CLASS_COUNT; c++)
		ck_assert_int_eq(seg_class_named(seg_class_name((enum seg_class)c)), c);
	ck_assert_int_eq(seg_class_named("syn"), -1);
	ck_assert_int_eq(seg_class_named(""), -1);
}
END_TEST

static const struct {
	enum seg_number what;
	enum comparison how;
	int64_t value;
	bool holds;
} numbers[] = {
	/* seq 2^32 - 1: modulo */
	{NUMBER_SEQ, CMP_EQ, UINT32_MAX, true},
	{NUMBER_SEQ, CMP_NE, UINT32_MAX, false},
	{NUMBER_SEQ, CMP_LT, 0, true},
	{NUMBER_SEQ, CMP_LT, UINT32_MAX, false},
	{NUMBER_SEQ, CMP_LE, UINT32_MAX, true},
	{NUMBER_SEQ, CMP_GT, 0, false},
	{NUMBER_SEQ, CMP_GT, UINT32_MAX - 1, true},
	{NUMBER_SEQ, CMP_GE, 0, false},
	{NUMBER_ACK, CMP_EQ, 7, true},
	{NUMBER_ACK, CMP_GT, UINT32_MAX, true},
	/* plain numbers */
	{NUMBER_LEN, CMP_EQ, 3, true},
	{NUMBER_LEN, CMP_LT, 3, false},
	{NUMBER_LEN, CMP_LE, 3, true},
	{NUMBER_WIN, CMP_GE, 65535, true},
	{NUMBER_WIN, CMP_GT, 65534, true},
	{NUMBER_WIN, CMP_NE, 0, true},
	{NUMBER_RETRANSMIT, CMP_EQ, 2, true},
	{NUMBER_RETRANSMIT, CMP_EQ, 0, false},
};

START_TEST(test_numbers)
{
	struct seg s = {.ctl = ACK,
			.seq = seq(UINT32_MAX),
			.ack = seq(7),
			.wnd = 65535,
			.rexmit = 2,
			.len = 3,
			.text = {.len = 3}};
	struct seg_match m = {.count = 1,
			      .compare = {{(uint8_t)numbers[_i].what, (uint8_t)numbers[_i].how,
					   numbers[_i].value}}};

	ck_assert_int_eq(seg_matches(&s, &m), numbers[_i].holds);
}
END_TEST

START_TEST(test_all_must_hold)
{
	struct seg s = {.ctl = ACK, .ack = seq(7), .text = {.len = 3}};
	struct seg_match m = {.class = CLASS_DATA,
			      .count = 2,
			      .compare = {{NUMBER_LEN, CMP_EQ, 3}, {NUMBER_ACK, CMP_EQ, 7}}};

	ck_assert(seg_matches(&s, &m));
	m.compare[1].value = 8;
	ck_assert(!seg_matches(&s, &m));
	m.compare[1].value = 7;
	m.class = CLASS_SYN;
	ck_assert(!seg_matches(&s, &m));
}
END_TEST

/* Without ACK the field says nothing: neither equal nor different. */
START_TEST(test_no_ack_no_number)
{
	struct seg s = {.ctl = SYN};
	struct seg_match m = {.count = 1, .compare = {{NUMBER_ACK, CMP_EQ, 0}}};

	ck_assert(!seg_matches(&s, &m));
	m.compare[0].how = CMP_NE;
	ck_assert(!seg_matches(&s, &m));
}
END_TEST

Suite *match_suite(void)
{
	Suite *s = suite_create("match");
	TCase *c = tcase_create("match");

	tcase_add_loop_test(c, test_classes, 0, sizeof segments / sizeof segments[0]);
	tcase_add_test(c, test_names);
	tcase_add_loop_test(c, test_numbers, 0, sizeof numbers / sizeof numbers[0]);
	tcase_add_test(c, test_all_must_hold);
	tcase_add_test(c, test_no_ack_no_number);
	suite_add_tcase(s, c);
	return s;
}
