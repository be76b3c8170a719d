/* SPDX-License-Identifier: MIT */
/*
 * call.h - the echo client over the kernel's TCP: what it is given is sent, echoes come back with
 * their round-trip time. It speaks to any echo server. It runs in a loop and tells its calls.
 */
#ifndef LIVE_CALL_H
#define LIVE_CALL_H

#include <base/sink.h>
#include "live/loop.h"
#include "live/sight.h"

struct call_options {
	const char *host; /* a name or an address; NULL: 127.0.0.1 */
	uint16_t port;
	bool is_ipv6;     /* names: IPv6 only */
	/* Unattended: so many messages of this size (octets, a line each), so far apart. */
	uint64_t count;
	usec interval;
	uint32_t size;
};

enum call_way { CALL_WAY_SHUTDOWN, CALL_WAY_CLOSE, CALL_WAY_ABORT };

struct call_watcher {
	struct act_watcher acts;
	void *user;
	void (*connected)(void *user, const struct flow *f);
	/* An echo came back whole: what was sent, and how long it took. */
	void (*echoed)(void *user, const void *octets, size_t n, usec rtt);
	/* Octets that answer nothing that was sent, or answer it otherwise. */
	void (*strange)(void *user, const void *octets, size_t n);
	void (*ended)(void *user, enum sock_error error); /* SOCK_OK: in order */
};

struct call_figures {
	uint64_t sent, got, messages, answered; /* octets, octets, messages, messages */
	usec rtt_least, rtt_most, rtt_sum;
};

struct call;

/* Where the first attempt will go: to be watched before it is made. False: the complaint. */
bool call_find(const struct call_options *o, struct endpoint *first, struct sink *complaint);
/* NULL: the complaint says why (no such host). That nobody listens there is told by `ended`. */
struct call *call_open(struct loop *l, const struct call_options *o, const struct call_watcher *w,
		       struct sink *complaint);
/* Kept until the kernel takes it. False: the connection has no more room for words of ours. */
bool call_say(struct call *c, const void *octets, size_t n);
void call_leave(struct call *c, enum call_way way);
bool call_linger(struct call *c, int seconds); /* SO_LINGER; -1: off */
bool call_is_over(const struct call *c);
void call_figures(const struct call *c, struct call_figures *out);
void call_flow(const struct call *c, struct flow *out);
void call_free(struct call *c);

#endif
