/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/diag.h>
#include <woshou/jsonl.h>
#include "desk.h"
#include "scenery.h"

enum { THREE_IN_THE_AIR = 225000 };

static const struct branches *list(const struct desk *d)
{
	return &d->session.hands.branches;
}

/* main, then what-if-1 with two children, and what-if-4 beside it. */
static void grow(struct desk *d, int rows, int columns, enum lang lang)
{
	desk_begin(d, desk_scene, rows, columns, lang);
	desk_run(d, "goto 225ms");
	desk_run(d, "drop");
	desk_run(d, "goto 600ms");
	desk_run(d, "zhang write \"more\\n\"");
	desk_run(d, "undo");
	desk_run(d, "li close");
	desk_run(d, "branch main");
	desk_run(d, "goto 225ms");
	desk_run(d, "delay 1s");
	ck_assert_uint_eq(history_count(d->history), 5);
}

START_TEST(branches_are_a_tree)
{
	static const struct {
		uint32_t branch;
		int depth;
		bool is_last;
	} tree[] = {{0, 0, true}, {1, 1, false}, {2, 2, false}, {3, 2, true}, {4, 1, true}};
	struct desk d;

	grow(&d, 24, 80, LANG_EN);
	desk_press(&d, 'b');
	ck_assert_uint_eq(list(&d)->lines.count, 5);
	for (size_t i = 0; i < 5; i++) {
		ck_assert_uint_eq(list(&d)->lines.at[i].branch, tree[i].branch);
		ck_assert_int_eq(list(&d)->lines.at[i].depth, tree[i].depth);
		ck_assert_int_eq(list(&d)->lines.at[i].is_last, tree[i].is_last);
	}
	/* The rail of what-if-1 goes on beside its children. */
	ck_assert_uint_eq(list(&d)->lines.at[2].rails, 2);
	ck_assert_uint_eq(list(&d)->lines.at[4].rails, 0);
	ck_assert_int_eq(list(&d)->at, 4);
	ck_assert(desk_shows(&d, "what-if-4  0.225 s  delay 5th zhang -> li by 1s"));
	ck_assert(desk_shows(&d, "not saved"));
	desk_end(&d);
}
END_TEST

START_TEST(the_chosen_one_tells_what_became_of_it)
{
	struct desk d;
	const struct outcome *o;
	uint64_t segments = 0;

	grow(&d, 24, 80, LANG_EN);
	desk_press(&d, 'b');
	desk_press(&d, '0');
	o = &list(&d)->lines.at[0].outcome;
	for (uint64_t i = 0; i < trace_count(history_trace(d.history, 0)); i++)
		segments += trace_at(history_trace(d.history, 0), i)->kind == REC_SEND;
	ck_assert_uint_eq(o->segments, segments);
	ck_assert_uint_eq(o->lost, 0);
	ck_assert_uint_eq(o->pass, 2);
	ck_assert_uint_eq(o->fail, 0);
	ck_assert_int_eq(o->people, 2);
	ck_assert_int_eq(o->state[0], CLOSED);
	desk_press(&d, 'j');
	ck_assert_uint_eq(list(&d)->lines.at[1].outcome.lost, 1);
	ck_assert(desk_shows(&d, "1 lost"));
	ck_assert(desk_shows(&d, "parts from main at 0.225 s"));
	ck_assert(desk_shows(&d, "parts from what-if-4"));
	ck_assert(desk_shows(&d, "Zhang San CLOSED, Li Si CLOSED"));
	desk_end(&d);
}
END_TEST

START_TEST(enter_and_clicks_switch_at_the_same_moment)
{
	struct desk d;

	grow(&d, 24, 80, LANG_EN);
	desk_press(&d, 'b');
	desk_press(&d, PRESS_UP);
	desk_press(&d, PRESS_UP);
	desk_press(&d, PRESS_ENTER);
	ck_assert_uint_eq(d.session.hands.branch, 2);
	ck_assert_ptr_eq(d.session.story->trace, history_trace(d.history, 2));
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	ck_assert_int_eq(d.session.player.now, THREE_IN_THE_AIR);
	ck_assert(desk_shows(&d, "branch what-if-2 at 0.225 s"));
	/* The first click chooses, the second shows; one beside the box closes it. */
	desk_press(&d, 'b');
	desk_click(&d, ACTION_PICK, 0);
	ck_assert_int_eq(list(&d)->at, 0);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_BRANCHES);
	desk_click(&d, ACTION_PICK, 0);
	ck_assert_uint_eq(d.session.hands.branch, 0);
	desk_press(&d, 'b');
	session_input(&d.session, &(struct input){.key = PRESS_CLICK, .row = 0, .column = 0});
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	/* A branch that ends earlier is shown at its end. */
	desk_press(&d, 'G');
	desk_run(&d, "branch what-if-1");
	ck_assert_int_le(d.session.player.now, d.session.story->end);
	desk_end(&d);
}
END_TEST

START_TEST(two_branches_are_put_side_by_side)
{
	struct desk d;

	grow(&d, 24, _i == 0 ? 100 : 60, LANG_EN);
	desk_press(&d, 'b');
	desk_press(&d, '=');
	ck_assert(!list(&d)->is_comparing);
	ck_assert(desk_shows(&d, "choose another"));
	desk_press(&d, '0');
	desk_press(&d, '=');
	ck_assert(list(&d)->is_comparing);
	ck_assert(desk_shows(&d, "Side by side"));
	ck_assert(desk_shows(&d, "main"));
	ck_assert(desk_shows(&d, "what-if-4"));
	ck_assert(desk_shows(&d, "0.225"));
	ck_assert(desk_shows(&d, "holds"));
	for (int i = 0; i < 200; i++)
		desk_press(&d, 'j');
	ck_assert(canvas_is_sound(&d.canvas));
	desk_press(&d, PRESS_ESCAPE);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_BRANCHES);
	desk_press(&d, '=');
	desk_press(&d, PRESS_ENTER);
	ck_assert_uint_eq(d.session.hands.branch, 0);
	desk_end(&d);
}
END_TEST

START_TEST(the_list_is_drawn_at_every_size)
{
	struct desk d;

	grow(&d, 12, 40, (enum lang)_i);
	desk_press(&d, 'b');
	for (int rows = 12; rows <= 50; rows += 6) {
		for (int columns = 40; columns <= 200; columns += 11) {
			desk_resize(&d, rows, columns);
			ck_assert(canvas_is_sound(&d.canvas));
			ck_assert(desk_shows(&d, "what-if-4"));
			desk_press(&d, '0');
			desk_press(&d, '=');
			ck_assert(canvas_is_sound(&d.canvas));
			desk_press(&d, PRESS_ESCAPE);
			desk_press(&d, 'G');
		}
	}
	desk_end(&d);
}
END_TEST

START_TEST(hundreds_of_branches_are_listed)
{
	struct desk d;

	desk_begin(&d, desk_scene, 12, 40, LANG_EN);
	desk_go(&d, 600000);
	for (int i = 0; i < 90; i++)
		desk_run(&d, "zhang write \"x\"");
	ck_assert_uint_eq(history_count(d.history), 91);
	desk_press(&d, 'b');
	ck_assert(canvas_is_sound(&d.canvas));
	for (int i = 0; i < 100; i++)
		desk_press(&d, PRESS_UP);
	ck_assert_int_eq(list(&d)->at, 0);
	for (int i = 0; i < 15; i++)
		desk_press(&d, PRESS_PAGE_DOWN);
	ck_assert_int_eq(list(&d)->at, 90);
	ck_assert(canvas_is_sound(&d.canvas));
	ck_assert(desk_shows(&d, "what-if-90"));
	desk_end(&d);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

/* The octets as a scene of this name, run: its trace. */
static void play(const struct sink *text, const char *name, struct sink *out)
{
	struct diags diags = {0};
	struct scene_file *f = scene_parse(name, text->at, text->count, NULL, &diags);
	struct scene_run *run;

	ck_assert_msg(f != NULL, "%s", diags.list.count > 0 ? diags.list.at[0].message : "");
	run = scene_run_new(f, 0, NULL, &diags);
	ck_assert_ptr_nonnull(run);
	scene_run_all(run);
	ck_assert(scene_run_has_passed(run));
	trace_write_jsonl(scene_run_trace(run), out);
	scene_run_free(run);
	scene_free(f);
	diags_fini(&diags);
}

START_TEST(what_is_saved_plays_what_was_seen)
{
	struct desk d;

	grow(&d, 24, 80, LANG_EN);
	for (uint32_t i = 1; i < 5; i++) {
		struct sink seen = {0}, played = {0}, command = {0}, name = {0};

		sink_printf(&command, "branch %u", i);
		sink_printf(&name, "talk-what-if-%u.scene", i);
		desk_run(&d, command.at);
		desk_run(&d, "save");
		ck_assert_ptr_nonnull(desk_written(&d, name.at));
		ck_assert(history_branch(d.history, i)->is_saved);
		ck_assert_str_eq(history_branch(d.history, i)->name, name.at);
		ck_assert(desk_shows(&d, "written: talk-what-if-"));
		ck_assert_ptr_eq(d.session.story->trace, history_trace(d.history, i));
		trace_write_jsonl(d.session.story->trace, &seen);
		play(desk_written(&d, name.at), name.at, &played);
		ck_assert_str_eq(seen.at, played.at);
		sink_fini(&seen);
		sink_fini(&played);
		sink_fini(&command);
		sink_fini(&name);
	}
	/* Nothing is unsaved any more. */
	desk_press(&d, 'q');
	ck_assert(session_is_over(&d.session));
	desk_end(&d);
}
END_TEST

START_TEST(saving_keeps_the_moment)
{
	struct desk d;
	uint64_t cursor;
	int64_t selected;

	grow(&d, 24, 80, LANG_EN);
	desk_press(&d, 's');
	cursor = d.session.player.cursor;
	selected = player_selected(&d.session.player);
	desk_run(&d, "save mine");
	ck_assert_ptr_nonnull(desk_written(&d, "mine.scene"));
	ck_assert_uint_eq(d.session.player.cursor, cursor);
	ck_assert_int_eq(player_selected(&d.session.player), selected);
	ck_assert(desk_shows(&d, "mine.scene"));
	desk_end(&d);
}
END_TEST

START_TEST(nothing_is_overwritten_unasked)
{
	struct desk d;
	size_t before;

	grow(&d, 24, 80, LANG_EN);
	desk_run(&d, "save mine");
	before = desk_written(&d, "mine.scene")->count;
	desk_run(&d, "branch main");
	desk_run(&d, "save mine");
	ck_assert(desk_shows(&d, "mine.scene: write over it? y n"));
	/* Another key is no answer. */
	desk_press(&d, 'x');
	desk_press(&d, PRESS_ENTER);
	ck_assert(desk_shows(&d, "mine.scene: write over it? y n"));
	desk_press(&d, 'n');
	ck_assert(desk_shows(&d, "nothing was written"));
	ck_assert_uint_eq(desk_written(&d, "mine.scene")->count, before);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	desk_run(&d, "save mine");
	desk_press(&d, 'y');
	ck_assert_uint_ne(desk_written(&d, "mine.scene")->count, before);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	desk_end(&d);
}
END_TEST

START_TEST(the_list_saves_by_name)
{
	struct desk d;

	grow(&d, 24, 80, LANG_EN);
	desk_press(&d, 'b');
	desk_press(&d, '0');
	desk_press(&d, 'j');
	desk_press(&d, 's');
	ck_assert_str_eq(d.session.player.prompt.entry.text, "talk-what-if-1.scene");
	/* The name that is offered gives way to the first letter typed. */
	desk_type(&d, "lost");
	desk_press(&d, PRESS_ENTER);
	ck_assert_ptr_nonnull(desk_written(&d, "lost.scene"));
	ck_assert(history_branch(d.history, 1)->is_saved);
	ck_assert_uint_eq(d.session.hands.branch, 4);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_BRANCHES);
	ck_assert(desk_shows(&d, "lost.scene"));
	/* When it cannot be written that is said where it was asked for, and nothing is lost. */
	d.cupboard.is_locked = true;
	desk_press(&d, 'G');
	desk_press(&d, 's');
	desk_press(&d, PRESS_ENTER);
	ck_assert(desk_shows(&d, "the cupboard is locked"));
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_COMMAND);
	ck_assert(!history_branch(d.history, 4)->is_saved);
	desk_press(&d, PRESS_ESCAPE);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_BRANCHES);
	desk_end(&d);
}
END_TEST

START_TEST(a_name_too_long_is_refused)
{
	struct desk d;
	char name[300];

	grow(&d, 24, 80, LANG_EN);
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	desk_press(&d, ':');
	desk_type(&d, "save ");
	desk_type(&d, name);
	desk_press(&d, PRESS_ENTER);
	ck_assert(desk_shows(&d, "too long"));
	ck_assert_int_eq(d.cupboard.count, 0);
	desk_end(&d);
}
END_TEST

START_TEST(exports_say_where_they_are)
{
	struct desk d;
	int formats = 0;

	grow(&d, 24, 80, LANG_EN);
	while (export_formats[formats].name)
		formats++;
	desk_press(&d, 'x');
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_EXPORT);
	for (int i = 0; i < formats; i++)
		ck_assert(desk_shows(&d, string_in(export_formats[i].what, LANG_EN)));
	for (int i = 0; i < 20; i++)
		desk_press(&d, PRESS_DOWN);
	ck_assert_int_eq(d.session.hands.picked, formats - 1);
	desk_press(&d, PRESS_ENTER);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	ck_assert(desk_shows(&d, "written: talk-what-if-4."));
	ck_assert_int_eq(d.cupboard.count, 1);
	/* Once more: it is there already. */
	desk_press(&d, 'x');
	for (int i = 0; i < 20; i++)
		desk_press(&d, PRESS_DOWN);
	desk_press(&d, PRESS_ENTER);
	ck_assert(desk_shows(&d, "write over it?"));
	desk_press(&d, PRESS_ESCAPE);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_EXPORT);
	desk_press(&d, 'q');
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	for (int i = 0; i < formats; i++) {
		const struct export_format *f = &export_formats[i];
		struct sink command = {0};

		if (!f->draw)
			continue;
		sink_printf(&command, "export %s own.%s", f->name, f->name);
		desk_run(&d, command.at);
		ck_assert_uint_gt(
			desk_written(&d, command.at + strlen("export ") + strlen(f->name) + 1)
				->count,
			500);
		sink_fini(&command);
	}
	desk_run(&d, "export csv table.csv");
	ck_assert_ptr_nonnull(desk_written(&d, "table.csv"));
	d.cupboard.is_locked = true;
	desk_run(&d, "export csv other.csv");
	ck_assert(desk_shows(&d, "the cupboard is locked"));
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_COMMAND);
	desk_end(&d);
}
END_TEST

/* The picture as it stands, without what lies over it. */
START_TEST(a_picture_is_the_one_on_the_screen)
{
	struct desk d;
	struct sink seen = {0};

	grow(&d, 24, 80, LANG_BOTH);
	desk_press(&d, 'f');
	canvas_dump(&d.canvas, &seen);
	desk_press(&d, 'x');
	desk_press(&d, PRESS_ESCAPE);
	desk_run(&d, "export text now.txt");
	ck_assert_str_eq(desk_written(&d, "now.txt")->at, seen.at);
	sink_fini(&seen);
	desk_end(&d);
}
END_TEST

Suite *branches_suite(void)
{
	Suite *s = suite_create("branches");
	TCase *c = tcase_create("branches of history");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, branches_are_a_tree);
	tcase_add_test(c, the_chosen_one_tells_what_became_of_it);
	tcase_add_test(c, enter_and_clicks_switch_at_the_same_moment);
	tcase_add_loop_test(c, two_branches_are_put_side_by_side, 0, 2);
	tcase_add_loop_test(c, the_list_is_drawn_at_every_size, 0, 3);
	tcase_add_test(c, hundreds_of_branches_are_listed);
	tcase_add_test(c, what_is_saved_plays_what_was_seen);
	tcase_add_test(c, saving_keeps_the_moment);
	tcase_add_test(c, nothing_is_overwritten_unasked);
	tcase_add_test(c, the_list_saves_by_name);
	tcase_add_test(c, a_name_too_long_is_refused);
	tcase_add_test(c, exports_say_where_they_are);
	tcase_add_test(c, a_picture_is_the_one_on_the_screen);
	suite_add_tcase(s, c);
	return s;
}
