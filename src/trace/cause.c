/* SPDX-License-Identifier: MIT */
#include "trace/cause.h"

#include <string.h>
#include <base/assert.h>
#include "trace/talk.h"

/* ---- looking back ---------------------------------------------------------------------------- */

/* What others follow from: it comes from outside of the engine. */
static bool is_event(const struct record *r)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL:
	case REC_READ:
	case REC_ARRIVE:
	case REC_TIMER:
	case REC_ICMP: return true;
	case REC_RESULT:
	case REC_SEND:
	case REC_WIND:
	case REC_DISCARD:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return false;
}

/* What the engine did about an event names it. */
static bool is_outcome(const struct record *r)
{
	return (r->kind == REC_RULE || r->kind == REC_STATE || r->kind == REC_SIGNAL ||
		r->kind == REC_RESULT) &&
	       r->of < r->serial;
}

/* Of the same connection; where there is none, the answer to a segment for nobody. */
static bool is_same_end(const struct record *r, const struct record *before)
{
	if (r->conn != 0)
		return before->conn == r->conn;
	return before->host == r->host && before->kind == REC_ARRIVE &&
	       before->from_port == r->to_port && before->to_port == r->from_port;
}

/* The event of this instant in whose course the record came about; its own serial: none. */
static uint64_t event_before(const struct trace *t, const struct record *r)
{
	for (uint64_t i = r->serial; i-- > 0;) {
		const struct record *before = trace_at(t, i);

		if (before->at != r->at)
			break;
		if (!is_same_end(r, before))
			continue;
		if (is_event(before))
			return i;
		if (is_outcome(before))
			return before->of;
	}
	return r->serial;
}

/* What woke the application: it is told of something, and acts at once. */
static uint64_t wakes_application(const struct trace *t, const struct record *r)
{
	for (uint64_t i = r->serial; i-- > 0;) {
		const struct record *before = trace_at(t, i);

		if (before->at != r->at)
			break;
		if (before->conn == r->conn &&
		    (before->kind == REC_SIGNAL || before->kind == REC_READ ||
		     before->kind == REC_RESULT ||
		     (before->kind == REC_CALL && before->detail == CALL_ACCEPT)))
			return i;
	}
	return r->serial;
}

static bool holds(const struct record *write, const struct text *octets)
{
	const struct text *said = &write->seg.text;

	return write->kind == REC_CALL && write->detail == CALL_WRITE && write->error == SOCK_OK &&
	       said->stream == octets->stream && octets->offset >= said->offset &&
	       octets->offset - said->offset < said->len;
}

static bool asks_for_fin(const struct record *r)
{
	return r->kind == REC_CALL && r->error == SOCK_OK &&
	       (r->detail == CALL_SHUTDOWN || r->detail == CALL_CLOSE);
}

/* The call whose words these are, whenever it was; its own serial: not in the trace. */
static uint64_t call_of_words(const struct trace *t, const struct record *r)
{
	const struct text *said = &r->seg.text;

	for (uint64_t i = r->serial; i-- > 0;) {
		const struct record *before = trace_at(t, i);

		if (before->conn != r->conn)
			continue;
		if (said->len > 0 ? holds(before, said) : asks_for_fin(before))
			return i;
	}
	return r->serial;
}

static enum tcb_field deadline_of(enum tcp_timer timer)
{
	static const enum tcb_field fields[TIMER_COUNT] = {
		[TIMER_RETRANSMIT] = F_t_retransmit,
		[TIMER_OVERRIDE] = F_t_override,
		[TIMER_ACK] = F_t_ack,
		[TIMER_KEEPALIVE] = F_t_keepalive,
		[TIMER_TIME_WAIT] = F_t_time_wait,
		[TIMER_USER] = F_t_user,
		[TIMER_LOSS] = F_t_loss,
		[TIMER_PACE] = F_t_pace,
	};

	return fields[timer];
}

static bool sets(const struct trace *t, const struct record *r, enum tcb_field field, usec at)
{
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *change = trace_change(t, r, i);

		if (change->field == field && change->new == at && change->old != at)
			return true;
	}
	return false;
}

static uint64_t set_by(const struct trace *t, const struct record *timer)
{
	enum tcb_field field = deadline_of((enum tcp_timer)timer->detail);

	for (uint64_t i = timer->serial; i-- > 0;) {
		const struct record *before = trace_at(t, i);

		if (before->conn == timer->conn && sets(t, before, field, timer->at))
			return i;
	}
	return timer->serial;
}

/* The wind's deed upon the segment of `of`, after it and before `end`. */
static uint64_t deed_between(const struct trace *t, uint64_t of, uint64_t end, enum deed deed)
{
	for (uint64_t i = end; i-- > of + 1;) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_WIND && r->of == of && r->detail == deed)
			return i;
	}
	return end;
}

static uint64_t fell_silent(const struct trace *t, const struct record *r)
{
	for (uint64_t i = r->serial; i-- > 0;) {
		const struct record *before = trace_at(t, i);

		if (before->host == r->host && before->kind == REC_CRASH)
			return i;
		if (before->host == r->host && before->kind == REC_REBOOT)
			break;
	}
	return r->serial;
}

/* ---- one step -------------------------------------------------------------------------------- */

/* An acknowledgment is owed to what arrived, though the application has read in between. */
static uint64_t before_reading(const struct trace *t, const struct record *r, uint64_t event)
{
	const struct record *read = trace_at(t, event), *signal;

	if (read->kind != REC_READ || read->place.line > 0 || r->rule == R_WINDOW_UPDATE)
		return event;
	signal = trace_at(t, wakes_application(t, read));
	return signal->kind == REC_SIGNAL && signal->of < signal->serial ? signal->of : event;
}

/* What is said or done for the first time was asked for by somebody; all else answers an event. */
static enum because cause_of_send(const struct trace *t, const struct record *r, uint64_t *cause,
				  uint64_t *release)
{
	uint64_t event = before_reading(t, r, event_before(t, r)), call = r->serial;

	if (r->seg.rexmit == 0 && (r->seg.text.len > 0 || (r->seg.ctl & FIN)))
		call = call_of_words(t, r);
	if (call != r->serial && call != event) {
		*cause = call;
		*release = event;
		return r->seg.text.len > 0 ? BECAUSE_WRITTEN : BECAUSE_CLOSED;
	}
	*cause = event;
	return BECAUSE_COURSE;
}

static enum because cause_of_discard(const struct trace *t, const struct record *r, uint64_t *cause)
{
	uint64_t found = r->serial;

	if (r->detail == DISCARD_CHECKSUM && r->of < r->serial) {
		found = deed_between(t, r->of, r->serial, DEED_CORRUPT);
		if (found != r->serial) {
			*cause = found;
			return BECAUSE_BLOWN;
		}
	}
	if (r->detail == DISCARD_HOST_DOWN)
		found = fell_silent(t, r);
	*cause = found != r->serial ? found : r->of;
	return found != r->serial ? BECAUSE_DOWN : BECAUSE_SENT;
}

static enum because cause_of_icmp(const struct trace *t, const struct record *r, uint64_t *cause)
{
	uint64_t deed = deed_between(t, r->of, r->serial,
				     r->detail == ICMP_TOO_BIG ? DEED_MTU : DEED_ICMP);

	*cause = deed != r->serial ? deed : r->of;
	return deed != r->serial ? BECAUSE_BLOWN : BECAUSE_SENT;
}

static enum because step(const struct trace *t, const struct record *r, uint64_t *cause,
			 uint64_t *release)
{
	switch ((enum record_kind)r->kind) {
	case REC_SEND: return cause_of_send(t, r, cause, release);
	case REC_DISCARD: return cause_of_discard(t, r, cause);
	case REC_ICMP: return cause_of_icmp(t, r, cause);
	case REC_ARRIVE:
	case REC_WIND: *cause = r->of; return BECAUSE_SENT;
	case REC_TIMER: *cause = set_by(t, r); return BECAUSE_SET;
	case REC_CALL:
	case REC_READ:
		if (r->place.line == 0)
			*cause = wakes_application(t, r);
		return BECAUSE_COURSE;
	case REC_RESULT:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_SAY:
	case REC_EXPECT:
	case REC_PROMISE: *cause = r->of; return BECAUSE_COURSE;
	case REC_CRASH:
	case REC_REBOOT:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_MARKER:
	case REC_ASK:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return BECAUSE_NOTHING;
}

enum because trace_cause(const struct trace *t, uint64_t serial, uint64_t *cause, uint64_t *release)
{
	const struct record *r = trace_at(t, serial);
	enum because because;

	*cause = *release = serial;
	because = step(t, r, cause, release);
	/* A trace from outside may say anything: a cause is always earlier. */
	if (*release > serial)
		*release = serial;
	if (*cause < serial)
		return because;
	*cause = serial;
	return BECAUSE_NOTHING;
}

size_t trace_causes(const struct trace *t, uint64_t serial, struct cause *out, size_t room)
{
	size_t count = 0;
	uint64_t cause = serial;

	while (count < room) {
		struct cause *c = &out[count++];

		c->record = cause;
		c->because = trace_cause(t, c->record, &cause, &c->release);
		if (c->because == BECAUSE_NOTHING)
			break;
	}
	return count;
}

/* ---- the decision that says most ------------------------------------------------------------- */

/* How far into section 3.10.7 of RFC 9293 a rule lies; 0: elsewhere. */
static int step_of(enum rule rule)
{
	static const char *const steps[] = {"first", "second", "third",   "fourth",
					    "fifth", "sixth",  "seventh", "eighth"};
	const struct rule_info *info = rule_info(rule);

	if (info->rfc != 9293 || strncmp(info->section, "3.10.7", strlen("3.10.7")) != 0)
		return 0;
	for (int i = 0; i < 8; i++) {
		if (strcmp(info->ordinal, steps[i]) == 0)
			return i + 1;
	}
	return 1;
}

static enum rule better(enum rule a, enum rule b)
{
	if (a == RULE_NONE)
		return b;
	return step_of(b) > step_of(a) ? b : a;
}

/* Decisions stand right behind what they are about, at the same instant. */
static enum rule rule_over(const struct trace *t, const struct record *r)
{
	enum rule best = RULE_NONE;

	for (uint64_t i = r->serial + 1; i < trace_count(t); i++) {
		const struct record *next = trace_at(t, i);

		if (next->at != r->at)
			break;
		if (next->of != r->serial)
			continue;
		if (next->kind == REC_STATE && next->rule != RULE_NONE)
			return (enum rule)next->rule;
		if (next->kind == REC_RULE)
			best = better(best, (enum rule)next->rule);
	}
	return best;
}

enum rule trace_main_rule(const struct trace *t, uint64_t serial)
{
	const struct record *r = trace_at(t, serial);

	switch ((enum record_kind)r->kind) {
	case REC_SEND: return (enum rule)(r->rule != RULE_NONE ? r->rule : r->seg.rule);
	case REC_STATE:
	case REC_RULE: return (enum rule)r->rule;
	case REC_SIGNAL:
	case REC_RESULT: return r->of < serial ? rule_over(t, trace_at(t, r->of)) : RULE_NONE;
	case REC_CALL:
	case REC_READ:
	case REC_ARRIVE:
	case REC_TIMER:
	case REC_ICMP: return rule_over(t, r);
	case REC_WIND:
	case REC_DISCARD:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return RULE_NONE;
}
