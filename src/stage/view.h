/* SPDX-License-Identifier: MIT */
/*
 * view.h - the picture of one moment: a pure function of story, player and size into a canvas.
 * Each part is a file of its own and draws in the area it is given.
 */
#ifndef STAGE_VIEW_H
#define STAGE_VIEW_H

#include "stage/canvas.h"
#include "stage/player.h"
#include "stage/predict.h"
#include "stage/stage.h"
#include "stage/text.h"
#include "trace/moment.h"

struct alongside;
struct growth;
struct hands;

struct view {
	const struct story *story;
	const struct player *player;
	const struct moment *moment; /* at player->cursor */
	const char *title;           /* the file's name */
	const char *play[2];         /* en, zh: the play's own title, or NULL */
	enum stage_motion motion;
	stage_teller *tell;                /* or NULL */
	bool is_page;                      /* the whole ladder on paper: nothing in it is now */
	const struct hands *hands;         /* NULL: a picture that nobody touches */
	const struct predict *predict;     /* or NULL */
	const struct alongside *alongside; /* or NULL */
	const struct growth *growth;       /* or NULL; without `live` in it the trace is whole */
};

/* The whole picture. */
void view_draw(struct canvas *c, const struct view *v, struct hits *hits);

/* Its parts. */
/* Its own title; else the file's name, for the folder says nothing to who watches it. */
const char *view_play_name(const struct view *v);
void view_title(struct canvas *c, struct area a, const struct view *v);
void view_people(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
/* The column of a person's lifeline, here and in a ladder of the same columns. */
int view_lifeline(struct area a, int people, int line);
/* The columns [left, right) that a person's figure takes. */
void view_figure(struct area a, const struct view *v, int line, int *left, int *right);
/* A click on a word in the air looks at it. */
void view_wind(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_names(struct canvas *c, struct area a,
		const struct view *v); /* one row, for small screens */
void view_ladder(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
/* A row with the names over their lifelines; the story's rows from `top` on, without it. */
void view_ladder_heading(struct canvas *c, struct area a, const struct view *v);
void view_ladder_rows(struct canvas *c, struct area a, const struct view *v, int64_t top);
void view_words(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
/* That it would take on a screen of this size, with its heading if it has one there. */
int view_words_rows(const struct view *v, int rows, int columns);
void view_timeline(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_states(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_tcb(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_windows(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_beside(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_graph(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_overlay(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_why(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_header(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_command(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_branches(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_exports(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
/* In a rule: which word in flight is meant. */
void view_selected(struct canvas *c, struct area a, const struct view *v);
void view_goto(struct canvas *c, struct area a, const struct view *v);
/* The question on the stage, in the narration's place, and its keys in the footer's. */
bool view_has_card(const struct view *v);
int view_card_rows(const struct canvas *c, const struct view *v);
void view_card(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
void view_card_keys(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
/* The recording grows: what is watched and what is missing, in so many rows; how to begin, where
 * nothing has been said yet; all conversations. */
bool view_is_live(const struct view *v);
int view_status_rows(const struct canvas *c, const struct view *v);
void view_status(struct canvas *c, struct area a, const struct view *v);
void view_waiting(struct canvas *c, struct area a, const struct view *v);
void view_talks(struct canvas *c, struct area a, const struct view *v, struct hits *hits);
/* Somebody is to find out what comes: nothing may give it away. Here: when a timer fires. */
bool view_is_guessing(const struct view *v);
bool view_hides_deadlines(const struct view *v);
/* Over the footer, and the row above it when it needs two. */
void view_notice(struct canvas *c, struct area a, const struct view *v, struct hits *hits);

/* Before what nobody saw: it follows from what was seen. */
#define VIEW_INFERRED "~"

/* ---- what the parts share -------------------------------------------------------------------- */

/* Text in lines of the area's columns, at most its rows. Returns the rows used. */
int view_lines(struct canvas *c, struct area a, struct ink ink, const char *text);
/* "U undo  b branch", where a click does it. `actions` end with ACTION_NONE. */
void view_offers(struct canvas *c, struct area a, const struct view *v, const enum action *actions,
		 struct hits *hits);
/* "3rd zhang -> li": what the scene language calls a word. */
void view_put_nth(struct sink *out, const struct view *v, const struct voyage *w);
/* "SYN 0 (3rd zhang -> li)". */
void view_put_word(struct sink *out, const struct view *v, const struct voyage *w);
/* The branch that is shown; NULL when there is only one. */
const char *view_branch_name(const struct view *v);
/* A rule across the area's first row with a heading in it. */
void view_rule(struct canvas *c, struct area a, const char *heading);
/* The same for a panel: the one with the focus is marked, and on the right stands how many rows of
 * it are above and below what is seen. */
void view_heading(struct canvas *c, struct area a, const struct view *v, enum panel panel,
		  const char *heading, int above, int below);
/* How far the reader has scrolled the panel, at most so that the last of `total` rows is seen in
 * `rows`. Notes for the next key how far one can go. */
int view_scroll(const struct view *v, struct hits *hits, enum panel panel, int total, int rows);
enum panel view_focus(const struct canvas *c, const struct view *v);
/* Colour says who. */
struct ink view_ink(const struct view *v, uint8_t host);
struct ink view_line_ink(const struct view *v, uint8_t host); /* of lines, figures and bars */
const char *view_name(const struct view *v, uint8_t host);
void view_put_name(struct sink *out, const struct view *v, uint8_t host); /* "张三 Zhang San" */
const struct beat *view_beat(const struct view *v); /* the one just told; NULL at the beginning */
/* The newest connection of a host, else its listener; NULL: none. */
const struct moment_conn *view_conn(const struct view *v, uint8_t host);
/* The state of a person, with the sign before it when it is inferred. */
void view_put_state(struct sink *out, const struct view *v, uint8_t host);
/* The voyage that a deed by hand would befall now; -1: there is none, it is no time for deeds, or
 * nobody is there to do any. */
int64_t view_selection(const struct view *v);
/* "SYN 0:0", "FIN 22:22 ack 11": in at most `room` columns, the more important first. */
void view_label(struct sink *out, const struct view *v, const struct voyage *w, int room);
/* The same in one of its forms, 0 the fullest, and what that form leaves out (slant_words.c weighs
 * it against what the words would cover). */
enum { LABEL_FORMS = 7 };
void view_label_form(struct sink *out, const struct view *v, const struct voyage *w, int form);
int label_loss(int form);
/* The people whose insides are shown, at most two; of more, those of this step. Returns how many.
 */
int view_pair(const struct view *v, uint8_t host[2]);
/* The heading, and how many of the people these are when it is not all of them. */
void view_put_pair(struct sink *out, const struct view *v, enum string heading, int columns);
/* A bar of `columns` cells, `part` of `whole` filled. */
void view_bar(struct canvas *c, int row, int column, int columns, int64_t part, int64_t whole,
	      struct ink ink);

#endif
