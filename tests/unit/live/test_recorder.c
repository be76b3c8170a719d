/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include "overheard.h"

static const struct conversation {
	const char *name, *steps;
	struct overheard said[20];
} conversations[] = {
	{"it is opened, a line is echoed, the caller closes",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED zhang:FIN_WAIT_1 "
	 "li:CLOSE_WAIT zhang:FIN_WAIT_2 li:LAST_ACK zhang:TIME_WAIT li:CLOSED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "P.", 101, 301, "hello\n"},
		 {1010, LI, ".", 301, 107},
		 {1020, LI, "P.", 301, 107, "hello\n"},
		 {1030, ZHANG, ".", 107, 307},
		 {2000, ZHANG, "F.", 107, 307},
		 {2010, LI, ".", 307, 108},
		 {2020, LI, "F.", 307, 108},
		 {2030, ZHANG, ".", 108, 308},
		 {.who = OVERHEARD_END},
	 }},
	{"nobody listens",
	 "zhang:SYN_SENT zhang:CLOSED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "R.", 0, 101},
		 {.who = OVERHEARD_END},
	 }},
	{"nobody answers",
	 "zhang:SYN_SENT ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {1000000, ZHANG, "S", 100, 0},
		 {3000000, ZHANG, "S", 100, 0},
		 {.who = OVERHEARD_END},
	 }},
	{"both call at once",
	 "zhang:SYN_SENT li:SYN_SENT li:SYN_RCVD zhang:SYN_RCVD li:ESTABLISHED zhang:ESTABLISHED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {5, LI, "S", 300, 0},
		 {10, ZHANG, "S.", 100, 301},
		 {15, LI, "S.", 300, 101},
		 {.who = OVERHEARD_END},
	 }},
	{"both close at once",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED zhang:FIN_WAIT_1 "
	 "li:FIN_WAIT_1 li:CLOSING zhang:CLOSING li:TIME_WAIT zhang:TIME_WAIT ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "F.", 101, 301},
		 {1005, LI, "F.", 301, 101},
		 {1010, ZHANG, ".", 102, 302},
		 {1015, LI, ".", 302, 102},
		 {.who = OVERHEARD_END},
	 }},
	{"three waves goodbye",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED li:FIN_WAIT_1 "
	 "zhang:CLOSE_WAIT zhang:LAST_ACK li:FIN_WAIT_2 li:TIME_WAIT zhang:CLOSED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, LI, "F.", 301, 101},
		 {1010, ZHANG, "F.", 101, 302},
		 {1020, LI, ".", 302, 102},
		 {.who = OVERHEARD_END},
	 }},
	{"one side closes, the other goes on",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED zhang:FIN_WAIT_1 "
	 "li:CLOSE_WAIT zhang:FIN_WAIT_2 li:LAST_ACK zhang:TIME_WAIT li:CLOSED zhang:CLOSED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "F.", 101, 301},
		 {1010, LI, ".", 301, 102},
		 {2000, LI, "P.", 301, 102, "last words"},
		 {2010, ZHANG, ".", 102, 311},
		 {3000, LI, "F.", 311, 102},
		 {3010, ZHANG, ".", 102, 312},
		 {61000000, OVERHEARD_END},
	 }},
	{"a reset in the middle",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED li:CLOSED "
	 "zhang:CLOSED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "P.", 101, 301, "hello\n"},
		 {1010, LI, "R.", 301, 107},
		 {.who = OVERHEARD_END},
	 }},
	{"the SYN is lost",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {1000000, ZHANG, "S", 100, 0},
		 {1000010, LI, "S.", 300, 101},
		 {1000020, ZHANG, ".", 101, 301},
		 {.who = OVERHEARD_END},
	 }},
	{"the last nod is lost",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED zhang:FIN_WAIT_1 "
	 "li:CLOSE_WAIT zhang:FIN_WAIT_2 li:LAST_ACK zhang:TIME_WAIT li:CLOSED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "F.", 101, 301},
		 {1010, LI, ".", 301, 102},
		 {1020, LI, "F.", 301, 102},
		 {1030, ZHANG, ".", 102, 302},
		 {201020, LI, "F.", 301, 102},
		 {201030, ZHANG, ".", 102, 302},
		 {.who = OVERHEARD_END},
	 }},
	{"it was open before the capture began",
	 "zhang:FIN_WAIT_1 li:CLOSE_WAIT li:LAST_ACK zhang:FIN_WAIT_2 zhang:TIME_WAIT li:CLOSED ",
	 {
		 {0, ZHANG, "P.", 5000, 9000, "hello\n"},
		 {10, LI, ".", 9000, 5006},
		 {1000, ZHANG, "F.", 5006, 9000},
		 {1010, LI, "F.", 9000, 5007},
		 {1020, ZHANG, ".", 5007, 9001},
		 {.who = OVERHEARD_END},
	 }},
	{"the ports are used again",
	 "li:LISTEN zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED zhang:CLOSED "
	 "li:CLOSED zhang:SYN_SENT li:SYN_RCVD zhang:ESTABLISHED li:ESTABLISHED ",
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "R.", 101, 301},
		 {2000, ZHANG, "S", 7100, 0},
		 {2010, LI, "S.", 7300, 7101},
		 {2020, ZHANG, ".", 7101, 7301},
		 {.who = OVERHEARD_END},
	 }},
};

/* What stands in the lines, in this order. */
static const struct told {
	const char *name;
	const char *lines[8];
	struct overheard said[16];
} tales[] = {
	{"a line that came again after it was lost",
	 {"send zhang 18 101 301 +6\n", "wind drop zhang~\n", "timer retransmit zhang~\n",
	  "send zhang 18 101 301 +6 again1\n", "arrive li 18 101 301 +6\n", "read li 6~\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "P.", 101, 301, "hello\n"},
		 {201000, ZHANG, "P.", 101, 301, "hello\n"},
		 {201010, LI, ".", 301, 107},
		 {.who = OVERHEARD_END},
	 }},
	{"it came twice, and a D-SACK says so",
	 {"send zhang 18 101 301 +6\n", "arrive li 18 101 301 +6\n", "read li 6~\n",
	  "send zhang 18 101 301 +6 again1\n", "arrive li 18 101 301 +6\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "P.", 101, 301, "hello\n"},
		 {201000, ZHANG, "P.", 101, 301, "hello\n"},
		 {201010, LI, ".", 301, 107},
		 {201020, LI, ".", 301, 107, NULL, 0, {{101}, {107}}},
		 {.who = OVERHEARD_END},
	 }},
	{"a nod was lost: what it nodded to comes again",
	 {"send li 10 301 107 +0\n", "wind drop li~\n", "send zhang 18 101 301 +6 again1\n",
	  "arrive li 18 101 301 +6\n", "send li 10 301 107 +0\n", "arrive zhang 10 301 107 +0\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "P.", 101, 301, "hello\n"},
		 {1010, LI, ".", 301, 107},
		 {201000, ZHANG, "P.", 101, 301, "hello\n"},
		 {201010, LI, ".", 301, 107},
		 {.who = OVERHEARD_END},
	 }},
	{"one of three is lost, three nods bring it back",
	 {"send zhang 10 101 301 +3\n", "wind drop zhang~\n", "send zhang 10 104 301 +3\n",
	  "arrive li 10 104 301 +3\n", "again1\n", "arrive li 10 101 301 +3\n", "read li 12~\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, ".", 101, 301, "one"},
		 {1001, ZHANG, ".", 104, 301, "two"},
		 {1002, ZHANG, ".", 107, 301, "3.."},
		 {1003, ZHANG, ".", 110, 301, "4.."},
		 {1010, LI, ".", 301, 101},
		 {1011, LI, ".", 301, 101},
		 {1012, LI, ".", 301, 101},
		 {1020, ZHANG, ".", 101, 301, "one"},
		 {1030, LI, ".", 301, 113},
		 {.who = OVERHEARD_END},
	 }},
	{"is anybody there?",
	 {"timer keepalive zhang~\n", "send zhang 10 100 301 +0\n", "arrive li 10 100 301 +0\n",
	  "send li 10 301 101 +0\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {7200000000, ZHANG, ".", 100, 301},
		 {7200000010, LI, ".", 301, 101},
		 {.who = OVERHEARD_END},
	 }},
	{"one was never captured, and yet it came",
	 {"send zhang 10 101 301 +3\n", "send zhang 10 104 301 +3~\n", "send zhang 10 107 301 +3\n",
	  "arrive li 10 104 301 +3\n", "send li 10 301 110 +0\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, ".", 101, 301, "one"},
		 {1002, ZHANG, ".", 107, 301, "3.."},
		 {1030, LI, ".", 301, 110},
		 {.who = OVERHEARD_END},
	 }},
	{"one was lost before the capture",
	 {"send zhang 10 101 301 +3\n", "send zhang 10 104 301 +3~\n", "wind drop zhang~\n",
	  "send zhang 10 107 301 +3\n", "arrive li 10 107 301 +3\n",
	  "send zhang 10 104 301 +3 again1\n", "arrive li 10 104 301 +3\n", "read li 6~\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, ".", 101, 301, "one"},
		 {1002, ZHANG, ".", 107, 301, "3.."},
		 {1030, LI, ".", 301, 104},
		 {201030, ZHANG, ".", 104, 301, "two"},
		 {201040, LI, ".", 301, 110},
		 {.who = OVERHEARD_END},
	 }},
	{"one has overtaken the other",
	 {"send zhang 10 101 301 +3\n", "send zhang 10 104 301 +3\n", "wind reorder zhang~\n",
	  "send zhang 10 107 301 +3\n", "arrive li 10 107 301 +3\n", "arrive li 10 104 301 +3\n",
	  "read li 6~\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, ".", 101, 301, "one"},
		 {1002, ZHANG, ".", 107, 301, "3.."},
		 {1005, ZHANG, ".", 104, 301, "two"},
		 {1030, LI, ".", 301, 110},
		 {.who = OVERHEARD_END},
	 }},
	{"it is reset because something was not read",
	 {"arrive li 18 101 301 +6\n", "call close li~\n", "state li ESTABLISHED>CLOSED~\n",
	  "send li 14 301 107 +0\n", "state zhang ESTABLISHED>CLOSED~\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "P.", 101, 301, "hello\n"},
		 {1010, LI, ".", 301, 107},
		 {5010, LI, "R.", 301, 107},
		 {.who = OVERHEARD_END},
	 }},
	{"is there room now?",
	 {"send li 10 301 107 +0\n", "timer retransmit zhang~\n", "send zhang 10 106 301 +0\n",
	  "send li 10 301 107 +0\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, "P.", 101, 301, "hello\n"},
		 {1010, LI, ".", 301, 107, NULL, -1},
		 {201010, ZHANG, ".", 106, 301},
		 {201020, LI, ".", 301, 107, NULL, -1},
		 {.who = OVERHEARD_END},
	 }},
	{"three segments are one write",
	 {"call write zhang 9~\n", "send zhang 10 101 301 +3\n", "send zhang 10 104 301 +3\n",
	  "send zhang 18 107 301 +3\n", "call write zhang 3~\n", "send zhang 18 110 301 +3\n"},
	 {
		 {0, ZHANG, "S", 100, 0},
		 {10, LI, "S.", 300, 101},
		 {20, ZHANG, ".", 101, 301},
		 {1000, ZHANG, ".", 101, 301, "one"},
		 {1001, ZHANG, ".", 104, 301, "two"},
		 {1002, ZHANG, "P.", 107, 301, "3.."},
		 {1003, ZHANG, "P.", 110, 301, "4.."},
		 {1030, LI, ".", 301, 113},
		 {.who = OVERHEARD_END},
	 }},
};

START_TEST(test_lines)
{
	const struct told *c = &tales[_i];
	struct recorder *r = overheard_record(c->said, &(struct recorder_options){0});
	char *lines = lines_of(recorder_trace(r)), *at = lines;

	for (size_t i = 0; i < sizeof c->lines / sizeof c->lines[0] && c->lines[i]; i++) {
		char *found = strstr(at, c->lines[i]);

		ck_assert_msg(found != NULL, "%s: no %s after\n%s\nin\n%s", c->name, c->lines[i],
			      at, lines);
		at = found + strlen(c->lines[i]);
	}
	free(lines);
	recorder_free(r);
}
END_TEST

START_TEST(test_steps)
{
	const struct conversation *c = &conversations[_i];
	struct recorder *r = overheard_record(c->said, &(struct recorder_options){0});
	char *steps = steps_of(recorder_trace(r)), *lines = lines_of(recorder_trace(r));

	ck_assert_msg(strcmp(steps, c->steps) == 0, "%s:\n%s\nnot\n%s\n%s", c->name, steps,
		      c->steps, lines);
	free(steps);
	free(lines);
	recorder_free(r);
}
END_TEST

Suite *recorder_suite(void)
{
	Suite *s = suite_create("recorder");
	TCase *c = tcase_create("recorder");

	tcase_add_loop_test(c, test_steps, 0, sizeof conversations / sizeof conversations[0]);
	tcase_add_loop_test(c, test_lines, 0, sizeof tales / sizeof tales[0]);
	suite_add_tcase(s, c);
	return s;
}
