/* SPDX-License-Identifier: MIT */
/* main.c - from argv to a command. */
#include <app/app.h>
#include <signal.h>
#include <string.h>

static int (*const run[COMMAND_COUNT])(const struct request *) = {
	[COMMAND_PLAYBILL] = cmd_playbill, [COMMAND_PLAY] = cmd_play, [COMMAND_RUN] = cmd_run,
	[COMMAND_EXPORT] = cmd_export,     [COMMAND_TELL] = cmd_tell, [COMMAND_FMT] = cmd_fmt,
	[COMMAND_LINT] = cmd_lint,         [COMMAND_LAW] = cmd_law,   [COMMAND_BENCH] = cmd_bench,
	[COMMAND_DIFF] = cmd_diff,         [COMMAND_ECHO_SERVE] = cmd_echo_serve,
	[COMMAND_ECHO_CALL] = cmd_echo_call, [COMMAND_ECHO_WATCH] = cmd_echo_watch,
	[COMMAND_ECHO_LAB] = cmd_echo_lab,
	[COMMAND_DRILL] = cmd_drill,
	[COMMAND_ECHO_LESSON] = cmd_echo_lesson,
};

static int print(const struct sink *text)
{
	return output_write(NULL, text) ? STATUS_HELD : STATUS_LACKING;
}

static int obey(const struct request *r)
{
	struct sink text = {0};
	int status;

	if (r->given[OPT_HELP]) {
		help_write_command(&text, r->command, r->lang);
		status = print(&text);
	} else if (r->given[OPT_VERSION]) {
		sink_puts(&text, "woshou " WOSHOU_VERSION "\n");
		status = print(&text);
	} else {
		status = run[r->command](r);
	}
	sink_fini(&text);
	return status;
}

int main(int argc, char **argv)
{
	struct sink complaint = {0};
	struct request r;
	int status = STATUS_WRONG;

	/* `woshou run ... | head` ends quietly, whatever the parent thought of SIGPIPE. */
	signal(SIGPIPE, SIG_DFL);
	if (request_read(&r, argc, argv, &complaint)) {
		status = obey(&r);
	} else {
		complain("%s", complaint.at);
		complain("%s%s%s%s", in_lang(r.lang, "try: woshou ", "用法见：woshou "),
			 command_table[r.command].name, command_table[r.command].name[0] ? " " : "",
			 "--help");
	}
	request_fini(&r);
	sink_fini(&complaint);
	return status;
}
