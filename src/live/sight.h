/* SPDX-License-Identifier: MIT */
/*
 * sight.h - what can be seen of a kernel's TCP: calls of our own process, frames on an interface,
 * and sockets as the kernel describes them. Every source speaks in these, and recorder.h makes a
 * trace of them. Times are microseconds since 1970 (CLOCK_REALTIME).
 */
#ifndef LIVE_SIGHT_H
#define LIVE_SIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/address.h>
#include <woshou/trace.h>

struct endpoint {
	struct address address; /* family 0: none */
	uint16_t port;          /* 0: none */
};

/* A connection by its two ends: [0] who calls (sends the SYN), [1] who is called. */
struct flow {
	struct endpoint end[2];
};

/* A call that our own process made. */
struct act {
	usec at; /* when it was made; a READ: when it returned */
	enum call_verb verb;
	bool is_result;         /* the later answer to a CONNECT that was under way */
	enum sock_error error;  /* SOCK_OK when it held */
	struct endpoint self;   /* port 0: not known yet */
	struct endpoint peer;   /* of a listener: family 0 */
	const void *octets;     /* WRITE: those the kernel took. READ: those got; size 0: the end */
	size_t size;
	const char *option;     /* OPTION: "SO_LINGER", ...; value microseconds, octets or 0/1 */
	int64_t value;          /* LISTEN: the backlog. OPTION: its value */
};

/* Whoever wants to know. NULL wherever one is asked for: nobody does, and it costs nothing. */
struct act_watcher {
	void *user;
	void (*see)(void *user, const struct act *a);
};

/* A frame as it was captured. */
struct frame_sight {
	usec at;
	int link;              /* libpcap's DLT_ */
	const uint8_t *octets; /* valid during the call */
	size_t size;           /* captured */
	size_t wire_size;      /* >= size */
};

/* The timer that the kernel says a socket runs (inet_diag_msg.idiag_timer). */
enum sight_timer {
	SIGHT_TIMER_NONE,
	SIGHT_TIMER_REXMIT, /* RTO, tail loss probe */
	SIGHT_TIMER_KEEPALIVE,
	SIGHT_TIMER_TIME_WAIT, /* and FIN-WAIT-2's once the socket is orphaned */
	SIGHT_TIMER_PERSIST,
};

/* A socket as the kernel describes it (NETLINK_SOCK_DIAG), at one moment. */
struct socket_sight {
	usec at;
	struct endpoint self, peer; /* of a listener peer.family is 0 */
	enum state state;
	bool is_fin_wait_2;     /* TIME_WAIT's short form that still waits for the FIN: state says
				 * FIN_WAIT_2 */
	bool is_orphan;         /* no process holds it: close() was called, or accept() not yet */
	uint32_t inode;         /* 0: none; whose it is, see holder.h */
	uint8_t timer;          /* enum sight_timer */
	usec timer_left;        /* until it fires */
	uint8_t retransmits;    /* of the outstanding segment */
	uint32_t receive_queue; /* octets unread; of a listener: connections to accept */
	uint32_t send_queue;    /* octets unacknowledged; of a listener: its backlog */
	bool has_info;          /* the rest, from TCP_INFO: as much as this kernel tells */
	usec rto, srtt, rttvar, ato;
	uint32_t snd_mss, rcv_mss, cwnd /* segments */, ssthresh /* segments; 0: none */;
	uint32_t unacked, sacked, lost, retrans, total_retrans, reordering;
	uint32_t snd_wnd, rcv_wnd, rcv_space;
	uint64_t octets_acked, octets_received;
	uint8_t snd_wscale, rcv_wscale, options; /* TCPI_OPT_... */
	uint8_t ca_state;
	char congestion[16]; /* "cubic" */
};

#endif
