/* SPDX-License-Identifier: MIT */
/* cmd_bench.c - the engine's own figures. What they are and what bounds them: docs/BENCH.md. */
#include <app/app.h>
#include <sim/bench.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static uint64_t cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* For those who wait; who reads a pipe does not. */
static void tell_progress(const char *what)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "woshou: %s\n", what);
}

enum part { MEDIAN, SPREAD };

static void put_figure(struct sink *out, const struct bench_figure *f, enum part part)
{
	if (part == MEDIAN)
		sink_printf(out, "%" PRIu64, f->median);
	else
		sink_printf(out, "[%" PRIu64 ",%" PRIu64 "]", f->least, f->most);
}

static void put_by_size(struct sink *out, const char *name, const struct bench_result *b,
			const struct bench_figure *figures, enum part part)
{
	const char *comma = "";

	sink_printf(out, "\"%s\":{", name);
	for (int i = 0; i < BENCH_SIZES; i++) {
		if (!b->is_measured[i] || figures[i].most == 0)
			continue;
		sink_printf(out, "%s\"%" PRIu32 "\":", comma, b->connections[i]);
		put_figure(out, &figures[i], part);
		comma = ",";
	}
	sink_puts(out, "},");
}

static void put_by_window(struct sink *out, const struct bench_result *b, enum part part)
{
	sink_puts(out, "\"window_per_cpu_s\":{");
	for (int i = 0; i < BENCH_WINDOWS; i++) {
		sink_printf(out, "%s\"%" PRIu32 "\":", i ? "," : "", b->window[i]);
		put_figure(out, &b->window_per_cpu_s[i], part);
	}
	sink_puts(out, "},");
}

static void put_speeds(struct sink *out, const struct bench_result *b, enum part part)
{
	put_by_size(out, "segments_per_cpu_s", b, b->segments_per_cpu_s, part);
	put_by_size(out, "data_per_cpu_s", b, b->data_per_cpu_s, part);
	put_by_size(out, "acks_per_cpu_s", b, b->acks_per_cpu_s, part);
	put_by_size(out, "everything_per_cpu_s", b, b->everything_per_cpu_s, part);
	put_by_window(out, b, part);
	sink_puts(out, "\"rounds_per_cpu_s\":");
	put_figure(out, &b->rounds_per_cpu_s, part);
}

/* The medians; beside them the least and the most of all runs. */
static void put_json(struct sink *out, const struct bench_result *b)
{
	sink_putc(out, '{');
	put_speeds(out, b, MEDIAN);
	sink_printf(out,
		    ",\"bytes_idle_pair\":%" PRIu32 ",\"bytes_time_wait\":%" PRIu32
		    ",\"runs\":%" PRIu32 ",\"spread\":{",
		    b->bytes_idle_pair, b->bytes_time_wait, b->runs);
	put_speeds(out, b, SPREAD);
	sink_puts(out, "}}\n");
}

static void put_everything(struct sink *out, const struct bench_result *b)
{
	sink_puts(out, "\nwith everything on and 1 % lost:\n");
	for (int i = BENCH_1; i <= BENCH_10000; i++) {
		const struct bench_figure *f = &b->everything_per_cpu_s[i];

		sink_printf(out,
			    "%8" PRIu32 " connections  %9" PRIu64 " segments (%" PRIu64 "..%" PRIu64
			    ")\n",
			    b->connections[i], f->median, f->least, f->most);
	}
	for (int i = 0; i < BENCH_WINDOWS; i++) {
		const struct bench_figure *f = &b->window_per_cpu_s[i];

		sink_printf(out,
			    "%8" PRIu32 " octets full  %9" PRIu64 " segments (%" PRIu64 "..%" PRIu64
			    ")\n",
			    b->window[i], f->median, f->least, f->most);
	}
	sink_putc(out, '\n');
}

static void put_text(struct sink *out, const struct bench_result *b)
{
	sink_printf(out, "medians of %" PRIu32 " runs, least and most; per CPU-second\n\n",
		    b->runs);
	for (int i = 0; i < BENCH_SIZES; i++) {
		const struct bench_figure *f = &b->segments_per_cpu_s[i];

		if (!b->is_measured[i])
			continue;
		sink_printf(out,
			    "%8" PRIu32 " connections  %9" PRIu64 " segments (%" PRIu64 "..%" PRIu64
			    "): %" PRIu64 " data, %" PRIu64 " ACK\n",
			    b->connections[i], f->median, f->least, f->most,
			    b->data_per_cpu_s[i].median, b->acks_per_cpu_s[i].median);
	}
	put_everything(out, b);
	sink_printf(out,
		    "%8s connect-talk-close  %" PRIu64 " rounds (%" PRIu64 "..%" PRIu64 ")\n\n", "",
		    b->rounds_per_cpu_s.median, b->rounds_per_cpu_s.least,
		    b->rounds_per_cpu_s.most);
	sink_printf(out, "%8" PRIu32 " octets an idle established connection, both ends\n",
		    b->bytes_idle_pair);
	sink_printf(out, "%8" PRIu32 " octets a connection in TIME_WAIT\n", b->bytes_time_wait);
}

int cmd_bench(const struct request *r)
{
	struct bench_options o = {
		.cpu_us = cpu_us,
		.progress = tell_progress,
		.runs = (uint32_t)r->number[OPT_RUNS],
		.has_million = r->given[OPT_MILLION],
	};
	struct bench_result result = {0};
	struct sink out = {0};
	int status;

	if (r->given[OPT_RUNS] &&
	    (r->number[OPT_RUNS] == 0 || r->number[OPT_RUNS] > BENCH_RUNS_MAX)) {
		complain("--runs takes 1 to %d", BENCH_RUNS_MAX);
		return STATUS_WRONG;
	}
	bench_run(&o, &result);
	if (r->given[OPT_JSON])
		put_json(&out, &result);
	else
		put_text(&out, &result);
	status = output_text(&out) ? STATUS_HELD : STATUS_LACKING;
	sink_fini(&out);
	return status;
}
