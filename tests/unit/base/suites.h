/* SPDX-License-Identifier: MIT */
#ifndef TEST_BASE_SUITES_H
#define TEST_BASE_SUITES_H

#include <check.h>

Suite *array_suite(void);
Suite *diag_suite(void);
Suite *heap_suite(void);
Suite *nearest_suite(void);
Suite *panic_suite(void);
Suite *prng_suite(void);
Suite *sink_suite(void);
Suite *utf8_suite(void);

#endif
