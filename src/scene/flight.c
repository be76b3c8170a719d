/* SPDX-License-Identifier: MIT */
/* flight.c - words in flight by the names that a play gives them: the 3rd from zhang to li. */
#include <scene/run.h>

#include <inttypes.h>
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

static void say_fate(const struct trace *t, const struct record *word, struct sink *out)
{
	const struct record *end = end_of(t, word->serial);

	if (!end)
		return;
	sink_puts(out, end->kind == REC_ARRIVE ? "it arrived at " : "it was gone at ");
	sink_time(out, end->at);
	sink_puts(out, "s; ");
}

enum { LISTED = 6 };

static void say_in_flight(const struct scene_run *run, const struct act *a, struct sink *out)
{
	uint32_t nth[LISTED];
	size_t count = world_words_in_flight(run->world, a->who.host, a->to.host, nth, LISTED);

	if (count == 0) {
		sink_printf(out, "nothing is in flight from %s to %s", a->who.name, a->to.name);
		return;
	}
	sink_printf(out, "in flight from %s to %s: ", a->who.name, a->to.name);
	for (size_t i = 0; i < count && i < LISTED; i++) {
		const struct record *r = word_at(run->trace, a->who.host, a->to.host, nth[i]);

		sink_printf(out, "%s%" PRIu32 "%s ", i ? ", " : "", nth[i], ordinal_end(nth[i]));
		if (r)
			seg_print(out, &r->seg);
	}
	if (count > LISTED)
		sink_printf(out, " and %zu more", count - LISTED);
}

void flight_missing(struct scene_run *run, uint32_t stmt)
{
	const struct act *a = run->play.stmts.at[stmt].act;
	uint32_t sent = world_words_sent(run->world, a->who.host, a->to.host);
	const struct record *word = word_at(run->trace, a->who.host, a->to.host, a->hand.nth);
	struct sink expected = {0}, actual = {0};

	sink_printf(&expected, "the %" PRIu32 "%s from %s to %s is in flight", a->hand.nth,
		    ordinal_end(a->hand.nth), a->who.name, a->to.name);
	if (word)
		say_fate(run->trace, word, &actual);
	else if (sent == 0)
		sink_puts(&actual, "none has set out yet; ");
	else
		sink_printf(&actual, "only %" PRIu32 " %s set out so far; ", sent,
			    sent == 1 ? "has" : "have");
	say_in_flight(run, a, &actual);
	judge_error(run, (int32_t)stmt, expected.at, actual.at);
	sink_fini(&expected);
	sink_fini(&actual);
}
