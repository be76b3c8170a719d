/* SPDX-License-Identifier: MIT */
/* A connection is a value: copied, compared, hashed, packed; and its blocks come from a pool that
 * may be empty at any moment. */
#include <string.h>
#include "fixture.h"
#include "suites.h"

/* Everything a TCB can hold: text unread, text out of order, segments in flight, octets queued,
 * what congestion control remembers. */
static void talk(struct end *e)
{
	e->profile.cc = CC_CUBIC;
	e->profile.hystart = HYSTART_LINUX;
	tcb_in(e, ESTABLISHED);
	e->wnd = 20000;
	call_send(e, 30000, SEND_PUSH);
	arrives(e, PSH | ACK, 1, 1, 300);
	arrives(e, ACK, 501, 1001, 100);
	arrives(e, ACK, 701, 1001, 50);
	arrives(e, ACK, 401, 1001, 20);
	after(e, MS(1500));
	arrives(e, PSH | ACK, 301, 2001, 50);
	forget(e);
}

/* What happens to it next. */
static void talk_on(struct end *e)
{
	arrives(e, ACK, 351, 3001, 400);
	after(e, S(4));
	call_receive(e, 500, 0, NULL);
	call_close(e, CLOSE_SEND);
	arrives(e, FIN | ACK, 751, 30001, 0);
	after(e, S(1));
	arrives(e, ACK, 752, 30002, 0);
}

/* Padding apart, which is nobody's. */
static bool is_same_segment(const struct seg *a, const struct seg *b)
{
	return seq_eq(a->seq, b->seq) && seq_eq(a->ack, b->ack) && a->len == b->len &&
	       a->ctl == b->ctl && a->wnd == b->wnd && a->up == b->up && a->opts == b->opts &&
	       a->mss == b->mss && a->rexmit == b->rexmit && a->rule == b->rule &&
	       a->text.stream == b->text.stream && a->text.offset == b->text.offset &&
	       a->text.len == b->text.len;
}

static void expect_same_output(struct end *a, struct end *b)
{
	expect_number(a, a->outs, b->outs);
	for (unsigned i = 0; i < a->outs; i++)
		expect_that(a, is_same_segment(&a->out[i], &b->out[i]));
	expect_number(a, a->told, b->told);
	expect_number(a, a->tcb.state, b->tcb.state);
	expect_number(a, tcp_next_timeout(&a->tcb), tcp_next_timeout(&b->tcb));
}

static bool is_equal(const struct end *a, const struct end *b)
{
	bool is = tcb_eq(&a->tcb, &b->tcb, &a->pool, &b->pool);

	ck_assert(is == tcb_eq(&b->tcb, &a->tcb, &b->pool, &a->pool));
	if (is)
		ck_assert_uint_eq(tcb_hash(&a->tcb, &a->pool), tcb_hash(&b->tcb, &b->pool));
	return is;
}

START_TEST(the_same_story_gives_the_same_value)
{
	static struct end a, b;

	end_init(&a, "rfc", _i);
	talk(&a);
	end_init(&b, "rfc", _i);
	talk(&b);
	expect_that(&a, is_equal(&a, &b));
	talk_on(&a);
	expect_that(&a, !is_equal(&a, &b));
	talk_on(&b);
	expect_that(&a, is_equal(&a, &b));
}
END_TEST

START_TEST(the_numbers_of_blocks_do_not_count)
{
	static struct end a, b, other;

	end_init(&a, "rfc", _i);
	talk(&a);

	/* In b's pool another connection has taken and returned blocks before. */
	end_init(&b, "rfc", _i);
	end_copy(&other, &b);
	other.env.pool = &b.pool;
	other.tcb = b.tcb;
	tcb_in(&other, ESTABLISHED);
	call_send(&other, 10000, SEND_PUSH);
	arrives(&other, ACK, 101, 1, 10);
	talk(&b);
	expect_that(&a, is_equal(&a, &b));
	tcb_fini(&other.tcb, &b.env);
	expect_that(&a, is_equal(&a, &b));
	talk_on(&a);
	talk_on(&b);
	expect_same_output(&a, &b);
	expect_that(&a, is_equal(&a, &b));
}
END_TEST

START_TEST(a_copy_is_equal_and_goes_its_own_way)
{
	static struct end a, b;
	struct tcb copy;

	end_init(&a, "rfc", _i);
	talk(&a);
	uint32_t free = a.pool.free_count;
	tcb_copy(&copy, &a.tcb, &a.env);
	tcb_check_deep(&copy, &a.env);
	expect_that(&a, tcb_eq(&copy, &a.tcb, &a.pool, &a.pool));
	expect_number(&a, tcb_hash(&copy, &a.pool), tcb_hash(&a.tcb, &a.pool));
	expect_number(&a, free - a.pool.free_count, tcb_blocks(&a.tcb, &a.pool));

	/* The original goes on and ends; the copy then does the same from where it stood. */
	end_copy(&b, &a);
	b.tcb = copy;
	talk_on(&a);
	expect_that(&a, !tcb_eq(&copy, &a.tcb, &a.pool, &a.pool));
	expect_that(&a, tcb_eq(&copy, &b.tcb, &a.pool, &b.pool));
	talk_on(&b);
	expect_same_output(&a, &b);
	tcb_fini(&copy, &a.env);
	tcb_fini(&a.tcb, &a.env);
	expect_number(&a, a.pool.free_count, END_BLOCKS - 1);
}
END_TEST

START_TEST(every_single_event_makes_a_difference)
{
	static struct end a, b;

	for (int what = 0; what < 7; what++) {
		end_init(&a, "rfc", _i);
		talk(&a);
		end_init(&b, "rfc", _i);
		talk(&b);
		switch (what) {
		case 0: call_send(&b, 1, 0); break;
		case 1: call_receive(&b, 1, 0, NULL); break;
		case 2: arrives(&b, ACK, 601, 2001, 1); break; /* out of order */
		case 3: arrives(&b, ACK, 351, 2002, 0); break;
		case 4: call_close(&b, CLOSE_SEND); break;
		case 5: after(&b, S(3)); break;
		case 6: arrives_urgent(&b, ACK, 351, 2001, 0, 5); break;
		default: break;
		}
		story_add("-- %d\n", what);
		expect_that(&a, !is_equal(&a, &b));
		expect_that(&a, tcb_hash(&a.tcb, &a.pool) != tcb_hash(&b.tcb, &b.pool));
	}
}
END_TEST

START_TEST(runs_that_say_the_same_are_the_same)
{
	static struct end a, b;

	/* "By content": the same text held, however many segments brought it. */
	end_init(&a, "rfc", _i);
	tcb_in(&a, ESTABLISHED);
	end_init(&b, "rfc", _i);
	tcb_in(&b, ESTABLISHED);
	arrives(&a, ACK, 101, 1, 100);
	arrives(&b, ACK, 101, 1, 100);
	arrives(&b, ACK, 101, 1, 100);
	expect_that(&a, is_equal(&a, &b));
}
END_TEST

START_TEST(what_congestion_control_remembers_counts)
{
	static struct end a;
	struct tcb copy;

	end_init(&a, "rfc", _i);
	talk(&a);
	tcb_copy(&copy, &a.tcb, &a.env);
	expect_that(&a, copy.cc.more != 0 && copy.cc.more != a.tcb.cc.more);
	expect_that(&a, tcb_eq(&copy, &a.tcb, &a.pool, &a.pool));
	a.blocks[copy.cc.more].word[_i ? 15 : 0] ^= 1;
	expect_that(&a, !tcb_eq(&copy, &a.tcb, &a.pool, &a.pool));
	expect_that(&a, tcb_hash(&copy, &a.pool) != tcb_hash(&a.tcb, &a.pool));
	tcb_fini(&copy, &a.env);
	expect_number(&a, copy.cc.more, 0);
}
END_TEST

START_TEST(any_number_of_blocks_will_do)
{
	static struct end e;

	/* From none to plenty: nothing breaks, and when more come, all is said at last. */
	for (uint32_t blocks = 1; blocks < 24; blocks++) {
		end_init_pool(&e, "rfc", _i, blocks);
		e.profile.user_timeout = e.profile.r2 = e.profile.syn_r2 = 0;
		e.profile.cc = blocks % 2 ? CC_CUBIC : CC_NEWRENO;
		call_open(&e, OPEN_PASSIVE);
		arrives(&e, SYN, 0, 0, 0);
		arrives(&e, ACK, 1, 1, 0);
		expect_state(&e, ESTABLISHED);
		uint32_t taken = 0;
		tcp_call_send(&e.tcb, 20000, SEND_PUSH, &taken, &e.env);
		drain(&e);
		for (int i = 30; i > 0; i--)
			arrives(&e, ACK, 1 + 10 * i, 1, 5);
		tcp_pool_extend(&e.pool, e.blocks, END_BLOCKS);
		for (int64_t ack = 1; ack < 1 + (int64_t)taken;) {
			story_begin();
			after(&e, S(1));
			expect_state(&e, ESTABLISHED);
			uint32_t sent = seq_span(e.iss, e.tcb.snd.nxt);
			expect_that(&e, sent > ack);
			ack = sent;
			arrives(&e, ACK, 1, ack, 0);
			forget(&e);
		}
		arrives(&e, ACK, 1, 1 + taken, 310);
		expect_number(&e, call_receive(&e, 1000, 0, NULL), 310);
		call_abort(&e);
		expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
	}
}
END_TEST

START_TEST(text_without_a_block_is_not_acknowledged)
{
	static struct end e;

	/* Text that does not lie behind what is there (a stranger's) needs a block. */
	end_init_pool(&e, "rfc", _i, 1);
	e.profile.ack_delay = 0;
	tcb_in(&e, ESTABLISHED);
	arrives(&e, ACK, 1, 1, 10);
	expect(&e, ACK, 1, 11, 0);
	struct seg s = peer_seg(&e, ACK, 11, 1, 10);
	s.text = (struct text){500, 9, 10};
	arrives_seg(&e, &s);
	expect(&e, ACK, 1, 11, 0);
	expect_number(&e, call_receive(&e, 100, 0, NULL), 10);
	arrives_seg(&e, &s); /* now there is room */
	expect(&e, ACK, 1, 21, 0);
}
END_TEST

START_TEST(every_end_gives_the_blocks_back)
{
	static struct end e;

	for (int way = 0; way < 6; way++) {
		end_init(&e, "rfc", _i);
		talk(&e);
		expect_that(&e, e.pool.free_count < END_BLOCKS - 1);
		switch (way) {
		case 0: call_abort(&e); break;
		case 1: arrives(&e, RST, 351, 0, 0); break;
		case 2: after(&e, S(1000)); break;
		case 3: call_close(&e, CLOSE_BOTH); break;
		case 4:
			tcp_arrives_icmp(&e.tcb, ICMP_HARD, e.tcb.snd.una, 0, &e.env);
			drain(&e);
			if (e.tcb.state != CLOSED)
				call_abort(&e);
			break;
		case 5: tcb_fini(&e.tcb, &e.env); break;
		default: break;
		}
		story_add("-- way %d\n", way);
		expect_number(&e, e.pool.free_count, END_BLOCKS - 1);
		expect_number(&e, e.outs <= 10, 1);
	}
}
END_TEST

/* Two ends in TIME-WAIT, one of them packed and unpacked, hear the same segment. */
static void compare_packed(const struct end *from, unsigned ctl, int64_t seq_no, int64_t ack,
			   uint32_t len)
{
	static struct end a, b;
	struct tcb_time_wait packed;

	end_copy(&a, from);
	end_copy(&b, from);
	ck_assert(tcp_may_pack(&b.tcb));
	tcp_pack(&b.tcb, &packed);
	memset(&b.tcb, 0x5a, sizeof(b.tcb));
	tcp_unpack(&packed, &b.tcb, &b.env);
	tcb_check_deep(&b.tcb, &b.env);
	expect_number(&a, tcp_next_timeout(&a.tcb), tcp_next_timeout(&b.tcb));
	arrives(&a, ctl, seq_no, ack, len);
	arrives(&b, ctl, seq_no, ack, len);
	expect_same_output(&a, &b);
	after(&a, S(5));
	after(&b, S(5));
	arrives(&a, FIN | ACK, 1, 2, 0);
	arrives(&b, FIN | ACK, 1, 2, 0);
	after(&a, S(240));
	after(&b, S(240));
	expect_same_output(&a, &b);
}

START_TEST(a_packed_time_wait_is_the_same)
{
	static struct end e;
	static const char *const profiles[] = {"rfc", "linux", "classic"};
	static const int64_t seqs[] = {-7, 1, 2, 3, 60000, 70000};
	static const int64_t acks[] = {-70000, 1, 2, 3};

	end_init(&e, profiles[_i / ISS_CASES], _i % ISS_CASES);
	tcb_in(&e, TIME_WAIT);
	after(&e, S(3));
	if (e.profile.rst_check == CHECK_RFC5961)
		arrives(&e, RST, 5, 0, 0); /* a challenge is on the account */
	forget(&e);
	e.is_silent = true;
	for (unsigned ctl = 0; ctl < 64; ctl++)
		for (unsigned i = 0; i < 6 * 4 * 2; i++)
			compare_packed(&e, ctl, seqs[i % 6], acks[i / 6 % 4], i / 24);
}
END_TEST

START_TEST(only_what_is_done_may_be_packed)
{
	static struct end e;

	ck_assert_uint_le(sizeof(struct tcb_time_wait), 96);
	for (int s = 0; s < TIME_WAIT; s++) {
		end_init(&e, "rfc", _i);
		tcb_in(&e, (enum state)s);
		expect_that(&e, !tcp_may_pack(&e.tcb));
	}
	end_init(&e, "rfc", _i);
	tcb_in(&e, FIN_WAIT_2);
	arrives(&e, FIN | ACK, 1, 2, 10); /* ten octets unread */
	expect_state(&e, TIME_WAIT);
	expect_that(&e, !tcp_may_pack(&e.tcb));
	call_receive(&e, 10, 0, NULL);
	expect_that(&e, tcp_may_pack(&e.tcb));
}
END_TEST

START_TEST(fields_by_name)
{
	static struct end e;

	end_init(&e, "rfc", _i);
	tcb_in(&e, ESTABLISHED);
	ck_assert_int_eq(tcb_field_named("SND.UNA"), tcb_field_named("snd.una"));
	ck_assert_int_eq(tcb_field_named("snd"), -1);
	ck_assert_int_eq(tcb_field_named(""), -1);
	expect_number(&e, tcb_field_get(&e.tcb, F_snd_una), e.tcb.snd.una.v);
	expect_number(&e, tcb_field_get(&e.tcb, F_state), ESTABLISHED);
	for (int f = 0; f < TCB_FIELD_COUNT; f++) {
		ck_assert_int_eq(tcb_field_named(tcb_field_name((enum tcb_field)f)), f);
		ck_assert_uint_gt(strlen(tcb_field_meaning((enum tcb_field)f)), 5);
	}
}
END_TEST

Suite *value_suite(void)
{
	Suite *s = suite_create("value");
	TCase *tc = tcase_create("copies and blocks");

	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, the_same_story_gives_the_same_value, 0, ISS_CASES);
	tcase_add_loop_test(tc, the_numbers_of_blocks_do_not_count, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_copy_is_equal_and_goes_its_own_way, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_single_event_makes_a_difference, 0, ISS_CASES);
	tcase_add_loop_test(tc, runs_that_say_the_same_are_the_same, 0, ISS_CASES);
	tcase_add_loop_test(tc, what_congestion_control_remembers_counts, 0, ISS_CASES);
	tcase_add_loop_test(tc, any_number_of_blocks_will_do, 0, ISS_CASES);
	tcase_add_loop_test(tc, text_without_a_block_is_not_acknowledged, 0, ISS_CASES);
	tcase_add_loop_test(tc, every_end_gives_the_blocks_back, 0, ISS_CASES);
	tcase_add_loop_test(tc, a_packed_time_wait_is_the_same, 0, 3 * ISS_CASES);
	tcase_add_loop_test(tc, only_what_is_done_may_be_packed, 0, ISS_CASES);
	tcase_add_loop_test(tc, fields_by_name, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
