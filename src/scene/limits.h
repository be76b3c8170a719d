/* SPDX-License-Identifier: MIT */
/* limits.h - how large a play may be. They are part of the language: docs/scene-language.md. */
#ifndef SCENE_LIMITS_H
#define SCENE_LIMITS_H

enum {
	SCENE_VERSION = 1,         /* `woshou 1` */
	SCENE_BYTES_MAX = 4 << 20, /* of a file */
	SCENE_LINES_MAX = 20000,   /* of a file with all it includes */
	SCENE_LINE_MAX = 4096,     /* octets of a line */
	SCENE_NESTING_MAX = 8,     /* blocks in blocks */
	SCENE_REPEAT_MAX = 10000,  /* product of nested repeats */
	SCENE_PEOPLE_MAX = 64,
	SCENE_INCLUDE_DEPTH_MAX = 8,
	SCENE_INCLUDES_MAX = 64,
	SCENE_PATH_MAX = 1024,
	SCENE_NAME_MAX = 32,           /* octets of a person's or connection's name */
	SCENE_TEXT_MAX = 65536,        /* octets of one text with its variables filled in */
	SCENE_VARIANTS_MAX = 1000,     /* named runs of one file */
	SCENE_STATEMENTS_MAX = 100000, /* of one run, repeats written out */
	SCENE_WORDS_MAX = 4000000,     /* words read while all runs are written out */
	SCENE_CHAPTERS_MAX = 1000,     /* scenes */
	SCENE_LABELS_MAX = 10000,      /* named connections */
	SCENE_RULES_MAX = 10000,       /* of the wind */
	SCENE_EACH_MAX = 10000,        /* lasting expectations that an `each` may open */
};

/* `limit`: what a run may take before it is stopped and fails. */
#define SCENE_TIME_LIMIT  (INT64_C(86400) * 1000000)
#define SCENE_EVENT_LIMIT UINT64_C(10000000)
/* Below 4 GiB, where the trace could no longer number the octets of its texts. */
#define SCENE_MEMORY_LIMIT (UINT64_C(3) << 30)
#define SCENE_TIME_MAX    (INT64_C(86400) * 36500 * 1000000) /* the longest time that can be said */
#define SCENE_SIZE_MAX    (UINT64_C(1) << 40)

#endif
