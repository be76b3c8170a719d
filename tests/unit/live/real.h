/* SPDX-License-Identifier: MIT */
/* real.h - real sockets on the loopback, and what it takes to bring them into each state. */
#ifndef TEST_LIVE_REAL_H
#define TEST_LIVE_REAL_H

#include "live/sight.h"

/* A network of this process's own. False: not allowed here; it is said, and the test says no more.
 */
bool private_network(void);

struct real {
	const char *host; /* "127.0.0.1", "::1", "::ffff:127.0.0.1" */
	uint16_t port;
	int listener, caller, called; /* -1: none */
};

void real_listen(struct real *r, const char *host, int backlog); /* any port that is free */
void real_listen_at(struct real *r, const char *host, uint16_t port, int backlog);
int real_socket(const struct real *r);
bool real_dial(const struct real *r, int fd); /* connect(); false: EINPROGRESS */
void real_connect(struct real *r);            /* caller and called are ESTABLISHED */
void real_close(struct real *r);
/* Nothing reaches this socket any more, or everything again. */
void real_deafen(int fd);
void real_open_ears(int fd);
void real_write(int fd, const char *text);
/* Until the kernel takes no more. */
void real_stuff(int fd);
void real_endpoint(int fd, bool is_peer, struct endpoint *out);
uint32_t real_inode(int fd);
void real_nap(void); /* before one looks again */

#endif
