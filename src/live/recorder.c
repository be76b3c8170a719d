/* SPDX-License-Identifier: MIT */
/* recorder.c - what comes in, and when it is told. */
#include "live/recorder_inside.h"

#include <string.h>
#include <base/sink.h>
#include "live/datalink.h"

enum {
	WAITING_MAX = 1 << 15,     /* items of a file that wait */
	WAITING_OCTETS = 64 << 20, /* and octets */
	PAIRS_MAX = 1 << 16,
};

struct recorder *recorder_new(const struct recorder_options *o)
{
	struct recorder *r = xcalloc(1, sizeof *r);

	r->o = *o;
	r->trace = trace_new();
	r->epoch = o->epoch;
	r->latest = INT64_MIN;
	if (o->epoch)
		trace_set_epoch(r->trace, o->epoch);
	return r;
}

void recorder_free(struct recorder *r)
{
	if (!r)
		return;
	while (r->heap.count > 0)
		item_free(r, queue_take(r));
	while (r->unclaimed.count > 0)
		item_free(r, array_pop(&r->unclaimed));
	while (r->spare.count > 0) {
		struct item *i = array_pop(&r->spare);

		free(i->octets);
		free(i);
	}
	array_fini(&r->heap);
	array_fini(&r->unclaimed);
	array_fini(&r->spare);
	array_fini(&r->people);
	array_fini(&r->listeners);
	pairs_free(r);
	if (!r->is_taken)
		trace_free(r->trace);
	free(r);
}

struct trace *recorder_trace(struct recorder *r)
{
	return r->trace;
}

struct trace *recorder_take(struct recorder *r)
{
	r->is_taken = r->is_ended = true;
	return r->trace;
}

/* ---- out of the queue ------------------------------------------------------------------------ */

static void leave_pair(struct item *frame)
{
	struct pair *f = frame->pair;
	struct item **link = &f->first;

	/* As a rule it is the first: the ways of both directions are of different length. */
	while (*link != frame)
		link = &(*link)->next;
	*link = frame->next;
	if (f->last == frame) {
		f->last = f->first;
		while (f->last && f->last->next)
			f->last = f->last->next;
	}
}

static void say_told(struct recorder *r, const struct item *i)
{
	const char *en = (const char *)i->octets, *zh = en + strlen(en) + 1;
	struct record *say;

	if (!is_room(r))
		return;
	say = trace_push(r->trace, REC_SAY, at_of(r, i->at));
	r->now = say->at;
	say->text[0] = trace_text(r->trace, en, strlen(en));
	say->text[1] = trace_text(r->trace, zh, strlen(zh));
}

/* What was heard of first need not be what was first: frames come later than calls. */
static void begin_with(struct recorder *r, const struct item *first)
{
	r->has_begun = first->at > 0; /* else it was before, and has no time */
	if (r->o.epoch || first->at >= r->epoch || first->at <= 0)
		return;
	r->epoch = first->at;
	trace_set_epoch(r->trace, r->epoch);
}

static void tell_item(struct recorder *r, struct item *i)
{
	if (!r->has_begun)
		begin_with(r, i);
	switch ((enum item_kind)i->kind) {
	case ITEM_FRAME:
		frame_leaves(r, i);
		leave_pair(i);
		break;
	case ITEM_ACT: act_told(r, i); break;
	case ITEM_LOOK: look_told(r, i); break;
	case ITEM_GONE: gone_told(r, i); break;
	case ITEM_ARRIVAL: frame_arrives(r, i); break;
	case ITEM_MOURNED: side_mourned(r, i); break;
	case ITEM_SAY: say_told(r, i); break;
	}
	item_free(r, i);
}

static void tell_until(struct recorder *r, usec until)
{
	while (queue_first(r) && queue_first(r)->at <= until)
		tell_item(r, queue_take(r));
}

/* ---- into the queue -------------------------------------------------------------------------- */

static bool is_open(struct recorder *r, usec at)
{
	if (r->is_ended || r->is_full)
		return false;
	if (!r->epoch) {
		r->epoch = at > 0 ? at : 1;
		trace_set_epoch(r->trace, r->epoch);
	}
	return true;
}

static void came(struct recorder *r, struct item *i)
{
	if (i->at > r->latest)
		r->latest = i->at;
	i->order = order_of_next(r);
	queue_put(r, i);
	if (r->o.slack > 0)
		tell_until(r, r->latest - r->o.slack);
	while (r->heap.count > WAITING_MAX || r->held_octets > WAITING_OCTETS)
		tell_item(r, queue_take(r));
}

static bool is_listener(struct recorder *r, const struct endpoint *at)
{
	return listener_find(r, at) != NULL;
}

/* Who of two was called, when no SYN tells it. */
static struct pair *guess_pair(struct recorder *r, const struct endpoint *a,
			       const struct endpoint *b, uint8_t *side_of_a)
{
	bool is_a_called = is_listener(r, a) || (!is_listener(r, b) && a->port < b->port);

	*side_of_a = is_a_called ? CALLED : CALLER;
	return is_a_called ? pair_new(r, b, a) : pair_new(r, a, b);
}

/* A SYN of another number: these ports were used again. */
static bool is_new_incarnation(const struct pair *f, uint8_t side, const struct seg *s)
{
	bool is_over = f->is_over[CALLER] && f->is_over[CALLED];

	if ((s->ctl & (SYN | ACK)) != SYN || !f->has_frames)
		return false;
	if (!f->has_isn[side])
		return !f->has_isn[!side] || f->is_answered;
	return is_over || !seq_eq(f->isn[side], s->seq);
}

/* Somebody calls anew where the other side still knows an older connection: until a SYN,ACK says
 * that the new one is heard, what is not of it speaks of the old one (RFC 9293 3.5.1). */
static struct pair *meant(struct pair *f, uint8_t side, const struct seg *s)
{
	bool is_of_new = (s->ctl & SYN) || f->is_answered || !f->older;

	if (is_of_new)
		return f;
	if (side == CALLER ? seq_eq(s->seq, seq_add(f->isn[CALLER], 1))
			   : (s->ctl & ACK) && seq_eq(s->ack, seq_add(f->isn[CALLER], 1)))
		return f;
	return f->older;
}

/* Turned about, when the older one was called from the other side. */
static uint8_t side_in(const struct pair *f, const struct endpoint *at)
{
	return endpoint_eq(&f->side[CALLER].at, at) ? CALLER : CALLED;
}

static struct pair *pair_of_frame(struct recorder *r, const struct endpoint *from,
				  const struct endpoint *to, const struct seg *s, uint8_t *side)
{
	struct pair *f = pair_find(r, from, to, side);
	bool is_first = (s->ctl & (SYN | ACK)) == SYN;
	bool is_answer = (s->ctl & (SYN | ACK)) == (SYN | ACK);

	struct pair *older = NULL;

	if (f && is_new_incarnation(f, *side, s)) {
		f->is_old = true;
		older = f;
		f = NULL;
	}
	if (!f && r->pairs >= PAIRS_MAX)
		return NULL;
	if (!f && (is_first || is_answer)) {
		*side = is_first ? CALLER : CALLED;
		f = is_first ? pair_new(r, from, to) : pair_new(r, to, from);
		f->older = older;
	} else if (!f) {
		f = guess_pair(r, from, to, side);
	}
	if ((s->ctl & SYN) && !(s->ctl & RST)) {
		f->has_isn[*side] = true;
		f->isn[*side] = s->seq;
	}
	f->is_answered = f->is_answered || is_answer;
	f = meant(f, *side, s);
	*side = side_in(f, from);
	if (s->ctl & RST)
		f->is_over[CALLER] = f->is_over[CALLED] = true;
	else if (s->ctl & FIN)
		f->is_over[*side] = true;
	return f;
}

/* ---- how far the capture is from both -------------------------------------------------------- */

/* Nothing of a conversation was there before it was heard. */
static usec left_at(const struct pair *f, const struct item *i)
{
	usec at = i->seen - f->far[i->side];

	return at > f->began ? at : f->began;
}

static void set_far(struct recorder *r, struct pair *f, usec to_called, usec to_caller)
{
	f->has_far = true;
	f->far[CALLED] = to_called > 0 ? to_called / 2 : 0;
	f->far[CALLER] = to_caller > 0 ? to_caller / 2 : 0;
	if (r->o.vantage == VANTAGE_CALLER ||
	    (r->o.vantage == VANTAGE_BETWEEN && f->far[CALLER] < f->far[CALLED] / 5))
		f->far[CALLER] = 0;
	if (r->o.vantage == VANTAGE_CALLED ||
	    (r->o.vantage == VANTAGE_BETWEEN && f->far[CALLED] < f->far[CALLER] / 5))
		f->far[CALLED] = 0;
	for (struct item *i = f->first; i; i = i->next)
		queue_move(r, i, left_at(f, i));
}

static bool is_one_machine(const struct pair *f)
{
	return address_eq(&f->side[CALLER].at.address, &f->side[CALLED].at.address);
}

/* The handshake tells: the answer to the SYN has been to the called side and back, the ACK of it
 * to the caller. */
static void measure(struct recorder *r, struct pair *f, const struct item *i)
{
	if (f->has_far || r->o.vantage == VANTAGE_LOOPBACK || is_one_machine(f))
		return;
	if (r->o.far) {
		r->o.far(r->o.user, f->far);
		f->has_far = true;
		return;
	}
	if (i->side == CALLER && (i->seg.ctl & (SYN | ACK)) == SYN)
		f->syn_at = i->seen;
	if (i->side == CALLED && f->syn_at && f->to_called == 0)
		f->to_called = i->seen - f->syn_at;
	if (i->side == CALLED && (i->seg.ctl & SYN) && f->syn_at)
		f->answer_at = i->seen;
	if (i->side == CALLER && f->answer_at && (i->seg.ctl & ACK) &&
	    seq_eq(i->seg.ack, seq_add(f->isn[CALLED], 1)))
		set_far(r, f, f->to_called, i->seen - f->answer_at);
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* False: no TCP segment that can be read. */
static bool decode(const struct frame_sight *s, struct packet *p, struct captured *how, size_t *ip)
{
	size_t n;

	if (s->size > UINT32_MAX / 2 || !datalink_ip(s->link, s->octets, s->size, ip, &n))
		return false;
	return packet_parse_captured(s->octets + *ip, n,
				     s->wire_size > s->size ? s->wire_size - *ip : n, p,
				     how) == REFUSED_NOTHING;
}

static void enqueue_frame(struct recorder *r, struct pair *f, uint8_t side,
			  const struct frame_sight *s, const struct packet *p,
			  const struct captured *how, size_t ip)
{
	struct item *i = item_new(r, ITEM_FRAME, s->at - f->far[side]);

	i->pair = f;
	i->side = side;
	i->seen = s->at;
	i->seg = p->tcp.seg;
	i->seg.text.stream = 0;
	i->link = s->link;
	i->ip = (uint32_t)ip;
	i->header = (uint32_t)ip + how->header;
	i->text = how->text;
	i->wire = (uint32_t)(s->wire_size > s->size ? s->wire_size : s->size);
	i->ip_id = p->ip.id;
	i->sum = (uint8_t)how->sum;
	item_keep_octets(r, i, s->octets, s->size);
	if (!f->has_frames)
		f->began = s->at;
	f->has_frames = r->has_frames = true;
	measure(r, f, i);
	i->at = left_at(f, i);
	if (f->last)
		f->last->next = i;
	else
		f->first = i;
	f->last = i;
	came(r, i);
}

void recorder_frame(struct recorder *r, const struct frame_sight *s)
{
	struct endpoint from, to;
	struct captured how;
	struct packet p;
	struct pair *f;
	uint8_t side;
	size_t ip;

	if (!decode(s, &p, &how, &ip) || !is_open(r, s->at))
		return;
	from = (struct endpoint){p.ip.from, p.tcp.from_port};
	to = (struct endpoint){p.ip.to, p.tcp.to_port};
	f = pair_of_frame(r, &from, &to, &p.tcp.seg, &side);
	if (f)
		enqueue_frame(r, f, side, s, &p, &how, ip);
}

/* ---- acts and sockets ------------------------------------------------------------------------ */

/* NULL: it is a listener's, or nobody's yet. */
static struct pair *pair_of_act(struct recorder *r, const struct act *a, uint8_t *side)
{
	struct pair *f;

	if (a->peer.address.family == FAMILY_NONE || a->self.port == 0)
		return NULL;
	f = pair_find(r, &a->self, &a->peer, side);
	if (f && a->verb == CALL_CONNECT && !a->is_result && f->is_over[CALLER] &&
	    f->is_over[CALLED]) {
		f->is_old = true;
		f = NULL;
	}
	if (f)
		return f;
	if (a->verb == CALL_CONNECT) {
		*side = CALLER;
		return pair_new(r, &a->self, &a->peer);
	}
	if (a->verb == CALL_ACCEPT) {
		*side = CALLED;
		return pair_new(r, &a->peer, &a->self);
	}
	return guess_pair(r, &a->self, &a->peer, side);
}

void recorder_act(struct recorder *r, const struct act *a)
{
	struct item *i;

	if (a->at > 0 ? !is_open(r, a->at) : r->is_ended || r->is_full)
		return;
	i = item_new(r, ITEM_ACT, a->at);
	i->act = *a;
	i->pair = pair_of_act(r, a, &i->side);
	if (a->option)
		item_keep_octets(r, i, a->option, strlen(a->option) + 1);
	else if (a->octets)
		item_keep_octets(r, i, a->octets, a->size);
	i->act.option = a->option ? (const char *)i->octets : NULL;
	i->act.octets = NULL;
	/* Its port will be known by its SYN, or when it is told with a later call. */
	if (!i->pair && a->verb == CALL_CONNECT) {
		*array_push(&r->unclaimed) = i;
		return;
	}
	came(r, i);
}

void recorder_socket(struct recorder *r, const struct socket_sight *s)
{
	bool is_of_listener = s->state == LISTEN || s->peer.address.family == FAMILY_NONE;
	struct item *i;

	if (!is_open(r, s->at))
		return;
	i = item_new(r, ITEM_LOOK, s->at);
	i->look = *s;
	if (!is_of_listener) {
		i->pair = pair_find(r, &s->self, &s->peer, &i->side);
		if (!i->pair)
			i->pair = guess_pair(r, &s->self, &s->peer, &i->side);
		i->pair->side[i->side].is_looked_at = true;
	}
	came(r, i);
}

void recorder_gone(struct recorder *r, usec at, const struct flow *ends, int end)
{
	struct item *i;
	uint8_t side;
	struct pair *f;

	if (!is_open(r, at))
		return;
	f = pair_find(r, &ends->end[end], &ends->end[!end], &side);
	if (!f)
		return;
	i = item_new(r, ITEM_GONE, at);
	i->pair = f;
	i->side = side;
	came(r, i);
}

void recorder_say(struct recorder *r, usec at, const char *en, const char *zh)
{
	struct sink both = {0};
	struct item *i;

	if (!is_open(r, at))
		return;
	sink_put(&both, en, strlen(en) + 1);
	sink_put(&both, zh, strlen(zh) + 1);
	i = item_new(r, ITEM_SAY, at);
	item_keep_octets(r, i, both.at, both.count);
	sink_fini(&both);
	came(r, i);
}

/* ---- time ------------------------------------------------------------------------------------ */

usec recorder_pass(struct recorder *r, usec at)
{
	if (r->is_ended)
		return USEC_NEVER;
	if (at > r->latest)
		r->latest = at;
	tell_until(r, at - r->o.slack);
	return queue_first(r) ? queue_first(r)->at + r->o.slack : USEC_NEVER;
}

void recorder_end(struct recorder *r, usec at)
{
	static const char why[] = "the recording ends", why_zh[] = "录制结束";
	static const char full[] = "the recording is full", full_zh[] = "录满了";
	struct record *end;

	if (r->is_ended)
		return;
	tell_until(r, at);
	end = trace_push(r->trace, REC_END, at_of(r, at));
	end->text[0] = r->is_full ? trace_text(r->trace, full, strlen(full))
				  : trace_text(r->trace, why, strlen(why));
	end->text[1] = r->is_full ? trace_text(r->trace, full_zh, strlen(full_zh))
				  : trace_text(r->trace, why_zh, strlen(why_zh));
	r->is_ended = true;
}
