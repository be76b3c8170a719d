/* SPDX-License-Identifier: MIT */
/*
 * bench_stage.c [RUNS] [SHAPE] - what the stage costs on long traces: laying one out, a frame, a
 * jump. Figures for docs/BENCH.md, never a test. CPU time of this process, medians of RUNS runs
 * (5); a worst case is the median over the runs of each run's worst.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <base/prng.h>
#include <export/export.h>
#include <scene/scene.h>
#include <stage/session.h>

enum { ROWS = 40, COLUMNS = 120, PLACES = 300, STEPS = 300, RUNS_MAX = 99 };

#define BULK(size)                                                                                 \
	"person zhang en \"Zhang San\" zh \"张三\" { source " size " }\n"                          \
	"person li en \"Li Si\" zh \"李四\" { sink }\n"                                          \
	"wind zhang <-> li { delay 50ms }\n"
#define HELLO "  at 0s li listen\n  at 0s zhang connect li\n"
#define MANY(count)                                                                                \
	"person zhang en \"Zhang San\" zh \"张三\" { }\n"                                        \
	"person li en \"Li Si\" zh \"李四\" { echo }\n"                                          \
	"wind zhang <-> li { delay 50ms }\n"                                                       \
	"scene a en \"a\" zh \"a\" {\n  at 0s li listen backlog 10000\n"                           \
	"  at 1s repeat " count " as i every 1ms { zhang connect li as c{i} }\n"                   \
	"  repeat " count " as i {\n"                                                              \
	"    when c{i} in ESTABLISHED  c{i} write \"hello\"\n"                                     \
	"    when c{i} reads \"hello\"  c{i} close\n  }\n}\n"

/* Each puts something else at its worst. */
static const struct shape {
	const char *name, *what, *scene;
} shapes[] = {
	{"bulk-100k", "one connection, full windows, a segment in 100 is lost",
	 BULK("10400KiB") "wind zhang -> li { drop 1% max 100000 }\n"
			  "scene a en \"a\" zh \"a\" {\n" HELLO "}\n"},
	{"aloft-100k", "the same without losses, and one word is in the air all the time",
	 BULK("11MiB") "person wang en \"Lao Wang\" zh \"老王\" { }\n"
		       "wind wang -> li { delay 1h }\n"
		       "scene a en \"a\" zh \"a\" {\n  at 0s wang connect li\n" HELLO "}\n"},
	{"storm-100k", "a segment in ten is lost",
	 BULK("8MiB") "wind zhang -> li { drop 10% max 100000 }\n"
		      "scene a en \"a\" zh \"a\" {\n" HELLO "}\n"},
	{"many-100k", "900 connections, a millisecond apart", MANY("900")},
	{"bulk-1m", "bulk-100k, ten times as long",
	 BULK("104000KiB") "wind zhang -> li { drop 1% max 100000 }\n"
			   "scene a en \"a\" zh \"a\" {\n" HELLO "}\n"},
	{"many-1m", "10,000 connections, a millisecond apart", MANY("10000")},
};

struct figures {
	double lay_out, first_jump, worst_jump, worst_frame, worst_step, worst_look;
	double frame; /* the median */
	double mb;
};

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double heap_mb(void)
{
	struct mallinfo2 info = mallinfo2();

	return (double)(info.uordblks + info.hblkhd) / 1e6;
}

static struct scene_run *run_of(const struct shape *shape, struct scene_file **file)
{
	struct sink text = {0}, said = {0};
	struct diags diags = {0};
	struct scene_run *run = NULL;

	sink_puts(&text, "woshou 1\ntitle en \"bench\" zh \"bench\"\n"
			 "limit 10day 1000000000 events\n");
	sink_puts(&text, shape->scene);
	*file = scene_parse(shape->name, text.at, text.count, NULL, &diags);
	if (*file)
		run = scene_run_new(*file, 0, NULL, &diags);
	diag_print(&diags, &said);
	if (!run)
		fputs(said.at, stderr);
	else
		scene_run_all(run);
	sink_fini(&said);
	diags_fini(&diags);
	sink_fini(&text);
	return run;
}

/* ---- one run --------------------------------------------------------------------------------- */

struct bench {
	struct session session;
	struct canvas canvas;
	struct prng chance;
	struct figures figures;
};

static double draw(struct bench *b)
{
	double before = cpu_ms();

	session_draw(&b->session, &b->canvas);
	return cpu_ms() - before;
}

static double press(struct bench *b, uint32_t key)
{
	double before = cpu_ms();

	session_input(&b->session, &(struct input){.key = key});
	return cpu_ms() - before;
}

static void worst(double *most, double is)
{
	if (is > *most)
		*most = is;
}

/* As a click on the timeline does it: the jump and its first frame. */
static double jump(struct bench *b, uint32_t stop)
{
	double before = cpu_ms();

	player_do(&b->session.player, ACTION_GOTO_STOP, stop);
	return cpu_ms() - before + draw(b);
}

static int compare(const void *a, const void *b)
{
	const double *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

static double median(double *at, int n)
{
	qsort(at, (size_t)n, sizeof *at, compare);
	return at[n / 2];
}

static void jump_about(struct bench *b)
{
	struct figures *f = &b->figures;
	uint32_t stops = (uint32_t)b->session.story->stops.count;
	double frames[PLACES];

	f->first_jump = jump(b, stops - 1);
	for (int i = 0; i < PLACES; i++) {
		uint32_t to = i == 0   ? stops - 1
			      : i == 1 ? 0
				       : (uint32_t)prng_below(&b->chance, stops);

		worst(&f->worst_jump, jump(b, to));
		frames[i] = draw(b);
		worst(&f->worst_frame, frames[i]);
		/* A bit later, while words are on their way. */
		session_input(&b->session, &(struct input){.key = ' '});
		session_tick(&b->session, 30000);
		worst(&f->worst_frame, draw(b));
		session_input(&b->session, &(struct input){.key = ' '});
	}
	f->frame = median(frames, PLACES);
}

/* Steps both ways at the end and in the middle, and looking up from there. */
static void step_about(struct bench *b)
{
	struct figures *f = &b->figures;
	uint32_t stops = (uint32_t)b->session.story->stops.count;
	static const char looks[] = "kjwwiik";

	for (uint32_t from = stops - 1;; from /= 2) {
		jump(b, from);
		for (int i = 0; i < STEPS; i++)
			worst(&f->worst_step, press(b, i % 3 ? ',' : '.') + draw(b));
		for (const char *key = looks; *key; key++)
			worst(&f->worst_look, press(b, (uint32_t)*key) + draw(b));
		for (int i = 0; i < 20; i++)
			worst(&f->worst_look, press(b, PRESS_PAGE_UP) + draw(b));
		worst(&f->worst_look, press(b, PRESS_ENTER) + draw(b));
		if (from == 0)
			break;
	}
}

static struct figures measure(const struct trace *t)
{
	struct stage_options o = {.lang = LANG_BOTH, .tell = tell_record};
	struct bench b = {.figures = {.mb = heap_mb()}};
	double before = cpu_ms();

	prng_init(&b.chance, 1, 0);
	session_init(&b.session, t, "bench", &o);
	b.figures.lay_out = cpu_ms() - before;
	b.figures.mb = heap_mb() - b.figures.mb;
	canvas_init(&b.canvas, ROWS, COLUMNS, false);
	jump_about(&b);
	step_about(&b);
	canvas_fini(&b.canvas);
	session_fini(&b.session);
	return b.figures;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static double median_of(const struct figures *f, int runs, size_t offset)
{
	double at[RUNS_MAX];

	for (int i = 0; i < runs; i++)
		memcpy(&at[i], (const char *)&f[i] + offset, sizeof at[i]);
	return median(at, runs);
}

static bool bench(const struct shape *shape, int runs)
{
	static const struct {
		const char *name;
		size_t offset;
	} columns[] = {
		{"lay out", offsetof(struct figures, lay_out)},
		{"first jump to the end", offsetof(struct figures, first_jump)},
		{"worst jump", offsetof(struct figures, worst_jump)},
		{"median frame", offsetof(struct figures, frame)},
		{"worst frame", offsetof(struct figures, worst_frame)},
		{"worst step", offsetof(struct figures, worst_step)},
		{"worst look", offsetof(struct figures, worst_look)},
		{"MB", offsetof(struct figures, mb)},
	};
	struct figures f[RUNS_MAX];
	struct scene_file *file;
	struct scene_run *run = run_of(shape, &file);
	const struct trace *t = run ? scene_run_trace(run) : NULL;

	if (!run)
		return false;
	printf("%s: %s; %" PRIu64 " records, %.0f MB\n", shape->name, shape->what, trace_count(t),
	       (double)trace_memory(t) / 1e6);
	for (int i = 0; i < runs; i++)
		f[i] = measure(t);
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		printf("  %-24s %10.3f\n", columns[i].name, median_of(f, runs, columns[i].offset));
	fflush(stdout);
	scene_run_free(run);
	scene_free(file);
	return true;
}

int main(int argc, char **argv)
{
	int runs = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 5;
	bool is_good = true;

	if (runs < 1 || runs > RUNS_MAX)
		return 2;
	printf("milliseconds of CPU, medians of %d runs, at %dx%d, both languages\n", runs, COLUMNS,
	       ROWS);
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		if (argc < 3 || strcmp(argv[2], shapes[i].name) == 0)
			is_good = bench(&shapes[i], runs) && is_good;
	}
	return is_good ? 0 : 1;
}
