/* SPDX-License-Identifier: MIT */
/* The retransmission queue and its scoreboard under random deeds, against an oracle that is an
 * array of records and a line of them in the order of sending. */
#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include <base/prng.h>
#include <tcp/queues.h>
#include "fixture.h"
#include "suites.h"

enum { RECORDS = 3000, SEEDS = 60, FEW_BLOCKS = 9 };

struct told {
	struct rexmit r;
	uint32_t id; /* its place in `line` is found by it */
};

struct oracle {
	struct told at[RECORDS];
	uint32_t line[RECORDS]; /* ids in the order of sending, the oldest first */
	uint32_t count, ids;
};

struct rig {
	struct tcb t;
	struct tcp_pool pool;
	uint32_t blocks;
	struct prng p;
	usec now;
	uint32_t most; /* records */
	struct oracle o;
};

static uint32_t below(struct rig *g, uint32_t n)
{
	return (uint32_t)prng_below(&g->p, n);
}

static void rig_init(struct rig *g, int seed, uint32_t most, uint32_t blocks)
{
	memset(g, 0, sizeof *g);
	prng_init(&g->p, (uint64_t)seed, 7);
	g->now = 1000;
	g->most = most;
	g->blocks = blocks;
	tcp_pool_extend(&g->pool, xmalloc(blocks * sizeof *g->pool.blocks), blocks);
	g->t.snd.una = g->t.snd.nxt = seq(seed % 2 ? 0xfffff000u : 77u * (unsigned)seed);
}

static void rig_fini(struct rig *g)
{
	rexmitq_flush(&g->t, &g->pool);
	ck_assert_uint_eq(g->pool.free_count, g->blocks - 1);
	free(g->pool.blocks);
}

/* ---- the oracle ----------------------------------------------------------------------------- */

static uint32_t place_of(const struct oracle *o, uint32_t id)
{
	uint32_t i = 0;

	while (o->line[i] != id)
		i++;
	return i;
}

static void line_insert(struct oracle *o, uint32_t place, uint32_t id)
{
	memmove(&o->line[place + 1], &o->line[place], (o->count - place) * sizeof *o->line);
	o->line[place] = id;
}

static void line_remove(struct oracle *o, uint32_t id)
{
	uint32_t place = place_of(o, id);

	memmove(&o->line[place], &o->line[place + 1], (o->count - place - 1) * sizeof *o->line);
}

static void oracle_push(struct oracle *o, const struct rexmit *r)
{
	o->at[o->count] = (struct told){*r, o->ids++};
	line_insert(o, o->count, o->at[o->count].id);
	o->count++;
}

static void oracle_pop(struct oracle *o)
{
	line_remove(o, o->at[0].id);
	o->count--;
	memmove(&o->at[0], &o->at[1], o->count * sizeof *o->at);
}

static uint32_t oracle_index(const struct oracle *o, uint32_t id)
{
	for (uint32_t i = 0; i < o->count; i++)
		if (o->at[i].id == id)
			return i;
	ck_abort();
}

static bool is_listed(const struct told *x)
{
	return !(x->r.marks & (MARK_SACKED | MARK_LOST));
}

/* The news of one segment, reckoned afresh from the list of what it told. */
static void news_add_again(struct board_news *n, const struct rexmit *r)
{
	if (!n->has_again || r->sent_at > n->again_at ||
	    (r->sent_at == n->again_at && seq_gt(rexmit_end(r), n->again_end))) {
		n->again_at = r->sent_at;
		n->again_end = rexmit_end(r);
	}
	n->has_again = true;
}

static void news_add(struct board_news *n, const struct rexmit *r)
{
	if (r->times > 0) {
		news_add_again(n, r);
		return;
	}
	if (!n->has_newest || r->sent_at > n->newest_at ||
	    (r->sent_at == n->newest_at && seq_gt(rexmit_end(r), n->newest_end))) {
		n->newest_at = r->sent_at;
		n->newest_end = rexmit_end(r);
	}
	n->has_newest = true;
	if (!n->has_first || seq_lt(r->seq, n->first))
		n->first = r->seq;
	if (!n->has_first || r->sent_at > n->first_at)
		n->first_at = r->sent_at;
	n->has_first = true;
}

static void expect_news(const struct board_news *is, const struct board_news *should)
{
	ck_assert_uint_eq(is->acked, should->acked);
	ck_assert_uint_eq(is->sacked, should->sacked);
	ck_assert(is->has_newest == should->has_newest);
	ck_assert(is->has_first == should->has_first);
	ck_assert(is->has_again == should->has_again);
	ck_assert_int_eq(is->again_at, should->again_at);
	ck_assert(seq_eq(is->again_end, should->again_end));
	ck_assert_int_eq(is->newest_at, should->newest_at);
	ck_assert_int_eq(is->first_at, should->first_at);
	ck_assert(seq_eq(is->newest_end, should->newest_end));
	ck_assert(seq_eq(is->first, should->first));
}

/* ---- the comparison ------------------------------------------------------------------------- */

static void compare_records(struct rig *g)
{
	uint32_t sacked = 0, lost = 0;
	seq32 high = seq(0);

	ck_assert_uint_eq(g->t.rexmitq.count, g->o.count);
	for (uint32_t i = 0; i < g->o.count; i++) {
		const struct rexmit *want = &g->o.at[i].r;
		struct rexmit is = rexmitq_at(&g->t, i, &g->pool);

		ck_assert_msg(memcmp(&is, want, sizeof is) == 0, "record %u of %u", i, g->o.count);
		if (want->marks & MARK_SACKED) {
			sacked += seg_len(want->ctl, want->text);
			high = rexmit_end(want);
		}
		if (want->marks & MARK_LOST)
			lost += seg_len(want->ctl, want->text);
	}
	ck_assert_uint_eq(g->t.board.sacked, sacked);
	ck_assert_uint_eq(g->t.board.lost, lost);
	ck_assert(seq_eq(g->t.board.high, high));
	if (g->o.count > 0) {
		struct rexmit back = rexmitq_back(&g->t, &g->pool);

		ck_assert(memcmp(&back, &g->o.at[g->o.count - 1].r, sizeof back) == 0);
	}
}

static void compare_order(struct rig *g)
{
	uint32_t index = board_oldest(&g->t, &g->pool);

	for (uint32_t place = 0; place < g->o.count; place++) {
		uint32_t want = oracle_index(&g->o, g->o.line[place]);

		if (!is_listed(&g->o.at[want]))
			continue;
		ck_assert_uint_eq(index, want);
		index = board_newer(&g->t, index, &g->pool);
	}
	ck_assert_uint_eq(index, REXMIT_NONE);
}

static uint32_t oracle_seek(const struct oracle *o, unsigned kinds, uint32_t from)
{
	for (; from < o->count; from++)
		if (board_kind(&o->at[from].r) & kinds)
			return from;
	return REXMIT_NONE;
}

static void compare_searches(struct rig *g)
{
	uint32_t flight = seq_span(g->t.snd.una, g->t.snd.nxt);
	seq32 at = seq_add(seq_sub(g->t.snd.una, 5), below(g, flight + 10));
	uint32_t want = REXMIT_NONE, from = below(g, g->o.count + 1);
	unsigned kinds = 1 + below(g, 15), marks = 1 + below(g, 7);
	uint32_t marked = 0;

	for (uint32_t i = 0; i < g->o.count; i++) {
		const struct rexmit *r = &g->o.at[i].r;

		if (seq_le(r->seq, at) && seq_lt(at, rexmit_end(r)))
			want = i;
		marked += (r->marks & marks) != 0;
	}
	ck_assert_uint_eq(rexmitq_find(&g->t, at, &g->pool), want);
	ck_assert_uint_eq(board_seek(&g->t, kinds, from, &g->pool),
			  oracle_seek(&g->o, kinds, from));
	ck_assert_uint_eq(board_next_lost(&g->t, &g->pool), oracle_seek(&g->o, BOARD_LOST, 0));
	ck_assert_uint_eq(board_count(&g->t, marks, &g->pool), marked);
}

static void compare(struct rig *g)
{
	compare_records(g);
	compare_order(g);
	for (int i = 0; i < 4; i++)
		compare_searches(g);
	board_check(&g->t, &g->pool);
}

static bool is_value_of(const struct rig *g, const struct tcb *other)
{
	bool is = tcb_eq(&g->t, other, &g->pool, &g->pool);

	ck_assert(is == tcb_eq(other, &g->t, &g->pool, &g->pool));
	ck_assert(is == (tcb_hash(&g->t, &g->pool) == tcb_hash(other, &g->pool)));
	return is;
}

/* ---- the deeds ------------------------------------------------------------------------------ */

static void deed_push(struct rig *g)
{
	struct rexmit r = {.seq = g->t.snd.nxt, .sent_at = g->now};

	r.text = (uint16_t)(below(g, 4) ? 1000 : 1 + below(g, 1448));
	r.ctl = below(g, 4) ? 0 : PSH;
	if (g->o.count == g->most)
		return;
	if (!rexmitq_push(&g->t, &r, &g->pool)) {
		ck_assert_uint_lt(g->pool.free_count, 8);
		return;
	}
	g->t.snd.nxt = rexmit_end(&r);
	oracle_push(&g->o, &r);
}

static void deed_ack(struct rig *g)
{
	uint32_t flight = seq_span(g->t.snd.una, g->t.snd.nxt);
	uint32_t octets = below(g, g->most) ? below(g, 4000) : flight;
	struct board_news is = {0}, should = {0};

	if (octets > flight)
		octets = flight;
	g->t.snd.una = seq_add(g->t.snd.una, octets);
	while (g->o.count > 0 && seq_le(rexmit_end(&g->o.at[0].r), g->t.snd.una)) {
		const struct rexmit *r = &g->o.at[0].r;

		if (!(r->marks & MARK_SACKED)) {
			should.acked += seg_len(r->ctl, r->text);
			news_add(&should, r);
		}
		oracle_pop(&g->o);
	}
	bool wants_news = below(g, 4);

	rexmitq_acked(&g->t, wants_news ? &is : NULL, &g->pool);
	if (wants_news)
		expect_news(&is, &should);
}

static void deed_sack(struct rig *g)
{
	uint32_t flight = seq_span(g->t.snd.una, g->t.snd.nxt), from = below(g, flight + 1);
	uint32_t len = below(g, below(g, 10) ? 5000 : flight + 1);
	struct sack_block block = {seq_add(g->t.snd.una, from), seq(0)};
	struct board_news is = {0}, should = {0};

	block.right = seq_add(block.left, from + len > flight ? flight - from : len);
	if (below(g, 2) && g->o.count > 0) /* on a boundary, as those of honest peers */
		block.left = g->o.at[below(g, g->o.count)].r.seq;
	for (uint32_t i = 0; i < g->o.count; i++) {
		struct rexmit *r = &g->o.at[i].r;

		if (seq_lt(r->seq, block.left) || seq_gt(rexmit_end(r), block.right) ||
		    (r->marks & MARK_SACKED))
			continue;
		should.sacked += seg_len(r->ctl, r->text);
		news_add(&should, r);
		r->marks = MARK_SACKED;
	}
	board_sack(&g->t, block, &is, &g->pool);
	expect_news(&is, &should);
	struct board_news again = {0};

	board_sack(&g->t, block, &again, &g->pool);
	expect_news(&again, &(struct board_news){0});
}

static void deed_lose(struct rig *g)
{
	if (g->o.count == 0)
		return;
	uint32_t index = below(g, g->o.count);
	struct rexmit *r = &g->o.at[index].r;

	board_lose(&g->t, index, &g->pool);
	if (!(r->marks & MARK_SACKED))
		r->marks = MARK_LOST;
}

static void deed_lose_below(struct rig *g)
{
	seq32 edge = seq_add(g->t.snd.una, below(g, below(g, 5) ? 3000 : 1000000));

	for (uint32_t i = 0; i < g->o.count; i++) {
		struct rexmit *r = &g->o.at[i].r;

		if (seq_le(rexmit_end(r), edge) && r->marks == 0)
			r->marks = MARK_LOST;
	}
	board_lose_below(&g->t, edge, &g->pool);
}

static void deed_all(struct rig *g)
{
	bool forgets = below(g, 2);

	for (uint32_t i = 0; i < g->o.count; i++) {
		struct rexmit *r = &g->o.at[i].r;

		if (((r->marks & MARK_SACKED) != 0) == forgets)
			r->marks = MARK_LOST;
	}
	if (forgets)
		board_forget(&g->t, &g->pool);
	else
		board_lose_all(&g->t, &g->pool);
}

static void deed_again(struct rig *g)
{
	uint32_t index = board_next_lost(&g->t, &g->pool);

	if (below(g, 4) == 0 && g->o.count > 0)
		index = below(g, g->o.count);
	if (index == REXMIT_NONE || (g->o.at[index].r.marks & MARK_SACKED))
		return;
	struct told *x = &g->o.at[index];

	board_sent_again(&g->t, index, g->now, &g->pool);
	x->r.marks = MARK_AGAIN;
	x->r.sent_at = g->now;
	x->r.times++;
	line_remove(&g->o, x->id);
	g->o.count--;
	line_insert(&g->o, g->o.count, x->id);
	g->o.count++;
}

static void deed_split(struct rig *g)
{
	uint32_t index = g->o.count ? below(g, g->o.count) : 0;
	struct oracle *o = &g->o;

	if (o->count == 0 || o->count == g->most || o->at[index].r.text < 2)
		return;
	struct told a = o->at[index], b = a;

	a.r.text = (uint16_t)(1 + below(g, a.r.text - 1u));
	a.r.ctl = 0;
	b.r.text = (uint16_t)(b.r.text - a.r.text);
	b.r.seq = seq_add(b.r.seq, a.r.text);
	if (seq_le(b.r.seq, g->t.snd.una))
		return; /* the first half would be acknowledged */
	b.id = o->ids++;
	if (!rexmitq_split(&g->t, index, a.r.text, &g->pool)) {
		ck_assert_uint_lt(g->pool.free_count, 8);
		return;
	}
	memmove(&o->at[index + 2], &o->at[index + 1], (o->count - index - 1) * sizeof *o->at);
	o->at[index] = a;
	o->at[index + 1] = b;
	line_insert(o, place_of(o, a.id) + 1, b.id);
	o->count++;
}

static void deed_copy(struct rig *g)
{
	struct tcp_env env = {.pool = &g->pool, .profile = tcp_profile_named("rfc")};
	uint32_t free_before = g->pool.free_count, blocks = tcb_blocks(&g->t, &g->pool);
	struct tcb copy;

	if (free_before < blocks)
		return;
	tcb_copy(&copy, &g->t, &env);
	ck_assert_uint_eq(free_before - g->pool.free_count, blocks);
	ck_assert(is_value_of(g, &copy));
	if (board_oldest(&copy, &g->pool) != REXMIT_NONE) {
		board_lose(&copy, board_oldest(&copy, &g->pool), &g->pool);
		ck_assert(!is_value_of(g, &copy));
	}
	rexmitq_flush(&copy, &g->pool);
	ck_assert_uint_eq(free_before, g->pool.free_count);
}

static void deed(struct rig *g)
{
	static void (*const deeds[])(struct rig *) = {
		deed_push, deed_push, deed_push,  deed_push,       deed_push,
		deed_push, deed_push, deed_ack,   deed_ack,        deed_sack,
		deed_sack, deed_sack, deed_lose,  deed_again,      deed_push,
		deed_push, deed_push, deed_again, deed_lose_below, deed_split,
	};
	uint32_t chance = below(g, 300);

	g->now += below(g, 3); /* at times several things at one moment */
	if (chance == 0)
		deed_all(g);
	else if (chance < 4)
		deed_copy(g);
	else
		deeds[below(g, sizeof deeds / sizeof *deeds)](g);
}

START_TEST(a_queue_is_what_an_array_would_be)
{
	static struct rig g;

	rig_init(&g, _i, _i % 3 == 0 ? 8 : 60, 400);
	for (int turn = 0; turn < 1500; turn++) {
		deed(&g);
		compare(&g);
	}
	rig_fini(&g);
}
END_TEST

START_TEST(so_with_hardly_any_blocks)
{
	static struct rig g;

	rig_init(&g, _i, 60, 1 + (uint32_t)_i % FEW_BLOCKS);
	for (int turn = 0; turn < 600; turn++) {
		deed(&g);
		compare(&g);
	}
	rig_fini(&g);
}
END_TEST

/* High trees, whose root is shifted and gets another above it, and that are left again. */
START_TEST(so_with_thousands)
{
	static struct rig g;
	uint32_t most = 0;

	rig_init(&g, _i, RECORDS, 4 * RECORDS);
	for (int turn = 0; turn < 40000; turn++) {
		deed(&g);
		if (turn % 5000 == 0)
			compare(&g);
		else if (turn % 20 == 0)
			compare_searches(&g);
		/* For a time more is acknowledged than sent. */
		if (turn / 4000 % 3 == 2)
			deed_ack(&g);
		most = g.o.count > most ? g.o.count : most;
	}
	ck_assert_uint_gt(most, 1000);

	rig_fini(&g);
}
END_TEST

START_TEST(news_of_what_was_sent_at_one_moment)
{
	static struct rig g;
	struct board_news news = {0};

	/* RFC 8985 6.2: the one that ends last counts as sent last. */
	rig_init(&g, _i, 10, 20);
	for (int i = 0; i < 4; i++)
		deed_push(&g);
	seq32 end = rexmit_end(&g.o.at[2].r);

	board_sack(&g.t, (struct sack_block){g.o.at[1].r.seq, end}, &news, &g.pool);
	ck_assert(seq_eq(news.newest_end, end));
	ck_assert(seq_eq(news.first, g.o.at[1].r.seq));
	rig_fini(&g);
}
END_TEST

Suite *board_suite(void)
{
	Suite *s = suite_create("scoreboard");
	TCase *tc = tcase_create("6675");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_queue_is_what_an_array_would_be, 0, SEEDS);
	tcase_add_loop_test(tc, so_with_hardly_any_blocks, 0, SEEDS);
	tcase_add_loop_test(tc, so_with_thousands, 0, 4);
	tcase_add_loop_test(tc, news_of_what_was_sent_at_one_moment, 0, 2);
	suite_add_tcase(s, tc);
	return s;
}
