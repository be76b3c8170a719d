/* SPDX-License-Identifier: MIT */
/* script_inside.h - what a recording says of its people and connections, before a scene is made. */
#ifndef LIVE_SCRIPT_INSIDE_H
#define LIVE_SCRIPT_INSIDE_H

#include <base/array.h>
#include "live/script.h"

enum {
	CAST_MAX = 64, /* people: scene language */
	ISNS_MAX = 64, /* more are left to the seed */
	SCRIPT_OPTIONS = OPT_WSCALE | OPT_SACK_PERMITTED | OPT_TIMESTAMPS,
};

/* A person. */
struct cast {
	char name[33];
	bool is_used, is_ipv6, is_listening;
	bool reads_by_hand; /* something was left unread, for long or for good */
	bool is_hasty;      /* sent small segments that Nagle's algorithm would have held */
	bool has_mss, has_no_mss, has_wnd, has_shift;
	uint8_t lacks; /* set of enum seg_opt: what its SYNs did not offer, or not agree to */
	uint8_t shift;
	uint16_t mss, wnd;
	uint32_t isn[ISNS_MAX];
	uint32_t isns;
	bool is_isn_unknown; /* from here on: no further ones */
};

/* A connection, seen from one of its ends; by serial. */
struct line {
	const struct trace_conn *conn; /* NULL: no such */
	char label[33];
	bool has_isn, is_active, is_opened; /* OPENED: connect() or SYN seen */
	bool has_accept;                    /* in the recording */
	bool is_named;  /* its label stands in the script: calls may speak of it */
	bool is_closed; /* by its application, in the script */
	uint32_t peer;  /* serial of the other end; 0: unknown */
	uint64_t held;  /* octets of write() that are to be joined with the next */
	usec held_at, held_to;
	usec syn_at, syn_there; /* its first SYN left, and arrived; -1: it did not */
	bool has_called;        /* accept() is not meant */
	bool has_left;          /* its application has closed, in the recording */
	bool is_reset;          /* and a RST told that octets were unread */
	uint8_t opts;           /* of its SYN: set of enum seg_opt */
	uint16_t mss;           /* with OPT_MSS */
	uint32_t isn;
	int64_t unread, left_unread; /* RCV.USER now, and when it was closed */
	usec unread_since;
	usec sent_at;       /* its last segment */
	uint32_t small_end; /* of its last small text; with has_small */
	uint32_t una;       /* acknowledged of it */
	bool has_small, has_una;
};

struct survey {
	const struct trace *trace;
	struct cast *cast; /* by host */
	size_t hosts;
	struct line *line; /* by serial */
	size_t lines;
	bool is_loopback; /* segments arrive as they leave */
	usec delay[2];    /* least: of whoever is called, and to them; -1: none seen */
	usec spoken;      /* least time between a SYN's arrival and the called one's first call */
	usec turn;        /* least time between a segment and its answer; -1: none */
	usec end;
	/* Captured where it arrived, the first SYN of all left before time 0. In the script it
	 * leaves then, and all the rest comes so much later. */
	usec lag;
	uint64_t calls;
};

void survey_init(struct survey *s, const struct trace *t);
void survey_fini(struct survey *s);
struct line *survey_line(struct survey *s, uint32_t serial); /* NULL: none */
/* The other end of it; NULL: unknown. */
struct line *survey_peer(struct survey *s, const struct line *l);
usec survey_delay(const struct survey *s); /* of the wind: one way */

#endif
