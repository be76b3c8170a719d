/* SPDX-License-Identifier: MIT */
#ifndef TEST_LIVE_SUITES_H
#define TEST_LIVE_SUITES_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

Suite *answers_suite(void);
Suite *call_suite(void);
Suite *capture_suite(void);
Suite *datalink_suite(void);
Suite *holder_suite(void);
Suite *lab_suite(void);
Suite *filter_suite(void);
Suite *frames_suite(void);
Suite *lesson_suite(void);
Suite *loop_suite(void);
Suite *observer_suite(void);
Suite *sniff_suite(void);
Suite *sockdiag_suite(void);
Suite *quit_suite(void);
Suite *serve_suite(void);
Suite *recorder_suite(void);
Suite *recorder_calls_suite(void);
Suite *recorder_truth_suite(void);
Suite *script_suite(void);
Suite *beside_suite(void);

#endif
