/* SPDX-License-Identifier: MIT */
#include "monkey.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <base/diag.h>
#include <base/utf8.h>
#include <scene/history.h>
#include "fixture.h"
#include "sound.h"

uint32_t chance_below(struct chance *c, uint32_t bound)
{
	uint32_t value = 0;

	if (!c->data)
		return (uint32_t)prng_below(&c->prng, bound);
	for (uint32_t most = bound - 1; most > 0 && c->left > 0; most >>= 8, c->left--)
		value = value << 8 | *c->data++;
	return value % bound;
}

static void note(struct monkey *m, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(m->trail[m->deeds++ % TRAIL], TRAIL_OCTETS, format, arguments);
	va_end(arguments);
}

void monkey_print_trail(const struct monkey *m)
{
	uint64_t first = m->deeds > TRAIL ? m->deeds - TRAIL : 0;

	for (uint64_t i = first; i < m->deeds; i++)
		printf("# %" PRIu64 ": %s\n", i, m->trail[i % TRAIL]);
}

/* ---- what must hold -------------------------------------------------------------------------- */

/* What is heard and not yet taken in may be older than the clock. */
static const char *player_fault(const struct player *p, bool has_news)
{
	const struct story *s = p->story;
	const struct trace *t = s->trace;

	if (p->cursor > trace_count(t))
		return "the cursor is behind the end";
	if (p->cursor > 0 && trace_at(t, p->cursor - 1)->at > p->now)
		return "something is true that is still to come";
	if (!has_news && p->cursor < trace_count(t) && trace_at(t, p->cursor)->at < p->now)
		return "the clock has passed what is not yet true";
	if (player_stop(p) >= s->stops.count)
		return "there is no such stop";
	if (s->rows.count > 0 && player_row(p) >= s->rows.count)
		return "there is no such row";
	if (p->speed < SPEED_SLOWEST || p->speed > SPEED_FASTEST)
		return "there is no such speed";
	if (p->rest < 0 || p->halt < 0)
		return "time is owed that never passed";
	return NULL;
}

static void fit(struct canvas *c, const struct monkey *m)
{
	if (c->cells && c->rows == m->now_rows && c->columns == m->now_columns)
		return;
	canvas_fini(c);
	canvas_init(c, m->now_rows, m->now_columns, m->options.is_ascii);
}

static const char *look(struct monkey *m, bool is_twice)
{
	const char *fault;

	fit(&m->canvas, m);
	session_draw(&m->session, &m->canvas);
	fault = canvas_fault(&m->canvas);
	if (!fault)
		fault = hits_fault(&m->session.hits, &m->canvas);
	if (!fault)
		fault = player_fault(&m->session.player, session_has_news(&m->session));
	if (!fault && is_twice) {
		fit(&m->again, m);
		session_draw(&m->session, &m->again);
		if (!canvas_eq(&m->canvas, &m->again))
			fault = "the same moment was drawn differently";
	}
	return fault;
}

/* ---- deeds ----------------------------------------------------------------------------------- */

static void press(struct monkey *m, uint32_t key)
{
	session_input(&m->session, &(struct input){.key = key});
}

static void press_any(struct monkey *m, struct chance *c)
{
	/* Those that do much stand here often; he would leave all the time if he could. */
	static const char often[] = "....,,,,jjkkwi?gG0[]ft12345678tsdDurcbBUxpPvyn:/zeo+-=CCF";
	uint32_t key;

	switch (chance_below(c, 8)) {
	case 0: key = PRESS_ENTER + chance_below(c, PRESS_LEAVE - PRESS_ENTER); break;
	case 1: key = chance_below(c, 128); break;
	case 2:
		key = chance_below(c, 4) ? 0x4e00 + chance_below(c, 0x5000)
					 : chance_below(c, 0x110000);
		break;
	default: key = (unsigned char)often[chance_below(c, sizeof often - 1)]; break;
	}
	/* Drawing characters are on no keyboard: where one stands the stage has drawn it. */
	if (key >= 0x2500 && key < 0x2900)
		key = '.';
	if (key == 'q' && chance_below(c, 4) > 0)
		key = '.';
	note(m, "key U+%04" PRIX32, key);
	press(m, key);
}

static const char *const lines[] = {
	"gnext FIN\n",
	"gnext data\n",
	"g+200ms\n",
	"g-1s\n",
	"g#17\n",
	"g99999999999s\n",
	"gstate TIME_WAIT\n",
	"g1.26s\n",
	"/prev lost\n",
	"nN",
	"g\n",
	":zhang close\n",
	":li write \"hello\"\n",
	":wind zhang -> li { drop 1st where data }\n",
	":help\n",
	":zhang abort\n",
	":li crash\n",
	":undo\n",
	":branch\n",
	":nonsense \x1b",
	":zhang write \"\xe4\xbd\xa0\xe5\xa5\xbd\"\n",
	"/\xe6\x8b\x9b\xe6\x89\x8b\n",
	"p1\n",
	"pSYN\n",
	"p\x1b",
	"d",
	"D200ms\n",
	"u",
	"r",
	"c",
	"b\n",
	"\t\t",
	"ijjjjkk",
	"66",
	"\t\tjjjjj",
	"x\x1b",
	"w\x1b",
	"?jjjj\x1b",
	"+++++ ",
	"----- ",
	":save t\n",
	":save a.scene\ny",
	"Py..n.. P",
	"xs\n",
	"xjj\n",
	"bjj\n",
	"bk\n",
	"U",
	"ehello\n\x1b",
	"e:close\n\x1b",
	"Cj\n",
	"C0",
	":abort\n",
	"G\n",
	"77",
	"7kkkj",
};

static void type_line(struct monkey *m, struct chance *c)
{
	const char *line = lines[chance_below(c, sizeof lines / sizeof lines[0])];
	size_t left = strlen(line);

	note(m, "type %.40s", line);
	while (left > 0) {
		uint32_t key;
		size_t n = utf8_next(line, left, &key);

		line += n;
		left -= n;
		press(m, key == '\n'   ? PRESS_ENTER
			 : key == '\t' ? PRESS_TAB
			 : key == 0x1b ? PRESS_ESCAPE
				       : key);
	}
}

static void click(struct monkey *m, struct chance *c)
{
	const struct hits *h = &m->session.hits;
	struct input in = {.key = PRESS_CLICK};

	if (h->count > 0 && chance_below(c, 2)) {
		const struct area *a = &h->at[chance_below(c, (uint32_t)h->count)].area;

		in.row = a->row + (int)chance_below(c, (uint32_t)a->rows);
		in.column = a->column + (int)chance_below(c, (uint32_t)a->columns);
	} else {
		in.row = (int)chance_below(c, (uint32_t)m->now_rows + 2) - 1;
		in.column = (int)chance_below(c, (uint32_t)m->now_columns + 2) - 1;
	}
	note(m, "click %d,%d", in.column, in.row);
	session_input(&m->session, &in);
}

static void turn_wheel(struct monkey *m, struct chance *c)
{
	struct input in = {.key = chance_below(c, 2) ? PRESS_WHEEL_UP : PRESS_WHEEL_DOWN,
			   .row = (int)chance_below(c, (uint32_t)m->now_rows + 1),
			   .column = (int)chance_below(c, (uint32_t)m->now_columns + 1)};

	note(m, "wheel %s at %d,%d", in.key == PRESS_WHEEL_UP ? "up" : "down", in.column, in.row);
	session_input(&m->session, &in);
}

static void wait(struct monkey *m, struct chance *c)
{
	static const usec spans[] = {0, 1, 1000, 33000, 33000, 33000, 250000, 3600 * USEC_PER_S,
				     -5};
	usec span = spans[chance_below(c, sizeof spans / sizeof spans[0])];

	note(m, "wait %" PRId64 " us", span);
	session_tick(&m->session, span);
}

static void resize(struct monkey *m, struct chance *c)
{
	static const struct {
		int rows, columns;
	} odd[] = {{1, 1},   {1, 500},   {200, 1},  {11, 39},  {12, 39},  {11, 40},  {12, 40},
		   {23, 80}, {24, 79},   {24, 80},  {39, 120}, {40, 119}, {40, 120}, {60, 200},
		   {2, 2},   {200, 500}, {24, 500}, {200, 80}, {0, 0}};
	uint32_t which = chance_below(c, 2 * sizeof odd / sizeof odd[0]);

	if (which < sizeof odd / sizeof odd[0]) {
		m->now_rows = odd[which].rows;
		m->now_columns = odd[which].columns;
	} else {
		m->now_rows = (int)chance_below(c, 90);
		m->now_columns = (int)chance_below(c, 250);
	}
	note(m, "resize to %dx%d", m->now_columns, m->now_rows);
	press(m, PRESS_RESIZED);
}

static uint64_t hash_of(const struct canvas *c)
{
	uint64_t h = 1469598103934665603u;

	for (int i = 0; i < c->rows * c->columns; i++) {
		const struct cell *cell = &c->cells[i];

		for (int o = 0; o < cell->octets; o++)
			h = (h ^ (unsigned char)cell->text[o]) * 1099511628211u;
		h = (h ^ (unsigned)(cell->width << 16 | cell->role << 8 | cell->attrs)) *
		    1099511628211u;
	}
	return h;
}

/* Some steps on and as many back, whatever else is on the screen: the pictures are the same. */
static const char *there_and_back(struct monkey *m, struct chance *c)
{
	enum { STEPS = 6 };
	struct {
		uint32_t stop;
		uint64_t hash;
	} seen[STEPS];
	const struct player *p = &m->session.player;
	int n = 0, most = 2 + (int)chance_below(c, STEPS - 1);
	enum overlay overlay = p->overlay;
	const char *fault = NULL;

	note(m, "%d steps there and back", most);
	while (!fault && n < most) {
		uint32_t before = player_stop(p);

		press(m, '.');
		/* At the end, or where a full stop means something else. */
		if (player_stop(p) != before + 1 || p->overlay != overlay)
			break;
		fault = look(m, false);
		seen[n].stop = player_stop(p);
		seen[n++].hash = hash_of(&m->canvas);
	}
	for (n -= 2; !fault && n >= 0; n--) {
		press(m, ',');
		if (player_stop(p) != seen[n].stop || p->overlay != overlay)
			break;
		fault = look(m, false);
		if (!fault && hash_of(&m->canvas) != seen[n].hash)
			fault = "going back shows something else";
	}
	return fault;
}

/* ---- his life -------------------------------------------------------------------------------- */

static bool is_there(void *user, const char *path)
{
	(void)user;
	return path[0] == 't';
}

static bool take(void *user, const char *path, const struct sink *bytes, struct sink *complaint)
{
	(void)user;
	if (path[0] == 'x' || bytes->count == 0)
		sink_puts(complaint, "no room");
	return complaint->count == 0;
}

static bool take_export(void *user, const struct stage_export *what, struct sink *complaint)
{
	(void)user;
	if (what->path[0] == 'x' || trace_count(what->trace) == 0)
		sink_puts(complaint, "no room");
	return complaint->count == 0;
}

static void offer(void *user, const char *path, struct sink *names)
{
	(void)user;
	sink_printf(names, "%s-1.scene\n%s-\xe7\x94\xb2.scene\n", path, path);
}

static void leave(struct monkey *m)
{
	if (m->is_open)
		session_fini(&m->session);
	if (m->history)
		history_free(m->history);
	m->history = NULL;
	m->is_open = false;
	canvas_fini(&m->canvas);
	canvas_fini(&m->again);
}

static void open_again(struct monkey *m, struct chance *c)
{
	struct diags d = {0};
	const struct trace *t = m->trace;

	leave(m);
	m->options.lang = (enum lang)chance_below(c, LANG_BOTH + 1);
	m->options.motion = (enum stage_motion)chance_below(c, MOTION_NONE + 1);
	m->options.is_ascii = chance_below(c, 4) == 0;
	m->options.is_absolute = chance_below(c, 4) == 0;
	m->options.has_no_mouse = chance_below(c, 4) == 0;
	if (m->file)
		m->history = history_new(m->file, 0, NULL, &d);
	if (m->history)
		t = history_trace(m->history, 0);
	m->files = (struct stage_files){NULL, is_there, take, take_export, offer};
	m->options.history = m->history;
	m->options.live = m->live;
	m->options.files = &m->files;
	session_init(&m->session, t, "first-wave.scene", &m->options);
	m->is_open = true;
	diags_fini(&d);
	note(m, "open: language %d, motion %d%s%s", m->options.lang, m->options.motion,
	     m->options.is_ascii ? ", ASCII" : "", m->options.is_absolute ? ", absolute" : "");
}

void monkey_open(struct monkey *m, const struct trace *t, const struct scene_file *f,
		 struct chance *c, int rows, int columns)
{
	m->options = (struct stage_options){.tell = fixture_tell};
	m->trace = t;
	m->file = f;
	m->rows = m->now_rows = rows;
	m->columns = m->now_columns = columns;
	open_again(m, c);
	(void)look(m, false);
}

void monkey_close(struct monkey *m)
{
	leave(m);
	*m = (struct monkey){0};
}

/* Something comes, perhaps later than the clock says, and is heard at once or after the next. */
static void stir(struct monkey *m, struct chance *c)
{
	m->stir(m->user, c);
	if (chance_below(c, 3) > 0)
		session_turn(&m->session);
	session_clock(&m->session);
	if (session_has_news(&m->session) && chance_below(c, 4) > 0)
		session_take(&m->session);
	note(m, "news: %" PRIu64 " records", trace_count(m->session.story->trace));
}

const char *monkey_act(struct monkey *m, struct chance *c)
{
	uint32_t what = chance_below(c, 100);
	const char *fault = NULL;

	if (m->now_rows != m->rows || m->now_columns != m->columns) {
		if (chance_below(c, 4) == 0) {
			m->now_rows = m->rows;
			m->now_columns = m->columns;
			press(m, PRESS_RESIZED);
		}
	}
	if (m->live && chance_below(c, 4) == 0)
		stir(m, c);
	if (what < 55)
		press_any(m, c);
	else if (what < 65)
		type_line(m, c);
	else if (what < 75)
		click(m, c);
	else if (what < 80)
		turn_wheel(m, c);
	else if (what < 95)
		wait(m, c);
	else if (what < 97)
		resize(m, c);
	else
		fault = there_and_back(m, c);
	if (!fault)
		fault = look(m, chance_below(c, 8) == 0);
	if (session_is_over(&m->session))
		open_again(m, c);
	return fault;
}
