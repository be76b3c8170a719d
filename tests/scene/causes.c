/* SPDX-License-Identifier: MIT */
/*
 * causes.c FILE... - in every run of every scene: what happens follows from something earlier, and
 * from that, until a line of the play stands at the end.
 */
#include <stdio.h>
#include <scene/scene.h>
#include <trace/cause.h>
#include <woshou/names.h>

enum { CHAIN_MAX = 4096 };

static bool read_file(const char *path, struct sink *out)
{
	FILE *file = fopen(path, "rb");
	char bytes[4096];
	size_t n;

	sink_puts(out, "");
	if (!file)
		return false;
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		sink_put(out, bytes, n);
	fclose(file);
	return true;
}

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

int main(int argc, char **argv)
{
	int number = 0, failed = 0;

	for (int i = 1; i < argc; i++) {
		struct sink bytes = {0};
		struct diags diags = {0};
		struct scene_file *f = NULL;

		if (read_file(argv[i], &bytes))
			f = scene_parse(argv[i], bytes.at, bytes.count, NULL, &diags);
		for (size_t v = 0; f && v < scene_variant_count(f); v++) {
			int loose = judge_run(f, v);

			printf("%s %d - %s %s\n", loose ? "not ok" : "ok", ++number, argv[i],
			       scene_variant_name(f, v));
			failed += loose > 0;
		}
		if (!f)
			printf("ok %d - %s # SKIP not a scene by itself\n", ++number, argv[i]);
		else
			scene_free(f);
		diags_fini(&diags);
		sink_fini(&bytes);
	}
	printf("1..%d\n", number);
	return failed > 0;
}
