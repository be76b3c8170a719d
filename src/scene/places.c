/* SPDX-License-Identifier: MIT */
/* places.c - which line of the play a call or a rule stands in, and what the line says. */
#include <scene/run.h>

#include <string.h>
#include <base/utf8.h>
#include <scene/parse.h>

/* ---- the wind ---------------------------------------------------------------------------------
 */

struct trace_place run_gust_place(const struct scene_run *run, const struct gust *g)
{
	return (struct trace_place){.file = trace_file(run->trace, run_file_name(run, g->at.file)),
				    .line = (uint32_t)g->at.line,
				    .tag = run->tag};
}

static bool is_same_line(const struct gust *a, const struct gust *b)
{
	return a->at.line == b->at.line && strcmp(a->at.file, b->at.file) == 0;
}

/* Attributes that take words away. */
static bool is_limit(const struct gust *g)
{
	return g->kind == GUST_QUEUE || g->kind == GUST_MTU || g->kind == GUST_LIFETIME;
}

/* The words of gusts [first, end) that are rules, or else limits. */
static void put_gusts(struct scene_run *run, size_t first, size_t end, bool rules, struct sink *out)
{
	for (size_t i = first; i < end; i++) {
		const struct gust *g = &run->play.gusts.at[i];

		if (rules ? g->kind != GUST_RULE : !is_limit(g))
			continue;
		if (out->count > 0)
			sink_puts(out, "  ");
		sink_puts(out, g->text);
	}
}

/* A place is a line, and a line may hold several rules: then all of it is quoted. */
void run_quote_rules(struct scene_run *run)
{
	const struct gust *gusts = run->play.gusts.at;
	size_t count = run->play.gusts.count;

	for (size_t first = 0, end; first < count; first = end) {
		struct sink words = {0};

		for (end = first; end < count && gusts[first].stmt == gusts[end].stmt &&
				  is_same_line(&gusts[first], &gusts[end]);
		     end++)
			;
		put_gusts(run, first, end, true, &words);
		if (words.count == 0)
			put_gusts(run, first, end, false, &words);
		if (words.count > 0)
			trace_quote(run->trace, run_gust_place(run, &gusts[first]), words.at);
		sink_fini(&words);
	}
}

/* ---- calls ------------------------------------------------------------------------------------
 */

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
