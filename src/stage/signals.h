/* SPDX-License-Identifier: MIT */
/*
 * signals.h - what the system tells a program that holds a terminal: to end, to sleep, that it has
 * slept. They are only noted here; term.c asks. A program that dies has no time for that: then the
 * handler itself gives the terminal back, with nothing but write() and tcsetattr().
 */
#ifndef STAGE_SIGNALS_H
#define STAGE_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>

/* From before the terminal's modes are first touched until it is given back. The modes are kept:
 * they are what it is given back with. */
void signals_catch(void);
void signals_release(void);
/* What makes the terminal plain again; copied. A signal that kills writes it. */
void signals_set_farewell(const char *octets, size_t n);

int signals_leaving(void); /* the one that asks to end; 0: none */
void signals_leave(int signal);
bool signals_wants_sleep(void);
bool signals_has_woken(void); /* once after each sleep */
void signals_sleep(void);     /* until somebody continues us */

/* Between the two no signal is noted but in signals_wait, which so misses none: hold, look at what
 * is noted and whether there is something to read, wait, let go. */
void signals_hold(void);
void signals_let_go(void);
/* Until `fd` or `other` (-1: there is none) can be read, something is noted, or the time is over
 * (-1: no limit). */
enum wait_end {
	WAIT_OVER,
	WAIT_READABLE,
	WAIT_OTHER, /* `fd` has nothing, the other one has */
	WAIT_GONE,  /* nobody is at the other end of `fd` */
};
enum wait_end signals_wait(int fd, int other, int timeout_ms);

/* Ends as the signal that was asked for would have ended us. Nothing, when there was none. */
void signals_raise_again(void);

#endif
