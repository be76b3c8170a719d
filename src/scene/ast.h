/* SPDX-License-Identifier: MIT */
/*
 * ast.h - a play, written out: one of a file's named runs with its loops unrolled, its includes
 * read and its variables filled in. Statements stand in the order written.
 */
#ifndef SCENE_AST_H
#define SCENE_AST_H

#include <stdbool.h>
#include <stdint.h>
#include <base/arena.h>
#include <base/array.h>
#include <base/diag.h>
#include <woshou/world.h>

enum { NONE = -1 }; /* no statement, no chapter */

struct chars {
	const char *at;
	size_t size;
};

struct titles {
	const char *en, *zh; /* NULL: not given */
};

/* A person or a named connection. */
struct who {
	const char *name;
	struct place at;
	uint8_t host;   /* from here on: check.c */
	uint16_t label; /* of the connection; 0: the person */
};

/* When a statement acts. */
struct cue {
	int32_t trigger;  /* the `when` it stands in */
	bool is_absolute; /* on the run's clock; else counted from the firing of the trigger */
	bool is_told;     /* by `at`, `after` or a trigger: not merely the beginning */
	usec time;
};

struct say {
	struct titles text;
	struct place at;
	bool is_because;
	int32_t next;
};

enum verb {
	VERB_LISTEN,
	VERB_CONNECT,
	VERB_ACCEPT,
	VERB_WRITE,
	VERB_READ,
	VERB_SHUTDOWN,
	VERB_CLOSE,
	VERB_ABORT,
	VERB_OPTION,
	VERB_CRASH,
	VERB_REBOOT,
	VERB_APP,
	VERB_STRANGER,
	VERB_DEED, /* upon a word in flight */
	VERB_WIND, /* it changes */
};

/* A thing that a person does. */
struct act {
	uint8_t verb;    /* enum verb */
	bool is_urgent;  /* write urgent */
	bool has_octets; /* write "..."; else `size` of a synthetic stream */
	bool has_port, has_from;
	struct who who, to;  /* to: connect, stranger */
	uint16_t port, from; /* listen and connect: port N, from N; stranger: to's and who's */
	uint32_t backlog;
	uint16_t label; /* as NAME */
	const char *label_name;
	struct chars octets;
	uint64_t size; /* read: at most; 0: all there is */
	const char *option;
	int64_t value;
	struct app app;
	struct seg seg;   /* stranger: ctl, seq, ack, wnd, len */
	struct hand hand; /* DEED: deed, nth, time, past */
	bool is_both_ways;
	size_t gust, gusts; /* WIND: the first in the play's, and how many */
};

enum claim {
	CLAIM_STATE,    /* who in STATE */
	CLAIM_SENDS,    /* who sends MATCH */
	CLAIM_GETS,     /* who gets MATCH */
	CLAIM_READS,    /* who reads "..."; only in when */
	CLAIM_RECEIVED, /* who received "..." */
	CLAIM_FAILS,    /* who VERB fails ERROR */
	CLAIM_FIELD,    /* who FIELD = VALUE */
	CLAIM_BROKEN,   /* broken PROMISE */
};

enum look {
	LOOK_AT,  /* after the last event of the cue's time */
	LOOK_END, /* at the end of the run; fails: ever */
	LOOK_NEVER,
	LOOK_EVENTUALLY,
	LOOK_TOTAL,
};

/* Something that is true or not: of expectations and triggers. */
struct fact {
	uint8_t claim; /* enum claim */
	uint8_t state; /* STATE */
	uint8_t call;  /* FAILS: enum call_verb */
	uint8_t how;   /* FIELD, LOOK_TOTAL: enum comparison */
	int16_t error; /* FAILS: enum sock_error; NONE: any */
	uint8_t promise;
	uint8_t field; /* FIELD: enum tcb_field */
	struct who who;
	struct seg_match match; /* SENDS, GETS */
	struct chars octets;    /* READS, RECEIVED */
	bool is_size;           /* RECEIVED: only the amount is told, in value */
	int64_t value;          /* FIELD, RECEIVED */
};

struct expectation {
	uint8_t look; /* enum look */
	struct fact fact;
	usec within; /* EVENTUALLY: from the cue; USEC_NEVER: without limit */
	usec longer; /* NEVER in STATE longer D; -1: not at all */
	int64_t total;
	const char *text; /* as written, for people */
};

enum answer_kind { ANSWER_NEXT, ANSWER_FIELD, ANSWER_NUMBER, ANSWER_TIME, ANSWER_STATE };

struct question {
	struct titles text;
	uint8_t kind;   /* enum answer_kind */
	uint8_t number; /* NEXT: enum seg_number; FIELD: enum tcb_field */
	struct who who;
	int64_t value; /* NUMBER, TIME, STATE */
};

enum stmt_kind { STMT_ACT, STMT_EXPECT, STMT_ASK, STMT_MARKER, STMT_WHEN };

struct stmt {
	uint8_t kind; /* enum stmt_kind */
	struct place at;
	struct cue cue;
	int32_t chapter;
	int32_t says;     /* first of a chain */
	bool is_by_hand;  /* acts when all else of its time is done */
	bool is_each;     /* stands in an `each`: it may come more than once */
	usec off_from;    /* no longer so: it is not done or judged from then on; USEC_NEVER */
	const char *text; /* by hand: as written, for people */
	union {
		struct act *act;
		struct expectation *expect;
		struct question *ask;
		struct titles marker;
		struct {
			struct fact *fact;
			bool is_each;
		} when;
	};
};

struct chapter {
	const char *name;
	struct titles title;
	struct place at;
	int32_t says;
	usec begins; /* its earliest `at`; USEC_NEVER: only when a trigger fires */
};

/* A field of the profile, or a socket option, with its value. */
struct setting {
	const char *option; /* NULL: a field */
	size_t field;
	int64_t value;
	struct place at;
};

struct person {
	const char *name;
	struct place at;
	struct titles title;
	const char *profile; /* NULL: rfc */
	struct address address;
	uint16_t port;
	struct app app;
	bool has_app;
	ARRAY(struct setting) settings;
	ARRAY(seq32) isn;
};

enum gust_kind {
	GUST_DELAY,
	GUST_JITTER,
	GUST_RATE,
	GUST_QUEUE,
	GUST_MTU,
	GUST_LIFETIME,
	GUST_RULE
};

/* One attribute or rule of the wind. */
struct gust {
	struct who from, to;
	bool is_both_ways;
	uint8_t kind; /* enum gust_kind */
	uint64_t value;
	struct wind_rule rule;
	struct who of;    /* the one connection the rule is about; name NULL: all */
	const char *text; /* as written, for people */
	struct place at;
	int32_t stmt; /* from which time on; NONE: from the beginning */
};

struct label {
	const char *name;
	uint8_t host;
	uint16_t label;
	struct place at;
};

struct play {
	struct arena arena;
	const char *tag; /* "[loss=SYN]", or "" */
	struct titles title;
	uint64_t seed;
	usec time_limit;
	uint64_t event_limit;
	usec end; /* USEC_NEVER: when nothing is pending */
	struct place end_at;
	const char *golden; /* NULL: none */
	bool has_seed, has_title, has_limit, has_end;
	ARRAY(struct person) persons;
	ARRAY(struct gust) gusts;
	ARRAY(struct stmt) stmts;
	ARRAY(struct say) says;
	ARRAY(struct chapter) chapters;
	ARRAY(struct label) labels;
};

void play_fini(struct play *p);

#endif
