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

/* ---- what is refused ------------------------------------------------------------------------- */

static const struct refused {
	const char *deed, *told;
	usec at;
} refused[] = {
	{"drop 1st zhang -> li",
	 ": error: it arrived at 0.050s; nothing is in flight from zhang to li\n", 1500000},
	{"drop 9th zhang -> li",
	 ": error: only 4 have set out so far; in flight from zhang to li: 4th "
	 "P.  1006:1011(5) ack 5001 win 65535\n",
	 2020000},
	{"drop 1st li -> zhang",
	 ": error: none has set out yet; nothing is in flight from li to zhang\n", 10000},
	{"drop 3rd zhang -> wang", ":1:19: error: there is no person 'wang'\n", 1020000},
	{"drop 3rd zhang -> lI", "did you mean li?", 1020000},
	{"zhang clos", ":1:7: error: unknown verb 'clos'\n", 1000000},
	{"zhang close now", ":1:13: error: expected the end of the line, found 'now'\n", 1000000},
	{"zhang close }", ":1:13: error: '}' closes nothing\n", 1000000},
	{"", ":1:1: error: expected a statement, found the end of the line\n", 1000000},
	{"{", ":1:1: error: this block is never closed: '}' is missing\n", 1000000},
	{"expect zhang in CLOSED", ":1:1: error: 'expect' is nothing that is done by hand\n",
	 1000000},
	{"at 5s zhang close", ":1:1: error: 'at' is nothing that is done by hand\n", 1000000},
	{"zhang close\nat 0s li crash", ": error: a deed is one line, and not a long one\n",
	 1000000},
	{"wind zhang <-> li { delay }", ":1:27: error: expected 'by', found '}'", 1000000},
	{"c1 close", ":1:1: error: there is no person and no connection 'c1'\n", 1000000},
	{"zhang close", ": error: zhang has no socket for this (EBADF)\n", 0},
	{"li accept", ": error: every connection is accepted at once: none waits\n", 1000000},
};

START_TEST(a_deed_that_cannot_be_is_told_in_its_own_words)
{
	const struct refused *r = &refused[_i];
	struct sink out = {0};
	struct tale t;

	begin(&t, _i == 15 ? TWO_PEOPLE "at 2s zhang connect li\n" : talk);
	ck_assert_uint_eq(history_act(t.h, 0, r->at, r->deed, &t.d), NO_BRANCH);
	diag_print(&t.d, &out);
	ck_assert_msg(strstr(out.at, r->told) != NULL, "%s\n%s", r->deed, out.at);
	ck_assert_uint_eq(history_count(t.h), 1);
	sink_fini(&out);
	end(&t);
}
END_TEST

/* Whoever's screen speaks Chinese hears the play's own refusals in Chinese. */
START_TEST(refusals_are_told_in_chinese_too)
{
	static const struct {
		const char *deed;
		usec at;
		const char *told;
	} cases[] = {
		{"drop 1st zhang -> li", 1500000, "它在 0.051 秒就到了；没有话从张三飞往 li"},
		{"drop 9th zhang -> li", 1500000, "到现在只出发了 2 句；没有话从张三飞往 li"},
		{"drop 2nd li -> zhang", 60000,
		 "到现在只出发了 1 句；从 li 飞往张三的有 1st S.  5000:5000(0) ack 1001 win 65535 "
		 "<mss 1460>"},
		{"drop 1st li -> zhang", 10000, "还没有一句出发；没有话从 li 飞往张三"},
		{"zhang abort\n", 0, "一件事写成一行，不能太长"},
		{"li accept", 0, "每个连接都立刻有人接：没有等着的"},
		{"zhang close", 3000000, "张三有 2 个打开的连接：要说明是哪一个"},
		{"li close", 0, "li 没有套接字可用（EBADF）"},
	};
	struct tale t;

	begin(&t, "woshou 1\nperson zhang en \"Zhang San\" zh \"张三\" { isn 1000 }\n"
		  "person li { isn 5000 }\nwind zhang <-> li { delay 50ms }\n"
		  "at 1ms li listen\nat 1ms zhang connect li\nat 2s zhang connect li\n");
	ck_assert_uint_eq(history_act(t.h, 0, cases[_i].at, cases[_i].deed, &t.d), NO_BRANCH);
	ck_assert_uint_eq(t.d.list.count, 1);
	ck_assert_ptr_nonnull(t.d.list.at[0].message_zh);
	ck_assert_str_eq(t.d.list.at[0].message_zh, cases[_i].told);
	end(&t);
}
END_TEST

/* ---- what becomes of the text ---------------------------------------------------------------- */

static bool load_people(void *user, const char *path, struct sink *out)
{
	(void)user;
	if (strcmp(path, "people.scene") == 0)
		sink_puts(
			out,
			"# two\nwoshou 1  # as ever\n\nperson zhang { isn 1000 }\nperson li { isn "
			"5000 }\ninclude \"wind.scene\"\n");
	else if (strcmp(path, "wind.scene") == 0)
		sink_puts(out, "woshou 1\nwind zhang <-> li { delay 50ms }");
	else
		return false;
	return true;
}

static const struct written {
	const char *name;
	const char *from;
	size_t variant;
	const char *to;
	struct scene_options options;
} texts[] = {
	{"one file, one run", CONNECTED, 0, CONNECTED "\n# by hand\nat 1s by hand zhang close\n"},
	{"no line end at the end", CONNECTED "at 2s zhang crash", 0,
	 CONNECTED "at 2s zhang crash\n\n# by hand\nat 1s by hand zhang close\n"},
	{"golden ladders", CONNECTED "golden ladder \"x.ladder\"  # as the RFC has it\n", 0,
	 CONNECTED "# no longer so: golden ladder \"x.ladder\"  # as the RFC has it\n"
		   "\n# by hand\nat 1s by hand zhang close\n"},
	{"a golden ladder in braces", CONNECTED "scene a { golden ladder \"x.ladder\" }\n", 0,
	 CONNECTED "scene a {  } # no longer so: golden ladder \"x.ladder\"\n"
		   "\n# by hand\nat 1s by hand zhang close\n"},
	{"values of for",
	 CONNECTED "for d in 1s, 2s { at {d} marker \"{d}\" }\nfor t in \"a\", \"b\" { }\n", 3,
	 NULL},
	{"for over lines", CONNECTED "for d in 1s, 2s { at {d} marker \"{d}\" }\n", 1,
	 CONNECTED "for d in 2s { at {d} marker \"{d}\" }\n"
		   "\n# by hand\nat 1s by hand zhang close\n"},
	{"values that hold values",
	 CONNECTED "for d in 1, 2 {\n  for e in 0, {d}s { marker \"{e}\" }\n}\n", 3,
	 CONNECTED "for d in 2 {\n  for e in 2s { marker \"{e}\" }\n}\n"
		   "\n# by hand\nat 1s by hand zhang close\n"},
	{"included files, in included files",
	 "woshou 1\ninclude \"people.scene\"  # them\nat 0s li listen\nat 0s zhang connect li\n", 0,
	 "woshou 1\n# include \"people.scene\"\n# two\n# as ever\n\nperson zhang { isn 1000 }\n"
	 "person li { isn 5000 }\n# include \"wind.scene\"\nwind zhang <-> li { delay 50ms }  # "
	 "them\n"
	 "at 0s li listen\nat 0s zhang connect li\n\n# by hand\nat 1s by hand zhang close\n"},
	{"included as the body of a for",
	 "woshou 1\nfor x in a, b include \"people.scene\"\nat 0s li listen\nat 0s zhang connect "
	 "li\n",
	 0, NULL},
	{"a seed of the command line",
	 CONNECTED "seed 3\n",
	 0,
	 CONNECTED "seed 77\n\n# by hand\nat 1s by hand zhang close\n",
	 {.has_seed = true, .seed = 77}},
	{"a seed that the play does not have",
	 CONNECTED,
	 0,
	 CONNECTED "\n# as it was played\nseed 18446744073709551615\n"
		   "\n# by hand\nat 1s by hand zhang close\n",
	 {.has_seed = true, .seed = UINT64_MAX}},
	{"a profile for everyone",
	 "woshou 1\nperson zhang\nperson li profile freebsd { profile classic  port 8888 }\n"
	 "at 0s li listen\nat 0s zhang connect li\n",
	 0,
	 "woshou 1\nperson zhang profile linux\nperson li profile linux { port 8888 }\n"
	 "at 0s li listen\nat 0s zhang connect li\n\n# by hand\nat 1s by hand zhang close\n",
	 {.profile = "linux"}},
	{"a profile for one",
	 "woshou 1\nperson zhang en \"Z\" zh \"张\"\nperson li en \"L\" zh \"李\" profile rfc\n"
	 "at 0s li listen\nat 0s zhang connect li\n",
	 0,
	 "woshou 1\nperson zhang en \"Z\" zh \"张\"\nperson li en \"L\" zh \"李\" profile classic\n"
	 "at 0s li listen\nat 0s zhang connect li\n\n# by hand\nat 1s by hand zhang close\n",
	 {.profile = "li=classic"}},
	{"settings for all and for one",
	 "woshou 1\nperson zhang\nperson li { rto 2s  ack delay 40ms every 2 full  isn 7, 8 }\n"
	 "at 0s li listen\nat 0s zhang connect li\n",
	 0,
	 "woshou 1\nperson zhang { rto 3s }\n"
	 "person li { ack every 2  ack count full   rto 3s  ack delay 1ms  isn 9 }\n"
	 "at 0s li listen\nat 0s zhang connect li\n\n# by hand\nat 1s by hand zhang close\n",
	 {.sets = (const char *const[]){"rto=3s", "li.ack delay=100ms", "li.ack delay=1ms",
					"li.isn=9", NULL}}},
	{"settings that take each other's place",
	 "woshou 1\nperson zhang {\n  rto fixed 1s  # so\n  SO_LINGER 0s\n}\nperson li { echo }\n"
	 "at 0s li listen\nat 0s zhang connect li\n",
	 0,
	 "woshou 1\nperson zhang {\n  rto fixed on  # so\n  \n  SO_LINGER off  rto 5s }\n"
	 "person li {  sink at 8kbit }\n"
	 "at 0s li listen\nat 0s zhang connect li\n\n# by hand\nat 1s by hand zhang close\n",
	 {.sets = (const char *const[]){"zhang.SO_LINGER=off", "zhang.rto=5s", "li.sink=at 8kbit",
					NULL}}},
	{"columns stay columns",
	 "woshou 1\n\nperson zhang\nperson li\n\nat 0s   li listen\nat 10s  zhang connect li\n", 0,
	 "woshou 1\n\nperson zhang\nperson li\n\nat 0s   li listen\nat 10s  zhang connect li\n"
	 "\n# by hand\nat 1s  by hand zhang connect li\n"},
};

/* Played under the options and rewritten, the run is the same, without any options. */
static void check_same_run(const struct scene_file *f, const struct written *c, const char *text)
{
	struct diags d = {0};
	struct scene_file *g = scene_parse("x.scene", text, strlen(text), NULL, &d);
	struct history *h = history_new(f, c->variant, &c->options, &d);
	struct history *i = history_new(g, 0, NULL, &d);
	const struct trace *x = history_trace(h, 0), *y = history_trace(i, 0);
	uint64_t n = 0;

	ck_assert_uint_eq(trace_seed(x), trace_seed(y));
	for (; n < trace_count(x) && trace_at(x, n)->kind < REC_SCENE &&
	       trace_at(x, n)->at < USEC_PER_S;
	     n++) {
		const struct record *r = trace_at(x, n), *s = trace_at(y, n);

		ck_assert_msg(r->at == s->at && r->kind == s->kind && r->conn == s->conn &&
				      r->seg.seq.v == s->seg.seq.v && r->rule == s->rule &&
				      r->changes.count == s->changes.count,
			      "%s: record %llu", c->name, (unsigned long long)n);
		ck_assert_str_eq(r->place.tag ? r->place.tag : "",
				 s->place.tag ? s->place.tag : "");
	}
	history_free(h);
	history_free(i);
	scene_free(g);
	diags_fini(&d);
}

START_TEST(a_branch_is_one_file)
{
	const struct written *c = &texts[_i];
	const struct scene_loader loader = {.load = load_people};
	const char *deed = strstr(c->name, "columns") ? "zhang connect li" : "zhang close";
	struct sink text = {0}, said = {0};
	struct diags d = {0};
	struct scene_file *f = scene_parse("x.scene", c->from, strlen(c->from), &loader, &d);
	struct history *h;
	uint32_t b;

	diag_print(&d, &said);
	ck_assert_msg(f != NULL, "%s: %s", c->name, said.at);
	h = history_new(f, c->variant, &c->options, &d);
	ck_assert_ptr_nonnull(h);
	b = history_act(h, 0, USEC_PER_S, deed, &d);
	diag_print(&d, &said);
	ck_assert_msg(b == 1, "%s: %s", c->name, said.at);
	ck_assert(history_text(h, b, &text, &d));
	ck_assert(scene_run_has_passed(history_run(h, b)));
	if (c->to)
		ck_assert_msg(strcmp(text.at, c->to) == 0 ||
				      strncmp(text.at, c->to, strlen(c->to)) == 0,
			      "%s:\n%s", c->name, text.at);
	check_same_run(f, c, text.at);
	history_free(h);
	scene_free(f);
	sink_fini(&text);
	sink_fini(&said);
	diags_fini(&d);
}
END_TEST

START_TEST(a_setting_for_one_of_many_is_refused)
{
	struct scene_file *f = parsed("woshou 1\nrepeat 2 as i { person p{i} }\nat 0s p2 listen\n");
	const struct scene_options o = {.sets = (const char *const[]){"p2.rto=3s", NULL}};
	struct sink out = {0};
	struct diags d = {0};
	struct history *h = history_new(f, 0, &o, &d);

	ck_assert_ptr_nonnull(h);
	ck_assert(!history_text(h, 0, &out, &d));
	ck_assert_uint_eq(history_act(h, 0, 0, "p1 listen", &d), NO_BRANCH);
	diag_print(&d, &out);
	ck_assert_ptr_nonnull(strstr(out.at, "--set for 'p2' alone cannot be written down"));
	sink_fini(&out);
	history_free(h);
	scene_free(f);
	diags_fini(&d);
}
END_TEST

/* ---- what is no longer so -------------------------------------------------------------------- */

/* What held before the deed stays in the past; the same words after it are silenced. */
START_TEST(only_the_rounds_after_the_deed_are_silenced)
{
	struct tale t;
	const struct trace *trace;
	uint32_t b, verdicts = 0;

	begin(&t, CONNECTED "repeat 4 every 1s {\n  at 1s zhang write \"x\"\n"
			    "  expect at 1.1s zhang in ESTABLISHED\n}\n"
			    "each zhang sends data +1ms expect li in ESTABLISHED\n");
	ck_assert(scene_run_has_passed(history_run(t.h, 0)));
	b = act(&t, 0, 2500000, "li abort");
	has_text(&t, b,
		 CONNECTED "repeat 4 every 1s {\n  at 1s zhang write \"x\"\n"
			   "  no longer from 2.5s expect at 1.1s zhang in ESTABLISHED\n}\n"
			   "each zhang sends data +1ms expect li in ESTABLISHED\n"
			   "\n# by hand\nat 2.5s by hand li abort\n");
	trace = history_trace(t.h, b);
	for (uint64_t i = 0; i < trace_count(trace); i++)
		verdicts +=
			trace_at(trace, i)->kind == REC_EXPECT && trace_at(trace, i)->at < 2500000;
	ck_assert_uint_eq(verdicts, 4);
	b = act(&t, 0, 2500000, "li crash");
	has_text(&t, b,
		 CONNECTED
		 "repeat 4 every 1s {\n  at 1s zhang write \"x\"\n"
		 "  expect at 1.1s zhang in ESTABLISHED\n}\n"
		 "each zhang sends data +1ms no longer from 2.5s expect li in ESTABLISHED\n"
		 "\n# by hand\nat 2.5s by hand li crash\n");
	end(&t);
}
END_TEST

START_TEST(a_broken_promise_is_told_and_taken_back)
{
	struct tale t;
	uint32_t b, c, e;

	begin(&t, CONNECTED);
	b = act(&t, 0, USEC_PER_S, "zhang close");
	ck_assert_uint_eq(history_branch(t.h, b)->broken, 1);
	c = act(&t, b, 2 * USEC_PER_S, "li close");
	ck_assert_uint_eq(history_branch(t.h, c)->broken, 0);
	has_text(&t, c,
		 CONNECTED "\n# by hand\nat 1s by hand zhang close\n"
			   "no longer expect broken quiet because en \"by hand\" zh \"动了手\"\n"
			   "at 2s by hand li close\n");
	e = act(&t, c, 500 * USEC_PER_S, "zhang connect li");
	e = act(&t, e, 600 * USEC_PER_S, "zhang close");
	ck_assert_uint_eq(history_branch(t.h, e)->broken, 1);
	end(&t);
}
END_TEST

/* ---- time ------------------------------------------------------------------------------------ */

START_TEST(deeds_that_come_later_have_not_happened_yet)
{
	struct tale t;
	uint32_t a, b, c, e;

	begin(&t, talk);
	a = act(&t, 0, 1020000, "drop 3rd zhang -> li");
	b = act(&t, a, 2020000, "corrupt 4th zhang -> li");
	c = act(&t, b, 1500000, "li crash");
	ck_assert_uint_eq(history_branch(t.h, c)->parent, a);
	e = act(&t, c, 1010000, "delay 3rd zhang -> li by 1s");
	ck_assert_uint_eq(history_branch(t.h, e)->parent, 0);
	/* At the very same time both happen, in their order. */
	e = act(&t, a, 1020000, "zhang write \"more\"");
	ck_assert_uint_eq(history_branch(t.h, e)->parent, a);
	ck_assert_str_eq(history_branch(t.h, e)->name, "what-if-5");
	end(&t);
}
END_TEST

START_TEST(the_end_moves_when_something_is_done_at_it)
{
	struct tale t;
	uint32_t b;

	begin(&t, CONNECTED "at 1s zhang write \"a\"\nend at 2s\n");
	b = act(&t, 0, 1500000, "zhang write \"b\"");
	has_text(&t, b,
		 CONNECTED "at 1s zhang write \"a\"\nend at 2s\n"
			   "\n# by hand\nat 1.5s by hand zhang write \"b\"\n");
	b = act(&t, 0, 2000000, "zhang write \"c\"");
	has_text(&t, b,
		 CONNECTED "at 1s zhang write \"a\"\nend at 62s\n"
			   "\n# by hand\nat 2s by hand zhang write \"c\"\n");
	b = act(&t, b, 100000003, "zhang write \"d\"");
	has_text(&t, b,
		 CONNECTED "at 1s zhang write \"a\"\nend at 160.000003s\n"
			   "\n# by hand\nat 2s by hand zhang write \"c\"\n"
			   "at 100.000003s by hand zhang write \"d\"\n");
	end(&t);
}
END_TEST

/* A play that would go on for ever gets an end; one that is too much to play is refused. */
START_TEST(a_branch_has_an_end)
{
	struct tale t;
	struct sink out = {0};
	uint32_t b;

	begin(&t, "woshou 1\nlimit 1h 100000 events\nperson zhang { isn 1000 }\nperson li { reads "
		  "never }\n"
		  "wind zhang <-> li { delay 50ms }\nat 0s li listen\nat 0s zhang connect li\n"
		  "at 1s zhang write 10kB\n");
	b = act(&t, 0, 5 * USEC_PER_S, "zhang write 100kB");
	ck_assert(history_text(t.h, b, &out, &t.d));
	ck_assert_ptr_nonnull(strstr(out.at, "at 5s by hand zhang write 100kB\n"));
	ck_assert_ptr_nonnull(strstr(out.at, "\nend at 3600s\n"));
	ck_assert_uint_eq(history_act(t.h, 0, 4 * (3600 * USEC_PER_S), "zhang close", &t.d),
			  NO_BRANCH);
	ck_assert_uint_eq(
		history_act(t.h, 0, 5 * USEC_PER_S, "wind zhang <-> li { duplicate }", &t.d), 2);
	sink_clear(&out);
	diag_print(&t.d, &out);
	ck_assert_ptr_nonnull(strstr(out.at, "this stands after the limit of the run"));
	sink_fini(&out);
	end(&t);
}
END_TEST

START_TEST(a_storm_is_refused)
{
	struct tale t;
	struct sink out = {0};

	begin(&t, "woshou 1\nlimit 5000 events\nperson zhang\nperson li\n"
		  "wind zhang <-> li { delay 50ms }\nat 0s li listen\nat 0s zhang connect li\n"
		  "each zhang gets ACK zhang write \"x\"\n");
	ck_assert_uint_eq(history_act(t.h, 0, USEC_PER_S, "zhang write \"y\"", &t.d), NO_BRANCH);
	diag_print(&t.d, &out);
	ck_assert_ptr_nonnull(
		strstr(out.at, "after this deed the play comes to no end within its limits"));
	sink_fini(&out);
	end(&t);
}
END_TEST

/* A play that fails of itself: what fails before the deed goes on to fail, the rest is silenced. */
START_TEST(what_failed_before_the_deed_is_the_past)
{
	struct tale t;
	uint32_t b;

	begin(&t, CONNECTED "expect at 1s zhang in CLOSED\nexpect at 3s li in CLOSED\n");
	ck_assert(!scene_run_has_passed(history_run(t.h, 0)));
	b = act(&t, 0, 2 * USEC_PER_S, "zhang write \"x\"");
	has_text(&t, b,
		 CONNECTED "expect at 1s zhang in CLOSED\nno longer expect at 3s li in CLOSED\n"
			   "\n# by hand\nat 2s by hand zhang write \"x\"\n");
	ck_assert_uint_eq(scene_run_verdict(history_run(t.h, b)).fail, 1);
	end(&t);
}
END_TEST

START_TEST(saved_it_bears_the_name_of_its_file)
{
	struct tale t;
	uint32_t b, c;

	begin(&t, talk);
	b = act(&t, 0, 1020000, "drop 3rd zhang -> li");
	ck_assert(!history_branch(t.h, b)->is_saved);
	ck_assert(history_saved(t.h, b, "/tmp/plays/lost.scene", &t.d));
	ck_assert(history_branch(t.h, b)->is_saved);
	ck_assert_str_eq(history_branch(t.h, b)->name, "lost.scene");
	ck_assert_str_eq(trace_file_name(history_trace(t.h, b), 0), "lost.scene");
	c = act(&t, b, 2020000, "drop 5th zhang -> li");
	ck_assert_uint_eq(history_branch(t.h, c)->parent, b);
	ck_assert_str_eq(trace_file_name(history_trace(t.h, c), 0), "x.scene");
	end(&t);
}
END_TEST

/* ---- names of words -------------------------------------------------------------------------- */

START_TEST(words_in_flight_have_names)
{
	struct tale t;
	const struct trace *trace;
	uint64_t copy = 0, sent = 0;
	struct sink out = {0};

	begin(&t, CONNECTED "wind zhang -> li { duplicate 1st where data after 20ms }\n"
			    "at 1s zhang write \"x\"\nat 1s li write \"y\"\n");
	trace = history_trace(t.h, 0);
	for (uint64_t i = 0; i < trace_count(trace); i++) {
		const struct record *r = trace_at(trace, i);

		if (r->kind == REC_WIND)
			copy = i;
		if (r->kind == REC_SEND && r->at == USEC_PER_S && r->host == 0)
			sent = i;
	}
	ck_assert(!flight_name(trace, 999999, sent, &out));
	ck_assert(flight_name(trace, 1000000, sent, &out));
	ck_assert_str_eq(out.at, "3rd zhang -> li");
	sink_clear(&out);
	ck_assert(!flight_name(trace, 1050000, sent, &out));
	ck_assert(flight_name(trace, 1050000, copy, &out));
	ck_assert_str_eq(out.at, "4th zhang -> li");
	sink_clear(&out);
	ck_assert(!flight_name(trace, 1070000, copy, &out));
	ck_assert(!flight_name(trace, 0, 1, &out));
	ck_assert(!flight_name(trace, 0, UINT64_MAX, &out));
	ck_assert_uint_eq(out.count, 0);
	act(&t, 0, 1050000, "drop 4th zhang -> li");
	sink_fini(&out);
	end(&t);
}
END_TEST

Suite *history_suite(void)
{
	Suite *s = suite_create("history");
	TCase *c = tcase_create("branches");

	tcase_add_test(c, a_deed_makes_a_branch);
	tcase_add_loop_test(c, a_deed_that_cannot_be_is_told_in_its_own_words, 0,
			    sizeof refused / sizeof refused[0]);
	tcase_add_loop_test(c, refusals_are_told_in_chinese_too, 0, 8);
	tcase_add_loop_test(c, a_branch_is_one_file, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(c, a_setting_for_one_of_many_is_refused);
	tcase_add_test(c, only_the_rounds_after_the_deed_are_silenced);
	tcase_add_test(c, a_broken_promise_is_told_and_taken_back);
	tcase_add_test(c, deeds_that_come_later_have_not_happened_yet);
	tcase_add_test(c, the_end_moves_when_something_is_done_at_it);
	tcase_add_test(c, a_branch_has_an_end);
	tcase_add_test(c, a_storm_is_refused);
	tcase_add_test(c, what_failed_before_the_deed_is_the_past);
	tcase_add_test(c, saved_it_bears_the_name_of_its_file);
	tcase_add_test(c, words_in_flight_have_names);
	suite_add_tcase(s, c);
	return s;
}
