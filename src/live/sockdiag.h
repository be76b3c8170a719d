/* SPDX-License-Identifier: MIT */
/*
 * sockdiag.h - the kernel's own words about its sockets: NETLINK_SOCK_DIAG, without privilege.
 * One request tells all TCP sockets of both families that have one of these ports on either side.
 */
#ifndef LIVE_SOCKDIAG_H
#define LIVE_SOCKDIAG_H

#include <base/sink.h>
#include "live/sight.h"

struct sockdiag;

struct sockdiag *sockdiag_open(struct sink *complaint); /* NULL: it says why */
void sockdiag_close(struct sockdiag *d);
typedef void sockdiag_see(void *user, const struct socket_sight *s);
/* False: the kernel refused, or told only half of it (errno): look again. */
bool sockdiag_look(struct sockdiag *d, uint16_t port, sockdiag_see *see, void *user);

#endif
