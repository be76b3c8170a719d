/* SPDX-License-Identifier: MIT */
/* sock.h - what server and client share: the kernel's addresses and errors in our words. */
#ifndef LIVE_SOCK_H
#define LIVE_SOCK_H

#include <sys/socket.h>
#include "live/sight.h"

/* IPv4 in IPv6's clothes (::ffff:10.0.0.1) is told as what it is on the wire. */
void sock_endpoint(const struct sockaddr_storage *a, struct endpoint *out);
/* Of the socket itself. False: it has none (errno). */
bool sock_self(int fd, struct endpoint *out);
enum sock_error sock_error_of(int error_number);

static inline bool act_is_seen(const struct act_watcher *w)
{
	return w->see != NULL;
}

/* "127.0.0.1 port 8888", "::1 port 8888". */
enum { ENDPOINT_TEXT = ADDRESS_TEXT + 12 };
void endpoint_text(const struct endpoint *e, char out[ENDPOINT_TEXT]);

/* Seconds, 0: a close resets; -1: off. */
bool sock_linger(int fd, int seconds);
/* All that was written, and the FIN, has been acknowledged, or never will be. */
bool sock_is_settled(int fd);
/* As many descriptors as this process may have. */
void sock_raise_limit(void);

#endif
