/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "live/datalink.h"
#include "live/loop.h"
#include "live/sniff.h"
#include "real.h"
#include "wire/packet.h"

#ifdef WOSHOU_HAS_PCAP
enum { TRIES_MOST = 5000 };

struct seen {
	size_t frames, damaged;
	uint64_t text; /* octets */
	usec last;
	uint16_t port;
};

static void note(void *user, const struct frame_sight *f)
{
	struct seen *seen = user;
	size_t at, n;
	uint16_t from, to;
	const uint8_t *tcp;

	seen->frames++;
	ck_assert_uint_eq(f->size, f->wire_size);
	ck_assert_int_ge(f->at, seen->last);
	seen->last = f->at;
	ck_assert(datalink_ip(f->link, f->octets, f->size, &at, &n));
	tcp = f->octets + at + (f->octets[at] >> 4 == 4 ? 20 : 40);
	from = (uint16_t)(tcp[0] << 8 | tcp[1]);
	to = (uint16_t)(tcp[2] << 8 | tcp[3]);
	ck_assert(from == seen->port || to == seen->port);
	seen->text += (uint64_t)(f->octets + f->size - tcp - (tcp[12] >> 4) * 4);
}

static struct sniff *opened(const char *interface, uint16_t port)
{
	struct sink complaint[2] = {{0}};
	bool is_forbidden;
	struct sniff *s = sniff_open(interface, port, &is_forbidden, complaint);

	ck_assert_msg(s != NULL, "%s", complaint[0].at);
	return s;
}

static void await_frames(struct sniff *s, struct seen *seen, size_t frames)
{
	for (int i = 0; i < TRIES_MOST && seen->frames < frames; i++) {
		sniff_turn(s, note, seen);
		real_nap();
	}
}

/* Nothing more comes: what waits is shown within 10 ms, and this is many times that. */
static void await_silence(struct sniff *s, struct seen *seen)
{
	for (int i = 0; i < 100; i++) {
		sniff_turn(s, note, seen);
		real_nap();
	}
}

static void await_acknowledged(int fd)
{
	int left = 1;

	for (int i = 0; i < TRIES_MOST && left > 0; i++) {
		ck_assert_int_eq(ioctl(fd, SIOCOUTQ, &left), 0);
		real_nap();
	}
	ck_assert_int_eq(left, 0);
}

/* Eleven segments: each of ours is acknowledged before the next. */
static void talk(struct real *r)
{
	char got[8];

	real_connect(r);
	real_write(r->caller, "wave");
	await_acknowledged(r->caller);
	ck_assert_int_eq(recv(r->called, got, sizeof got, 0), 4);
	real_write(r->called, "nod");
	await_acknowledged(r->called);
	ck_assert_int_eq(shutdown(r->caller, SHUT_WR), 0);
	await_acknowledged(r->caller);
	ck_assert_int_eq(shutdown(r->called, SHUT_WR), 0);
	await_acknowledged(r->called);
}

static const struct {
	const char *interface, *host;
} places[] = {
	{"lo", "127.0.0.1"},      {"lo", "::1"},      {"lo", "::ffff:127.0.0.1"},
	{SNIFF_ANY, "127.0.0.1"}, {SNIFF_ANY, "::1"},
};

START_TEST(each_segment_is_seen_once)
{
	struct real r, other;
	struct seen seen = {0};
	struct sniff *s;

	if (!private_network())
		return;
	real_listen(&r, places[_i].host, 5);
	real_listen(&other, places[_i].host, 5);
	seen.port = r.port;
	s = opened(places[_i].interface, r.port);
	ck_assert_int_ge(sniff_fd(s), 0);
	talk(&other);
	talk(&r);
	await_frames(s, &seen, 11);
	await_silence(s, &seen);
	ck_assert_uint_eq(seen.frames, 11);
	ck_assert_uint_eq(seen.text, 7);
	ck_assert_uint_eq(sniff_missed(s), 0);
	sniff_close(s);
	real_close(&r);
	real_close(&other);
}
END_TEST

static uint32_t segments_of(int fd)
{
	union {
		struct tcp_info info;
		char octets[512];
	} u = {.octets = {0}};
	socklen_t size = sizeof u;

	ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &u, &size), 0);
	return u.info.tcpi_segs_out;
}

START_TEST(a_burst_finds_room)
{
	enum { WORDS = 20000 };
	struct real r;
	struct seen seen = {0};
	struct sniff *s;
	int on = 1;
	char got[4096];
	size_t frames;

	if (!private_network())
		return;
	real_listen(&r, "127.0.0.1", 5);
	seen.port = r.port;
	s = opened("lo", r.port);
	real_connect(&r);
	ck_assert_int_eq(setsockopt(r.caller, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
	for (int i = 0; i < WORDS; i++) {
		real_write(r.caller, "word.");
		if (i % 100 == 99)
			ck_assert_int_gt(recv(r.called, got, sizeof got, 0), 0);
	}
	await_acknowledged(r.caller);
	/* The SYN ACK was sent before there was a connection to count it. */
	frames = 1 + segments_of(r.caller) + segments_of(r.called);
	await_frames(s, &seen, frames);
	await_silence(s, &seen);
	ck_assert_uint_eq(sniff_missed(s), 0);
	ck_assert_uint_eq(seen.frames, frames);
	ck_assert_uint_ge(seen.text, 5 * WORDS); /* some may have been sent again */
	sniff_close(s);
	real_close(&r);
}
END_TEST

START_TEST(what_found_no_room_is_counted)
{
	static char block[65536];
	struct real r;
	struct seen seen = {0};
	struct sniff *s;
	uint64_t missed;

	if (!private_network())
		return;
	real_listen(&r, "127.0.0.1", 5);
	seen.port = r.port;
	s = opened("lo", r.port);
	real_connect(&r);
	for (int i = 0; i < 2000; i++) {
		ssize_t n = send(r.caller, block, sizeof block, MSG_NOSIGNAL | MSG_DONTWAIT);

		for (; n > 0; n -= recv(r.called, block, (size_t)n, MSG_WAITALL))
			;
	}
	await_acknowledged(r.caller);
	missed = sniff_missed(s);
	ck_assert_uint_gt(missed, 0);
	ck_assert_uint_ge(sniff_missed(s), missed); /* it counts on, from the beginning */
	await_silence(s, &seen);
	ck_assert_uint_gt(seen.frames, 0);
	sniff_close(s);
	real_close(&r);
}
END_TEST

START_TEST(what_is_open_outlives_privilege)
{
	struct real r;
	struct seen seen = {0};
	struct sniff *s;

	if (!private_network())
		return;
	ck_assert(privilege_may_capture());
	real_listen(&r, "127.0.0.1", 5);
	seen.port = r.port;
	s = opened("lo", r.port);
	ck_assert(privilege_drop());
	ck_assert(!privilege_may_capture());
	talk(&r);
	await_frames(s, &seen, 11);
	await_silence(s, &seen);
	ck_assert_uint_eq(seen.frames, 11);
	sniff_close(s);
	real_close(&r);
}
END_TEST

START_TEST(an_interface_that_is_not_there_is_told)
{
	struct sink complaint[2] = {{0}};
	bool is_forbidden;

	if (!private_network())
		return;
	ck_assert_ptr_null(sniff_open("nowhere0", 8888, &is_forbidden, complaint));
	ck_assert(!is_forbidden);
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_nonnull(strstr(complaint[i].at, "nowhere0"));
		sink_fini(&complaint[i]);
	}
}
END_TEST
#endif

/* Without permission, as without libpcap, there is a sentence in each language. */
START_TEST(nobody_is_told_what_is_missing)
{
	struct sink complaint[2] = {{0}};
	bool is_forbidden;

	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		ck_abort_msg("root cannot become nobody");
	ck_assert(!privilege_may_capture());
	ck_assert_ptr_null(sniff_open("lo", 8888, &is_forbidden, complaint));
	for (int i = 0; i < 2; i++) {
#ifdef WOSHOU_HAS_PCAP
		ck_assert(is_forbidden);
		ck_assert_ptr_nonnull(strstr(complaint[i].at, "sudo"));
		ck_assert_ptr_nonnull(strstr(complaint[i].at, "setcap cap_net_raw+ep"));
		ck_assert_ptr_nonnull(strstr(complaint[i].at, "woshou echo lab"));
#else
		ck_assert(!is_forbidden);
		ck_assert_ptr_nonnull(strstr(complaint[i].at, "libpcap"));
#endif
		ck_assert_uint_lt(complaint[i].count, 256);
		sink_fini(&complaint[i]);
	}
}
END_TEST

/* ---- the way to an address ------------------------------------------------------------------- */

static const struct {
	const char *address, *interface;
} ways[] = {
	{"127.0.0.1", "lo"}, {"127.77.1.2", "lo"}, {"::1", "lo"},         {"0.0.0.0", SNIFF_ANY},
	{"::", SNIFF_ANY},   {"10.1.2.3", NULL},   {"2001:db8::1", NULL},
};

START_TEST(the_interface_is_found_by_the_route)
{
	struct address to;
	char name[32];

	if (!private_network())
		return;
	ck_assert(address_parse(ways[_i].address, &to));
	if (ways[_i].interface == NULL) {
		ck_assert(!sniff_interface(&to, name, sizeof name));
		ck_assert_int_eq(errno, ENETUNREACH);
		return;
	}
	ck_assert(sniff_interface(&to, name, sizeof name));
	ck_assert_str_eq(name, ways[_i].interface);
}
END_TEST

/* ---- giving up ------------------------------------------------------------------------------- */

START_TEST(sudo_s_user_is_who_remains)
{
	if (geteuid() != 0)
		return; /* nobody has called sudo */
	ck_assert_int_eq(setenv("SUDO_UID", "65534", 1), 0);
	ck_assert_int_eq(setenv("SUDO_GID", "65533", 1), 0);
	ck_assert(privilege_drop());
	ck_assert_uint_eq(getuid(), 65534);
	ck_assert_uint_eq(geteuid(), 65534);
	ck_assert_uint_eq(getgid(), 65533);
	ck_assert_int_ne(setuid(0), 0);
	ck_assert(!privilege_may_capture());
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	ck_assert(privilege_drop()); /* there is nothing left */
}
END_TEST

static const char *const strange_users[] = {"", "0", "-1", "4294967295", "99999999999", "me", "7x"};

START_TEST(a_strange_sudo_leaves_root_powerless)
{
	uid_t before = geteuid();

	ck_assert_int_eq(setenv("SUDO_UID", strange_users[_i], 1), 0);
	ck_assert_int_eq(setenv("SUDO_GID", "65533", 1), 0);
	ck_assert(privilege_drop());
	ck_assert_uint_eq(geteuid(), before);
	ck_assert(!privilege_may_capture());
	/* Root owns root's files still; what only a capability allows is over. */
	ck_assert_int_ne(setgid(65533), 0);
}
END_TEST

/* In a lab there is no such user: root without a capability remains. */
START_TEST(sudo_s_user_may_be_unknown_here)
{
	if (!private_network())
		return;
	ck_assert_int_eq(setenv("SUDO_UID", "65531", 1), 0);
	ck_assert_int_eq(setenv("SUDO_GID", "65531", 1), 0);
	ck_assert(privilege_drop());
	ck_assert(!privilege_may_capture());
}
END_TEST

Suite *sniff_suite(void)
{
	Suite *s = suite_create("sniff");
	TCase *t = tcase_create("sniff");

#ifdef WOSHOU_HAS_PCAP
	tcase_add_loop_test(t, each_segment_is_seen_once, 0, sizeof places / sizeof places[0]);
	tcase_add_test(t, a_burst_finds_room);
	tcase_add_test(t, what_found_no_room_is_counted);
	tcase_add_test(t, what_is_open_outlives_privilege);
	tcase_add_test(t, an_interface_that_is_not_there_is_told);
#endif
	tcase_add_test(t, nobody_is_told_what_is_missing);
	tcase_add_loop_test(t, the_interface_is_found_by_the_route, 0,
			    sizeof ways / sizeof ways[0]);
	tcase_add_test(t, sudo_s_user_is_who_remains);
	tcase_add_loop_test(t, a_strange_sudo_leaves_root_powerless, 0,
			    sizeof strange_users / sizeof strange_users[0]);
	tcase_add_test(t, sudo_s_user_may_be_unknown_here);
	suite_add_tcase(s, t);
	return s;
}
