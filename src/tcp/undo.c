/* SPDX-License-Identifier: MIT */
/*
 * undo.c - a reduction of the window that proves needless is taken back: when D-SACKs tell that
 * every repetition was (RFC 3708 3), or a timestamp that an ACK answers the original (RFC 3522
 * 3.2). The window becomes what it was before (RFC 4015 3).
 */
#include "sack.h"
#include "tcb.h"

/* "pipe_prev": what is restored. A reduction on top of another keeps the first one's. */
void undo_begin(struct tcb *t, struct loss *l, bool is_rto, struct tcp_env *env)
{
	bool is_again = (l->flags & LOSS_UNDO) && (t->flags & (TCB_RECOVERING | TCB_LOSS));

	if (!is_again) {
		l->prior_cwnd = t->cc.cwnd;
		l->prior_ssthresh = t->cc.ssthresh;
	}
	l->flags &= (uint16_t) ~(LOSS_UNDO | LOSS_UNDO_RTO | LOSS_NEEDLESS);
	if (env->profile->undo)
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

bool undo_may(const struct tcb *t, const struct loss *l, struct tcp_env *env)
{
	if (!(l->flags & LOSS_UNDO))
		return false;
	if (l->flags & LOSS_NEEDLESS)
		return true;
	if (!(t->flags & (TCB_RECOVERING | TCB_LOSS)) || env->news.acked == 0 ||
	    !is_original(l, env))
		return false;
	why(t, R_UNDO_TIMESTAMP, env);
	return true;
}

void undo_do(struct tcb *t, struct loss *l, enum rule r, struct tcp_env *env)
{
	struct cc_event e = cc_event_of(t, env);

	why(t, r, env);
	if (l->prior_cwnd > t->cc.cwnd)
		t->cc.cwnd = l->prior_cwnd;
	if (l->prior_ssthresh > t->cc.ssthresh)
		t->cc.ssthresh = l->prior_ssthresh;
	l->flags &= (uint16_t) ~(LOSS_UNDO | LOSS_UNDO_RTO | LOSS_NEEDLESS | LOSS_PRR);
	cc_algo(env)->undo(&t->cc, &e);
}
