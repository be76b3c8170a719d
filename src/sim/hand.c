/* SPDX-License-Identifier: MIT */
/*
 * hand.c - deeds by hand upon words in flight. A word is aloft, or held by a rule of the wind, or
 * waits at the door of its receiver because a hand held it up; or it flies and will be too old
 * before it arrives.
 */
#include <sim/parts.h>

#include <stdlib.h>
#include <string.h>

static const usec PATIENCE = USEC_PER_S;

/* ---- which word ------------------------------------------------------------------------------ */

static bool is_word(const struct world *w, uint32_t index, uint8_t from, uint8_t to)
{
	const struct flight *f = flight_at(w, index);

	return f->state != FLIGHT_FREE && f->state != FLIGHT_ICMP && way_of(w, index)->nth > 0 &&
	       f->at.remote == from && f->at.host == to;
}

static uint32_t word_named(const struct world *w, const struct hand *h)
{
	for (uint32_t i = 1; i < w->ways.count; i++)
		if (way_of(w, i)->nth == h->nth && is_word(w, i, h->from, h->to))
			return i;
	return 0;
}

uint32_t world_words_sent(const struct world *w, uint8_t from, uint8_t to)
{
	return w->words[from][to];
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The least of them, when there are more than there is room for. */
static void keep_least(uint32_t *out, size_t *count, size_t room, uint32_t nth)
{
	size_t greatest = 0;

	if (*count < room) {
		out[(*count)++] = nth;
		return;
	}
	for (size_t i = 1; i < room; i++)
		if (out[i] > out[greatest])
			greatest = i;
	if (room > 0 && nth < out[greatest])
		out[greatest] = nth;
}

size_t world_words_in_flight(const struct world *w, uint8_t from, uint8_t to, uint32_t *out,
			     size_t room)
{
	const struct direction *d = direction_between(w, from, to);
	size_t count = 0, kept = 0;

	for (uint32_t i = 1; i < w->ways.count; i++)
		if (is_word(w, i, from, to)) {
			keep_least(out, &kept, room, way_of(w, i)->nth);
			count++;
		}
	/* Copies of one that a rule holds set off with it. */
	for (size_t i = 0; d && i < d->held.count; i++)
		for (uint32_t c = 0; c < d->held.at[i].passage.copies; c++) {
			keep_least(out, &kept, room, d->held.at[i].passage.copy[c].nth);
			count++;
		}
	if (kept > 1)
		qsort(out, kept, sizeof *out, by_number);
	return count;
}

/* ---- the door -------------------------------------------------------------------------------- */

static struct door *door_of(const struct direction *d, uint32_t flight)
{
	for (size_t i = 0; d && i < d->doors.count; i++)
		if (d->doors.at[i].flight == flight)
			return &d->doors.at[i];
	return NULL;
}

static struct direction *direction_of(const struct world *w, uint32_t flight)
{
	const struct flight *f = flight_at(w, flight);

	return direction_between(w, f->at.remote, f->at.host);
}

void door_forget(struct world *w, uint32_t flight)
{
	struct direction *d = direction_of(w, flight);
	struct door *door = door_of(d, flight);
	size_t place = (size_t)(door - d->doors.at);

	d->doors.count--;
	memmove(door, door + 1, (d->doors.count - place) * sizeof *door);
	w->doors--;
	flight_at(w, flight)->is_awaited = false;
}

bool door_holds(struct world *w, uint32_t flight)
{
	struct direction *d = direction_of(w, flight);
	struct door *door = door_of(d, flight);

	if (door->is_there) {
		door_forget(w, flight); /* its patience is at an end */
		return false;
	}
	door->is_there = true;
	wind_set_off(w, d, flight, w->now + door->patience);
	return true;
}

/* Whoever has let enough others pass goes in next. */
void door_passed(struct world *w, uint16_t from, uint16_t to)
{
	struct direction *d = direction_between(w, from, to);

	for (size_t i = 0; d && i < d->doors.count;) {
		struct door *door = &d->doors.at[i];
		uint32_t id = wheel_id(EVENT_FLIGHT, door->flight);

		if (!door->is_there || --door->past > 0) {
			i++;
			continue;
		}
		flight_at(w, door->flight)->state = FLIGHT_ALOFT;
		wheel_take(&w->wheel, id);
		wheel_put(&w->wheel, id, w->now);
		door_forget(w, door->flight);
	}
}

static void hold_at_door(struct world *w, uint32_t flight, uint32_t past, usec patience)
{
	struct flight *f = flight_at(w, flight);
	struct direction *d = direction_make(w, (uint8_t)f->at.remote, (uint8_t)f->at.host);
	struct door *door = f->is_awaited ? door_of(d, flight) : array_push(&d->doors);

	if (f->is_awaited) {
		door->past += past;
		door->patience += patience;
		if (door->is_there && f->state == FLIGHT_ALOFT) {
			usec at = f->node.at + patience;

			wheel_take(&w->wheel, wheel_id(EVENT_FLIGHT, flight));
			wind_set_off(w, d, flight, at);
		}
		return;
	}
	*door = (struct door){.flight = flight, .past = past, .patience = patience};
	f->is_awaited = true;
	w->doors++;
}

/* ---- what a rule of the wind holds ----------------------------------------------------------- */

static struct held *held_of(const struct direction *d, uint32_t flight)
{
	for (size_t i = 0; i < d->held.count; i++)
		if (d->held.at[i].flight == flight)
			return &d->held.at[i];
	UNREACHABLE();
}

/* A second one beside it, held as it is held. */
static uint32_t copy_held(struct world *w, uint32_t flight, usec after)
{
	uint32_t copy = flight_take(w), id = wheel_id(EVENT_FLIGHT, copy);
	struct flight *f = flight_at(w, flight);
	struct direction *d = direction_of(w, flight);
	struct held held = *held_of(d, flight);

	*flight_at(w, copy) = *f;
	flight_at(w, copy)->node.at = USEC_NEVER;
	flight_at(w, copy)->is_awaited = false;
	*way_of(w, copy) = *way_of(w, flight);
	held.flight = copy;
	held.passage.extra += after;
	held.passage.copies = 0;
	held.passage.is_dropped = false;
	*array_push(&d->held) = held;
	wheel_put(&w->wheel, id, f->node.at);
	return copy;
}

static void drop_held(struct world *w, uint32_t flight)
{
	struct direction *d = direction_of(w, flight);
	struct held *held = held_of(d, flight);
	size_t place = (size_t)(held - d->held.at);

	if (held->passage.copies > 0) {
		/* It stays for its copies. */
		held->passage.is_dropped = true;
		way_of(w, flight)->nth = 0;
		return;
	}
	d->held.count--;
	memmove(held, held + 1, (d->held.count - place) * sizeof *held);
	wheel_take(&w->wheel, wheel_id(EVENT_FLIGHT, flight));
	flight_give(w, flight);
}

/* A copy that waits within what is held becomes a flight of its own. 0: there is none. */
static uint32_t part_copy(struct world *w, const struct hand *h)
{
	const struct direction *d = direction_between(w, h->from, h->to);

	for (size_t i = 0; d && i < d->held.count; i++) {
		struct held *held = &d->held.at[i];
		struct passage *p = &held->passage;
		uint32_t flight = held->flight, copy;

		for (uint32_t c = 0; c < p->copies; c++) {
			if (p->copy[c].nth != h->nth)
				continue;
			copy = copy_held(w, flight, p->copy[c].after);
			p = &held_of(d, flight)->passage; /* the list has grown */
			way_of(w, copy)->nth = p->copy[c].nth;
			flight_at(w, copy)->send = p->copy[c].record;
			flight_at(w, copy)->is_corrupt = p->copy[c].is_corrupt;
			p->copies--;
			memmove(p->copy + c, p->copy + c + 1, (p->copies - c) * sizeof *p->copy);
			if (p->is_dropped && p->copies == 0)
				drop_held(w, flight);
			return copy;
		}
	}
	return 0;
}

/* ---- deeds ----------------------------------------------------------------------------------- */

static void drop(struct world *w, uint32_t flight)
{
	if (flight_at(w, flight)->is_awaited)
		door_forget(w, flight);
	if (flight_at(w, flight)->state == FLIGHT_HELD) {
		drop_held(w, flight);
		return;
	}
	wheel_take(&w->wheel, wheel_id(EVENT_FLIGHT, flight));
	flight_give(w, flight);
}

/* One that will be too old in any case does not get older. */
static void delay(struct world *w, uint32_t flight, usec by)
{
	struct flight *f = flight_at(w, flight);
	struct direction *d = direction_make(w, (uint8_t)f->at.remote, (uint8_t)f->at.host);
	usec at = f->node.at + by;

	if (f->state == FLIGHT_HELD) {
		held_of(d, flight)->passage.extra += by;
	} else if (f->state == FLIGHT_ALOFT) {
		wheel_take(&w->wheel, wheel_id(EVENT_FLIGHT, flight));
		wind_set_off(w, d, flight, at);
	}
}

static void duplicate(struct world *w, uint32_t flight, usec after, const struct record *r)
{
	const struct flight *f = flight_at(w, flight);
	struct direction *d = direction_make(w, (uint8_t)f->at.remote, (uint8_t)f->at.host);
	const struct door *door = f->is_awaited ? door_of(d, flight) : NULL;
	uint32_t copy;

	if (f->state == FLIGHT_HELD) {
		copy = copy_held(w, flight, after);
	} else {
		copy = flight_take(w);
		*flight_at(w, copy) = *f;
		flight_at(w, copy)->node.at = USEC_NEVER;
		flight_at(w, copy)->is_awaited = false;
		*way_of(w, copy) = *way_of(w, flight);
		if (f->state == FLIGHT_LATE)
			wheel_put(&w->wheel, wheel_id(EVENT_FLIGHT, copy), f->node.at);
		else
			wind_set_off(w, d, copy, f->node.at + after);
	}
	if (door) {
		struct door twin = *door;

		hold_at_door(w, copy, twin.past, twin.patience);
		door_of(d, copy)->is_there = twin.is_there;
	}
	way_of(w, copy)->nth = ++w->words[f->at.remote][f->at.host];
	flight_at(w, copy)->send = r ? r->serial : 0;
}

static struct record *tell_deed(struct world *w, uint32_t flight, const struct hand *h)
{
	struct record *r = wind_tell(w, flight_at(w, flight), (enum deed)h->deed);

	if (r) {
		r->place = h->place;
		r->number[0] = h->deed == DEED_REORDER ? (h->past ? h->past : 1) : h->time;
		/* Whoever draws it knows how far it had come. */
		if (flight_at(w, flight)->state == FLIGHT_ALOFT)
			r->number[1] = flight_at(w, flight)->node.at;
	}
	return r;
}

bool world_act(struct world *w, const struct hand *h)
{
	uint32_t flight;
	struct record *r;

	if (h->deed > DEED_CORRUPT || h->nth == 0)
		return false;
	flight = word_named(w, h);
	if (!flight)
		flight = part_copy(w, h);
	if (!flight)
		return false;
	r = tell_deed(w, flight, h);
	switch ((enum deed)h->deed) {
	case DEED_DROP: drop(w, flight); return true;
	case DEED_DELAY: delay(w, flight, h->time); return true;
	case DEED_DUPLICATE: duplicate(w, flight, h->time, r); return true;
	case DEED_REORDER:
		hold_at_door(w, flight, h->past ? h->past : 1, h->time ? h->time : PATIENCE);
		return true;
	case DEED_CORRUPT: flight_at(w, flight)->is_corrupt = true; return true;
	case DEED_CUT:
	case DEED_QUEUE:
	case DEED_MTU:
	case DEED_LIFETIME:
	case DEED_MARK:
	case DEED_ICMP:
	case DEED_COUNT: break;
	}
	UNREACHABLE();
}
