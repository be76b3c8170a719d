/* SPDX-License-Identifier: MIT */
/* inside.h - the world as its own files see it. What they do for each other stands in parts.h. */
#ifndef SIM_INSIDE_H
#define SIM_INSIDE_H

#include <woshou/world.h>
#include <woshou/scripted.h>
#include <base/assert.h>
#include <base/prng.h>
#include <sim/demux.h>
#include <sim/flight.h>

/* Kinds of events, in the wheel's ids. */
enum {
	EVENT_FLIGHT = 0,
	EVENT_TIMER = WHERE_CONN,
	EVENT_TICK = 2,
	EVENT_TIME_WAIT = WHERE_TIME_WAIT
};

/* Streams of chance, one a purpose. */
enum purpose { CHANCE_HASH = 1, CHANCE_ISN, CHANCE_JITTER, CHANCE_LOSS, CHANCE_CORRUPT };

static inline uint64_t chance_stream(enum purpose p, uint32_t a, uint32_t b, uint32_t c)
{
	return (uint64_t)p << 48 | (uint64_t)a << 40 | (uint64_t)b << 32 | c;
}

struct port_use {
	uint32_t users; /* sockets, connections, and those in TIME-WAIT */
	uint32_t bound; /* of them by bind() */
	uint32_t hard;  /* of them neither with SO_REUSEADDR nor in TIME-WAIT */
};

enum { PORT_PAGE = 256 };

/* One side of a conversation of a scripted host: what it says is a connection in the trace. */
struct mouth {
	uint16_t port, to_port;
	uint8_t to;
	bool has_syn;
	seq32 syn;        /* SEG.SEQ of its SYN, or of its first segment */
	uint32_t serial;  /* of the connection and of its stream */
	uint64_t written; /* octets of the stream */
};

struct host {
	char *name;
	struct tcp_profile profile;
	struct address address;
	bool is_down, is_multicast;
	struct app app;
	seq32 *isn;
	size_t isn_count, isn_next;
	struct prng boot;                          /* a new key for every boot */
	uint64_t isn_key[2];                       /* RFC 6528's secret */
	usec cookies_until;                        /* a SYN cookie sent before may be good */
	uint16_t port;                             /* where others reach it by default */
	uint16_t next_port;                        /* ephemeral */
	uint32_t oldest, youngest;                 /* sockets */
	struct port_use *ports[65536 / PORT_PAGE]; /* pages, NULL until used */
	bool is_scripted;
	ARRAY(struct mouth) mouths; /* of a scripted host */
	ARRAY(struct heard) heard;
	size_t heard_told;
};

/* Settings of one connection (or of a listener and its children). */
struct own_profile {
	uint32_t users;
	struct tcp_profile profile;
};

struct label {
	uint32_t serial;  /* connection; 0: not yet */
	const char *name; /* until it is born; the trace's */
};

struct world {
	usec now;
	uint64_t seed, events;
	struct trace *trace;
	struct streams *streams; /* the trace's, or our own */
	uint32_t picture_every;
	uint64_t pictured; /* records there were at the last one */

	struct host *host[WORLD_HOSTS_MAX];
	uint8_t host_count;
	uint16_t direction_of[WORLD_HOSTS_MAX][WORLD_HOSTS_MAX]; /* index + 1; 0: calm air */
	ARRAY(struct direction *) directions;
	/* Words that have set out from one host to another, the copies that the wind makes too. */
	uint32_t words[WORLD_HOSTS_MAX][WORLD_HOSTS_MAX];
	uint32_t doors; /* of all directions: who waits there */
	ARRAY(struct way) ways;
	ARRAY(struct address) nowhere;
	ARRAY(struct label) labels;

	struct wheel wheel;
	struct pool conns, time_waits, flights, fds, profiles, measures;
	bool is_measuring;
	struct demux demux;
	struct tcp_pool blocks;
	struct tcp_env env;
	struct tcp_note notes[TCP_NOTES_MAX];
	uint64_t hits[RULE_COUNT];
	uint32_t serials, strangers; /* connections born; streams out of nowhere */
	uint32_t descriptors;        /* ever made: what tells a used-again one apart */
	uint32_t spare;              /* a flight taken in advance */

	/* The event that is going on. */
	uint64_t cause;    /* its record */
	struct tcb before; /* the TCB before the engine was called; only with a trace */
	uint8_t state_before;
	struct trace_place stranger_place;

	uint64_t broken[PROMISE_COUNT];
	bool expects_broken[PROMISE_COUNT];
	struct world_figures figures;
};

static inline struct conn *conn_at(const struct world *w, uint32_t index)
{
	return pool_at(&w->conns, index);
}

static inline uint32_t conn_id(uint32_t index)
{
	return wheel_id(WHERE_CONN, index);
}

static inline struct flight *flight_at(const struct world *w, uint32_t index)
{
	return pool_at(&w->flights, index);
}

static inline struct way *way_of(const struct world *w, uint32_t flight)
{
	return &w->ways.at[flight];
}

static inline struct host *host_of(const struct world *w, const struct conn *c)
{
	return w->host[c->at.host];
}

static inline bool conn_is(const struct conn *c, uint32_t flags)
{
	return (c->flags & flags) != 0;
}

#endif
