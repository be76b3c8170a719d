/* SPDX-License-Identifier: MIT */
/*
 * view_tcb.c - inside two TCPs: the RFC's variables side by side, in groups (field.def). What this
 * step changed is bold, with what it was before where there is room for both.
 */
#include <inttypes.h>
#include <base/utf8.h>
#include "stage/view.h"

enum base { BASE_NONE, BASE_OWN, BASE_PEER };

/* A heading of a group, or a field of it. */
struct tcb_row {
	bool is_group;
	enum tcb_field field;
	const char *name;
	enum base base;
	enum string words; /* the group's name, or what the field is */
};

static const struct tcb_row rows[] = {
#define TCB_GROUP(id, columns, en, zh) {.is_group = true, .words = STRING_GROUP_##id},
#define TCB_ROW(id, text, of, columns, en, zh)                                                     \
	{.field = F_##id, .name = text, .base = BASE_##of, .words = STRING_FIELD_##id},
#include "stage/field.def"
};

enum { ROWS = sizeof rows / sizeof rows[0], NAME_COLUMNS = 13, BLOCK_COLUMNS = 38, GROUPS = 6 };

/* An ssthresh like this is none yet (RFC 5681 section 3.1), a cwnd like this none at all. */
static const int64_t UNLIMITED = INT64_C(1) << 30;

/* What the beat just told did to one connection. */
struct changes {
	bool has[TCB_FIELD_COUNT];
	int64_t old[TCB_FIELD_COUNT];
};

struct panel_tcb {
	const struct view *v;
	int people;
	uint8_t host[2];
	const struct moment_conn *conn[2]; /* NULL: none */
	struct changes changes[2];
	int field; /* the row under the focus, or -1 */
};

static void note_changes(struct changes *changes, const struct view *v, const struct moment_conn *k)
{
	const struct beat *b = view_beat(v);
	const struct trace *t = v->story->trace;

	for (uint64_t i = b ? b->first : 0; k && b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(t, i);

		if (r->conn != k->conn)
			continue;
		if (r->kind == REC_STATE && r->from != r->to && !changes->has[F_state]) {
			changes->has[F_state] = true;
			changes->old[F_state] = r->from;
		}
		for (uint32_t j = 0; j < r->changes.count; j++) {
			const struct tcb_change *change = trace_change(t, r, j);

			if (change->old == change->new || changes->has[change->field])
				continue;
			changes->has[change->field] = true;
			changes->old[change->field] = change->old;
		}
	}
	for (int f = 0; k && f < TCB_FIELD_COUNT; f++) {
		if (changes->old[f] == k->field[f])
			changes->has[f] = false;
	}
}

/* ---- values ---------------------------------------------------------------------------------- */

static int64_t relative(const struct view *v, const struct moment_conn *k,
			const struct tcb_row *row, int64_t value)
{
	if (v->player->is_absolute || row->base == BASE_NONE)
		return value;
	return (int64_t)(uint32_t)(value - k->field[row->base == BASE_OWN ? F_iss : F_irs]);
}

static void put_deadline(struct sink *out, const struct view *v, int64_t at)
{
	if (at == USEC_NEVER || at < v->player->now)
		sink_puts(out, "-");
	else
		put_span(out, at - v->player->now);
}

static void put_value(struct sink *out, const struct view *v, const struct moment_conn *k,
		      const struct tcb_row *row, int64_t value)
{
	switch (tcb_field_kind_of(row->field)) {
	case FIELD_SEQ: sink_printf(out, "%" PRId64, relative(v, k, row, value)); return;
	case FIELD_TIME:
		if (value <= 0)
			sink_puts(out, "-");
		else
			put_span(out, value);
		return;
	case FIELD_DEADLINE:
		if (value != USEC_NEVER && view_hides_deadlines(v))
			sink_putc(out, '?');
		else
			put_deadline(out, v, value);
		return;
	case FIELD_BOOL:
		sink_puts(out, string_in(value ? STRING_YES : STRING_NO, v->player->lang));
		return;
	case FIELD_STATE: sink_puts(out, state_name((enum state)value)); return;
	case FIELD_COUNT:
	case FIELD_BYTES:
		if ((row->field == F_ssthresh || row->field == F_cwnd) && value >= UNLIMITED)
			sink_puts(out, string_in(STRING_UNLIMITED, v->player->lang));
		else
			sink_printf(out, "%" PRId64, value);
		return;
	}
}

static bool has_new_base(const struct changes *changes, const struct tcb_row *row)
{
	return (row->base == BASE_OWN && changes->has[F_iss]) ||
	       (row->base == BASE_PEER && changes->has[F_irs]);
}

/* "1001→1008", where that is too long "→1008": the arrow says that it is new. */
static void put_change(struct sink *out, const struct panel_tcb *p, int side,
		       const struct tcb_row *row, int room)
{
	const struct moment_conn *k = p->conn[side];
	struct sink new = {0};
	char arrow[5] = {0};

	utf8_put(glyph_code(GLYPH_TO), arrow);
	put_value(&new, p->v, k, row, k->field[row->field]);
	/* A deadline that has changed had nothing to do with now, nor a number from before the
	 * first one. */
	if (tcb_field_kind_of(row->field) != FIELD_DEADLINE &&
	    !has_new_base(&p->changes[side], row))
		put_value(out, p->v, k, row, p->changes[side].old[row->field]);
	if (out->count > 0 && (int)(utf8_columns(out->at) + utf8_columns(new.at)) + 1 > room)
		sink_clear(out);
	if (out->count > 0 || (int)utf8_columns(new.at) < room)
		sink_puts(out, arrow);
	sink_puts(out, new.at);
	sink_fini(&new);
}

static void draw_value(struct canvas *c, int row, int end, int room, const struct panel_tcb *p,
		       int side, const struct tcb_row *what)
{
	const struct moment_conn *k = p->conn[side];
	struct sink text = {0};
	struct ink ink = INK(ROLE_TEXT);

	if (!k || (k->field[F_state] == CLOSED && what->field != F_state)) {
		canvas_text_right(c, row, end, room, INK(ROLE_FAINT), "-");
		return;
	}
	if (p->changes[side].has[what->field]) {
		ink = view_ink(p->v, p->host[side]);
		ink.attrs |= ATTR_BOLD;
		put_change(&text, p, side, what, room);
	} else {
		put_value(&text, p->v, k, what, k->field[what->field]);
	}
	canvas_text_right(c, row, end, room, ink, text.at);
	sink_fini(&text);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void draw_row(struct canvas *c, struct area a, const struct panel_tcb *p, int index)
{
	const struct tcb_row *row = &rows[index];
	int share = (a.columns - NAME_COLUMNS) / 2;

	if (row->is_group) {
		struct sink name = {0};

		string_put(&name, row->words, p->v->player->lang);
		canvas_text(c, a.row, a.column, a.columns, INK(ROLE_HEAD), name.at);
		sink_fini(&name);
		return;
	}
	canvas_text(c, a.row, a.column + 1, NAME_COLUMNS - 1,
		    INK(index == p->field ? ROLE_TEXT : ROLE_FAINT), row->name);
	if (index == p->field)
		canvas_mark(c, a.row, a.column, NAME_COLUMNS, ATTR_REVERSE);
	for (int side = 0; side < p->people; side++)
		draw_value(c, a.row, a.column + NAME_COLUMNS + share * (side + 1), share - 1, p,
			   side, row);
}

static void draw_names(struct canvas *c, struct area a, const struct panel_tcb *p)
{
	int share = (a.columns - NAME_COLUMNS) / 2;

	for (int side = 0; side < p->people; side++)
		canvas_text_right(c, a.row, a.column + NAME_COLUMNS + share * (side + 1), share - 1,
				  view_ink(p->v, p->host[side]), view_name(p->v, p->host[side]));
}

/* What the field under the focus is, in the last rows. Returns how many these are. */
static int draw_words(struct canvas *c, struct area a, const struct panel_tcb *p)
{
	enum lang lang = p->v->player->lang;
	enum string words;
	int n = lang == LANG_BOTH ? 2 : 1;

	if (p->field < 0 || rows[p->field].is_group || a.rows < n + 3)
		return 0;
	words = rows[p->field].words;
	if (lang == LANG_BOTH)
		canvas_text(c, a.row + a.rows - 2, a.column + 1, a.columns - 2, INK(ROLE_TEXT),
			    string_in(words, LANG_ZH));
	canvas_text(c, a.row + a.rows - 1, a.column + 1, a.columns - 2, INK(ROLE_TEXT),
		    string_in(words, lang));
	return n;
}

/* The focus walks from field to field; the headings of groups between them are passed over. */
static int row_of_field(int field)
{
	int row = 0;

	while (row < ROWS - 1 && (rows[row].is_group || field-- > 0))
		row++;
	return row;
}

/* So that the row under the focus stands in the middle, as long as there are rows on both sides. */
static int top_of(int row, int seen)
{
	int top = row - seen / 2;

	if (top > ROWS - seen)
		top = ROWS - seen;
	return top > 0 ? top : 0;
}

static void begin(struct panel_tcb *p, const struct canvas *c, const struct view *v)
{
	int i = panel_index(PANEL_TCB);

	*p = (struct panel_tcb){.v = v, .field = -1};
	p->people = view_pair(v, p->host);
	for (int side = 0; side < p->people; side++) {
		p->conn[side] = view_conn(v, p->host[side]);
		note_changes(&p->changes[side], v, p->conn[side]);
	}
	if (view_focus(c, v) == PANEL_TCB)
		p->field = row_of_field(v->player->scrolled[i]);
}

static void draw_rows(struct canvas *c, struct area a, const struct panel_tcb *p, int top,
		      int blocks, struct hits *hits)
{
	int columns = a.columns / blocks;

	for (int b = 0; b < blocks; b++) {
		struct area block = {a.row, a.column + 1 + b * columns, 1, columns - 1};
		int field = 0;

		draw_names(c, block, p);
		for (int i = 0; i < top + b * (a.rows - 1) && i < ROWS; i++)
			field += !rows[i].is_group;
		for (int i = 1; i < a.rows; i++) {
			int index = top + b * (a.rows - 1) + i - 1;
			struct area row = {a.row + i, block.column, 1, block.columns};

			if (index >= ROWS)
				break;
			draw_row(c, row, p, index);
			if (!rows[index].is_group)
				hits_add(hits, row, ACTION_FIELD, (uint32_t)field++);
		}
	}
}

void view_tcb(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	int i = panel_index(PANEL_TCB);
	int blocks = a.columns >= 2 * BLOCK_COLUMNS ? 2 : 1;
	struct sink heading = {0};
	struct panel_tcb p;
	int words, seen, top;

	if (a.rows < 3)
		return;
	begin(&p, c, v);
	words = draw_words(c, a, &p);
	seen = (a.rows - 2 - words) * blocks;
	top = top_of(row_of_field(v->player->scrolled[i]), seen);
	if (hits) {
		hits->panels.most[i] = ROWS - GROUPS - 1;
		hits->panels.page[i] = seen > 1 ? seen - 1 : 1;
	}
	view_put_pair(&heading, v, STRING_TCB, a.columns - 4);
	view_heading(c, a, v, PANEL_TCB, heading.at, top, ROWS - top - seen);
	sink_fini(&heading);
	draw_rows(c, (struct area){a.row + 1, a.column, a.rows - 1 - words, a.columns}, &p, top,
		  blocks, hits);
}
