/* SPDX-License-Identifier: MIT */
/* call_count.c - the client unattended: so many messages, so far apart, and then goodbye. */
#include "live/call_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Without an interval the next goes out when the last is back; but not every server is an echo
 * server, and so long is waited at most. After the last message, for what is not back yet. */
#define ECHO_PATIENCE (USEC_PER_S * 2)

/* Then a FIN has asked for the end, and so long it may take to come. */
#define END_PATIENCE (USEC_PER_S * 5)

static void say_next(void *user);

static void put_message(const struct call *c, char *out)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	char number[24];
	uint32_t n = c->size - 1, digits;

	/* A number, letters, a line end: of every size. */
	digits = (uint32_t)snprintf(number, sizeof number, "%" PRIu64, c->asked + 1);
	for (uint32_t i = 0; i < n; i++)
		out[i] = i == digits ? ' ' : letters[(i + c->asked) % 26];
	/* The last digits, where not all have room. */
	if (n < digits)
		memcpy(out, number + (digits - n), n);
	else
		memcpy(out, number, digits);
	out[n] = '\n';
}

static void wait_until(struct call *c, usec when, loop_due *due)
{
	loop_cancel(c->loop, c->count_timer);
	c->count_timer = loop_at(c->loop, when, due, c);
}

static void give_up(void *user)
{
	struct call *c = user;

	c->count_timer = 0;
	call_finish(c, SOCK_ETIMEDOUT);
}

/* The last is out, and not all is back: a FIN, and what comes until theirs. */
static void ask_for_the_end(void *user)
{
	struct call *c = user;

	c->count_timer = 0;
	call_leave(c, CALL_WAY_SHUTDOWN);
	/* It need not be taken, either. */
	if (c->phase == CALL_OPEN)
		wait_until(c, loop_now() + END_PATIENCE, give_up);
}

static void say_next(void *user)
{
	struct call *c = user;
	usec now = loop_now();
	char *text = xmalloc(c->size);

	call_count_stop(c);
	put_message(c, text);
	/* Where there is no room, an echo makes some. */
	if (!call_say(c, text, c->size)) {
		free(text);
		if (c->phase == CALL_OPEN)
			wait_until(c, now + ECHO_PATIENCE, say_next);
		return;
	}
	free(text);
	c->asked++;
	if (c->phase != CALL_OPEN)
		return;
	if (c->asked == c->count) {
		wait_until(c, now + ECHO_PATIENCE, ask_for_the_end);
		return;
	}
	/* Late ones are not made up for: it is an interval. */
	c->due = c->due + c->interval > now ? c->due + c->interval : now;
	wait_until(c, c->interval > 0 ? c->due : now + ECHO_PATIENCE, say_next);
}

void call_count_start(struct call *c)
{
	if (c->count == 0 || c->is_leaving)
		return;
	if (c->size == 0)
		c->size = 1;
	c->due = loop_now();
	say_next(c);
}

void call_count_heard(struct call *c)
{
	if (c->count == 0 || c->phase != CALL_OPEN || answers_waiting(&c->answers) > 0)
		return;
	if (c->asked == c->count)
		call_leave(c, CALL_WAY_CLOSE);
	else if (c->interval == 0 && c->asked > 0 && !c->is_leaving)
		say_next(c);
}

void call_count_stop(struct call *c)
{
	loop_cancel(c->loop, c->count_timer);
	c->count_timer = 0;
}
