/* SPDX-License-Identifier: MIT */
/*
 * bench.c - what a segment, a short connection and an idle one cost. Two hosts, 10 ms apart; MSS
 * 1448; synthetic octets; delayed ACKs; rule counters and promises on; no trace. Once with nothing
 * lost and the plain protocol, once with all that TCP can do and 1 % lost.
 */
#include <sim/bench.h>

#include <string.h>
#include <base/array.h>
#include <base/assert.h>
#include <woshou/world.h>

enum {
	PORTS_EACH = 16000, /* connections to one port of the server: fewer than ephemeral ports */
	FIRST_PORT = 1000,
	DELAY = 10000,
	ROUND_BATCH = 500,
	ROUND_OCTETS = 100,
	IDLE_PAIRS = 100000,
	LOST_PPM = 10000,
	WINDOW_EVERYTHING = 256 * 1024,
};

static const uint32_t sizes[BENCH_SIZES] = {1, 100, 10000, 1000000};
static const uint32_t windows[BENCH_WINDOWS] = {256 * 1024, 4 * 1024 * 1024};

struct pair {
	struct world *w;
	uint8_t client, server;
};

static void pair_init(struct pair *p, const struct tcp_profile *profile)
{
	p->w = world_new(&(struct world_options){.seed = 1});
	p->client = host_add(p->w, &(struct host_options){.name = "zhang", .profile = profile});
	p->server = host_add(p->w, &(struct host_options){.name = "li", .profile = profile});
	world_wind(p->w, p->client, p->server)->delay = DELAY;
	world_wind(p->w, p->server, p->client)->delay = DELAY;
}

static struct tcp_profile settings(void)
{
	struct tcp_profile p = *tcp_profile_named("rfc");

	p.mss = 1448;
	return p;
}

static struct tcp_profile everything(uint32_t window)
{
	struct tcp_profile p = settings();

	p.rcv_buff = window;
	p.snd_buff = 2 * window;
	p.wscale = p.timestamps = p.sack = p.dsack = true;
	p.limited_transmit = p.prr = p.rack = p.tlp = p.frto = true;
	p.cc = CC_CUBIC;
	return p;
}

/* Of the segments with text, so that every connection opens soon. */
static void lose_some(struct pair *p)
{
	struct wind_rule rule = {.deed = DEED_DROP,
				 .match = {.class = CLASS_DATA},
				 .first = 1,
				 .last = UINT32_MAX,
				 .chance_ppm = LOST_PPM};

	wind_rule_add(p->w, p->client, p->server, &rule);
}

static uint16_t port_of(uint32_t i)
{
	return (uint16_t)(FIRST_PORT + i / PORTS_EACH);
}

static void listen_for(struct pair *p, uint32_t connections)
{
	for (uint32_t port = FIRST_PORT; port <= port_of(connections - 1); port++) {
		struct sock s = sock_new(p->w, p->server);
		enum sock_error e = sock_bind(p->w, s, (uint16_t)port);

		ASSERT(e == SOCK_OK);
		e = sock_listen(p->w, s, PORTS_EACH);
		ASSERT(e == SOCK_OK);
	}
}

static struct sock connect_one(struct pair *p, uint32_t i)
{
	struct sock s = sock_new(p->w, p->client);
	enum sock_error e = sock_connect(p->w, s, p->server, port_of(i));

	ASSERT(e == SOCK_EINPROGRESS);
	return s;
}

/* Spread over one round trip, so that they do not all speak in the same microsecond. */
static void connect_all(struct pair *p, uint32_t connections)
{
	usec start = world_now(p->w);

	for (uint32_t i = 0; i < connections; i++) {
		world_advance(p->w, start + (usec)((uint64_t)i * 2 * DELAY / connections));
		connect_one(p, i);
	}
}

/* ---- median and spread ----------------------------------------------------------------------- */

static void sort(uint64_t *v, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t j = i; j > 0 && v[j] < v[j - 1]; j--) {
			uint64_t kept = v[j];

			v[j] = v[j - 1];
			v[j - 1] = kept;
		}
}

static struct bench_figure figure(uint64_t *runs, uint32_t n)
{
	sort(runs, n);
	return (struct bench_figure){.median = runs[n / 2], .least = runs[0], .most = runs[n - 1]};
}

static uint64_t per_second(uint64_t count, uint64_t us)
{
	return us ? count * 1000000 / us : 0;
}

/* ---- bulk ------------------------------------------------------------------------------------ */

struct speed {
	uint64_t segments, data, acks;
};

struct course {
	uint32_t connections;
	uint64_t segments;
	struct tcp_profile profile;
	bool has_loss;
};

/* All send one way without end. Measured when the windows are full, after slow start. */
static struct speed bulk(const struct bench_options *o, struct course *course)
{
	uint32_t connections = course->connections;
	struct world_figures before, after;
	struct pair p;
	uint64_t start, spent;
	usec at;

	/* A million full windows on their way would take 6 GB. */
	if (connections > 100000)
		course->profile.rcv_buff = 8 * 1448;
	pair_init(&p, &course->profile);
	if (course->has_loss)
		lose_some(&p);
	host_app(p.w, p.client, &(struct app){.kind = APP_SOURCE});
	listen_for(&p, connections);
	connect_all(&p, connections);
	/* Where some are lost, slow start is over soon. */
	world_advance(p.w, world_now(p.w) + (course->has_loss ? 6 : 15) * 2 * DELAY);
	world_figures(p.w, &before);
	at = world_now(p.w);
	start = o->cpu_us();
	do {
		at += DELAY / 4;
		world_advance(p.w, at);
		world_figures(p.w, &after);
	} while (after.data_delivered + after.acks_delivered - before.data_delivered -
			 before.acks_delivered <
		 course->segments);
	spent = o->cpu_us() - start;
	for (int promise = 0; promise < PROMISE_COUNT; promise++)
		ASSERT(world_broken(p.w, (enum promise)promise) == 0);
	ASSERT(after.connections_opened == 2ull * connections);
	world_free(p.w);
	after.data_delivered -= before.data_delivered;
	after.acks_delivered -= before.acks_delivered;
	return (struct speed){per_second(after.data_delivered + after.acks_delivered, spent),
			      per_second(after.data_delivered, spent),
			      per_second(after.acks_delivered, spent)};
}

static uint64_t wanted_segments(const struct bench_options *o)
{
	return o->segments ? o->segments : 3000000;
}

static struct bench_figure measure_course(const struct bench_options *o, struct course *course,
					  uint32_t n)
{
	uint64_t runs[BENCH_RUNS_MAX];

	for (uint32_t i = 0; i < n; i++)
		runs[i] = bulk(o, course).segments;
	return figure(runs, n);
}

static void measure_everything(const struct bench_options *o, struct bench_result *out)
{
	for (int size = BENCH_1; size <= BENCH_10000; size++) {
		struct course course = {sizes[size], wanted_segments(o),
					everything(WINDOW_EVERYTHING), true};

		out->everything_per_cpu_s[size] = measure_course(o, &course, out->runs);
	}
	for (int i = 0; i < BENCH_WINDOWS; i++) {
		struct course course = {1, wanted_segments(o), everything(windows[i]), true};

		course.profile.cc = CC_NONE; /* else 1 % lost would leave little of any window */
		out->window[i] = windows[i];
		out->window_per_cpu_s[i] = measure_course(o, &course, out->runs);
	}
}

static void measure_bulk(const struct bench_options *o, enum bench_size size,
			 struct bench_result *out)
{
	uint64_t segments[BENCH_RUNS_MAX], data[BENCH_RUNS_MAX], acks[BENCH_RUNS_MAX];
	struct course course = {sizes[size], wanted_segments(o), settings(), false};

	if (size == BENCH_1000000)
		course.segments *= 4;
	for (uint32_t i = 0; i < out->runs; i++) {
		struct speed s = bulk(o, &course);

		segments[i] = s.segments;
		data[i] = s.data;
		acks[i] = s.acks;
	}
	out->segments_per_cpu_s[size] = figure(segments, out->runs);
	out->data_per_cpu_s[size] = figure(data, out->runs);
	out->acks_per_cpu_s[size] = figure(acks, out->runs);
	out->is_measured[size] = true;
}

/* ---- short connections ---------------------------------------------------------------------- */

/* The server says back what it hears, and closes when the client has. */
static void round_batch(struct pair *p, uint32_t first, uint32_t n)
{
	struct sock s[ROUND_BATCH];
	struct text t;
	enum sock_error e;

	for (uint32_t i = 0; i < n; i++) {
		s[i] = connect_one(p, first + i);
		e = sock_write_all_synthetic(p->w, s[i], ROUND_OCTETS);
		ASSERT(e == SOCK_OK);
	}
	world_advance(p->w, world_now(p->w) + 4 * DELAY);
	for (uint32_t i = 0; i < n; i++) {
		e = sock_read(p->w, s[i], ROUND_OCTETS, &t);
		ASSERT(e == SOCK_OK);
		ASSERT(t.len == ROUND_OCTETS);
		e = sock_close(p->w, s[i]);
		ASSERT(e == SOCK_OK);
	}
	world_advance(p->w, world_now(p->w) + 3 * DELAY);
}

static uint64_t rounds(const struct bench_options *o, uint64_t wanted)
{
	enum { SPREAD = 64000 }; /* four-tuples in turn: longer than TIME-WAIT lasts */
	struct tcp_profile profile = settings();
	struct pair p;
	struct world_figures f;
	uint64_t start = 0, done = 0, warm = wanted / 4;

	profile.msl = 2 * USEC_PER_S;
	pair_init(&p, &profile);
	host_app(p.w, p.client, &(struct app){.kind = APP_BY_HAND});
	host_app(p.w, p.server, &(struct app){.kind = APP_ECHO, .closes_at_end = true});
	listen_for(&p, SPREAD);
	for (; done < wanted + warm; done += ROUND_BATCH) {
		if (done <= warm)
			start = o->cpu_us();
		if (done < warm)
			warm = warm / ROUND_BATCH * ROUND_BATCH;
		round_batch(&p, (uint32_t)(done % SPREAD), ROUND_BATCH);
	}
	start = o->cpu_us() - start;
	world_figures(p.w, &f);
	ASSERT(f.connections_opened == 2 * done);
	ASSERT(world_broken(p.w, PROMISE_STREAM) == 0);
	world_free(p.w);
	return per_second(done - warm, start);
}

static void measure_rounds(const struct bench_options *o, struct bench_result *out)
{
	uint64_t runs[BENCH_RUNS_MAX];

	for (uint32_t i = 0; i < out->runs; i++)
		runs[i] = rounds(o, o->rounds ? o->rounds : 200000);
	out->rounds_per_cpu_s = figure(runs, out->runs);
}

/* ---- memory --------------------------------------------------------------------------------- */

static uint64_t bytes(const struct world *w)
{
	struct world_figures f;

	world_figures(w, &f);
	return f.bytes_conns + f.bytes_time_wait + f.bytes_demux + f.bytes_pool;
}

static void measure_memory(struct bench_result *out)
{
	struct tcp_profile profile = settings();
	struct pair p;
	struct world_figures f;
	struct sock *socks = xmalloc(IDLE_PAIRS * sizeof *socks);
	uint64_t empty;

	pair_init(&p, &profile);
	listen_for(&p, IDLE_PAIRS);
	empty = bytes(p.w);
	connect_all(&p, IDLE_PAIRS);
	world_run(p.w, world_now(p.w) + USEC_PER_S);
	out->bytes_idle_pair = (uint32_t)((bytes(p.w) - empty + IDLE_PAIRS - 1) / IDLE_PAIRS);
	host_app(p.w, p.server, &(struct app){.kind = APP_DISCARD, .closes_at_end = true});
	ASSERT(host_socks(p.w, p.client, socks, IDLE_PAIRS) == IDLE_PAIRS);
	for (uint32_t i = 0; i < IDLE_PAIRS; i++)
		sock_close(p.w, socks[i]);
	world_run(p.w, world_now(p.w) + USEC_PER_S);
	world_figures(p.w, &f);
	ASSERT(f.time_waits == IDLE_PAIRS);
	out->bytes_time_wait = (uint32_t)((bytes(p.w) - empty + IDLE_PAIRS - 1) / IDLE_PAIRS);
	free(socks);
	world_free(p.w);
}

void bench_run(const struct bench_options *o, struct bench_result *out)
{
	static const char *const names[BENCH_SIZES] = {"1 connection", "100 connections",
						       "10000 connections", "1000000 connections"};

	*out = (struct bench_result){.runs = o->runs ? o->runs : 3};
	if (out->runs > BENCH_RUNS_MAX)
		out->runs = BENCH_RUNS_MAX;
	memcpy(out->connections, sizes, sizeof sizes);
	for (int size = 0; size < BENCH_SIZES; size++) {
		if (size == BENCH_1000000 && !o->has_million)
			continue;
		if (o->progress)
			o->progress(names[size]);
		measure_bulk(o, (enum bench_size)size, out);
	}
	if (o->progress)
		o->progress("everything on, 1 % lost");
	measure_everything(o, out);
	if (o->progress)
		o->progress("connect, talk, close");
	measure_rounds(o, out);
	if (o->progress)
		o->progress("memory");
	measure_memory(out);
}
