/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <live/frames.h>
#include "film.h"

enum { MICRO = 0xa1b2c3d4, NANO = 0xa1b23c4d, ETHERNET = 1, RAW = 101 };

/* Opens what was made; exactly as large, so that the sanitizers see who looks behind its end. */
static uint8_t *take(struct film *f, size_t n)
{
	uint8_t *octets = malloc(n + (n == 0));

	memcpy(octets, f->out.at, n);
	return octets;
}

/* How many frames there are in the first n octets. */
static size_t count(struct film *film, size_t n, struct frames *f, struct frame_sight *last)
{
	uint8_t *octets = take(film, n);
	size_t frames = 0;

	if (frames_open(f, octets, n))
		while (frames_next(f, last))
			frames++;
	frames_fini(f);
	free(octets);
	return frames;
}

START_TEST(pcap_in_all_its_forms)
{
	for (int form = 0; form < 4; form++) {
		struct film film = {.is_big = form & 1};
		struct frames f;
		struct frame_sight s = {0};

		film_pcap(&film, form & 2 ? (uint32_t)NANO : (uint32_t)MICRO, RAW);
		film.at = UINT64_C(1700000000123456789) / (1000000000 / film.units);
		film_frame(&film, "abc", 3, 5);
		film_frame(&film, "", 0, 0);
		ck_assert_uint_eq(count(&film, film.out.count, &f, &s), 2);
		ck_assert(!f.is_cut && f.damage == NULL);
		ck_assert_int_eq(s.at, INT64_C(1700000000123456));
		ck_assert_int_eq(s.link, RAW);
		ck_assert_uint_eq(s.size, 0);
		sink_fini(&film.out);
	}
}
END_TEST

START_TEST(pcap_frames_are_what_they_were)
{
	struct film film = {0};
	struct frames f;
	struct frame_sight s;

	film_pcap(&film, MICRO, ETHERNET | 0x14000000); /* the frames end in a checksum of 4 */
	film_frame(&film, "abc", 3, 5);
	ck_assert(frames_are((const uint8_t *)film.out.at, film.out.count));
	ck_assert(frames_open(&f, (const uint8_t *)film.out.at, film.out.count));
	ck_assert(frames_next(&f, &s));
	ck_assert_int_eq(s.link, ETHERNET);
	ck_assert_uint_eq(s.size, 3);
	ck_assert_uint_eq(s.wire_size, 5);
	ck_assert_mem_eq(s.octets, "abc", 3);
	ck_assert(!frames_next(&f, &s));
	frames_fini(&f);
	sink_fini(&film.out);
}
END_TEST

/* Two sections of two byte orders, with interfaces of their own, and what must be skipped. */
static void make_pcapng(struct film *f)
{
	film_section(f);
	film_interface(f, ETHERNET, 0, 6, 0);
	film_block(f, 4, "names", 5);
	film_block(f, 0x0bad0bad, "somebody's own", 14);
	f->at = 1000000;
	film_frame(f, "one", 3, 3);
	film_interface(f, RAW, 2, 9, 100);
	f->interface = 1;
	f->at = UINT64_C(5000001234);
	film_frame(f, "two", 3, 3);
	f->is_big = !f->is_big;
	film_section(f);
	film_interface(f, RAW, 2, 0x8a, -1); /* 1024 in a second */
	f->at = 3 * 1024 + 512;
	film_frame(f, "three", 5, 9);
	film_simple(f, "four", 4);
}

START_TEST(pcapng_in_all_its_forms)
{
	static const struct {
		usec at;
		int link;
		size_t size, wire_size;
		const char *text;
	} wanted[] = {{1000000, ETHERNET, 3, 3, "one"},
		      {105000001, RAW, 3, 3, "two"},
		      {2500000, RAW, 5, 9, "three"},
		      {2500000, RAW, 2, 4, "fo"}};
	struct film film = {.is_big = _i == 1};
	struct frames f;
	struct frame_sight s;

	make_pcapng(&film);
	ck_assert(frames_open(&f, (const uint8_t *)film.out.at, film.out.count));
	for (size_t i = 0; i < 4; i++) {
		ck_assert(frames_next(&f, &s));
		ck_assert_int_eq(s.at, wanted[i].at);
		ck_assert_int_eq(s.link, wanted[i].link);
		ck_assert_uint_eq(s.size, wanted[i].size);
		ck_assert_uint_eq(s.wire_size, wanted[i].wire_size);
		ck_assert_mem_eq(s.octets, wanted[i].text, s.size);
	}
	ck_assert(!frames_next(&f, &s));
	ck_assert(!f.is_cut && f.damage == NULL);
	frames_fini(&f);
	sink_fini(&film.out);
}
END_TEST

/* Wherever a file is cut off, what was whole before it is there, and only that. */
START_TEST(cut_anywhere)
{
	struct film film = {0};
	struct frames f;
	struct frame_sight s;
	size_t before = 0, whole = 0;

	if (_i == 0) {
		film_pcap(&film, MICRO, RAW);
		for (int i = 0; i < 3; i++)
			film_frame(&film, "abcd", 4, 4);
		whole = 24 + 20;
	} else {
		make_pcapng(&film);
	}
	for (size_t n = 4; n <= film.out.count; n++) {
		size_t now = count(&film, n, &f, &s);

		ck_assert_ptr_null(f.damage);
		ck_assert(now == before || now == before + 1);
		if (_i == 0 && n >= 24)
			ck_assert(f.is_cut == ((n - 24) % 20 != 0));
		before = now;
	}
	ck_assert_uint_eq(before, _i == 0 ? 3 : 4);
	ck_assert(!f.is_cut);
	if (_i == 0)
		ck_assert_uint_eq(count(&film, whole, &f, &s), 1);
	sink_fini(&film.out);
}
END_TEST

/* Files that lie. Each has one frame before the lie. */
static void make_lie(struct film *f, int which)
{
	static const uint8_t lies[][12] = {
		{6, 0, 0, 0, 0, 0, 0, 0},            /* a block of length 0 */
		{6, 0, 0, 0, 8, 0, 0, 0},            /* shorter than its own lengths */
		{6, 0, 0, 0, 13, 0, 0, 0},           /* no multiple of 4 */
		{6, 0, 0, 0, 12, 0, 0, 0, 16},       /* two lengths that differ */
		{6, 0, 0, 0, 12, 0, 0, 0, 12},       /* no room for what a frame has */
		{10, 13, 13, 10, 28, 0, 0, 0, 1, 2}, /* a byte order that is none */
		{10, 13, 13, 10, 12, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a}, /* a section too short */
	};

	film_section(f);
	film_interface(f, RAW, 0, 6, 0);
	film_frame(f, "abcd", 4, 4);
	if (which < 7) {
		sink_put(&f->out, lies[which], sizeof lies[which]);
		sink_pad(&f->out, '\0', 32);
	} else if (which == 7) {
		f->interface = UINT32_MAX; /* of no interface */
		film_frame(f, "abcd", 4, 4);
	} else {
		film_frame(f, "abcd", 4, 4);
		f->out.at[f->out.count - 4 - 4 - 8] = 5; /* more was captured than there is */
	}
}

START_TEST(lies_end_the_file)
{
	struct film film = {0};
	struct frames f;
	struct frame_sight s;

	make_lie(&film, _i);
	ck_assert_uint_eq(count(&film, film.out.count, &f, &s), 1);
	ck_assert_ptr_nonnull(f.damage);
	ck_assert(!f.is_cut);
	sink_fini(&film.out);
}
END_TEST

START_TEST(a_length_of_4_gib)
{
	struct film film = {0};
	struct frames f;
	struct frame_sight s;

	film_pcap(&film, MICRO, RAW);
	film_u32(&film, 1);
	film_u32(&film, 1);
	film_u32(&film, UINT32_MAX);
	film_u32(&film, UINT32_MAX);
	ck_assert_uint_eq(count(&film, film.out.count, &f, &s), 0);
	ck_assert_ptr_nonnull(f.damage);
	film_section(&film);
	sink_fini(&film.out);
}
END_TEST

/* Resolutions and offsets that no clock has: the times stay within the calendar. */
START_TEST(times_stay_within_the_calendar)
{
	static const int64_t offsets[] = {0, -1, INT64_MAX, INT64_MIN, 1};

	for (int resolution = 0; resolution < 256; resolution++) {
		for (size_t i = 0; i < 5; i++) {
			struct film film = {0};
			struct frames f;
			struct frame_sight s = {.at = -1};

			film_section(&film);
			film_interface(&film, RAW, 0, (uint8_t)resolution, offsets[i]);
			film.at = UINT64_MAX - i;
			film_frame(&film, "a", 1, 1);
			ck_assert_uint_eq(count(&film, film.out.count, &f, &s), 1);
			ck_assert(s.at >= 0 && s.at <= INT64_C(253402300800) * 1000000);
			sink_fini(&film.out);
		}
	}
}
END_TEST

START_TEST(knows_what_else_it_may_be)
{
	const char *what, *tool;

	ck_assert(frames_other((const uint8_t *)"\x1f\x8b\x08", 3, &what, &tool));
	ck_assert_str_eq(what, "compressed (gzip)");
	ck_assert_str_eq(tool, "gunzip");
	ck_assert(!frames_other((const uint8_t *)"\x1f", 1, &what, &tool));
	ck_assert(!frames_other((const uint8_t *)"play \"a\"", 8, &what, &tool));
	ck_assert(!frames_are((const uint8_t *)"\xd4\xc3\xb2", 3));
}
END_TEST

Suite *frames_suite(void)
{
	Suite *s = suite_create("frames");
	TCase *t = tcase_create("frames");

	tcase_add_test(t, pcap_in_all_its_forms);
	tcase_add_test(t, pcap_frames_are_what_they_were);
	tcase_add_loop_test(t, pcapng_in_all_its_forms, 0, 2);
	tcase_add_loop_test(t, cut_anywhere, 0, 2);
	tcase_add_loop_test(t, lies_end_the_file, 0, 9);
	tcase_add_test(t, a_length_of_4_gib);
	tcase_add_test(t, times_stay_within_the_calendar);
	tcase_add_test(t, knows_what_else_it_may_be);
	suite_add_tcase(s, t);
	return s;
}
