/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <base/array.h>
#include "live/call.h"
#include "played.h"

/* The client, and what it tells. The server is played.h's, or one whom the test plays. */
struct caller {
	struct loop *loop;
	struct call *call;
	struct sink acts, told;
	uint64_t echoes;
};

static void log_act(void *user, const struct act *a)
{
	struct caller *c = user;

	ck_assert_uint_ne(a->peer.port, 0);
	played_put_act(&c->acts, a);
}

static void log_connected(void *user, const struct flow *f)
{
	struct caller *c = user;

	ck_assert_uint_ne(f->end[0].port, 0);
	sink_puts(&c->told, "connected, ");
}

static void log_echo(void *user, const void *octets, size_t n, usec rtt)
{
	struct caller *c = user;

	ck_assert_int_ge(rtt, 0);
	c->echoes++;
	if (n < 100)
		sink_printf(&c->told, "'%.*s', ", (int)n, (const char *)octets);
}

static void log_strange(void *user, const void *octets, size_t n)
{
	struct caller *c = user;

	sink_printf(&c->told, "?'%.*s', ", (int)n, (const char *)octets);
}

static void log_ended(void *user, enum sock_error error)
{
	struct caller *c = user;

	sink_printf(&c->told, "%s", sock_error_name(error));
}

static void start_call(struct caller *c, struct loop *loop, struct call_options o)
{
	struct call_watcher w = {{c, log_act}, c, log_connected, log_echo, log_strange, log_ended};
	struct sink complaint = {0};

	*c = (struct caller){.loop = loop};
	sink_puts(&c->acts, "");
	sink_puts(&c->told, "");
	c->call = call_open(loop, &o, &w, &complaint);
	ck_assert_msg(c->call != NULL, "%s", complaint.at);
	sink_fini(&complaint);
}

static void end_call(struct caller *c)
{
	call_free(c->call);
	sink_fini(&c->acts);
	sink_fini(&c->told);
}

static struct call_options to(const struct played *s)
{
	struct endpoint where;

	serve_where(s->serve, &where);
	return (struct call_options){.port = where.port};
}

static void until_told(struct caller *c, const char *words)
{
	while (strstr(c->told.at, words) == NULL)
		loop_turn(c->loop, USEC_NEVER);
}

static void until_over(struct caller *c)
{
	while (!call_is_over(c->call))
		loop_turn(c->loop, USEC_NEVER);
}

/* One whom the test plays: a listener, and then the connection, blocking. */
static int listen_somewhere(struct call_options *o)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &size), 0);
	o->port = ntohs(a.sin_port);
	return fd;
}

static int accept_from(struct caller *c, int listener)
{
	int fd;

	until_told(c, "connected, ");
	fd = accept(listener, NULL, NULL);
	ck_assert_int_ge(fd, 0);
	close(listener);
	return fd;
}

START_TEST(what_is_said_is_heard_again)
{
	struct serve_options o = played_plain();
	struct call_figures f;
	struct caller c;
	struct played s;

	played_raise(&s, &o);
	start_call(&c, s.loop, to(&s));
	/* Before the connection stands, too. */
	ck_assert(call_say(c.call, "hello\n", 6));
	until_told(&c, "'hello\n', ");
	ck_assert(call_say(c.call, "and again\n", 10));
	until_told(&c, "'and again\n', ");
	call_leave(c.call, CALL_WAY_SHUTDOWN);
	ck_assert(!call_say(c.call, "more\n", 5));
	until_over(&c);
	ck_assert_str_eq(c.told.at, "connected, 'hello\n', 'and again\n', ok");
	ck_assert_str_eq(c.acts.at, "connect, connect!, write 'hello\n', read 'hello\n', "
				    "write 'and again\n', read 'and again\n', shutdown, read, "
				    "close, ");
	call_figures(c.call, &f);
	ck_assert_uint_eq(f.sent, 16);
	ck_assert_uint_eq(f.got, 16);
	ck_assert_uint_eq(f.messages, 2);
	ck_assert_uint_eq(f.answered, 2);
	ck_assert_int_le(f.rtt_least, f.rtt_most);
	ck_assert_int_le(f.rtt_sum, 2 * f.rtt_most);
	end_call(&c);
	played_strike(&s);
}
END_TEST

START_TEST(each_way_to_end)
{
	static const char *const acts[] = {
		[CALL_WAY_SHUTDOWN] = "shutdown, read, close, ",
		[CALL_WAY_CLOSE] = "read 'x', close, ",
		[CALL_WAY_ABORT] = "read 'x', abort, ",
	};
	static const char *const ends[] = {
		[CALL_WAY_SHUTDOWN] = "1 1 ok, ",
		[CALL_WAY_CLOSE] = "1 1 ok, ",
		[CALL_WAY_ABORT] = "1 1 ECONNRESET, ",
	};
	struct serve_options o = played_plain();
	struct caller c;
	struct played s;

	played_raise(&s, &o);
	start_call(&c, s.loop, to(&s));
	ck_assert(call_say(c.call, "x", 1));
	until_told(&c, "'x'");
	call_leave(c.call, (enum call_way)_i);
	until_over(&c);
	played_until_open(&s, 0);
	ck_assert_ptr_nonnull(strstr(c.acts.at, acts[_i]));
	ck_assert_str_eq(s.ends.at, ends[_i]);
	end_call(&c);
	played_strike(&s);
}
END_TEST

START_TEST(linger_0_makes_a_close_a_reset)
{
	struct serve_options o = played_plain();
	struct caller c;
	struct played s;

	played_raise(&s, &o);
	start_call(&c, s.loop, to(&s));
	ck_assert(call_say(c.call, "x", 1));
	until_told(&c, "'x'");
	ck_assert(call_linger(c.call, 0));
	call_leave(c.call, CALL_WAY_CLOSE);
	ck_assert(call_is_over(c.call));
	played_until_open(&s, 0);
	ck_assert_ptr_nonnull(strstr(c.acts.at, "option SO_LINGER 0, close, "));
	ck_assert_str_eq(s.ends.at, "1 1 ECONNRESET, ");
	end_call(&c);
	played_strike(&s);
}
END_TEST

/* The other side takes nothing: to linger must not stop the loop. */
START_TEST(a_lingering_close_waits_without_blocking)
{
	static char much[1 << 16];
	struct call_options o = {0};
	struct loop *loop = loop_new();
	int small = 4096, listener = listen_somewhere(&o), fd;
	struct caller c;
	size_t got = 0;

	setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	ck_assert_int_eq(listen(listener, 1), 0);
	start_call(&c, loop, o);
	fd = accept_from(&c, listener);
	ck_assert(call_say(c.call, much, sizeof much));
	ck_assert(call_linger(c.call, 3600));
	call_leave(c.call, CALL_WAY_CLOSE);
	for (int i = 0; i < 5; i++)
		loop_turn(loop, 5 * USEC_PER_MS);
	ck_assert(!call_is_over(c.call));
	/* It reads, and the FIN is acknowledged. */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (!call_is_over(c.call)) {
		ssize_t n = recv(fd, much, sizeof much, 0);

		got += n > 0 ? (size_t)n : 0;
		loop_turn(loop, 5 * USEC_PER_MS);
	}
	ck_assert_uint_eq(got, sizeof much);
	ck_assert_str_eq(c.told.at, "connected, ok");
	close(fd);
	end_call(&c);
	loop_free(loop);
}
END_TEST

START_TEST(nobody_listens_there)
{
	struct call_options o = {0};
	struct loop *loop = loop_new();
	int fd = listen_somewhere(&o); /* bound, and never listening */
	struct caller c;

	start_call(&c, loop, o);
	ck_assert(!call_is_over(c.call));
	until_over(&c);
	ck_assert_str_eq(c.told.at, "ECONNREFUSED");
	ck_assert_str_eq(c.acts.at, "connect, connect! ECONNREFUSED, close, ");
	end_call(&c);
	close(fd);
	loop_free(loop);
}
END_TEST

/* localhost is ::1 and 127.0.0.1, and only one of them answers; in either order. */
START_TEST(each_address_is_tried)
{
	struct serve_options o = played_plain();
	struct call_options call;
	struct endpoint first;
	struct sink complaint = {0};
	struct caller c;
	struct played s;

	o.is_ipv6 = _i == 1;
	if (o.is_ipv6 && access("/proc/net/if_inet6", R_OK) != 0)
		return;
	played_raise(&s, &o);
	call = to(&s);
	call.host = "localhost";
	call.is_ipv6 = false;
	if (o.is_ipv6 && (!call_find(&(struct call_options){.host = "localhost", .is_ipv6 = true},
				     &first, &complaint)))
		goto out; /* this machine's localhost knows no ::1 */
	start_call(&c, s.loop, call);
	ck_assert(call_say(c.call, "hello\n", 6));
	until_told(&c, "'hello\n', ");
	end_call(&c);
out:
	sink_fini(&complaint);
	played_strike(&s);
}
END_TEST

START_TEST(no_such_host)
{
	struct call_options o = {.host = "no.such.host.invalid", .port = 1};
	struct loop *loop = loop_new();
	struct sink complaint = {0};
	struct endpoint first;

	ck_assert_ptr_null(call_open(loop, &o, NULL, &complaint));
	ck_assert_ptr_nonnull(strstr(complaint.at, "no.such.host.invalid: "));
	ck_assert(!call_find(&o, &first, &complaint));
	o = (struct call_options){.host = "127.0.0.1", .port = 1, .is_ipv6 = true};
	ck_assert(!call_find(&o, &first, &complaint));
	o = (struct call_options){.port = 7};
	ck_assert(call_find(&o, &first, &complaint));
	ck_assert_uint_eq(first.port, 7);
	ck_assert_uint_eq(first.address.octets[0], 127);
	sink_fini(&complaint);
	loop_free(loop);
}
END_TEST

START_TEST(a_server_that_splits_joins_and_greets)
{
	struct call_options o = {0};
	struct loop *loop = loop_new();
	int listener = listen_somewhere(&o), fd;
	struct caller c;

	ck_assert_int_eq(listen(listener, 1), 0);
	start_call(&c, loop, o);
	fd = accept_from(&c, listener);
	played_say(fd, "220 welcome\n");
	until_told(&c, "?'220 welcome\n', ");
	ck_assert(call_say(c.call, "one\n", 4));
	ck_assert(call_say(c.call, "two\n", 4));
	played_say(fd, "one\ntw");
	until_told(&c, "'one\n', ");
	ck_assert_ptr_null(strstr(c.told.at, "tw"));
	played_say(fd, "o\nTHREE\n");
	until_told(&c, "'two\n', ?'THREE\n', ");
	close(fd);
	until_over(&c);
	end_call(&c);
	loop_free(loop);
}
END_TEST

/* A server that does not read, and a client that says more than all buffers hold. */
START_TEST(what_nobody_takes_is_bounded)
{
	static char piece[1 << 16];
	struct call_options o = {0};
	struct loop *loop = loop_new();
	int listener = listen_somewhere(&o), fd, refused = 0;
	struct call_figures f;
	struct caller c;

	ck_assert_int_eq(listen(listener, 1), 0);
	start_call(&c, loop, o);
	fd = accept_from(&c, listener);
	for (int i = 0; i < 100; i++) {
		refused += !call_say(c.call, piece, sizeof piece);
		loop_turn(loop, 0);
	}
	ck_assert_int_eq(refused, 100 - 16);
	call_figures(c.call, &f);
	ck_assert_uint_eq(f.messages, 16);
	/* And it may be left at any time. */
	call_leave(c.call, CALL_WAY_ABORT);
	ck_assert_str_eq(c.told.at, "connected, ok");
	close(fd);
	end_call(&c);
	loop_free(loop);
}
END_TEST

START_TEST(unattended)
{
	static const struct {
		uint64_t count;
		usec interval;
		uint32_t size;
	} runs[] = {{1, 0, 1},       {100, 0, 64},   {100, 1000, 2}, {20, 0, 65536},
		    {5, 0, 1000000}, {3, 20000, 10}, {11, 0, 3}};
	struct serve_options o = played_plain();
	struct call_options call;
	struct call_figures f;
	struct caller c;
	struct played s;

	played_raise(&s, &o);
	call = to(&s);
	call.count = runs[_i].count;
	call.interval = runs[_i].interval;
	call.size = runs[_i].size;
	start_call(&c, s.loop, call);
	until_over(&c);
	played_until_open(&s, 0);
	call_figures(c.call, &f);
	ck_assert_uint_eq(f.messages, call.count);
	ck_assert_uint_eq(f.answered, call.count);
	ck_assert_uint_eq(c.echoes, call.count);
	ck_assert_uint_eq(f.sent, call.count * call.size);
	ck_assert_uint_eq(f.got, f.sent);
	ck_assert_ptr_null(strstr(c.told.at, "?"));
	ck_assert_str_eq(c.told.at + c.told.count - 2, "ok");
	end_call(&c);
	played_strike(&s);
}
END_TEST

/* It says nothing, and ends when we do: the client does not wait for ever. */
START_TEST(unattended_before_one_who_is_silent)
{
	struct call_options o = {.count = 2, .interval = 1, .size = 8};
	struct loop *loop = loop_new();
	int listener = listen_somewhere(&o), fd;
	struct call_figures f;
	struct caller c;

	ck_assert_int_eq(listen(listener, 1), 0);
	start_call(&c, loop, o);
	fd = accept_from(&c, listener);
	while (strstr(c.acts.at, "shutdown") == NULL)
		loop_turn(loop, USEC_NEVER);
	close(fd);
	until_over(&c);
	call_figures(c.call, &f);
	ck_assert_uint_eq(f.messages, 2);
	ck_assert_uint_eq(f.answered, 0);
	end_call(&c);
	loop_free(loop);
}
END_TEST

START_TEST(a_reset_ends_it)
{
	struct linger at_once = {1, 0};
	struct call_options o = {0};
	struct loop *loop = loop_new();
	int listener = listen_somewhere(&o), fd;
	struct caller c;

	ck_assert_int_eq(listen(listener, 1), 0);
	start_call(&c, loop, o);
	fd = accept_from(&c, listener);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(fd);
	until_over(&c);
	ck_assert_str_eq(c.told.at, "connected, ECONNRESET");
	ck_assert(!call_say(c.call, "x", 1));
	call_leave(c.call, CALL_WAY_CLOSE);
	end_call(&c);
	loop_free(loop);
}
END_TEST

Suite *call_suite(void)
{
	Suite *suite = suite_create("call");
	TCase *tcase = tcase_create("call");

	tcase_add_test(tcase, what_is_said_is_heard_again);
	tcase_add_loop_test(tcase, each_way_to_end, CALL_WAY_SHUTDOWN, CALL_WAY_ABORT + 1);
	tcase_add_test(tcase, linger_0_makes_a_close_a_reset);
	tcase_add_test(tcase, a_lingering_close_waits_without_blocking);
	tcase_add_test(tcase, nobody_listens_there);
	tcase_add_loop_test(tcase, each_address_is_tried, 0, 2);
	tcase_add_test(tcase, no_such_host);
	tcase_add_test(tcase, a_server_that_splits_joins_and_greets);
	tcase_add_test(tcase, what_nobody_takes_is_bounded);
	tcase_add_loop_test(tcase, unattended, 0, 7);
	tcase_add_test(tcase, unattended_before_one_who_is_silent);
	tcase_add_test(tcase, a_reset_ends_it);
	suite_add_tcase(suite, tcase);
	return suite;
}
