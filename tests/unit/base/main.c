/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stddef.h>

int main(void)
{
	Suite *(*const suites[])(void) = {
		array_suite, diag_suite, heap_suite, nearest_suite, panic_suite,
		prng_suite,  sink_suite, span_suite, utf8_suite,    align_suite,
	};
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
