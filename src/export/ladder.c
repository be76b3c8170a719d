/* SPDX-License-Identifier: MIT */
/*
 * The ladder transcript, docs/LADDER.md. Records are gathered into episodes: what sets things off
 * (an arrival, a call, a timer, a crash) and all that follows from it at that instant. When an
 * episode is over it is known which line tells what, and its lines are written.
 */
#include "export/ladder.h"

#include <base/utf8.h>
#include "export/words.h"

enum { COMMENT_AFTER_TEXT = 38 };

/* ---- episodes -------------------------------------------------------------------------------- */

/* The segment that answers: of the episode's host, and in the same conversation when an arrival
 * began it. */
static const struct rung *answer_of(const struct ladder *l)
{
	for (size_t i = 0; i < l->rungs.count; i++) {
		const struct rung *rung = &l->rungs.at[i];

		if (rung->kind != RUNG_SEND || rung->record->host != l->host)
			continue;
		if (l->episode == EPISODE_TIMER || rung->talk_number == l->talk_number)
			return rung;
	}
	return NULL;
}

static const struct rung *first_of(const struct ladder *l, enum rung_kind kind)
{
	for (size_t i = 0; i < l->rungs.count; i++) {
		const struct rung *rung = &l->rungs.at[i];

		if (rung->kind == kind && (kind == RUNG_STATES || rung->record->host == l->host))
			return rung;
	}
	return NULL;
}

/* An arrival that has its line in any case can tell what came of it. */
static const struct rung *shown_arrival(const struct ladder *l)
{
	const struct rung *rung = &l->rungs.at[0];

	return rung->kind == RUNG_ARRIVE && !rung->is_plain ? rung : NULL;
}

/* The line that tells what came of the episode, and the states reached in it. */
static const struct rung *teller(const struct ladder *l)
{
	const struct rung *rung = NULL;

	switch (l->episode) {
	case EPISODE_DEED: return &l->rungs.at[0];
	case EPISODE_ARRIVAL:
	case EPISODE_TIMER:
		rung = answer_of(l);
		if (!rung)
			rung = first_of(l, RUNG_RESULT);
		if (!rung)
			rung = first_of(l, RUNG_ERROR);
		if (!rung)
			rung = first_of(l, RUNG_READ);
		if (!rung)
			rung = shown_arrival(l);
		break;
	case EPISODE_NONE: break;
	}
	return rung ? rung : first_of(l, RUNG_STATES);
}

void ladder_end_episode(struct ladder *l)
{
	const struct rung *tells = l->rungs.count > 0 ? teller(l) : NULL;

	for (size_t i = 0; i < l->rungs.count; i++) {
		const struct rung *rung = &l->rungs.at[i];

		if (rung->kind == RUNG_STATES && rung != tells)
			continue;
		if (rung->kind == RUNG_ARRIVE && rung->is_plain && tells)
			continue;
		if (rung->kind == RUNG_ERROR && first_of(l, RUNG_RESULT))
			continue;
		ladder_write(l, rung, rung == tells && l->states.count > 0);
	}
	array_clear(&l->rungs);
	array_clear(&l->states);
	l->episode = EPISODE_NONE;
}

static void begin_episode(struct ladder *l, enum episode kind, const struct record *r)
{
	ladder_end_episode(l);
	l->episode = kind;
	l->at = r->at;
	l->host = r->host;
}

static struct rung *add_rung(struct ladder *l, enum rung_kind kind, const struct record *r)
{
	const struct talk *talk = talks_see(&l->talks, l->trace, r);
	struct rung *rung = array_push(&l->rungs);

	*rung = (struct rung){.kind = kind, .record = r};
	if (talk) {
		struct leg leg = trace_leg(l->trace, r);

		rung->talk_number = talk->number;
		rung->relative = talk_relative(talk, &leg, trace_seg(l->trace, r));
	}
	return rung;
}

/* A program's small steps are told by what comes of them: an accept by the state, a read by what
 * was read, a bind by the port of what follows. */
static bool is_silent_call(const struct ladder *l, const struct record *r)
{
	if (r->error != SOCK_OK)
		return false;
	return r->detail == CALL_READ || r->detail == CALL_BIND ||
	       (r->detail == CALL_ACCEPT && !words_label(l->trace, r->conn));
}

static void see_call(struct ladder *l, const struct record *r)
{
	if (is_silent_call(l, r))
		return;
	begin_episode(l, EPISODE_DEED, r);
	add_rung(l, RUNG_CALL, r);
}

static void see_arrival(struct ladder *l, const struct record *r)
{
	const struct record *o = trace_origin(l->trace, r);
	const struct talk *talk = talks_see(&l->talks, l->trace, r);

	begin_episode(l, EPISODE_ARRIVAL, r);
	l->talk_number = talk ? talk->number : 0;
	/* A stranger's segment needs no second line: it arrives at once. */
	if (o != r && o->is_stranger && o->at == r->at)
		return;
	/* What the wind touched comes when nobody expects it, so it is always shown coming. */
	add_rung(l, RUNG_ARRIVE, r)->is_plain =
		!r->is_stranger && !acts_at(&l->acts, acts_first(&l->acts, o->serial), o->serial);
}

static void see_wind(struct ladder *l, const struct record *r)
{
	if (r->of < r->serial && trace_at(l->trace, r->of)->at != r->at)
		add_rung(l, RUNG_WIND, r);
}

static void see_state(struct ladder *l, const struct record *r)
{
	if (l->states.count == 0)
		add_rung(l, RUNG_STATES, r);
	*array_push(&l->states) = r;
}

static void see_read(struct ladder *l, const struct record *r)
{
	/* The end of the stream is told by the FIN, unless someone asked for it. */
	if (r->number[0] > 0 || l->was_read_called)
		add_rung(l, RUNG_READ, r);
}

void ladder_see(struct ladder *l, const struct record *r)
{
	if (l->at != r->at) {
		ladder_end_episode(l);
		l->at = r->at;
	}
	switch ((enum record_kind)r->kind) {
	case REC_CALL: see_call(l, r); break;
	case REC_RESULT:
		if (r->error != SOCK_OK)
			add_rung(l, RUNG_RESULT, r);
		break;
	case REC_READ: see_read(l, r); break;
	case REC_SEND:
		if (r->is_stranger)
			ladder_end_episode(l);
		add_rung(l, RUNG_SEND, r);
		break;
	case REC_WIND: see_wind(l, r); break;
	case REC_ARRIVE: see_arrival(l, r); break;
	case REC_DISCARD:
		begin_episode(l, EPISODE_NONE, r);
		add_rung(l, RUNG_DISCARD, r);
		break;
	case REC_TIMER: begin_episode(l, EPISODE_TIMER, r); break;
	case REC_STATE: see_state(l, r); break;
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
		begin_episode(l, EPISODE_DEED, r);
		add_rung(l, RUNG_WORD, r);
		break;
	case REC_PROMISE: add_rung(l, RUNG_PROMISE, r); break;
	case REC_SIGNAL:
		if (ladder_error(r) != SOCK_OK)
			add_rung(l, RUNG_ERROR, r);
		break;
	case REC_RULE:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	l->was_read_called = r->kind == REC_CALL && r->detail == CALL_READ;
}

/* ---- before the first line ------------------------------------------------------------------- */

void ladder_measure_names(struct ladder *l)
{
	l->name_columns = 1;
	for (size_t i = 0; i < trace_host_count(l->trace); i++) {
		size_t columns = utf8_columns(trace_host_at(l->trace, (uint8_t)i)->name);

		l->name_columns = columns > l->name_columns ? columns : l->name_columns;
	}
	l->comment_column = ladder_who_column(l) + 2 * l->name_columns + 6 + COMMENT_AFTER_TEXT;
}

static void measure(struct ladder *l)
{
	uint64_t count = trace_count(l->trace);
	usec last = count > 0 ? trace_at(l->trace, count - 1)->at : 0;

	l->second_digits = 2;
	for (usec left = last / (100 * USEC_PER_S); left > 0; left /= 10)
		l->second_digits++;
	for (uint64_t i = 0; i < count; i++) {
		const struct record *r = trace_at(l->trace, i);

		if (r->at % USEC_PER_MS != 0)
			l->has_microseconds = true;
	}
	ladder_measure_names(l);
}

void ladder_fini(struct ladder *l)
{
	talks_fini(&l->talks);
	acts_fini(&l->acts);
	array_fini(&l->rungs);
	array_fini(&l->states);
	sink_fini(&l->line);
}

void export_ladder(const struct trace *t, const struct export_options *o, struct sink *out)
{
	static const struct export_options plain;
	struct ladder l = {.trace = t, .options = o ? o : &plain, .out = out};

	sink_puts(out, "woshou-ladder 1\n");
	measure(&l);
	acts_init(&l.acts, t);
	for (uint64_t i = 0; i < trace_count(t); i++)
		ladder_see(&l, trace_at(t, i));
	ladder_end_episode(&l);
	ladder_fini(&l);
}
