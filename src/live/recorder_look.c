/* SPDX-License-Identifier: MIT */
/* recorder_look.c - what the kernel says of its sockets: states, and the fields that no segment
 * shows. */
#include "live/recorder_inside.h"

enum { JITTER_US = 20000 }; /* the kernel tells timers in its ticks: nearer than this is the same */

/* ---- from state to state --------------------------------------------------------------------- */

struct way {
	uint8_t step[STATE_COUNT];
	uint32_t steps;
};

/* The shortest way through Figure 5; through CLOSED and LISTEN no connection passes. */
static bool find_way(enum state from, enum state to, struct way *out)
{
	int before[STATE_COUNT], queue[STATE_COUNT], head = 0, tail = 0;

	for (int s = 0; s < STATE_COUNT; s++)
		before[s] = -1;
	before[from] = (int)from;
	queue[tail++] = (int)from;
	while (head < tail && before[to] < 0) {
		int here = queue[head++];

		for (int s = 0; s < STATE_COUNT; s++) {
			if (before[s] >= 0 || !edge_exists((enum state)here, (enum state)s) ||
			    ((s == CLOSED || s == LISTEN) && s != (int)to))
				continue;
			before[s] = here;
			queue[tail++] = s;
		}
	}
	if (before[to] < 0)
		return false;
	out->steps = 0;
	for (int s = (int)to; s != (int)from; s = before[s])
		out->step[out->steps++] = (uint8_t)s;
	return true;
}

static enum rule rule_of_step(enum state from, enum state to)
{
	switch (to) {
	case SYN_SENT: return R_OPEN_ACTIVE;
	case SYN_RECEIVED: return from == SYN_SENT ? R_SYN_SENT_SIMULTANEOUS : R_LISTEN_SYN;
	case ESTABLISHED: return from == SYN_SENT ? R_SYN_SENT_ESTABLISHED : R_ACK_SYN_RECEIVED;
	case FIN_WAIT_1: return R_CLOSE_ESTABLISHED;
	case FIN_WAIT_2: return R_ACK_FIN_WAIT_1;
	case CLOSE_WAIT: return R_FIN_CLOSE_WAIT;
	case CLOSING: return R_FIN_SIMULTANEOUS;
	case LAST_ACK: return R_CLOSE_CLOSE_WAIT;
	case TIME_WAIT: return from == CLOSING ? R_ACK_CLOSING : R_FIN_TIME_WAIT;
	case CLOSED:
		if (from == TIME_WAIT)
			return R_TIME_WAIT_OVER;
		if (from == FIN_WAIT_2)
			return R_FIN_WAIT_2_OVER;
		return from == LAST_ACK ? R_ACK_LAST_ACK : RULE_NONE;
	case LISTEN:
	case STATE_COUNT: break;
	}
	return RULE_NONE;
}

/* The last step was told, those before it follow. */
static void walk(struct recorder *r, struct pair *f, uint8_t side, const struct way *way, usec at)
{
	struct side *s = &f->side[side];

	for (uint32_t i = way->steps; i-- > 0;) {
		enum state to = (enum state)way->step[i];

		change_note(r, s, to, rule_of_step((enum state)s->tcb.state, to), i == 0);
		if (to == TIME_WAIT)
			side_mourns(r, f, side, at);
	}
}

/* A look that was taken before what the frames have told since is old. */
static bool is_news(const struct recorder *r, const struct side *s, enum state told)
{
	struct way way;

	if ((enum state)s->tcb.state == told)
		return false;
	if (!r->has_frames)
		return true;
	return told != CLOSED && s->tcb.state != CLOSED &&
	       find_way((enum state)s->tcb.state, told, &way);
}

/* ---- fields ---------------------------------------------------------------------------------- */

static void set_deadline(struct tcb *t, enum tcp_timer timer, usec when)
{
	usec old = t->deadline[timer];

	if (when != USEC_NEVER && old != USEC_NEVER && when - old < JITTER_US &&
	    old - when < JITTER_US)
		return;
	t->deadline[timer] = when;
}

static void take_timer(struct tcb *t, const struct socket_sight *k, usec at)
{
	enum sight_timer timer = (enum sight_timer)k->timer;
	usec when = at + k->timer_left;

	set_deadline(t, TIMER_RETRANSMIT,
		     timer == SIGHT_TIMER_REXMIT || timer == SIGHT_TIMER_PERSIST ? when
										 : USEC_NEVER);
	set_deadline(t, TIMER_KEEPALIVE, timer == SIGHT_TIMER_KEEPALIVE ? when : USEC_NEVER);
	if (timer == SIGHT_TIMER_TIME_WAIT || t->state != TIME_WAIT)
		set_deadline(t, TIMER_TIME_WAIT,
			     timer == SIGHT_TIMER_TIME_WAIT ? when : USEC_NEVER);
}

static void take_info(struct tcb *t, const struct socket_sight *k)
{
	t->rto = k->rto;
	t->srtt = (uint32_t)k->srtt; /* the kernel has no more bits either */
	t->rttvar = (uint32_t)k->rttvar;
	t->snd.mss = (uint16_t)(k->snd_mss < UINT16_MAX ? k->snd_mss : UINT16_MAX);
	t->cc.cwnd = k->cwnd < UINT32_MAX / 65536 ? k->cwnd * t->snd.mss : UINT32_MAX;
	t->cc.ssthresh = k->ssthresh < UINT32_MAX / 65536 ? k->ssthresh * t->snd.mss : UINT32_MAX;
}

static void take_fields(const struct recorder *r, struct tcb *t, const struct socket_sight *k,
			usec at)
{
	(void)r;
	t->rexmits = k->retransmits;
	if (k->state != TIME_WAIT) {
		t->rcv.user = k->receive_queue;
		t->snd.queued = k->send_queue;
	}
	if (k->has_info)
		take_info(t, k);
	take_timer(t, k, at);
}

static bool has_changed(const struct tcb *a, const struct tcb *b)
{
	for (uint32_t f = 0; f < TCB_FIELD_COUNT; f++) {
		if (tcb_field_get(a, (enum tcb_field)f) != tcb_field_get(b, (enum tcb_field)f))
			return true;
	}
	return false;
}

/* ---- a look ---------------------------------------------------------------------------------- */

static void look_at_listener(struct recorder *r, const struct socket_sight *k, usec at)
{
	struct listener *l = listener_find(r, &k->self);

	if (!l)
		infer_listen(r, &k->self, false, at);
}

/* Known for the first time: as the kernel says that it is. */
static void be_found(struct recorder *r, struct pair *f, uint8_t side, const struct socket_sight *k,
		     usec at)
{
	struct side *s = &f->side[side];
	struct record *picture;

	pair_begin(r, f);
	conn_birth(r, f, side);
	s->tcb.state = (uint8_t)k->state;
	s->has_connected = k->state != SYN_SENT && k->state != SYN_RECEIVED;
	take_fields(r, &s->tcb, k, at);
	picture = side_tell(r, f, side, REC_PICTURE, at);
	trace_changes(r->trace, picture->serial, NULL, &s->tcb);
	if (k->state == TIME_WAIT)
		side_mourns(r, f, side, at);
}

static void confirm(struct recorder *r, struct side *s, const struct socket_sight *k)
{
	if (s->tcb.state == k->state && s->state_record > 0)
		trace_set_seen(r->trace, s->state_record - 1);
}

void look_told(struct recorder *r, struct item *i)
{
	const struct socket_sight *k = &i->look;
	usec at = at_of(r, i->at);
	struct record *picture;
	struct way way;
	struct side *s;

	if (!is_room(r))
		return;
	if (!i->pair) {
		look_at_listener(r, k, at);
		return;
	}
	s = &i->pair->side[i->side];
	if (!s->is_known) {
		be_found(r, i->pair, i->side, k, at);
		return;
	}
	confirm(r, s, k);
	if (k->state != TIME_WAIT)
		infer_read_to(r, i->pair, i->side, k->receive_queue, at);
	change_begin(r, s);
	if (s->tcb.state != CLOSED)
		take_fields(r, &s->tcb, k, at);
	if (is_news(r, s, k->state) && find_way((enum state)s->tcb.state, k->state, &way))
		walk(r, i->pair, i->side, &way, at);
	if (r->notes == 0 && !has_changed(&r->before, &s->tcb))
		return;
	picture = side_tell(r, i->pair, i->side, REC_PICTURE, at);
	change_end(r, i->pair, i->side, picture, at);
}

void gone_told(struct recorder *r, struct item *i)
{
	struct side *s = &i->pair->side[i->side];
	usec at = at_of(r, i->at);
	struct record *picture;
	struct way way;

	if (!is_room(r) || !s->is_known)
		return;
	if (s->tcb.state == CLOSED) {
		if (s->state_record > 0)
			trace_set_seen(r->trace, s->state_record - 1);
		return;
	}
	if (!find_way((enum state)s->tcb.state, CLOSED, &way))
		return;
	s->mourning = 0;
	change_begin(r, s);
	for (size_t timer = 0; timer < TIMER_COUNT; timer++)
		s->tcb.deadline[timer] = USEC_NEVER;
	walk(r, i->pair, i->side, &way, at);
	picture = side_tell(r, i->pair, i->side, REC_PICTURE, at);
	change_end(r, i->pair, i->side, picture, at);
}
