/* SPDX-License-Identifier: MIT */
/* Texts that Mermaid and Markdown would take for orders; the documents are tests/app/forms.py's. */
#include "suites.h"

#include <string.h>
#include <base/utf8.h>
#include "export/export.h"
#include "export/figure.h"
#include "export/md.h"
#include "play.h"

static void expect(void (*put)(struct sink *, const char *, size_t), const char *text,
		   const char *due)
{
	struct sink out = {0};

	sink_puts(&out, "");
	put(&out, text, strlen(text));
	ck_assert_str_eq(out.at, due);
	sink_fini(&out);
}

START_TEST(test_mermaid_text)
{
	expect(mermaid_put_text, "plain 张三 1:2 (a, b) -> c", "plain 张三 1:2 (a, b) -#62; c");
	expect(mermaid_put_text, "a;b#c\"d%e", "a#59;b#35;c#34;d#37;e");
	expect(mermaid_put_text, "<br/>&amp;`", "#60;br/#62;#38;amp#59;#96;");
	expect(mermaid_put_text, "end End the end", "#101;nd #69;nd the #101;nd");
	expect(mermaid_put_text, "ending bend friend_end2", "ending bend friend_#101;nd2");
	expect(mermaid_put_text, "wrap: x", "#119;rap: x");
	expect(mermaid_put_text, "nowrap:wrap:", "#110;owrap:wrap:");
	expect(mermaid_put_text, "a\nb\x1b\xff", "a#92;nb#92;x1b#92;xff");
	expect(mermaid_put_text, "\xe2\x80\xae", "#92;xe2#92;x80#92;xae");
	expect(mermaid_put_text, "", "");
}
END_TEST

START_TEST(test_md_text)
{
	expect(md_put_text, "plain 张三 (a, b): c.", "plain 张三 (a, b): c.");
	expect(md_put_text, "*a* _b_ `c` [d](e)", "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e)");
	expect(md_put_text, "<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;");
	expect(md_put_text, "a|b#c~d$e!f\\g", "a\\|b\\#c\\~d\\$e\\!f\\\\g");
	expect(md_put_text, "- a - b", "\\- a - b");
	expect(md_put_text, "+ a", "\\+ a");
	expect(md_put_text, "=== a", "\\=== a");
	expect(md_put_text, "12. a 3. b", "12\\. a 3. b");
	expect(md_put_text, "3) a", "3\\) a");
	expect(md_put_text, "      a   ", "a");
	expect(md_put_text, "@all", "&#64;all");
	expect(md_put_text, "a\nb\x07", "a\\\\nb\\\\x07");
	expect(md_put_text, "   ", "");
}
END_TEST

/* A block is closed by nothing that it holds. */
START_TEST(test_fence)
{
	struct sink out = {0};

	md_put_fence(&out, "text", "a\n", 2);
	ck_assert_str_eq(out.at, "```text\na\n```\n");
	sink_clear(&out);
	md_put_fence(&out, "text", "```\n`````x", 10);
	ck_assert_str_eq(out.at, "``````text\n```\n`````x\n``````\n");
	sink_fini(&out);
}
END_TEST

static int count(const char *text, const char *word)
{
	int n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

/* Every word that was said has one arrow: it arrived, it was lost, or it is still on the way. */
START_TEST(test_arrows)
{
	struct play p = play_new();
	struct said wave = {.ctl = SYN, .seq = 1000};
	struct sink out = {0};
	uint64_t sent;

	play_arrive(&p, 50 * MS, play_send(&p, 0, ZHANG, wave));
	sent = play_send(&p, 1 * S, ZHANG, wave);
	play_wind(&p, 1 * S, sent, DEED_DROP, 10, "drop any");
	sent = play_send(&p, 1 * S + 100 * MS, LI, wave);
	play_discard(&p, 1 * S + 200 * MS, sent, DISCARD_CHECKSUM);
	sent = play_send(&p, 1 * S + 300 * MS, ZHANG, wave);
	play_arrive(&p, 1 * S + 400 * MS,
		    play_wind(&p, 1 * S + 300 * MS, sent, DEED_DUPLICATE, 11, ""));
	export_mermaid(p.trace, NULL, &out);
	ck_assert_int_eq(count(out.at, "->>h"), 2);
	ck_assert_int_eq(count(out.at, "-xh"), 2);
	ck_assert_int_eq(count(out.at, "-)h"), 1);
	ck_assert_ptr_nonnull(strstr(out.at, "h0->>h1: SYN 1000 (0.000 to 0.050 s)\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "h0-xh1: SYN 1000 (1.000 s)\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "<br/>first-wave.scene:10 drop any\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "h1-xh0: SYN 1000 (1.100 to 1.200 s)\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "(the wind's copy, 1.300 to 1.400 s)\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "Note over h0,h1: ... 0.950 s ...\n"));
	sink_fini(&out);
	play_free(&p);
}
END_TEST

/* All kinds of records, and none; relative numbers. */
START_TEST(test_anything)
{
	struct play all[] = {play_everything(), play_first_wave(), {.trace = trace_new()}};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		for (int lang = LANG_EN; lang <= LANG_BOTH; lang++) {
			struct export_options o = {.lang = (enum lang)lang, .relative = i == 1};
			struct sink out = {0};

			export_mermaid(all[i].trace, &o, &out);
			export_md(all[i].trace, &o, &out);
			ck_assert(utf8_valid(out.at, out.count));
			ck_assert_ptr_nonnull(strstr(out.at, "```mermaid\n"));
			if (i == 1)
				ck_assert_ptr_nonnull(strstr(out.at, "SYN+ACK 0 ack 1"));
			sink_fini(&out);
		}
		play_free(&all[i]);
	}
}
END_TEST

/* What Mermaid would not draw stands there as a ladder. */
START_TEST(test_long_figure)
{
	struct play p = play_new();
	struct sink out = {0};

	for (int i = 0; i < 2000; i++)
		play_arrive(&p, i * MS, play_send(&p, i * MS, ZHANG, (struct said){.ctl = SYN}));
	export_md(p.trace, NULL, &out);
	ck_assert_ptr_null(strstr(out.at, "```mermaid"));
	ck_assert_ptr_nonnull(strstr(out.at, "```text\nwoshou-ladder 1\n"));
	sink_fini(&out);
	play_free(&p);
}
END_TEST

Suite *figure_suite(void)
{
	Suite *s = suite_create("figure");
	TCase *c = tcase_create("figure");

	tcase_add_test(c, test_mermaid_text);
	tcase_add_test(c, test_md_text);
	tcase_add_test(c, test_fence);
	tcase_add_test(c, test_arrows);
	tcase_add_test(c, test_anything);
	tcase_add_test(c, test_long_figure);
	suite_add_tcase(s, c);
	return s;
}
