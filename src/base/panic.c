/* SPDX-License-Identifier: MIT */
#include <base/assert.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_LACKING = 3 };

static void (*hook)(void);

void panic_set_hook(void (*next)(void))
{
	hook = next;
}

static void run_hook(void)
{
	void (*run)(void) = hook;

	/* Taken away first: a hook that fails an assertion itself must not come back here for ever.
	 */
	hook = NULL;
	if (run)
		run();
}

_Noreturn void die_of_memory(void)
{
	run_hook();
	fputs("woshou: out of memory\n", stderr);
	fflush(stderr);
	/* What waits in standard output is half of something. */
	_Exit(EXIT_LACKING);
}

_Noreturn void panic(const char *file, int line, const char *what)
{
	run_hook();
	fprintf(stderr, "woshou: %s:%d: assertion failed: %s\n", file, line, what);
	fflush(stderr);
	abort();
}
