/* SPDX-License-Identifier: MIT */
/* lesson_look.c - what the kernel shows at a moment of a lesson, against what the script expects.
 */
#include <string.h>
#include <unistd.h>
#include <woshou/tcp.h>
#include "live/lesson_inside.h"

/* A program that waits takes none of it; so many hundredths of a second are no accident. */
enum { SPINNING_PERCENT_OF_A_SECOND = 25 };

static void see(void *user, const struct socket_sight *sight)
{
	struct lesson *s = user;

	*array_push(&s->sights) = *sight;
}

bool lesson_look(struct lesson *s)
{
	array_clear(&s->sights);
	if (!sockdiag_look(s->diag, s->at.port, see, s))
		return false;
	film_looked(s);
	return true;
}

static bool is_at(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && address_eq(&a->address, &b->address);
}

static const struct socket_sight *end_of(const struct lesson *s, int side, int who)
{
	const struct flow *f = &s->talks[who].flow;

	for (size_t i = 0; i < s->sights.count; i++) {
		const struct socket_sight *sight = &s->sights.at[i];

		if (sight->state != LISTEN && is_at(&sight->self, &f->end[side]) &&
		    is_at(&sight->peer, &f->end[!side]))
			return sight;
	}
	return NULL;
}

/* The script has one listener at a time. */
static const struct socket_sight *listener_of(const struct lesson *s)
{
	for (size_t i = 0; i < s->sights.count; i++) {
		const struct socket_sight *sight = &s->sights.at[i];

		if (sight->state == LISTEN && sight->self.port == s->at.port &&
		    sight->self.address.family == FAMILY_IPV4)
			return sight;
	}
	return NULL;
}

bool lesson_listens(const struct lesson *s)
{
	return listener_of(s) != NULL;
}

/* ---- segments -------------------------------------------------------------------------------- */

enum { SEGMENTS_MOST = 64 };

static bool was_said(const struct record *const *said, size_t n, const struct record *r)
{
	for (size_t i = 0; i < n; i++) {
		const struct seg *a = &said[i]->seg, *b = &r->seg;

		if (said[i]->from_port == r->from_port && seq_eq(a->seq, b->seq) &&
		    a->len == b->len && a->ctl == b->ctl)
			return true;
	}
	return false;
}

/* "S>", "<SA", "D>", "<DF". */
static void put_segment(struct sink *out, const struct seg *g, bool is_back)
{
	bool has_ack = (g->ctl & ACK) != 0 && (g->ctl & (SYN | RST)) != 0;

	if (out->count > 0)
		sink_putc(out, ' ');
	sink_puts(out, is_back ? "<" : "");
	sink_puts(out, (g->ctl & SYN) != 0 ? "S" : "");
	sink_puts(out, (g->ctl & RST) != 0 ? "R" : "");
	sink_puts(out, has_ack ? "A" : "");
	sink_puts(out, g->text.len > 0 ? "D" : "");
	sink_puts(out, (g->ctl & FIN) != 0 ? "F" : "");
	sink_puts(out, is_back ? "" : ">");
}

static bool is_of(const struct record *r, uint16_t port)
{
	return r->kind == REC_SEND && (r->from_port == port || r->to_port == port);
}

/* All of a conversation's but bare ACKs, and each only once. */
static void put_segments(const struct lesson *s, int who, struct sink *out)
{
	const struct trace *t = lesson_trace(s);
	const struct record *said[SEGMENTS_MOST];
	uint16_t port = s->talks[who].flow.end[0].port;
	size_t n = 0;

	sink_puts(out, "");
	for (uint64_t i = 0; i < trace_count(t) && n < SEGMENTS_MOST; i++) {
		const struct record *r = trace_at(t, i);

		if (!is_of(r, port) || (r->seg.len == 0 && (r->seg.ctl & RST) == 0) ||
		    was_said(said, n, r))
			continue;
		said[n++] = r;
		put_segment(out, &r->seg, r->from_port != port);
	}
}

/* ---- verdicts -------------------------------------------------------------------------------- */

static enum lesson_verdict verdict(bool holds)
{
	return holds ? VERDICT_HOLDS : VERDICT_NOT_YET;
}

static enum lesson_verdict program_verdict(const struct lesson *s, bool spins)
{
	int64_t ticks;
	char state;

	if (!lesson_child_stat(s, &ticks, &state))
		return VERDICT_NOT_YET;
	if (!spins)
		return verdict(state == 'S');
	return verdict((ticks - s->child_ticks) * 100 >=
		       SPINNING_PERCENT_OF_A_SECOND * sysconf(_SC_CLK_TCK));
}

static enum lesson_verdict segments_verdict(const struct lesson *s, const struct lesson_expect *e)
{
	struct sink text = {0};
	enum lesson_verdict v;

	if (s->sniff == NULL)
		return VERDICT_UNSEEN;
	put_segments(s, e->who, &text);
	v = verdict(strcmp(text.at, e->text) == 0);
	sink_fini(&text);
	return v;
}

enum lesson_verdict lesson_holds(const struct lesson *s, const struct lesson_expect *e)
{
	const struct socket_sight *listener = listener_of(s);
	const struct socket_sight *end = end_of(s, e->side, e->who);

	switch ((enum lesson_sight)e->kind) {
	case SIGHT_NONE: return VERDICT_HOLDS;
	case SIGHT_STATE: return verdict((end != NULL ? end->state : CLOSED) == e->state);
	case SIGHT_WAITING:
		if (e->number < 0)
			return verdict(listener == NULL);
		return verdict(listener != NULL && listener->receive_queue == (uint32_t)e->number);
	case SIGHT_UNREAD: return verdict(end != NULL && end->receive_queue == (uint32_t)e->number);
	case SIGHT_REPEATED: return verdict(end != NULL && end->retransmits >= (uint8_t)e->number);
	case SIGHT_SPINS: return program_verdict(s, true);
	case SIGHT_SLEEPS: return program_verdict(s, false);
	case SIGHT_SEGMENTS: return segments_verdict(s, e);
	}
	return VERDICT_UNSEEN;
}

/* ---- in words -------------------------------------------------------------------------------- */

static void put_person(int side, int who, bool is_zh, struct sink *out)
{
	static const char *const names[2][2] = {{"zhang", "张三"}, {"li", "李四"}};

	sink_printf(out, "%s %d", names[side][is_zh], who);
}

static void put_state(int side, int who, enum state state, bool is_zh, struct sink *out)
{
	put_person(side, who, is_zh, out);
	if (state == CLOSED)
		sink_puts(out, is_zh ? "：内核里没有这个套接字" : ": no socket in the kernel");
	else
		sink_printf(out, "%s%s", is_zh ? "：" : ": ", state_name(state));
}

static void put_waiting(int count, bool is_zh, struct sink *out)
{
	if (count < 0)
		sink_puts(out, is_zh ? "没有人监听" : "nobody listens");
	else if (is_zh)
		sink_printf(out, "李四在听，%d 个等着 accept", count);
	else
		sink_printf(out, "li listens, %d %s to be accepted", count,
			    count == 1 ? "waits" : "wait");
}

static void put_unread(int side, int who, int count, bool is_zh, struct sink *out)
{
	put_person(side, who, is_zh, out);
	sink_printf(out, is_zh ? "：%d 个字节没读" : ": %d octets unread", count);
}

static void put_repeated(int side, int who, int count, const char *least, bool is_zh,
			 struct sink *out)
{
	put_person(side, who, is_zh, out);
	if (is_zh)
		sink_printf(out, "：又招手 %d 次%s", count, least);
	else
		sink_printf(out, ": waved again %d time%s%s", count, count == 1 ? "" : "s", least);
}

void lesson_put_expect(const struct lesson_expect *e, bool is_zh, struct sink *out)
{
	switch ((enum lesson_sight)e->kind) {
	case SIGHT_NONE: break;
	case SIGHT_STATE: put_state(e->side, e->who, (enum state)e->state, is_zh, out); break;
	case SIGHT_WAITING: put_waiting(e->number, is_zh, out); break;
	case SIGHT_UNREAD: put_unread(e->side, e->who, e->number, is_zh, out); break;
	case SIGHT_REPEATED:
		put_repeated(e->side, e->who, e->number, is_zh ? "或更多" : " or more", is_zh, out);
		break;
	case SIGHT_SPINS:
		sink_puts(out, is_zh ? "程序空转，不停地花处理器时间"
				     : "the program spins: it takes processor time all the while");
		break;
	case SIGHT_SLEEPS:
		sink_puts(out, is_zh ? "程序睡着，不花处理器时间"
				     : "the program sleeps: it takes no processor time");
		break;
	case SIGHT_SEGMENTS:
		sink_printf(out, is_zh ? "谈话 %d 的段：%s" : "segments of talk %d: %s", e->who,
			    e->text);
		break;
	}
}

static void put_program(const struct lesson *s, bool is_zh, struct sink *out)
{
	int64_t ticks;
	char state;

	if (!lesson_child_stat(s, &ticks, &state)) {
		sink_puts(out, is_zh ? "程序不在了" : "the program is gone");
		return;
	}
	sink_printf(out,
		    is_zh ? "程序状态 %c，处理器时间 %lld 毫秒"
			  : "the program's state is %c, its processor time %lld ms",
		    state, (long long)(ticks - s->child_ticks) * 1000 / sysconf(_SC_CLK_TCK));
}

void lesson_put_sight(const struct lesson *s, const struct lesson_expect *e, bool is_zh,
		      struct sink *out)
{
	const struct socket_sight *listener = listener_of(s);
	const struct socket_sight *end = end_of(s, e->side, e->who);
	struct sink text = {0};

	switch ((enum lesson_sight)e->kind) {
	case SIGHT_NONE: break;
	case SIGHT_STATE:
		put_state(e->side, e->who, end != NULL ? end->state : CLOSED, is_zh, out);
		break;
	case SIGHT_WAITING:
		put_waiting(listener != NULL ? (int)listener->receive_queue : -1, is_zh, out);
		break;
	case SIGHT_UNREAD:
		put_unread(e->side, e->who, end != NULL ? (int)end->receive_queue : 0, is_zh, out);
		break;
	case SIGHT_REPEATED:
		put_repeated(e->side, e->who, end != NULL ? end->retransmits : 0, "", is_zh, out);
		break;
	case SIGHT_SPINS:
	case SIGHT_SLEEPS: put_program(s, is_zh, out); break;
	case SIGHT_SEGMENTS:
		put_segments(s, e->who, &text);
		sink_printf(out, is_zh ? "谈话 %d 的段：%s" : "segments of talk %d: %s", e->who,
			    text.count > 0 ? text.at
			    : is_zh        ? "没有"
					   : "none");
		break;
	}
	sink_fini(&text);
}

/* ---- the list of conversations --------------------------------------------------------------- */

static uint64_t count_segments(const struct lesson *s, uint16_t port)
{
	const struct trace *t = lesson_trace(s);
	uint64_t n = 0;

	for (uint64_t i = 0; i < trace_count(t); i++)
		n += is_of(trace_at(t, i), port);
	return n;
}

bool lesson_talk_at(const struct lesson *s, size_t index, struct lesson_talk_shown *out)
{
	size_t who = index + 1;
	bool is_programs;

	if (who >= LESSON_TALKS || !s->talks[who].is_called)
		return false;
	*out = (struct lesson_talk_shown){.flow = s->talks[who].flow, .percent = -1};
	for (int side = 0; side < 2; side++) {
		const struct socket_sight *end = end_of(s, side, (int)who);

		out->state[side] = end != NULL ? end->state : CLOSED;
		out->unread[side] = end != NULL ? end->receive_queue : 0;
	}
	is_programs = s->child != 0 && out->state[LESSON_LI] != CLOSED;
	out->program = is_programs ? (uint32_t)s->child : 0;
	out->percent = is_programs ? s->percent : -1;
	out->segments = count_segments(s, out->flow.end[0].port);
	out->is_over = out->state[0] == CLOSED && out->state[1] == CLOSED;
	return true;
}
