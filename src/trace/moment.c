/* SPDX-License-Identifier: MIT */
#include "trace/moment.h"

#include <string.h>
#include <base/assert.h>
#include "trace/trace.h"

/* While it goes forward a moment keeps pictures of itself, so that going back is a copy and a short
 * fold. A picture is kept when as much has been folded as it costs to copy, and every other one is
 * let go when there are many: memory stays bounded, and a fold stays linear. */
enum { PICTURE_STEP = 256, PICTURES_MAX = 128 };

struct moment_memory {
	ARRAY(struct moment) pictures; /* by cursor; their own memory is NULL */
	ARRAY(usec) landed; /* by record: when the segment that left there came to an end */
	uint64_t since;     /* records folded since the last picture */
	uint64_t step;
	size_t cuts; /* trace->cuts already seen */
};

/* ---- small folds ----------------------------------------------------------------------------- */

static size_t conn_index(const struct moment *m, uint32_t serial)
{
	size_t low = 0, high = m->conns.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->conns.at[middle].conn < serial)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct moment_conn *moment_conn(const struct moment *m, uint32_t serial)
{
	size_t i = conn_index(m, serial);

	return i < m->conns.count && m->conns.at[i].conn == serial ? &m->conns.at[i] : NULL;
}

/* The newest connection speaks for its host; before there is one, the listener does. */
static void take_note_of(struct moment *m, uint8_t host, uint32_t serial, bool is_listener)
{
	uint32_t *newest = &m->host[host].newest;
	bool is_only_listener = *newest == m->host[host].listener;

	if (is_listener)
		m->host[host].listener = serial;
	if (is_only_listener || (!is_listener && serial > *newest))
		*newest = serial;
}

static struct moment_conn *conn_of(struct moment *m, const struct trace *t, const struct record *r)
{
	size_t i = conn_index(m, r->conn);
	const struct trace_conn *told;

	if (i < m->conns.count && m->conns.at[i].conn == r->conn)
		return &m->conns.at[i];
	array_push(&m->conns);
	memmove(m->conns.at + i + 1, m->conns.at + i,
		(m->conns.count - 1 - i) * sizeof *m->conns.at);
	m->conns.at[i] = (struct moment_conn){.conn = r->conn, .host = r->host, .is_alive = true};
	told = trace_conn_at(t, r->conn);
	if (r->host < TRACE_HOSTS_MAX)
		take_note_of(m, r->host, r->conn, told && told->is_listener);
	return &m->conns.at[i];
}

static struct moment_flight *flight_of(struct moment *m, uint64_t send)
{
	for (size_t i = 0; i < m->flights.count; i++) {
		if (m->flights.at[i].send == send)
			return &m->flights.at[i];
	}
	return NULL;
}

static void forget_lost(struct moment *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->flights.count; i++) {
		if (!m->flights.at[i].is_lost)
			m->flights.at[kept++] = m->flights.at[i];
	}
	m->flights.count = kept;
}

static void take_off(struct moment *m, const struct record *r)
{
	*array_push(&m->flights) =
		(struct moment_flight){.send = r->serial, .sent = r->at, .due = USEC_NEVER};
}

static void land(struct moment *m, uint64_t send)
{
	struct moment_flight *f = flight_of(m, send);

	if (!f)
		return;
	memmove(f, f + 1, (size_t)(m->flights.at + m->flights.count - (f + 1)) * sizeof *f);
	m->flights.count--;
}

static void fold_wind(struct moment *m, const struct record *r)
{
	struct moment_flight *f = flight_of(m, r->of);

	if (r->detail == DEED_DUPLICATE) {
		take_off(m, r);
	} else if (f && deed_takes((enum deed)r->detail)) {
		f->is_lost = true;
	}
}

/* A crash is power lost: what the host knew of its connections is gone with it. */
static void fold_crash(struct moment *m, const struct record *r)
{
	if (r->host >= TRACE_HOSTS_MAX)
		return;
	m->host[r->host].is_down = true;
	m->host[r->host].newest = m->host[r->host].listener = 0;
	for (size_t i = 0; i < m->conns.count; i++) {
		if (m->conns.at[i].host != r->host)
			continue;
		m->conns.at[i].is_alive = false;
		m->conns.at[i].field[F_state] = CLOSED;
	}
}

static void fold_changes(struct moment *m, const struct trace *t, const struct record *r)
{
	struct moment_conn *c;

	if (r->conn == 0)
		return;
	c = conn_of(m, t, r);
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *change = trace_change(t, r, i);

		/* A step from state to state has a record of its own; only pictures tell it here.
		 */
		if (change->field != F_state || change->old == change->new)
			c->field[change->field] = change->new;
	}
	if (r->kind == REC_STATE)
		c->field[F_state] = r->to;
	if (r->kind == REC_STATE && r->to == CLOSED)
		c->is_alive = false;
	else if (c->field[F_state] != CLOSED)
		c->is_alive = true;
}

static void fold(struct moment *m, const struct trace *t, const struct record *r)
{
	forget_lost(m);
	fold_changes(m, t, r);
	switch ((enum record_kind)r->kind) {
	case REC_SEND: take_off(m, r); break;
	case REC_WIND: fold_wind(m, r); break;
	case REC_ARRIVE:
	case REC_DISCARD: land(m, r->of); break;
	case REC_CRASH: fold_crash(m, r); break;
	case REC_REBOOT:
		if (r->host < TRACE_HOSTS_MAX)
			m->host[r->host].is_down = false;
		break;
	case REC_READ:
		if (r->host < TRACE_HOSTS_MAX)
			m->host[r->host].read += (uint64_t)r->number[0];
		break;
	case REC_SCENE: m->scene = r->serial + 1; break;
	case REC_SAY: m->say = r->serial + 1; break;
	case REC_EXPECT:
		if (r->detail == VERDICT_PASS)
			m->expect_pass++;
		else
			m->expect_fail++;
		break;
	case REC_CALL:
	case REC_RESULT:
	case REC_TIMER:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_ICMP:
	case REC_PICTURE:
	case REC_MARKER:
	case REC_ASK:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	m->cursor = r->serial + 1;
	m->at = r->at;
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void copy_over(struct moment *to, const struct moment *from)
{
	struct moment_memory *memory = to->memory;
	struct moment own = *to;

	*to = *from;
	to->memory = memory;
	to->conns.at = own.conns.at;
	to->conns.size = own.conns.size;
	to->conns.count = 0;
	to->flights.at = own.flights.at;
	to->flights.size = own.flights.size;
	to->flights.count = 0;
	array_reserve(&to->conns, from->conns.count);
	array_reserve(&to->flights, from->flights.count);
	if (from->conns.count > 0)
		memcpy(to->conns.at, from->conns.at, from->conns.count * sizeof *to->conns.at);
	if (from->flights.count > 0)
		memcpy(to->flights.at, from->flights.at,
		       from->flights.count * sizeof *to->flights.at);
	to->conns.count = from->conns.count;
	to->flights.count = from->flights.count;
}

static void free_picture(struct moment *picture)
{
	array_fini(&picture->conns);
	array_fini(&picture->flights);
}

static void keep_picture(struct moment *m)
{
	struct moment_memory *k = m->memory;
	struct moment *p;

	if (k->pictures.count == PICTURES_MAX) {
		for (size_t i = 0; i < PICTURES_MAX / 2; i++) {
			free_picture(&k->pictures.at[2 * i]);
			k->pictures.at[i] = k->pictures.at[2 * i + 1];
		}
		k->pictures.count = PICTURES_MAX / 2;
		k->step *= 2;
	}
	p = array_push(&k->pictures);
	*p = (struct moment){0};
	copy_over(p, m);
	k->since = 0;
}

static bool wants_picture(const struct moment *m)
{
	const struct moment_memory *k = m->memory;
	uint64_t last = k->pictures.count > 0 ? array_last(&k->pictures)->cursor : 0;

	return m->cursor > last && k->since >= k->step && k->since >= 4 * (uint64_t)m->conns.count;
}

static void drop_pictures_after(struct moment_memory *k, uint64_t cursor)
{
	while (k->pictures.count > 0 && array_last(&k->pictures)->cursor > cursor) {
		free_picture(array_last(&k->pictures));
		k->pictures.count--;
	}
}

static void start_over(struct moment *m)
{
	static const struct moment empty;

	copy_over(m, &empty);
}

static void go_back(struct moment *m, uint64_t cursor)
{
	struct moment_memory *k = m->memory;
	size_t i = k->pictures.count;

	while (i > 0 && k->pictures.at[i - 1].cursor > cursor)
		i--;
	if (i > 0)
		copy_over(m, &k->pictures.at[i - 1]);
	else
		start_over(m);
	k->since = 0;
}

/* The trace was cut since the last look: nothing that was known of what stood behind the cut
 * holds. */
static void heed_cuts(struct moment *m, const struct trace *t)
{
	struct moment_memory *k = m->memory;
	uint64_t lowest = UINT64_MAX;

	for (; k->cuts < t->cuts.count; k->cuts++) {
		if (t->cuts.at[k->cuts] < lowest)
			lowest = t->cuts.at[k->cuts];
	}
	if (lowest == UINT64_MAX)
		return;
	drop_pictures_after(k, lowest);
	array_clear(&k->landed);
	if (m->cursor > lowest)
		go_back(m, lowest);
}

/* A flight's end stands in the trace later than its beginning: look ahead once, remember. */
static void find_landings(struct moment *m, const struct trace *t)
{
	struct moment_memory *k = m->memory;

	array_reserve(&k->landed, t->count);
	while (k->landed.count < t->count) {
		uint64_t serial = k->landed.count;
		const struct record *r = trace_at(t, serial);

		*array_push(&k->landed) = USEC_NEVER;
		if ((r->kind == REC_ARRIVE || r->kind == REC_DISCARD) && r->of < serial)
			k->landed.at[r->of] = r->at;
	}
	for (size_t i = 0; i < m->flights.count; i++) {
		struct moment_flight *f = &m->flights.at[i];

		f->due = f->is_lost ? USEC_NEVER : k->landed.at[f->send];
	}
}

void moment_go(struct moment *m, const struct trace *t, uint64_t cursor)
{
	ASSERT(cursor <= trace_count(t));
	if (!m->memory) {
		m->memory = xcalloc(1, sizeof *m->memory);
		m->memory->step = PICTURE_STEP;
		m->memory->cuts = t->cuts.count;
	}
	heed_cuts(m, t);
	if (cursor < m->cursor)
		go_back(m, cursor);
	while (m->cursor < cursor) {
		fold(m, t, trace_at(t, m->cursor));
		m->memory->since++;
		if (wants_picture(m))
			keep_picture(m);
	}
	find_landings(m, t);
}

void moment_fini(struct moment *m)
{
	if (m->memory) {
		for (size_t i = 0; i < m->memory->pictures.count; i++)
			free_picture(&m->memory->pictures.at[i]);
		array_fini(&m->memory->pictures);
		array_fini(&m->memory->landed);
		free(m->memory);
	}
	array_fini(&m->conns);
	array_fini(&m->flights);
	*m = (struct moment){0};
}

/* ---- answers --------------------------------------------------------------------------------- */

enum state moment_state(const struct moment *m, uint8_t host)
{
	const struct moment_conn *c;
	uint32_t serial;

	ASSERT(host < TRACE_HOSTS_MAX);
	serial = m->host[host].newest ? m->host[host].newest : m->host[host].listener;
	c = serial ? moment_conn(m, serial) : NULL;
	return c ? (enum state)c->field[F_state] : CLOSED;
}

uint64_t trace_cursor_at(const struct trace *t, usec at)
{
	uint64_t low = 0, high = trace_count(t);

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (trace_at(t, middle)->at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
