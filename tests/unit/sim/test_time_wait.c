/* SPDX-License-Identifier: MIT */
/* TIME-WAIT, packed into few octets once the user is gone: nobody can tell. */
#include "suites.h"
#include "two.h"

#include <sim/parts.h>

/* zhang closes first and mourns from 0.35 s on. Returns his socket. */
static struct sock mourn(struct two *two, bool is_closed)
{
	struct sock c;

	two_init(two);
	host_app(two->w, LI, &(struct app){.kind = APP_DISCARD, .closes_at_end = true});
	two_listens(two, 5);
	c = two_connects(two);
	until(two, 200);
	if (is_closed)
		sock_close(two->w, c);
	else
		sock_shutdown(two->w, c);
	until(two, 400);
	ck_assert_int_eq(sock_state(two->w, c), TIME_WAIT);
	return c;
}

START_TEST(packed_and_over)
{
	struct two two;
	struct sock c = mourn(&two, true);
	struct world_figures f;

	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 1);
	ck_assert_ptr_null(sock_tcb(two.w, c));
	ck_assert_uint_ne(sock_conn(two.w, c), 0);
	ck_assert_int_eq(world_next(two.w), at_ms(300) + 240 * USEC_PER_S);
	world_advance(two.w, at_ms(300) + 240 * USEC_PER_S - 1);
	ck_assert_int_eq(sock_state(two.w, c), TIME_WAIT);
	world_advance(two.w, at_ms(300) + 240 * USEC_PER_S);
	ck_assert_int_eq(sock_state(two.w, c), CLOSED);
	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 0);
	two_fini(&two);
}
END_TEST

/* What the sender and the receiver remembered goes with the large form, whatever it was. */
START_TEST(packing_gives_every_block_back)
{
	struct two two;
	struct sock c;

	two_init(&two);
	for (uint8_t host = 0; host < 2; host++) {
		struct tcp_profile *p = host_profile(two.w, host);

		p->cc = CC_CUBIC;
		p->pacing = p->sack = p->window_memory = true;
		p->pacing_first = 0;
	}
	host_app(two.w, LI, &(struct app){.kind = APP_DISCARD, .closes_at_end = true});
	two_listens(&two, 5);
	c = two_connects(&two);
	until(&two, 200);
	sock_write_all(two.w, c, "words", 5);
	until(&two, 400);
	ck_assert_uint_ne(sock_tcb(two.w, c)->snd.more, 0);
	ck_assert_uint_lt(two.w->blocks.free_count, two.w->blocks.count - 1);
	sock_close(two.w, c);
	until(&two, 1000);
	ck_assert_int_eq(sock_state(two.w, c), TIME_WAIT);
	ck_assert_uint_eq(two.w->blocks.free_count, two.w->blocks.count - 1);
	two_fini(&two);
}
END_TEST

/* While the application still holds its socket it is not packed. */
START_TEST(held_open_until_closed)
{
	struct two two;
	struct sock c = mourn(&two, false);
	struct world_figures f;

	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 0);
	ck_assert_ptr_nonnull(sock_tcb(two.w, c));
	sock_close(two.w, c);
	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 1);
	ck_assert_int_eq(sock_state(two.w, c), TIME_WAIT);
	two_fini(&two);
}
END_TEST

static void say(struct two *two, const struct seg *s)
{
	world_stranger(two->w, LI, 8888, ZHANG, PORT_EPHEMERAL, s, NULL, (struct trace_place){0});
}

/* The same things happen to a packed and to an unpacked one. */
START_TEST(packed_answers_as_unpacked)
{
	static const struct seg segs[] = {
		{.seq = {5001}, .ack = {1002}, .ctl = FIN | ACK, .wnd = 1000}, /* the FIN again */
		{.seq = {5002}, .ack = {1002}, .ctl = ACK, .wnd = 1000},
		{.seq = {4000}, .ack = {1002}, .ctl = ACK, .wnd = 1000},
		{.seq = {9000}, .ctl = SYN, .wnd = 1000},
		{.seq = {5010}, .ctl = RST},
		{.seq = {5002}, .ack = {1002}, .ctl = ACK, .wnd = 1000, .text.len = 10},
	};
	uint64_t sent[2][6][4];
	usec end[2];

	for (int packed = 0; packed < 2; packed++) {
		struct two two;
		struct sock c = mourn(&two, packed);

		/* Or he would answer every ACK with the RST that ends it: RFC 1337. */
		host_crash(two.w, LI);
		for (int i = 0; i < 6; i++) {
			uint32_t n = count(&two, REC_SEND, ZHANG, -1);
			const struct record *r;

			until(&two, 1000 * (i + 1));
			say(&two, &segs[i]);
			ck_assert_int_eq(sock_state(two.w, c), TIME_WAIT);
			r = nth(&two, n + 1, REC_SEND, ZHANG, -1);
			sent[packed][i][0] = r ? r->seg.seq.v : 0;
			sent[packed][i][1] = r ? r->seg.ack.v : 0;
			sent[packed][i][2] = r ? r->seg.ctl : 0;
			sent[packed][i][3] = r ? r->seg.wnd : 0;
			if (packed == 0)
				continue;
			for (int field = 0; field < 4; field++)
				ck_assert_msg(sent[1][i][field] == sent[0][i][field],
					      "segment %d field %d", i, field);
		}
		world_run(two.w, USEC_NEVER);
		end[packed] = world_now(two.w);
		two_fini(&two);
	}
	ck_assert_int_eq(end[0], end[1]);
	/* The repeated FIN at 1 s started the 2 MSL anew. */
	ck_assert_int_eq(end[1], 241 * USEC_PER_S);
}
END_TEST

/* MAY-2: a larger ISN opens a new connection at once, when somebody listens. */
START_TEST(syn_opens_anew)
{
	struct two two;
	struct sock s, c;
	struct world_figures f;
	const struct record *synack;

	two_init(&two);
	host_profile(two.w, LI)->time_wait_syn = TW_SYN_ISN;
	s = two_listens(&two, 5);
	c = sock_new(two.w, ZHANG);
	sock_bind(two.w, c, 6000);
	sock_connect(two.w, c, LI, 8888);
	until(&two, 200);
	sock_close(two.w, two_child(&two)); /* li goes first, and mourns */
	until(&two, 300);
	sock_close(two.w, c);
	until(&two, 500);
	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 1);
	c = sock_new(two.w, ZHANG);
	ck_assert_int_eq(sock_bind(two.w, c, 6000), SOCK_OK);
	ck_assert_int_eq(sock_connect(two.w, c, LI, 8888), SOCK_EINPROGRESS); /* ISN 2000 > 1000 */
	until(&two, 700);
	ck_assert_int_eq(sock_state(two.w, c), ESTABLISHED);
	world_figures(two.w, &f);
	ck_assert_uint_eq(f.time_waits, 0);
	/* It arrives once, though two connections hear it. */
	ck_assert_uint_eq(count(&two, REC_ARRIVE, LI, -1), count(&two, REC_SEND, ZHANG, -1));
	synack = nth_sent(&two, 2, LI, SYN | ACK);
	ck_assert(seq_gt(synack->seg.seq, seq(5002)));
	ck_assert_uint_ne(sock_state(two.w, s), CLOSED);
	two_fini(&two);
}
END_TEST

/* When nobody would take it the SYN changes nothing. */
START_TEST(syn_without_listener)
{
	struct two two;
	struct sock c = mourn(&two, true);
	struct seg syn = {.seq = {90000}, .ctl = SYN, .wnd = 1000};

	host_profile(two.w, ZHANG)->time_wait_syn = TW_SYN_ISN;
	say(&two, &syn);
	ck_assert_int_eq(sock_state(two.w, c), TIME_WAIT);
	two_fini(&two);
}
END_TEST

START_TEST(fits_in_96_octets)
{
	ck_assert_uint_le(sizeof(struct time_wait) + sizeof(struct descriptor) + 8, 96);
	ck_assert_uint_le(sizeof(struct conn), 496);
	ck_assert_uint_le(sizeof(struct conn) - sizeof(struct tcb), 144);
}
END_TEST

Suite *time_wait_suite(void)
{
	Suite *s = suite_create("time_wait");
	TCase *c = tcase_create("time_wait");

	tcase_add_test(c, packed_and_over);
	tcase_add_test(c, packing_gives_every_block_back);
	tcase_add_test(c, held_open_until_closed);
	tcase_add_test(c, packed_answers_as_unpacked);
	tcase_add_test(c, syn_opens_anew);
	tcase_add_test(c, syn_without_listener);
	tcase_add_test(c, fits_in_96_octets);
	suite_add_tcase(s, c);
	return s;
}
