/* SPDX-License-Identifier: MIT */
/* timestamps.c - RFC 7323 sections 3 to 5: timestamps, what is echoed of the peer's, PAWS, RTTM. */
#include "options.h"
#include "rto.h"
#include "tcb.h"

enum { DAYS_24 = 24 * 24 * 3600 };

/* Timestamps compare as sequence numbers do. */
static bool ts_lt(uint32_t a, uint32_t b)
{
	return seq_lt(seq(a), seq(b));
}

uint32_t timestamp_now(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t ticks = (uint32_t)(env->now / env->profile->ts_tick);

	return env->profile->ts_offset == TS_OFFSET_ISS ? ticks + t->iss.v : ticks;
}

void timestamps_put(const struct tcb *t, struct seg *out, const struct tcp_env *env)
{
	out->opts |= OPT_TIMESTAMPS;
	out->tsval = timestamp_now(t, env);
	out->tsecr = out->ctl & ACK ? t->ts.recent : 0;
}

static void take(struct tcb *t, uint32_t value, const struct tcp_env *env)
{
	t->ts.recent = value;
	t->ts.at_s = (uint32_t)(env->now / USEC_PER_S);
}

void timestamps_agree(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	why(t, R_TS_AGREED, env);
	t->flags |= TCB_TIMESTAMPS;
	take(t, s->tsval, env);
	t->ts.last_ack = t->rcv.nxt;
}

/* 5.5. "A TCP does not know the frequency ... of the other TCP, so it must assume the worst." */
static bool is_outdated(const struct tcb *t, const struct tcp_env *env)
{
	return env->now / USEC_PER_S - t->ts.at_s > DAYS_24;
}

enum timestamps_verdict timestamps_check(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	if (!(t->flags & TCB_TIMESTAMPS))
		return TS_FINE;
	if (s->ctl & RST) {
		if ((s->opts & OPT_TIMESTAMPS) && ts_lt(s->tsval, t->ts.recent))
			why(t, R_PAWS_RST, env);
		return TS_FINE;
	}
	if (!(s->opts & OPT_TIMESTAMPS)) {
		why(t, env->profile->ts_missing ? R_TS_MISSING_TAKEN : R_TS_MISSING, env);
		return env->profile->ts_missing ? TS_FINE : TS_DROPPED;
	}
	if (!ts_lt(s->tsval, t->ts.recent))
		return TS_FINE;
	if (!is_outdated(t, env)) {
		why(t, R_PAWS, env);
		return TS_OLD;
	}
	why(t, R_PAWS_OUTDATED, env);
	take(t, s->tsval, env);
	return TS_FINE;
}

void timestamps_remember(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	if (!(t->flags & TCB_TIMESTAMPS) || !(s->opts & OPT_TIMESTAMPS) || (s->ctl & RST))
		return;
	if (ts_lt(s->tsval, t->ts.recent) || seq_gt(s->seq, t->ts.last_ack))
		return;
	counts(R_TS_RECENT, env); /* with nearly every segment: no note */
	take(t, s->tsval, env);
}

/* The clock's tick that SEG.TSecr names: when it was over. False: there is none, or it is to
 * come. */
bool timestamps_echoed(const struct tcb *t, const struct seg *s, usec *until,
		       const struct tcp_env *env)
{
	uint32_t ago = timestamp_now(t, env) - s->tsecr;
	usec tick = env->profile->ts_tick;

	if (!(t->flags & TCB_TIMESTAMPS) || !(s->opts & OPT_TIMESTAMPS) || (int32_t)ago < 0)
		return false;
	*until = (env->now / tick - ago + 1) * tick;
	return true;
}

/* One segment of a flight is timed anyway, to the microsecond (rto.c). What was repeated cannot be
 * timed so, and there the echo tells which copy was heard. */
void timestamps_sample(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	uint32_t ticks = timestamp_now(t, env) - s->tsecr;

	if (!(t->flags & TCB_TIMESTAMPS) || !(s->opts & OPT_TIMESTAMPS) || (int32_t)ticks < 0)
		return;
	why(t, R_RTTM, env);
	rto_sample(t, (ticks > 0 ? ticks : 1) * env->profile->ts_tick, env);
}
