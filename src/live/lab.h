/* SPDX-License-Identifier: MIT */
/*
 * lab.h - a private network: this process moves into user and network namespaces of its own, where
 * the loopback is its own, capture is free, and the kernel's TCP settings can be changed. Needs no
 * privilege where user namespaces are allowed; nothing outside is touched, and it is gone with the
 * last process in it.
 */
#ifndef LIVE_LAB_H
#define LIVE_LAB_H

#include <stdbool.h>
#include <base/sink.h>

/* Before any thread, and before any socket is open. False: the complaint says what forbids it and
 * who could allow it; nothing has changed. */
bool lab_enter(struct sink *complaint);
/* "net.ipv4.tcp_fin_timeout=5". False: the complaint. */
bool lab_set(const char *assignment, struct sink *complaint);

#endif
