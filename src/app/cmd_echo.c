/* SPDX-License-Identifier: MIT */
/* cmd_echo.c - real sockets: a server, a client, a port that others use, a private network. */
#include <app/echo.h>
#include <errno.h>
#include <live/lab.h>
#include <live/sniff.h>
#include <signal.h>
#include <stage/stage.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_S = 5 };

bool echo_is_over(const struct echo *e)
{
	if (e->child != 0)
		return false;
	if (e->serve != NULL)
		return serve_is_over(e->serve);
	if (e->call != NULL)
		return call_is_over(e->call);
	return e->is_leaving;
}

void echo_leave(struct echo *e)
{
	if (e->serve != NULL)
		serve_stop(e->serve, e->is_leaving ? 0 : PATIENCE_S * USEC_PER_S);
	if (e->call != NULL)
		call_leave(e->call, e->is_leaving ? CALL_WAY_ABORT : CALL_WAY_SHUTDOWN);
	e->is_leaving = true;
	e->version++;
}

/* From the keyboard: while a command runs the signal is the command's, too, and meant for it. */
static void interrupted(void *user)
{
	struct echo *e = user;

	e->signals++;
	if (e->child == 0)
		echo_leave(e);
}

/* From elsewhere: the command is told, the second time without asking; when it has ended, so do we.
 */
static void told_to_end(void *user)
{
	struct echo *e = user;

	e->signals++;
	if (e->child != 0)
		kill(e->child, e->signals == 1 ? SIGTERM : SIGKILL);
	else
		echo_leave(e);
}

static bool open_loop(struct echo *e)
{
	e->loop = loop_new();
	if (e->loop == NULL) {
		complain("no descriptors are left for a loop");
		return false;
	}
	return true;
}

static void open_observer(struct echo *e, bool has_acts)
{
	struct observer_options o = {.at = e->at,
				     .has_acts = has_acts,
				     .no_capture = e->request->given[OPT_NO_CAPTURE],
				     .keep = e->request->saves.count > 0 ? 10000 : 0};

	if (e->request->given[OPT_QUIET] || e->observer != NULL)
		return;
	e->observer = observer_new(e->loop, &o);
	for (size_t i = 0; i < e->early_count; i++) {
		const struct act_watcher *w = observer_acts(e->observer);

		w->see(w->user, &e->early[i]);
	}
}

/* Whatever needed privilege is open now. */
static void drop(void)
{
	if (!privilege_drop())
		complain("privileges could not be given up");
}

bool echo_wants_stage(const struct request *r)
{
	return !r->given[OPT_PLAIN] && !r->given[OPT_QUIET] && isatty(STDIN_FILENO) &&
	       isatty(STDOUT_FILENO);
}

/* Nothing else would. */
static void tell_where(const struct echo *e)
{
	struct sink line = {0};

	echo_status(e, e->lang, &line);
	sink_putc(&line, '\n');
	output_text(&line);
	sink_fini(&line);
}

/* No stage: what comes is printed until all is over. */
static bool run_plain(struct echo *e)
{
	if (e->observer != NULL)
		e->plain = plain_new(e);
	if (!loop_signal(e->loop, SIGINT, interrupted, e) ||
	    !loop_signal(e->loop, SIGTERM, told_to_end, e) ||
	    !loop_signal(e->loop, SIGHUP, told_to_end, e)) {
		complain("signals cannot be heard: %s", strerror(errno));
		return false;
	}
	if (e->serve != NULL && e->plain == NULL)
		tell_where(e);
	if (e->call != NULL && !e->request->given[OPT_MESSAGES])
		echo_hear_input(e);
	while (!echo_is_over(e)) {
		loop_turn(e->loop, USEC_NEVER);
		if (e->plain != NULL)
			plain_more(e->plain);
	}
	return true;
}

/* What the kernel still says after the last call: the other side's last words. */
static void watch_the_end(struct echo *e)
{
	usec until = loop_now() + 300 * USEC_PER_MS;

	while (e->observer != NULL && loop_now() < until && e->signals < 2) {
		loop_turn(e->loop, until - loop_now());
		if (e->plain != NULL)
			plain_more(e->plain);
	}
}

static int end(struct echo *e, int status)
{
	if (!echo_save(e))
		status = STATUS_LACKING;
	plain_free(e->plain);
	if (e->serve != NULL)
		serve_close(e->serve);
	call_free(e->call);
	observer_free(e->observer);
	loop_free(e->loop);
	sink_fini(&e->said);
	sink_fini(&e->typed);
	stage_raise_again();
	if (e->is_disobeyed)
		status = worse(status, STATUS_WRONG);
	return e->is_broken ? worse(status, STATUS_BROKEN) : status;
}

static int show(struct echo *e)
{
	int status = STATUS_HELD;

	if (echo_wants_stage(e->request)) {
		status = echo_on_stage(e);
		if (!echo_is_over(e))
			echo_leave(e);
		while (!echo_is_over(e) && loop_turn(e->loop, (PATIENCE_S + 1) * USEC_PER_S))
			;
	} else if (!run_plain(e)) {
		return STATUS_LACKING;
	}
	watch_the_end(e);
	return status;
}

/* The terminal is the command's; when it has ended, what happened is shown. In the private network
 * it may do as it likes: it begins before privileges are given up. */
static int show_server(struct echo *e)
{
	bool has_stage = echo_wants_stage(e->request);
	bool has_command = e->request->files.count > 0;

	if (has_command && !echo_start_command(e))
		return STATUS_LACKING;
	drop();
	if (!has_command)
		return show(e);
	if (!has_stage) {
		if (!run_plain(e))
			return STATUS_LACKING;
		watch_the_end(e);
		return e->child_status == 0 ? STATUS_HELD : STATUS_BROKEN;
	}
	/* As system() does: what is typed at the command is not meant for us. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	while (e->child != 0)
		loop_turn(e->loop, USEC_NEVER);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	return show(e);
}

static bool enter_lab(const struct request *r, bool is_asked)
{
	struct sink complaint = {0};
	bool is_good = true;

	if (!is_asked && r->sysctls.count > 0) {
		complain("--sysctl goes with --lab: the settings of this machine stay as they are");
		return false;
	}
	if (is_asked)
		is_good = lab_enter(&complaint);
	for (size_t i = 0; is_good && i < r->sysctls.count; i++)
		is_good = lab_set(r->sysctls.at[i], &complaint);
	if (!is_good)
		complain("%s", complaint.at);
	sink_fini(&complaint);
	return is_good;
}

/* ---- the commands ---------------------------------------------------------------------------- */

/* Where it will listen, when that is known before: then nobody can call before we look. */
static bool is_known(const struct serve_options *o, struct endpoint *at)
{
	const char *loopback = o->is_ipv6 ? "::1" : "127.0.0.1";

	at->port = o->port;
	return o->port != 0 && address_parse(o->bind != NULL ? o->bind : loopback, &at->address);
}

static bool open_serve(struct echo *e, const struct serve_options *o)
{
	struct serve_watcher watcher;
	struct sink complaint = {0};

	if (is_known(o, &e->at))
		open_observer(e, true);
	echo_serve_watcher(e, &watcher);
	e->serve = serve_open(e->loop, o, &watcher, &complaint);
	if (e->serve == NULL) {
		complain("%s", complaint.at);
	} else {
		serve_where(e->serve, &e->at);
		open_observer(e, true);
	}
	sink_fini(&complaint);
	return e->serve != NULL;
}

static void warn_of_others(const struct echo *e)
{
	if (address_is_loopback(&e->at.address))
		return;
	complain("%s", in_lang(e->lang,
			       "warning: this listens beyond the loopback; whoever reaches this "
			       "machine can talk to it",
			       "警告：监听的不是环回地址，凡能到达本机者都能与它说话"));
}

static int serve(const struct request *r, bool in_lab)
{
	struct echo e = {.request = r, .lang = r->lang, .in_lab = in_lab};
	struct serve_options o;
	int status = STATUS_LACKING;

	if (!echo_serve_options(r, &o) || !echo_may_save(r))
		return STATUS_WRONG;
	if (!enter_lab(r, in_lab) || !open_loop(&e))
		return STATUS_LACKING;
	if (open_serve(&e, &o)) {
		warn_of_others(&e);
		status = show_server(&e);
	}
	return end(&e, status);
}

int cmd_echo_serve(const struct request *r)
{
	return serve(r, r->given[OPT_LAB]);
}

int cmd_echo_lab(const struct request *r)
{
	return serve(r, true);
}

int cmd_echo_call(const struct request *r)
{
	struct echo e = {.request = r, .lang = r->lang};
	struct call_watcher watcher;
	struct call_options o;
	struct sink room = {0}, complaint = {0};
	int status = STATUS_WRONG;

	echo_call_watcher(&e, &watcher);
	if (echo_call_options(r, &room, &o) && echo_may_save(r)) {
		status = STATUS_LACKING;
		if (!enter_lab(r, r->given[OPT_LAB]) || !open_loop(&e)) {
			sink_fini(&room);
			return status;
		}
		if (call_find(&o, &e.at, &complaint)) {
			open_observer(&e, true);
			drop();
			e.call = call_open(e.loop, &o, &watcher, &complaint);
		}
		if (e.call == NULL)
			complain("%s", complaint.at);
		else
			status = show(&e);
	}
	sink_fini(&complaint);
	status = end(&e, status);
	sink_fini(&room);
	return status;
}

int cmd_echo_watch(const struct request *r)
{
	struct echo e = {.request = r, .lang = r->lang};
	const char *loopback = r->given[OPT_IPV6] ? "::1" : "127.0.0.1";

	e.at.port = ECHO_PORT;
	if (!address_parse(loopback, &e.at.address) || !echo_may_save(r) ||
	    (r->files.count > 0 && !echo_port_operand(r->files.at[0], &e.at.port)))
		return STATUS_WRONG;
	if (!enter_lab(r, r->given[OPT_LAB]) || !open_loop(&e))
		return STATUS_LACKING;
	open_observer(&e, false);
	drop();
	return end(&e, show(&e));
}
