/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stddef.h>
#include <stdlib.h>

int main(void)
{
#define SUITE_FUNCTION(name) name##_suite,
	Suite *(*const suites[])(void) = {SIM_SUITES(SUITE_FUNCTION)};
#undef SUITE_FUNCTION
	SRunner *sr = srunner_create(NULL);
	int failed;

	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
		srunner_add_suite(sr, suites[i]());
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
