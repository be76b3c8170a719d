/* SPDX-License-Identifier: MIT */
/*
 * serve.h - the echo server (RFC 862) over the kernel's TCP. It runs in a loop (loop.h) and tells
 * its calls to an act_watcher.
 *
 * `q` closes that connection, as in the story, when it comes alone: all that arrived since the last
 * line end, or since everything before it had been echoed, followed by LF, CRLF, FIN or 200 ms of
 * silence. It is not echoed. A FIN is answered only when all that came before it was echoed.
 *
 * What cannot be echoed at once waits in a bounded buffer of the connection, and no more is read
 * until there is room: back-pressure. Nothing is lost or altered.
 */
#ifndef LIVE_SERVE_H
#define LIVE_SERVE_H

#include <base/sink.h>
#include "live/loop.h"
#include "live/sight.h"

enum { ECHO_PORT = 8888, ECHO_BACKLOG = 5 };

/* Zeroed but for what has its own default in the comment: use serve_defaults. */
struct serve_options {
	const char *bind; /* an address; NULL: 127.0.0.1, or ::1 */
	uint16_t port;    /* 8888; 0: any free one */
	int backlog;      /* 5 */
	bool is_ipv6;
	bool reuse_address;  /* SO_REUSEADDR */
	int linger_s;        /* SO_LINGER of each connection in seconds; -1: as the kernel has it */
	bool one_at_a_time;  /* accept() the next only when this one has ended */
	bool is_transparent; /* `q` is text like any other */
};

/* What a server tells besides its calls; any may be NULL. */
struct serve_watcher {
	struct act_watcher acts;
	void *user;
	void (*opened)(void *user, const struct flow *f);
	/* Octets got and sent back; `error` SOCK_OK when it ended in order; was it by `q`? */
	void (*closed)(void *user, const struct flow *f, uint64_t got, uint64_t sent,
		       enum sock_error error, bool by_q);
	/* Something to be said once: descriptors have run out, there is room again. */
	void (*notice)(void *user, const char *text_en, const char *text_zh);
};

struct serve_figures {
	uint64_t accepted, ended, reset; /* connections */
	uint64_t got, sent;              /* octets */
	uint32_t open, open_most;
	bool is_short_of_descriptors;
};

struct serve;

void serve_defaults(struct serve_options *o);
/* NULL: the complaint says why, with what to do about it. */
struct serve *serve_open(struct loop *l, const struct serve_options *o,
			 const struct serve_watcher *w, struct sink *complaint);
/* Where it listens. */
void serve_where(const struct serve *s, struct endpoint *out);
void serve_figures(const struct serve *s, struct serve_figures *out);
/* Orderly: no more are accepted, those that are open get what they sent and a FIN, at most so
 * long. */
void serve_stop(struct serve *s, usec patience);
bool serve_is_over(const struct serve *s);
void serve_close(struct serve *s); /* at once; frees */

#endif
