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
	bool is_ipv6; /* names: IPv6 only */
	/* Unattended: so many messages of this size (octets, a line each), so far apart (0: each
	 * when the last is back), and then the end. It waits some seconds for echoes that do not
	 * come, and for the other side's end: ETIMEDOUT. */
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
/* Names are looked up before it returns, which may take as long as it takes; nothing else waits.
 * NULL: the complaint says why (no such host). That nobody listens there is told by `ended`. */
struct call *call_open(struct loop *l, const struct call_options *o, const struct call_watcher *w,
		       struct sink *complaint);
/* Nothing has ended it yet. */
bool call_may_say(const struct call *c);
/* Kept until the kernel takes it and its echo is back. False: there is no more room until an echo
 * makes some, or nothing may be said any more. */
bool call_say(struct call *c, const void *octets, size_t n);
/* When the kernel has taken all that was said: SHUTDOWN sends the FIN and still hears, until the
 * other side's FIN; CLOSE closes, whatever comes. ABORT resets at once. */
void call_leave(struct call *c, enum call_way way);
bool call_linger(struct call *c, int seconds); /* SO_LINGER; -1: off */
bool call_is_over(const struct call *c);
void call_figures(const struct call *c, struct call_figures *out);
void call_flow(const struct call *c, struct flow *out);
void call_free(struct call *c);

#endif
