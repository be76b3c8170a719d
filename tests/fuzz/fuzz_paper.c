/* SPDX-License-Identifier: MIT */
/* Any octets as a recorded trace, and every picture that the stage makes of one: they end, they are
 * UTF-8, and nothing in them can steer a terminal. */
#include "fuzz.h"

#include <base/assert.h>
#include <base/diag.h>
#include <base/utf8.h>
#include <stage/stage.h>
#include <woshou/jsonl.h>

/* Text has controls for its ends of lines only; JSON writes them as letters. */
static void check(struct sink *out)
{
	for (size_t at = 0; at < out->count;) {
		uint32_t code;
		size_t taken = utf8_next(out->at + at, out->count - at, &code);

		ASSERT(code == '\n' || !cp_is_control(code));
		at += taken;
	}
	ASSERT(utf8_valid(out->at, out->count));
	sink_fini(out);
}

static void draw(const struct trace *t, enum lang lang)
{
	/* As fast as can be: a fuzzer has other things to do than to watch. */
	struct stage_options o = {
		.lang = lang, .has_speed = true, .speed = 6, .motion = MOTION_NONE};
	usec end = trace_count(t) > 0 ? trace_at(t, trace_count(t) - 1)->at : 0;
	struct sink out = {0};

	stage_page_text(t, "fuzz", &o, 60, &out);
	check(&out);
	stage_page_svg(t, "fuzz", &o, 100, &out);
	check(&out);
	stage_svg(t, "fuzz", &o, end / 2, 40, 120, &out);
	check(&out);
	stage_text(t, "fuzz", &o, end, 24, 80, &out);
	check(&out);
	if (trace_count(t) > 40)
		return;
	stage_cast(t, "fuzz", &o, 12, 40, &out);
	check(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags d = {0};
	struct trace *t;

	if (trace_read_jsonl(&t, (const char *)data, size, "fuzz.jsonl", &d)) {
		draw(t, (enum lang)(size % 3));
		trace_free(t);
	}
	diags_fini(&d);
	return 0;
}
