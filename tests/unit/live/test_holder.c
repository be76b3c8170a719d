/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "live/holder.h"
#include "live/sniff.h"
#include "real.h"

enum { TRIES_MOST = 15000 };

/* Another process that holds the called end, and does nothing, or as much as it can. */
static pid_t start_holder(struct real *r, const char *name, bool is_busy)
{
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		prctl(PR_SET_NAME, name);
		close(r->caller);
		close(r->listener);
		for (volatile unsigned long turns = 0;; turns++) {
			if (!is_busy)
				pause();
		}
	}
	close(r->called);
	r->called = -1;
	return child;
}

static void end_holder(pid_t child)
{
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

static struct holder await(struct holders *h, uint32_t inode, uint32_t pid, int percent)
{
	struct holder found = {.pid = 0};

	for (int i = 0; i < TRIES_MOST; i++) {
		if (!holders_find(h, inode, &found))
			found = (struct holder){.pid = 0};
		if (found.pid == pid && (pid == 0 || found.cpu_percent >= percent))
			return found;
		real_nap();
	}
	ck_abort_msg("pid %u at %d %%, not %u at %d %%", found.pid, found.cpu_percent, pid,
		     percent);
	return found;
}

static const struct {
	const char *name;
	bool drops; /* whatever it may is given up before it asks */
} ways[] = {
	{"patient", false},
	{"patient", true},
	{"a) b (c", false},
	{"fifteen letters", true},
};

START_TEST(a_socket_s_process_is_found)
{
	struct holders *h = holders_new();
	struct holder found;
	struct real r;
	uint32_t inode;
	pid_t child;

	real_listen(&r, "127.0.0.1", 1);
	real_connect(&r);
	inode = real_inode(r.called);
	/* It keeps all that root may do: who has given that up may not look into it. */
	child = start_holder(&r, ways[_i].name, false);
	if (ways[_i].drops)
		ck_assert(privilege_drop());
	found = await(h, inode, (uint32_t)child, 0);
	ck_assert_str_eq(found.program, ways[_i].name);
	ck_assert_int_eq(found.cpu_percent, 0);
	end_holder(child);
	await(h, inode, 0, 0);
	real_close(&r);
	holders_free(h);
}
END_TEST

START_TEST(a_busy_one_is_seen_to_be_busy)
{
	struct holders *h = holders_new();
	struct real r;
	uint32_t inode;
	pid_t child;

	real_listen(&r, "127.0.0.1", 1);
	real_connect(&r);
	inode = real_inode(r.called);
	child = start_holder(&r, "spinning", true);
	/* Of a processor that others want, too. */
	await(h, inode, (uint32_t)child, 2);
	end_holder(child);
	real_close(&r);
	holders_free(h);
}
END_TEST

START_TEST(our_own_are_found_too)
{
	struct holders *h = holders_new();
	struct holder found;
	struct real r;

	real_listen(&r, "127.0.0.1", 1);
	ck_assert(privilege_drop());
	found = await(h, real_inode(r.listener), (uint32_t)getpid(), -1);
	ck_assert_str_ne(found.program, "");
	ck_assert(!holders_find(h, 0, &found));
	real_close(&r);
	holders_free(h);
}
END_TEST

/* A server hands what it accepted to a child: then the child is the one. */
START_TEST(what_is_handed_over_is_followed)
{
	struct holders *h = holders_new();
	struct real r;
	uint32_t inode;
	pid_t child;

	real_listen(&r, "127.0.0.1", 1);
	real_connect(&r);
	inode = real_inode(r.called);
	await(h, inode, (uint32_t)getpid(), -1);
	child = start_holder(&r, "child", false);
	await(h, inode, (uint32_t)child, -1);
	end_holder(child);
	real_close(&r);
	holders_free(h);
}
END_TEST

Suite *holder_suite(void)
{
	Suite *s = suite_create("holder");
	TCase *t = tcase_create("holder");

	tcase_add_loop_test(t, a_socket_s_process_is_found, 0, sizeof ways / sizeof ways[0]);
	tcase_add_test(t, a_busy_one_is_seen_to_be_busy);
	tcase_add_test(t, our_own_are_found_too);
	tcase_add_test(t, what_is_handed_over_is_followed);
	suite_add_tcase(s, t);
	return s;
}
