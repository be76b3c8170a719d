/* SPDX-License-Identifier: MIT */
/* capture_trace.c - what was chosen from a capture is recorded as if it were seen now. */
#include "live/capture.h"
#include "live/walk.h"

/* One place for all of them: where most segments say that it was. */
static enum vantage vantage_of(const struct capture *c, const bool *chosen)
{
	uint64_t votes[VANTAGE_BETWEEN + 1] = {0};
	int best = VANTAGE_BETWEEN;

	for (size_t i = 0; i < c->flows.count; i++)
		if (chosen[i])
			votes[c->flows.at[i].vantage] += c->flows.at[i].segments;
	for (int v = 0; v <= VANTAGE_BETWEEN; v++)
		if (votes[v] > votes[best])
			best = v;
	return (enum vantage)best;
}

/* What was on its way when the capture ended has come, as far as anyone can tell: a moment later
 * nobody contradicted it. The end of 2 MSL is no such thing: nobody saw it. */
static usec let_arrive(struct recorder *r, usec last)
{
	static const usec moment = 5 * USEC_PER_S;
	usec at = last, next = recorder_pass(r, at);

	while (next != USEC_NEVER && next <= last + moment) {
		at = next > at ? next : at + 1;
		next = recorder_pass(r, at);
	}
	return at;
}

/* What the recorder asks while it is given a frame. */
struct given {
	const struct capture *capture;
	int64_t flow;
};

static void tell_far(void *user, usec far[2])
{
	const struct given *g = user;

	far[0] = g->capture->flows.at[g->flow].far[0];
	far[1] = g->capture->flows.at[g->flow].far[1];
}

struct trace *capture_trace(const struct capture *c, const bool *chosen)
{
	struct given given = {.capture = c};
	struct recorder_options o = {.vantage = vantage_of(c, chosen),
				     .far = tell_far,
				     .user = &given,
				     .keeps_frames = true};
	struct recorder *r = recorder_new(&o);
	struct walk w;
	struct trace *t;
	usec last = 0;

	if (walk_open(&w, c->octets, c->size)) {
		while (walk_next(&w)) {
			if (w.flow < 0 || !chosen[w.flow])
				continue;
			given.flow = w.flow;
			recorder_frame(r, &w.frame);
			if (w.frame.at > last)
				last = w.frame.at;
		}
	}
	recorder_end(r, let_arrive(r, last));
	t = recorder_take(r);
	/* Of an ICMP error alone nothing is recorded. */
	if (!trace_is_recording(t))
		trace_set_epoch(t, last > 0 ? last : 1);
	recorder_free(r);
	walk_fini(&w);
	return t;
}
