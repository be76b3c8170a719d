/* SPDX-License-Identifier: MIT */
/* view_windows.c - how much each may send, and how much each can still hear. */
#include <inttypes.h>
#include <base/utf8.h>
#include "stage/view.h"

/* The peer's window: what is in flight of it, what may still be sent. */
static void draw_send(struct canvas *c, int row, int column, int columns, const struct view *v,
		      const struct moment_conn *k, uint8_t host)
{
	enum lang lang = v->player->lang;
	struct sink text = {0};
	int64_t wnd = k->field[F_snd_wnd], flight = k->field[F_flight];
	int end = column + columns;

	column += canvas_text(c, row, column, columns, INK(ROLE_FAINT),
			      string_in(STRING_SEND_WINDOW, lang)) +
		  1;
	view_bar(c, row, column, columns / 3, flight, wnd > flight ? wnd : flight,
		 view_line_ink(v, host));
	column += columns / 3 + 1;
	if (wnd == 0)
		sink_puts(&text, string_in(STRING_SHUT, lang));
	else
		sink_printf(&text, "%s %" PRId64 " / %" PRId64, string_in(STRING_IN_FLIGHT, lang),
			    flight, wnd);
	canvas_text_cut(c, row, column, end - column, INK(wnd == 0 ? ROLE_LOSS : ROLE_TEXT),
			text.at);
	sink_fini(&text);
}

/* The own buffer: what waits in it for the reader, what is free. */
static void draw_receive(struct canvas *c, int row, int column, int columns, const struct view *v,
			 const struct moment_conn *k, uint8_t host)
{
	enum lang lang = v->player->lang;
	struct sink text = {0};
	int64_t wnd = k->field[F_rcv_wnd], user = k->field[F_rcv_user];
	int end = column + columns;

	column += canvas_text(c, row, column, columns, INK(ROLE_FAINT),
			      string_in(STRING_RECEIVE_BUFFER, lang)) +
		  1;
	view_bar(c, row, column, columns / 3, user, user + wnd, view_line_ink(v, host));
	column += columns / 3 + 1;
	sink_printf(&text, "%s %" PRId64 "  %s %" PRId64, string_in(STRING_WAITING, lang), user,
		    string_in(STRING_FREE, lang), wnd);
	canvas_text_cut(c, row, column, end - column, INK(ROLE_TEXT), text.at);
	sink_fini(&text);
}

void view_windows(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	uint8_t pair[2];
	int people = view_pair(v, pair);
	struct sink heading = {0};

	if (a.rows < 1)
		return;
	view_put_pair(&heading, v, STRING_WINDOWS, a.columns - 4);
	view_heading(c, a, v, PANEL_WINDOWS, heading.at, 0, 0);
	sink_fini(&heading);
	(void)hits;
	for (int i = 0; i < people && i + 1 < a.rows; i++) {
		uint8_t host = pair[i];
		const struct moment_conn *k = view_conn(v, host);
		int row = a.row + 1 + i;
		int half = (a.columns - 12) / 2;

		canvas_text(c, row, a.column + 1, 11, view_ink(v, host), view_name(v, host));
		if (!k || k->field[F_state] == CLOSED || k->field[F_state] == LISTEN) {
			canvas_text(c, row, a.column + 12, half, INK(ROLE_FAINT),
				    string_in(STRING_NO_CONNECTION, v->player->lang));
			continue;
		}
		draw_send(c, row, a.column + 12, half - 1, v, k, host);
		draw_receive(c, row, a.column + 12 + half, half - 1, v, k, host);
	}
}
