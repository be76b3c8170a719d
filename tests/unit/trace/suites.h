/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_TRACE_SUITES_H
#define TESTS_UNIT_TRACE_SUITES_H

#include <check.h>

Suite *cause_suite(void);
Suite *brief_suite(void);
Suite *compare_suite(void);
Suite *frame_suite(void);
Suite *match_suite(void);
Suite *moment_suite(void);
Suite *names_suite(void);
Suite *question_suite(void);
Suite *score_suite(void);
Suite *streams_suite(void);
Suite *talk_suite(void);
Suite *trace_suite(void);
Suite *why_suite(void);

#endif
