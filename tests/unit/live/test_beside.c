/* SPDX-License-Identifier: MIT */
/* Two ladders side by side: which segments belong together, and that each difference has its
 * reason. What no simulation does is made by changing a record of it. */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <base/utf8.h>
#include "export/beside.h"
#include "staged.h"
#include "trace/beside.h"

#define HELLO CONNECTED "at 1s zhang write \"hello\"\n"

/* ---- a record that no simulation makes ------------------------------------------------------- */

enum change {
	NO_CHANGE,
	DROP_IT, /* it never was sent */
	CHANGE_PUSH,
	CHANGE_RST,
	CHANGE_ACK,
	CHANGE_WINDOW,
	CHANGE_URGENT,
	CHANGE_REPEAT,
	CHANGE_STAMPS,
	CHANGE_SACK,
	CHANGE_SCALE,
	CHANGE_TIME,
};

static void change(struct record *r, enum change how)
{
	switch (how) {
	case NO_CHANGE: return;
	case DROP_IT: r->kind = REC_MARKER; return;
	case CHANGE_PUSH: r->seg.ctl ^= PSH; return;
	case CHANGE_RST: r->seg.ctl ^= RST; return;
	case CHANGE_ACK: r->seg.ack = seq_add(r->seg.ack, 1); return;
	case CHANGE_WINDOW: r->seg.wnd /= 2; return;
	case CHANGE_URGENT: r->seg.up = 7; return;
	case CHANGE_REPEAT: r->seg.rexmit = 1; return;
	case CHANGE_STAMPS: r->seg.opts ^= OPT_TIMESTAMPS; return;
	case CHANGE_SACK: r->seg.opts ^= OPT_SACK; return;
	case CHANGE_SCALE: r->seg.opts ^= OPT_WSCALE; return;
	case CHANGE_TIME: r->at += USEC_PER_S / 10; return;
	}
}

/* The nth segment that is sent, from 1. */
static struct record *send_at(const struct trace *t, int nth)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		struct record *r = (struct record *)trace_at(t, i);

		if (r->kind == REC_SEND && --nth == 0)
			return r;
	}
	ck_abort_msg("so many segments there are not");
	return NULL;
}

/* ---- reasons --------------------------------------------------------------------------------- */

/* Segments of HELLO: SYN, SYN+ACK, ACK, data, ACK. */
static const struct {
	const char *kernel, *engine;
	enum change change; /* of the kernel's nth segment */
	int nth;
	enum beside_reason reason;
	bool is_agreed; /* in flags, length and order */
} cases[] = {
	{HELLO, HELLO, NO_CHANGE, 1, BESIDE_SAME, true},
	{HELLO, HELLO, CHANGE_TIME, 5, BESIDE_TIME, true},
	{HELLO, HELLO, CHANGE_WINDOW, 4, BESIDE_WINDOW, true},
	{HELLO, HELLO, CHANGE_URGENT, 4, BESIDE_URGENT, true},
	{HELLO, HELLO, CHANGE_STAMPS, 4, BESIDE_TIMESTAMPS, true},
	{HELLO, HELLO, CHANGE_SACK, 5, BESIDE_SACK, true},
	{HELLO, HELLO, CHANGE_SCALE, 1, BESIDE_SYN_OPTIONS, true},
	{HELLO, HELLO, CHANGE_REPEAT, 4, BESIDE_REPEATED, true},
	{HELLO, HELLO, CHANGE_PUSH, 4, BESIDE_PUSH, false},
	{HELLO, HELLO, CHANGE_ACK, 4, BESIDE_ACK_NUMBER, false},
	{CONNECTED "at 1s zhang write 3000B\n",
	 CONNECTED "at 1s zhang write 2000B\n"
		   "at 1s zhang write 1000B\n",
	 NO_CHANGE, 0, BESIDE_LENGTH, false},
	{CONNECTED "at 1s zhang write 3000B\n",
	 CONNECTED "at 1s zhang write 2000B\n"
		   "at 1s zhang write 1000B\n",
	 NO_CHANGE, 0, BESIDE_SEGMENTATION, false},
	/* The engine's li waits for 40 ms. */
	{HELLO
	 "at 1.2s zhang write \"you\"\nat 1.21s zhang write \"there\"\nat 2s li write \"!\"\n",
	 "woshou 1\nperson zhang profile linux { isn 1000 }\n"
	 "person li profile linux { isn 5000  ack read off  quick acks 0 }\n"
	 "wind zhang <-> li { delay 5ms }\nat 0s li listen\nat 0s zhang connect li\n"
	 "at 1s zhang write \"hello\"\nat 1.2s zhang write \"you\"\n"
	 "at 1.21s zhang write \"there\"\nat 2s li write \"!\"\n",
	 DROP_IT, 7, BESIDE_ACK_TIMING, false},
	{CONNECTED "wind zhang -> li { drop 1st where data }\nat 1s zhang write \"hello\"\n",
	 HELLO "at 3s li write \"!\"\n", NO_CHANGE, 0, BESIDE_RECOVERY, false},
	{HELLO, HELLO "end at 1s\n", NO_CHANGE, 0, BESIDE_NOT_YET, false},
	{HELLO "at 1s zhang connect li as c2\nat 2s zhang write \"?\"\n", HELLO "at 4s li close\n",
	 NO_CHANGE, 0, BESIDE_UNSEEN_CALL, false},
	{CONNECTED "at 1s zhang abort\n",
	 CONNECTED "at 1s zhang option reset ack off\n"
		   "at 1s zhang abort\n",
	 NO_CHANGE, 0, BESIDE_RESET, false},
	{HELLO "at 2s zhang abort\n", HELLO "at 3s zhang close\nat 4s li close\n", NO_CHANGE, 0,
	 BESIDE_RESET, false},
	/* Nagle's algorithm holds the second word until the first is acknowledged. */
	{CONNECTED "at 10ms zhang option fin pushes off\nat 1s zhang write \"a\"\n"
		   "at 1s zhang write \"b\"\nat 1s zhang close\nat 3s li close\n",
	 CONNECTED "at 1s zhang write \"a\"\nat 1s zhang write \"b\"\nat 2s zhang close\n"
		   "at 3s li close\n",
	 NO_CHANGE, 0, BESIDE_FIN_RIDES, false},
	{HELLO "at 2s zhang option SO_KEEPALIVE on\nend at 8000s\n", HELLO "at 9000s li close\n",
	 NO_CHANGE, 0, BESIDE_KEEPALIVE, false},
	{CONNECTED "wind zhang -> li { duplicate 1st where data }\nat 1s zhang write \"hello\"\n",
	 HELLO "at 3s li close\n", NO_CHANGE, 0, BESIDE_REPEATED_ACK, false},
	{TWO_PEOPLE "li reads never\nat 0s li listen\nat 0s zhang connect li\n"
		    "at 1s zhang write 60000B\nat 2s li read\n",
	 TWO_PEOPLE "li reads never\nat 0s li listen\nat 0s zhang connect li\n"
		    "at 1s zhang write 60000B\nat 3s zhang write \"!\"\n",
	 NO_CHANGE, 0, BESIDE_WINDOW_UPDATE, false},
	/* A word that the other never says. */
	{HELLO "at 2s li write \"more\"\n", HELLO "at 4s zhang write \"!\"\n", NO_CHANGE, 0,
	 BESIDE_UNKNOWN, false},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static bool has_reason(const struct beside *b, enum beside_reason reason)
{
	if (reason == BESIDE_SAME)
		return true;
	for (size_t i = 0; i < b->rows.count; i++) {
		if (b->rows.at[i].reason == reason)
			return true;
	}
	return false;
}

static void check_counts(const struct beside *b)
{
	uint64_t only_kernel = 0, only_engine = 0, last[2] = {0, 0};

	for (size_t i = 0; i < b->rows.count; i++) {
		const struct beside_row *r = &b->rows.at[i];
		bool is_single = r->kernel == PAIRING_NONE || r->engine == PAIRING_NONE;

		only_engine += r->kernel == PAIRING_NONE;
		only_kernel += r->engine == PAIRING_NONE;
		ck_assert(!is_single || r->what == 0);
		ck_assert_int_eq(r->reason == BESIDE_SAME, !is_single && r->what == 0);
		/* In order, and each once. */
		if (r->kernel != PAIRING_NONE) {
			ck_assert(i == 0 || last[0] == 0 || r->kernel > last[0]);
			last[0] = r->kernel;
		}
		if (r->engine != PAIRING_NONE) {
			ck_assert(i == 0 || last[1] == 0 || r->engine > last[1]);
			last[1] = r->engine;
		}
	}
	ck_assert_uint_eq(only_kernel, b->only_kernel);
	ck_assert_uint_eq(only_engine, b->only_engine);
	ck_assert_uint_le(b->alike, b->same);
}

START_TEST(test_reason)
{
	enum beside_reason reason = cases[_i].reason;
	struct staged kernel, engine;
	struct sink text = {0};
	struct beside_options o = {.columns = 120};
	struct beside b;
	bool is_agreed;

	staged_text(&kernel, cases[_i].kernel);
	staged_text(&engine, cases[_i].engine);
	if (cases[_i].change != NO_CHANGE)
		change(send_at(kernel.trace, cases[_i].nth), cases[_i].change);
	is_agreed = beside_write(kernel.trace, engine.trace, &o, &text);
	beside_init(&b, kernel.trace, engine.trace);
	if (!has_reason(&b, reason) || (reason != BESIDE_UNKNOWN && has_reason(&b, BESIDE_UNKNOWN)))
		fprintf(stderr, "%s", text.at);
	ck_assert_msg(has_reason(&b, reason), "%s", beside_text(reason, LANG_EN));
	ck_assert(reason == BESIDE_UNKNOWN || !has_reason(&b, BESIDE_UNKNOWN));
	check_counts(&b);
	ck_assert_int_eq(is_agreed, cases[_i].is_agreed);
	ck_assert_int_eq(is_agreed, b.same == b.rows.count);
	beside_fini(&b);
	staged_fini(&kernel);
	staged_fini(&engine);
	sink_fini(&text);
}
END_TEST

START_TEST(test_every_reason_has_words)
{
	ck_assert_ptr_null(beside_text(BESIDE_SAME, LANG_EN));
	for (int r = BESIDE_SAME + 1; r < BESIDE_REASONS; r++) {
		const char *en = beside_text((enum beside_reason)r, LANG_EN);
		const char *zh = beside_text((enum beside_reason)r, LANG_ZH);

		ck_assert_uint_gt(strlen(en), 10);
		ck_assert_uint_gt(strlen(zh), 10);
		ck_assert((unsigned char)zh[0] >= 0xe4 || strncmp(zh, "FIN", 3) == 0);
		ck_assert(utf8_valid(zh, strlen(zh)));
		ck_assert_ptr_nonnull(beside_source((enum beside_reason)r));
	}
}
END_TEST

/* A scale that only one offers tells why the windows differ. */
START_TEST(test_scaled_windows)
{
	struct staged kernel, engine;
	struct beside b;

	staged_text(&kernel, HELLO);
	staged_text(&engine, HELLO);
	change(send_at(kernel.trace, 1), CHANGE_SCALE);
	change(send_at(kernel.trace, 2), CHANGE_SCALE);
	change(send_at(kernel.trace, 4), CHANGE_WINDOW);
	beside_init(&b, kernel.trace, engine.trace);
	ck_assert(has_reason(&b, BESIDE_WINDOW_SCALE));
	ck_assert(!has_reason(&b, BESIDE_WINDOW));
	beside_fini(&b);
	staged_fini(&kernel);
	staged_fini(&engine);
}
END_TEST

/* ---- as text and JSON ------------------------------------------------------------------------ */

START_TEST(test_fits_its_columns)
{
	static const int columns[] = {0, 60, 80, 100, 200};
	static const enum lang langs[] = {LANG_EN, LANG_ZH, LANG_BOTH};
	struct staged kernel, engine;

	staged_text(&kernel, cases[10].kernel);
	staged_text(&engine, cases[10].engine);
	for (size_t i = 0; i < 15; i++) {
		struct beside_options o = {.lang = langs[i / 5], .columns = columns[i % 5]};
		size_t most = (size_t)(o.columns ? o.columns : 80);
		struct sink out = {0};

		beside_write(kernel.trace, engine.trace, &o, &out);
		for (char *line = out.at, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
			ck_assert_msg(utf8_width(line, (size_t)(end - line)) <= most, "%zu: %.*s",
				      most, (int)(end - line), line);
		sink_fini(&out);
	}
	staged_fini(&kernel);
	staged_fini(&engine);
}
END_TEST

START_TEST(test_text)
{
	struct beside_options o = {.columns = 100};
	struct staged kernel, engine;
	struct sink out = {0};

	staged_text(&kernel, HELLO);
	staged_text(&engine, HELLO);
	change(send_at(kernel.trace, 4), CHANGE_PUSH);
	ck_assert(!beside_write(kernel.trace, engine.trace, &o, &out));
	ck_assert_ptr_nonnull(strstr(out.at, "\n1.000 zhang . 1:6(5) ack 1 win 63  "));
	ck_assert_ptr_nonnull(strstr(out.at, " |1   1.000 zhang P. 1:6(5) ack 1 win 63\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "4 of 5 agree in flags, length and order; 0 only "
					     "the kernel's, 0 only the engine's.\n  1 PSH "));
	sink_clear(&out);
	o.lang = LANG_ZH;
	o.has_colour = true;
	beside_write(kernel.trace, engine.trace, &o, &out);
	ck_assert_ptr_nonnull(strstr(out.at, "\x1b[1m"));
	ck_assert_ptr_nonnull(strstr(out.at, "共 5 个报文段，4 个控制位、长度和次序都相同"));
	sink_fini(&out);
	staged_fini(&kernel);
	staged_fini(&engine);
}
END_TEST

START_TEST(test_json)
{
	struct staged kernel, engine;
	struct sink out = {0};

	staged_text(&kernel, HELLO);
	staged_text(&engine, HELLO);
	change(send_at(kernel.trace, 4), CHANGE_PUSH);
	change(send_at(kernel.trace, 5), DROP_IT);
	ck_assert(!beside_json(kernel.trace, engine.trace, &out));
	ck_assert_ptr_nonnull(strstr(out.at, "{\"same\":3,\"alike\":0,\"only_kernel\":0,"
					     "\"only_engine\":1,\"rows\":[{\"kernel\":"));
	ck_assert_ptr_nonnull(strstr(
		out.at, "\"what\":[\"flags\"],\"agrees\":false,\"reason\":\"PUSH\"},{\"kernel\":"
			"null,\"engine\":"));
	sink_fini(&out);
	staged_fini(&kernel);
	staged_fini(&engine);
}
END_TEST

Suite *beside_suite(void)
{
	Suite *s = suite_create("beside");
	TCase *c = tcase_create("beside");

	tcase_add_loop_test(c, test_reason, 0, CASES);
	tcase_add_test(c, test_every_reason_has_words);
	tcase_add_test(c, test_scaled_windows);
	tcase_add_test(c, test_fits_its_columns);
	tcase_add_test(c, test_text);
	tcase_add_test(c, test_json);
	suite_add_tcase(s, c);
	return s;
}
