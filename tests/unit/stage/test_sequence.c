/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/prng.h>
#include <stage/probe.h>
#include <stage/sequence.h>

static const struct {
	const char *octets;
	uint32_t key;
	int column, row;
} mice[] = {
	{"[<0;14;24M", PRESS_CLICK, 13, 23},
	{"[<0;1;1M", PRESS_CLICK, 0, 0},
	{"[<0;300;90M", PRESS_CLICK, 299, 89},
	{"[<16;14;24M", PRESS_CLICK, 13, 23}, /* with Control */
	{"[<64;5;6M", PRESS_WHEEL_UP, 4, 5},
	{"[<65;5;6M", PRESS_WHEEL_DOWN, 4, 5},
	{"[<32;14;24M", PRESS_DRAG, 13, 23},
	{"[<48;14;24M", PRESS_DRAG, 13, 23}, /* with Control */
	{"[<0;14;24m", PRESS_DROP, 13, 23},
	{"[M@!!", PRESS_DRAG, 0, 0},
	{"[M#!!", PRESS_DROP, 0, 0},
	{"[M !!", PRESS_CLICK, 0, 0},
	{"[M`$%", PRESS_WHEEL_UP, 3, 4},
};

START_TEST(what_the_mouse_does_is_understood)
{
	struct input in = sequence_input(mice[_i].octets, strlen(mice[_i].octets));

	ck_assert_uint_eq(in.key, mice[_i].key);
	ck_assert_int_eq(in.column, mice[_i].column);
	ck_assert_int_eq(in.row, mice[_i].row);
}
END_TEST

static const char *const nothing[] = {
	"[<2;14;24m",  /* another button let go */
	"[<64;14;24m", /* a wheel has no letting go */
	"[<35;14;24M", /* moved with no button held */
	"[<34;14;24M", /* with another one */
	"[<66;14;24M", /* the wheel to the side */
	"[<2;14;24M",  /* another button */
	"[1;2A",       /* Shift and Up */
	"[200~",       /* a paste begins */
	"[24;80R",     /* a late answer */
	"OZ",          "[<;;M", "[<0;1M", "[<0;1;1;1M",
	"[<0;1;x1M",   "[M !",  "[",      "[<99999999999;1;1M",
};

START_TEST(what_is_unknown_is_nothing)
{
	struct input in = sequence_input(nothing[_i], strlen(nothing[_i]));

	ck_assert_uint_eq(in.key, PRESS_NONE);
}
END_TEST

static const char *const whole[] = {"[<0;14;24M", "[M !!", "[1;2A", "[200~", "OZ", "[[A", "[Z"};

/* Neither less nor more of it is taken: what follows is a key of its own. */
START_TEST(it_ends_where_it_ends)
{
	size_t n = strlen(whole[_i]);

	for (size_t i = 1; i < n; i++)
		ck_assert(!sequence_is_whole(whole[_i], i));
	ck_assert(sequence_is_whole(whole[_i], n));
}
END_TEST

/* Whatever comes, it ends soon, and is a click only inside a screen. */
START_TEST(any_octets_end)
{
	struct prng p;

	prng_init(&p, 1, 0);
	for (int i = 0; i < 100000; i++) {
		char octets[SEQUENCE_MAX];
		size_t n = 1;

		octets[0] = prng_below(&p, 4) ? '[' : 'O';
		while (!sequence_is_whole(octets, n)) {
			ck_assert_uint_lt(n, SEQUENCE_MAX);
			if (prng_below(&p, 4))
				octets[n++] = "0123456789;<M"[prng_below(&p, 13)];
			else
				octets[n++] = (char)prng_below(&p, 256);
		}
		(void)sequence_input(octets, n);
	}
}
END_TEST

START_TEST(the_answer_is_taken_out_of_what_was_typed)
{
	static const struct {
		const char *came, *left;
		int column;
	} cases[] = {{"\033[24;2R", "", 2},
		     {"ab\033[1;13Rc", "abc", 13},
		     {"\033[A\033[7;1R", "\033[A", 1},
		     {"R", "R", 0},
		     {"\033[1R", "\033[1R", 0},
		     {"\033[;R", "\033[;R", 0},
		     {"", "", 0}};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char octets[32];
		size_t n = strlen(cases[i].came);

		memcpy(octets, cases[i].came, n + 1);
		ck_assert_int_eq(probe_take_answer(octets, &n), cases[i].column);
		ck_assert_str_eq(octets, cases[i].left);
		ck_assert_uint_eq(n, strlen(cases[i].left));
	}
}
END_TEST

Suite *sequence_suite(void)
{
	Suite *s = suite_create("sequence");
	TCase *c = tcase_create("sequence");

	tcase_add_loop_test(c, what_the_mouse_does_is_understood, 0, sizeof mice / sizeof mice[0]);
	tcase_add_loop_test(c, what_is_unknown_is_nothing, 0, sizeof nothing / sizeof nothing[0]);
	tcase_add_loop_test(c, it_ends_where_it_ends, 0, sizeof whole / sizeof whole[0]);
	tcase_add_test(c, any_octets_end);
	tcase_add_test(c, the_answer_is_taken_out_of_what_was_typed);
	suite_add_tcase(s, c);
	return s;
}
