/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/sink.h>
#include <base/utf8.h>
#include "../export/play.h"
#include "trace/brief.h"

static void expect(const struct play *p, uint64_t serial, enum lang lang, const char *words)
{
	struct sink out = {0};

	brief_record(&out, p->trace, trace_at(p->trace, serial), lang);
	ck_assert_str_eq(out.at, words);
	sink_fini(&out);
}

START_TEST(test_phrases)
{
	struct play p = play_new();
	struct said wave = {.ctl = SYN, .seq = 1000};
	uint64_t sent = play_send(&p, 0, ZHANG, wave), again;

	wave.rexmit = 1;
	again = play_send(&p, 0, ZHANG, wave);
	expect(&p, sent, LANG_EN, "Zhang San sends SYN 1000");
	expect(&p, again, LANG_EN, "Zhang San sends SYN 1000 again");
	expect(&p, again, LANG_ZH, "张三再发 SYN 1000");
	expect(&p, play_arrive(&p, 0, again), LANG_EN, "Li Si gets SYN 1000 again");
	expect(&p, play_arrive(&p, 0, sent), LANG_BOTH, "李四收到 SYN 1000 / Li Si gets SYN 1000");
	expect(&p, play_discard(&p, 0, sent, DISCARD_CHECKSUM), LANG_ZH,
	       "李四丢弃 SYN 1000（checksum）");
	expect(&p, play_wind(&p, 0, sent, DEED_DUPLICATE, 1, ""), LANG_ZH,
	       "风把张三的 SYN 1000 学成两份");
	expect(&p, play_call(&p, 0, LI, 1, CALL_LISTEN, ""), LANG_ZH, "李四调用 listen");
	play_last(&p)->error = SOCK_EADDRINUSE;
	expect(&p, p.last, LANG_EN, "Li Si's listen fails: EADDRINUSE");
	expect(&p, play_state(&p, 0, ZHANG, 2, CLOSED, SYN_SENT), LANG_ZH, "张三进入 SYN_SENT");
	expect(&p, play_record(&p, 0, REC_CRASH, ZHANG), LANG_EN, "Zhang San falls silent");
	expect(&p, play_read(&p, 0, LI, 0, 0), LANG_EN, "Li Si reads the end");
	play_free(&p);
}
END_TEST

START_TEST(test_segments)
{
	static const struct {
		struct seg seg;
		const char *words;
	} segs[] = {
		{{.ctl = SYN | ACK, .seq = {5000}, .ack = {1001}}, "SYN+ACK 5000 ack 1001"},
		{{.ctl = ACK, .seq = {1}, .ack = {5001}}, "ACK 5001"},
		{{.ctl = FIN | ACK, .seq = {8}, .ack = {9}}, "FIN 8 ack 9"},
		{{.ctl = FIN | ACK, .seq = {8}, .ack = {9}, .text = {0, 1, 3}}, "FIN 8:11 ack 9"},
		{{.ctl = PSH | ACK, .seq = {8}, .ack = {9}, .text = {0, 1, 3}}, "8:11 ack 9"},
		{{.ctl = RST, .seq = {8}}, "RST 8"},
		{{.seq = {8}}, "- 8"},
	};

	for (size_t i = 0; i < sizeof segs / sizeof segs[0]; i++) {
		struct sink out = {0};

		brief_seg(&out, &segs[i].seg);
		ck_assert_str_eq(out.at, segs[i].words);
		sink_fini(&out);
	}
}
END_TEST

/* Everything has its words, in both languages, and no blank is left unfilled. */
START_TEST(test_everything)
{
	struct play p = play_everything();

	for (uint64_t i = 0; i < trace_count(p.trace); i++) {
		for (int lang = LANG_EN; lang <= LANG_BOTH; lang++) {
			const struct record *r = trace_at(p.trace, i);
			struct sink out = {0};

			sink_puts(&out, "");
			brief_record(&out, p.trace, r, (enum lang)lang);
			ck_assert_uint_gt(out.count, 0);
			ck_assert_ptr_null(strchr(out.at, '%'));
			ck_assert_ptr_null(strchr(out.at, '?'));
			ck_assert(utf8_valid(out.at, out.count));
			sink_fini(&out);
		}
	}
	play_free(&p);
}
END_TEST

/* Somebody's name steers no terminal. */
START_TEST(test_hostile)
{
	struct trace *t = trace_new();
	struct trace_host evil = {
		.name = "e", .title = {"\x1b[31m\n", "\xe2\x80\xae"}, .profile = "rfc"};
	struct sink out = {0};

	trace_add_host(t, &evil);
	trace_push(t, REC_CRASH, 0)->host = 0;
	trace_push(t, REC_CRASH, 0)->host = 9;
	brief_record(&out, t, trace_at(t, 0), LANG_BOTH);
	ck_assert_str_eq(out.at, "\\xe2\\x80\\xae 不省人事 / \\x1b[31m\\n falls silent");
	sink_clear(&out);
	brief_record(&out, t, trace_at(t, 1), LANG_EN);
	ck_assert_str_eq(out.at, "somebody falls silent");
	sink_fini(&out);
	trace_free(t);
}
END_TEST

Suite *brief_suite(void)
{
	Suite *s = suite_create("brief");
	TCase *c = tcase_create("brief");

	tcase_add_test(c, test_phrases);
	tcase_add_test(c, test_segments);
	tcase_add_test(c, test_everything);
	tcase_add_test(c, test_hostile);
	suite_add_tcase(s, c);
	return s;
}
