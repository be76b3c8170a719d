/* SPDX-License-Identifier: MIT */
/* Any octets as a capture: refused with a reason, or listed; then filtered, and recorded when it is
 * small enough for that. The list is the same whoever makes it. */
#include "fuzz.h"

#include <base/assert.h>
#include <live/capture.h>
#include <string.h>

enum { RECORDED = 512 /* frames */ };

static void filter(const struct capture *c, bool *chosen)
{
	static const char *const filters[] = {"lossy or reset", "not (port 80 and segments > 2)",
					      "ip.addr == 10.0.0.0/8", "duration > 1s", "tcp.port"};

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
		struct diags d = {0};

		ASSERT(capture_filter(c, filters[i], chosen, &d) == (d.errors == 0));
		diags_fini(&d);
	}
}

static void look(const struct capture *c)
{
	uint64_t segments = 0;
	struct sink text = {0};

	for (size_t i = 0; i < c->flows.count; i++) {
		const struct capture_flow *f = &c->flows.at[i];

		ASSERT(f->id == i + 1 && f->first <= f->last);
		segments += f->segments;
		capture_put_end(&text, &f->flow.end[0]);
	}
	ASSERT(segments + c->copies + c->others + c->fragments + c->damaged == c->frames);
	sink_fini(&text);
}

static void record(const struct capture *c, bool *chosen)
{
	struct trace *t;

	if (c->frames > RECORDED)
		return;
	for (size_t i = 0; i < c->flows.count; i++)
		chosen[i] = true;
	t = capture_trace(c, chosen);
	ASSERT(trace_is_recording(t));
	trace_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capture c;
	struct diags d = {0};
	struct sink said = {0};

	if (capture_open(&c, (const char *)data, size, "fuzz.pcap", &d)) {
		bool *chosen = xcalloc(c.flows.count, sizeof *chosen);

		look(&c);
		filter(&c, chosen);
		record(&c, chosen);
		free(chosen);
	} else {
		ASSERT(d.errors > 0);
	}
	capture_close(&c);
	diag_print(&d, &said);
	sink_fini(&said);
	diags_fini(&d);
	return 0;
}
