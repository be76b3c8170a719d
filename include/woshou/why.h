/* SPDX-License-Identifier: MIT */
/* why.h - why did this happen? The rule behind a record, and its sentence with its RFC section. */
#ifndef WOSHOU_WHY_H
#define WOSHOU_WHY_H

#include <stdbool.h>
#include <woshou/trace.h>

struct sink;

/* The rule that explains a record: its own, else that of what followed from it or caused it. */
enum rule trace_rule(const struct trace *t, uint64_t serial);

/* "SYN arrives in LISTEN: ... (RFC 9293 section 3.10.7.2, third, MUST-13)". False: nothing to say.
 */
bool trace_why(const struct trace *t, uint64_t serial, struct sink *out);

#endif
