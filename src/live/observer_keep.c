/* SPDX-License-Identifier: MIT */
/* observer_keep.c - which conversations are kept, and when their recorders are passed. */
#include "live/observer_inside.h"

#include <stdlib.h>

enum {
	QUIET_S = 1,       /* one that goes on may be let go when it is so quiet */
	TIMER_MOST_S = 60, /* clocks may be set: no timer is longer */
};

static void pass_due(void *user);

/* ---- memory ---------------------------------------------------------------------------------- */

static void account(struct observer *o, struct conversation *c, uint64_t memory)
{
	o->memory += memory - c->memory;
	c->memory = memory;
}

static void let_go(struct observer *o, struct conversation *c)
{
	account(o, c, 0);
	conversation_remove(&o->all, c);
	o->version++;
}

static usec quiet_since(void)
{
	return clock_wall() - QUIET_S * USEC_PER_S;
}

/* Others first. The last one is recorded no further, and says so. */
static void keep_within_memory(struct observer *o, struct conversation *growing)
{
	while (o->memory > o->o.memory) {
		struct conversation *least =
			conversation_least(&o->all, o->held, quiet_since(), false);

		if (least == NULL || least == growing)
			break;
		let_go(o, least);
	}
	if (o->memory > o->o.memory && !growing->is_full) {
		growing->is_full = true;
		recorder_end(growing->recorder, clock_wall());
		conversation_absorb(growing);
	}
}

static void absorb(struct observer *o, struct conversation *c)
{
	if (!conversation_absorb(c))
		return;
	o->version++;
	account(o, c, trace_memory(recorder_trace(c->recorder)));
}

/* ---- passing --------------------------------------------------------------------------------- */

/* One timer for all: for whoever is due first. */
static void set_timer(struct observer *o)
{
	usec first = o->due.items.count > 0 ? o->due.items.at[0].at : USEC_NEVER, delay;

	if (first == o->pass_due)
		return;
	loop_cancel(o->loop, o->pass_timer);
	o->pass_timer = 0;
	o->pass_due = first;
	if (first == USEC_NEVER)
		return;
	delay = first - clock_wall();
	delay = delay < 0 ? 0 : delay;
	o->pass_timer = loop_after(
		o->loop, delay > TIMER_MOST_S * USEC_PER_S ? TIMER_MOST_S * USEC_PER_S : delay,
		pass_due, o);
}

static void set_due(struct observer *o, struct conversation *c, usec at)
{
	c->due = at;
	if (at == USEC_NEVER)
		return;
	heap_push(&o->due, (struct heap_item){.at = at, .value = c->id});
	set_timer(o);
}

static void pass(struct observer *o, struct conversation *c, usec now)
{
	usec next = recorder_pass(c->recorder, now);

	/* At its own request, but never at once again. */
	set_due(o, c, next == USEC_NEVER || next > now ? next : now + USEC_PER_MS);
	absorb(o, c);
	keep_within_memory(o, c);
}

static void pass_due(void *user)
{
	struct observer *o = user;
	struct heap_item item;
	usec now;

	o->pass_timer = 0;
	o->pass_due = USEC_NEVER;
	observer_drain(o);
	now = clock_wall();
	while (o->due.items.count > 0 && o->due.items.at[0].at <= now && heap_pop(&o->due, &item)) {
		struct conversation *c = conversation_by_id(&o->all, (uint32_t)item.value);

		if (c != NULL && c->due == item.at && c->ended == 0 && !c->is_full)
			pass(o, c, now);
	}
	set_timer(o);
}

void observer_fed(struct observer *o, struct conversation *c)
{
	usec soon = clock_wall() + OBSERVER_SLACK_MS * USEC_PER_MS;

	if (c->due > soon)
		set_due(o, c, soon);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

bool observer_is_called(const struct observer *o, const struct endpoint *a,
			const struct endpoint *b)
{
	if ((a->port == o->o.at.port) != (b->port == o->o.at.port))
		return a->port == o->o.at.port;
	return a->port != b->port ? a->port < b->port : address_eq(&a->address, &o->o.at.address);
}

static enum vantage vantage_of(const struct observer *o, const struct flow *f)
{
	bool is_caller_here, is_called_here;

	if (!o->has_far || address_eq(&f->end[0].address, &f->end[1].address))
		return VANTAGE_LOOPBACK;
	is_caller_here = address_is_own(&f->end[0].address);
	is_called_here = address_is_own(&f->end[1].address);
	if (is_caller_here && is_called_here)
		return VANTAGE_LOOPBACK;
	return is_caller_here ? VANTAGE_CALLER : is_called_here ? VANTAGE_CALLED : VANTAGE_BETWEEN;
}

/* What the listener did before anybody called is told with each conversation, as of before its
 * beginning: its time would else begin when the program was started. */
static void tell_of_listener(struct observer *o, struct conversation *c, usec at)
{
	const struct endpoint *called = &c->flow.end[1];

	for (size_t i = 0; i < o->listening.count; i++) {
		struct act a = o->listening.at[i];

		a.at = 0;
		if (a.self.port == called->port)
			recorder_act(c->recorder, &a);
	}
	if (o->has_listener && o->listener.self.port == called->port) {
		struct socket_sight s = o->listener;

		s.at = at;
		recorder_socket(c->recorder, &s);
	}
}

struct conversation *observer_begin(struct observer *o, const struct endpoint *caller,
				    const struct endpoint *called, usec at, enum observer_push push)
{
	const struct flow flow = {.end = {*caller, *called}};
	const struct recorder_options options = {
		.vantage = vantage_of(o, &flow),
		.slack = OBSERVER_SLACK_MS * USEC_PER_MS,
		.keeps_frames = true,
		.has_acts = o->o.has_acts,
	};
	struct conversation *c;

	if (o->all.by_id.count >= o->o.keep) {
		c = push == PUSH_NOBODY ? NULL
					: conversation_least(&o->all, o->held, quiet_since(),
							     push == PUSH_ENDED);
		if (c == NULL)
			return NULL;
		let_go(o, c);
	}
	c = conversation_add(&o->all, &flow, at);
	c->recorder = recorder_new(&options);
	tell_of_listener(o, c, at);
	o->version++;
	return c;
}

void observer_finish(struct observer *o, struct conversation *c, usec at)
{
	c->due = USEC_NEVER;
	if (!c->is_full)
		recorder_end(c->recorder, clock_wall());
	conversation_finish(&o->all, c, at);
	o->version++;
	absorb(o, c);
}
