/* SPDX-License-Identifier: MIT */
/*
 * hands.h - the reader's hands on the play: deeds upon words in flight, commands, the branches of
 * history they open, and what is written into files. A part of a session; views read it.
 */
#ifndef STAGE_HANDS_H
#define STAGE_HANDS_H

#include <scene/history.h>
#include "stage/branches.h"
#include "stage/player.h"
#include "stage/stage.h"

struct session;

/* What the line at the foot asks for while the overlay is OVERLAY_COMMAND. */
enum question {
	QUESTION_COMMAND,
	QUESTION_DELAY,     /* how long the selected word shall be held up */
	QUESTION_NAME,      /* of the file into which a branch shall be saved */
	QUESTION_OVERWRITE, /* y or n */
	QUESTION_SAY,       /* what shall be said over a real connection */
};

enum { PATH_OCTETS = 256 };

/* What is to be written, kept while it is asked whether it may. */
struct writing {
	char path[PATH_OCTETS];
	uint32_t branch;    /* a scene */
	const char *format; /* or an export of the branch shown; NULL: a scene */
};

struct hands {
	struct history *history;         /* NULL: a recording, which nobody can change */
	const struct stage_files *files; /* or NULL: nothing can be written */
	uint32_t branch;                 /* the one shown */
	enum question question;
	enum overlay below; /* what the line was asked over, and what is there again afterwards */
	struct recall commands;
	char delay[WORD_OCTETS]; /* the last one asked for */
	struct writing writing;
	struct branches branches; /* the list */
	int picked;               /* in the menu of exports */
	bool is_leaving;          /* q was pressed, and there is something unsaved */
};

void hands_init(struct session *s, const struct stage_options *o);
void hands_fini(struct session *s);
/* True: the key was for the hands. */
bool hands_key(struct session *s, uint32_t key);
bool hands_do(struct session *s, enum action a, uint32_t arg);

/* A deed as the scene language says it, at the moment shown. False: d says why not. */
bool hands_act(struct session *s, const char *deed, struct diags *d);
/* Shows that branch at the same moment. */
void hands_switch(struct session *s, uint32_t branch);
void hands_undo(struct session *s);
/* Of a word in flight: "3rd zhang -> li". False: it is not in flight when this moment is over. */
bool hands_selected_name(const struct session *s, struct sink *out);
size_t hands_unsaved(const struct hands *h); /* branches */
/* Leaves, but for unsaved branches, of which it is told first. */
void hands_quit(struct session *s);
void hands_say(struct session *s, enum string what, bool is_bad); /* a notice */

/* ---- the line at the foot (command.c, command_words.c) --------------------------------------- */

void command_open(struct session *s, enum question q, const char *offered);
void command_key(struct session *s, uint32_t key);
/* What may come next; the sentence about it. */
void command_words(struct session *s);
void command_usage(const struct hands *h, const struct player *p, struct sink *out);
/* Runs the line. False: the prompt says what is wrong with it. */
bool command_run(struct session *s);

/* ---- files (saving.c) ------------------------------------------------------------------------ */

struct export_format {
	const char *name;   /* as `--to` takes it */
	const char *ending; /* of the file's name */
	enum string what;
	/* The stage draws it itself; NULL: whoever has the files writes it. */
	void (*draw)(struct session *s, struct sink *out);
	bool is_moment; /* and not of the whole play */
};

extern const struct export_format export_formats[]; /* the last has no name */

void saving_default_name(const struct session *s, uint32_t branch, const char *ending,
			 struct sink *out);
/* Asks first when the file is there. A complaint goes to the prompt when it is open, else it is a
 * notice. */
void saving_branch(struct session *s, uint32_t branch, const char *path);
void saving_export(struct session *s, const char *format, const char *path); /* "": by default */
void saving_go_on(struct session *s); /* it may be overwritten */
void saving_menu_key(struct session *s, uint32_t key);
void saving_menu_pick(struct session *s, uint32_t line); /* a click */

#endif
