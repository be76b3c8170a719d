/* SPDX-License-Identifier: MIT */
/* cmd_play.c - the stage, on a scene or a recorded trace. */
#include <app/bookmarks.h>
#include <app/play.h>
#include <app/quiz.h>
#include <app/show.h>

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

int cmd_play(const struct request *r)
{
	struct bookmarks *bookmarks;
	struct stage_options options;
	struct score score = {0};
	struct shown s;
	int status;

	if (!show_options(r, &options) || !quiz_may_score(r))
		return STATUS_WRONG;
	options.is_predicting = r->given[OPT_PREDICT];
	options.score = &score;
	bookmarks = bookmarks_open();
	resume(r, bookmarks, &options);
	status = shown_open(&s, r->files.at[0], r, true);
	options.history = s.history;
	shown_introduce(&s, &options);
	options.files = &stage_files;
	if (status == STATUS_HELD)
		status = stage_play(s.trace, s.title, &options);
	if (status == STATUS_HELD)
		shown_remember(bookmarks, &s, &options);
	if (status == STATUS_HELD && !quiz_write(r, &s, &score, options.lang))
		status = STATUS_LACKING;
	score_fini(&score);
	shown_close(&s);
	bookmarks_free(bookmarks);
	stage_raise_again();
	return status;
}
