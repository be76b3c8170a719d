/* SPDX-License-Identifier: MIT */
/* cmd_play.c - the stage, on a scene or a recorded trace. */
#include <app/play.h>
#include <app/show.h>

int cmd_play(const struct request *r)
{
	struct stage_options options;
	struct shown s;
	int status;

	if (!show_options(r, &options))
		return STATUS_WRONG;
	status = shown_open(&s, r->files.at[0], r, true);
	if (status == STATUS_HELD)
		status = stage_play(s.trace, s.title, &options);
	shown_close(&s);
	return status;
}
