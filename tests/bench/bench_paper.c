/* SPDX-License-Identifier: MIT */
/*
 * bench_paper - what a long transfer comes to when segments are lost by chance, over a grid of loss
 * and RTT, and CUBIC's window after one loss: numbers for tools/paper, which holds them against the
 * papers' formulas. Tab-separated lines; the seed is fixed, so they are the same everywhere.
 */
#include <inttypes.h>
#include <stdio.h>
#include <base/assert.h>
#include <woshou/world.h>

enum {
	MSS = 1000,
	PORT = 8888,
	BUFFER = 32 << 20,
	SEGMENTS_MAX = 1000000, /* of a cell */
	LOSSES = 400,           /* as many are enough */
	WARM_ROUNDS = 100,
	CURVE_LOST = 3000, /* the segment that is lost */
};

struct transfer {
	struct world *w;
	uint8_t from, to;
	struct sock s;
};

static struct tcp_profile settings(enum cc_choice cc, bool has_sack)
{
	struct tcp_profile p = *tcp_profile_named("rfc");

	p.cc = (uint8_t)cc;
	p.sack = has_sack;
	p.mss = MSS;
	p.wscale = true;
	p.rcv_buff = p.snd_buff = BUFFER;
	return p;
}

static void start(struct transfer *t, const struct tcp_profile *p, usec rtt,
		  const struct wind_rule *rule)
{
	struct sock listener;
	enum sock_error e;

	t->w = world_new(&(struct world_options){.seed = 1});
	t->from = host_add(t->w, &(struct host_options){.name = "zhang", .profile = p});
	t->to = host_add(t->w, &(struct host_options){.name = "li", .profile = p});
	world_wind(t->w, t->from, t->to)->delay = rtt / 2;
	world_wind(t->w, t->to, t->from)->delay = rtt / 2;
	host_app(t->w, t->from, &(struct app){.kind = APP_SOURCE});
	listener = sock_new(t->w, t->to);
	e = sock_bind(t->w, listener, PORT);
	ASSERT(e == SOCK_OK);
	e = sock_listen(t->w, listener, 1);
	ASSERT(e == SOCK_OK);
	t->s = sock_new(t->w, t->from);
	e = sock_connect(t->w, t->s, t->to, PORT);
	ASSERT(e == SOCK_EINPROGRESS);
	world_advance(t->w, 2 * rtt);
	wind_rule_add(t->w, t->from, t->to, rule);
}

static uint64_t acknowledged(const struct transfer *t)
{
	const struct tcb *tcb = sock_tcb(t->w, t->s);

	ASSERT(tcb); /* r2 is long: no connection is given up */
	return tcb->snd.offset / MSS;
}

static void cell(const char *name, enum cc_choice cc, bool has_sack, usec rtt, uint32_t ppm)
{
	struct tcp_profile p = settings(cc, has_sack);
	struct wind_rule loss = {
		.deed = DEED_DROP, .first = 1, .last = UINT32_MAX, .chance_ppm = ppm};
	uint64_t wanted = (uint64_t)LOSSES * 1000000 / ppm, begin;
	struct transfer t;
	usec since;

	if (wanted > SEGMENTS_MAX)
		wanted = SEGMENTS_MAX;
	p.r2 = p.user_timeout = 0;
	start(&t, &p, rtt, &loss);
	world_advance(t.w, world_now(t.w) + WARM_ROUNDS * rtt);
	begin = acknowledged(&t);
	since = world_now(t.w);
	while (acknowledged(&t) - begin < wanted)
		world_advance(t.w, world_now(t.w) + rtt);
	printf("cell\t%s\t%lld\t%" PRIu32 "\t%.3f\n", name, (long long)rtt, ppm,
	       (double)(acknowledged(&t) - begin) * 1e6 / (double)(world_now(t.w) - since));
	world_free(t.w);
}

/* W_max and cwnd at t_epoch, then cwnd every 200 ms until three times K. */
static void curve(usec rtt)
{
	struct tcp_profile p = settings(CC_CUBIC, true);
	struct wind_rule loss = {.deed = DEED_DROP, .first = CURVE_LOST, .last = CURVE_LOST};
	struct transfer t;
	uint32_t before = 0;
	const struct tcb *tcb;

	start(&t, &p, rtt, &loss);
	for (tcb = sock_tcb(t.w, t.s); tcb->cc.cwnd <= tcb->cc.ssthresh;) {
		before = tcb->cc.cwnd;
		if (!world_step(t.w))
			return;
		tcb = sock_tcb(t.w, t.s);
		if (tcb->flags & TCB_RECOVERING)
			break;
	}
	while (sock_tcb(t.w, t.s)->flags & TCB_RECOVERING)
		world_step(t.w);
	tcb = sock_tcb(t.w, t.s);
	printf("epoch\t%.3f\t%.3f\n", (double)before / MSS, (double)tcb->cc.cwnd / MSS);
	usec epoch = world_now(t.w);

	for (int i = 0; i < 200; i++) {
		world_advance(t.w, epoch + i * (usec)200000);
		tcb = sock_tcb(t.w, t.s);
		printf("curve\t%.1f\t%.3f\n", i * 0.2, (double)tcb->cc.cwnd / MSS);
	}
	world_free(t.w);
}

int main(void)
{
	static const uint32_t ppm[] = {50, 200, 1000, 5000, 20000, 50000};
	static const usec rtts[] = {10000, 100000, 200000};

	for (unsigned r = 0; r < sizeof rtts / sizeof rtts[0]; r++) {
		for (unsigned l = 0; l < sizeof ppm / sizeof ppm[0]; l++) {
			cell("newreno", CC_NEWRENO, false, rtts[r], ppm[l]);
			cell("newreno+sack", CC_NEWRENO, true, rtts[r], ppm[l]);
			cell("cubic+sack", CC_CUBIC, true, rtts[r], ppm[l]);
			fflush(stdout);
		}
	}
	curve(100000);
	return 0;
}
