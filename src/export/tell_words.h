/* SPDX-License-Identifier: MIT */
/*
 * tell_words.h - the sentences of `tell`, in both languages. Braces are filled in by tell.c:
 *
 *	{who} {peer}    the record's host and the other one, by their titles; {sender}: of a segment
 *	{what}          a segment in a word or two: "wave" 招手
 *	{numbers}       its numbers: "seq 1001, ack 5001, window 65535"
 *	{said}          octets: "line 1\n" in quotes, or how many
 *	{state} {mood}  a state and what it feels like
 *	{arguments} {error} {deed} {time} {number} {ack} {rule} {text} {text2} {again}
 */
#ifndef EXPORT_TELL_WORDS_H
#define EXPORT_TELL_WORDS_H

#include <woshou/lang.h>
#include <woshou/names.h>
#include "trace/phrase.h"

/* How a segment looks to people. SYN is 招手, FIN is 挥手告别, never otherwise. */
enum look {
	LOOK_SYN,
	LOOK_SYN_ACK,
	LOOK_RST,
	LOOK_FIN,      /* goodbye alone */
	LOOK_FIN_DATA, /* last words and goodbye */
	LOOK_DATA,
	LOOK_NO_ROOM, /* a nod with the ears covered: window 0 */
	LOOK_ACK,
	LOOK_EMPTY, /* no bit that says anything */
	LOOK_COUNT,
};

enum { TELL_SIGNALS = 16, TELL_ICMPS = 5, TELL_VERDICTS = 3 };

extern const struct phrase tell_whats[LOOK_COUNT];
extern const struct phrase tell_sends[LOOK_COUNT];
extern const struct phrase tell_repeats[LOOK_COUNT]; /* rexmit > 0 */
extern const struct phrase tell_arrivals[LOOK_COUNT];
extern const struct phrase tell_moods[STATE_COUNT];
extern const struct phrase tell_calls[CALL_VERB_COUNT];
extern const struct phrase tell_refusals[CALL_VERB_COUNT]; /* failed at once, or later */
extern const struct phrase tell_results[CALL_VERB_COUNT];  /* a later answer: it worked */
extern const struct phrase tell_deeds[DEED_COUNT];
extern const struct phrase tell_hands[DEED_COUNT]; /* by hand; empty: no hand can */
extern const struct phrase tell_discards[DISCARD_COUNT];
extern const struct phrase tell_timers[TIMER_COUNT];
extern const struct phrase tell_signals[TELL_SIGNALS]; /* by bit */
extern const struct phrase tell_icmps[TELL_ICMPS];
extern const struct phrase tell_verdicts[TELL_VERDICTS];
extern const char *const tell_errors_zh[SOCK_ERROR_COUNT];

enum oneself { /* sentences that have no family */
	       TELL_READ,
	       TELL_READ_END,
	       TELL_STATE,
	       TELL_RULE,
	       TELL_NO_RULE,
	       TELL_CRASH,
	       TELL_REBOOT,
	       TELL_PICTURE,
	       TELL_SCENE,
	       TELL_SAY,
	       TELL_MARKER,
	       TELL_ASK,
	       TELL_PROMISE,
	       TELL_PROMISE_EXPECTED,
	       TELL_END,
	       TELL_STRANGER, /* in front of a segment from out of nowhere */
	       TELL_COPY,     /* behind one that the wind said twice */
	       TELL_BY_HAND, /* behind a call that somebody made by hand */
	       TELL_SOMEBODY, /* a host that the trace does not know */
	       TELL_ONE_COUNT,
};

extern const struct phrase tell_ones[TELL_ONE_COUNT];

#endif
