/* SPDX-License-Identifier: MIT */
#ifndef TEST_LIVE_SUITES_H
#define TEST_LIVE_SUITES_H

#include <check.h>

Suite *datalink_suite(void);

#endif
