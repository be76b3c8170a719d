/* SPDX-License-Identifier: MIT */
/* observer_look.c - asking the kernel about its sockets: when, how often, and what follows. */
#include "live/observer_inside.h"

#include <string.h>

enum {
	SOON_MS = 3,   /* after something happened, */
	APART_MS = 20, /* but not more often than that */
	INTERVAL_MOST_S = 1,
	SEARCH_MS = 250,   /* where only looking finds a new conversation */
	COST_TIMES = 20,   /* a look may take so small a part of the time */
	SILENCE_S = 1,     /* one end is far: its last words may be on their way */
	FORGOTTEN_S = 120, /* the kernel has never known it, and no frame comes any more */
	MOURNING_S = 60,   /* TCP_TIMEWAIT_LEN, include/net/tcp.h */
	MARGIN_MS = 200,
	HOLDERS_AT_ONCE = 64,
};

static void look_due(void *user);

/* ---- when ------------------------------------------------------------------------------------ */

static void set_look(struct observer *o, usec when)
{
	loop_cancel(o->loop, o->look_timer);
	o->look_due = when;
	o->look_timer = when == USEC_NEVER ? 0 : loop_at(o->loop, when, look_due, o);
}

static usec not_before(const struct observer *o)
{
	usec rest = o->cost * COST_TIMES;

	return o->looked + (rest > APART_MS * USEC_PER_MS ? rest : APART_MS * USEC_PER_MS);
}

void observer_look_soon(struct observer *o)
{
	usec when = loop_now() + SOON_MS * USEC_PER_MS;

	o->interval = APART_MS * USEC_PER_MS;
	if (o->look_due <= when)
		return;
	if (when < not_before(o))
		when = not_before(o);
	if (when < o->look_due)
		set_look(o, when);
}

/* Others may begin a conversation and nothing tells: neither a frame nor a call. */
static bool must_search(const struct observer *o)
{
	return o->sniff == NULL && !o->o.has_acts && o->diag != NULL;
}

static void set_next(struct observer *o)
{
	usec rest = o->cost * COST_TIMES, wait;

	o->interval = o->has_changed ? APART_MS * USEC_PER_MS : 2 * o->interval;
	if (o->interval > INTERVAL_MOST_S * USEC_PER_S)
		o->interval = INTERVAL_MOST_S * USEC_PER_S;
	wait = o->all.open.count > 0 ? o->interval : USEC_NEVER;
	if (must_search(o) && wait > SEARCH_MS * USEC_PER_MS)
		wait = SEARCH_MS * USEC_PER_MS;
	if (wait < rest)
		wait = rest;
	set_look(o, wait == USEC_NEVER ? USEC_NEVER : o->looked + wait);
}

/* ---- what is told ---------------------------------------------------------------------------- */

/* At the address that is watched, or at all; the first one told counts. */
static void see_listener(struct observer *o, const struct socket_sight *s)
{
	const struct address *at = &o->o.at.address;

	if (s->self.port != o->o.at.port || o->listener_look == o->look ||
	    !(address_is_any(at) || address_is_any(&s->self.address) ||
	      address_eq(at, &s->self.address)))
		return;
	o->listener_look = o->look;
	if (!o->has_listener || o->listener.receive_queue != s->receive_queue ||
	    o->listener.send_queue != s->send_queue || o->listener.inode != s->inode) {
		o->has_changed = true;
		o->version++;
	}
	o->has_listener = true;
	o->listener = *s;
}

/* What is shown of it, time apart. */
static bool is_same(const struct socket_sight *a, const struct socket_sight *b)
{
	return a->state == b->state && a->timer == b->timer && a->inode == b->inode &&
	       a->retransmits == b->retransmits && a->receive_queue == b->receive_queue &&
	       a->send_queue == b->send_queue && a->octets_acked == b->octets_acked &&
	       a->octets_received == b->octets_received && a->unacked == b->unacked &&
	       a->total_retrans == b->total_retrans && a->cwnd == b->cwnd &&
	       a->snd_wnd == b->snd_wnd && a->rto == b->rto;
}

/* It mourned already when we looked before, and was not ours then: it is none of those that began
 * and ended between two looks. */
static bool is_old_mourner(const struct observer *o, const struct socket_sight *s)
{
	usec since = s->at - (MOURNING_S * USEC_PER_S - s->timer_left);

	return s->state == TIME_WAIT && o->look_before != 0 &&
	       since < o->look_before - MARGIN_MS * USEC_PER_MS;
}

/* Where there are frames, they tell of each beginning; but for what was there before us. */
static struct conversation *begin_by_socket(struct observer *o, const struct socket_sight *s)
{
	bool is_called = observer_is_called(o, &s->self, &s->peer);

	/* Of what was over before we came nothing can be told. */
	if ((o->sniff != NULL && o->look_before != 0) || is_old_mourner(o, s) ||
	    (o->look_before == 0 && s->state == TIME_WAIT))
		return NULL;
	return observer_begin(o, is_called ? &s->peer : &s->self, is_called ? &s->self : &s->peer,
			      s->at, PUSH_ENDED);
}

static void see_end(struct observer *o, struct conversation *c, int end,
		    const struct socket_sight *s)
{
	struct conversation_end *e = &c->end[end];
	bool is_new = e->look == 0 || !e->is_there || !is_same(&e->sight, s);

	e->sight = *s;
	e->look = o->look;
	e->is_there = c->was_there = true;
	c->over_since = 0;
	if (!c->is_full)
		recorder_socket(c->recorder, s);
	if (is_new) {
		o->has_changed = true;
		o->version++;
	}
	observer_fed(o, c);
}

/* An ended one had these ports before: its socket is gone, this is another one's. */
static void see_socket(void *user, const struct socket_sight *s)
{
	struct observer *o = user;
	struct conversation *c;

	if (s->peer.address.family == FAMILY_NONE) {
		see_listener(o, s);
		return;
	}
	if (s->state == CLOSED)
		return;
	c = conversation_find(&o->all, &s->self, &s->peer);
	if (c == NULL || c->ended != 0)
		c = begin_by_socket(o, s);
	if (c != NULL)
		see_end(o, c, endpoint_is(&s->self, &c->flow.end[0]) ? 0 : 1, s);
}

/* ---- what is not told any more --------------------------------------------------------------- */

static void see_gone(struct observer *o, struct conversation *c, int end)
{
	struct conversation_end *e = &c->end[end];

	e->is_there = false;
	e->holder = 0;
	e->program[0] = '\0';
	e->cpu_percent = -1;
	if (!c->is_full)
		recorder_gone(c->recorder, o->look_began, &c->flow, end);
	o->has_changed = true;
	o->version++;
	observer_fed(o, c);
}

static usec silence_of(const struct observer *o, const struct conversation *c)
{
	bool is_all_here = c->end[0].look != 0 && c->end[1].look != 0;

	/* Without states: the one who closed first mourns, and nobody tells when that is over. */
	if (o->diag == NULL)
		return c->is_reset ? SILENCE_S * USEC_PER_S : MOURNING_S * USEC_PER_S;
	return is_all_here || !o->has_far ? 2 * OBSERVER_SLACK_MS * USEC_PER_MS
					  : SILENCE_S * USEC_PER_S;
}

/* The kernel knows nothing of it. Is it over? */
static void consider_end(struct observer *o, struct conversation *c)
{
	usec silent = o->look_began - c->last;

	if (silent < 0)
		return;
	if (!c->was_there && !conversation_is_final(c) && silent < FORGOTTEN_S * USEC_PER_S)
		return;
	if (c->over_since == 0)
		c->over_since = o->look_began;
	if (silent >= silence_of(o, c) &&
	    o->look_began - c->over_since >= 2 * OBSERVER_SLACK_MS * USEC_PER_MS)
		observer_finish(o, c, c->over_since);
}

static void sweep(struct observer *o)
{
	struct conversation *c = o->all.open.first, *after;

	for (; c != NULL; c = after) {
		after = c->after;
		for (int i = 0; i < 2; i++) {
			if (c->end[i].is_there && c->end[i].look != o->look)
				see_gone(o, c, i);
		}
		if (!c->end[0].is_there && !c->end[1].is_there)
			consider_end(o, c);
	}
	if (o->has_listener && o->diag != NULL && o->listener_look != o->look) {
		o->has_listener = false;
		o->version++;
	}
}

/* ---- whose they are -------------------------------------------------------------------------- */

static void see_holder(struct observer *o, struct conversation_end *e)
{
	struct holder h = {.cpu_percent = -1};

	if (e->sight.inode == 0 || !holders_find(o->holders, e->sight.inode, &h))
		h = (struct holder){.cpu_percent = -1};
	if (h.pid != e->holder || h.cpu_percent != e->cpu_percent)
		o->version++;
	e->holder = h.pid;
	e->cpu_percent = h.cpu_percent;
	memcpy(e->program, h.program, sizeof e->program);
}

/* Once each; again where one waits for its process to close, or somebody looks. So many are asked
 * for in vain in one look, no more: they may be another user's. */
static void see_holders(struct observer *o)
{
	int left = HOLDERS_AT_ONCE;

	for (struct conversation *c = o->all.open.first; c != NULL && left > 0; c = c->after) {
		for (int i = 0; i < 2; i++) {
			struct conversation_end *e = &c->end[i];

			if (!e->is_there || !(c->id == o->held || e->sight.state == CLOSE_WAIT ||
					      (e->holder == 0) != (e->sight.inode == 0)))
				continue;
			see_holder(o, e);
			left -= e->holder == 0;
		}
	}
}

/* ---- a look ---------------------------------------------------------------------------------- */

static void see_missed(struct observer *o)
{
	uint64_t missed = o->sniff != NULL ? sniff_missed(o->sniff) : 0;

	if (missed == o->lack.missed)
		return;
	o->lack.missed = missed;
	o->version++;
}

void observer_look_now(struct observer *o)
{
	usec began = clock_spent();
	bool is_whole;

	observer_drain(o);
	o->has_changed = false;
	o->look_before = o->look > 0 ? o->look_began : 0;
	o->look++;
	o->looked = loop_now();
	o->look_began = clock_wall();
	is_whole = o->diag == NULL || sockdiag_look(o->diag, o->o.at.port, see_socket, o);
	if (is_whole)
		sweep(o);
	else
		o->has_changed = true; /* look again before long */
	see_holders(o);
	see_missed(o);
	o->cost = clock_spent() - began;
	set_next(o);
}

static void look_due(void *user)
{
	struct observer *o = user;

	o->look_timer = 0;
	o->look_due = USEC_NEVER;
	observer_look_now(o);
}
