/* SPDX-License-Identifier: MIT */
/* cmd_tell.c - one plain sentence an event; and the questions of the play, where there is no stage.
 */
#include <app/quiz.h>
#include <export/tell_ask.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool asks(const struct request *r)
{
	return r->given[OPT_ASK] || r->given[OPT_PREDICT] || r->given[OPT_SCORE];
}

static bool is_stdout(const char *name)
{
	return name == NULL || strcmp(name, "-") == 0;
}

/* Answers come from standard input, questions go to standard output: neither is free for a file. */
static bool may_ask(const struct request *r)
{
	if (!asks(r))
		return true;
	if (strcmp(r->files.at[0], "-") == 0) {
		complain("answers are read from standard input: the scene must be a file");
		return false;
	}
	if (!is_stdout(r->value[OPT_OUTPUT])) {
		complain("questions are asked on standard output: leave -o away");
		return false;
	}
	return quiz_may_score(r);
}

/* One line without its end; at the end of the input an empty one, that passes. */
static char *read_answer(bool *is_over)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n = *is_over ? -1 : getline(&line, &size, stdin);

	*is_over = n < 0;
	if (n < 0) {
		free(line);
		return xstrndup("", 0);
	}
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		line[--n] = '\0';
	return line;
}

static bool print(struct sink *text)
{
	bool is_good = text->count == 0 || output_text(text);

	sink_clear(text);
	return is_good;
}

static int ask(const struct request *r, const struct shown *s)
{
	struct tell_asker a = {.trace = s->trace,
			       .lang = r->lang,
			       .is_detailed = r->given[OPT_DETAIL],
			       .is_predicting = r->given[OPT_PREDICT]};
	struct sink out = {0};
	bool is_over = false, is_good = true;

	while (is_good && tell_asker_go(&a, &out)) {
		bool is_answered = false;

		while (is_good && !is_answered) {
			char *line;

			if (isatty(STDIN_FILENO))
				sink_puts(&out, "> ");
			is_good = print(&out);
			line = read_answer(&is_over);
			is_answered = tell_asker_answer(&a, line, &out);
			free(line);
		}
	}
	is_good = print(&out) && is_good && quiz_write(r, s, &a.score, r->lang);
	tell_asker_fini(&a);
	sink_fini(&out);
	return is_good ? STATUS_HELD : STATUS_LACKING;
}

static int tell(const struct request *r, const struct shown *s)
{
	struct export_options options = {.lang = r->lang, .detailed = r->given[OPT_DETAIL]};
	struct sink out = {0};
	bool is_good;

	export_tell(s->trace, &options, &out);
	is_good = is_stdout(r->value[OPT_OUTPUT]) ? output_text(&out)
						  : output_write(r->value[OPT_OUTPUT], &out);
	sink_fini(&out);
	return is_good ? STATUS_HELD : STATUS_LACKING;
}

int cmd_tell(const struct request *r)
{
	struct shown s;
	int status;

	if (r->value[OPT_OUTPUT] != NULL && is_one_file(r->value[OPT_OUTPUT], r->files.at[0])) {
		complain("-o %s would overwrite what is read", r->value[OPT_OUTPUT]);
		return STATUS_WRONG;
	}
	if (!may_ask(r))
		return STATUS_WRONG;
	status = shown_open(&s, r->files.at[0], r, false);
	if (status == STATUS_HELD)
		status = asks(r) ? ask(r, &s) : tell(r, &s);
	shown_close(&s);
	return status;
}
