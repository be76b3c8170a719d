/* SPDX-License-Identifier: MIT */
/*
 * doc.c - a program of the build: `woshou-doc bash|zsh|fish`; `woshou-doc man|man-zh TEMPLATE`,
 * which puts the generated parts where the template says @SYNOPSIS@, @COMMANDS@, @OPTIONS@, @KEYS@,
 * @PLAYBILL_KEYS@ and @CHOOSER_KEYS@; `woshou-doc keys|keys-zh`, the tables of keys for
 * docs/STAGE.md and its twin.
 */
#include <app/complete.h>
#include <stdio.h>
#include <string.h>
#include <stage/stage.h>

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
		else if (strcmp(line, "@KEYS@\n") == 0)
			stage_keys_manual(out, lang);
		else if (strcmp(line, "@PLAYBILL_KEYS@\n") == 0)
			stage_playbill_manual(out, lang);
		else if (strcmp(line, "@CHOOSER_KEYS@\n") == 0)
			stage_chooser_manual(out, lang);
		else
			sink_puts(out, line);
	}
	return fclose(in) == 0;
}

static void put_keys(struct sink *out, enum lang lang)
{
	stage_keys_markdown(out, lang);
	sink_puts(out, lang == LANG_ZH ? "\n在节目单上：\n\n" : "\nOn the playbill:\n\n");
	stage_playbill_markdown(out, lang);
	sink_puts(out, lang == LANG_ZH ? "\n在抓包的连接列表上：\n\n"
				       : "\nOn the list of a capture's connections:\n\n");
	stage_chooser_markdown(out, lang);
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
	else if (strcmp(what, "keys") == 0)
		put_keys(out, LANG_EN);
	else if (strcmp(what, "keys-zh") == 0)
		put_keys(out, LANG_ZH);
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
		fputs("woshou-doc: bash | zsh | fish | man TEMPLATE | man-zh TEMPLATE | keys | "
		      "keys-zh\n",
		      stderr);
	sink_fini(&out);
	return is_good ? 0 : 2;
}
