/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_DRILL_SUITES_H
#define TESTS_UNIT_DRILL_SUITES_H

#include <check.h>

Suite *code_suite(void);
Suite *mistakes_suite(void);
Suite *orders_suite(void);
Suite *report_suite(void);
Suite *run_suite(void);
Suite *script_suite(void);

#endif
