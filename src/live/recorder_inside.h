/* SPDX-License-Identifier: MIT */
/*
 * recorder_inside.h - the recorder as its own files see it.
 *
 * What comes in (an act, a frame, a look at a socket) waits in one queue in the order of time:
 * recorder_queue.c. Frames of a flow wait in a list of their own, too, so that whoever tells one
 * can look ahead at what was answered: recorder_fate.c says from that when a segment reached the
 * other side, or that it never did. In their turn they are told: recorder_send.c and
 * recorder_arrive.c write what a segment's leaving and its arrival do to the two TCBs,
 * recorder_call.c the calls, recorder_look.c what the kernel said.
 */
#ifndef LIVE_RECORDER_INSIDE_H
#define LIVE_RECORDER_INSIDE_H

#include <base/array.h>
#include "live/recorder.h"
#include "wire/packet.h"

enum { CALLER = 0, CALLED = 1 };

enum {
	RECORDER_HOSTS = 64,
	HELD_RUNS = 32,   /* of text out of order that one side remembers */
	SENT_BEFORE = 16, /* segments that one side remembers */
	AHEAD = 512,      /* frames of its flow that one segment's fate is sought in */
	RECORDS_MAX = 4000000,
};

/* A segment that left, as far as it tells a repetition or a copy. */
struct sent {
	seq32 seq;
	uint32_t len, tsval;
	seq32 ack;
	uint16_t ctl, ip_id;
	uint8_t times;
	usec at;
	uint64_t record;
};

struct run {
	seq32 from, to;
};

struct side {
	struct endpoint at;
	uint8_t host;
	bool is_known;     /* it has a connection: `conn` is its serial */
	bool tells;        /* our own process: its calls come as acts */
	bool is_looked_at; /* the kernel is asked about it */
	bool was_seen;     /* it sent something that was captured */
	bool has_scale;
	uint8_t scale; /* of the windows it tells */
	bool is_shut, is_closed, has_connected, was_answered, was_accepted;
	bool has_read_end;
	uint32_t conn;
	struct tcb tcb;
	seq32 fin;        /* with TCB_FIN_SENT: its sequence number */
	uint64_t written; /* octets that its application gave; what its stream has may be more */
	uint64_t read;    /* octets of the other side's stream that its application took */
	seq32 stream_end; /* sequence number behind the last octet of its stream */
	uint64_t stream_size;
	bool has_stream; /* stream_end is valid */
	struct run held[HELD_RUNS];
	uint32_t held_count;
	struct sent sent[SENT_BEFORE];
	uint32_t sent_count;
	bool has_planned;
	seq32 planned;         /* RCV.NXT once all that is on its way has come */
	uint64_t state_record; /* of the last change of its state, + 1 */
	uint64_t close_record; /* of the call that ended it, + 1 */
	uint64_t mourning;     /* ends with the item of this number; 0: it does not mourn */
};

struct pair {
	struct pair *next;  /* with the same hash */
	struct pair *after; /* of all, in order of birth */
	struct side side[2];
	bool is_begun; /* people and connections are told */
	bool is_old;   /* another one has its ports now */
	bool has_frames;
	bool is_caller_told; /* by a SYN, or by a call; else it was guessed */
	/* What the queue knows, which runs ahead of what is told. */
	struct item *first, *last;   /* frames that wait, in the order they were captured */
	bool has_isn[2], is_over[2]; /* this side's FIN or RST has come */
	bool is_answered;            /* with a SYN,ACK */
	struct pair *older;          /* that had these ports before */
	seq32 isn[2];
	usec began;             /* when its first frame was captured */
	usec syn_at, answer_at; /* 0: not yet */
	usec to_called;         /* and back: the SYN's way and its answer's */
	usec far[2];            /* from the capture to each side */
	bool has_far;
};

enum item_kind {
	ITEM_FRAME,
	ITEM_ACT,
	ITEM_LOOK,
	ITEM_GONE,
	ITEM_ARRIVAL,
	ITEM_MOURNED,
	ITEM_SAY,
};

/* Something that waits for its turn. */
struct item {
	/* Its place: time, then order; `sub` among those that stand behind one frame. */
	usec at;
	uint64_t order, sub;
	size_t heap;
	uint8_t kind; /* enum item_kind */
	uint8_t side; /* whose: sender, caller of the call, who is looked at, who receives */
	struct pair *pair;
	struct item *next; /* of its flow's frames */
	struct seg seg;
	usec seen; /* a frame: when it was captured */
	int link;
	uint32_t ip, header, text, size, wire; /* of its octets */
	uint16_t ip_id;
	uint8_t sum;       /* enum captured_sum */
	bool is_gathered;  /* its text is in the stream and belongs to a call */
	bool is_told;      /* its leaving was told out of turn */
	bool is_early;     /* it is being told out of turn */
	bool is_overtaken; /* by another of its side */
	bool is_unseen;    /* it was never captured: another shows that it was sent */
	bool is_lost;      /* and that it did not arrive */
	uint64_t send;     /* of an arrival: the record of its leaving */
	uint8_t discard;   /* enum discard; DISCARD_COUNT: it is taken */
	struct act act;
	struct socket_sight look;
	size_t room;
	uint8_t *
		octets; /* of the frame, or of the act; option names too; two texts that are said */
};

struct person {
	struct endpoint at; /* port 0: one who calls */
	uint8_t host;
};

struct listener {
	struct endpoint at;
	uint32_t conn;
	uint8_t host;
	bool is_open, tells;
	struct tcb tcb;
	uint32_t waiting, backlog;
};

struct recorder {
	struct recorder_options o;
	struct trace *trace;
	bool is_taken, is_ended, is_full, has_begun;
	usec epoch, now;  /* of the trace; `now` is the last record's */
	usec latest;      /* of what came */
	uint64_t came;    /* how much */
	uint32_t serials; /* connections */
	uint32_t scratch; /* streams of octets that fit nowhere */
	bool has_frames;
	ARRAY(struct item *) heap;
	ARRAY(struct item *) spare;
	uint64_t held_octets;
	ARRAY(struct pair *) slots; /* hash */
	struct pair *oldest, *youngest;
	size_t pairs;
	ARRAY(struct person) people;
	ARRAY(struct listener) listeners;
	ARRAY(struct item *) unclaimed; /* acts of a connection whose port nobody knows yet */
	uint64_t pictured;
	/* Around one record: what the side's TCB was, and the steps taken since. */
	struct tcb before;
	struct {
		uint16_t rule;
		uint8_t from, to;
		bool is_told;
	} note[8];
	uint32_t notes;
};

/* recorder_queue.c */
struct item *item_new(struct recorder *r, enum item_kind kind, usec at);
void item_keep_octets(struct recorder *r, struct item *i, const void *octets, size_t n);
void item_free(struct recorder *r, struct item *i);
void queue_put(struct recorder *r, struct item *i);
void queue_move(struct recorder *r, struct item *i, usec at); /* earlier */
struct item *queue_first(const struct recorder *r);
struct item *queue_take(struct recorder *r);
uint64_t order_of_next(struct recorder *r);

/* recorder_pair.c */
struct pair *pair_find(const struct recorder *r, const struct endpoint *a, const struct endpoint *b,
		       uint8_t *side_of_a);
struct pair *pair_new(struct recorder *r, const struct endpoint *caller,
		      const struct endpoint *called);
void pairs_free(struct recorder *r);
bool endpoint_eq(const struct endpoint *a, const struct endpoint *b);
uint8_t person_of(struct recorder *r, const struct endpoint *at, bool is_called);
struct listener *listener_find(struct recorder *r, const struct endpoint *at);
struct listener *listener_make(struct recorder *r, const struct endpoint *at);
void pair_begin(struct recorder *r, struct pair *f); /* its people are known from now on */

/* recorder_tell.c */
usec at_of(struct recorder *r, usec seen);
bool is_room(struct recorder *r);
struct record *side_tell(struct recorder *r, const struct pair *f, uint8_t side,
			 enum record_kind kind, usec at);
void change_begin(struct recorder *r, const struct side *s);
void change_note(struct recorder *r, struct side *s, enum state to, enum rule rule, bool is_told);
/* On the record that caused it, which is the newest one. */
void change_end(struct recorder *r, struct pair *f, uint8_t side, struct record *cause, usec at);
void conn_birth(struct recorder *r, struct pair *f, uint8_t side);
void side_open(struct side *s); /* its TCB is fresh */
void tell_pictures(struct recorder *r, usec at);

/* recorder_text.c */
void text_gather(struct recorder *r, struct pair *f, struct item *frame);
void text_name(struct recorder *r, struct pair *f, struct item *frame, struct text *out);
void frame_keep(struct recorder *r, const struct item *frame, uint64_t record);

/* recorder_fate.c */
enum fate {
	FATE_ARRIVES,
	FATE_LOST,
	FATE_GARBLED,
	FATE_TURNED_AWAY, /* a queue of the listener was full */
	FATE_OPEN,        /* nothing tells */
};
enum fate fate_of(struct recorder *r, struct pair *f, struct item *frame, usec *at,
		  uint64_t *order);
bool is_refused(const struct pair *f, uint8_t called);

/* recorder_gap.c */
void gap_fill(struct recorder *r, struct pair *f, uint8_t side, seq32 to,
	      const struct item *shown_by);

/* recorder_send.c, recorder_arrive.c */
void frame_leaves(struct recorder *r, struct item *frame);
void frame_arrives(struct recorder *r, struct item *arrival);
void older_retires(struct recorder *r, struct pair *f, uint8_t side, usec at);
void side_mourned(struct recorder *r, struct item *i);
void side_mourns(struct recorder *r, struct pair *f, uint8_t side, usec at);

/* recorder_listen.c */
void infer_listen(struct recorder *r, const struct endpoint *at, bool is_inferred, usec when);
void listener_act(struct recorder *r, const struct item *i, usec at);

/* recorder_call.c */
void act_told(struct recorder *r, struct item *i);
bool act_claim(struct recorder *r, struct pair *f, uint8_t side);
const struct item *syn_of(const struct pair *f, uint8_t side);
void infer_connect(struct recorder *r, struct pair *f, uint8_t side, struct item *syn, usec at);
void infer_write(struct recorder *r, struct pair *f, struct item *frame, usec at);
void fin_leaves(struct recorder *r, struct pair *f, struct item *fin, usec at);
enum rule state_after_close(enum state from, enum state *to);
void infer_abort(struct recorder *r, struct pair *f, uint8_t side, usec at);
void infer_opened(struct recorder *r, struct pair *f, uint8_t side, uint64_t cause, usec at);
void infer_read_to(struct recorder *r, struct pair *f, uint8_t side, uint32_t unread, usec at);
void infer_read(struct recorder *r, struct pair *f, uint8_t side, usec at);
void infer_failed(struct recorder *r, struct pair *f, uint8_t side, enum sock_error e,
		  uint64_t cause, usec at);

/* recorder_look.c */
void look_told(struct recorder *r, struct item *i);
void gone_told(struct recorder *r, struct item *i);

#endif
