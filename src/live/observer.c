/* SPDX-License-Identifier: MIT */
#include "live/observer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/lang.h>
#include "live/observer_inside.h"
#include "live/glance.h"

enum {
	DRAINED_MS = 5, /* what is in the ring may be so much older than a call that is told */
	EARLY_S = 5,    /* a call whose port nobody knows is forgotten then */
	CLAIM_MOST = 8, /* conversations that such a call is compared with */
};

/* ---- frames ---------------------------------------------------------------------------------- */

/* Its ports are used again. */
static void replace(struct observer *o, struct conversation *c, usec at)
{
	for (int i = 0; i < 2; i++) {
		if (c->end[i].is_there && !c->is_full)
			recorder_gone(c->recorder, at, &c->flow, i);
		c->end[i].is_there = false;
	}
	observer_finish(o, c, at);
}

/* Nobody would begin anew where a conversation goes on: but one side may have forgotten it, and
 * then it is its segments that go on. */
static bool is_over(const struct conversation *c)
{
	return conversation_is_final(c) || c->over_since != 0 ||
	       c->end[0].sight.state == TIME_WAIT || c->end[1].sight.state == TIME_WAIT;
}

static void claim_early(struct observer *o, struct conversation *c);

/* NULL: it belongs to none that is kept. */
static struct conversation *conversation_of(struct observer *o, const struct glance *p, usec at)
{
	struct conversation *c = conversation_find(&o->all, &p->from, &p->to);
	bool is_syn = (p->ctl & (SYN | ACK | RST)) == SYN;
	bool is_caller =
		is_syn || ((p->ctl & SYN) == 0 && !observer_is_called(o, &p->from, &p->to));

	if (c != NULL && c->ended == 0 && is_syn && c->has_isn && !seq_eq(c->isn, p->seq) &&
	    is_over(c))
		replace(o, c, at);
	if (c != NULL && (c->ended == 0 || !is_syn))
		return c->ended == 0 ? c : NULL;
	c = observer_begin(o, is_caller ? &p->from : &p->to, is_caller ? &p->to : &p->from, at,
			   is_syn ? PUSH_QUIET : PUSH_NOBODY);
	if (c != NULL)
		claim_early(o, c);
	return c;
}

static void see_frame(void *user, const struct frame_sight *f)
{
	struct observer *o = user;
	struct conversation *c;
	struct glance p;

	if (glance(f, &p) != GLANCE_TCP)
		return;
	c = conversation_of(o, &p, f->at);
	if (c == NULL)
		return;
	c->last = f->at > c->last ? f->at : c->last;
	c->has_frames = true;
	if ((p.ctl & (SYN | ACK)) == SYN) {
		c->has_isn = true;
		c->isn = p.seq;
	}
	if (p.ctl & RST)
		c->is_reset = true;
	if (p.ctl & FIN)
		c->end[endpoint_is(&p.from, &c->flow.end[0]) ? 0 : 1].has_closed = true;
	conversation_touch(&o->all, c);
	if (!c->is_full)
		recorder_frame(c->recorder, f);
	observer_fed(o, c);
	observer_look_soon(o);
}

void observer_drain(struct observer *o)
{
	o->drained = loop_now();
	if (o->sniff != NULL)
		sniff_turn(o->sniff, see_frame, o);
}

static void heard(void *user, int fd, unsigned events)
{
	(void)fd;
	(void)events;
	observer_drain(user);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void feed_act(struct observer *o, struct conversation *c, const struct act *a)
{
	c->last = a->at > c->last ? a->at : c->last;
	if ((a->verb == CALL_CLOSE || a->verb == CALL_ABORT) && a->error == SOCK_OK)
		c->is_left = true;
	if (a->verb == CALL_ACCEPT)
		c->was_accepted = true;
	if (a->verb == CALL_CONNECT && a->error != SOCK_OK && a->error != SOCK_EINPROGRESS)
		c->is_reset = true;
	conversation_touch(&o->all, c);
	if (!c->is_full)
		recorder_act(c->recorder, a);
	observer_fed(o, c);
	observer_look_soon(o);
}

/* Its octets are gone when the call returns; nothing that is kept has any. */
static struct act kept(struct observer *o, const struct act *a)
{
	struct act copy = *a;

	copy.octets = NULL;
	copy.size = 0;
	if (a->option != NULL)
		copy.option = arena_strndup(&o->words, a->option, strlen(a->option));
	return copy;
}

static void forget_early(struct observer *o, size_t index)
{
	memmove(o->early.at + index, o->early.at + index + 1,
		(o->early.count - index - 1) * sizeof(struct act));
	o->early.count--;
}

static void keep_early(struct observer *o, const struct act *a)
{
	while (o->early.count > 0 && (o->early.count >= OBSERVER_EARLY ||
				      o->early.at[0].at < a->at - EARLY_S * USEC_PER_S))
		forget_early(o, 0);
	*array_push(&o->early) = kept(o, a);
}

/* What was done to the caller's socket before its port was known. */
static bool is_callers(const struct act *a, const struct conversation *c)
{
	bool is_same_peer =
		a->peer.address.family == FAMILY_NONE || endpoint_is(&a->peer, &c->flow.end[1]);

	return is_same_peer && a->at <= c->last && c->last - a->at < EARLY_S * USEC_PER_S;
}

static void claim_early(struct observer *o, struct conversation *c)
{
	size_t i = 0;

	while (i < o->early.count) {
		struct act a = o->early.at[i];

		if (!is_callers(&a, c)) {
			i++;
			continue;
		}
		forget_early(o, i);
		a.self = c->flow.end[0];
		if (a.peer.address.family == FAMILY_NONE)
			a.peer = c->flow.end[1];
		feed_act(o, c, &a);
	}
}

/* A call that was told when its segments had already been seen. */
static struct conversation *begun_by(const struct observer *o, const struct act *a)
{
	size_t n = o->all.by_id.count;

	for (size_t i = n; i-- > 0 && n - i <= CLAIM_MOST;) {
		struct conversation *c = o->all.by_id.at[i];

		if (endpoint_is(&c->flow.end[1], &a->peer) && c->began >= a->at && c->ended == 0)
			return c;
	}
	return NULL;
}

static void see_early(struct observer *o, const struct act *a)
{
	struct conversation *c;

	keep_early(o, a);
	c = a->peer.address.family != FAMILY_NONE ? begun_by(o, a) : NULL;
	if (c != NULL)
		claim_early(o, c);
}

static void see_listeners(struct observer *o, const struct act *a)
{
	size_t left = 0;

	if (a->verb == CALL_CLOSE) {
		for (size_t i = 0; i < o->listening.count; i++) {
			if (!endpoint_is(&o->listening.at[i].self, &a->self))
				o->listening.at[left++] = o->listening.at[i];
		}
		o->listening.count = left;
	} else if (a->verb != CALL_ACCEPT && o->listening.count < OBSERVER_EARLY) {
		*array_push(&o->listening) = kept(o, a);
	}
	for (struct conversation *c = o->all.open.first; c != NULL; c = c->after) {
		if (c->flow.end[1].port == a->self.port && !c->is_full) {
			recorder_act(c->recorder, a);
			observer_fed(o, c);
		}
	}
	observer_look_soon(o);
}

static struct conversation *conversation_called(struct observer *o, const struct act *a)
{
	struct conversation *c = conversation_find(&o->all, &a->self, &a->peer);
	bool begins = (a->verb == CALL_CONNECT && !a->is_result) || a->verb == CALL_ACCEPT;
	bool is_called = a->verb != CALL_CONNECT &&
			 (a->verb == CALL_ACCEPT || observer_is_called(o, &a->self, &a->peer));
	/* Who hung up while waiting in the accept queue is handed out all the same. */
	bool is_same = !begins ||
		       (c != NULL && a->verb == CALL_ACCEPT && c->has_frames && !c->was_accepted);

	if (c != NULL && c->ended == 0 && !is_same && is_over(c) && a->at > c->last)
		replace(o, c, a->at);
	if (c != NULL && (c->ended == 0 || is_same))
		return c->ended == 0 ? c : NULL;
	c = observer_begin(o, is_called ? &a->peer : &a->self, is_called ? &a->self : &a->peer,
			   a->at, begins ? PUSH_QUIET : PUSH_NOBODY);
	if (c != NULL && a->verb == CALL_CONNECT)
		claim_early(o, c);
	return c;
}

static void see_act(void *user, const struct act *a)
{
	struct observer *o = user;
	struct conversation *c;

	if (o->sniff != NULL && loop_now() - o->drained > DRAINED_MS * USEC_PER_MS)
		observer_drain(o);
	if (a->self.port == 0) {
		see_early(o, a);
	} else if (a->peer.address.family == FAMILY_NONE) {
		see_listeners(o, a);
	} else {
		c = conversation_called(o, a);
		if (c != NULL)
			feed_act(o, c, a);
	}
}

const struct act_watcher *observer_acts(struct observer *o)
{
	return &o->watcher;
}

/* ---- what is missing ------------------------------------------------------------------------- */

/* Behind what is there already; never cut in the middle of a character. */
static void put_lack(struct observer *o, const struct sink complaint[2])
{
	for (int i = 0; i < 2; i++) {
		char *why = o->lack.why[i];
		size_t n = strlen(why), room = sizeof o->lack.why[i], whole;

		snprintf(why + n, room - n, "%s%s", n > 0 ? i == LANG_EN ? "; " : "；" : "",
			 complaint[i].count > 0 ? complaint[i].at : "");
		for (whole = strlen(why); whole > 0 && !utf8_valid(why, whole);)
			why[--whole] = '\0';
	}
}

static void open_sniff(struct observer *o, struct sink complaint[2])
{
	char interface[32];

	if (!sniff_interface(&o->o.at.address, interface, sizeof interface)) {
		sink_printf(&complaint[LANG_EN],
			    "segments are not shown: there is no way to that address (%s)",
			    strerror(errno));
		sink_printf(&complaint[LANG_ZH], "看不到段：没有通往那个地址的路 (%s)",
			    strerror(errno));
		return;
	}
	o->has_far = strcmp(interface, "lo") != 0;
	o->sniff = sniff_open(interface, o->o.at.port, &o->lack.is_forbidden, complaint);
	if (o->sniff == NULL || loop_watch(o->loop, sniff_fd(o->sniff), LOOP_READ, heard, o))
		return;
	sink_printf(&complaint[LANG_EN], "segments are not shown: %s", strerror(errno));
	sink_printf(&complaint[LANG_ZH], "看不到段：%s", strerror(errno));
	sniff_close(o->sniff);
	o->sniff = NULL;
}

static void open_eyes(struct observer *o)
{
	struct sink complaint[2] = {{0}};

	if (o->o.no_capture) {
		sink_puts(&complaint[LANG_EN], "segments are not shown: no capture was wanted");
		sink_puts(&complaint[LANG_ZH], "看不到段：说了不要抓包");
	} else {
		open_sniff(o, complaint);
	}
	o->lack.no_capture = o->sniff == NULL;
	if (complaint[0].count > 0)
		put_lack(o, complaint);
	sink_clear(&complaint[0]);
	sink_clear(&complaint[1]);
	o->diag = sockdiag_open(complaint);
	o->lack.no_states = o->diag == NULL;
	if (complaint[0].count > 0)
		put_lack(o, complaint);
	sink_fini(&complaint[0]);
	sink_fini(&complaint[1]);
}

void observer_lack(struct observer *o, struct observer_lack *out)
{
	if (o->sniff != NULL)
		o->lack.missed = sniff_missed(o->sniff);
	*out = o->lack;
}

/* ---- what is seen ---------------------------------------------------------------------------- */

struct observer *observer_new(struct loop *l, const struct observer_options *options)
{
	struct observer *o = xcalloc(1, sizeof *o);

	o->loop = l;
	o->o = *options;
	o->o.keep = options->keep > 0 ? options->keep : OBSERVER_KEEP;
	o->o.memory = options->memory > 0 ? options->memory : OBSERVER_MEMORY;
	o->watcher = (struct act_watcher){.user = o, .see = see_act};
	o->look_due = o->pass_due = USEC_NEVER;
	conversations_init(&o->all);
	o->holders = holders_new();
	open_eyes(o);
	observer_look_now(o);
	return o;
}

void observer_free(struct observer *o)
{
	if (o == NULL)
		return;
	loop_cancel(o->loop, o->look_timer);
	loop_cancel(o->loop, o->pass_timer);
	if (o->sniff != NULL)
		loop_forget(o->loop, sniff_fd(o->sniff));
	sniff_close(o->sniff);
	sockdiag_close(o->diag);
	holders_free(o->holders);
	conversations_fini(&o->all);
	heap_fini(&o->due);
	array_fini(&o->listening);
	array_fini(&o->early);
	arena_fini(&o->words);
	free(o);
}

uint64_t observer_version(const struct observer *o)
{
	return o->version;
}

size_t observer_count(const struct observer *o)
{
	return o->all.by_id.count;
}

/* Without frames, what the other end's kernel says it received; Linux counts the FIN. */
static uint64_t octets_of(const struct conversation *c, int end)
{
	const struct socket_sight *other = &c->end[!end].sight;
	bool has_fin =
		other->state == CLOSE_WAIT || other->state == LAST_ACK || other->state == CLOSING;

	if (c->has_frames || c->end[!end].look == 0)
		return c->end[end].octets;
	return other->octets_received - (has_fin && other->octets_received > 0);
}

static uint32_t unread_of(const struct conversation_end *e)
{
	const struct socket_sight *s = &e->sight;
	bool has_fin = s->state == CLOSE_WAIT || s->state == LAST_ACK || s->state == CLOSING;

	return e->is_there ? s->receive_queue - (has_fin && s->receive_queue > 0) : 0;
}

bool observer_at(const struct observer *o, size_t index, struct observed *out)
{
	const struct conversation *c;

	if (index >= o->all.by_id.count)
		return false;
	c = o->all.by_id.at[index];
	*out = (struct observed){.id = c->id,
				 .flow = c->flow,
				 .began = c->began,
				 .ended = c->ended,
				 .trace = recorder_trace(c->recorder),
				 .segments = c->segments};
	for (int i = 0; i < 2; i++) {
		const struct conversation_end *e = &c->end[i];

		out->state[i] = c->is_full && e->is_there ? e->sight.state : e->state;
		out->octets[i] = octets_of(c, i);
		out->holder[i] = e->holder;
		memcpy(out->program[i], e->program, sizeof out->program[i]);
		out->cpu_percent[i] = e->cpu_percent;
		out->unread[i] = unread_of(e);
	}
	return true;
}

bool observer_listener(const struct observer *o, uint32_t *waiting, uint32_t *backlog)
{
	*waiting = o->listener.receive_queue;
	*backlog = o->listener.send_queue;
	return o->has_listener;
}

void observer_hold(struct observer *o, uint32_t id)
{
	if (o->held == id)
		return;
	o->held = id;
	if (id != 0)
		observer_look_soon(o);
}
