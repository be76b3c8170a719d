/* SPDX-License-Identifier: MIT */
/*
 * sniff.h - a packet capture of one port on one interface (libpcap), where this process may: as
 * root or with CAP_NET_RAW. On the loopback each segment is seen once.
 */
#ifndef LIVE_SNIFF_H
#define LIVE_SNIFF_H

#include <base/sink.h>
#include "live/sight.h"

struct sniff;

/* All interfaces at once, with "cooked" frames instead of each link's own. */
#define SNIFF_ANY "any"

/* The interface through which this address is reached. SNIFF_ANY: it is an address of this machine
 * that others can reach, or stands for all of them. False: none (errno). */
bool sniff_interface(const struct address *to, char *name, size_t room);
bool address_is_any(const struct address *a); /* 0.0.0.0, :: */
bool address_is_loopback(const struct address *a);
bool address_is_own(const struct address *a); /* of this machine, by its routes */
/* NULL: the complaint says what is missing and how to get it, in English [0] and Chinese [1];
 * `is_forbidden` that it is permission. */
struct sniff *sniff_open(const char *interface, uint16_t port, bool *is_forbidden,
			 struct sink complaint[2]);
int sniff_fd(const struct sniff *s); /* readable when frames wait */
typedef void sniff_see(void *user, const struct frame_sight *f);
/* What waits, within bounds: more may wait. A frame may have been on its way for 10 ms. */
void sniff_turn(struct sniff *s, sniff_see *see, void *user);
uint64_t sniff_missed(struct sniff *s); /* the kernel had no room for so many */
void sniff_close(struct sniff *s);

/* privilege.c: root and capabilities are given up for good; what was opened stays open. To the user
 * that sudo came from, else root stays root without a capability. No program that is started
 * afterwards gets any back. False: it could not be (errno). */
bool privilege_drop(void);
bool privilege_may_capture(void);

#endif
