/* SPDX-License-Identifier: MIT */
/*
 * echo.h - what the commands with real sockets share: one loop, a server or a client or none of
 * our own, an observer that makes recordings, and whoever shows them: lines (echo_plain.c) or the
 * stage (echo_stage.c).
 */
#ifndef APP_ECHO_H
#define APP_ECHO_H

#include <app/app.h>
#include <live/call.h>
#include <live/observer.h>
#include <live/serve.h>

/* A listener tells its calls before it can be observed: where it listens is not known yet. */
enum { ECHO_EARLY_MAX = 16 };

struct plain;

struct echo {
	const struct request *request;
	enum lang lang;
	struct loop *loop;
	struct observer *observer;        /* NULL with --quiet */
	struct serve *serve;              /* ours, or NULL */
	struct call *call;                /* ours, or NULL */
	struct endpoint at;               /* what is watched */
	struct act early[ECHO_EARLY_MAX]; /* told before there was an observer */
	size_t early_count;
	struct plain *plain; /* NULL: the stage, or nothing to be shown */
	struct sink said;    /* notices for the stage, the latest; "" none */
	struct sink typed;   /* of standard input: a line that is not whole yet */
	uint64_t version;    /* of what is not the observer's */
	uint64_t input_timer;
	int child; /* COMMAND of the laboratory; 0: none, or it has ended */
	int child_status;
	bool in_lab;        /* in a private network */
	bool is_input_over; /* standard input has ended */
	bool is_leaving;    /* asked to end once */
	bool is_broken;     /* the conversation failed, or an echo was wrong */
	bool is_disobeyed;  /* a line of standard input could not be obeyed */
	uint64_t signals;
};

/* argv, echo_ask.c. False: it was said what is wrong. */
bool echo_serve_options(const struct request *r, struct serve_options *o);
bool echo_call_options(const struct request *r, struct sink *room, struct call_options *o);
bool echo_port_operand(const char *text, uint16_t *port);

/* Who tells: echo_talk.c. */
void echo_serve_watcher(struct echo *e, struct serve_watcher *w);
void echo_call_watcher(struct echo *e, struct call_watcher *w);

/* Standard input is heard from here on: lines to be said, and orders. */
void echo_hear_input(struct echo *e);
/* There is a terminal, and nobody asked for lines. */
bool echo_wants_stage(const struct request *r);
/* The operands, run as a command: e->child until it has ended. False: it was said why not. */
bool echo_start_command(struct echo *e);

bool echo_is_over(const struct echo *e);
/* The first time in order, the second time at once. */
void echo_leave(struct echo *e);
/* A line of the user's, or an order. False: the complaint says why not. */
bool echo_say(struct echo *e, const char *line, enum lang lang, struct sink *complaint);
/* What is watched and what is missing, one line; is something missing? */
bool echo_status(const struct echo *e, enum lang lang, struct sink *out);
/* "127.0.0.1:40312 -> 127.0.0.1:8888". */
void echo_put_flow(struct sink *out, const struct flow *f);

/* Lines on standard output as they come. */
struct plain *plain_new(struct echo *e);
void plain_free(struct plain *p); /* all that is left is told before */
void plain_more(struct plain *p);
/* An echo, a notice: a line of its own. */
void plain_line(struct plain *p, const char *text);

/* The stage, until the reader leaves. An enum status. */
int echo_on_stage(struct echo *e);

/* --save: false: it was said why not. */
bool echo_save(const struct echo *e);
bool echo_may_save(const struct request *r);
bool echo_save_one(const struct request *r, const struct trace *t);

#endif
