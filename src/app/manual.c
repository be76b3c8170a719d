/* SPDX-License-Identifier: MIT */
/* manual.c - the parts of the man page that come from the table, in mdoc(7). */
#include <app/complete.h>
#include <string.h>

/* mdoc's text lines: no macro by accident, hyphens that stay hyphens. */
static void put_text(struct sink *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		sink_puts(out, "\\&");
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			sink_puts(out, "\\e");
		else if (*text == '-')
			sink_puts(out, "\\-");
		else
			sink_putc(out, *text);
	}
}

/* A sentence from a table entry: capital letter, full stop, no line longer than a screen's. */
static void put_sentence(struct sink *out, const char *text)
{
	char first = *text;

	if (first >= 'a' && first <= 'z') {
		sink_putc(out, (char)(first - 'a' + 'A'));
		text++;
	}
	put_text(out, text);
	sink_puts(out, (unsigned char)text[strlen(text) - 1] >= 0x80 ? "。\n" : ".\n");
}

/* "[HOST] [PORT]", "[COMMAND...]". */
static void put_optional(struct sink *out, const char *operands)
{
	for (const char *at = operands; *at != '\0'; at++) {
		if (*at == '[')
			sink_puts(out, " Op Ar ");
		else if (strncmp(at, "...", 3) == 0)
			sink_puts(out, " ...");
		else if (*at != ']' && *at != ' ' && *at != '.')
			sink_putc(out, *at);
	}
}

static void put_operands(struct sink *out, const char *operands)
{
	if (strcmp(operands, "FILE...") == 0)
		sink_puts(out, " Ar FILE ...");
	else if (strcmp(operands, "FILE [FILE]") == 0)
		sink_puts(out, " Ar FILE Op Ar FILE");
	else if (operands[0] == '[')
		put_optional(out, operands);
	else if (operands[0] != '\0')
		sink_printf(out, " Ar %s", operands);
}

void man_synopsis(struct sink *out)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		sink_puts(out, ".Nm\n");
		if (i > 0)
			sink_printf(out, ".Cm %s\n", command_table[i].name);
		sink_puts(out, ".Op Ar options\n");
		if (command_table[i].operands[0] != '\0') {
			sink_puts(out, ".");
			put_operands(out, command_table[i].operands);
			sink_putc(out, '\n');
		}
	}
}

void man_commands(struct sink *out, enum lang lang)
{
	sink_puts(out, ".Bl -tag -width Ds\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		sink_puts(out, i == 0 ? ".It Nm" : ".It Nm Cm ");
		sink_puts(out, command_table[i].name);
		put_operands(out, command_table[i].operands);
		sink_putc(out, '\n');
		put_sentence(out,
			     in_lang(lang, command_table[i].does[0], command_table[i].does[1]));
	}
	sink_puts(out, ".El\n");
}

static void put_users(struct sink *out, const struct option_info *o, enum lang lang)
{
	bool is_first = true;

	if (o->commands == (1u << COMMAND_COUNT) - 1)
		return;
	sink_putc(out, '(');
	for (int c = 0; c < COMMAND_COUNT; c++) {
		const char *name =
			c == 0 ? in_lang(lang, "playbill", "节目单") : command_table[c].name;

		if ((o->commands & 1u << c) == 0)
			continue;
		sink_printf(out, "%s%s", is_first ? "" : ", ", name);
		is_first = false;
	}
	sink_puts(out, ")\n");
}

void man_options(struct sink *out, enum lang lang)
{
	sink_puts(out, ".Bl -tag -width Ds\n");
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct option_info *o = &option_table[i];

		sink_puts(out, ".It");
		if (o->letter != 0)
			sink_printf(out, " Fl %c ,", o->letter);
		sink_puts(out, " Fl Fl ");
		put_text(out, o->name);
		if (o->kind != VALUE_NONE)
			sink_printf(out, " Ar %s", o->value);
		sink_putc(out, '\n');
		put_sentence(out, in_lang(lang, o->does[0], o->does[1]));
		put_users(out, o, lang);
	}
	sink_puts(out, ".El\n");
}
