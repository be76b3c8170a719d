/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stddef.h>

int main(void)
{
	Suite *(*const suites[])(void) = {code_suite, mistakes_suite, orders_suite, script_suite,
					  report_suite, run_suite};
	SRunner *runner = srunner_create(NULL);
	int failed;

	for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
		srunner_add_suite(runner, suites[i]());
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
