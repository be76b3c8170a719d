/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "export/export.h"
#include "play.h"

static const struct export_options plain;

static void expect_ladder(struct play *p, const struct export_options *o, const char *expected)
{
	struct sink out = {0};

	export_ladder(p->trace, o, &out);
	ck_assert_str_eq(out.at, expected);
	sink_fini(&out);
	play_free(p);
}

/* The sample of the language's page, octet for octet. */
START_TEST(test_first_wave)
{
	struct play p = play_first_wave();

	expect_ladder(
		&p, &plain,
		"woshou-ladder 1\n"
		" 0.000  li        listen()                                    ; LISTEN\n"
		" 0.000  zhang     connect(li)                                 ; SYN_SENT\n"
		" 0.000  zhang ~x li     S   1000:1000(0) win 65535 <mss 1460> # "
		"first-wave.scene:10 drop 1st where SYN\n"
		" 1.000  zhang -> li     S   1000:1000(0) win 65535 <mss 1460>   rexmit 1\n"
		" 1.050  li    -> zhang  S.  5000:5000(0) ack 1001 win 65535 <mss 1460>   ; li "
		"SYN_RCVD\n"
		" 1.100  zhang -> li     .   1001:1001(0) ack 5001 win 65535   ; zhang "
		"ESTABLISHED\n"
		" 1.150                                                        ; li ESTABLISHED\n"
		" 1.200  zhang     write(\"line 1\\n\")\n"
		" 1.200  zhang -> li     P.  1001:1008(7) ack 5001 win 65535\n"
		" 1.250  li        reads \"line 1\\n\"\n"
		" 1.450  li    -> zhang  .   5001:5001(0) ack 1008 win 65535\n"
		" 1.500  li    ->| zhang .   5001:5001(0) ack 1008 win 65535\n"
		" 2.000  zhang     shutdown()                                  ; FIN_WAIT_1\n"
		" 2.000  zhang -> li     F.  1008:1008(0) ack 5001 win 65535\n"
		" 2.050  li    -> zhang  .   5001:5001(0) ack 1009 win 65535   ; li CLOSE_WAIT\n"
		" 2.100                                                        ; zhang FIN_WAIT_2\n"
		" 3.000  li        close()                                     ; LAST_ACK\n"
		" 3.000  li    -> zhang  F.  5001:5001(0) ack 1009 win 65535\n"
		" 3.050  zhang -> li     .   1009:1009(0) ack 5002 win 65535   ; zhang TIME_WAIT\n"
		" 3.100                                                        ; li CLOSED\n"
		"63.050                                                        ; zhang CLOSED\n");
}
END_TEST

/* "~" before what a recording inferred: a call, a state, a deed of the wind, a reading. */
START_TEST(test_inferred)
{
	struct play p = play_new();
	uint64_t sent;

	play_call(&p, 0, ZHANG, 2, CALL_CONNECT, "");
	play_last(&p)->is_inferred = true;
	play_state(&p, 0, ZHANG, 2, CLOSED, SYN_SENT);
	play_last(&p)->is_inferred = true;
	sent = play_send(&p, 0, ZHANG, (struct said){.ctl = SYN, .seq = 1000});
	play_wind(&p, 0, sent, DEED_DROP, 0, "");
	play_last(&p)->is_inferred = true;
	play_write(&p, 500 * MS, ZHANG, "hi");
	play_read(&p, 1 * S, LI, 0, 2);
	play_last(&p)->is_inferred = true;
	play_state(&p, 2 * S, ZHANG, 2, SYN_SENT, CLOSED);
	expect_ladder(
		&p, &plain,
		"woshou-ladder 1\n"
		" 0.000  zhang     ~connect(li)                                ; ~SYN_SENT\n"
		" 0.000  zhang ~x li     S   1000:1000(0) win 65535            # ~drop\n"
		" 0.500  zhang     write(\"hi\")\n"
		" 1.000  li        ~reads \"hi\"\n"
		" 2.000                                                        ; zhang CLOSED\n");
}
END_TEST

#define SEGMENT "P.  1:3(2) ack 5 win 65535"

static uint64_t say(struct play *p, usec at)
{
	return play_send(p, at, ZHANG,
			 (struct said){.ctl = PSH | ACK, .seq = 1, .ack = 5, .len = 2});
}

static uint64_t nod(struct play *p, usec at)
{
	return play_send(p, at, LI, (struct said){.ctl = ACK, .seq = 5, .ack = 3});
}

/* An arrival has its own line unless the next one of its host tells it. */
START_TEST(test_arrivals)
{
	struct play p = play_new();
	uint64_t sent = say(&p, 0);

	play_arrive(&p, 1 * S, sent); /* nothing comes of it */
	play_arrive(&p, 2 * S, sent); /* a nod */
	nod(&p, 2 * S);
	play_arrive(&p, 3 * S, sent); /* the nod comes later */
	nod(&p, 4 * S);
	play_arrive(&p, 5 * S, sent); /* it is read */
	play_read(&p, 5 * S, LI, 0, 2);
	play_arrive(&p, 6 * S, sent); /* a state */
	play_state(&p, 6 * S, LI, 3, ESTABLISHED, CLOSE_WAIT);
	play_arrive(&p, 7 * S, sent); /* another host's segment tells nothing */
	say(&p, 7 * S);
	expect_ladder(
		&p, &plain,
		"woshou-ladder 1\n"
		" 0.000  zhang -> li     " SEGMENT "\n"
		" 1.000  zhang ->| li    " SEGMENT "\n"
		" 2.000  li    -> zhang  .   5:5(0) ack 3 win 65535\n"
		" 3.000  zhang ->| li    " SEGMENT "\n"
		" 4.000  li    -> zhang  .   5:5(0) ack 3 win 65535\n"
		" 5.000  li        reads 2 octets\n"
		" 6.000                                                        ; li CLOSE_WAIT\n"
		" 7.000  zhang ->| li    " SEGMENT "\n"
		" 7.000  zhang -> li     " SEGMENT "\n");
}
END_TEST

START_TEST(test_wind)
{
	struct play p = play_new();
	uint64_t sent = say(&p, 0), copy;

	copy = play_wind(&p, 0, sent, DEED_DUPLICATE, 3, "duplicate every 1st after 1s");
	play_wind(&p, 0, sent, DEED_DELAY, 0, "");
	play_last(&p)->number[0] = 2500 * MS;
	play_last(&p)->place.line = 0;
	play_wind(&p, 1 * S, sent, DEED_CORRUPT, 0, "");
	play_arrive(&p, 2 * S, copy);
	play_state(&p, 2 * S, LI, 3, SYN_RECEIVED, ESTABLISHED);
	play_discard(&p, 3 * S, sent, DISCARD_CHECKSUM);
	sent = say(&p, 4 * S);
	play_wind(&p, 64 * S, sent, DEED_LIFETIME, 0, "");
	play_last(&p)->number[0] = 60 * S;
	expect_ladder(&p, &plain,
		      "woshou-ladder 1\n"
		      " 0.000  zhang ~> li     " SEGMENT
		      "            # first-wave.scene:3 duplicate every 1st after 1s   # delay by "
		      "2500ms\n"
		      " 1.000  zhang ~> li     " SEGMENT "            # corrupt\n"
		      " 2.000  zhang ->| li    " SEGMENT "   copy     ; li ESTABLISHED\n"
		      " 3.000  zhang -x| li    " SEGMENT "            # checksum wrong\n"
		      " 4.000  zhang -> li     " SEGMENT "\n"
		      "64.000  zhang ~x li     " SEGMENT "            # lifetime 60s\n");
}
END_TEST

START_TEST(test_strangers)
{
	struct play p = play_new();
	uint64_t sent = say(&p, 0);

	play_last(&p)->is_stranger = true;
	play_arrive(&p, 0, sent);
	play_state(&p, 0, LI, 3, LISTEN, SYN_RECEIVED);
	nod(&p, 0);
	/* Without a sender's record. */
	play_arrive(&p, 1 * S, sent);
	play_last(&p)->of = play_last(&p)->serial;
	play_state(&p, 1 * S, LI, 3, SYN_RECEIVED, LISTEN);
	expect_ladder(
		&p, &plain,
		"woshou-ladder 1\n"
		" 0.000  zhang ?> li     " SEGMENT "\n"
		" 0.000  li    -> zhang  .   5:5(0) ack 3 win 65535            ; li SYN_RCVD\n"
		" 1.000  zhang ?> li     " SEGMENT "            ; li LISTEN\n");
}
END_TEST

START_TEST(test_calls)
{
	struct play p = play_new();
	struct record *r;

	play_call(&p, 0, LI, 1, CALL_BIND, ""); /* told by the port */
	play_call(&p, 0, LI, 1, CALL_LISTEN, "");
	play_last(&p)->from_port = 80;
	play_last(&p)->number[0] = 5;
	play_call(&p, 0, LI, 1, CALL_BIND, "");
	play_last(&p)->number[0] = 80;
	play_last(&p)->error = SOCK_EADDRINUSE;
	play_call(&p, 0, ZHANG, 2, CALL_OPTION, "SO_LINGER");
	play_call(&p, 0, ZHANG, 2, CALL_OPTION, "TCP_NODELAY");
	play_last(&p)->number[0] = 1;
	play_call(&p, 0, ZHANG, 2, CALL_OPTION, "cc");
	play_last(&p)->number[0] = CC_RENO;
	play_call(&p, 0, ZHANG, 2, CALL_OPTION, "msl");
	play_last(&p)->number[0] = 1500;
	play_call(&p, 0, ZHANG, 2, CALL_CONNECT, "");
	r = play_last(&p);
	r->to_port = 80;
	r->from_port = 5000;
	play_record(&p, 1 * S, REC_RESULT, ZHANG);
	r = play_last(&p);
	r->conn = 2;
	r->detail = CALL_CONNECT;
	play_state(&p, 1 * S, ZHANG, 2, SYN_SENT, ESTABLISHED);
	play_write(&p, 2 * S, ZHANG, "\"\\\x1b\xff张三\t");
	play_write(&p, 2 * S, ZHANG, "12345678901234567890123456789012345678901");
	play_call(&p, 2 * S, ZHANG, 2, CALL_WRITE, "gone");
	r = play_last(&p);
	r->number[0] = 4;
	r->error = SOCK_EPIPE;
	play_call(&p, 2 * S, LI, 3, CALL_READ, "");
	play_read(&p, 2 * S, LI, 0, 0);
	play_read(&p, 3 * S, LI, 0, 0); /* nobody asked: the FIN told it */
	expect_ladder(&p, &plain,
		      "woshou-ladder 1\n"
		      " 0.000  li        listen(port 80 backlog 5)\n"
		      " 0.000  li        bind(80) fails EADDRINUSE\n"
		      " 0.000  zhang     option(SO_LINGER 0s)\n"
		      " 0.000  zhang     option(TCP_NODELAY on)\n"
		      " 0.000  zhang     option(cc reno)\n"
		      " 0.000  zhang     option(msl 1500us)\n"
		      " 0.000  zhang     connect(li port 80 from 5000)\n"
		      " 1.000                                                        ; zhang "
		      "ESTABLISHED\n"
		      " 2.000  zhang     write(\"\\\"\\\\\\x1b\\xff张三\\t\")\n"
		      " 2.000  zhang     write(41 octets)\n"
		      " 2.000  zhang     write(\"gone\") fails EPIPE\n"
		      " 2.000  li        reads end\n");
}
END_TEST

/* What ends a connection without a call: told once, by connect() where that waits. */
START_TEST(test_errors)
{
	struct play p = play_new();
	uint64_t sent = say(&p, 0);
	struct record *r;

	for (int i = 0; i < 2; i++) {
		play_arrive(&p, (1 + i) * S, sent);
		play_state(&p, (1 + i) * S, LI, 3, ESTABLISHED, CLOSED);
		play_record(&p, (1 + i) * S, REC_SIGNAL, LI);
		r = play_last(&p);
		r->conn = 3;
		r->number[0] = TCP_SIG_RESET;
	}
	play_record(&p, 2 * S, REC_RESULT, LI);
	r = play_last(&p);
	r->conn = 3;
	r->detail = CALL_CONNECT;
	r->error = SOCK_ECONNRESET;
	play_record(&p, 3 * S, REC_TIMER, ZHANG);
	play_state(&p, 3 * S, ZHANG, 2, ESTABLISHED, CLOSED);
	play_record(&p, 3 * S, REC_SIGNAL, ZHANG);
	play_last(&p)->number[0] = TCP_SIG_TIMEOUT;
	expect_ladder(&p, &plain,
		      "woshou-ladder 1\n"
		      " 0.000  zhang -> li     " SEGMENT "\n"
		      " 1.000  li        error ECONNRESET                            ; CLOSED\n"
		      " 2.000  li        connect fails ECONNRESET                    ; CLOSED\n"
		      " 3.000  zhang     error ETIMEDOUT                             ; CLOSED\n");
}
END_TEST

START_TEST(test_happenings)
{
	struct play p = play_new();
	struct record *r;

	play_record(&p, 0, REC_CRASH, LI);
	play_record(&p, 1 * S, REC_REBOOT, LI);
	play_record(&p, 2 * S, REC_ICMP, ZHANG);
	play_last(&p)->detail = ICMP_TOO_BIG;
	play_last(&p)->number[0] = 1400;
	play_state(&p, 2 * S, ZHANG, 2, SYN_SENT, CLOSED);
	play_record(&p, 3 * S, REC_PROMISE, LI);
	r = play_last(&p);
	r->text[0] = trace_text(p.trace, "stream", 6);
	r->text[1] = trace_text(p.trace, "octet 5 twice", 13);
	r->number[0] = 1;
	expect_ladder(&p, &plain,
		      "woshou-ladder 1\n"
		      " 0.000  li        crash\n"
		      " 1.000  li        reboot\n"
		      " 2.000  zhang     icmp too-big 1400                           ; CLOSED\n"
		      " 3.000  !         promise stream broken: octet 5 twice        # expected\n");
}
END_TEST

/* The first conversation needs no ports; others have them, or their connection's name. */
START_TEST(test_conversations)
{
	struct play p = play_new();
	struct trace_conn named = *trace_conn_at(p.trace, 2);

	named.serial = 9;
	named.label = "c2";
	trace_add_conn(p.trace, &named);
	say(&p, 0);
	say(&p, 0);
	play_last(&p)->from_port = 49153;
	say(&p, 0);
	play_last(&p)->from_port = 49154;
	play_last(&p)->conn = 9;
	play_call(&p, 0, ZHANG, 9, CALL_CONNECT, "");
	play_call(&p, 0, ZHANG, 9, CALL_CLOSE, "");
	play_state(&p, 0, ZHANG, 9, ESTABLISHED, FIN_WAIT_1);
	play_state(&p, 1 * S, ZHANG, 9, FIN_WAIT_1, FIN_WAIT_2);
	play_state(&p, 1 * S, ZHANG, 9, FIN_WAIT_2, TIME_WAIT);
	play_state(&p, 1 * S, ZHANG, 2, FIN_WAIT_2, TIME_WAIT);
	expect_ladder(&p, &plain,
		      "woshou-ladder 1\n"
		      " 0.000  zhang -> li     " SEGMENT "\n"
		      " 0.000  zhang -> li     " SEGMENT "   [49153>8888]\n"
		      " 0.000  zhang -> li     " SEGMENT "   [c2]\n"
		      " 0.000  zhang     connect(li) as c2\n"
		      " 0.000  zhang     c2 close()                                  ; FIN_WAIT_1\n"
		      " 1.000                                                        "
		      "; c2 FIN_WAIT_2, TIME_WAIT; zhang TIME_WAIT\n");
}
END_TEST

START_TEST(test_relative)
{
	static const struct export_options relative = {.relative = true};
	struct play p = play_new();

	play_send(&p, 0, ZHANG, (struct said){.ctl = SYN, .seq = UINT32_MAX});
	play_send(&p, 0, LI, (struct said){.ctl = SYN | ACK, .seq = 5000, .ack = 0});
	play_send(&p, 0, ZHANG, (struct said){.ctl = ACK, .seq = 0, .ack = 5001});
	expect_ladder(&p, &relative,
		      "woshou-ladder 1\n"
		      " 0.000  zhang -> li     S   0:0(0) win 65535\n"
		      " 0.000  li    -> zhang  S.  0:0(0) ack 1 win 65535\n"
		      " 0.000  zhang -> li     .   1:1(0) ack 1 win 65535\n");
}
END_TEST

/* Columns hold with Chinese names, odd microseconds and long runs. */
START_TEST(test_columns)
{
	struct play p = play_new();
	struct trace_host wang = {.name = "老王五"};
	uint8_t host = trace_add_host(p.trace, &wang);

	say(&p, 7);
	play_last(&p)->host = host;
	say(&p, 1 * S);
	play_last(&p)->from_port = 49152;
	play_state(&p, 12345 * (usec)S, ZHANG, 2, ESTABLISHED, CLOSED);
	expect_ladder(&p, &plain,
		      "woshou-ladder 1\n"
		      "    0.000007  老王五 -> li      " SEGMENT "\n"
		      "    1.000     zhang  -> li      " SEGMENT "   [49152>8888]\n"
		      "12345.000                                                             "
		      "; zhang CLOSED\n");
}
END_TEST

START_TEST(test_empty)
{
	struct play p = play_new();

	expect_ladder(&p, NULL, "woshou-ladder 1\n");
}
END_TEST

/* Lines of no kind end with a space, whatever the trace. */
START_TEST(test_no_trailing_space)
{
	struct play p = play_everything();
	struct sink out = {0};

	export_ladder(p.trace, &plain, &out);
	ck_assert_ptr_null(strstr(out.at, " \n"));
	sink_fini(&out);
	play_free(&p);
}
END_TEST

/* Lines as words with one blank between: the feed has wider columns. */
static void put_words(struct sink *out, const char *text)
{
	for (; *text != '\0'; text++) {
		char last = out->count > 0 ? out->at[out->count - 1] : '\n';

		if (*text != ' ')
			sink_putc(out, *text);
		else if (last != ' ' && last != '\n')
			sink_putc(out, ' ');
	}
}

static void expect_same_words(const char *feed, const char *whole)
{
	struct sink a = {0}, b = {0};

	put_words(&a, feed);
	put_words(&b, whole);
	ck_assert_str_eq(a.at, b.at);
	sink_fini(&a);
	sink_fini(&b);
}

static void expect_fed(struct play p)
{
	struct ladder_feed *feed = ladder_feed_new(p.trace, NULL);
	struct sink fed = {0}, whole = {0};

	ladder_feed_more(feed, true, &fed);
	export_ladder(p.trace, &plain, &whole);
	expect_same_words(fed.at, strchr(whole.at, '\n') + 1);
	ladder_feed_free(feed);
	sink_fini(&fed);
	sink_fini(&whole);
	play_free(&p);
}

START_TEST(test_feed_of_a_whole_trace)
{
	expect_fed(play_first_wave());
	expect_fed(play_everything());
}
END_TEST

/* A line comes as soon as nothing can change it: with the next instant, or when it is quiet. */
START_TEST(test_feed_of_a_growing_trace)
{
	struct play p = play_new();
	struct ladder_feed *feed = ladder_feed_new(p.trace, NULL);
	struct sink fed = {0}, whole = {0};
	uint64_t sent;

	play_call(&p, 0, ZHANG, 2, CALL_CONNECT, "");
	ladder_feed_more(feed, false, &fed);
	ck_assert_uint_eq(fed.count, 0);
	sent = play_send(&p, 10, ZHANG, (struct said){.ctl = SYN, .seq = 1000});
	ladder_feed_more(feed, false, &fed);
	ck_assert_ptr_nonnull(strstr(fed.at, "connect("));
	ck_assert_ptr_null(strstr(fed.at, "1000:1000(0)"));
	play_wind(&p, 10, sent, DEED_DROP, 3, "drop SYN");
	ladder_feed_more(feed, true, &fed);
	ck_assert_ptr_nonnull(strstr(fed.at, "zhang ~x li     S   1000:1000(0)"));
	ck_assert_ptr_nonnull(strstr(fed.at, "0.000010"));
	play_call(&p, 1 * S, ZHANG, 2, CALL_CLOSE, "");
	ladder_feed_more(feed, true, &fed);
	ladder_feed_more(feed, true, &fed);
	export_ladder(p.trace, &plain, &whole);
	expect_same_words(fed.at, strchr(whole.at, '\n') + 1);
	ladder_feed_free(feed);
	sink_fini(&fed);
	sink_fini(&whole);
	play_free(&p);
}
END_TEST

Suite *ladder_suite(void)
{
	Suite *s = suite_create("ladder");
	TCase *c = tcase_create("ladder");

	tcase_add_test(c, test_first_wave);
	tcase_add_test(c, test_inferred);
	tcase_add_test(c, test_arrivals);
	tcase_add_test(c, test_wind);
	tcase_add_test(c, test_strangers);
	tcase_add_test(c, test_calls);
	tcase_add_test(c, test_errors);
	tcase_add_test(c, test_happenings);
	tcase_add_test(c, test_conversations);
	tcase_add_test(c, test_feed_of_a_whole_trace);
	tcase_add_test(c, test_feed_of_a_growing_trace);
	tcase_add_test(c, test_relative);
	tcase_add_test(c, test_columns);
	tcase_add_test(c, test_empty);
	tcase_add_test(c, test_no_trailing_space);
	suite_add_tcase(s, c);
	return s;
}
