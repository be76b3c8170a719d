/* SPDX-License-Identifier: MIT */
/*
 * parity.c FOLDER - what can be seen on the stage can be heard: for every play, each row of the
 * ladder, each word that is lost and why, each mark on the timeline, each number and timer of the
 * panels has its sentence in `tell`, in both languages.
 */
#include <stage/story.h>

#include <stdio.h>
#include <string.h>
#include <export/export.h>
#include <base/utf8.h>
#include "folder.h"

static unsigned told_kinds[RECORD_KIND_COUNT], told_fields[TCB_FIELD_COUNT];
static struct sink complaint;

static const char *fail(const struct trace *t, uint64_t record, const char *what)
{
	sink_clear(&complaint);
	sink_printf(&complaint, "record %llu, kind %u: %s", (unsigned long long)record,
		    trace_at(t, record)->kind, what);
	return complaint.at;
}

/* ---- sentences ------------------------------------------------------------------------------- */

static bool has_han(const char *text)
{
	for (size_t n = strlen(text); n > 0;) {
		uint32_t cp;
		size_t taken = utf8_next(text, n, &cp);

		if (cp >= 0x4e00 && cp < 0xa000)
			return true;
		text += taken;
		n -= taken;
	}
	return false;
}

/* A line of plain `tell`, in both languages, with its words in it. */
static const char *is_told(const struct trace *t, uint64_t record, const char *part)
{
	struct sink en = {0}, zh = {0};
	const char *wrong = NULL;

	tell_lines(t, record, LANG_EN, false, &en);
	tell_lines(t, record, LANG_ZH, false, &zh);
	told_kinds[trace_at(t, record)->kind]++;
	if (en.count == 0 || zh.count == 0)
		wrong = fail(t, record, "it is seen and not told");
	else if (!has_han(zh.at) || strcmp(en.at, zh.at) == 0)
		wrong = fail(t, record, "it is not told in Chinese");
	else if (strpbrk(en.at, "{}") || strpbrk(zh.at, "{}"))
		wrong = fail(t, record, "a blank is not filled in");
	else if (!strstr(en.at, part) || !strstr(zh.at, part))
		wrong = fail(t, record, part);
	sink_fini(&en);
	sink_fini(&zh);
	return wrong;
}

/* "connection refused" is a note on the stage; in tell the failing call says so. */
static const char *signal_is_told(const struct trace *t, uint64_t record)
{
	const struct record *r = trace_at(t, record);

	for (uint64_t i = record; r->number[0] == TCP_SIG_REFUSED && i < trace_count(t); i++) {
		const struct record *next = trace_at(t, i);

		if (next->at != r->at)
			break;
		if (next->host == r->host && next->error != SOCK_OK)
			return is_told(t, i, "ECONN");
	}
	return is_told(t, record, "");
}

static const char *row_is_heard(const struct story *s, const struct row *row)
{
	const struct voyage *v =
		row->voyage < s->voyages.count ? &s->voyages.at[row->voyage] : NULL;
	const struct record *r = trace_at(s->trace, row->record);

	switch ((enum row_kind)row->kind) {
	case ROW_LEAVE:
		/* Who comes from nowhere is heard when he is there. */
		return is_told(s->trace, v->is_stranger ? v->end : v->send, "");
	case ROW_REACH: return is_told(s->trace, v->end, "");
	case ROW_LOST: {
		const struct record *deed = trace_at(s->trace, v->end);
		char line[24];

		snprintf(line, sizeof line, ":%u", deed->place.line);
		return is_told(s->trace, v->end, deed->place.line > 0 ? line : "");
	}
	case ROW_NOTE:
		return r->kind == REC_SIGNAL ? signal_is_told(s->trace, row->record)
					     : is_told(s->trace, row->record, "");
	case ROW_STATE:
	case ROW_SCENE: return is_told(s->trace, row->record, "");
	case ROW_GAP: return NULL; /* the times of the lines say so */
	}
	return NULL;
}

/* ---- what is seen ---------------------------------------------------------------------------- */

static const char *rows_are_told(const struct story *s)
{
	const char *wrong = NULL;

	for (size_t i = 0; i < s->rows.count && !wrong; i++)
		wrong = row_is_heard(s, &s->rows.at[i]);
	for (size_t i = 0; i < s->marks.count && !wrong; i++)
		wrong = is_told(s->trace, s->marks.at[i].record, "");
	return wrong;
}

/* Deeds of the wind that lose nothing are signs at a word; states stand beside the lines. */
static const char *records_are_told(const struct trace *t)
{
	const char *wrong = NULL;

	for (uint64_t i = 0; i < trace_count(t) && !wrong; i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_WIND || r->kind == REC_SAY || r->kind == REC_ASK ||
		    r->kind == REC_TIMER || r->kind == REC_CRASH || r->kind == REC_REBOOT ||
		    r->kind == REC_ICMP || r->kind == REC_PROMISE)
			wrong = is_told(t, i, "");
		if (!wrong && r->kind == REC_STATE && r->from != r->to)
			wrong = is_told(t, i, state_name((enum state)r->to));
	}
	return wrong;
}

/* The numbers of the panels, the timers under the people: with --detail. */
static const char *change_is_told(const struct trace *t, const struct record *r,
				  const struct tcb_change *c, const char *en, const char *zh)
{
	struct sink one = {0}, other = {0};
	const char *wrong = NULL;

	tell_change(t, r, c, LANG_EN, &one);
	tell_change(t, r, c, LANG_ZH, &other);
	if (!strstr(en, one.at) || !strstr(zh, other.at))
		wrong = fail(t, r->serial, "a change is not told");
	else if (!has_han(other.at))
		wrong = fail(t, r->serial, "a change is not told in Chinese");
	told_fields[c->field]++;
	sink_fini(&one);
	sink_fini(&other);
	return wrong;
}

static const char *details_are_told(const struct trace *t)
{
	const char *wrong = NULL;

	for (uint64_t i = 0; i < trace_count(t) && !wrong; i++) {
		const struct record *r = trace_at(t, i);
		struct sink en = {0}, zh = {0};

		tell_lines(t, i, LANG_EN, true, &en);
		tell_lines(t, i, LANG_ZH, true, &zh);
		for (uint32_t j = 0; j < r->changes.count && !wrong; j++) {
			const struct tcb_change *c = trace_change(t, r, j);
			bool is_set = c->new != USEC_NEVER || c->old != 0;

			if (c->old != c->new && c->field != F_state && is_set)
				wrong = change_is_told(t, r, c, en.at ? en.at : "",
						       zh.at ? zh.at : "");
		}
		if (!wrong && r->kind == REC_RULE && (en.count == 0 || !strstr(en.at, "RFC")))
			wrong = fail(t, i, "a rule is not told");
		sink_fini(&en);
		sink_fini(&zh);
	}
	return wrong;
}

static const char *play(const struct scene_file *f, size_t variant)
{
	struct diags diags = {0};
	struct scene_run *run = scene_run_new(f, variant, NULL, &diags);
	struct story *story;
	const struct trace *t;
	const char *wrong;

	diags_fini(&diags);
	if (!run)
		return "it does not run";
	scene_run_all(run);
	t = scene_run_trace(run);
	story = story_new(t);
	wrong = rows_are_told(story);
	if (!wrong)
		wrong = records_are_told(t);
	if (!wrong)
		wrong = details_are_told(t);
	story_free(story);
	scene_run_free(run);
	return wrong;
}

/* The plays together have enough to see that the test is worth something. */
static bool is_worth_it(void)
{
	static const enum record_kind seen[] = {REC_CALL,  REC_SEND,  REC_WIND,    REC_ARRIVE,
						REC_TIMER, REC_STATE, REC_CRASH,   REC_REBOOT,
						REC_SCENE, REC_SAY,   REC_DISCARD, REC_ASK};
	static const enum tcb_field fields[] = {F_snd_wnd,     F_rcv_wnd,      F_cwnd,
						F_ssthresh,    F_t_retransmit, F_t_ack,
						F_t_time_wait, F_rto};

	for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
		if (told_kinds[seen[i]] == 0)
			return false;
	}
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (told_fields[fields[i]] == 0)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	int number = 0, failed = folder_play(argv + 1, argc - 1, play, &number);
	bool is_good = is_worth_it();

	printf("%s %d - there was enough to see\n", is_good ? "ok" : "not ok", ++number);
	printf("1..%d\n", number);
	sink_fini(&complaint);
	return failed > 0 || !is_good;
}
