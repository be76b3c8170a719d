/* SPDX-License-Identifier: MIT */
/* script_order.h - the words of a command's line, as a shell would see them. */
#ifndef DRILL_SCRIPT_ORDER_H
#define DRILL_SCRIPT_ORDER_H

#include <drill/script_parse.h>

struct shell_word {
	const char *text; /* without quotes */
	struct place at;
};

/* One command: up to a line's end, ; or &&. `|` and `>` are words of their own. */
struct shell_line {
	ARRAY(struct shell_word) words;
	const char *text; /* as written */
	struct place at;
};

struct order_list {
	ARRAY(struct drill_order) list;
};

struct orders {
	struct parser *p;
	struct order_list *out;
	const struct shell_line *line;
};

bool shell_is(const struct shell_line *line, size_t index, const char *word);
/* The order that the line makes, with its text and place; to be filled in. */
struct drill_order *order_new(struct orders *o, enum drill_order_kind kind);
bool order_error(struct orders *o, size_t word, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* A whole number, all of the text. */
bool order_number(const char *text, int64_t *value);

bool order_sysctls(struct orders *o, size_t from); /* name=value ... */
bool order_echo(struct orders *o);                 /* echo N > /proc/sys/... */

#endif
