/* SPDX-License-Identifier: MIT */
/* answer.c - questions are asked before the instant, answered by what comes. */
#include <scene/run.h>

static void answer(struct scene_run *run, uint64_t record, int64_t value, enum tcb_field_kind kind)
{
	trace_set_number(run->trace, record, 0, value);
	trace_set_number(run->trace, record, 1, 1 + (int64_t)kind);
}

void question_ask(struct scene_run *run, uint32_t stmt)
{
	const struct question *q = run->play.stmts.at[stmt].ask;
	struct record *r = run_tell(run, REC_ASK, q->text.en ? q->text.en : q->text.zh,
				    q->text.zh ? q->text.zh : q->text.en);
	uint64_t serial = r->serial;

	r->place = run_place(run, (int32_t)stmt);
	switch ((enum answer_kind)q->kind) {
	case ANSWER_NEXT:
	case ANSWER_FIELD:
		r->host = q->who.host;
		*array_push(&run->now.questions) =
			(struct open_question){.stmt = stmt, .record = serial};
		return;
	case ANSWER_NUMBER: answer(run, serial, q->value, FIELD_COUNT); return;
	case ANSWER_TIME: answer(run, serial, q->value, FIELD_TIME); return;
	case ANSWER_STATE: answer(run, serial, q->value, FIELD_STATE); return;
	}
}

static void close_question(struct scene_run *run, size_t i)
{
	run->now.questions.at[i] = *array_last(&run->now.questions);
	(void)array_pop(&run->now.questions);
}

/* WHO.next: the next segment that the person sends. */
void question_hears(struct scene_run *run, const struct record *r)
{
	struct run_state *s = &run->now;

	if (r->kind != REC_SEND || r->is_stranger)
		return;
	for (size_t i = 0; i < s->questions.count;) {
		const struct open_question *o = &s->questions.at[i];
		const struct question *q = run->play.stmts.at[o->stmt].ask;

		if (q->kind != ANSWER_NEXT || q->who.host != r->host || r->serial < o->record ||
		    (q->who.label && run_conn_of(run, &q->who) != r->conn)) {
			i++;
			continue;
		}
		switch ((enum seg_number)q->number) {
		case NUMBER_SEQ: answer(run, o->record, r->seg.seq.v, FIELD_SEQ); break;
		case NUMBER_ACK: answer(run, o->record, r->seg.ack.v, FIELD_SEQ); break;
		case NUMBER_LEN: answer(run, o->record, r->seg.text.len, FIELD_COUNT); break;
		case NUMBER_WIN: answer(run, o->record, r->seg.wnd, FIELD_COUNT); break;
		case NUMBER_RETRANSMIT:
		case NUMBER_COUNT: break;
		}
		close_question(run, i);
	}
}

/* WHO.FIELD: as it is after the last event of the time asked about. */
void question_instant_over(struct scene_run *run)
{
	struct run_state *s = &run->now;

	for (size_t i = 0; i < s->questions.count;) {
		const struct open_question *o = &s->questions.at[i];
		const struct question *q = run->play.stmts.at[o->stmt].ask;
		enum tcb_field field = (enum tcb_field)q->number;
		int64_t value;

		if (q->kind != ANSWER_FIELD) {
			i++;
			continue;
		}
		if (run_field(run, &q->who, field, &value))
			answer(run, o->record, value, tcb_field_kind_of(field));
		close_question(run, i);
	}
}
