/* SPDX-License-Identifier: MIT */
/* Two engines talk: whatever the link does, each user reads what the other wrote, and both end. */
#include "pair.h"
#include "suites.h"

static struct pair p;

static const char *const profiles[] = {"rfc", "linux", "freebsd", "classic"};

START_TEST(a_perfect_link)
{
	pair_init(&p, profiles[_i % 4], _i / 4, 0, 300000);
	pair_open(&p);
	ck_assert(pair_run(&p, p.now + S(3600)));
	pair_expect_delivered(&p);
	/* No loss, so nothing was sent twice: 300 segments each way and their ACKs at most. */
	ck_assert_uint_lt(p.segments, 1300);
}
END_TEST

/* Whatever a stack may have in its segments. */
static void have_options(struct party *y, unsigned which)
{
	struct tcp_profile *f = &y->end.profile;

	f->wscale = which & 1;
	f->timestamps = which & 2;
	f->sack = which & 4;
	f->dsack = which & 8;
	f->ecn = which & 16 ? ECN_REQUEST : ECN_ACCEPT;
	f->window_round = which & 32 ? ROUND_DOWN : ROUND_UP;
	f->window_room = which & 64;
	f->rcv_buff_round = which & 64;
	f->ts_missing = which & 128;
	f->rcv_buff_max = which & 256 ? 1 << 24 : 0;
	f->rcv_buff = 20000 + (which % 7) * 40000;
}

START_TEST(a_bad_link_and_options)
{
	pair_init(&p, profiles[_i % 4], _i / 4 % ISS_CASES, (uint64_t)_i, 60000);
	for (int i = 0; i < 2; i++)
		have_options(&p.party[i], (unsigned)prng_below(&p.prng, 512));
	p.loss = 10 * ((unsigned)_i % 20);
	p.repeat = 100;
	p.jitter = MS(30);
	pair_open(&p);
	ck_assert_msg(pair_run(&p, p.now + S(86400)), "seed %d: %s and %s after a day", _i,
		      state_name(state_of(&p.party[0].end)), state_name(state_of(&p.party[1].end)));
	pair_expect_delivered(&p);
}
END_TEST

START_TEST(a_bad_link)
{
	pair_init(&p, profiles[_i % 4], _i / 4 % ISS_CASES, (uint64_t)_i, 20000);
	p.loss = 50 + 10 * ((unsigned)_i % 25); /* to 29 % */
	p.repeat = 100;
	p.jitter = MS(30);
	pair_open(&p);
	ck_assert_msg(pair_run(&p, p.now + S(86400)), "seed %d: %s and %s after a day", _i,
		      state_name(state_of(&p.party[0].end)), state_name(state_of(&p.party[1].end)));
	pair_expect_delivered(&p);
}
END_TEST

START_TEST(tiny_windows_and_slow_readers)
{
	pair_init(&p, profiles[_i % 4], _i / 4 % ISS_CASES, (uint64_t)_i, 3000);
	for (int i = 0; i < 2; i++) {
		struct party *y = &p.party[i];
		y->end.profile.rcv_buff = 1 + (uint32_t)prng_below(&p.prng, 900);
		y->end.profile.rcv_buff_max = y->end.profile.snd_buff_auto = 0;
		y->end.profile.mtu = 68 + (uint32_t)prng_below(&p.prng, 1500);
		y->end.profile.snd_buff = 100 + (uint32_t)prng_below(&p.prng, 3000);
		y->reads_every = (usec)prng_below(&p.prng, 3000000);
		y->reads_at_most = 1 + (uint32_t)prng_below(&p.prng, 500);
	}
	p.loss = (unsigned)_i % 3 * 80;
	pair_open(&p);
	ck_assert_msg(pair_run(&p, p.now + S(40 * 86400)), "seed %d: %s and %s after 40 days", _i,
		      state_name(state_of(&p.party[0].end)), state_name(state_of(&p.party[1].end)));
	pair_expect_delivered(&p);
}
END_TEST

/* Both windows are zero and both ends probe. The ACKs between the probes must find the other's zero
 * window acceptable (A.2), or each refuses the other's and answers it, for ever. */
START_TEST(two_zero_windows_probe_in_peace)
{
	pair_init(&p, profiles[_i % 4], _i / 4 % ISS_CASES, 1, 5000);
	for (int i = 0; i < 2; i++) {
		p.party[i].end.profile.rcv_buff = 1000;
		p.party[i].end.profile.rcv_buff_max = 0;
		p.party[i].reads_every = p.party[i].reads_next = S(3600);
	}
	pair_open(&p);
	ck_assert(!pair_run(&p, p.now + S(100)));
	ck_assert_uint_le(p.segments, 60);
	ck_assert(pair_run(&p, p.now + S(40 * 86400)));
	pair_expect_delivered(&p);
}
END_TEST

START_TEST(both_call_at_once)
{
	pair_init(&p, profiles[_i % 4], _i / 4 % ISS_CASES, (uint64_t)_i, 1000);
	p.loss = (unsigned)_i % 4 * 60;
	p.jitter = MS(_i % 20);
	for (int i = 0; i < 2; i++) {
		struct end *e = &p.party[i].end;
		ck_assert_int_eq(tcp_call_open(&e->tcb, OPEN_ACTIVE, &e->env), TCP_OK);
	}
	ck_assert_msg(pair_run(&p, p.now + S(86400)), "seed %d", _i);
	pair_expect_delivered(&p);
}
END_TEST

START_TEST(both_call_at_once_without_the_local_rule)
{
	pair_init(&p, "rfc", _i % ISS_CASES, (uint64_t)_i, 1000);
	for (int i = 0; i < 2; i++) {
		struct end *e = &p.party[i].end;
		e->profile.syn_received_synack = false;
		ck_assert_int_eq(tcp_call_open(&e->tcb, OPEN_ACTIVE, &e->env), TCP_OK);
	}
	ck_assert(pair_run(&p, p.now + S(86400)));
	pair_expect_delivered(&p);
	ck_assert_uint_lt(p.segments, 40); /* no war of ACKs */
}
END_TEST

START_TEST(both_say_goodbye_at_once)
{
	pair_init(&p, profiles[_i % 4], _i / 4, 0, 0);
	pair_open(&p);
	ck_assert(pair_run(&p, p.now + S(3600)));
	pair_expect_delivered(&p);
	ck_assert_uint_lt(p.segments, 12);
}
END_TEST

START_TEST(few_blocks)
{
	pair_init(&p, "rfc", _i % ISS_CASES, (uint64_t)_i, 5000);
	for (int i = 0; i < 2; i++) {
		struct end *e = &p.party[i].end;
		end_init_pool(e, "rfc", _i % ISS_CASES, 3 + (uint32_t)_i % 6);
		e->is_silent = true;
		e->profile.user_timeout = e->profile.r2 = e->profile.syn_r2 = 0;
		tcb_init(&e->tcb, (uint32_t)i + 1, &e->env);
	}
	p.loss = 50;
	pair_open(&p);
	ck_assert_msg(pair_run(&p, p.now + S(86400)), "seed %d: %s and %s", _i,
		      state_name(state_of(&p.party[0].end)), state_name(state_of(&p.party[1].end)));
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(p.party[i].read, 5000);
		ck_assert_uint_eq(p.party[i].end.pool.free_count, p.party[i].end.pool.count - 1);
	}
}
END_TEST

START_TEST(the_same_seed_tells_the_same_story)
{
	uint64_t segments[2];
	usec ends[2];

	for (int i = 0; i < 2; i++) {
		pair_init(&p, "rfc", ISS_PLAIN, (uint64_t)_i, 20000);
		p.loss = 150;
		p.jitter = MS(30);
		pair_open(&p);
		ck_assert(pair_run(&p, p.now + S(86400)));
		segments[i] = p.segments;
		ends[i] = p.now;
	}
	ck_assert_uint_eq(segments[0], segments[1]);
	ck_assert_int_eq(ends[0], ends[1]);
}
END_TEST

Suite *pair_suite(void)
{
	Suite *s = suite_create("pair");
	TCase *tc = tcase_create("links");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, a_perfect_link, 0, 4 * ISS_CASES);
	tcase_add_loop_test(tc, a_bad_link, 0, 100);
	tcase_add_loop_test(tc, a_bad_link_and_options, 0, 100);
	tcase_add_loop_test(tc, tiny_windows_and_slow_readers, 0, 60);
	tcase_add_loop_test(tc, two_zero_windows_probe_in_peace, 0, 4 * ISS_CASES);
	tcase_add_loop_test(tc, both_call_at_once, 0, 40);
	tcase_add_loop_test(tc, both_call_at_once_without_the_local_rule, 0, ISS_CASES);
	tcase_add_loop_test(tc, both_say_goodbye_at_once, 0, 4 * ISS_CASES);
	tcase_add_loop_test(tc, few_blocks, 0, 24);
	tcase_add_loop_test(tc, the_same_seed_tells_the_same_story, 0, 3);
	suite_add_tcase(s, tc);
	return s;
}
