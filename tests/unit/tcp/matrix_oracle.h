/* SPDX-License-Identifier: MIT */
/*
 * matrix_oracle.h - what RFC 9293 section 3.10.7 says about one arriving segment, transcribed line
 * by line, slowly and without cleverness. It shares nothing with the engine, arithmetic included.
 *
 * It knows a connection without text that waits out of order, whose user has read everything, and
 * which acknowledges at once. The matrix puts the engine into exactly such situations.
 */
#ifndef TESTS_MATRIX_ORACLE_H
#define TESTS_MATRIX_ORACLE_H

#include <stdbool.h>
#include <stdint.h>
#include <woshou/tcp.h>

struct model {
	enum state state;
	bool is_passive;
	uint32_t iss, irs;
	uint32_t una, nxt, wnd, wl1, wl2, max_wnd; /* SND. */
	uint32_t rcv_nxt, rcv_wnd;
	bool has_fin; /* our FIN is sent: it stands at nxt-1 */
};

/* What profiles choose between, where the RFCs let them. */
struct habits {
	bool is_rfc5961;      /* sections 3 and 4: RST and SYN are challenged */
	bool checks_acks;     /* section 5 */
	bool ignores_tw_rst;  /* RFC 1337 (F1) */
	bool reopens;         /* MAY-2 */
	bool synack_goes_on;  /* LOCAL: Figure 7 against the text */
	bool zero_window_ack; /* LOCAL: MUST-66 at a zero window */
};

struct heard {
	unsigned ctl;
	uint32_t seq, ack, text, wnd, up;
};

/* Where the text can be read in two ways. The engine must hold to one of them in all cells. */
enum reading {
	/* 3.10.7.4 second: is "the sequence number" of a RST that straddles RCV.NXT the segment's
	 * own (else: of the idealized, trimmed segment)? */
	READING_RST_TRIMMED = 1 << 0,
	/* RFC 5961 section 5 stands before the per-state lines, so it covers SYN-RECEIVED as well;
	 * but 3.5.2 (2) wants a reset there for what acknowledges something not sent. */
	READING_SYN_RECEIVED_RST = 1 << 1,
	/* 3.10.7.4 eighth moves RCV.NXT over a FIN in any state; a second FIN, after the end of the
	 * stream, has nothing to occupy. */
	READING_NO_SECOND_FIN = 1 << 2,
	/* "Send a reset" of RFC 793's SYN check, without saying which. */
	READING_RST_AT_SND_NXT = 1 << 3,
	/* RFC 1337's "ignore" against RFC 5961's challenge for a RST inside the window. */
	READING_1337_CHALLENGES = 1 << 4,
	/* MAY-13, for a segment without text ahead of RCV.NXT. */
	READING_ACKS_AHEAD = 1 << 5,
	/* A segment held for later has its urgent pointer seen at once, or with its text. */
	READING_URG_HELD = 1 << 6,
	/* MAY-2 wants an ISS "larger than the largest sequence number": RCV.NXT itself or above it.
	 */
	READING_REOPEN_AT_EDGE = 1 << 7,
	READINGS_COUNT = 8,
};

enum reply { REPLY_NONE, REPLY_ACK, REPLY_SYN_ACK, REPLY_RST, REPLY_RST_ACK };

struct answer {
	enum reply reply;
	uint32_t seq, ack;
	uint32_t told;     /* set of enum tcp_signal */
	unsigned doubtful; /* readings that this answer depended upon */
};

/* Changes `m` as the RFC says. `readings`: the set taken in their second sense. */
struct answer oracle_arrives(struct model *m, const struct heard *s, const struct habits *h,
			     unsigned readings);

#endif
