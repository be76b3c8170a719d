/* SPDX-License-Identifier: MIT */
/*
 * motion.c FOLDER - every play with `--motion none` and `steps`: between two stops time passes and
 * nothing moves. What the clock says, the timeline and what runs out may change, the ladder, the
 * air between the people and their figures may not.
 */
#include <stage/session.h>

#include <stdio.h>
#include <string.h>
#include <stage/pose.h>
#include "fixture.h"
#include "folder.h"

static const struct {
	int rows, columns;
} sizes[] = {{12, 40}, {24, 80}, {40, 120}};

/* Panels without anything in them that runs out. */
static const enum panel still[] = {PANEL_LADDER, PANEL_WINDOWS, PANEL_NARRATION};

enum { STILL = sizeof still / sizeof still[0], STOPS_MAX = 120 };

static unsigned looked, moved; /* places compared; of those that moved with full motion */
static struct sink complaint;

/* Moments between this stop and the next, thousandths of the way. */
static const int parts[] = {1, 370, 500, 999};

static bool is_same_row(const struct canvas *a, const struct canvas *b, int row, struct area area)
{
	for (int column = area.column; column < area.column + area.columns; column++) {
		const struct cell *x = canvas_at(a, row, column), *y = canvas_at(b, row, column);

		if (x->octets != y->octets || memcmp(x->text, y->text, x->octets) != 0 ||
		    x->role != y->role || x->attrs != y->attrs)
			return false;
	}
	return true;
}

/* A silence in the ladder counts how long it has been: "nothing for 5 ms / 975 ms". */
static bool is_silence(const struct canvas *c, int row, struct area area)
{
	struct sink text = {0};
	bool is_found;

	sink_puts(&text, "");
	for (int column = area.column; column < area.column + area.columns; column++)
		sink_put(&text, canvas_at(c, row, column)->text, canvas_at(c, row, column)->octets);
	is_found = strstr(text.at, string_in(STRING_SILENCE, LANG_BOTH)) != NULL;
	sink_fini(&text);
	return is_found;
}

static bool is_same(const struct canvas *a, const struct canvas *b, struct area area)
{
	for (int row = area.row; row < area.row + area.rows; row++) {
		if (!is_same_row(a, b, row, area) && !is_silence(b, row, area))
			return false;
	}
	return true;
}

static struct area area_of(const struct session *s, enum panel panel)
{
	return s->hits.panels.area[panel_index(panel)];
}

/* Between two neighbours, without the row of the timers; their candles burn down, too. */
static struct area air_of(const struct session *s, int line)
{
	struct area a = area_of(s, PANEL_PEOPLE);
	int left = 0, right = 0, ignored;

	if (a.rows == 0)
		return a;
	view_figure(a, &s->view, line, &ignored, &left);
	view_figure(a, &s->view, line + 1, &right, &ignored);
	a.columns = right - left;
	a.column = left;
	a.rows--;
	return a;
}

/* Somebody's figure. A mourner's candle burns down: nothing is compared. */
static struct area figure_of(const struct session *s, int line)
{
	struct area a = area_of(s, PANEL_PEOPLE);
	int left, right;

	if (a.rows == 0 || pose_of(&s->view, s->story->people[line]).pose == POSE_MOURNS)
		return (struct area){0};
	view_figure(a, &s->view, line, &left, &right);
	a.columns = right - left;
	a.column = left;
	a.rows--;
	return a;
}

/* What moved; NULL: nothing. */
static const char *compare(const struct session *s, const struct canvas *was,
			   const struct canvas *is)
{
	looked++;
	for (int line = 0; line + 1 < s->story->people_count; line++) {
		if (!is_same(was, is, air_of(s, line)))
			return "the air";
	}
	for (int line = 0; line < s->story->people_count; line++) {
		if (!is_same(was, is, figure_of(s, line)))
			return "a figure";
	}
	for (int i = 0; i < STILL; i++) {
		if (!is_same(was, is, area_of(s, still[i])))
			return i == 0 ? "the ladder" : i == 1 ? "a window" : "the narration";
	}
	return NULL;
}

static const char *between(struct session *s, struct canvas *was, struct canvas *is, uint32_t stop)
{
	usec at = s->story->stops.at[stop].at, next = s->story->stops.at[stop + 1].at;
	const char *what = NULL;

	player_go(&s->player, stop);
	session_draw(s, was);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0] && !what && next > at + 1; i++) {
		usec now = at + (next - at) * parts[i] / 1000;

		if (now >= next)
			continue;
		s->player.now = now;
		session_draw(s, is);
		what = compare(s, was, is);
	}
	return what;
}

static const char *watch(const struct trace *t, enum stage_motion motion, int size)
{
	struct stage_options o = {.lang = LANG_BOTH, .motion = motion, .tell = fixture_tell};
	struct session s;
	struct canvas was, is;
	const char *wrong = NULL;

	session_init(&s, t, "play.scene", &o);
	canvas_init(&was, sizes[size].rows, sizes[size].columns, false);
	canvas_init(&is, sizes[size].rows, sizes[size].columns, false);
	for (uint32_t i = 0; i + 1 < s.story->stops.count && i < STOPS_MAX && !wrong; i++) {
		const char *what = between(&s, &was, &is, i);

		moved += what && motion == MOTION_FULL;
		if (!what || motion == MOTION_FULL)
			continue;
		sink_clear(&complaint);
		sink_printf(&complaint, "%dx%d, %s: %s moves between stops %u and %u, at %lld us",
			    sizes[size].columns, sizes[size].rows,
			    motion == MOTION_NONE ? "none" : "steps", what, i, i + 1,
			    (long long)s.player.now);
		wrong = complaint.at;
	}
	canvas_fini(&was);
	canvas_fini(&is);
	session_fini(&s);
	return wrong;
}

static const char *play(const struct scene_file *f, size_t variant)
{
	struct diags diags = {0};
	struct scene_run *run = scene_run_new(f, variant, NULL, &diags);
	const char *wrong = NULL;

	diags_fini(&diags);
	if (!run)
		return "it does not run";
	scene_run_all(run);
	for (int size = 0; size < 3 && !wrong; size++) {
		wrong = watch(scene_run_trace(run), MOTION_STEPS, size);
		if (!wrong)
			wrong = watch(scene_run_trace(run), MOTION_NONE, size);
	}
	/* That it would be seen. */
	watch(scene_run_trace(run), MOTION_FULL, 1);
	scene_run_free(run);
	return wrong;
}

int main(int argc, char **argv)
{
	int number = 0, failed = folder_play(argv + 1, argc - 1, play, &number);
	bool is_good = moved > 100;

	printf("# %u moments, %u that move when they may\n", looked, moved);
	printf("%s %d - with full motion it moves\n", is_good ? "ok" : "not ok", ++number);
	printf("1..%d\n", number);
	sink_fini(&complaint);
	return failed > 0 || !is_good;
}
