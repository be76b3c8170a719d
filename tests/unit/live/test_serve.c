/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <base/array.h>
#include "played.h"

START_TEST(what_is_said_comes_back)
{
	struct serve_options o = played_plain();
	struct played s;
	int fd;

	o.is_ipv6 = _i == 1;
	if (o.is_ipv6 && access("/proc/net/if_inet6", R_OK) != 0)
		return;
	played_raise(&s, &o);
	fd = played_dial(&s);
	played_expect(&s, fd, "hello\n", "hello\n", false);
	played_expect(&s, fd, "\xff\xfe \x1b[31m\n", "\xff\xfe \x1b[31m\n", false);
	shutdown(fd, SHUT_WR);
	played_expect(&s, fd, "", "", true);
	played_until_open(&s, 0);
	ck_assert_str_eq(s.acts.at, "option SO_KEEPALIVE 1, bind, listen 5, accept, "
				    "read 'hello\n', write 'hello\n', "
				    "read '\xff\xfe \x1b[31m\n', write '\xff\xfe \x1b[31m\n', "
				    "read, close, ");
	ck_assert_str_eq(s.ends.at, "15 15 ok, ");
	close(fd);
	played_strike(&s);
}
END_TEST

/* What was sent before the FIN is echoed, and only then the server's FIN comes. */
START_TEST(half_a_close_is_honoured)
{
	struct serve_options o = played_plain();
	struct played s;
	int fd;

	played_raise(&s, &o);
	fd = played_dial(&s);
	played_say(fd, "one\ntwo");
	shutdown(fd, SHUT_WR);
	played_expect(&s, fd, "", "one\ntwo", true);
	close(fd);
	played_strike(&s);
}
END_TEST

static const struct {
	const char *said, *heard, *ends;
} words[] = {
	{"q\n", "", "2 0 ok by q, "},
	{"q\r\n", "", "3 0 ok by q, "},
	{"q", "", "1 0 ok by q, "},
	{"hello\nq\nand more", "hello\n", "16 6 ok by q, "},
};

START_TEST(the_word_ends_it)
{
	struct serve_options o = played_plain();
	struct played s;
	int fd;

	played_raise(&s, &o);
	fd = played_dial(&s);
	played_expect(&s, fd, words[_i].said, words[_i].heard, true);
	played_until_open(&s, 0);
	ck_assert_str_eq(s.ends.at, words[_i].ends);
	close(fd);
	played_strike(&s);
}
END_TEST

START_TEST(the_word_with_a_fin_ends_it_too)
{
	struct serve_options o = played_plain();
	struct played s;
	int fd;

	played_raise(&s, &o);
	fd = played_dial(&s);
	played_expect(&s, fd, "hello", "hello", false);
	played_say(fd, "q");
	shutdown(fd, SHUT_WR);
	played_expect(&s, fd, "", "", true);
	played_until_open(&s, 0);
	ck_assert_str_eq(s.ends.at, "6 5 ok by q, ");
	close(fd);
	played_strike(&s);
}
END_TEST

START_TEST(a_q_that_is_held_goes_out_with_what_follows)
{
	struct serve_options o = played_plain();
	struct played s;
	int fd;

	played_raise(&s, &o);
	fd = played_dial(&s);
	played_until_open(&s, 1);
	played_say(fd, "q");
	while (strstr(s.acts.at, "read 'q'") == NULL)
		loop_turn(s.loop, 5 * USEC_PER_MS);
	played_expect(&s, fd, "uit", "quit", false);
	/* One write: not the letter first and the rest when it has been acknowledged. */
	ck_assert_ptr_nonnull(strstr(s.acts.at, "write 'quit'"));
	close(fd);
	played_strike(&s);
}
END_TEST

START_TEST(a_transparent_server_has_no_word)
{
	struct serve_options o = played_plain();
	struct played s;
	int fd;

	o.is_transparent = true;
	played_raise(&s, &o);
	fd = played_dial(&s);
	played_expect(&s, fd, "q\n", "q\n", false);
	played_expect(&s, fd, "q", "q", false);
	played_say(fd, "q");
	shutdown(fd, SHUT_WR);
	played_expect(&s, fd, "", "q", true);
	close(fd);
	played_strike(&s);
}
END_TEST

START_TEST(one_who_does_not_read_waits_and_nobody_else_does)
{
	struct serve_options o = played_plain();
	struct sink sent = {0}, heard = {0};
	struct prng p;
	struct played s;
	int deaf, other;

	o.is_transparent = true;
	prng_init(&p, 4, 4);
	played_raise(&s, &o);
	deaf = played_dial(&s);
	played_fill(&s, deaf, &p, &sent);
	ck_assert_uint_gt(s.serve->rest, 0);
	ck_assert_uint_le(s.serve->rest, PIECE);
	other = played_dial(&s);
	played_expect(&s, other, "hello\n", "hello\n", false);
	/* And everything was kept. */
	shutdown(deaf, SHUT_WR);
	played_hear(&s, deaf, SIZE_MAX, &heard);
	ck_assert_uint_eq(heard.count, sent.count);
	ck_assert_int_eq(memcmp(heard.at, sent.at, sent.count), 0);
	ck_assert_uint_eq(s.serve->rest, 0);
	sink_fini(&sent);
	sink_fini(&heard);
	close(deaf);
	close(other);
	played_strike(&s);
}
END_TEST

/* What one may keep, many times over, is more than they all may. */
START_TEST(many_who_do_not_read_keep_little)
{
	enum { DEAF = 700, BUFFER = 4096 };
	struct serve_options o = played_plain();
	static int deaf[DEAF];
	static char piece[PIECE];
	struct serve_figures f;
	struct played s;

	o.is_transparent = true;
	played_raise(&s, &o);
	for (int i = 0; i < DEAF; i++) {
		deaf[i] = played_dial_with(&s, BUFFER);
		do {
			loop_turn(s.loop, 0);
			serve_figures(s.serve, &f);
		} while (f.open < (uint32_t)i + 1);
	}
	/* Until nobody can say more. */
	for (bool more = true; more;) {
		more = false;
		for (int i = 0; i < DEAF; i++)
			more |= send(deaf[i], piece, sizeof piece, MSG_NOSIGNAL) > 0;
		while (loop_turn(s.loop, 0))
			more = true;
		sink_clear(&s.acts);
	}
	ck_assert_uint_gt(s.serve->rest, REST_PLENTY / 2);
	ck_assert_uint_le(s.serve->rest, REST_PLENTY + PIECE + DEAF * PIECE_SMALL);
	for (int i = 0; i < DEAF; i++)
		close(deaf[i]);
	played_until_open(&s, 0);
	ck_assert_uint_eq(s.serve->rest, 0);
	played_strike(&s);
}
END_TEST

/* It does not read, and its `q` comes while its last line still waits. */
START_TEST(the_word_of_one_who_does_not_read_waits_with_the_rest)
{
	struct serve_options o = played_plain();
	struct sink sent = {0}, heard = {0};
	char line[8192];
	struct played s;
	int fd;

	played_raise(&s, &o);
	fd = played_dial_with(&s, 4096);
	memset(line, 'q', sizeof line - 1);
	line[sizeof line - 1] = '\n';
	while (s.serve->rest == 0) {
		ck_assert_int_eq(send(fd, line, sizeof line, MSG_NOSIGNAL), sizeof line);
		sink_put(&sent, line, sizeof line);
		loop_turn(s.loop, 0);
	}
	played_say(fd, "q\n");
	played_hear(&s, fd, SIZE_MAX, &heard);
	ck_assert_str_eq(heard.at, sent.at);
	played_until_open(&s, 0);
	ck_assert_ptr_nonnull(strstr(s.ends.at, "ok by q"));
	sink_fini(&sent);
	sink_fini(&heard);
	close(fd);
	played_strike(&s);
}
END_TEST

START_TEST(one_at_a_time_others_wait)
{
	struct serve_options o = played_plain();
	struct serve_figures f;
	struct played s;
	int first, second;
	char octet;

	o.one_at_a_time = true;
	played_raise(&s, &o);
	first = played_dial(&s);
	second = played_dial(&s);
	played_say(second, "me too\n");
	played_expect(&s, first, "hello\n", "hello\n", false);
	/* Nothing is left to be done, and the other has not been accepted. */
	while (loop_turn(s.loop, 20 * USEC_PER_MS))
		;
	serve_figures(s.serve, &f);
	ck_assert_uint_eq(f.accepted, 1);
	ck_assert_int_lt(recv(second, &octet, 1, 0), 0);
	close(first);
	played_expect(&s, second, "", "me too\n", false);
	close(second);
	played_until_open(&s, 0);
	played_strike(&s);
}
END_TEST

START_TEST(linger_0_ends_with_a_reset)
{
	struct serve_options o = played_plain();
	struct played s;
	char octet;
	int fd;

	o.linger_s = 0;
	played_raise(&s, &o);
	fd = played_dial(&s);
	played_expect(&s, fd, "hello\n", "hello\n", false);
	ck_assert_ptr_nonnull(strstr(s.acts.at, "accept, option SO_LINGER 0, "));
	played_say(fd, "q\n");
	played_until(&s, fd, POLLIN);
	ck_assert_int_eq(recv(fd, &octet, 1, 0), -1);
	ck_assert_int_eq(errno, ECONNRESET);
	close(fd);
	played_strike(&s);
}
END_TEST

/* close() with SO_LINGER blocks: the others must not notice. */
START_TEST(a_lingering_end_stops_nobody_else)
{
	struct serve_options o = played_plain();
	struct sink sent = {0}, heard = {0};
	struct played s;
	struct prng p;
	int deaf, other;

	o.linger_s = 3600;
	o.is_transparent = true;
	prng_init(&p, 4, 6);
	played_raise(&s, &o);
	deaf = played_dial(&s);
	/* All fits into the kernel's buffers, and its end cannot be acknowledged before it reads.
	 */
	played_fill(&s, deaf, &p, &sent);
	shutdown(deaf, SHUT_WR);
	played_hear(&s, deaf, sent.count / 2, &heard);
	other = played_dial(&s);
	played_expect(&s, other, "hello\n", "hello\n", false);
	played_hear(&s, deaf, SIZE_MAX, &heard);
	ck_assert_uint_eq(heard.count, sent.count);
	close(deaf);
	played_until_open(&s, 1);
	ck_assert_ptr_nonnull(strstr(s.acts.at, "read, shutdown, close, "));
	sink_fini(&sent);
	sink_fini(&heard);
	close(other);
	played_strike(&s);
}
END_TEST

START_TEST(a_reset_is_an_end_like_any_other)
{
	struct serve_options o = played_plain();
	struct linger at_once = {1, 0};
	struct serve_figures f;
	struct played s;

	played_raise(&s, &o);
	for (int i = 0; i < 100; i++) {
		int fd = played_dial(&s);

		/* Some before they are accepted, some with a word on the way, some later. */
		if (i % 3 == 0)
			played_expect(&s, fd, "hello\n", "hello\n", false);
		if (i % 3 == 1)
			played_say(fd, "q");
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
		close(fd);
		if (i % 5 == 0)
			loop_turn(s.loop, 0);
	}
	do
		serve_figures(s.serve, &f);
	while (loop_turn(s.loop, 300 * USEC_PER_MS));
	serve_figures(s.serve, &f);
	ck_assert_uint_eq(f.open, 0);
	ck_assert_uint_gt(f.reset, 30);
	played_strike(&s);
}
END_TEST

/* Those that are open get what they sent, and a FIN. */
START_TEST(a_server_that_stops_says_goodbye)
{
	struct serve_options o = played_plain();
	struct played s;
	int talking, silent, waiting;

	played_raise(&s, &o);
	silent = played_dial(&s);
	talking = played_dial(&s);
	played_expect(&s, talking, "hello\n", "hello\n", false);
	played_say(talking, "last words");
	waiting = played_dial(&s); /* not accepted yet */
	played_say(waiting, "let me in");
	serve_stop(s.serve, 3600 * USEC_PER_S);
	played_expect(&s, talking, "", "last words", true);
	played_expect(&s, silent, "", "", true);
	played_expect(&s, waiting, "", "let me in", true);
	while (!serve_is_over(s.serve))
		loop_turn(s.loop, USEC_NEVER);
	/* The listener is gone. */
	ck_assert_int_lt(s.serve->fd, 0);
	close(talking);
	close(silent);
	close(waiting);
	played_strike(&s);
}
END_TEST

START_TEST(a_server_that_stops_does_not_wait_for_ever)
{
	struct serve_options o = played_plain();
	struct sink sent = {0};
	struct played s;
	struct prng p;
	int deaf;

	prng_init(&p, 4, 7);
	o.is_transparent = true;
	played_raise(&s, &o);
	deaf = played_dial(&s);
	played_fill(&s, deaf, &p, &sent);
	serve_stop(s.serve, 3600 * USEC_PER_S);
	while (loop_turn(s.loop, 0))
		;
	ck_assert(!serve_is_over(s.serve));
	serve_stop(s.serve, 20 * USEC_PER_MS);
	while (!serve_is_over(s.serve))
		loop_turn(s.loop, USEC_NEVER);
	ck_assert_ptr_nonnull(strstr(s.ends.at, "ETIMEDOUT"));
	sink_fini(&sent);
	close(deaf);
	played_strike(&s);
}
END_TEST

START_TEST(without_descriptors_it_serves_those_it_has)
{
	struct serve_options o = played_plain();
	struct serve_figures f;
	struct rlimit was, few;
	struct played s;
	int first, second, next;

	o.backlog = 64;
	played_raise(&s, &o);
	first = played_dial(&s);
	played_until_open(&s, 1);
	second = played_dial(&s);
	next = dup(second);
	close(next);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = (struct rlimit){(rlim_t)next, was.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	played_say(second, "is anybody there?\n");
	played_expect(&s, first, "hello\n", "hello\n", false);
	do
		serve_figures(s.serve, &f);
	while (!f.is_short_of_descriptors && loop_turn(s.loop, USEC_NEVER));
	ck_assert_ptr_nonnull(strstr(s.notices.at, "descriptors of this process are in use"));
	/* It does not ask again and again. */
	ck_assert(!loop_turn(s.loop, 50 * USEC_PER_MS));
	played_expect(&s, first, "still\n", "still\n", false);
	/* One is free, and the other's turn has come. */
	played_expect(&s, first, "q\n", "", true);
	played_expect(&s, second, "", "is anybody there?\n", false);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &was), 0);
	/* Nobody waits any more, and nobody comes: it finds that out by itself. */
	while (strstr(s.notices.at, "descriptors again") == NULL)
		loop_turn(s.loop, USEC_NEVER);
	serve_figures(s.serve, &f);
	ck_assert(!f.is_short_of_descriptors);
	close(first);
	close(second);
	played_strike(&s);
}
END_TEST

START_TEST(why_it_cannot_listen_is_said)
{
	struct serve_options o = played_plain();
	struct sink complaint = {0};
	struct endpoint where;
	struct played s;

	played_raise(&s, &o);
	serve_where(s.serve, &where);
	o.port = where.port;
	ck_assert_ptr_null(serve_open(s.loop, &o, NULL, &complaint));
	ck_assert_ptr_nonnull(strstr(complaint.at, "Address already in use"));
	ck_assert_ptr_nonnull(strstr(complaint.at, "--reuseaddr"));
	sink_clear(&complaint);
	o = played_plain();
	o.bind = "203.0.113.1";
	ck_assert_ptr_null(serve_open(s.loop, &o, NULL, &complaint));
	ck_assert_ptr_nonnull(strstr(complaint.at, "--bind"));
	sink_clear(&complaint);
	o.bind = "127.0.0.1";
	o.is_ipv6 = true;
	ck_assert_ptr_null(serve_open(s.loop, &o, NULL, &complaint));
	ck_assert_ptr_nonnull(strstr(complaint.at, "as IPv6"));
	sink_fini(&complaint);
	played_strike(&s);
}
END_TEST

Suite *serve_suite(void)
{
	Suite *suite = suite_create("serve");
	TCase *tcase = tcase_create("serve");

	tcase_add_loop_test(tcase, what_is_said_comes_back, 0, 2);
	tcase_add_test(tcase, half_a_close_is_honoured);
	tcase_add_loop_test(tcase, the_word_ends_it, 0, (int)(sizeof words / sizeof words[0]));
	tcase_add_test(tcase, the_word_with_a_fin_ends_it_too);
	tcase_add_test(tcase, a_q_that_is_held_goes_out_with_what_follows);
	tcase_add_test(tcase, a_transparent_server_has_no_word);
	tcase_add_test(tcase, one_who_does_not_read_waits_and_nobody_else_does);
	tcase_add_test(tcase, many_who_do_not_read_keep_little);
	tcase_add_test(tcase, the_word_of_one_who_does_not_read_waits_with_the_rest);
	tcase_add_test(tcase, one_at_a_time_others_wait);
	tcase_add_test(tcase, linger_0_ends_with_a_reset);
	tcase_add_test(tcase, a_lingering_end_stops_nobody_else);
	tcase_add_test(tcase, a_reset_is_an_end_like_any_other);
	tcase_add_test(tcase, a_server_that_stops_says_goodbye);
	tcase_add_test(tcase, a_server_that_stops_does_not_wait_for_ever);
	tcase_add_test(tcase, without_descriptors_it_serves_those_it_has);
	tcase_add_test(tcase, why_it_cannot_listen_is_said);
	suite_add_tcase(suite, tcase);
	return suite;
}
