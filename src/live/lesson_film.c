/* SPDX-License-Identifier: MIT */
/* lesson_film.c - a lesson's recording: one ladder of all its conversations, with what is said
 * about them. */
#include <string.h>
#include "live/lesson_inside.h"

static const usec SLACK = 40 * USEC_PER_MS;
static const usec MEASURE = USEC_PER_S / 2;

/* ---- time ------------------------------------------------------------------------------------ */

static void pass(void *user)
{
	struct lesson *s = user;
	uint64_t before = trace_count(recorder_trace(s->recorder));
	usec now = clock_wall(), next;

	s->pass_timer = 0;
	next = recorder_pass(s->recorder, now);
	if (next != USEC_NEVER)
		s->pass_timer = loop_after(s->loop, next > now ? next - now : 1, pass, s);
	if (trace_count(recorder_trace(s->recorder)) != before)
		s->version++;
}

/* Something was fed: it is told when it is old enough. */
static void fed(struct lesson *s)
{
	loop_cancel(s->loop, s->pass_timer);
	s->pass_timer = loop_after(s->loop, SLACK, pass, s);
}

/* ---- what is seen ---------------------------------------------------------------------------- */

static void see_frame(void *user, const struct frame_sight *f)
{
	struct lesson *s = user;

	recorder_frame(s->recorder, f);
}

static void heard(void *user, int fd, unsigned events)
{
	struct lesson *s = user;

	(void)fd, (void)events;
	sniff_turn(s->sniff, see_frame, s);
	fed(s);
}

void film_act(struct lesson *s, const struct act *a)
{
	if (act_is_seen(&s->watcher.acts))
		s->watcher.acts.see(s->watcher.acts.user, a);
	recorder_act(s->recorder, a);
	fed(s);
}

void film_say(struct lesson *s, const char *en, const char *zh)
{
	recorder_say(s->recorder, clock_wall(), en, zh);
	fed(s);
}

/* ---- what the kernel tells ------------------------------------------------------------------- */

static bool is_same(const struct socket_sight *a, const struct socket_sight *b)
{
	return a->self.port == b->self.port && a->peer.port == b->peer.port &&
	       address_eq(&a->self.address, &b->self.address) &&
	       address_eq(&a->peer.address, &b->peer.address);
}

static const struct socket_sight *find(const struct sights *all, const struct socket_sight *one)
{
	for (size_t i = 0; i < all->count; i++) {
		if (is_same(&all->at[i], one))
			return &all->at[i];
	}
	return NULL;
}

static bool is_news(const struct socket_sight *was, const struct socket_sight *is)
{
	return was == NULL || was->state != is->state || was->receive_queue != is->receive_queue ||
	       was->send_queue != is->send_queue || was->retransmits != is->retransmits ||
	       was->timer != is->timer || was->cwnd != is->cwnd || was->srtt != is->srtt;
}

void film_looked(struct lesson *s)
{
	usec now = clock_wall();

	for (size_t i = 0; i < s->sights.count; i++) {
		if (!is_news(find(&s->before, &s->sights.at[i]), &s->sights.at[i]))
			continue;
		recorder_socket(s->recorder, &s->sights.at[i]);
		s->version++;
		fed(s);
	}
	for (size_t i = 0; i < s->before.count; i++) {
		const struct socket_sight *gone = &s->before.at[i];
		struct flow f = {{gone->self, gone->peer}};

		if (gone->state == LISTEN || find(&s->sights, gone) != NULL)
			continue;
		recorder_gone(s->recorder, now, &f, 0);
		s->version++;
		fed(s);
	}
	array_clear(&s->before);
	for (size_t i = 0; i < s->sights.count; i++)
		*array_push(&s->before) = s->sights.at[i];
}

/* The share of one processor that the program took since it was last measured. */
void film_measure(struct lesson *s)
{
	usec now = loop_now();
	int64_t ticks;
	char state;
	int percent = -1;

	if (!lesson_child_stat(s, &ticks, &state)) {
		s->measured_of = 0;
	} else if (s->measured_of != s->child) {
		s->measured_of = s->child;
		s->measured_at = now;
		s->measured_ticks = ticks;
	} else if (now - s->measured_at < MEASURE) {
		return;
	} else {
		percent = lesson_percent(ticks - s->measured_ticks, now - s->measured_at);
		s->measured_at = now;
		s->measured_ticks = ticks;
	}
	s->version += percent != s->percent;
	s->percent = percent;
}

/* ---- beginning and end ----------------------------------------------------------------------- */

bool film_open(struct lesson *s)
{
	struct recorder_options o = {.vantage = VANTAGE_LOOPBACK,
				     .slack = SLACK,
				     .keeps_frames = true,
				     .has_acts = true};
	char interface[64];

	s->percent = -1;
	s->recorder = recorder_new(&o);
	if (s->options.no_capture) {
		sink_puts(&s->lack[0], "no capture was asked for: the segments are not seen");
		sink_puts(&s->lack[1], "按要求不抓包：看不到段");
		return true;
	}
	if (!sniff_interface(&s->at.address, interface, sizeof interface))
		return false;
	s->sniff = sniff_open(interface, s->at.port, &s->is_forbidden, s->lack);
	return s->sniff == NULL || loop_watch(s->loop, sniff_fd(s->sniff), LOOP_READ, heard, s);
}

/* Nothing comes any more. */
void film_end(struct lesson *s)
{
	loop_cancel(s->loop, s->pass_timer);
	s->pass_timer = 0;
	if (s->sniff != NULL)
		sniff_turn(s->sniff, see_frame, s);
	recorder_end(s->recorder, clock_wall());
	s->version++;
}

void film_close(struct lesson *s)
{
	loop_cancel(s->loop, s->pass_timer);
	if (s->sniff != NULL) {
		loop_forget(s->loop, sniff_fd(s->sniff));
		sniff_close(s->sniff);
	}
	recorder_free(s->recorder);
	sink_fini(&s->lack[0]);
	sink_fini(&s->lack[1]);
	array_fini(&s->before);
}
