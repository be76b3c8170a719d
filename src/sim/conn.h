/* SPDX-License-Identifier: MIT */
/*
 * conn.h - what the world keeps of a connection: the engine's TCB and the socket around it, or in
 * TIME-WAIT, once the user is gone, a packed form of both.
 */
#ifndef SIM_CONN_H
#define SIM_CONN_H

#include <woshou/tcp.h>
#include <woshou/world.h>
#include <sim/wheel.h>

/* Both ends of a connection, seen from one of them. */
struct tuple {
	uint16_t remote_port, port;
	uint16_t remote; /* a host, or from WORLD_HOSTS_MAX on an address where nobody lives */
	uint16_t host;
};

enum { REMOTE_ANY = UINT16_MAX }; /* a listener's; its remote_port is 0 */

static inline uint64_t tuple_key(struct tuple t)
{
	return (uint64_t)t.host << 48 | (uint64_t)t.remote << 32 | (uint64_t)t.port << 16 |
	       t.remote_port;
}

/* The same, seen from the other end. */
static inline struct tuple tuple_turned(struct tuple t)
{
	return (struct tuple){t.port, t.remote_port, t.host, t.remote};
}

enum conn_flag {
	CONN_USED = 1 << 0, /* the slot is taken */
	CONN_LISTENER = 1 << 1,
	CONN_ACTIVE = 1 << 2,   /* connect() was called; its answer is still owed */
	CONN_HASHED = 1 << 3,   /* segments find it */
	CONN_BOUND = 1 << 4,    /* bind() was called */
	CONN_PORT = 1 << 5,     /* it is counted among its port's users... */
	CONN_HARD = 1 << 6,     /* ...as one that keeps SO_REUSEADDR off the port */
	CONN_REUSE = 1 << 7,    /* SO_REUSEADDR */
	CONN_LINGER_0 = 1 << 8, /* SO_LINGER with time 0: close() is ABORT */
	CONN_SHUT = 1 << 9,     /* shutdown() or close() was called: nothing more may be written */
	CONN_CLOSED = 1 << 10,  /* close() was called: the application is gone */
	CONN_SHUT_DONE = 1 << 11, /* the engine was told so: the writer's queue was empty */
	CONN_CLOSE_DONE = 1 << 12,
	CONN_SYN_QUEUE = 1 << 13,    /* of its listener */
	CONN_ACCEPT_QUEUE = 1 << 14, /* of its listener */
	CONN_EDGE = 1 << 15,         /* `edge` is valid */
	CONN_OCTETS = 1 << 16, /* the stream's octets lie in the streams (always so with a trace) */
	CONN_EOF = 1 << 17,    /* the application has read the end of the stream */
	CONN_TOLD = 1 << 18,   /* `error` was the answer to a call */
	CONN_ENDLESS = 1 << 19,   /* the application writes as long as it can */
	CONN_CONNECTED = 1 << 20, /* was ESTABLISHED at some time */
	CONN_DEAD = 1 << 21,      /* its TCB was deleted */
	CONN_SHUT_READ = 1 << 22, /* shutdown(SHUT_RD) */
	CONN_NO_SPACE = 1 << 23,  /* a write found too little room, and nobody was woken since */
};

struct conn {
	struct tcb tcb;
	struct wheel_node timer; /* at tcp_next_timeout(), or earlier: see conn_arm() */
	struct tuple at;
	uint32_t next;      /* of those with the same hash */
	uint32_t flags;     /* set of enum conn_flag */
	uint32_t serial;    /* in the trace; also the number of its stream; 0: not born yet */
	uint32_t profile;   /* settings of its own; 0: the host's */
	uint64_t delivered; /* octets its application has read */
	uint32_t peer;      /* the serial of who sent the SYN that it took; 0: a stranger, nobody */
	seq32 edge;         /* right edge of the window, as last told to the peer */
	uint64_t written;   /* octets of its stream */
	uint64_t unsent;    /* the last so many of them the engine has not taken yet */
	uint32_t fd;        /* its descriptor; 0: not accepted yet */
	uint16_t label;
	uint8_t error;           /* enum sock_error: why it died */
	uint8_t soft_error;      /* what ICMP told of it */
	struct wheel_node tick;  /* a stock application's next act */
	uint32_t older, younger; /* of the same host */
	union {
		struct {
			uint32_t listener, next, prev; /* in one of the listener's queues */
			uint32_t measure; /* for TCP_INFO; 0: none */
			usec since; /* when the application got it; its ticks count from here */
		} child;
		struct {
			uint32_t backlog, syns, accepts; /* allowed; waiting */
			uint32_t syn_first, accept_first, accept_last;
		} listen;
	};
};

/* What a sender has been waiting for. */
enum chrono { CHRONO_IDLE, CHRONO_BUSY, CHRONO_WINDOW, CHRONO_BUFFER, CHRONO_COUNT };

struct measure {
	usec spent[CHRONO_COUNT];
	usec since; /* in this one... */
	usec last_data_recv, last_ack_recv; /* -1: never */
	uint32_t wakes;
	uint8_t chrono; /* ...enum chrono */
};

_Static_assert(sizeof(struct conn) - sizeof(struct tcb) <= 152, "a socket is small");
_Static_assert(sizeof(struct conn) <= 496, "two ends and their demultiplexing fit 1 KiB");

enum { TIME_WAIT_PACKED = sizeof(struct tcb_time_wait) - sizeof(usec) };

/* The moment when TIME-WAIT ends stands in `timer` alone. */
struct time_wait {
	struct wheel_node timer;
	struct tuple at;
	uint32_t next, serial, profile, fd;
	uint8_t packed[TIME_WAIT_PACKED];
};

_Static_assert(offsetof(struct tcb_time_wait, until) == 0, "what is packed comes after it");
_Static_assert(sizeof(struct time_wait) <= 80, "with its descriptor and hash 96 octets");

/* What a struct sock names: 0 nothing, else an id as the wheel's. */
struct descriptor {
	uint32_t where, serial;
};

#endif
