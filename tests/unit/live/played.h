/* SPDX-License-Identifier: MIT */
/* played.h - a server and its clients in one process: whoever waits for the one turns the other. */
#ifndef TEST_LIVE_PLAYED_H
#define TEST_LIVE_PLAYED_H

#include <base/prng.h>
#include "live/serve.h"
#include "live/serve_inside.h"

struct played {
	struct loop *loop;
	struct serve *serve;
	struct sink acts, ends, notices;
};

void played_raise(struct played *s, const struct serve_options *o);
/* The defaults, on any free port. */
struct serve_options played_plain(void);
void played_strike(struct played *s);
/* With a small buffer in the kernel where one will not read; 0: as the kernel has it. */
int played_dial_with(const struct played *s, int buffer);
int played_dial(const struct played *s);
/* The server works until this descriptor has something to tell. */
void played_until(struct played *s, int fd, short events);
void played_say(int fd, const char *text);
/* So many octets, or until the end. */
void played_hear(struct played *s, int fd, size_t most, struct sink *out);
void played_expect(struct played *s, int fd, const char *text, const char *echo, bool ends);
/* So many connections are open. */
void played_until_open(struct played *s, uint32_t open);
/* As much as the kernels and the server take of one who does not read. */
void played_fill(struct played *s, int fd, struct prng *p, struct sink *sent);
/* "accept, ", "write 'hello', "; the later answer to a connect: "connect!, ". */
void played_put_act(struct sink *out, const struct act *a);

#endif
