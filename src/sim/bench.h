/* SPDX-License-Identifier: MIT */
/* bench.h - the world's own figures: `woshou bench`. The clock comes from outside. */
#ifndef SIM_BENCH_H
#define SIM_BENCH_H

#include <stdbool.h>
#include <stdint.h>

enum { BENCH_RUNS_MAX = 15 };

/* The sizes at which the cost of a segment is measured. */
enum bench_size { BENCH_1, BENCH_100, BENCH_10000, BENCH_1000000, BENCH_SIZES };

/* Windows whose segments are measured with all that TCP can do, 1 % lost, one connection. */
enum bench_window { BENCH_256_KB, BENCH_4_MB, BENCH_WINDOWS };

struct bench_options {
	uint64_t (*cpu_us)(void);           /* microseconds of CPU time spent so far */
	void (*progress)(const char *what); /* or NULL */
	uint32_t runs;                      /* 0: 3 */
	uint64_t segments;                  /* of each run; 0: 3 million */
	uint64_t rounds;                    /* 0: 200,000 */
	bool has_million;
};

struct bench_figure {
	uint64_t median, least, most;
};

struct bench_result {
	uint32_t runs;
	uint32_t connections[BENCH_SIZES];
	bool is_measured[BENCH_SIZES];
	struct bench_figure segments_per_cpu_s[BENCH_SIZES]; /* delivered: data and ACKs together */
	struct bench_figure data_per_cpu_s[BENCH_SIZES];
	struct bench_figure acks_per_cpu_s[BENCH_SIZES];
	/* With scaling, timestamps, SACK, RACK-TLP and the rest of it, and 1 % lost. */
	struct bench_figure everything_per_cpu_s[BENCH_SIZES]; /* congestion control, too */
	uint32_t window[BENCH_WINDOWS];
	struct bench_figure window_per_cpu_s[BENCH_WINDOWS]; /* without it: the window is full */
	struct bench_figure rounds_per_cpu_s;
	uint32_t bytes_idle_pair, bytes_time_wait;
};

void bench_run(const struct bench_options *o, struct bench_result *out);

#endif
