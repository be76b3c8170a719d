/* SPDX-License-Identifier: MIT */
/* places.c - which line of the play a call stands in, and what the line says. */
#include <scene/run.h>

#include <string.h>
#include <base/utf8.h>
#include <scene/parse.h>

static void quote_line(struct scene_run *run, struct place at, struct trace_place place)
{
	enum { QUOTE_MAX = 200 };
	char line[SOURCE_LINE];
	size_t from, n;

	if (trace_quoted(run->trace, &place)[0] != '\0' || !parse_line_of(run->file, at, line))
		return;
	from = strspn(line, " \t");
	n = utf8_clip(line + from, QUOTE_MAX);
	line[from + n] = '\0';
	while (n > 0 && strchr(" \t", line[from + n - 1]))
		line[from + --n] = '\0';
	trace_quote(run->trace, place, line + from);
}

/* The calls that this statement made name its line; what applications did about them does not. */
static bool is_called_for(const struct record *r, const struct act *a)
{
	enum verb verb = (enum verb)a->verb;

	if (r->host != a->who.host)
		return false;
	switch ((enum record_kind)r->kind) {
	case REC_CRASH: return verb == VERB_CRASH;
	case REC_REBOOT: return verb == VERB_REBOOT;
	case REC_READ: return verb == VERB_READ;
	case REC_CALL: break;
	case REC_RESULT:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_ICMP:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: return false;
	}
	if (r->detail == CALL_BIND || r->detail == CALL_OPTION)
		return verb == VERB_LISTEN || verb == VERB_CONNECT || verb == VERB_OPTION;
	return r->detail == call_of_verb(verb) && verb < VERB_CRASH;
}

void run_tell_places(struct scene_run *run, uint32_t stmt, uint64_t first)
{
	const struct stmt *s = &run->play.stmts.at[stmt];
	struct trace_place place = run_place(run, (int32_t)stmt);
	bool is_told = false;

	for (uint64_t i = first; i < trace_count(run->trace); i++) {
		const struct record *r = trace_at(run->trace, i);

		/* Deeds upon words, and words out of nowhere, have it already. */
		if (r->place.line == place.line && r->place.file == place.file)
			quote_line(run, s->at, place);
		if (!is_called_for(r, s->act) || (is_told && r->kind == REC_CALL))
			continue;
		trace_set_place(run->trace, i, place);
		is_told = r->kind == REC_CALL && r->detail == call_of_verb((enum verb)s->act->verb);
		quote_line(run, s->at, place);
	}
}
