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
		sink_printf(out, "%s%s", i > 1 ? "|" : "", command_table[i].name);
	sink_puts(out, ") command=$word; break ;;\n\t\tesac\n\tdone\n\tcase $command in\n");
	for (int c = 0; c < COMMAND_COUNT; c++) {
		sink_printf(out, "\t%s) options='", c == 0 ? "''" : command_table[c].name);
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
		       "\t\tCOMPREPLY=($(compgen -W '");
	for (int i = 1; i < COMMAND_COUNT; i++)
		sink_printf(out, "%s ", command_table[i].name);
	sink_puts(out, "' -- \"$cur\"))\n"
		       "\telse\n"
		       "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
		       "\tfi\n}\n"
		       "complete -o filenames -F _woshou woshou\n");
}

static void put_zsh_option(struct sink *out, const struct option_info *o)
{
	const char *more = strcmp(o->name, "set") == 0 ? "*" : "";

	sink_puts(out, "\t\t'");
	if (o->letter != 0)
		sink_printf(out, "(-%c --%s)'{-%c,--%s}'", o->letter, o->name, o->letter, o->name);
	else
		sink_printf(out, "%s--%s", more, o->name);
	sink_putc(out, '[');
	for (const char *at = o->does[0]; *at != '\0'; at++) {
		if (*at == '\'')
			sink_puts(out, "'\\''");
		else if (strchr("[]:\\", *at) != NULL)
			sink_printf(out, "\\%c", *at);
		else
			sink_putc(out, *at);
	}
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

void complete_zsh(struct sink *out)
{
	sink_puts(out, "#compdef woshou\n"
		       "# zsh completion for woshou; made from its table of options\n"
		       "local -a names\nnames=(\n");
	for (int i = 1; i < COMMAND_COUNT; i++) {
		sink_printf(out, "\t'%s:", command_table[i].name);
		put_escaped(out, command_table[i].does[0], ":");
		sink_puts(out, "'\n");
	}
	sink_puts(out, ")\nlocal command=${words[(r)(");
	for (int i = 1; i < COMMAND_COUNT; i++)
		sink_printf(out, "%s%s", i > 1 ? "|" : "", command_table[i].name);
	sink_puts(out, ")]}\ncase $command in\n");
	for (int c = COMMAND_COUNT - 1; c >= 0; c--) {
		sink_printf(out, "%s)\n\t_arguments -s \\\n", c == 0 ? "*" : command_table[c].name);
		for (int i = 0; i < OPT_COUNT; i++) {
			if (is_of(&option_table[i], c))
				put_zsh_option(out, &option_table[i]);
		}
		if (c == 0)
			sink_puts(out, "\t\t'1:command:{_describe command names}'\n\t;;\n");
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
				sink_printf(out, " %s", command_table[c].name);
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

void complete_fish(struct sink *out)
{
	sink_puts(out, "# fish completion for woshou; made from its table of options\n"
		       "complete -c woshou -n '__fish_use_subcommand' -f\n");
	for (int i = 1; i < COMMAND_COUNT; i++) {
		sink_printf(out, "complete -c woshou -n '__fish_use_subcommand' -a %s -d '",
			    command_table[i].name);
		put_escaped(out, command_table[i].does[0], "'\\");
		sink_puts(out, "'\n");
	}
	for (int i = 0; i < OPT_COUNT; i++)
		put_fish_option(out, &option_table[i]);
}
