/* SPDX-License-Identifier: MIT */
/* Branches: a deed by hand makes a scene file that plays what was seen, and passes. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <scene/history.h>

static const char talk[] = CONNECTED "at 1s zhang write \"hello\"\n"
				     "at 2s zhang write \"world\"\n"
				     "expect at 1.1s li received \"hello\"\n"
				     "expect at 2.1s li received \"helloworld\"\n"
				     "  because \"he listens\"\n";

struct tale {
	struct scene_file *f;
	struct history *h;
	struct diags d;
};

static void begin(struct tale *t, const char *text)
{
	*t = (struct tale){.f = parsed(text)};
	t->h = history_new(t->f, 0, NULL, &t->d);
	ck_assert_ptr_nonnull(t->h);
}

static void end(struct tale *t)
{
	history_free(t->h);
	scene_free(t->f);
	diags_fini(&t->d);
}

static uint32_t act(struct tale *t, uint32_t from, usec at, const char *deed)
{
	uint32_t b = history_act(t->h, from, at, deed, &t->d);
	struct sink out = {0};

	diag_print(&t->d, &out);
	ck_assert_msg(b != NO_BRANCH, "%s: %s", deed, out.at ? out.at : "?");
	sink_fini(&out);
	return b;
}

static void has_text(struct tale *t, uint32_t number, const char *text)
{
	struct sink out = {0};

	ck_assert(history_text(t->h, number, &out, &t->d));
	ck_assert_msg(strcmp(out.at, text) == 0, "%s", out.at);
	sink_fini(&out);
}

START_TEST(a_deed_makes_a_branch)
{
	struct tale t;
	const struct branch *b;
	uint32_t n;

	begin(&t, talk);
	ck_assert(scene_run_has_passed(history_run(t.h, 0)));
	n = act(&t, 0, 2020000, "drop 4th zhang -> li");
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(history_count(t.h), 2);
	b = history_branch(t.h, n);
	ck_assert_str_eq(b->name, "what-if-1");
	ck_assert_str_eq(b->deed, "drop 4th zhang -> li");
	ck_assert_uint_eq(b->parent, 0);
	ck_assert_uint_eq(b->silenced, 1);
	ck_assert_uint_eq(b->broken, 0);
	ck_assert_int_eq(trace_at(history_trace(t.h, n), b->cursor)->kind, REC_WIND);
	ck_assert(scene_run_has_passed(history_run(t.h, n)));
	has_text(&t, n,
		 CONNECTED "at 1s zhang write \"hello\"\n"
			   "at 2s zhang write \"world\"\n"
			   "expect at 1.1s li received \"hello\"\n"
			   "no longer expect at 2.1s li received \"helloworld\"\n"
			   "  because \"he listens\"\n"
			   "\n# by hand\n"
			   "at 2.02s by hand drop 4th zhang -> li\n");
	end(&t);
}
END_TEST

Suite *history_suite(void)
{
	Suite *s = suite_create("history");
	TCase *c = tcase_create("branches");

	tcase_add_test(c, a_deed_makes_a_branch);
	suite_add_tcase(s, c);
	return s;
}
