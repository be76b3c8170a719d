/* SPDX-License-Identifier: MIT */
/* wind.c - the way of a segment from one host to another: what its direction's attributes do. */
#include <sim/parts.h>

#include <wire/packet.h>

struct direction *direction_between(const struct world *w, uint16_t from, uint16_t to)
{
	uint16_t place = w->direction_of[from][to];

	return place ? w->directions.at[place - 1] : NULL;
}

struct direction *direction_make(struct world *w, uint8_t from, uint8_t to)
{
	struct direction *d = direction_between(w, from, to);

	if (d)
		return d;
	d = xcalloc(1, sizeof *d);
	d->from = from;
	d->to = to;
	prng_init(&d->jitter, w->seed, chance_stream(CHANCE_JITTER, from, to, 0));
	prng_init(&d->corrupt, w->seed, chance_stream(CHANCE_CORRUPT, from, to, 0));
	*array_push(&w->directions) = d;
	w->direction_of[from][to] = (uint16_t)w->directions.count;
	return d;
}

/* A deed upon a segment. NULL without a trace. */
struct record *wind_tell(struct world *w, const struct flight *f, enum deed deed)
{
	struct record *r = w->trace ? trace_push(w->trace, REC_WIND, w->now) : NULL;

	if (!r)
		return NULL;
	r->of = f->send;
	r->detail = (uint8_t)deed;
	r->host = (uint8_t)f->at.remote;
	r->peer = (uint8_t)f->at.host;
	r->from_port = f->at.remote_port;
	r->to_port = f->at.port;
	r->conn = f->sender;
	r->seg = f->seg;
	return r;
}

static uint32_t datagram_size(const struct world *w, const struct flight *f)
{
	uint32_t ip = w->host[f->at.host]->address.family == FAMILY_IPV6 ? 40 : 20;

	return ip + TCP_HEADER_MIN + (uint32_t)tcp_options_size(&f->seg) + f->seg.text.len;
}

/* RFC 1191: whoever cannot pass the datagram on tells its sender how much would fit. It takes the
 * way back's delay, and no rule touches it. */
void wind_send_icmp(struct world *w, const struct flight *f, enum icmp_kind kind, uint32_t mtu)
{
	const struct direction *back = direction_between(w, f->at.host, f->at.remote);
	uint32_t index = flight_take(w);
	struct flight *icmp = flight_at(w, index);

	icmp->state = FLIGHT_ICMP;
	icmp->at = tuple_turned(f->at);
	icmp->sender = 0;
	icmp->send = f->send;
	icmp->seg = (struct seg){.seq = f->seg.seq, .len = mtu, .ctl = (uint16_t)kind};
	wheel_put(&w->wheel, wheel_id(EVENT_FLIGHT, index), w->now + (back ? back->wind.delay : 0));
}

static bool is_too_big(struct world *w, struct direction *d, const struct flight *f)
{
	struct record *r;
	uint32_t size;

	if (!d->wind.mtu)
		return false;
	size = datagram_size(w, f);
	if (size <= d->wind.mtu)
		return false;
	r = wind_tell(w, f, DEED_MTU);
	if (r) {
		r->number[0] = size;
		r->place = d->wind.mtu_place;
	}
	wind_send_icmp(w, f, KIND_TOO_BIG, d->wind.mtu);
	return true;
}

/* When the last bit has left. Division is exact: what remains is carried to the next one. False:
 * the queue is full. An idle line takes any size at once. */
static bool pass_rate(struct world *w, struct direction *d, const struct flight *f, usec *at)
{
	uint64_t rate = d->wind.rate, size, work;
	struct record *r;

	if (!rate)
		return true;
	size = datagram_size(w, f);
	if (d->busy_until <= w->now) {
		d->busy_until = w->now;
		d->remainder = 0;
	} else if (d->wind.queue) {
		uint64_t waiting = (uint64_t)(d->busy_until - w->now) * rate / 8000000;

		if (waiting + size > d->wind.queue) {
			r = wind_tell(w, f, DEED_QUEUE);
			if (r) {
				r->number[0] = (int64_t)waiting;
				r->place = d->wind.queue_place;
			}
			return false;
		}
	}
	work = size * 8000000 + d->remainder;
	d->busy_until += (usec)(work / rate);
	d->remainder = work % rate;
	*at = d->busy_until + (d->remainder > 0);
	return true;
}

static usec pass_delay(struct direction *d, usec at)
{
	usec delay = d->wind.delay;

	if (d->wind.jitter) {
		delay -= d->wind.jitter;
		delay += (usec)prng_below(&d->jitter, (uint64_t)d->wind.jitter * 2 + 1);
		if (delay < 0)
			delay = 0;
	}
	at += delay;
	if (at < d->last && !d->wind.overtakes)
		return d->last;
	d->last = at;
	return at;
}

/* It would arrive at this time, should it live so long. */
void wind_set_off(struct world *w, const struct direction *d, uint32_t index, usec at)
{
	struct flight *f = flight_at(w, index);
	usec since = way_of(w, index)->since;

	if (d->wind.lifetime && at - since > d->wind.lifetime) {
		f->state = FLIGHT_LATE;
		at = since + d->wind.lifetime;
		if (at < w->now)
			at = w->now;
	} else {
		f->state = FLIGHT_ALOFT;
	}
	wheel_put(&w->wheel, wheel_id(EVENT_FLIGHT, index), at);
}

/* False: it did not get through, nor did its copies. */
static bool carry(struct world *w, struct direction *d, uint32_t index, const struct passage *p)
{
	usec at = w->now;

	if (is_too_big(w, d, flight_at(w, index)) || !pass_rate(w, d, flight_at(w, index), &at)) {
		flight_give(w, index);
		return false;
	}
	at = pass_delay(d, at) + p->extra;
	for (uint32_t i = 0; i < p->copies; i++) {
		uint32_t copy = flight_take(w);

		*flight_at(w, copy) = *flight_at(w, index);
		flight_at(w, copy)->send = p->copy[i].record;
		flight_at(w, copy)->is_corrupt = p->copy[i].is_corrupt;
		flight_at(w, copy)->is_awaited = false; /* a word of its own: no door knows it */
		*way_of(w, copy) =
			(struct way){.since = way_of(w, index)->since, .nth = p->copy[i].nth};
		wind_set_off(w, d, copy, at + p->copy[i].after);
	}
	if (p->is_dropped)
		flight_give(w, index);
	else
		wind_set_off(w, d, index, at);
	return true;
}

static void hold(struct world *w, struct direction *d, uint32_t index, const struct passage *p)
{
	flight_at(w, index)->state = FLIGHT_HELD;
	*array_push(&d->held) = (struct held){.flight = index, .passage = *p};
	wheel_put(&w->wheel, wheel_id(EVENT_FLIGHT, index), w->now + p->patience);
}

static void let_go(struct world *w, struct direction *d, size_t place)
{
	struct held held = d->held.at[place];

	d->held.count--;
	memmove(d->held.at + place, d->held.at + place + 1,
		(d->held.count - place) * sizeof *d->held.at);
	carry(w, d, held.flight, &held.passage);
}

/* One more has gone past those that are held. */
static void passed_by(struct world *w, struct direction *d)
{
	for (size_t i = 0; i < d->held.count;) {
		if (--d->held.at[i].passage.past > 0) {
			i++;
			continue;
		}
		wheel_take(&w->wheel, wheel_id(EVENT_FLIGHT, d->held.at[i].flight));
		let_go(w, d, i);
	}
}

/* Its patience is at an end. */
void wind_release(struct world *w, uint32_t flight)
{
	const struct flight *f = flight_at(w, flight);
	struct direction *d = direction_between(w, f->at.remote, f->at.host);

	for (size_t i = 0; i < d->held.count; i++)
		if (d->held.at[i].flight == flight) {
			let_go(w, d, i);
			return;
		}
	UNREACHABLE();
}

void wind_enter(struct world *w, uint16_t from, uint16_t to, uint32_t flight)
{
	struct direction *d = direction_between(w, from, to);
	struct passage p;

	if (!d) {
		wheel_put(&w->wheel, wheel_id(EVENT_FLIGHT, flight), w->now);
		return;
	}
	p.extra = 0;
	p.copies = p.past = 0;
	p.is_dropped = p.is_held = false;
	if (d->rules.count > 0)
		wind_decide(w, d, flight_at(w, flight), &p);
	if (p.is_dropped && p.copies == 0) {
		flight_give(w, flight);
		return;
	}
	if (p.is_held && !p.is_dropped) {
		hold(w, d, flight, &p);
		return;
	}
	if (carry(w, d, flight, &p) && !p.is_dropped)
		passed_by(w, d);
}
