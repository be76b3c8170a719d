/* SPDX-License-Identifier: MIT */
/* view_overlay.c - what lies over the picture: which it is, and the keys. */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/rule.h>
#include <woshou/why.h>
#include "stage/page.h"
#include "stage/view.h"

/* ---- help ------------------------------------------------------------------------------------ */

static void draw_help(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct page p = {.columns = page_columns(a, 62)};
	enum lang lang = v->player->lang;

	for (int i = 0; i < ACTION_COUNT; i++) {
		struct sink keys = {0};

		keys_put(&keys, (enum action)i, " ");
		if (keys.count > 0)
			page_pair(&p, keys.at, string_in(action_sentence((enum action)i), lang));
		sink_fini(&keys);
	}
	page_draw(c, a, &p, v->player->scroll, string_in(STRING_HELP_TITLE, lang), hits);
}

void view_overlay(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	if (hits)
		hits->below = hits->count;
	switch (v->player->overlay) {
	case OVERLAY_NONE: return;
	case OVERLAY_HELP: draw_help(c, a, v, hits); return;
	case OVERLAY_WHY: view_why(c, a, v, hits); return;
	case OVERLAY_HEADER: view_header(c, a, v, hits); return;
	case OVERLAY_GOTO: view_goto(c, a, v); return;
	case OVERLAY_COMMAND: view_command(c, a, v, hits); return;
	case OVERLAY_BRANCHES: view_branches(c, a, v, hits); return;
	case OVERLAY_EXPORT: view_exports(c, a, v, hits); return;
	case OVERLAY_TALKS: view_talks(c, a, v, hits); return;
	case OVERLAY_PREDICT: return;
	}
}
