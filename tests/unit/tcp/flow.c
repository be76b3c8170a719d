/* SPDX-License-Identifier: MIT */
#include "flow.h"
#include <string.h>

void flow_init(struct flow *f, enum cc_choice cc, uint32_t smss)
{
	memset(f, 0, sizeof *f);
	f->profile = *tcp_profile_named("rfc");
	f->profile.cc = (uint8_t)cc;
	f->env.profile = &f->profile;
	f->env.pool = &f->pool;
	f->env.rule_hits = rule_hits;
	f->env.now = S(1000);
	tcp_pool_extend(&f->pool, f->blocks, sizeof f->blocks / sizeof f->blocks[0]);
	f->una = f->nxt = seq(UINT32_MAX - 5 * smss);
	cc_smss(&f->cc, smss);
}

static struct cc_event event(struct flow *f)
{
	return (struct cc_event){
		.env = &f->env,
		.now = f->env.now,
		.rtt = f->rtt,
		.srtt = f->srtt,
		.una = f->una,
		.nxt = f->nxt,
		.flight = flow_flight(f),
		.state = ESTABLISHED,
	};
}

uint32_t flow_flight(const struct flow *f)
{
	return seq_span(f->una, f->nxt);
}

void flow_fill(struct flow *f)
{
	while (!f->is_idle && flow_flight(f) + f->cc.smss <= f->cc.cwnd) {
		f->nxt = seq_add(f->nxt, f->cc.smss);

		struct cc_event e = event(f);

		e.sent = f->cc.smss;
		cc_sent(&f->cc, &e);
	}
}

void flow_open(struct flow *f, uint32_t iw)
{
	cc_algo(&f->env)->open(&f->cc, iw);
	flow_fill(f);
}

void flow_ack(struct flow *f, uint32_t octets)
{
	if (octets > flow_flight(f))
		octets = flow_flight(f);
	f->una = seq_add(f->una, octets);

	struct cc_event e = event(f);

	e.acked = octets;
	cc_algo(&f->env)->on_ack(&f->cc, &e);
	flow_fill(f);
}

void flow_round(struct flow *f, uint32_t each)
{
	uint32_t left = flow_flight(f), acks = (left + each - 1) / each;
	usec start = f->env.now;

	for (uint32_t i = 1; left > 0; i++) {
		uint32_t n = left < each ? left : each;

		f->env.now = start + f->srtt * i / acks;
		flow_ack(f, n);
		left -= n;
	}
}

void flow_lose(struct flow *f)
{
	struct cc_event e = event(f);

	cc_algo(&f->env)->on_loss(&f->cc, &e);
	f->una = f->nxt;
	f->cc.cwnd = f->cc.ssthresh;
	flow_fill(f);
}

void flow_time_out(struct flow *f, bool is_again)
{
	struct cc_event e = event(f);

	e.is_again = is_again;
	cc_algo(&f->env)->on_rto(&f->cc, &e);
	f->una = f->nxt;
	flow_fill(f);
}

void flow_mark(struct flow *f)
{
	struct cc_event e = event(f);

	cc_algo(&f->env)->on_ecn(&f->cc, &e);
}

void flow_undo(struct flow *f)
{
	struct cc_event e = event(f);

	cc_algo(&f->env)->undo(&f->cc, &e);
}
