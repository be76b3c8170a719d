/* SPDX-License-Identifier: MIT */
/* watch.c - every new record is looked at once: triggers fire, lasting expectations take note. */
#include <scene/run.h>

#include <string.h>
#include <woshou/streams.h>

/* ---- what is known of connections ------------------------------------------------------------ */

static struct conn_note *note_of(struct scene_run *run, uint32_t serial)
{
	struct run_state *s = &run->now;

	if (serial >= s->conns.count) {
		array_reserve(&s->conns, serial + 1);
		memset(s->conns.at + s->conns.count, 0,
		       (serial + 1 - s->conns.count) * sizeof *s->conns.at);
		for (size_t i = s->conns.count; i <= serial; i++)
			s->conns.at[i].host = TRACE_NO_HOST;
		s->conns.count = serial + 1;
	}
	return &s->conns.at[serial];
}

/* The newest connection speaks for its person; before there is one, the listener (moment.c). */
static void note_birth(struct scene_run *run, struct conn_note *c, const struct record *r)
{
	const struct trace_conn *told = trace_conn_at(run->trace, r->conn);
	struct host_note *h = &run->now.host[r->host];
	bool is_only_listener = h->newest == h->listener;

	c->host = r->host;
	c->is_listener = told && told->is_listener;
	c->state = r->from;
	if (c->is_listener)
		h->listener = r->conn;
	if (!c->is_listener && r->conn > h->latest)
		h->latest = r->conn;
	if (is_only_listener || (!c->is_listener && r->conn > h->newest))
		h->newest = r->conn;
}

static void note_crash(struct scene_run *run, uint8_t host)
{
	run->now.host[host].newest = run->now.host[host].listener = 0;
	for (size_t i = 0; i < run->now.conns.count; i++)
		if (run->now.conns.at[i].host == host)
			run->now.conns.at[i].state = CLOSED;
}

/* Accepts that wait are tried again once a connection is ready. */
static void wake_accepts(struct scene_run *run, uint8_t host)
{
	struct run_state *s = &run->now;

	if (!s->host[host].app.accepts_by_hand)
		return;
	s->host[host].ready++;
	for (size_t i = 0; i < s->accepts.count; i++) {
		uint32_t stmt = s->accepts.at[i];

		if (run->play.stmts.at[stmt].act->who.host != host)
			continue;
		memmove(s->accepts.at + i, s->accepts.at + i + 1,
			(s->accepts.count - i - 1) * sizeof *s->accepts.at);
		s->accepts.count--;
		run_queue(run, (struct due){.at = s->now,
					    .phase = PHASE_DEEDS,
					    .order = stmt,
					    .base = s->now});
		return;
	}
}

static void note_record(struct scene_run *run, const struct record *r)
{
	struct conn_note *c;

	if (r->host >= SCENE_PEOPLE_MAX)
		return;
	if (r->kind == REC_CRASH)
		note_crash(run, r->host);
	if (r->conn == 0)
		return;
	c = note_of(run, r->conn);
	if (c->host == TRACE_NO_HOST)
		note_birth(run, c, r);
	if (r->kind == REC_CALL && r->detail == CALL_CONNECT)
		c->is_active = true;
	if (r->kind == REC_READ) {
		c->stream = r->seg.text.stream ? r->seg.text.stream : c->stream;
		c->read += r->seg.text.len;
	}
	if (r->kind != REC_STATE)
		return;
	c->state = r->to;
	if (r->from == SYN_RECEIVED && r->to == ESTABLISHED && !c->is_active)
		wake_accepts(run, r->host);
}

uint32_t run_conn_of(const struct scene_run *run, const struct who *who)
{
	if (who->label)
		return run->now.labels.at[who->label - 1].conn;
	return run->now.host[who->host].newest;
}

enum state run_state_of(const struct scene_run *run, const struct who *who)
{
	uint32_t conn = run_conn_of(run, who);

	if (conn == 0 || conn >= run->now.conns.count)
		return CLOSED;
	return (enum state)run->now.conns.at[conn].state;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static bool is_about(const struct scene_run *run, const struct who *who, const struct record *r)
{
	if (r->host != who->host)
		return false;
	return !who->label || (r->conn != 0 && r->conn == run->now.labels.at[who->label - 1].conn);
}

bool fact_is_segment(const struct scene_run *run, const struct fact *f, const struct record *r)
{
	enum record_kind kind = f->claim == CLAIM_SENDS ? REC_SEND : REC_ARRIVE;

	if (r->kind != kind || !is_about(run, &f->who, r))
		return false;
	/* A stranger's segment only bears this person's name. */
	if (kind == REC_SEND && r->is_stranger)
		return false;
	return seg_matches(&r->seg, &f->match);
}

bool fact_is_failure(const struct scene_run *run, const struct fact *f, const struct record *r)
{
	bool is_call = r->detail == f->call;

	if ((r->kind != REC_CALL && r->kind != REC_RESULT) || !is_about(run, &f->who, r))
		return false;
	/* listen and connect bind first. */
	if (r->detail == CALL_BIND && (f->call == CALL_LISTEN || f->call == CALL_CONNECT))
		is_call = true;
	if (!is_call || r->error == SOCK_OK || r->error == SOCK_EINPROGRESS)
		return false;
	return f->error == NONE || f->error == (int16_t)r->error;
}

static bool is_state_entered(const struct scene_run *run, const struct fact *f,
			     const struct record *r)
{
	return r->kind == REC_STATE && r->from != r->to && r->to == f->state &&
	       is_about(run, &f->who, r) && r->conn == run_conn_of(run, &f->who);
}

bool number_compares(int64_t a, enum comparison how, int64_t b, bool is_seq)
{
	int64_t d = is_seq ? (int32_t)((uint32_t)a - (uint32_t)b) : (a > b) - (a < b);

	switch (how) {
	case CMP_EQ: return d == 0;
	case CMP_NE: return d != 0;
	case CMP_LT: return d < 0;
	case CMP_LE: return d <= 0;
	case CMP_GT: return d > 0;
	case CMP_GE: return d >= 0;
	}
	return false;
}

static bool field_holds(const struct fact *f, int64_t value)
{
	return number_compares(value, (enum comparison)f->how, f->value,
			       tcb_field_kind_of((enum tcb_field)f->field) == FIELD_SEQ);
}

/* The record changed the field so that the comparison holds now. */
static bool is_field_reached(const struct scene_run *run, const struct fact *f,
			     const struct record *r)
{
	if (r->changes.count == 0 || !is_about(run, &f->who, r) ||
	    r->conn != run_conn_of(run, &f->who))
		return false;
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(run->trace, r, i);

		if (c->field == f->field && field_holds(f, c->new))
			return true;
	}
	return false;
}

static bool is_fact(const struct scene_run *run, const struct fact *f, const struct record *r)
{
	switch ((enum claim)f->claim) {
	case CLAIM_STATE: return is_state_entered(run, f, r);
	case CLAIM_SENDS:
	case CLAIM_GETS: return fact_is_segment(run, f, r);
	case CLAIM_FAILS: return fact_is_failure(run, f, r);
	case CLAIM_FIELD: return is_field_reached(run, f, r);
	case CLAIM_RECEIVED:
		return r->kind == REC_READ && is_about(run, &f->who, r) && run_received(run, f);
	case CLAIM_READS:
	case CLAIM_BROKEN: break;
	}
	return false;
}

/* ---- reads "..." ----------------------------------------------------------------------------- */

enum { WINDOW = 4096 };

static const char *find(const char *octets, size_t n, const struct chars *wanted)
{
	const char *last = octets + n - wanted->size;

	for (const char *p = octets; p <= last; p++) {
		p = memchr(p, wanted->at[0], (size_t)(last - p) + 1);
		if (!p || memcmp(p, wanted->at, wanted->size) == 0)
			return p;
	}
	return NULL;
}

/* Finds `wanted` in octets [from, to) of a stream; where it ends, 0: nowhere. */
static uint64_t find_in_stream(const struct streams *all, uint32_t stream, uint64_t from,
			       uint64_t to, const struct chars *wanted)
{
	char window[WINDOW];
	struct chars w = *wanted;
	char *long_window = w.size * 2 > WINDOW ? xmalloc(w.size * 2) : NULL;
	char *octets = long_window ? long_window : window;
	size_t room = long_window ? w.size * 2 : WINDOW;
	uint64_t found = 0;

	while (!found && to - from >= w.size) {
		size_t n = to - from < room ? (size_t)(to - from) : room;
		struct text t = {.stream = stream, .offset = from, .len = (uint32_t)n};
		const char *hit;

		n = stream_read(all, &t, 0, octets, n);
		if (n < w.size)
			break;
		hit = find(octets, n, &w);
		if (hit)
			found = from + (uint64_t)(hit - octets) + w.size;
		from += n - w.size + 1;
	}
	free(long_window);
	return found;
}

/* The application has read the text, in one read or several, since the last match. */
static bool is_read(struct scene_run *run, int32_t stmt, const struct record *r)
{
	const struct fact *f = run->play.stmts.at[stmt].when.fact;
	struct trigger *t = &run->now.triggers.at[stmt];
	const struct text *text = &r->seg.text;
	uint64_t from, end;

	if (r->kind != REC_READ || text->len == 0 || !is_about(run, &f->who, r))
		return false;
	from = text->offset > f->octets.size - 1 ? text->offset - (f->octets.size - 1) : 0;
	if (t->conn == r->conn && t->matched > from)
		from = t->matched;
	end = find_in_stream(trace_streams_of(run->trace), text->stream, from,
			     text->offset + text->len, &f->octets);
	if (end == 0)
		return false;
	t->conn = r->conn;
	t->matched = end;
	return true;
}

/* ---- triggers -------------------------------------------------------------------------------- */

static void fire(struct scene_run *run, int32_t stmt)
{
	const struct stmt *s = &run->play.stmts.at[stmt];

	if (!s->when.is_each)
		run->now.triggers.at[stmt].is_armed = false;
	run_begin_chapter(run, s->chapter);
	run_says(run, s->says, trace_count(run->trace) - 1);
	for (int32_t c = run->kin[stmt].child; c != NONE; c = run->kin[c].sibling)
		run_schedule(run, c, run->now.now);
}

static void look_at_triggers(struct scene_run *run, const struct record *r)
{
	int32_t i = run->triggers_of[0][r->host];

	for (; i != NONE; i = run->triggers_of[1][i]) {
		const struct fact *f = run->play.stmts.at[i].when.fact;

		if (!run->now.triggers.at[i].is_armed)
			continue;
		if (f->claim == CLAIM_READS ? is_read(run, i, r) : is_fact(run, f, r))
			fire(run, i);
	}
}

/* ---- watches --------------------------------------------------------------------------------- */

static bool is_in_state(const struct scene_run *run, const struct fact *f)
{
	return f->claim == CLAIM_STATE && (uint8_t)run_state_of(run, &f->who) == f->state;
}

static void come_true(struct watch *w, uint64_t record)
{
	w->is_true = w->is_settled = true;
	w->record = record + 1;
}

/* never in STATE longer D: every stay is measured. */
static void look_at_stay(struct scene_run *run, struct watch *w, const struct expectation *e,
			 const struct record *r)
{
	bool is_in = is_in_state(run, &e->fact);

	if (is_in && w->since < 0) {
		w->since = r->at;
		w->since_record = r->serial + 1;
	} else if (!is_in && w->since >= 0) {
		if (r->at - w->since > e->longer)
			come_true(w, w->since_record - 1);
		w->since = -1;
	}
}

static void look_at_watch(struct scene_run *run, struct watch *w, const struct record *r)
{
	const struct expectation *e = run->play.stmts.at[w->stmt].expect;

	if (e->longer >= 0) {
		if (r->kind == REC_STATE || r->kind == REC_CRASH || r->kind == REC_CALL)
			look_at_stay(run, w, e, r);
		return;
	}
	if (e->look == LOOK_EVENTUALLY && e->within != USEC_NEVER && r->at - w->from > e->within) {
		w->is_settled = true; /* too late */
		return;
	}
	/* A crash takes the connection without a word about its state. */
	if (!is_fact(run, &e->fact, r) && !(r->kind == REC_CRASH && is_in_state(run, &e->fact)))
		return;
	if (e->look == LOOK_TOTAL) {
		w->count++;
		w->record = r->serial + 1;
		return;
	}
	come_true(w, r->serial);
}

static void look_at_watches(struct scene_run *run, const struct record *r)
{
	uint32_t *link = &run->now.host[r->host].first_watch;

	while (*link) {
		struct watch *w = &run->now.watches.at[*link - 1];

		look_at_watch(run, w, r);
		if (w->is_settled)
			*link = w->next; /* it is out of the list, not out of the array */
		else
			link = &w->next;
	}
}

/* What holds at the moment at which the watch begins. */
static void look_at_beginning(struct scene_run *run, struct watch *w, const struct expectation *e)
{
	uint64_t last = trace_count(run->trace) > 0 ? trace_count(run->trace) - 1 : 0;
	int64_t value;

	if (e->longer >= 0) {
		if (is_in_state(run, &e->fact)) {
			w->since = run->now.now;
			w->since_record = last + 1;
		}
		return;
	}
	if (e->look == LOOK_TOTAL || e->look == LOOK_END)
		return;
	/* Nobody is in a state before their first connection: not "in CLOSED" either. "Eventually
	 * in CLOSED" would hold of everybody. */
	if ((is_in_state(run, &e->fact) && run_conn_of(run, &e->fact.who)) ||
	    (e->fact.claim == CLAIM_RECEIVED && run_received(run, &e->fact)) ||
	    (e->fact.claim == CLAIM_FIELD &&
	     run_field(run, &e->fact.who, (enum tcb_field)e->fact.field, &value) &&
	     field_holds(&e->fact, value)))
		come_true(w, last);
}

void watch_open(struct scene_run *run, uint32_t stmt, usec from)
{
	const struct expectation *e = run->play.stmts.at[stmt].expect;
	struct host_note *h = &run->now.host[e->fact.who.host];
	bool is_of_a_trigger = run->play.stmts.at[stmt].cue.trigger != NONE;
	struct watch *w;

	if (is_of_a_trigger && run->now.watches.count >= SCENE_EACH_MAX + run->play.stmts.count) {
		if (run->now.verdicts.at[stmt]++ == 0)
			judge_error(run, (int32_t)stmt, e->text,
				    "'each' opened more expectations than can be kept");
		return;
	}
	w = array_push(&run->now.watches);
	*w = (struct watch){.stmt = stmt, .from = from, .since = -1};
	/* What is judged once, at the end, looks at nothing; but a failed call is a record. */
	if (e->look == LOOK_END && e->fact.claim != CLAIM_FAILS)
		return;
	look_at_beginning(run, w, e);
	if (w->is_settled)
		return;
	w->next = h->first_watch;
	h->first_watch = (uint32_t)run->now.watches.count;
}

/* ---- all ------------------------------------------------------------------------------------- */

void run_scan(struct scene_run *run)
{
	while (run->now.cursor < trace_count(run->trace)) {
		const struct record *r = trace_at(run->trace, run->now.cursor++);

		note_record(run, r);
		if (r->host >= SCENE_PEOPLE_MAX)
			continue;
		question_hears(run, r);
		look_at_watches(run, r);
		look_at_triggers(run, r);
	}
}
