/* SPDX-License-Identifier: MIT */
#include "two.h"

#include <check.h>

void two_init(struct two *two)
{
	static const seq32 zhang[] = {{1000}, {2000}, {3000}}, li[] = {{5000}, {6000}, {7000}};

	two->t = trace_new();
	two->w = world_new(&(struct world_options){.seed = 1, .trace = two->t, .measures = true});
	host_add(two->w, &(struct host_options){.name = "zhang", .isn = zhang, .isn_count = 3});
	host_add(two->w, &(struct host_options){.name = "li", .isn = li, .isn_count = 3});
	world_wind(two->w, ZHANG, LI)->delay = at_ms(50);
	world_wind(two->w, LI, ZHANG)->delay = at_ms(50);
}

void two_fini(struct two *two)
{
	world_free(two->w);
	trace_free(two->t);
}

struct sock two_listens(struct two *two, uint32_t backlog)
{
	struct sock s = sock_new(two->w, LI);

	ck_assert_int_eq(sock_bind(two->w, s, 8888), SOCK_OK);
	ck_assert_int_eq(sock_listen(two->w, s, backlog), SOCK_OK);
	return s;
}

struct sock two_connects(struct two *two)
{
	struct sock s = sock_new(two->w, ZHANG);

	ck_assert_int_eq(sock_connect(two->w, s, LI, 8888), SOCK_EINPROGRESS);
	return s;
}

struct sock two_child(const struct two *two)
{
	struct sock s;

	ck_assert_uint_eq(host_socks(two->w, LI, &s, 1), 1);
	return s;
}

usec at_ms(int64_t ms)
{
	return ms * USEC_PER_MS;
}

void until(struct two *two, int64_t ms)
{
	world_advance(two->w, at_ms(ms));
}

static bool is_like(const struct record *r, enum record_kind kind, uint8_t host, int detail)
{
	return r->kind == kind && (host == TRACE_NO_HOST || r->host == host) &&
	       (detail < 0 || r->detail == detail);
}

uint32_t count(const struct two *two, enum record_kind kind, uint8_t host, int detail)
{
	uint32_t n = 0;

	for (uint64_t i = 0; i < trace_count(two->t); i++)
		n += is_like(trace_at(two->t, i), kind, host, detail);
	return n;
}

const struct record *nth(const struct two *two, uint32_t n, enum record_kind kind, uint8_t host,
			 int detail)
{
	for (uint64_t i = 0; i < trace_count(two->t); i++) {
		const struct record *r = trace_at(two->t, i);

		if (is_like(r, kind, host, detail) && --n == 0)
			return r;
	}
	return NULL;
}

const struct record *nth_sent(const struct two *two, uint32_t n, uint8_t host, uint16_t ctl)
{
	for (uint64_t i = 0; i < trace_count(two->t); i++) {
		const struct record *r = trace_at(two->t, i);

		if (is_like(r, REC_SEND, host, -1) && r->seg.ctl == ctl && --n == 0)
			return r;
	}
	return NULL;
}
