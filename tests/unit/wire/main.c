/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stddef.h>

int main(void)
{
	Suite *(*const suites[])(void) = {
		address_suite, capture_suite, captured_suite, checksum_suite, emit_suite,
		header_suite,  icmp_suite,    law_suite,      options_suite,  refusal_suite,
		seg_text_suite,
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
