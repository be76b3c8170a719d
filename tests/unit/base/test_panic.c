/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <base/array.h>
#include <base/assert.h>

static void say_hook(void)
{
	fputs("hook;", stderr);
	fflush(stderr);
}

static void panicking_hook(void)
{
	say_hook();
	panic("inner.c", 2, "inner");
}

/* What a process that panics writes to standard error; it must die of SIGABRT. */
static void die_with(void (*hook)(void), char *out, size_t room)
{
	size_t n = 0;
	ssize_t got;
	int pipes[2];
	int status;
	pid_t child;

	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(pipes[1], STDERR_FILENO);
		panic_set_hook(hook);
		panic("some/file.c", 42, "a < b");
	}
	close(pipes[1]);
	while ((got = read(pipes[0], out + n, room - 1 - n)) > 0)
		n += (size_t)got;
	out[n] = '\0';
	close(pipes[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGABRT);
}

static const struct panic_case {
	const char *name;
	void (*hook)(void);
	const char *text;
} cases[] = {
	{"no hook", NULL, "woshou: some/file.c:42: assertion failed: a < b\n"},
	{"a hook runs first", say_hook, "hook;woshou: some/file.c:42: assertion failed: a < b\n"},
	{"a hook that panics runs once", panicking_hook,
	 "hook;woshou: inner.c:2: assertion failed: inner\n"},
};

START_TEST(panic_tells_and_dies)
{
	const struct panic_case *c = &cases[_i];
	char text[256];

	die_with(c->hook, text, sizeof text);
	ck_assert_msg(strcmp(text, c->text) == 0, "%s: %s", c->name, text);
}
END_TEST

/* Not a bug, but exit status 3; the terminal is given back all the same. */
START_TEST(want_of_memory_tells_and_exits)
{
	char text[256];
	ssize_t got;
	int pipes[2];
	int status;
	pid_t child;

	ck_assert_int_eq(pipe(pipes), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		dup2(pipes[1], STDERR_FILENO);
		panic_set_hook(say_hook);
		array_grown(NULL, SIZE_MAX / 4, 8, &(size_t){0});
	}
	close(pipes[1]);
	got = read(pipes[0], text, sizeof text - 1);
	ck_assert_int_ge(got, 0);
	for (ssize_t more; (more = read(pipes[0], text + got, sizeof text - 1 - (size_t)got)) > 0;)
		got += more;
	text[got] = '\0';
	close(pipes[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_str_eq(text, "hook;woshou: out of memory\n");
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 3);
}
END_TEST

START_TEST(assert_looks_once_and_only_dies_of_false)
{
	int looked = 0;

	ASSERT(++looked == 1);
	ck_assert_int_eq(looked, 1);
	ASSERT(looked == 2);
}
END_TEST

Suite *panic_suite(void)
{
	Suite *s = suite_create("panic");
	TCase *t = tcase_create("panic");

	tcase_add_loop_test(t, panic_tells_and_dies, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(t, want_of_memory_tells_and_exits);
	if (may_die())
		tcase_add_test_raise_signal(t, assert_looks_once_and_only_dies_of_false, SIGABRT);
	suite_add_tcase(s, t);
	return s;
}
