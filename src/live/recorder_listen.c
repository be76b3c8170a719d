/* SPDX-License-Identifier: MIT */
/* recorder_listen.c - listeners: those that were told, and those that must have been there. */
#include "live/recorder_inside.h"

#include <string.h>

static struct record *tell_of_listener(struct recorder *r, const struct listener *l,
				       enum record_kind kind, usec at)
{
	struct record *record = trace_push(r->trace, kind, at);

	r->now = at;
	record->host = l->host;
	record->conn = l->conn;
	record->from = record->to = l->tcb.state;
	record->from_port = l->at.port;
	return record;
}

static void open_listener(struct recorder *r, struct listener *l, bool is_inferred, int64_t backlog,
			  usec at)
{
	struct tcb before = {0};
	struct record *record;
	uint64_t serial;

	l->is_open = true;
	l->conn = ++r->serials;
	l->tcb = (struct tcb){.state = LISTEN};
	for (size_t i = 0; i < TIMER_COUNT; i++)
		l->tcb.deadline[i] = USEC_NEVER;
	trace_add_conn(r->trace, &(struct trace_conn){.serial = l->conn,
						      .host = l->host,
						      .peer = TRACE_NO_HOST,
						      .is_listener = true,
						      .port = l->at.port,
						      .stream = l->conn,
						      .born = trace_count(r->trace)});
	record = tell_of_listener(r, l, REC_CALL, at);
	serial = record->serial;
	record->detail = CALL_LISTEN;
	record->number[0] = backlog;
	record->is_inferred = is_inferred;
	trace_changes(r->trace, serial, &before, &l->tcb);
	record = tell_of_listener(r, l, REC_STATE, at);
	record->of = serial;
	record->rule = R_OPEN_PASSIVE;
	record->from = CLOSED;
	record->is_inferred = is_inferred;
}

void infer_listen(struct recorder *r, const struct endpoint *at, bool is_inferred, usec when)
{
	open_listener(r, listener_make(r, at), is_inferred, 0, when);
}

static void close_listener(struct recorder *r, struct listener *l, usec at)
{
	struct record *record = tell_of_listener(r, l, REC_CALL, at);
	uint64_t serial = record->serial;

	record->detail = CALL_CLOSE;
	record->from = record->to = CLOSED;
	record = tell_of_listener(r, l, REC_STATE, at);
	record->of = serial;
	record->rule = R_CLOSE_LISTEN;
	record->to = CLOSED;
	l->is_open = false;
	l->tcb.state = CLOSED;
}

/* An act of a socket that has no peer. */
void listener_act(struct recorder *r, const struct item *i, usec at)
{
	const struct act *a = &i->act;
	struct listener *l = listener_find(r, &a->self);
	struct listener unborn = {.at = a->self};
	struct record *record;

	if (a->verb == CALL_LISTEN && !l && a->error == SOCK_OK) {
		l = listener_make(r, &a->self);
		l->tells = true;
		open_listener(r, l, false, a->value, at);
		return;
	}
	if (a->verb == CALL_CLOSE && l) {
		close_listener(r, l, at);
		return;
	}
	if (!l) {
		unborn.host = person_of(r, &a->self, true);
		l = &unborn;
	}
	record = tell_of_listener(r, l, REC_CALL, at);
	record->detail = (uint8_t)a->verb;
	record->error = (uint16_t)a->error;
	record->number[0] = a->verb == CALL_BIND ? a->self.port : a->value;
	if (a->option)
		record->text[0] = trace_text(r->trace, a->option, strlen(a->option));
}
