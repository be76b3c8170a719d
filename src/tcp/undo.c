/* SPDX-License-Identifier: MIT */
/*
 * undo.c - a reduction of the window that proves needless is taken back: when D-SACKs tell that
 * every repetition was (RFC 3708 3), or a timestamp that an ACK answers the original (RFC 3522
 * 3.2). The window becomes what it was before (RFC 4015 3).
 */
#include "sack.h"
#include "tcb.h"

/* "pipe_prev" is restored. RFC 3522 3.2: detection "MUST NOT be reinitiated after loss recovery
 * has already started": a timeout within it may be spurious where the loss before was not. */
void undo_begin(struct tcb *t, struct loss *l, bool is_rto, struct tcp_env *env)
{
	bool is_within = (t->flags & (TCB_RECOVERING | TCB_LOSS)) != 0;

	if (is_within && (l->flags & LOSS_UNDO))
		return;
	l->prior_cwnd = t->cc.cwnd;
	l->prior_ssthresh = t->cc.ssthresh;
	l->flags &= (uint16_t) ~(LOSS_UNDO | LOSS_UNDO_RTO | LOSS_NEEDLESS);
	if (env->profile->undo && !is_within)
		l->flags |= (uint16_t)(LOSS_UNDO | (is_rto ? LOSS_UNDO_RTO : 0));
	l->undo_una = t->snd.una;
	l->undo_again = 0;
	l->again_ts = 0;
}

/* A segment is sent again: RFC 3522 3.2 step 1, RetransmitTS of the first of them. */
void undo_sent(struct loss *l, const struct seg *out)
{
	if (!(l->flags & LOSS_UNDO))
		return;
	if (l->undo_again < UINT16_MAX)
		l->undo_again++;
	if (l->undo_again == 1 && (out->opts & OPT_TIMESTAMPS))
		l->again_ts = out->tsval;
}

/* RFC 3708 3: a D-SACK of what was sent again since the reduction. */
void undo_heard(struct tcb *t, struct loss *l, struct tcp_env *env)
{
	struct sack_block b = env->news.dsack;

	if (!(l->flags & LOSS_UNDO) || !env->news.has_dsack || l->undo_again == 0)
		return;
	if (seq_gt(b.right, t->snd.nxt) || !seq_gt(b.right, l->undo_una))
		return;
	l->undo_again--;
	if (l->undo_again == 0) {
		why(t, R_UNDO_DSACK, env);
		l->flags |= LOSS_NEEDLESS;
	}
}

/* RFC 3522 3.2 step 4: the timestamp echoed is older than the first repetition's. */
static bool is_original(const struct loss *l, const struct tcp_env *env)
{
	return env->news.has_echo && l->again_ts != 0 &&
	       (int32_t)(env->news.echo - l->again_ts) < 0;
}

/* Step 5, 3.3: if the ACKs of a whole window were lost, so may the ACK of the repetition look: only
 * a D-SACK would tell, and it is not known whether this peer sends any. */
static bool is_told_all(const struct tcb *t, const struct loss *l, const struct tcp_env *env)
{
	return env->news.has_dsack ||
	       (!(l->flags & LOSS_DSACKS) && seq_eq(t->snd.una, t->snd.nxt));
}

bool undo_may(const struct tcb *t, struct loss *l, struct tcp_env *env)
{
	if (!(l->flags & LOSS_UNDO))
		return false;
	if (l->flags & LOSS_NEEDLESS)
		return true;
	if (!(t->flags & (TCB_RECOVERING | TCB_LOSS)) || env->news.acked == 0)
		return false;
	if (is_original(l, env)) {
		bool is_all = is_told_all(t, l, env);

		why(t, is_all ? R_UNDO_ALL : R_UNDO_TIMESTAMP, env);
		return !is_all;
	}
	l->again_ts = 0; /* step 3: the first acceptable ACK decides */
	return false;
}

void undo_do(struct tcb *t, struct loss *l, enum rule r, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);
	bool is_late = r == R_UNDO && cc_algo(env)->stays_late && t->cc.cwnd > l->prior_cwnd;

	why(t, is_late ? R_CUBIC_UNDO_LATE : r, env);
	l->flags &= (uint16_t) ~(LOSS_UNDO | LOSS_UNDO_RTO | LOSS_NEEDLESS);
	if (is_late)
		return;
	if (env->news.has_ece) {
		why(t, R_UNDO_ECE, env);
		return;
	}
	l->flags &= (uint16_t)~LOSS_PRR;
	if (!(t->flags & TCB_REDUCED)) /* nor need the peer be told */
		t->flags &= ~(uint32_t)TCB_CWR;
	if (l->prior_cwnd > t->cc.cwnd)
		t->cc.cwnd = l->prior_cwnd;
	if (l->prior_ssthresh > t->cc.ssthresh)
		t->cc.ssthresh = l->prior_ssthresh;
	cc_algo(env)->undo(&t->cc, &e);
}
