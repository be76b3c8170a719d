/* SPDX-License-Identifier: MIT */
/* memory.c - what segments take of RCV.BUFF, and the window that comes of it. */
#include "memory.h"
#include "options.h"
#include "pool.h"
#include "queues.h"
#include "tcb.h"
#include "window.h"
#include <string.h>

/* How a device driver lays a segment into memory. */
enum {
	MEMORY_PAGE = 4096,
	MEMORY_BOOK = 256, /* what describes it: struct sk_buff */
	MEMORY_TAIL = 320, /* behind the octets: struct skb_shared_info */
	MEMORY_PAD = 64,   /* before them */
	MEMORY_LINE = 64,
};

enum {
	RATIO_ONE = 256,
	RATIO_FIRST = 128, /* before anything came */
	BUFF_LEAST = 2304, /* one segment: SOCK_MIN_RCVBUF */
	GROWS_FROM = 128,  /* shorter text says nothing of how much fits */
};

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t round_up(uint32_t n, uint32_t unit)
{
	return (n + unit - 1) / unit * unit;
}

static struct memory load(const struct tcb *t, const struct tcp_pool *pool)
{
	struct memory m;

	ASSERT(t->rcv.memory != 0);
	memcpy(&m, pool->blocks[t->rcv.memory].word, sizeof m);
	return m;
}

static void store(const struct tcb *t, const struct memory *m, struct tcp_pool *pool)
{
	memcpy(pool->blocks[t->rcv.memory].word, m, sizeof *m);
}

/* False: there are no figures. */
static bool has_figures(const struct tcb *t, struct memory *m, const struct tcp_pool *pool)
{
	if (t->rcv.memory == 0)
		return false;
	*m = load(t, pool);
	return (m->flags & MEMORY_FIGURES) != 0;
}

bool memory_counts(const struct tcb *t, const struct tcp_pool *pool)
{
	struct memory m;

	return has_figures(t, &m, pool);
}

uint32_t memory_buff(const struct tcb *t, const struct tcp_pool *pool)
{
	return load(t, pool).buff;
}

static uint32_t buff_of(const struct tcp_profile *p)
{
	return most(p->rcv_buff, BUFF_LEAST);
}

/* Octets of text that so much memory is expected to hold: tcp_win_from_space(). */
static uint32_t text_in(uint32_t memory, uint32_t ratio)
{
	return (uint32_t)((uint64_t)memory * ratio / RATIO_ONE);
}

/* And the memory for so much text: tcp_space_from_win(). */
static uint32_t memory_for(uint32_t text, uint32_t ratio)
{
	uint64_t n = (uint64_t)text * RATIO_ONE / ratio;

	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* A packet of so many octets. What fits into a page has a buffer of the next power of two, of a
 * longer one the rest lies in further pages. */
static uint32_t taken_by(uint32_t octets)
{
	uint32_t first = MEMORY_PAGE - MEMORY_PAD - MEMORY_TAIL, size = 512;

	if (octets + MEMORY_PAD >= MEMORY_PAGE)
		return MEMORY_BOOK + MEMORY_PAGE + round_up(octets - first, MEMORY_PAGE);
	while (size < round_up(octets + MEMORY_PAD, MEMORY_LINE) + MEMORY_TAIL)
		size *= 2;
	return MEMORY_BOOK + size;
}

static uint32_t taken_by_segment(const struct tcb *t, const struct seg *s,
				 const struct tcp_env *env)
{
	uint32_t headers = env->is_ipv6 ? HEADERS_IPV6 : HEADERS_IPV4;

	return taken_by(headers + options_octets(t) + s->text.len);
}

static uint32_t free_of(const struct memory *m)
{
	return m->buff > m->taken ? m->buff - m->taken : 0;
}

/* ---- the beginning -------------------------------------------------------------------------- */

/* Octets of text in a full segment of the peer's. */
static uint32_t full_text(const struct tcb *t)
{
	return t->rcv.mss - least(options_octets(t), t->rcv.mss - 1u);
}

/* tcp_select_initial_window(): whole segments, and what a SYN can say. */
uint32_t memory_first(const struct tcb *t, const struct tcp_env *env)
{
	uint32_t all = text_in(buff_of(env->profile), RATIO_FIRST), mss = full_text(t);

	return least(all > mss ? all / mss * mss : all, WINDOW_MAX);
}

uint32_t memory_most(const struct tcp_profile *p)
{
	return most(text_in(buff_of(p), RATIO_FIRST), p->rcv_buff_max);
}

/* tcp_init_buffer_space(): one segment is kept in reserve. */
void memory_open(struct tcb *t, struct tcp_env *env)
{
	uint32_t mss = full_text(t);
	struct memory m = {
		.buff = buff_of(env->profile), .ratio = RATIO_FIRST, .flags = MEMORY_FIGURES};

	if (!env->profile->window_memory || t->rcv.memory != 0)
		return;
	t->rcv.memory = pool_take(env->pool);
	if (t->rcv.memory == 0)
		return;
	m.heard = least(FULL_UNHEARD, mss);
	m.told = t->rcv.wnd;
	m.clamp = text_in(m.buff, m.ratio);
	if (m.clamp > 2 * mss)
		m.clamp = most(2 * mss, m.clamp - mss);
	m.trust = least(m.told, m.clamp);
	m.reads = least(m.trust, 10 * mss);
	store(t, &m, env->pool);
}

void memory_flush(struct tcb *t, struct tcp_pool *pool)
{
	if (t->rcv.memory != 0)
		pool_give(pool, t->rcv.memory);
	t->rcv.memory = 0;
}

bool memory_copy(struct tcb *to, const struct tcb *from, struct tcp_pool *pool)
{
	if (from->rcv.memory == 0)
		return true;
	to->rcv.memory = pool_take(pool);
	if (to->rcv.memory == 0)
		return false;
	pool->blocks[to->rcv.memory] = pool->blocks[from->rcv.memory];
	return true;
}

/* ---- text comes and goes -------------------------------------------------------------------- */

static uint32_t octets_held(const struct tcb *t, const struct tcp_pool *pool)
{
	uint32_t n = 0;

	for (uint32_t b = t->rcv.held; b != 0; b = run_at(pool, b).next)
		n += run_at(pool, b).text.len;
	return n;
}

/* So many of `all` octets go: their part of the memory is free. What each took was not noted. */
static void release(struct memory *m, uint32_t n, uint32_t all)
{
	if (all > 0)
		m->taken -= (uint32_t)((uint64_t)m->taken * least(n, all) / all);
}

/* RFC 2018 8: "the data receiver is permitted to discard data in its queue that has not been
 * acknowledged". Text in order is worth more. */
static void prune(struct tcb *t, struct memory *m, struct tcp_env *env)
{
	uint32_t held = octets_held(t, env->pool);

	why(t, R_MEMORY_PRUNED, env);
	release(m, held, held + t->rcv.user);
	held_flush(t, env->pool);
}

/* tcp_can_ingest(): the text itself must fit. Where nothing waits to be read, it is taken all the
 * same: else a small buffer would never get a large segment. */
bool memory_admits(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	bool is_next = seq_eq(s->seq, t->rcv.nxt);
	struct memory m;

	if ((t->flags & TCB_USER_GONE) || !has_figures(t, &m, env->pool))
		return true;
	if (s->text.len <= free_of(&m))
		return true;
	if (is_next && t->rcv.held != 0) {
		prune(t, &m, env);
		store(t, &m, env->pool);
	}
	if (s->text.len <= free_of(&m) || (is_next && t->rcv.user == 0))
		return true;
	why(t, R_MEMORY_FULL, env);
	owe_ack(t, R_MEMORY_FULL);
	return false;
}

/* tcp_set_window_clamp() */
static void set_clamp(struct memory *m)
{
	uint32_t clamp = most(BUFF_LEAST / 2, text_in(m->buff, m->ratio));

	m->trust =
		clamp < m->clamp ? least(m->trust, clamp) : most(m->trust, least(m->told, clamp));
	m->clamp = clamp;
	m->reads = least(m->reads, clamp);
}

/* tcp_measure_rcv_mss(): longer segments than before show anew how much of memory is text. */
static void measure(struct tcb *t, struct memory *m, const struct seg *s, uint32_t taken,
		    struct tcp_env *env)
{
	uint32_t len = s->piece > 0 ? s->piece : s->text.len;
	uint32_t ratio = (uint32_t)((uint64_t)s->text.len * RATIO_ONE / taken);

	if (len <= m->heard)
		return;
	m->heard = least(len, t->rcv.mss);
	ratio = most(ratio, 1);
	if (ratio == m->ratio)
		return;
	why(t, R_MEMORY_RATIO, env);
	m->ratio = ratio;
	set_clamp(m);
}

/* __tcp_grow_window(): text that takes so much that it would not fit lets the window grow less. */
static uint32_t grows_by(const struct tcb *t, const struct memory *m, uint32_t len, uint32_t taken,
			 const struct tcp_env *env)
{
	uint32_t share = text_in(taken, m->ratio);
	uint32_t window = text_in(most(m->buff, env->profile->rcv_buff_max), m->ratio);

	if (share <= len)
		return most(2u * t->rcv.mss, 2 * len);
	for (share /= 2, window /= 2; m->trust <= window; share /= 2, window /= 2)
		if (share <= len)
			return most(2 * m->heard, 2 * len);
	return 0;
}

/* tcp_grow_window() */
static void grow(struct tcb *t, struct memory *m, uint32_t len, uint32_t taken,
		 const struct tcp_env *env)
{
	uint32_t room = least(m->clamp, text_in(free_of(m), m->ratio)), by;

	if (room <= m->trust)
		return;
	by = least(room - m->trust, grows_by(t, m, len, taken, env));
	m->trust += by;
	if (by > 0 && env->profile->quick_acks > 0)
		t->rcv.quick |= 1;
}

void memory_take(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	uint32_t taken;
	struct memory m;

	if ((t->flags & TCB_USER_GONE) || !has_figures(t, &m, env->pool))
		return;
	taken = taken_by_segment(t, s, env);
	m.taken += taken;
	measure(t, &m, s, taken, env);
	if (s->text.len >= GROWS_FROM)
		grow(t, &m, s->text.len, taken, env);
	store(t, &m, env->pool);
}

/* tcp_rcvbuf_grow(): text out of order lies in the buffer until the gap is filled, so there must
 * be room for it beside what comes in a round trip. Who has not accepted gets no more. */
static void make_room(struct tcb *t, struct memory *m, struct tcp_env *env)
{
	struct run last = run_at(env->pool, t->rcv.held_last);
	uint32_t text = 2 * m->reads + seq_span(t->rcv.nxt, seq_add(last.seq, last.text.len));
	uint32_t buff = least(memory_for(text, m->ratio), env->profile->rcv_buff_max);

	if (env->is_unclaimed || buff <= m->buff)
		return;
	why(t, R_BUFFER_GROWS, env);
	m->buff = buff;
	m->clamp = text_in(buff, m->ratio);
}

void memory_hold(struct tcb *t, const struct seg *s, struct tcp_env *env)
{
	uint32_t taken;
	struct memory m;

	if ((t->flags & TCB_USER_GONE) || t->rcv.held == 0 || !has_figures(t, &m, env->pool))
		return;
	taken = taken_by_segment(t, s, env);
	m.taken += taken;
	measure(t, &m, s, taken, env);
	if (t->flags & TCB_SACK)
		grow(t, &m, s->text.len, taken, env);
	make_room(t, &m, env);
	store(t, &m, env->pool);
}

void memory_give(struct tcb *t, uint32_t n, struct tcp_env *env)
{
	struct memory m;

	if (!has_figures(t, &m, env->pool))
		return;
	release(&m, n, t->rcv.user + octets_held(t, env->pool));
	store(t, &m, env->pool);
}

void memory_settings(struct tcb *t, struct tcp_env *env)
{
	struct memory m;

	if (env->profile->rcv_buff_max > 0 || !has_figures(t, &m, env->pool))
		return;
	if (m.buff == buff_of(env->profile))
		return;
	m.buff = buff_of(env->profile);
	m.clamp = text_in(m.buff, m.ratio);
	store(t, &m, env->pool);
}

/* ---- the window ----------------------------------------------------------------------------- */

static bool may_shrink(const struct tcb *t, const struct tcp_env *env)
{
	return env->profile->shrink && t->rcv_shift > 0 && (t->flags & TCB_SCALE);
}

/* Without scale: whole segments, unless the window is within one of what is free. */
static uint32_t whole_segments(const struct memory *m, uint32_t free, uint32_t mss, uint32_t full)
{
	if (m->told > free || m->told + mss <= free)
		return free / mss * mss;
	if (mss == full && free > m->told + full / 2)
		return free;
	return m->told;
}

/* __tcp_select_window(): what is free, as text; none rather than little; no more than trusted. */
static uint32_t window_now(struct tcb *t, const struct memory *m, const struct tcp_env *env)
{
	uint32_t all = text_in(free_of(m), m->ratio), free = all, unit = window_unit(t);
	uint32_t full = least(m->clamp, text_in(m->buff, m->ratio)), mss = least(m->heard, full);
	bool is_shrinkable = may_shrink(t, env);

	if (mss == 0)
		return 0;
	if (is_shrinkable)
		free -= free % unit;
	if (free < full / 2) {
		t->rcv.quick = 0;
		free -= free % unit;
		if (free < all / 16 || free < mss || free == 0)
			return 0;
	}
	if (free > m->trust)
		free = is_shrinkable ? round_up(m->trust, unit) : m->trust;
	return unit > 1 ? round_up(free, unit) : whole_segments(m, free, mss, full);
}

void memory_offer(struct tcb *t, struct tcp_env *env)
{
	struct memory m = load(t, env->pool);
	uint32_t wnd = window_now(t, &m, env);

	counts(R_WINDOW_MEMORY, env);
	if (wnd < t->rcv.wnd && may_shrink(t, env) && memory_shrinks(t, env)) {
		why(t, R_WINDOW_SHRUNK, env);
		m = load(t, env->pool);
	} else if (wnd < t->rcv.wnd) {
		wnd = round_up(t->rcv.wnd, window_unit(t));
	}
	t->rcv.wnd = m.told = least(wnd, window_limit(t));
	store(t, &m, env->pool);
}

/* tcp_cleanup_rbuf(): the window is under half of the largest, and can be twice what it is. */
bool memory_opens(struct tcb *t, struct tcp_env *env)
{
	struct memory m = load(t, env->pool);
	uint32_t wnd;

	if (t->rcv.wnd > m.clamp / 2)
		return false;
	wnd = window_now(t, &m, env);
	return wnd > 0 && wnd >= 2 * t->rcv.wnd;
}

/* __tcp_ack_snd_check(): an ACK that takes room away can wait until the user has read. */
bool memory_stands(struct tcb *t, struct tcp_env *env)
{
	struct memory m;

	if (!has_figures(t, &m, env->pool) || window_now(t, &m, env) >= m.told)
		return true;
	why(t, R_ACK_WINDOW_LESS, env);
	return false;
}

/* ---- the furthest edge ---------------------------------------------------------------------- */

bool memory_shrinks(struct tcb *t, struct tcp_env *env)
{
	struct memory m = {0};
	seq32 edge = seq_add(t->rcv.nxt, least(t->rcv.wnd, window_limit(t)));

	if (t->rcv.memory != 0)
		m = load(t, env->pool);
	else
		t->rcv.memory = pool_take(env->pool);
	if (t->rcv.memory == 0)
		return false;
	if (!(m.flags & MEMORY_EDGE) || seq_gt(edge, m.edge))
		m.edge = edge;
	m.flags |= MEMORY_EDGE;
	store(t, &m, env->pool);
	return true;
}

void memory_passes(struct tcb *t, struct tcp_env *env)
{
	struct memory m;

	if (t->rcv.memory == 0)
		return;
	m = load(t, env->pool);
	if (!(m.flags & MEMORY_EDGE) || window_in_force(t, env) > t->rcv.wnd)
		return;
	m.flags &= ~(uint32_t)MEMORY_EDGE;
	m.edge = seq(0);
	store(t, &m, env->pool);
	if (m.flags == 0)
		memory_flush(t, env->pool);
}

uint32_t window_in_force(const struct tcb *t, const struct tcp_env *env)
{
	struct memory m;

	if (t->rcv.memory == 0)
		return t->rcv.wnd;
	m = load(t, env->pool);
	if (!(m.flags & MEMORY_EDGE) || seq_le(m.edge, seq_add(t->rcv.nxt, t->rcv.wnd)))
		return t->rcv.wnd;
	return seq_span(t->rcv.nxt, m.edge);
}

bool ends_beyond(const struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	seq32 end = seg_end(s);

	return env->profile->beyond_window == BEYOND_REFUSE && s->text.len > 0 &&
	       seq_gt(s->ctl & FIN ? seq_sub(end, 1) : end,
		      seq_add(t->rcv.nxt, window_in_force(t, env)));
}

bool is_honored(const struct tcb *t, const struct seg *s, const struct tcp_env *env)
{
	return window_in_force(t, env) > t->rcv.wnd && s->len > 0 &&
	       seq_gt(seg_end(s), seq_add(t->rcv.nxt, t->rcv.wnd));
}
