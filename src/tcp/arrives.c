/* SPDX-License-Identifier: MIT */
/* arrives.c - RFC 9293 section 3.10.7, SEGMENT ARRIVES: by state. The eight checks of 3.10.7.4 are
 * in arrives_other.c. */
#include "arrives.h"
#include "options.h"
#include "output.h"
#include "queues.h"
#include "reply.h"
#include "rto.h"
#include "tcb.h"
#include "window.h"

/* 3.10.7.1 CLOSED STATE */
static void arrives_closed(const struct seg *s, struct tcp_env *env)
{
	env->has_reply = tcp_answer_closed(s, &env->reply, env);
}

/* What the peer's SYN says beside its number: options and window. */
static void read_syn(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	struct seg bare = *s;

	if (env->profile->no_options) {
		why(t, R_OPTIONS_NONE, env);
		bare.opts = 0;
		s = &bare;
	}
	if (s->opts & OPT_MSS) {
		why(t, R_MSS_OPTION, env);
		t->snd.peer_mss = s->mss < MSS_LEAST ? MSS_LEAST : s->mss;
	} else {
		why(t, R_MSS_DEFAULT, env);
		t->snd.peer_mss = mss_default(env);
	}
	options_agree(t, s, env);
	mss_settle(t, env->profile->mtu, env);
	t->snd.wnd = s->wnd;
	t->snd.max_wnd = s->wnd;
	t->snd.wl1 = s->seq;
	t->snd.wl2 = s->ctl & ACK ? s->ack : t->iss;
}

/* RCV.NXT is set to SEG.SEQ+1, IRS is set to SEG.SEQ. */
static void take_syn(struct tcb *t, const struct seg *s)
{
	t->irs = s->seq;
	t->rcv.nxt = seq_add(s->seq, 1);
	t->rcv.up = t->rcv.nxt;
}

/* "Any other control or text should be queued for processing later." */
static void queue_with_syn(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	uint32_t room = t->rcv.wnd;
	struct text text = s->text;

	if (text.len == 0 && !(s->ctl & (FIN | URG)))
		return;
	why(t, R_SYN_TEXT, env);
	if ((s->ctl & URG) && s->up > 1) { /* an offset from the SYN */
		t->rcv.up = seq_add(s->seq, s->up);
		t->flags |= TCB_URGENT_IN;
	}
	if (text.len > room)
		text.len = room;
	if (text.len > 0 && !held_insert(t, t->rcv.nxt, text, env->pool)) {
		why(t, R_TEXT_NOT_HELD, env);
		return;
	}
	if ((s->ctl & FIN) && s->text.len < room) {
		t->flags |= TCB_FIN_AHEAD;
		t->rcv.fin = seq_add(t->rcv.nxt, s->text.len);
	}
}

/* "Third, check for a SYN": the security is that of every segment here, none. */
static enum verdict listen_syn(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	connection_start(t, env);
	t->origin = ORIGIN_PASSIVE;
	take_syn(t, s);
	read_syn(t, s, env);
	queue_with_syn(t, s, env);
	/* <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> */
	syn_due(t, R_LISTEN_SYN);
	tcb_enter(t, SYN_RECEIVED, R_LISTEN_SYN, env);
	return RETURN;
}

/* Such a segment is legal, and a way to find out what stack answers. */
static bool is_dropped_synfin(const struct seg *s, const struct tcp_env *env)
{
	return env->profile->drop_synfin && (s->ctl & (SYN | FIN)) == (SYN | FIN);
}

/* 3.10.7.2 LISTEN STATE */
static enum verdict arrives_listen(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	/* First, check for a RST. */
	if (s->ctl & RST)
		return drop(t, R_LISTEN_RST, env);
	/* Second, check for an ACK. */
	if ((s->ctl & SYN) && (s->ctl & ACK) && !env->profile->listen_synack)
		return drop(t, R_LISTEN_SYNACK, env);
	if (s->ctl & ACK)
		return reply_reset(t, s, R_LISTEN_ACK, env);
	/* Third, check for a SYN. */
	if (is_dropped_synfin(s, env))
		return drop(t, R_DROP_SYNFIN, env);
	if (s->ctl & SYN)
		return listen_syn(t, s, env);
	/* Fourth, other data or control. */
	return drop(t, R_LISTEN_OTHER, env);
}

/* "SND.UNA should be advanced to equal SEG.ACK (if there is an ACK)": our SYN has been ACKed. */
static enum verdict syn_sent_established(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	ack_take(t, s, env);
	tcb_establish(t, R_SYN_SENT_ESTABLISHED, env);
	owe_ack(t, R_SYN_SENT_ESTABLISHED);
	if (s->text.len > 0 || (s->ctl & (FIN | URG)))
		arrives_other(t, s, SIXTH, env);
	return RETURN;
}

/* Fourth, check the SYN bit. */
static enum verdict syn_sent_syn(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	take_syn(t, s);
	read_syn(t, s, env);
	if (s->ctl & ACK)
		return syn_sent_established(t, s, env);
	/* The answer to our SYN can no longer be told from the answer to our SYN,ACK. */
	rto_karn(t, env);
	queue_with_syn(t, s, env);
	syn_due(t, R_SYN_SENT_SIMULTANEOUS);
	tcb_enter(t, SYN_RECEIVED, R_SYN_SENT_SIMULTANEOUS, env);
	return RETURN;
}

/* 3.10.7.3 SYN-SENT STATE */
static enum verdict arrives_syn_sent(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	if (is_dropped_synfin(s, env))
		return drop(t, R_DROP_SYNFIN, env);
	/* First, check the ACK bit: SEG.ACK =< ISS or SEG.ACK > SND.NXT is bad. */
	if ((s->ctl & ACK) && (seq_le(s->ack, t->iss) || seq_gt(s->ack, t->snd.nxt))) {
		if (s->ctl & RST)
			return drop(t, R_SYN_SENT_BAD_ACK_RST, env);
		return reply_reset(t, s, R_SYN_SENT_BAD_ACK, env);
	}
	/* Second, check the RST bit. Erratum 8167: SEG.SEQ says nothing here. */
	if (s->ctl & RST) {
		if (!(s->ctl & ACK))
			return drop(t, R_SYN_SENT_RST_NO_ACK, env);
		tcb_delete(t, R_SYN_SENT_RST, TCP_SIG_REFUSED, env);
		return RETURN;
	}
	/* Third, check the security: there is none. */
	/* Fourth, check the SYN bit. */
	if (s->ctl & SYN)
		return syn_sent_syn(t, s, env);
	/* Fifth, neither SYN nor RST. */
	return drop(t, R_SYN_SENT_OTHER, env);
}

void tcp_arrives(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	env->news = (struct board_news){0};
	ecn_again(t, s, env);
	switch ((enum state)t->state) {
	case CLOSED: arrives_closed(s, env); break;        /* 3.10.7.1 */
	case LISTEN: arrives_listen(t, s, env); break;     /* 3.10.7.2 */
	case SYN_SENT: arrives_syn_sent(t, s, env); break; /* 3.10.7.3 */
	case SYN_RECEIVED:
		/* Figure 7, line 6, against the first check's text (and the fourth's). */
		if (is_synack_of_figure_7(t, s, env)) {
			why(t, R_SYN_RECEIVED_SYNACK, env);
			arrives_other(t, s, FIFTH, env);
		} else {
			arrives_other(t, s, FIRST, env);
		}
		break;
	case ESTABLISHED:
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSE_WAIT:
	case CLOSING:
	case LAST_ACK:
	case TIME_WAIT: arrives_other(t, s, FIRST, env); break; /* 3.10.7.4 */
	case STATE_COUNT: UNREACHABLE();
	}
	tcb_check(t, env);
}
