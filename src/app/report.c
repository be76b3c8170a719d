/* SPDX-License-Identifier: MIT */
#include <app/report.h>
#include <app/app.h>
#include <app/options.h>
#include <base/utf8.h>
#include <inttypes.h>
#include <string.h>

void put_json_string(struct sink *out, const char *text)
{
	size_t n = strlen(text);

	sink_putc(out, '"');
	while (n > 0) {
		uint32_t cp;
		size_t taken = utf8_next(text, n, &cp);

		if (cp == '"' || cp == '\\')
			sink_printf(out, "\\%c", (char)cp);
		else if (cp_is_control(cp) || (cp == 0xfffd && taken == 1))
			sink_printf(out, "\\u%04x", cp);
		else
			sink_put(out, text, taken);
		text += taken;
		n -= taken;
	}
	sink_putc(out, '"');
}

void put_xml(struct sink *out, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		uint32_t cp;
		size_t taken = utf8_next(text, n, &cp);

		if (cp == '<')
			sink_puts(out, "&lt;");
		else if (cp == '>')
			sink_puts(out, "&gt;");
		else if (cp == '&')
			sink_puts(out, "&amp;");
		else if (cp == '"')
			sink_puts(out, "&quot;");
		else if (cp == '\n')
			sink_puts(out, "&#10;");
		else if ((cp_is_control(cp) && cp != '\t') || (cp == 0xfffd && taken == 1) ||
			 cp == 0xfffe || cp == 0xffff)
			sink_puts(out,
				  "\xef\xbf\xbd"); /* XML 1.0 section 2.2 has no place for it */
		else
			sink_put(out, text, taken);
		text += taken;
		n -= taken;
	}
}

/* Names and golden files are not ours: a pipe, too, may end at a terminal. */
static void put_plain(struct sink *out, const char *text)
{
	put_visibly(out, text, strlen(text));
}

void report_text(const struct report *r, enum lang lang, struct sink *out)
{
	sink_puts(out, r->has_passed ? in_lang(lang, "pass ", "成立 ")
				     : in_lang(lang, "FAIL ", "落空 "));
	put_plain(out, r->file);
	if (r->variant[0] != '\0') {
		sink_putc(out, ' ');
		put_plain(out, r->variant);
	}
	if (r->is_golden)
		sink_puts(out, in_lang(lang, ": the golden ladder\n", "：阶梯图范本\n"));
	else
		sink_printf(out,
			    in_lang(lang,
				    ": %" PRIu32 " held, %" PRIu32 " broken, %" PRIu32
				    " never reached (seed %" PRIu64 ")\n",
				    "：%" PRIu32 " 项成立，%" PRIu32 " 项落空，%" PRIu32
				    " 项没有等到（种子 %" PRIu64 "）\n"),
			    r->pass, r->fail, r->inconclusive, r->seed);
	put_plain(out, r->story);
}

void report_json(const struct report *r, struct sink *out)
{
	sink_puts(out, "{\"file\":");
	put_json_string(out, r->file);
	sink_printf(out, ",\"passed\":%s", r->has_passed ? "true" : "false");
	if (!r->is_golden) {
		sink_puts(out, ",\"variant\":");
		put_json_string(out, r->variant);
		sink_printf(out,
			    ",\"seed\":%" PRIu64 ",\"held\":%" PRIu32 ",\"broken\":%" PRIu32
			    ",\"never_reached\":%" PRIu32,
			    r->seed, r->pass, r->fail, r->inconclusive);
	}
	sink_puts(out, ",\"story\":");
	put_json_string(out, r->story);
	sink_putc(out, '}');
}

void report_junit(const struct report *r, struct sink *out)
{
	sink_puts(out, "<testcase classname=\"woshou\" name=\"");
	put_xml(out, r->file);
	if (r->variant[0] != '\0') {
		sink_putc(out, ' ');
		put_xml(out, r->variant);
	}
	if (r->has_passed) {
		sink_puts(out, "\"/>\n");
		return;
	}
	if (r->is_golden)
		sink_puts(out, "\"><failure message=\"not the golden ladder\">");
	else
		sink_printf(out,
			    "\"><failure message=\"%" PRIu32 " broken, %" PRIu32
			    " never reached\">",
			    r->fail, r->inconclusive);
	put_xml(out, r->story);
	sink_puts(out, "</failure></testcase>\n");
}
