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

/* NULL: the complaint says why, in English [0] and Chinese [1]; errno too. */
struct sockdiag *sockdiag_open(struct sink complaint[2]);
void sockdiag_close(struct sockdiag *d);
typedef void sockdiag_see(void *user, const struct socket_sight *s);
/* Each socket as it was at s->at or a little later. False: the kernel refused (errno), or its
 * sockets changed under its hands and not all were told (EAGAIN): look again. */
bool sockdiag_look(struct sockdiag *d, uint16_t port, sockdiag_see *see, void *user);

#endif
