/* SPDX-License-Identifier: MIT */
/* echo_command.c - a command of the user's in the private network, beside our server. */
#include <app/echo.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT_RUN = 127 };

static void become(const struct request *r)
{
	char **argv = xcalloc(r->files.count + 1, sizeof argv[0]);
	sigset_t none;

	for (size_t i = 0; i < r->files.count; i++)
		argv[i] = (char *)r->files.at[i];
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	/* Whatever becomes of us, it does not stay behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(argv[0], argv);
	complain("%s: %s", argv[0], strerror(errno));
	_exit(CANNOT_RUN);
}

static void child_ended(void *user)
{
	struct echo *e = user;
	int status;

	if (e->child == 0 || waitpid(e->child, &status, WNOHANG) != e->child)
		return;
	e->child = 0;
	e->child_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	e->version++;
	/* Where nobody looks any longer, that is the end. */
	if (!echo_wants_stage(e->request))
		echo_leave(e);
}

bool echo_start_command(struct echo *e)
{
	pid_t child;

	if (!loop_signal(e->loop, SIGCHLD, child_ended, e)) {
		complain("signals cannot be heard");
		return false;
	}
	child = fork();
	if (child < 0) {
		complain("%s: %s", e->request->files.at[0], strerror(errno));
		return false;
	}
	if (child == 0)
		become(e->request);
	e->child = child;
	return true;
}
