/* SPDX-License-Identifier: MIT */
/* app.h - what the commands share: exit status, files in and out, words to the user. */
#ifndef APP_APP_H
#define APP_APP_H

#include <stdbool.h>
#include <app/options.h>
#include <base/diag.h>
#include <base/sink.h>

/* The greatest of what happened is the program's exit status. */
enum status {
	STATUS_HELD,    /* all held */
	STATUS_BROKEN,  /* an expectation or a promise was broken */
	STATUS_WRONG,   /* the call or a file is wrong */
	STATUS_LACKING, /* the machine lacks what is needed */
};

static inline int worse(int a, int b)
{
	return a > b ? a : b;
}

/* With control characters and broken UTF-8 spelled out. */
void put_visibly(struct sink *out, const char *text, size_t n);
/* "woshou: ..." on standard error, made harmless for a terminal. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Diagnostics, each with its place, on standard error. */
void complain_all(const struct diags *d);

/* A whole file, or standard input for "-". False: it was said why, with the nearest name there. */
bool input_read(const char *name, struct sink *out);
/* A regular file, without a word when it cannot be read. */
bool input_peek(const char *name, struct sink *out);

/* By whatever names: to write the one is to destroy the other. */
bool is_one_file(const char *a, const char *b);

/* To a file, or standard output for NULL and "-". False: it was said why, and what was there before
 * is there still. */
bool output_write(const char *name, const struct sink *bytes);
/* A file, while a picture stands on the terminal: the complaint says why not. */
bool output_replace(const char *name, const struct sink *bytes, struct sink *complaint);
/* Text for standard output. What could drive a terminal is spelled out when there is one. */
bool output_text(const struct sink *text);

/* The commands: each returns an enum status. */
int cmd_playbill(const struct request *r);
int cmd_play(const struct request *r);
int cmd_run(const struct request *r);
int cmd_export(const struct request *r);
int cmd_tell(const struct request *r);
int cmd_diff(const struct request *r);
int cmd_fmt(const struct request *r);
int cmd_lint(const struct request *r);
int cmd_law(const struct request *r);
int cmd_drill(const struct request *r);
int cmd_bench(const struct request *r);
int cmd_echo_serve(const struct request *r);
int cmd_echo_call(const struct request *r);
int cmd_echo_watch(const struct request *r);
int cmd_echo_lab(const struct request *r);
int cmd_echo_lesson(const struct request *r);

#endif
