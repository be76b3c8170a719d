/* SPDX-License-Identifier: MIT */
/*
 * cast.c - a play as a recording of the stage: asciicast v2, a line of JSON an event. It is played
 * as a reader would who presses the space bar once and waits: with its halts, idle time skipped.
 */
#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include "stage/canvas_ansi.h"
#include "stage/session.h"

/* Of the reader's time: thirty frames a second; and how long the last picture is to be seen. */
static const usec FRAME = 33334;
static const usec PATIENCE = 250 * USEC_PER_MS;
static const usec LAST = 2 * USEC_PER_S;
/* A word that flies for days is not watched for days: on one stretch between two stops nobody waits
 * longer than this, less in a play of many stops. A whole play is some ten hours then at most, or
 * two seconds a stop. */
static const usec STRETCH_MOST = 300 * USEC_PER_S;
static const usec STRETCH_LEAST = 2 * USEC_PER_S;
static const usec PLAY_MOST = 36000 * USEC_PER_S;

struct cast {
	struct session session;
	struct canvas shown, next;
	struct sink *out;
	struct sink bytes; /* of one event */
	enum theme theme;
	usec at;       /* of the reader's time */
	size_t marks;  /* told so far */
	uint32_t stop; /* passed last, */
	usec stretch;  /* and for how long nothing but flight since */
};

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Octets that are UTF-8, as canvases and harmless texts are. */
static void put_string(struct sink *out, const char *text, size_t n)
{
	sink_putc(out, '"');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"' || text[i] == '\\')
			sink_printf(out, "\\%c", text[i]);
		else if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			sink_printf(out, "\\u%04x", (unsigned char)text[i]);
		else
			sink_putc(out, text[i]);
	}
	sink_putc(out, '"');
}

static void put_event(struct cast *k, char what)
{
	sink_printf(k->out, "[%" PRId64 ".%06" PRId64 ", \"%c\", ", k->at / USEC_PER_S,
		    k->at % USEC_PER_S, what);
	put_string(k->out, k->bytes.at, k->bytes.count);
	sink_puts(k->out, "]\n");
	sink_clear(&k->bytes);
}

static void put_header(struct cast *k)
{
	const char *title = view_play_name(&k->session.view);

	put_harmless(&k->bytes, title, strlen(title));
	sink_printf(k->out,
		    "{\"version\": 2, \"width\": %d, \"height\": %d, \"title\": ", k->next.columns,
		    k->next.rows);
	put_string(k->out, k->bytes.at ? k->bytes.at : "", k->bytes.count);
	sink_puts(k->out, ", \"env\": {\"TERM\": \"xterm-256color\"}}\n");
	sink_clear(&k->bytes);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void draw(struct cast *k)
{
	struct canvas last = k->shown;

	session_draw(&k->session, &k->next);
	canvas_ansi(&k->bytes, &last, &k->next, k->theme);
	if (k->bytes.count > 0)
		put_event(k, 'o');
	k->shown = k->next;
	k->next = last;
}

/* Chapters and marks that have become true since the last look. */
static void tell_marks(struct cast *k)
{
	const struct story *s = k->session.story;

	for (; k->marks < s->marks.count; k->marks++) {
		const struct record *r = trace_at(s->trace, s->marks.at[k->marks].record);
		const char *text;

		if (r->serial >= k->session.player.cursor)
			return;
		text = text_in(trace_text_of(s->trace, r, 0), trace_text_of(s->trace, r, 1),
			       k->session.player.lang);
		put_harmless(&k->bytes, text, strlen(text));
		if (k->bytes.count > 0)
			put_event(k, 'm');
	}
}

static usec stretch_most(const struct cast *k)
{
	usec most = PLAY_MOST / (usec)k->session.story->stops.count;

	return most > STRETCH_MOST ? STRETCH_MOST : most < STRETCH_LEAST ? STRETCH_LEAST : most;
}

/* Time passes until something may have changed. */
static void wait(struct cast *k)
{
	struct player *p = &k->session.player;
	usec passes = FRAME;

	if (p->halt > FRAME)
		passes = p->halt < PATIENCE ? p->halt : PATIENCE;
	session_tick(&k->session, passes);
	k->at += passes;
	k->stretch += passes;
	if (player_stop(p) != k->stop)
		k->stretch = 0;
	else if (k->stretch > stretch_most(k))
		player_go(p, k->stop + 1);
	k->stop = player_stop(p);
}

/* Nobody is there to press a key: who has stopped on the way is sent on. */
static void go_on(struct player *p)
{
	p->overlay = OVERLAY_NONE;
	if (p->is_playing || player_is_at_end(p))
		return;
	player_go(p, player_stop(p) + 1);
	p->is_playing = true;
}

static void play(struct cast *k)
{
	struct player *p = &k->session.player;

	p->is_playing = true;
	k->stop = player_stop(p);
	tell_marks(k);
	sink_puts(&k->bytes, "\x1b[?25l\x1b[0m\x1b[2J");
	draw(k);
	while (!player_is_at_end(p) || p->halt > 0) {
		go_on(p);
		wait(k);
		tell_marks(k);
		draw(k);
	}
	p->is_playing = false;
	draw(k);
	k->at += LAST;
	sink_puts(&k->bytes, "\x1b[0m\x1b[?25h");
	put_event(k, 'o');
}

void stage_cast(const struct trace *t, const char *title, const struct stage_options *o, int rows,
		int columns, struct sink *out)
{
	struct cast k = {.out = out, .theme = o->theme};

	session_init(&k.session, t, title, o);
	canvas_init(&k.shown, rows, columns, o->is_ascii); /* a cleared screen */
	canvas_init(&k.next, rows, columns, o->is_ascii);
	put_header(&k);
	play(&k);
	canvas_fini(&k.shown);
	canvas_fini(&k.next);
	sink_fini(&k.bytes);
	session_fini(&k.session);
}
