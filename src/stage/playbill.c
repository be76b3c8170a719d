/* SPDX-License-Identifier: MIT */
#include "stage/playbill.h"

#include <string.h>
#include <base/utf8.h>

/* ---- what is let through --------------------------------------------------------------------- */

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

static bool entry_contains(const struct playbill_entry *e, const char *what)
{
	return contains(e->path, what) || contains(e->title[0], what) ||
	       contains(e->title[1], what) || contains(e->group[0], what) ||
	       contains(e->group[1], what);
}

static void select_match(struct playbill *p, size_t match)
{
	if (match != p->selected)
		p->variant = 0;
	p->selected = match;
}

static void match(struct playbill *p)
{
	array_clear(&p->matches);
	for (size_t i = 0; i < p->count; i++) {
		if (entry_contains(&p->entries[i], p->search.text))
			*array_push(&p->matches) = i;
	}
	if (p->selected >= p->matches.count)
		select_match(p, p->matches.count > 0 ? p->matches.count - 1 : 0);
	p->variant = 0;
}

void playbill_init(struct playbill *p, const struct playbill_entry *entries, size_t n,
		   enum lang lang, size_t selected)
{
	*p = (struct playbill){.entries = entries, .count = n, .lang = lang, .selected = selected};
	sink_puts(&p->notice, "");
	match(p);
}

void playbill_fini(struct playbill *p)
{
	array_fini(&p->matches);
	sink_fini(&p->notice);
	story_free(p->preview.story);
	sink_fini(&p->preview.complaint);
}

const struct playbill_entry *playbill_selected(const struct playbill *p)
{
	return p->selected < p->matches.count ? &p->entries[p->matches.at[p->selected]] : NULL;
}

size_t playbill_chosen(const struct playbill *p)
{
	return p->has_chosen && p->selected < p->matches.count ? p->matches.at[p->selected]
							       : p->count;
}

/* ---- choosing -------------------------------------------------------------------------------- */

static void move(struct playbill *p, int by)
{
	int64_t to = (int64_t)p->selected + by;
	int64_t most = (int64_t)p->matches.count - 1;

	select_match(p, (size_t)(to < 0 || most < 0 ? 0 : to > most ? most : to));
	p->number = 0;
}

static void type_digit(struct playbill *p, uint32_t digit)
{
	size_t number = p->number * 10 + digit;

	if (number > p->matches.count)
		number = digit;
	p->number = number;
	if (number >= 1 && number <= p->matches.count)
		select_match(p, number - 1);
}

static void choose(struct playbill *p, bool is_afresh)
{
	p->has_chosen = p->matches.count > 0;
	p->is_afresh = is_afresh;
}

static void next_variant(struct playbill *p)
{
	const struct playbill_entry *e = playbill_selected(p);

	if (e && e->variant_count > 1)
		p->variant = (p->variant + 1) % e->variant_count;
}

void playbill_click(struct playbill *p, uint32_t arg)
{
	if (p->is_helping || p->typing == TYPING_PATH) {
		p->is_helping = false;
		return;
	}
	if (arg >= p->matches.count)
		return;
	p->has_chosen = p->selected == arg;
	p->is_afresh = false;
	select_match(p, arg);
}

/* ---- what is typed --------------------------------------------------------------------------- */

/* All entries anew, the search gone, this one selected. */
static void show_entry(struct playbill *p, size_t entry)
{
	p->entries = p->source->entries(p->source->user, &p->count);
	entry_set(&p->search, "");
	p->selected = entry;
	p->preview.is_there = false;
	match(p);
}

static void open_path(struct playbill *p)
{
	size_t entry;

	sink_clear(&p->notice);
	if (!p->source || p->path.count == 0) {
		p->typing = TYPING_NOTHING;
	} else if (p->source->open(p->source->user, p->path.text, &entry, &p->notice)) {
		p->typing = TYPING_NOTHING;
		show_entry(p, entry);
		choose(p, true);
	}
}

static void typing_ends(struct playbill *p, bool is_kept)
{
	if (p->typing == TYPING_PATH && is_kept) {
		open_path(p);
		return;
	}
	if (p->typing == TYPING_SEARCH && !is_kept) {
		entry_set(&p->search, "");
		match(p);
	}
	p->typing = TYPING_NOTHING;
	sink_clear(&p->notice);
}

static void complete_path(struct playbill *p)
{
	struct candidates words = {.from = entry_word(&p->path)};
	struct sink names = {0}, path = {0};

	if (!p->source)
		return;
	sink_put(&path, p->path.text + words.from, p->path.at - words.from);
	sink_puts(&names, "");
	p->source->complete(p->source->user, path.at, &names);
	for (char *at = names.at, *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		*end = '\0';
		candidates_offer(&words, &p->path, at);
	}
	completion_tab(&p->completion, &p->path, &words, 1);
	/* A path is one word: it ends where its name ends, or goes on in the folder. */
	if (p->path.count > 0 && p->path.text[p->path.count - 1] == ' ')
		entry_key(&p->path, PRESS_BACKSPACE);
	sink_fini(&names);
	sink_fini(&path);
}

static void path_key(struct playbill *p, uint32_t key)
{
	if (key == PRESS_TAB) {
		complete_path(p);
		return;
	}
	p->completion = (struct completion){0};
	if (entry_key(&p->path, key))
		sink_clear(&p->notice);
}

static void type(struct playbill *p, uint32_t key)
{
	if (key == PRESS_ENTER || key == PRESS_ESCAPE) {
		typing_ends(p, key == PRESS_ENTER);
	} else if (p->typing == TYPING_PATH) {
		path_key(p, key);
	} else if (entry_key(&p->search, key)) {
		select_match(p, 0);
		match(p);
	}
}

/* While one searches, up and down still move. */
static bool typing_takes(const struct playbill *p, uint32_t key)
{
	return p->typing == TYPING_PATH ||
	       (p->typing == TYPING_SEARCH && key != PRESS_UP && key != PRESS_DOWN &&
		key != PRESS_PAGE_UP && key != PRESS_PAGE_DOWN && key != PRESS_WHEEL_UP &&
		key != PRESS_WHEEL_DOWN);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void help_key(struct playbill *p, uint32_t key)
{
	if (key == PRESS_DOWN || key == 'j' || key == PRESS_WHEEL_DOWN)
		p->scroll++;
	else if ((key == PRESS_UP || key == 'k' || key == PRESS_WHEEL_UP) && p->scroll > 0)
		p->scroll--;
	else if (key != PRESS_RESIZED)
		p->is_helping = false;
}

static void ask(struct playbill *p, enum typing typing)
{
	p->typing = typing;
	p->completion = (struct completion){0};
	if (typing == TYPING_PATH)
		entry_set(&p->path, "");
}

static void list_key(struct playbill *p, uint32_t key)
{
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
	case ' ': choose(p, false); break;
	case 's': choose(p, true); break;
	case 'v': next_variant(p); break;
	case 'o': ask(p, TYPING_PATH); break;
	case '/': ask(p, TYPING_SEARCH); break;
	case 'i': p->has_no_preview = !p->has_no_preview; break;
	case 't': p->lang = (enum lang)((p->lang + 1) % (LANG_BOTH + 1)); break;
	case '?':
	case PRESS_F1:
		p->is_helping = true;
		p->scroll = 0;
		break;
	case PRESS_ESCAPE:
	case 'q': p->wants_quit = true; break;
	default: break; /* other keys mean nothing here */
	}
}

void playbill_key(struct playbill *p, uint32_t key)
{
	if (key == PRESS_LEAVE) {
		p->wants_quit = true;
	} else if (p->is_helping) {
		help_key(p, key);
	} else if (typing_takes(p, key)) {
		type(p, key);
	} else {
		if (key != PRESS_RESIZED)
			sink_clear(&p->notice);
		if (key >= '0' && key <= '9')
			type_digit(p, key - '0');
		else
			list_key(p, key);
	}
}
