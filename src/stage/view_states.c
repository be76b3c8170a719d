/* SPDX-License-Identifier: MIT */
/* view_states.c - RFC 9293's Figure 5, with everybody in it. */
#include <string.h>
#include <base/utf8.h>
#include "stage/view.h"

static const char *const figure[STATES_ROWS - 1] = {
	"                CLOSED",
	"         ┌────────┴────────┐",
	"       LISTEN           SYN_SENT",
	"         └────────┐  ┌─────┴────┐",
	"               SYN_RCVD         │",
	"                  │  └───────┐  │",
	"                  │     ESTABLISHED",
	"             ┌────┴──────────┴───┐",
	"         FIN_WAIT_1          CLOSE_WAIT",
	"       ┌─────┴─────┐             │",
	"   FIN_WAIT_2   CLOSING       LAST_ACK",
	"       └─────┬─────┘             │",
	"         TIME_WAIT               │",
	"             └────────┬──────────┘",
	"                   CLOSED",
	"",
};

/* Where each state's name stands in the figure; CLOSED again at its end. */
struct spot {
	int row, column;
};

static struct spot spot_of(enum state state, bool is_end)
{
	const char *name = state_name(state);

	for (int i = 0; i < STATES_ROWS - 1; i++) {
		int row = is_end ? STATES_ROWS - 2 - i : i;
		const char *at = strstr(figure[row], name);

		/* "SYN_SENT" must not be found within a longer name. */
		if (at && (at[strlen(name)] == ' ' || at[strlen(name)] == '\0'))
			return (struct spot){
				row, (int)utf8_width(figure[row], (size_t)(at - figure[row]))};
	}
	return (struct spot){-1, 0};
}

/* A person who has been in a conversation is CLOSED at the end of the figure, not at its top. */
static bool has_lived(const struct view *v, uint8_t host)
{
	return v->moment->host[host].newest != 0;
}

static void mark_person(struct canvas *c, struct area a, const struct view *v, int line)
{
	uint8_t host = v->story->people[line];
	enum state state = moment_state(v->moment, host);
	struct spot spot = spot_of(state, state == CLOSED && has_lived(v, host));
	struct ink ink = view_ink(v, host);
	int column;

	if (spot.row < 0 || spot.row + 1 >= a.rows)
		return;
	ink.attrs |= ATTR_BOLD;
	column = a.column + 1 + spot.column;
	canvas_text(c, a.row + 1 + spot.row, column, a.columns, ink, state_name(state));
	/* The first one's mark stands before the name, the others' behind it. */
	column += line == 0 ? -2 : (int)strlen(state_name(state)) + 1 + 2 * (line - 1);
	canvas_glyph(c, a.row + 1 + spot.row, column, line == 0 ? GLYPH_PERSON_0 : GLYPH_PERSON_1,
		     ink);
}

/* The edges taken in the beat just told: "LISTEN → SYN_RCVD: rcv SYN / snd SYN,ACK". */
static void draw_edge(struct canvas *c, struct area a, const struct view *v)
{
	const struct beat *b = view_beat(v);
	const struct record *taken = NULL;
	struct sink text = {0};

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);

		if (r->kind == REC_STATE && r->from != r->to)
			taken = r;
	}
	if (!taken)
		return;
	sink_puts(&text, state_name((enum state)taken->from));
	sink_puts(&text, " → ");
	sink_puts(&text, state_name((enum state)taken->to));
	for (size_t i = 0; i < edge_count(); i++) {
		enum state from, to;
		const char *label;

		edge_at(i, &from, &to, &label);
		if (from == (enum state)taken->from && to == (enum state)taken->to)
			sink_printf(&text, "  %s", label);
	}
	canvas_text(c, a.row + a.rows - 1, a.column + 1, a.columns - 2, view_ink(v, taken->host),
		    text.at);
	sink_fini(&text);
}

void view_states(struct canvas *c, struct area a, const struct view *v, struct hits *hits)
{
	struct sink heading = {0};
	int column;

	string_put(&heading, STRING_STATES, v->player->lang);
	view_heading(c, a, v, PANEL_STATES, heading.at, 0, 0);
	sink_fini(&heading);
	column = a.column + a.columns - 1;
	/* From the right: each name with its sign, blanks between them. */
	for (int i = v->story->people_count; i-- > 0;) {
		struct ink ink = view_ink(v, v->story->people[i]);
		char sign[5] = {0};

		utf8_put(glyph_code(i == 0 ? GLYPH_PERSON_0 : GLYPH_PERSON_1), sign);
		if (column < a.column + 20)
			break;
		column -= canvas_text_right(c, a.row, column, 1, INK(ROLE_TEXT), " ");
		column -= canvas_text_right(c, a.row, column, 2, ink, sign);
		column -= canvas_text_right(c, a.row, column, 1, INK(ROLE_TEXT), " ");
		column -= canvas_text_right(c, a.row, column, 12, ink,
					    view_name(v, v->story->people[i]));
		column -= canvas_text_right(c, a.row, column, 1, INK(ROLE_TEXT), " ");
	}
	for (int i = 0; i < STATES_ROWS - 1 && i + 1 < a.rows; i++)
		canvas_text(c, a.row + 1 + i, a.column + 1, a.columns - 1, INK(ROLE_FAINT),
			    figure[i]);
	for (int i = 0; i < v->story->people_count; i++)
		mark_person(c, a, v, i);
	draw_edge(c, a, v);
	(void)hits;
}
