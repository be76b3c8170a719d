/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <string.h>
#include "trace/moment.h"

static uint64_t push_text(struct trace *t, const char *text)
{
	struct record *r = trace_push(t, REC_MARKER, 0);

	r->text[0] = trace_text(t, text, strlen(text));
	return r->serial;
}

static void put_change(struct trace *t, uint64_t serial, uint32_t field, int64_t old, int64_t new)
{
	trace_change_put(t, serial, &(struct tcb_change){.field = field, .old = old, .new = new});
}

/* "snd_una 1>2 " for every change. */
static const char *changes_of(const struct trace *t, uint64_t serial)
{
	static char text[400];
	const struct record *r = trace_at(t, serial);
	size_t n = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < r->changes.count; i++) {
		const struct tcb_change *c = trace_change(t, r, i);

		n += (size_t)snprintf(text + n, sizeof text - n, "%s %d>%d ",
				      tcb_field_name((enum tcb_field)c->field), (int)c->old,
				      (int)c->new);
	}
	return text;
}

START_TEST(test_fresh_record)
{
	struct trace *t = trace_new();
	struct record *r;

	trace_push(t, REC_SAY, 5);
	r = trace_push(t, REC_SEND, 7);
	ck_assert_uint_eq(r->serial, 1);
	ck_assert_uint_eq(r->of, 1);
	ck_assert_int_eq(r->at, 7);
	ck_assert_int_eq(r->kind, REC_SEND);
	ck_assert_int_eq(r->host, TRACE_NO_HOST);
	ck_assert_int_eq(r->peer, TRACE_NO_HOST);
	ck_assert_str_eq(trace_text_of(t, r, 0), "");
	ck_assert_uint_eq(trace_count(t), 2);
	trace_free(t);
}
END_TEST

START_TEST(test_records_never_move)
{
	struct trace *t = trace_new();
	const struct record *first = trace_push(t, REC_SAY, 0);

	for (int i = 1; i < 5000; i++)
		trace_push(t, REC_SAY, i);
	ck_assert_ptr_eq(trace_at(t, 0), first);
	for (uint64_t i = 0; i < 5000; i++) {
		ck_assert_uint_eq(trace_at(t, i)->serial, i);
		ck_assert_int_eq(trace_at(t, i)->at, (usec)i);
	}
	trace_free(t);
}
END_TEST

START_TEST(test_texts)
{
	struct trace *t = trace_new();
	char big[50000];
	uint64_t a, b, c;

	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	a = push_text(t, "first");
	b = push_text(t, big); /* larger than a block */
	for (int i = 0; i < 5000; i++)
		push_text(t, "filling up blocks");
	c = push_text(t, "张三");
	ck_assert_str_eq(trace_text_of(t, trace_at(t, a), 0), "first");
	ck_assert_str_eq(trace_text_of(t, trace_at(t, b), 0), big);
	ck_assert_str_eq(trace_text_of(t, trace_at(t, c - 1), 0), "filling up blocks");
	ck_assert_str_eq(trace_text_of(t, trace_at(t, c), 0), "张三");
	trace_free(t);
}
END_TEST

/* Changes of one record lie together and are told once, however late they come. */
START_TEST(test_changes)
{
	struct trace *t = trace_new();

	trace_push(t, REC_ARRIVE, 0);
	put_change(t, 0, F_snd_una, 1, 2);
	trace_push(t, REC_STATE, 0);
	put_change(t, 1, F_iss, 5, 6);
	put_change(t, 0, F_snd_nxt, 3, 4); /* late: moved behind the other's */
	put_change(t, 0, F_snd_una, 2, 9); /* from first to last */
	ck_assert_str_eq(changes_of(t, 0), "snd.una 1>9 snd.nxt 3>4 ");
	ck_assert_str_eq(changes_of(t, 1), "iss 5>6 ");
	trace_free(t);
}
END_TEST

START_TEST(test_changes_of_tcb)
{
	struct tcb before = {0}, after;
	struct trace *t = trace_new();

	before.snd.una = seq(1);
	after = before;
	after.snd.una = seq(UINT32_MAX);
	after.state = SYN_SENT;
	trace_push(t, REC_CALL, 0);
	trace_changes(t, 0, &before, &before);
	ck_assert_uint_eq(trace_at(t, 0)->changes.count, 0);
	trace_changes(t, 0, &before, &after);
	for (uint32_t i = 0; i < trace_at(t, 0)->changes.count; i++) {
		const struct tcb_change *c = trace_change(t, trace_at(t, 0), i);
		enum tcb_field f = (enum tcb_field)c->field;

		ck_assert_int_ne(c->old, c->new);
		ck_assert_int_eq(c->old, tcb_field_get(&before, f));
		ck_assert_int_eq(c->new, tcb_field_get(&after, f));
	}
	ck_assert_uint_ge(trace_at(t, 0)->changes.count, 2);
	trace_push(t, REC_PICTURE, 0);
	trace_changes(t, 1, NULL, &after);
	ck_assert_uint_eq(trace_at(t, 1)->changes.count, TCB_FIELD_COUNT);
	ck_assert_int_eq(trace_change(t, trace_at(t, 1), F_state)->old, SYN_SENT);
	trace_free(t);
}
END_TEST

START_TEST(test_conns)
{
	struct trace *t = trace_new();

	ck_assert_ptr_null(trace_conn_at(t, 1));
	trace_add_conn(t, &(struct trace_conn){.serial = 1, .port = 80});
	trace_add_conn(t, &(struct trace_conn){.serial = 5, .port = 85});
	trace_add_conn(t, &(struct trace_conn){.serial = 3, .port = 83, .label = "a"});
	trace_add_conn(t, &(struct trace_conn){.serial = 3, .port = 84, .label = "b"});
	ck_assert_uint_eq(trace_conn_count(t), 3);
	ck_assert_uint_eq(trace_conn_at(t, 1)->port, 80);
	ck_assert_uint_eq(trace_conn_at(t, 3)->port, 84);
	ck_assert_str_eq(trace_conn_at(t, 3)->label, "b");
	ck_assert_uint_eq(trace_conn_at(t, 5)->port, 85);
	ck_assert_ptr_null(trace_conn_at(t, 2));
	ck_assert_ptr_null(trace_conn_at(t, 0));
	ck_assert_ptr_null(trace_conn_at(t, UINT32_MAX));
	ck_assert_uint_eq(trace_conn_nth(t, 1)->serial, 3);
	trace_free(t);
}
END_TEST

START_TEST(test_places)
{
	struct trace *t = trace_new();
	struct trace_place a = {.file = trace_file(t, "a.scene"), .line = 3};
	struct trace_place b = {.file = trace_file(t, "b.scene"), .line = 3};

	ck_assert_uint_eq(trace_file(t, "a.scene"), a.file);
	ck_assert_uint_eq(trace_file_count(t), 2);
	ck_assert_str_eq(trace_file_name(t, b.file), "b.scene");
	ck_assert_str_eq(trace_file_name(t, 99), "");
	ck_assert_ptr_eq(trace_tag(t, "[x=1]"), trace_tag(t, "[x=1]"));
	trace_quote(t, a, "drop");
	trace_quote(t, a, "drop 1st where SYN");
	ck_assert_str_eq(trace_quoted(t, &a), "drop 1st where SYN");
	ck_assert_str_eq(trace_quoted(t, &b), "");
	a.tag = trace_tag(t, "[x=1]");
	ck_assert_str_eq(trace_quoted(t, &a), "");
	trace_free(t);
}
END_TEST

/* Cut anywhere, grow again: as if the rest had never been. */
START_TEST(test_rewind)
{
	struct trace *t = trace_new();
	char text[20];

	for (int i = 0; i < 2000; i++) {
		snprintf(text, sizeof text, "text %d", i);
		if (i == 700 || i == 1500)
			trace_add_host(t, &(struct trace_host){.name = text});
		if (i % 100 == 0)
			trace_add_conn(t, &(struct trace_conn){.serial = (uint32_t)i / 100 + 1,
							       .born = (uint64_t)i});
		push_text(t, text);
		put_change(t, (uint64_t)i, F_iss, i, i + 1);
		put_change(t, (uint64_t)(i > 3 ? i - 3 : 0), F_irs, i, i + 1); /* late */
	}
	trace_rewind(t, 5000); /* not there: nothing to cut */
	ck_assert_uint_eq(trace_count(t), 2000);
	trace_rewind(t, 1024);
	trace_rewind(t, 1001);
	ck_assert_uint_eq(trace_count(t), 1001);
	ck_assert_uint_eq(trace_host_count(t), 1);
	ck_assert_uint_eq(trace_conn_count(t), 11);
	for (int i = 0; i < 1000; i++) {
		push_text(t, "new");
		put_change(t, 1001 + (uint64_t)i, F_snd_una, 1, 2);
	}
	for (uint64_t i = 0; i < 1001; i++) {
		snprintf(text, sizeof text, "text %d", (int)i);
		ck_assert_str_eq(trace_text_of(t, trace_at(t, i), 0), text);
		snprintf(text, sizeof text, "iss %d>%d ", (int)i, (int)i + 1);
		ck_assert_msg(strstr(changes_of(t, i), text) != NULL, "%s", changes_of(t, i));
	}
	ck_assert_str_eq(changes_of(t, 1001), "snd.una 1>2 ");
	ck_assert_str_eq(trace_text_of(t, trace_at(t, 2000), 0), "new");
	trace_rewind(t, 0);
	ck_assert_uint_eq(trace_count(t), 0);
	ck_assert_uint_eq(trace_conn_count(t), 0);
	trace_free(t);
}
END_TEST

static void keep(struct trace *t, uint64_t serial, uint32_t size, uint8_t fill)
{
	uint8_t *octets = malloc(size + 1u);

	memset(octets, fill, size + 1u);
	trace_keep_frame(t, serial,
			 &(struct trace_frame_kept){.link = fill,
						    .size = size,
						    .captured = size + 1,
						    .wire_size = size + 2,
						    .octets = octets});
	free(octets);
}

static void expect_kept(const struct trace *t, uint64_t serial, uint32_t size, uint8_t fill)
{
	struct trace_frame_kept f;
	uint32_t wrong = 0;

	ck_assert(trace_kept_frame(t, trace_at(t, serial), &f));
	ck_assert_int_eq(f.link, fill);
	ck_assert_uint_eq(f.size, size);
	ck_assert_uint_eq(f.captured, size + 1);
	ck_assert_uint_eq(f.wire_size, size + 2);
	for (uint32_t i = 0; i < size; i++)
		wrong += f.octets[i] != fill;
	ck_assert_uint_eq(wrong, 0);
}

/* Small ones, none, larger than a block; what came of a segment has the segment's. */
START_TEST(test_frames)
{
	struct trace *t = trace_new();
	struct trace_frame_kept f;
	uint64_t before = trace_memory(t);

	ck_assert(!trace_is_recording(t));
	trace_set_epoch(t, 1700000000000000);
	ck_assert(trace_is_recording(t));
	ck_assert_int_eq(trace_epoch(t), 1700000000000000);
	for (uint64_t i = 0; i < 600; i++) {
		trace_push(t, REC_SEND, 0);
		keep(t, i, i == 300 ? 100000 : (uint32_t)i, (uint8_t)i);
	}
	ck_assert_uint_gt(trace_memory(t), before + 250000);
	for (uint64_t i = 0; i < 600; i++)
		expect_kept(t, i, i == 300 ? 100000 : (uint32_t)i, (uint8_t)i);
	trace_push(t, REC_ARRIVE, 0)->of = 7;
	expect_kept(t, 600, 7, 7);
	trace_push(t, REC_STATE, 0)->of = 7; /* speaks of the segment, and is none */
	ck_assert(!trace_kept_frame(t, trace_at(t, 601), &f));
	trace_push(t, REC_SEND, 0);
	ck_assert(!trace_kept_frame(t, trace_at(t, 602), &f));
	trace_free(t);
}
END_TEST

START_TEST(test_frames_are_cut)
{
	struct trace *t = trace_new();

	for (uint64_t i = 0; i < 1000; i++) {
		trace_push(t, REC_SEND, 0);
		if (i % 2 == 0)
			keep(t, i, 200, (uint8_t)i);
	}
	trace_rewind(t, 701);
	for (uint64_t i = 701; i < 1000; i++) {
		trace_push(t, REC_SEND, 0);
		keep(t, i, 300, 0xee);
	}
	for (uint64_t i = 0; i < 701; i += 2)
		expect_kept(t, i, 200, (uint8_t)i);
	expect_kept(t, 999, 300, 0xee);
	keep(t, 0, 5, 0xdd); /* late: cutting after record 0 must not take it */
	trace_rewind(t, 1);
	expect_kept(t, 0, 5, 0xdd);
	trace_rewind(t, 0);
	trace_push(t, REC_SEND, 0);
	keep(t, 0, 9, 9);
	expect_kept(t, 0, 9, 9);
	trace_free(t);
}
END_TEST

START_TEST(test_cursor_at)
{
	static const usec at[] = {0, 0, 5, 5, 5, 9};
	struct trace *t = trace_new();

	ck_assert_uint_eq(trace_cursor_at(t, 100), 0);
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
		trace_push(t, REC_SAY, at[i]);
	ck_assert_uint_eq(trace_cursor_at(t, -1), 0);
	ck_assert_uint_eq(trace_cursor_at(t, 0), 2);
	ck_assert_uint_eq(trace_cursor_at(t, 4), 2);
	ck_assert_uint_eq(trace_cursor_at(t, 5), 5);
	ck_assert_uint_eq(trace_cursor_at(t, 9), 6);
	ck_assert_uint_eq(trace_cursor_at(t, USEC_NEVER), 6);
	trace_free(t);
}
END_TEST

Suite *trace_suite(void)
{
	Suite *s = suite_create("trace");
	TCase *c = tcase_create("trace");

	tcase_add_test(c, test_fresh_record);
	tcase_add_test(c, test_records_never_move);
	tcase_add_test(c, test_texts);
	tcase_add_test(c, test_changes);
	tcase_add_test(c, test_changes_of_tcb);
	tcase_add_test(c, test_conns);
	tcase_add_test(c, test_places);
	tcase_add_test(c, test_rewind);
	tcase_add_test(c, test_frames);
	tcase_add_test(c, test_frames_are_cut);
	tcase_add_test(c, test_cursor_at);
	suite_add_tcase(s, c);
	return s;
}
