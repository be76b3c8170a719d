/* SPDX-License-Identifier: MIT */
/* fixture.h - plays as strings: what they say when read, what happens when they run. */
#ifndef UNIT_SCENE_FIXTURE_H
#define UNIT_SCENE_FIXTURE_H

#include <scene/scene.h>

/* "woshou 1", zhang with ISN 1000 and li with 5000, 50 ms of wind both ways: lines 1 to 4. */
#define TWO_PEOPLE                                                                                 \
	"woshou 1\n"                                                                               \
	"person zhang { isn 1000  nagle off  sack off  scale off  timestamps off }\n"              \
	"person li { isn 5000  sack off  scale off  timestamps off }\n"                            \
	"wind zhang <-> li { delay 50ms }\n"
#define CONNECTED TWO_PEOPLE "at 0s li listen\nat 0s zhang connect li\n"

/* Strings are the caller's to free. */
char *lint(const char *text);      /* errors and warnings as printed; "" if none */
char *formatted(const char *text); /* NULL: it has mistakes */
char *report_of(const char *text); /* of the first variant, run */
char *sends_of(const char *text);  /* "0.000 zhang S 1000\n": all REC_SEND, and strangers' */
char *story_of(const char *text, const char *kinds); /* "0.000 say hello\n" for s; see fixture.c */
struct scene_verdict verdict_of(const char *text);   /* of the first variant */
char *file_text(const char *path);                   /* relative to the source root */

struct scene_file *parsed(const char *text); /* fails the test when there are errors */

#endif
