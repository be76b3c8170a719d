/* SPDX-License-Identifier: MIT */
/* report.h - what a run of a script has found, as people and programs read it. */
#ifndef DRILL_REPORT_H
#define DRILL_REPORT_H

#include <base/sink.h>
#include <drill/drill.h>

/* One below the other, field by field in the same columns; what differs is marked below. Every
 * line begins with `indent`. */
void drill_compare_print(const char *expected, const char *actual, const char *indent,
			 struct sink *out);
/* One finding, with the line of the script and what was expected and came. */
void drill_finding_print(const struct drill_finding *f, struct sink *out);
/* "failure", "deviation", "left over", "note" */
const char *drill_finding_name(enum drill_finding_kind kind);
/* The first failure; NULL: there is none. */
const struct drill_finding *drill_first_failure(const struct drill_result *r);

#endif
