/* SPDX-License-Identifier: MIT */
#ifndef TEST_WIRE_SUITES_H
#define TEST_WIRE_SUITES_H

#include <check.h>

Suite *address_suite(void);
Suite *capture_suite(void);
Suite *captured_suite(void);
Suite *checksum_suite(void);
Suite *emit_suite(void);
Suite *header_suite(void);
Suite *icmp_suite(void);
Suite *law_suite(void);
Suite *options_suite(void);
Suite *refusal_suite(void);
Suite *seg_text_suite(void);

#endif
