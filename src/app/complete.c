/* SPDX-License-Identifier: MIT */
/* complete.c - completions for bash, zsh and fish, from the table of options. */
#include <app/complete.h>
#include <string.h>

/* The text with a backslash before each octet of `special`. */
static void put_escaped(struct sink *out, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL)
			sink_putc(out, '\\');
		sink_putc(out, *text);
	}
}

/* A command of two words is known by its second: "echo serve" by "serve". No two are alike. */
static const char *last_word(int command)
{
	const char *name = command_table[command].name, *space = strchr(name, ' ');

	return space != NULL ? space + 1 : name;
}

/* The words that may stand first, each once, with what stands before and behind each. */
static bool is_first_of_its_kind(int command)
{
	const char *name = command_table[command].name, *space = strchr(name, ' ');

	if (space == NULL)
		return true;
	for (int i = 1; i < command; i++) {
		if (strncmp(command_table[i].name, name, (size_t)(space - name) + 1) == 0)
			return false;
	}
	return true;
}

static void put_first_words(struct sink *out)
{
	for (int i = 1; i < COMMAND_COUNT; i++) {
		const char *name = command_table[i].name;

		if (is_first_of_its_kind(i))
			sink_printf(out, "%.*s ", (int)strcspn(name, " "), name);
	}
}

static void put_second_words(struct sink *out)
{
	for (int i = 1; i < COMMAND_COUNT; i++) {
		if (strchr(command_table[i].name, ' ') != NULL)
			sink_printf(out, "%s ", last_word(i));
	}
}

/* "a|b|c" as "a b c". */
static void put_words(struct sink *out, const char *value)
{
	for (; *value != '\0'; value++)
		sink_putc(out, *value == '|' ? ' ' : *value);
}

static bool is_of(const struct option_info *o, int command)
{
	return (o->commands & 1u << command) != 0;
}

static void put_bash_values(struct sink *out)
{
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct option_info *o = &option_table[i];

		if (o->kind == VALUE_NONE)
			continue;
		sink_printf(out, "\t--%s", o->name);
		if (o->letter != 0)
			sink_printf(out, "|-%c", o->letter);
		sink_puts(out, ") ");
		if (o->kind == VALUE_WORD || o->kind == VALUE_HINT) {
			sink_puts(out, "COMPREPLY=($(compgen -W '");
			put_words(out, o->value);
			sink_puts(out, "' -- \"$cur\"))");
		} else if (o->kind == VALUE_FILE) {
			sink_puts(out, "COMPREPLY=($(compgen -f -- \"$cur\"))");
		} else if (o->kind == VALUE_FOLDER) {
			sink_puts(out, "COMPREPLY=($(compgen -d -- \"$cur\"))");
		} else {
			sink_puts(out, "COMPREPLY=()");
		}
		sink_puts(out, "; return ;;\n");
	}
}

void complete_bash(struct sink *out)
{
	sink_puts(out, "# bash completion for woshou; made from its table of options\n"
		       "_woshou()\n{\n"
		       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		       "\tlocal word command= options=\n"
		       "\tcase $prev in\n");
	put_bash_values(out);
	sink_puts(out, "\tesac\n"
		       "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		       "\t\tcase $word in\n\t\t");
	for (int i = 1; i < COMMAND_COUNT; i++)
		sink_printf(out, "%s%s", i > 1 ? "|" : "", last_word(i));
	sink_puts(out, ") command=$word; break ;;\n\t\tesac\n\tdone\n\tcase $command in\n");
	for (int c = 0; c < COMMAND_COUNT; c++) {
		sink_printf(out, "\t%s) options='", c == 0 ? "''" : last_word(c));
		for (int i = 0; i < OPT_COUNT; i++) {
			if (is_of(&option_table[i], c))
				sink_printf(out, "--%s ", option_table[i].name);
		}
		sink_puts(out, "' ;;\n");
	}
	sink_puts(out, "\tesac\n"
		       "\tif [[ $cur == -* ]]; then\n"
		       "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
		       "\telif [[ -z $command ]]; then\n"
		       "\t\tcase $prev in\n"
		       "\t\techo) COMPREPLY=($(compgen -W '");
	put_second_words(out);
	sink_puts(out, "' -- \"$cur\")) ;;\n"
		       "\t\t*) COMPREPLY=($(compgen -W '");
	put_first_words(out);
	sink_puts(out, "' -- \"$cur\")) ;;\n"
		       "\t\tesac\n"
		       "\telse\n"
		       "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
		       "\tfi\n}\n"
		       "complete -o filenames -F _woshou woshou\n");
}

/* Between single quotes, with a backslash before each octet of `special`. */
static void put_zsh_text(struct sink *out, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			sink_puts(out, "'\\''");
		else if (strchr(special, *text) != NULL)
			sink_printf(out, "\\%c", *text);
		else
			sink_putc(out, *text);
	}
}

static void put_zsh_option(struct sink *out, const struct option_info *o)
{
	bool is_repeated = strcmp(o->name, "set") == 0 || strcmp(o->name, "save") == 0 ||
			   strcmp(o->name, "sysctl") == 0;
	const char *more = is_repeated ? "*" : "";

	sink_puts(out, "\t\t'");
	if (o->letter != 0)
		sink_printf(out, "(-%c --%s)'{-%c,--%s}'", o->letter, o->name, o->letter, o->name);
	else
		sink_printf(out, "%s--%s", more, o->name);
	sink_putc(out, '[');
	put_zsh_text(out, o->does[0], "[]:\\");
	sink_putc(out, ']');
	if (o->kind == VALUE_WORD || o->kind == VALUE_HINT) {
		sink_puts(out, ":value:(");
		put_words(out, o->value);
		sink_putc(out, ')');
	} else if (o->kind == VALUE_FILE) {
		sink_puts(out, ":file:_files");
	} else if (o->kind == VALUE_FOLDER) {
		sink_puts(out, ":folder:_files -/");
	} else if (o->kind != VALUE_NONE) {
		sink_puts(out, ":value: ");
	}
	sink_puts(out, "' \\\n");
}

/* Its first word, and what it does. */
static void put_zsh_name(struct sink *out, int command, const char *name)
{
	sink_printf(out, "\t'%.*s:", (int)strcspn(name, " "), name);
	put_zsh_text(out, command_table[command].does[0], ":\\");
	sink_puts(out, "'\n");
}

void complete_zsh(struct sink *out)
{
	sink_puts(out, "#compdef woshou\n"
		       "# zsh completion for woshou; made from its table of options\n"
		       "local -a names\nnames=(\n");
	for (int i = 1; i < COMMAND_COUNT; i++) {
		if (is_first_of_its_kind(i))
			put_zsh_name(out, i, command_table[i].name);
	}
	sink_puts(out, ")\nlocal -a seconds\nseconds=(\n");
	for (int i = 1; i < COMMAND_COUNT; i++) {
		if (strchr(command_table[i].name, ' ') != NULL)
			put_zsh_name(out, i, last_word(i));
	}
	sink_puts(out, ")\nlocal command=${words[(r)(");
	for (int i = 1; i < COMMAND_COUNT; i++)
		sink_printf(out, "%s%s", i > 1 ? "|" : "", last_word(i));
	sink_puts(out, ")]}\ncase $command in\n");
	for (int c = COMMAND_COUNT - 1; c >= 0; c--) {
		sink_printf(out, "%s)\n\t_arguments -s \\\n", c == 0 ? "*" : last_word(c));
		for (int i = 0; i < OPT_COUNT; i++) {
			if (is_of(&option_table[i], c))
				put_zsh_option(out, &option_table[i]);
		}
		if (c == 0)
			sink_puts(out, "\t\t'1:command:{_describe command names}' "
				       "'2:command:{_describe command seconds}'\n\t;;\n");
		else
			sink_puts(out, "\t\t'1:command:' '*:file:_files'\n\t;;\n");
	}
	sink_puts(out, "esac\n");
}

static void put_fish_option(struct sink *out, const struct option_info *o)
{
	sink_puts(out, "complete -c woshou");
	if (o->commands != (1u << COMMAND_COUNT) - 1) {
		sink_puts(out, " -n '");
		if (is_of(o, COMMAND_PLAYBILL)) {
			sink_puts(out, "__fish_use_subcommand");
			if (o->commands != 1u << COMMAND_PLAYBILL)
				sink_puts(out, "; or ");
		}
		if (o->commands != 1u << COMMAND_PLAYBILL)
			sink_puts(out, "__fish_seen_subcommand_from");
		for (int c = 1; c < COMMAND_COUNT; c++) {
			if (is_of(o, c))
				sink_printf(out, " %s", last_word(c));
		}
		sink_putc(out, '\'');
	}
	sink_printf(out, " -l %s", o->name);
	if (o->letter != 0)
		sink_printf(out, " -s %c", o->letter);
	if (o->kind == VALUE_FILE)
		sink_puts(out, " -r -F");
	else if (o->kind == VALUE_FOLDER)
		sink_puts(out, " -x -a '(__fish_complete_directories)'");
	else if (o->kind != VALUE_NONE)
		sink_puts(out, " -x");
	if (o->kind == VALUE_WORD || o->kind == VALUE_HINT) {
		sink_puts(out, " -a '");
		put_words(out, o->value);
		sink_putc(out, '\'');
	}
	sink_puts(out, " -d '");
	put_escaped(out, o->does[0], "'\\");
	sink_puts(out, "'\n");
}

/* The first word of a command, or the second of two. */
static void put_fish_name(struct sink *out, int command, const char *name)
{
	const char *whole = command_table[command].name;

	if (name == whole) {
		sink_puts(out, "complete -c woshou -n '__fish_use_subcommand'");
	} else {
		sink_printf(out,
			    "complete -c woshou -f -n '__fish_seen_subcommand_from %.*s; "
			    "and not __fish_seen_subcommand_from ",
			    (int)strcspn(whole, " "), whole);
		put_second_words(out);
		sink_puts(out, "'");
	}
	sink_printf(out, " -a %.*s -d '", (int)strcspn(name, " "), name);
	put_escaped(out, command_table[command].does[0], "'\\");
	sink_puts(out, "'\n");
}

void complete_fish(struct sink *out)
{
	sink_puts(out, "# fish completion for woshou; made from its table of options\n"
		       "complete -c woshou -n '__fish_use_subcommand' -f\n");
	for (int i = 1; i < COMMAND_COUNT; i++) {
		if (is_first_of_its_kind(i))
			put_fish_name(out, i, command_table[i].name);
		if (strchr(command_table[i].name, ' ') != NULL)
			put_fish_name(out, i, last_word(i));
	}
	for (int i = 0; i < OPT_COUNT; i++)
		put_fish_option(out, &option_table[i]);
}
