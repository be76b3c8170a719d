/* SPDX-License-Identifier: MIT */
/*
 * loop.h - one thread waits for many things: file descriptors, times, signals. Linux epoll, timerfd
 * and signalfd. The loop itself is a descriptor, readable when something waits, so that a loop can
 * be watched by whoever waits for a key too. A loop with nothing to do takes no CPU.
 */
#ifndef LIVE_LOOP_H
#define LIVE_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/seq.h>

struct loop;

enum loop_event { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_HANGUP = 4 /* told always */ };

typedef void loop_heard(void *user, int fd, unsigned events);
typedef void loop_due(void *user);

struct loop *loop_new(void); /* NULL: no descriptors left (errno) */
void loop_free(struct loop *l);
int loop_fd(const struct loop *l);

/* False: no memory or descriptors in the kernel (errno). The descriptor stays the caller's. A
 * second call with the same descriptor changes what is waited for. */
bool loop_watch(struct loop *l, int fd, unsigned events, loop_heard *heard, void *user);
/* Before the descriptor is closed. What was heard of it and not yet told is never told. */
void loop_forget(struct loop *l, int fd);

/* Timers: once, at a time of CLOCK_MONOTONIC; ids are never 0, and never used again. */
uint64_t loop_at(struct loop *l, usec when, loop_due *due, void *user);
uint64_t loop_after(struct loop *l, usec delay, loop_due *due, void *user);
void loop_cancel(struct loop *l, uint64_t timer); /* 0 and one that is over: nothing */

/* A signal becomes an event: it is blocked from here on, until loop_free. */
bool loop_signal(struct loop *l, int signal, loop_due *due, void *user);

/* Waits for at most this many microseconds (0: not at all; USEC_NEVER: for ever), and tells what
 * was heard: a bounded number of things. False: nothing was. */
bool loop_turn(struct loop *l, usec wait);
/* Until loop_stop. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);

usec loop_now(void);   /* CLOCK_MONOTONIC */
usec clock_wall(void); /* CLOCK_REALTIME: since 1970, what captures are stamped with */
/* Processor time that this thread has had: what work costs, however busy the machine is. */
usec clock_spent(void);

#endif
