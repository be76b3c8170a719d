/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <base/prng.h>
#include "live/answers.h"

struct log {
	struct sink text;
	usec rtt;
};

static void log_echo(void *user, const void *octets, size_t n, usec rtt)
{
	struct log *l = user;

	sink_putc(&l->text, '[');
	sink_put(&l->text, octets, n);
	sink_putc(&l->text, ']');
	l->rtt = rtt;
}

static void log_strange(void *user, const void *octets, size_t n)
{
	struct log *l = user;

	sink_putc(&l->text, '?');
	sink_put(&l->text, octets, n);
	sink_putc(&l->text, '?');
}

/* said: messages; heard: pieces; both end with |. In what is told: [echo] ?strange?. A line end is
 * written as a semicolon. */
static const struct {
	const char *said, *heard, *told;
} table[] = {
	{"hello;|", "hello;|", "[hello;]"},
	/* Split, and joined. */
	{"hello;|", "h|e|llo|;|", "[hello;]"},
	{"a;|b;|c;|", "a;b;c;|", "[a;][b;][c;]"},
	{"a;|b;|c;|", "a|;b|;c;|", "[a;][b;][c;]"},
	{"one|two|", "onetwo|", "[one][two]"},
	{"aa|aa|", "aaa|a|", "[aa][aa]"},
	/* Greetings and answers that are none. */
	{"hello;|", "welcome;hello;|", "?welcome;?[hello;]"},
	{"hello;|", "hi;hello;|", "?hi;?[hello;]"},
	{"hello;|", "he;hello;|", "?he;?[hello;]"},
	{"hello;|", "he|hi;|hello;|", "?hehi;?[hello;]"},
	{"hello;|", "HELLO;|", "?HELLO;?"},
	{"a;|b;|", "A;b;|", "?A;?[b;]"},
	{"a;|b;|", "A;B;|", "?A;B;?"},
	{"a;|b;|c;|", "b;c;|", "[b;][c;]"},
	{"ab;|ac;|ad;|", "ad;|", "[ad;]"},
	{"ab;|ac;|ad;|", "ac;ab;ad;|", "[ac;]?ab;?[ad;]"},
	{"world;|wonder;|", "world;|wonder;|", "[world;][wonder;]"},
	{"hello;|wonder;|", "wool;hello;wonder;|", "?wool;?[hello;][wonder;]"},
	{"", "hello;|", "?hello;?"},
	{"x|", "abc|x|", "?abc??x?"},
};

static size_t piece_of(const char **at, char *out)
{
	size_t n = strcspn(*at, "|");

	for (size_t i = 0; i < n; i++)
		out[i] = (*at)[i] == ';' ? '\n' : (*at)[i];
	*at += n + 1;
	return n;
}

static void send_all(struct answers *a, usec at)
{
	size_t n;

	answers_unsent(a, &n);
	answers_sent(a, n, at);
}

START_TEST(echoes_and_what_is_none)
{
	struct log log = {0};
	struct answers_watcher w = {&log, log_echo, log_strange};
	const char *said = table[_i].said, *heard = table[_i].heard;
	struct answers a = {0};
	char piece[64];
	size_t n;

	sink_puts(&log.text, "");
	while (*said) {
		n = piece_of(&said, piece);
		ck_assert(answers_say(&a, piece, n));
	}
	send_all(&a, 100);
	while (*heard) {
		n = piece_of(&heard, piece);
		answers_heard(&a, piece, n, 150, &w);
	}
	for (size_t i = 0; i < log.text.count; i++)
		log.text.at[i] = log.text.at[i] == '\n' ? ';' : log.text.at[i];
	ck_assert_str_eq(log.text.at, table[_i].told);
	sink_fini(&log.text);
	answers_fini(&a);
}
END_TEST

/* A prompt without a line end is not the beginning of our echo. */
START_TEST(a_prompt_before_we_speak)
{
	struct log log = {0};
	struct answers_watcher w = {&log, log_echo, log_strange};
	struct answers a = {0};

	answers_heard(&a, "login: ", 7, 0, &w);
	ck_assert(answers_say(&a, "zhang\n", 6));
	send_all(&a, 5);
	answers_heard(&a, "zhang\n", 6, 12, &w);
	ck_assert_str_eq(log.text.at, "?login: ?[zhang\n]");
	ck_assert_int_eq(log.rtt, 7);
	sink_fini(&log.text);
	answers_fini(&a);
}
END_TEST

/* What the kernel has not got cannot have come back. */
START_TEST(only_what_was_sent_is_answered)
{
	struct log log = {0};
	struct answers_watcher w = {&log, log_echo, log_strange};
	struct answers a = {0};
	size_t n;

	ck_assert(answers_say(&a, "abc\n", 4));
	answers_sent(&a, 2, 1);
	answers_heard(&a, "ab", 2, 2, &w);
	answers_heard(&a, "c\n", 2, 3, &w);
	ck_assert_str_eq(log.text.at, "?abc\n?");
	ck_assert_str_eq(answers_unsent(&a, &n), "c\n");
	ck_assert_uint_eq(n, 2);
	answers_sent(&a, 2, 9);
	answers_heard(&a, "abc\n", 4, 10, &w);
	ck_assert_str_eq(log.text.at, "?abc\n?[abc\n]");
	/* Its way began with its first octet. */
	ck_assert_int_eq(log.rtt, 9);
	sink_fini(&log.text);
	answers_fini(&a);
}
END_TEST

START_TEST(there_is_room_for_so_much)
{
	struct log log = {0};
	struct answers_watcher w = {&log, log_echo, log_strange};
	static char big[3 * ANSWERS_ROOM];
	struct answers a = {0};

	memset(big, 'x', sizeof big);
	/* One that is larger than all, alone. */
	ck_assert(answers_say(&a, big, sizeof big));
	ck_assert(!answers_say(&a, "y", 1));
	send_all(&a, 0);
	ck_assert(!answers_say(&a, "y", 1));
	answers_heard(&a, big, sizeof big, 1, &w);
	ck_assert_uint_eq(answers_waiting(&a), 0);
	ck_assert(answers_say(&a, "y", 1));
	send_all(&a, 2);
	answers_heard(&a, "y", 1, 3, &w);
	/* One who answers otherwise: what has no echo goes, the oldest first. */
	for (int i = 0; i < 16; i++)
		ck_assert(answers_say(&a, big, ANSWERS_ROOM / 16));
	send_all(&a, 4);
	ck_assert(!answers_say(&a, "hello\n", 6));
	answers_heard(&a, "no\n", 3, 5, &w);
	ck_assert(answers_say(&a, "hello\n", 6));
	ck_assert_uint_eq(answers_waiting(&a), 16);
	send_all(&a, 6);
	sink_clear(&log.text);
	answers_heard(&a, "hello\n", 6, 7, &w);
	ck_assert_str_eq(log.text.at, "[hello\n]");
	sink_fini(&log.text);
	answers_fini(&a);
}
END_TEST

/* An echo server behind a network that cuts and joins as it likes. */
START_TEST(random_pieces_of_a_true_echo_are_never_strange)
{
	struct log log = {0};
	struct answers_watcher w = {&log, log_echo, log_strange};
	struct sink said = {0}, told = {0};
	struct answers a = {0};
	struct prng p;
	size_t heard = 0, sent = 0;

	prng_init(&p, 4, 8);
	sink_puts(&log.text, "");
	for (int round = 0; round < 20000; round++) {
		char words[12];
		size_t n = 1 + prng_below(&p, sizeof words - 1), unsent;

		for (size_t i = 0; i < n; i++)
			words[i] = "aab\n"[prng_below(&p, 4)];
		ck_assert(answers_say(&a, words, n));
		sink_put(&said, words, n);
		sink_putc(&told, '[');
		sink_put(&told, words, n);
		sink_putc(&told, ']');
		answers_unsent(&a, &unsent);
		n = prng_below(&p, unsent + 1);
		answers_sent(&a, n, round);
		sent += n;
		n = prng_below(&p, sent - heard + 1);
		answers_heard(&a, said.at + heard, n, round, &w);
		heard += n;
	}
	answers_unsent(&a, &sent);
	answers_sent(&a, sent, 20000);
	answers_heard(&a, said.at + heard, said.count - heard, 20000, &w);
	ck_assert_str_eq(log.text.at, told.at);
	ck_assert_uint_eq(answers_waiting(&a), 0);
	sink_fini(&log.text);
	sink_fini(&said);
	sink_fini(&told);
	answers_fini(&a);
}
END_TEST

Suite *answers_suite(void)
{
	Suite *suite = suite_create("answers");
	TCase *tcase = tcase_create("answers");

	tcase_add_loop_test(tcase, echoes_and_what_is_none, 0,
			    (int)(sizeof table / sizeof table[0]));
	tcase_add_test(tcase, a_prompt_before_we_speak);
	tcase_add_test(tcase, only_what_was_sent_is_answered);
	tcase_add_test(tcase, there_is_room_for_so_much);
	tcase_add_test(tcase, random_pieces_of_a_true_echo_are_never_strange);
	suite_add_tcase(suite, tcase);
	return suite;
}
