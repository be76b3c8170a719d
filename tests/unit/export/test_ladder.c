/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "export/export.h"
#include "play.h"

static const struct export_options plain;

static void expect_ladder(struct play *p, const struct export_options *o, const char *expected)
{
	struct sink out = {0};

	export_ladder(p->trace, o, &out);
	ck_assert_str_eq(out.at, expected);
	sink_fini(&out);
	play_free(p);
}

/* The sample of the language's page, octet for octet. */
START_TEST(test_first_wave)
{
	struct play p = play_first_wave();

	expect_ladder(
		&p, &plain,
		"woshou-ladder 1\n"
		" 0.000  li        listen()                                    ; LISTEN\n"
		" 0.000  zhang     connect(li)                                 ; SYN_SENT\n"
		" 0.000  zhang ~x li     S   1000:1000(0) win 65535 <mss 1460> # "
		"first-wave.scene:10 drop 1st where SYN\n"
		" 1.000  zhang -> li     S   1000:1000(0) win 65535 <mss 1460>   rexmit 1\n"
		" 1.050  li    -> zhang  S.  5000:5000(0) ack 1001 win 65535 <mss 1460>   ; li "
		"SYN_RCVD\n"
		" 1.100  zhang -> li     .   1001:1001(0) ack 5001 win 65535   ; zhang "
		"ESTABLISHED\n"
		" 1.150                                                        ; li ESTABLISHED\n"
		" 1.200  zhang     write(\"line 1\\n\")\n"
		" 1.200  zhang -> li     P.  1001:1008(7) ack 5001 win 65535\n"
		" 1.250  li        reads \"line 1\\n\"\n"
		" 1.450  li    -> zhang  .   5001:5001(0) ack 1008 win 65535\n"
		" 1.500  li    ->| zhang .   5001:5001(0) ack 1008 win 65535\n"
		" 2.000  zhang     shutdown()                                  ; FIN_WAIT_1\n"
		" 2.000  zhang -> li     F.  1008:1008(0) ack 5001 win 65535\n"
		" 2.050  li    -> zhang  .   5001:5001(0) ack 1009 win 65535   ; li CLOSE_WAIT\n"
		" 2.100                                                        ; zhang FIN_WAIT_2\n"
		" 3.000  li        close()                                     ; LAST_ACK\n"
		" 3.000  li    -> zhang  F.  5001:5001(0) ack 1009 win 65535\n"
		" 3.050  zhang -> li     .   1009:1009(0) ack 5002 win 65535   ; zhang TIME_WAIT\n"
		" 3.100                                                        ; li CLOSED\n"
		"63.050                                                        ; zhang CLOSED\n");
}
END_TEST

Suite *ladder_suite(void)
{
	Suite *s = suite_create("ladder");
	TCase *c = tcase_create("ladder");

	tcase_add_test(c, test_first_wave);
	suite_add_tcase(s, c);
	return s;
}
