/* SPDX-License-Identifier: MIT */
/* Every suite of tests/unit/tcp: a line here, and it runs. */
#ifndef TESTS_TCP_SUITES_H
#define TESTS_TCP_SUITES_H

#include <check.h>

#define TCP_SUITES(X)                                                                              \
	X(matrix)

#define DECLARE_SUITE(name) Suite *name##_suite(void);
TCP_SUITES(DECLARE_SUITE)
#undef DECLARE_SUITE

#endif
