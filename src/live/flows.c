/* SPDX-License-Identifier: MIT */
#include "live/flows.h"

#include <base/prng.h>
#include <string.h>

enum { ROOM_LEAST = 64, NEAR = 4 /* times: clearly less than */ };

/* ---- the table ------------------------------------------------------------------------------- */

static bool endpoint_eq(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_eq(&a->address, &b->address);
}

/* Which end of `t` sends this: 0 or 1; -1: it is between others. */
static int side_of(const struct flow_track *t, const struct glance *g)
{
	if (endpoint_eq(&t->end[0], &g->from) && endpoint_eq(&t->end[1], &g->to))
		return 0;
	return endpoint_eq(&t->end[1], &g->from) && endpoint_eq(&t->end[0], &g->to) ? 1 : -1;
}

/* The same for both directions: the lower end first. */
static uint64_t hash_ends(const struct endpoint *a, const struct endpoint *b)
{
	static const uint64_t secret[2] = {0x776f73686f750001, 0x666c6f7773000002};
	uint8_t end[2][18], key[36];
	const struct endpoint *both[2] = {a, b};
	bool is_turned;

	for (int i = 0; i < 2; i++) {
		memcpy(end[i], both[i]->address.octets, 16);
		end[i][16] = (uint8_t)(both[i]->port >> 8);
		end[i][17] = (uint8_t)both[i]->port;
	}
	is_turned = memcmp(end[0], end[1], sizeof end[0]) > 0;
	memcpy(key, end[is_turned], 18);
	memcpy(key + 18, end[!is_turned], 18);
	return siphash(secret, key, sizeof key);
}

/* The slot of these two ends: theirs, or a free one. */
static size_t slot_of(const struct flows *f, const struct glance *g)
{
	size_t slot = (size_t)hash_ends(&g->from, &g->to) & (f->room - 1);

	while (f->table[slot] != 0 && side_of(&f->all.at[f->table[slot] - 1], g) < 0)
		slot = (slot + 1) & (f->room - 1);
	return slot;
}

static void grow(struct flows *f)
{
	uint32_t *old = f->table;
	size_t n = f->room;

	f->room = n > 0 ? n * 2 : ROOM_LEAST;
	f->table = xcalloc(f->room, sizeof *f->table);
	for (size_t i = 0; i < n; i++) {
		const struct flow_track *t;
		struct glance ends;

		if (old[i] == 0)
			continue;
		t = &f->all.at[old[i] - 1];
		ends = (struct glance){.from = t->end[0], .to = t->end[1]};
		f->table[slot_of(f, &ends)] = old[i];
	}
	free(old);
}

/* ---- copies ---------------------------------------------------------------------------------- */

/* Of what a router leaves as it is: all of the segment but its text and checksum. */
static uint64_t hash_segment(const struct glance *g)
{
	static const uint64_t secret[2] = {0x776f73686f750003, 0x636f706965730004};
	const uint32_t parts[] = {g->seq.v, g->ack.v, g->ctl, g->wnd, g->len, g->id, g->tsval};

	return siphash(secret, parts, sizeof parts);
}

/* Pairs of a hash and a place. A copy is the same segment at another place; at the same place it is
 * a repetition. */
static bool is_copy(struct flow_side *s, const struct glance *g, uint32_t place)
{
	uint64_t hash = hash_segment(g);
	size_t oldest = (FLOW_COPIES - 1) * 2;

	if (s->copies == NULL)
		s->copies = xcalloc(FLOW_COPIES * 2, sizeof *s->copies);
	for (size_t i = 0; i < FLOW_COPIES; i++)
		if (s->copies[2 * i] == hash && s->copies[2 * i + 1] != 0 &&
		    s->copies[2 * i + 1] != place)
			return true;
	memmove(s->copies + 2, s->copies, oldest * sizeof *s->copies);
	s->copies[0] = hash;
	s->copies[1] = place;
	return false;
}

/* ---- the bookkeeping ------------------------------------------------------------------------- */

/* tshark takes the ISN from the SYN, or else from the first segment or acknowledgment; and anew
 * from each SYN that answers one. */
static void take_bases(struct flow_track *t, int from, const struct glance *g)
{
	struct flow_side *own = &t->side[from], *other = &t->side[1 - from];

	if (!own->has_base || (g->ctl & (SYN | ACK)) == (SYN | ACK)) {
		own->base = g->ctl & SYN ? g->seq : seq(g->seq.v - 1);
		own->has_base = true;
	}
	if (!other->has_base && g->ctl & ACK) {
		other->base = seq(g->ack.v - 1);
		other->has_base = true;
	}
}

static void take_roles(struct flow_track *t, int from, const struct glance *g)
{
	if (!(g->ctl & SYN))
		return;
	if (t->caller < 0)
		t->caller = (int8_t)(g->ctl & ACK ? 1 - from : from);
	t->is_begun |= !(g->ctl & ACK);
}

/* One segment at a time is timed; `is_fresh` says that nothing of it came before. */
static void take_trip(struct flow_track *t, int from, const struct glance *g, bool is_fresh,
		      usec at)
{
	struct flow_side *own = &t->side[from], *other = &t->side[1 - from];
	seq32 end = seq_add(g->seq, seg_len(g->ctl, g->len));

	if (other->has_probe && g->ctl & ACK && !seq_lt(g->ack, other->probe)) {
		usec trip = at > other->probe_at ? at - other->probe_at : 0;

		if (other->trip < 0 || trip < other->trip)
			other->trip = trip;
		other->has_probe = false;
	}
	if (seq_eq(end, g->seq) || g->ctl & RST)
		return;
	if (!is_fresh) {
		own->has_probe = false;
	} else if (!own->has_probe) {
		own->has_probe = true;
		own->probe = end;
		own->probe_at = at;
	}
}

/* How much of [left, right) lay in holes: that is filled now. */
static uint32_t fill(struct flow_side *s, seq32 left, seq32 right)
{
	uint32_t filled = 0;

	for (int i = 0; i < s->holes; i++) {
		struct sack_block *h = &s->hole[i];
		seq32 from = seq_lt(h->left, left) ? left : h->left;
		seq32 to = seq_lt(right, h->right) ? right : h->right;

		if (!seq_lt(from, to))
			continue;
		filled += to.v - from.v;
		/* What it splits in two is rare: the part behind it is let go. */
		if (seq_lt(h->left, from))
			h->right = from;
		else
			h->left = to;
		if (!seq_lt(h->left, h->right))
			s->hole[i--] = s->hole[--s->holes];
	}
	return filled;
}

static void dig(struct flow_side *s, seq32 left, seq32 right)
{
	if (s->holes == FLOW_HOLES)
		memmove(s->hole, s->hole + 1, --s->holes * sizeof s->hole[0]);
	s->hole[s->holes++] = (struct sack_block){left, right};
}

/* True: all of it was new. */
static bool take_text(struct flow_track *t, int from, const struct glance *g)
{
	struct flow_side *s = &t->side[from];
	seq32 end = seq_add(g->seq, seg_len(g->ctl, g->len));
	uint32_t fresh = g->len;
	bool is_new = true;

	if (seq_eq(end, g->seq))
		return true;
	if (s->has_next && seq_lt(s->next, g->seq)) {
		dig(s, s->next, g->seq);
		s->next = end;
	} else if (s->has_next && !seq_lt(s->next, end)) {
		/* A keep-alive asks with an octet that was acknowledged long ago. */
		bool is_probe = g->len <= 1 && !(g->ctl & (SYN | FIN)) &&
				seq_eq(g->seq, seq(s->next.v - 1));

		is_new = false;
		fresh = fill(s, g->seq, end);
		t->late += fresh > 0;
		t->repeated += fresh == 0 && !is_probe;
	} else {
		bool is_overlapping = s->has_next && seq_lt(g->seq, s->next);

		is_new = !is_overlapping;
		fresh = is_overlapping ? end.v - s->next.v : g->len;
		t->repeated += is_overlapping;
		s->next = end;
	}
	s->has_next = true;
	s->octets += fresh < g->len ? fresh : g->len;
	return is_new;
}

static void take_end(struct flow_track *t, int from, const struct glance *g)
{
	struct flow_side *own = &t->side[from], *other = &t->side[1 - from];

	if (g->ctl & FIN && !own->has_fin) {
		own->has_fin = true;
		own->fin_end = seq_add(g->seq, seg_len(g->ctl, g->len));
	}
	if (g->ctl & ACK && other->has_fin && !seq_lt(g->ack, other->fin_end))
		other->is_fin_acked = true;
	t->is_reset |= (g->ctl & RST) != 0;
}

static void account(struct flow_track *t, int from, const struct glance *g, usec at)
{
	struct flow_side *s = &t->side[from];
	bool is_new = true;

	if (t->segments++ == 0)
		t->first = t->last = at;
	if (at > t->last)
		t->last = at;
	if (s->ttl == 0)
		s->ttl = g->ttl;
	s->outgoing += g->has_direction && g->is_outgoing;
	s->incoming += g->has_direction && !g->is_outgoing;
	take_bases(t, from, g);
	take_roles(t, from, g);
	if (!(g->ctl & RST))
		is_new = take_text(t, from, g);
	take_trip(t, from, g, is_new, at);
	take_end(t, from, g);
}

/* A SYN that begins something else than what is known between these ends. */
static bool is_another(const struct flow_track *t, int from, const struct glance *g)
{
	return (g->ctl & (SYN | ACK)) == SYN && t->side[from].has_base &&
	       !seq_eq(g->seq, t->side[from].base);
}

/* The slot of these two ends, with room for what may be put there. */
static size_t slot_for(struct flows *f, const struct glance *g)
{
	if (f->all.count * 4 >= f->room * 3)
		grow(f);
	return slot_of(f, g);
}

static struct flow_track *begin(struct flows *f, size_t slot, const struct glance *g)
{
	struct flow_track *t = array_push(&f->all);

	*t = (struct flow_track){.end = {g->from, g->to}, .caller = -1};
	t->side[0].trip = t->side[1].trip = -1;
	f->table[slot] = (uint32_t)f->all.count;
	return t;
}

int64_t flows_see(struct flows *f, const struct glance *g, const struct frame_sight *frame,
		  uint32_t place)
{
	size_t slot = slot_for(f, g);
	struct flow_track *t;
	int from = 0;

	t = f->table[slot] != 0 ? &f->all.at[f->table[slot] - 1] : NULL;
	if (t != NULL) {
		from = side_of(t, g);
		if (place != 0 && is_copy(&t->side[from], g, place)) {
			f->copies++;
			return -1;
		}
	}
	if (t == NULL || is_another(t, from, g)) {
		t = begin(f, slot, g);
		from = 0;
		if (place != 0)
			is_copy(&t->side[from], g, place);
	}
	account(t, from, g, frame->at);
	return f->table[slot] - 1;
}

int64_t flows_hear(struct flows *f, const struct glance *g, usec at)
{
	size_t slot = slot_for(f, g);
	struct flow_track *t = f->table[slot] != 0 ? &f->all.at[f->table[slot] - 1] : NULL;

	if (t == NULL || is_another(t, side_of(t, g), g)) {
		t = begin(f, slot, g);
		t->first = t->last = at;
	}
	return f->table[slot] - 1;
}

void flows_fini(struct flows *f)
{
	for (size_t i = 0; i < f->all.count; i++)
		for (int k = 0; k < 2; k++)
			free(f->all.at[i].side[k].copies);
	array_fini(&f->all);
	free(f->table);
	*f = (struct flows){0};
}

/* ---- what is told of one --------------------------------------------------------------------- */

int flow_caller(const struct flow_track *t)
{
	if (t->caller >= 0)
		return t->caller;
	return t->end[1].port > t->end[0].port ? 1 : 0;
}

bool flow_is_ended(const struct flow_track *t)
{
	return t->is_reset || (t->side[0].is_fin_acked && t->side[1].is_fin_acked);
}

static bool is_loopback(const struct address *a)
{
	static const uint8_t one[16] = {[15] = 1};

	return a->family == FAMILY_IPV4 ? a->octets[0] == 127
					: memcmp(a->octets, one, sizeof one) == 0;
}

/* Nobody has forwarded it yet: it still has the time to live that systems give. */
static bool is_fresh(uint8_t ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

/* Who captures hears itself at once and the other after a way there and back. */
static enum vantage vantage_of_trips(usec to_called, usec to_caller)
{
	if (to_called < 0 || to_caller < 0)
		return VANTAGE_BETWEEN;
	if (to_caller * NEAR < to_called)
		return VANTAGE_CALLER;
	return to_called * NEAR < to_caller ? VANTAGE_CALLED : VANTAGE_BETWEEN;
}

enum vantage flow_vantage(const struct flow_track *t)
{
	const struct flow_side *caller = &t->side[flow_caller(t)];
	const struct flow_side *called = &t->side[1 - flow_caller(t)];
	bool is_caller, is_called;

	if (address_eq(&t->end[0].address, &t->end[1].address) ||
	    (is_loopback(&t->end[0].address) && is_loopback(&t->end[1].address)))
		return VANTAGE_LOOPBACK;
	if (caller->outgoing + caller->incoming + called->outgoing + called->incoming > 0) {
		is_caller = caller->incoming == 0 && called->outgoing == 0;
		is_called = caller->outgoing == 0 && called->incoming == 0;
	} else {
		is_caller = is_fresh(caller->ttl) && called->ttl != 0 && !is_fresh(called->ttl);
		is_called = is_fresh(called->ttl) && caller->ttl != 0 && !is_fresh(caller->ttl);
	}
	if (is_caller != is_called)
		return is_caller ? VANTAGE_CALLER : VANTAGE_CALLED;
	return vantage_of_trips(caller->trip, called->trip);
}

void flow_far(const struct flow_track *t, usec far[2])
{
	enum vantage where = flow_vantage(t);
	usec to_called = t->side[flow_caller(t)].trip, to_caller = t->side[1 - flow_caller(t)].trip;

	far[0] = where == VANTAGE_CALLER || where == VANTAGE_LOOPBACK || to_caller < 0
			 ? 0
			 : to_caller / 2;
	far[1] = where == VANTAGE_CALLED || where == VANTAGE_LOOPBACK || to_called < 0
			 ? 0
			 : to_called / 2;
}
