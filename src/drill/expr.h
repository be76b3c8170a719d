/* SPDX-License-Identifier: MIT */
/*
 * expr.h - the code of a script, %{ ... }%: assertions, assignments and print, in the small part
 * of Python that scripts use. All blocks of a script share their variables.
 */
#ifndef DRILL_EXPR_H
#define DRILL_EXPR_H

#include <base/sink.h>
#include <drill/script.h>

/* The value of a name of the socket's: tcpi_snd_cwnd, SK_MEMINFO_RCVBUF. False: it has none (here,
 * or in this engine); names of constants (TCP_CA_Open, TCPI_LISTEN) are not asked for. */
typedef bool drill_ask(void *of, const char *name, int64_t *value);

struct drill_variables; /* what the blocks have assigned */
struct drill_variables *drill_variables_new(void);
void drill_variables_free(struct drill_variables *v);

enum drill_verdict {
	CODE_HELD,
	CODE_FAILED, /* an assertion */
	CODE_WRONG,  /* the code cannot be evaluated: an unknown name, a division by 0 */
};

struct drill_code_result {
	uint8_t verdict;     /* enum drill_verdict */
	struct place at;     /* of the assertion, or of the part that is wrong */
	const char *text;    /* the assertion as written, or what is wrong */
	const char *message; /* the assertion's own message, evaluated; NULL: none */
	const char *values;  /* "tcpi_snd_cwnd is 9, cwnd is 10": every name in it; NULL: none */
};

/* Runs a block. What it prints goes to `out`. The texts live in the variables, until they are
 * freed. */
struct drill_code_result drill_code_run(const struct drill_code *code, struct drill_variables *v,
					drill_ask *ask, void *of, struct sink *out);

#endif
