/* SPDX-License-Identifier: MIT */
/* chosen.h - a capture with several connections on the stage: one is chosen and played, another. */
#ifndef APP_CHOSEN_H
#define APP_CHOSEN_H

#include <app/play.h>
#include <stage/stage.h>

/* What cmd_play does with one of them. An enum status. */
typedef int chosen_play(void *user, struct shown *s);

/* Until the reader leaves the list. */
int chosen_from_list(struct shown *s, struct stage_options *o, chosen_play *play, void *user);

#endif
