/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "fixture.h"
#include "suites.h"

/* What all tests together have taken, for `woshou law --tests`. */
static void write_coverage(const char *folder)
{
	char name[4096];
	FILE *file;

	mkdir(folder, 0777);
	snprintf(name, sizeof name, "%s/unit-tcp.json", folder);
	file = fopen(name, "w");
	if (!file)
		return;
	fputs("{\"test\":\"unit tcp\",\"rules\":{", file);
	for (int r = RULE_NONE + 1; r < RULE_COUNT; r++)
		fprintf(file, "%s\"%s\":%llu", r > 1 ? "," : "", rule_info((enum rule)r)->id,
			(unsigned long long)rule_hits[r]);
	fputs("}}\n", file);
	fclose(file);
}

int main(void)
{
#define SUITE_FUNCTION(name) name##_suite,
	Suite *(*const suites[])(void) = {TCP_SUITES(SUITE_FUNCTION)};
#undef SUITE_FUNCTION
	/* Each test is a process of its own, and what they have seen together is judged by the
	 * last. */
	if (!getenv("CK_RUN_SUITE") && !getenv("CK_RUN_CASE")) {
		void *shared = mmap(NULL, RULE_COUNT * sizeof(*rule_hits), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		rule_hits = shared == MAP_FAILED ? NULL : shared;
	}

	SRunner *runner = srunner_create(NULL);

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	if (rule_hits && getenv("WOSHOU_COVERAGE"))
		write_coverage(getenv("WOSHOU_COVERAGE"));
	return failed ? 1 : 0;
}
