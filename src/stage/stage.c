/* SPDX-License-Identifier: MIT */
#include "stage/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "stage/chooser.h"
#include "stage/playbill.h"
#include "stage/session.h"
#include "stage/term.h"

enum { STATUS_LACKING = 3 };

static const usec FRAME = 33334; /* thirty a second at most */

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

static void fit(struct canvas *c, int rows, int columns, bool is_ascii)
{
	if (c->cells && c->rows == rows && c->columns == columns)
		return;
	canvas_fini(c);
	canvas_init(c, rows, columns, is_ascii);
}

/* The picture as the terminal has it, and the one that is being drawn: what is the same is not sent
 * again. */
struct screen {
	struct canvas shown, next;
	bool is_stale;  /* the terminal lost what it showed */
	bool is_behind; /* something was heard since */
	bool has_mouse;
	usec take_at; /* before that nothing new is taken in */
};

static void screen_fini(struct screen *screen)
{
	canvas_fini(&screen->shown);
	canvas_fini(&screen->next);
}

static void draw(struct screen *screen, struct session *s)
{
	struct canvas last = screen->shown;
	int rows, columns;

	screen->is_behind = false;
	term_size(&rows, &columns);
	fit(&screen->next, rows, columns, term_is_ascii());
	session_draw(s, &screen->next);
	if (!screen->is_stale && last.cells && canvas_eq(&screen->next, &last))
		return;
	screen->is_stale = false;
	term_draw(&screen->next);
	screen->shown = screen->next;
	screen->next = last;
}

/* The descriptor that tells of news; -1: none will come. */
static int news_of(const struct session *s)
{
	return s->growth.live && s->player.edge.is_open ? s->growth.live->fd : -1;
}

/* All that waits. A click means what is to be seen: when something was heard since, that is drawn
 * first. */
static void hear(struct screen *screen, struct session *s, int wait_ms)
{
	enum { AT_ONCE = 64 };
	struct input in;

	for (int i = 0; i < AT_ONCE && !session_is_over(s) && term_read(wait_ms, news_of(s), &in);
	     i++) {
		wait_ms = 0;
		if (in.key == PRESS_NEWS) {
			session_turn(s);
			break;
		}
		if (in.key == PRESS_RESIZED)
			screen->is_stale = true;
		if (in.key == PRESS_CLICK && screen->is_behind)
			draw(screen, s);
		session_input(s, &in);
		screen->is_behind = true;
	}
	if (screen->has_mouse == s->player.has_no_mouse) {
		screen->has_mouse = !s->player.has_no_mouse;
		term_set_mouse(screen->has_mouse);
	}
}

/* When the picture changes though nobody has pressed a key and nothing is heard: there is something
 * that may soon be taken in, or a countdown runs. USEC_NEVER: it does not. */
static usec next_change(const struct screen *screen, const struct session *s, usec now)
{
	usec alarm = session_alarm(s);
	usec at = alarm < 0 ? USEC_NEVER : now + alarm;

	return session_has_news(s) && screen->take_at < at ? screen->take_at : at;
}

static int wait_ms(usec now, usec until)
{
	enum { LONGEST_MS = 60000 };
	usec left = (until - now) / USEC_PER_MS + 1;

	if (until == USEC_NEVER)
		return -1;
	return now >= until ? 0 : left < LONGEST_MS ? (int)left : LONGEST_MS;
}

/* Between two pictures at least FRAME passes, however fast the keys come or the window changes its
 * size: nobody sees the ones between. While nothing moves, the first key or news is waited for. */
static void hear_for_a_frame(struct screen *screen, struct session *s)
{
	usec end = term_now() + FRAME, change = next_change(screen, s, term_now());

	while (!session_is_over(s)) {
		usec now = term_now();
		bool is_idle = session_is_still(s) && !screen->is_behind && now < change;

		if (!is_idle && now >= end)
			return;
		hear(screen, s, wait_ms(now, is_idle ? change : end));
		if (session_has_news(s) && screen->take_at < change)
			change = screen->take_at;
	}
}

/* A long recording takes a while to lay out: nine tenths of the time are for everything else. */
static void take_news(struct screen *screen, struct session *s)
{
	enum { REST = 9 };
	usec now = term_now();

	session_clock(s);
	if (!session_has_news(s) || now < screen->take_at)
		return;
	session_take(s);
	screen->take_at = term_now() + REST * (term_now() - now);
}

static void watch(struct session *s)
{
	struct screen screen = {.has_mouse = !s->player.has_no_mouse};
	usec before = term_now();

	while (!session_is_over(s)) {
		bool was_still;
		usec now;

		take_news(&screen, s);
		was_still = session_is_still(s);
		draw(&screen, s);
		hear_for_a_frame(&screen, s);
		now = term_now();
		/* Who has just pressed play has not been playing all the while. */
		if (!was_still)
			session_tick(s, now - before);
		before = now;
	}
	screen_fini(&screen);
}

int stage_play(const struct trace *t, const char *title, struct stage_options *o)
{
	enum term_answer answer = open_term(o);
	struct session session;

	if (answer != TERM_OK)
		return refuse(answer, o->lang);
	if (!term_has_chinese())
		o->lang = LANG_EN;
	session_init(&session, t, title, o);
	if (!term_has_chinese())
		player_notice(&session.player, string_in(STRING_NO_UTF8, o->lang), true);
	watch(&session);
	o->lang = session.player.lang;
	o->left_at = session.player.now;
	o->furthest = session.furthest;
	o->has_ended = session.has_ended;
	session_fini(&session);
	term_close();
	return 0;
}

void stage_raise_again(void)
{
	term_raise_again();
}

void stage_text(const struct trace *t, const char *title, const struct stage_options *o, usec at,
		int rows, int columns, struct sink *out)
{
	struct session s;
	struct canvas c;

	session_init(&s, t, title, o);
	player_seek(&s.player, at);
	canvas_init(&c, rows, columns, o->is_ascii);
	session_draw(&s, &c);
	canvas_dump(&c, out);
	canvas_fini(&c);
	session_fini(&s);
}

/* ---- the playbill ---------------------------------------------------------------------------- */

static void playbill_input(struct playbill *p, const struct hits *hits, const struct input *in)
{
	const struct hit *hit;

	/* Nothing here can be dragged. */
	if (in->key == PRESS_DRAG || in->key == PRESS_DROP)
		return;
	if (in->key == PRESS_CLICK) {
		hit = hits_find(hits, in->row, in->column);
		if (hit)
			playbill_click(p, hit->arg);
	} else {
		playbill_key(p, in->key);
	}
}

/* All that waits is heard before the next picture, so that a held key does not fetch previews that
 * nobody will see. */
static void playbill_hear(struct playbill *p, const struct hits *hits)
{
	enum { AT_ONCE = 64 };
	struct input in;
	int wait_ms = -1;

	for (int i = 0; i < AT_ONCE && !p->wants_quit && !p->has_chosen; i++) {
		if (!term_read(wait_ms, -1, &in))
			return;
		playbill_input(p, hits, &in);
		wait_ms = 0;
	}
}

static void choose(struct playbill *p)
{
	struct hits *hits = xcalloc(1, sizeof *hits);
	struct canvas c = {0};

	while (!p->wants_quit && !p->has_chosen) {
		int rows, columns;

		term_size(&rows, &columns);
		fit(&c, rows, columns, term_is_ascii());
		playbill_look(p);
		playbill_draw(&c, p, hits);
		term_draw(&c);
		playbill_hear(p, hits);
	}
	canvas_fini(&c);
	free(hits);
}

int stage_playbill(const struct playbill_source *source, struct stage_options *o,
		   struct playbill_choice *choice, const char *complaint)
{
	enum term_answer answer = open_term(o);
	const struct playbill_entry *entries;
	struct playbill p;
	size_t n;

	if (answer != TERM_OK)
		return refuse(answer, o->lang);
	if (!term_has_chinese())
		o->lang = LANG_EN;
	entries = source->entries(source->user, &n);
	playbill_init(&p, entries, n, o->lang, choice->entry < n ? choice->entry : 0);
	p.source = source;
	p.variant = choice->variant;
	sink_puts(&p.notice, complaint);
	choose(&p);
	*choice = (struct playbill_choice){playbill_chosen(&p), p.variant, p.is_afresh};
	o->lang = p.lang;
	playbill_fini(&p);
	term_close();
	term_raise_again();
	return 0;
}

/* ---- the list of connections ----------------------------------------------------------------- */

static void chooser_input(struct chooser *ch, const struct hits *hits, const struct input *in)
{
	const struct hit *hit;

	if (in->key == PRESS_DRAG || in->key == PRESS_DROP)
		return;
	if (in->key == PRESS_CLICK) {
		hit = hits_find(hits, in->row, in->column);
		if (hit)
			chooser_click(ch, hit->arg);
	} else {
		chooser_key(ch, in->key);
	}
}

/* All that waits is heard before the next picture. */
static void chooser_watch(struct chooser *ch)
{
	enum { AT_ONCE = 64 };
	struct hits *hits = xcalloc(1, sizeof *hits);
	struct canvas c = {0};
	struct input in;

	while (!chooser_is_over(ch)) {
		int rows, columns, wait_ms = -1;

		term_size(&rows, &columns);
		fit(&c, rows, columns, term_is_ascii());
		chooser_draw(&c, ch, hits);
		term_draw(&c);
		for (int i = 0; i < AT_ONCE && !chooser_is_over(ch); i++) {
			if (!term_read(wait_ms, -1, &in))
				break;
			chooser_input(ch, hits, &in);
			wait_ms = 0;
		}
	}
	canvas_fini(&c);
	free(hits);
}

int stage_choose(const struct stage_list *list, const char *title, struct stage_options *o,
		 struct stage_choice *choice, const char *complaint)
{
	enum term_answer answer = open_term(o);
	struct chooser ch;

	if (answer != TERM_OK)
		return refuse(answer, o->lang);
	if (!term_has_chinese())
		o->lang = LANG_EN;
	chooser_init(&ch, list, title, o->lang, choice);
	sink_puts(&ch.notice, complaint);
	chooser_watch(&ch);
	chooser_choice(&ch, choice);
	o->lang = ch.lang;
	chooser_fini(&ch);
	term_close();
	term_raise_again();
	return 0;
}

void stage_chooser_manual(struct sink *out, enum lang lang)
{
	chooser_manual(out, lang);
}

void stage_chooser_markdown(struct sink *out, enum lang lang)
{
	chooser_markdown(out, lang);
}

void stage_keys_manual(struct sink *out, enum lang lang)
{
	keys_manual(out, lang);
}

void stage_playbill_manual(struct sink *out, enum lang lang)
{
	playbill_manual(out, lang);
}

void stage_playbill_markdown(struct sink *out, enum lang lang)
{
	playbill_markdown(out, lang);
}

void stage_keys_markdown(struct sink *out, enum lang lang)
{
	keys_markdown(out, lang);
}
