/* SPDX-License-Identifier: MIT */
/* lesson_inside.h - what the parts of a lesson share: the script's words, and the actors. */
#ifndef LIVE_LESSON_INSIDE_H
#define LIVE_LESSON_INSIDE_H

#include <sys/types.h>
#include <base/array.h>
#include "live/lesson.h"
#include "live/recorder.h"
#include "live/sniff.h"
#include "live/sock.h"
#include "live/sockdiag.h"

enum lesson_verb {
	DEED_NONE,
	/* The server, Li Si. */
	DEED_LISTEN, /* socket, bind, listen; `who`: 127.0.0.who; number: backlog, -1: bind only */
	DEED_UNLISTEN, /* close the listener */
	DEED_ACCEPT,
	DEED_RUN, /* start a program, text */
	DEED_KILL,
	/* The clients, Zhang San; `who` from 1. */
	DEED_CONNECT, /* number: 127.0.0.number */
	DEED_FINISH,  /* a call that was under way gets its answer */
	DEED_DEAF,    /* hears nothing any more: a filter on the socket */
	DEED_HEAR,
	/* Either. */
	DEED_SEND,
	DEED_READ, /* text; "": the end */
	DEED_SHUTDOWN,
	DEED_CLOSE,
};

enum { LESSON_ZHANG, LESSON_LI };

struct lesson_deed {
	uint8_t verb;   /* enum lesson_verb */
	uint8_t side;   /* LESSON_ZHANG, LESSON_LI */
	uint8_t who;    /* the conversation */
	uint8_t error;  /* the answer that is expected, enum sock_error */
	bool has_reuse; /* LISTEN: SO_REUSEADDR */
	bool is_deaf;   /* CONNECT: hears nothing from the beginning */
	int16_t number; /* ACCEPT: how often. READ: at most so many octets, 0: any */
	const char *text;
};

enum lesson_sight {
	SIGHT_NONE,
	SIGHT_STATE,    /* of this side's socket; CLOSED: the kernel has none */
	SIGHT_WAITING,  /* so many to be accepted; number -1: nobody listens */
	SIGHT_UNREAD,   /* so many octets at this side */
	SIGHT_REPEATED, /* the segment that is outstanding was sent again so often at least */
	SIGHT_SPINS,    /* the program takes processor time without end */
	SIGHT_SLEEPS,
	SIGHT_SEGMENTS, /* text: all but bare ACKs, in their order */
};

struct lesson_expect {
	uint8_t kind; /* enum lesson_sight */
	uint8_t side, who;
	uint8_t state; /* enum state */
	int16_t number;
	const char *text;
};

enum { LESSON_DEEDS = 10, LESSON_EXPECTS = 10, LESSON_TALKS = 16, LESSON_LISTENERS = 3 };

struct lesson_step {
	uint8_t lesson;    /* enum lesson_name */
	bool needs_filter; /* only where sockets may be deaf: in a network of our own */
	const char *tells[2], *explains[2]; /* en, zh */
	struct lesson_deed deeds[LESSON_DEEDS];
	struct lesson_expect expects[LESSON_EXPECTS];
};

extern const struct lesson_step lesson_script[];
extern const size_t lesson_script_count;

/* A conversation: the ends that this process holds. */
struct lesson_talk {
	int fd[2]; /* LESSON_ZHANG, LESSON_LI; -1: none */
	bool is_called;
	struct flow flow;
};

enum lesson_phase {
	LESSON_RESTS,
	LESSON_ACTS,
	LESSON_LOOKS,
	LESSON_SETTLES, /* the last segments are awaited */
	LESSON_ENDS,
	LESSON_OVER,
};

struct sights {
	struct socket_sight *at;
	size_t count, size;
};

struct lesson {
	struct loop *loop;
	struct lesson_watcher watcher;
	struct lesson_options options;
	enum lesson_name name;
	struct sockdiag *diag;
	struct endpoint at;
	const struct lesson_step *steps;
	size_t count, step; /* `step` is told, or under way */
	enum lesson_phase phase;
	size_t index;      /* of the deed, then of the expectation, in the step */
	bool is_under_way; /* the deed has begun */
	bool may_filter;
	usec since; /* when it was begun, or first looked for */
	uint64_t timer;
	int listener[LESSON_LISTENERS];         /* at 127.0.0.n; -1: none */
	struct lesson_talk talks[LESSON_TALKS]; /* from 1 */
	int accepted;                           /* so often, in this deed */
	char got[256];                          /* what was read, in this deed */
	size_t got_count;
	pid_t child;         /* 0: none */
	int64_t child_ticks; /* processor time when the step's deeds were done */
	struct lesson_figures figures;
	struct sights sights; /* what the last look showed */
	/* lesson_film.c */
	struct recorder *recorder;
	struct sniff *sniff; /* NULL: no frames */
	struct sink lack[2]; /* en, zh */
	bool is_forbidden;
	uint64_t pass_timer, version;
	struct sights before; /* what was told to the recorder */
	pid_t measured_of;
	int64_t measured_ticks;
	usec measured_at;
	int percent;
};

/* ---- lesson_film.c --------------------------------------------------------------------------- */

bool film_open(struct lesson *s); /* false: no descriptors (errno) */
void film_act(struct lesson *s, const struct act *a);
void film_say(struct lesson *s, const char *en, const char *zh);
void film_looked(struct lesson *s); /* s->sights are new, and whole */
void film_measure(struct lesson *s);
void film_end(struct lesson *s);
void film_close(struct lesson *s);

/* ---- lesson_deed.c --------------------------------------------------------------------------- */

enum lesson_answer {
	ANSWER_WAITS, /* nothing yet: ask again */
	ANSWER_DONE,  /* `error` or octets are there */
};

struct lesson_result {
	enum lesson_answer answer;
	enum sock_error error;
	bool has_octets;
	const char *octets;
	size_t size;
};

/* Begins the deed, or asks again whether it is done. */
void lesson_do(struct lesson *s, const struct lesson_deed *d, struct lesson_result *out);
/* "zhang 1: connect(127.0.0.1:8888)". */
void lesson_put_deed(const struct lesson *s, const struct lesson_deed *d, struct sink *out);
/* " = ok", without the sign: an error, octets, or that it went well. */
void lesson_put_answer(enum sock_error error, const char *octets, size_t n, bool has_octets,
		       struct sink *out);
bool lesson_may_filter(void);        /* sockets may be made deaf here */
void lesson_sweep(struct lesson *s); /* closes and kills all */

/* ---- lesson_child.c -------------------------------------------------------------------------- */

bool lesson_find_python(const char *folder, struct sink *complaint);
/* False: errno. */
bool lesson_run(struct lesson *s, const char *program);
/* True: it has ended. */
bool lesson_kill(struct lesson *s);
void lesson_end_child(struct lesson *s); /* at once */
/* Its processor time in ticks, its state ('R', 'S', ...). False: it is gone. */
bool lesson_child_stat(const struct lesson *s, int64_t *ticks, char *state);
int lesson_percent(int64_t ticks, usec time); /* of one processor */

/* ---- lesson_look.c --------------------------------------------------------------------------- */

enum lesson_verdict { VERDICT_HOLDS, VERDICT_NOT_YET, VERDICT_UNSEEN };

/* Asks the kernel. False: it was not told whole, look again. */
bool lesson_look(struct lesson *s);
/* By the last look. */
bool lesson_listens(const struct lesson *s);
enum lesson_verdict lesson_holds(const struct lesson *s, const struct lesson_expect *e);
void lesson_put_expect(const struct lesson_expect *e, bool is_zh, struct sink *out);
/* What there is instead. */
void lesson_put_sight(const struct lesson *s, const struct lesson_expect *e, bool is_zh,
		      struct sink *out);

#endif
