/* SPDX-License-Identifier: MIT */
/* lesson_child.c - a program of somebody else's in a lesson: python3 and a script. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "live/lesson_inside.h"

static bool is_in_path(const char *program)
{
	const char *at = getenv("PATH"), *end;
	char name[4096];

	for (; at != NULL && *at != '\0'; at = *end == ':' ? end + 1 : end) {
		int n;

		end = strchr(at, ':') != NULL ? strchr(at, ':') : at + strlen(at);
		n = snprintf(name, sizeof name, "%.*s/%s", (int)(end - at), at, program);
		if (n > 0 && (size_t)n < sizeof name && access(name, X_OK) == 0)
			return true;
	}
	return false;
}

static bool has_programs(const char *folder)
{
	char name[4096];
	int n = folder == NULL ? -1 : snprintf(name, sizeof name, "%s/echo_server.py", folder);

	return n > 0 && (size_t)n < sizeof name && access(name, R_OK) == 0;
}

bool lesson_find_python(const char *folder, struct sink *complaint)
{
	if (!is_in_path("python3")) {
		sink_puts(complaint, "this lesson needs python3, which is not there; on Debian: "
				     "apt install python3");
		return false;
	}
	if (!has_programs(folder)) {
		sink_puts(complaint,
			  "this lesson needs its Python server, echo_server.py, which is "
			  "not beside woshou; it comes with the docs, in docs/lessons");
		return false;
	}
	return true;
}

/* The child's own life: with our signals' defaults, and never longer than ours. */
static _Noreturn void become(const char *path, const char *port, int trouble)
{
	char *argv[] = {(char[]){"python3"}, (char *)path, (char *)port, NULL};
	sigset_t none;
	int error_number;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(argv[0], argv);
	error_number = errno;
	_exit(write(trouble, &error_number, sizeof error_number) == sizeof error_number ? 127
											: 126);
}

bool lesson_run(struct lesson *s, const char *program)
{
	char path[4096], port[8];
	int ends[2], trouble = 0;
	ssize_t n;

	snprintf(path, sizeof path, "%s/%s", s->options.programs, program);
	snprintf(port, sizeof port, "%u", s->at.port);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	s->child = fork();
	if (s->child == 0)
		become(path, port, ends[1]);
	close(ends[1]);
	if (s->child < 0) {
		s->child = 0;
		close(ends[0]);
		return false;
	}
	/* The pipe closes itself when the program begins. */
	do
		n = read(ends[0], &trouble, sizeof trouble);
	while (n < 0 && errno == EINTR);
	close(ends[0]);
	if (n != (ssize_t)sizeof trouble)
		return true;
	lesson_end_child(s);
	errno = trouble;
	return false;
}

bool lesson_kill(struct lesson *s)
{
	if (s->child == 0)
		return true;
	if (!s->is_under_way)
		kill(s->child, SIGTERM);
	if (waitpid(s->child, NULL, WNOHANG) == 0)
		return false;
	s->child = 0;
	return true;
}

void lesson_end_child(struct lesson *s)
{
	if (s->child == 0)
		return;
	kill(s->child, SIGKILL);
	while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR)
		;
	s->child = 0;
}

/* proc(5): "pid (name) state ...", utime and stime are the 14th and 15th. */
bool lesson_child_stat(const struct lesson *s, int64_t *ticks, char *state)
{
	char name[64], text[1024];
	const char *at;
	long user, kernel;
	ssize_t n;
	int fd;

	snprintf(name, sizeof name, "/proc/%d/stat", (int)s->child);
	fd = s->child == 0 ? -1 : open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	at = strrchr(text, ')');
	if (at == NULL || sscanf(at + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld",
				 state, &user, &kernel) != 3)
		return false;
	*ticks = user + kernel;
	return *state != 'Z';
}

int lesson_percent(int64_t ticks, usec time)
{
	return time <= 0 ? 0 : (int)(ticks * 100 * USEC_PER_S / sysconf(_SC_CLK_TCK) / time);
}
