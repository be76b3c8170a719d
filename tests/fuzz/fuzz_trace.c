/* SPDX-License-Identifier: MIT */
/* Any octets as a recorded trace: refused with a place, or read; and what was read goes out in
 * every form, is the same when it comes back, and can be looked at from both ends. */
#include "fuzz.h"

#include <string.h>
#include <base/assert.h>
#include <base/diag.h>
#include <export/diff.h>
#include <export/export.h>
#include <trace/moment.h>
#include <woshou/jsonl.h>
#include <woshou/why.h>

static void go_out_and_come_back(const struct trace *t)
{
	struct sink first = {0}, second = {0};
	struct diags d = {0};
	struct trace *back;

	trace_write_jsonl(t, &first);
	ASSERT(trace_is_jsonl(first.at, first.count));
	ASSERT(trace_read_jsonl(&back, first.at, first.count, "back", &d));
	trace_write_jsonl(back, &second);
	ASSERT(first.count == second.count);
	ASSERT(memcmp(first.at, second.at, first.count) == 0);
	trace_free(back);
	diags_fini(&d);
	sink_fini(&first);
	sink_fini(&second);
}

static void tell(const struct trace *t)
{
	static const char *const forms[] = {"ladder", "tell", "csv", "pcapng", "mermaid", "md"};
	struct export_options o = {.lang = LANG_BOTH, .relative = true, .corrupted = true};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct sink out = {0};

		export_named(forms[i])(t, &o, &out);
		o.view = trace_host_count(t) > 0 ? export_side(0) : EXPORT_WIRE;
		sink_fini(&out);
	}
}

/* With itself it agrees; with half of it, and with nothing, the comparison ends and can be told. */
static void compare(const struct trace *t)
{
	struct trace *nothing = trace_new();
	struct sink out = {0};

	for (unsigned ignored = 0; ignored < 16; ignored += 5) {
		struct comparison c;

		comparison_init(&c, t, t, ignored);
		ASSERT(!c.first.differs && c.begin == c.pairs.count);
		comparison_fini(&c);
		comparison_init(&c, nothing, t, ignored);
		ASSERT(c.first.differs == (c.pairs.count > 0));
		diff_text(&(struct diff){nothing, t, &c},
			  &(struct diff_options){.lang = LANG_BOTH, .is_full = true}, &out);
		diff_json(&(struct diff){nothing, t, &c}, &(struct diff_options){0}, &out);
		comparison_fini(&c);
	}
	sink_fini(&out);
	trace_free(nothing);
}

static void look(const struct trace *t)
{
	struct moment m = {0};
	struct sink why = {0};

	moment_go(&m, t, trace_count(t));
	moment_go(&m, t, trace_count(t) / 2);
	for (uint64_t i = 0; i < trace_count(t); i++)
		trace_why(t, i, LANG_BOTH, &why);
	moment_fini(&m);
	sink_fini(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags d = {0};
	struct sink said = {0};
	struct trace *t;

	if (trace_read_jsonl(&t, (const char *)data, size, "fuzz.jsonl", &d)) {
		go_out_and_come_back(t);
		tell(t);
		compare(t);
		look(t);
		trace_free(t);
	} else {
		ASSERT(d.errors > 0);
	}
	diag_print(&d, &said);
	sink_fini(&said);
	diags_fini(&d);
	return 0;
}
