/* SPDX-License-Identifier: MIT */
/* ladder_feed.c - the ladder of a recording, line by line while it grows. */
#include "export/ladder.h"

struct ladder_feed {
	struct ladder ladder;
	struct export_options options;
	uint64_t seen; /* records */
};

struct ladder_feed *ladder_feed_new(const struct trace *t, const struct export_options *o)
{
	struct ladder_feed *f = xcalloc(1, sizeof *f);

	if (o)
		f->options = *o;
	/* How late it will become nobody knows: an hour has its place. */
	f->ladder = (struct ladder){.trace = t,
				    .options = &f->options,
				    .acts = {.trace = t},
				    .second_digits = 4,
				    .has_microseconds = true};
	return f;
}

void ladder_feed_free(struct ladder_feed *f)
{
	if (!f)
		return;
	ladder_fini(&f->ladder);
	free(f);
}

void ladder_feed_more(struct ladder_feed *f, bool is_quiet, struct sink *out)
{
	struct ladder *l = &f->ladder;
	uint64_t count = trace_count(l->trace);

	l->out = out;
	ladder_measure_names(l);
	acts_grow(&l->acts, f->seen);
	for (; f->seen < count; f->seen++)
		ladder_see(l, trace_at(l->trace, f->seen));
	if (is_quiet)
		ladder_end_episode(l);
	l->out = NULL;
}
