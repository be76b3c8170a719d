/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <string.h>
#include <stage/session.h>
#include "fixture.h"
#include "sound.h"

struct watched {
	struct trace *trace;
	struct session session;
	struct canvas canvas;
};

static void begin(struct watched *w, struct trace *t, int rows, int columns, usec at)
{
	struct stage_options o = {.tell = fixture_tell, .has_start = true, .start_at = at};

	*w = (struct watched){.trace = t};
	canvas_init(&w->canvas, rows, columns, false);
	session_init(&w->session, t, "x.scene", &o);
	session_draw(&w->session, &w->canvas);
}

static void end(struct watched *w)
{
	session_fini(&w->session);
	canvas_fini(&w->canvas);
	trace_free(w->trace);
}

static void input(struct watched *w, struct input in)
{
	session_input(&w->session, &in);
	session_draw(&w->session, &w->canvas);
}

static void press(struct watched *w, uint32_t key)
{
	input(w, (struct input){.key = key});
}

static enum header field(const struct watched *w)
{
	return (enum header)w->session.player.inspector.header;
}

static bool shows(const struct watched *w, const char *text)
{
	struct sink out = {0};
	bool found;

	canvas_dump(&w->canvas, &out);
	found = strstr(out.at, text) != NULL;
	sink_fini(&out);
	return found;
}

static void value_is(const struct watched *w, enum header h, enum lang lang, const char *wanted)
{
	struct inspection *i = inspection_new(&w->session.player);
	const struct header_node *n = header_find(&i->tree, h);
	struct sink out = {0};

	ck_assert_ptr_nonnull(n);
	inspection_put_value(i, n, lang, &out);
	ck_assert_str_eq(out.at, wanted);
	sink_fini(&out);
	inspection_free(i);
}

START_TEST(the_cursor_goes_from_field_to_field)
{
	struct watched w;

	begin(&w, fixture_first_wave(), 24, 80, 0);
	press(&w, 'i');
	ck_assert_int_eq(field(&w), HEADER_TCP);
	press(&w, 'j');
	press(&w, PRESS_DOWN);
	ck_assert_int_eq(field(&w), HEADER_TCP_TO_PORT);
	ck_assert(shows(&w, "destination port, octets 36 to 37, RFC 9293 3.1"));
	press(&w, 'k');
	ck_assert_int_eq(field(&w), HEADER_TCP_FROM_PORT);
	press(&w, PRESS_END);
	ck_assert_int_eq(field(&w), HEADER_MSS_VALUE);
	press(&w, PRESS_HOME);
	ck_assert_int_eq(field(&w), HEADER_ETHERNET);
	press(&w, PRESS_UP);
	ck_assert_int_eq(field(&w), HEADER_ETHERNET);
	press(&w, PRESS_PAGE_DOWN);
	ck_assert_int_eq(field(&w), HEADER_TCP_AE);
	end(&w);
}
END_TEST

START_TEST(layers_fold_and_unfold)
{
	struct watched w;

	begin(&w, fixture_first_wave(), 24, 80, 0);
	press(&w, 'i');
	press(&w, PRESS_HOME);
	ck_assert(!shows(&w, "02:00:00:00:00:02 Li"));
	press(&w, PRESS_RIGHT);
	ck_assert_int_eq(field(&w), HEADER_ETHERNET);
	press(&w, 'l');
	ck_assert_int_eq(field(&w), HEADER_ETHERNET_TO);
	press(&w, PRESS_LEFT); /* from a field to its layer, from the layer shut */
	ck_assert_int_eq(field(&w), HEADER_ETHERNET);
	press(&w, 'h');
	ck_assert(w.session.player.inspector.is_folded[HEADER_ETHERNET]);
	press(&w, 'j');
	press(&w, 'j');
	press(&w, 'j');
	ck_assert_int_eq(field(&w), HEADER_TCP_FROM_PORT);
	press(&w, PRESS_ENTER); /* a field's Enter folds what it is in */
	ck_assert_int_eq(field(&w), HEADER_TCP);
	ck_assert(!shows(&w, "source port"));
	press(&w, PRESS_ENTER);
	ck_assert(shows(&w, "source port"));
	end(&w);
}
END_TEST

/* The next segment's window stands where this one's did. */
START_TEST(the_field_stays_when_the_play_goes_on)
{
	struct watched w;

	begin(&w, fixture_first_wave(), 24, 80, 0);
	press(&w, 'i');
	while (field(&w) != HEADER_TCP_WINDOW)
		press(&w, 'j');
	value_is(&w, HEADER_TCP_SEQ, LANG_EN, "1000 = ISN+0");
	press(&w, '.');
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_HEADER);
	while (!shows(&w, "SYN+ACK"))
		press(&w, '.');
	ck_assert_int_eq(field(&w), HEADER_TCP_WINDOW);
	ck_assert(shows(&w, "window, octets 48 to 49"));
	value_is(&w, HEADER_TCP_ACK, LANG_ZH, "1001 = ISN+1");
	press(&w, ',');
	press(&w, PRESS_ESCAPE);
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_NONE);
	end(&w);
}
END_TEST

START_TEST(a_click_chooses_a_field)
{
	struct watched w;
	const struct hit *hit = NULL;

	begin(&w, fixture_first_wave(), 24, 80, 0);
	press(&w, 'i');
	for (int i = 0; i < w.session.hits.count; i++) {
		if (w.session.hits.at[i].action == ACTION_HEADER_FIELD &&
		    w.session.hits.at[i].arg == 5)
			hit = &w.session.hits.at[i];
	}
	ck_assert_ptr_nonnull(hit);
	input(&w, (struct input){PRESS_CLICK, hit->area.row, hit->area.column + 9});
	ck_assert_int_eq(field(&w), HEADER_TCP_SEQ);
	/* Elsewhere in the box nothing, beside it it closes. */
	input(&w, (struct input){PRESS_CLICK, 20, 60});
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_HEADER);
	input(&w, (struct input){PRESS_CLICK, 23, 0});
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_NONE);
	end(&w);
}
END_TEST

START_TEST(values_are_words)
{
	struct watched w;

	begin(&w, fixture_first_wave(), 24, 80, 1250 * USEC_PER_MS);
	press(&w, 'i');
	value_is(&w, HEADER_ETHERNET_FROM, LANG_EN, "02:00:00:00:00:01 Zhang San");
	value_is(&w, HEADER_ETHERNET_TYPE, LANG_EN, "0x0800 IPv4");
	value_is(&w, HEADER_IPV4_TO, LANG_ZH, "10.0.0.2 李四");
	value_is(&w, HEADER_IPV4_IHL, LANG_EN, "5 = 20 octets");
	value_is(&w, HEADER_IPV4_DF, LANG_EN, "1 set");
	value_is(&w, HEADER_IPV4_PROTOCOL, LANG_EN, "6 TCP");
	value_is(&w, HEADER_IPV4_ECN, LANG_EN, "0 Not-ECT");
	value_is(&w, HEADER_TCP, LANG_EN, "49152 > 8888  ACK PSH");
	value_is(&w, HEADER_TCP_SYN, LANG_ZH, "0 无");
	value_is(&w, HEADER_TCP_WINDOW, LANG_ZH, "65535 字节");
	value_is(&w, HEADER_TEXT_OCTETS, LANG_EN, "\"line 1\\n\"");
	end(&w);
}
END_TEST

/* One who hears noise sees it in the sum; the one who sent it does not. */
START_TEST(a_garbled_segment_is_wrong_where_it_arrives)
{
	struct watched w;
	struct inspection *i;

	begin(&w, fixture_storm(), 24, 80, 253 * USEC_PER_MS);
	press(&w, 'i');
	i = inspection_new(&w.session.player);
	ck_assert(i->frame.is_garbled);
	ck_assert(!header_sum_is_right(&i->tree, i->frame.octets, HEADER_TCP_CHECKSUM));
	inspection_free(i);
	ck_assert(shows(&w, "garbled, as it came at 0.253"));
	player_do(&w.session.player, ACTION_LOOK_AT,
		  w.session.story->voyages
			  .at[w.session.story->rows.at[player_row(&w.session.player)].voyage]
			  .leave_row);
	i = inspection_new(&w.session.player);
	ck_assert(!i->frame.is_garbled);
	ck_assert(header_sum_is_right(&i->tree, i->frame.octets, HEADER_TCP_CHECKSUM));
	inspection_free(i);
	end(&w);
}
END_TEST

START_TEST(it_is_drawn_at_every_size)
{
	struct watched w;

	begin(&w, fixture_storm(), 24, 80, 253 * USEC_PER_MS);
	press(&w, 'i');
	for (int rows = 1; rows <= 60; rows += 3) {
		for (int columns = 1; columns <= 200; columns += 7) {
			struct canvas c;

			canvas_init(&c, rows, columns, false);
			w.session.player.lang = (enum lang)((rows + columns) % 3);
			press(&w, rows % 2 ? 'j' : PRESS_PAGE_UP);
			session_draw(&w.session, &c);
			ck_assert_ptr_null(canvas_fault(&c));
			canvas_fini(&c);
		}
		press(&w, '.');
	}
	end(&w);
}
END_TEST

/* Where there is nothing to inspect keys do what they do otherwise. */
START_TEST(without_a_segment_it_says_so)
{
	struct watched w;

	begin(&w, fixture_empty(), 24, 80, 0);
	press(&w, 'i');
	ck_assert(shows(&w, "No segment in this row"));
	press(&w, 'j');
	press(&w, PRESS_ENTER);
	press(&w, 'i');
	ck_assert_int_eq(w.session.player.overlay, OVERLAY_NONE);
	end(&w);
}
END_TEST

Suite *inspect_suite(void)
{
	Suite *s = suite_create("inspect");
	TCase *t = tcase_create("inspect");

	tcase_add_test(t, the_cursor_goes_from_field_to_field);
	tcase_add_test(t, layers_fold_and_unfold);
	tcase_add_test(t, the_field_stays_when_the_play_goes_on);
	tcase_add_test(t, a_click_chooses_a_field);
	tcase_add_test(t, values_are_words);
	tcase_add_test(t, a_garbled_segment_is_wrong_where_it_arrives);
	tcase_add_test(t, it_is_drawn_at_every_size);
	tcase_add_test(t, without_a_segment_it_says_so);
	suite_add_tcase(s, t);
	return s;
}
