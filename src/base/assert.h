/* SPDX-License-Identifier: MIT */
/*
 * assert.h - our own bugs. Always on, in release builds too: a wrong simulator is worse than a
 * stopped one. Mistakes of the user are `struct diag` (diag.h), never an assertion.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#define MUST_USE __attribute__((warn_unused_result))

/* Prints, calls the hook if one is set (it gives the terminal back), and aborts. */
_Noreturn void panic(const char *file, int line, const char *what);

/* No bug of ours: the machine lacks it. Calls the hook, tells, and exits with status 3. */
_Noreturn void die_of_memory(void);

/* The hook runs once, before the message is printed. NULL takes it away. */
void panic_set_hook(void (*hook)(void));

#define ASSERT(condition)                                                                          \
	do {                                                                                       \
		if (__builtin_expect(!(condition), 0))                                             \
			panic(__FILE__, __LINE__, #condition);                                     \
	} while (0)

#define UNREACHABLE() panic(__FILE__, __LINE__, "unreachable")

#endif
