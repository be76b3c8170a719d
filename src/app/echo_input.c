/* SPDX-License-Identifier: MIT */
/* echo_input.c - words of the user's: lines to be said, and orders. */
#include <app/echo.h>
#include <base/diag.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool linger(struct echo *e, const char *seconds, struct sink *complaint)
{
	int n = 0;
	const char *at = seconds;

	if (strcmp(seconds, "off") == 0)
		return call_linger(e->call, -1);
	for (; *at >= '0' && *at <= '9' && n < 32768; at++)
		n = n * 10 + (*at - '0');
	if (at == seconds || *at != '\0' || n > 32767) {
		sink_printf(complaint, ":linger takes seconds or off, not '%s'", seconds);
		return false;
	}
	return call_linger(e->call, n);
}

static bool obey_order(struct echo *e, const char *order, struct sink *complaint)
{
	static const char *const orders[] = {"shutdown", "close", "abort", "linger", NULL};
	const char *near;

	if (strcmp(order, "shutdown") == 0) {
		call_leave(e->call, CALL_WAY_SHUTDOWN);
	} else if (strcmp(order, "close") == 0) {
		call_leave(e->call, CALL_WAY_CLOSE);
	} else if (strcmp(order, "abort") == 0) {
		call_leave(e->call, CALL_WAY_ABORT);
	} else if (strncmp(order, "linger ", 7) == 0) {
		return linger(e, order + 7, complaint);
	} else {
		near = nearest_word(order, orders);
		sink_printf(complaint, "':%s'?", order);
		if (near != NULL)
			sink_printf(complaint, " did you mean :%s?", near);
		sink_puts(complaint, " There are :shutdown, :close, :abort, :linger SECONDS");
		return false;
	}
	return true;
}

bool echo_say(struct echo *e, const char *line, enum lang lang, struct sink *complaint)
{
	struct sink whole = {0};
	bool is_taken;

	if (call_is_over(e->call)) {
		sink_puts(complaint, in_lang(lang, "the conversation is over", "会话已经结束"));
		return false;
	}
	/* Two colons say one. */
	if (line[0] == ':' && line[1] != ':')
		return obey_order(e, line + 1, complaint);
	if (!call_may_say(e->call)) {
		sink_puts(complaint, in_lang(lang, "nothing more can be said: our side has ended",
					     "我方已经说完，不能再说了"));
		return false;
	}
	sink_puts(&whole, line[0] == ':' ? line + 1 : line);
	sink_putc(&whole, '\n');
	is_taken = call_say(e->call, whole.at, whole.count);
	if (!is_taken)
		sink_puts(complaint, in_lang(lang, "there is no room for more words now",
					     "现在说不下更多的话了"));
	sink_fini(&whole);
	return is_taken;
}

/* ---- standard input, where there is no stage ------------------------------------------------- */

static void input_due(void *user)
{
	struct echo *e = user;

	e->input_timer = 0;
	echo_hear_input(e);
}

static void input_heard(void *user, int fd, unsigned events)
{
	(void)fd;
	(void)events;
	echo_hear_input(user);
}

/* Who sits at a terminal reads it and says it again; of a script the exit status tells. */
static void disobey(struct echo *e, const char *complaint)
{
	complain("%s", complaint);
	if (!isatty(STDIN_FILENO))
		e->is_disobeyed = true;
}

/* True: it was taken, or can never be; false: no room now, it is to be said again. */
static bool say_line(struct echo *e, const char *line)
{
	struct sink complaint = {0};
	bool is_done = true;

	if (!echo_say(e, line, e->lang, &complaint)) {
		if (!(line[0] == ':' && line[1] != ':') && call_may_say(e->call))
			is_done = false;
		else
			disobey(e, complaint.at);
	}
	sink_fini(&complaint);
	return is_done;
}

/* All whole lines that were typed, as far as there is room. */
static bool say_typed(struct echo *e)
{
	char *end;

	while (e->typed.count > 0 && (end = memchr(e->typed.at, '\n', e->typed.count)) != NULL) {
		size_t n = (size_t)(end - e->typed.at);
		char *line = xstrndup(e->typed.at, n);
		bool is_order = line[0] == ':' && line[1] != ':';
		bool is_said =
			is_order || memchr(e->typed.at, '\0', n) == NULL
				? say_line(e, line)
				: !call_may_say(e->call) || call_say(e->call, e->typed.at, n + 1);

		free(line);
		if (!is_said)
			return false;
		memmove(e->typed.at, end + 1, e->typed.count - n - 1);
		e->typed.count -= n + 1;
	}
	return true;
}

/* A regular file is always readable, and epoll will not have it; so whoever waits comes back. */
void echo_hear_input(struct echo *e)
{
	static const usec RETRY = 10 * USEC_PER_MS;
	enum { LINE_MOST = 1 << 20 };
	char octets[16384];
	ssize_t n;

	if (!say_typed(e)) {
		loop_forget(e->loop, STDIN_FILENO);
		e->input_timer = loop_after(e->loop, RETRY, input_due, e);
		return;
	}
	n = read(STDIN_FILENO, octets, sizeof octets);
	if (n > 0) {
		sink_put(&e->typed, octets, (size_t)n);
		if (e->typed.count > LINE_MOST && memchr(e->typed.at, '\n', e->typed.count) == NULL)
			sink_putc(&e->typed, '\n');
	} else if (n == 0) {
		e->is_input_over = true;
		if (e->typed.count > 0)
			sink_putc(&e->typed, '\n');
	}
	if (e->is_input_over && say_typed(e)) {
		loop_forget(e->loop, STDIN_FILENO);
		call_leave(e->call, CALL_WAY_SHUTDOWN);
		return;
	}
	if (e->is_input_over || !loop_watch(e->loop, STDIN_FILENO, LOOP_READ, input_heard, e))
		e->input_timer = loop_after(e->loop, n > 0 ? 0 : RETRY, input_due, e);
}
