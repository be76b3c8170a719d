/* SPDX-License-Identifier: MIT */
#ifndef UNIT_SCENE_SUITES_H
#define UNIT_SCENE_SUITES_H

#include <check.h>

Suite *branches_suite(void);
Suite *docs_suite(void);
Suite *expand_suite(void);
Suite *expect_suite(void);
Suite *format_suite(void);
Suite *forms_suite(void);
Suite *history_suite(void);
Suite *mistakes_suite(void);
Suite *order_suite(void);
Suite *override_suite(void);
Suite *people_suite(void);
Suite *places_suite(void);
Suite *report_suite(void);
Suite *snapshot_suite(void);

#endif
