/* SPDX-License-Identifier: MIT */
/* play.h - a file given on the command line becomes plays, and a play becomes a run or a trace. */
#ifndef APP_PLAY_H
#define APP_PLAY_H

#include <app/captured.h>
#include <scene/history.h>

/* A scene file, read and parsed, and how argv wants it run. */
struct play {
	const char *name;
	bool is_silent; /* nothing on standard error: a picture stands there */
	struct sink bytes;
	struct diags diags;
	struct scene_file *file;
	const char **sets; /* NULL-terminated: --set */
	struct scene_options options;
};

/* False: the file cannot be read or has mistakes, and it was said which. Close it either way. */
bool play_open(struct play *p, const char *name, const struct request *r);
void play_close(struct play *p);

/* The run that --variant names; of a file with one run, that one. False: it was said which there
 * are. `first` takes the first of several. */
bool play_choose(const struct play *p, const struct request *r, bool first, size_t *variant);

/* A run from its beginning to its end; NULL: the options do not hold, and it was said why. */
struct scene_run *play_run(struct play *p, size_t variant);

/* The only loader of `include`: files of this machine. */
extern const struct scene_loader play_loader;

/* One run, or a recorded trace, for a command that shows one: scene, JSON Lines or a capture. */
struct shown {
	struct play play;
	struct scene_run *run;   /* a scene, for whoever only looks at it */
	struct history *history; /* a scene, on the stage: deeds by hand branch it */
	struct trace *recorded;
	bool is_capture;
	struct capture capture; /* `recorded` is of what is selected in it */
	struct selection selection;
	const struct trace *trace;
	char *title;         /* "syn-lost.scene [loss=SYN]" */
	char *own_title[2];  /* en, zh: the play's own, with the variant; NULL: it has none */
	const char *variant; /* "[loss=SYN]", "", or NULL of a recorded trace */
};

/* An enum status; STATUS_HELD: `s` is filled. Close it either way. For the stage the first of
 * several runs will do; of a capture's connections none is taken: there is no trace until one is
 * chosen. */
int shown_open(struct shown *s, const char *name, const struct request *r, bool is_for_stage);
/* The same for whoever has a picture on the screen: false says why in s->play.diags, or says
 * nothing when the file cannot be read. event_limit 0: the file's own, for the stage. */
bool shown_peek(struct shown *s, const char *name, const struct request *r, size_t variant,
		uint64_t event_limit);
/* What is selected of a capture is shown, in the place of what was. */
void shown_select(struct shown *s);
void shown_close(struct shown *s);

struct stage_options;
/* The stage calls the play by its own title, as long as `s` is open. */
void shown_introduce(const struct shown *s, struct stage_options *o);

/* After the stage: how far it was seen. */
struct bookmarks;
void shown_remember(struct bookmarks *bookmarks, const struct shown *s,
		    const struct stage_options *left);

#endif
