/* SPDX-License-Identifier: MIT */
#include "stage/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "stage/playbill.h"
#include "stage/term.h"
#include "stage/view.h"

enum { FRAME_MS = 33, STATUS_LACKING = 3 };

void stage_options_environment(struct stage_options *o)
{
	const char *no_color = getenv("NO_COLOR");
	const char *reduced = getenv("REDUCED_MOTION");

	if (no_color && no_color[0] != '\0')
		o->theme = THEME_MONO;
	if (reduced && reduced[0] != '\0' && strcmp(reduced, "0") != 0 && o->motion == MOTION_FULL)
		o->motion = MOTION_STEPS;
}

/* Thousandths: "0.5" is 500, "1/8" 125. 0: no number. */
static int64_t read_thousandths(const char *text)
{
	int64_t whole = 0, weight = 100, below = 0;
	int digits = 0;

	for (; *text >= '0' && *text <= '9' && digits < 6; text++, digits++)
		whole = whole * 10 + (*text - '0');
	if (*text == '/') {
		for (text++; *text >= '0' && *text <= '9' && below < 100000; text++)
			below = below * 10 + (*text - '0');
		return *text == '\0' && below > 0 ? whole * 1000 / below : 0;
	}
	whole *= 1000;
	if (*text == '.') {
		for (text++; *text >= '0' && *text <= '9'; text++, weight /= 10, digits++)
			whole += (*text - '0') * weight;
	}
	return *text == '\0' && digits > 0 ? whole : 0;
}

bool stage_speed(const char *text, int *speed)
{
	int64_t asked;
	int best = SPEED_SLOWEST;

	asked = read_thousandths(*text == 'x' ? text + 1 : text);
	if (asked <= 0)
		return false;
	/* In 32000ths all speeds are whole numbers. */
	for (int i = SPEED_SLOWEST; i <= SPEED_FASTEST; i++) {
		int64_t is = i >= 0 ? (int64_t)32000 << i : 32000 >> -i;
		int64_t was = best >= 0 ? (int64_t)32000 << best : 32000 >> -best;

		if (llabs(asked * 32 - is) < llabs(asked * 32 - was))
			best = i;
	}
	*speed = best;
	return true;
}

static int refuse(enum term_answer answer, enum lang lang)
{
	const char *name = getenv("TERM");

	fputs("woshou: ", stderr);
	if (answer == TERM_NONE)
		fputs(string_in(STRING_NO_TERMINAL, lang), stderr);
	else
		fprintf(stderr, string_in(STRING_NO_SETUP, lang), name ? name : "");
	fputc('\n', stderr);
	return STATUS_LACKING;
}

static enum term_answer open_term(const struct stage_options *o)
{
	return term_open(&(struct term_options){
		.theme = o->theme, .is_ascii = o->is_ascii, .has_mouse = !o->has_no_mouse});
}

/* ---- a play ---------------------------------------------------------------------------------- */

struct show {
	struct story *story;
	struct player player;
	struct moment moment;
	struct view view;
	struct hits hits;
	struct canvas canvas, shown;
};

static void show_init(struct show *s, const struct trace *t, const char *title,
		      const struct stage_options *o)
{
	*s = (struct show){.story = story_new(t)};
	player_init(&s->player, s->story, o->lang);
	s->player.is_absolute = o->is_absolute;
	if (o->has_speed)
		s->player.speed = o->speed;
	if (o->has_start)
		player_seek(&s->player, o->start_at);
	s->view = (struct view){.story = s->story,
				.player = &s->player,
				.moment = &s->moment,
				.title = title,
				.motion = o->motion,
				.tell = o->tell};
}

static void show_fini(struct show *s)
{
	canvas_fini(&s->canvas);
	canvas_fini(&s->shown);
	moment_fini(&s->moment);
	story_free(s->story);
}

static void fit(struct canvas *c, int rows, int columns, bool is_ascii)
{
	if (c->cells && c->rows == rows && c->columns == columns)
		return;
	canvas_fini(c);
	canvas_init(c, rows, columns, is_ascii);
}

static void show_draw(struct show *s)
{
	struct canvas last;
	int rows, columns;

	term_size(&rows, &columns);
	fit(&s->canvas, rows, columns, term_is_ascii());
	moment_go(&s->moment, s->story->trace, s->player.cursor);
	view_draw(&s->canvas, &s->view, &s->hits);
	if (s->shown.cells && canvas_eq(&s->canvas, &s->shown))
		return;
	term_draw(&s->canvas);
	last = s->shown;
	s->shown = s->canvas;
	s->canvas = last;
}

static void show_input(struct show *s, const struct input *in)
{
	const struct hit *hit;

	switch (in->key) {
	case PRESS_WHEEL_UP: player_do(&s->player, ACTION_UP, 0); return;
	case PRESS_WHEEL_DOWN: player_do(&s->player, ACTION_DOWN, 0); return;
	case PRESS_RESIZED: canvas_fini(&s->shown); return;
	case PRESS_CLICK:
		hit = hits_find(&s->hits, in->row, in->column);
		if (s->player.overlay != OVERLAY_NONE)
			player_key(&s->player, PRESS_ESCAPE);
		else if (hit)
			player_do(&s->player, hit->action, hit->arg);
		return;
	default: player_key(&s->player, in->key); return;
	}
}

static void show_run(struct show *s)
{
	usec before = term_now();

	while (!s->player.wants_quit) {
		struct input in;
		usec now;

		show_draw(s);
		if (term_read(player_is_still(&s->player) ? -1 : FRAME_MS, &in))
			show_input(s, &in);
		now = term_now();
		player_tick(&s->player, now - before);
		before = now;
	}
}

int stage_play(const struct trace *t, const char *title, struct stage_options *o)
{
	enum term_answer answer = open_term(o);
	struct show show;

	if (answer != TERM_OK)
		return refuse(answer, o->lang);
	if (!term_has_chinese())
		o->lang = LANG_EN;
	show_init(&show, t, title, o);
	show_run(&show);
	o->lang = show.player.lang;
	show_fini(&show);
	term_close();
	term_raise_again();
	return 0;
}

void stage_text(const struct trace *t, const char *title, const struct stage_options *o, usec at,
		int rows, int columns, struct sink *out)
{
	struct show s;

	show_init(&s, t, title, o);
	player_seek(&s.player, at);
	canvas_init(&s.canvas, rows, columns, o->is_ascii);
	moment_go(&s.moment, t, s.player.cursor);
	view_draw(&s.canvas, &s.view, NULL);
	canvas_dump(&s.canvas, out);
	show_fini(&s);
}

/* ---- the playbill ---------------------------------------------------------------------------- */

static void playbill_input(struct playbill *p, const struct hits *hits, const struct input *in)
{
	const struct hit *hit;

	if (in->key == PRESS_CLICK) {
		hit = hits_find(hits, in->row, in->column);
		if (hit)
			playbill_click(p, hit->arg);
	} else {
		playbill_key(p, in->key);
	}
}

int stage_playbill(const struct playbill_entry *entries, size_t n, struct stage_options *o,
		   size_t *chosen)
{
	enum term_answer answer = open_term(o);
	struct canvas c = {0};
	struct hits *hits;
	struct playbill p;

	if (answer != TERM_OK)
		return refuse(answer, o->lang);
	if (!term_has_chinese())
		o->lang = LANG_EN;
	hits = xcalloc(1, sizeof *hits);
	playbill_init(&p, entries, n, o->lang, *chosen < n ? *chosen : 0);
	while (!p.wants_quit && !p.has_chosen) {
		struct input in;
		int rows, columns;

		term_size(&rows, &columns);
		fit(&c, rows, columns, term_is_ascii());
		playbill_draw(&c, &p, hits);
		term_draw(&c);
		if (term_read(-1, &in))
			playbill_input(&p, hits, &in);
	}
	*chosen = playbill_chosen(&p);
	o->lang = p.lang;
	playbill_fini(&p);
	canvas_fini(&c);
	free(hits);
	term_close();
	term_raise_again();
	return 0;
}

void stage_keys_manual(struct sink *out, enum lang lang)
{
	keys_manual(out, lang);
}

void stage_keys_markdown(struct sink *out, enum lang lang)
{
	keys_markdown(out, lang);
}
