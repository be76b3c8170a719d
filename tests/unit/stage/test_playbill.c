/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/playbill.h>
#include "scenery.h"

static const char *const runs[] = {"[loss=none]", "[loss=SYN]"};

static const struct playbill_entry bill[] = {
	{"hello/three-way.scene",
	 {"Three waves", "三次招手"},
	 {"Hello", "见面"},
	 NULL,
	 1,
	 1000,
	 true,
	 0},
	{"hello/syn-lost.scene",
	 {"The wave is lost", "招手丢了"},
	 {"Hello", "见面"},
	 runs,
	 2,
	 420,
	 false,
	 1050000},
	{"talk/eight.scene",
	 {"Eight sentences", "八句话"},
	 {"Talk", "交谈"},
	 NULL,
	 1,
	 -1,
	 false,
	 0},
	{"bye/no-title.scene", {"", ""}, {"Bye", "告别"}, NULL, 1, -1, false, 0},
};

enum { BILL = sizeof bill / sizeof bill[0] };

static void type(struct playbill *p, const char *keys)
{
	for (; *keys; keys++)
		playbill_key(p, (unsigned char)*keys);
}

START_TEST(one_is_chosen_by_arrows_and_enter)
{
	struct playbill p;

	playbill_init(&p, bill, BILL, LANG_ZH, 0);
	ck_assert_uint_eq(playbill_chosen(&p), BILL);
	playbill_key(&p, PRESS_UP);
	playbill_key(&p, PRESS_DOWN);
	playbill_key(&p, PRESS_DOWN);
	playbill_key(&p, PRESS_ENTER);
	ck_assert_uint_eq(playbill_chosen(&p), 2);
	playbill_fini(&p);
}
END_TEST

START_TEST(one_is_chosen_by_its_number)
{
	struct playbill p;

	playbill_init(&p, bill, BILL, LANG_EN, 0);
	type(&p, "3");
	ck_assert_uint_eq(p.selected, 2);
	type(&p, "2"); /* there is no 32 */
	ck_assert_uint_eq(p.selected, 1);
	type(&p, "9");
	ck_assert_uint_eq(p.selected, 1);
	playbill_fini(&p);
}
END_TEST

START_TEST(the_search_looks_at_titles_and_names)
{
	struct playbill p;

	playbill_init(&p, bill, BILL, LANG_EN, 3);
	type(&p, "/WAVE");
	ck_assert_uint_eq(p.matches.count, 2);
	playbill_key(&p, PRESS_DOWN); /* takes effect while typing */
	ck_assert_uint_eq(p.selected, 1);
	playbill_key(&p, PRESS_BACKSPACE);
	type(&p, "zzz");
	ck_assert_uint_eq(p.matches.count, 0);
	playbill_key(&p, PRESS_ENTER);
	playbill_key(&p, PRESS_ENTER);
	ck_assert(!p.has_chosen);
	type(&p, "/");
	playbill_key(&p, PRESS_ESCAPE);
	ck_assert_uint_eq(p.matches.count, BILL);
	type(&p, "/");
	playbill_key(&p, 0x516b); /* 八 */
	ck_assert_uint_eq(p.matches.count, 1);
	playbill_key(&p, PRESS_BACKSPACE);
	ck_assert_uint_eq(p.search.count, 0);
	playbill_fini(&p);
}
END_TEST

START_TEST(a_second_click_plays)
{
	struct playbill p;

	playbill_init(&p, bill, BILL, LANG_EN, 0);
	playbill_click(&p, 2);
	ck_assert(!p.has_chosen);
	playbill_click(&p, 2);
	ck_assert_uint_eq(playbill_chosen(&p), 2);
	playbill_fini(&p);
}
END_TEST

START_TEST(it_fits_every_screen)
{
	struct playbill p;
	struct hits hits;

	playbill_init(&p, bill, BILL, LANG_BOTH, 0);
	for (int rows = 0; rows < 30; rows++) {
		for (int columns = 0; columns < 100; columns += 7) {
			struct canvas c;

			canvas_init(&c, rows, columns, false);
			playbill_draw(&c, &p, &hits);
			ck_assert(canvas_is_sound(&c));
			canvas_fini(&c);
			playbill_key(&p, rows % 2 ? PRESS_DOWN : PRESS_PAGE_UP);
		}
	}
	playbill_fini(&p);
}
END_TEST

START_TEST(the_chosen_one_is_in_sight)
{
	struct playbill_entry many[200];
	struct playbill p;

	for (int i = 0; i < 200; i++)
		many[i] = bill[i / 70];
	playbill_init(&p, many, 200, LANG_EN, 0);
	for (int i = 0; i < 200; i++) {
		struct canvas c;
		struct hits hits;
		bool is_seen = false;

		canvas_init(&c, 20, 60, false);
		playbill_draw(&c, &p, &hits);
		for (int h = 0; h < hits.count; h++)
			is_seen = is_seen || hits.at[h].arg == p.selected;
		ck_assert(is_seen);
		canvas_fini(&c);
		playbill_key(&p, PRESS_DOWN);
	}
	playbill_fini(&p);
}
END_TEST

/* ---- what it asks of the source -------------------------------------------------------------- */

struct files {
	struct trace *trace;
	size_t previews;
	bool is_broken;
};

static const struct playbill_entry *entries(void *user, size_t *count)
{
	(void)user;
	*count = BILL;
	return bill;
}

static const struct trace *preview(void *user, size_t entry, size_t variant, struct sink *complaint)
{
	struct files *files = user;

	files->previews++;
	if (files->is_broken || entry == 3)
		sink_printf(complaint, "no run %zu of it", variant);
	return files->is_broken || entry == 3 ? NULL : files->trace;
}

static bool open_named(void *user, const char *path, size_t *entry, struct sink *complaint)
{
	(void)user;
	*entry = 2;
	if (strcmp(path, "talk/eight.scene") == 0)
		return true;
	sink_printf(complaint, "%s: not there", path);
	return false;
}

static void complete(void *user, const char *path, struct sink *names)
{
	(void)user;
	(void)path;
	sink_puts(names, "talk/eight.scene\nbye/no-title.scene\n");
}

static void begin(struct playbill *p, struct playbill_source *source, struct files *files,
		  enum lang lang)
{
	*files = (struct files){.trace = fixture_first_wave()};
	*source = (struct playbill_source){files, entries, preview, open_named, complete};
	playbill_init(p, bill, BILL, lang, 0);
	p->source = source;
}

static void end(struct playbill *p, struct files *files)
{
	playbill_fini(p);
	trace_free(files->trace);
}

static bool shows(struct playbill *p, int rows, int columns, const char *text)
{
	struct sink out = {0};
	struct canvas c;
	bool is_there;

	canvas_init(&c, rows, columns, false);
	playbill_look(p);
	playbill_draw(&c, p, NULL);
	ck_assert(canvas_is_sound(&c));
	canvas_dump(&c, &out);
	is_there = strstr(out.at, text) != NULL;
	sink_fini(&out);
	canvas_fini(&c);
	return is_there;
}

START_TEST(the_selected_one_is_previewed_once)
{
	struct playbill_source source;
	struct files files;
	struct playbill p;

	begin(&p, &source, &files, LANG_EN);
	ck_assert(shows(&p, 24, 80, "seen to the end"));
	ck_assert(shows(&p, 24, 80, "seen to the end"));
	ck_assert_uint_eq(files.previews, 1);
	playbill_key(&p, PRESS_DOWN);
	ck_assert(shows(&p, 24, 80, "seen 42%"));
	ck_assert(shows(&p, 24, 80, "left at 1.050 s"));
	ck_assert(shows(&p, 24, 80, "run 1/2 [loss=none]"));
	ck_assert_uint_eq(files.previews, 2);
	playbill_key(&p, 'v');
	ck_assert(shows(&p, 24, 80, "run 2/2 [loss=SYN]"));
	ck_assert_uint_eq(files.previews, 3);
	ck_assert(shows(&p, 40, 120, "ladder"));
	playbill_key(&p, PRESS_DOWN);
	ck_assert_uint_eq(p.variant, 0);
	ck_assert(shows(&p, 24, 80, "not seen yet"));
	playbill_key(&p, PRESS_DOWN);
	ck_assert(shows(&p, 24, 80, "This cannot be played"));
	ck_assert(shows(&p, 24, 80, "no run 0 of it"));
	playbill_key(&p, 'i');
	ck_assert(!shows(&p, 24, 80, "This cannot be played"));
	end(&p, &files);
}
END_TEST

START_TEST(a_file_is_opened_by_its_name)
{
	struct playbill_source source;
	struct files files;
	struct playbill p;

	begin(&p, &source, &files, LANG_EN);
	type(&p, "onowhere");
	playbill_key(&p, PRESS_ENTER);
	ck_assert(!p.has_chosen);
	ck_assert(shows(&p, 24, 80, "nowhere: not there"));
	for (int i = 0; i < 7; i++)
		playbill_key(&p, PRESS_BACKSPACE);
	type(&p, "ta");
	playbill_key(&p, PRESS_TAB);
	ck_assert_str_eq(p.path.text, "talk/eight.scene");
	playbill_key(&p, PRESS_ENTER);
	ck_assert_uint_eq(playbill_chosen(&p), 2);
	ck_assert(p.is_afresh);
	end(&p, &files);
}
END_TEST

START_TEST(the_beginning_can_be_asked_for)
{
	struct playbill p;

	playbill_init(&p, bill, BILL, LANG_EN, 1);
	playbill_key(&p, PRESS_ENTER);
	ck_assert(p.has_chosen && !p.is_afresh);
	playbill_key(&p, 's');
	ck_assert(p.has_chosen && p.is_afresh);
	playbill_fini(&p);
}
END_TEST

START_TEST(all_keys_are_told)
{
	struct playbill p;

	playbill_init(&p, bill, BILL, LANG_BOTH, 1);
	playbill_key(&p, '?');
	ck_assert(shows(&p, 24, 80, "从头演起 play it from the beginning"));
	ck_assert(shows(&p, 12, 40, "Enter"));
	for (int i = 0; i < 40; i++)
		playbill_key(&p, PRESS_DOWN);
	ck_assert(shows(&p, 6, 40, "退出"));
	playbill_key(&p, 'q');
	ck_assert(!p.is_helping && !p.wants_quit);
	playbill_fini(&p);
}
END_TEST

START_TEST(the_search_looks_at_groups_too)
{
	struct playbill p;

	playbill_init(&p, bill, BILL, LANG_EN, 0);
	type(&p, "/hello");
	ck_assert_uint_eq(p.matches.count, 2);
	playbill_fini(&p);
}
END_TEST

Suite *playbill_suite(void)
{
	Suite *s = suite_create("playbill");
	TCase *t = tcase_create("a playbill");

	tcase_add_test(t, one_is_chosen_by_arrows_and_enter);
	tcase_add_test(t, one_is_chosen_by_its_number);
	tcase_add_test(t, the_search_looks_at_titles_and_names);
	tcase_add_test(t, a_second_click_plays);
	tcase_add_test(t, it_fits_every_screen);
	tcase_add_test(t, the_chosen_one_is_in_sight);
	tcase_add_test(t, the_selected_one_is_previewed_once);
	tcase_add_test(t, a_file_is_opened_by_its_name);
	tcase_add_test(t, the_beginning_can_be_asked_for);
	tcase_add_test(t, all_keys_are_told);
	tcase_add_test(t, the_search_looks_at_groups_too);
	suite_add_tcase(s, t);
	return s;
}
