/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* ppoll: POSIX.1-2024 */
#include "stage/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { FAREWELL_OCTETS = 512, OWN_STACK = 1 << 16 };

static void note_leave(int signal);
static void note_sleep(int signal);
static void note_wake(int signal);
static void die(int signal, siginfo_t *info, void *context);

static const struct {
	int number;
	void (*note)(int);
	bool is_deadly; /* it came from a fault: nothing else will run */
} ours[] = {
	{SIGINT, note_leave, false},  {SIGQUIT, note_leave, false}, {SIGTERM, note_leave, false},
	{SIGHUP, note_leave, false},  {SIGPIPE, note_leave, false}, {SIGALRM, note_leave, false},
	{SIGUSR1, note_leave, false}, {SIGUSR2, note_leave, false}, {SIGXCPU, note_leave, false},
	{SIGTSTP, note_sleep, false}, {SIGCONT, note_wake, false},  {SIGSEGV, NULL, true},
	{SIGBUS, NULL, true},         {SIGFPE, NULL, true},         {SIGILL, NULL, true},
	{SIGABRT, NULL, true},        {SIGSYS, NULL, true},         {SIGTRAP, NULL, true},
};

enum { OURS = sizeof ours / sizeof ours[0] };

static struct {
	bool is_caught, has_modes;
	struct sigaction before[OURS];
	struct termios modes;
	sigset_t mask; /* while they are held: what it was */
	char farewell[FAREWELL_OCTETS];
	char stack[OWN_STACK]; /* for a handler, when the own stack is what ran out */
} kept;

static volatile sig_atomic_t leaving, wants_sleep, has_woken, farewell_octets;

/* ---- handlers: nothing here but what POSIX allows in one ------------------------------------- */

static void give_terminal_back(void)
{
	size_t n = (size_t)farewell_octets;
	const char *at = kept.farewell;

	farewell_octets = 0;
	while (n > 0) {
		ssize_t written = write(STDOUT_FILENO, at, n);

		if (written <= 0)
			break;
		at += written;
		n -= (size_t)written;
	}
	if (kept.has_modes)
		tcsetattr(STDIN_FILENO, TCSANOW, &kept.modes);
}

static void note_leave(int signal)
{
	/* Asked twice and still here: then at once. */
	if (leaving != 0) {
		struct sigaction plain = {.sa_handler = SIG_DFL};

		give_terminal_back();
		sigaction(signal, &plain, NULL);
		raise(signal);
	}
	leaving = signal;
}

static void note_sleep(int signal)
{
	(void)signal;
	wants_sleep = 1;
}

static void note_wake(int signal)
{
	(void)signal;
	has_woken = 1;
}

/* Whoever stood here before us does what he would have done: a core, a sanitizer's report. */
static void die(int signal, siginfo_t *info, void *context)
{
	(void)context;
	give_terminal_back();
	for (int i = 0; i < OURS; i++) {
		if (ours[i].number == signal)
			sigaction(signal, &kept.before[i], NULL);
	}
	/* A fault happens again by itself when the handler returns; what somebody sent does not. */
	if (info->si_code <= 0 || signal == SIGABRT)
		raise(signal);
}

/* ---- catching -------------------------------------------------------------------------------- */

static void lend_stack(void)
{
	stack_t own = {.ss_sp = kept.stack, .ss_size = sizeof kept.stack}, before;

	/* A sanitizer brings one of its own. */
	if (sigaltstack(NULL, &before) == 0 && (before.ss_flags & SS_DISABLE))
		sigaltstack(&own, NULL);
}

void signals_catch(void)
{
	if (kept.is_caught)
		return;
	kept.is_caught = true;
	kept.has_modes = tcgetattr(STDIN_FILENO, &kept.modes) == 0;
	wants_sleep = has_woken = 0;
	lend_stack();
	for (int i = 0; i < OURS; i++) {
		struct sigaction action = {0};

		if (ours[i].is_deadly) {
			action.sa_sigaction = die;
			action.sa_flags = SA_SIGINFO | SA_ONSTACK;
		} else {
			action.sa_handler = ours[i].note;
		}
		sigemptyset(&action.sa_mask);
		sigaction(ours[i].number, &action, &kept.before[i]);
		/* Who started us wants it ignored: nohup, a shell without job control. */
		if (!ours[i].is_deadly && kept.before[i].sa_handler == SIG_IGN)
			sigaction(ours[i].number, &kept.before[i], NULL);
	}
}

void signals_release(void)
{
	if (!kept.is_caught)
		return;
	for (int i = 0; i < OURS; i++)
		sigaction(ours[i].number, &kept.before[i], NULL);
	farewell_octets = 0;
	kept.has_modes = kept.is_caught = false;
}

void signals_set_farewell(const char *octets, size_t n)
{
	farewell_octets = 0;
	if (n > sizeof kept.farewell)
		return;
	memcpy(kept.farewell, octets, n);
	farewell_octets = (sig_atomic_t)n;
}

/* ---- asking ---------------------------------------------------------------------------------- */

int signals_leaving(void)
{
	return leaving;
}

void signals_leave(int signal)
{
	leaving = signal;
}

bool signals_wants_sleep(void)
{
	return wants_sleep != 0;
}

bool signals_has_woken(void)
{
	bool woken = has_woken != 0;

	has_woken = 0;
	return woken;
}

void signals_sleep(void)
{
	struct sigaction plain = {.sa_handler = SIG_DFL}, own;

	wants_sleep = 0;
	sigemptyset(&plain.sa_mask);
	sigaction(SIGTSTP, &plain, &own);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &own, NULL);
	/* In a group that nobody can wake, the system does not let us sleep: no matter. */
	has_woken = 1;
}

/* Not those that kill: a fault that is held kills without a word. */
void signals_hold(void)
{
	sigset_t notes;

	sigemptyset(&notes);
	sigaddset(&notes, SIGWINCH);
	for (int i = 0; i < OURS; i++) {
		if (!ours[i].is_deadly)
			sigaddset(&notes, ours[i].number);
	}
	sigprocmask(SIG_BLOCK, &notes, &kept.mask);
}

void signals_let_go(void)
{
	sigprocmask(SIG_SETMASK, &kept.mask, NULL);
}

enum wait_end signals_wait(int fd, int other, int timeout_ms)
{
	struct timespec limit = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
	struct pollfd waited[] = {{.fd = fd, .events = POLLIN}, {.fd = other, .events = POLLIN}};
	int ready;

	if (leaving != 0 || wants_sleep != 0 || has_woken != 0)
		return WAIT_OVER;
	ready = ppoll(waited, other >= 0 ? 2 : 1, timeout_ms < 0 ? NULL : &limit, &kept.mask);
	if (ready < 0)
		return errno == EINTR ? WAIT_OVER : WAIT_GONE;
	if (waited[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		return WAIT_GONE;
	if (waited[0].revents != 0)
		return WAIT_READABLE;
	return ready > 0 ? WAIT_OTHER : WAIT_OVER;
}

void signals_raise_again(void)
{
	int asked = leaving;

	if (asked == 0)
		return;
	leaving = 0;
	signal(asked, SIG_DFL);
	raise(asked);
}
