/* SPDX-License-Identifier: MIT */
#include <base/assert.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static void (*hook)(void);

void panic_set_hook(void (*next)(void))
{
	hook = next;
}

_Noreturn void panic(const char *file, int line, const char *what)
{
	void (*run)(void) = hook;

	/* Taken away first: a hook that fails an assertion itself must not come back here for ever.
	 */
	hook = NULL;
	if (run)
		run();
	fprintf(stderr, "woshou: %s:%d: assertion failed: %s\n", file, line, what);
	fflush(stderr);
	abort();
}
