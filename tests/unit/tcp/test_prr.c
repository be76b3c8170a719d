/* SPDX-License-Identifier: MIT */
/* Proportional rate reduction: RFC 6937. */
#include "sack_peer.h"
#include "suites.h"

static struct end e;

/* RFC 6937 3.1's figure, half as large: 10 segments, the first lost, ssthresh 5. In all 5 go. */
START_TEST(prr_spreads_the_reduction)
{
	int64_t next = 10001;

	end_init(&e, "rfc", _i);
	e.profile.prr = true;
	open_sack(&e, MS(10));
	call_send(&e, 30000, SEND_PUSH);
	forget(&e);
	sack(&e, 1, 1001, 4001);
	expect_again(&e, 1);
	expect_nothing(&e);
	for (int i = 0; i < 6; i++) {
		sack(&e, 1, 1001, 5001 + 1000 * i);
		while (e.taken < e.outs)
			expect_new(&e, next), next += 1000;
	}
	expect_number(&e, (next - 10001) / 1000 + 1, 5); /* RecoverFS/2 of what was delivered */
	arrives(&e, ACK, 1, 10001, 0);
	expect_number(&e, e.tcb.cc.cwnd, 5000);
}
END_TEST

/* Six of ten are lost: what each bound lets go for the SACKs of the other four. */
START_TEST(prr_bounds_what_is_made_good)
{
	static const struct {
		enum prr_bound_choice bound;
		uint32_t sent;
	} cases[] = {{PRR_BOUND_CRB, 2}, {PRR_BOUND_SSRB, 4}, {PRR_BOUND_SAFE, 2}};

	for (unsigned i = 0; i < 3; i++) {
		end_init(&e, "rfc", _i);
		e.profile.prr = true;
		e.profile.prr_bound = (uint8_t)cases[i].bound;
		open_sack(&e, MS(10));
		send_segments(&e, 10);
		sack(&e, 1, 6001, 7001);
		sack(&e, 1, 6001, 8001);
		expect_nothing(&e);
		sack(&e, 1, 6001, 9001); /* delivered in recovery: 1000 */
		sack(&e, 1, 6001, 10001);
		expect_number(&e, e.outs - e.taken, cases[i].sent);
		forget(&e);
		arrives(&e, ACK, 1, 1001, 0); /* SND.UNA moves and no more is lost */
		expect_number(&e, e.outs - e.taken, cases[i].bound == PRR_BOUND_CRB ? 1 : 2);
	}
}
END_TEST

Suite *prr_suite(void)
{
	Suite *s = suite_create("proportional rate reduction");
	TCase *tc = tcase_create("RFC 6937");

	tcase_add_loop_test(tc, prr_spreads_the_reduction, 0, ISS_CASES);
	tcase_add_loop_test(tc, prr_bounds_what_is_made_good, 0, ISS_CASES);
	suite_add_tcase(s, tc);
	return s;
}
