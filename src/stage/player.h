/* SPDX-License-Identifier: MIT */
/*
 * player.h - the one who turns the pages: a clock and a cursor in a story, and what the reader has
 * asked to see. Keys and passing time change it, nothing else does; a picture is a function of the
 * story and of this.
 */
#ifndef STAGE_PLAYER_H
#define STAGE_PLAYER_H

#include <stdbool.h>
#include "stage/edge.h"
#include "stage/inspect.h"
#include "stage/keys.h"
#include "stage/panel.h"
#include "stage/prompt.h"
#include "stage/story.h"

enum overlay {
	OVERLAY_NONE,
	OVERLAY_HELP,
	OVERLAY_WHY,
	OVERLAY_HEADER,
	OVERLAY_GOTO,
	OVERLAY_COMMAND,  /* the `:` line */
	OVERLAY_BRANCHES, /* branches of history */
	OVERLAY_EXPORT,   /* the menu of exports */
	OVERLAY_PREDICT,  /* a question to the reader */
	OVERLAY_TALKS,    /* the conversations of a live recording */
};

/* Virtual time goes 2^speed times as fast as the reader's. */
enum { SPEED_SLOWEST = -5, SPEED_DEFAULT = -3, SPEED_FASTEST = 6 };

/* Said in the footer's place until the next key. */
struct notice {
	char text[COMPLAINT_OCTETS]; /* "": nothing */
	bool is_bad;
	enum action offer[3]; /* what one may do now; ACTION_NONE: no more */
};

/* What the graph panel can show, in the order of its key: of the first person, of the second. */
enum graph_kind { GRAPH_SEQ_FIRST, GRAPH_SEQ_SECOND, GRAPH_CWND_FIRST, GRAPH_CWND_SECOND, GRAPHS };

struct player {
	const struct story *story;
	usec now;        /* virtual */
	uint64_t cursor; /* records before it are true */
	usec rest;       /* of the reader's time, too little for one virtual microsecond */
	usec halt;       /* of the reader's time still to wait at this stop */
	int speed;
	bool is_playing, skips_idle;
	bool is_looking; /* at another row than the clock's */
	uint32_t look;   /* that row */
	enum lang lang;
	bool is_absolute; /* sequence numbers */
	unsigned toggled; /* panels unlike what the size gives */
	enum overlay overlay;
	int scroll; /* of the overlay */
	struct inspector inspector;
	struct prompt prompt;
	enum string complaint;     /* about the place typed; STRING_COUNT: none */
	struct recall places;      /* typed before */
	char search[ENTRY_OCTETS]; /* the last one, as typed; "": none */
	struct notice notice;
	struct panels panels; /* as the picture last drawn had them; whoever draws sets it */
	enum panel focus;     /* what arrows and pages work on, while it is shown */
	int scrolled[PANELS]; /* how far down, by panel_index */
	enum graph_kind graph;
	bool has_no_mouse; /* it is left to the terminal */
	struct edge edge;  /* zeroed: the trace is whole */
	bool wants_quit;
};

void player_init(struct player *p, const struct story *s, enum lang lang);
void player_key(struct player *p, uint32_t key);
void player_do(struct player *p, enum action a, uint32_t arg);
void player_set_speed(struct player *p, int speed);
void player_tick(struct player *p, usec real);
/* Goes there; everything at that instant is true. */
void player_seek(struct player *p, usec at);
void player_go(struct player *p, uint32_t stop);
void player_look_at(struct player *p, uint32_t row); /* of what is told; the ladder has the focus */

/* Panels (focus.c). What is shown at the size last drawn, a set of enum panel; what has the focus.
 */
unsigned player_shown(const struct player *p);
enum panel player_focus(const struct player *p);
void player_toggle(struct player *p, enum panel panel);
void player_focus_on(struct player *p, uint32_t panel); /* of a click; nonsense is ignored */
void player_focus_next(struct player *p, int by);
void player_cycle_graph(struct player *p);
/* Not the ladder: that is ACTION_UP and ACTION_DOWN. */
void player_scroll(struct player *p, enum panel panel, int by);
enum panel player_panel_at(const struct player *p, int row, int column);

/* Where it is: the last stop reached, its row, the row looked at. */
uint32_t player_stop(const struct player *p);
uint32_t player_row(const struct player *p);
bool player_is_at_end(const struct player *p);
/* No time passes while nothing is played. */
bool player_is_still(const struct player *p);

/* The voyage in flight that a deed by hand would befall: that of the row looked at, else the
 * newest; -1: nothing is in flight. player_select looks at the next one that is, or the one before,
 * from the last to the first again. False: there is none. */
int64_t player_selected(const struct player *p);
bool player_select(struct player *p, bool is_back);

/* "1.5s", "+200ms", "-1s", "#17", "next FIN", "prev lost", "state TIME_WAIT", "prev state LISTEN".
 * False: *complaint says why not. */
bool player_goto(struct player *p, const char *where, enum string *complaint);
/* What may stand at the cursor of a line that holds a place from its octet `from` on. */
void goto_words(struct prompt *p, size_t from);
/* The last search again, onward or back; from the other end when there is none on this side. */
void player_search(struct player *p, bool is_back);

void player_notice(struct player *p, const char *text, bool is_bad);

#endif
