/* SPDX-License-Identifier: MIT */
/*
 * drill.h - a packetdrill script is run: one host with the TCP under test, the script as its
 * application and as its peer, time virtual and therefore exact.
 *
 *	struct drill_result result;
 *	drill_run(script, &(struct drill_settings){0}, &result);
 *	drill_result_print(&result, &out);
 *	drill_result_fini(&result);
 */
#ifndef DRILL_DRILL_H
#define DRILL_DRILL_H

#include <drill/script.h>
#include <woshou/profile.h>
#include <woshou/trace.h>

struct drill_settings {
	bool is_exact;  /* no tolerance at all */
	bool is_strict; /* a packet that nobody expected at the end is a failure */
	/* The TCP under test; NULL: the one whose settings the script makes. */
	const struct tcp_profile *profile;
	struct trace *trace; /* where the run is told; NULL: nowhere that lasts */
	uint64_t *rules;     /* RULE_COUNT counters, to which what was taken is added; or NULL */
};

enum drill_finding_kind {
	FINDING_FAILURE,
	FINDING_DEVIATION, /* of time, within the tolerance */
	FINDING_LEFTOVER,  /* a packet that nobody expected when the script ended */
	FINDING_NOTE,      /* a setting that means nothing here */
};

struct drill_finding {
	uint8_t kind;                  /* enum drill_finding_kind */
	struct place at;               /* line 0: the script as a whole */
	usec when;                     /* in the run */
	const char *what;              /* one sentence */
	const char *line;              /* the event as written, or NULL */
	const char *expected, *actual; /* or NULL */
};

struct drill_result {
	struct arena arena; /* the texts */
	bool has_passed;
	ARRAY(struct drill_finding) findings; /* in the order found */
	struct sink printed;                  /* by the script's code */
	uint32_t packets, calls;              /* matched and made */
	uint32_t skipped; /* packets of other connections than the one under test */
	usec end;
};

void drill_run(struct drill_script *s, const struct drill_settings *settings,
	       struct drill_result *out);
void drill_result_print(const struct drill_result *r, struct sink *out);
void drill_result_fini(struct drill_result *r);

#endif
