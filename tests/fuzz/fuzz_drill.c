/* SPDX-License-Identifier: MIT */
/*
 * fuzz_drill.c - any octets as a packetdrill script. They are read, with and without #ifdef's
 * names; what is no script is complained of. The code of one that is read is run, with figures that
 * come from the name asked for.
 */
#include "fuzz.h"

#include <string.h>
#include <base/assert.h>
#include <drill/expr.h>
#include <drill/order.h>

enum { OCTETS_MAX = 1 << 17 };

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

static void read_one(const char *text, size_t n, const struct drill_words *words)
{
	struct diags d = {0};
	struct sink out = {0};
	struct drill_script *s = drill_script_read("x", text, n, words, &d);

	ASSERT((s == NULL) == (d.errors > 0));
	diag_print(&d, &out);
	if (s)
		run_code(s);
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
