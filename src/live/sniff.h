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

/* The interface through which this address is reached. False: none (errno). */
bool sniff_interface(const struct address *to, char *name, size_t room);
/* NULL: the complaint says what is missing and how to get it; `is_forbidden` that it is
 * permission. */
struct sniff *sniff_open(const char *interface, uint16_t port, bool *is_forbidden,
			 struct sink *complaint);
int sniff_fd(const struct sniff *s);
typedef void sniff_see(void *user, const struct frame_sight *f);
void sniff_turn(struct sniff *s, sniff_see *see, void *user); /* all that waits, within bounds */
uint64_t sniff_missed(struct sniff *s); /* the kernel had no room for so many */
void sniff_close(struct sniff *s);

/* Root and capabilities are given up for good: what was opened stays open. To the user that sudo
 * came from, else root stays root without a capability. False: it could not be (errno). */
bool privilege_drop(void);
bool privilege_may_capture(void);

#endif
