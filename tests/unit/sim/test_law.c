/* SPDX-License-Identifier: MIT */
/*
 * RFC 9293, Appendix B: what a world, its hosts and its sockets keep. A test's name carries the id
 * of the requirement that it shows.
 */
#include "suites.h"
#include "two.h"

#include <trace/frame.h>
#include <wire/packet.h>

/* ---- ISN Selection -------------------------------------------------------------------------- */

/* The ISN of a call from port 6000 to port `to_port`, at this time in the world of this seed. */
static uint32_t isn_of(uint64_t seed, enum isn_choice how, usec at, uint16_t to_port)
{
	struct trace *t = trace_new();
	struct world *w = world_new(&(struct world_options){.seed = seed, .trace = t});
	struct tcp_profile profile = tcp_profiles[0];
	struct sock s;
	uint32_t isn = 0;
	uint8_t a, b;

	profile.isn = (uint8_t)how;
	a = host_add(w, &(struct host_options){.name = "zhang", .profile = &profile});
	b = host_add(w, &(struct host_options){.name = "li"});
	world_advance(w, at);
	s = sock_new(w, a);
	ck_assert_int_eq(sock_bind(w, s, 6000), SOCK_OK);
	ck_assert_int_eq(sock_connect(w, s, b, to_port), SOCK_EINPROGRESS);
	for (uint64_t i = 0; i < trace_count(t); i++) {
		if (trace_at(t, i)->kind == REC_SEND)
			isn = trace_at(t, i)->seg.seq.v;
	}
	world_free(w);
	trace_free(t);
	return isn;
}

START_TEST(must_8_isns_follow_a_clock_of_4_us)
{
	for (int how = 0; how < 2; how++) {
		enum isn_choice choice = how ? ISN_CLOCK : ISN_RFC6528;

		ck_assert_uint_eq(isn_of(1, choice, at_ms(400), 80) - isn_of(1, choice, 0, 80),
				  100000);
	}
}
END_TEST

START_TEST(shld_1_a_function_of_the_four_tuple_is_added)
{
	ck_assert_uint_ne(isn_of(1, ISN_RFC6528, 0, 80), isn_of(1, ISN_RFC6528, 0, 81));
	ck_assert_uint_eq(isn_of(1, ISN_RFC6528, 0, 80), isn_of(1, ISN_RFC6528, 0, 80));
}
END_TEST

/* All that an outsider sees is the same; the key is not, and it decides. */
START_TEST(must_9_the_function_has_a_key_that_is_not_seen)
{
	uint32_t first = isn_of(1, ISN_RFC6528, 0, 80);

	for (uint64_t seed = 2; seed < 10; seed++)
		ck_assert_uint_ne(isn_of(seed, ISN_RFC6528, 0, 80), first);
}
END_TEST

/* ---- Opening Connections, Address Validation ------------------------------------------------ */

START_TEST(must_42_a_port_is_listened_on_while_a_call_goes_out_from_it)
{
	struct address nowhere;
	struct two two;
	struct sock calls, listens, c;

	two_init(&two);
	ck_assert(address_parse("192.0.2.7", &nowhere));
	calls = sock_new(two.w, LI);
	listens = sock_new(two.w, LI);
	sock_option(two.w, calls, "SO_REUSEADDR", 1);
	sock_option(two.w, listens, "SO_REUSEADDR", 1);
	ck_assert_int_eq(sock_bind(two.w, calls, 8888), SOCK_OK);
	ck_assert_int_eq(sock_connect_address(two.w, calls, &nowhere, 80), SOCK_EINPROGRESS);
	ck_assert_int_eq(sock_bind(two.w, listens, 8888), SOCK_OK);
	ck_assert_int_eq(sock_listen(two.w, listens, 1), SOCK_OK);
	ck_assert_int_eq(sock_state(two.w, calls), SYN_SENT);
	c = two_connects(&two);
	until(&two, 200);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	ck_assert_int_eq(sock_state(two.w, calls), SYN_SENT);
	two_fini(&two);
}
END_TEST

/* The packet of a record, taken apart again. */
static struct packet packet_of(const struct two *two, const struct record *r)
{
	static struct frame frame;
	struct packet p;

	trace_frame(two->t, r, 1, &frame);
	ck_assert_uint_gt(frame.size, 0);
	ck_assert_int_eq(packet_parse(frame.octets, frame.size, PACKET_ETHERNET, &p),
			 REFUSED_NOTHING);
	return p;
}

START_TEST(must_44_the_first_syn_has_the_address_of_its_host)
{
	struct address own;
	struct two two;
	struct packet p;

	two_init(&two);
	ck_assert(address_parse("10.0.0.1", &own));
	two_connects(&two); /* bind() was never called */
	p = packet_of(&two, nth_sent(&two, 1, ZHANG, SYN));
	ck_assert(address_eq(&p.ip.from, &own));
	two_fini(&two);
}
END_TEST

START_TEST(must_45_all_segments_of_a_connection_have_one_address)
{
	struct two two;
	struct packet first, p;
	struct sock c;
	uint32_t n;

	two_init(&two);
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 200);
	sock_write_all(two.w, c, "hello", 5);
	sock_close(two.w, c);
	world_run(two.w, USEC_NEVER);
	n = count(&two, REC_SEND, ZHANG, -1);
	ck_assert_uint_gt(n, 3);
	first = packet_of(&two, nth(&two, 1, REC_SEND, ZHANG, -1));
	for (uint32_t i = 2; i <= n; i++) {
		p = packet_of(&two, nth(&two, i, REC_SEND, ZHANG, -1));
		ck_assert(address_eq(&p.ip.from, &first.ip.from));
		ck_assert_uint_eq(p.tcp.from_port, first.tcp.from_port);
	}
	two_fini(&two);
}
END_TEST

START_TEST(must_46_nobody_calls_a_group)
{
	static const char *const groups[] = {"224.0.0.1", "239.1.2.3", "255.255.255.255"};

	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		struct address group;
		struct two two;
		struct sock c;

		two_init(&two);
		ck_assert(address_parse(groups[i], &group));
		c = sock_new(two.w, ZHANG);
		ck_assert_int_eq(sock_connect_address(two.w, c, &group, 80), SOCK_EHOSTUNREACH);
		ck_assert_uint_eq(count(&two, REC_SEND, ZHANG, -1), 0);
		two_fini(&two);
	}
}
END_TEST

START_TEST(must_57_what_is_sent_to_a_group_is_discarded_in_silence)
{
	struct host_options o = {.name = "all"};
	struct seg syn = {.ctl = SYN, .wnd = 1000, .len = 1};
	struct two two;
	struct sock s;

	two_init(&two);
	ck_assert(address_parse("224.0.0.1", &o.address));
	ck_assert_uint_eq(host_add(two.w, &o), WANG);
	s = sock_new(two.w, WANG);
	ck_assert_int_eq(sock_bind(two.w, s, 8888), SOCK_OK);
	ck_assert_int_eq(sock_listen(two.w, s, 1), SOCK_OK);
	for (uint16_t port = 8888; port < 8890; port++)
		world_stranger(two.w, ZHANG, 1000, WANG, port, &syn, NULL, (struct trace_place){0});
	world_run(two.w, USEC_NEVER);
	ck_assert_uint_eq(count(&two, REC_DISCARD, WANG, DISCARD_ADDRESS), 2);
	ck_assert_uint_eq(count(&two, REC_SEND, WANG, -1), 0);
	two_fini(&two);
}
END_TEST

START_TEST(must_63_a_syn_from_a_group_is_ignored)
{
	struct host_options o = {.name = "all"};
	struct seg syn = {.ctl = SYN, .wnd = 1000, .len = 1};
	struct two two;

	two_init(&two);
	ck_assert(address_parse("224.0.0.1", &o.address));
	ck_assert_uint_eq(host_add(two.w, &o), WANG);
	two_listens(&two, 1);
	world_stranger(two.w, WANG, 1000, LI, 8888, &syn, NULL, (struct trace_place){0});
	world_run(two.w, USEC_NEVER);
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_ADDRESS), 1);
	ck_assert_uint_eq(count(&two, REC_SEND, LI, -1), 0);
	two_fini(&two);
}
END_TEST

/* ---- Diffserv and TTL ----------------------------------------------------------------------- */

START_TEST(must_49_the_ttl_can_be_set)
{
	struct two two;
	struct sock c;

	two_init(&two);
	two_listens(&two, 1);
	host_profile(two.w, LI)->ttl = 255;
	c = sock_new(two.w, ZHANG);
	ck_assert_int_eq(sock_option(two.w, c, "IP_TTL", 7), SOCK_OK);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 8888), SOCK_EINPROGRESS);
	until(&two, 200);
	ck_assert_uint_eq(packet_of(&two, nth_sent(&two, 1, ZHANG, SYN)).ip.ttl, 7);
	ck_assert_uint_eq(packet_of(&two, nth_sent(&two, 1, LI, SYN | ACK)).ip.ttl, 255);
	ck_assert_uint_eq(packet_of(&two, nth_sent(&two, 1, ZHANG, ACK)).ip.ttl, 7);
	two_fini(&two);
}
END_TEST

START_TEST(must_48_shld_22_the_codepoint_is_in_every_datagram)
{
	struct two two;
	struct sock c;
	uint32_t n;

	two_init(&two);
	two_listens(&two, 1);
	c = sock_new(two.w, ZHANG);
	ck_assert_int_eq(sock_option(two.w, c, "IP_TOS", 46 << 2), SOCK_OK);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 8888), SOCK_EINPROGRESS);
	until(&two, 200);
	sock_write_all(two.w, c, "hello", 5);
	sock_close(two.w, c);
	world_run(two.w, USEC_NEVER);
	n = count(&two, REC_SEND, ZHANG, -1);
	ck_assert_uint_gt(n, 3);
	for (uint32_t i = 1; i <= n; i++)
		ck_assert_uint_eq(packet_of(&two, nth(&two, i, REC_SEND, ZHANG, -1)).ip.dscp, 46);
	ck_assert_uint_eq(packet_of(&two, nth_sent(&two, 1, LI, SYN | ACK)).ip.dscp, 0);
	two_fini(&two);
}
END_TEST

START_TEST(shld_21_the_codepoint_can_change_on_the_way)
{
	struct two two;
	struct sock c;

	two_init(&two);
	two_listens(&two, 1);
	c = two_connects(&two);
	until(&two, 200);
	ck_assert_int_eq(sock_option(two.w, c, "IP_TOS", 10 << 2), SOCK_OK);
	sock_write_all(two.w, c, "hello", 5);
	until(&two, 300);
	ck_assert_uint_eq(packet_of(&two, nth_sent(&two, 1, ZHANG, SYN)).ip.dscp, 0);
	ck_assert_uint_eq(packet_of(&two, nth_sent(&two, 1, ZHANG, PSH | ACK)).ip.dscp, 10);
	two_fini(&two);
}
END_TEST

/* ---- checksums ------------------------------------------------------------------------------ */

START_TEST(must_3_a_garbled_segment_is_discarded)
{
	struct two two;

	two_init(&two);
	two_listens(&two, 1);
	wind_rule_add(two.w, ZHANG, LI,
		      &(struct wind_rule){.deed = DEED_CORRUPT, .first = 1, .last = UINT32_MAX});
	two_connects(&two);
	until(&two, 5000);
	ck_assert_uint_eq(count(&two, REC_DISCARD, LI, DISCARD_CHECKSUM),
			  count(&two, REC_SEND, ZHANG, -1));
	ck_assert_uint_eq(count(&two, REC_ARRIVE, LI, -1), 0);
	two_fini(&two);
}
END_TEST

Suite *law_suite(void)
{
	Suite *s = suite_create("law");
	TCase *c = tcase_create("RFC 9293 B");

	tcase_add_test(c, must_8_isns_follow_a_clock_of_4_us);
	tcase_add_test(c, shld_1_a_function_of_the_four_tuple_is_added);
	tcase_add_test(c, must_9_the_function_has_a_key_that_is_not_seen);
	tcase_add_test(c, must_42_a_port_is_listened_on_while_a_call_goes_out_from_it);
	tcase_add_test(c, must_44_the_first_syn_has_the_address_of_its_host);
	tcase_add_test(c, must_45_all_segments_of_a_connection_have_one_address);
	tcase_add_test(c, must_46_nobody_calls_a_group);
	tcase_add_test(c, must_57_what_is_sent_to_a_group_is_discarded_in_silence);
	tcase_add_test(c, must_63_a_syn_from_a_group_is_ignored);
	tcase_add_test(c, must_49_the_ttl_can_be_set);
	tcase_add_test(c, must_48_shld_22_the_codepoint_is_in_every_datagram);
	tcase_add_test(c, shld_21_the_codepoint_can_change_on_the_way);
	tcase_add_test(c, must_3_a_garbled_segment_is_discarded);
	suite_add_tcase(s, c);
	return s;
}
