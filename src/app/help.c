/* SPDX-License-Identifier: MIT */
/* help.c - --help, from the table. */
#include <app/options.h>
#include <base/utf8.h>
#include <string.h>

enum { MARGIN = 28, WIDTH = 80 };

/* `text` from column MARGIN on, broken at spaces, or anywhere in text that has none (Chinese). */
static void put_wrapped(struct sink *out, const char *text)
{
	while (*text != '\0') {
		size_t fits = utf8_clip(text, WIDTH - MARGIN);
		size_t cut = fits;

		if (text[fits] != '\0') {
			while (cut > 0 && text[cut] != ' ')
				cut--;
			if (cut == 0)
				cut = fits;
		}
		sink_put(out, text, cut);
		sink_putc(out, '\n');
		text += cut;
		while (*text == ' ')
			text++;
		if (*text != '\0')
			sink_pad(out, ' ', MARGIN);
	}
}

static void put_row(struct sink *out, const char *left, const char *text)
{
	size_t columns = utf8_columns(left);

	sink_puts(out, left);
	if (columns + 1 < MARGIN) {
		sink_pad(out, ' ', MARGIN - columns);
	} else {
		sink_putc(out, '\n');
		sink_pad(out, ' ', MARGIN);
	}
	put_wrapped(out, text);
}

static void put_command(struct sink *out, int id, enum lang lang)
{
	const struct command_info *c = &command_table[id];
	struct sink left = {0};

	sink_printf(&left, "  woshou%s%s%s%s", c->name[0] ? " " : "", c->name,
		    c->operands[0] ? " " : "", c->operands);
	put_row(out, left.at, in_lang(lang, c->does[0], c->does[1]));
	sink_fini(&left);
}

/* A long list of words goes on below its first line. */
static void fold(struct sink *out, struct sink *left)
{
	enum { BELOW = 11 };
	size_t cut = WIDTH;
	struct sink rest = {0};

	if (left->count <= WIDTH)
		return;
	while (cut > 0 && left->at[cut - 1] != '|')
		cut--;
	sink_put(out, left->at, cut);
	sink_putc(out, '\n');
	sink_pad(&rest, ' ', BELOW);
	sink_puts(&rest, left->at + cut);
	sink_fini(left);
	*left = rest;
}

static void put_option(struct sink *out, int id, enum lang lang)
{
	const struct option_info *o = &option_table[id];
	struct sink left = {0};

	if (o->letter != 0)
		sink_printf(&left, "  -%c, --%s", o->letter, o->name);
	else
		sink_printf(&left, "      --%s", o->name);
	if (o->kind != VALUE_NONE)
		sink_printf(&left, " %s", o->value);
	fold(out, &left);
	put_row(out, left.at, in_lang(lang, o->does[0], o->does[1]));
	sink_fini(&left);
}

static void put_exit_status(struct sink *out, enum lang lang)
{
	sink_puts(out,
		  in_lang(lang,
			  "\nExit status: 0 all held; 1 an expectation or promise was broken, or "
			  "diff\n"
			  "found a difference; 2 the call or a file is wrong; 3 the machine lacks\n"
			  "something.\n",
			  "\n退出状态：0 全部成立；1 有期望或承诺落空，或 diff 发现不同；\n"
			  "2 调用或文件有误；3 机器上缺少所需之物。\n"));
}

void help_write(struct sink *out, enum lang lang)
{
	sink_puts(out, in_lang(lang, "woshou - watch, step, break and understand TCP\n\n",
			       "woshou 握手：看、停、拆、懂 TCP\n\n"));
	for (int i = 0; i < COMMAND_COUNT; i++)
		put_command(out, i, lang);
	sink_puts(out, in_lang(lang, "\nOptions (each command's own: woshou COMMAND --help)\n",
			       "\n选项（各命令自己的：woshou 命令 --help）\n"));
	for (int i = 0; i < OPT_COUNT; i++)
		put_option(out, i, lang);
	put_exit_status(out, lang);
}

void help_write_command(struct sink *out, enum command command, enum lang lang)
{
	if (command == COMMAND_PLAYBILL) {
		help_write(out, lang);
		return;
	}
	put_command(out, (int)command, lang);
	sink_putc(out, '\n');
	for (int i = 0; i < OPT_COUNT; i++) {
		if (option_table[i].commands & 1u << command)
			put_option(out, i, lang);
	}
	put_exit_status(out, lang);
}
