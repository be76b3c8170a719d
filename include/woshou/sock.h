/* SPDX-License-Identifier: MIT */
/*
 * sock.h - what a program learns of a socket besides its octets, and the rarer calls: readiness as
 * poll() and epoll tell it, what Linux calls TCP_INFO, SO_ERROR, getsockopt(), shutdown(SHUT_RD),
 * send() and recv() with flags.
 */
#ifndef WOSHOU_SOCK_H
#define WOSHOU_SOCK_H

#include <woshou/world.h>

/* ---- calls ----------------------------------------------------------------------------------- */

enum sock_write_flag {
	WRITE_MORE = 1 << 0,   /* MSG_MORE: more follows, a segment that is not full waits for it */
	WRITE_RECORD = 1 << 1, /* MSG_EOR: a segment ends where this write ends */
	WRITE_URGENT = 1 << 2, /* MSG_OOB */
};

/* As sock_write, with flags; octets may be NULL: a synthetic stream. */
enum sock_error sock_write_as(struct world *w, struct sock s, const void *octets, uint64_t n,
			      unsigned flags, uint64_t *taken);
/* How many octets a read of n would give; they stay. OK with 0: end of stream. */
enum sock_error sock_peek(struct world *w, struct sock s, uint32_t n, uint32_t *there);
/* shutdown(SHUT_RD): the peer is told nothing; a read that finds nothing and would wait finds the
 * end of the stream from now on. */
enum sock_error sock_shutdown_read(struct world *w, struct sock s);
/* getsockopt(): the names of sock_option. SO_SNDBUF, SO_RCVBUF, TCP_MAXSEG: what is in force. */
enum sock_error sock_option_get(const struct world *w, struct sock s, const char *name,
				int64_t *value);
/* SO_ERROR: why the connection died, or what ICMP told of it; reading it takes it away. */
enum sock_error sock_take_error(struct world *w, struct sock s);

/* ---- readiness ------------------------------------------------------------------------------- */

/* POLLIN and so on, with the values that Linux gives them. */
enum sock_ready {
	READY_IN = 0x001,
	READY_PRI = 0x002,
	READY_OUT = 0x004,
	READY_ERR = 0x008,
	READY_HUP = 0x010,
	READY_RDHUP = 0x2000,
};

unsigned sock_ready(const struct world *w, struct sock s);
/* How often those who wait for the socket were woken: what came, what ended, and room after there
 * was none. An edge-triggered epoll tells again only after that. With world_options.measures. */
uint32_t sock_wakes(const struct world *w, struct sock s);

/* ---- TCP_INFO -------------------------------------------------------------------------------- */

enum sock_info_option {
	INFO_TIMESTAMPS = 1 << 0,
	INFO_SACK = 1 << 1,
	INFO_WSCALE = 1 << 2,
	INFO_ECN = 1 << 3,
};

/* Times are microseconds. What needs world_options.measures is 0 without it. */
struct sock_info {
	enum state state;
	uint8_t ca_state;     /* enum tcp_ca */
	uint8_t options;      /* set of enum sock_info_option: agreed with the peer */
	uint8_t snd_wscale, rcv_wscale;
	uint8_t retransmits;  /* timeouts of the oldest segment since it was answered */
	uint8_t probes;       /* of a zero window, or keep-alive, without an answer */
	uint8_t backoff;      /* how often the RTO was doubled */
	uint32_t snd_mss, rcv_mss, advmss;
	uint32_t snd_cwnd, snd_ssthresh; /* segments; ssthresh INT32_MAX: none yet */
	uint32_t unacked, sacked, lost, retrans; /* segments: sent and not acknowledged... */
	uint32_t total_retrans, reordering, reord_seen;
	usec rto, rtt, rttvar, min_rtt;
	uint64_t bytes_acked, bytes_received;
	uint32_t notsent;     /* octets */
	usec last_data_sent, last_data_recv, last_ack_recv; /* ago; measures */
	usec busy, rwnd_limited, sndbuf_limited;            /* so long in all; measures */
};

bool sock_info(const struct world *w, struct sock s, struct sock_info *out); /* false: closed fd */

#endif
