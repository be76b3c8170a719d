/* SPDX-License-Identifier: MIT */
#include "trace/moment.h"

#include <string.h>
#include <base/assert.h>
#include "trace/trace.h"

/* While it goes forward a moment keeps pictures of itself, so that going back is a copy and a short
 * fold. Every other one is let go when there are many or when they hold much: memory stays bounded,
 * and a fold stays linear. Connections lie in pages that moment and pictures share until one of
 * them changes something there. */
enum { PICTURE_STEP = 256, PICTURES_MAX = 1024, PICTURES_OCTETS = 16 << 20, PAGE_CONNS = 4 };

_Static_assert(F_t_pace - F_t_retransmit + 1 == TIMER_COUNT, "the deadlines stand together");

struct moment_page {
	uint32_t users; /* moments and pictures */
	struct moment_conn at[PAGE_CONNS];
};

struct moment_memory {
	ARRAY(struct moment) pictures; /* by cursor; their own memory is NULL */
	uint64_t since;                /* records folded since the last picture */
	uint64_t step;
	size_t octets; /* of all pages and pictures */
	size_t cuts;   /* trace->cuts already seen */
};

/* ---- connections ----------------------------------------------------------------------------- */

const struct moment_conn *moment_conn_nth(const struct moment *m, size_t index)
{
	ASSERT(index < m->conn_count);
	return &m->pages.at[index / PAGE_CONNS]->at[index % PAGE_CONNS];
}

/* Where it is, or where it would be. Serials mostly count from 1. */
static size_t conn_index(const struct moment *m, uint32_t serial)
{
	size_t low = 0, high = m->conn_count;

	if (serial > 0 && serial <= high && moment_conn_nth(m, serial - 1)->conn == serial)
		return serial - 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (moment_conn_nth(m, middle)->conn < serial)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct moment_conn *moment_conn(const struct moment *m, uint32_t serial)
{
	size_t i = conn_index(m, serial);

	return i < m->conn_count && moment_conn_nth(m, i)->conn == serial ? moment_conn_nth(m, i)
									  : NULL;
}

static void let_go(struct moment_memory *k, struct moment_page *page)
{
	if (--page->users > 0)
		return;
	k->octets -= sizeof *page;
	free(page);
}

/* The same, to be written: a page that others see, too, is copied first. */
static struct moment_conn *own_conn(struct moment *m, size_t index)
{
	struct moment_page **page = &m->pages.at[index / PAGE_CONNS];

	if ((*page)->users > 1) {
		struct moment_page *copy = xmalloc(sizeof *copy);

		*copy = **page;
		copy->users = 1;
		m->memory->octets += sizeof *copy;
		let_go(m->memory, *page);
		*page = copy;
	}
	return &(*page)->at[index % PAGE_CONNS];
}

static struct moment_conn *insert_conn(struct moment *m, size_t index)
{
	if (m->conn_count == m->pages.count * PAGE_CONNS) {
		struct moment_page *page = xcalloc(1, sizeof *page);

		page->users = 1;
		m->memory->octets += sizeof *page;
		*array_push(&m->pages) = page;
	}
	for (size_t i = m->conn_count++; i > index; i--)
		*own_conn(m, i) = *moment_conn_nth(m, i - 1);
	return own_conn(m, index);
}

/* ---- small folds ----------------------------------------------------------------------------- */

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

static struct moment_flight *flight_of(struct moment *m, uint64_t send)
{
	size_t low = 0, high = m->flights.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->flights.at[middle].send < send)
			low = middle + 1;
		else
			high = middle;
	}
	return low < m->flights.count && m->flights.at[low].send == send ? &m->flights.at[low]
									 : NULL;
}

static void forget_lost(struct moment *m)
{
	size_t kept = 0;

	if (m->lost == 0)
		return;
	for (size_t i = 0; i < m->flights.count; i++) {
		if (!m->flights.at[i].is_lost)
			m->flights.at[kept++] = m->flights.at[i];
	}
	m->flights.count = kept;
	m->lost = 0;
}

static void take_off(struct moment *m, const struct record *r)
{
	*array_push(&m->flights) = (struct moment_flight){.send = r->serial, .sent = r->at};
}

static void land(struct moment *m, uint64_t send)
{
	struct moment_flight *f = flight_of(m, send);

	if (!f)
		return;
	m->lost -= f->is_lost;
	memmove(f, f + 1, (size_t)(m->flights.at + m->flights.count - (f + 1)) * sizeof *f);
	m->flights.count--;
}

static void fold_wind(struct moment *m, const struct record *r)
{
	struct moment_flight *f = flight_of(m, r->of);

	if (r->detail == DEED_DUPLICATE) {
		take_off(m, r);
	} else if (f && !f->is_lost && deed_takes((enum deed)r->detail)) {
		f->is_lost = true;
		m->lost++;
	}
}

/* The place of r->conn, told from now on. */
static size_t know_conn(struct moment *m, const struct trace *t, const struct record *r)
{
	size_t i = conn_index(m, r->conn);
	const struct trace_conn *told;

	if (i < m->conn_count && moment_conn_nth(m, i)->conn == r->conn)
		return i;
	*insert_conn(m, i) =
		(struct moment_conn){.conn = r->conn, .host = r->host, .is_alive = true};
	told = trace_conn_at(t, r->conn);
	if (r->host < TRACE_HOSTS_MAX)
		take_note_of(m, r->host, r->conn, told && told->is_listener);
	return i;
}

/* Most of what a trace's own pictures say is known: only what is new is written. */
static void set_field(struct moment *m, size_t conn, uint32_t field, int64_t value, usec at)
{
	struct moment_conn *c;

	if (moment_conn_nth(m, conn)->field[field] == value)
		return;
	c = own_conn(m, conn);
	c->field[field] = value;
	if (field >= F_t_retransmit && field <= F_t_pace)
		c->set[field - F_t_retransmit] = at;
}

static void set_alive(struct moment *m, size_t conn, bool is_alive)
{
	if (moment_conn_nth(m, conn)->is_alive != is_alive)
		own_conn(m, conn)->is_alive = is_alive;
}

/* A crash is power lost: what the host knew of its connections is gone with it. */
static void fold_crash(struct moment *m, const struct record *r)
{
	if (r->host >= TRACE_HOSTS_MAX)
		return;
	m->host[r->host].is_down = true;
	m->host[r->host].newest = m->host[r->host].listener = 0;
	for (size_t i = 0; i < m->conn_count; i++) {
		if (moment_conn_nth(m, i)->host != r->host)
			continue;
		set_alive(m, i, false);
		set_field(m, i, F_state, CLOSED, r->at);
	}
}

static void fold_changes(struct moment *m, const struct trace *t, const struct record *r)
{
	size_t conn;

	if (r->conn == 0)
		return;
	conn = know_conn(m, t, r);
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *change = trace_change(t, r, i);

		/* A step from state to state has a record of its own; only pictures tell it here.
		 */
		if (change->field != F_state || change->old == change->new)
			set_field(m, conn, change->field, change->new, r->at);
	}
	if (r->kind == REC_STATE)
		set_field(m, conn, F_state, r->to, r->at);
	if (r->kind == REC_STATE && r->to == CLOSED)
		set_alive(m, conn, false);
	else if (moment_conn_nth(m, conn)->field[F_state] != CLOSED)
		set_alive(m, conn, true);
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

static size_t octets_of(const struct moment *picture)
{
	return sizeof *picture + picture->pages.count * sizeof picture->pages.at[0] +
	       picture->flights.count * sizeof picture->flights.at[0];
}

static void let_all_go(struct moment_memory *k, struct moment *m)
{
	for (size_t i = 0; i < m->pages.count; i++)
		let_go(k, m->pages.at[i]);
	m->pages.count = 0;
}

/* `to` is what `from` is; pages are shared from now on. */
static void copy_over(struct moment_memory *k, struct moment *to, const struct moment *from)
{
	struct moment_memory *memory = to->memory;
	struct moment own;

	let_all_go(k, to);
	own = *to;
	*to = *from;
	to->memory = memory;
	to->pages.at = own.pages.at;
	to->pages.size = own.pages.size;
	to->pages.count = 0;
	to->flights.at = own.flights.at;
	to->flights.size = own.flights.size;
	to->flights.count = 0;
	array_reserve(&to->pages, from->pages.count);
	array_reserve(&to->flights, from->flights.count);
	for (size_t i = 0; i < from->pages.count; i++) {
		to->pages.at[i] = from->pages.at[i];
		to->pages.at[i]->users++;
	}
	if (from->flights.count > 0)
		memcpy(to->flights.at, from->flights.at,
		       from->flights.count * sizeof *to->flights.at);
	to->pages.count = from->pages.count;
	to->flights.count = from->flights.count;
}

static void free_picture(struct moment_memory *k, struct moment *picture)
{
	k->octets -= octets_of(picture);
	let_all_go(k, picture);
	array_fini(&picture->pages);
	array_fini(&picture->flights);
}

static void drop_every_other(struct moment_memory *k)
{
	size_t kept = 0;

	for (size_t i = 0; i < k->pictures.count; i++) {
		if (i % 2 == 0)
			free_picture(k, &k->pictures.at[i]);
		else
			k->pictures.at[kept++] = k->pictures.at[i];
	}
	k->pictures.count = kept;
	k->step *= 2;
}

/* What the moment itself holds is no picture's doing. */
static bool hold_much(const struct moment *m)
{
	const struct moment_memory *k = m->memory;

	return k->pictures.count >= PICTURES_MAX ||
	       k->octets > PICTURES_OCTETS + 4 * m->pages.count * sizeof(struct moment_page);
}

static void keep_picture(struct moment *m)
{
	struct moment_memory *k = m->memory;
	struct moment *p;

	if (hold_much(m))
		drop_every_other(k);
	p = array_push(&k->pictures);
	*p = (struct moment){0};
	copy_over(k, p, m);
	k->octets += octets_of(p);
	k->since = 0;
}

static bool wants_picture(const struct moment *m)
{
	const struct moment_memory *k = m->memory;
	uint64_t last = k->pictures.count > 0 ? array_last(&k->pictures)->cursor : 0;

	return m->cursor > last && k->since >= k->step && k->since >= m->pages.count / 4;
}

static void drop_pictures_after(struct moment_memory *k, uint64_t cursor)
{
	while (k->pictures.count > 0 && array_last(&k->pictures)->cursor > cursor) {
		free_picture(k, array_last(&k->pictures));
		k->pictures.count--;
	}
}

static void start_over(struct moment *m)
{
	static const struct moment empty;

	copy_over(m->memory, m, &empty);
}

/* From the picture nearest before the cursor, unless the way there is shorter as it is. */
static void go_near(struct moment *m, uint64_t cursor)
{
	struct moment_memory *k = m->memory;
	size_t low = 0, high = k->pictures.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (k->pictures.at[middle].cursor <= cursor)
			low = middle + 1;
		else
			high = middle;
	}
	if (cursor >= m->cursor && (low == 0 || k->pictures.at[low - 1].cursor <= m->cursor))
		return;
	if (low > 0)
		copy_over(k, m, &k->pictures.at[low - 1]);
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
	if (m->cursor > lowest)
		go_near(m, lowest);
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
	go_near(m, cursor);
	while (m->cursor < cursor) {
		fold(m, t, trace_at(t, m->cursor));
		m->memory->since++;
		if (wants_picture(m))
			keep_picture(m);
	}
}

void moment_fini(struct moment *m)
{
	if (m->memory) {
		drop_pictures_after(m->memory, 0);
		let_all_go(m->memory, m);
		ASSERT(m->memory->octets == 0);
		array_fini(&m->memory->pictures);
		free(m->memory);
	}
	array_fini(&m->pages);
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

usec moment_since(const struct moment_conn *c, enum tcb_field deadline)
{
	ASSERT(deadline >= F_t_retransmit && deadline <= F_t_pace);
	return c->set[deadline - F_t_retransmit];
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
