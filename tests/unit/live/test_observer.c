/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "live/observer.h"
#include "live/sniff.h"
#include "real.h"

enum { WAIT_S = 50 };

#ifdef WOSHOU_HAS_PCAP
enum { HAS_FRAMES = 1 };
#else
enum { HAS_FRAMES = 0 };
#endif

struct fixture {
	struct loop *loop;
	struct observer *observer;
	struct real r;
};

static struct observer_options options_for(const struct real *r)
{
	struct observer_options o = {.at.port = r->port};

	ck_assert(address_parse(r->host, &o.at.address));
	return o;
}

static void begin(struct fixture *f, const struct observer_options *o)
{
	f->loop = loop_new();
	ck_assert_ptr_nonnull(f->loop);
	f->observer = observer_new(f->loop, o);
}

static void end(struct fixture *f)
{
	observer_free(f->observer);
	loop_free(f->loop);
	real_close(&f->r);
}

/* The latest conversation, or one that nobody has. */
static struct observed latest(const struct fixture *f)
{
	struct observed o = {.id = 0};

	if (observer_count(f->observer) > 0)
		ck_assert(observer_at(f->observer, observer_count(f->observer) - 1, &o));
	return o;
}

static bool are(const struct observed *o, enum state caller, enum state called)
{
	return o->id != 0 && o->state[0] == caller && o->state[1] == called;
}

/* The latest one comes into these states. */
static struct observed await(struct fixture *f, enum state caller, enum state called)
{
	usec until = loop_now() + WAIT_S * USEC_PER_S;
	struct observed o = latest(f);

	while (!are(&o, caller, called) && loop_now() < until) {
		loop_turn(f->loop, 20 * USEC_PER_MS);
		o = latest(f);
	}
	ck_assert_msg(are(&o, caller, called), "%s and %s, not %s and %s", state_name(o.state[0]),
		      state_name(o.state[1]), state_name(caller), state_name(called));
	return o;
}

static void turn_for(struct fixture *f, usec span)
{
	usec until = loop_now() + span;

	while (loop_now() < until)
		loop_turn(f->loop, until - loop_now());
}

static struct observed await_end(struct fixture *f, uint32_t id)
{
	usec until = loop_now() + WAIT_S * USEC_PER_S;
	struct observed o = latest(f);

	while ((o.id != id || o.ended == 0) && loop_now() < until) {
		loop_turn(f->loop, 20 * USEC_PER_MS);
		o = latest(f);
	}
	ck_assert_uint_eq(o.id, id);
	ck_assert_int_ne(o.ended, 0);
	ck_assert_int_ge(o.ended, o.began);
	return o;
}

static void check_flow(const struct fixture *f, const struct observed *o)
{
	struct endpoint caller;

	real_endpoint(f->r.caller, false, &caller);
	ck_assert_uint_eq(o->flow.end[0].port, caller.port);
	ck_assert_uint_eq(o->flow.end[1].port, f->r.port);
}

/* Which of the sources there are. */
static const struct {
	bool no_capture;
	const char *host;
} sources[] = {
	{false, "127.0.0.1"},
	{false, "::1"},
	{true, "127.0.0.1"},
	{true, "::1"},
};

START_TEST(a_conversation_is_followed_to_its_mourning)
{
	struct observer_options options;
	struct observed o;
	struct fixture f;

	if (!private_network())
		return;
	real_listen(&f.r, sources[_i].host, 5);
	options = options_for(&f.r);
	options.no_capture = sources[_i].no_capture;
	begin(&f, &options);
	ck_assert_uint_eq(observer_count(f.observer), 0);
	real_connect(&f.r);
	o = await(&f, ESTABLISHED, ESTABLISHED);
	check_flow(&f, &o);
	ck_assert_int_eq(o.ended, 0);
	real_write(f.r.caller, "wave");
	ck_assert_int_eq(shutdown(f.r.caller, SHUT_WR), 0);
	o = await(&f, FIN_WAIT_2, CLOSE_WAIT);
	ck_assert_uint_eq(o.octets[0], 4);
	/* The frames were faster than the kernel's word. */
	for (int i = 0; i < 2500 && o.unread[1] != 4; i++) {
		loop_turn(f.loop, 20 * USEC_PER_MS);
		o = latest(&f);
	}
	ck_assert_uint_eq(o.unread[1], 4);
	ck_assert_uint_eq(o.unread[0], 0);
	ck_assert_int_eq(shutdown(f.r.called, SHUT_WR), 0);
	o = await(&f, TIME_WAIT, CLOSED);
	if (HAS_FRAMES && !options.no_capture)
		ck_assert_uint_ge(o.segments, 9);
	ck_assert_int_eq(o.ended, 0); /* it mourns */
	ck_assert_uint_eq(observer_count(f.observer), 1);
	end(&f);
}
END_TEST

START_TEST(a_refused_call_ends)
{
	struct observed o;
	struct fixture f;
	struct observer_options options;
	struct act call = {.verb = CALL_CONNECT, .error = SOCK_ECONNREFUSED};
	struct sockaddr_in to = {.sin_family = AF_INET};

	if (!HAS_FRAMES || !private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	real_close(&f.r); /* nobody listens there now */
	options = options_for(&f.r);
	options.has_acts = true;
	begin(&f, &options);
	call.at = clock_wall();
	call.peer = options.at;
	f.r.caller = real_socket(&f.r);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(f.r.port);
	ck_assert_int_eq(connect(f.r.caller, (void *)&to, sizeof to), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	/* Its port was never known to the caller. */
	observer_acts(f.observer)->see(observer_acts(f.observer)->user, &call);
	o = await_end(&f, 1);
	ck_assert_uint_eq(o.segments, 2);
	ck_assert_uint_eq(o.flow.end[1].port, f.r.port);
	ck_assert_uint_ne(o.flow.end[0].port, 0);
	end(&f);
}
END_TEST

static void bind_to(int fd, uint16_t port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	int on = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	ck_assert_int_eq(bind(fd, (void *)&at, sizeof at), 0);
}

START_TEST(ports_used_again_begin_anew)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	struct observer_options options;
	struct endpoint caller;
	struct observed o;
	struct fixture f;

	if (!HAS_FRAMES || !private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	begin(&f, &options);
	real_connect(&f.r);
	real_endpoint(f.r.caller, false, &caller);
	await(&f, ESTABLISHED, ESTABLISHED);
	ck_assert_int_eq(setsockopt(f.r.caller, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
	close(f.r.caller);
	close(f.r.called);
	f.r.caller = real_socket(&f.r);
	bind_to(f.r.caller, caller.port);
	ck_assert(real_dial(&f.r, f.r.caller));
	f.r.called = accept(f.r.listener, NULL, NULL);
	o = await(&f, ESTABLISHED, ESTABLISHED);
	for (int i = 0; i < 500 && o.id != 2; i++) {
		loop_turn(f.loop, 20 * USEC_PER_MS);
		o = latest(&f);
	}
	ck_assert_uint_eq(o.id, 2);
	await(&f, ESTABLISHED, ESTABLISHED);
	ck_assert_uint_eq(observer_count(f.observer), 2);
	ck_assert(observer_at(f.observer, 0, &o));
	ck_assert_int_ne(o.ended, 0);
	ck_assert_uint_eq(o.flow.end[0].port, caller.port);
	ck_assert_uint_ge(o.segments, 4);
	end(&f);
}
END_TEST

/* Who hung up in the accept queue is handed out all the same: no second conversation. */
START_TEST(who_hung_up_is_accepted_late)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	struct act call = {.verb = CALL_ACCEPT};
	struct observer_options options;
	struct observer_lack lack;
	struct fixture f;

	if (!private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	options.has_acts = true;
	begin(&f, &options);
	observer_lack(f.observer, &lack);
	ck_assert(!lack.no_capture);
	real_connect(&f.r);
	real_endpoint(f.r.called, false, &call.self);
	real_endpoint(f.r.called, true, &call.peer);
	ck_assert_int_eq(setsockopt(f.r.caller, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
	close(f.r.caller);
	f.r.caller = -1;
	await(&f, CLOSED, CLOSED);
	call.at = clock_wall();
	observer_acts(f.observer)->see(observer_acts(f.observer)->user, &call);
	call.verb = CALL_CLOSE;
	call.at = clock_wall();
	observer_acts(f.observer)->see(observer_acts(f.observer)->user, &call);
	await_end(&f, 1);
	ck_assert_uint_eq(observer_count(f.observer), 1);
	end(&f);
}
END_TEST

/* What our own process tells is enough to begin with. */
START_TEST(without_frames_calls_begin_a_conversation)
{
	struct observer_options options;
	struct observed o;
	struct fixture f;
	struct act act = {.verb = CALL_ACCEPT};
	const struct act_watcher *w;

	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	options.no_capture = options.has_acts = true;
	begin(&f, &options);
	w = observer_acts(f.observer);
	real_connect(&f.r);
	act.at = clock_wall();
	real_endpoint(f.r.called, false, &act.self);
	real_endpoint(f.r.called, true, &act.peer);
	w->see(w->user, &act);
	ck_assert_uint_eq(observer_count(f.observer), 1);
	o = await(&f, ESTABLISHED, ESTABLISHED);
	check_flow(&f, &o);
	real_write(f.r.caller, "wave");
	act.verb = CALL_READ;
	act.octets = "wave";
	act.size = 4;
	act.at = clock_wall();
	w->see(w->user, &act);
	act = (struct act){
		.at = clock_wall(), .verb = CALL_CLOSE, .self = act.self, .peer = act.peer};
	close(f.r.called); /* with octets that nobody has read: a reset */
	f.r.called = -1;
	w->see(w->user, &act);
	await_end(&f, 1);
	end(&f);
}
END_TEST

START_TEST(what_was_there_before_is_seen)
{
	struct observer_options options;
	struct observed o;
	struct fixture f;

	if (!private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	real_connect(&f.r);
	options = options_for(&f.r);
	options.no_capture = _i == 1;
	begin(&f, &options);
	ck_assert_uint_eq(observer_count(f.observer), 1);
	o = await(&f, ESTABLISHED, ESTABLISHED);
	check_flow(&f, &o);
	close(f.r.called);
	f.r.called = -1;
	o = await(&f, CLOSE_WAIT, FIN_WAIT_2);
	ck_assert_uint_eq(observer_count(f.observer), 1);
	end(&f);
}
END_TEST

/* Three of eight are kept, and the one that is looked at. */
START_TEST(what_is_kept_is_bounded)
{
	struct observer_options options;
	struct observed o;
	struct fixture f;

	if (!private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	options.keep = 4;
	begin(&f, &options);
	for (uint32_t i = 1; i <= 8; i++) {
		real_connect(&f.r);
		o = await(&f, ESTABLISHED, ESTABLISHED);
		ck_assert_uint_eq(o.id, i);
		observer_hold(f.observer, 3);
		close(f.r.caller);
		await(&f, FIN_WAIT_2, CLOSE_WAIT);
		close(f.r.called);
		await(&f, TIME_WAIT, CLOSED);
		ck_assert_uint_le(observer_count(f.observer), 4);
	}
	f.r.caller = f.r.called = -1;
	ck_assert_uint_eq(observer_count(f.observer), 4);
	ck_assert(observer_at(f.observer, 0, &o));
	ck_assert_uint_eq(o.id, 3);
	ck_assert(!observer_at(f.observer, 4, &o));
	end(&f);
}
END_TEST

START_TEST(memory_is_bounded)
{
	static char block[65536];
	struct observer_options options;
	struct observed o;
	struct fixture f;
	const struct record *last;

	if (!HAS_FRAMES || !private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	options.memory = 1 << 20;
	begin(&f, &options);
	real_connect(&f.r);
	await(&f, ESTABLISHED, ESTABLISHED);
	for (int i = 0; i < 20000; i++) {
		ssize_t n = send(f.r.caller, block, 100, MSG_NOSIGNAL);

		ck_assert_int_eq(recv(f.r.called, block, sizeof block, 0) > 0, 1);
		ck_assert_int_eq(n, 100);
		if (i % 100 == 0)
			loop_turn(f.loop, 0);
	}
	turn_for(&f, 200 * USEC_PER_MS);
	o = latest(&f);
	last = trace_at(o.trace, trace_count(o.trace) - 1);
	ck_assert_int_eq(last->kind, REC_END);
	ck_assert_uint_lt(trace_memory(o.trace), 16 << 20);
	ck_assert_int_eq(o.ended, 0);
	/* Its states are told on. */
	ck_assert_int_eq(shutdown(f.r.caller, SHUT_WR), 0);
	await(&f, FIN_WAIT_2, CLOSE_WAIT);
	end(&f);
}
END_TEST

/* Where nothing goes on, nobody asks. */
START_TEST(it_sleeps_while_nothing_is_open)
{
	struct observer_options options;
	struct fixture f;

	if ((!HAS_FRAMES && _i == 0) || !private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	options.has_acts = _i == 1;
	options.no_capture = _i == 1;
	begin(&f, &options);
	ck_assert(!loop_turn(f.loop, 700 * USEC_PER_MS));
	end(&f);
}
END_TEST

START_TEST(the_listener_tells_who_waits)
{
	struct observer_options options;
	uint32_t waiting, backlog;
	struct fixture f;
	int second;

	if (!private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 7);
	options = options_for(&f.r);
	begin(&f, &options);
	ck_assert(observer_listener(f.observer, &waiting, &backlog));
	ck_assert_uint_eq(waiting, 0);
	ck_assert_uint_eq(backlog, 7);
	f.r.caller = real_socket(&f.r);
	second = real_socket(&f.r);
	ck_assert(real_dial(&f.r, f.r.caller));
	ck_assert(real_dial(&f.r, second));
	for (int i = 0; i < 2500 && waiting != 2; i++) {
		loop_turn(f.loop, 20 * USEC_PER_MS);
		ck_assert(observer_listener(f.observer, &waiting, &backlog));
	}
	ck_assert_uint_eq(waiting, 2);
	close(f.r.listener);
	f.r.listener = -1;
	for (int i = 0; i < 2500 && observer_listener(f.observer, &waiting, &backlog); i++)
		loop_turn(f.loop, 20 * USEC_PER_MS);
	ck_assert(!observer_listener(f.observer, &waiting, &backlog));
	close(second);
	end(&f);
}
END_TEST

/* The server of the story: it does not see that its client has gone, and asks and asks. */
START_TEST(who_spins_in_close_wait_is_named)
{
	struct observer_options options;
	struct observed o;
	struct fixture f;
	pid_t child;

	if (!private_network())
		return;
	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	begin(&f, &options);
	real_connect(&f.r);
	child = fork();
	if (child == 0) {
		char octet;

		prctl(PR_SET_NAME, "faulty");
		close(f.r.caller);
		while (recv(f.r.called, &octet, 1, 0) >= 0)
			;
		_exit(0);
	}
	close(f.r.called);
	f.r.called = -1;
	ck_assert(privilege_drop());
	close(f.r.caller);
	f.r.caller = -1;
	o = await(&f, FIN_WAIT_2, CLOSE_WAIT);
	for (int i = 0; i < 2500 && o.cpu_percent[1] < 2; i++) {
		loop_turn(f.loop, 20 * USEC_PER_MS);
		o = latest(&f);
	}
	ck_assert_int_ge(o.cpu_percent[1], 2);
	ck_assert_uint_eq(o.holder[1], (uint32_t)child);
	ck_assert_str_eq(o.program[1], "faulty");
	ck_assert_uint_eq(o.holder[0], 0);
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	end(&f);
}
END_TEST

START_TEST(nobody_sees_states_and_what_is_missing)
{
	struct observer_options options;
	struct observer_lack lack;
	struct fixture f;

	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		ck_abort_msg("root cannot become nobody");
	real_listen(&f.r, "127.0.0.1", 5);
	options = options_for(&f.r);
	options.no_capture = _i == 1;
	begin(&f, &options);
	observer_lack(f.observer, &lack);
	ck_assert(lack.no_capture && !lack.no_states);
	ck_assert_uint_gt(strlen(lack.why[0]), 20);
	ck_assert_uint_gt(strlen(lack.why[1]), 20);
	real_connect(&f.r);
	await(&f, ESTABLISHED, ESTABLISHED);
	close(f.r.caller);
	await(&f, FIN_WAIT_2, CLOSE_WAIT);
	end(&f);
}
END_TEST

START_TEST(an_address_without_a_way_is_told)
{
	struct observer_options options = {.at.port = 8888};
	struct observer_lack lack;
	struct fixture f = {.r = {.listener = -1, .caller = -1, .called = -1}};

	if (!private_network())
		return;
	ck_assert(address_parse("192.0.2.1", &options.at.address));
	begin(&f, &options);
	observer_lack(f.observer, &lack);
	ck_assert(lack.no_capture);
	ck_assert(!lack.is_forbidden);
	ck_assert_ptr_nonnull(strstr(lack.why[0], "no way"));
	end(&f);
}
END_TEST

Suite *observer_suite(void)
{
	Suite *s = suite_create("observer");
	TCase *t = tcase_create("observer");

	tcase_add_loop_test(t, a_conversation_is_followed_to_its_mourning, 0,
			    sizeof sources / sizeof sources[0]);
	tcase_add_test(t, a_refused_call_ends);
	tcase_add_test(t, ports_used_again_begin_anew);
	tcase_add_test(t, who_hung_up_is_accepted_late);
	tcase_add_test(t, without_frames_calls_begin_a_conversation);
	tcase_add_loop_test(t, what_was_there_before_is_seen, 0, 2);
	tcase_add_test(t, what_is_kept_is_bounded);
	tcase_add_test(t, memory_is_bounded);
	tcase_add_loop_test(t, it_sleeps_while_nothing_is_open, 0, 2);
	tcase_add_test(t, the_listener_tells_who_waits);
	tcase_add_test(t, who_spins_in_close_wait_is_named);
	tcase_add_loop_test(t, nobody_sees_states_and_what_is_missing, 0, 2);
	tcase_add_test(t, an_address_without_a_way_is_told);
	suite_add_tcase(s, t);
	return s;
}
