/* SPDX-License-Identifier: MIT */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

/* clang-format off */
#define SIM_SUITES(X) \
	X(wheel) X(demux) X(sock) X(info) X(listen) X(wind) X(hand) X(time_wait) X(host) X(app) \
	X(check) X(snapshot) X(random) X(bench) X(law)
/* clang-format on */

#define SUITE_PROTOTYPE(name) Suite *name##_suite(void);
SIM_SUITES(SUITE_PROTOTYPE)
#undef SUITE_PROTOTYPE

#endif
