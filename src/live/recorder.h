/* SPDX-License-Identifier: MIT */
/*
 * recorder.h - from what was seen (sight.h) to a trace: the same records that a simulation writes,
 * so that every view works on them, while the trace still grows.
 *
 * The people. Whoever is called at one address and port is one person ("li"), whoever calls from
 * one address is another ("zhang", further ones by their address). On the loopback both have one
 * address and are told apart by their part. A flow whose SYN was not seen: the side with the lower
 * port is taken for the called one, and that is an inference.
 *
 * What is seen is told as it is: a frame is a REC_SEND and a REC_ARRIVE with the frame's own octets
 * (trace_frame_keep), a call of our own process a REC_CALL, a state that the kernel told a
 * REC_STATE. What follows from it by RFC 9293 is told too, and marked record.is_inferred: states
 * between two looks, the calls of other processes, losses. TCB fields (SND.UNA, RCV.NXT, windows)
 * are changes of the records that moved them, as in a simulation.
 *
 * Sights of one kind come in the order of time; of different kinds, a little out of order: the
 * recorder holds back what is younger than `slack` until recorder_pass. Records' times never go
 * back, whatever the clock does. No allocation per segment but for the trace's own growth.
 */
#ifndef LIVE_RECORDER_H
#define LIVE_RECORDER_H

#include "live/sight.h"

/* Where the capture was taken: a segment is seen leaving on its sender's host, arriving on its
 * receiver's; on the loopback both at once. */
enum vantage { VANTAGE_LOOPBACK, VANTAGE_CALLER, VANTAGE_CALLED, VANTAGE_BETWEEN };

/* Zeroed: loopback, the first sight is time 0, no limit. */
struct recorder_options {
	enum vantage vantage;
	usec epoch;            /* time 0 of the trace, since 1970; 0: the first sight */
	usec slack;            /* live: hold back what is younger; 0: nothing (files) */
	usec time_wait;        /* 2 MSL, where nobody tells its end; 0: Linux's 60 s */
	uint64_t record_limit; /* then no more is recorded, and the trace says so; 0: 4 million */
	bool keeps_frames;     /* the real octets, for the header inspector and pcapng */
	/* Who has read a file whole knows better than a handshake tells how far it is, one way, to
	 * the caller and to the called one of the flow whose frame is being given. NULL: nobody. */
	void (*far)(void *user, usec far[2]);
	void *user;
	bool has_acts; /* our own process is on one side at least and tells its calls */
};

struct recorder;

struct recorder *recorder_new(const struct recorder_options *o);
void recorder_free(struct recorder *r); /* its trace too */
/* Good until recorder_free; it grows with every call below. */
struct trace *recorder_trace(struct recorder *r);
struct trace *recorder_take(struct recorder *r); /* the caller's from now on; r may only be freed */

void recorder_frame(struct recorder *r, const struct frame_sight *f);
void recorder_act(struct recorder *r, const struct act *a);
void recorder_socket(struct recorder *r, const struct socket_sight *s);
/* The kernel no longer knows this socket. */
void recorder_gone(struct recorder *r, usec at, const struct flow *f, int end);
/* Somebody explains (REC_SAY), in both languages. */
void recorder_say(struct recorder *r, usec at, const char *en, const char *zh);
/* It is `at` now: what was held back is told, and what time alone brings (the end of 2 MSL where
 * nobody tells it). When it wants to be called again at the latest; USEC_NEVER. */
usec recorder_pass(struct recorder *r, usec at);
void recorder_end(struct recorder *r, usec at); /* REC_END; nothing comes after it */

#endif
