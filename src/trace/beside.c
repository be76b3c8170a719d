/* SPDX-License-Identifier: MIT */
/*
 * beside.c - the segments of two traces, side by side. First those belong together that agree in
 * who sends, flags, length and both numbers, in order; between them those that agree in all but
 * the acknowledgment and PSH; between these those that begin at the same octet.
 */
#include "trace/beside.h"

#include <stdlib.h>
#include <base/align.h>
#include <base/prng.h>
#include "trace/beside_inside.h"

enum { PASSES = 3 };

/* Any will do, as long as both sides use it. */
static const uint64_t hash_key[2] = {UINT64_C(0x62657369), UINT64_C(0x6465)};

/* ---- both lists ------------------------------------------------------------------------------ */

static void gather(struct sends *l)
{
	uint64_t count = trace_count(l->side.trace);

	l->lossy = USEC_NEVER;
	for (uint64_t i = 0; i < count; i++) {
		const struct record *r = trace_at(l->side.trace, i);

		if (r->kind == REC_WIND && deed_takes((enum deed)r->detail) && r->at < l->lossy)
			l->lossy = r->at;
		if (r->kind != REC_SEND || r->is_stranger)
			continue;
		*array_push(&l->records) = i;
		if ((r->seg.ctl & SYN) && (r->seg.opts & OPT_WSCALE))
			l->is_scaled = true;
	}
	l->end = count > 0 ? trace_at(l->side.trace, count - 1)->at : 0;
	l->partner = xcalloc(l->records.count + 1, sizeof *l->partner);
	l->keys = xcalloc(l->records.count + 1, sizeof *l->keys);
	for (size_t i = 0; i < l->records.count; i++)
		l->partner[i] = ALIGN_NONE;
}

static void sends_fini(struct sends *l)
{
	array_fini(&l->records);
	free(l->partner);
	free(l->keys);
	side_fini(&l->side);
}

const struct record *send_at(const struct sends *l, size_t i)
{
	return trace_at(l->side.trace, l->records.at[i]);
}

uint32_t send_seq(const struct sends *l, size_t i)
{
	return send_at(l, i)->seg.seq.v - l->side.bases[l->records.at[i]].seq;
}

uint32_t send_ack(const struct sends *l, size_t i)
{
	const struct seg *s = &send_at(l, i)->seg;

	return s->ctl & ACK ? s->ack.v - l->side.bases[l->records.at[i]].ack : 0;
}

uint8_t send_host(const struct sends *l, size_t i)
{
	uint8_t host = send_at(l, i)->host;

	return host < trace_host_count(l->side.trace) ? l->side.host[host] : TRACE_NO_HOST;
}

/* ---- who belongs together -------------------------------------------------------------------- */

/* Odd; 0: what has no text is not matched in the last pass. */
static uint64_t key_of(const struct sends *l, size_t i, int pass)
{
	const struct record *r = send_at(l, i);
	const struct seg *s = &r->seg;
	uint64_t words[7] = {send_host(l, i), r->from_port, r->to_port, send_seq(l, i)};

	words[4] = s->ctl & (pass == 0 ? (uint16_t)~PSH : SYN | FIN | RST);
	/* An acknowledgment alone is nothing but its number. */
	if (pass == 0 || (s->len == 0 && !(s->ctl & RST)))
		words[5] = send_ack(l, i);
	if (pass < 2)
		words[6] = s->text.len;
	else if (s->text.len == 0)
		return 0;
	else
		words[4] &= (uint16_t)~FIN;
	return siphash(hash_key, words, sizeof words) | 1;
}

/* What is not matched gets an even key of its own. */
static void find_keys(struct sends *l, const size_t in[2], int pass, uint64_t mark)
{
	for (size_t i = in[0]; i < in[1]; i++) {
		uint64_t key = key_of(l, i, pass);

		l->keys[i] = key ? key : 4 * (uint64_t)i + mark;
	}
}

static void match_stretch(struct sends *a, struct sends *b, const size_t in_a[2],
			  const size_t in_b[2], int pass, size_t *found)
{
	if (in_a[0] == in_a[1] || in_b[0] == in_b[1])
		return;
	find_keys(a, in_a, pass, 0);
	find_keys(b, in_b, pass, 2);
	align(a->keys + in_a[0], in_a[1] - in_a[0], b->keys + in_b[0], in_b[1] - in_b[0], found);
	for (size_t i = 0; i < in_a[1] - in_a[0]; i++) {
		if (found[i] == ALIGN_NONE)
			continue;
		a->partner[in_a[0] + i] = in_b[0] + found[i];
		b->partner[in_b[0] + found[i]] = in_a[0] + i;
	}
}

/* Between those that have a partner. */
static void match(struct sends *a, struct sends *b, int pass, size_t *found)
{
	size_t in_a[2] = {0, 0}, in_b[2] = {0, 0};

	for (; in_a[1] <= a->records.count; in_a[1]++) {
		bool is_end = in_a[1] == a->records.count;

		if (!is_end && a->partner[in_a[1]] == ALIGN_NONE)
			continue;
		in_b[1] = is_end ? b->records.count : a->partner[in_a[1]];
		match_stretch(a, b, in_a, in_b, pass, found);
		in_a[0] = in_a[1] + 1;
		in_b[0] = in_b[1] + 1;
	}
}

/* ---- what differs ---------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
	usec x = *(const usec *)a, y = *(const usec *)b;

	return x < y ? -1 : x > y;
}

/* How much later the engine is, all in all: where a capture shows segments only when they arrive,
 * it had to begin earlier. The middle one of all pairs. */
static usec find_shift(const struct sends *kernel, const struct sends *engine)
{
	usec *all = xcalloc(kernel->records.count + 1, sizeof *all), shift;
	size_t n = 0;

	for (size_t i = 0; i < kernel->records.count; i++) {
		if (kernel->partner[i] != ALIGN_NONE)
			all[n++] = send_at(engine, kernel->partner[i])->at - send_at(kernel, i)->at;
	}
	qsort(all, n, sizeof *all, by_time);
	shift = n > 0 ? all[n / 2] : 0;
	free(all);
	return shift;
}

static bool is_elsewhen(usec a, usec b)
{
	usec by = a < b ? b - a : a - b;

	return by > BESIDE_SAME_TIME;
}

static unsigned differences(const struct sends *a, size_t i, const struct sends *b, size_t j)
{
	const struct record *x = send_at(a, i), *y = send_at(b, j);
	const struct seg *s = &x->seg, *o = &y->seg;
	unsigned what = 0;

	what |= is_elsewhen(x->at - a->early, y->at - b->early) ? DIFFERS_TIME : 0;
	what |= s->ctl != o->ctl ? DIFFERS_FLAGS : 0;
	what |= send_ack(a, i) != send_ack(b, j) ? DIFFERS_ACK : 0;
	what |= s->wnd != o->wnd ? DIFFERS_WINDOW : 0;
	what |= s->up != o->up ? DIFFERS_URGENT : 0;
	what |= s->text.len != o->text.len ? DIFFERS_TEXT : 0;
	what |= s->rexmit != o->rexmit ? DIFFERS_REPEAT : 0;
	if (s->opts != o->opts || ((s->opts & OPT_MSS) && s->mss != o->mss) ||
	    ((s->opts & OPT_WSCALE) && s->wscale != o->wscale) ||
	    ((s->opts & OPT_USER_TIMEOUT) && s->uto != o->uto))
		what |= DIFFERS_OPTIONS;
	return what;
}

static void add(struct beside *b, const struct sends *kernel, size_t k, const struct sends *engine,
		size_t e)
{
	struct beside_row *row = array_push(&b->rows);
	bool has_both = k != ALIGN_NONE && e != ALIGN_NONE;

	*row = (struct beside_row){
		.kernel = k == ALIGN_NONE ? PAIRING_NONE : kernel->records.at[k],
		.engine = e == ALIGN_NONE ? PAIRING_NONE : engine->records.at[e],
		.what = has_both ? differences(kernel, k, engine, e) : 0,
	};
	if (has_both)
		row->reason = (uint8_t)reason_of_pair(kernel, k, engine, e, row->what);
	else if (k != ALIGN_NONE)
		row->reason = (uint8_t)reason_of_one(kernel, k, engine);
	else
		row->reason = (uint8_t)reason_of_one(engine, e, kernel);
	b->only_kernel += e == ALIGN_NONE;
	b->only_engine += k == ALIGN_NONE;
	if (!has_both || (row->what & BESIDE_MATTERS))
		return;
	b->same++;
	b->alike += row->what != 0;
}

/* What only one has stands where its time is. */
static void list_rows(struct beside *b, const struct sends *kernel, const struct sends *engine)
{
	size_t k = 0, e = 0;

	while (k < kernel->records.count || e < engine->records.count) {
		bool has_k = k < kernel->records.count && kernel->partner[k] == ALIGN_NONE;
		bool has_e = e < engine->records.count && engine->partner[e] == ALIGN_NONE;

		if (has_k && has_e &&
		    send_at(engine, e)->at - engine->early < send_at(kernel, k)->at)
			has_k = false;
		if (has_k)
			add(b, kernel, k++, engine, ALIGN_NONE);
		else if (has_e)
			add(b, kernel, ALIGN_NONE, engine, e++);
		else
			add(b, kernel, k++, engine, e++);
	}
}

void beside_init(struct beside *b, const struct trace *kernel, const struct trace *engine)
{
	struct sends k = {0}, e = {0};
	size_t *found;

	*b = (struct beside){0};
	sides_init(&k.side, &e.side, kernel, engine, IGNORE_ISN);
	gather(&k);
	gather(&e);
	found = xcalloc(k.records.count + 1, sizeof *found);
	for (int pass = 0; pass < PASSES; pass++)
		match(&k, &e, pass, found);
	e.early = find_shift(&k, &e);
	list_rows(b, &k, &e);
	free(found);
	sends_fini(&k);
	sends_fini(&e);
}

void beside_fini(struct beside *b)
{
	array_fini(&b->rows);
}
