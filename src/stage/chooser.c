/* SPDX-License-Identifier: MIT */
#include "stage/chooser.h"

#include <stdio.h>
#include <string.h>

/* ---- what is let through --------------------------------------------------------------------- */

/* A filter that is not right leaves the list as it was. */
static bool match(struct chooser *c)
{
	bool *lets = xcalloc(c->list->count + 1, sizeof *lets);
	bool is_right = true;
	size_t row = c->selected < c->matches.count ? c->matches.at[c->selected] : 0;

	sink_clear(&c->notice);
	if (c->filter.count > 0)
		is_right = c->list->filter(c->list->user, c->filter.text, lets, &c->notice);
	else
		memset(lets, true, c->list->count);
	if (is_right) {
		array_clear(&c->matches);
		c->selected = 0;
		for (size_t i = 0; i < c->list->count; i++) {
			if (!lets[i])
				continue;
			/* The row that was chosen stays chosen, or the last one before it. */
			if (i <= row)
				c->selected = c->matches.count;
			*array_push(&c->matches) = i;
		}
	}
	free(lets);
	return is_right;
}

void chooser_init(struct chooser *c, const struct stage_list *list, const char *title,
		  enum lang lang, const struct stage_choice *choice)
{
	*c = (struct chooser){.list = list, .title = title, .lang = lang, .page = 1};
	sink_puts(&c->notice, "");
	entry_set(&c->filter, choice->filter);
	if (!match(c)) {
		entry_set(&c->filter, "");
		match(c);
	}
	for (size_t i = 0; i < c->matches.count; i++)
		if (c->matches.at[i] == choice->row)
			c->selected = i;
}

void chooser_fini(struct chooser *c)
{
	array_fini(&c->matches);
	sink_fini(&c->notice);
}

bool chooser_is_over(const struct chooser *c)
{
	return c->wants_quit || c->has_chosen;
}

void chooser_choice(const struct chooser *c, struct stage_choice *out)
{
	*out = (struct stage_choice){.row = c->list->count, .is_all = c->is_all};
	if (c->has_chosen && c->selected < c->matches.count)
		out->row = c->matches.at[c->selected];
	snprintf(out->filter, sizeof out->filter, "%s", c->filter.text);
}

/* ---- choosing -------------------------------------------------------------------------------- */

static void select_match(struct chooser *c, int64_t to)
{
	int64_t most = (int64_t)c->matches.count - 1;

	c->selected = (size_t)(to < 0 || most < 0 ? 0 : to > most ? most : to);
}

static void move(struct chooser *c, int64_t by)
{
	select_match(c, (int64_t)c->selected + by);
	c->number = 0;
}

/* Ids stand in order. */
static size_t find(const struct chooser *c, uint64_t id, bool *is_there)
{
	size_t low = 0, high = c->matches.count;

	*is_there = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct stage_row row;

		c->list->row(c->list->user, c->matches.at[middle], &row);
		if (row.id == id) {
			*is_there = true;
			return middle;
		}
		if (row.id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void type_digit(struct chooser *c, uint32_t digit)
{
	bool is_there;
	uint64_t number = c->number * 10 + digit;
	size_t at;

	if (number > UINT32_MAX)
		number = digit;
	at = find(c, number, &is_there);
	if (!is_there && at >= c->matches.count) {
		number = digit;
		at = find(c, number, &is_there);
	}
	c->number = number;
	if (is_there)
		select_match(c, (int64_t)at);
}

static void choose(struct chooser *c, bool is_all)
{
	c->has_chosen = c->matches.count > 0;
	c->is_all = is_all;
}

void chooser_click(struct chooser *c, uint32_t arg)
{
	if (c->is_helping) {
		c->is_helping = false;
		return;
	}
	if (arg >= c->matches.count)
		return;
	c->number = 0;
	if (c->selected == arg)
		choose(c, false);
	c->selected = arg;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void help_key(struct chooser *c, uint32_t key)
{
	if (key == PRESS_DOWN || key == 'j' || key == PRESS_WHEEL_DOWN)
		c->scroll++;
	else if ((key == PRESS_UP || key == 'k' || key == PRESS_WHEEL_UP) && c->scroll > 0)
		c->scroll--;
	else if (key != PRESS_RESIZED)
		c->is_helping = false;
}

/* While one types, up and down still move. Half a filter is not yet a wrong one: what is wrong is
 * told when it is to be kept. */
static bool type(struct chooser *c, uint32_t key)
{
	if (key == PRESS_ENTER) {
		c->is_typing = !match(c);
	} else if (key == PRESS_ESCAPE) {
		entry_set(&c->filter, "");
		match(c);
		c->is_typing = false;
	} else if (entry_key(&c->filter, key)) {
		match(c);
		sink_clear(&c->notice);
	} else {
		return false;
	}
	return true;
}

static void list_key(struct chooser *c, uint32_t key)
{
	switch (key) {
	case PRESS_UP:
	case PRESS_WHEEL_UP:
	case 'k': move(c, -1); break;
	case PRESS_DOWN:
	case PRESS_WHEEL_DOWN:
	case 'j': move(c, 1); break;
	case PRESS_PAGE_UP: move(c, -c->page); break;
	case PRESS_PAGE_DOWN: move(c, c->page); break;
	case PRESS_HOME: move(c, -(int64_t)c->matches.count); break;
	case PRESS_END:
	case 'G': move(c, (int64_t)c->matches.count); break;
	case PRESS_ENTER:
	case PRESS_RIGHT:
	case ' ': choose(c, false); break;
	case 'a': choose(c, true); break;
	case '/': c->is_typing = true; break;
	case 't': c->lang = (enum lang)((c->lang + 1) % (LANG_BOTH + 1)); break;
	case '?':
	case PRESS_F1:
		c->is_helping = true;
		c->scroll = 0;
		break;
	case PRESS_ESCAPE:
	case 'q': c->wants_quit = true; break;
	default: break; /* other keys mean nothing here */
	}
}

void chooser_key(struct chooser *c, uint32_t key)
{
	if (key == PRESS_LEAVE) {
		c->wants_quit = true;
	} else if (c->is_helping) {
		help_key(c, key);
	} else if (c->is_typing && type(c, key)) {
		return;
	} else if (c->is_typing && key < PRESS_ENTER) {
		return; /* a letter that did not fit is no command */
	} else if (key >= '0' && key <= '9') {
		type_digit(c, key - '0');
	} else if (key != PRESS_RESIZED) {
		sink_clear(&c->notice);
		list_key(c, key);
	}
}
