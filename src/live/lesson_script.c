/* SPDX-License-Identifier: MIT */
/* lesson_script.c - the table of lessons (lesson.def) in the words of lesson_inside.h. */
#include <string.h>
#include "live/lesson_inside.h"

const struct lesson_info lesson_table[LESSON_COUNT] = {
#define LESSON(id, name, needs_python, title_en, title_zh, gist_en, gist_zh)                       \
	[LESSON_##id] = {name, needs_python, {title_en, title_zh}, {gist_en, gist_zh}},
#define STEP(...)
#include "live/lesson.def"
#undef STEP
#undef LESSON
};

#define ZHANG(deed, n, answer, ...)                                                                \
	{                                                                                          \
		.verb = DEED_##deed, .side = LESSON_ZHANG, .who = (n), .error = SOCK_##answer,     \
		__VA_ARGS__                                                                        \
	}
#define LI(deed, n, answer, ...)                                                                   \
	{                                                                                          \
		.verb = DEED_##deed, .side = LESSON_LI, .who = (n), .error = SOCK_##answer,        \
		__VA_ARGS__                                                                        \
	}

/* Deeds. An address is 127.0.0.n. */
/* clang-format off */
#define NOTHING                         {.verb = DEED_NONE}
#define LI_RUNS(program)                LI(RUN, 0, OK, .text = (program))
#define LI_DIES                         LI(KILL, 0, OK, )
#define LI_BINDS(address)               LI(LISTEN, address, OK, .number = -1)
#define LI_LISTENS(address, most, answer) LI(LISTEN, address, answer, .number = (most))
#define LI_LISTENS_REUSING(address, most, answer)                                                  \
	LI(LISTEN, address, answer, .number = (most), .has_reuse = true)
#define LI_GOES_HOME(address)           LI(UNLISTEN, address, OK, )
#define LI_ACCEPTS(times)               LI(ACCEPT, 0, OK, .number = (times))
#define LI_GOES_DEAF                    LI(DEAF, 0, OK, )
#define LI_HEARS_AGAIN                  LI(HEAR, 0, OK, )
#define LI_SAYS(n, what)                LI(SEND, n, OK, .text = (what))
#define LI_CANNOT_SAY(n, what, answer)  LI(SEND, n, answer, .text = (what))
#define LI_HEARS(n, what)               LI(READ, n, OK, .text = (what))
#define LI_READS_SOME(n, what)          LI(READ, n, OK, .text = (what), .number = sizeof(what) - 1)
#define LI_CLOSES(n)                    LI(CLOSE, n, OK, )
#define ZHANG_CALLS(n, address, answer) ZHANG(CONNECT, n, answer, .number = (address))
#define ZHANG_CALLS_DEAF(n, address)                                                               \
	ZHANG(CONNECT, n, EINPROGRESS, .number = (address), .is_deaf = true)
#define ZHANG_IS_THROUGH(n)             ZHANG(FINISH, n, OK, )
#define ZHANG_HEARS_AGAIN(n)            ZHANG(HEAR, n, OK, )
#define ZHANG_SAYS(n, what)             ZHANG(SEND, n, OK, .text = (what))
#define ZHANG_CANNOT_SAY(n, what, answer) ZHANG(SEND, n, answer, .text = (what))
#define ZHANG_HEARS(n, what)            ZHANG(READ, n, OK, .text = (what))
#define ZHANG_FAILS(n, answer)          ZHANG(READ, n, answer, .text = "")
#define ZHANG_SHUTS(n)                  ZHANG(SHUTDOWN, n, OK, )
#define ZHANG_CLOSES(n)                 ZHANG(CLOSE, n, OK, )

/* Sights. */
#define ZHANG_IS(n, s)   {.kind = SIGHT_STATE, .side = LESSON_ZHANG, .who = (n), .state = (s)}
#define LI_IS(n, s)      {.kind = SIGHT_STATE, .side = LESSON_LI, .who = (n), .state = (s)}
#define WAITING(count)   {.kind = SIGHT_WAITING, .number = (count)}
#define NOBODY_LISTENS   {.kind = SIGHT_WAITING, .number = -1}
#define UNREAD(n, octets) {.kind = SIGHT_UNREAD, .side = LESSON_LI, .who = (n), .number = (octets)}
#define REPEATED(n, times) {.kind = SIGHT_REPEATED, .side = LESSON_ZHANG, .who = (n), .number = (times)}
#define SPINS            {.kind = SIGHT_SPINS}
#define SLEEPS           {.kind = SIGHT_SLEEPS}
#define SEGMENTS(n, what) {.kind = SIGHT_SEGMENTS, .who = (n), .text = (what)}
/* clang-format on */

#define DOES(...)                                                                                  \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define SEES(...)                                                                                  \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

const struct lesson_step lesson_script[] = {
#define LESSON(...)
#define STEP(id, filter, tells_en, tells_zh, explains_en, explains_zh, does, sees)                 \
	{LESSON_##id, filter, {tells_en, tells_zh}, {explains_en, explains_zh}, does, sees},
#include "live/lesson.def"
#undef STEP
#undef LESSON
};

const size_t lesson_script_count = sizeof lesson_script / sizeof lesson_script[0];

bool lesson_named(const char *name, enum lesson_name *out)
{
	for (int i = 0; i < LESSON_COUNT; i++) {
		char number[2] = {(char)('1' + i), '\0'};

		if (strcmp(name, lesson_table[i].name) != 0 && strcmp(name, number) != 0)
			continue;
		*out = (enum lesson_name)i;
		return true;
	}
	return false;
}
