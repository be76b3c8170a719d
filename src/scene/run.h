/* SPDX-License-Identifier: MIT */
/*
 * run.h - a run from within. What changes while it runs is in struct run_state, flat arrays
 * without pointers: saving it is copying it. The rest is fixed when the run is made.
 *
 * Within one instant T: what looks before T's first event (asks, chapters, watches that begin);
 * the world's events due at T; the statements of T in the order written, each followed by what its
 * records set off; the world's consequences at T; and so on until T is quiet; then what is done by
 * hand at T, each deed followed by what comes of it at T; then the looks at T.
 */
#ifndef SCENE_RUN_H
#define SCENE_RUN_H

#include <scene/ast.h>
#include <scene/limits.h>
#include <scene/scene.h>
#include <trace/moment.h>

enum phase { PHASE_BEFORE, PHASE_DEEDS, PHASE_HANDS, PHASE_LOOKS };

/* A statement that waits for its time. */
struct due {
	usec at;
	uint8_t phase;   /* enum phase */
	uint32_t order;  /* as written; chapters count after the statements */
	uint32_t serial; /* first come, first served */
	usec base;       /* when its trigger fired */
};

struct trigger {
	bool is_armed;
	uint32_t conn; /* READS: the connection of the last match, and where it ended */
	uint64_t matched;
};

/* An expectation that looks at every record. */
struct watch {
	uint32_t stmt;
	uint32_t next;         /* of the same host, + 1; 0: the last */
	usec from;             /* begins */
	usec since;            /* IN longer: in the state since; -1: is not in it */
	uint64_t record;       /* + 1: where it was decided */
	uint64_t since_record; /* + 1 */
	int64_t count;         /* TOTAL */
	bool is_settled;       /* nothing more can change it */
	bool is_true;          /* EVENTUALLY: it came; NEVER: it happened */
};

struct conn_note {
	uint8_t host;
	uint8_t state;
	bool is_listener, is_active;
	uint32_t stream; /* where the octets it has read lie */
	uint64_t read;
};

struct label_note {
	struct sock sock;
	uint32_t conn;
};

/* A question without its answer yet. */
struct open_question {
	uint32_t stmt;
	uint64_t record;
};

struct listener_note {
	uint8_t host;
	struct sock sock;
};

struct kept_option {
	uint8_t host;
	const char *name; /* in the play, or a constant */
	int64_t value;
};

struct failure {
	uint32_t stmt;
	usec at;
};

struct host_note {
	uint32_t newest, listener; /* connections by serial; as in moment.h */
	uint32_t latest;           /* connection; a crash does not forget it: `received` */
	uint32_t first_watch;      /* + 1 */
	uint32_t ready;            /* connections that wait for accept by hand */
	struct app app;
};

struct run_state {
	ARRAY(struct due) queue;        /* a heap */
	ARRAY(struct trigger) triggers; /* by statement */
	ARRAY(uint32_t) verdicts;       /* by statement: how many it got */
	ARRAY(bool) begun;              /* by chapter */
	ARRAY(struct watch) watches;
	ARRAY(struct conn_note) conns;   /* by serial */
	ARRAY(struct label_note) labels; /* by number - 1 */
	ARRAY(struct open_question) questions;
	ARRAY(uint32_t) accepts; /* statements that wait for a connection */
	ARRAY(struct listener_note) listeners;
	ARRAY(struct kept_option) options; /* said before there was a socket */
	ARRAY(struct failure) failures;    /* what failed or could not be judged */
	uint32_t rules;                    /* that the wind got while the play went on */
	struct host_note host[SCENE_PEOPLE_MAX];
	uint64_t cursor;  /* records [0, cursor) were looked at */
	uint64_t instant; /* first record of the present instant */
	usec now;
	uint64_t acts; /* of the play, counted towards the limit of events */
	uint32_t serial;
	bool is_over;
	struct scene_verdict verdict;
};

/* By statement: who stands in whose trigger. */
struct kin {
	int32_t child, sibling;
};

struct scene_run {
	const struct scene_file *file;
	struct play play;
	struct trace *trace;
	struct world *world;
	struct moment moment;
	struct kin *kin;
	int32_t *triggers_of[2]; /* first trigger of each host; next of each statement */
	uint16_t *files;         /* by statement: the trace's number of its file */
	const char *tag;         /* in the trace; NULL: none */
	uint64_t event_limit, memory_limit;
	char *hand_error_zh; /* the last mistake of a deed by hand; NULL: none */
	struct run_state now;
};

/* run.c */
void run_schedule(struct scene_run *run, int32_t stmt, usec base);
void run_queue(struct scene_run *run, struct due due);
void run_begin_chapter(struct scene_run *run, int32_t chapter);
struct trace_place run_place(const struct scene_run *run, int32_t stmt);
/* As the trace tells it: without the folder of the play, the same from wherever it is run. */
const char *run_file_name(const struct scene_run *run, const char *path);
void run_says(struct scene_run *run, int32_t says, uint64_t of);
/* A record of the play itself: en and zh, or two texts; NULL is "". Valid until the next one. */
struct record *run_tell(struct scene_run *run, enum record_kind kind, const char *first,
			const char *second);

/* run_save.c */
void run_state_fini(struct run_state *s);

/* run_act.c */
void run_act(struct scene_run *run, uint32_t stmt);
enum call_verb call_of_verb(enum verb verb);
/* places.c: the line of a rule or attribute of the wind; the words of all such lines. */
struct trace_place run_gust_place(const struct scene_run *run, const struct gust *g);
void run_quote_rules(struct scene_run *run);
/* Gives the records from `first` on, made by this act, their line. */
void run_tell_places(struct scene_run *run, uint32_t stmt, uint64_t first);
void run_people(struct scene_run *run); /* hosts, wind and applications, before the beginning */

/* flight.c: tells that the word of a deed by hand is not in flight. */
void flight_missing(struct scene_run *run, uint32_t stmt);

/* watch.c: looks at all records that are new, and does what they set off. */
void run_scan(struct scene_run *run);
void watch_open(struct scene_run *run, uint32_t stmt, usec from);
enum state run_state_of(const struct scene_run *run, const struct who *who);
uint32_t run_conn_of(const struct scene_run *run, const struct who *who);
bool fact_is_segment(const struct scene_run *run, const struct fact *f, const struct record *r);
bool fact_is_failure(const struct scene_run *run, const struct fact *f, const struct record *r);
bool number_compares(int64_t a, enum comparison how, int64_t b, bool is_seq);

/* judge.c */
void judge_look(struct scene_run *run, uint32_t stmt);
void judge_end(struct scene_run *run);
void judge_error(struct scene_run *run, int32_t stmt, const char *expected, const char *actual);
/* The same of something done by hand: whoever did it hears it in Chinese, too. */
void judge_hand(struct scene_run *run, int32_t stmt, const char *expected, const char *actual,
		const char *actual_zh);
bool run_received(const struct scene_run *run, const struct fact *f);
bool run_field(struct scene_run *run, const struct who *who, enum tcb_field field, int64_t *out);

/* answer.c */
void question_ask(struct scene_run *run, uint32_t stmt);
void question_hears(struct scene_run *run, const struct record *r);
void question_instant_over(struct scene_run *run);

/* override.c: --profile and --set, on the play. */
bool play_override(struct play *play, const struct scene_options *o, struct diags *d);
/* "zhang.rto=3s": a setting of one person; "rto=3s": of everyone, NULL. `rest` is behind the dot.
 */
const struct person *override_owner(const struct play *play, const char *text, const char **rest);
/* `text` as settings in braces would be. `option` names it in messages. The caller frees the arrays
 * of out. */
bool override_read(struct play *play, const char *option, const char *text, struct person *out,
		   struct diags *d);

/* report.c */
void field_print(struct sink *out, enum tcb_field_kind kind, int64_t value);
void record_print(const struct trace *t, const struct record *r, struct sink *out);

#endif
