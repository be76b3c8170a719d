/* SPDX-License-Identifier: MIT */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *wheel_suite(void);
Suite *random_suite(void);

#endif
