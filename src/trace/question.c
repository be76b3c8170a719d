/* SPDX-License-Identifier: MIT */
#include "trace/question.h"

#include <base/assert.h>
#include "trace/question_kinds.h"
#include "trace/talk.h"

/* As many as a moment knows of. */
enum { HOSTS = sizeof((struct moment *)0)->host / sizeof((struct moment *)0)->host[0] };

/* ---- what a step is -------------------------------------------------------------------------- */

enum seg_class question_class(const struct seg *s)
{
	if (s->ctl & RST)
		return CLASS_RST;
	if (s->ctl & SYN)
		return s->ctl & ACK ? CLASS_SYN_ACK : CLASS_SYN;
	if (s->ctl & FIN)
		return CLASS_FIN;
	return s->text.len > 0 ? CLASS_DATA : CLASS_ACK;
}

static bool may_be_asked_about(const struct record *cause)
{
	switch ((enum record_kind)cause->kind) {
	case REC_ARRIVE:
	case REC_TIMER: return true;
	case REC_CALL: return cause->error == SOCK_OK;
	case REC_DISCARD: return cause->detail == DISCARD_CHECKSUM;
	case REC_RESULT:
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
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

/* At the same instant a program of this person does something next: whether it will nobody can
 * know, and what is sent then may be taken for an answer to this step. */
static bool is_acted_on_at_once(const struct trace *t, const struct step *step)
{
	const struct record *cause = step->cause;

	for (uint64_t i = step->beat.end; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->at != step->beat.at)
			break;
		if (r->kind == REC_CALL && r->host == cause->host &&
		    call_is_deed((enum call_verb)r->detail))
			return true;
	}
	return false;
}

static void look_through(struct step *step)
{
	const struct record *cause = step->cause;

	for (uint64_t i = cause->serial + 1; i < step->beat.end; i++) {
		const struct record *r = trace_at(step->trace, i);

		if (r->kind == REC_SEND && !step->send)
			step->send = r;
		if (r->kind == REC_SEND && r->host != cause->host)
			step->is_mixed = true;
		if (r->kind == REC_STATE && r->host == cause->host && r->conn == cause->conn) {
			if (!step->first_state)
				step->first_state = r;
			step->last_state = r;
		} else if (r->kind == REC_STATE) {
			step->is_mixed = true;
		}
	}
}

bool step_find(const struct trace *t, const struct moment *m, struct step *step)
{
	*step = (struct step){.trace = t, .moment = m};
	if (m->cursor >= trace_count(t))
		return false;
	step->beat = trace_beat_at(t, m->cursor);
	if (step->beat.cause == BEAT_NO_CAUSE)
		return false;
	step->cause = trace_at(t, step->beat.cause - 1);
	if (!may_be_asked_about(step->cause) || step->cause->host == TRACE_NO_HOST)
		return false;
	look_through(step);
	step->is_hurried = is_acted_on_at_once(t, step);
	return true;
}

/* ---- numbers that count from a SYN ----------------------------------------------------------- */

static bool is_syn_of(const struct record *r, const struct leg *leg)
{
	bool is_stranger = r->kind == REC_ARRIVE && r->is_stranger;
	uint8_t from = is_stranger ? r->peer : r->host, to = is_stranger ? r->host : r->peer;

	return (r->kind == REC_SEND || is_stranger) && (r->seg.ctl & SYN) && from == leg->from &&
	       to == leg->to && r->from_port == leg->from_port && r->to_port == leg->to_port;
}

bool question_isn(const struct trace *t, uint64_t record, bool is_peers, uint32_t *isn)
{
	const struct record *r = trace_at(t, record);
	struct leg leg = trace_leg(t, r);

	if (is_peers)
		leg = (struct leg){leg.to, leg.from, leg.to_port, leg.from_port};
	for (uint64_t i = record + 1; i-- > 0;) {
		if (is_syn_of(trace_at(t, i), &leg)) {
			*isn = trace_at(t, i)->seg.seq.v;
			return true;
		}
	}
	return false;
}

/* The numbers of the segment that sets it off, as the question tells them. */
static void find_bases(const struct trace *t, struct riddle *q)
{
	enum record_kind kind = (enum record_kind)trace_at(t, q->cause)->kind;

	if (kind != REC_ARRIVE && kind != REC_DISCARD)
		return;
	for (int i = 0; i < 2; i++)
		q->has_cause_base[i] = question_isn(t, q->cause, i == 1, &q->cause_base[i]);
}

/* ---- which of them --------------------------------------------------------------------------- */

bool question_make(const struct trace *t, const struct moment *m, enum question_kind kind,
		   struct riddle *out)
{
	struct step step;

	if (kind >= QUESTION_SCENE || !step_find(t, m, &step))
		return false;
	*out = (struct riddle){.kind = (uint8_t)kind,
			       .host = step.cause->host,
			       .peer = step.cause->peer,
			       .at = step.beat.at,
			       .since = m->at,
			       .cursor = m->cursor,
			       .cause = step.cause->serial,
			       .record = step.cause->serial};
	out->situation = step_situation(&step);
	find_bases(t, out);
	switch (kind) {
	case QUESTION_SEGMENT: return ask_segment(&step, out);
	case QUESTION_NUMBER: return ask_number(&step, out);
	case QUESTION_STATE: return ask_state(&step, out);
	case QUESTION_FATE: return ask_fate(&step, out);
	case QUESTION_TIMER: return ask_timer(&step, out);
	case QUESTION_SCENE:
	case QUESTION_KINDS: break;
	}
	UNREACHABLE();
}

unsigned question_kinds(const struct trace *t, const struct moment *m)
{
	struct riddle q;
	unsigned kinds = 0;

	for (int kind = 0; kind < QUESTION_SCENE; kind++) {
		if (question_make(t, m, (enum question_kind)kind, &q))
			kinds |= 1u << kind;
	}
	return kinds;
}

bool question_next(const struct trace *t, const struct moment *m,
		   const unsigned asked[QUESTION_KINDS], struct riddle *out)
{
	/* The rare ones first: where they can be asked at all they are not missed. */
	static const enum question_kind order[] = {QUESTION_SEGMENT, QUESTION_FATE, QUESTION_TIMER,
						   QUESTION_STATE, QUESTION_NUMBER};
	unsigned kinds = question_kinds(t, m);
	int best = -1;

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		int kind = (int)order[i];

		if ((kinds & 1u << kind) && (best < 0 || asked[kind] < asked[best]))
			best = kind;
	}
	return best >= 0 && question_make(t, m, (enum question_kind)best, out);
}

/* ---- the play's own -------------------------------------------------------------------------- */

/* The segment that answers `WHO.next.ack`, and whether the answer is its SEG.ACK. */
static const struct record *find_answer(const struct trace *t, const struct record *ask,
					bool *is_ack)
{
	for (uint64_t i = ask->serial; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind != REC_SEND || r->host != ask->host || r->is_stranger)
			continue;
		*is_ack = (r->seg.ctl & ACK) && (int64_t)r->seg.ack.v == ask->number[0];
		if (*is_ack || (int64_t)r->seg.seq.v == ask->number[0])
			return r;
	}
	return NULL;
}

/* WHO.FIELD: the person's own numbers count from the ISS, what is expected from the IRS. */
static void find_base(const struct moment *m, struct riddle *q)
{
	const struct moment_conn *k = q->host < HOSTS && m->host[q->host].newest
					      ? moment_conn(m, m->host[q->host].newest)
					      : NULL;
	uint32_t answer = (uint32_t)q->answer, iss, irs;

	if (!k || k->field[F_state] == LISTEN || k->field[F_state] == CLOSED)
		return;
	iss = (uint32_t)k->field[F_iss];
	irs = (uint32_t)k->field[F_irs];
	q->has_base = true;
	q->base = answer - iss <= answer - irs || k->field[F_state] == SYN_SENT ? iss : irs;
}

static void relate(const struct trace *t, const struct moment *m, const struct record *ask,
		   struct riddle *q)
{
	bool is_ack = false;
	const struct record *send = find_answer(t, ask, &is_ack);

	if (!send) {
		find_base(m, q);
		return;
	}
	q->record = send->serial;
	q->rule = send->seg.rule;
	q->peer = send->peer;
	q->has_base = question_isn(t, send->serial, is_ack, &q->base);
}

void question_of(const struct trace *t, const struct moment *m, uint64_t record, struct riddle *out)
{
	const struct record *r = trace_at(t, record);

	ASSERT(r->kind == REC_ASK);
	*out = (struct riddle){.kind = QUESTION_SCENE,
			       .host = r->host,
			       .peer = TRACE_NO_HOST,
			       .at = r->at,
			       .since = r->at,
			       .cursor = m->cursor,
			       .cause = record,
			       .record = record,
			       .answer = r->number[0]};
	if (r->number[1] <= 0 || r->number[1] > 1 + (int64_t)FIELD_STATE) {
		out->is_unanswered = true;
		return;
	}
	out->field = (uint8_t)(r->number[1] - 1);
	switch ((enum tcb_field_kind)out->field) {
	case FIELD_SEQ: relate(t, m, r, out); break;
	case FIELD_STATE:
		if (r->number[0] >= 0 && r->number[0] < STATE_COUNT)
			offer_states(t, out, r->host < HOSTS ? moment_state(m, r->host) : CLOSED);
		else
			out->is_unanswered = true;
		break;
	case FIELD_BOOL: offer_yes_no(out, r->number[0] != 0); break;
	case FIELD_TIME:
	case FIELD_DEADLINE: out->is_unanswered = r->number[0] == USEC_NEVER; break;
	case FIELD_COUNT:
	case FIELD_BYTES: break;
	}
}
