/* SPDX-License-Identifier: MIT */
/* playbill_view.c - the picture of the playbill. */
#include <string.h>
#include <base/utf8.h>
#include "stage/playbill.h"
#include "stage/view.h"

/* ---- the list -------------------------------------------------------------------------------- */

/* A line of the list: a group's heading or a match. */
struct line {
	size_t match;
	bool is_heading;
};

static bool begins_group(const struct playbill *p, size_t match)
{
	const struct playbill_entry *e = &p->entries[p->matches.at[match]];

	return match == 0 ||
	       strcmp(e->group[0], p->entries[p->matches.at[match - 1]].group[0]) != 0;
}

void playbill_put_pair(struct sink *out, const char *const text[2], enum lang lang)
{
	const char *en = text[0] ? text[0] : "", *zh = text[1] ? text[1] : "";

	sink_puts(out, text_in(en, zh, lang == LANG_EN ? LANG_EN : LANG_ZH));
	if (lang == LANG_BOTH && en[0] != '\0' && zh[0] != '\0' && strcmp(en, zh) != 0)
		sink_printf(out, "  %s", en);
}

const char *playbill_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A tick for what was seen to its end, the part seen of what was not. */
static void draw_progress(struct canvas *c, int row, int column, const struct playbill_entry *e)
{
	struct sink text = {0};

	if (e->is_ended) {
		canvas_glyph(c, row, column + 3, GLYPH_YES, INK(ROLE_TEXT));
	} else if (e->seen >= 0) {
		sink_printf(&text, "%d%%", e->seen / 10);
		canvas_text_right(c, row, column + 4, 4, INK(ROLE_FAINT), text.at);
	}
	sink_fini(&text);
}

static void draw_match(struct canvas *c, struct area row, const struct playbill *p, size_t match)
{
	const struct playbill_entry *e = &p->entries[p->matches.at[match]];
	bool is_selected = match == p->selected;
	const char *file = playbill_base_name(e->path);
	struct sink text = {0}, number = {0};
	int name = (int)utf8_columns(file);
	int room = row.columns - 13;

	sink_printf(&number, "%zu", match + 1);
	canvas_text_right(c, row.row, row.column + 6, 4, INK(ROLE_FAINT), number.at);
	draw_progress(c, row.row, row.column + 7, e);
	if (is_selected)
		canvas_glyph(c, row.row, row.column + 1, GLYPH_HERE, INK(ROLE_HERE, ATTR_BOLD));
	if (room > name + 28) {
		room -= name + 2;
		canvas_text_right(c, row.row, row.column + row.columns - 1, name, INK(ROLE_FAINT),
				  file);
	}
	playbill_put_pair(&text, e->title, p->lang);
	canvas_text_cut(c, row.row, row.column + 12, room, INK(is_selected ? ROLE_HEAD : ROLE_TEXT),
			text.at[0] != '\0' ? text.at : file);
	if (is_selected)
		canvas_mark(c, row.row, row.column + 12, room, ATTR_REVERSE);
	sink_fini(&text);
	sink_fini(&number);
}

static void draw_list(struct canvas *c, struct area a, const struct playbill *p, struct hits *hits)
{
	ARRAY(struct line) lines = {0};
	size_t here = 0, top;

	for (size_t i = 0; i < p->matches.count; i++) {
		if (begins_group(p, i))
			*array_push(&lines) = (struct line){i, true};
		if (i == p->selected)
			here = lines.count;
		*array_push(&lines) = (struct line){i, false};
	}
	/* The chosen one stays in the middle third, with the group's heading in sight at the top.
	 */
	top = here > (size_t)a.rows * 2 / 3 ? here - (size_t)a.rows * 2 / 3 : 0;
	if (lines.count > (size_t)a.rows && top > lines.count - (size_t)a.rows)
		top = lines.count - (size_t)a.rows;
	if (lines.count <= (size_t)a.rows)
		top = 0;
	for (int i = 0; i < a.rows && top + (size_t)i < lines.count; i++) {
		const struct line *line = &lines.at[top + (size_t)i];
		struct area row = {a.row + i, a.column, 1, a.columns};
		struct sink group = {0};

		if (line->is_heading) {
			playbill_put_pair(&group, p->entries[p->matches.at[line->match]].group,
					  p->lang);
			view_rule(c, row, group.at);
		} else {
			draw_match(c, row, p, line->match);
			hits_add(hits, row, ACTION_LOOK_AT, (uint32_t)line->match);
		}
		sink_fini(&group);
	}
	array_fini(&lines);
}

/* The two of them, shaking hands. */
void masthead_draw(struct canvas *c, enum lang lang, const char *line)
{
	static const char *const left[] = {" o_", "/|", "/ \\"};
	static const char *const right[] = {"_o", "|\\", "/ \\"};
	static const int at[] = {6, 7, 6};

	for (int i = 0; i < 3; i++) {
		canvas_text(c, i, 2, 4, INK(ROLE_PERSON_0, ATTR_BOLD), left[i]);
		canvas_text(c, i, at[i], 4, INK(ROLE_PERSON_1, ATTR_BOLD), right[i]);
	}
	canvas_text(c, 0, 5, 1, INK(ROLE_HEAD), "_");
	canvas_text(c, 0, 14, 20, INK(ROLE_HEAD), string_in(STRING_APP, lang));
	canvas_text_cut(c, 1, 14, c->columns - 15, INK(ROLE_TEXT), line);
}

static void draw_masthead(struct canvas *c, const struct playbill *p)
{
	struct sink title = {0};
	size_t ended = 0;

	for (size_t i = 0; i < p->count; i++)
		ended += p->entries[i].is_ended;
	string_put(&title, STRING_PLAYBILL, p->lang);
	sink_printf(&title, " · %zu %s", p->matches.count,
		    string_in(p->matches.count == 1 ? STRING_SCENE : STRING_SCENES, p->lang));
	if (ended > 0)
		sink_printf(&title, " · %s %zu/%zu", string_in(STRING_SEEN, p->lang), ended,
			    p->count);
	masthead_draw(c, p->lang, title.at);
	sink_fini(&title);
}

/* ---- the last row ---------------------------------------------------------------------------- */

static void draw_typing(struct canvas *c, const struct playbill *p)
{
	bool is_path = p->typing == TYPING_PATH;
	bool is_typing = p->typing != TYPING_NOTHING;
	const struct entry *entry = is_path ? &p->path : &p->search;
	const char *hint = string_in(is_path     ? STRING_OPEN_HINT
				     : is_typing ? STRING_SEARCH_HINT
						 : STRING_SEARCH_DONE_HINT,
				     p->lang);
	int row = c->rows - 1, at, columns = (int)utf8_columns(hint);
	int used;

	at = 2 + canvas_text(c, row, 1, c->columns - 2, INK(ROLE_KEY),
			     string_in(is_path ? STRING_OPEN : STRING_SEARCH, p->lang));
	if (is_typing)
		entry_draw(entry, c, row, at, c->columns - at - 1, INK(ROLE_TEXT));
	else
		canvas_text(c, row, at, c->columns - at - 1, INK(ROLE_TEXT), entry->text);
	used = at + (int)utf8_columns(entry->text) + 2;
	if (c->columns - 1 - columns >= used)
		canvas_text_right(c, row, c->columns - 1, columns, INK(ROLE_FAINT), hint);
}

static void draw_hint(struct canvas *c, const struct playbill *p)
{
	struct sink text = {0};
	const char *zh = string_in(STRING_PLAYBILL_HINT, LANG_ZH);
	const char *en = string_in(STRING_PLAYBILL_HINT, LANG_EN);

	sink_puts(&text, p->lang == LANG_EN ? en : zh);
	/* A mixed room reads both where there is room for both. */
	if (p->lang == LANG_BOTH && (int)(utf8_columns(zh) + utf8_columns(en)) + 6 <= c->columns)
		sink_printf(&text, "  · %s", en);
	canvas_text(c, c->rows - 1, 1, c->columns - 2, INK(ROLE_FAINT), text.at);
	sink_fini(&text);
}

/* What went wrong, in the row above the last. */
static void draw_notice(struct canvas *c, const struct playbill *p)
{
	struct sink line = {0};
	const char *end;

	if (!p->notice.at || p->notice.at[0] == '\0' || c->rows < 2)
		return;
	end = strchr(p->notice.at, '\n');
	sink_put(&line, p->notice.at, end ? (size_t)(end - p->notice.at) : p->notice.count);
	canvas_clear_area(c, (struct area){c->rows - 2, 0, 1, c->columns});
	canvas_text_cut(c, c->rows - 2, 1, c->columns - 2, INK(ROLE_LOSS), line.at);
	sink_fini(&line);
}

/* ---- all keys -------------------------------------------------------------------------------- */

static const struct {
	const char *keys;
	enum string sentence;
} bill_keys[] = {
#define BILL(id, keys, ...) {keys, STRING_BILL_##id},
#include "stage/playbill.def"
#undef BILL
};

enum { BILL_KEYS = sizeof bill_keys / sizeof bill_keys[0] };

static void draw_help(struct canvas *c, const struct playbill *p)
{
	int rows = c->rows - 2;
	int most = BILL_KEYS > rows ? BILL_KEYS - rows : 0;
	int from = p->scroll < most ? p->scroll : most;
	struct sink heading = {0};

	string_put(&heading, STRING_HELP_TITLE, p->lang);
	view_rule(c, (struct area){0, 0, 1, c->columns}, heading.at);
	for (int i = 0; i < rows && from + i < BILL_KEYS; i++) {
		struct sink text = {0};

		string_put(&text, bill_keys[from + i].sentence, p->lang);
		canvas_text(c, 1 + i, 2, 9, INK(ROLE_KEY), bill_keys[from + i].keys);
		canvas_text_cut(c, 1 + i, 12, c->columns - 13, INK(ROLE_TEXT), text.at);
		sink_fini(&text);
	}
	sink_fini(&heading);
}

void playbill_manual(struct sink *out, enum lang lang)
{
	for (int i = 0; i < BILL_KEYS; i++)
		sink_printf(out, ".It %s\n%s\n", bill_keys[i].keys,
			    string_in(bill_keys[i].sentence, lang));
}

void playbill_markdown(struct sink *out, enum lang lang)
{
	keys_markdown_head(out, lang);
	for (int i = 0; i < BILL_KEYS; i++)
		sink_printf(out, "| `%s` | %s |\n", bill_keys[i].keys,
			    string_in(bill_keys[i].sentence, lang));
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Beside the list where the screen is wide, else below it where it is high enough. */
static void draw_preview(struct canvas *c, struct area *list, const struct playbill *p)
{
	enum { BESIDE = 110, BELOW = 22, BELOW_COLUMNS = 60, BELOW_ROWS = 7 };
	struct area a = *list;

	if (p->has_no_preview || !p->preview.is_there)
		return;
	if (c->columns >= BESIDE) {
		a.columns = list->columns / 2;
		list->columns -= a.columns;
		a.column = list->column + list->columns;
	} else if (c->rows >= BELOW && c->columns >= BELOW_COLUMNS) {
		a.rows = BELOW_ROWS;
		list->rows -= a.rows;
		a.row = list->row + list->rows;
	} else {
		return;
	}
	preview_draw(c, a, p);
}

void playbill_draw(struct canvas *c, const struct playbill *p, struct hits *hits)
{
	struct area list = {0, 0, c->rows - 1, c->columns};

	canvas_clear(c);
	if (hits)
		hits->count = 0;
	if (p->is_helping) {
		draw_help(c, p);
		return;
	}
	if (c->rows >= 10) {
		draw_masthead(c, p);
		list.row = 4;
		list.rows -= 4;
	}
	if (c->rows < 2)
		return;
	draw_preview(c, &list, p);
	if (p->matches.count == 0)
		canvas_text(c, list.row, 2, c->columns - 2, INK(ROLE_TEXT),
			    string_in(STRING_PLAYBILL_NONE, p->lang));
	else
		draw_list(c, list, p, hits);
	if (p->typing != TYPING_NOTHING || p->search.count > 0)
		draw_typing(c, p);
	else
		draw_hint(c, p);
	draw_notice(c, p);
}
