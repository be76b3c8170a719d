/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <base/diag.h>
#include <base/prng.h>
#include <base/utf8.h>
#include <stage/command.h>
#include "desk.h"
#include "scenery.h"

enum { THREE_IN_THE_AIR = 225000 };

static const struct prompt *line(const struct desk *d)
{
	return &d->session.player.prompt;
}

static const struct branch *shown(const struct desk *d)
{
	return history_branch(d->history, d->session.hands.branch);
}

/* ---- deeds ----------------------------------------------------------------------------------- */

START_TEST(people_do_what_is_typed)
{
	static const struct {
		const char *command;
		enum record_kind kind;
		enum call_verb verb;
	} cases[] = {
		{"zhang write \"wait!\\n\"", REC_CALL, CALL_WRITE},
		{"li close", REC_CALL, CALL_CLOSE},
		{"  zhang   shutdown  ", REC_CALL, CALL_SHUTDOWN},
		{"zhang abort", REC_CALL, CALL_ABORT},
		{"li crash", REC_CRASH, 0},
		{"zhang connect li as c2", REC_CALL, CALL_CONNECT},
		{"li write 2KiB", REC_CALL, CALL_WRITE},
		{"zhang option TCP_NODELAY on", REC_CALL, CALL_OPTION},
	};
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, 600000);
	desk_run(&d, cases[_i].command);
	ck_assert_msg(history_count(d.history) == 2, "%s: %s", cases[_i].command,
		      line(&d)->complaint);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	ck_assert_int_eq(d.session.player.now, 600000);
	ck_assert_int_eq(trace_at(d.session.story->trace, shown(&d)->cursor)->kind, cases[_i].kind);
	if (cases[_i].kind == REC_CALL)
		ck_assert_int_eq(trace_at(d.session.story->trace, shown(&d)->cursor)->detail,
				 cases[_i].verb);
	desk_end(&d);
}
END_TEST

START_TEST(deeds_upon_the_selected_word)
{
	static const struct {
		const char *command, *deed;
	} cases[] = {
		{"drop", "drop 5th zhang -> li"},
		{"delay 300ms", "delay 5th zhang -> li by 300ms"},
		{"delay by 1.5s", "delay 5th zhang -> li by 1.5s"},
		{"delay", "delay 5th zhang -> li by 200ms"},
		{"duplicate", "duplicate 5th zhang -> li"},
		{"duplicate 10ms", "duplicate 5th zhang -> li after 10ms"},
		{"reorder", "reorder 5th zhang -> li past 1"},
		{"reorder 2", "reorder 5th zhang -> li past 2"},
		{"corrupt", "corrupt 5th zhang -> li"},
		{"drop 3rd zhang -> li", "drop 3rd zhang -> li"},
		{"wind zhang -> li { delay 1s }", "wind zhang -> li { delay 1s }"},
	};
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	desk_run(&d, cases[_i].command);
	ck_assert_msg(history_count(d.history) == 2, "%s: %s", cases[_i].command,
		      line(&d)->complaint);
	ck_assert_str_eq(shown(&d)->deed, cases[_i].deed);
	desk_end(&d);
}
END_TEST

/* Nothing typed is lost, and the caret stands under the place. */
START_TEST(a_mistake_is_shown_where_it_is)
{
	static const struct {
		const char *command;
		size_t at, size;
	} cases[] = {
		{"zahng close", 0, 5},
		{"zhang clsoe", 6, 5},
		{"  zhang clsoe", 8, 5},
		{"delay 3parsecs", 6, 8},
		{"wind zhang -> li { dealy 1s }", 19, 5},
		{"goto nowhere", 5, 7},
		{"branch nowhere", 7, 7},
		{"speed fast", 6, 4},
		{"lang fr", 5, 2},
		{"export doc", 7, 3},
	};
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	desk_run(&d, cases[_i].command);
	ck_assert_str_ne(line(&d)->complaint, "");
	ck_assert_str_eq(line(&d)->entry.text, cases[_i].command);
	ck_assert_uint_eq(line(&d)->wrong_at, cases[_i].at);
	ck_assert_uint_eq(line(&d)->wrong_size, cases[_i].size);
	ck_assert_uint_eq(history_count(d.history), 1);
	ck_assert(desk_shows(&d, "^"));
	ck_assert(desk_shows(&d, cases[_i].command));
	/* It goes with the next key; the line stays. */
	desk_press(&d, PRESS_LEFT);
	ck_assert_str_eq(line(&d)->complaint, "");
	ck_assert_str_eq(line(&d)->entry.text, cases[_i].command);
	desk_end(&d);
}
END_TEST

START_TEST(what_cannot_be_now_is_said)
{
	static const struct {
		const char *command;
		usec at;
	} cases[] = {
		{"drop", 600000},
		{"drop 9th zhang -> li", THREE_IN_THE_AIR},
		{"c9 close", 0},
		{"nobody close", 0},
		{"drop 0th zhang -> li", 0},
		{"diff", 0},
		{"expect li in CLOSED", 0},
		{"}", 0},
		{"wind zhang -> li {", 0},
		{"zhang write \"open", 0},
	};
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, cases[_i].at);
	desk_run(&d, cases[_i].command);
	ck_assert_msg(line(&d)->complaint[0] != '\0', "%s", cases[_i].command);
	ck_assert_uint_eq(history_count(d.history), 1);
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_COMMAND);
	desk_end(&d);
}
END_TEST

/* ---- the stage's own ------------------------------------------------------------------------- */

START_TEST(commands_of_the_stage)
{
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_run(&d, "goto 225ms");
	ck_assert_int_eq(d.session.player.now, THREE_IN_THE_AIR);
	desk_run(&d, "speed 2");
	ck_assert_int_eq(d.session.player.speed, 1);
	desk_run(&d, "lang zh");
	ck_assert_int_eq(d.session.player.lang, LANG_ZH);
	desk_run(&d, "lang both");
	ck_assert_int_eq(d.session.player.lang, LANG_BOTH);
	desk_run(&d, "lang en");
	desk_run(&d, "drop");
	ck_assert_uint_eq(d.session.hands.branch, 1);
	desk_run(&d, "branch main");
	ck_assert_uint_eq(d.session.hands.branch, 0);
	ck_assert_int_eq(d.session.player.now, THREE_IN_THE_AIR);
	desk_run(&d, "branch 1");
	ck_assert_uint_eq(d.session.hands.branch, 1);
	desk_run(&d, "branch what-if-1");
	desk_run(&d, "undo");
	ck_assert_uint_eq(d.session.hands.branch, 0);
	desk_run(&d, "branch");
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_BRANCHES);
	desk_press(&d, PRESS_ESCAPE);
	desk_run(&d, "diff what-if-1");
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_BRANCHES);
	ck_assert(d.session.hands.branches.is_comparing);
	desk_press(&d, PRESS_ESCAPE);
	desk_press(&d, PRESS_ESCAPE);
	desk_run(&d, "help");
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_HELP);
	desk_press(&d, PRESS_ESCAPE);
	desk_run(&d, "");
	ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	desk_run(&d, "quit");
	ck_assert(!session_is_over(&d.session));
	desk_press(&d, 'q');
	ck_assert(session_is_over(&d.session));
	desk_end(&d);
}
END_TEST

/* A play may call people as the stage calls its commands. */
START_TEST(a_person_called_like_a_command_is_a_person)
{
	static const char scene[] = "woshou 1\n"
				    "person goto\nperson drop\n"
				    "wind goto <-> drop { delay 50ms }\n"
				    "at 0s drop listen\nat 1s goto connect drop\n";
	struct desk d;

	desk_begin(&d, scene, 24, 80, LANG_EN);
	desk_go(&d, 500000);
	desk_run(&d, "goto connect drop");
	ck_assert_msg(history_count(d.history) == 2, "%s", line(&d)->complaint);
	desk_run(&d, "drop close");
	ck_assert_str_eq(shown(&d)->deed, "drop close");
	desk_end(&d);
}
END_TEST

START_TEST(older_commands_come_back)
{
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, 600000);
	desk_run(&d, "li clsoe");
	desk_press(&d, PRESS_ESCAPE);
	desk_run(&d, "speed 2");
	desk_press(&d, ':');
	desk_press(&d, PRESS_UP);
	ck_assert_str_eq(line(&d)->entry.text, "speed 2");
	desk_press(&d, PRESS_UP);
	ck_assert_str_eq(line(&d)->entry.text, "li clsoe");
	desk_press(&d, CTRL_KEY('W'));
	desk_type(&d, "close");
	desk_press(&d, PRESS_ENTER);
	ck_assert_str_eq(shown(&d)->deed, "li close");
	desk_end(&d);
}
END_TEST

/* ---- completion ------------------------------------------------------------------------------ */

START_TEST(words_are_completed_where_they_stand)
{
	static const struct {
		const char *typed, *completed;
	} cases[] = {
		{"zh", "zhang "},
		{"zhang conn", "zhang connect "},
		{"zhang connect l", "zhang connect li "},
		{"zhang connect li po", "zhang connect li port "},
		{"zhang option TCP_", "zhang option TCP_NODELAY "},
		{"wi", "wind "},
		{"wind zhang <", "wind zhang <-> "},
		{"wind zhang -> li { del", "wind zhang -> li { delay "},
		{"wind zhang -> li { drop 1st where SYN+",
		 "wind zhang -> li { drop 1st where SYN+ACK "},
		{"goto state TI", "goto state TIME_WAIT "},
		{"goto prev l", "goto prev lost "},
		{"branch m", "branch main "},
		{"save talk", "save talk.scene "},
		{"export pc", "export pcapng "},
		{"lang z", "lang zh"},
		{"speed 1/8", "speed 1/8 "},
		{"drop 4", "drop 4th zhang -> li "},
		{"delay 2", "delay 200ms "},
		{"zhang write \"l", "zhang write \"l"},
	};
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	desk_press(&d, ':');
	desk_type(&d, cases[_i].typed);
	desk_press(&d, PRESS_TAB);
	ck_assert_str_eq(line(&d)->entry.text, cases[_i].completed);
	desk_end(&d);
}
END_TEST

/* What completion offers as first words, verbs and deeds, the language or the stage knows. */
START_TEST(what_is_offered_is_known)
{
	struct desk d;

	desk_begin(&d, desk_scene, 24, 80, LANG_EN);
	desk_go(&d, THREE_IN_THE_AIR);
	desk_press(&d, ':');
	desk_type(&d, "zhang ");
	ck_assert_int_gt(line(&d)->words.count, 10);
	for (int i = 0; i < line(&d)->words.count; i++) {
		struct diags diags = {0};
		struct sink deed = {0};

		sink_printf(&deed, "zhang %s", line(&d)->words.at[i]);
		if (history_act(d.history, 0, THREE_IN_THE_AIR, deed.at, &diags) == NO_BRANCH)
			ck_assert_msg(strstr(diags.list.at[0].message, "unknown") == NULL, "%s: %s",
				      deed.at, diags.list.at[0].message);
		diags_fini(&diags);
		sink_fini(&deed);
	}
	desk_end(&d);
}
END_TEST

/* ---- seen ------------------------------------------------------------------------------------ */

START_TEST(the_line_is_drawn_at_every_size)
{
	static const char *const typed[] = {
		"",
		"zhang close",
		"zahng close",
		"save",
		"export svg",
		"zhang write \"张三说了很长很长的一句话，长得一行都写不下，所以要往左滚动\"",
	};
	struct desk d;

	desk_begin(&d, desk_scene, 12, 40, (enum lang)_i);
	desk_go(&d, THREE_IN_THE_AIR);
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
		desk_press(&d, ':');
		desk_type(&d, typed[i]);
		for (int rows = 12; rows <= 40; rows += 14) {
			for (int columns = 40; columns <= 120; columns += 27) {
				desk_resize(&d, rows, columns);
				ck_assert(canvas_is_sound(&d.canvas));
				ck_assert_msg(desk_shows(&d, "\n :"), "%s at %dx%d", typed[i],
					      columns, rows);
			}
		}
		desk_press(&d, PRESS_ENTER);
		ck_assert(canvas_is_sound(&d.canvas));
		desk_press(&d, PRESS_ESCAPE);
		desk_press(&d, PRESS_ESCAPE);
	}
	desk_end(&d);
}
END_TEST

/* Whatever is typed: no crash, a sound picture, and the way out is there. */
START_TEST(any_line_at_any_moment)
{
	static const char *const words[] = {
		"zhang",    "li",      "drop",    "delay",   "duplicate", "reorder",
		"corrupt",  "wind",    "->",      "<->",     "{",         "}",
		"write",    "\"",      "\\",      "connect", "close",     "option",
		"goto",     "next",    "state",   "save",    "branch",    "diff",
		"export",   "svg",     "undo",    "3rd",     "0",         "99999999999999",
		"1s",       "-1ms",    "where",   "SYN",     "张三",      "\xcc\x81",
		"stranger", "as",      "segment", "by",      "hand",      "expect",
		"person",   "include", "repeat",  "2",       "%",         "#",
		"",         " ",
	};
	struct desk d;
	struct prng p;

	prng_init(&p, 11, (uint64_t)_i);
	desk_begin(&d, desk_scene, 24, 80, LANG_BOTH);
	for (int i = 0; i < 150; i++) {
		int count = 1 + (int)prng_below(&p, 7);

		desk_go(&d, (usec)prng_below(&p, 2500000));
		desk_press(&d, prng_below(&p, 6) ? ':' : 'D');
		for (int k = 0; k < count; k++) {
			desk_type(&d, words[prng_below(&p, sizeof words / sizeof words[0])]);
			desk_press(&d, prng_below(&p, 5) ? ' ' : PRESS_TAB);
		}
		desk_press(&d, PRESS_ENTER);
		ck_assert(canvas_is_sound(&d.canvas));
		for (int k = 0; k < 4; k++)
			desk_press(&d, PRESS_ESCAPE);
		ck_assert_int_eq(d.session.player.overlay, OVERLAY_NONE);
	}
	desk_end(&d);
}
END_TEST

Suite *command_suite(void)
{
	Suite *s = suite_create("command");
	TCase *c = tcase_create("the line");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, people_do_what_is_typed, 0, 8);
	tcase_add_loop_test(c, deeds_upon_the_selected_word, 0, 11);
	tcase_add_loop_test(c, a_mistake_is_shown_where_it_is, 0, 10);
	tcase_add_loop_test(c, what_cannot_be_now_is_said, 0, 10);
	tcase_add_test(c, commands_of_the_stage);
	tcase_add_test(c, a_person_called_like_a_command_is_a_person);
	tcase_add_test(c, older_commands_come_back);
	tcase_add_loop_test(c, words_are_completed_where_they_stand, 0, 19);
	tcase_add_test(c, what_is_offered_is_known);
	tcase_add_loop_test(c, the_line_is_drawn_at_every_size, 0, 3);
	tcase_add_loop_test(c, any_line_at_any_moment, 0, 3);
	suite_add_tcase(s, c);
	return s;
}
