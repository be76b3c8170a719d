/* SPDX-License-Identifier: MIT */
/* fixture.h - packetdrill scripts as strings, read. */
#ifndef UNIT_DRILL_FIXTURE_H
#define UNIT_DRILL_FIXTURE_H

#include <drill/script.h>

/* Fails the test when there are errors. */
struct drill_script *script_of(const char *text);
struct drill_script *script_with(const char *text, const struct drill_words *words);
/* Everything complained of, as printed; "" if nothing. To be freed. */
char *complaints_of(const char *text);

#endif
