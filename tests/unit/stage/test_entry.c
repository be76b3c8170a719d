/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/diag.h>
#include <base/prng.h>
#include <base/utf8.h>
#include <stage/keys.h>
#include <stage/prompt.h>

static void type(struct entry *e, const char *text)
{
	while (*text) {
		uint32_t cp;

		text += utf8_next(text, strlen(text), &cp);
		ck_assert(entry_key(e, cp));
	}
}

/* The text with | where the cursor stands. */
static const char *shown(const struct entry *e)
{
	static char text[ENTRY_OCTETS + 2];

	memcpy(text, e->text, e->at);
	text[e->at] = '|';
	memcpy(text + e->at + 1, e->text + e->at, e->count - e->at + 1);
	return text;
}

START_TEST(a_line_is_edited_anywhere_in_it)
{
	struct entry e = {0};

	type(&e, "zhang clse");
	ck_assert_str_eq(shown(&e), "zhang clse|");
	entry_key(&e, PRESS_LEFT);
	entry_key(&e, PRESS_LEFT);
	type(&e, "o");
	ck_assert_str_eq(shown(&e), "zhang clo|se");
	entry_key(&e, PRESS_HOME);
	ck_assert_str_eq(shown(&e), "|zhang close");
	entry_key(&e, PRESS_BACKSPACE);
	entry_key(&e, PRESS_LEFT);
	entry_key(&e, PRESS_DELETE);
	ck_assert_str_eq(shown(&e), "|hang close");
	entry_key(&e, CTRL_KEY('E'));
	entry_key(&e, PRESS_RIGHT);
	entry_key(&e, PRESS_DELETE);
	ck_assert_str_eq(shown(&e), "hang close|");
	entry_key(&e, CTRL_KEY('W'));
	ck_assert_str_eq(shown(&e), "hang |");
	entry_key(&e, CTRL_KEY('W'));
	entry_key(&e, CTRL_KEY('W'));
	ck_assert_str_eq(shown(&e), "|");
	type(&e, "one two three");
	entry_key(&e, CTRL_KEY('A'));
	entry_key(&e, CTRL_KEY('F'));
	entry_key(&e, CTRL_KEY('F'));
	entry_key(&e, CTRL_KEY('F'));
	entry_key(&e, CTRL_KEY('K'));
	ck_assert_str_eq(shown(&e), "one|");
	entry_key(&e, CTRL_KEY('B'));
	entry_key(&e, CTRL_KEY('U'));
	ck_assert_str_eq(shown(&e), "|e");
	entry_key(&e, CTRL_KEY('D'));
	ck_assert_str_eq(shown(&e), "|");
}
END_TEST

START_TEST(chinese_and_accents_are_whole_letters)
{
	struct entry e = {0};

	type(&e, "张三 e\xcc\x81!"); /* e with a mark of its own on it */
	entry_key(&e, PRESS_LEFT);
	entry_key(&e, PRESS_LEFT);
	ck_assert_str_eq(shown(&e), "张三 |e\xcc\x81!");
	entry_key(&e, PRESS_DELETE);
	ck_assert_str_eq(shown(&e), "张三 |!");
	entry_key(&e, PRESS_BACKSPACE);
	entry_key(&e, PRESS_BACKSPACE);
	ck_assert_str_eq(shown(&e), "张|!");
	/* A mark alone has nothing to stand on. */
	entry_set(&e, "");
	entry_key(&e, 0x301);
	ck_assert_str_eq(shown(&e), "|");
}
END_TEST

START_TEST(what_is_no_letter_is_not_typed)
{
	static const uint32_t keys[] = {PRESS_ENTER, PRESS_ESCAPE, PRESS_TAB, PRESS_UP,
					PRESS_F1,    0x1b,         0x7f,      0x9b,
					0x202e,      CTRL_KEY('G')};
	struct entry e = {0};

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		ck_assert_msg(!entry_key(&e, keys[i]), "%x", keys[i]);
	ck_assert_uint_eq(e.count, 0);
}
END_TEST

START_TEST(a_full_line_takes_no_more)
{
	struct entry e = {0};

	for (int i = 0; i < 1000; i++)
		entry_key(&e, i % 2 ? 'x' : 0x5f20);
	ck_assert_uint_lt(e.count, ENTRY_OCTETS);
	ck_assert_uint_ge(e.count, ENTRY_OCTETS - 4);
	ck_assert(utf8_valid(e.text, e.count));
	ck_assert_uint_eq(strlen(e.text), e.count);
}
END_TEST

/* Whatever is pressed, the line stays text, and the cursor between two letters and in sight. */
START_TEST(any_keys_leave_a_line)
{
	static const uint32_t letters[] = {'a', ' ', 0x5f20, 0x301, 0xe9, 0x1f600, '"', 0xfffd};
	struct entry e = {0};
	struct recall r = {0};
	struct prng p;

	prng_init(&p, 7, (uint64_t)_i);
	for (int i = 0; i < 5000; i++) {
		uint32_t key =
			prng_below(&p, 3)
				? letters[prng_below(&p, 8)]
				: (uint32_t)(prng_below(&p, 2) ? prng_below(&p, 32)
							       : PRESS_ENTER + prng_below(&p, 22));
		int room = 1 + (int)prng_below(&p, 40);
		size_t first;

		if (prng_below(&p, 40) == 0)
			recall_add(&r, e.text);
		if (!recall_key(&r, &e, key))
			entry_key(&e, key);
		first = entry_first(&e, room);
		ck_assert(utf8_valid(e.text, e.count));
		ck_assert_uint_eq(strlen(e.text), e.count);
		ck_assert_uint_le(e.at, e.count);
		ck_assert(utf8_valid(e.text, e.at));
		ck_assert_uint_le(first, e.at);
		ck_assert_int_le((int)utf8_width(e.text + first, e.at - first), room);
	}
}
END_TEST

START_TEST(older_lines_come_back_and_the_own_is_not_lost)
{
	struct recall r = {0};
	struct entry e = {0};

	recall_add(&r, "zhang close");
	recall_add(&r, "li close");
	recall_add(&r, "li close");
	recall_add(&r, "");
	type(&e, "drop");
	ck_assert(recall_key(&r, &e, PRESS_UP));
	ck_assert_str_eq(e.text, "li close");
	recall_key(&r, &e, PRESS_UP);
	recall_key(&r, &e, PRESS_UP);
	ck_assert_str_eq(shown(&e), "zhang close|");
	recall_key(&r, &e, PRESS_DOWN);
	recall_key(&r, &e, PRESS_DOWN);
	recall_key(&r, &e, PRESS_DOWN);
	ck_assert_str_eq(shown(&e), "drop|");
	for (int i = 0; i < 100; i++) {
		char text[16] = {(char)('a' + i % 26), (char)('a' + i / 26)};

		recall_add(&r, text);
	}
	ck_assert_int_eq(r.count, RECALL_LINES);
	for (int i = 0; i < 100; i++)
		recall_key(&r, &e, PRESS_UP);
	ck_assert_str_eq(e.text, "yc"); /* the 24th from the end */
}
END_TEST

static const char *const verbs[] = {"connect", "close", "crash", "write", NULL};

static void offer(struct prompt *p)
{
	p->words = (struct candidates){.from = entry_word(&p->entry)};
	prompt_offer(p, verbs);
}

static void press(struct prompt *p, uint32_t key)
{
	prompt_key(p, NULL, key);
	offer(p);
}

START_TEST(tab_completes_and_then_cycles)
{
	struct prompt p;

	prompt_open(&p, "");
	offer(&p);
	press(&p, 'w');
	press(&p, PRESS_TAB);
	ck_assert_str_eq(p.entry.text, "write ");
	press(&p, 'c');
	ck_assert_int_eq(p.words.count, 3);
	press(&p, PRESS_TAB);
	ck_assert_str_eq(p.entry.text, "write connect");
	press(&p, PRESS_TAB);
	ck_assert_str_eq(p.entry.text, "write close");
	press(&p, PRESS_TAB);
	press(&p, PRESS_TAB);
	ck_assert_str_eq(p.entry.text, "write connect");
	press(&p, PRESS_BACK_TAB);
	ck_assert_str_eq(p.entry.text, "write crash");
	press(&p, CTRL_KEY('W'));
	press(&p, 'c');
	press(&p, 'l');
	press(&p, PRESS_TAB);
	ck_assert_str_eq(p.entry.text, "write close ");
	/* Nothing fits: nothing happens. */
	press(&p, 'q');
	press(&p, PRESS_TAB);
	ck_assert_str_eq(p.entry.text, "write close q");
}
END_TEST

START_TEST(what_is_offered_is_taken_or_replaced)
{
	struct prompt p;

	prompt_open(&p, "200ms");
	ck_assert_int_eq(prompt_key(&p, NULL, PRESS_ENTER), PROMPT_GIVEN);
	ck_assert_str_eq(p.entry.text, "200ms");
	prompt_open(&p, "200ms");
	prompt_key(&p, NULL, '3');
	prompt_key(&p, NULL, 's');
	ck_assert_str_eq(p.entry.text, "3s");
	prompt_open(&p, "200ms");
	prompt_key(&p, NULL, PRESS_LEFT);
	prompt_key(&p, NULL, '0');
	ck_assert_str_eq(p.entry.text, "200m0s");
	ck_assert_int_eq(prompt_key(&p, NULL, PRESS_ESCAPE), PROMPT_LEFT);
	prompt_open(&p, "");
	ck_assert_int_eq(prompt_key(&p, NULL, 'x'), PROMPT_OPEN);
	ck_assert_int_eq(prompt_key(&p, NULL, PRESS_BACKSPACE), PROMPT_OPEN);
	ck_assert_int_eq(prompt_key(&p, NULL, PRESS_BACKSPACE), PROMPT_LEFT);
}
END_TEST

START_TEST(a_mistake_keeps_its_place_until_the_next_key)
{
	struct diags d = {0};
	struct prompt p;

	prompt_open(&p, "zhang clsoe");
	diag_error(&d, (struct place){"", 1, 20 + 6, 5}, NULL, "did you mean close?",
		   "unknown verb 'clsoe'");
	prompt_blame(&p, &d, 0, 20, LANG_EN);
	ck_assert_str_eq(p.complaint, "unknown verb 'clsoe'");
	ck_assert_str_eq(p.hint, "did you mean close?");
	ck_assert_uint_eq(p.wrong_at, 6);
	ck_assert_uint_eq(p.wrong_size, 5);
	prompt_key(&p, NULL, PRESS_LEFT);
	ck_assert_str_eq(p.complaint, "");
	ck_assert_str_eq(p.entry.text, "zhang clsoe");
	/* About something before the line: no place in it. */
	prompt_blame(&p, &d, 0, 100, LANG_EN);
	ck_assert_uint_eq(p.wrong_size, 0);
	diags_fini(&d);
}
END_TEST

START_TEST(a_long_line_scrolls_and_shows_its_cursor)
{
	struct entry e = {0};
	struct canvas c;

	canvas_init(&c, 1, 20, false);
	entry_set(&e, "li write \"once upon a time 张三 waved\"");
	for (int i = 0; i < 50; i++) {
		bool seen = false;

		canvas_clear(&c);
		entry_draw(&e, &c, 0, 2, 16, INK(ROLE_TEXT));
		for (int column = 0; column < 20; column++) {
			const struct cell *cell = canvas_at(&c, 0, column);

			seen |= (cell->attrs & ATTR_REVERSE) != 0;
			ck_assert((column >= 2 && column < 18) || canvas_is_blank(&c, 0, column));
		}
		ck_assert(seen);
		entry_key(&e, PRESS_LEFT);
	}
	canvas_fini(&c);
}
END_TEST

Suite *entry_suite(void)
{
	Suite *s = suite_create("entry");
	TCase *c = tcase_create("a line typed");

	tcase_add_test(c, a_line_is_edited_anywhere_in_it);
	tcase_add_test(c, chinese_and_accents_are_whole_letters);
	tcase_add_test(c, what_is_no_letter_is_not_typed);
	tcase_add_test(c, a_full_line_takes_no_more);
	tcase_add_loop_test(c, any_keys_leave_a_line, 0, 4);
	tcase_add_test(c, older_lines_come_back_and_the_own_is_not_lost);
	tcase_add_test(c, tab_completes_and_then_cycles);
	tcase_add_test(c, what_is_offered_is_taken_or_replaced);
	tcase_add_test(c, a_mistake_keeps_its_place_until_the_next_key);
	tcase_add_test(c, a_long_line_scrolls_and_shows_its_cursor);
	suite_add_tcase(s, c);
	return s;
}
