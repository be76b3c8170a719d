/* SPDX-License-Identifier: MIT */
/*
 * datalink.h - what lies between the beginning of a captured frame and its IP datagram: Ethernet
 * with any number of VLAN tags, Linux "cooked" captures of both kinds, BSD's loopbacks, raw IP.
 * Kinds are libpcap's, under the numbers of its DLT_ and of the files' LINKTYPE_ alike.
 */
#ifndef LIVE_DATALINK_H
#define LIVE_DATALINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum datalink {
	DATALINK_NULL = 0, /* the family in the capturing machine's own order */
	DATALINK_ETHERNET = 1,
	DATALINK_RAW_BSD = 12, /* DLT_RAW; in files 101 */
	DATALINK_RAW_OPENBSD = 14,
	DATALINK_RAW = 101,
	DATALINK_LOOP = 108, /* the family in network order */
	DATALINK_LINUX_SLL = 113,
	DATALINK_IPV4 = 228,
	DATALINK_IPV6 = 229,
	DATALINK_LINUX_SLL2 = 276,
};

/* Where the IPv4 or IPv6 datagram begins, and how many octets there are from there to the end of
 * what was captured, a link's padding included. False: there is none, or it cannot be known. */
bool datalink_ip(int link, const uint8_t *octets, size_t size, size_t *at, size_t *n);
/* datalink_ip understands this kind. */
bool datalink_is_known(int link);
/* What the kind is called, for a complaint: "IEEE 802.11 with radiotap". NULL: we do not know. */
const char *datalink_name(int link);

#endif
