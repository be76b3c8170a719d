/* SPDX-License-Identifier: MIT */
#include "trace/beat.h"

#include <base/assert.h>

bool call_is_deed(enum call_verb verb)
{
	switch (verb) {
	case CALL_LISTEN:
	case CALL_CONNECT:
	case CALL_WRITE:
	case CALL_SHUTDOWN:
	case CALL_CLOSE:
	case CALL_ABORT: return true;
	case CALL_ACCEPT:
	case CALL_READ:
	case CALL_OPTION:
	case CALL_BIND:
	case CALL_VERB_COUNT: break;
	}
	return false;
}

/* LOUD_CAUSE begins a beat, LOUD belongs to one, HEADING waits for what follows it at the same
 * instant, SILENT is no reason to halt. */
enum loudness { LOUD_CAUSE, LOUD, HEADING, SILENT };

static enum loudness loudness(const struct record *r)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL: return call_is_deed((enum call_verb)r->detail) ? LOUD_CAUSE : LOUD;
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP: return LOUD_CAUSE;
	case REC_SCENE:
	case REC_MARKER: return HEADING;
	case REC_EXPECT: return r->detail == VERDICT_PASS ? SILENT : LOUD;
	case REC_PICTURE:
	case REC_END: return SILENT;
	case REC_RESULT:
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_SAY:
	case REC_ASK:
	case REC_PROMISE:
	case RECORD_KIND_COUNT: break;
	}
	return LOUD;
}

/* It ends where the clock moves or a new cause stands; while it has only headings and silence it
 * takes the next cause in. */
struct trace_beat trace_beat_at(const struct trace *t, uint64_t first)
{
	struct trace_beat b = {.first = first, .end = first};
	bool has_cause = false, is_open_ended = true;

	ASSERT(first < trace_count(t));
	for (; b.end < trace_count(t); b.end++) {
		const struct record *r = trace_at(t, b.end);
		enum loudness how = loudness(r);
		bool has_moved = b.end > first && r->at != b.at;

		if ((has_moved && !is_open_ended) ||
		    (!has_moved && has_cause && (how == LOUD_CAUSE || how == HEADING)))
			break;
		if (is_open_ended)
			b.at = r->at;
		if (how != SILENT)
			is_open_ended = false;
		if (how == LOUD_CAUSE || how == LOUD)
			has_cause = true;
		if (how == LOUD_CAUSE)
			b.cause = b.end + 1;
	}
	return b;
}
