/* SPDX-License-Identifier: MIT */
/*
 * doc.c - a program of the build: `woshou-doc bash|zsh|fish`, and `woshou-doc man|man-zh TEMPLATE`,
 * which puts the generated parts where the template says @SYNOPSIS@, @COMMANDS@ and @OPTIONS@.
 */
#include <app/complete.h>
#include <stdio.h>
#include <string.h>

static bool put_man(struct sink *out, const char *template, enum lang lang)
{
	char line[4096];
	FILE *in = fopen(template, "r");

	if (in == NULL)
		return false;
	while (fgets(line, sizeof line, in) != NULL) {
		if (strcmp(line, "@SYNOPSIS@\n") == 0)
			man_synopsis(out);
		else if (strcmp(line, "@COMMANDS@\n") == 0)
			man_commands(out, lang);
		else if (strcmp(line, "@OPTIONS@\n") == 0)
			man_options(out, lang);
		else
			sink_puts(out, line);
	}
	return fclose(in) == 0;
}

static bool put_what(struct sink *out, int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "bash") == 0)
		complete_bash(out);
	else if (strcmp(what, "zsh") == 0)
		complete_zsh(out);
	else if (strcmp(what, "fish") == 0)
		complete_fish(out);
	else if (strcmp(what, "man") == 0 && argc == 3)
		return put_man(out, argv[2], LANG_EN);
	else if (strcmp(what, "man-zh") == 0 && argc == 3)
		return put_man(out, argv[2], LANG_ZH);
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	struct sink out = {0};
	bool is_good = put_what(&out, argc, argv);

	if (is_good && fwrite(out.at, 1, out.count, stdout) != out.count)
		is_good = false;
	if (!is_good || fflush(stdout) != 0)
		fputs("woshou-doc: bash | zsh | fish | man TEMPLATE | man-zh TEMPLATE\n", stderr);
	sink_fini(&out);
	return is_good ? 0 : 2;
}
