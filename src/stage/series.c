/* SPDX-License-Identifier: MIT */
#include "stage/series.h"

#include <base/assert.h>
#include "stage/story.h"

/* ---- what a record adds ---------------------------------------------------------------------- */

/* Where the connection stands among the lives, or would. They are in order of their serials, and
 * most often these are 1, 2, 3...: but a trace from a file may call them anything. */
static size_t life_index(const struct series *s, uint32_t conn)
{
	size_t low = 0, high = s->lives.count;

	if (conn >= 1 && conn <= high && s->lives.at[conn - 1]->conn == conn)
		return conn - 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->lives.at[middle]->conn < conn)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct life *life_of(const struct series *s, uint32_t conn)
{
	size_t index = life_index(s, conn);

	return index < s->lives.count && s->lives.at[index]->conn == conn ? s->lives.at[index]
									  : NULL;
}

/* Those that the trace names: what a record says of another belongs to nobody. */
static void begin_lives(struct story *s)
{
	for (size_t i = 0; i < trace_conn_count(s->trace); i++) {
		const struct trace_conn *c = trace_conn_nth(s->trace, i);
		struct life *life = xcalloc(1, sizeof *life);

		*life = (struct life){.conn = c->serial, .host = c->host};
		*array_push(&s->series.lives) = life;
	}
}

static void widen(struct extent *e, int64_t low, int64_t high)
{
	if (low < e->low)
		e->low = low;
	if (high > e->high)
		e->high = high;
}

static void add_point(struct course *c, const struct record *r, int64_t value)
{
	if (c->points.count > 0 && array_last(&c->points)->value == value)
		return;
	if (c->points.count % COURSE_BLOCK == 0)
		*array_push(&c->blocks) = (struct extent){value, value};
	widen(array_last(&c->blocks), value, value);
	*array_push(&c->points) = (struct point){r->serial, r->at, value};
}

/* The octet `raw` of this connection, counted from its ISS. It is never 2 GiB away from SND.UNA. */
static int64_t unwrapped(const struct life *life, uint32_t raw)
{
	return life->una + (int32_t)(raw - life->iss - (uint32_t)life->una);
}

static void add_field(struct life *life, const struct record *r, enum tcb_field f, int64_t value)
{
	static const struct {
		enum tcb_field field;
		enum course_of course;
	} plain[] = {{F_cwnd, COURSE_CWND},
		     {F_ssthresh, COURSE_SSTHRESH},
		     {F_flight, COURSE_FLIGHT},
		     {F_snd_wnd, COURSE_WND},
		     {F_recovering, COURSE_RECOVERING}};

	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		if (plain[i].field == f)
			add_point(&life->course[plain[i].course], r, value);
	}
}

static int64_t last_value(const struct course *c)
{
	return c->points.count > 0 ? array_last(&c->points)->value : 0;
}

static void add_changes(struct life *life, const struct trace *t, const struct record *r)
{
	bool has_una = false;
	uint32_t una = 0;

	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *change = trace_change(t, r, i);

		if (change->field == F_iss && change->new != change->old) {
			life->iss = (uint32_t)change->new;
			life->has_iss = true;
			life->una = 0;
		}
		if (change->field == F_snd_una) {
			una = (uint32_t)change->new;
			has_una = true;
		}
		add_field(life, r, (enum tcb_field)change->field, change->new);
	}
	if (!life->has_iss)
		return;
	if (has_una)
		life->una = unwrapped(life, una);
	add_point(&life->course[COURSE_UNA], r, life->una);
	add_point(&life->course[COURSE_EDGE], r, life->una + last_value(&life->course[COURSE_WND]));
}

static void add_said(struct story *s, struct life *life, const struct record *r)
{
	const struct voyage *v = story_voyage(s, r->serial);
	struct said *said;
	struct said_block *block;
	bool is_lost;

	if ((r->seg.ctl & SYN) && !life->has_iss) {
		life->iss = r->seg.seq.v;
		life->has_iss = true;
	}
	if (!life->has_iss || !v)
		return;
	if (life->said.count % COURSE_BLOCK == 0)
		*array_push(&life->said_blocks) = (struct said_block){
			.seq = {INT64_MAX, INT64_MIN}, .lost = UINT64_MAX, .lost_at = USEC_NEVER};
	said = array_push(&life->said);
	*said = (struct said){.record = r->serial,
			      .at = r->at,
			      .seq = unwrapped(life, r->seg.seq.v),
			      .voyage = (uint32_t)(v - s->voyages.at),
			      .is_again = r->seg.rexmit > 0};
	said->end = said->seq + r->seg.len;
	if (said->end > life->end)
		life->end = said->end;
	block = array_last(&life->said_blocks);
	widen(&block->seq, said->seq, said->end);
	block->has_again = block->has_again || said->is_again;
	is_lost = v->fate == FATE_LOST || v->fate == FATE_DISCARDED;
	if (is_lost && v->end < block->lost) {
		block->lost = v->end;
		block->lost_at = v->due;
	}
}

static void add_record(struct story *s, const struct record *r)
{
	struct life *life = life_of(&s->series, r->conn);

	if (!life)
		return;
	add_changes(life, s->trace, r);
	if (r->kind == REC_STATE && r->from != r->to)
		*array_push(&life->steps) = (struct step){r->serial, r->from, r->to};
	if (r->kind == REC_SEND)
		add_said(s, life, r);
	if (r->kind == REC_ARRIVE && (r->seg.len > 0 || (r->seg.opts & OPT_SACK)))
		*array_push(&life->heard) = (struct heard){r->serial};
}

void series_find(struct story *s)
{
	begin_lives(s);
	for (uint64_t i = 0; i < trace_count(s->trace); i++) {
		const struct record *r = trace_at(s->trace, i);

		if (r->conn != 0)
			add_record(s, r);
	}
}

void series_fini(struct series *s)
{
	for (size_t i = 0; i < s->lives.count; i++) {
		struct life *life = s->lives.at[i];

		array_fini(&life->steps);
		array_fini(&life->said);
		array_fini(&life->said_blocks);
		array_fini(&life->heard);
		for (int c = 0; c < COURSES; c++) {
			array_fini(&life->course[c].points);
			array_fini(&life->course[c].blocks);
		}
		free(life);
	}
	array_fini(&s->lives);
}

/* ---- answers --------------------------------------------------------------------------------- */

const struct life *series_life(const struct series *s, uint32_t conn)
{
	return life_of(s, conn);
}

size_t series_told(const void *entries, size_t size, size_t count, uint64_t cursor)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t record;

		memcpy(&record, (const char *)entries + middle * size, sizeof record);
		if (record < cursor)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t course_until(const struct course *c, size_t told, usec at)
{
	size_t low = 0, high = told;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->points.at[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct extent course_extent(const struct course *c, size_t from, size_t to)
{
	struct extent e = {INT64_MAX, INT64_MIN};

	ASSERT(from < to && to <= c->points.count);
	while (from < to) {
		if (from % COURSE_BLOCK == 0 && from + COURSE_BLOCK <= to) {
			const struct extent *block = &c->blocks.at[from / COURSE_BLOCK];

			widen(&e, block->low, block->high);
			from += COURSE_BLOCK;
		} else {
			widen(&e, c->points.at[from].value, c->points.at[from].value);
			from++;
		}
	}
	return e;
}
