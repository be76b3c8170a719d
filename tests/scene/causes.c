/* SPDX-License-Identifier: MIT */
/*
 * causes.c FOLDER - in every run of every scene: what happens follows from something earlier, and
 * from that, until a line of the play stands at the end.
 */
#include <stdio.h>
#include <trace/cause.h>
#include <woshou/names.h>
#include "folder.h"

enum { CHAIN_MAX = 4096 };

/* The rest is told by the play itself, or belongs to what is told. */
static bool must_follow(const struct record *r)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL:
	case REC_RESULT:
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP: return true;
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return false;
}

/* How many chains end in the air; the first is told. */
static int judge(const struct trace *t)
{
	static struct cause chain[CHAIN_MAX];
	int loose = 0;

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i), *end;
		size_t count;

		if (!must_follow(r))
			continue;
		count = trace_causes(t, i, chain, CHAIN_MAX);
		end = trace_at(t, chain[count - 1].record);
		if (end->place.line > 0 && trace_quoted(t, &end->place)[0] != '\0')
			continue;
		if (loose++ == 0)
			printf("# #%llu %s leads to #%llu %s, and no line is there\n",
			       (unsigned long long)i, name_of(NAMES_KIND, r->kind),
			       (unsigned long long)end->serial, name_of(NAMES_KIND, end->kind));
	}
	return loose;
}

static int judge_run(const struct scene_file *f, size_t variant)
{
	struct diags diags = {0};
	struct scene_run *run = scene_run_new(f, variant, NULL, &diags);
	int loose;

	diags_fini(&diags);
	if (!run)
		return 1;
	scene_run_all(run);
	loose = judge(scene_run_trace(run));
	scene_run_free(run);
	return loose;
}

static const char *play(const struct scene_file *f, size_t variant)
{
	return judge_run(f, variant) > 0 ? "something follows from nothing" : NULL;
}

int main(int argc, char **argv)
{
	int number = 0, failed = folder_play(argv + 1, argc - 1, play, &number);

	printf("1..%d\n", number);
	return failed > 0;
}
