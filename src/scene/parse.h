/* SPDX-License-Identifier: MIT */
/*
 * parse.h - the parser's own header. Recursive descent, one token ahead. Loops are unrolled while
 * reading: the body of a `repeat` is read again for each round, the file again for each value of a
 * `for`, with the loop's variable bound. SCENE_WORDS_MAX bounds all of it.
 *
 * Functions that read a construct return false when they told a mistake; the statement loop then
 * goes on at the next line.
 */
#ifndef SCENE_PARSE_H
#define SCENE_PARSE_H

#include <scene/ast.h>
#include <scene/lex.h>
#include <scene/limits.h>
#include <scene/scene.h>

/* A `for`, as the first reading finds it. */
struct loop {
	const char *name; /* in scene_file's arena */
	size_t count;
};

enum { SCENE_LOOPS_MAX = 16 };

struct scene_file {
	char *name;
	const struct scene_loader *loader;
	ARRAY(struct source *) sources; /* [0] is the file itself */
	struct arena arena;
	ARRAY(struct loop) loops;
	ARRAY(const char *) variants; /* names */
	struct titles title;
	const char *golden;
};

struct binding {
	const char *name;
	const char *text;
	struct place at;
};

/* Where a statement stands: what it takes from the blocks around it. */
struct context {
	struct cue cue;
	usec shift; /* of the rounds of `repeat` */
	int32_t chapter;
	bool is_timed; /* in at, after, when, each: no declarations here */
	bool is_repeated;
	bool is_each;
	bool is_by_hand; /* in `by hand` */
	usec off_from;   /* in `no longer`; else USEC_NEVER */
};

struct include {
	const struct source *source;
	const struct include *outer;
};

/* What `say` and `because` belong to. */
enum above { ABOVE_NOTHING, ABOVE_STMT, ABOVE_CHAPTER };

/*
 * Where a play must be changed to become one file of one run: octets [from, to) of a source become
 * `text`, or the included source. Noted while reading, in the order met (rewrite.c).
 */
struct edit {
	const struct source *source;
	size_t from, to;
	const char *text;
	const struct source *included; /* NULL: none */
	bool is_body;                  /* what is included must be one statement: in braces */
};

/* What a setting in a person's braces, or of the command line, is about. */
enum setting_kind {
	SETTING_FIELD,
	SETTING_OPTION,
	SETTING_ISN,
	SETTING_PORT,
	SETTING_ADDRESS,
	SETTING_APP,
	SETTING_PROFILE
};

struct setting_text {
	size_t from, to;  /* octets of the source; both 0: it is new */
	const char *text; /* in place of what stood there; NULL: as it stands; "": nothing */
	enum setting_kind kind;
	size_t first, count;       /* FIELD, OPTION: which settings, of the person's... */
	const struct setting *own; /* ...or, of what is new, its own */
};

/* The words that made a person. Rounds of a `repeat` share them. */
struct person_text {
	const struct source *source;
	size_t name_end;                 /* octets of the source, as all others */
	size_t profile_from, profile_to; /* behind the name, or the titles; 0: none */
	size_t end;                      /* of what stands before the braces */
	size_t close;                    /* the closing brace; 0: no braces */
	ARRAY(struct setting_text) settings;
	size_t person; /* of the play */
};

struct edits {
	ARRAY(struct edit) list;
	ARRAY(struct person_text) persons;
	bool has_seed, has_end;
	/* What they shall be; NULL: as they are. */
	const char *seed, *end;
};

struct parser {
	struct scene_file *file;
	struct play *play;
	struct diags *d;
	size_t variant;
	size_t words;        /* read so far, of SCENE_WORDS_MAX */
	bool is_discovering; /* the very first reading: it notes the file's loops */
	struct source *source;
	size_t index;       /* of the token looked at, in source */
	struct token token; /* with its variables filled in */
	struct context context;
	struct binding bindings[SCENE_NESTING_MAX + SCENE_LOOPS_MAX];
	size_t binding_count;
	size_t loop;  /* number of the next `for` met */
	size_t lines; /* of all files read */
	size_t includes, include_depth;
	const struct include *including; /* the files being read, the innermost first */
	int nesting;
	uint32_t rounds; /* product of the repeats around */
	enum above above;
	int32_t above_index;
	int32_t last_say;   /* of what stands above */
	int32_t last_timed; /* statement that `after` counts from */
	bool is_formatting; /* marks are wanted, includes are not read */
	bool is_first;      /* first variant, first rounds: lint speaks once */
	bool is_declaring;  /* the line begins with person or wind: its block has no statements */
	bool is_stopped;    /* a limit was reached */
	ARRAY(const char *) tag;
	struct edits *edits; /* NULL: nobody asks */
};

/* ---- tokens (parse.c) ------------------------------------------------------------------------ */

void parse_look(struct parser *p); /* after index or the bindings changed */
void parse_next(struct parser *p);
bool parse_at(const struct parser *p, enum token_kind kind);
bool parse_is(const struct parser *p, const char *word); /* the token is this word */
bool parse_take(struct parser *p, const char *word);     /* and goes on, if it is */
bool parse_expect(struct parser *p, enum token_kind kind, const char *what);
bool parse_expect_word(struct parser *p, const char *word);
void parse_mark(struct parser *p, enum token_mark mark);
/* The words between two tokens as they are read aloud: loop variables filled in. */
const char *parse_spoken(struct parser *p, size_t from, size_t to);
struct place parse_place(const struct parser *p);
/* Where tokens [from, to) begin and end in the source; comments at the end are not theirs. */
size_t parse_offset(const struct parser *p, size_t from);
size_t parse_offset_end(const struct parser *p, size_t to);
/* Tokens [from, to) become `text`, should somebody ask. */
void parse_note(struct parser *p, size_t from, size_t to, const char *text);
const char *parse_copy(struct parser *p);        /* the token's text, in the play's arena */
bool parse_is_line_over(const struct parser *p); /* end of line, `}`, end of file */
bool parse_line_end(struct parser *p);           /* takes it, or tells what is too much */

/* Always false. */
bool parse_fail(struct parser *p, struct place at, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
bool parse_fail_here(struct parser *p, const char *what); /* "expected WHAT, found ..." */
bool parse_fail_unknown(struct parser *p, const char *what, const char *const *words);
void parse_warn(struct parser *p, struct place at, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The text of a place's line. */
const char *parse_line_of(const struct scene_file *f, struct place at, char out[SOURCE_LINE]);

/* Ends with the token after the closing brace; `one` reads one item, told after each line or
 * item. */
bool parse_block(struct parser *p, bool (*one)(struct parser *, void *), void *to);

/* ---- values (parse_value.c) ------------------------------------------------------------------ */

bool parse_time(struct parser *p, usec *out);     /* 50ms; sums: 2s + 300ms */
bool parse_one_time(struct parser *p, usec *out); /* no sums */
bool parse_size(struct parser *p, uint64_t *out);
bool parse_rate(struct parser *p, uint64_t *bits); /* bits a second */
bool parse_number(struct parser *p, const char *what, uint64_t least, uint64_t most, uint64_t *out);
bool parse_port(struct parser *p, uint16_t *out);
bool parse_ordinal(struct parser *p, uint32_t *out);
bool parse_percent(struct parser *p, uint32_t *ppm);
bool parse_switch(struct parser *p, bool *out);
bool parse_chars(struct parser *p, struct chars *out);
bool parse_string(struct parser *p, const char *what, const char **out); /* no NUL within */
/* en "..." zh "..."; may_be_plain: "..." alone stands for both. */
bool parse_titles(struct parser *p, struct titles *out, bool may_be_plain);
bool parse_name(struct parser *p, const char *what, const char **out);
bool parse_who(struct parser *p, struct who *out);
bool parse_state(struct parser *p, enum state *out);
bool parse_match(struct parser *p, struct seg_match *out);
bool parse_comparison(struct parser *p, enum comparison *out); /* optional: CMP_EQ */
/* The raw characters up to a blank or brace: addresses, flags. */
bool parse_raw(struct parser *p, const char *what, const char **out);
bool parse_is_ordinal(const struct parser *p);
bool parse_is_percent(const struct parser *p);
bool parse_is_unit(const struct parser *p); /* a number with a unit */
bool parse_is_match(const struct parser *p);

/* ---- loops and includes (expand.c) ---------------------------------------------------------- */

/* Fills the variables in `text` in; NULL when one is unknown (told). */
const char *expand_fill(struct parser *p, struct place at, const char *text, size_t n,
			size_t *size);
bool expand_for(struct parser *p);
bool expand_repeat(struct parser *p);
bool expand_include(struct parser *p);
bool expand_path(struct parser *p, const char **out); /* seen from where the file lies */
bool expand_file(struct parser *p, struct source *s); /* all statements of one file */

/* ---- statements ------------------------------------------------------------------------------ */

bool parse_statement(struct parser *p);
bool parse_body(struct parser *p); /* { statements } or one statement */
/* The same in the context `inner`; then comes back to the present one. */
bool parse_within(struct parser *p, const struct context *inner);
bool parse_person(struct parser *p);
bool parse_setting(struct parser *p, struct person *to);
bool parse_option(struct parser *p, const char **name, int64_t *value);
bool parse_app(struct parser *p, struct app *app, bool *is_app); /* echo, reads never, ... */
bool parse_wind(struct parser *p);
bool parse_act(struct parser *p); /* who does what */
bool parse_stranger(struct parser *p);
bool parse_is_deed(const struct parser *p); /* drop 3rd ...: upon a word in flight */
bool parse_deed(struct parser *p);
/* by D, after D, past N [or D]: as the rule's deed wants it. */
bool parse_deed_time(struct parser *p, struct wind_rule *r);
bool parse_by_hand(struct parser *p);
bool parse_may_be_by_hand(struct parser *p); /* the statement that begins here; tells if not */
bool parse_no_longer(struct parser *p);
bool parse_when(struct parser *p, bool is_each);
bool parse_expectation(struct parser *p);
bool parse_ask(struct parser *p);
bool parse_field_value(struct parser *p, enum tcb_field field, int64_t *out);
/* A statement at the present cue; `at` is its first word's place. */
struct stmt *parse_push(struct parser *p, enum stmt_kind kind, struct place at);
struct stmt *parse_push_expect(struct parser *p, struct place at, struct expectation *e);

bool word_is_reserved(const char *word);
extern const char *const scene_statement_words[]; /* NULL-terminated, for hints */

/* ---- after the parser ----------------------------------------------------------------------- */

/* The first variant, for its marks on the file's tokens. */
bool scene_read_marks(struct scene_file *f, struct diags *d);
/* Reads one variant; false: mistakes. Its play is the caller's to fini either way. */
bool scene_read(const struct scene_file *f, size_t variant, struct play *play, struct diags *d);
/* And notes what must be changed to make this run a file of its own. */
bool scene_read_edits(const struct scene_file *f, size_t variant, struct play *play,
		      struct edits *edits, struct diags *d);
void edits_fini(struct edits *e);
/* Names, ranges, contradictions (check.c). */
bool play_check(struct parser *p);
const struct person *play_person(const struct play *play, const char *name);

#endif
