/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include "export/export.h"
#include "play.h"

START_TEST(test_rows)
{
	struct play p = play_new();
	struct sink out = {0};
	uint64_t sent;

	play_call(&p, 0, ZHANG, 2, CALL_CONNECT, "");
	play_state(&p, 0, ZHANG, 2, CLOSED, SYN_SENT);
	sent = play_send(&p, 0, ZHANG, (struct said){.ctl = SYN, .seq = 1000, .rexmit = 1});
	play_wind(&p, 0, sent, DEED_DROP, 10, "");
	play_last(&p)->place.tag = trace_tag(p.trace, "[a \"b\",c]");
	play_send(&p, 1, LI, (struct said){.ctl = SYN | ACK, .seq = 5000, .ack = 1001});
	export_csv(p.trace, NULL, &out);
	ck_assert_str_eq(
		out.at,
		"record,time_us,kind,what,host,peer,connection,of,from_port,to_port,flags,seq,ack,"
		"length,window,rel_seq,rel_ack,rexmit,stranger,state_from,state_to,rule,rfc,"
		"section,"
		"place,inferred\r\n"
		"1,0,state,,zhang,,2,,,,,,,,,,,,,CLOSED,SYN_SENT,,,,,0\r\n"
		"2,0,send,,zhang,li,2,,49152,8888,S,1000,,0,65535,0,,1,0,,,,,,,0\r\n"
		"3,0,wind,drop,zhang,li,,2,49152,8888,S,1000,,0,65535,0,,1,0,,,,,,"
		"\"first-wave.scene:10[a \"\"b\"\",c]\",0\r\n"
		"4,1,send,,li,zhang,3,,8888,49152,S.,5000,1001,0,65535,0,1,0,0,,,,,,,0\r\n");
	sink_fini(&out);
	play_free(&p);
}
END_TEST

/* Every row has as many cells as the header. */
START_TEST(test_cells)
{
	struct play p = play_everything();
	struct sink out = {0};
	size_t cells = 0, of_header = 0;
	bool in_quotes = false;

	export_csv(p.trace, NULL, &out);
	for (const char *at = out.at; *at != '\0'; at++) {
		if (*at == '"')
			in_quotes = !in_quotes;
		if (*at == ',' && !in_quotes)
			cells++;
		if (*at == '\n' && !in_quotes) {
			of_header = of_header ? of_header : cells;
			ck_assert_uint_eq(cells, of_header);
			ck_assert_int_eq(at[-1], '\r');
			cells = 0;
		}
	}
	ck_assert_uint_eq(of_header, 25);
	ck_assert(!in_quotes);
	sink_fini(&out);
	play_free(&p);
}
END_TEST

Suite *csv_suite(void)
{
	Suite *s = suite_create("csv");
	TCase *c = tcase_create("csv");

	tcase_add_test(c, test_rows);
	tcase_add_test(c, test_cells);
	suite_add_tcase(s, c);
	return s;
}
