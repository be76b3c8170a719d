/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <woshou/seq.h>
#include "live/loop.h"
#include "live/sockdiag.h"
#include "real.h"

enum { LOOKS_MOST = 10000, SIGHTS_MOST = 16 };

/* What one look told. */
struct seen {
	struct socket_sight at[SIGHTS_MOST];
	size_t count;
};

static void note(void *user, const struct socket_sight *s)
{
	struct seen *seen = user;

	ck_assert_uint_lt(seen->count, SIGHTS_MOST);
	seen->at[seen->count++] = *s;
}

static struct sockdiag *opened(void)
{
	struct sink complaint[2] = {{0}};
	struct sockdiag *d = sockdiag_open(complaint);

	ck_assert_msg(d != NULL, "%s", complaint[0].at);
	return d;
}

static struct seen look(struct sockdiag *d, uint16_t port)
{
	struct seen seen = {.count = 0};

	ck_assert(sockdiag_look(d, port, note, &seen));
	return seen;
}

static uint16_t port_of(int fd)
{
	struct endpoint e;

	real_endpoint(fd, false, &e);
	return e.port;
}

/* The one with this port of its own that has a peer; NULL: none. */
static const struct socket_sight *one_at(const struct seen *seen, uint16_t own)
{
	for (size_t i = 0; i < seen->count; i++) {
		const struct socket_sight *s = &seen->at[i];

		if (s->self.port == own && s->peer.address.family != 0)
			return s;
	}
	return NULL;
}

/* Looks until the socket with this port is in this state: the kernel takes its time. */
static struct socket_sight await(uint16_t port, uint16_t own, enum state state)
{
	struct sockdiag *d = opened();
	struct socket_sight found = {.state = CLOSED};

	for (int i = 0; i < LOOKS_MOST && found.state != state; i++) {
		struct seen seen = look(d, port);
		const struct socket_sight *s = one_at(&seen, own);

		found = s != NULL ? *s : (struct socket_sight){.state = CLOSED};
		if (found.state != state)
			real_nap();
	}
	ck_assert_str_eq(state_name(found.state), state_name(state));
	sockdiag_close(d);
	return found;
}

static void check_address(const struct address *a, const char *text)
{
	char got[ADDRESS_TEXT];

	address_text(a, got);
	ck_assert_str_eq(got, text);
}

/* ---- what is told ---------------------------------------------------------------------------- */

START_TEST(a_listener_tells_its_backlog_and_who_waits)
{
	struct sockdiag *d = opened();
	struct seen seen;
	struct real r;

	real_listen(&r, "127.0.0.1", 5);
	seen = look(d, r.port);
	ck_assert_uint_eq(seen.count, 1);
	ck_assert_int_eq(seen.at[0].state, LISTEN);
	check_address(&seen.at[0].self.address, "127.0.0.1");
	ck_assert_uint_eq(seen.at[0].peer.address.family, FAMILY_NONE);
	ck_assert_uint_eq(seen.at[0].peer.port, 0);
	ck_assert_uint_eq(seen.at[0].inode, real_inode(r.listener));
	ck_assert_uint_eq(seen.at[0].send_queue, 5);
	ck_assert_uint_eq(seen.at[0].receive_queue, 0);
	r.caller = real_socket(&r);
	ck_assert(real_dial(&r, r.caller));
	for (int i = 0; i < LOOKS_MOST; i++) {
		seen = look(d, r.port);
		for (size_t j = 0; j < seen.count; j++) {
			if (seen.at[j].state == LISTEN && seen.at[j].receive_queue == 1)
				goto told;
		}
		real_nap();
	}
	ck_abort_msg("nobody waits to be accepted");
told:
	/* It is established, and nobody's yet. */
	for (size_t j = 0; j < seen.count; j++) {
		if (seen.at[j].self.port == r.port && seen.at[j].state == ESTABLISHED)
			ck_assert(seen.at[j].is_orphan);
	}
	real_close(&r);
	sockdiag_close(d);
}
END_TEST

START_TEST(both_ends_of_a_connection_are_told)
{
	struct socket_sight caller, called;
	struct sockdiag *d = opened();
	union {
		struct tcp_info info;
		uint32_t words[128];
	} u = {.words = {0}};
	socklen_t size = sizeof u;
	usec before = clock_wall();
	struct real r;
	struct seen seen;

	real_listen(&r, "127.0.0.1", 5);
	real_connect(&r);
	real_write(r.caller, "five.");
	called = await(r.port, r.port, ESTABLISHED);
	caller = await(r.port, port_of(r.caller), ESTABLISHED);
	ck_assert_mem_eq(&called.self, &caller.peer, sizeof called.self);
	ck_assert_mem_eq(&called.peer, &caller.self, sizeof called.self);
	check_address(&called.peer.address, "127.0.0.1");
	ck_assert_uint_eq(called.inode, real_inode(r.called));
	ck_assert_uint_eq(caller.inode, real_inode(r.caller));
	ck_assert(!called.is_orphan && !caller.is_orphan && !called.is_fin_wait_2);
	ck_assert_uint_eq(called.receive_queue, 5);
	ck_assert_uint_eq(called.octets_received, 5);
	ck_assert(called.has_info);
	ck_assert_int_eq(getsockopt(r.called, IPPROTO_TCP, TCP_INFO, &u, &size), 0);
	ck_assert_uint_eq(called.snd_mss, u.info.tcpi_snd_mss);
	ck_assert_uint_eq(called.snd_wscale, u.info.tcpi_snd_wscale);
	ck_assert_uint_eq(called.rcv_wscale, u.info.tcpi_rcv_wscale);
	ck_assert_uint_eq(called.options, u.info.tcpi_options);
	ck_assert_int_eq(called.rto, u.info.tcpi_rto);
	ck_assert_int_eq(called.srtt, u.info.tcpi_rtt);
	ck_assert_uint_eq(called.cwnd, u.info.tcpi_snd_cwnd);
	ck_assert_uint_eq(called.ssthresh, 0);
	ck_assert_uint_gt(called.snd_wnd, 0);
	/* Behind what this header knows; 0 where the kernel is as old. */
	ck_assert_uint_eq(called.rcv_wnd, u.words[58]);
	ck_assert_str_ne(called.congestion, "");
	ck_assert_int_ge(called.at, before);
	ck_assert_int_le(called.at, clock_wall());
	/* Asked for the other port, both are told, too, and the listener is not. */
	seen = look(d, port_of(r.caller));
	ck_assert_uint_eq(seen.count, 2);
	real_close(&r);
	sockdiag_close(d);
}
END_TEST

START_TEST(other_ports_are_not_told)
{
	struct sockdiag *d = opened();
	struct real r, other;
	struct seen seen;

	real_listen(&r, "127.0.0.1", 5);
	real_listen(&other, "127.0.0.1", 5);
	real_connect(&other);
	seen = look(d, r.port);
	ck_assert_uint_eq(seen.count, 1);
	ck_assert_uint_eq(seen.at[0].self.port, r.port);
	real_close(&r);
	seen = look(d, r.port);
	ck_assert_uint_eq(seen.count, 0);
	real_close(&other);
	sockdiag_close(d);
}
END_TEST

static const struct {
	const char *host, *told;
} families[] = {
	{"127.0.0.1", "127.0.0.1"},
	{"::1", "::1"},
	{"::ffff:127.0.0.1", "127.0.0.1"},
};

START_TEST(addresses_are_told_as_on_the_wire)
{
	struct socket_sight s;
	struct real r;

	real_listen(&r, families[_i].host, 5);
	real_connect(&r);
	s = await(r.port, r.port, ESTABLISHED);
	check_address(&s.self.address, families[_i].told);
	check_address(&s.peer.address, families[_i].told);
	real_close(&r);
}
END_TEST

static void count(void *user, const struct socket_sight *s)
{
	size_t *counts = user;

	counts[s->state == LISTEN ? 0 : 1]++;
}

START_TEST(an_answer_of_many_parts_is_whole)
{
	enum { MANY = 300 };
	struct sockdiag *d = opened();
	size_t counts[2] = {0};
	int fds[MANY];
	struct real r;

	real_listen(&r, "127.0.0.1", MANY);
	for (int i = 0; i < MANY; i++) {
		fds[i] = real_socket(&r);
		ck_assert(real_dial(&r, fds[i]));
	}
	for (int i = 0; i < LOOKS_MOST && counts[1] != 2 * MANY; i++) {
		counts[0] = counts[1] = 0;
		ck_assert(sockdiag_look(d, r.port, count, counts));
		real_nap();
	}
	ck_assert_uint_eq(counts[0], 1);
	ck_assert_uint_eq(counts[1], 2 * MANY);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	real_close(&r);
	sockdiag_close(d);
}
END_TEST

START_TEST(without_descriptors_it_says_so)
{
	struct sink complaint[2] = {{0}};
	struct rlimit before, none;
	int fd = open("/dev/null", O_RDONLY);

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)fd;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_ptr_null(sockdiag_open(complaint));
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_nonnull(strstr(complaint[i].at, "NETLINK_SOCK_DIAG"));
		sink_fini(&complaint[i]);
	}
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	close(fd);
}
END_TEST

/* ---- every state ----------------------------------------------------------------------------- */

START_TEST(half_closed_states)
{
	struct socket_sight s;
	struct real r;

	real_listen(&r, "127.0.0.1", 5);
	real_connect(&r);
	real_write(r.caller, "unread");
	ck_assert_int_eq(shutdown(r.caller, SHUT_WR), 0);
	s = await(r.port, r.port, CLOSE_WAIT);
	ck_assert_uint_eq(s.receive_queue, 6 + 1); /* Linux counts the FIN */
	ck_assert_uint_eq(s.inode, real_inode(r.called));
	s = await(r.port, port_of(r.caller), FIN_WAIT_2);
	ck_assert(!s.is_fin_wait_2 && !s.is_orphan);
	ck_assert_int_eq(s.timer, SIGHT_TIMER_NONE);
	real_close(&r);
}
END_TEST

START_TEST(fin_wait_2_of_nobody_runs_a_timer)
{
	struct socket_sight s;
	struct real r;
	uint16_t own;

	real_listen(&r, "127.0.0.1", 5);
	real_connect(&r);
	own = port_of(r.caller);
	close(r.caller);
	r.caller = -1;
	s = await(r.port, own, FIN_WAIT_2);
	ck_assert(s.is_fin_wait_2 && s.is_orphan);
	ck_assert_int_eq(s.timer, SIGHT_TIMER_TIME_WAIT);
	ck_assert_int_gt(s.timer_left, 0);
	ck_assert_int_le(s.timer_left, 60 * USEC_PER_S);
	real_close(&r);
}
END_TEST

START_TEST(time_wait_tells_what_is_left)
{
	struct socket_sight first, later;
	struct real r;
	uint16_t own;

	real_listen(&r, "127.0.0.1", 5);
	real_connect(&r);
	own = port_of(r.caller);
	close(r.caller);
	close(r.called);
	r.caller = r.called = -1;
	first = await(r.port, own, TIME_WAIT);
	ck_assert_int_eq(first.timer, SIGHT_TIMER_TIME_WAIT);
	ck_assert(first.is_orphan && !first.is_fin_wait_2 && first.inode == 0);
	ck_assert_int_le(first.timer_left, 60 * USEC_PER_S);
	do
		later = await(r.port, own, TIME_WAIT);
	while (later.timer_left == first.timer_left);
	ck_assert_int_lt(later.timer_left, first.timer_left);
	/* What is left shrinks as time goes by; the kernel counts in jiffies. */
	ck_assert_int_lt(first.at + first.timer_left - later.at - later.timer_left, USEC_PER_S);
	real_close(&r);
}
END_TEST

START_TEST(syn_sent_and_its_retransmission)
{
	struct socket_sight s;
	struct real r;

	if (!private_network())
		return;
	real_listen(&r, "127.0.0.1", 5);
	real_deafen(r.listener);
	r.caller = real_socket(&r);
	ck_assert_int_eq(fcntl(r.caller, F_SETFL, O_NONBLOCK), 0);
	ck_assert(!real_dial(&r, r.caller));
	s = await(r.port, port_of(r.caller), SYN_SENT);
	ck_assert_int_eq(s.timer, SIGHT_TIMER_REXMIT);
	ck_assert_int_gt(s.timer_left, 0);
	ck_assert_uint_eq(s.send_queue, 1); /* the SYN */
	real_close(&r);
}
END_TEST

START_TEST(syn_received_is_a_request)
{
	struct socket_sight s;
	struct real r;

	if (!private_network())
		return;
	real_listen(&r, "127.0.0.1", 5);
	r.caller = real_socket(&r);
	real_deafen(r.caller);
	ck_assert_int_eq(fcntl(r.caller, F_SETFL, O_NONBLOCK), 0);
	ck_assert(!real_dial(&r, r.caller));
	s = await(r.port, r.port, SYN_RECEIVED);
	ck_assert_int_eq(s.timer, SIGHT_TIMER_REXMIT);
	ck_assert_int_gt(s.timer_left, 0);
	ck_assert(s.is_orphan);
	ck_assert_uint_eq(s.peer.port, port_of(r.caller));
	real_open_ears(r.caller);
	await(r.port, r.port, ESTABLISHED); /* the SYN ACK came again */
	real_close(&r);
}
END_TEST

START_TEST(fin_wait_1_and_closing)
{
	struct socket_sight s;
	struct real r;

	if (!private_network())
		return;
	real_listen(&r, "127.0.0.1", 5);
	real_connect(&r);
	real_deafen(r.called);
	ck_assert_int_eq(shutdown(r.caller, SHUT_WR), 0);
	s = await(r.port, port_of(r.caller), FIN_WAIT_1);
	ck_assert_int_eq(s.timer, SIGHT_TIMER_REXMIT);
	ck_assert_int_eq(shutdown(r.called, SHUT_WR), 0);
	await(r.port, port_of(r.caller), CLOSING);
	await(r.port, r.port, FIN_WAIT_1);
	real_close(&r);
}
END_TEST

START_TEST(last_ack_counts_its_retransmissions)
{
	struct socket_sight s;
	struct real r;

	if (!private_network())
		return;
	real_listen(&r, "127.0.0.1", 5);
	real_connect(&r);
	ck_assert_int_eq(shutdown(r.caller, SHUT_WR), 0);
	await(r.port, r.port, CLOSE_WAIT);
	real_deafen(r.caller);
	ck_assert_int_eq(shutdown(r.called, SHUT_WR), 0);
	for (int i = 0; i < LOOKS_MOST; i++) {
		s = await(r.port, r.port, LAST_ACK);
		if (s.retransmits >= 2)
			break;
		real_nap();
	}
	ck_assert_uint_ge(s.retransmits, 2);
	ck_assert_uint_ge(s.total_retrans, 2);
	ck_assert_uint_eq(s.unacked, 1);
	ck_assert_int_ge(s.rto, 200 * USEC_PER_MS);
	real_close(&r);
}
END_TEST

START_TEST(a_closed_window_and_a_lively_one)
{
	struct socket_sight s;
	struct real r;
	int on = 1;

	real_listen(&r, "127.0.0.1", 5);
	real_connect(&r);
	ck_assert_int_eq(setsockopt(r.called, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on), 0);
	real_stuff(r.caller);
	for (int i = 0; i < LOOKS_MOST; i++) {
		s = await(r.port, port_of(r.caller), ESTABLISHED);
		if (s.timer == SIGHT_TIMER_PERSIST)
			break;
		real_nap();
	}
	ck_assert_int_eq(s.timer, SIGHT_TIMER_PERSIST);
	ck_assert_uint_gt(s.send_queue, 0);
	s = await(r.port, r.port, ESTABLISHED);
	ck_assert_int_eq(s.timer, SIGHT_TIMER_KEEPALIVE);
	ck_assert_int_gt(s.timer_left, 3600 * USEC_PER_S);
	ck_assert_uint_gt(s.receive_queue, 0);
	real_close(&r);
}
END_TEST

Suite *sockdiag_suite(void)
{
	Suite *s = suite_create("sockdiag");
	TCase *t = tcase_create("sockdiag");

	tcase_add_test(t, a_listener_tells_its_backlog_and_who_waits);
	tcase_add_test(t, both_ends_of_a_connection_are_told);
	tcase_add_test(t, other_ports_are_not_told);
	tcase_add_loop_test(t, addresses_are_told_as_on_the_wire, 0,
			    sizeof families / sizeof families[0]);
	tcase_add_test(t, an_answer_of_many_parts_is_whole);
	tcase_add_test(t, without_descriptors_it_says_so);
	tcase_add_test(t, half_closed_states);
	tcase_add_test(t, fin_wait_2_of_nobody_runs_a_timer);
	tcase_add_test(t, time_wait_tells_what_is_left);
	tcase_add_test(t, syn_sent_and_its_retransmission);
	tcase_add_test(t, syn_received_is_a_request);
	tcase_add_test(t, fin_wait_1_and_closing);
	tcase_add_test(t, last_ack_counts_its_retransmissions);
	tcase_add_test(t, a_closed_window_and_a_lively_one);
	suite_add_tcase(s, t);
	return s;
}
