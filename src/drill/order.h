/* SPDX-License-Identifier: MIT */
/*
 * order.h - what a command of a script means. Commands are never executed: each line of one is
 * recognised (knobs.def has the settings) and becomes orders to the runner. What is not recognised
 * is an error of the script.
 */
#ifndef DRILL_ORDER_H
#define DRILL_ORDER_H

#include <drill/script.h>

enum drill_stack { STACK_LINUX, STACK_FREEBSD };

/* The settings a command can make: sysctl and its like. */
enum drill_knob {
#define KNOB(id, ...) KNOB_##id,
#include <drill/knobs.def>
#undef KNOB
	KNOB_COUNT,
};

enum { DRILL_WORDS_MAX = 3 };

struct drill_knob_info {
	const char *name;    /* "net.ipv4.tcp_sack" */
	uint8_t stack;       /* enum drill_stack: whose it is */
	uint8_t words;       /* numbers it takes: 1 or 3; 0: a word (congestion control) */
	int64_t least, most; /* of each number */
	const char *fields;  /* of the profile, or what else it sets: for people */
};

const struct drill_knob_info *drill_knob_at(enum drill_knob knob);

enum drill_order_kind {
	ORDER_NOTHING,  /* a hint to a cache, a display: means nothing to an engine */
	ORDER_DEFAULTS, /* defaults.sh: every setting as the stack's suite wants it */
	ORDER_RESTORE,  /* the settings as they were before the script: the run is over anyway */
	ORDER_SET,      /* knob = values */
	ORDER_EXPECT_COUNT,   /* the number of sockets in `state` must be `value[0]` */
	ORDER_DROP_STATE,     /* connections in `state` go without a word */
	ORDER_COUNTERS,       /* nstat -n: counters begin at 0 again */
	ORDER_EXPECT_COUNTER, /* counter `name` since then must be value[0] */
	ORDER_BLACK_HOLE,     /* the device drops all that leaves from now on */
	ORDER_PACING,         /* the device paces: fq */
	ORDER_FIFO,           /* the device neither drops nor paces */
	ORDER_SEGMENTS,       /* tso off, gso off: super-segments never */
	ORDER_LINK_MTU,       /* of the interface: value[0] */
	ORDER_ROUTE,          /* value[0]: mtu lock, value[1]: advmss; 0: not said */
};

struct drill_order {
	uint8_t kind;     /* enum drill_order_kind */
	uint8_t knob;     /* SET: enum drill_knob */
	uint8_t state;    /* COUNT, DROP: enum state of tcp.h */
	bool is_partial;  /* EXPECT_COUNT: `grep N`: the digits must merely occur in the number */
	uint8_t ip;       /* EXPECT_COUNT: 4, 6, or 0 for both */
	uint16_t port;    /* EXPECT_COUNT: only sockets of this port; 0: all of the script's own */
	const char *name; /* EXPECT_COUNTER: "TcpExtBeyondWindow"; SET: the word */
	int64_t value[DRILL_WORDS_MAX];
	const char *text; /* the line of the command, as written */
	struct place at;
};

#endif
