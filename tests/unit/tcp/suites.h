/* SPDX-License-Identifier: MIT */
/* Every suite of tests/unit/tcp: a line here, and it runs. */
#ifndef TESTS_TCP_SUITES_H
#define TESTS_TCP_SUITES_H

#include <check.h>

/* clang-format off */
#define TCP_SUITES(X) \
	X(profile) \
	X(arrives_first) \
	X(arrives_other) \
	X(matrix) \
	X(calls) \
	X(figures) \
	X(edges) \
	X(rto) \
	X(timers) \
	X(rexmit) \
	X(board) \
	X(congestion) \
	X(slow_start) \
	X(cubic) \
	X(window) \
	X(writer) \
	X(ack) \
	X(reasm) \
	X(urgent) \
	X(keepalive) \
	X(mss) X(path) \
	X(time_wait) \
	X(challenge) \
	X(value) \
	X(pair) \
	X(far) \
	X(habits) \
	X(freebsd) \
	X(scale) \
	X(timestamps) \
	X(sack_receiver) \
	X(ecn) \
	X(opening) \
	X(sack) \
	X(prr) \
	X(rack) \
	X(spurious) \
	X(pace) \
	X(user_timeout) \
	X(memory) \
	X(law_window) \
	X(law_connection) \
	X(law_failure) \
	X(law_recovery) \
	X(rules) /* the last: it asks what all the others have reached */
/* clang-format on */

#define DECLARE_SUITE(name) Suite *name##_suite(void);
TCP_SUITES(DECLARE_SUITE)
#undef DECLARE_SUITE

#endif
