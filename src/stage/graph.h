/* SPDX-License-Identifier: MIT */
/*
 * graph.h - what the graphs share: whose course is drawn, over what time, on what scale.
 */
#ifndef STAGE_GRAPH_H
#define STAGE_GRAPH_H

#include "stage/plot.h"
#include "stage/view.h"

struct graph {
	struct canvas *canvas;
	const struct view *v;
	uint8_t from, to;        /* hosts: who says it, to whom */
	const struct life *life; /* of the connection of `from` */
	size_t said;             /* segments told so far */
	struct plot plot;
	usec now;
	usec begin, span;        /* what the lying axis shows */
	usec last;               /* of what has happened so far */
	bool is_past;            /* now lies far behind that, beyond the axis */
	int64_t low, high, step; /* of the upright axis */
};

size_t graph_told(const struct graph *g, enum course_of which);
int graph_x(const struct graph *g, usec at); /* in dots, from the left */
usec graph_time(const struct graph *g, int x);
int graph_y(const struct graph *g, int64_t value); /* from the top; outside when beyond the axis */
/* A round range around these. */
void graph_range(struct graph *g, int64_t low, int64_t high);
void graph_course(struct graph *g, enum course_of which, const struct layer *layer, int dash);

void graph_draw_seq(struct graph *g);
void graph_draw_cwnd(struct graph *g);
/* In the heading's row, right of column `from`. */
void graph_legend(const struct graph *g, struct area a, int from, bool is_cwnd);

#endif
