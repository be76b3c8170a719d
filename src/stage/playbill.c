/* SPDX-License-Identifier: MIT */
#include "stage/playbill.h"

#include <string.h>
#include <base/utf8.h>
#include "stage/view.h"

/* ---- choosing -------------------------------------------------------------------------------- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool contains(const char *text, const char *what)
{
	for (; text && *text; text++) {
		size_t i = 0;

		while (what[i] && lower(text[i]) == lower(what[i]))
			i++;
		if (what[i] == '\0')
			return true;
	}
	return what[0] == '\0';
}

static void match(struct playbill *p)
{
	array_clear(&p->matches);
	for (size_t i = 0; i < p->count; i++) {
		const struct playbill_entry *e = &p->entries[i];

		if (contains(e->path, p->search) || contains(e->title[0], p->search) ||
		    contains(e->title[1], p->search))
			*array_push(&p->matches) = i;
	}
	if (p->selected >= p->matches.count)
		p->selected = p->matches.count > 0 ? p->matches.count - 1 : 0;
}

void playbill_init(struct playbill *p, const struct playbill_entry *entries, size_t n,
		   enum lang lang, size_t selected)
{
	*p = (struct playbill){.entries = entries, .count = n, .lang = lang, .selected = selected};
	match(p);
}

void playbill_fini(struct playbill *p)
{
	array_fini(&p->matches);
}

size_t playbill_chosen(const struct playbill *p)
{
	return p->has_chosen && p->selected < p->matches.count ? p->matches.at[p->selected]
							       : p->count;
}

static void move(struct playbill *p, int by)
{
	int64_t to = (int64_t)p->selected + by;
	int64_t most = (int64_t)p->matches.count - 1;

	p->selected = (size_t)(to < 0 || most < 0 ? 0 : to > most ? most : to);
	p->number = 0;
}

static void type_digit(struct playbill *p, uint32_t digit)
{
	size_t number = p->number * 10 + digit;

	if (number > p->matches.count)
		number = digit;
	p->number = number;
	if (number >= 1 && number <= p->matches.count)
		p->selected = number - 1;
}

static void erase(struct playbill *p)
{
	/* Back to the beginning of a character. */
	while (p->search_count > 0 &&
	       ((unsigned char)p->search[p->search_count - 1] & 0xc0) == 0x80)
		p->search_count--;
	if (p->search_count > 0)
		p->search_count--;
	p->search[p->search_count] = '\0';
	match(p);
}

static void search_key(struct playbill *p, uint32_t key)
{
	char octets[4];
	size_t n;

	if (key == PRESS_BACKSPACE) {
		erase(p);
	} else if (key == PRESS_ENTER) {
		p->is_searching = false;
	} else if (key == PRESS_ESCAPE) {
		p->is_searching = false;
		p->search_count = 0;
		p->search[0] = '\0';
		match(p);
	} else if (key < PRESS_ENTER && !cp_is_control(key)) {
		n = utf8_put(key, octets);
		if (p->search_count + n >= SEARCH_MAX)
			return;
		memcpy(p->search + p->search_count, octets, n);
		p->search_count += n;
		p->search[p->search_count] = '\0';
		p->selected = 0;
		match(p);
	}
}

static bool search_takes(uint32_t key)
{
	return key < PRESS_ENTER || key == PRESS_ENTER || key == PRESS_ESCAPE ||
	       key == PRESS_BACKSPACE;
}

void playbill_key(struct playbill *p, uint32_t key)
{
	if (key == PRESS_LEAVE) {
		p->wants_quit = true;
		return;
	}
	if (p->is_searching && search_takes(key)) {
		search_key(p, key);
		return;
	}
	if (key >= '0' && key <= '9') {
		type_digit(p, key - '0');
		return;
	}
	switch (key) {
	case PRESS_UP:
	case PRESS_WHEEL_UP:
	case 'k': move(p, -1); break;
	case PRESS_DOWN:
	case PRESS_WHEEL_DOWN:
	case 'j': move(p, 1); break;
	case PRESS_PAGE_UP: move(p, -10); break;
	case PRESS_PAGE_DOWN: move(p, 10); break;
	case PRESS_HOME: move(p, -CANVAS_MAX * CANVAS_MAX); break;
	case PRESS_END:
	case 'G': move(p, CANVAS_MAX * CANVAS_MAX); break;
	case PRESS_ENTER:
	case PRESS_RIGHT:
	case ' ': p->has_chosen = p->matches.count > 0; break;
	case '/': p->is_searching = true; break;
	case 't': p->lang = (enum lang)((p->lang + 1) % (LANG_BOTH + 1)); break;
	case PRESS_ESCAPE:
	case 'q': p->wants_quit = true; break;
	default: break; /* other keys mean nothing here */
	}
}

void playbill_click(struct playbill *p, uint32_t arg)
{
	if (arg >= p->matches.count)
		return;
	p->has_chosen = p->selected == arg;
	p->selected = arg;
}

/* ---- the picture ----------------------------------------------------------------------------- */

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

static void put_pair(struct sink *out, const char *const text[2], enum lang lang)
{
	const char *en = text[0] ? text[0] : "", *zh = text[1] ? text[1] : "";

	sink_puts(out, text_in(en, zh, lang == LANG_EN ? LANG_EN : LANG_ZH));
	if (lang == LANG_BOTH && en[0] != '\0' && zh[0] != '\0' && strcmp(en, zh) != 0)
		sink_printf(out, "  %s", en);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void draw_match(struct canvas *c, struct area row, const struct playbill *p, size_t match)
{
	const struct playbill_entry *e = &p->entries[p->matches.at[match]];
	bool is_selected = match == p->selected;
	struct sink text = {0}, number = {0};
	int name = (int)utf8_columns(base_name(e->path));
	int room = row.columns - 9;

	sink_printf(&number, "%zu", match + 1);
	canvas_text_right(c, row.row, row.column + 6, 4, INK(ROLE_FAINT), number.at);
	if (is_selected)
		canvas_glyph(c, row.row, row.column + 1, GLYPH_HERE, INK(ROLE_HERE, ATTR_BOLD));
	if (room > name + 24) {
		room -= name + 2;
		canvas_text_right(c, row.row, row.column + row.columns - 1, name, INK(ROLE_FAINT),
				  base_name(e->path));
	}
	put_pair(&text, e->title, p->lang);
	canvas_text_cut(c, row.row, row.column + 8, room, INK(is_selected ? ROLE_HEAD : ROLE_TEXT),
			text.at[0] != '\0' ? text.at : base_name(e->path));
	if (is_selected)
		canvas_mark(c, row.row, row.column + 8, room, ATTR_REVERSE);
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
			put_pair(&group, p->entries[p->matches.at[line->match]].group, p->lang);
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
static void draw_masthead(struct canvas *c, struct area a, const struct playbill *p)
{
	static const char *const left[] = {" o_", "/|", "/ \\"};
	static const char *const right[] = {"_o", "|\\", "/ \\"};
	struct sink title = {0};

	for (int i = 0; i < 3; i++) {
		canvas_text(c, a.row + i, a.column + 2, 4, INK(ROLE_PERSON_0, ATTR_BOLD), left[i]);
		canvas_text(c, a.row + i,
			    a.column + (i == 0   ? 6
					: i == 1 ? 7
						 : 6),
			    4, INK(ROLE_PERSON_1, ATTR_BOLD), right[i]);
	}
	canvas_text(c, a.row, a.column + 5, 1, INK(ROLE_HEAD), "_");
	sink_puts(&title, p->lang == LANG_EN ? "woshou" : "握手 woshou");
	canvas_text(c, a.row, a.column + 14, 20, INK(ROLE_HEAD), title.at);
	sink_clear(&title);
	string_put(&title, STRING_PLAYBILL, p->lang);
	sink_printf(&title, " · %zu %s", p->matches.count,
		    string_in(p->matches.count == 1 ? STRING_SCENE : STRING_SCENES, p->lang));
	canvas_text(c, a.row + 1, a.column + 14, a.columns - 15, INK(ROLE_TEXT), title.at);
	sink_fini(&title);
}

/* At the right of what is searched for, while there is room. */
static void draw_way_out(struct canvas *c, const struct playbill *p, int from)
{
	const char *text =
		string_in(p->is_searching ? STRING_SEARCH_HINT : STRING_SEARCH_DONE_HINT, p->lang);
	int columns = (int)utf8_columns(text);

	if (c->columns - 1 - columns >= from)
		canvas_text_right(c, c->rows - 1, c->columns - 1, columns, INK(ROLE_FAINT), text);
}

void playbill_draw(struct canvas *c, const struct playbill *p, struct hits *hits)
{
	struct area list = {0, 0, c->rows - 1, c->columns};
	int used;

	canvas_clear(c);
	if (hits)
		hits->count = 0;
	if (c->rows >= 10) {
		draw_masthead(c, (struct area){0, 0, 3, c->columns}, p);
		list.row = 4;
		list.rows -= 4;
	}
	if (c->rows < 2)
		return;
	if (p->matches.count == 0)
		canvas_text(c, list.row, 2, c->columns - 2, INK(ROLE_TEXT),
			    string_in(STRING_PLAYBILL_NONE, p->lang));
	else
		draw_list(c, list, p, hits);
	if (!p->is_searching && p->search_count == 0) {
		canvas_text(c, c->rows - 1, 1, c->columns - 2, INK(ROLE_FAINT),
			    string_in(STRING_PLAYBILL_HINT, p->lang));
		return;
	}
	used = 1 + canvas_text(c, c->rows - 1, 1, c->columns - 2, INK(ROLE_KEY),
			       string_in(STRING_SEARCH, p->lang));
	used += 1 + canvas_text(c, c->rows - 1, used + 1, c->columns - used - 2, INK(ROLE_TEXT),
				p->search);
	if (p->is_searching)
		canvas_text(c, c->rows - 1, used, 1, INK(ROLE_TEXT, ATTR_REVERSE), " ");
	draw_way_out(c, p, used + 3);
}
