/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <wire/seg_text.h>

static const struct line_case {
	struct seg seg;
	const char *line;
} lines[] = {
	{{.seq = {1000}, .len = 1, .ctl = SYN, .wnd = 65535, .opts = OPT_MSS, .mss = 1460},
	 "S   1000:1000(0) win 65535 <mss 1460>"},
	{{.seq = {5000},
	  .ack = {1001},
	  .len = 1,
	  .ctl = SYN | ACK,
	  .wnd = 65535,
	  .opts = OPT_MSS,
	  .mss = 1460},
	 "S.  5000:5000(0) ack 1001 win 65535 <mss 1460>"},
	{{.seq = {1001}, .ack = {5001}, .ctl = ACK, .wnd = 65535},
	 ".   1001:1001(0) ack 5001 win 65535"},
	{{.seq = {1001}, .ack = {5001}, .len = 7, .ctl = PSH | ACK, .wnd = 65535, .text.len = 7},
	 "P.  1001:1008(7) ack 5001 win 65535"},
	{{.seq = {1022}, .ack = {5001}, .len = 1, .ctl = FIN | ACK, .wnd = 1},
	 "F.  1022:1022(0) ack 5001 win 1"},
	{{.seq = {4294967295}, .len = 3, .ctl = PSH | ACK | FIN, .text.len = 2},
	 "FP. 4294967295:1(2) ack 0 win 0"},
	{{.seq = {7}, .ctl = RST}, "R   7:7(0) win 0"},
	{{.seq = {7}, .len = 1, .ctl = SYN | ECE | CWR}, "SEW 7:7(0) win 0"},
	{{.ctl = 0}, "-   0:0(0) win 0"},
	{{.ctl = ACK | URG, .up = 5}, ".U  0:0(0) ack 0 win 0 urg 5"},
	{{.ctl = ACK, .up = 5}, ".   0:0(0) ack 0 win 0"},
	{{.ctl = 0x1ff}, "FSRP.UEWe 0:0(0) ack 0 win 0 urg 0"},
	{{.ctl = SYN, .opts = 0x17, .mss = 1460, .wscale = 7, .tsval = 1, .tsecr = 2},
	 "S   0:0(0) win 0 <mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7>"},
	{{.ctl = SYN, .opts = OPT_MSS | OPT_SACK_PERMITTED | OPT_WSCALE, .mss = 536},
	 "S   0:0(0) win 0 <mss 536,nop,nop,sackOK,nop,wscale 0>"},
	{{.ctl = ACK,
	  .opts = OPT_TIMESTAMPS | OPT_SACK,
	  .sacks = 2,
	  .tsval = 4294967295,
	  .sack = {{{1}, {2}}, {{3}, {4294967295}}}},
	 ".   0:0(0) ack 0 win 0 <nop,nop,TS val 4294967295 ecr 0,nop,nop,sack 1:2 3:4294967295>"},
};

START_TEST(a_segment_is_one_line)
{
	struct sink out = {0};

	seg_print(&out, &lines[_i].seg);
	ck_assert_str_eq(out.at, lines[_i].line);
	sink_clear(&out);
	sink_puts(&out, "12345");
	seg_print(&out, &lines[_i].seg);
	ck_assert_str_eq(out.at + 5, lines[_i].line);
	sink_fini(&out);
}
END_TEST

Suite *seg_text_suite(void)
{
	Suite *s = suite_create("segment text");
	TCase *t = tcase_create("line");

	tcase_add_loop_test(t, a_segment_is_one_line, 0, sizeof lines / sizeof lines[0]);
	suite_add_tcase(s, t);
	return s;
}
