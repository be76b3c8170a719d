/* SPDX-License-Identifier: MIT */
/* question_kinds.c - what can be asked about a step, and what is offered beside the right answer.
 */
#include "trace/question_kinds.h"

#include <string.h>
#include <base/prng.h>
#include <base/utf8.h>
#include <woshou/rule.h>
#include "trace/talk.h"

/* ---- what a step teaches --------------------------------------------------------------------- */

static uint32_t mix(uint32_t h, uint32_t value)
{
	return (h ^ value) * 16777619u;
}

static const struct seg *cause_seg(const struct step *step)
{
	bool has_segment = step->cause->kind == REC_ARRIVE || step->cause->kind == REC_DISCARD;

	return has_segment ? trace_seg(step->trace, step->cause) : NULL;
}

static enum state state_before(const struct step *step)
{
	const struct moment_conn *k = moment_conn(step->moment, step->cause->conn);

	if (step->first_state)
		return (enum state)step->first_state->from;
	return k ? (enum state)k->field[F_state] : CLOSED;
}

static enum state state_after(const struct step *step)
{
	return step->last_state ? (enum state)step->last_state->to : state_before(step);
}

uint32_t step_situation(const struct step *step)
{
	const struct seg *seg = cause_seg(step);
	uint32_t h = 2166136261u;

	h = mix(h, step->cause->kind);
	h = mix(h, seg ? question_class(seg) : step->cause->detail);
	h = mix(h, state_before(step));
	h = mix(h, state_after(step));
	h = mix(h, step->send ? question_class(&step->send->seg) : CLASS_NONE);
	h = mix(h, step->send ? step->send->seg.rule : RULE_NONE);
	return mix(h, step->send && step->send->seg.rexmit > 0);
}

/* What is said of many segments and explains none. */
static bool is_bookkeeping(enum rule rule)
{
	static const enum rule always[] = {
		R_SEQ_ACCEPTABLE, R_SECURITY,   R_MSS_SENT,     R_MSS_OPTION,
		R_MSS_DEFAULT,    R_RTT_FIRST,  R_RTT_NEXT,     R_RTT_KARN,
		R_RTO_REINIT,     R_CC_OPEN,    R_CC_AVOIDANCE, R_CC_OPEN_SYN_LOST,
		R_CC_SLOW_START,  R_ACK_WINDOW, R_PUSH,         R_RECEIVE_TEXT,
		R_RECEIVE_WAIT,   R_CC_TIMEOUT, R_RTO_BACK_OFF, R_CC_IDLE,
		R_CC_OPEN_SYN_FORGIVEN,
	};

	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
		if (always[i] == rule)
			return true;
	}
	return rule == RULE_NONE;
}

/* Why nothing is sent, or nothing changes: the last decision that says something. */
static uint16_t rule_of_silence(const struct step *step)
{
	uint16_t rule = step->cause->kind == REC_CALL ? step->cause->rule : RULE_NONE;

	for (uint64_t i = step->cause->serial + 1; i < step->beat.end; i++) {
		const struct record *r = trace_at(step->trace, i);

		if ((r->kind == REC_RULE || r->kind == REC_STATE) && r->host == step->cause->host &&
		    !is_bookkeeping((enum rule)r->rule))
			rule = r->rule;
	}
	return rule;
}

static bool has_rule(const struct step *step, enum rule rule)
{
	for (uint64_t i = step->cause->serial; i < step->beat.end; i++) {
		if (trace_at(step->trace, i)->rule == rule)
			return true;
	}
	return false;
}

/* Patience has ended: how often somebody tries is a setting that nobody has seen. */
static bool is_out_of_patience(const struct step *step)
{
	return has_rule(step, R_KEEPALIVE_DEAD) || has_rule(step, R_PROBE_UNANSWERED) ||
	       has_rule(step, R_R2) || has_rule(step, R_R2_SYN);
}

/* ---- what is offered ------------------------------------------------------------------------- */

struct pool {
	struct question_choice at[16];
	int count;
};

static bool choice_eq(struct question_choice a, struct question_choice b)
{
	return a.what == b.what && a.host == b.host && a.is_again == b.is_again;
}

static void pool_add(struct pool *p, struct question_choice c)
{
	for (int i = 0; i < p->count; i++) {
		if (choice_eq(p->at[i], c))
			return;
	}
	if (p->count < (int)(sizeof p->at / sizeof p->at[0]))
		p->at[p->count++] = c;
}

/* The right one and some of the others, the likely ones first among them; where they stand is
 * chance, but the same chance each time. */
static void offer(const struct trace *t, struct riddle *q, const struct pool *others,
		  struct question_choice right)
{
	enum { LIKELY = 5 };
	struct pool rest = {.count = 0};
	struct prng chance;

	prng_init(&chance, trace_seed(t), q->cursor * QUESTION_KINDS + q->kind);
	for (int i = 0; i < others->count && rest.count < LIKELY; i++) {
		if (!choice_eq(others->at[i], right))
			rest.at[rest.count++] = others->at[i];
	}
	for (q->choices = 0; q->choices < QUESTION_CHOICES - 1 && rest.count > 0; q->choices++) {
		int taken = (int)prng_below(&chance, (uint64_t)rest.count);

		q->choice[q->choices] = rest.at[taken];
		rest.count--;
		memmove(rest.at + taken, rest.at + taken + 1,
			(size_t)(rest.count - taken) * sizeof rest.at[0]);
	}
	q->right = (uint8_t)prng_below(&chance, (uint64_t)q->choices + 1);
	q->choice[q->choices] = q->choice[q->right];
	q->choice[q->right] = right;
	q->choices++;
}

void offer_yes_no(struct riddle *q, bool is_yes)
{
	q->choices = 2;
	q->choice[0] = (struct question_choice){.what = 1};
	q->choice[1] = (struct question_choice){.what = 0};
	q->right = is_yes ? 0 : 1;
}

/* ---- which segment --------------------------------------------------------------------------- */

/* What one could expect of each cause, the likely mistakes first. "again": said before; "other":
 * by the other one. */
struct guess {
	enum seg_class class;
	bool is_again, is_others;
};

enum { GUESSES = 7, TIMERS = TIMER_COUNT };

#define NOTHING                                                                                    \
	{                                                                                          \
		CLASS_NONE, false, false                                                           \
	}
#define NEW(c)                                                                                     \
	{                                                                                          \
		CLASS_##c, false, false                                                            \
	}
#define AGAIN(c)                                                                                   \
	{                                                                                          \
		CLASS_##c, true, false                                                             \
	}
#define OTHERS(c)                                                                                  \
	{                                                                                          \
		CLASS_##c, false, true                                                             \
	}

static const struct guess on_arrival[CLASS_COUNT][GUESSES] = {
	[CLASS_SYN] = {NEW(SYN_ACK), NEW(ACK), NEW(SYN), NEW(RST), OTHERS(ACK), NOTHING, NEW(DATA)},
	[CLASS_SYN_ACK] = {NEW(ACK), NEW(SYN_ACK), NOTHING, OTHERS(ACK), NEW(SYN), NEW(RST),
			   NEW(DATA)},
	[CLASS_ACK] = {NOTHING, NEW(ACK), NEW(DATA), AGAIN(DATA), OTHERS(DATA), NEW(FIN), NEW(RST)},
	[CLASS_DATA] = {NEW(ACK), NOTHING, NEW(DATA), OTHERS(DATA), NEW(RST), NEW(FIN),
			AGAIN(DATA)},
	[CLASS_FIN] = {NEW(ACK), NEW(FIN), NOTHING, NEW(RST), OTHERS(ACK), AGAIN(FIN), NEW(DATA)},
	[CLASS_RST] = {NOTHING, NEW(RST), NEW(ACK), NEW(FIN), OTHERS(SYN), NEW(SYN), NEW(DATA)},
};

static const struct guess on_noise[GUESSES] = {NOTHING,     NEW(ACK),  NEW(RST), OTHERS(ACK),
					       AGAIN(DATA), NEW(DATA), NEW(FIN)};

static const struct guess on_timer[TIMERS][GUESSES] = {
	[TIMER_RETRANSMIT] = {AGAIN(DATA), NOTHING, AGAIN(SYN), NEW(RST), OTHERS(ACK), AGAIN(FIN),
			      NEW(ACK)},
	[TIMER_OVERRIDE] = {NEW(DATA), NOTHING, NEW(ACK), AGAIN(DATA), OTHERS(ACK), NEW(RST),
			    NEW(FIN)},
	[TIMER_ACK] = {NEW(ACK), NOTHING, NEW(DATA), OTHERS(DATA), NEW(RST), AGAIN(DATA), NEW(FIN)},
	[TIMER_KEEPALIVE] = {NEW(ACK), NEW(RST), NOTHING, NEW(FIN), NEW(DATA), OTHERS(ACK),
			     NEW(SYN)},
	[TIMER_TIME_WAIT] = {NOTHING, AGAIN(FIN), NEW(ACK), NEW(RST), OTHERS(ACK), NEW(FIN),
			     NEW(SYN)},
	[TIMER_USER] = {NEW(RST), NOTHING, NEW(FIN), AGAIN(DATA), OTHERS(RST), NEW(ACK), NEW(SYN)},
	[TIMER_LOSS] = {AGAIN(DATA), NEW(DATA), NOTHING, AGAIN(FIN), OTHERS(ACK), NEW(ACK),
			NEW(RST)},
	[TIMER_PACE] = {NEW(DATA), AGAIN(DATA), NOTHING, NEW(ACK), OTHERS(ACK), NEW(FIN),
			NEW(RST)},
};

static const struct guess on_call[CALL_VERB_COUNT][GUESSES] = {
	[CALL_LISTEN] = {NOTHING, NEW(SYN), NEW(ACK), OTHERS(SYN), NEW(SYN_ACK), NEW(RST),
			 NEW(DATA)},
	[CALL_CONNECT] = {NEW(SYN), NEW(SYN_ACK), NEW(ACK), NOTHING, OTHERS(SYN), NEW(DATA),
			  NEW(RST)},
	[CALL_WRITE] = {NEW(DATA), NOTHING, NEW(ACK), OTHERS(ACK), NEW(SYN), NEW(FIN), NEW(RST)},
	[CALL_SHUTDOWN] = {NEW(FIN), NEW(RST), NOTHING, NEW(ACK), OTHERS(FIN), NEW(DATA), NEW(SYN)},
	[CALL_CLOSE] = {NEW(FIN), NEW(RST), NOTHING, NEW(ACK), OTHERS(FIN), NEW(DATA), NEW(SYN)},
	[CALL_ABORT] = {NEW(RST), NEW(FIN), NOTHING, OTHERS(RST), NEW(ACK), NEW(SYN), NEW(DATA)},
};

static const struct guess *guesses_of(const struct step *step)
{
	if (step->cause->kind == REC_ARRIVE)
		return on_arrival[question_class(cause_seg(step))];
	if (step->cause->kind == REC_TIMER)
		return on_timer[step->cause->detail];
	return step->cause->kind == REC_CALL ? on_call[step->cause->detail] : on_noise;
}

/* Words that came with a FIN are words too: they are no wrong answer. */
static bool is_true_as_well(const struct step *step, enum seg_class class)
{
	return class == CLASS_DATA && step->send && step->send->seg.text.len > 0;
}

/* Its program has read at the same instant: that there is room now is the program's doing. */
static bool is_by_program(const struct step *step)
{
	return step->is_mixed || (step->send && step->send->seg.rule == R_WINDOW_UPDATE);
}

bool ask_segment(const struct step *step, struct riddle *q)
{
	const struct guess *guess = guesses_of(step);
	struct question_choice right = {.what = CLASS_NONE};
	struct pool others = {.count = 0};

	if (is_by_program(step) || is_out_of_patience(step) || (!step->send && step->is_hurried))
		return false;
	if (step->send) {
		right = (struct question_choice){.what = (uint8_t)question_class(&step->send->seg),
						 .host = step->send->host,
						 .is_again = step->send->seg.rexmit > 0};
		q->record = step->send->serial;
		q->peer = step->send->peer;
	}
	for (int i = 0; i < GUESSES; i++) {
		uint8_t host = guess[i].class == CLASS_NONE ? 0
			       : guess[i].is_others         ? q->peer
							    : q->host;

		if (host == TRACE_NO_HOST || is_true_as_well(step, guess[i].class))
			continue;
		pool_add(&others, (struct question_choice){.what = (uint8_t)guess[i].class,
							   .host = host,
							   .is_again = guess[i].is_again});
	}
	q->rule = step->send ? step->send->seg.rule : rule_of_silence(step);
	offer(step->trace, q, &others, right);
	return true;
}

/* ---- which number ---------------------------------------------------------------------------- */

static bool carries_ack_to_ask(const struct step *step)
{
	const struct seg *s = &step->send->seg;
	enum seg_class class = question_class(s);

	if (!(s->ctl & ACK))
		return false;
	/* What is said carries both: now the one is asked, now the other. */
	return class == CLASS_SYN_ACK || class == CLASS_ACK || class == CLASS_RST ||
	       (step->cause->kind == REC_ARRIVE && step->cause->serial % 2 == 0);
}

bool ask_number(const struct step *step, struct riddle *q)
{
	const struct moment_conn *k = moment_conn(step->moment, step->cause->conn);
	const struct seg *s = step->send ? &step->send->seg : NULL;
	bool is_ack;

	if (!s || is_by_program(step))
		return false;
	is_ack = carries_ack_to_ask(step);
	/* Where it begins to count is each one's own secret, until it is said. */
	if (!is_ack && (s->ctl & SYN) && s->rexmit == 0)
		return false;
	q->field = FIELD_SEQ;
	q->number = is_ack ? NUMBER_ACK : NUMBER_SEQ;
	q->answer = is_ack ? s->ack.v : s->seq.v;
	q->record = step->send->serial;
	q->peer = step->send->peer;
	q->has_base = question_isn(step->trace, step->send->serial, is_ack, &q->base);
	q->rule = s->rule;
	q->choice[0] = (struct question_choice){
		.what = (uint8_t)question_class(s), .host = q->host, .is_again = s->rexmit > 0};
	if (k && k->field[F_state] != LISTEN) {
		q->hint[0] = k->field[F_snd_una];
		q->hint[1] = k->field[F_flight];
	}
	return true;
}

/* ---- which state ----------------------------------------------------------------------------- */

static void pool_edges(struct pool *p, enum state from)
{
	static const struct {
		enum state from, to;
	} edges[] = {
#define EDGE(from, to, label, source) {from, to},
#include <woshou/edge.def>
#undef EDGE
	};

	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		if (edges[i].from == from)
			pool_add(p, (struct question_choice){.what = (uint8_t)edges[i].to});
	}
}

void offer_states(const struct trace *t, struct riddle *q, enum state from)
{
	static const enum state often[] = {ESTABLISHED, FIN_WAIT_2, TIME_WAIT, SYN_RECEIVED,
					   CLOSE_WAIT,  FIN_WAIT_1, LAST_ACK,  SYN_SENT};
	struct pool others = {.count = 0};

	pool_add(&others, (struct question_choice){.what = (uint8_t)from});
	pool_edges(&others, from);
	pool_edges(&others, (enum state)q->answer);
	for (size_t i = 0; i < sizeof often / sizeof often[0]; i++)
		pool_add(&others, (struct question_choice){.what = (uint8_t)often[i]});
	offer(t, q, &others, (struct question_choice){.what = (uint8_t)q->answer});
}

/* That nothing changes is worth a question where one could think otherwise. */
static bool is_surprising(const struct step *step)
{
	const struct seg *s = cause_seg(step);

	return s && step->cause->kind == REC_ARRIVE && (s->ctl & (SYN | FIN | RST));
}

bool ask_state(const struct step *step, struct riddle *q)
{
	if (step->is_mixed || is_out_of_patience(step) || step->cause->conn == 0 ||
	    step->cause->kind == REC_DISCARD || (!step->last_state && !is_surprising(step)))
		return false;
	q->field = FIELD_STATE;
	q->answer = state_after(step);
	q->rule = step->last_state ? step->last_state->rule : rule_of_silence(step);
	if (step->last_state)
		q->record = step->last_state->serial;
	offer_states(step->trace, q, state_before(step));
	return true;
}

/* ---- through the wind ------------------------------------------------------------------------ */

/* What stands in the scene, when it leaves nothing to chance: "drop 1st where SYN". */
const char *question_wind(const struct trace *t, const struct record *deed)
{
	const char *words = trace_text_of(t, deed, 0);

	if (words[0] == '\0')
		words = trace_quoted(t, &deed->place);
	return words;
}

/* One that takes more words than a question has room for is not asked about: several rules in one
 * line, as a rule. */
static bool is_law(const struct trace *t, const struct record *r)
{
	enum { COLUMNS = 40 };
	const char *words = question_wind(t, r);

	return r->kind == REC_WIND && r->detail == DEED_DROP && r->place.line > 0 &&
	       strncmp(words, "drop ", 5) == 0 && !strchr(words, '%') && !strstr(words, "hand") &&
	       utf8_columns(words) <= COLUMNS;
}

/* The last time that a rule took such a segment on this way. */
static const struct record *last_taken(const struct step *step)
{
	enum { FAR = 4096 };
	const struct record *send = step->send;
	uint64_t i = step->beat.first, least = i > FAR ? i - FAR : 0;

	while (i-- > least) {
		const struct record *r = trace_at(step->trace, i);

		if (is_law(step->trace, r) && r->host == send->host && r->peer == send->peer &&
		    question_class(trace_seg(step->trace, r)) == question_class(&send->seg))
			return r;
	}
	return NULL;
}

/* Only where the wind's rule is known and counts: its first deed of this kind is in the step, or
 * was seen before. */
bool ask_fate(const struct step *step, struct riddle *q)
{
	const struct record *deed = NULL;
	int sends = 0;

	if (!step->send || is_by_program(step))
		return false;
	for (uint64_t i = step->cause->serial + 1; i < step->beat.end; i++) {
		const struct record *r = trace_at(step->trace, i);

		sends += r->kind == REC_SEND;
		if (r->kind != REC_WIND || r->of != step->send->serial)
			continue;
		if (!is_law(step->trace, r))
			return false;
		deed = r;
	}
	if (sends != 1)
		return false;
	q->windy = deed ? deed->serial : 0;
	if (!deed && (deed = last_taken(step)) != NULL)
		q->windy = deed->serial;
	if (!deed)
		return false;
	offer_yes_no(q, deed->serial < step->beat.first);
	q->record = step->send->serial;
	q->peer = step->send->peer;
	q->choice[2] = (struct question_choice){.what = (uint8_t)question_class(&step->send->seg),
						.host = q->host,
						.is_again = step->send->seg.rexmit > 0};
	return true;
}

/* ---- the timer ------------------------------------------------------------------------------- */

static bool find_rto(const struct step *step, int64_t *rto)
{
	for (uint32_t i = 0; i < step->cause->changes.count; i++) {
		const struct tcb_change *change = trace_change(step->trace, step->cause, i);

		if (change->field == F_rto) {
			*rto = change->new;
			return true;
		}
	}
	return false;
}

/* When it fires: it runs for RTO from the segment on. Then how long it waits the next time. */
bool ask_timer(const struct step *step, struct riddle *q)
{
	const struct moment_conn *k = moment_conn(step->moment, step->cause->conn);
	const struct record *cause = step->cause;
	bool is_open, may_ask_when, may_ask_rto;

	if (cause->kind != REC_TIMER || cause->detail != TIMER_RETRANSMIT || !k || step->is_mixed)
		return false;
	is_open = k->field[F_snd_wnd] > 0 || k->field[F_state] == SYN_SENT ||
		  k->field[F_state] == SYN_RECEIVED;
	if (!is_open || k->field[F_t_retransmit] != cause->at)
		return false;
	q->hint[0] = k->field[F_rto];
	q->hint[1] = moment_since(k, F_t_retransmit);
	may_ask_when = cause->at - q->hint[1] == q->hint[0] && q->since < cause->at;
	may_ask_rto = has_rule(step, R_RTO_BACK_OFF) && find_rto(step, &q->answer) &&
		      q->answer == 2 * q->hint[0];
	if (may_ask_when && (cause->serial % 2 == 1 || !may_ask_rto)) {
		q->rule = R_RTO_EXPIRED;
		q->field = FIELD_DEADLINE;
		q->answer = cause->at;
	} else {
		q->rule = R_RTO_BACK_OFF;
		q->field = FIELD_TIME;
	}
	return may_ask_when || may_ask_rto;
}
