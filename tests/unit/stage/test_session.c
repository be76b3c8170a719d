/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/session.h>
#include "fixture.h"

struct watched {
	struct trace *trace;
	struct session session;
	struct canvas canvas;
};

static void begin(struct watched *w, struct trace *t)
{
	struct stage_options o = {.tell = fixture_tell};

	w->trace = t;
	session_init(&w->session, t, "first-wave.scene", &o);
	canvas_init(&w->canvas, 24, 80, false);
	session_draw(&w->session, &w->canvas);
}

static void end(struct watched *w)
{
	canvas_fini(&w->canvas);
	session_fini(&w->session);
	trace_free(w->trace);
}

static void press(struct watched *w, uint32_t key)
{
	session_input(&w->session, &(struct input){.key = key});
	session_draw(&w->session, &w->canvas);
}

static void click_at(struct watched *w, int row, int column)
{
	session_input(&w->session,
		      &(struct input){.key = PRESS_CLICK, .row = row, .column = column});
	session_draw(&w->session, &w->canvas);
}

static const struct hit *hit_of(const struct watched *w, enum action action)
{
	for (int i = 0; i < w->session.hits.count; i++) {
		if (w->session.hits.at[i].action == action)
			return &w->session.hits.at[i];
	}
	return NULL;
}

START_TEST(a_click_does_what_stands_there)
{
	struct watched w;
	const struct hit *hit;

	begin(&w, fixture_first_wave());
	hit = hit_of(&w, ACTION_NEXT);
	ck_assert_ptr_nonnull(hit);
	click_at(&w, hit->area.row, hit->area.column);
	ck_assert_uint_eq(player_stop(&w.session.player), 1);
	hit = hit_of(&w, ACTION_LOOK_AT);
	ck_assert_ptr_nonnull(hit);
	click_at(&w, hit->area.row, hit->area.column + 20);
	ck_assert(w.session.player.is_looking);
	end(&w);
}
END_TEST

START_TEST(a_click_where_nothing_is_does_nothing)
{
	struct watched w;
	struct canvas before;

	begin(&w, fixture_first_wave());
	canvas_init(&before, 24, 80, false);
	session_draw(&w.session, &before);
	click_at(&w, -1, -1);
	click_at(&w, 0, 0);
	click_at(&w, 500, 500);
	ck_assert(canvas_eq(&w.canvas, &before));
	canvas_fini(&before);
	end(&w);
}
END_TEST

START_TEST(a_click_closes_what_lies_over_the_picture)
{
	struct watched w;

	begin(&w, fixture_first_wave());
	press(&w, '?');
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_HELP);
	click_at(&w, 23, 3);
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_NONE);
	ck_assert(!w.session.player.is_playing);
	end(&w);
}
END_TEST

static void mouse(struct watched *w, uint32_t key, int row, int column)
{
	session_input(&w->session, &(struct input){.key = key, .row = row, .column = column});
	session_draw(&w->session, &w->canvas);
}

START_TEST(the_timeline_can_be_dragged)
{
	struct watched w;
	const struct hit *hit;
	int row;

	begin(&w, fixture_first_wave());
	hit = hit_of(&w, ACTION_GOTO_STOP);
	ck_assert_ptr_nonnull(hit);
	row = hit->area.row;
	/* Before the button goes down nothing is dragged. */
	mouse(&w, PRESS_DRAG, row, 79);
	ck_assert_uint_eq(player_stop(&w.session.player), 0);
	mouse(&w, PRESS_CLICK, row, hit->area.column);
	ck_assert_uint_eq(player_stop(&w.session.player), 0);
	/* However far beside it the mouse goes. */
	mouse(&w, PRESS_DRAG, 3, 79);
	ck_assert(player_is_at_end(&w.session.player));
	mouse(&w, PRESS_DRAG, row, 0);
	ck_assert_uint_eq(player_stop(&w.session.player), 0);
	mouse(&w, PRESS_DRAG, row, 40);
	ck_assert_uint_gt(player_stop(&w.session.player), 3);
	mouse(&w, PRESS_DROP, row, 40);
	mouse(&w, PRESS_DRAG, row, 79);
	ck_assert(!player_is_at_end(&w.session.player));
	end(&w);
}
END_TEST

START_TEST(letting_the_button_go_takes_nothing_away)
{
	struct watched w;

	begin(&w, fixture_first_wave());
	session_input(&w.session, &(struct input){.key = '?'});
	mouse(&w, PRESS_DRAG, 3, 3);
	mouse(&w, PRESS_DROP, 3, 3);
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_HELP);
	session_input(&w.session, &(struct input){.key = PRESS_ESCAPE});
	player_notice(&w.session.player, "a branch", false);
	mouse(&w, PRESS_DRAG, 3, 3);
	mouse(&w, PRESS_DROP, 3, 3);
	ck_assert_str_eq(w.session.player.notice.text, "a branch");
	end(&w);
}
END_TEST

START_TEST(the_wheel_scrolls_what_lies_under_it)
{
	struct watched w;
	const struct area *a;
	uint32_t row;
	int i = panel_index(PANEL_TCB);

	begin(&w, fixture_first_wave());
	press(&w, 'G');
	press(&w, '3');
	press(&w, PRESS_ESCAPE);
	row = player_row(&w.session.player);
	a = &w.session.player.panels.area[i];
	ck_assert_int_gt(a->rows, 4);
	mouse(&w, PRESS_WHEEL_DOWN, a->row + 2, a->column + 2);
	mouse(&w, PRESS_WHEEL_DOWN, a->row + 2, a->column + 2);
	ck_assert_int_eq(w.session.player.scrolled[i], 2);
	ck_assert_uint_eq(player_row(&w.session.player), row);
	ck_assert_int_eq(player_focus(&w.session.player), PANEL_LADDER);
	mouse(&w, PRESS_WHEEL_UP, a->row + 2, 2);
	ck_assert_uint_eq(player_row(&w.session.player), row - 1);
	/* A click on a field chooses it, and the panel with it. */
	mouse(&w, PRESS_CLICK, a->row + 3, a->column + 2);
	ck_assert_int_eq(player_focus(&w.session.player), PANEL_TCB);
	ck_assert_int_eq(w.session.player.scrolled[i], 0);
	end(&w);
}
END_TEST

START_TEST(the_wheel_looks_up_and_down)
{
	struct watched w;
	uint32_t row;

	begin(&w, fixture_first_wave());
	press(&w, 'G');
	row = player_row(&w.session.player);
	press(&w, PRESS_WHEEL_UP);
	ck_assert_uint_eq(player_row(&w.session.player), row - 1);
	press(&w, PRESS_WHEEL_DOWN);
	ck_assert_uint_eq(player_row(&w.session.player), row);
	end(&w);
}
END_TEST

/* The same trace once more is the same picture, at every stop and between two. */
START_TEST(showing_the_same_trace_changes_nothing)
{
	struct watched w;
	struct canvas before;

	begin(&w, fixture_storm());
	press(&w, 't');
	press(&w, '3');
	canvas_init(&before, 24, 80, false);
	for (bool more = true; more;) {
		more = !player_is_at_end(&w.session.player);
		session_draw(&w.session, &before);
		session_show(&w.session, w.trace);
		session_draw(&w.session, &w.canvas);
		ck_assert(canvas_eq(&w.canvas, &before));
		press(&w, '.');
	}
	player_seek(&w.session.player, 230000);
	session_draw(&w.session, &before);
	session_show(&w.session, w.trace);
	session_draw(&w.session, &w.canvas);
	ck_assert(canvas_eq(&w.canvas, &before));
	canvas_fini(&before);
	end(&w);
}
END_TEST

START_TEST(a_shorter_trace_is_shown_at_its_end)
{
	struct watched w;
	struct trace *other = fixture_alone();

	begin(&w, fixture_first_wave());
	press(&w, '+');
	press(&w, 'G');
	press(&w, 'k');
	session_show(&w.session, other);
	session_draw(&w.session, &w.canvas);
	ck_assert_uint_eq(w.session.player.cursor, trace_count(other));
	ck_assert(player_is_at_end(&w.session.player));
	ck_assert_int_eq(w.session.player.speed, SPEED_DEFAULT + 1);
	session_show(&w.session, w.trace);
	session_draw(&w.session, &w.canvas);
	trace_free(other);
	end(&w);
}
END_TEST

static void tell_kind(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	(void)lang;
	sink_puts(out, trace_at(t, serial)->kind == REC_PICTURE ? "picture" : "event");
}

START_TEST(what_the_trace_keeps_for_itself_is_not_narrated)
{
	struct watched w;
	struct sink text = {0};

	begin(&w, fixture_alone());
	w.session.view.tell = tell_kind;
	trace_push(w.trace, REC_PICTURE, 0)->host = 0;
	session_show(&w.session, w.trace);
	press(&w, 'G');
	canvas_dump(&w.canvas, &text);
	ck_assert_ptr_nonnull(strstr(text.at, "event"));
	ck_assert_ptr_null(strstr(text.at, "picture"));
	sink_fini(&text);
	end(&w);
}
END_TEST

Suite *session_suite(void)
{
	Suite *s = suite_create("session");
	TCase *c = tcase_create("session");

	tcase_add_test(c, a_click_does_what_stands_there);
	tcase_add_test(c, a_click_where_nothing_is_does_nothing);
	tcase_add_test(c, a_click_closes_what_lies_over_the_picture);
	tcase_add_test(c, the_wheel_looks_up_and_down);
	tcase_add_test(c, the_timeline_can_be_dragged);
	tcase_add_test(c, letting_the_button_go_takes_nothing_away);
	tcase_add_test(c, the_wheel_scrolls_what_lies_under_it);
	tcase_add_test(c, showing_the_same_trace_changes_nothing);
	tcase_add_test(c, a_shorter_trace_is_shown_at_its_end);
	tcase_add_test(c, what_the_trace_keeps_for_itself_is_not_narrated);
	suite_add_tcase(s, c);
	return s;
}
