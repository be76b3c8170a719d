/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_EXPORT_SUITES_H
#define TESTS_UNIT_EXPORT_SUITES_H

#include <check.h>

Suite *csv_suite(void);
Suite *diff_suite(void);
Suite *figure_suite(void);
Suite *jsonl_suite(void);
Suite *ladder_suite(void);
Suite *pcapng_suite(void);
Suite *tell_suite(void);
Suite *tell_ask_suite(void);

#endif
