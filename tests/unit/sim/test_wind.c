/* SPDX-License-Identifier: MIT */
/* Every deed of the wind (scene language, Meaning 7). */
#include "suites.h"
#include "two.h"

#include <woshou/sock.h>

static struct sock establish(struct two *two)
{
	struct sock c;

	two_init(two);
	host_profile(two->w, ZHANG)->nagle = false;
	host_profile(two->w, LI)->ack_delay = 0;
	two_listens(two, 5);
	c = two_connects(two);
	until(two, 1000);
	return c;
}

static void rule(struct two *two, const struct wind_rule *r)
{
	wind_rule_add(two->w, ZHANG, LI, r);
}

/* Five segments of one octet each, at 1.00, 1.01, ... */
static void five_octets(struct two *two, struct sock c)
{
	for (int i = 0; i < 5; i++) {
		until(two, 1000 + 10 * i);
		sock_write_all(two->w, c, &"abcde"[i], 1);
	}
}

/* When the nth segment with data reached li. */
static usec arrival(const struct two *two, uint32_t n)
{
	for (uint32_t i = 1;; i++) {
		const struct record *r = nth(two, i, REC_ARRIVE, LI, -1);

		if (!r)
			return -1;
		if (r->seg.text.len > 0 && --n == 0)
			return r->at;
	}
}

static char arrived(const struct two *two, uint32_t n)
{
	for (uint32_t i = 1;; i++) {
		const struct record *r = nth(two, i, REC_ARRIVE, LI, -1);

		if (!r)
			return '-';
		if (r->seg.text.len > 0 && --n == 0)
			return (char)('a' + r->seg.text.offset);
	}
}

START_TEST(drops_by_ordinal)
{
	struct two two;
	struct sock c = establish(&two);
	const struct record *r;

	rule(&two, &(struct wind_rule){.deed = DEED_DROP,
				       .match = {.class = CLASS_DATA},
				       .first = 2,
				       .last = 3,
				       .place = {.line = 12}});
	five_octets(&two, c);
	until(&two, 1100);
	ck_assert_int_eq(arrived(&two, 1), 'a');
	ck_assert_int_eq(arrived(&two, 2), 'd');
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_DROP), 2);
	r = nth(&two, 1, REC_WIND, ZHANG, DEED_DROP);
	ck_assert_uint_eq(r->place.line, 12);
	ck_assert_int_eq(trace_at(two.t, r->of)->kind, REC_SEND);
	ck_assert_uint_eq(trace_at(two.t, r->of)->seg.text.offset, 1);
	ck_assert_int_eq(r->peer, LI);
	world_run(two.w, USEC_NEVER);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

START_TEST(every_third)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two, &(struct wind_rule){.deed = DEED_DELAY,
				       .match = {.class = CLASS_DATA},
				       .every = 3,
				       .time = at_ms(300)});
	five_octets(&two, c);
	until(&two, 1200);
	ck_assert_int_eq(arrived(&two, 3), 'd');
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_DELAY), 1);
	ck_assert_int_eq(nth(&two, 1, REC_WIND, ZHANG, DEED_DELAY)->number[0], at_ms(300));
	until(&two, 1500);
	ck_assert_int_eq(arrival(&two, 5), at_ms(1020 + 50 + 300));
	two_fini(&two);
}
END_TEST

/* Rules count every segment, also one that an earlier rule takes; a dropped one meets no later
 * deed. */
START_TEST(counts_what_others_take)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two,
	     &(struct wind_rule){
		     .deed = DEED_DROP, .match = {.class = CLASS_DATA}, .first = 1, .last = 1});
	rule(&two, &(struct wind_rule){.deed = DEED_DELAY,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 2,
				       .time = at_ms(5)});
	five_octets(&two, c);
	until(&two, 1100);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_DROP), 1);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_DELAY), 1);
	ck_assert_int_eq(arrival(&two, 1), at_ms(1010 + 55));
	two_fini(&two);
}
END_TEST

START_TEST(by_chance_and_bounded)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two, &(struct wind_rule){.deed = DEED_DROP,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = UINT32_MAX,
				       .chance_ppm = 500000,
				       .max = 7});
	for (int i = 0; i < 40; i++) {
		sock_write_all(two.w, c, "x", 1);
		world_advance(two.w, world_now(two.w) + at_ms(5000));
	}
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_DROP), 7);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

START_TEST(duplicates)
{
	struct two two;
	struct sock c = establish(&two);
	const struct record *r;

	rule(&two, &(struct wind_rule){.deed = DEED_DUPLICATE,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .time = at_ms(30)});
	sock_write_all(two.w, c, "a", 1);
	until(&two, 1300);
	ck_assert_int_eq(arrival(&two, 1), at_ms(1050));
	ck_assert_int_eq(arrival(&two, 2), at_ms(1080));
	ck_assert_int_eq(arrived(&two, 2), 'a');
	r = nth(&two, 1, REC_WIND, ZHANG, DEED_DUPLICATE);
	ck_assert_uint_eq(nth(&two, count(&two, REC_ARRIVE, LI, -1), REC_ARRIVE, LI, -1)->of,
			  r->serial);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

START_TEST(reorders_past_two)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two, &(struct wind_rule){.deed = DEED_REORDER,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .past = 2});
	five_octets(&two, c);
	until(&two, 1200);
	ck_assert_int_eq(arrived(&two, 1), 'b');
	ck_assert_int_eq(arrived(&two, 2), 'c');
	ck_assert_int_eq(arrived(&two, 3), 'a');
	ck_assert_int_eq(arrival(&two, 3), at_ms(1020 + 50));
	ck_assert_int_eq(arrived(&two, 4), 'd');
	two_fini(&two);
}
END_TEST

START_TEST(held_not_for_ever)
{
	struct two two;
	struct sock c = establish(&two);

	host_profile(two.w, ZHANG)->rto_min = 10 * USEC_PER_S;
	rule(&two, &(struct wind_rule){.deed = DEED_REORDER,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .past = 2});
	sock_write_all(two.w, c, "a", 1);
	until(&two, 1000 + 1000 + 49);
	ck_assert_int_eq(arrival(&two, 1), -1);
	until(&two, 1000 + 1000 + 50);
	ck_assert_int_eq(arrival(&two, 1), at_ms(2050));
	two_fini(&two);
}
END_TEST

START_TEST(corrupts_and_the_checksum_sees)
{
	struct two two;
	struct sock c = establish(&two);
	uint32_t reads = count(&two, REC_READ, LI, -1);

	rule(&two,
	     &(struct wind_rule){
		     .deed = DEED_CORRUPT, .match = {.class = CLASS_DATA}, .first = 1, .last = 20});
	for (int i = 0; i < 20; i++)
		sock_write_all(two.w, c, "abcdefghij", 10);
	until(&two, 1060);
	ck_assert_uint_gt(count(&two, REC_WIND, ZHANG, DEED_CORRUPT), 1);
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_CHECKSUM),
			  count(&two, REC_WIND, ZHANG, DEED_CORRUPT));
	ck_assert_uint_eq(count(&two, REC_READ, LI, -1), reads);
	world_run(two.w, USEC_NEVER);
	ck_assert_uint_eq(sock_tcb(two.w, c)->snd.queued, 0);
	ck_assert_uint_eq(world_broken(two.w, PROMISE_STREAM), 0);
	two_fini(&two);
}
END_TEST

/* [from, to): what enters at `from` is taken, what enters at `to` is not. */
START_TEST(cut)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two, &(struct wind_rule){.deed = DEED_CUT, .from = at_ms(1010), .to = at_ms(1030)});
	five_octets(&two, c);
	until(&two, 1100);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_CUT), 2);
	ck_assert_int_eq(arrived(&two, 1), 'a');
	ck_assert_int_eq(arrived(&two, 2), 'd');
	two_fini(&two);
}
END_TEST

START_TEST(only_one_connection)
{
	struct two two;
	struct sock a, b;

	two_init(&two);
	two_listens(&two, 5);
	a = sock_new(two.w, ZHANG);
	sock_label(two.w, a, 1, "a");
	rule(&two, &(struct wind_rule){.deed = DEED_DROP, .label = 1, .first = 1, .last = 1});
	wind_rule_add(two.w, LI, ZHANG,
		      &(struct wind_rule){.deed = DEED_DROP,
					  .label = 1,
					  .match = {.class = CLASS_SYN_ACK},
					  .first = 1,
					  .last = 1});
	b = two_connects(&two);
	sock_connect(two.w, a, LI, 8888);
	until(&two, 500);
	ck_assert_int_eq(sock_state(two.w, b), ESTABLISHED);
	ck_assert_int_eq(sock_state(two.w, a), SYN_SENT);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_DROP), 1);
	until(&two, 1500); /* its second SYN arrives, and the answer to it is lost */
	ck_assert_uint_eq(count(&two, REC_WIND, LI, DEED_DROP), 1);
	ck_assert_int_eq(sock_state(two.w, a), SYN_SENT);
	until(&two, 4000);
	ck_assert_int_eq(sock_state(two.w, a), ESTABLISHED);
	two_fini(&two);
}
END_TEST

START_TEST(mtu_and_the_message_about_it)
{
	struct two two;
	struct sock c = establish(&two);
	const struct record *icmp;

	world_wind(two.w, ZHANG, LI)->mtu = 600;
	sock_write_all_synthetic(two.w, c, 1460);
	until(&two, 1049);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_MTU), 1);
	ck_assert_int_eq(nth(&two, 1, REC_WIND, ZHANG, DEED_MTU)->number[0], 1500);
	ck_assert_uint_eq(count(&two, REC_ICMP, ZHANG, -1), 0);
	until(&two, 1050);
	icmp = nth(&two, 1, REC_ICMP, ZHANG, ICMP_TOO_BIG);
	ck_assert_int_eq(icmp->number[0], 600);
	world_run(two.w, USEC_NEVER);
	/* In pieces that fit. */
	ck_assert_uint_eq(sock_tcb(two.w, c)->snd.queued, 0);
	ck_assert_uint_le(sock_tcb(two.w, c)->snd.mss, 560);
	two_fini(&two);
}
END_TEST

/* Nobody speaks ECN here: what would be marked is dropped, as a full queue would. */
START_TEST(marks_or_drops)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two, &(struct wind_rule){.deed = DEED_MARK, .match = {.class = CLASS_DATA},
				       .first = 2, .last = 2});
	five_octets(&two, c);
	until(&two, 1200);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_MARK), 0);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_DROP), 1);
	ck_assert_int_eq(arrived(&two, 2), 'c');
	two_fini(&two);
}
END_TEST

START_TEST(a_router_turns_back)
{
	struct two two;
	struct sock c;
	const struct record *r;

	two_init(&two);
	rule(&two, &(struct wind_rule){.deed = DEED_ICMP, .icmp = KIND_HOST_UNREACHABLE,
				       .match = {.class = CLASS_SYN}, .first = 1, .last = 1});
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 49);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_ICMP), 1);
	ck_assert_uint_eq(count(&two, REC_ICMP, ZHANG, -1), 0);
	until(&two, 50);
	r = nth(&two, 1, REC_ICMP, ZHANG, ICMP_SOFT);
	ck_assert_ptr_nonnull(r);
	ck_assert_str_eq(trace_text_of(two.t, r, 0), "host-unreachable");
	ck_assert_int_eq(sock_state(two.w, c), SYN_SENT); /* MUST-56 */
	ck_assert_int_eq(sock_take_error(two.w, c), SOCK_EHOSTUNREACH); /* SHLD-25 */
	ck_assert_int_eq(sock_take_error(two.w, c), SOCK_OK);
	until(&two, 2000);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	two_fini(&two);
}
END_TEST

START_TEST(icmp_out_of_nowhere)
{
	struct two two;
	struct sock c;

	two_init(&two);
	host_profile(two.w, ZHANG)->icmp_soft_told = false;
	c = two_connects(&two);
	world_icmp(two.w, ZHANG, sock_port(two.w, c), LI, 8888, KIND_TIME_EXCEEDED, (seq32){1000},
		   0, (struct trace_place){0});
	ck_assert_int_eq(sock_take_error(two.w, c), SOCK_OK);
	ck_assert_int_eq(sock_state(two.w, c), SYN_SENT);
	world_icmp(two.w, ZHANG, sock_port(two.w, c), LI, 8888, KIND_PORT_UNREACHABLE,
		   (seq32){1000}, 0, (struct trace_place){0});
	ck_assert_int_eq(sock_state(two.w, c), CLOSED);
	ck_assert_int_eq(sock_take_error(two.w, c), SOCK_ECONNREFUSED);
	two_fini(&two);
}
END_TEST

/* 1000 octets of text are 1040 on the wire: 8.32 ms at 1 Mbit/s. */
/* RFC 5927 5.2: "they do not extrapolate ICMP errors across TCP connections". */
START_TEST(an_error_about_one_connection_is_no_other_ones)
{
	struct two two;
	struct sock a, b;

	two_init(&two);
	a = two_connects(&two);
	b = two_connects(&two);
	world_icmp(two.w, ZHANG, sock_port(two.w, a), LI, 8888, KIND_PORT_UNREACHABLE,
		   (seq32){1000}, 0, (struct trace_place){0});
	ck_assert_int_eq(sock_state(two.w, a), CLOSED);
	ck_assert_int_eq(sock_state(two.w, b), SYN_SENT);
	ck_assert_int_eq(sock_take_error(two.w, b), SOCK_OK);
	two_fini(&two);
}
END_TEST

START_TEST(rate_and_queue)
{
	struct two two;
	struct sock c = establish(&two);

	host_profile(two.w, ZHANG)->initial_window = IW_RFC6928;
	world_wind(two.w, ZHANG, LI)->rate = 1000000;
	world_wind(two.w, ZHANG, LI)->queue = 3500;
	for (int i = 0; i < 5; i++)
		sock_write_all_synthetic(two.w, c, 1000);
	until(&two, 1300);
	ck_assert_int_eq(arrival(&two, 1), at_ms(1050) + 8320);
	ck_assert_int_eq(arrival(&two, 2), at_ms(1050) + 2 * 8320);
	ck_assert_int_eq(arrival(&two, 3), at_ms(1050) + 3 * 8320);
	/* 3120 octets wait when the fourth comes. */
	ck_assert_uint_ge(count(&two, REC_WIND, ZHANG, DEED_QUEUE), 1);
	ck_assert_int_eq(nth(&two, 1, REC_WIND, ZHANG, DEED_QUEUE)->number[0], 3120);
	two_fini(&two);
}
END_TEST

START_TEST(lifetime)
{
	struct two two;
	struct sock c = establish(&two);
	const struct record *r;

	world_wind(two.w, ZHANG, LI)->lifetime = at_ms(60);
	rule(&two, &(struct wind_rule){.deed = DEED_DELAY,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .time = at_ms(10)});
	rule(&two, &(struct wind_rule){.deed = DEED_DELAY,
				       .match = {.class = CLASS_DATA},
				       .first = 2,
				       .last = 2,
				       .time = at_ms(11)});
	five_octets(&two, c);
	until(&two, 1100);
	ck_assert_int_eq(arrival(&two, 1), at_ms(1060)); /* as old as it may be */
	r = nth(&two, 1, REC_WIND, ZHANG, DEED_LIFETIME);
	ck_assert_int_eq(r->at, at_ms(1010 + 60));
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_LIFETIME), 1);
	two_fini(&two);
}
END_TEST

/* 50 ms, 40 ms more or less: in order all the same, unless the wind says they may pass. */
START_TEST(jitter_alone_never_overtakes)
{
	for (int overtakes = 0; overtakes < 2; overtakes++) {
		struct two two;
		struct sock c = establish(&two);
		bool in_order = true;
		usec first, last = 0;

		world_wind(two.w, ZHANG, LI)->jitter = at_ms(40);
		world_wind(two.w, ZHANG, LI)->overtakes = overtakes;
		for (int i = 0; i < 200; i++) {
			sock_write_all(two.w, c, "x", 1);
			world_advance(two.w, world_now(two.w) + at_ms(1));
		}
		for (uint32_t n = 1; n <= 200; n++) {
			const struct record *r = nth(&two, n, REC_ARRIVE, LI, -1);

			if (!r || r->seg.text.len == 0)
				continue;
			first = r->at - trace_at(two.t, r->of)->at;
			ck_assert_int_ge(first, at_ms(10));
			in_order = in_order && trace_at(two.t, r->of)->at >= last;
			last = trace_at(two.t, r->of)->at;
		}
		ck_assert_int_eq(in_order, !overtakes);
		two_fini(&two);
	}
}
END_TEST

/* Two words of zhang's have set out before: the SYN and the ACK of the handshake. */
static bool act(const struct two *two, uint32_t nth, enum deed deed, usec time, uint32_t past)
{
	return world_act(two->w, &(struct hand){.from = ZHANG,
						.to = LI,
						.nth = nth,
						.deed = (uint8_t)deed,
						.time = time,
						.past = past});
}

START_TEST(by_hand)
{
	struct two two;
	struct sock c = establish(&two);

	for (int i = 0; i < 5; i++)
		sock_write_all(two.w, c, &"abcde"[i], 1);
	ck_assert(!act(&two, 2, DEED_DROP, 0, 0)); /* has arrived */
	ck_assert(!act(&two, 8, DEED_DROP, 0, 0)); /* nobody has sent it yet */
	ck_assert(act(&two, 3, DEED_DROP, 0, 0));
	ck_assert(!act(&two, 3, DEED_DROP, 0, 0));
	ck_assert(act(&two, 4, DEED_DELAY, at_ms(20), 0));
	ck_assert(act(&two, 5, DEED_DUPLICATE, at_ms(5), 0));
	ck_assert(act(&two, 6, DEED_CORRUPT, 0, 0));
	ck_assert(!act(&two, 7, DEED_CUT, 0, 0));
	ck_assert_uint_eq(world_words_sent(two.w, ZHANG, LI), 8);
	until(&two, 1080);
	ck_assert_int_eq(arrived(&two, 1), 'c');
	ck_assert_int_eq(arrived(&two, 2), 'e');
	ck_assert_int_eq(arrived(&two, 3), 'c');
	ck_assert_int_eq(arrived(&two, 4), 'b');
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_CHECKSUM), 1);
	two_fini(&two);
}
END_TEST

START_TEST(swapped_by_hand)
{
	struct two two;
	struct sock c = establish(&two);

	for (int i = 0; i < 3; i++) {
		until(&two, 1000 + 10 * i);
		sock_write_all(two.w, c, &"abc"[i], 1);
	}
	ck_assert(act(&two, 3, DEED_REORDER, 0, 2));
	until(&two, 1100);
	ck_assert_int_eq(arrived(&two, 1), 'b');
	ck_assert_int_eq(arrived(&two, 2), 'c');
	ck_assert_int_eq(arrived(&two, 3), 'a');
	ck_assert_int_eq(arrival(&two, 3), at_ms(1070));
	two_fini(&two);
}
END_TEST

Suite *wind_suite(void)
{
	Suite *s = suite_create("wind");
	TCase *c = tcase_create("wind");

	tcase_add_test(c, drops_by_ordinal);
	tcase_add_test(c, every_third);
	tcase_add_test(c, counts_what_others_take);
	tcase_add_test(c, by_chance_and_bounded);
	tcase_add_test(c, duplicates);
	tcase_add_test(c, reorders_past_two);
	tcase_add_test(c, held_not_for_ever);
	tcase_add_test(c, corrupts_and_the_checksum_sees);
	tcase_add_test(c, cut);
	tcase_add_test(c, only_one_connection);
	tcase_add_test(c, mtu_and_the_message_about_it);
	tcase_add_test(c, marks_or_drops);
	tcase_add_test(c, a_router_turns_back);
	tcase_add_test(c, icmp_out_of_nowhere);
	tcase_add_test(c, an_error_about_one_connection_is_no_other_ones);
	tcase_add_test(c, rate_and_queue);
	tcase_add_test(c, lifetime);
	tcase_add_test(c, jitter_alone_never_overtakes);
	tcase_add_test(c, by_hand);
	tcase_add_test(c, swapped_by_hand);
	suite_add_tcase(s, c);
	return s;
}
