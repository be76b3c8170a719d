/* SPDX-License-Identifier: MIT */
/* quiz.h - the score of questions, written where --score says. */
#ifndef APP_QUIZ_H
#define APP_QUIZ_H

#include <app/play.h>
#include <trace/score.h>

/* False: --score names what is read, and it was said. */
bool quiz_may_score(const struct request *r);
/* Nothing when --score is not given. False: it was said why. */
bool quiz_write(const struct request *r, const struct shown *s, const struct score *score,
		enum lang lang);

#endif
