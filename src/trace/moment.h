/* SPDX-License-Identifier: MIT */
/*
 * moment.h - what is true after record n: the fold of the trace. Every view, expectation and
 * answer asks a moment; none looks into a world.
 */
#ifndef TRACE_MOMENT_H
#define TRACE_MOMENT_H

#include <woshou/trace.h>
#include <base/array.h>

/* One connection or listener as it is. */
struct moment_conn {
	uint32_t conn; /* serial */
	uint8_t host;
	bool is_alive; /* not yet CLOSED for good */
	int64_t field[TCB_FIELD_COUNT];
	usec set[TIMER_COUNT]; /* moment_since answers */
};

/* A segment on its way (or just lost, until the next record). */
struct moment_flight {
	uint64_t send; /* its REC_SEND (or REC_WIND duplicate) */
	usec sent;
	bool is_lost;
};

struct moment {
	uint64_t cursor; /* records [0, cursor) are true */
	usec at;
	size_t conn_count;
	ARRAY(struct moment_page *) pages;   /* of connections; moment.c's own */
	ARRAY(struct moment_flight) flights; /* by send */
	size_t lost;                         /* flights that are */
	struct {
		uint32_t newest; /* serial of the newest connection, else of the listener, else 0 */
		uint32_t listener;
		bool is_down;
		uint64_t read; /* octets read by the application, all connections */
	} host[64];
	uint64_t scene, say; /* last REC_SCENE / REC_SAY record + 1; 0: none yet */
	uint32_t expect_pass, expect_fail;
	struct moment_memory *memory; /* moment.c's own: pictures of earlier moments */
};

/* Takes and gives: a zeroed moment is the moment before the first record. Going forward folds the
 * records between; going back starts from the nearest picture the moment keeps, or from 0. */
void moment_go(struct moment *m, const struct trace *t, uint64_t cursor);
void moment_fini(struct moment *m);
const struct moment_conn *moment_conn(const struct moment *m, uint32_t serial); /* NULL: unknown */
/* All there were so far, by serial: 0 to conn_count - 1. */
const struct moment_conn *moment_conn_nth(const struct moment *m, size_t index);
/* When this FIELD_DEADLINE was set to what it is. */
usec moment_since(const struct moment_conn *c, enum tcb_field deadline);
/* The state of a person: newest connection, else listener, else CLOSED (scene language, Meaning 2).
 */
enum state moment_state(const struct moment *m, uint8_t host);
/* The cursor just after the last record with at <= t. */
uint64_t trace_cursor_at(const struct trace *t, usec at);

#endif
