/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "trace/frame.h"

enum { ZHANG, LI, WANG };

static void add(struct trace *t, const char *name, const char *address)
{
	struct trace_host h = {.name = name, .title = {name, name}, .profile = "rfc"};

	ck_assert(address_parse(address, &h.address));
	trace_add_host(t, &h);
}

static struct trace *people(void)
{
	struct trace *t = trace_new();

	add(t, "zhang", "10.0.0.1");
	add(t, "li", "10.0.0.2");
	add(t, "wang", "fd00::3");
	return t;
}

static struct record *send(struct trace *t, uint8_t from, uint8_t to, const char *said)
{
	struct record *r = trace_push(t, REC_SEND, 0);
	uint32_t n = (uint32_t)strlen(said);

	r->host = from;
	r->peer = to;
	r->from_port = 49152;
	r->to_port = 8888;
	r->seg = (struct seg){.seq = seq(1001),
			      .ack = seq(5001),
			      .ctl = ACK | PSH,
			      .wnd = 65535,
			      .len = n,
			      .opts = OPT_TIMESTAMPS,
			      .tsval = 7,
			      .text = {.stream = 2, .len = n}};
	stream_write(trace_streams(t), 2, said, n);
	return r;
}

static uint64_t discard(struct trace *t, uint64_t of, enum discard why)
{
	struct record *r = trace_push(t, REC_DISCARD, 50);

	r->of = of;
	r->detail = (uint8_t)why;
	r->host = trace_at(t, of)->peer;
	r->peer = trace_at(t, of)->host;
	r->seg = trace_at(t, of)->seg;
	return r->serial;
}

START_TEST(test_layers)
{
	struct trace *t = people();
	const struct record *r = send(t, ZHANG, LI, "line 1\n");
	struct packet p;
	struct frame f;

	trace_frame(t, r, 17, &f);
	ck_assert_uint_eq(f.size, 14 + 20 + 20 + 12 + 7);
	ck_assert_uint_eq(f.ip, 14);
	ck_assert_uint_eq(f.tcp, 34);
	ck_assert_uint_eq(f.text, 66);
	ck_assert(!f.is_garbled);
	ck_assert_mem_eq(f.octets, "\2\0\0\0\0\2\2\0\0\0\0\1\x08\0", 14);
	ck_assert_mem_eq(f.octets + f.text, "line 1\n", 7);
	ck_assert_int_eq(packet_parse(f.octets, f.size, PACKET_ETHERNET, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.ip.id, 17);
	ck_assert_uint_eq(p.ip.ttl, 64);
	ck_assert(p.ip.dont_fragment);
	ck_assert(address_eq(&p.ip.from, &trace_host_at(t, ZHANG)->address));
	ck_assert_uint_eq(p.tcp.from_port, 49152);
	ck_assert_uint_eq(p.tcp.seg.seq.v, 1001);
	ck_assert_uint_eq(p.tcp.seg.tsval, 7);
	trace_free(t);
}
END_TEST

/* Only at the one who threw it away for its checksum; where it left, it was whole. */
START_TEST(test_garbled)
{
	struct trace *t = people();
	uint64_t sent = send(t, ZHANG, LI, "line 1\n")->serial;
	uint64_t noise = discard(t, sent, DISCARD_CHECKSUM);
	uint64_t silence = discard(t, sent, DISCARD_HOST_DOWN);
	struct frame whole, f;
	struct packet p;
	int wrong = 0;

	trace_frame(t, trace_at(t, sent), 1, &whole);
	trace_frame(t, trace_at(t, noise), 1, &f);
	ck_assert(f.is_garbled);
	ck_assert_int_eq(packet_parse(f.octets, f.size, PACKET_ETHERNET, &p), REFUSED_TCP_CHECKSUM);
	ck_assert_uint_eq(f.size, whole.size);
	for (size_t i = 0; i < f.size; i++)
		wrong += f.octets[i] != whole.octets[i];
	ck_assert_int_eq(wrong, 1);
	trace_frame(t, trace_at(t, silence), 1, &f);
	ck_assert(!f.is_garbled);
	ck_assert_mem_eq(f.octets, whole.octets, whole.size);
	trace_free(t);
}
END_TEST

START_TEST(test_ipv6)
{
	struct trace *t = people();
	struct record *r = send(t, WANG, WANG, "");
	struct packet p;
	struct frame f;

	trace_frame(t, r, 1, &f);
	ck_assert_uint_eq(f.tcp, 14 + 40);
	ck_assert_uint_eq(f.text, f.size);
	ck_assert_int_eq(packet_parse(f.octets, f.size, PACKET_ETHERNET, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.ip.from.family, FAMILY_IPV6);
	/* IPv4 cannot speak to IPv6: there is no such frame. */
	r = send(t, ZHANG, WANG, "");
	trace_frame(t, r, 1, &f);
	ck_assert_uint_eq(f.size, 0);
	trace_free(t);
}
END_TEST

/* Whoever is not in the trace still has an address, of the peer's family. */
START_TEST(test_nobody)
{
	struct trace *t = people();
	const struct record *r = send(t, TRACE_NO_HOST, LI, "");
	struct packet p;
	struct frame f;

	trace_frame(t, r, 1, &f);
	ck_assert_int_eq(packet_parse(f.octets, f.size, PACKET_ETHERNET, &p), REFUSED_NOTHING);
	ck_assert_uint_eq(p.ip.from.octets[0], 192);
	trace_free(t);
}
END_TEST

START_TEST(test_datagrams)
{
	struct datagrams all = {0};
	struct trace *t = people();
	uint64_t first = send(t, ZHANG, LI, "")->serial;
	struct record *stranger;

	ck_assert_uint_eq(datagrams_see(&all, t, trace_at(t, first)), 1);
	ck_assert_uint_eq(datagrams_see(&all, t, send(t, LI, ZHANG, "")), 1);
	ck_assert_uint_eq(datagrams_see(&all, t, send(t, ZHANG, LI, "")), 2);
	ck_assert_uint_eq(datagrams_see(&all, t, trace_at(t, discard(t, first, 0))), 0);
	ck_assert_uint_eq(datagrams_see(&all, t, trace_push(t, REC_SAY, 0)), 0);
	/* Out of nowhere: it is counted where it is first seen, among those whose name it bears. */
	stranger = trace_push(t, REC_ARRIVE, 0);
	stranger->is_stranger = true;
	stranger->host = LI;
	stranger->peer = ZHANG;
	ck_assert_uint_eq(datagrams_see(&all, t, stranger), 3);
	trace_free(t);
}
END_TEST

Suite *frame_suite(void)
{
	Suite *s = suite_create("frame");
	TCase *c = tcase_create("frame");

	tcase_add_test(c, test_layers);
	tcase_add_test(c, test_garbled);
	tcase_add_test(c, test_ipv6);
	tcase_add_test(c, test_nobody);
	tcase_add_test(c, test_datagrams);
	suite_add_tcase(s, c);
	return s;
}
