/* SPDX-License-Identifier: MIT */
/* focus.c - which panels the reader sees and which of them the arrows work on. */
#include "stage/player.h"

unsigned player_shown(const struct player *p)
{
	unsigned shown = (p->panels.given ^ p->toggled) | PANEL_LADDER;

	return p->panels.has_twin ? shown : shown & ~(unsigned)PANEL_BESIDE;
}

enum panel player_focus(const struct player *p)
{
	return player_shown(p) & p->focus ? p->focus : PANEL_LADDER;
}

/* What the reader opens has the focus, and gives it back when it is closed. */
void player_toggle(struct player *p, enum panel panel)
{
	p->toggled ^= panel;
	p->focus = PANEL_LADDER;
	if ((player_shown(p) & panel) && panel != PANEL_PEOPLE && panel != PANEL_NARRATION)
		p->focus = panel;
}

void player_focus_next(struct player *p, int by)
{
	p->focus = panel_next(player_shown(p), player_focus(p), by);
}

void player_focus_on(struct player *p, uint32_t panel)
{
	if (panel > 0 && panel < PANEL_ALL && (panel & (panel - 1)) == 0)
		p->focus = (enum panel)panel;
}

/* Each graph after the other, then none. */
void player_cycle_graph(struct player *p)
{
	bool is_shown = (player_shown(p) & PANEL_GRAPH) != 0;

	if (is_shown && p->graph + 1 < GRAPHS) {
		p->graph = (enum graph_kind)(p->graph + 1);
		p->focus = PANEL_GRAPH;
		return;
	}
	p->graph = GRAPH_SEQ_FIRST;
	player_toggle(p, PANEL_GRAPH);
}

void player_scroll(struct player *p, enum panel panel, int by)
{
	int i = panel_index(panel);
	int most = p->panels.most[i];

	p->scrolled[i] += by;
	if (p->scrolled[i] > most)
		p->scrolled[i] = most;
	if (p->scrolled[i] < 0)
		p->scrolled[i] = 0;
}

enum panel player_panel_at(const struct player *p, int row, int column)
{
	for (int i = 0; i < PANELS; i++) {
		const struct area *a = &p->panels.area[i];

		if (row >= a->row && row < a->row + a->rows && column >= a->column &&
		    column < a->column + a->columns)
			return panel_at(i);
	}
	return PANEL_LADDER;
}
