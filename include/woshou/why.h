/* SPDX-License-Identifier: MIT */
/* why.h - why did this happen? The rule behind a record, and its sentence with its RFC section. */
#ifndef WOSHOU_WHY_H
#define WOSHOU_WHY_H

#include <stdbool.h>
#include <woshou/trace.h>

struct sink;

/* The rule that explains a record: its own, else that of what followed from it or caused it. */
enum rule trace_rule(const struct trace *t, uint64_t serial);

/* "A SYN is answered with ... (RFC 9293 section 3.10.7.2, third)"; in LANG_BOTH first in Chinese.
 * False: nothing to say. */
bool trace_why(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out);

/* "RFC 9293 section 3.10.7.2, third, MUST-13"; "RFC 9293 第 3.10.7.2 节，第三步，MUST-13". */
void rule_put_source(struct sink *out, enum rule rule, enum lang lang);

#endif
