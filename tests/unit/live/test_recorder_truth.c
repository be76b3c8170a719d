/* SPDX-License-Identifier: MIT */
/*
 * The recorder against the truth: every scene is performed, the wire of each of its hosts is
 * captured there, and from the frames alone the recorder must find the states that its
 * connections really had, each at its time.
 */
#include "suites.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <base/sink.h>
#include <scene/scene.h>
#include <trace/frame.h>
#include "overheard.h"

static const usec epoch = INT64_C(1700000000000000);

/* ---- a capture at one host ------------------------------------------------------------------- */

static bool is_seen_at(const struct record *r, uint8_t host)
{
	if (r->host != host)
		return false;
	return r->kind == REC_SEND || r->kind == REC_ARRIVE ||
	       (r->kind == REC_DISCARD &&
		(r->detail == DISCARD_CHECKSUM || r->detail == DISCARD_QUEUE_FULL));
}

static uint64_t datagram_of(const struct trace *t, const struct record *r)
{
	while (r->of != r->serial && r->kind != REC_SEND)
		r = trace_at(t, r->of);
	return r->serial;
}

static void hear(struct recorder *rec, const struct trace *t, const struct record *r, uint16_t id)
{
	static struct frame frame;

	trace_frame(t, r, id, &frame);
	if (frame.size > 0)
		recorder_frame(rec, &(struct frame_sight){.at = epoch + r->at,
							  .link = 1,
							  .octets = frame.octets,
							  .size = frame.size,
							  .wire_size = frame.size});
}

static void endpoint_of(const struct trace *t, uint8_t host, uint16_t port, struct endpoint *out)
{
	*out = (struct endpoint){.port = port};
	if (host < trace_host_count(t))
		out->address = trace_host_at(t, host)->address;
}

/* What no segment shows the kernel tells: time has ended it, or an ICMP error. */
static void hear_end(struct recorder *rec, const struct trace *t, const struct record *r)
{
	const struct record *cause = trace_at(t, r->of);
	struct flow flow = {0};

	if ((cause->kind != REC_TIMER && cause->kind != REC_ICMP) || r->to != CLOSED)
		return;
	endpoint_of(t, r->host, r->from_port, &flow.end[0]);
	endpoint_of(t, r->peer, r->to_port, &flow.end[1]);
	recorder_gone(rec, epoch + r->at, &flow, 0);
}

static enum vantage vantage_of(const struct trace *t, uint8_t host)
{
	for (size_t i = 0; i < trace_conn_count(t); i++) {
		const struct trace_conn *c = trace_conn_nth(t, i);

		if (c->host == host)
			return c->is_listener ? VANTAGE_CALLED : VANTAGE_CALLER;
	}
	return VANTAGE_BETWEEN;
}

/* As long as these people's profile has it. */
static usec time_wait_of(const struct trace *t, uint8_t host)
{
	usec since = 0;
	uint32_t conn = 0;

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind != REC_STATE || r->host != host)
			continue;
		if (r->to == TIME_WAIT && conn == 0) {
			since = r->at;
			conn = r->conn;
		}
		if (r->from == TIME_WAIT && r->conn == conn)
			return r->at - since;
	}
	return 0;
}

static struct recorder *captured(const struct trace *t, uint8_t host)
{
	struct recorder_options o = {.epoch = epoch,
				     .time_wait = time_wait_of(t, host),
				     .keeps_frames = true,
				     .vantage = vantage_of(t, host)};
	struct recorder *rec = recorder_new(&o);
	uint16_t *ids = calloc(trace_count(t) + 1, sizeof *ids);
	struct datagrams all = {0};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		ids[i] = datagrams_see(&all, t, r);
		if (is_seen_at(r, host))
			hear(rec, t, r, ids[datagram_of(t, r)]);
		if (r->kind == REC_STATE && r->host == host)
			hear_end(rec, t, r);
	}
	recorder_end(rec, epoch + trace_at(t, trace_count(t) - 1)->at);
	free(ids);
	return rec;
}

/* ---- the comparison -------------------------------------------------------------------------- */

static bool is_same_conn(const struct trace *a, const struct trace_conn *x, const struct trace *b,
			 const struct trace_conn *y)
{
	return x->port == y->port && x->peer_port == y->peer_port && !y->is_listener &&
	       address_eq(&trace_host_at(a, x->host)->address, &trace_host_at(b, y->host)->address);
}

/* The n-th connection that had these ends; NULL: there is none. */
static const struct trace_conn *conn_like(const struct trace *a, const struct trace_conn *x,
					  const struct trace *b, size_t n)
{
	for (size_t i = 0; i < trace_conn_count(b); i++) {
		const struct trace_conn *y = trace_conn_nth(b, i);

		if (is_same_conn(a, x, b, y) && n-- == 0)
			return y;
	}
	return NULL;
}

static size_t ordinal_of(const struct trace *t, const struct trace_conn *c)
{
	size_t n = 0;

	while (conn_like(t, c, t, n) != c)
		n++;
	return n;
}

/* Who has given up says nothing about it. */
static bool is_silent_end(const struct trace *t, const struct record *r)
{
	return r->to == CLOSED && r->of != r->serial && trace_at(t, r->of)->kind == REC_TIMER;
}

static void put_steps(const struct trace *t, const struct trace_conn *c, bool has_times,
		      struct sink *out)
{
	for (uint64_t i = 0; c && i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_STATE && r->conn == c->serial &&
		    (has_times || !is_silent_end(t, r)))
			sink_printf(out, " %" PRId64 ":%s>%s", has_times ? r->at : 0,
				    state_name((enum state)r->from), state_name((enum state)r->to));
	}
	sink_puts(out, "");
}

/* What no wire shows: a machine that forgets, and one that heeds RFC 1337 where Linux does not. */
static bool is_hidden(const struct trace *t, uint8_t host, const char *name)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		if (trace_at(t, i)->kind == REC_CRASH && trace_at(t, i)->host == host)
			return true;
	}
	return strstr(name, "old-words") != NULL && host == 0;
}

static bool has_strangers(const struct trace *t)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		if (trace_at(t, i)->is_stranger)
			return true;
	}
	return false;
}

/* When the answer to its SYN left, there was no connection yet: no wire shows that. */
static bool is_born_of_cookie(const struct trace *t, const struct trace_conn *c)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_RULE && r->rule == R_COOKIE_GOOD && r->conn == c->serial)
			return true;
	}
	return false;
}

/* The end of 2 MSL over there is nowhere to be seen. */
static void drop_end(char *steps)
{
	char *end = strstr(steps, " 0:TIME_WAIT>CLOSED");

	if (end)
		*end = '\0';
}

struct score {
	int own, far, wrong;
};

/* A connection of the host itself: its steps, each at its time. One of who speaks with it: its
 * steps, where nobody forged a segment and one of it came here at all. */
static void compare_conn(const struct trace *t, const struct trace_conn *c, uint8_t host,
			 const struct trace *found, const char *name, struct score *score)
{
	const struct trace_conn *same = conn_like(t, c, found, ordinal_of(t, c));
	struct sink truth = {0}, seen = {0};
	bool is_own = c->host == host;
	bool has_times = is_own && !is_born_of_cookie(t, c);

	if (!is_own && (!same || c->peer != host || has_strangers(t)))
		return;
	put_steps(t, c, has_times, &truth);
	put_steps(found, same, has_times, &seen);
	if (!is_own) {
		drop_end(truth.at);
		drop_end(seen.at);
	}
	score->own += is_own;
	score->far += !is_own;
	if (strcmp(truth.at, seen.at) != 0) {
		score->wrong++;
		fprintf(stderr, "%s seen at %s, connection %u:\n true%s\n seen%s\n", name,
			trace_host_at(t, host)->name, c->serial, truth.at, seen.at);
	}
	sink_fini(&truth);
	sink_fini(&seen);
}

static void compare_at(const struct trace *t, uint8_t host, const char *name, struct score *score)
{
	struct recorder *rec = captured(t, host);

	for (size_t i = 0; i < trace_conn_count(t); i++) {
		const struct trace_conn *c = trace_conn_nth(t, i);

		if (!c->is_listener && !is_hidden(t, c->host, name) && !is_hidden(t, host, name))
			compare_conn(t, c, host, recorder_trace(rec), name, score);
	}
	recorder_free(rec);
}

/* ---- the scenes ------------------------------------------------------------------------------ */

static char *file_text(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rb");
	struct sink out = {0};
	char some[4096];
	size_t got;

	ck_assert_msg(file != NULL, "%s", path);
	while ((got = fread(some, 1, sizeof some, file)) > 0)
		sink_put(&out, some, got);
	fclose(file);
	*n = out.count;
	return out.at;
}

static void compare_scene(const char *path, struct score *score)
{
	size_t n;
	char *text = file_text(path, &n);
	struct diags d = {0};
	struct scene_file *f = scene_parse(path, text, n, NULL, &d);

	ck_assert_ptr_nonnull(f);
	for (size_t i = 0; i < scene_variant_count(f); i++) {
		struct scene_run *run = scene_run_new(f, i, NULL, &d);
		const struct trace *t;

		ck_assert_ptr_nonnull(run);
		scene_run_all(run);
		t = scene_run_trace(run);
		for (size_t host = 0; host < trace_host_count(t); host++) {
			char name[300];

			snprintf(name, sizeof name, "%s%s", path + sizeof SOURCE_ROOT,
				 scene_variant_name(f, i));
			compare_at(t, (uint8_t)host, name, score);
		}
		scene_run_free(run);
	}
	scene_free(f);
	diags_fini(&d);
	free(text);
}

START_TEST(test_every_scene)
{
	struct score score = {0};
	glob_t scenes;

	glob(SOURCE_ROOT "/scenarios/*.scene", 0, NULL, &scenes);
	glob(SOURCE_ROOT "/scenarios/*/*.scene", GLOB_APPEND, NULL, &scenes);
	ck_assert_uint_ge(scenes.gl_pathc, 40);
	for (size_t i = 0; i < scenes.gl_pathc; i++)
		compare_scene(scenes.gl_pathv[i], &score);
	globfree(&scenes);
	ck_assert_int_eq(score.wrong, 0);
	ck_assert_int_ge(score.own, 100);
	ck_assert_int_ge(score.far, 100);
}
END_TEST

Suite *recorder_truth_suite(void)
{
	Suite *s = suite_create("recorder_truth");
	TCase *c = tcase_create("recorder_truth");

	tcase_set_timeout(c, 120);
	tcase_add_test(c, test_every_scene);
	suite_add_tcase(s, c);
	return s;
}
