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
};

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
	suite_add_tcase(s, c);
	return s;
}
