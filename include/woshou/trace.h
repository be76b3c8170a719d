/* SPDX-License-Identifier: MIT */
/*
 * trace.h - the one truth. Simulation, scripts, real sockets and captures all become records of
 * this shape, and every view is a pure function of (trace, cursor).
 *
 * A trace is a growing list of records (fixed size) with tables beside it: hosts, connections,
 * changes of TCB fields, texts, and the streams that segments' texts point into.
 */
#ifndef WOSHOU_TRACE_H
#define WOSHOU_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/address.h>
#include <woshou/seg.h>
#include <woshou/streams.h>
#include <woshou/tcp.h>

enum { TRACE_NO_HOST = 255 };

enum record_kind {
	REC_CALL,    /* a user's call: detail enum call_verb; error when it failed at once;
		      * text as written */
	REC_RESULT,  /* a call's later answer: connect succeeded or failed (error), detail as its
		      * call */
	REC_READ,    /* the application took octets: seg.text; number[0] octets; end of stream when
		      * 0 */
	REC_SEND,    /* a segment leaves its TCP (before the wind): seg, rule */
	REC_WIND,    /* the wind acts on segment `of`: detail enum deed; place of the rule;
		      * number[0] time or size; by hand in the middle of its way number[1] is when
		      * it would have arrived */
	REC_ARRIVE,  /* segment `of` reaches its TCP with a good checksum: seg. host is the
		      * receiver */
	REC_DISCARD, /* it reached the host and was thrown away: detail enum discard */
	REC_TIMER,   /* a timer fired: detail enum tcp_timer */
	REC_STATE,   /* from -> to, rule; `of` the record that caused it */
	REC_RULE,    /* a decision, `of` the record in whose course it was taken */
	REC_SIGNAL,  /* the engine tells the user: number[0] one enum tcp_signal */
	REC_CRASH,   /* host falls silent */
	REC_REBOOT,  /* and hears again, remembering nothing */
	REC_ICMP,    /* an ICMP error reaches host: detail enum tcp_icmp */
	REC_PICTURE, /* a whole TCB stands in the changes (old = new): every TRACE_PICTURE
		      * records */
	REC_SCENE,   /* a chapter begins: text id, title en, title zh */
	REC_SAY,     /* narration: text en, zh; `of` the record it belongs to */
	REC_MARKER,  /* text */
	REC_ASK,     /* question: text en, zh; number[0] the answer, number[1] 1 + enum
		      * tcb_field_kind; 0: none */
	REC_EXPECT,  /* a verdict: detail enum verdict; place; text what was expected, text2 what
		      * was */
	REC_PROMISE, /* a promise is broken: text its name, text2 how; number[0] 1: it was
		      * expected */
	REC_END,     /* the run is over: text why */
	RECORD_KIND_COUNT,
};

enum call_verb {
	CALL_LISTEN,
	CALL_CONNECT,
	CALL_ACCEPT,
	CALL_WRITE,
	CALL_READ,
	CALL_SHUTDOWN,
	CALL_CLOSE,
	CALL_ABORT,
	CALL_OPTION,
	CALL_BIND,
	CALL_VERB_COUNT,
};

enum deed {
	DEED_DROP,
	DEED_DELAY,
	DEED_DUPLICATE,
	DEED_REORDER,
	DEED_CORRUPT,
	DEED_CUT,
	DEED_QUEUE,
	DEED_MTU,
	DEED_LIFETIME,
	DEED_MARK, /* congestion experienced: RFC 3168 */
	DEED_ICMP, /* taken, and its sender is told why */
	DEED_COUNT
};

bool deed_takes(enum deed d); /* for good: the segment goes no further */

/* What a router or host tells the sender of a segment. */
enum icmp_kind {
#define ICMP_KIND(id, ...) KIND_##id,
#include <woshou/icmp.def>
#undef ICMP_KIND
	ICMP_KIND_COUNT,
};

enum discard {
	DISCARD_CHECKSUM,
	DISCARD_HOST_DOWN,
	DISCARD_NO_HOST,
	DISCARD_ADDRESS,
	DISCARD_QUEUE_FULL,
	DISCARD_COUNT,
};

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_INCONCLUSIVE };

/* POSIX's names for what a call can answer. */
enum sock_error {
#define SOCK_ERROR(name, text) SOCK_##name,
#include <woshou/sock_error.def>
#undef SOCK_ERROR
	SOCK_ERROR_COUNT,
};

const char *sock_error_name(enum sock_error e); /* "ECONNREFUSED"; "ok" */
const char *sock_error_text(enum sock_error e); /* "connection refused" */
int sock_error_named(const char *name);

struct trace_place {
	uint16_t file;   /* index into the trace's file names */
	uint32_t line;   /* 0: no place */
	const char *tag; /* "[loss=SYN]" of a `for`, or NULL; owned by the trace */
};

struct trace_span {
	uint32_t first, count;
};

/* One field of one TCB, before and after. Numbers as tcb_field_get gives them. */
struct tcb_change {
	uint32_t field; /* enum tcb_field */
	int64_t old, new;
};

struct record {
	uint64_t serial; /* its index in the trace */
	usec at;
	uint64_t of;  /* the record it speaks of, or its own serial */
	uint8_t kind; /* enum record_kind */
	uint8_t detail;
	uint8_t host;     /* whose record it is: sender, receiver, caller; TRACE_NO_HOST */
	uint8_t peer;     /* the other side of a segment or call; TRACE_NO_HOST */
	uint8_t from, to; /* enum state, with REC_STATE; else the state after the event, in both */
	uint16_t rule;    /* enum rule */
	uint16_t error;   /* enum sock_error */
	bool is_stranger; /* segment from out of nowhere */
	bool is_inferred; /* of a recording: nobody saw it, it follows from what was seen */
	uint8_t ttl;      /* of a datagram that is sent: hop limit; 0: the usual 64 */
	uint8_t dscp;     /* and its Diffserv codepoint */
	uint32_t conn;    /* serial of host's connection or listener; 0: none */
	uint16_t from_port, to_port; /* of the segment */
	struct trace_place place;
	int64_t number[2];
	struct seg seg;
	struct trace_span changes; /* of conn's TCB, in the course of this record */
	uint32_t text[2];          /* offsets into the trace's texts; 0: "" */
	uint32_t frame;            /* of a recording: 1 + index of its frame; 0: none was kept */
};

/* A frame as it was captured: its headers, and its text unless the stream holds the same octets. */
struct trace_frame_kept {
	int link;           /* libpcap's DLT_; 1 is Ethernet */
	usec at;            /* when it was captured, as records count time */
	uint32_t ip;        /* where its IP datagram begins; 14 with Ethernet */
	uint32_t size;      /* octets kept */
	uint32_t captured;  /* octets there were; behind `size` come those of the segment's text */
	uint32_t wire_size; /* octets on the wire */
	const uint8_t *octets;
};

struct trace_host {
	const char *name;     /* as in the scene: "zhang" */
	const char *title[2]; /* en "Zhang San", zh "张三"; never NULL, at least the name */
	const char *profile;  /* "rfc" */
	struct address address;
};

struct trace_conn {
	uint32_t serial; /* from 1, in order of birth, over all hosts */
	uint8_t host, peer;
	bool is_listener;
	uint16_t port, peer_port;
	uint32_t stream;   /* of host's octets */
	const char *label; /* "c1", or NULL */
	uint64_t born;     /* record */
};

enum { TRACE_PICTURE = 1000, TTL_USUAL = 64 };

struct trace; /* trace/trace.h; built and read by the functions below */

struct trace *trace_new(void);
void trace_free(struct trace *t);

/* Writing: src/sim and src/scene. Records never move. A fresh one is of itself, of no host and no
 * peer, everything else 0; its texts are written before the next push. */
struct record *trace_push(struct trace *t, enum record_kind kind, usec at);
uint8_t trace_add_host(struct trace *t, const struct trace_host *h); /* strings are copied */
void trace_add_conn(struct trace *t, const struct trace_conn *c);    /* a known serial: told anew */
/* Of a recording: only later it is known from where somebody calls. */
void trace_set_address(struct trace *t, uint8_t host, const struct address *a);
uint32_t trace_text(struct trace *t, const char *text, size_t n); /* for record.text */
uint16_t trace_file(struct trace *t, const char *name);
const char *trace_tag(struct trace *t, const char *tag);
/* The words that stand at a place, "drop 1st where SYN": whoever names a rule can quote it. */
void trace_quote(struct trace *t, struct trace_place place, const char *words);
/* Puts what differs between two pictures of conn's TCB on record `serial`. Without `before` the
 * whole picture, old = new: at a connection's birth, and on REC_PICTURE. */
void trace_changes(struct trace *t, uint64_t serial, const struct tcb *before,
		   const struct tcb *after);
void trace_change_put(struct trace *t, uint64_t serial, const struct tcb_change *change);
void trace_set_seed(struct trace *t, uint64_t seed);
/* Of a recording: when time 0 was, in microseconds since 1970; 0: never, it is a simulation. */
void trace_set_epoch(struct trace *t, usec epoch);
/* The octets are copied. */
void trace_keep_frame(struct trace *t, uint64_t serial, const struct trace_frame_kept *frame);
/* The answer to a REC_ASK is known only later. */
void trace_set_number(struct trace *t, uint64_t serial, int which, int64_t value);
/* What was inferred has been told after all. */
void trace_set_seen(struct trace *t, uint64_t serial);
/* Where it stands in the play is told by who reads the play. */
void trace_set_place(struct trace *t, uint64_t serial, struct trace_place place);
/* Cuts the trace back to `count` records: for a world that went back to a snapshot. */
void trace_rewind(struct trace *t, uint64_t count);

/* Reading. */
uint64_t trace_count(const struct trace *t);
uint64_t trace_memory(const struct trace *t); /* octets it takes, about; its streams too */
const struct record *trace_at(const struct trace *t, uint64_t serial);
const struct tcb_change *trace_change(const struct trace *t, const struct record *r, uint32_t i);
const char *trace_text_of(const struct trace *t, const struct record *r, int which);
size_t trace_host_count(const struct trace *t);
const struct trace_host *trace_host_at(const struct trace *t, uint8_t host);
size_t trace_conn_count(const struct trace *t);
const struct trace_conn *trace_conn_at(const struct trace *t, uint32_t serial); /* NULL: none */
/* In order of serials. */
const struct trace_conn *trace_conn_nth(const struct trace *t, size_t index);
const char *trace_quoted(const struct trace *t, const struct trace_place *place); /* "": nothing */
size_t trace_file_count(const struct trace *t);
const char *trace_file_name(const struct trace *t, uint16_t file);
uint64_t trace_seed(const struct trace *t);
usec trace_epoch(const struct trace *t);
bool trace_is_recording(const struct trace *t);
bool trace_kept_frame(const struct trace *t, const struct record *r, struct trace_frame_kept *out);
struct streams *trace_streams(struct trace *t); /* where segments' texts lie */
const struct streams *trace_streams_of(const struct trace *t);

#endif
