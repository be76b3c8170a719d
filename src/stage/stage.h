/* SPDX-License-Identifier: MIT */
/*
 * stage.h - the terminal front end, as src/app sees it: a complete trace is played on the screen,
 * a scene is chosen from the playbill, or one moment is drawn as text.
 */
#ifndef STAGE_STAGE_H
#define STAGE_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <base/sink.h>
#include <woshou/lang.h>
#include <woshou/trace.h>
#include "stage/theme.h"

/* MOTION_STEPS: words jump from event to event. MOTION_NONE: no moving words at all. */
enum stage_motion { MOTION_FULL, MOTION_STEPS, MOTION_NONE };

/* One plain sentence about a record, for steps that the scene says nothing about. The stage cannot
 * know src/export: src/app hands it tell_record. */
typedef void stage_teller(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out);

/* An export that the reader asks for, of the trace shown. */
struct stage_export {
	const struct trace *trace;
	const char *title;
	const char *format; /* as `--to` takes it; those that the stage draws it draws itself */
	const char *path;
	enum lang lang;
	bool is_absolute;
};

/* Files, as whoever runs the stage has them. False: the complaint says why. */
struct stage_files {
	void *user;
	bool (*exists)(void *user, const char *path);
	/* All of it or nothing. */
	bool (*write)(void *user, const char *path, const struct sink *bytes,
		      struct sink *complaint);
	bool (*export)(void *user, const struct stage_export *what, struct sink *complaint);
	/* Names that begin as this path does, each ended by a newline. */
	void (*complete)(void *user, const char *path, struct sink *names);
};

struct history;
struct score; /* trace/score.h */

/* One of the conversations that a recording has. */
struct stage_conversation {
	uint32_t id;         /* from 1 */
	char name[96];       /* "127.0.0.1:40312 -> 127.0.0.1:8888" */
	char note[96];       /* "python3 (4711), 97 % CPU, 12 octets unread"; "" */
	enum state state[2]; /* the caller's, the called one's */
	uint64_t segments;
	bool is_ended, is_shown;
};

/* A recording that still grows, and whoever makes it (src/live, by way of src/app). Everything is
 * called between two pictures, in the stage's own thread. */
struct stage_live {
	void *user;
	int fd;                   /* readable when something waits: the stage waits for it, too */
	void (*turn)(void *user); /* hears what waits, a bounded part of it; never blocks */
	/* Counts up whenever one of the following would answer something new. */
	uint64_t (*version)(void *user);
	/* The conversation that is looked at; before the first one a trace in which the listener
	 * waits. Never NULL. Another address: another conversation. It only grows. */
	const struct trace *(*trace)(void *user);
	const struct trace *(*twin)(void *user); /* our engine's performance of it; NULL: none */
	usec (*now)(void *user);                 /* how late it is in that trace */
	/* One line: what is watched, and what is missing and how to get it. */
	void (*status)(void *user, enum lang lang, struct sink *out, bool *is_lack);
	size_t (*count)(void *user);
	bool (*at)(void *user, size_t index, struct stage_conversation *out);
	void (*choose)(void *user, uint32_t id); /* 0: always the newest */
	/* What is typed: a line to be said, or ":shutdown", ":close", ":abort", ":linger 0". False:
	 * the complaint says why not. NULL: nobody can say anything here. */
	bool (*say)(void *user, const char *line, enum lang lang, struct sink *complaint);
	/* Enter at the edge: what was announced happens. NULL: nothing waits for the reader. */
	bool (*next)(void *user);
	bool (*is_over)(void *user); /* it will never grow again */
};

/* Zeroed: English, everything as the terminal and the environment allow. */
struct stage_options {
	enum lang lang;
	enum theme theme;
	enum stage_motion motion;
	bool is_ascii;
	bool is_absolute; /* sequence numbers as they are */
	bool has_no_mouse;
	bool has_start; /* --at */
	usec start_at;
	bool has_speed;
	int speed;               /* 2^speed times */
	stage_teller *tell;      /* or NULL */
	const char *play[2];     /* en, zh: the play's own title; NULL: it is called by its file */
	struct history *history; /* deeds by hand branch it; NULL: nobody can change the trace */
	const struct stage_files *files; /* or NULL: nothing can be saved */
	bool is_predicting;              /* each step asks first */
	struct score *score;             /* takes what was asked and answered, or NULL */
	const struct stage_live *live;   /* the trace still grows; NULL: it is whole */
	const struct trace *twin;        /* of a whole recording: our engine's play; or NULL */
	/* Comes back: where the reader left, and the latest moment seen. */
	usec left_at, furthest;
	bool has_ended;
};

/* What the environment asks for, on top of what is already asked: NO_COLOR, REDUCED_MOTION. */
void stage_options_environment(struct stage_options *o);
/* "0.5", "1/8", "x2": the nearest power of two that there is. False: not a speed. */
bool stage_speed(const char *text, int *speed);

/* Plays until the reader quits. An exit status: 0, or 3 when there is no terminal to play on (it
 * was said on standard error, with what to use instead). `lang`, changed by `t`, comes back in o.
 */
int stage_play(const struct trace *t, const char *title, struct stage_options *o);
/* After each stage_play, once what it brought back is kept: a signal that asked to end the play
 * ends the program here, as it would have done at once. Nothing, when there was none. */
void stage_raise_again(void);

struct playbill_entry {
	const char *path;
	const char *title[2];        /* en, zh */
	const char *group[2];        /* entries of one group stand together */
	const char *const *variants; /* names of its runs; NULL: one without a name */
	size_t variant_count;
	int seen;      /* thousandths of it; -1: never opened */
	bool is_ended; /* seen to the end once */
	usec left_at;  /* where it goes on; 0: at the beginning */
};

/* What the playbill asks of whoever knows the files. */
struct playbill_source {
	void *user;
	/* All entries; valid until the next `open`. */
	const struct playbill_entry *(*entries)(void *user, size_t *count);
	/* One run of an entry, or its beginning when it is long. NULL: the complaint says why.
	 * Valid until the next call. */
	const struct trace *(*preview)(void *user, size_t entry, size_t variant,
				       struct sink *complaint);
	/* The file by this name becomes an entry, or is one: which. False: the complaint says why
	 * not. */
	bool (*open)(void *user, const char *path, size_t *entry, struct sink *complaint);
	/* Names that begin as this path does, each ended by a newline. */
	void (*complete)(void *user, const char *path, struct sink *names);
};

struct playbill_choice {
	size_t entry; /* their count: nothing was chosen */
	size_t variant;
	bool is_afresh; /* from the beginning, wherever it was left */
};

/* Lets the reader choose; it begins at *choice. Status as above. `complaint`: what went wrong with
 * the last choice, or "". */
int stage_playbill(const struct playbill_source *source, struct stage_options *o,
		   struct playbill_choice *choice, const char *complaint);

/* A row of the list from which one is chosen: a connection of a capture. */
struct stage_row {
	uint32_t id;
	char end[2][64];      /* who calls, who is called: "[fd00::1]:80" */
	const char *state[2]; /* en, zh */
	uint64_t segments, octets;
	usec duration;
	uint32_t again, late; /* segments that came again, that came after later ones */
	bool is_reset;
};

struct stage_list {
	void *user;
	size_t count;
	void (*row)(void *user, size_t index, struct stage_row *out);
	/* Which rows this filter lets through. False: the complaint says where it is wrong. */
	bool (*filter)(void *user, const char *filter, bool *lets, struct sink *complaint);
};

/* In: where the reader left the list. Out: what was chosen. Zeroed: from the beginning. */
struct stage_choice {
	size_t row;       /* its count: nothing was chosen */
	bool is_all;      /* everything that the filter lets through, together */
	char filter[512]; /* as it stands in the list */
};

/* Lets the reader choose. Status and complaint as above. */
int stage_choose(const struct stage_list *list, const char *title, struct stage_options *o,
		 struct stage_choice *choice, const char *complaint);

/* The picture at one moment as plain text, for `export --to text` and for tests. */
void stage_text(const struct trace *t, const char *title, const struct stage_options *o, usec at,
		int rows, int columns, struct sink *out);

/* The same as SVG. THEME_AUTO is light here: for paper. */
void stage_svg(const struct trace *t, const char *title, const struct stage_options *o, usec at,
	       int rows, int columns, struct sink *out);

/* The whole ladder, all rows of the story, without the chrome of a player. */
enum { PAGE_COLUMNS_LEAST = 40, PAGE_COLUMNS = 100 };
void stage_page_text(const struct trace *t, const char *title, const struct stage_options *o,
		     int columns, struct sink *out);
void stage_page_svg(const struct trace *t, const char *title, const struct stage_options *o,
		    int columns, struct sink *out);

/* The play from its beginning, or from --at, to its end, as asciicast v2: a recording of the stage
 * at the speed asked for. THEME_AUTO is dark here. */
void stage_cast(const struct trace *t, const char *title, const struct stage_options *o, int rows,
		int columns, struct sink *out);

/* The key tables as items of an mdoc(7) list or Markdown, for the manual. */
void stage_keys_manual(struct sink *out, enum lang lang);
void stage_keys_markdown(struct sink *out, enum lang lang);
void stage_playbill_manual(struct sink *out, enum lang lang);
void stage_playbill_markdown(struct sink *out, enum lang lang);
void stage_chooser_manual(struct sink *out, enum lang lang);
void stage_chooser_markdown(struct sink *out, enum lang lang);

#endif
