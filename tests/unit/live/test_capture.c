/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <live/capture.h>
#include "film.h"

enum { MICRO = 0xa1b2c3d4, RAW = 101, WIFI = 127 };

static const struct film_end zhang = {1, 1000}, li = {2, 80}, wang = {3, 1000};

static void open_film(struct film *f, struct capture *c, struct diags *d)
{
	ck_assert_msg(capture_open(c, f->out.at, f->out.count, "test", d), "%s",
		      d->list.count ? d->list.at[0].message : "");
}

static void close_film(struct film *f, struct capture *c, struct diags *d)
{
	capture_close(c);
	diags_fini(d);
	sink_fini(&f->out);
}

/* Words, so far apart; microseconds. */
static void say(struct film *f, usec later, struct film_end from, struct film_end to, uint16_t ctl,
		uint32_t number, uint32_t ack, const char *text)
{
	f->at += (uint64_t)later;
	film_segment(f, from, to, ctl, number, ack, text);
}

static void begin(struct film *f)
{
	film_pcap(f, MICRO, RAW);
	f->at = UINT64_C(1700000000000000);
}

/* From the first wave to the last nod; `near` is the gap before the answer, `far` before the third
 * segment. */
static void whole(struct film *f, struct film_end a, struct film_end b, usec near, usec far)
{
	say(f, 10, a, b, SYN, 100, 0, "");
	say(f, near, b, a, SYN | ACK, 500, 101, "");
	say(f, far, a, b, ACK, 101, 501, "");
	say(f, 10, a, b, ACK | PSH, 101, 501, "hello");
	say(f, near, b, a, ACK, 501, 106, "");
	say(f, 10, a, b, ACK | FIN, 106, 501, "");
	say(f, near, b, a, ACK | FIN, 501, 107, "");
	say(f, far, a, b, ACK, 107, 502, "");
}

START_TEST(a_whole_connection)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};
	const struct capture_flow *flow;

	begin(&f);
	whole(&f, zhang, li, 10, 3000);
	open_film(&f, &c, &d);
	ck_assert_uint_eq(c.frames, 8);
	ck_assert_uint_eq(c.flows.count, 1);
	flow = c.flows.at;
	ck_assert_uint_eq(flow->id, 1);
	ck_assert_uint_eq(flow->flow.end[0].port, 1000);
	ck_assert_uint_eq(flow->flow.end[1].port, 80);
	ck_assert(flow->is_begun && flow->is_ended && !flow->is_reset);
	ck_assert_uint_eq(flow->segments, 8);
	ck_assert_uint_eq(flow->octets[0], 5);
	ck_assert_uint_eq(flow->octets[1], 0);
	ck_assert_uint_eq(flow->repeated, 0);
	ck_assert_uint_eq(flow->late, 0);
	ck_assert_int_eq(flow->first, INT64_C(1700000000000010));
	ck_assert_int_eq(flow->last - flow->first, 6050);
	ck_assert_int_eq(flow->vantage, VANTAGE_CALLED);
	ck_assert_int_eq(flow->far[0], 1500);
	ck_assert_int_eq(flow->far[1], 0);
	ck_assert_int_eq(d.errors + d.warnings, 0);
	close_film(&f, &c, &d);
}
END_TEST

START_TEST(vantage_is_told_by_times_and_ttl)
{
	static const struct {
		usec near, far;
		uint8_t ttl[2]; /* of the caller's segments, of the other's */
		enum vantage is;
	} cases[] = {{10, 3000, {64, 64}, VANTAGE_CALLED},    {3000, 10, {64, 64}, VANTAGE_CALLER},
		     {3000, 2900, {64, 64}, VANTAGE_BETWEEN}, {10, 3000, {64, 57}, VANTAGE_CALLER},
		     {10, 3000, {120, 128}, VANTAGE_CALLED},  {10, 3000, {57, 50}, VANTAGE_CALLED},
		     {5, 5, {255, 60}, VANTAGE_CALLER}};
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&f);
	f.ttl = cases[_i].ttl[0];
	say(&f, 10, zhang, li, SYN, 100, 0, "");
	f.ttl = cases[_i].ttl[1];
	say(&f, cases[_i].near, li, zhang, SYN | ACK, 500, 101, "");
	f.ttl = cases[_i].ttl[0];
	say(&f, cases[_i].far, zhang, li, ACK, 101, 501, "");
	open_film(&f, &c, &d);
	ck_assert_int_eq(c.flows.at[0].vantage, cases[_i].is);
	close_film(&f, &c, &d);
}
END_TEST

/* The handshake came out of order and took long; what was said later tells better, but not what was
 * said twice. */
START_TEST(the_way_is_the_shortest_seen)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&f);
	say(&f, 10, zhang, li, SYN, 100, 0, "");
	say(&f, 9000, li, zhang, SYN | ACK, 500, 101, "");
	say(&f, 8000, zhang, li, ACK, 101, 501, "");
	say(&f, 10, zhang, li, ACK, 101, 501, "hello");
	say(&f, 4000, li, zhang, ACK, 501, 106, "");
	say(&f, 10, zhang, li, ACK, 106, 501, "again");
	say(&f, 10000, zhang, li, ACK, 106, 501, "again");
	say(&f, 10, li, zhang, ACK, 501, 111, "word");
	say(&f, 6000, zhang, li, ACK, 111, 505, "");
	open_film(&f, &c, &d);
	ck_assert_int_eq(c.flows.at[0].vantage, VANTAGE_BETWEEN);
	ck_assert_int_eq(c.flows.at[0].far[0], 3000);
	ck_assert_int_eq(c.flows.at[0].far[1], 2000);
	close_film(&f, &c, &d);
}
END_TEST

START_TEST(who_calls_is_told_by_the_syn_or_the_ports)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&f);
	say(&f, 10, li, zhang, SYN | ACK, 500, 101, "");
	say(&f, 10, li, wang, ACK, 500, 101, "abc");
	say(&f, 10, (struct film_end){4, 80}, li, SYN, 500, 101, "");
	open_film(&f, &c, &d);
	ck_assert_uint_eq(c.flows.count, 3);
	ck_assert_uint_eq(c.flows.at[0].flow.end[1].port, 80);
	ck_assert(!c.flows.at[0].is_begun);
	ck_assert_uint_eq(c.flows.at[1].flow.end[1].port, 80);
	ck_assert_uint_eq(c.flows.at[1].octets[1], 3);
	ck_assert_uint_eq(c.flows.at[2].flow.end[0].address.octets[3], 4);
	ck_assert_int_eq(c.flows.at[2].vantage, VANTAGE_BETWEEN);
	close_film(&f, &c, &d);
}
END_TEST

/* The same ends again, with another ISN. Its repetition is none. */
START_TEST(ports_are_used_again)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&f);
	whole(&f, zhang, li, 10, 10);
	say(&f, 10, wang, li, SYN, 1, 0, "");
	say(&f, 10, zhang, li, SYN, 9000, 0, "");
	say(&f, 10, zhang, li, SYN, 9000, 0, "");
	say(&f, 10, li, zhang, RST | ACK, 0, 9001, "");
	open_film(&f, &c, &d);
	ck_assert_uint_eq(c.flows.count, 3);
	ck_assert_uint_eq(c.flows.at[0].segments, 8);
	ck_assert_uint_eq(c.flows.at[2].segments, 3);
	ck_assert_uint_eq(c.flows.at[2].repeated, 1);
	ck_assert(c.flows.at[2].is_reset && c.flows.at[2].is_ended);
	close_film(&f, &c, &d);
}
END_TEST

START_TEST(what_came_again_and_what_came_late)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&f);
	say(&f, 10, zhang, li, SYN, 100, 0, "");
	say(&f, 10, li, zhang, SYN | ACK, 500, 101, "");
	say(&f, 10, zhang, li, ACK, 101, 501, "one");
	say(&f, 10, zhang, li, ACK, 107, 501, "three");
	say(&f, 10, zhang, li, ACK, 112, 501, "four");
	say(&f, 10, zhang, li, ACK, 104, 501, "two");   /* late */
	say(&f, 10, zhang, li, ACK, 104, 501, "two");   /* again */
	say(&f, 10, zhang, li, ACK, 112, 501, "fours"); /* partly again */
	say(&f, 10, zhang, li, ACK, 116, 501, "");      /* keep-alive */
	say(&f, 10, zhang, li, ACK, 116, 501, "s");     /* another kind of it */
	open_film(&f, &c, &d);
	ck_assert_uint_eq(c.flows.at[0].late, 1);
	ck_assert_uint_eq(c.flows.at[0].repeated, 2);
	ck_assert_uint_eq(c.flows.at[0].octets[0], 3 + 3 + 5 + 5);
	ck_assert(!c.flows.at[0].is_ended);
	close_film(&f, &c, &d);
}
END_TEST

/* A bridge shows each segment twice. What comes again on one interface is a repetition. */
START_TEST(copies_on_another_interface_are_left_out)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	film_section(&f);
	film_interface(&f, RAW, 0, 6, 0);
	film_interface(&f, RAW, 0, 6, 0);
	f.at = UINT64_C(1700000000000000);
	for (int i = 0; i < 6; i++) {
		f.interface = (uint32_t)i & 1;
		say(&f, 10, zhang, li, ACK, i < 2 ? 100 : 105, 500, "hello");
	}
	open_film(&f, &c, &d);
	ck_assert_uint_eq(c.copies, 3);
	ck_assert_uint_eq(c.flows.at[0].segments, 3);
	ck_assert_uint_eq(c.flows.at[0].repeated, 1);
	close_film(&f, &c, &d);
}
END_TEST

START_TEST(what_is_not_tcp_is_counted)
{
	static const uint8_t udp[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17};
	static const uint8_t fragment[40] = {0x45, 0, 0, 40, 0, 0, 0x20, 0, 64, 6};
	static const uint8_t cut[24] = {0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6};
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&f);
	film_frame(&f, udp, sizeof udp, sizeof udp);
	film_frame(&f, fragment, sizeof fragment, sizeof fragment);
	film_frame(&f, cut, sizeof cut, 40);
	ck_assert(!capture_open(&c, f.out.at, f.out.count, "test", &d));
	ck_assert_uint_eq(c.others, 1);
	ck_assert_uint_eq(c.fragments, 1);
	ck_assert_uint_eq(c.damaged, 1);
	ck_assert_int_eq(d.errors, 1);
	ck_assert_int_eq(d.warnings, 2);
	close_film(&f, &c, &d);
}
END_TEST

/* Captured without its text: it is counted as it was on the wire. */
START_TEST(texts_may_be_cut_off)
{
	struct film whole_one = {0}, f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&whole_one);
	say(&whole_one, 10, zhang, li, ACK, 100, 1, "a text that nobody keeps");
	begin(&f);
	film_frame(&f, whole_one.out.at + 40, 40, 64);
	open_film(&f, &c, &d);
	ck_assert_uint_eq(c.flows.at[0].octets[0], 24);
	sink_fini(&whole_one.out);
	close_film(&f, &c, &d);
}
END_TEST

static const struct complaint {
	const char *octets;
	size_t size;
	const char *says;
} complaints[] = {
	{"\x1f\x8b\x08", 3, "compressed (gzip)"},
	{"hello", 5, "no capture: neither pcap nor pcapng"},
	{"", 0, "no capture: neither pcap nor pcapng"},
	{"\xd4\xc3\xb2\xa1\x02\0", 6, "ends within its own header"},
	{"\x0a\x0d\x0d\x0a\x1c\0\0\0\1\2\3\4", 12, "byte order nobody knows"},
};

START_TEST(says_why_it_is_no_capture)
{
	const struct complaint *wanted = &complaints[_i];
	struct capture c;
	struct diags d = {0};

	ck_assert(!capture_open(&c, wanted->octets, wanted->size, "test", &d));
	ck_assert_int_eq(d.errors, 1);
	ck_assert_msg(strstr(d.list.at[0].message, wanted->says) != NULL, "%s",
		      d.list.at[0].message);
	capture_close(&c);
	diags_fini(&d);
}
END_TEST

START_TEST(says_which_link_it_does_not_know)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	film_pcap(&f, MICRO, WIFI);
	film_frame(&f, "abcd", 4, 4);
	ck_assert(!capture_open(&c, f.out.at, f.out.count, "test", &d));
	ck_assert_ptr_nonnull(strstr(d.list.at[0].message, "Wi-Fi"));
	close_film(&f, &c, &d);
	memset(&f, 0, sizeof f);
	begin(&f);
	ck_assert(!capture_open(&c, f.out.at, f.out.count, "test", &d));
	ck_assert_ptr_nonnull(strstr(d.list.at[0].message, "without a frame"));
	close_film(&f, &c, &d);
}
END_TEST

/* More connections than the table begins with, all of them found again. */
START_TEST(many_connections)
{
	struct film f = {0};
	struct capture c;
	struct diags d = {0};

	begin(&f);
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 5000; i++)
			say(&f, 10, (struct film_end){(uint8_t)(i % 7), (uint16_t)(i / 7 + 1)}, li,
			    ACK, 100 + 5 * (uint32_t)round, 1, "hello");
	open_film(&f, &c, &d);
	ck_assert_uint_eq(c.flows.count, 5000);
	for (size_t i = 0; i < c.flows.count; i++) {
		ck_assert_uint_eq(c.flows.at[i].id, i + 1);
		ck_assert_uint_eq(c.flows.at[i].segments, 2);
		ck_assert_uint_eq(c.flows.at[i].repeated, 0);
	}
	close_film(&f, &c, &d);
}
END_TEST

Suite *capture_suite(void)
{
	Suite *s = suite_create("capture");
	TCase *t = tcase_create("capture");

	tcase_add_test(t, a_whole_connection);
	tcase_add_loop_test(t, vantage_is_told_by_times_and_ttl, 0, 7);
	tcase_add_test(t, the_way_is_the_shortest_seen);
	tcase_add_test(t, who_calls_is_told_by_the_syn_or_the_ports);
	tcase_add_test(t, ports_are_used_again);
	tcase_add_test(t, what_came_again_and_what_came_late);
	tcase_add_test(t, copies_on_another_interface_are_left_out);
	tcase_add_test(t, what_is_not_tcp_is_counted);
	tcase_add_test(t, texts_may_be_cut_off);
	tcase_add_loop_test(t, says_why_it_is_no_capture, 0,
			    (int)(sizeof complaints / sizeof complaints[0]));
	tcase_add_test(t, says_which_link_it_does_not_know);
	tcase_add_test(t, many_connections);
	suite_add_tcase(s, t);
	return s;
}
