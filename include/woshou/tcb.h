/* SPDX-License-Identifier: MIT */
/*
 * tcb.h - the transmission control block (RFC 9293 section 3.3.1), a value of at most 320 octets
 * without pointers. Included by tcp.h. Fields are named as the RFC names them.
 */
#ifndef WOSHOU_TCB_H
#define WOSHOU_TCB_H

/* Congestion control's own part: RFC 5681's variables. Algorithms see this and nothing else. */
struct cc {
	uint32_t cwnd;     /* octets */
	uint32_t ssthresh; /* octets */
	uint32_t smss;
	uint32_t acked;    /* octets acknowledged since cwnd last grew (congestion avoidance) */
};

struct tcb {
	uint8_t state;  /* enum state */
	uint8_t origin; /* enum tcp_origin */
	uint8_t stub[6];
	seq32 iss, irs;
	struct {
		seq32 una, nxt;
		uint32_t wnd;
		seq32 up, wl1, wl2;
		uint32_t max_wnd; /* MAX.SND.WND, RFC 5961 5.2; Max(SND.WND), 3.8.6.2.1 */
	} snd;
	struct {
		seq32 nxt;
		uint32_t wnd;
		seq32 up;
	} rcv;
	struct cc cc;
	usec deadline[TIMER_COUNT];
};

#endif
