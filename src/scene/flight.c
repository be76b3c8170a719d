/* SPDX-License-Identifier: MIT */
/* flight.c - words in flight by the names that a play gives them: the 3rd from zhang to li. */
#include <scene/run.h>

#include <inttypes.h>
#include <string.h>
#include <base/harmless.h>
#include <scene/history.h>
#include <wire/seg_text.h>

/* ---- in a trace ------------------------------------------------------------------------------ */

static bool sets_out(const struct record *r)
{
	return (r->kind == REC_SEND && r->peer != TRACE_NO_HOST) ||
	       (r->kind == REC_WIND && r->detail == DEED_DUPLICATE);
}

static bool ends_flight(const struct record *r)
{
	if (r->kind == REC_ARRIVE || r->kind == REC_DISCARD)
		return true;
	return r->kind == REC_WIND && deed_takes((enum deed)r->detail);
}

static uint64_t count_words(const struct trace *t, const struct record *until)
{
	uint64_t nth = 0;

	for (uint64_t i = 0; i <= until->serial; i++) {
		const struct record *r = trace_at(t, i);

		nth += sets_out(r) && r->host == until->host && r->peer == until->peer;
	}
	return nth;
}

static const struct record *end_of(const struct trace *t, uint64_t send)
{
	for (uint64_t i = send + 1; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->of == send && ends_flight(r))
			return r;
	}
	return NULL;
}

static const char *ordinal_end(uint64_t n)
{
	if (n % 100 >= 11 && n % 100 <= 13)
		return "th";
	return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

bool flight_name(const struct trace *t, usec at, uint64_t send, struct sink *out)
{
	const struct record *r = send < trace_count(t) ? trace_at(t, send) : NULL;
	const struct record *end;
	uint64_t nth;

	if (!r || !sets_out(r) || r->at > at || at > trace_at(t, trace_count(t) - 1)->at ||
	    r->host >= trace_host_count(t) || r->peer >= trace_host_count(t))
		return false;
	end = end_of(t, send);
	if (end && end->at <= at)
		return false;
	nth = count_words(t, r);
	sink_printf(out, "%" PRIu64 "%s %s -> %s", nth, ordinal_end(nth),
		    trace_host_at(t, r->host)->name, trace_host_at(t, r->peer)->name);
	return true;
}

/* ---- when a word is not there ---------------------------------------------------------------- */

/* The record with which the nth of them set out. */
static const struct record *word_at(const struct trace *t, uint8_t from, uint8_t to, uint32_t nth)
{
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (sets_out(r) && r->host == from && r->peer == to && --nth == 0)
			return r;
	}
	return NULL;
}

/* Both languages side by side: en, zh. */
static void say_fate(const struct trace *t, const struct record *word, struct sink out[2])
{
	const struct record *end = end_of(t, word->serial);
	bool has_arrived = end && end->kind == REC_ARRIVE;

	if (!end)
		return;
	sink_puts(&out[0], has_arrived ? "it arrived at " : "it was gone at ");
	sink_time(&out[0], end->at);
	sink_puts(&out[0], "s; ");
	sink_puts(&out[1], "它在 ");
	sink_time(&out[1], end->at);
	sink_puts(&out[1], has_arrived ? " 秒就到了；" : " 秒就没了；");
}

static void say_sent(uint32_t sent, struct sink out[2])
{
	if (sent == 0) {
		sink_puts(&out[0], "none has set out yet; ");
		sink_puts(&out[1], "还没有一句出发；");
		return;
	}
	sink_printf(&out[0], "only %" PRIu32 " %s set out so far; ", sent,
		    sent == 1 ? "has" : "have");
	sink_printf(&out[1], "到现在只出发了 %" PRIu32 " 句；", sent);
}

enum { LISTED = 6 };

/* Latin names stand apart from the Chinese around them. */
static void spaced(struct sink *out, const char *const *pieces)
{
	for (; *pieces; pieces++)
		put_spaced(out, *pieces, strlen(*pieces));
}

static void say_in_flight(const struct scene_run *run, const struct act *a, struct sink out[2])
{
	const char *from = trace_host_at(run->trace, a->who.host)->title[1];
	const char *to = trace_host_at(run->trace, a->to.host)->title[1];
	uint32_t nth[LISTED];
	size_t count = world_words_in_flight(run->world, a->who.host, a->to.host, nth, LISTED);

	if (count == 0) {
		sink_printf(&out[0], "nothing is in flight from %s to %s", a->who.name, a->to.name);
		spaced(&out[1], (const char *const[]){"没有话从", from, "飞往", to, NULL});
		return;
	}
	sink_printf(&out[0], "in flight from %s to %s: ", a->who.name, a->to.name);
	spaced(&out[1], (const char *const[]){"从", from, "飞往", to, "的有 ", NULL});
	for (size_t i = 0; i < count && i < LISTED; i++) {
		const struct record *r = word_at(run->trace, a->who.host, a->to.host, nth[i]);

		for (int l = 0; l < 2; l++) {
			sink_printf(&out[l], "%s%" PRIu32 "%s ", i ? ", " : "", nth[i],
				    ordinal_end(nth[i]));
			if (r)
				seg_print(&out[l], &r->seg);
		}
	}
	if (count > LISTED) {
		sink_printf(&out[0], " and %zu more", count - LISTED);
		sink_printf(&out[1], "，等 %zu 句", count);
	}
}

void flight_missing(struct scene_run *run, uint32_t stmt)
{
	const struct act *a = run->play.stmts.at[stmt].act;
	const struct record *word = word_at(run->trace, a->who.host, a->to.host, a->hand.nth);
	struct sink expected = {0}, actual[2] = {{0}, {0}};

	sink_printf(&expected, "the %" PRIu32 "%s from %s to %s is in flight", a->hand.nth,
		    ordinal_end(a->hand.nth), a->who.name, a->to.name);
	if (word)
		say_fate(run->trace, word, actual);
	else
		say_sent(world_words_sent(run->world, a->who.host, a->to.host), actual);
	say_in_flight(run, a, actual);
	judge_hand(run, (int32_t)stmt, expected.at, actual[0].at, actual[1].at);
	sink_fini(&expected);
	sink_fini(&actual[0]);
	sink_fini(&actual[1]);
}
