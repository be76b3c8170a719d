/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_EXPORT_SUITES_H
#define TESTS_UNIT_EXPORT_SUITES_H

#include <check.h>

Suite *ladder_suite(void);

#endif
