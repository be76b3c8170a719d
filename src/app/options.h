/* SPDX-License-Identifier: MIT */
/* options.h - the one table of commands and options (options.def), and argv read by it. */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <base/array.h>
#include <base/sink.h>
#include <woshou/lang.h>

enum command {
#define COMMAND(id, ...) COMMAND_##id,
#include <app/options.def>
#undef COMMAND
	COMMAND_COUNT,
};

enum opt {
#define OPTION(id, ...) OPT_##id,
#include <app/options.def>
#undef OPTION
	OPT_COUNT,
};

/* VALUE_WORD: one of the words; VALUE_HINT: the words are what completion offers. */
enum value_kind {
	VALUE_NONE,
	VALUE_NUMBER,
	VALUE_TEXT,
	VALUE_FILE,
	VALUE_FOLDER,
	VALUE_WORD,
	VALUE_HINT,
};

struct command_info {
	const char *name;     /* "" for the playbill */
	const char *operands; /* "FILE...", "FILE [FILE]", "" for none */
	const char *does[2];  /* en, zh */
};

struct option_info {
	char letter; /* or 0 */
	const char *name;
	enum value_kind kind;
	const char *value;   /* "N", "rfc|linux|freebsd|classic" */
	unsigned commands;   /* set of 1 << enum command */
	const char *does[2]; /* en, zh */
};

extern const struct command_info command_table[COMMAND_COUNT];
extern const struct option_info option_table[OPT_COUNT];

/* What argv asks for. Strings point into argv. */
struct request {
	enum command command;
	enum lang lang;
	bool given[OPT_COUNT];
	const char *value[OPT_COUNT];
	uint64_t number[OPT_COUNT];     /* of VALUE_NUMBER */
	ARRAY(const char *) settings;   /* each --set, in order */
	ARRAY(const char *) settings_b; /* each --set-b */
	ARRAY(const char *) saves;      /* each --save */
	ARRAY(const char *) sysctls;    /* each --sysctl */
	ARRAY(const char *) defines;    /* each --define */
	ARRAY(const char *) files;      /* the operands */
};

/* False: argv is wrong, and `complaint` says how, in words for the user. */
bool request_read(struct request *r, int argc, char **argv, struct sink *complaint);
void request_fini(struct request *r);

/* The language that the environment asks for. */
enum lang lang_of_environment(void);
/* One of two texts; the English one when both are asked for. */
const char *in_lang(enum lang lang, const char *en, const char *zh);

/* Whole --help, or that of one command. */
void help_write(struct sink *out, enum lang lang);
void help_write_command(struct sink *out, enum command command, enum lang lang);

#endif
