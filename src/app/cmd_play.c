/* SPDX-License-Identifier: MIT */
/* cmd_play.c - the stage, on a scene, a recorded trace, or a capture. */
#include <app/bookmarks.h>
#include <app/chosen.h>
#include <app/quiz.h>
#include <app/show.h>
#include <errno.h>
#include <live/twin.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --resume: where it was left last time. */
static void resume(const struct request *r, struct bookmarks *bookmarks, struct stage_options *o)
{
	struct progress p;

	if (!r->given[OPT_RESUME] || o->has_start ||
	    !bookmarks_progress(bookmarks, r->files.at[0], &p))
		return;
	o->has_start = true;
	o->start_at = p.at;
}

struct playing {
	struct stage_options *options;
	struct bookmarks *bookmarks;
};

static int play_it(void *user, struct shown *s)
{
	struct playing *p = user;
	int status;

	struct twin *twin = trace_is_recording(s->trace) ? twin_new() : NULL;

	p->options->history = s->history;
	if (twin != NULL && twin_follow(twin, s->trace))
		p->options->twin = twin_trace(twin);
	shown_introduce(s, p->options);
	status = stage_play(s->trace, s->title, p->options);
	if (status == STATUS_HELD)
		shown_remember(p->bookmarks, s, p->options);
	p->options->twin = NULL;
	twin_free(twin);
	return status;
}

/* From the list one comes back to the list, unless a signal ends it. */
static int play_listed(void *user, struct shown *s)
{
	int status = play_it(user, s);

	stage_raise_again();
	return status;
}

/* What is shown came through standard input: keys come from the terminal itself. */
static void take_keys_from_terminal(const struct request *r)
{
	if (strcmp(r->files.at[0], "-") == 0 && !isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	    freopen("/dev/tty", "r", stdin) == NULL)
		complain("/dev/tty: %s", strerror(errno));
}

int cmd_play(const struct request *r)
{
	struct stage_options options;
	struct playing playing = {.options = &options};
	struct score score = {0};
	struct shown s;
	int status;

	if (!show_options(r, &options) || !quiz_may_score(r))
		return STATUS_WRONG;
	options.is_predicting = r->given[OPT_PREDICT];
	options.score = &score;
	options.files = &stage_files;
	playing.bookmarks = bookmarks_open();
	resume(r, playing.bookmarks, &options);
	status = shown_open(&s, r->files.at[0], r, true);
	take_keys_from_terminal(r);
	if (status == STATUS_HELD && s.trace == NULL)
		status = chosen_from_list(&s, &options, play_listed, &playing);
	else if (status == STATUS_HELD)
		status = play_it(&playing, &s);
	if (status == STATUS_HELD && s.trace != NULL && !quiz_write(r, &s, &score, options.lang))
		status = STATUS_LACKING;
	score_fini(&score);
	shown_close(&s);
	bookmarks_free(playing.bookmarks);
	stage_raise_again();
	return status;
}
