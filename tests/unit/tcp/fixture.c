/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <base/assert.h>

/* Only one test runs in a process at a time. */
static struct {
	size_t used;
	char text[1 << 16];
} story;

uint64_t *rule_hits;

static struct tcp_note notes[TCP_NOTES_MAX];
static bool gone[STATE_COUNT][STATE_COUNT];

void story_begin(void)
{
	story.used = 0;
	story.text[0] = '\0';
	panic_set_hook(story_print);
}

void story_add(const char *format, ...)
{
	size_t room = sizeof(story.text) - story.used;
	va_list args;

	va_start(args, format);
	int n = vsnprintf(story.text + story.used, room, format, args);
	va_end(args);
	if (n > 0)
		story.used += (size_t)n < room ? (size_t)n : room - 1;
}

/* On standard error, so that the TAP on standard output stays well formed. */
void story_print(void)
{
	fputs("the story so far:\n", stderr);
	fputs(story.text, stderr);
	fflush(stderr);
}

const char *ctl_text(unsigned ctl)
{
	static const char *const names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};
	static char text[2][32];
	static unsigned turn;
	char *out = text[turn ^= 1];

	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < 6; i++) {
		if (ctl & (1u << i))
			used += (size_t)snprintf(out + used, sizeof(text[0]) - used, "%s%s",
						 used ? "," : "", names[i]);
	}
	return out;
}

/* Relative to where the stream of numbers starts, as the tests write them. */
static int64_t from(seq32 start, seq32 s)
{
	return (int32_t)(s.v - start.v);
}

static void tell_segment(const struct end *e, const char *verb, const struct seg *s, bool is_ours)
{
	if (e->is_silent)
		return;
	seq32 here = is_ours ? e->iss : e->irs;
	seq32 there = is_ours ? e->irs : e->iss;

	story_add("%12lld us  %s <SEQ=%+lld>", (long long)e->env.now, verb,
		  (long long)from(here, s->seq));
	if (s->ctl & ACK)
		story_add("<ACK=%+lld>", (long long)from(there, s->ack));
	if (s->ctl & URG)
		story_add("<UP=%u>", s->up);
	if (s->text.len)
		story_add("<DATA=%u>", s->text.len);
	story_add("<WND=%u><CTL=%s>%s -> %s\n", s->wnd, ctl_text(s->ctl), s->rexmit ? " again" : "",
		  state_name(state_of(e)));
}

static void tell_call(const struct end *e, const char *what, enum tcp_answer answer)
{
	if (!e->is_silent)
		story_add("%12lld us  %s: %s -> %s\n", (long long)e->env.now, what,
			  tcp_answer_text(answer), state_name(state_of(e)));
}

static void refuse(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));

static void refuse(const char *file, int line, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	story_print();
	const char *name = strrchr(file, '/');
	ck_abort_msg("%s:%d: %s", name ? name + 1 : file, line, text);
	panic(file, line, text);
}

void end_init_pool(struct end *e, const char *profile, int iss_case, uint32_t blocks)
{
	static const struct {
		uint32_t iss, irs;
	} starts[ISS_CASES] = {{1000, 500000}, {UINT32_MAX - 1, UINT32_MAX - 2}};

	story_begin();
	memset(e, 0, sizeof(*e));
	e->profile = *tcp_profile_named(profile);
	e->iss = seq(starts[iss_case].iss);
	e->irs = seq(starts[iss_case].irs);
	e->wnd = 65535;
	e->mss = 1000;
	tcp_pool_extend(&e->pool, e->blocks, blocks);
	e->env.now = S(1000);
	e->env.profile = &e->profile;
	e->env.pool = &e->pool;
	e->env.iss = e->iss;
	e->env.notes = notes;
	e->env.rule_hits = rule_hits;
	tcb_init(&e->tcb, OUR_STREAM, &e->env);
}

bool has_gone(enum state was, enum state is)
{
	return gone[was][is];
}

void end_init(struct end *e, const char *profile, int iss_case)
{
	end_init_pool(e, profile, iss_case, END_BLOCKS);
}

void end_copy(struct end *to, const struct end *from_end)
{
	size_t size = offsetof(struct end, blocks) + from_end->pool.count * sizeof(to->blocks[0]);

	memcpy(to, from_end, size);
	to->env.profile = &to->profile;
	to->env.pool = &to->pool;
	to->pool.blocks = to->blocks;
}

enum state state_of(const struct end *e)
{
	return (enum state)e->tcb.state;
}

void drain(struct end *e)
{
	struct seg s;

	while (tcp_poll_segment(&e->tcb, &s, &e->env)) {
		tell_segment(e, "out", &s, true);
		ck_assert_msg(e->outs < END_OUT, "the endpoint does not stop sending");
		e->out[e->outs++] = s;
	}
	ck_assert_msg(!e->env.has_reply, "a reply was formed and never sent");
	tcb_check_deep(&e->tcb, &e->env);
	for (uint32_t i = 0; i < e->env.notes_count && i < TCP_NOTES_MAX; i++)
		gone[notes[i].from][notes[i].to] = true;
	e->told |= e->env.signals;
	e->env.signals = 0;
	e->env.notes_count = 0;
}

enum { PEER_SYN_OPTS = OPT_WSCALE | OPT_SACK_PERMITTED | OPT_TIMESTAMPS };

struct seg peer_seg(const struct end *e, unsigned ctl, int64_t seq_no, int64_t ack_no, uint32_t len)
{
	struct seg s = {
		.seq = seq_add(e->irs, (uint32_t)seq_no),
		.ack = (ctl & ACK) ? seq_add(e->iss, (uint32_t)ack_no) : seq(0),
		.len = seg_len((uint16_t)ctl, len),
		.ctl = (uint16_t)ctl,
		.wnd = e->wnd,
	};
	/* Octet 0 of the peer's stream comes after its SYN. */
	if (len)
		s.text = (struct text){(uint64_t)(seq_no + ((ctl & SYN) ? 1 : 0) - 1), THEIR_STREAM,
				       len};
	if ((ctl & SYN) && e->mss) {
		s.opts = OPT_MSS;
		s.mss = e->mss;
	}
	s.opts |= (uint8_t)(e->opts & ((ctl & SYN) ? PEER_SYN_OPTS : OPT_TIMESTAMPS));
	if (s.opts & OPT_WSCALE)
		s.wscale = e->wscale;
	if (s.opts & OPT_TIMESTAMPS) {
		s.tsval = e->tsval;
		s.tsecr = (ctl & ACK) ? e->tsecr : 0;
	}
	return s;
}

void arrives_seg(struct end *e, const struct seg *s)
{
	tell_segment(e, "in ", s, false);
	tcp_arrives(&e->tcb, s, &e->env);
	drain(e);
}

void arrives(struct end *e, unsigned ctl, int64_t seq_no, int64_t ack_no, uint32_t len)
{
	struct seg s = peer_seg(e, ctl, seq_no, ack_no, len);

	arrives_seg(e, &s);
}

void arrives_urgent(struct end *e, unsigned ctl, int64_t seq_no, int64_t ack_no, uint32_t len,
		    uint16_t up)
{
	struct seg s = peer_seg(e, ctl | URG, seq_no, ack_no, len);

	s.up = up;
	arrives_seg(e, &s);
}

enum tcp_answer call_open(struct end *e, enum tcp_open how)
{
	enum tcp_answer a = tcp_call_open(&e->tcb, how, &e->env);

	tell_call(e, how == OPEN_ACTIVE ? "OPEN active" : "OPEN passive", a);
	drain(e);
	return a;
}

enum tcp_answer call_send(struct end *e, uint32_t n, unsigned flags)
{
	uint32_t taken = 0;
	enum tcp_answer a = tcp_call_send(&e->tcb, n, flags, &taken, &e->env);

	tell_call(e, "SEND", a);
	drain(e);
	if (a == TCP_OK && taken != n)
		refuse(__FILE__, __LINE__, "SEND of %u octets took %u", n, taken);
	return a;
}

enum tcp_answer call_close(struct end *e, enum tcp_close how)
{
	enum tcp_answer a = tcp_call_close(&e->tcb, how, &e->env);

	tell_call(e, how == CLOSE_SEND ? "CLOSE" : "CLOSE both", a);
	drain(e);
	return a;
}

enum tcp_answer call_abort(struct end *e)
{
	enum tcp_answer a = tcp_call_abort(&e->tcb, &e->env);

	tell_call(e, "ABORT", a);
	drain(e);
	return a;
}

uint32_t call_receive(struct end *e, uint32_t n, uint64_t offset, enum tcp_answer *last)
{
	uint32_t got = 0;
	enum tcp_answer a = TCP_OK;

	while (got < n) {
		struct text t = {0};
		a = tcp_call_receive(&e->tcb, n - got, &t, &e->env);
		tell_call(e, "RECEIVE", a);
		drain(e);
		if (a != TCP_OK)
			break;
		if (t.len == 0 || t.len > n - got || t.stream != THEIR_STREAM ||
		    t.offset != offset + got)
			refuse(__FILE__, __LINE__,
			       "RECEIVE gave octets [%llu, +%u) of stream %u, not from %llu on",
			       (unsigned long long)t.offset, t.len, t.stream,
			       (unsigned long long)(offset + got));
		got += t.len;
	}
	if (last)
		*last = a;
	return got;
}

void after(struct end *e, usec span)
{
	usec then = e->env.now + span;

	for (int turns = 0; tcp_next_timeout(&e->tcb) <= then; turns++) {
		usec due = tcp_next_timeout(&e->tcb);
		ck_assert_msg(turns < 100000, "a timer that is served stays due");
		if (due > e->env.now)
			e->env.now = due;
		if (!e->is_silent)
			story_add("%12lld us  a timer is due\n", (long long)e->env.now);
		tcp_expire(&e->tcb, &e->env);
		drain(e);
	}
	e->env.now = then;
}

/* Each state from the one before it on Figure 5's way. */
static void come_to(struct end *e, enum state s)
{
	switch (s) {
	case CLOSED: break;
	case LISTEN: call_open(e, OPEN_PASSIVE); break;
	case SYN_SENT: call_open(e, OPEN_ACTIVE); break;
	case SYN_RECEIVED:
		come_to(e, e->is_passive ? LISTEN : SYN_SENT);
		arrives(e, SYN, 0, 0, 0);
		break;
	case ESTABLISHED:
		if (e->is_passive) {
			come_to(e, SYN_RECEIVED);
			arrives(e, ACK, 1, 1, 0);
		} else {
			come_to(e, SYN_SENT);
			arrives(e, SYN | ACK, 0, 1, 0);
		}
		break;
	case FIN_WAIT_1:
		come_to(e, ESTABLISHED);
		call_close(e, CLOSE_SEND);
		break;
	case FIN_WAIT_2:
		come_to(e, FIN_WAIT_1);
		arrives(e, ACK, 1, 2, 0);
		break;
	case CLOSE_WAIT:
		come_to(e, ESTABLISHED);
		arrives(e, FIN | ACK, 1, 1, 0);
		break;
	case CLOSING:
		come_to(e, FIN_WAIT_1);
		arrives(e, FIN | ACK, 1, 1, 0);
		break;
	case LAST_ACK:
		come_to(e, CLOSE_WAIT);
		call_close(e, CLOSE_SEND);
		break;
	case TIME_WAIT:
		come_to(e, FIN_WAIT_2);
		arrives(e, FIN | ACK, 1, 2, 0);
		break;
	case STATE_COUNT: break;
	}
}

void tcb_in(struct end *e, enum state s)
{
	come_to(e, s);
	expect_state(e, s);
	forget(e);
}

void forget(struct end *e)
{
	e->taken = 0;
	e->outs = 0;
	e->told = 0;
}

const struct seg *expect_at(struct end *e, unsigned ctl, int64_t seq_no, int64_t ack_no,
			    uint32_t len, const char *file, int line)
{
	if (e->taken == e->outs)
		refuse(file, line, "sent nothing; expected <SEQ=%+lld><ACK=%+lld><DATA=%u><CTL=%s>",
		       (long long)seq_no, (long long)ack_no, len, ctl_text(ctl));

	const struct seg *s = &e->out[e->taken++];
	int64_t seq_is = from(e->iss, s->seq);
	int64_t ack_is = (s->ctl & ACK) ? from(e->irs, s->ack) : (int64_t)s->ack.v;

	if (!(ctl & ACK))
		ack_no = 0;
	if ((s->ctl & ~(unsigned)PSH) != (ctl & ~(unsigned)PSH) || seq_is != seq_no ||
	    ack_is != ack_no || s->text.len != len)
		refuse(file, line,
		       "sent <SEQ=%+lld><ACK=%+lld><DATA=%u><CTL=%s>; "
		       "expected <SEQ=%+lld><ACK=%+lld><DATA=%u><CTL=%s>",
		       (long long)seq_is, (long long)ack_is, s->text.len, ctl_text(s->ctl),
		       (long long)seq_no, (long long)ack_no, len, ctl_text(ctl));
	if (s->len != seg_len(s->ctl, s->text.len))
		refuse(file, line, "SEG.LEN is %u with %u octets of text", s->len, s->text.len);
	if (len && (s->text.stream != OUR_STREAM || s->text.offset != (uint64_t)(seq_no - 1)))
		refuse(file, line,
		       "the text is [%llu, +%u) of stream %u, not what belongs at SEQ=%+lld",
		       (unsigned long long)s->text.offset, len, s->text.stream, (long long)seq_no);
	return s;
}

void expect_nothing_at(struct end *e, const char *file, int line)
{
	if (e->taken == e->outs)
		return;
	const struct seg *s = &e->out[e->taken];
	refuse(file, line, "sent <SEQ=%+lld><DATA=%u><CTL=%s>; expected nothing",
	       (long long)from(e->iss, s->seq), s->text.len, ctl_text(s->ctl));
}

void expect_silence_at(struct end *e, usec span, const char *file, int line)
{
	after(e, span - 1);
	expect_nothing_at(e, file, line);
	after(e, 1);
}

void expect_state_at(const struct end *e, enum state s, const char *file, int line)
{
	if (state_of(e) != s)
		refuse(file, line, "the state is %s; expected %s", state_name(state_of(e)),
		       state_name(s));
}

void expect_told_at(struct end *e, uint32_t signals, uint32_t among, const char *file, int line)
{
	if ((e->told & among) != signals)
		refuse(file, line, "the user was told %#x; expected %#x", e->told & among, signals);
	e->told = 0;
}

void expect_that_at(const struct end *e, bool holds, const char *what, const char *file, int line)
{
	(void)e;
	if (!holds)
		refuse(file, line, "does not hold: %s", what);
}

void expect_number_at(const struct end *e, int64_t is, int64_t should, const char *what,
		      const char *file, int line)
{
	(void)e;
	if (is != should)
		refuse(file, line, "%s is %lld; expected %lld", what, (long long)is,
		       (long long)should);
}

void run_row(struct end *e, const struct row *r)
{
	story_add("-- %s\n", r->name);
	arrives(e, r->in.ctl, r->in.seq, r->in.ack, r->in.len);
	if (r->out.ctl)
		expect(e, r->out.ctl, r->out.seq, r->out.ack, 0);
	expect_nothing(e);
	expect_state(e, r->then);
	expect_told(e, r->told);
}
