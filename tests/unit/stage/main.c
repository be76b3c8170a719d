/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stddef.h>

int main(void)
{
	Suite *(*const suites[])(void) = {
		/* clang-format off: a line each, sorted */
		alongside_suite,
		ansi_suite,
		branches_suite,
		canvas_suite,
		chooser_suite,
		command_suite,
		entry_suite,
		graph_suite,
		growth_suite,
		hands_suite,
		inspect_suite,
		keys_suite,
		lang_suite,
		layout_suite,
		playbill_suite,
		player_suite,
		pose_suite,
		predict_suite,
		sequence_suite,
		session_suite,
		slant_suite,
		states_suite,
		story_suite,
		svg_suite,
		talks_suite,
		tcb_suite,
		text_suite,
		theme_suite,
		timeline_suite,
		view_suite,
		wind_suite,
		windows_suite,
		/* clang-format on */
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
