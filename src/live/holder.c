/* SPDX-License-Identifier: MIT */
#include "live/holder.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <base/array.h>
#include "live/census.h"
#include "live/loop.h"

enum {
	SAMPLE_LEAST_MS = 200, /* the kernel counts in ticks of 10 ms */
	SAMPLE_MOST_S = 5,     /* older is not "lately" */
	SAMPLES = 64,
	ANSWER_WITHIN_S = 2,
	FILES_BY_HAND = 1024,
};

/* How much processor time a process had had when it was asked. */
struct sample {
	uint32_t pid; /* 0: free */
	int percent;
	uint64_t ticks;
	usec at;
};

struct holders {
	int child; /* a socket to the one that looks; -1: we do */
	struct census census;
	struct sample samples[SAMPLES];
	size_t oldest;
};

/* ---- the child that looks -------------------------------------------------------------------- */

/* What reading /proc/PID/fd of anybody's process takes (proc(5)), and nothing more. */
static bool keep_only_eyes(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const unsigned eyes = 1U << CAP_SYS_PTRACE | 1U << CAP_DAC_READ_SEARCH;
	struct __user_cap_data_struct data[2] = {{0}};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_capget, &header, data) != 0)
		return false;
	data[0].permitted = data[0].effective = data[0].permitted & eyes;
	data[1].permitted = data[1].effective = 0;
	data[0].inheritable = data[1].inheritable = 0;
	return syscall(SYS_capset, &header, data) == 0;
}

/* Ends when nobody is left to ask. Signals from the keyboard are not for it. */
static _Noreturn void look_for_others(int fd)
{
	struct census census = {.slots = NULL};
	struct census_answer answer;
	uint32_t inode;

	setsid();
	if (dup2(fd, 0) != 0 || !keep_only_eyes())
		_exit(1);
	for (int i = 1; close_range((unsigned)i, ~0U, 0) != 0 && i < FILES_BY_HAND; i++)
		close(i); /* a kernel before 5.9 */
	/* Ready, and nothing of what was open is held by us any more. */
	census_ask(&census, 0, &answer);
	if (send(0, &answer, sizeof answer, MSG_NOSIGNAL) != (ssize_t)sizeof answer)
		_exit(1);
	while (recv(0, &inode, sizeof inode, 0) == (ssize_t)sizeof inode) {
		census_ask(&census, inode, &answer);
		if (send(0, &answer, sizeof answer, MSG_NOSIGNAL) != (ssize_t)sizeof answer)
			break;
	}
	_exit(0);
}

static bool hear_child(int fd, struct census_answer *out)
{
	ssize_t n;

	do
		n = recv(fd, out, sizeof *out, 0);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof *out;
}

/* Twice a fork: the one that looks is nobody's child to wait for. */
static int start_child(void)
{
	const struct timeval within = {.tv_sec = ANSWER_WITHIN_S};
	struct census_answer ready;
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		if (fork() == 0)
			look_for_others(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (child > 0 &&
	    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within) == 0 &&
	    hear_child(ends[0], &ready))
		return ends[0];
	close(ends[0]);
	return -1;
}

static bool ask_child(int fd, uint32_t inode, struct census_answer *out)
{
	return send(fd, &inode, sizeof inode, MSG_NOSIGNAL) == (ssize_t)sizeof inode &&
	       hear_child(fd, out);
}

/* ---- whose it is ----------------------------------------------------------------------------- */

struct holders *holders_new(void)
{
	struct holders *h = xcalloc(1, sizeof *h);

	h->child = geteuid() == 0 ? start_child() : -1;
	return h;
}

void holders_free(struct holders *h)
{
	if (h == NULL)
		return;
	if (h->child >= 0)
		close(h->child);
	census_fini(&h->census);
	free(h);
}

static struct sample *sample_of(struct holders *h, uint32_t pid)
{
	struct sample *s;

	for (size_t i = 0; i < SAMPLES; i++) {
		if (h->samples[i].pid == pid)
			return &h->samples[i];
	}
	s = &h->samples[h->oldest];
	h->oldest = (h->oldest + 1) % SAMPLES;
	*s = (struct sample){.pid = pid, .percent = -1, .at = 0};
	return s;
}

/* Of the time between two questions. */
static int percent_of(struct holders *h, const struct census_answer *a)
{
	struct sample *s = sample_of(h, a->pid);
	usec now = loop_now(), since = now - s->at;
	long second = sysconf(_SC_CLK_TCK);

	if (s->at != 0 && since < SAMPLE_LEAST_MS * USEC_PER_MS)
		return s->percent;
	s->percent = -1;
	if (s->at != 0 && since < SAMPLE_MOST_S * USEC_PER_S && a->ticks >= s->ticks && second > 0)
		s->percent = (int)((usec)(a->ticks - s->ticks) * 100 * USEC_PER_S / second / since);
	s->ticks = a->ticks;
	s->at = now;
	return s->percent;
}

bool holders_find(struct holders *h, uint32_t inode, struct holder *out)
{
	struct census_answer a = {.pid = 0};

	if (h->child >= 0 && !ask_child(h->child, inode, &a)) {
		close(h->child);
		h->child = -1;
	}
	if (h->child < 0)
		census_ask(&h->census, inode, &a);
	if (a.pid == 0)
		return false;
	*out = (struct holder){.pid = a.pid, .cpu_percent = percent_of(h, &a)};
	memcpy(out->program, a.program, sizeof out->program);
	return true;
}
