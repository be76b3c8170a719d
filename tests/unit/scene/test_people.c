/* SPDX-License-Identifier: MIT */
/* Meaning 1 and 2: whose connection a verb means, who accepts and reads, whom a state speaks of. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct people_case {
	const char *name, *play;
	uint32_t pass, fail, inconclusive;
} cases[] = {
	{"a person alone accepts and reads",
	 CONNECTED "at 1s zhang write \"hi\"\nexpect li received \"hi\"", 1, 0, 0},
	{"bytes so read do not count as unread at close",
	 CONNECTED "at 1s zhang write \"hi\"\nat 2s li close\nexpect never li sends RST\n"
		   "expect eventually li sends FIN\nat 3s zhang close",
	 2, 0, 0},
	{"reads never",
	 TWO_PEOPLE "at 0s li reads never\nat 0s li listen\nat 0s zhang connect li\n"
		    "at 1s zhang write \"hi\"\nexpect at 2s li received \"\"",
	 1, 0, 0},
	{"and reads by hand",
	 TWO_PEOPLE "at 0s li reads never\nat 0s li listen\nat 0s zhang connect li\n"
		    "at 1s zhang write \"hi\"\nat 2s li read 1B\nexpect at 2s li received \"h\"\n"
		    "at 3s li read\nexpect at 3s li received \"hi\"",
	 2, 0, 0},
	{"before the first connection a person is their listener, before that CLOSED",
	 TWO_PEOPLE "at 1s li listen\nexpect at 0s li in CLOSED\nexpect at 1s li in LISTEN", 2, 0,
	 0},
	{"a person is their newest connection",
	 CONNECTED "at 1s zhang close\nat 2s zhang connect li\nexpect at 1.5s zhang in FIN_WAIT_2\n"
		   "expect at 2s zhang in SYN_SENT\nexpect broken quiet\nend at 3s",
	 3, 0, 0},
	{"a verb on several open connections is an error of the run",
	 TWO_PEOPLE "at 0s li listen\nat 0s zhang connect li as a\nat 0s zhang connect li as b\n"
		    "at 1s zhang write \"x\"",
	 0, 1, 0},
	{"with a name it is not",
	 TWO_PEOPLE "at 0s li listen\nat 0s zhang connect li as a\nat 0s zhang connect li as b\n"
		    "at 1s a write \"x\"\nat 1s b write \"yy\"\nexpect at 1s a snd.nxt = 1002\n"
		    "expect at 1s b sends data len 2\nexpect at 1s a sends data len 2",
	 2, 1, 0},
	{"one that has died does not count",
	 TWO_PEOPLE "at 0s li listen\nat 0s zhang connect li port 9 as dead\n"
		    "at 1s zhang connect li as b\nat 2s zhang write \"x\"\n"
		    "expect at 2s b sends data\nexpect dead connect fails ECONNREFUSED",
	 2, 0, 0},
	{"a call without a socket answers EBADF",
	 TWO_PEOPLE "at 1s zhang write \"x\"\n"
		    "expect at 1s zhang write fails EBADF",
	 1, 0, 0},
	{"accept waits for a connection, and names it",
	 TWO_PEOPLE "at 0s li listen\nat 0s li accept as s1\nat 1s zhang connect li\n"
		    "at 2s s1 write \"hello\"\nexpect zhang received \"hello\"\n"
		    "expect at 2s s1 in ESTABLISHED",
	 2, 0, 0},
	{"accepts are served in order",
	 TWO_PEOPLE "at 0s li listen\nat 0s zhang connect li as c1\nat 1s zhang connect li as c2\n"
		    "at 2s li accept as s1\nat 2s li accept as s2\nat 3s s1 close\n"
		    "at 4s c1 close\nexpect at 3.05s c1 in CLOSE_WAIT\n"
		    "expect at 3.05s c2 in ESTABLISHED\nend at 9s\nexpect broken quiet",
	 3, 0, 0},
	{"options said before there is a socket are kept for it",
	 CONNECTED "at 1s li close\nat 1.5s zhang close\nat 2s li close\nat 3s li listen\n"
		   "expect at 3s li listen fails EADDRINUSE\nat 4s li option SO_REUSEADDR on\n"
		   "at 5s li listen\nat 6s zhang connect li as again\n"
		   "expect at 6.1s again in ESTABLISHED\nend at 7s\nexpect broken quiet",
	 3, 0, 0},
	{"ports and backlogs",
	 TWO_PEOPLE "at 0s li listen port 80\nat 0s zhang connect li port 80 from 5000 as a\n"
		    "expect at 100ms a in ESTABLISHED\nat 1s zhang connect li as b\n"
		    "expect b connect fails ECONNREFUSED",
	 2, 0, 0},
	{"two calls with from make a simultaneous open",
	 TWO_PEOPLE "at 0s zhang connect li port 6000 from 5000\n"
		    "at 0s li connect zhang port 5000 from 6000\n"
		    "expect at 50ms zhang in SYN_RCVD\nexpect at 50ms li in SYN_RCVD\n"
		    "expect at 100ms zhang in ESTABLISHED\nexpect at 100ms li in ESTABLISHED",
	 4, 0, 0},
	{"echo answers",
	 TWO_PEOPLE
	 "at 0s li echo\nat 0s li listen\nat 0s zhang connect li\nat 1s zhang write \"hi\"\n"
	 "expect zhang received \"hi\"",
	 1, 0, 0},
	{"echo until q closes",
	 TWO_PEOPLE "at 0s li echo until \"q\"\nat 0s li listen\nat 0s zhang connect li\n"
		    "at 1s zhang write \"q\\n\"\nexpect eventually li sends FIN\nat 2s zhang close",
	 1, 0, 0},
	{"a crashed person is deaf, a rebooted one remembers nothing",
	 CONNECTED "at 1s li crash\nat 1.5s li reboot\nat 2s zhang write \"x\"\n"
		   "expect at 1.2s li in CLOSED\nexpect at 2.05s li sends RST\n"
		   "expect at 2.1s zhang in CLOSED",
	 3, 0, 0},
	{"a stranger takes the ports of the connection",
	 CONNECTED "at 1s stranger as zhang -> li segment R seq 1001\n"
		   "expect at 1s li in CLOSED\nexpect at 1s li gets RST\n"
		   "at 2s zhang abort",
	 2, 0, 0},
	{"a rule of the wind may be about one connection",
	 TWO_PEOPLE
	 "wind zhang -> li { drop 1st where data of b }\n"
	 "at 0s li listen\nat 0s zhang connect li as a\nat 0s zhang connect li as b\n"
	 "at 1s a write \"x\"\nat 1s b write \"y\"\nexpect never a sends any retransmit 1\n"
	 "expect eventually b sends any retransmit 1",
	 2, 0, 0},
	{"and about its opening",
	 TWO_PEOPLE "wind zhang -> li { drop 1st where SYN of b }\n"
		    "at 0s li listen\nat 0s zhang connect li as a\nat 0s zhang connect li as b\n"
		    "expect at 100ms a in ESTABLISHED\nexpect at 100ms b in SYN_SENT",
	 2, 0, 0},
	{"the narrower wind wins",
	 TWO_PEOPLE "wind zhang -> li { delay 10ms }\nat 0s li listen\nat 0s zhang connect li\n"
		    "expect at 10ms li in SYN_RCVD\nexpect at 60ms zhang in ESTABLISHED",
	 2, 0, 0},
	{"both directions of <-> count for themselves",
	 CONNECTED "wind zhang <-> li { drop 1st where data }\nat 1s zhang write \"x\"\n"
		   "at 1s li write \"y\"\nexpect eventually zhang sends data retransmit 1\n"
		   "expect eventually li sends data retransmit 1",
	 2, 0, 0},
};

START_TEST(people)
{
	const struct people_case *c = &cases[_i];
	struct scene_verdict v = verdict_of(c->play);
	char *report = report_of(c->play);

	ck_assert_msg(v.pass == c->pass && v.fail == c->fail && v.inconclusive == c->inconclusive,
		      "%s\npass %u fail %u inconclusive %u\n%s", c->name, v.pass, v.fail,
		      v.inconclusive, report);
	free(report);
}
END_TEST

/* The place of a rule is its line: a line of several is quoted whole, not by its last rule. */
START_TEST(the_wind_is_quoted_by_the_line)
{
	struct scene_file *f = parsed(
		CONNECTED "wind zhang -> li { drop 1st where data  corrupt 2nd where data }\n"
			  "wind li -> zhang {\ndrop 1st where ACK\ndelay 2nd where ACK by 1s\n}\n"
			  "at 1s zhang write \"x\"");
	struct diags d = {0};
	struct scene_run *run = scene_run_new(f, 0, NULL, &d);
	const struct trace *t = scene_run_trace(run);
	int lost = 0;

	scene_run_all(run);
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->place.line == 7) {
			ck_assert_str_eq(trace_quoted(t, &r->place),
					 "drop 1st where data  corrupt 2nd where data");
			lost++;
		}
		if (r->place.line == 9)
			ck_assert_str_eq(trace_quoted(t, &r->place), "drop 1st where ACK");
	}
	ck_assert_int_gt(lost, 0);
	scene_run_free(run);
	scene_free(f);
	diags_fini(&d);
}
END_TEST

Suite *people_suite(void)
{
	Suite *s = suite_create("people");
	TCase *c = tcase_create("people");

	tcase_add_test(c, the_wind_is_quoted_by_the_line);
	tcase_add_loop_test(c, people, 0, sizeof cases / sizeof cases[0]);
	suite_add_tcase(s, c);
	return s;
}
