/* SPDX-License-Identifier: MIT */
/*
 * script.h - a packetdrill script as data: what stands in the file, with the place of every part.
 * Both dialects (google's, nplab's) become the same tree. #ifdef is decided and -D filled in
 * before: nothing of them is left here. Everything lives in the script's arena.
 *
 * What a script may say is checked here: names of calls' constants are known, commands are
 * understood (order.h), code is parsed (expr.h). What calls exist is the runner's business.
 */
#ifndef DRILL_SCRIPT_H
#define DRILL_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>
#include <base/arena.h>
#include <base/array.h>
#include <base/diag.h>
#include <woshou/seg.h>

enum drill_ip { DRILL_IPV4, DRILL_IPV6, DRILL_IPV4_MAPPED };

/* The lines `--name=value` before everything else. */
struct drill_options {
	usec tolerance;        /* --tolerance_usecs; 4000 when not given */
	uint8_t percent;       /* --tolerance_percent */
	bool has_tolerance;    /* given by the script */
	bool has_percent;      /* else an eighth: 12.5 percent */
	bool has_strict;       /* --strict_segments: expected segments are never joined */
	uint8_t ip;            /* enum drill_ip */
	uint32_t mss;          /* --mss: pieces of injected super-segments; 0: not given */
	uint32_t mtu;          /* --mtu; 1500 when not given */
	usec ts_tick;          /* --tcp_ts_tick_usecs: TS values that leave are compared; 0: not */
	uint16_t bind_port;    /* 8080 when not given */
	uint16_t connect_port; /* 8080 when not given */
	const char *local_ip;  /* as written; NULL: not given */
	const char *remote_ip;
	struct place ip_at, mtu_at, local_ip_at, remote_ip_at; /* line 0: not given */
};

/* ---- when ---- */

enum drill_when_kind {
	WHEN_ABSOLUTE,       /* T        since the start */
	WHEN_RELATIVE,       /* +T       since the event before */
	WHEN_RANGE,          /* T~T2     both since the start */
	WHEN_RELATIVE_RANGE, /* +T~+T2   both since the event before */
	WHEN_ANY,            /* * */
};

struct drill_when {
	uint8_t kind; /* enum drill_when_kind */
	bool has_end; /* T...E: a blocking call, which returns at `end` */
	usec from;    /* ANY: 0 */
	usec to;      /* the ranges: their other end; else the same as from */
	usec end;     /* counted from the same point as `from` */
	struct place at, end_at;
};

/* ---- packets ---- */

/* A number of the packet that may be left out, left open or be meant as it stands. */
struct drill_number {
	bool is_given;
	bool is_unchecked; /* `...` */
	bool is_unmapped;  /* `!` behind it: not shifted by the ISN */
	uint32_t value;
	struct place at;
};

enum drill_ecn {
	DRILL_ECN_UNSAID,
	DRILL_ECN_NONE, /* noecn */
	DRILL_ECN_ECT1,
	DRILL_ECN_ECT0,
	DRILL_ECN_ECT01, /* expected: either of the two */
	DRILL_ECN_CE,
};

struct drill_ip_info {
	uint8_t ecn; /* enum drill_ecn */
	struct place ecn_at;
	struct drill_number tos;  /* tos 0xNN (IPv4), class 0xNN (IPv6): the whole octet */
	struct drill_number ttl;  /* ttl N (IPv4), hlim N (IPv6) */
	struct drill_number flow; /* flowlabel 0xN */
	struct place at;
};

enum drill_option_kind {
	DRILL_EOL,
	DRILL_NOP,
	DRILL_MSS,    /* value */
	DRILL_WSCALE, /* value */
	DRILL_SACK_OK,
	DRILL_SACK,       /* blocks */
	DRILL_TIMESTAMPS, /* value, ecr */
};

enum { DRILL_OPTIONS_MAX = 40, DRILL_SACK_MAX = 4 };

struct drill_option {
	uint8_t kind;              /* enum drill_option_kind */
	uint8_t blocks;            /* SACK */
	struct drill_number value; /* MSS, WSCALE, TS val; `...`: not checked (only `>`) */
	struct drill_number ecr;
	struct sack_block block[DRILL_SACK_MAX];
	struct place at;
};

enum drill_icmp_type {
	DRILL_ICMP_UNREACHABLE,
	DRILL_ICMP_SOURCE_QUENCH,
	DRILL_ICMP_REDIRECT,
	DRILL_ICMP_TIME_EXCEEDED,
	DRILL_ICMP_PARAMETER_PROBLEM,
	DRILL_ICMP_PACKET_TOO_BIG, /* IPv6 */
};

struct drill_icmp {
	uint8_t type;   /* enum drill_icmp_type */
	uint8_t number; /* the header's type: of ICMP or of ICMPv6, as the script's IP version is */
	uint8_t code;   /* the header's code */
	const char *type_name, *code_name; /* as written; code_name "" when left out */
	struct drill_number mtu;
	bool has_quote; /* [seq:seq(len)]: the quoted TCP header's */
	struct drill_number quote;
	uint32_t quote_len;
	struct place at, code_at;
};

struct drill_packet {
	bool is_in;   /* `<`, injected into the stack; else `>`, expected from it */
	bool is_icmp; /* then `icmp`, and only `<`; nothing below it holds */
	struct drill_ip_info ip;
	struct drill_icmp icmp;
	uint16_t ctl; /* set of enum ctl; `-` is none */
	struct place ctl_at;
	struct drill_number seq; /* unchecked: `...(len)` */
	uint32_t len;            /* octets of text */
	struct place len_at;
	struct drill_number ack; /* may be given without the ACK bit in ctl */
	struct drill_number win; /* raw; always given on `<` */
	struct drill_number urg;
	bool are_options_unchecked; /* <...> */
	uint8_t options;
	struct place options_at;                       /* line 0: no < > there */
	struct drill_option option[DRILL_OPTIONS_MAX]; /* in order, padding included */
	struct place at;
};

/* ---- system calls ---- */

enum drill_term_kind {
	TERM_ANY,    /* ... */
	TERM_NUMBER, /* value: 12, -1, 0x02 (is_hex) */
	TERM_NAME,   /* value, if has_value: the constant as Linux numbers it; NULL is 0 */
	TERM_OR,     /* items joined by |; value, if has_value */
	TERM_TEXT,   /* text: "...", without quotes, escapes done; size octets */
	TERM_LIST,   /* items: [a, b] */
	TERM_STRUCT, /* fields: {a=1, msg_iov(1)=[...], ..., 100} */
	TERM_CALL,   /* text(items): htons(8080), inet_addr("192.0.2.1") */
};

struct drill_field {
	const char *name;      /* NULL: only a value stands there */
	struct drill_term *of; /* the (N) or (...) after the name; NULL: none */
	struct drill_term *value;
	struct place at;
};

struct drill_term {
	uint8_t kind; /* enum drill_term_kind */
	bool is_hex;
	bool has_value; /* value says what it is worth as a number */
	int64_t value;
	const char *text; /* NAME, CALL: the word; TEXT: the octets; NUMBER: as written */
	uint32_t size;    /* TEXT */
	uint32_t count;   /* of items or fields */
	union {
		struct drill_term **items;
		struct drill_field *fields;
	};
	struct place at;
};

struct drill_call {
	const char *name;
	struct place name_at;
	uint32_t count;
	struct drill_term **args;
	struct drill_term *result; /* NUMBER, NAME, OR, ANY (not checked); never NULL */
	const char *error;         /* "EINPROGRESS"; NULL: none stands there */
	int errno_value;           /* Linux's number for it; 0: none */
	struct place error_at;
	const char *note; /* what stands in the last ( ), or NULL: no meaning */
	struct place at;
};

/* ---- commands and code ---- */

struct drill_order; /* order.h: what a command means */

/* `...`: never executed; its orders say what it is in terms of the engine. */
struct drill_command {
	const char *text; /* as written, without the backticks */
	uint32_t count;
	struct drill_order *orders;
	struct place at;
};

struct drill_code; /* expr.h: %{ ... }% */

/* ---- the script ---- */

enum drill_event_kind { EVENT_PACKET, EVENT_CALL, EVENT_COMMAND, EVENT_CODE };

struct drill_event {
	uint8_t kind; /* enum drill_event_kind */
	struct drill_when when;
	union {
		struct drill_packet *packet;
		struct drill_call *call;
		struct drill_command *command;
		struct drill_code *code;
	};
	const char *text; /* as it stands in the file, without the time; white space as one blank */
	struct place at;  /* of the time */
	int last_line;    /* where the event ends */
};

struct drill_script {
	struct arena arena;
	const char *name; /* the file, as the user named it */
	const char *bytes;
	size_t size;
	struct drill_options options;
	struct drill_command *init;    /* before the first event, without a time; or NULL */
	struct drill_command *cleanup; /* after the last, done also after a failure; or NULL */
	ARRAY(struct drill_event) events;
};

/* What the caller says about all scripts. */
struct drill_words {
	const char *const *defined; /* --define NAME: for #ifdef; NULL-terminated, or NULL */
	const char *const *given;   /* --define NAME=VALUE: "NAME=VALUE", for words; likewise */
};

/* NULL when there were errors: they are in `d`. The octets are copied. */
struct drill_script *drill_script_read(const char *name, const char *bytes, size_t n,
				       const struct drill_words *words, struct diags *d);
void drill_script_free(struct drill_script *s);

/* The text of a line of the script, NUL-terminated, in the script's arena; "" when there is none.
 */
const char *drill_script_line(struct drill_script *s, int line);

#endif
