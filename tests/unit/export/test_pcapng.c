/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "export/export.h"
#include "play.h"
#include "wire/packet.h"

/* One packet as a reader of the format finds it: written from the specification, not from the
 * writer. */
struct found {
	uint64_t at;
	const uint8_t *frame;
	size_t size;
	char comment[1000];
};

struct reading {
	struct sink bytes;
	size_t at;
};

static uint32_t u32(const uint8_t *b)
{
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint16_t u16(const uint8_t *b)
{
	return (uint16_t)(b[0] | b[1] << 8);
}

/* The block at `at`: both its lengths must agree. */
static const uint8_t *next_block(struct reading *r, uint32_t *type, size_t *size)
{
	const uint8_t *b = (const uint8_t *)r->bytes.at + r->at;

	if (r->at == r->bytes.count)
		return NULL;
	ck_assert_uint_ge(r->bytes.count - r->at, 12);
	*type = u32(b);
	*size = u32(b + 4);
	ck_assert_uint_eq(*size % 4, 0);
	ck_assert_uint_le(*size, r->bytes.count - r->at);
	ck_assert_uint_eq(u32(b + *size - 4), *size);
	r->at += *size;
	return b + 8;
}

static void find_option(const uint8_t *options, const uint8_t *end, uint16_t code, char *out,
			size_t room)
{
	*out = '\0';
	while (options < end) {
		size_t n = u16(options + 2);

		if (u16(options) == 0)
			break;
		if (u16(options) == code) {
			ck_assert_uint_lt(n, room);
			memcpy(out, options + 4, n);
			out[n] = '\0';
		}
		options += 4 + (n + 3) / 4 * 4;
	}
	ck_assert_ptr_eq(options + 4, end); /* the end of options ends the block */
}

static struct reading capture(struct play *p, const struct export_options *o)
{
	struct reading r = {0};
	const uint8_t *b;
	char text[100];
	uint32_t type;
	size_t size;

	export_pcapng(p->trace, o, &r.bytes);
	b = next_block(&r, &type, &size);
	ck_assert_uint_eq(type, 0x0a0d0d0a);
	ck_assert_uint_eq(u32(b), 0x1a2b3c4d);
	ck_assert_uint_eq(u16(b + 4), 1);
	find_option(b + 16, b + size - 12, 1, text, sizeof text);
	ck_assert_str_eq(text, "seed 1");
	b = next_block(&r, &type, &size);
	ck_assert_uint_eq(type, 1);
	ck_assert_uint_eq(u16(b), 1); /* Ethernet */
	find_option(b + 8, b + size - 12, 9, text, sizeof text);
	ck_assert_int_eq(text[0], 6);
	find_option(b + 8, b + size - 12, 2, text, sizeof text);
	ck_assert_str_eq(text, o && o->view ? trace_host_at(p->trace, o->view - 1)->name : "wire");
	return r;
}

static bool next_packet(struct reading *r, struct found *out)
{
	uint32_t type;
	size_t size, caught;
	const uint8_t *b = next_block(r, &type, &size);

	if (!b)
		return false;
	ck_assert_uint_eq(type, 6);
	ck_assert_uint_eq(u32(b), 0);
	out->at = ((uint64_t)u32(b + 4) << 32 | u32(b + 8)) - UINT64_C(946684800000000);
	caught = u32(b + 12);
	ck_assert_uint_eq(u32(b + 16), caught);
	out->frame = b + 20;
	out->size = caught;
	find_option(b + 20 + (caught + 3) / 4 * 4, b + size - 12, 1, out->comment,
		    sizeof out->comment);
	return true;
}

/* The parser checks every length and checksum. */
static struct packet parsed(const struct found *f)
{
	struct packet p;
	enum refusal why = packet_parse(f->frame, f->size, PACKET_ETHERNET, &p);

	ck_assert_msg(why == REFUSED_NOTHING, "%s", packet_reason(why));
	return p;
}

START_TEST(test_wire)
{
	struct play p = play_first_wave();
	struct reading r = capture(&p, NULL);
	static const uint8_t zhang[6] = {2, 0, 0, 0, 0, 1}, li[6] = {2, 0, 0, 0, 0, 2};
	uint16_t ids[2] = {0};
	struct found f;
	struct packet k;
	size_t count = 0;

	while (next_packet(&r, &f)) {
		k = parsed(&f);
		ck_assert_uint_eq(k.ip.id, ++ids[k.ethernet.from[5] - 1]);
		ck_assert(k.ip.dont_fragment);
		if (count == 0) {
			ck_assert_uint_eq(f.at, 0);
			ck_assert_mem_eq(k.ethernet.from, zhang, 6);
			ck_assert_mem_eq(k.ethernet.to, li, 6);
			ck_assert_uint_eq(k.tcp.from_port, 49152);
			ck_assert_uint_eq(k.tcp.seg.seq.v, 1000);
			ck_assert_uint_eq(k.tcp.seg.ctl, SYN);
			ck_assert_uint_eq(k.tcp.seg.mss, 1460);
			ck_assert_str_eq(f.comment,
					 "Zhang San waves to Li Si (SYN, seq 1000, window 65535).\n"
					 "The wind blows Zhang San's wave away "
					 "(first-wave.scene:10 drop 1st where SYN).");
		}
		if (k.tcp.seg.text.len > 0) {
			ck_assert_uint_eq(f.at, 1200 * MS);
			ck_assert_uint_eq(k.tcp.seg.text.len, 7);
			ck_assert_mem_eq(k.tcp.text, "line 1\n", 7);
		}
		count++;
	}
	ck_assert_uint_eq(count, 10);
	sink_fini(&r.bytes);
	play_free(&p);
}
END_TEST

/* Li Si never sees the lost wave; what arrives has the sender's identification. */
START_TEST(test_one_side)
{
	const struct export_options o = {.view = export_side(LI), .lang = LANG_ZH};
	struct play p = play_first_wave();
	struct reading r = capture(&p, &o);
	struct found f;

	ck_assert(next_packet(&r, &f));
	ck_assert_uint_eq(f.at, 1050 * MS);
	ck_assert_uint_eq(parsed(&f).ip.id, 2);
	ck_assert_str_eq(f.comment, "李四看见张三招手（SYN）。");
	ck_assert(next_packet(&r, &f));
	ck_assert_uint_eq(f.at, 1050 * MS);
	ck_assert_uint_eq(parsed(&f).tcp.seg.ctl, SYN | ACK);
	sink_fini(&r.bytes);
	play_free(&p);
}
END_TEST

static void keep(struct play *p, int link, const char *head, uint32_t text)
{
	uint32_t size = (uint32_t)strlen(head);

	trace_keep_frame(p->trace, p->last,
			 &(struct trace_frame_kept){.link = link,
						    .at = play_last(p)->at + 3,
						    .size = size,
						    .captured = size + text,
						    .wire_size = size + text + 10,
						    .octets = (const uint8_t *)head});
}

static void expect_shot(struct reading *r, uint32_t interface, uint64_t at, const char *octets)
{
	uint32_t type;
	size_t size;
	const uint8_t *b = next_block(r, &type, &size);

	ck_assert_ptr_nonnull(b);
	ck_assert_uint_eq(type, 6);
	ck_assert_uint_eq(u32(b), interface);
	ck_assert_uint_eq((uint64_t)u32(b + 4) << 32 | u32(b + 8), at);
	ck_assert_uint_eq(u32(b + 12), strlen(octets));
	ck_assert_uint_eq(u32(b + 16), strlen(octets) + 10);
	ck_assert_mem_eq(b + 20, octets, strlen(octets));
}

/* A recording's frames go out as they came: their octets, their times, each kind of link with its
 * interface, raw IP under the number that files have for it. What nobody saw is not there. */
START_TEST(test_recording)
{
	struct play p = play_new();
	struct reading r = {0};
	uint32_t type;
	size_t size;
	const uint8_t *b;

	trace_set_epoch(p.trace, 1700000000000000);
	play_write(&p, 0, ZHANG, "text");
	play_send(&p, 5, ZHANG, (struct said){.ctl = ACK, .seq = 1, .ack = 1, .len = 4});
	keep(&p, 12, "raw head", 4);
	play_send(&p, 6, ZHANG, (struct said){.ctl = ACK, .seq = 5, .ack = 1});
	keep(&p, 113, "cooked", 0);
	play_send(&p, 7, ZHANG, (struct said){.ctl = ACK, .seq = 5, .ack = 1});
	keep(&p, 1, "ethernet", 0);
	play_send(&p, 8, ZHANG, (struct said){.ctl = ACK, .seq = 5, .ack = 1});
	play_last(&p)->is_inferred = true;
	export_pcapng(p.trace, NULL, &r.bytes);
	next_block(&r, &type, &size);
	for (size_t i = 0; i < 3; i++) {
		static const uint16_t links[] = {1, 101, 113};

		b = next_block(&r, &type, &size);
		ck_assert_uint_eq(type, 1);
		ck_assert_uint_eq(u16(b), links[i]);
	}
	expect_shot(&r, 1, 1700000000000008, "raw headtext");
	expect_shot(&r, 2, 1700000000000009, "cooked");
	expect_shot(&r, 0, 1700000000000010, "ethernet");
	ck_assert_ptr_null(next_block(&r, &type, &size));
	sink_fini(&r.bytes);
	play_free(&p);
}
END_TEST

START_TEST(test_garbled)
{
	struct export_options o = {.view = export_side(LI)};
	struct play p = play_new();
	struct reading r;
	struct found f;
	struct packet k;
	uint64_t sent;

	play_write(&p, 0, ZHANG, "odd");
	sent = play_send(&p, 0, ZHANG,
			 (struct said){.ctl = ACK, .seq = 1, .ack = 1, .len = 3, .mss = 536});
	play_discard(&p, 5, sent, DISCARD_CHECKSUM);
	play_discard(&p, 6, sent, DISCARD_HOST_DOWN);
	play_discard(&p, 7, sent, DISCARD_QUEUE_FULL);
	r = capture(&p, &o);
	ck_assert(next_packet(&r, &f));
	ck_assert_uint_eq(f.at, 7);
	ck_assert(!next_packet(&r, &f));
	sink_fini(&r.bytes);

	o.corrupted = true;
	r = capture(&p, &o);
	ck_assert(next_packet(&r, &f));
	ck_assert_uint_eq(f.at, 5);
	ck_assert_int_eq(packet_parse(f.frame, f.size, PACKET_ETHERNET, &k), REFUSED_TCP_CHECKSUM);
	sink_fini(&r.bytes);
	play_free(&p);
}
END_TEST

START_TEST(test_ipv6_and_nobody)
{
	struct play p = play_new();
	struct trace_host six = {.name = "six"};
	struct reading r;
	struct found f;
	struct packet k;

	address_parse("fd00::1", &six.address);
	play_send(&p, 0, ZHANG, (struct said){.ctl = SYN, .seq = 1});
	play_last(&p)->host = trace_add_host(p.trace, &six);
	play_last(&p)->peer = TRACE_NO_HOST;
	r = capture(&p, NULL);
	ck_assert(next_packet(&r, &f));
	k = parsed(&f);
	ck_assert_uint_eq(k.ip.from.family, FAMILY_IPV6);
	ck_assert(address_eq(&k.ip.from, &six.address));
	ck_assert_uint_eq(k.ethernet.type, ETHERTYPE_IPV6);
	sink_fini(&r.bytes);
	play_free(&p);
}
END_TEST

Suite *pcapng_suite(void)
{
	Suite *s = suite_create("pcapng");
	TCase *c = tcase_create("pcapng");

	tcase_add_test(c, test_wire);
	tcase_add_test(c, test_one_side);
	tcase_add_test(c, test_recording);
	tcase_add_test(c, test_garbled);
	tcase_add_test(c, test_ipv6_and_nobody);
	suite_add_tcase(s, c);
	return s;
}
