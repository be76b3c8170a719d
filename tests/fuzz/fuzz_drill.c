/* SPDX-License-Identifier: MIT */
/*
 * fuzz_drill.c - any octets as a packetdrill script. They are read, with and without #ifdef's
 * names; what is no script is complained of. The code of one that is read is run, with figures that
 * come from the name asked for; then the whole script, against the engine, when it is short.
 */
#include "fuzz.h"

#include <string.h>
#include <base/assert.h>
#include <drill/drill.h>
#include <drill/expr.h>
#include <drill/order.h>

enum { OCTETS_MAX = 1 << 17, EVENTS_MAX = 200 };
#define LONGEST (600 * USEC_PER_S)

static bool figures(void *of, const char *name, int64_t *value)
{
	(void)of;
	*value = (int64_t)strlen(name) - 14;
	return name[strlen(name) - 1] != 't';
}

static void check_place(const struct place *at)
{
	ASSERT(at->line >= 0 && at->byte >= 0 && at->size >= 0);
}

static void run_code(const struct drill_script *s)
{
	struct drill_variables *v = drill_variables_new();
	struct sink out = {0};

	for (size_t i = 0; i < s->events.count; i++) {
		const struct drill_event *e = &s->events.at[i];
		struct drill_code_result r;

		check_place(&e->at);
		ASSERT(e->last_line >= e->at.line && e->text);
		if (e->kind != EVENT_CODE)
			continue;
		r = drill_code_run(e->code, v, figures, NULL, &out);
		ASSERT(r.verdict == CODE_HELD || (r.text && r.at.line > 0));
		check_place(&r.at);
	}
	sink_fini(&out);
	drill_variables_free(v);
}

/* As long as it may take, all told. */
static usec length_of(const struct drill_script *s)
{
	usec all = 0;

	for (size_t i = 0; i < s->events.count; i++) {
		const struct drill_when *when = &s->events.at[i].when;

		all += (when->to > when->end ? when->to : when->end) + s->options.tolerance;
	}
	return all;
}

static void run_script(struct drill_script *s)
{
	const struct drill_settings settings = {.is_strict = s->size % 2,
						.is_exact = s->size % 3 == 0};
	struct drill_result result = {0};
	struct sink out = {0};

	if (s->events.count > EVENTS_MAX || length_of(s) > LONGEST)
		return;
	drill_run(s, &settings, &result);
	drill_result_print(&result, &out);
	ASSERT(result.has_passed || result.findings.count > 0);
	drill_result_fini(&result);
	sink_fini(&out);
}

static void read_one(const char *text, size_t n, const struct drill_words *words)
{
	struct diags d = {0};
	struct sink out = {0};
	struct drill_script *s = drill_script_read("x", text, n, words, &d);

	ASSERT((s == NULL) == (d.errors > 0));
	diag_print(&d, &out);
	if (s) {
		run_code(s);
		run_script(s);
	}
	drill_script_free(s);
	sink_fini(&out);
	diags_fini(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n)
{
	static const char *const defined[] = {"A", "STANDARD", NULL};
	static const char *const given[] = {"B=1000", "C=O_RDWR|O_NONBLOCK", "D=\"x\" ` %{", NULL};
	static const struct drill_words words = {.defined = defined, .given = given};

	if (n > OCTETS_MAX)
		return 0;
	read_one((const char *)octets, n, NULL);
	read_one((const char *)octets, n, &words);
	return 0;
}
