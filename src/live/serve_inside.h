/* SPDX-License-Identifier: MIT */
/* serve_inside.h - what the parts of the server share: the listener (serve.c), its connections
 * (serve_conn.c) and how they end (serve_end.c). */
#ifndef LIVE_SERVE_INSIDE_H
#define LIVE_SERVE_INSIDE_H

#include "live/quit.h"
#include "live/serve.h"
#include "live/sock.h"

/*
 * One buffer serves all: what is read is sent at once, and only what the kernel does not take is
 * kept, by the connection. So a connection keeps at most one piece; and where many are blocked, new
 * pieces are small: REST_PLENTY in all, and PIECE_SMALL for each further one.
 */
enum { PIECE = 65536, PIECE_SMALL = 4096, REST_PLENTY = 32 << 20 };

/* Octets that the kernel keeps for one who does not read, beyond those on their way: what follows
 * waits with the client. Without it, it were megabytes each. */
enum { KERNEL_UNSENT = 131072 };

enum phase {
	PHASE_ECHO,
	PHASE_LAST,   /* nothing more is read: the rest, then the end */
	PHASE_WAIT,   /* the server stops: our FIN is sent, theirs is waited for */
	PHASE_LINGER, /* the end that --linger waits for */
};

struct serve_conn {
	struct serve *serve;
	struct serve_conn *next, *previous; /* of those that are open */
	int fd;
	struct quit quit;
	uint8_t phase;  /* enum phase */
	uint8_t events; /* what is waited for */
	bool by_q;
	uint32_t rest_at, rest_count;
	uint8_t *rest;
	uint64_t timer;
	usec patience; /* PHASE_LINGER: until when; PHASE_WAIT: silence */
	uint64_t got, sent;
	struct flow flow;
};

struct serve {
	struct loop *loop;
	struct serve_options options;
	struct serve_watcher watcher;
	int fd; /* -1: no more are accepted */
	bool is_watched, is_stopping, has_complained;
	usec complained; /* when */
	uint64_t again;  /* timer: look whether there are descriptors now */
	uint64_t patience;
	struct endpoint where;
	bool is_any; /* an address of each connection's own */
	struct serve_figures figures;
	struct serve_conn *first;
	uint64_t rest; /* octets that all of them keep */
	uint8_t buffer[QUIT_HELD_MOST + PIECE];
};

/* A call is told with the time before it (a read: after it). No watcher: no clock is read. */
usec serve_time(const struct serve *s);
void conn_tell(struct serve_conn *c, usec at, enum call_verb verb, enum sock_error error,
	       const void *octets, size_t n);
void conn_tell_option(struct serve_conn *c, usec at, const char *name, int64_t value);

/* serve_conn.c */
void conn_open(struct serve *s, int fd, const struct sockaddr_storage *peer, usec at);
void conn_read(struct serve_conn *c); /* c may be gone afterwards, as with all of these */
void conn_wait_for(struct serve_conn *c, unsigned events);

/* serve_end.c */
void conn_fail(struct serve_conn *c, int error_number);
/* The rest, then the end: after a FIN, or the word. */
void conn_end(struct serve_conn *c);
void conn_drop(struct serve_conn *c, enum sock_error error); /* at once */
/* The server stops: called when nothing is left to be echoed. */
void conn_take_leave(struct serve_conn *c);
/* Octets in PHASE_WAIT, or their end. */
void conn_wait_more(struct serve_conn *c);

/* serve.c: one has ended. */
void serve_has_room(struct serve *s);

#endif
