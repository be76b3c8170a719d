/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stddef.h>

int main(void)
{
	/* A line a part, so that parts can be added side by side. */
	/* clang-format off */
	Suite *(*const suites[])(void) = {
		answers_suite,
		call_suite,
		capture_suite,
		datalink_suite,
		holder_suite,
		lab_suite,
		filter_suite,
		frames_suite,
		lesson_suite,
		loop_suite,
		observer_suite,
		sniff_suite,
		sockdiag_suite,
		quit_suite,
		serve_suite,
		recorder_suite,
		recorder_calls_suite,
		recorder_truth_suite,
		script_suite,
		beside_suite,
	};
	/* clang-format on */
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
