/* SPDX-License-Identifier: MIT */
#include "stage/story.h"

#include <string.h>
#include <base/assert.h>
#include "trace/beat.h"
#include "trace/moment.h"

/* A silence this long gets a row of its own in the ladder. */
static const usec GAP = 800 * USEC_PER_MS;
/* What story_new keeps while it goes through the trace. */
struct teller {
	struct story *story;
	const struct trace *trace;
	usec airborne_until; /* latest due so far */
	usec said;           /* time of the last row */
	uint8_t down;
};

/* ---- people ---------------------------------------------------------------------------------- */

static void find_people(struct story *s)
{
	size_t hosts = trace_host_count(s->trace);

	for (size_t h = 0; h < hosts && s->people_count < STORY_PEOPLE; h++)
		s->people[s->people_count++] = (uint8_t)h;
}

int story_lifeline(const struct story *s, uint8_t host)
{
	for (int i = 0; i < s->people_count; i++) {
		if (s->people[i] == host)
			return i;
	}
	return -1;
}

/* ---- beats ----------------------------------------------------------------------------------- */

static void find_beats(struct story *s)
{
	for (uint64_t i = 0; i < trace_count(s->trace);) {
		struct trace_beat b = trace_beat_at(s->trace, i);

		*array_push(&s->beats) = (struct beat){.first = b.first, .end = b.end, .at = b.at};
		i = b.end;
	}
}

/* ---- rows ------------------------------------------------------------------------------------ */

static struct row *add_row(struct teller *k, enum row_kind kind, const struct record *r,
			   uint8_t host)
{
	struct story *s = k->story;
	struct row *row = array_push(&s->rows);

	*row = (struct row){.at = r->at,
			    .record = r->serial,
			    .beat = (uint32_t)(array_last(&s->beats) - s->beats.at),
			    .kind = (uint8_t)kind,
			    .host = host,
			    .state = STATE_COUNT,
			    .down = k->down};
	k->said = r->at;
	return row;
}

static bool beat_has_send(const struct trace *t, const struct beat *b, uint8_t host)
{
	for (uint64_t i = b->first; i < b->end; i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_SEND && r->host == host)
			return true;
	}
	return false;
}

static void add_leave(struct teller *k, const struct record *r)
{
	struct story *s = k->story;
	struct voyage *v = story_voyage(s, r->serial);
	uint32_t index;
	struct row *row;

	if (!v)
		return;
	index = (uint32_t)(v - s->voyages.at);
	v->leave_row = (uint32_t)s->rows.count;
	v->reach_row = v->leave_row + 1;
	row = add_row(k, ROW_LEAVE, r, v->from);
	row->voyage = index;
	if (v->due != USEC_NEVER && v->due > k->airborne_until)
		k->airborne_until = v->due;
	if (v->fate == FATE_LOST) {
		row = add_row(k, ROW_LOST, r, v->from);
		row->at = v->due;
		row->voyage = index;
	}
}

static void add_reach(struct teller *k, const struct record *r)
{
	struct story *s = k->story;
	struct voyage *v = story_voyage(s, r->of != r->serial ? r->of : r->serial);
	struct row *row;

	if (!v || v->send == r->serial) {
		v = story_voyage(s, r->serial);
		if (!v)
			return;
		/* From nowhere: it leaves in the row above its arrival. */
		v->leave_row = (uint32_t)s->rows.count;
		row = add_row(k, ROW_LEAVE, r, v->from);
		row->voyage = (uint32_t)(v - s->voyages.at);
	}
	v->reach_row = (uint32_t)s->rows.count;
	row = add_row(k, ROW_REACH, r, r->host);
	row->voyage = (uint32_t)(v - s->voyages.at);
}

static bool signal_is_news(int64_t signal)
{
	return signal == TCP_SIG_REFUSED || signal == TCP_SIG_RESET || signal == TCP_SIG_TIMEOUT ||
	       signal == TCP_SIG_UNREACHABLE;
}

/* Is there more to say of it than what its segments and states say? */
static bool record_wants_note(const struct trace *t, const struct beat *b, const struct record *r)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL:
		return r->error != SOCK_OK ||
		       (call_is_deed((enum call_verb)r->detail) && !beat_has_send(t, b, r->host));
	case REC_RESULT: return r->error != SOCK_OK;
	case REC_TIMER: return !beat_has_send(t, b, r->host);
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
	case REC_PROMISE: return true;
	case REC_SIGNAL: return signal_is_news(r->number[0]);
	case REC_EXPECT: return r->detail != VERDICT_PASS;
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_STATE:
	case REC_RULE:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return false;
}

/* A new state is written beside the first row of its person in the beat; when there is none, it
 * gets one. */
static void place_state(struct teller *k, struct beat *b, const struct record *r)
{
	struct story *s = k->story;
	struct row *row;

	for (size_t i = b->first_row; i < s->rows.count; i++) {
		row = &s->rows.at[i];
		if (row->host == r->host && row->kind != ROW_SCENE && row->kind != ROW_LOST) {
			row->state = r->to;
			row->is_inferred = r->is_inferred;
			return;
		}
	}
	row = add_row(k, ROW_STATE, r, r->host);
	row->state = r->to;
	row->is_inferred = r->is_inferred;
}

static void add_gap(struct teller *k, const struct record *r)
{
	usec since = k->said > k->airborne_until ? k->said : k->airborne_until;
	struct row *row;

	if (k->story->rows.count == 0 || r->at - since < GAP)
		return;
	row = add_row(k, ROW_GAP, r, TRACE_NO_HOST);
	row->gap = r->at - since;
}

static void note_down(struct teller *k, const struct record *r)
{
	int line = story_lifeline(k->story, r->host);

	if (line >= 0 && r->kind == REC_CRASH)
		k->down = (uint8_t)(k->down | 1u << line);
	if (line >= 0 && r->kind == REC_REBOOT)
		k->down = (uint8_t)(k->down & ~(1u << line));
}

static void add_record_rows(struct teller *k, struct beat *b, const struct record *r)
{
	note_down(k, r);
	if (r->kind == REC_SCENE)
		add_row(k, ROW_SCENE, r, TRACE_NO_HOST);
	else if (r->kind == REC_SEND || (r->kind == REC_WIND && r->detail == DEED_DUPLICATE))
		add_leave(k, r);
	else if (r->kind == REC_ARRIVE || r->kind == REC_DISCARD)
		add_reach(k, r);
	else if (record_wants_note(k->trace, b, r))
		add_row(k, ROW_NOTE, r, r->host);
}

static bool record_has_row(const struct trace *t, const struct beat *b, const struct record *r)
{
	return r->kind == REC_SCENE || r->kind == REC_SEND || r->kind == REC_ARRIVE ||
	       r->kind == REC_DISCARD || (r->kind == REC_STATE && r->from != r->to) ||
	       (r->kind == REC_WIND && r->detail == DEED_DUPLICATE) || record_wants_note(t, b, r);
}

static void add_rows(struct teller *k, struct beat *b)
{
	struct story *s = k->story;
	bool is_first = true;

	for (uint64_t i = b->first; i < b->end && is_first; i++) {
		const struct record *r = trace_at(s->trace, i);

		if (record_has_row(s->trace, b, r)) {
			add_gap(k, r);
			is_first = false;
		}
	}
	b->first_row = (uint32_t)s->rows.count;
	for (uint64_t i = b->first; i < b->end; i++)
		add_record_rows(k, b, trace_at(s->trace, i));
	for (uint64_t i = b->first; i < b->end; i++) {
		const struct record *r = trace_at(s->trace, i);

		if (r->kind == REC_STATE && r->from != r->to)
			place_state(k, b, r);
	}
	b->rows = (uint32_t)s->rows.count - b->first_row;
}

static void find_rows(struct story *s)
{
	struct teller k = {.story = s, .trace = s->trace};
	size_t beats = s->beats.count;

	/* add_row names the last beat: let them appear one by one. */
	for (s->beats.count = 1; s->beats.count <= beats; s->beats.count++)
		add_rows(&k, array_last(&s->beats));
	s->beats.count = beats;
}

/* For each row the first voyage that may still touch it, so that a window is drawn from few. */
static void find_open(struct story *s)
{
	size_t open = 0;

	for (size_t i = 0; i < s->rows.count; i++) {
		while (open < s->voyages.count && s->voyages.at[open].fate != FATE_FLYING &&
		       s->voyages.at[open].reach_row < i)
			open++;
		s->rows.at[i].first_open = (uint32_t)open;
	}
}

/* ---- stops ----------------------------------------------------------------------------------- */

static void add_stop(struct story *s, usec at, uint64_t cursor, uint32_t row, uint32_t beat,
		     int32_t lost)
{
	*array_push(&s->stops) =
		(struct stop){.at = at, .cursor = cursor, .row = row, .beat = beat, .lost = lost};
}

static int compare_stops(const void *a, const void *b)
{
	const struct stop *p = a, *q = b;

	if (p->at != q->at)
		return p->at < q->at ? -1 : 1;
	if (p->cursor != q->cursor)
		return p->cursor < q->cursor ? -1 : 1;
	return (p->lost > q->lost) - (p->lost < q->lost);
}

/* Two stops with the same clock and cursor show the same picture: the first one stays. */
static void unite_stops(struct story *s)
{
	size_t kept = 1;

	for (size_t i = 1; i < s->stops.count; i++) {
		struct stop *last = &s->stops.at[kept - 1];

		if (s->stops.at[i].at == last->at && s->stops.at[i].cursor == last->cursor)
			continue;
		s->stops.at[kept++] = s->stops.at[i];
	}
	s->stops.count = kept;
}

static void find_stops(struct story *s)
{
	usec begin = trace_count(s->trace) > 0 ? trace_at(s->trace, 0)->at : 0;
	uint32_t row = 0;

	add_stop(s, begin < 0 ? begin : 0, 0, 0, 0, -1);
	for (size_t i = 0; i < s->beats.count; i++) {
		const struct beat *b = &s->beats.at[i];

		if (b->rows > 0) {
			row = b->first_row + b->rows - 1;
			while (row > b->first_row && s->rows.at[row].kind == ROW_LOST)
				row--;
		}
		add_stop(s, b->at, b->end, row, (uint32_t)i, -1);
	}
	for (size_t i = 0; i < s->voyages.count; i++) {
		const struct voyage *v = &s->voyages.at[i];

		if (v->fate == FATE_LOST)
			add_stop(s, v->due, trace_cursor_at(s->trace, v->due), v->reach_row,
				 s->rows.at[v->leave_row].beat, (int32_t)i);
	}
	qsort(s->stops.at, s->stops.count, sizeof *s->stops.at, compare_stops);
	unite_stops(s);
}

static void find_marks(struct story *s)
{
	for (uint64_t i = 0; i < trace_count(s->trace); i++) {
		const struct record *r = trace_at(s->trace, i);

		if (r->kind == REC_SCENE || r->kind == REC_MARKER)
			*array_push(&s->marks) = (struct mark){
				.record = i,
				.stop = story_stop_of(s, i),
				.kind = r->kind == REC_SCENE ? MARK_SCENE : MARK_MARKER};
	}
}

struct story *story_new(const struct trace *t)
{
	struct story *s = xcalloc(1, sizeof *s);

	s->trace = t;
	find_people(s);
	story_find_voyages(s);
	story_find_lanes(s);
	find_beats(s);
	if (s->beats.count > 0)
		find_rows(s);
	find_open(s);
	find_stops(s);
	find_marks(s);
	series_find(s);
	timeline_find(s);
	return s;
}

void story_free(struct story *s)
{
	if (!s)
		return;
	array_fini(&s->voyages);
	array_fini(&s->turns);
	array_fini(&s->beats);
	array_fini(&s->rows);
	array_fini(&s->stops);
	array_fini(&s->marks);
	series_fini(&s->series);
	timeline_fini(&s->timeline);
	free(s);
}

/* ---- answers --------------------------------------------------------------------------------- */

uint32_t story_stop_at(const struct story *s, usec at, uint64_t cursor)
{
	size_t low = 0, high = s->stops.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct stop *p = &s->stops.at[middle];

		if (p->at < at || (p->at == at && p->cursor <= cursor))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? (uint32_t)(low - 1) : 0;
}

uint32_t story_stop_of(const struct story *s, uint64_t record)
{
	size_t low = 0, high = s->stops.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->stops.at[middle].cursor <= record)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)(low < s->stops.count ? low : s->stops.count - 1);
}

bool story_is_airborne(const struct story *s, usec at, uint64_t cursor)
{
	const struct stop *stop = &s->stops.at[story_stop_at(s, at, cursor)];
	size_t i = s->rows.count > 0 ? s->rows.at[stop->row].first_open : 0;

	for (; i < s->voyages.count && s->voyages.at[i].send < cursor; i++) {
		if (s->voyages.at[i].fate != FATE_FLYING &&
		    !voyage_has_ended(&s->voyages.at[i], at, cursor))
			return true;
	}
	return false;
}

bool row_is_told(const struct story *s, const struct row *r, usec now, uint64_t cursor)
{
	if (r->kind == ROW_LOST)
		return voyage_has_ended(&s->voyages.at[r->voyage], now, cursor);
	return r->record < cursor;
}
