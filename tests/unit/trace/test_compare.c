/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <base/sink.h>
#include "../export/play.h"
#include "trace/compare.h"
#include "trace/essence.h"

static struct divergence compare(const struct play *a, const struct play *b, unsigned ignored)
{
	struct divergence d;

	trace_compare_but(a->trace, b->trace, ignored, &d);
	return d;
}

static void expect_words(const struct play *a, const struct play *b, const char *en, const char *zh)
{
	struct divergence d = compare(a, b, 0);
	struct sink out = {0};

	divergence_put(&out, a->trace, b->trace, &d, LANG_EN);
	ck_assert_str_eq(out.at, en);
	sink_clear(&out);
	divergence_put(&out, a->trace, b->trace, &d, LANG_ZH);
	ck_assert_str_eq(out.at, zh);
	sink_fini(&out);
}

static void free_both(struct play *a, struct play *b)
{
	play_free(a);
	play_free(b);
}

static struct record *record(const struct play *p, uint64_t serial)
{
	return (struct record *)trace_at(p->trace, serial);
}

/* The n-th of a kind, from 0. */
static struct record *nth(const struct play *p, enum record_kind kind, int n)
{
	for (uint64_t i = 0; i < trace_count(p->trace); i++) {
		if (trace_at(p->trace, i)->kind == kind && n-- == 0)
			return record(p, i);
	}
	ck_abort_msg("no such record");
}

START_TEST(test_same)
{
	struct play a = play_first_wave(), b = play_first_wave();
	struct divergence d = compare(&a, &b, 0);

	ck_assert(!d.differs);
	expect_words(&a, &b, "no difference", "没有不同");
	free_both(&a, &b);
	a = play_everything();
	b = play_everything();
	ck_assert(!compare(&a, &b, 0).differs);
	free_both(&a, &b);
}
END_TEST

/* What a file says, where, and in which order of serials is not what happened. */
START_TEST(test_no_substance)
{
	struct play a = play_first_wave(), b = play_new();
	struct record *r;

	play_free(&b);
	b = play_first_wave();
	nth(&b, REC_WIND, 0)->place.line = 99;
	nth(&b, REC_WIND, 0)->text[0] = trace_text(b.trace, "drop any", 8);
	r = record(&b, play_record(&b, 64 * S, REC_SAY, TRACE_NO_HOST));
	r->text[0] = trace_text(b.trace, "hear", 4);
	play_record(&b, 64 * S, REC_EXPECT, TRACE_NO_HOST);
	play_record(&b, 65 * S, REC_END, TRACE_NO_HOST);
	ck_assert(!compare(&a, &b, 0).differs);
	ck_assert(!compare(&b, &a, 0).differs);
	free_both(&a, &b);
}
END_TEST

/* One number of one record at a time: it is found, there, and called by its name. */
START_TEST(test_each_difference)
{
	static const struct {
		enum record_kind kind;
		int nth;
		unsigned what;
	} changes[] = {
		{REC_SEND, 1, DIFFERS_FLAGS},   {REC_SEND, 1, DIFFERS_SEQ},
		{REC_SEND, 2, DIFFERS_ACK},     {REC_SEND, 1, DIFFERS_WINDOW},
		{REC_SEND, 1, DIFFERS_URGENT},  {REC_SEND, 1, DIFFERS_OPTIONS},
		{REC_SEND, 1, DIFFERS_REPEAT},  {REC_SEND, 1, DIFFERS_RULE},
		{REC_STATE, 3, DIFFERS_STATE},  {REC_CALL, 2, DIFFERS_ERROR},
		{REC_READ, 0, DIFFERS_NUMBER},  {REC_TIMER, 1, DIFFERS_WHAT},
		{REC_TIMER, 1, DIFFERS_FIELDS},
	};

	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		struct play a = play_first_wave(), b = play_first_wave();
		struct record *r = nth(&b, changes[i].kind, changes[i].nth);
		struct divergence d;

		switch (changes[i].what) {
		case DIFFERS_FLAGS: r->seg.ctl |= ECE; break;
		case DIFFERS_SEQ: r->seg.seq.v++; break;
		case DIFFERS_ACK: r->seg.ack.v++; break;
		case DIFFERS_WINDOW: r->seg.wnd--; break;
		case DIFFERS_URGENT: r->seg.up = 1; break;
		case DIFFERS_OPTIONS: r->seg.mss--; break;
		case DIFFERS_REPEAT: r->seg.rexmit++; break;
		case DIFFERS_RULE: r->rule = 1; break;
		case DIFFERS_STATE: r->to = CLOSED; break;
		case DIFFERS_ERROR: r->error = SOCK_EPIPE; break;
		case DIFFERS_NUMBER: r->number[0]++; break;
		case DIFFERS_WHAT: r->detail = TIMER_USER; break;
		case DIFFERS_FIELDS: r->changes.count = 0; break;
		default: ck_abort();
		}
		if (changes[i].what == DIFFERS_FIELDS) {
			struct tcb_change change = {F_cwnd, 1, 2};

			/* The newest record only can be given changes. */
			r = record(&b, trace_count(b.trace) - 1);
			trace_change_put(b.trace, r->serial, &change);
		}
		d = compare(&a, &b, 0);
		ck_assert_msg(d.differs, "change %zu is not seen", i);
		ck_assert_uint_eq(d.b, r->serial);
		ck_assert_uint_eq(d.a, d.b);
		ck_assert_uint_eq(d.what, changes[i].what);
		ck_assert(!d.is_a_idle && !d.is_b_idle);
		free_both(&a, &b);
	}
}
END_TEST

/* Octets are compared, not only how many there are. */
START_TEST(test_octets)
{
	struct play a = play_new(), b = play_new();
	struct divergence d;

	play_write(&a, 1 * S, ZHANG, "line 1\n");
	play_write(&b, 1 * S, ZHANG, "line 2\n");
	d = compare(&a, &b, 0);
	ck_assert(d.differs);
	ck_assert_uint_eq(d.what, DIFFERS_TEXT);
	expect_words(&a, &b, "at 1.000 s: Zhang San calls write / Zhang San calls write (text)",
		     "1.000 秒：张三调用 write / 张三调用 write（正文）");
	free_both(&a, &b);
}
END_TEST

/* The wind takes the wave in one world only. */
START_TEST(test_idle)
{
	struct said wave = {.ctl = SYN, .seq = 1000};
	struct play a = play_new(), b = play_new();
	uint64_t sent = play_send(&a, 1 * S, ZHANG, wave);

	play_arrive(&a, 1050 * MS, sent);
	play_call(&a, 1 * S + 50 * MS, LI, 0, CALL_CLOSE, "");
	sent = play_send(&b, 1 * S, ZHANG, wave);
	play_wind(&b, 1 * S, sent, DEED_DROP, 10, "drop 1st where SYN");
	play_call(&b, 1 * S + 50 * MS, LI, 0, CALL_CLOSE, "");
	expect_words(&a, &b, "at 1.000 s: nothing / the wind blows Zhang San's SYN 1000 away",
		     "1.000 秒：无事 / 风吹走张三的 SYN 1000");
	expect_words(&b, &a, "at 1.000 s: the wind blows Zhang San's SYN 1000 away / nothing",
		     "1.000 秒：风吹走张三的 SYN 1000 / 无事");
	free_both(&a, &b);
}
END_TEST

/* At one instant the one has what the other has, and something before it. */
START_TEST(test_put_in_between)
{
	struct play a = play_new(), b = play_new();
	struct divergence d;

	play_call(&a, 1 * S, ZHANG, 2, CALL_CLOSE, "");
	play_call(&b, 1 * S, LI, 3, CALL_ABORT, "");
	play_call(&b, 1 * S, ZHANG, 2, CALL_CLOSE, "");
	d = compare(&a, &b, 0);
	ck_assert(d.is_a_idle);
	ck_assert(!d.is_b_idle);
	expect_words(&a, &b, "at 1.000 s: nothing / Li Si calls abort",
		     "1.000 秒：无事 / 李四调用 abort");
	free_both(&a, &b);
}
END_TEST

START_TEST(test_end)
{
	struct play a = play_first_wave(), b = play_first_wave();

	play_call(&b, 70 * S, LI, 1, CALL_CLOSE, "");
	expect_words(&a, &b, "at 70.000 s: it is over / Li Si calls close",
		     "70.000 秒：已散场 / 李四调用 close");
	free_both(&a, &b);
	a = play_new();
	b = play_new();
	ck_assert(!compare(&a, &b, 0).differs);
	free_both(&a, &b);
}
END_TEST

START_TEST(test_ignored)
{
	struct play a = play_first_wave(), b = play_first_wave();

	for (uint64_t i = 0; i < trace_count(b.trace); i++)
		record(&b, i)->at += 5;
	ck_assert(compare(&a, &b, 0).differs);
	ck_assert(!compare(&a, &b, IGNORE_TIME).differs);
	free_both(&a, &b);

	a = play_first_wave();
	b = play_first_wave();
	nth(&b, REC_STATE, 0)->rule = 3;
	play_record(&b, 64 * S, REC_RULE, ZHANG);
	ck_assert(compare(&a, &b, IGNORE_TIME).differs);
	ck_assert(!compare(&a, &b, IGNORE_RULES).differs);
	trace_change_put(b.trace, trace_count(b.trace) - 1, &(struct tcb_change){F_rto, 1, 2});
	play_record(&b, 64 * S, REC_CRASH, ZHANG);
	play_record(&a, 64 * S, REC_CRASH, ZHANG);
	trace_change_put(b.trace, trace_count(b.trace) - 1, &(struct tcb_change){F_rto, 1, 2});
	ck_assert(compare(&a, &b, IGNORE_RULES).differs);
	ck_assert(!compare(&a, &b, IGNORE_RULES | IGNORE_FIELDS).differs);
	free_both(&a, &b);
}
END_TEST

static struct play with_isn(uint32_t zhang, uint32_t li)
{
	struct play p = play_new();
	uint64_t sent = play_send(&p, 0, ZHANG, (struct said){.ctl = SYN, .seq = zhang});

	trace_change_put(p.trace, sent, &(struct tcb_change){F_iss, 0, zhang});
	trace_change_put(p.trace, sent, &(struct tcb_change){F_snd_nxt, 0, seq(zhang + 1).v});
	play_arrive(&p, 1, sent);
	sent = play_send(&p, 2, LI, (struct said){.ctl = SYN | ACK, .seq = li, .ack = zhang + 1});
	play_arrive(&p, 3, sent);
	trace_change_put(p.trace, p.last, &(struct tcb_change){F_irs, 0, li});
	trace_change_put(p.trace, p.last, &(struct tcb_change){F_rcv_nxt, 0, seq(li + 1).v});
	play_send(&p, 4, ZHANG, (struct said){.ctl = ACK, .seq = zhang + 1, .ack = li + 1});
	trace_change_put(p.trace, p.last, &(struct tcb_change){F_snd_wl1, li, seq(li + 1).v});
	return p;
}

/* Around the end of the number space, too. */
START_TEST(test_isn)
{
	struct play a = with_isn(1000, 5000), b = with_isn(UINT32_MAX, 77);
	struct divergence d = compare(&a, &b, 0);

	ck_assert(d.differs);
	ck_assert_uint_eq(d.what, DIFFERS_SEQ | DIFFERS_FIELDS);
	ck_assert(!compare(&a, &b, IGNORE_ISN).differs);
	record(&b, trace_count(b.trace) - 1)->seg.ack.v++;
	d = compare(&a, &b, IGNORE_ISN);
	ck_assert(d.differs);
	ck_assert_uint_eq(d.what, DIFFERS_ACK);
	free_both(&a, &b);
}
END_TEST

/* The same people in another order; and other people in the same parts. */
START_TEST(test_hosts)
{
	struct trace *t[2] = {trace_new(), trace_new()};
	static const char *const names[2][2] = {{"zhang", "li"}, {"li", "wang"}};
	static const uint8_t zhang[2] = {0, 1};
	struct divergence d;

	for (int i = 0; i < 2; i++) {
		for (int j = 0; j < 2; j++) {
			struct trace_host h = {.name = names[i][j],
					       .title = {names[i][j], names[i][j]},
					       .profile = "rfc"};

			trace_add_host(t[i], &h);
		}
		trace_push(t[i], REC_CRASH, 0)->host = zhang[i];
		trace_push(t[i], REC_REBOOT, 0)->host = !zhang[i];
	}
	trace_compare(t[0], t[1], &d);
	ck_assert(!d.differs);
	((struct record *)trace_at(t[1], 1))->host = zhang[1];
	trace_compare(t[0], t[1], &d);
	ck_assert(d.differs);
	ck_assert_uint_eq(d.what, DIFFERS_WHO);
	trace_free(t[0]);
	trace_free(t[1]);
}
END_TEST

/* ---- the whole ------------------------------------------------------------------------------- */

/* The wave comes a second later in b; all else follows it. */
START_TEST(test_shift)
{
	struct said wave = {.ctl = SYN, .seq = 1000};
	struct play a = play_new(), b = play_new();
	struct comparison c;

	play_call(&a, 0, LI, 1, CALL_LISTEN, "");
	play_arrive(&a, 1050 * MS, play_send(&a, 1 * S, ZHANG, wave));
	play_state(&a, 1050 * MS, LI, 3, LISTEN, SYN_RECEIVED);
	play_call(&b, 0, LI, 1, CALL_LISTEN, "");
	play_wind(&b, 1 * S, play_send(&b, 1 * S, ZHANG, wave), DEED_DROP, 1, "");
	wave.rexmit = 1;
	play_arrive(&b, 2050 * MS, play_send(&b, 2 * S, ZHANG, wave));
	play_state(&b, 2050 * MS, LI, 3, LISTEN, SYN_RECEIVED);
	comparison_init(&c, a.trace, b.trace, 0);
	ck_assert_uint_eq(c.begin, 2);
	ck_assert_uint_eq(c.only_b, 2);
	ck_assert_uint_eq(c.only_a, 0);
	ck_assert_uint_eq(c.changed, 1); /* what arrives is the first, or the second saying */
	ck_assert_uint_eq(c.same, 1);
	ck_assert_uint_eq(c.rejoin, c.pairs.count - 1);
	ck_assert(c.has_shift);
	ck_assert_int_eq(c.shift, 1 * S);
	comparison_fini(&c);
	free_both(&a, &b);
}
END_TEST

START_TEST(test_whole_same)
{
	struct play a = play_first_wave(), b = play_first_wave();
	struct comparison c;

	comparison_init(&c, a.trace, b.trace, 0);
	ck_assert(!c.first.differs);
	ck_assert_uint_eq(c.begin, c.pairs.count);
	ck_assert_uint_gt(c.begin, 30);
	ck_assert_uint_eq(c.same + c.changed + c.only_a + c.only_b, 0);
	comparison_fini(&c);
	play_record(&b, 90 * S, REC_CRASH, LI);
	comparison_init(&c, a.trace, b.trace, 0);
	ck_assert_uint_eq(c.only_b, 1);
	ck_assert_uint_eq(c.rejoin, c.pairs.count);
	comparison_fini(&c);
	free_both(&a, &b);
}
END_TEST

/* Every record that is compared stands in the list once, in its order, and the first difference is
 * where it was said to be. */
START_TEST(test_list_is_whole)
{
	struct play a = play_first_wave(), b = play_everything();
	uint64_t count[2] = {0}, last[2] = {0};
	struct comparison c;

	comparison_init(&c, a.trace, b.trace, 0);
	for (size_t i = 0; i < c.pairs.count; i++) {
		uint64_t side[2] = {c.pairs.at[i].a, c.pairs.at[i].b};

		for (int j = 0; j < 2; j++) {
			if (side[j] == PAIRING_NONE)
				continue;
			ck_assert(count[j] == 0 || side[j] > last[j]);
			last[j] = side[j];
			count[j]++;
		}
	}
	ck_assert_uint_eq(count[0], c.begin + c.same + c.changed + c.only_a);
	ck_assert_uint_eq(count[1], c.begin + c.same + c.changed + c.only_b);
	ck_assert(c.pairs.at[c.begin].a == c.first.a || c.pairs.at[c.begin].b == c.first.b);
	comparison_fini(&c);
	free_both(&a, &b);
}
END_TEST

/* The same, only later: that is said, and not that nothing happens. */
START_TEST(test_late)
{
	struct play a = play_new(), b = play_new();

	play_call(&a, 1 * S, ZHANG, 2, CALL_CLOSE, "");
	play_call(&b, 3 * S, ZHANG, 2, CALL_CLOSE, "");
	expect_words(&a, &b, "at 1.000 s: Zhang San calls close / not before 3.000 s",
		     "1.000 秒：张三调用 close / 到 3.000 秒才有");
	free_both(&a, &b);
}
END_TEST

START_TEST(test_names)
{
	for (int i = 0; i < DIFFERENCES; i++) {
		ck_assert_str_ne(difference_name(1u << i, LANG_EN), "");
		ck_assert_str_ne(difference_name(1u << i, LANG_ZH),
				 difference_name(1u << i, LANG_EN));
	}
}
END_TEST

Suite *compare_suite(void)
{
	Suite *s = suite_create("compare");
	TCase *c = tcase_create("compare");

	tcase_add_test(c, test_same);
	tcase_add_test(c, test_no_substance);
	tcase_add_test(c, test_each_difference);
	tcase_add_test(c, test_octets);
	tcase_add_test(c, test_idle);
	tcase_add_test(c, test_put_in_between);
	tcase_add_test(c, test_end);
	tcase_add_test(c, test_ignored);
	tcase_add_test(c, test_isn);
	tcase_add_test(c, test_hosts);
	tcase_add_test(c, test_shift);
	tcase_add_test(c, test_whole_same);
	tcase_add_test(c, test_list_is_whole);
	tcase_add_test(c, test_late);
	tcase_add_test(c, test_names);
	suite_add_tcase(s, c);
	return s;
}
