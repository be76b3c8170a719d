/* SPDX-License-Identifier: MIT */
/* view_exports.c - what can be exported of the branch shown, and as what. */
#include "stage/hands.h"
#include "stage/page.h"
#include "stage/view.h"

void view_exports(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	enum { NAME_COLUMNS = 11 };
	struct sink heading = {0};
	struct area in;
	int count = 0, first;

	if (!v->hands)
		return;
	while (export_formats[count].name)
		count++;
	string_put(&heading, STRING_EXPORT_TITLE, v->player->lang);
	in = page_box(c, (struct area){a.row, a.column, a.rows - 1, a.columns}, count + 3, 70,
		      heading.at, hits);
	sink_fini(&heading);
	first = v->hands->picked - (in.rows - 2);
	if (first < 0)
		first = 0;
	for (int i = first; i < count && i - first < in.rows - 1; i++) {
		const struct export_format *f = &export_formats[i];
		int row = in.row + i - first;

		canvas_text(c, row, in.column, NAME_COLUMNS, INK(ROLE_KEY), f->name);
		canvas_text_cut(c, row, in.column + NAME_COLUMNS, in.columns - NAME_COLUMNS,
				INK(ROLE_TEXT), string_in(f->what, v->player->lang));
		if (i == v->hands->picked)
			canvas_mark(c, row, in.column, in.columns, ATTR_REVERSE);
		hits_add(hits, (struct area){row, in.column, 1, in.columns}, ACTION_PICK,
			 (uint32_t)i);
	}
	canvas_text_cut(c, in.row + in.rows - 1, in.column, in.columns, INK(ROLE_FAINT),
			string_in(STRING_EXPORT_HINT, v->player->lang));
}
