/* SPDX-License-Identifier: MIT */
/* fixture.h - traces made by hand, so that the pictures depend on no engine and no scene. */
#ifndef SCREENS_FIXTURE_H
#define SCREENS_FIXTURE_H

#include <stage/stage.h>

/* The play of the scene language's first example: a lost SYN, three lines, half close, mourning. */
struct trace *fixture_first_wave(void);
/* All that wind and people can do, three people, several words in the air at once. */
struct trace *fixture_storm(void);
/* Nothing at all, and one person alone. */
struct trace *fixture_empty(void);
struct trace *fixture_alone(void);

/* A short sentence for sends, arrivals and timers, as src/export would give. */
stage_teller fixture_tell;

#endif
