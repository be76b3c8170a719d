/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/names.h>
#include "export/export.h"
#include "play.h"

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* Braille and speech: no box drawing, no arrows, no blocks. */
static bool has_drawing(const char *text)
{
	for (size_t n = strlen(text); n > 0;) {
		uint32_t cp;
		size_t taken = utf8_next(text, n, &cp);

		if (cp >= 0x2190 && cp < 0x2c00)
			return true;
		text += taken;
		n -= taken;
	}
	return false;
}

static bool has_han(const char *text)
{
	for (size_t n = strlen(text); n > 0;) {
		uint32_t cp;
		size_t taken = utf8_next(text, n, &cp);

		if (cp >= 0x4e00 && cp < 0xa000)
			return true;
		text += taken;
		n -= taken;
	}
	return false;
}

/* Every kind, every detail, both languages: a sentence that is whole. */
START_TEST(test_nothing_is_without_a_sentence)
{
	struct play p = play_everything();
	bool seen[RECORD_KIND_COUNT] = {false};

	for (uint64_t i = 0; i < trace_count(p.trace); i++) {
		const struct record *r = trace_at(p.trace, i);
		struct sink en = {0}, zh = {0};
		const char *kind = name_of(NAMES_KIND, r->kind);

		tell_record(p.trace, i, LANG_EN, &en);
		tell_record(p.trace, i, LANG_ZH, &zh);
		ck_assert_msg(en.count > 0 && zh.count > 0, "%s", kind);
		ck_assert_msg(!strpbrk(en.at, "{}") && !strpbrk(zh.at, "{}"), "%s", en.at);
		ck_assert_msg(!has_drawing(en.at) && !has_drawing(zh.at), "%s", en.at);
		ck_assert_msg(strcmp(en.at, zh.at) != 0, "%s", en.at);
		if (r->kind != REC_SAY && r->kind != REC_ASK) {
			ck_assert_msg(ends_with(en.at, "."), "%s", en.at);
			ck_assert_msg(ends_with(zh.at, "。"), "%s", zh.at);
			ck_assert_msg(has_han(zh.at), "%s", zh.at);
		}
		seen[r->kind] = true;
		sink_fini(&en);
		sink_fini(&zh);
	}
	for (int kind = 0; kind < RECORD_KIND_COUNT; kind++)
		ck_assert_msg(seen[kind], "%s", name_of(NAMES_KIND, (unsigned)kind));
	play_free(&p);
}
END_TEST

static const struct {
	uint16_t ctl;
	uint32_t len;
	uint8_t rexmit;
	uint16_t wnd;
	const char *en, *zh;
} segments[] = {
	{SYN, 0, 0, 9, "Zhang San waves to Li Si (SYN, seq 1000, window 9).",
	 "张三向李四招手（SYN，序号 1000，窗口 9）。"},
	{SYN, 0, 2, 9, "Zhang San waves to Li Si again, repetition 2 (SYN, seq 1000, window 9).",
	 "张三又向李四招了一次手，重复第 2 次（SYN，序号 1000，窗口 9）。"},
	{SYN | ACK, 0, 0, 9,
	 "Zhang San nods with a smile and waves back to Li Si (SYN+ACK, seq 1000, ack 1, window "
	 "9).",
	 "张三向李四点头微笑，也招起手来（SYN+ACK，序号 1000，确认号 1，窗口 9）。"},
	{ACK, 0, 0, 9, "Zhang San nods to Li Si (ACK, seq 1000, ack 1, window 9).",
	 "张三向李四点头（ACK，序号 1000，确认号 1，窗口 9）。"},
	{ACK, 0, 0, 0,
	 "Zhang San nods to Li Si and covers the ears: no room (ACK, seq 1000, ack 1, window 0).",
	 "张三向李四点头，却捂住耳朵：听不下了（ACK，序号 1000，确认号 1，窗口 0）。"},
	{PSH | ACK, 7, 0, 9, "Zhang San says \"line 1\\n\" to Li Si (seq 1000, ack 1, window 9).",
	 "张三对李四说\"line 1\\n\"（序号 1000，确认号 1，窗口 9）。"},
	{PSH | ACK, 7, 1, 9,
	 "Zhang San says it again to Li Si: \"line 1\\n\", repetition 1 "
	 "(seq 1000, ack 1, window 9).",
	 "张三对李四又说了一遍：\"line 1\\n\"，重复第 1 次（序号 1000，确认号 1，窗口 9）。"},
	{FIN | ACK, 0, 0, 9, "Zhang San waves goodbye to Li Si (FIN, seq 1000, ack 1, window 9).",
	 "张三向李四挥手告别（FIN，序号 1000，确认号 1，窗口 9）。"},
	{FIN | ACK, 7, 0, 9,
	 "Zhang San says \"line 1\\n\" to Li Si and waves goodbye (FIN, seq 1000, ack 1, window "
	 "9).",
	 "张三对李四说\"line 1\\n\"，随即挥手告别（FIN，序号 1000，确认号 1，窗口 9）。"},
	{RST, 0, 0, 0, "Zhang San slams the door on Li Si (RST, seq 1000).",
	 "张三对李四摔门（RST，序号 1000）。"},
	{0, 0, 0, 9, "Zhang San makes an empty gesture to Li Si (seq 1000, window 9).",
	 "张三向李四做了个空手势（序号 1000，窗口 9）。"},
};

START_TEST(test_segments)
{
	struct play p = play_new();
	struct sink en = {0}, zh = {0};

	play_write(&p, 0, ZHANG, "line 1\n");
	play_send(&p, 0, ZHANG,
		  (struct said){.ctl = segments[_i].ctl,
				.seq = 1000,
				.ack = 1,
				.len = segments[_i].len,
				.rexmit = segments[_i].rexmit});
	play_last(&p)->seg.wnd = segments[_i].wnd;
	tell_record(p.trace, p.last, LANG_EN, &en);
	tell_record(p.trace, p.last, LANG_ZH, &zh);
	ck_assert_str_eq(en.at, segments[_i].en);
	ck_assert_str_eq(zh.at, segments[_i].zh);
	sink_fini(&en);
	sink_fini(&zh);
	play_free(&p);
}
END_TEST

/* RFC 2883 4: of what came twice is a block below the ACK, or a first one within the second. */
static const struct {
	uint16_t ctl;
	uint8_t sacks;
	struct sack_block sack[3];
	const char *en, *zh;
} marks[] = {
	{ACK, 1, {{{60}, {70}}}, "SACK 60-70", "SACK 60-70"},
	{ACK, 2, {{{80}, {90}}, {{60}, {70}}}, "SACK 80-90, 60-70", "SACK 80-90，60-70"},
	{ACK, 1, {{{40}, {50}}}, "D-SACK 40-50", "D-SACK 40-50"},
	{ACK, 2, {{{40}, {50}}, {{60}, {70}}}, "D-SACK 40-50, SACK 60-70",
	 "D-SACK 40-50，SACK 60-70"},
	{ACK, 3, {{{62}, {64}}, {{60}, {70}}, {{80}, {90}}}, "D-SACK 62-64, SACK 60-70, 80-90",
	 "D-SACK 62-64，SACK 60-70，80-90"},
	{ECE | ACK, 0, {{{0}, {0}}}, "ECE", "ECE"},
	{ECE | CWR | ACK, 1, {{{60}, {70}}}, "ECE, CWR, SACK 60-70", "ECE，CWR，SACK 60-70"},
};

START_TEST(test_what_a_nod_carries)
{
	struct play p = play_new();
	char text[160];

	play_send(&p, 0, ZHANG, (struct said){.ctl = marks[_i].ctl, .seq = 9, .ack = 50});
	play_last(&p)->seg.wnd = 9;
	play_last(&p)->seg.opts = marks[_i].sacks > 0 ? OPT_SACK : 0;
	play_last(&p)->seg.sacks = marks[_i].sacks;
	memcpy(play_last(&p)->seg.sack, marks[_i].sack, sizeof marks[_i].sack);
	for (int zh = 0; zh < 2; zh++) {
		struct sink out = {0};

		snprintf(text, sizeof text,
			 zh ? "张三向李四点头（ACK，序号 9，确认号 50，窗口 9，%s）。"
			    : "Zhang San nods to Li Si (ACK, seq 9, ack 50, window 9, %s).",
			 zh ? marks[_i].zh : marks[_i].en);
		tell_record(p.trace, p.last, zh ? LANG_ZH : LANG_EN, &out);
		ck_assert_str_eq(out.at, text);
		sink_fini(&out);
	}
	play_free(&p);
}
END_TEST

START_TEST(test_genitive_after_s)
{
	struct trace *t = trace_new();
	struct trace_host host = {
		.name = "them", .title = {"Strangers", "陌生人"}, .profile = "rfc"};
	struct sink en = {0};
	struct record *r;

	address_parse("10.0.0.1", &host.address);
	trace_add_host(t, &host);
	r = trace_push(t, REC_CALL, 0);
	r->host = 0;
	r->detail = CALL_CLOSE;
	tell_record(t, r->serial, LANG_EN, &en);
	ck_assert_str_eq(en.at, "Strangers' program leaves (close).");
	sink_fini(&en);
	trace_free(t);
}
END_TEST

START_TEST(test_whole_play)
{
	static const struct export_options chinese = {.lang = LANG_ZH};
	static const struct export_options both = {.lang = LANG_BOTH};
	struct play p = play_first_wave();
	struct sink out = {0};

	export_tell(p.trace, NULL, &out);
	ck_assert_ptr_nonnull(strstr(
		out.at,
		"0.000  The wind blows Zhang San's wave away "
		"(first-wave.scene:10 drop 1st where SYN).\n"
		"1.000  Zhang San has waited too long for an answer (retransmission timer).\n"
		"1.000  Zhang San waves to Li Si again, repetition 1 "
		"(SYN, seq 1000, window 65535).\n"));
	ck_assert_ptr_nonnull(
		strstr(out.at, "63.050  Zhang San is now in CLOSED: out of touch.\n"));
	sink_clear(&out);
	export_tell(p.trace, &chinese, &out);
	ck_assert_ptr_nonnull(strstr(
		out.at,
		"0.000  张三的招手被风吹走了（first-wave.scene:10 drop 1st where SYN）。\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "3.050  张三进入 TIME_WAIT：守丧。\n"));
	sink_clear(&out);
	export_tell(p.trace, &both, &out);
	ck_assert_ptr_nonnull(strstr(out.at, "1.150  李四看见张三点头（ACK 5001）。 / "
					     "Li Si sees Zhang San nod (ACK 5001).\n"));
	sink_fini(&out);
	play_free(&p);
}
END_TEST

/* What a reader did is not the wind's doing. */
START_TEST(test_by_hand)
{
	static const char *const words[] = {"by hand drop 1st zhang -> li", "drop 1st where SYN"};
	struct play p = play_new();
	struct sink en = {0}, zh = {0};
	uint64_t sent = play_send(&p, 0, ZHANG, (struct said){.ctl = SYN, .seq = 1000});
	struct record *r;

	play_wind(&p, 0, sent, DEED_DROP, 7, words[_i]);
	trace_quote(p.trace, play_last(&p)->place, words[_i]);
	tell_record(p.trace, p.last, LANG_EN, &en);
	tell_record(p.trace, p.last, LANG_ZH, &zh);
	ck_assert_int_eq(strncmp(en.at, _i == 0 ? "A hand takes" : "The wind blows", 12), 0);
	ck_assert_int_eq(strstr(zh.at, "一只手") != NULL, _i == 0);
	ck_assert_ptr_nonnull(strstr(en.at, words[_i]));
	sink_clear(&en);
	play_call(&p, 0, ZHANG, 2, CALL_CLOSE, "how");
	r = play_last(&p);
	r->place = trace_at(p.trace, p.last - 1)->place;
	tell_record(p.trace, p.last, LANG_EN, &en);
	ck_assert_int_eq(strstr(en.at, "By hand (first-wave.scene:7 by hand") != NULL, _i == 0);
	sink_fini(&en);
	sink_fini(&zh);
	play_free(&p);
}
END_TEST

/* What a host calls itself never reaches a terminal as it is. */
START_TEST(test_escapes)
{
	struct play p = play_new();
	struct trace_host evil = {.name = "evil", .title = {"\x1b[2J", "\x1b[2J"}};
	struct sink out = {0};

	play_record(&p, 0, REC_CRASH, trace_add_host(p.trace, &evil));
	export_tell(p.trace, NULL, &out);
	ck_assert_str_eq(out.at, "0.000  \\x1b[2J falls down, deaf and dumb.\n");
	sink_fini(&out);
	play_free(&p);
}
END_TEST

Suite *tell_suite(void)
{
	Suite *s = suite_create("tell");
	TCase *c = tcase_create("tell");

	tcase_add_test(c, test_nothing_is_without_a_sentence);
	tcase_add_loop_test(c, test_what_a_nod_carries, 0, sizeof marks / sizeof marks[0]);
	tcase_add_loop_test(c, test_segments, 0, sizeof segments / sizeof segments[0]);
	tcase_add_test(c, test_genitive_after_s);
	tcase_add_loop_test(c, test_by_hand, 0, 2);
	tcase_add_test(c, test_whole_play);
	tcase_add_test(c, test_escapes);
	suite_add_tcase(s, c);
	return s;
}
