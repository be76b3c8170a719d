/* SPDX-License-Identifier: MIT */
#ifndef TEST_BASE_SUITES_H
#define TEST_BASE_SUITES_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A test that ends its process needs one of its own: there is none with CK_FORK=no. */
static inline bool may_die(void)
{
	const char *fork = getenv("CK_FORK");

	return !fork || strcmp(fork, "no") != 0;
}

Suite *align_suite(void);
Suite *array_suite(void);
Suite *diag_suite(void);
Suite *heap_suite(void);
Suite *nearest_suite(void);
Suite *panic_suite(void);
Suite *prng_suite(void);
Suite *sink_suite(void);
Suite *span_suite(void);
Suite *utf8_suite(void);

#endif
