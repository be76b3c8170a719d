/* SPDX-License-Identifier: MIT */
/*
 * paper.c - pictures for paper: the stage at one moment as SVG, and the whole ladder, from the
 * first row of the story to the last, as SVG or as text. A long one is drawn band by band.
 */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/canvas_svg.h"
#include "stage/session.h"

enum { BAND_ROWS = 400, HEAD_ROWS = 4 };

/* ---- one moment ------------------------------------------------------------------------------ */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] != '\0' ? slash + 1 : path;
}

void session_svg(struct session *s, enum theme theme, int rows, int columns, bool is_ascii,
		 struct sink *out)
{
	struct svg_options svg = {.theme = theme, .lang = s->player.lang};
	struct sink name = {0}, words = {0};
	struct canvas c;

	canvas_init(&c, rows, columns, is_ascii);
	c.keeps_strokes = true;
	session_draw(s, &c);
	sink_printf(&name, "%s, ", view_play_name(&s->view));
	sink_time(&name, s->player.now);
	sink_puts(&name, " s");
	sink_puts(&words, string_in(STRING_SVG_MOMENT, s->player.lang));
	svg.title = name.at;
	svg.description = words.at;
	svg.rows = c.rows;
	svg.columns = c.columns;
	svg_begin(out, &svg);
	svg_canvas(out, &svg, &c, 0);
	svg_end(out);
	sink_fini(&name);
	sink_fini(&words);
	canvas_fini(&c);
}

void stage_svg(const struct trace *t, const char *title, const struct stage_options *o, usec at,
	       int rows, int columns, struct sink *out)
{
	struct session s;

	session_init(&s, t, title, o);
	player_seek(&s.player, at);
	session_svg(&s, o->theme, rows, columns, o->is_ascii, out);
	session_fini(&s);
}

/* ---- the whole ladder ------------------------------------------------------------------------ */

struct paper {
	struct story *story;
	struct player player;
	struct view view;
	int columns;
	bool is_ascii;
};

static void paper_init(struct paper *p, const struct trace *t, const char *title,
		       const struct stage_options *o, int columns)
{
	*p = (struct paper){.story = story_new(t), .columns = columns, .is_ascii = o->is_ascii};
	player_init(&p->player, p->story, o->lang);
	p->player.is_absolute = o->is_absolute;
	player_go(&p->player, (uint32_t)p->story->stops.count - 1);
	p->player.cursor = trace_count(t);
	p->view = (struct view){.story = p->story,
				.player = &p->player,
				.title = title,
				.play = {o->play[0], o->play[1]},
				.motion = MOTION_NONE,
				.is_page = true};
}

static void paper_fini(struct paper *p)
{
	story_free(p->story);
}

static void draw_people(struct canvas *c, const struct paper *p)
{
	const struct trace *t = p->story->trace;
	int column = 1;

	for (int i = 0; i < p->story->people_count; i++) {
		uint8_t host = p->story->people[i];
		const struct trace_host *h = trace_host_at(t, host);
		struct sink name = {0}, rest = {0};
		char address[ADDRESS_TEXT];

		view_put_name(&name, &p->view, host);
		address_text(&h->address, address);
		sink_printf(&rest, "%s (%s)", address, h->profile);
		column += canvas_text_cut(c, 1, column, c->columns - column,
					  view_ink(&p->view, host), name.at) +
			  1;
		column += canvas_text_cut(c, 1, column, c->columns - column, INK(ROLE_FAINT),
					  rest.at) +
			  3;
		sink_fini(&name);
		sink_fini(&rest);
	}
}

/* "A word is lost", in both languages when both are asked for. */
static void put_title(struct sink *out, const struct view *v)
{
	if (v->player->lang == LANG_BOTH && v->play[0] && v->play[1])
		sink_printf(out, "%s  ", v->play[1]);
	sink_puts(out, view_play_name(v));
}

static void draw_head(struct canvas *c, const struct paper *p)
{
	const char *file = base_name(p->view.title);
	struct sink seed = {0}, title = {0};
	int end = c->columns - 1, column = 1;

	sink_printf(&seed, "%s %" PRIu64, string_in(STRING_SEED, p->player.lang),
		    trace_seed(p->story->trace));
	end -= canvas_text_right(c, 0, end, c->columns - 2, INK(ROLE_FAINT), seed.at) + 2;
	put_title(&title, &p->view);
	column += canvas_text_cut(c, 0, column, end - column, INK(ROLE_HEAD), title.at) + 2;
	if (strcmp(file, view_play_name(&p->view)) != 0 && end - column > 3)
		canvas_text_cut(c, 0, column, end - column, INK(ROLE_FAINT), file);
	draw_people(c, p);
	view_ladder_heading(c, (struct area){HEAD_ROWS - 1, 0, 1, c->columns}, &p->view);
	sink_fini(&seed);
	sink_fini(&title);
}

/* Draws the page's canvases one by one, and hands each out. */
typedef void paper_taker(void *user, const struct canvas *c, int row);

static void paper_draw(const struct paper *p, bool keeps_strokes, paper_taker *take, void *user)
{
	int64_t rows = (int64_t)p->story->rows.count;
	struct canvas c;

	canvas_init(&c, HEAD_ROWS, p->columns, p->is_ascii);
	draw_head(&c, p);
	take(user, &c, 0);
	canvas_fini(&c);
	for (int64_t top = 0; top < rows; top += BAND_ROWS) {
		int64_t left = rows - top;

		canvas_init(&c, left < BAND_ROWS ? (int)left : BAND_ROWS, p->columns, p->is_ascii);
		c.keeps_strokes = keeps_strokes;
		view_ladder_rows(&c, (struct area){0, 0, c.rows, c.columns}, &p->view, top);
		take(user, &c, HEAD_ROWS + (int)top);
		canvas_fini(&c);
	}
}

static void take_text(void *user, const struct canvas *c, int row)
{
	(void)row;
	canvas_dump(c, user);
}

void stage_page_text(const struct trace *t, const char *title, const struct stage_options *o,
		     int columns, struct sink *out)
{
	struct paper p;

	paper_init(&p, t, title, o, columns);
	paper_draw(&p, false, take_text, out);
	paper_fini(&p);
}

struct svg_taker {
	const struct svg_options *options;
	struct sink *out;
};

static void take_svg(void *user, const struct canvas *c, int row)
{
	struct svg_taker *taker = user;

	svg_canvas(taker->out, taker->options, c, row);
}

/* "The ladder between Zhang San, Li Si." */
static void describe(struct sink *out, const struct paper *p, enum lang lang)
{
	sink_puts(out, string_in(STRING_SVG_LADDER, lang));
	for (int i = 0; i < p->story->people_count; i++) {
		sink_puts(out, i > 0             ? (lang == LANG_EN ? ", " : "、")
			       : lang == LANG_EN ? " "
						 : "");
		sink_puts(out, view_name(&p->view, p->story->people[i]));
	}
}

void stage_page_svg(const struct trace *t, const char *title, const struct stage_options *o,
		    int columns, struct sink *out)
{
	struct sink words = {0};
	struct paper p;

	paper_init(&p, t, title, o, columns);
	describe(&words, &p, o->lang);
	svg_begin(out, &(struct svg_options){.theme = o->theme,
					     .lang = o->lang,
					     .title = view_play_name(&p.view),
					     .description = words.at,
					     .rows = HEAD_ROWS + (int)p.story->rows.count,
					     .columns = columns});
	paper_draw(&p, true, take_svg,
		   &(struct svg_taker){&(struct svg_options){.theme = o->theme, .lang = o->lang},
				       out});
	svg_end(out);
	sink_fini(&words);
	paper_fini(&p);
}
