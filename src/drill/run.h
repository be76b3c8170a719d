/* SPDX-License-Identifier: MIT */
/*
 * run.h - a run from within: the world with its two hosts, the script's place in time, the packets
 * that have left and are not matched yet, the descriptors, the call that blocks.
 */
#ifndef DRILL_RUN_H
#define DRILL_RUN_H

#include <base/assert.h>
#include <drill/drill.h>
#include <drill/expr.h>
#include <drill/order.h>
#include <woshou/scripted.h>
#include <woshou/sock.h>

enum { DRILL_FDS = 64, DRILL_WATCHES = 16 };

/* A packet that the TCP under test has sent. */
struct left {
	struct heard heard;
	bool is_farewell; /* it left because a descriptor was closed or shut down */
};

/* A timestamp of ours as the script and as the wire says it. */
struct ts_pair {
	uint32_t script, wire;
};

/* The connection under test: the numbers of the script and those on the wire. */
struct talk {
	bool is_there;
	uint8_t number; /* remote ports differ from talk to talk */
	uint16_t local_port, remote_port;
	bool has_isn;       /* the script's number of our SYN is known: */
	uint32_t isn_shift; /* wire = script + shift */
	bool has_ts;        /* the same of timestamps */
	uint32_t ts_shift;
	seq32 rcv_nxt; /* as our TCP last told it */
	ARRAY(struct ts_pair) ts;
};

enum fd_kind { FD_NONE, FD_SOCKET, FD_EPOLL };

struct watch_fd {
	int fd;          /* of the script; -1: none */
	uint32_t events; /* asked for */
	int64_t data;
	bool is_edge;
	uint32_t seen; /* sock_wakes() when it was last told */
	bool was_told;
	unsigned ready; /* what was told then */
};

struct fd {
	uint8_t kind; /* enum fd_kind */
	bool is_nonblocking, is_listener, has_inq;
	struct sock sock;
	int64_t own[4]; /* options that only this layer keeps: see call_option.c */
	struct watch_fd watch[DRILL_WATCHES];
};

/* What a call has come to. */
struct outcome {
	bool is_done; /* else it waits */
	int64_t value;
	const char *error;   /* "EAGAIN"; NULL: none */
	const char *differs; /* an argument is not what was expected: how; NULL: it is */
	const char *wanted;
};

struct pending {
	const struct drill_event *event; /* NULL: no call waits */
	usec since;                      /* when the event before it was over */
	usec base, started, patience;    /* of poll(): until; USEC_NEVER */
	uint64_t done;                   /* octets written or read already */
	bool is_begun;                   /* connect() was called */
	bool is_trying;                  /* for the first time */
};

struct run {
	struct drill_script *script;
	const struct drill_settings *settings;
	struct drill_result *result;
	struct trace *trace;
	struct world *world;
	uint8_t tcp, peer;               /* hosts */
	uint8_t stack;                   /* enum drill_stack */
	uint16_t file;                   /* in the trace */
	const struct drill_event *event; /* the one that goes on */
	usec since;                      /* when the one before it was over */
	usec inject_base;                /* of a row of injected packets */
	bool was_inject;
	bool is_over;            /* a failure after which nothing can be said */
	bool is_black_hole;      /* whatever leaves is gone */
	uint64_t counted;        /* hits of a rule when the counters were set to 0 */
	bool is_farewell;        /* a close() or shutdown() goes on */
	ARRAY(struct left) left; /* and not matched yet */
	struct talk talk;
	bool is_listening; /* the next packet injected begins a talk */
	int under_test;    /* descriptor of the script; -1: none */
	struct fd fd[DRILL_FDS];
	struct pending pending;
	struct drill_variables *variables;
};

/* run.c */
struct drill_finding *run_find(struct run *run, enum drill_finding_kind kind, const char *format,
			       ...) __attribute__((format(printf, 3, 4)));
char *run_text(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool run_step(struct run *run, usec limit); /* the world's next event; false: none until then */
void run_reach(struct run *run, usec at);
/* Too early, too late, or within the slack. `what` begins the sentence. */
void run_check_time(struct run *run, const char *what, usec from, usec to, usec since, usec actual);
usec run_slack(const struct run *run, usec expected, usec since);
struct trace_place run_place_of(const struct run *run);
void run_talk_begins(struct run *run, uint16_t local_port, uint16_t remote_port);

/* run_inject.c */
void run_inject(struct run *run, const struct drill_packet *p);

/* match.c */
void run_expect(struct run *run, const struct drill_packet *p, usec base);

/* match_text.c: packets as a script writes them. */
const char *packet_words(struct run *run, const struct drill_packet *p);
const char *left_words(struct run *run, const struct left *l);

/* wire.c: a packet's options as they stand in its octets. */
struct wire_option {
	uint8_t kind; /* the header's */
	uint8_t size; /* octets, kind and length too */
	const uint8_t *at;
};

struct wire_packet {
	uint8_t octets[65535 + 60];
	size_t size;
	const char *wrong; /* why the octets cannot be taken; NULL: they can */
	const uint8_t *text;
	size_t text_size;
	size_t count;
	struct wire_option option[40];
};
void wire_make(struct run *run, const struct left *l, struct wire_packet *out);

/* call.c and its neighbours */
void run_call(struct run *run, const struct drill_event *e, usec base);
void run_pending(struct run *run); /* does the call that waits go on? */
void run_await(struct run *run);   /* until it has returned */
struct fd *call_fd(struct run *run, const struct drill_call *c, uint32_t arg, uint8_t kind);
int call_new_fd(struct run *run, const struct drill_call *c);
bool call_number(const struct drill_call *c, uint32_t arg, int64_t *out);
const struct drill_term *call_arg(const struct drill_call *c, uint32_t arg);
bool call_is_word(const struct drill_term *t, const char *word);
const struct drill_term *term_item(const struct drill_term *t, uint32_t nth);
const struct drill_term *term_field(const struct drill_term *t, const char *name);
struct outcome call_done(int64_t value);
struct outcome call_failed(const char *error);
struct outcome call_waits(void);
struct outcome call_error(enum sock_error e); /* EAGAIN: it waits */

struct outcome call_function(struct run *run, const struct drill_call *c);
struct outcome call_socket(struct run *run, const struct drill_call *c);
struct outcome call_bind(struct run *run, const struct drill_call *c);
struct outcome call_listen(struct run *run, const struct drill_call *c);
struct outcome call_accept(struct run *run, const struct drill_call *c);
struct outcome call_connect(struct run *run, const struct drill_call *c);
struct outcome call_close(struct run *run, const struct drill_call *c);
struct outcome call_shutdown(struct run *run, const struct drill_call *c);
struct outcome call_fcntl(struct run *run, const struct drill_call *c);
struct outcome call_ioctl(struct run *run, const struct drill_call *c);
struct outcome call_read(struct run *run, const struct drill_call *c);
struct outcome call_recv(struct run *run, const struct drill_call *c);
struct outcome call_recvfrom(struct run *run, const struct drill_call *c);
struct outcome call_recvmsg(struct run *run, const struct drill_call *c);
struct outcome call_write(struct run *run, const struct drill_call *c);
struct outcome call_send(struct run *run, const struct drill_call *c);
struct outcome call_sendto(struct run *run, const struct drill_call *c);
struct outcome call_sendmsg(struct run *run, const struct drill_call *c);
struct outcome call_setsockopt(struct run *run, const struct drill_call *c);
struct outcome call_getsockopt(struct run *run, const struct drill_call *c);
struct outcome call_poll(struct run *run, const struct drill_call *c);
struct outcome call_epoll_create(struct run *run, const struct drill_call *c);
struct outcome call_epoll_ctl(struct run *run, const struct drill_call *c);
struct outcome call_epoll_wait(struct run *run, const struct drill_call *c);
struct outcome call_readv(struct run *run, const struct drill_call *c);
struct outcome call_writev(struct run *run, const struct drill_call *c);

/* run_order.c, run_knob.c */
void run_orders(struct run *run, const struct drill_command *c);
enum drill_stack run_stack_of(const struct drill_script *s);
void run_assume(struct run *run, struct tcp_profile *p); /* what the stack's suite takes as given */
void run_knob(struct run *run, struct tcp_profile *p, const struct drill_order *o);

/* run_code.c */
void run_code(struct run *run, const struct drill_code *code);

#endif
