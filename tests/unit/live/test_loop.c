/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <base/prng.h>
#include "live/loop.h"
#include "live/timers.h"

struct log {
	struct loop *loop;
	int fd, other;
	unsigned events;
	int times;
	uint64_t timer;
};

static void log_event(void *user, int fd, unsigned events)
{
	struct log *l = user;

	ck_assert_int_eq(fd, l->fd);
	l->events |= events;
	l->times++;
}

static void log_time(void *user)
{
	((struct log *)user)->times++;
}

static bool is_readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

START_TEST(the_clocks_go_forward)
{
	usec before = loop_now(), wall = clock_wall();

	ck_assert_int_gt(before, 0);
	ck_assert_int_gt(wall, 1700000000 * USEC_PER_S);
	ck_assert_int_ge(loop_now(), before);
}
END_TEST

START_TEST(a_descriptor_is_heard_as_long_as_it_is_watched)
{
	struct loop *l = loop_new();
	struct log log = {0};
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	log.fd = pair[0];
	ck_assert(loop_watch(l, pair[0], LOOP_READ, log_event, &log));
	ck_assert(!loop_turn(l, 0));
	ck_assert(!is_readable(loop_fd(l)));
	ck_assert_int_eq(write(pair[1], "x", 1), 1);
	ck_assert(is_readable(loop_fd(l)));
	ck_assert(loop_turn(l, USEC_NEVER));
	ck_assert_uint_eq(log.events, LOOP_READ);
	/* The octet still lies there. */
	ck_assert(loop_turn(l, 0));
	ck_assert_int_eq(log.times, 2);
	ck_assert(loop_watch(l, pair[0], LOOP_WRITE, log_event, &log));
	log.events = 0;
	ck_assert(loop_turn(l, 0));
	ck_assert_uint_eq(log.events, LOOP_WRITE);
	ck_assert(loop_watch(l, pair[0], 0, log_event, &log));
	ck_assert(!loop_turn(l, 0));
	close(pair[1]);
	log.events = 0;
	ck_assert(loop_turn(l, 0));
	ck_assert_uint_eq(log.events, LOOP_HANGUP);
	loop_forget(l, pair[0]);
	ck_assert(!loop_turn(l, 0));
	loop_forget(l, pair[0]);
	loop_forget(l, 100000);
	loop_forget(l, -1);
	close(pair[0]);
	loop_free(l);
}
END_TEST

static void forget_both(void *user, int fd, unsigned events)
{
	struct log *l = user;

	(void)fd, (void)events;
	l->times++;
	loop_forget(l->loop, l->fd);
	loop_forget(l->loop, l->other);
}

/* Both are readable in one turn; the first to be told forgets the other. */
START_TEST(what_was_heard_of_a_forgotten_one_is_never_told)
{
	struct log log = {.loop = loop_new()};
	int a[2], b[2];

	ck_assert_int_eq(pipe(a), 0);
	ck_assert_int_eq(pipe(b), 0);
	log.fd = a[0];
	log.other = b[0];
	ck_assert(loop_watch(log.loop, a[0], LOOP_READ, forget_both, &log));
	ck_assert(loop_watch(log.loop, b[0], LOOP_READ, forget_both, &log));
	ck_assert_int_eq(write(a[1], "x", 1), 1);
	ck_assert_int_eq(write(b[1], "x", 1), 1);
	ck_assert(loop_turn(log.loop, 0));
	ck_assert_int_eq(log.times, 1);
	ck_assert(!loop_turn(log.loop, 0));
	loop_free(log.loop);
	for (int i = 0; i < 2; i++)
		close(a[i]), close(b[i]);
}
END_TEST

/* A number that has changed its owner, told or not. */
START_TEST(a_descriptor_closed_and_opened_again_is_another)
{
	struct loop *l = loop_new();
	struct log log = {0};
	int pair[2], again[2];

	ck_assert_int_eq(pipe(pair), 0);
	log.fd = pair[0];
	ck_assert(loop_watch(l, pair[0], LOOP_READ, log_event, &log));
	close(pair[0]);
	close(pair[1]);
	ck_assert_int_eq(pipe(again), 0);
	ck_assert_int_eq(again[0], pair[0]);
	ck_assert(loop_watch(l, again[0], LOOP_READ, log_event, &log));
	ck_assert_int_eq(write(again[1], "x", 1), 1);
	ck_assert(loop_turn(l, 0));
	ck_assert_int_eq(log.times, 1);
	close(again[0]);
	close(again[1]);
	loop_free(l);
}
END_TEST

START_TEST(a_file_cannot_be_waited_for)
{
	struct loop *l = loop_new();
	struct log log = {0};
	FILE *file = tmpfile();

	log.fd = fileno(file);
	ck_assert(!loop_watch(l, log.fd, LOOP_READ, log_event, &log));
	ck_assert_int_eq(errno, EPERM);
	ck_assert(!loop_turn(l, 0));
	fclose(file);
	loop_free(l);
}
END_TEST

START_TEST(a_time_comes_once_and_not_before)
{
	struct loop *l = loop_new();
	struct log log = {0};
	usec when = loop_now() + 20 * USEC_PER_MS;

	ck_assert_uint_ne(loop_at(l, when, log_time, &log), 0);
	ck_assert(loop_turn(l, USEC_NEVER));
	ck_assert_int_ge(loop_now(), when);
	ck_assert_int_eq(log.times, 1);
	ck_assert(!loop_turn(l, 0));
	ck_assert_int_eq(log.times, 1);
	loop_free(l);
}
END_TEST

START_TEST(the_loops_descriptor_tells_of_times)
{
	struct loop *l = loop_new();
	struct log log = {0};
	struct pollfd p = {.fd = loop_fd(l), .events = POLLIN};

	loop_after(l, 3600 * USEC_PER_S, log_time, &log);
	ck_assert(!is_readable(loop_fd(l)));
	loop_after(l, 5 * USEC_PER_MS, log_time, &log);
	ck_assert_int_eq(poll(&p, 1, -1), 1);
	ck_assert(loop_turn(l, 0));
	ck_assert_int_eq(log.times, 1);
	/* The one in an hour is still waited for, and nothing else is. */
	ck_assert(!loop_turn(l, 0));
	ck_assert(!is_readable(loop_fd(l)));
	loop_free(l);
}
END_TEST

START_TEST(a_cancelled_time_never_comes)
{
	struct loop *l = loop_new();
	struct log log = {0}, other = {0};
	uint64_t id = loop_after(l, 0, log_time, &log), later;

	loop_cancel(l, id);
	ck_assert(!loop_turn(l, 5 * USEC_PER_MS));
	/* Its slot is somebody else's now, its name is not. */
	later = loop_after(l, 0, log_time, &other);
	ck_assert_uint_ne(later, id);
	loop_cancel(l, id);
	loop_cancel(l, 0);
	ck_assert(loop_turn(l, USEC_NEVER));
	ck_assert_int_eq(log.times, 0);
	ck_assert_int_eq(other.times, 1);
	loop_cancel(l, later);
	ck_assert_uint_ne(loop_after(l, USEC_NEVER, log_time, &log), 0);
	ck_assert(!loop_turn(l, 0));
	loop_free(l);
}
END_TEST

static void again_at_once(void *user)
{
	struct log *l = user;

	l->times++;
	l->timer = loop_after(l->loop, -5, again_at_once, l);
}

START_TEST(a_time_set_anew_by_its_own_call_waits_for_the_next_turn)
{
	struct log log = {.loop = loop_new()};

	again_at_once(&log);
	for (int i = 2; i < 10; i++) {
		ck_assert(loop_turn(log.loop, USEC_NEVER));
		ck_assert_int_eq(log.times, i);
	}
	loop_free(log.loop);
}
END_TEST

static void stop(void *user)
{
	loop_stop(((struct log *)user)->loop);
}

START_TEST(a_signal_becomes_an_event)
{
	struct log log = {.loop = loop_new()};
	sigset_t blocked;

	ck_assert(loop_signal(log.loop, SIGTERM, stop, &log));
	ck_assert(loop_signal(log.loop, SIGUSR1, log_time, &log));
	kill(getpid(), SIGUSR1);
	ck_assert(loop_turn(log.loop, USEC_NEVER));
	ck_assert_int_eq(log.times, 1);
	kill(getpid(), SIGTERM);
	loop_run(log.loop);
	/* One that nobody heard any more does not kill, and those after it may. */
	kill(getpid(), SIGTERM);
	loop_free(log.loop);
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	ck_assert(!sigismember(&blocked, SIGTERM));
	ck_assert(!sigismember(&blocked, SIGUSR1));
}
END_TEST

/* No more descriptors than are open already. */
START_TEST(without_descriptors_there_is_no_loop)
{
	struct rlimit was, few;
	int next = open("/dev/null", O_RDONLY);
	struct loop *l;

	ck_assert_int_ge(next, 0);
	close(next);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &was), 0);
	for (int more = 0; more < 2; more++) {
		few = (struct rlimit){(rlim_t)(next + more), was.rlim_max};
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
		l = loop_new();
		ck_assert_ptr_null(l);
		ck_assert_int_eq(errno, EMFILE);
	}
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &was), 0);
	/* And none was lost. */
	ck_assert_int_eq(open("/dev/null", O_RDONLY), next);
	close(next);
}
END_TEST

struct stamp {
	int64_t at;
	bool is_on;
};

static void never_called(void *user)
{
	(void)user;
	ck_abort_msg("a timer was told by no loop");
}

/* Against the plain way: the least of all that are on. */
START_TEST(ten_thousand_times_in_random_order)
{
	enum { N = 10000 };
	struct stamp *stamps = xcalloc(N, sizeof *stamps);
	uint64_t *ids = xcalloc(N, sizeof *ids);
	struct timers t = {0};
	struct timer out;
	struct prng p;
	int64_t last = INT64_MIN;
	size_t left = 0;

	prng_init(&p, 4, 0);
	for (size_t round = 0; round < 5 * N; round++) {
		size_t i = prng_below(&p, N);

		if (stamps[i].is_on)
			timers_cancel(&t, ids[i]);
		stamps[i].is_on = !stamps[i].is_on;
		stamps[i].at = (int64_t)prng_below(&p, 1000);
		if (stamps[i].is_on)
			ids[i] = timers_add(&t, stamps[i].at, never_called, &stamps[i]);
	}
	ck_assert_uint_le(t.heap.items.count, 2 * N + 128);
	for (size_t i = 0; i < N; i++)
		left += stamps[i].is_on;
	timers_mark(&t);
	while (timers_take(&t, INT64_MAX - 1, &out)) {
		struct stamp *s = out.user;

		ck_assert(s->is_on);
		ck_assert_int_ge(s->at, last);
		last = s->at;
		s->is_on = false;
		left--;
	}
	ck_assert_uint_eq(left, 0);
	ck_assert_int_eq(timers_first(&t), USEC_NEVER);
	timers_fini(&t);
	free(stamps);
	free(ids);
}
END_TEST

Suite *loop_suite(void)
{
	Suite *suite = suite_create("loop");
	TCase *tcase = tcase_create("loop");

	tcase_add_test(tcase, the_clocks_go_forward);
	tcase_add_test(tcase, a_descriptor_is_heard_as_long_as_it_is_watched);
	tcase_add_test(tcase, what_was_heard_of_a_forgotten_one_is_never_told);
	tcase_add_test(tcase, a_descriptor_closed_and_opened_again_is_another);
	tcase_add_test(tcase, a_file_cannot_be_waited_for);
	tcase_add_test(tcase, a_time_comes_once_and_not_before);
	tcase_add_test(tcase, the_loops_descriptor_tells_of_times);
	tcase_add_test(tcase, a_cancelled_time_never_comes);
	tcase_add_test(tcase, a_time_set_anew_by_its_own_call_waits_for_the_next_turn);
	tcase_add_test(tcase, a_signal_becomes_an_event);
	tcase_add_test(tcase, without_descriptors_there_is_no_loop);
	tcase_add_test(tcase, ten_thousand_times_in_random_order);
	suite_add_tcase(suite, tcase);
	return suite;
}
