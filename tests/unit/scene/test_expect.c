/* SPDX-License-Identifier: MIT */
/* Verdicts: each form of expectation when it holds, when it does not, when it is never reached. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The handshake of CONNECTED: SYN 0.000, SYN+ACK 0.050, ACK 0.100, li ESTABLISHED 0.150. */
static const struct expect_case {
	const char *play;
	uint32_t pass, fail, inconclusive;
} cases[] = {
	/* in STATE */
	{"expect at 0s zhang in SYN_SENT", 1, 0, 0},
	{"expect at 99ms zhang in SYN_SENT", 1, 0, 0},
	{"expect at 100ms zhang in ESTABLISHED", 1, 0, 0},
	{"expect at 100ms zhang in SYN_SENT", 0, 1, 0},
	{"expect at 50ms li in SYN_RCVD", 1, 0, 0},
	{"expect zhang in ESTABLISHED", 1, 0, 0},
	{"expect zhang in CLOSED", 0, 1, 0},
	/* sends, gets */
	{"expect at 0s zhang sends SYN seq 1000", 1, 0, 0},
	{"expect at 0s zhang sends SYN seq 1001", 0, 1, 0},
	{"expect at 1ms zhang sends SYN", 0, 1, 0},
	{"expect at 50ms li gets SYN", 1, 0, 0},
	{"expect at 50ms li gets SYN+ACK", 0, 1, 0},
	{"expect at 50ms li sends SYN+ACK seq 5000 ack 1001", 1, 0, 0},
	{"expect at 100ms zhang sends ACK ack 5001 len 0", 1, 0, 0},
	{"expect at 100ms zhang sends any win > 0 seq != 1", 1, 0, 0},
	{"expect at 100ms zhang sends none", 0, 1, 0},
	/* never, total, eventually */
	{"expect never zhang sends RST", 1, 0, 0},
	{"expect never li sends SYN+ACK", 0, 1, 0},
	{"expect zhang never sends RST", 1, 0, 0},
	{"expect total zhang sends any 2", 1, 0, 0},
	{"expect total zhang sends any < 2", 0, 1, 0},
	{"expect total zhang retransmits 0", 1, 0, 0},
	{"expect eventually zhang in ESTABLISHED", 1, 0, 0},
	{"expect eventually zhang in ESTABLISHED within 100ms", 1, 0, 0},
	{"expect eventually zhang in ESTABLISHED within 99ms", 0, 1, 0},
	{"expect eventually zhang in CLOSING", 0, 1, 0},
	/* having no connection yet is no end of one */
	{"expect eventually zhang in CLOSED", 0, 1, 0},
	{"expect eventually zhang in CLOSED within 10s", 0, 1, 0},
	{"at 1s zhang abort\nexpect eventually zhang in CLOSED within 1s", 1, 0, 0},
	{"at 1s zhang abort\nexpect eventually zhang in CLOSED within 999ms", 0, 1, 0},
	{"at 1s zhang crash\nexpect eventually zhang in CLOSED within 1s", 1, 0, 0},
	{"person b\nexpect eventually b in CLOSED", 1, 0, 0},
	{"expect eventually li gets SYN", 1, 0, 0},
	{"expect eventually li gets FIN", 0, 1, 0},
	/* stays */
	{"expect zhang never in SYN_SENT longer 100ms", 1, 0, 0},
	{"expect zhang never in SYN_SENT longer 99999us", 0, 1, 0},
	{"expect zhang never in CLOSED", 1, 0, 0},
	{"at 1s zhang abort\nexpect zhang never in CLOSED", 0, 1, 0},
	/* what was read */
	{"at 1s zhang write \"hello\"\nexpect li received \"hello\"", 1, 0, 0},
	{"at 1s zhang write \"hello\"\nexpect li received \"hell\"", 0, 1, 0},
	{"at 1s zhang write \"hello\"\nexpect at 1.049999s li received \"\"", 1, 0, 0},
	{"at 1s zhang write \"hello\"\nexpect at 1.05s li received 5B", 1, 0, 0},
	{"at 1s zhang write 100KiB\nexpect li received 100KiB", 1, 0, 0},
	{"at 1s zhang write \"hello\"\nexpect eventually li received 5B", 1, 0, 0},
	/* calls that fail */
	{"at 1s li connect zhang port 1\nexpect li connect fails ECONNREFUSED", 1, 0, 0},
	{"at 1s li connect zhang port 1\nexpect at 1.1s li connect fails ECONNREFUSED", 1, 0, 0},
	{"at 1s li connect zhang port 1\nexpect at 1s li connect fails ECONNREFUSED", 0, 1, 0},
	{"at 1s li connect zhang port 1\nexpect li connect fails ETIMEDOUT", 0, 1, 0},
	{"at 1s li connect zhang port 1\nexpect li connect fails", 1, 0, 0},
	{"expect zhang connect fails", 0, 1, 0},
	{"at 1s zhang read\nexpect at 1s zhang read fails EAGAIN", 1, 0, 0},
	{"at 1s zhang abort\nat 1s zhang shutdown\nexpect zhang shutdown fails EBADF", 1, 0, 0},
	{"at 1s li abort\nat 2s zhang read\nexpect at 2s zhang read fails ECONNRESET", 1, 0, 0},
	{"at 1s li abort\nat 2s zhang shutdown\nexpect at 2s zhang shutdown fails ENOTCONN", 1, 0,
	 0},
	{"at 1s zhang connect li as c\nat 2s c abort\nat 3s c write \"x\"\n"
	 "expect at 3s c write fails EBADF",
	 1, 0, 0},
	{"at 1s zhang connect li as c\nat 2s c abort\nat 3s c close\n"
	 "expect at 3s c close fails EBADF",
	 1, 0, 0},
	{"at 1s li listen\nexpect at 1s li listen fails EADDRINUSE", 1, 0, 0},
	{"expect never zhang connect fails", 1, 0, 0},
	/* fields */
	{"expect at 0s zhang snd.una = 1000", 1, 0, 0},
	{"expect at 100ms zhang snd.una = 1001", 1, 0, 0},
	{"expect at 100ms zhang snd.nxt > 1001", 0, 1, 0},
	{"expect at 100ms zhang state = ESTABLISHED", 1, 0, 0},
	{"expect at 100ms zhang rto = 1s", 1, 0, 0},
	{"expect eventually zhang snd.una = 1001", 1, 0, 0},
	{"expect never zhang snd.una = 1001", 0, 1, 0},
	/* inconclusive: not reached */
	{"when li in CLOSING expect zhang in CLOSED", 0, 0, 1},
	{"when li in CLOSING expect never zhang sends RST", 0, 0, 1},
	{"end at 50ms\nexpect at 100ms zhang in ESTABLISHED\nexpect broken quiet", 1, 0, 1},
	{"when li in ESTABLISHED { expect at 10ms zhang in ESTABLISHED }", 0, 0, 1},
	/* within `when` time begins anew */
	{"when li in ESTABLISHED expect zhang in ESTABLISHED", 1, 0, 0},
	{"when li in ESTABLISHED +1s { zhang close\n expect zhang in FIN_WAIT_1\n li close }", 1, 0,
	 0},
	{"when li in ESTABLISHED +1s { zhang write \"a\"\n"
	 "expect eventually li gets data within 50ms }",
	 1, 0, 0},
	{"when li in ESTABLISHED +1s { zhang write \"a\"\n"
	 "expect eventually li gets data within 49ms }",
	 0, 1, 0},
	{"each zhang in ESTABLISHED { expect li in SYN_RCVD }", 1, 0, 0},
	/* promises */
	{"at 1s zhang close\nend at 2s", 0, 1, 0},
	{"at 1s zhang close\nend at 2s\nexpect broken quiet", 1, 0, 0},
	{"expect broken quiet", 0, 1, 0},
	{"expect broken stream because \"it is not\"", 0, 1, 0},
	/* the limit */
	{"limit 10 events\nexpect at 1s zhang in ESTABLISHED", 1, 0, 0},
	/* and the promise `quiet` is broken */
	{"limit 2 events\nexpect at 1s zhang in ESTABLISHED", 0, 2, 1},
};

START_TEST(verdict)
{
	const struct expect_case *c = &cases[_i];
	char text[1024];
	struct scene_verdict v;

	snprintf(text, sizeof text, CONNECTED "%s\n", c->play);
	v = verdict_of(text);
	ck_assert_msg(v.pass == c->pass && v.fail == c->fail && v.inconclusive == c->inconclusive,
		      "%s\npass %u fail %u inconclusive %u", c->play, v.pass, v.fail,
		      v.inconclusive);
}
END_TEST

/* The sample of the language, with its arithmetic. */
START_TEST(the_first_wave_is_lost)
{
	char *text = file_text("scenarios/first-wave.scene");
	struct scene_verdict v = verdict_of(text);
	char *sends = sends_of(text);

	ck_assert_uint_eq(v.pass, 16);
	ck_assert_uint_eq(v.fail, 0);
	ck_assert_uint_eq(v.inconclusive, 0);
	ck_assert_str_eq(sends, "0.000 zhang S 1000\n"
				"1.000 zhang S 1000\n"
				"1.050 li S. 5000\n"
				"1.100 zhang . 1001\n"
				"1.200 zhang P. 1001\n"
				"1.210 zhang P. 1008\n"
				"1.220 zhang P. 1015\n"
				"1.260 li . 5001\n"
				"1.470 li . 5001\n"
				"2.000 zhang F. 1022\n"
				"2.050 li . 5001\n"
				"2.300 li P. 5001\n"
				"2.550 zhang . 1023\n"
				"3.000 li F. 5011\n"
				"3.050 zhang . 1023\n");
	free(sends);
	free(text);
}
END_TEST

Suite *expect_suite(void)
{
	Suite *s = suite_create("expect");
	TCase *c = tcase_create("verdicts");

	tcase_add_loop_test(c, verdict, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(c, the_first_wave_is_lost);
	suite_add_tcase(s, c);
	return s;
}
