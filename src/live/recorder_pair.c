/* SPDX-License-Identifier: MIT */
/* recorder_pair.c - who speaks with whom: flows by their two ends, people, listeners. */
#include "live/recorder_inside.h"

#include <stdio.h>
#include <string.h>

bool endpoint_eq(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_eq(&a->address, &b->address);
}

/* ---- flows ----------------------------------------------------------------------------------- */

static uint64_t hash_end(const struct endpoint *e)
{
	uint64_t h = e->port + UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < sizeof e->address.octets; i++)
		h = (h ^ e->address.octets[i]) * UINT64_C(0x100000001b3);
	h ^= h >> 32;
	return h * UINT64_C(0xbf58476d1ce4e5b9);
}

/* The same for both directions. */
static size_t slot_of(const struct recorder *r, const struct endpoint *a, const struct endpoint *b)
{
	return (size_t)((hash_end(a) + hash_end(b)) >> 20) & (r->slots.count - 1);
}

struct pair *pair_find(const struct recorder *r, const struct endpoint *a, const struct endpoint *b,
		       uint8_t *side_of_a)
{
	struct pair *f = r->slots.count > 0 ? r->slots.at[slot_of(r, a, b)] : NULL;

	for (; f; f = f->next) {
		if (f->is_old)
			continue;
		if (endpoint_eq(&f->side[CALLER].at, a) && endpoint_eq(&f->side[CALLED].at, b)) {
			*side_of_a = CALLER;
			return f;
		}
		if (endpoint_eq(&f->side[CALLED].at, a) && endpoint_eq(&f->side[CALLER].at, b)) {
			*side_of_a = CALLED;
			return f;
		}
	}
	return NULL;
}

static void put_in_slot(struct recorder *r, struct pair *f)
{
	struct pair **slot = &r->slots.at[slot_of(r, &f->side[CALLER].at, &f->side[CALLED].at)];

	f->next = *slot;
	*slot = f;
}

static void grow(struct recorder *r)
{
	size_t count = r->slots.count > 0 ? 2 * r->slots.count : 64;

	array_reserve(&r->slots, count);
	r->slots.count = count;
	memset(r->slots.at, 0, count * sizeof *r->slots.at);
	for (struct pair *f = r->oldest; f; f = f->after)
		put_in_slot(r, f);
}

struct pair *pair_new(struct recorder *r, const struct endpoint *caller,
		      const struct endpoint *called)
{
	struct pair *f = xcalloc(1, sizeof *f);

	f->side[CALLER].at = *caller;
	f->side[CALLED].at = *called;
	f->side[CALLER].host = f->side[CALLED].host = TRACE_NO_HOST;
	if (r->youngest)
		r->youngest->after = f;
	else
		r->oldest = f;
	r->youngest = f;
	if (++r->pairs > r->slots.count)
		grow(r);
	else
		put_in_slot(r, f);
	return f;
}

void pairs_free(struct recorder *r)
{
	while (r->oldest) {
		struct pair *f = r->oldest;

		r->oldest = f->after;
		free(f);
	}
	array_fini(&r->slots);
}

/* ---- people ---------------------------------------------------------------------------------- */

static void add_person(struct recorder *r, const struct endpoint *at, const char *name,
		       const char *en, const char *zh)
{
	struct trace_host h = {
		.name = name, .title = {en, zh}, .profile = "", .address = at->address};

	*array_push(&r->people) = (struct person){.at = *at, .host = trace_add_host(r->trace, &h)};
}

/* Who calls stands first, be it that nobody knows yet from where. */
static void add_the_two(struct recorder *r, const struct endpoint *called)
{
	static const struct endpoint nobody;

	add_person(r, &nobody, "zhang", "Zhang San", "张三");
	add_person(r, called, "li", "Li Si", "李四");
}

static uint8_t add_another(struct recorder *r, const struct endpoint *at, bool is_called)
{
	char name[ADDRESS_TEXT + 8];
	size_t n;

	/* One seat is kept for all who find none. */
	if (r->people.count == RECORDER_HOSTS - 1) {
		static const struct endpoint nobody;

		add_person(r, &nobody, "others", "the others", "其他人");
	}
	if (r->people.count == RECORDER_HOSTS)
		return RECORDER_HOSTS - 1;
	address_text(&at->address, name);
	n = strlen(name);
	if (is_called)
		snprintf(name + n, sizeof name - n, ":%u", at->port);
	add_person(r, at, name, name, name);
	return array_last(&r->people)->host;
}

/* One that listens at every address of its machine is meant, too. */
static bool is_any(const struct address *a)
{
	static const uint8_t none[16];

	return memcmp(a->octets, none, sizeof none) == 0;
}

static bool may_be_at(const struct endpoint *known, const struct endpoint *at)
{
	return known->port == at->port && (is_any(&known->address) || is_any(&at->address) ||
					   address_eq(&known->address, &at->address));
}

static bool is_person(struct recorder *r, struct person *p, const struct endpoint *at,
		      bool is_called)
{
	if (!is_called)
		return p->at.port == 0 && address_eq(&p->at.address, &at->address);
	if (p->at.port == 0 || !may_be_at(&p->at, at))
		return false;
	if (is_any(&p->at.address)) {
		p->at.address = at->address;
		trace_set_address(r->trace, p->host, &at->address);
	}
	return true;
}

uint8_t person_of(struct recorder *r, const struct endpoint *at, bool is_called)
{
	struct endpoint who = *at;

	if (!is_called)
		who.port = 0;
	for (size_t i = 0; i < r->people.count; i++) {
		if (is_person(r, &r->people.at[i], &who, is_called))
			return r->people.at[i].host;
	}
	if (r->people.count == 0) {
		add_the_two(r, at);
		if (is_called)
			return CALLED;
	}
	if (!is_called && r->people.at[CALLER].at.address.family == FAMILY_NONE) {
		r->people.at[CALLER].at = who;
		trace_set_address(r->trace, CALLER, &who.address);
		return CALLER;
	}
	return add_another(r, &who, is_called);
}

void pair_begin(struct recorder *r, struct pair *f)
{
	if (f->is_begun)
		return;
	f->is_begun = true;
	f->side[CALLED].host = person_of(r, &f->side[CALLED].at, true);
	f->side[CALLER].host = person_of(r, &f->side[CALLER].at, false);
}

/* ---- listeners ------------------------------------------------------------------------------- */

struct listener *listener_find(struct recorder *r, const struct endpoint *at)
{
	for (size_t i = 0; i < r->listeners.count; i++) {
		struct listener *l = &r->listeners.at[i];

		if (l->is_open && may_be_at(&l->at, at))
			return l;
	}
	return NULL;
}

struct listener *listener_make(struct recorder *r, const struct endpoint *at)
{
	struct listener *l = array_push(&r->listeners);

	*l = (struct listener){.at = *at};
	l->host = person_of(r, at, true);
	return l;
}
