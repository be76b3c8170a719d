/* SPDX-License-Identifier: MIT */
#include "stage/alongside.h"

#include "stage/session.h"

/* ---- what belongs together ------------------------------------------------------------------- */

static struct relative numbers_of(const struct talk *talk, const struct trace *t,
				  const struct record *r)
{
	struct leg leg = trace_leg(t, r);

	return talk_relative(talk, &leg, trace_seg(t, r));
}

/* One pass: rows have each one's segments in the order of its trace. */
static void find_numbers(struct alongside *a, const struct trace *t, bool is_kernel)
{
	struct talks talks = {0};
	size_t row = 0;

	for (uint64_t i = 0; i < trace_count(t) && row < a->rows.rows.count; i++) {
		const struct record *r = trace_at(t, i);
		const struct talk *talk = talks_see(&talks, t, r);

		for (; row < a->rows.rows.count; row++) {
			const struct beside_row *at = &a->rows.rows.at[row];
			uint64_t record = is_kernel ? at->kernel : at->engine;
			struct row_numbers *numbers = &a->numbers.at[row];

			if (record != PAIRING_NONE && record > i)
				break;
			if (record != i || !talk)
				continue;
			if (is_kernel)
				numbers->kernel = numbers_of(talk, t, r);
			else
				numbers->engine = numbers_of(talk, t, r);
		}
	}
	talks_fini(&talks);
}

static void forget(struct alongside *a)
{
	if (a->has_rows)
		beside_fini(&a->rows);
	array_clear(&a->numbers);
	a->has_rows = false;
	a->twin = NULL;
}

static void compare(struct alongside *a, const struct trace *kernel, const struct trace *twin)
{
	forget(a);
	beside_init(&a->rows, kernel, twin);
	a->has_rows = true;
	a->twin = twin;
	a->kernel_count = trace_count(kernel);
	a->twin_count = trace_count(twin);
	for (size_t i = 0; i < a->rows.rows.count; i++)
		*array_push(&a->numbers) = (struct row_numbers){0};
	find_numbers(a, kernel, true);
	find_numbers(a, twin, false);
}

static const struct trace *twin_of(const struct session *s)
{
	const struct stage_live *live = s->growth.live;

	return live ? live->twin(live->user) : s->alongside.own;
}

void alongside_init(struct session *s, const struct stage_options *o)
{
	s->alongside = (struct alongside){.own = o->twin};
	s->view.alongside = &s->alongside;
	s->player.panels.has_twin = twin_of(s) != NULL;
}

void alongside_fini(struct alongside *a)
{
	forget(a);
	array_fini(&a->numbers);
}

/* Whatever was found with a trace that is no more is forgotten before anybody looks at it. */
void alongside_refresh(struct session *s, int rows, int columns)
{
	struct alongside *a = &s->alongside;
	const struct trace *twin = twin_of(s), *kernel = s->story->trace;

	s->player.panels.has_twin = twin != NULL;
	s->player.panels.given = panels_given(rows, columns, twin != NULL);
	if (a->has_rows && twin == a->twin && trace_count(twin) == a->twin_count &&
	    trace_count(kernel) == a->kernel_count && a->kernel == kernel)
		return;
	forget(a);
	if (twin && (player_shown(&s->player) & PANEL_BESIDE)) {
		compare(a, kernel, twin);
		a->kernel = kernel;
	}
}

bool alongside_is_there(const struct alongside *a)
{
	return a && a->has_rows;
}

/* ---- where one is ---------------------------------------------------------------------------- */

/* The kernel's that were sent, and what the engine has sent by now behind them. */
int64_t alongside_told(const struct alongside *a, const struct player *p)
{
	int64_t count = (int64_t)a->rows.rows.count, told = 0;

	for (int64_t i = 0; i < count; i++) {
		uint64_t kernel = a->rows.rows.at[i].kernel;

		if (kernel != PAIRING_NONE && kernel >= p->cursor)
			break;
		if (kernel != PAIRING_NONE)
			told = i + 1;
	}
	while (told < count && a->rows.rows.at[told].kernel == PAIRING_NONE &&
	       trace_at(a->twin, a->rows.rows.at[told].engine)->at <= p->now)
		told++;
	return told;
}

/* The segment that the ladder's row is about, else the last one before it. */
static uint64_t record_of(const struct player *p)
{
	const struct story *s = p->story;
	const struct row *row = s->rows.count > 0 ? &s->rows.at[player_row(p)] : NULL;

	if (!row)
		return 0;
	if (row->kind == ROW_LEAVE || row->kind == ROW_REACH || row->kind == ROW_LOST)
		return s->voyages.at[row->voyage].send;
	return row->record;
}

static bool is_own(const struct alongside *a, const struct player *p)
{
	return a->is_own && a->own_now == p->now && a->own_cursor == p->cursor &&
	       a->own_row == player_row(p);
}

int64_t alongside_here(const struct alongside *a, const struct player *p)
{
	int64_t told = alongside_told(a, p), here = -1;
	uint64_t record = record_of(p);

	if (is_own(a, p))
		return a->at < told ? a->at : told - 1;
	for (int64_t i = 0; i < told; i++) {
		uint64_t kernel = a->rows.rows.at[i].kernel;

		if (kernel != PAIRING_NONE && kernel > record)
			break;
		if (kernel != PAIRING_NONE)
			here = i;
	}
	return here < 0 && told > 0 ? 0 : here;
}

bool alongside_differs(const struct beside_row *r)
{
	const unsigned weighty = DIFFERS_WHAT | DIFFERS_WHO | DIFFERS_PORTS | DIFFERS_FLAGS |
				 DIFFERS_SEQ | DIFFERS_ACK | DIFFERS_TEXT | DIFFERS_REPEAT;

	return r->kernel == PAIRING_NONE || r->engine == PAIRING_NONE || (r->what & weighty);
}

void alongside_move(struct session *s, int by)
{
	struct alongside *a = &s->alongside;
	struct player *p = &s->player;
	int64_t told = alongside_is_there(a) ? alongside_told(a, p) : 0;
	int64_t at = told > 0 ? alongside_here(a, p) + by : 0;
	uint64_t kernel;

	if (told == 0)
		return;
	at = at < 0 ? 0 : at >= told ? told - 1 : at;
	kernel = a->rows.rows.at[at].kernel;
	if (kernel != PAIRING_NONE && story_voyage(p->story, kernel))
		player_look_at(p, story_voyage(p->story, kernel)->leave_row);
	else
		player_look_at(p, player_row(p));
	p->focus = PANEL_BESIDE;
	a->is_own = true;
	a->at = at;
	a->own_now = p->now;
	a->own_cursor = p->cursor;
	a->own_row = player_row(p);
}

bool alongside_key(struct session *s, uint32_t key)
{
	enum action a = key_action(key);
	int page = s->player.panels.page[panel_index(PANEL_BESIDE)];
	int by = a == ACTION_DOWN        ? 1
		 : a == ACTION_UP        ? -1
		 : a == ACTION_PAGE_DOWN ? page
		 : a == ACTION_PAGE_UP   ? -page
					 : 0;

	if (s->player.overlay != OVERLAY_NONE || player_focus(&s->player) != PANEL_BESIDE ||
	    by == 0)
		return false;
	alongside_move(s, by);
	return true;
}
