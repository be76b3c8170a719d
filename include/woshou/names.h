/* SPDX-License-Identifier: MIT */
/*
 * names.h - the words for what a record can hold, and back: one table for files, screens and
 * queries. Names of states, fields and rules are the engine's own (tcp.h, rule.h).
 */
#ifndef WOSHOU_NAMES_H
#define WOSHOU_NAMES_H

#include <woshou/trace.h>

enum name_set {
	NAMES_KIND,    /* enum record_kind: "send" */
	NAMES_CALL,    /* enum call_verb: "connect" */
	NAMES_DEED,    /* enum deed: "drop" */
	NAMES_DISCARD, /* enum discard: "checksum" */
	NAMES_VERDICT, /* enum verdict: "pass" */
	NAMES_TIMER,   /* enum tcp_timer: "retransmit" */
	NAMES_ICMP,    /* enum tcp_icmp: "hard" */
	NAMES_ICMP_KIND, /* enum icmp_kind: "host-unreachable" */
	NAMES_SIGNAL,  /* enum tcp_signal by its bit: "established" */
	NAMES_COUNT,
};

size_t names_count(enum name_set set);
const char *name_of(enum name_set set, unsigned value); /* NULL: no such value */
int value_named(enum name_set set, const char *name);   /* -1: no such name */

/* What record.detail means for this kind; -1: it means nothing there. */
int names_of_detail(enum record_kind kind);

#endif
