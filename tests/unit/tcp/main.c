/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include "suites.h"

int main(void)
{
#define SUITE_FUNCTION(name) name##_suite,
	Suite *(*const suites[])(void) = {TCP_SUITES(SUITE_FUNCTION)};
#undef SUITE_FUNCTION
	SRunner *runner = srunner_create(NULL);

	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
