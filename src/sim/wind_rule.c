/* SPDX-License-Identifier: MIT */
/* wind_rule.c - which rules act on a segment, in the order written (scene language, Meaning 7). */
#include <sim/parts.h>

enum { PATIENCE = 1000000 };

/* A connection's segments go both ways: its own, and those that are for it as things stand. */
static bool is_of(const struct world *w, const struct flight *f, uint16_t label)
{
	const struct label *l;
	uint32_t id;

	if (label == 0)
		return true;
	if (label >= w->labels.count)
		return false;
	l = &w->labels.at[label];
	if (!l->serial)
		return false;
	if (f->sender == l->serial)
		return true;
	id = demux_find(&w->demux, f->at);
	if (!id)
		return false;
	if (wheel_id_kind(id) == WHERE_TIME_WAIT)
		return ((const struct time_wait *)pool_at(&w->time_waits, wheel_id_index(id)))
			       ->serial == l->serial;
	return conn_at(w, wheel_id_index(id))->serial == l->serial;
}

/* Of those that match: is it one on which the rule acts? Counts it. What another rule has taken is
 * counted, but costs nothing of `max`. */
static bool is_due(struct rule_state *s, bool is_gone)
{
	const struct wind_rule *r = &s->rule;
	uint32_t last = r->last ? r->last : r->first ? r->first : UINT32_MAX;

	s->seen++;
	if (s->seen < r->first || s->seen > last)
		return false;
	if (r->every && s->seen % r->every != 0)
		return false;
	if (r->max && s->done >= r->max)
		return false;
	if (r->chance_ppm && prng_below(&s->chance, 1000000) >= r->chance_ppm)
		return false;
	s->done += !is_gone;
	return !is_gone;
}

static struct record *tell_deed(struct world *w, const struct flight *f, const struct rule_state *s,
				usec time)
{
	struct record *r = wind_tell(w, f, (enum deed)s->rule.deed);

	if (r) {
		r->place = s->rule.place;
		r->number[0] = time;
	}
	return r;
}

static bool is_cut(struct world *w, struct direction *d, const struct flight *f)
{
	for (size_t i = 0; i < d->rules.count; i++) {
		const struct rule_state *s = &d->rules.at[i];
		const struct wind_rule *r = &s->rule;

		if (r->deed != DEED_CUT || w->now < r->from || w->now >= r->to)
			continue;
		if (!is_of(w, f, r->label) || !seg_matches(&f->seg, &r->match))
			continue;
		tell_deed(w, f, s, 0);
		return true;
	}
	return false;
}

static void copy_later(struct world *w, const struct flight *f, const struct rule_state *s,
		       struct passage *p)
{
	struct record *r;

	if (p->copies == WIND_COPIES_MAX)
		return;
	r = tell_deed(w, f, s, s->rule.time);
	p->copy[p->copies].after = s->rule.time;
	p->copy[p->copies].record = r ? r->serial : 0;
	p->copy[p->copies].nth = ++w->words[f->at.remote][f->at.host];
	p->copy[p->copies].is_corrupt = f->is_corrupt;
	p->copies++;
}

/* RFC 3168 5: "routers ... set the CE codepoint ... instead of dropping". */
static void mark(struct world *w, struct flight *f, const struct rule_state *s, struct passage *p)
{
	struct record *r;

	if (f->seg.ecn != ECN_NOT_ECT) {
		f->seg.ecn = ECN_CE;
		tell_deed(w, f, s, 0);
		return;
	}
	r = tell_deed(w, f, s, 0);
	if (r)
		r->detail = DEED_DROP;
	p->is_dropped = true;
}

static void act(struct world *w, struct flight *f, const struct rule_state *s, struct passage *p)
{
	switch ((enum deed)s->rule.deed) {
	case DEED_DROP:
		tell_deed(w, f, s, 0);
		p->is_dropped = true;
		return;
	case DEED_DELAY:
		tell_deed(w, f, s, s->rule.time);
		p->extra += s->rule.time;
		return;
	case DEED_DUPLICATE: copy_later(w, f, s, p); return;
	case DEED_REORDER:
		tell_deed(w, f, s, s->rule.past);
		p->is_held = true;
		p->past = s->rule.past ? s->rule.past : 1;
		p->patience = s->rule.time ? s->rule.time : PATIENCE;
		return;
	case DEED_CORRUPT:
		tell_deed(w, f, s, 0);
		f->is_corrupt = true;
		return;
	case DEED_MARK: mark(w, f, s, p); return;
	case DEED_ICMP:
		tell_deed(w, f, s, s->rule.icmp);
		p->is_dropped = true;
		wind_send_icmp(w, f, (enum icmp_kind)s->rule.icmp, 0);
		return;
	case DEED_CUT: return; /* came first */
	case DEED_QUEUE:
	case DEED_MTU:
	case DEED_LIFETIME: /* attributes, no rules */
	case DEED_COUNT: break;
	}
	UNREACHABLE();
}

/* Every rule counts every segment that matches, also one that another rule takes. */
void wind_decide(struct world *w, struct direction *d, struct flight *f, struct passage *p)
{
	bool is_gone = is_cut(w, d, f);

	p->is_dropped = is_gone;
	for (size_t i = 0; i < d->rules.count; i++) {
		struct rule_state *s = &d->rules.at[i];

		if (s->rule.deed == DEED_CUT || !is_of(w, f, s->rule.label) ||
		    !seg_matches(&f->seg, &s->rule.match) || !is_due(s, p->is_dropped))
			continue;
		act(w, f, s, p);
	}
}

void wind_rule_add(struct world *w, uint8_t from, uint8_t to, const struct wind_rule *rule)
{
	struct direction *d = direction_make(w, from, to);
	struct rule_state s = {.rule = *rule};

	prng_init(&s.chance, w->seed,
		  chance_stream(CHANCE_LOSS, from, to, (uint32_t)d->rules.count));
	*array_push(&d->rules) = s;
}
