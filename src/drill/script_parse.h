/* SPDX-License-Identifier: MIT */
/* script_parse.h - what the parts of the script's parser share. */
#ifndef DRILL_SCRIPT_PARSE_H
#define DRILL_SCRIPT_PARSE_H

#include <drill/expr_parse.h>
#include <drill/order.h>
#include <drill/script_lex.h>

struct parser {
	struct drill_script *s;
	struct diags *d;
	struct drill_tokens tokens;
	size_t at;
	usec span; /* of the events so far, if each takes as long as it may */
	struct drill_code_names names; /* what code has assigned so far */
};

struct drill_token *drill_peek(struct parser *p); /* the next one */
struct drill_token *drill_peek_at(struct parser *p, size_t ahead);
struct drill_token *drill_take(struct parser *p);
bool drill_is_mark(struct parser *p, char mark);
bool drill_is_word(struct parser *p, const char *word);
bool drill_may_mark(struct parser *p, char mark); /* takes it, if it is there */
bool drill_may_word(struct parser *p, const char *word);
bool drill_parse_mark(struct parser *p, char mark, const char *after); /* must: else an error */

struct place drill_place(const struct parser *p, const struct drill_token *t);
char *drill_parse_text(struct parser *p,
		       const struct drill_token *t); /* its octets, in the arena */
/* False, always: `return drill_parse_error(...)`. A TOK_BAD is told for what it is. */
bool drill_parse_error(struct parser *p, const struct drill_token *t, const char *hint,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The nearest word as a hint: `did you mean "x"?`; NULL: none is near. */
const char *drill_near(struct parser *p, const struct drill_token *t, const char *const *words);

/* A number up to `most`; `what` names it in the error. */
bool drill_number(struct parser *p, uint64_t most, const char *what, uint32_t *value);

void drill_parse_settings(struct parser *p); /* the --options before everything else */
bool drill_parse_packet(struct parser *p, struct drill_packet *packet); /* at < or > */
bool drill_parse_icmp(struct parser *p, struct drill_packet *packet);   /* after `icmp` */
bool drill_parse_quote(struct parser *p, struct drill_number *seq, uint32_t *len);
bool drill_parse_options(struct parser *p, struct drill_packet *packet);   /* after < */
bool drill_parse_call(struct parser *p, struct drill_call *call);          /* at its name */
bool drill_parse_command(struct parser *p, struct drill_command *command); /* at TOK_COMMAND */

/* Constants of the calls, as Linux numbers them. */
bool drill_constant(const char *name, int64_t *value);
int drill_errno(const char *name);             /* 0: no such */
const char *const *drill_constant_names(void); /* NULL-terminated */
const char *const *drill_call_names(void);
/* How many values the call takes. False: there is none of that name. */
bool drill_call_takes(const char *name, uint32_t *least, uint32_t *most);
const char *const *drill_errno_names(void);

#endif
