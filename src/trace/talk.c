/* SPDX-License-Identifier: MIT */
#include "trace/talk.h"

#include <string.h>

const struct record *trace_origin(const struct trace *t, const struct record *r)
{
	while (r->kind != REC_SEND && r->of < r->serial)
		r = trace_at(t, r->of);
	return r;
}

static bool is_receivers(const struct record *r)
{
	return r->kind == REC_ARRIVE || r->kind == REC_DISCARD;
}

struct leg trace_leg(const struct trace *t, const struct record *r)
{
	const struct record *o = trace_origin(t, r);

	if (is_receivers(o))
		return (struct leg){o->peer, o->host, o->from_port, o->to_port};
	return (struct leg){o->host, o->peer, o->from_port, o->to_port};
}

const struct seg *trace_seg(const struct trace *t, const struct record *r)
{
	const struct record *o = trace_origin(t, r);

	return is_receivers(r) && r->seg.len > 0 ? &r->seg : &o->seg;
}

static bool is_same(const struct leg *a, const struct leg *b)
{
	return a->from == b->from && a->to == b->to && a->from_port == b->from_port &&
	       a->to_port == b->to_port;
}

static bool is_reverse(const struct leg *a, const struct leg *b)
{
	return a->from == b->to && a->to == b->from && a->from_port == b->to_port &&
	       a->to_port == b->from_port;
}

/* The same for both directions. */
static uint64_t hash_leg(const struct leg *leg)
{
	uint64_t a = ((uint64_t)leg->from << 16) | leg->from_port;
	uint64_t b = ((uint64_t)leg->to << 16) | leg->to_port;
	uint64_t h = (a < b ? a << 24 | b : b << 24 | a) * UINT64_C(0x9e3779b97f4a7c15);

	return h >> 32;
}

static size_t slot_of(const struct talks *all, const struct leg *leg)
{
	size_t i = hash_leg(leg) & (all->slots - 1);

	while (all->slot[i] != 0) {
		const struct leg *known = &all->list.at[all->slot[i] - 1].leg;

		if (is_same(known, leg) || is_reverse(known, leg))
			break;
		i = (i + 1) & (all->slots - 1);
	}
	return i;
}

static void grow(struct talks *all)
{
	if ((all->list.count + 1) * 2 <= all->slots)
		return;
	free(all->slot);
	all->slots = all->slots == 0 ? 64 : all->slots * 2;
	all->slot = xcalloc(all->slots, sizeof *all->slot);
	for (size_t i = 0; i < all->list.count; i++)
		all->slot[slot_of(all, &all->list.at[i].leg)] = (uint32_t)i + 1;
}

static struct talk *find_or_add(struct talks *all, const struct leg *leg)
{
	struct talk *talk;
	size_t i;

	grow(all);
	i = slot_of(all, leg);
	if (all->slot[i] != 0)
		return &all->list.at[all->slot[i] - 1];
	talk = array_push(&all->list);
	*talk = (struct talk){.leg = *leg, .number = (uint32_t)all->list.count - 1};
	all->slot[i] = (uint32_t)all->list.count;
	return talk;
}

const struct talk *talks_see(struct talks *all, const struct trace *t, const struct record *r)
{
	const struct record *o = trace_origin(t, r);
	struct talk *talk;
	struct leg leg;
	int side;

	if (o->kind != REC_SEND && !is_receivers(o))
		return NULL;
	leg = trace_leg(t, r);
	talk = find_or_add(all, &leg);
	side = is_same(&leg, &talk->leg) ? 0 : 1;
	/* A stranger's numbers are nobody's; a new incarnation's are the new base. */
	if (r == o && (r->seg.ctl & SYN) && !r->is_stranger) {
		talk->isn[side] = r->seg.seq;
		talk->has_isn[side] = true;
	}
	return talk;
}

void talks_fini(struct talks *all)
{
	array_fini(&all->list);
	free(all->slot);
	*all = (struct talks){0};
}

struct relative talk_relative(const struct talk *talk, const struct leg *leg, const struct seg *s)
{
	int side = is_same(leg, &talk->leg) ? 0 : 1;
	struct relative rel = {.seq = s->seq, .ack = s->ack};

	if (talk->has_isn[side]) {
		rel.has_seq = true;
		rel.seq = seq_sub(s->seq, talk->isn[side].v);
	}
	if ((s->ctl & ACK) && talk->has_isn[!side]) {
		rel.has_ack = true;
		rel.ack_base = talk->isn[!side];
		rel.ack = seq_sub(s->ack, talk->isn[!side].v);
	}
	return rel;
}
