/* SPDX-License-Identifier: MIT */
#include "stage/keys.h"

#include <base/assert.h>
#include <base/utf8.h>

static const struct {
	const char *names;
	enum string word, sentence;
	int rank;
} actions[ACTION_COUNT] = {
#define KEY(action, names, columns, en, zh, rank, ...)                                             \
	[ACTION_##action] = {names, STRING_KEY_##action, STRING_HELP_##action, rank},
#include "stage/key.def"
#undef KEY
};

static const struct {
	uint32_t key;
	enum action action;
} bindings[] = {
#define BIND(key, action) {key, ACTION_##action},
#include "stage/key.def"
#undef BIND
};

enum action key_action(uint32_t key)
{
	for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++) {
		if (bindings[i].key == key)
			return bindings[i].action;
	}
	return ACTION_NONE;
}

const char *action_keys(enum action a)
{
	ASSERT(a < ACTION_COUNT);
	return actions[a].names ? actions[a].names : "";
}

enum string action_word(enum action a)
{
	ASSERT(a < ACTION_COUNT);
	return actions[a].word;
}

enum string action_sentence(enum action a)
{
	ASSERT(a < ACTION_COUNT);
	return actions[a].sentence;
}

int action_rank(enum action a)
{
	ASSERT(a < ACTION_COUNT);
	return actions[a].rank;
}

/* ---- clicks ---------------------------------------------------------------------------------- */

void hits_add(struct hits *h, struct area area, enum action action, uint32_t arg)
{
	if (h && h->count < HITS_MAX)
		h->at[h->count++] = (struct hit){area, action, arg};
}

const struct hit *hits_find(const struct hits *h, int row, int column)
{
	for (int i = h->count - 1; i >= 0; i--) {
		const struct area *a = &h->at[i].area;

		if (row >= a->row && row < a->row + a->rows && column >= a->column &&
		    column < a->column + a->columns)
			return &h->at[i];
	}
	return NULL;
}

/* ---- the table, shown ------------------------------------------------------------------------ */

static int hint_columns(enum action a, enum lang lang)
{
	return (int)utf8_columns(action_keys(a)) + 1 +
	       (int)utf8_columns(string_in(action_word(a), lang)) + 2;
}

/* At a real connection nobody blows words away; elsewhere nobody is spoken to. */
static int rank_in(enum action a, unsigned set)
{
	bool is_deed = a >= ACTION_DROP && a <= ACTION_CORRUPT;

	if (a == ACTION_BESIDE && !(set & KEYS_TWIN))
		return 0;
	if ((a == ACTION_TALKS && !(set & KEYS_LIVE)) || (a == ACTION_SAY && !(set & KEYS_SAY)) ||
	    ((is_deed || a == ACTION_BRANCHES || a == ACTION_PREDICT) && (set & KEYS_LIVE)))
		return 0;
	return actions[a].rank;
}

/* The lowest rank of which all fit. */
static int footer_rank(int columns, enum lang lang, unsigned set)
{
	int best = 0;

	for (int rank = 1; rank < 64; rank++) {
		int used = 0;

		for (int a = 0; a < ACTION_COUNT; a++) {
			int own = rank_in((enum action)a, set);

			if (own > 0 && own <= rank)
				used += hint_columns((enum action)a, lang);
		}
		if (used > columns)
			break;
		best = rank;
	}
	return best;
}

void keys_footer(struct canvas *c, struct area a, enum lang lang, unsigned set, struct hits *hits)
{
	int rank = footer_rank(a.columns - 1, lang, set);
	int column = a.column + 1;
	int end = a.column + a.columns;

	for (int i = 0; i < ACTION_COUNT; i++) {
		enum action action = (enum action)i;
		int from = column;

		if (rank_in(action, set) == 0 || actions[i].rank > rank)
			continue;
		column += canvas_text(c, a.row, column, end - column, INK(ROLE_KEY),
				      action_keys(action)) +
			  1;
		column += canvas_text(c, a.row, column, end - column, INK(ROLE_FAINT),
				      string_in(action_word(action), lang));
		hits_add(hits, (struct area){a.row, from, 1, column - from}, action, 0);
		column += 2;
	}
}

void keys_put(struct sink *out, enum action a, const char *between)
{
	static const char *const names[PRESS_BEYOND - PRESS_ENTER] = {
		[PRESS_UP - PRESS_ENTER] = "Up",     [PRESS_DOWN - PRESS_ENTER] = "Down",
		[PRESS_LEFT - PRESS_ENTER] = "Left", [PRESS_RIGHT - PRESS_ENTER] = "Right",
		[PRESS_HOME - PRESS_ENTER] = "Home", [PRESS_END - PRESS_ENTER] = "End",
		[PRESS_F1 - PRESS_ENTER] = "F1",
	};
	const char *first = action_keys(a);

	sink_puts(out, first);
	for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++) {
		uint32_t key = bindings[i].key;
		const char *name =
			key >= PRESS_ENTER && key < PRESS_BEYOND ? names[key - PRESS_ENTER] : NULL;

		if (bindings[i].action != a)
			continue;
		if (name)
			sink_printf(out, "%s%s", between, name);
		else if (key > ' ' && key < 0x7f && !(first[0] == (char)key && first[1] == '\0'))
			sink_printf(out, "%s%c", between, (char)key);
	}
}

void keys_manual(struct sink *out, enum lang lang)
{
	for (int i = 0; i < ACTION_COUNT; i++) {
		if (!actions[i].names)
			continue;
		/* \& keeps a dot or a quote from being a request, and punctuation from being
		 * mdoc's. */
		sink_puts(out, ".It \\&");
		keys_put(out, (enum action)i, ", \\&");
		sink_putc(out, '\n');
		sink_puts(out, string_in(actions[i].sentence, lang));
		sink_putc(out, '\n');
	}
}

void keys_markdown_head(struct sink *out, enum lang lang)
{
	sink_puts(out,
		  lang == LANG_ZH ? "| 键 | 作用 |\n|---|---|\n" : "| key | action |\n|---|---|\n");
}

void keys_markdown(struct sink *out, enum lang lang)
{
	keys_markdown_head(out, lang);
	for (int i = 0; i < ACTION_COUNT; i++) {
		if (!actions[i].names)
			continue;
		sink_puts(out, "| `");
		keys_put(out, (enum action)i, "` `");
		sink_printf(out, "` | %s |\n", string_in(actions[i].sentence, lang));
	}
}
