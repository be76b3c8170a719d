/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/diag.h>
#include <woshou/jsonl.h>
#include "export/export.h"
#include "play.h"

/* Everything that a record can hold and the made-by-hand play does not. */
static struct play play_odd(void)
{
	struct play p = play_everything();
	static const uint8_t binary[] = {0, 1, 0xff, 'a'};
	struct record *r;

	trace_set_seed(p.trace, UINT64_MAX);
	trace_set_epoch(p.trace, 1700000000123456);
	stream_write(trace_streams(p.trace), 9, binary, sizeof binary);
	stream_write_synthetic(trace_streams(p.trace), 9, 100);
	stream_write(trace_streams(p.trace), 9, "后\n", strlen("后\n"));
	stream_write(trace_streams(p.trace), 4, "never said", 10);
	play_send(&p, 1 * S, LI, (struct said){.ctl = SYN | ACK, .seq = UINT32_MAX, .ack = 1});
	r = play_last(&p);
	r->seg.opts = OPT_MSS | OPT_WSCALE | OPT_SACK_PERMITTED | OPT_SACK | OPT_TIMESTAMPS;
	r->seg.wscale = 14;
	r->seg.sacks = 2;
	r->seg.sack[1] = (struct sack_block){seq(7), seq(9)};
	r->seg.tsval = UINT32_MAX;
	r->seg.ctl |= URG | AE;
	r->seg.up = 3;
	r->seg.rule = 1;
	r->seg.text = (struct text){2, 9, 100};
	r->is_stranger = true;
	r->is_inferred = true;
	r->ttl = 255;
	r->dscp = 63;
	trace_keep_frame(p.trace, p.last,
			 &(struct trace_frame_kept){.link = 113,
						    .at = 77,
						    .ip = 2,
						    .size = sizeof binary,
						    .captured = sizeof binary + 100,
						    .wire_size = 1500,
						    .octets = binary});
	r->place.file = trace_file(p.trace, "other\"\\.scene");
	r->place.line = 3;
	r->place.tag = trace_tag(p.trace, "[loss=SYN]");
	r->text[0] = trace_text(p.trace, "\x1b[2J\xff\t\n", 7);
	trace_change_put(p.trace, p.last,
			 &(struct tcb_change){.field = F_snd_una, .old = -1, .new = INT64_MAX});
	trace_change_put(
		p.trace, p.last,
		&(struct tcb_change){.field = F_state, .old = LISTEN, .new = SYN_RECEIVED});
	trace_change_put(p.trace, p.last, &(struct tcb_change){.field = F_iss, .old = 5, .new = 5});
	trace_change_put(p.trace, p.last,
			 &(struct tcb_change){.field = F_t_ack, .old = USEC_NEVER, .new = 7});
	trace_quote(p.trace, r->place, "drop 1st where {loss}");
	trace_change_put(p.trace, 0, &(struct tcb_change){.field = F_iss, .old = 5, .new = 6});
	return p;
}

static struct trace *read_back(const struct sink *text)
{
	struct diags d = {0};
	struct trace *t;

	if (!trace_read_jsonl(&t, text->at, text->count, "back.jsonl", &d)) {
		struct sink said = {0};

		diag_print(&d, &said);
		ck_abort_msg("%s", said.at);
	}
	diags_fini(&d);
	return t;
}

static void expect_round_trip(struct play p)
{
	struct sink first = {0}, second = {0};
	struct trace *back;

	trace_write_jsonl(p.trace, &first);
	ck_assert(trace_is_jsonl(first.at, first.count));
	back = read_back(&first);
	ck_assert_uint_eq(trace_count(back), trace_count(p.trace));
	trace_write_jsonl(back, &second);
	ck_assert_str_eq(second.at, first.at);
	trace_free(back);
	sink_fini(&first);
	sink_fini(&second);
	play_free(&p);
}

START_TEST(test_round_trip)
{
	expect_round_trip(play_new());
	expect_round_trip(play_first_wave());
	expect_round_trip(play_everything());
	expect_round_trip(play_odd());
}
END_TEST

/* Two hosts of one name: records then name them by number. */
START_TEST(test_round_trip_of_namesakes)
{
	struct play p = play_first_wave();
	struct trace_host third = {.name = "li"};

	trace_add_host(p.trace, &third);
	expect_round_trip(p);
}
END_TEST

/* What was read is what was written: every other exporter says the same of both. */
START_TEST(test_same_for_every_exporter)
{
	static const char *const names[] = {"ladder", "tell", "csv", "pcapng"};
	struct play p = play_first_wave();
	struct sink text = {0};
	struct trace *back;

	trace_write_jsonl(p.trace, &text);
	back = read_back(&text);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct sink a = {0}, b = {0};

		export_named(names[i])(p.trace, NULL, &a);
		export_named(names[i])(back, NULL, &b);
		ck_assert_uint_eq(a.count, b.count);
		ck_assert_mem_eq(a.at, b.at, a.count);
		sink_fini(&a);
		sink_fini(&b);
	}
	trace_free(back);
	sink_fini(&text);
	play_free(&p);
}
END_TEST

/* What makes a recording stands in its lines, and comes back. */
START_TEST(test_recording)
{
	struct play p = play_odd();
	const struct record *r;
	struct trace_frame_kept f;
	struct sink text = {0};
	struct trace *back;

	trace_write_jsonl(p.trace, &text);
	ck_assert_ptr_nonnull(strstr(text.at, ",\"epoch\":1700000000123456,\"hosts\":"));
	ck_assert_ptr_nonnull(strstr(text.at, ",\"stranger\":true,\"inferred\":true,"));
	ck_assert_ptr_nonnull(strstr(text.at,
				     ",\"frame\":{\"link\":113,\"at\":77,\"ip\":2,\"captured\":104,"
				     "\"wire\":1500,\"hex\":\"0001ff61\"}"));
	back = read_back(&text);
	ck_assert(trace_is_recording(back));
	ck_assert_int_eq(trace_epoch(back), 1700000000123456);
	r = trace_at(back, p.last);
	ck_assert(r->is_inferred);
	ck_assert_uint_eq(r->ttl, 255);
	ck_assert_uint_eq(r->dscp, 63);
	ck_assert(trace_kept_frame(back, r, &f));
	ck_assert_int_eq(f.link, 113);
	ck_assert_int_eq(f.at, 77);
	ck_assert_uint_eq(f.ip, 2);
	ck_assert_uint_eq(f.size, 4);
	ck_assert_mem_eq(f.octets, "\0\1\xff\x61", 4);
	ck_assert_uint_eq(f.captured, 104);
	ck_assert_uint_eq(f.wire_size, 1500);
	ck_assert(!trace_at(back, 0)->is_inferred);
	trace_free(back);
	sink_fini(&text);
	play_free(&p);
}
END_TEST

START_TEST(test_lines_as_documented)
{
	struct play p = play_new();
	struct sink out = {0};

	play_write(&p, 1200 * MS, ZHANG, "line 1\n");
	play_send(&p, 1200 * MS, ZHANG,
		  (struct said){.ctl = PSH | ACK, .seq = 1001, .ack = 5001, .len = 7});
	trace_write_jsonl(p.trace, &out);
	ck_assert_str_eq(
		out.at,
		"{\"woshou\":1,\"seed\":1,\"hosts\":["
		"{\"name\":\"zhang\",\"en\":\"Zhang San\",\"zh\":\"张三\",\"profile\":\"rfc\","
		"\"address\":\"10.0.0.1\"},"
		"{\"name\":\"li\",\"en\":\"Li Si\",\"zh\":\"李四\",\"profile\":\"rfc\","
		"\"address\":\"10.0.0.2\"}],\"files\":[],\"conns\":["
		"{\"conn\":1,\"host\":\"li\",\"listener\":true,\"port\":8888,\"born\":0},"
		"{\"conn\":2,\"host\":\"zhang\",\"peer\":\"li\",\"port\":49152,\"peer_port\":8888,"
		"\"stream\":1,\"born\":2},"
		"{\"conn\":3,\"host\":\"li\",\"peer\":\"zhang\",\"port\":8888,\"peer_port\":49152,"
		"\"stream\":2,\"born\":6}],\"records\":2}\n"
		"{\"n\":0,\"t\":1200000,\"kind\":\"call\",\"what\":\"write\",\"host\":\"zhang\","
		"\"conn\":2,\"number\":[7,0],\"text_of\":[1,0,7],"
		"\"octets\":[{\"stream\":1,\"text\":\"line 1\\n\"}]}\n"
		"{\"n\":1,\"t\":1200000,\"kind\":\"send\",\"host\":\"zhang\",\"peer\":\"li\","
		"\"conn\":2,\"ports\":[49152,8888],\"seg\":{\"flags\":\"P.\",\"seq\":1001,"
		"\"ack\":5001,\"len\":7,\"win\":65535},\"text_of\":[1,0,7]}\n");
	sink_fini(&out);
	play_free(&p);
}
END_TEST

#define HEADER "{\"woshou\":1,\"seed\":1,\"hosts\":[{\"name\":\"a\"}],\"records\":1}\n"

static const struct {
	const char *text;
	const char *complaint; /* begins with it */
} bad[] = {
	{"", "x.jsonl: error: this is empty"},
	{"\n\n", "x.jsonl:2:1: error: this is empty"},
	{"nonsense", "x.jsonl:1:8: error: '[' or '{' expected"},
	{"[]", "x.jsonl:1:1: error: an object belongs on every line"},
	{"{}", "x.jsonl:1:1: error: the first line of a trace is"},
	{"{\"woshou\":2}", "x.jsonl:1:2: error: this trace is of a version"},
	{"{\"woshou\":1}", "x.jsonl:1:1: error: a list of at most 64 hosts"},
	{"{\"woshou\":1,\"hosts\":[{}]}", "x.jsonl:1:13: error: a host needs a name"},
	{"{\"woshou\":1,\"hosts\":[],\"seed\":-1}", "x.jsonl:1:24: error: this number is out"},
	{"{\"woshou\":1,\"hosts\":[],\"seed\":\"18446744073709551616\"}",
	 "x.jsonl:1:24: error: not a number of 64"},
	{"{\"woshou\":1,\"hosts\":[{\"name\":\"a\",\"address\":\"1.2\"}]}",
	 "x.jsonl:1:34: error: not an IPv4"},
	{"{\"woshou\":1,\"hosts\":[{\"name\":\"a\"}],\"conns\":[{\"conn\":0,\"host\":\"a\"}]}",
	 "x.jsonl:1:46: error: this number is out"},
	{HEADER, "x.jsonl:1:1: error: the trace ends before"},
	{HEADER "{\"n\":1}", "x.jsonl:2:2: error: records count up"},
	{HEADER "{\"n\":0}", "x.jsonl:2:1: error: a record needs its time"},
	{HEADER "{\"n\":0,\"t\":-1}", "x.jsonl:2:8: error: this number is out"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"sned\"}", "x.jsonl:2:14: error: no such kind"},
	{HEADER "{\"n\":0,\"n\":0}", "x.jsonl:2:10: error: duplicate"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"call\",\"what\":\"fly\"}",
	 "x.jsonl:2:28: error: no such word"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"call\",\"host\":\"b\"}",
	 "x.jsonl:2:28: error: the header knows no such host"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"call\",\"host\":1}",
	 "x.jsonl:2:28: error: this number is out"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"say\",\"of\":1}",
	 "x.jsonl:2:27: error: this number is"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"say\",\"text\":5}", "x.jsonl:2:27: error: a string"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"seg\":[]}",
	 "x.jsonl:2:28: error: a segment is"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"seg\":{\"flags\":\"Q\"}}",
	 "x.jsonl:2:35: error: flags are some of"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"seg\":{\"seq\":4294967296}}",
	 "x.jsonl:2:35: error: this number is out"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"text_of\":[1,0,1]}",
	 "x.jsonl:2:28: error: the stream has no such octets"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"say\",\"octets\":[{\"stream\":1,\"hex\":\"0g\"}]}",
	 "x.jsonl:2:49: error: pairs of hex"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"state\",\"to\":\"DEAD\"}",
	 "x.jsonl:2:29: error: no such state"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"state\",\"changes\":{\"snd.zzz\":[1]}}",
	 "x.jsonl:2:40: error: a TCB has no such field"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"state\",\"changes\":{\"state\":[11]}}",
	 "x.jsonl:2:40: error: no such state"},
	{"{\"woshou\":1,\"epoch\":-1,\"hosts\":[]}", "x.jsonl:1:13: error: this number is out"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"inferred\":1}",
	 "x.jsonl:2:28: error: true or false"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"frame\":[]}",
	 "x.jsonl:2:28: error: a frame is"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"frame\":{\"link\":1}}",
	 "x.jsonl:2:28: error: a frame is"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"frame\":{\"hex\":\"0\"}}",
	 "x.jsonl:2:37: error: pairs of hex"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"frame\":{\"captured\":3,\"hex\":\"0102\"}}",
	 "x.jsonl:2:28: error: there are not so many octets"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"send\",\"frame\":{\"wire\":1,\"hex\":\"0102\"}}",
	 "x.jsonl:2:28: error: there are not so many octets"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"call\",\"error\":\"EWHAT\"}",
	 "x.jsonl:2:28: error: no such error"},
	{HEADER "{\"n\":0,\"t\":0,\"kind\":\"say\"}\n{\"n\":1,\"t\":0,\"kind\":\"say\"}",
	 "x.jsonl:3:1: error: more records than"},
};

START_TEST(test_complains)
{
	struct diags d = {0};
	struct sink said = {0};
	struct trace *t;

	ck_assert(!trace_read_jsonl(&t, bad[_i].text, strlen(bad[_i].text), "x.jsonl", &d));
	ck_assert_ptr_null(t);
	diag_print(&d, &said);
	ck_assert_msg(strncmp(said.at, bad[_i].complaint, strlen(bad[_i].complaint)) == 0,
		      "%s\nsaid: %s", bad[_i].text, said.at);
	diags_fini(&d);
	sink_fini(&said);
}
END_TEST

/* Cut anywhere, or with any octet changed: an error or a trace, and no harm. */
START_TEST(test_survives_damage)
{
	struct play p = play_odd();
	struct sink text = {0};
	size_t whole;

	trace_write_jsonl(p.trace, &text);
	/* Without its last line it is a trace: only what no record speaks of is missing. */
	whole = (size_t)(strstr(text.at, "\n{\"rest\"") - text.at);
	for (size_t i = 0; i < text.count; i += 13) {
		struct diags d = {0};
		struct trace *t;
		char *damaged = xstrndup(text.at, text.count);

		if (i < whole) {
			ck_assert(!trace_read_jsonl(&t, text.at, i, "x.jsonl", &d));
			ck_assert_int_gt(d.errors, 0);
		}
		damaged[i] ^= 0x11;
		if (trace_read_jsonl(&t, damaged, text.count, "x.jsonl", &d)) {
			struct sink out = {0};

			export_ladder(t, NULL, &out);
			export_tell(t, NULL, &out);
			sink_fini(&out);
			trace_free(t);
		}
		diags_fini(&d);
		free(damaged);
	}
	sink_fini(&text);
	play_free(&p);
}
END_TEST

Suite *jsonl_suite(void)
{
	Suite *s = suite_create("jsonl");
	TCase *c = tcase_create("jsonl");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_round_trip);
	tcase_add_test(c, test_round_trip_of_namesakes);
	tcase_add_test(c, test_same_for_every_exporter);
	tcase_add_test(c, test_recording);
	tcase_add_test(c, test_lines_as_documented);
	tcase_add_loop_test(c, test_complains, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(c, test_survives_damage);
	suite_add_tcase(s, c);
	return s;
}
