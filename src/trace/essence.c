/* SPDX-License-Identifier: MIT */
#include "trace/essence.h"

#include <string.h>
#include <base/prng.h>
#include "trace/talk.h"

static const unsigned slot_bit[SLOT_COUNT] = {
	[SLOT_TIME] = DIFFERS_TIME,       [SLOT_KIND] = DIFFERS_WHAT,
	[SLOT_DETAIL] = DIFFERS_WHAT,     [SLOT_HOST] = DIFFERS_WHO,
	[SLOT_PEER] = DIFFERS_WHO,        [SLOT_FROM_PORT] = DIFFERS_PORTS,
	[SLOT_TO_PORT] = DIFFERS_PORTS,   [SLOT_CONN] = DIFFERS_PORTS,
	[SLOT_FLAGS] = DIFFERS_FLAGS,     [SLOT_SEQ] = DIFFERS_SEQ,
	[SLOT_ACK] = DIFFERS_ACK,         [SLOT_WINDOW] = DIFFERS_WINDOW,
	[SLOT_URGENT] = DIFFERS_URGENT,   [SLOT_OPTIONS] = DIFFERS_OPTIONS,
	[SLOT_STAMPS] = DIFFERS_STAMPS,   [SLOT_LENGTH] = DIFFERS_TEXT,
	[SLOT_OCTETS] = DIFFERS_TEXT,     [SLOT_REPEAT] = DIFFERS_REPEAT,
	[SLOT_FROM] = DIFFERS_STATE,      [SLOT_TO] = DIFFERS_STATE,
	[SLOT_NUMBER_0] = DIFFERS_NUMBER, [SLOT_NUMBER_1] = DIFFERS_NUMBER,
	[SLOT_ERROR] = DIFFERS_ERROR,     [SLOT_RULE] = DIFFERS_RULE,
	[SLOT_WORDS] = DIFFERS_WHAT,      [SLOT_FIELDS] = DIFFERS_FIELDS,
};

/* Any will do, as long as both sides use it. */
static const uint64_t hash_key[2] = {UINT64_C(0x776f73686f75), UINT64_C(0x63616e7a69)};

/* ---- sides ----------------------------------------------------------------------------------- */

static int host_named(const struct trace *t, const char *name)
{
	for (size_t i = 0; i < trace_host_count(t); i++) {
		if (strcmp(trace_host_at(t, (uint8_t)i)->name, name) == 0)
			return (int)i;
	}
	return -1;
}

static void pair_hosts(struct side *a, struct side *b)
{
	size_t left = 0, of_a = trace_host_count(a->trace), of_b = trace_host_count(b->trace);

	for (size_t i = 0; i < of_a; i++)
		a->host[i] = (uint8_t)i;
	for (size_t i = 0; i < of_b; i++) {
		const char *name = trace_host_at(b->trace, (uint8_t)i)->name;
		int same = host_named(a->trace, name);

		if (same >= 0) {
			b->host[i] = (uint8_t)same;
			continue;
		}
		while (left < of_a &&
		       host_named(b->trace, trace_host_at(a->trace, (uint8_t)left)->name) >= 0)
			left++;
		/* Beyond all hosts of a: a number that nobody has there. */
		b->host[i] = (uint8_t)(left < of_a ? left++ : of_a + i);
	}
}

/* The running initial sequence numbers of each connection, by its place among the trace's. */
struct isn {
	uint32_t serial, iss, irs;
};

static struct isn *isn_of(struct isn *all, size_t count, uint32_t serial)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].serial < serial)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && all[low].serial == serial ? &all[low] : NULL;
}

static void see_changes(const struct trace *t, const struct record *r, struct isn *isn,
			struct bases *out)
{
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(t, r, i);

		if (c->field == F_iss)
			isn->iss = (uint32_t)c->new;
		else if (c->field == F_irs)
			isn->irs = (uint32_t)c->new;
	}
	out->iss = isn->iss;
	out->irs = isn->irs;
}

static struct bases *find_bases(const struct trace *t)
{
	size_t conns = trace_conn_count(t);
	struct bases *bases = xcalloc((size_t)trace_count(t) + 1, sizeof *bases);
	struct isn *isns = xcalloc(conns + 1, sizeof *isns);
	struct talks talks = {0};

	for (size_t i = 0; i < conns; i++)
		isns[i].serial = trace_conn_nth(t, i)->serial;
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);
		const struct talk *talk = talks_see(&talks, t, r);
		struct isn *isn = r->conn ? isn_of(isns, conns, r->conn) : NULL;

		if (isn)
			see_changes(t, r, isn, &bases[i]);
		if (talk) {
			struct leg leg = trace_leg(t, r);
			const struct seg *s = trace_seg(t, r);
			struct relative rel = talk_relative(talk, &leg, s);

			bases[i].seq = rel.has_seq ? s->seq.v - rel.seq.v : 0;
			bases[i].ack = rel.has_ack ? rel.ack_base.v : 0;
		}
	}
	talks_fini(&talks);
	free(isns);
	return bases;
}

void sides_init(struct side *a, struct side *b, const struct trace *of_a, const struct trace *of_b,
		unsigned ignored)
{
	*a = (struct side){.trace = of_a};
	*b = (struct side){.trace = of_b};
	pair_hosts(a, b);
	if (ignored & IGNORE_ISN) {
		a->bases = find_bases(of_a);
		b->bases = find_bases(of_b);
	}
}

void side_fini(struct side *s)
{
	free(s->bases);
	*s = (struct side){0};
}

/* ---- which records --------------------------------------------------------------------------- */

static bool is_compared(const struct record *r, unsigned ignored)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL:
	case REC_RESULT:
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_STATE:
	case REC_SIGNAL:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
	case REC_PROMISE: return true;
	case REC_RULE: return !(ignored & IGNORE_RULES);
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return false;
}

uint64_t side_next(const struct side *s, uint64_t serial, unsigned ignored)
{
	while (serial < trace_count(s->trace) && !is_compared(trace_at(s->trace, serial), ignored))
		serial++;
	return serial;
}

/* ---- the numbers of one ---------------------------------------------------------------------- */

static uint64_t host_of(const struct side *s, uint8_t host)
{
	return host < trace_host_count(s->trace) ? s->host[host] : TRACE_NO_HOST;
}

static uint64_t hash_words(const uint64_t *words, size_t n)
{
	return siphash(hash_key, words, n * sizeof *words);
}

static uint64_t hash_octets(const struct trace *t, const struct text *text)
{
	uint64_t octets[128], hash = 0;
	uint32_t at = 0;
	size_t n;

	while (at < text->len &&
	       (n = stream_read(trace_streams_of(t), text, at, octets, sizeof octets)) > 0) {
		uint64_t pair[2] = {hash, siphash(hash_key, octets, n)};

		hash = hash_words(pair, 2);
		at += (uint32_t)n;
	}
	return hash;
}

static bool speaks_of_segment(const struct record *r)
{
	return r->kind == REC_SEND || r->kind == REC_WIND || r->kind == REC_ARRIVE ||
	       r->kind == REC_DISCARD;
}

static void take_options(const struct seg *s, uint32_t ack_base, struct essence *out)
{
	uint64_t words[5 + SEG_SACK_MAX] = {s->opts, s->opts & OPT_MSS ? s->mss : 0,
					    s->opts & OPT_WSCALE ? s->wscale : 0};

	if (s->opts & OPT_SACK) {
		words[3] = s->sacks;
		for (size_t i = 0; i < s->sacks && i < SEG_SACK_MAX; i++)
			words[4 + i] = (uint64_t)(s->sack[i].left.v - ack_base) << 32 |
				       (s->sack[i].right.v - ack_base);
	}
	if (s->opts & OPT_USER_TIMEOUT)
		words[4 + SEG_SACK_MAX] = s->uto;
	out->value[SLOT_OPTIONS] = hash_words(words, 5 + SEG_SACK_MAX);
	if (s->opts & OPT_TIMESTAMPS)
		out->value[SLOT_STAMPS] = (uint64_t)s->tsval << 32 | s->tsecr;
}

static void take_segment(const struct side *side, const struct record *r, struct essence *out)
{
	const struct seg *s = trace_seg(side->trace, r);
	const struct bases *bases = side->bases ? &side->bases[r->serial] : NULL;
	struct leg leg = trace_leg(side->trace, r);

	out->value[SLOT_HOST] = host_of(side, leg.from);
	out->value[SLOT_PEER] = host_of(side, leg.to);
	out->value[SLOT_FROM_PORT] = leg.from_port;
	out->value[SLOT_TO_PORT] = leg.to_port;
	out->value[SLOT_FLAGS] = s->ctl;
	out->value[SLOT_SEQ] = s->seq.v - (bases ? bases->seq : 0);
	if (s->ctl & ACK)
		out->value[SLOT_ACK] = s->ack.v - (bases ? bases->ack : 0);
	out->value[SLOT_WINDOW] = s->wnd;
	out->value[SLOT_URGENT] = s->up;
	out->value[SLOT_REPEAT] = (uint64_t)s->rexmit << 1 | r->is_stranger;
	out->value[SLOT_LENGTH] = s->text.len;
	out->value[SLOT_OCTETS] = hash_octets(side->trace, &s->text);
	take_options(s, bases ? bases->ack : 0, out);
}

static bool is_of_peer(uint32_t field)
{
	return field == F_irs || field == F_rcv_nxt || field == F_rcv_up || field == F_snd_wl1;
}

/* What a field has become, as it is compared: sequence numbers from the ISN, deadlines from the
 * record. What it was before is what an earlier record made of it. */
static int64_t side_field(const struct side *s, const struct record *r, const struct tcb_change *c)
{
	const struct bases *bases = s->bases ? &s->bases[r->serial] : NULL;

	switch (tcb_field_kind_of((enum tcb_field)c->field)) {
	case FIELD_DEADLINE: return c->new == USEC_NEVER ? c->new : c->new - r->at;
	case FIELD_SEQ:
		if (!bases)
			return c->new;
		return (uint32_t)c->new - (is_of_peer(c->field) ? bases->irs : bases->iss);
	case FIELD_COUNT:
	case FIELD_BYTES:
	case FIELD_TIME:
	case FIELD_BOOL:
	case FIELD_STATE: break;
	}
	return c->new;
}

static const struct tcb_change *change_of(const struct side *s, const struct record *r,
					  uint32_t field)
{
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(s->trace, r, i);

		if (c->field == field)
			return c;
	}
	return NULL;
}

uint64_t sides_fields(const struct side *a, uint64_t of_a, const struct side *b, uint64_t of_b)
{
	const struct record *x = trace_at(a->trace, of_a), *y = trace_at(b->trace, of_b);
	uint64_t set = 0;

	for (uint32_t f = 0; f < TCB_FIELD_COUNT; f++) {
		const struct tcb_change *c = change_of(a, x, f), *d = change_of(b, y, f);
		bool is_same = !c == !d;

		if (c && d)
			is_same = side_field(a, x, c) == side_field(b, y, d);
		if (!is_same)
			set |= UINT64_C(1) << f;
	}
	return set;
}

static void take_fields(const struct side *s, const struct record *r, struct essence *out)
{
	uint64_t hash = r->changes.count;

	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(s->trace, r, i);
		uint64_t words[3] = {hash, c->field, (uint64_t)side_field(s, r, c)};

		hash = hash_words(words, 3);
	}
	out->value[SLOT_FIELDS] = hash;
}

/* Some numbers are names of this trace's own: a visitor's serial. */
static void take_numbers(const struct record *r, struct essence *out)
{
	bool is_accept = r->kind == REC_CALL && r->detail == CALL_ACCEPT;

	if (is_accept)
		return;
	out->value[SLOT_NUMBER_0] = (uint64_t)r->number[0];
	out->value[SLOT_NUMBER_1] = (uint64_t)r->number[1];
}

/* The only texts that say what happened: which option is set, which promise broke. */
static void take_words(const struct side *s, const struct record *r, struct essence *out)
{
	const char *words = "";

	if ((r->kind == REC_CALL && r->detail == CALL_OPTION) || r->kind == REC_PROMISE)
		words = trace_text_of(s->trace, r, 0);
	out->value[SLOT_WORDS] = siphash(hash_key, words, strlen(words));
}

void side_essence(const struct side *s, uint64_t serial, struct essence *out)
{
	const struct record *r = trace_at(s->trace, serial);
	const struct trace_conn *conn = r->conn ? trace_conn_at(s->trace, r->conn) : NULL;

	*out = (struct essence){0};
	out->value[SLOT_TIME] = (uint64_t)r->at;
	out->value[SLOT_KIND] = r->kind;
	out->value[SLOT_DETAIL] = r->detail;
	if (speaks_of_segment(r)) {
		take_segment(s, r, out);
	} else {
		out->value[SLOT_HOST] = host_of(s, r->host);
		out->value[SLOT_PEER] = host_of(s, r->peer);
		out->value[SLOT_FROM_PORT] = r->from_port;
		out->value[SLOT_TO_PORT] = r->to_port;
		out->value[SLOT_LENGTH] = r->seg.text.len;
		out->value[SLOT_OCTETS] = hash_octets(s->trace, &r->seg.text);
	}
	if (conn)
		out->value[SLOT_CONN] = (uint64_t)conn->is_listener << 32 |
					(uint64_t)conn->port << 16 | conn->peer_port;
	out->value[SLOT_FROM] = r->from;
	out->value[SLOT_TO] = r->to;
	take_numbers(r, out);
	out->value[SLOT_ERROR] = r->error;
	out->value[SLOT_RULE] = (uint64_t)r->rule << 16 | r->seg.rule;
	take_words(s, r, out);
	take_fields(s, r, out);
}

/* ---- two of them ----------------------------------------------------------------------------- */

unsigned essence_differences(const struct essence *a, const struct essence *b)
{
	unsigned what = 0;

	for (int i = 0; i < SLOT_COUNT; i++) {
		if (a->value[i] != b->value[i])
			what |= slot_bit[i];
	}
	return what;
}

unsigned ignored_differences(unsigned ignored)
{
	unsigned bits = 0;

	if (ignored & IGNORE_TIME)
		bits |= DIFFERS_TIME | DIFFERS_STAMPS;
	if (ignored & IGNORE_FIELDS)
		bits |= DIFFERS_FIELDS;
	if (ignored & IGNORE_RULES)
		bits |= DIFFERS_RULE;
	return bits;
}

uint64_t essence_hash(const struct essence *e, unsigned without)
{
	struct essence kept = *e;

	for (int i = 0; i < SLOT_COUNT; i++) {
		if (slot_bit[i] & without)
			kept.value[i] = 0;
	}
	return hash_words(kept.value, SLOT_COUNT);
}
