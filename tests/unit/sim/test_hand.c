/* SPDX-License-Identifier: MIT */
/* Deeds by hand upon words in flight, wherever these are: aloft, held by a rule, at the door. */
#include "suites.h"
#include "random_world.h"
#include "two.h"

#include <stdio.h>

static bool act(const struct two *two, uint32_t nth, enum deed deed, usec time, uint32_t past)
{
	return world_act(two->w, &(struct hand){.from = ZHANG,
						.to = LI,
						.nth = nth,
						.deed = (uint8_t)deed,
						.time = time,
						.past = past});
}

/* Zhang has connected, SYN and ACK were words 1 and 2; li answers each word at once. */
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

/* Words 3, 4, ...: an octet each, at 1.00, 1.01, ... */
static void say(struct two *two, struct sock c, int octets)
{
	for (int i = 0; i < octets; i++) {
		until(two, 1000 + 10 * i);
		sock_write_all(two->w, c, &"abcdefgh"[i], 1);
	}
}

static void rule(struct two *two, const struct wind_rule *r)
{
	wind_rule_add(two->w, ZHANG, LI, r);
}

/* What reached li until then: "b1060 a1070 ", octet and millisecond. */
static const char *heard(struct two *two, int64_t ms)
{
	static char text[256];
	size_t n = 0;

	until(two, ms);
	text[0] = '\0';
	for (uint32_t i = 1;; i++) {
		const struct record *r = nth(two, i, REC_ARRIVE, LI, -1);

		if (!r || r->at > at_ms(ms))
			return text;
		if (r->seg.text.len > 0)
			n += (size_t)snprintf(text + n, sizeof text - n, "%c%d ",
					      (char)('a' + r->seg.text.offset),
					      (int)(r->at / 1000));
	}
}

static size_t in_flight(const struct two *two, uint32_t *out, size_t room)
{
	return world_words_in_flight(two->w, ZHANG, LI, out, room);
}

/* ---- at the door ----------------------------------------------------------------------------- */

START_TEST(it_waits_at_the_door_until_others_have_come)
{
	struct two two;
	struct sock c = establish(&two);

	say(&two, c, 4);
	ck_assert(act(&two, 3, DEED_REORDER, 0, 2));
	ck_assert_str_eq(heard(&two, 1200), "b1060 c1070 a1070 d1080 ");
	two_fini(&two);
}
END_TEST

START_TEST(but_not_for_ever)
{
	struct two two;
	struct sock c = establish(&two);
	uint32_t words[4];

	say(&two, c, 1);
	ck_assert(act(&two, 3, DEED_REORDER, at_ms(300), 1));
	until(&two, 1200);
	ck_assert_uint_eq(in_flight(&two, words, 4), 1);
	ck_assert_uint_eq(words[0], 3);
	/* Somebody has more patience, and then a second one. */
	ck_assert(act(&two, 3, DEED_REORDER, at_ms(100), 1));
	ck_assert(act(&two, 3, DEED_DELAY, at_ms(50), 0));
	ck_assert_str_eq(heard(&two, 1600), "a1500 ");
	ck_assert_uint_eq(in_flight(&two, words, 4), 0);
	two_fini(&two);
}
END_TEST

START_TEST(at_the_door_too_it_is_caught)
{
	struct two two;
	struct sock c = establish(&two);

	say(&two, c, 2);
	ck_assert(act(&two, 3, DEED_REORDER, at_ms(400), 5));
	ck_assert(act(&two, 4, DEED_REORDER, at_ms(400), 5));
	until(&two, 1100);
	ck_assert(act(&two, 3, DEED_DROP, 0, 0));
	ck_assert(!act(&two, 3, DEED_DROP, 0, 0));
	ck_assert(act(&two, 4, DEED_DUPLICATE, at_ms(20), 0));
	ck_assert_str_eq(heard(&two, 1490), "b1460 b1480 ");
	two_fini(&two);
}
END_TEST

/* ---- held by a rule -------------------------------------------------------------------------- */

static const struct wind_rule holds = {.deed = DEED_REORDER,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .past = 2,
				       .time = 500000};

START_TEST(what_a_rule_holds_is_caught_too)
{
	static const struct {
		enum deed deed;
		const char *heard;
	} cases[] = {
		{DEED_DROP, "b1060 c1070 d1080 "},
		{DEED_DELAY, "b1060 c1070 d1080 a1100 "},
		{DEED_DUPLICATE, "b1060 c1070 a1070 d1080 a1100 "},
		{DEED_CORRUPT, "b1060 c1070 d1080 "},
		{DEED_REORDER, "b1060 c1070 d1080 a1080 "},
	};
	struct two two;
	struct sock c = establish(&two);
	uint32_t words[4];

	rule(&two, &holds);
	say(&two, c, 1);
	ck_assert_uint_eq(in_flight(&two, words, 4), 1);
	ck_assert(act(&two, 3, cases[_i].deed, cases[_i].deed == DEED_REORDER ? 0 : at_ms(30), 1));
	say(&two, c, 0);
	for (int i = 1; i < 4; i++) {
		until(&two, 1000 + 10 * i);
		sock_write_all(two.w, c, &"abcd"[i], 1);
	}
	ck_assert_str_eq(heard(&two, 1110), cases[_i].heard);
	two_fini(&two);
}
END_TEST

/* Copies of what is held fly with it; before that they are words, and can be caught. */
START_TEST(copies_of_what_is_held_are_words)
{
	struct two two;
	struct sock c = establish(&two);
	uint32_t words[4];

	rule(&two, &(struct wind_rule){.deed = DEED_DUPLICATE,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1});
	rule(&two, &(struct wind_rule){.deed = DEED_DUPLICATE,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .time = at_ms(5)});
	rule(&two, &holds);
	say(&two, c, 1);
	ck_assert_uint_eq(in_flight(&two, words, 4), 3);
	ck_assert_uint_eq(words[0], 3);
	ck_assert_uint_eq(words[1], 4);
	ck_assert_uint_eq(words[2], 5);
	ck_assert_uint_eq(in_flight(&two, words, 1), 3);
	ck_assert_uint_eq(words[0], 3);
	ck_assert_uint_eq(world_words_sent(two.w, ZHANG, LI), 5);
	if (_i == 0) {
		/* The word goes, its copies stay. */
		ck_assert(act(&two, 3, DEED_DROP, 0, 0));
		ck_assert(!act(&two, 3, DEED_DROP, 0, 0));
		ck_assert_uint_eq(in_flight(&two, words, 4), 2);
	} else {
		ck_assert(act(&two, 5, DEED_DELAY, at_ms(40), 0));
		ck_assert(act(&two, 4, DEED_DROP, 0, 0));
		ck_assert(!act(&two, 4, DEED_DROP, 0, 0));
		ck_assert_uint_eq(in_flight(&two, words, 4), 2);
	}
	for (int i = 1; i < 3; i++) {
		until(&two, 1000 + 10 * i);
		sock_write_all(two.w, c, &"abc"[i], 1);
	}
	ck_assert_str_eq(heard(&two, 1200),
			 _i == 0 ? "b1060 c1070 a1070 a1075 " : "b1060 c1070 a1070 a1115 ");
	two_fini(&two);
}
END_TEST

/* A door is for one word: its copies pass it, and it is forgotten with the word. */
START_TEST(a_door_is_for_one_word)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two, &(struct wind_rule){.deed = DEED_DUPLICATE,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .time = at_ms(5)});
	rule(&two, &holds);
	until(&two, 1000);
	sock_write_all(two.w, c, "aaaaaaaaaa", 10);
	ck_assert(act(&two, 3, DEED_REORDER, at_ms(40), 9));
	if (_i == 1) /* when it is let go, its way is too narrow for it */
		world_wind(two.w, ZHANG, LI)->mtu = 45;
	for (int i = 1; i < 4; i++) {
		until(&two, 1000 + 10 * i);
		sock_write_all(two.w, c, &"abcd"[i], 1);
	}
	ck_assert(act(&two, world_words_sent(two.w, ZHANG, LI), DEED_REORDER, at_ms(10), 9));
	ck_assert_str_eq(heard(&two, 1115),
			 _i == 0 ? "k1060 l1070 a1075 m1090 a1110 " : "k1060 l1070 m1090 ");
	two_fini(&two);
}
END_TEST

/* ---- lifetime -------------------------------------------------------------------------------- */

START_TEST(nobody_lives_longer_by_hand)
{
	static const struct {
		enum deed deed;
		int heard;
	} cases[] = {{DEED_DELAY, 0}, {DEED_REORDER, 0}, {DEED_DUPLICATE, 1}};
	struct two two;
	struct sock c = establish(&two);

	world_wind(two.w, ZHANG, LI)->lifetime = at_ms(80);
	say(&two, c, 1);
	ck_assert(act(&two, 3, cases[_i].deed, at_ms(40), 1));
	/* Once it is too old in any case, nothing changes that. */
	ck_assert(act(&two, 3, DEED_DELAY, 0, 0));
	if (cases[_i].deed == DEED_DELAY) {
		ck_assert(act(&two, 3, DEED_DUPLICATE, 0, 0));
		ck_assert(act(&two, 3, DEED_REORDER, at_ms(1), 1));
	}
	until(&two, 1100);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_LIFETIME), _i == 0 ? 2 : 1);
	ck_assert_int_eq(nth(&two, 1, REC_WIND, ZHANG, DEED_LIFETIME)->at, at_ms(1080));
	ck_assert_str_eq(heard(&two, 1100), cases[_i].heard ? "a1050 " : "");
	two_fini(&two);
}
END_TEST

/* ---- what others see ------------------------------------------------------------------------- */

/* What an earlier rule has taken costs a later one nothing of what it may take. */
START_TEST(max_counts_what_was_done)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two,
	     &(struct wind_rule){
		     .deed = DEED_DROP, .match = {.class = CLASS_DATA}, .first = 1, .last = 2});
	rule(&two,
	     &(struct wind_rule){
		     .deed = DEED_DELAY, .match = {.class = CLASS_DATA}, .time = 1000, .max = 2});
	say(&two, c, 5);
	ck_assert_str_eq(heard(&two, 1100), "c1071 d1081 e1090 ");
	two_fini(&two);
}
END_TEST

/* Who does not get through passes nobody. */
START_TEST(what_finds_no_room_passes_nobody)
{
	struct two two;
	struct sock c = establish(&two);

	rule(&two, &(struct wind_rule){.deed = DEED_REORDER,
				       .match = {.class = CLASS_DATA},
				       .first = 1,
				       .last = 1,
				       .past = 2,
				       .time = at_ms(200)});
	sock_write_all(two.w, c, "a", 1);
	/* 41 octets take 41 ms: b has the line to itself, c finds no place to wait. */
	world_wind(two.w, ZHANG, LI)->rate = 8000;
	world_wind(two.w, ZHANG, LI)->queue = 1;
	sock_write_all(two.w, c, "b", 1);
	sock_write_all(two.w, c, "c", 1);
	ck_assert_uint_eq(count(&two, REC_WIND, ZHANG, DEED_QUEUE), 1);
	ck_assert_str_eq(heard(&two, 1300), "b1091 a1291 ");
	two_fini(&two);
}
END_TEST

START_TEST(what_is_no_deed_is_refused)
{
	struct two two;
	struct sock c = establish(&two);

	say(&two, c, 1);
	for (int deed = DEED_CUT; deed < DEED_COUNT; deed++)
		ck_assert(!act(&two, 3, (enum deed)deed, 0, 0));
	ck_assert(!act(&two, 0, DEED_DROP, 0, 0));
	ck_assert(!act(&two, 4, DEED_DROP, 0, 0));
	ck_assert_uint_eq(count(&two, REC_WIND, TRACE_NO_HOST, -1), 0);
	two_fini(&two);
}
END_TEST

/* ---- random worlds --------------------------------------------------------------------------- */

/* Any deed upon any word in flight, now and then. */
static void meddle(struct world *w, struct prng *prng, uint32_t hosts)
{
	struct hand hand = {.deed = (uint8_t)prng_below(prng, DEED_CORRUPT + 1),
			    .time = (usec)prng_below(prng, 400000),
			    .past = (uint32_t)prng_below(prng, 3)};
	uint32_t words[8];
	size_t count;

	hand.from = (uint8_t)prng_below(prng, hosts);
	hand.to = (uint8_t)prng_below(prng, hosts);
	count = world_words_in_flight(w, hand.from, hand.to, words, 8);
	if (count == 0)
		return;
	hand.nth = words[prng_below(prng, count < 8 ? count : 8)];
	ck_assert(world_act(w, &hand));
}

static uint64_t meddled(struct random_world *r, uint64_t seed, uint64_t events)
{
	struct prng prng;
	uint64_t done = 0;

	prng_init(&prng, seed, 3);
	for (uint64_t i = 0; i < events; i++) {
		if (prng_below(&prng, 3) == 0) {
			meddle(r->w, &prng, r->hosts);
			done++;
		}
		if (prng_below(&prng, 4) == 0)
			random_world_step(r);
		world_step(r->w);
	}
	return done;
}

enum { MEDDLED = 400 };

/* Snapshots hold whatever waits anywhere. */
START_TEST(forward_again_by_hand_is_the_same)
{
	uint64_t seed = 9000 + (uint64_t)_i, digest;
	struct trace *t = trace_new();
	struct random_world r, then;
	struct world_snapshot *s;

	random_world_init(&r, seed, t);
	meddled(&r, seed, MEDDLED);
	s = world_save(r.w);
	then = r;
	meddled(&r, seed + 1, MEDDLED);
	digest = trace_digest(t);
	for (int again = 0; again < 2; again++) {
		world_restore(r.w, s);
		r = then;
		meddled(&r, seed + 1, MEDDLED);
		ck_assert_uint_eq(trace_digest(t), digest);
	}
	world_snapshot_free(s);
	world_free(r.w);
	trace_free(t);
}
END_TEST

/* Without a trace the same words are in flight, and the same happens to them. */
START_TEST(a_trace_changes_nothing_by_hand)
{
	uint64_t seed = 9500 + (uint64_t)_i;
	struct world_figures figures[2];
	uint64_t events[2];
	usec now[2];

	for (int i = 0; i < 2; i++) {
		struct trace *t = i ? trace_new() : NULL;
		struct random_world r;

		random_world_init(&r, seed, t);
		meddled(&r, seed, MEDDLED);
		world_figures(r.w, &figures[i]);
		events[i] = world_events(r.w);
		now[i] = world_now(r.w);
		world_free(r.w);
		if (t)
			trace_free(t);
	}
	ck_assert_uint_eq(events[0], events[1]);
	ck_assert_int_eq(now[0], now[1]);
	ck_assert_uint_eq(figures[0].segments_delivered, figures[1].segments_delivered);
	ck_assert_uint_eq(figures[0].segments_sent, figures[1].segments_sent);
}
END_TEST

Suite *hand_suite(void)
{
	Suite *s = suite_create("hand");
	TCase *c = tcase_create("hand");

	tcase_add_test(c, it_waits_at_the_door_until_others_have_come);
	tcase_add_test(c, but_not_for_ever);
	tcase_add_test(c, at_the_door_too_it_is_caught);
	tcase_add_loop_test(c, what_a_rule_holds_is_caught_too, 0, 5);
	tcase_add_loop_test(c, copies_of_what_is_held_are_words, 0, 2);
	tcase_add_loop_test(c, nobody_lives_longer_by_hand, 0, 3);
	tcase_add_test(c, max_counts_what_was_done);
	tcase_add_loop_test(c, a_door_is_for_one_word, 0, 2);
	tcase_add_test(c, what_finds_no_room_passes_nobody);
	tcase_add_test(c, what_is_no_deed_is_refused);
	tcase_add_loop_test(c, forward_again_by_hand_is_the_same, 0, 40);
	tcase_add_loop_test(c, a_trace_changes_nothing_by_hand, 0, 40);
	suite_add_tcase(s, c);
	return s;
}
