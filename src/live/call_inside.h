/* SPDX-License-Identifier: MIT */
/* call_inside.h - what the parts of the client share: how it connects (call_connect.c), how it
 * speaks and ends (call.c), and what it says unattended (call_count.c). */
#ifndef LIVE_CALL_INSIDE_H
#define LIVE_CALL_INSIDE_H

#include <netdb.h>
#include "live/answers.h"
#include "live/call.h"
#include "live/sock.h"

enum call_phase {
	CALL_CONNECTING,
	CALL_OPEN,
	CALL_LINGERING, /* close() would wait for the last words to be acknowledged: we do */
	CALL_OVER,
};

enum { CALL_PIECE = 65536 };

struct call {
	struct loop *loop;
	struct call_watcher watcher;
	struct addrinfo *found, *next; /* the addresses; those not tried yet */
	int fd;                        /* -1: none */
	uint8_t phase;                 /* enum call_phase */
	bool is_leaving, is_shut;      /* wants to end; has sent its FIN */
	enum call_way way;
	int linger_s;
	unsigned events; /* what is waited for */
	struct flow flow;
	struct answers answers;
	uint64_t timer; /* the next address, linger, or the end that nobody told */
	usec patience;  /* CALL_LINGERING: until when */
	struct call_figures figures;

	/* Unattended. */
	uint64_t count, asked; /* messages to be sent; sent */
	usec interval, due;
	uint32_t size;
	uint64_t count_timer;

	char buffer[CALL_PIECE];
};

usec call_time(const struct call *c); /* for an act; no watcher: no clock is read */
void call_tell(struct call *c, usec at, enum call_verb verb, enum sock_error error,
	       const void *octets, size_t n);
void call_heard(void *user, int fd, unsigned events);
/* The socket is closed and `ended` is told. */
void call_finish(struct call *c, enum sock_error error);

/* call_connect.c */
void call_try_next(struct call *c, int last_error); /* an errno */
void call_connect_heard(struct call *c);
void call_is_connected(struct call *c); /* call.c */

/* call_count.c */
void call_count_start(struct call *c);
void call_count_heard(struct call *c); /* an echo has come back */
void call_count_stop(struct call *c);

#endif
