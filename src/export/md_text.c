/* SPDX-License-Identifier: MIT */
#include "export/md.h"

#include <stdbool.h>
#include <string.h>
#include <base/harmless.h>

/* What is an order to Markdown wherever it stands, in GitHub's kind too; < and & are HTML's. */
static bool is_order(char c)
{
	return c != '\0' && strchr("\\`*_[]#|~$!{}", c) != NULL;
}

/* What makes of a line a list, a quotation or a heading. */
static bool is_order_first(const char *text, size_t at)
{
	if (at == 0)
		return strchr("+-=:", text[0]) != NULL;
	return (text[at] == '.' || text[at] == ')') && strspn(text, "0123456789") == at;
}

static void put_letter(struct sink *out, const char *text, size_t at)
{
	char c = text[at];

	if (c == '<')
		sink_puts(out, "&lt;");
	else if (c == '>')
		sink_puts(out, "&gt;");
	else if (c == '&')
		sink_puts(out, "&amp;");
	else if (c == '@') /* calls nobody */
		sink_puts(out, "&#64;");
	else if (is_order(c) || is_order_first(text, at))
		sink_printf(out, "\\%c", c);
	else
		sink_putc(out, c);
}

void md_put_text(struct sink *out, const char *text, size_t n)
{
	struct sink plain = {0};
	const char *from;

	sink_puts(&plain, "");
	put_harmless(&plain, text, n);
	/* Blanks at either end would be orders, too: code, and a hard end of the line. */
	from = plain.at + strspn(plain.at, " ");
	while (plain.count > 0 && plain.at + plain.count > from && plain.at[plain.count - 1] == ' ')
		plain.at[--plain.count] = '\0';
	for (size_t i = 0; from[i] != '\0'; i++)
		put_letter(out, from, i);
	sink_fini(&plain);
}

void md_put_fence(struct sink *out, const char *kind, const char *text, size_t n)
{
	size_t longest = 2, run = 0;

	for (size_t i = 0; i < n; i++) {
		run = text[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	sink_pad(out, '`', longest + 1);
	sink_printf(out, "%s\n", kind);
	sink_put(out, text, n);
	if (n > 0 && text[n - 1] != '\n')
		sink_putc(out, '\n');
	sink_pad(out, '`', longest + 1);
	sink_putc(out, '\n');
}

void md_put_section(struct sink *out, const struct rule_info *info)
{
	sink_printf(out, "[RFC %d §%s](https://www.rfc-editor.org/rfc/rfc%d#section-%s)", info->rfc,
		    info->section, info->rfc, info->section);
}
