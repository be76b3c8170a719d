/* SPDX-License-Identifier: MIT */
/* report.h - the verdict on one run, or on a golden ladder, as text, as JSON, as JUnit XML. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <base/sink.h>
#include <woshou/lang.h>

struct report {
	const char *file;
	bool is_golden;      /* `file` is a golden ladder: what is counted means nothing */
	const char *variant; /* "" or "[loss=SYN]" */
	uint64_t seed;
	uint32_t pass, fail, inconclusive;
	bool has_passed;
	const char *story; /* of what failed; "" */
};

void report_text(const struct report *r, enum lang lang, struct sink *out);
void report_json(const struct report *r, struct sink *out);
void report_junit(const struct report *r, struct sink *out);

/* A JSON string with its quotes; XML text. What either may not hold becomes U+FFFD. */
void put_json_string(struct sink *out, const char *text);
void put_xml(struct sink *out, const char *text);

#endif
