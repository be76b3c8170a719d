/* SPDX-License-Identifier: MIT */
#include "live/loop.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <base/array.h>
#include <base/assert.h>
#include "live/timers.h"

enum { TURN_EVENTS = 256, TURN_TIMERS = 1024 };

/* What is waited for on one descriptor. `age` tells it from whoever had the number before. */
struct watch {
	loop_heard *heard; /* NULL: nobody waits */
	void *user;
	uint32_t age;
};

struct heard_signal {
	loop_due *due;
	void *user;
};

struct loop {
	int epoll, clock, signals;   /* descriptors; signals is -1 until one is asked for */
	ARRAY(struct watch) watches; /* by descriptor */
	struct timers timers;
	usec armed; /* what the clock is set to; USEC_NEVER: it is not */
	sigset_t taken, were_blocked;
	struct heard_signal hearers[_NSIG];
	bool is_turning, is_stopped;
};

/* ---- descriptors ----------------------------------------------------------------------------- */

static uint64_t name_of(int fd, uint32_t age)
{
	return (uint64_t)age << 32 | (uint32_t)fd;
}

bool loop_watch(struct loop *l, int fd, unsigned events, loop_heard *heard, void *user)
{
	struct epoll_event e = {0};
	struct watch *w;
	bool is_new;
	int done;

	ASSERT(fd >= 0 && heard != NULL);
	while (l->watches.count <= (size_t)fd)
		*array_push(&l->watches) = (struct watch){0};
	w = &l->watches.at[fd];
	is_new = w->heard == NULL;
	if (events & LOOP_READ)
		e.events |= EPOLLIN;
	if (events & LOOP_WRITE)
		e.events |= EPOLLOUT;
	e.data.u64 = name_of(fd, w->age + is_new);
	done = epoll_ctl(l->epoll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &e);
	/* Closed without a word, and the number has another owner by now. */
	if (done != 0 && !is_new && errno == ENOENT)
		done = epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e);
	if (done != 0)
		return false;
	*w = (struct watch){heard, user, w->age + is_new};
	return true;
}

void loop_forget(struct loop *l, int fd)
{
	struct watch *w;

	if (fd < 0 || (size_t)fd >= l->watches.count)
		return;
	w = &l->watches.at[fd];
	if (w->heard == NULL)
		return;
	/* It may have been closed already: then the kernel has forgotten it by itself. */
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
	*w = (struct watch){.age = w->age + 1};
}

static bool tell_event(struct loop *l, const struct epoll_event *e)
{
	int fd = (int)(uint32_t)e->data.u64;
	struct watch *w = &l->watches.at[fd];
	unsigned events = 0;

	if (w->heard == NULL || name_of(fd, w->age) != e->data.u64)
		return false;
	if (e->events & EPOLLIN)
		events |= LOOP_READ;
	if (e->events & EPOLLOUT)
		events |= LOOP_WRITE;
	if (e->events & (EPOLLERR | EPOLLHUP))
		events |= LOOP_HANGUP;
	w->heard(w->user, fd, events);
	return true;
}

/* ---- times ----------------------------------------------------------------------------------- */

/* The clock rings for whoever waits for the loop's descriptor, so it is set at the end of each turn
 * and, between turns, at once. A clock that rings for nothing is set anew then. */
static void set_clock(struct loop *l)
{
	usec first = timers_first(&l->timers);
	struct itimerspec t = {0};

	if (l->is_turning || (first >= l->armed && l->armed != USEC_NEVER) || first == l->armed)
		return;
	if (first != USEC_NEVER) {
		t.it_value.tv_sec = first > 0 ? first / USEC_PER_S : 0;
		t.it_value.tv_nsec = first > 0 ? first % USEC_PER_S * 1000 : 1;
		if (t.it_value.tv_sec == 0 && t.it_value.tv_nsec == 0)
			t.it_value.tv_nsec = 1; /* zero would mean: never */
	}
	timerfd_settime(l->clock, TFD_TIMER_ABSTIME, &t, NULL);
	l->armed = first;
}

static void clock_heard(void *user, int fd, unsigned events)
{
	struct loop *l = user;
	uint64_t times;

	(void)events;
	if (read(fd, &times, sizeof times) == sizeof times)
		l->armed = USEC_NEVER;
}

uint64_t loop_at(struct loop *l, usec when, loop_due *due, void *user)
{
	uint64_t id = timers_add(&l->timers, when, due, user);

	set_clock(l);
	return id;
}

uint64_t loop_after(struct loop *l, usec delay, loop_due *due, void *user)
{
	usec now = loop_now();

	return loop_at(l, delay < USEC_NEVER - now ? now + delay : USEC_NEVER, due, user);
}

void loop_cancel(struct loop *l, uint64_t timer)
{
	timers_cancel(&l->timers, timer);
}

/* What was due when the turn began: a timer set anew by its own call waits for the next. */
static bool tell_timers(struct loop *l)
{
	struct timer t;
	usec now;
	bool has_told = false;

	if (timers_first(&l->timers) == USEC_NEVER)
		return false;
	now = loop_now();
	timers_mark(&l->timers);
	for (int i = 0; i < TURN_TIMERS && timers_take(&l->timers, now, &t); i++) {
		has_told = true;
		t.due(t.user);
	}
	return has_told;
}

/* ---- signals --------------------------------------------------------------------------------- */

static void signals_heard(void *user, int fd, unsigned events)
{
	struct loop *l = user;
	struct signalfd_siginfo info;

	(void)events;
	while (read(fd, &info, sizeof info) == sizeof info) {
		const struct heard_signal *h = &l->hearers[info.ssi_signo];

		if (h->due)
			h->due(h->user);
	}
}

bool loop_signal(struct loop *l, int signal, loop_due *due, void *user)
{
	sigset_t one;
	int fd;

	ASSERT(signal > 0 && signal < _NSIG && due != NULL);
	sigemptyset(&one);
	sigaddset(&one, signal);
	sigaddset(&l->taken, signal);
	fd = signalfd(l->signals, &l->taken, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return false;
	if (l->signals < 0 && !loop_watch(l, fd, LOOP_READ, signals_heard, l)) {
		close(fd);
		return false;
	}
	l->signals = fd;
	l->hearers[signal] = (struct heard_signal){due, user};
	return sigprocmask(SIG_BLOCK, &one, NULL) == 0;
}

/* One that came last is not to kill a program that had agreed to hear it. */
static void give_signals_back(struct loop *l)
{
	struct signalfd_siginfo info;

	if (l->signals < 0)
		return;
	while (read(l->signals, &info, sizeof info) == sizeof info)
		;
	close(l->signals);
	for (int n = 1; n < _NSIG; n++) {
		if (sigismember(&l->taken, n) == 1 && sigismember(&l->were_blocked, n) == 1)
			sigdelset(&l->taken, n);
	}
	sigprocmask(SIG_UNBLOCK, &l->taken, NULL);
}

/* ---- the loop -------------------------------------------------------------------------------- */

struct loop *loop_new(void)
{
	struct loop *l = xcalloc(1, sizeof *l);

	l->signals = -1;
	l->armed = USEC_NEVER;
	sigemptyset(&l->taken);
	sigprocmask(SIG_BLOCK, NULL, &l->were_blocked);
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->clock = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (l->epoll < 0 || l->clock < 0 || !loop_watch(l, l->clock, LOOP_READ, clock_heard, l)) {
		int why = errno;

		loop_free(l);
		errno = why;
		return NULL;
	}
	return l;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	ASSERT(!l->is_turning);
	give_signals_back(l);
	if (l->clock >= 0)
		close(l->clock);
	if (l->epoll >= 0)
		close(l->epoll);
	timers_fini(&l->timers);
	array_fini(&l->watches);
	free(l);
}

int loop_fd(const struct loop *l)
{
	return l->epoll;
}

/* epoll knows milliseconds: rounded up, lest it looks again and again for the last few. */
static int wait_ms(const struct loop *l, usec wait)
{
	usec first = timers_first(&l->timers);

	/* The clock rings for the others; one that is set late in this turn needs no ring. */
	if (first != USEC_NEVER && first <= loop_now())
		return 0;
	if (wait == USEC_NEVER)
		return -1;
	return wait / USEC_PER_MS < INT_MAX ? (int)((wait + USEC_PER_MS - 1) / USEC_PER_MS)
					    : INT_MAX;
}

static bool is_clock(const struct loop *l, const struct epoll_event *e)
{
	return (int)(uint32_t)e->data.u64 == l->clock;
}

bool loop_turn(struct loop *l, usec wait)
{
	struct epoll_event events[TURN_EVENTS];
	usec until = wait == USEC_NEVER ? USEC_NEVER : loop_now() + wait;
	bool has_told = false;
	int n;

	ASSERT(!l->is_turning);
	do {
		n = epoll_wait(l->epoll, events, TURN_EVENTS, wait_ms(l, wait));
		l->is_turning = true;
		for (int i = 0; i < n; i++)
			has_told |= tell_event(l, &events[i]) && !is_clock(l, &events[i]);
		has_told |= tell_timers(l);
		l->is_turning = false;
		set_clock(l);
		if (until != USEC_NEVER)
			wait = until > loop_now() ? until - loop_now() : 0;
		/* A clock that rang for a cancelled timer is nobody's news. */
	} while (!has_told && wait > 0);
	return has_told;
}

void loop_run(struct loop *l)
{
	while (!l->is_stopped)
		loop_turn(l, USEC_NEVER);
	l->is_stopped = false;
}

void loop_stop(struct loop *l)
{
	l->is_stopped = true;
}
