/* SPDX-License-Identifier: MIT */
/* question_words.c - questions, choices, answers and hints in both languages. */
#include <inttypes.h>
#include <string.h>
#include <base/assert.h>
#include <base/harmless.h>
#include <woshou/names.h>
#include <woshou/why.h>
#include "trace/phrase.h"
#include "trace/question_kinds.h"
#include "trace/talk.h"

/*
 * Blanks: {who} and {peer} by their titles; {seg} the segment that sets it off, with its numbers;
 * {class} only its name; {what} the segment that comes of it, {sends} with the verb; {timer} {call}
 * {rule} {place}; {una} {flight} {rto} {began} {a} {n} {b}.
 */
/* clang-format off */
enum premise { BY_SEGMENT, BY_STRANGER, BY_NOISE, BY_TIMER, BY_CALL, PREMISES };

static const struct phrase premises[PREMISES] = {
	[BY_SEGMENT]  = {{"{peer}'s {seg} reaches {who}.", "{peer}的{seg}到了{who}那里。"}},
	[BY_STRANGER] = {{"Out of nowhere {seg} reaches {who} in {peer}'s name.",
			  "不知从哪来的{seg}冒{peer}之名到了{who}那里。"}},
	[BY_NOISE]    = {{"{peer}'s {class} reaches {who} garbled: the checksum is wrong.",
			  "{peer}的{class}到{who}那里已经走了样：校验和不对。"}},
	[BY_TIMER]    = {{"{who}'s {timer} fires.", "{who}的{timer}到点了。"}},
	[BY_CALL]     = {{"{who}'s program calls {call}.", "{who}的程序调用 {call}。"}},
};

enum asked { WHICH_SEGMENT, WHICH_SEQ, WHICH_ACK, WHICH_STATE, WHICH_FATE, WHICH_TIME, WHICH_RTO,
	     ASKED_COUNT };

static const struct phrase questions[ASKED_COUNT] = {
	[WHICH_SEGMENT] = {{"Who sends what at once?", "紧接着谁发什么？"}},
	[WHICH_SEQ]     = {{"{who} sends {what}: with which sequence number?",
			    "{who}{sends}：序号是多少？"}},
	[WHICH_ACK]     = {{"{who} sends {what}: with which acknowledgment number?",
			    "{who}{sends}：确认号是多少？"}},
	[WHICH_STATE]   = {{"In which state is {who}'s connection then?",
			    "之后{who}的连接处在哪个状态？"}},
	[WHICH_FATE]    = {{"{who} sends {what}. The wind obeys: {rule}. Does it arrive?",
			    "{who}{sends}。风的规矩是 {rule}。到得了吗？"}},
	[WHICH_TIME]    = {{"{who} hears nothing. When does the retransmission timer fire?",
			    "{who}什么回应也没听到。重传定时器几时到点？"}},
	[WHICH_RTO]     = {{"How long will it wait the next time: what is RTO now?",
			    "下一次它等多久：RTO 变成多少？"}},
};

static const struct phrase classes[CLASS_COUNT] = {
	[CLASS_SYN]     = {{"SYN", "SYN"}},
	[CLASS_SYN_ACK] = {{"SYN+ACK", "SYN+ACK"}},
	[CLASS_ACK]     = {{"ACK", "ACK"}},
	[CLASS_FIN]     = {{"FIN", "FIN"}},
	[CLASS_RST]     = {{"RST", "RST"}},
	[CLASS_DATA]    = {{"data", "数据"}},
};

static const struct phrase timers[TIMER_COUNT] = {
	[TIMER_RETRANSMIT] = {{"retransmission timer", "重传定时器"}},
	[TIMER_OVERRIDE]   = {{"override timer", "催发定时器"}},
	[TIMER_ACK]        = {{"delayed ACK timer", "延迟确认定时器"}},
	[TIMER_KEEPALIVE]  = {{"keep-alive timer", "保活定时器"}},
	[TIMER_TIME_WAIT]  = {{"TIME-WAIT timer", "TIME-WAIT 定时器"}},
	[TIMER_USER]       = {{"user timer", "用户定时器"}},
	[TIMER_LOSS]       = {{"loss timer", "察失定时器"}},
	[TIMER_PACE]       = {{"pacing timer", "节拍定时器"}},
};

enum choosable { NOBODY, SOMEBODY, AGAIN, SENDS, SENDS_AGAIN, ALONE, ARRIVES, LOST, YES, NO, CHOOSABLE };

static const struct phrase choices[CHOOSABLE] = {
	[NOBODY]   = {{"nobody sends anything", "谁也不发"}},
	[SOMEBODY] = {{"{who}: {what}", "{who}：{what}"}},
	[AGAIN]    = {{"{what} again", "重发的{what}"}},
	[SENDS]    = {{"sends {what}", "发{what}"}},
	[SENDS_AGAIN] = {{"sends {what} again", "再发一次{what}"}},
	[ALONE]    = {{"{who}: {what} alone", "{who}：只有{what}"}},
	[ARRIVES]  = {{"it arrives", "到得了"}},
	[LOST]     = {{"the wind takes it", "被风吹走"}},
	[YES]      = {{"yes", "是"}},
	[NO]       = {{"no", "不是"}},
};

static const struct phrase hows[FIELD_STATE + 1] = {
	[FIELD_SEQ]      = {{"a number", "一个数"}},
	[FIELD_COUNT]    = {{"a number", "一个数"}},
	[FIELD_BYTES]    = {{"a number of octets", "多少字节"}},
	[FIELD_TIME]     = {{"a time, as 1.5s or 200ms", "时间，如 1.5s、200ms"}},
	[FIELD_DEADLINE] = {{"on the clock, as 1.5s; from now, as +200ms",
			     "钟上几时，如 1.5s；或从现在起，如 +200ms"}},
	[FIELD_BOOL]     = {{"yes or no", "是或不是"}},
	[FIELD_STATE]    = {{"a state", "一个状态"}},
};

enum hint { HINT_ACK, HINT_ACK_OF, HINT_SEQ, HINT_SEQ_OF, HINT_AGAIN, HINT_RTO, HINT_BEGAN,
	    HINT_DOUBLE, HINT_WAS, HINT_RELATIVE, HINT_COUNT };

static const struct phrase hints[HINT_COUNT] = {
	[HINT_ACK]      = {{"An ACK names the next octet that is awaited; SYN and FIN count one each.",
			    "确认号说的是下一个等的字节；SYN、FIN 各占一个号。"}},
	[HINT_ACK_OF]   = {{"What arrived: {seg}. Is anything before it still missing?",
			    "到的是{seg}。它前面还缺什么没有？"}},
	[HINT_SEQ]      = {{"The number of its first octet: where all that was sent before ends.",
			    "它第一个字节的号：此前发过的到哪里为止。"}},
	[HINT_SEQ_OF]   = {{"Unacknowledged from {una} on, {flight} in flight.",
			    "从 {una} 起还没被确认，在途 {flight}。"}},
	[HINT_AGAIN]    = {{"What is said again keeps its number: the oldest that nobody nodded to.",
			    "重说的话号不变：没有被点头的里面最老的那个。"}},
	[HINT_RTO]      = {{"RTO is {rto} s.", "RTO 是 {rto} 秒。"}},
	[HINT_BEGAN]    = {{"It has been running since {began} s.", "它从 {began} 秒走起。"}},
	[HINT_DOUBLE]   = {{"Each time it fires without an answer it backs off.",
			    "每次等不到回应，它就退避。"}},
	[HINT_WAS]      = {{"It was {rto} s, and is doubled.", "原来是 {rto} 秒，要加倍。"}},
	[HINT_RELATIVE] = {{"Relative numbers count from 0 at the SYN.", "相对的号从 SYN 的 0 数起。"}},
};

enum reason { WHY_NOISE, WHY_WIND, WHY_SUM, WHY_TIME, REASONS };

static const struct phrase reasons[REASONS] = {
	[WHY_NOISE] = {{"A segment with a wrong checksum is thrown away without a word (RFC 9293 section 3.1, MUST-3).",
			"校验和不对的报文段一声不响地扔掉（RFC 9293 3.1，MUST-3）。"}},
	[WHY_WIND]  = {{"The wind: {rule} ({place}).", "风：{rule}（{place}）。"}},
	[WHY_TIME]  = {{"{began} s + RTO {rto} s. ", "{began} 秒 + RTO {rto} 秒。"}},
	[WHY_SUM]   = {{"{a} + {n} = {b}. ", "{a} + {n} = {b}。"}},
};
/* clang-format on */

/* ---- what stands in braces ------------------------------------------------------------------- */

struct speaker {
	const struct riddle *q;
	const struct trace *trace;
	enum lang lang; /* LANG_EN or LANG_ZH */
	bool is_absolute;
	const struct question_choice *choice; /* that is spoken of, or NULL */
};

static void say(const struct speaker *s, const struct phrase *phrase, struct sink *out);

static void put_title(const struct speaker *s, uint8_t host, struct sink *out)
{
	const char *title = "?";

	if (host < trace_host_count(s->trace))
		title = trace_host_at(s->trace, host)->title[s->lang];
	put_harmless(out, title, strlen(title));
}

static void put_number(struct sink *out, uint32_t value, bool is_relative, uint32_t base)
{
	sink_printf(out, "%" PRIu32, is_relative ? value - base : value);
}

static void put_class(const struct speaker *s, enum seg_class class, struct sink *out)
{
	sink_puts(out, classes[class].text[s->lang] ? classes[class].text[s->lang] : "-");
}

/* "SYN (seq 0)", "data (seq 1, 7 octets)", "ACK (ack 8)". */
static void put_segment(const struct speaker *s, struct sink *out)
{
	const struct riddle *q = s->q;
	const struct seg *seg = trace_seg(s->trace, trace_at(s->trace, q->cause));
	enum seg_class class = question_class(seg);
	bool is_zh = s->lang == LANG_ZH;

	put_class(s, class, out);
	sink_puts(out, is_zh ? "（" : " (");
	if (class != CLASS_ACK) {
		sink_puts(out, is_zh ? "序号 " : "seq ");
		put_number(out, seg->seq.v, !s->is_absolute && q->has_cause_base[0],
			   q->cause_base[0]);
	}
	if (class == CLASS_ACK || class == CLASS_SYN_ACK) {
		sink_puts(out, class == CLASS_ACK ? "" : is_zh ? "，" : ", ");
		sink_puts(out, is_zh ? "确认号 " : "ack ");
		put_number(out, seg->ack.v, !s->is_absolute && q->has_cause_base[1],
			   q->cause_base[1]);
	}
	if (seg->text.len > 0)
		sink_printf(out, is_zh ? "，%" PRIu32 " 字节" : ", %" PRIu32 " octet%s",
			    seg->text.len, seg->text.len == 1 ? "" : "s");
	sink_puts(out, is_zh ? "）" : ")");
}

/* `once` says it of what is sent the first time, `again` of what is said again. */
static void put_choosable(const struct speaker *s, enum choosable once, enum choosable again,
			  struct sink *out)
{
	const struct question_choice *c = s->choice;
	struct question_choice plain = {.what = c->what, .host = c->host};
	struct speaker of_plain = *s;

	of_plain.choice = &plain;
	if (c->is_again)
		say(&of_plain, &choices[again], out);
	else if (once == SOMEBODY)
		put_class(s, (enum seg_class)c->what, out);
	else
		say(&of_plain, &choices[once], out);
}

static void put_rule_of_wind(const struct speaker *s, struct sink *out)
{
	const struct record *deed = trace_at(s->trace, s->q->windy);
	const char *words = question_wind(s->trace, deed);

	put_harmless(out, words, strlen(words));
}

static void put_place(const struct speaker *s, struct sink *out)
{
	const struct record *deed = trace_at(s->trace, s->q->windy);
	const char *file = trace_file_name(s->trace, deed->place.file);
	const char *slash = strrchr(file, '/');

	file = slash ? slash + 1 : file;
	put_harmless(out, file, strlen(file));
	sink_printf(out, ":%" PRIu32, deed->place.line);
}

/* Of "0 + 1 = 1": the segment that arrived and what is awaited after it. */
static void put_sum(const struct speaker *s, char part, struct sink *out)
{
	const struct seg *seg = trace_seg(s->trace, trace_at(s->trace, s->q->cause));

	if (part == 'n')
		sink_printf(out, "%" PRIu32, seg->len);
	else
		put_number(out, part == 'a' ? seg->seq.v : seg_end(seg).v,
			   !s->is_absolute && s->q->has_cause_base[0], s->q->cause_base[0]);
}

static bool is_blank(const char *blank, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(blank, name, n) == 0;
}

static void fill_people(const struct speaker *s, const char *blank, size_t n, struct sink *out)
{
	const struct record *cause = trace_at(s->trace, s->q->cause);

	if (is_blank(blank, n, "who"))
		put_title(s, s->choice ? s->choice->host : s->q->host, out);
	else if (is_blank(blank, n, "peer"))
		put_title(s, cause->peer, out);
	else if (is_blank(blank, n, "timer"))
		sink_puts(out, timers[cause->detail].text[s->lang]);
	else if (is_blank(blank, n, "call"))
		sink_puts(out, name_of(NAMES_CALL, cause->detail));
	else if (is_blank(blank, n, "seg"))
		put_segment(s, out);
	else if (is_blank(blank, n, "class"))
		put_class(s, question_class(trace_seg(s->trace, cause)), out);
	else
		UNREACHABLE();
}

static void fill(const void *user, const char *blank, size_t n, struct sink *out)
{
	const struct speaker *s = user;
	bool is_relative = !s->is_absolute && s->q->has_base;

	if (is_blank(blank, n, "what"))
		put_choosable(s, SOMEBODY, AGAIN, out);
	else if (is_blank(blank, n, "sends"))
		put_choosable(s, SENDS, SENDS_AGAIN, out);
	else if (is_blank(blank, n, "rule"))
		put_rule_of_wind(s, out);
	else if (is_blank(blank, n, "place"))
		put_place(s, out);
	else if (is_blank(blank, n, "una"))
		put_number(out, (uint32_t)s->q->hint[0], is_relative, s->q->base);
	else if (is_blank(blank, n, "flight"))
		sink_printf(out, "%" PRId64, s->q->hint[1]);
	else if (is_blank(blank, n, "rto"))
		sink_time(out, s->q->hint[0]);
	else if (is_blank(blank, n, "began"))
		sink_time(out, s->q->hint[1]);
	else if (n == 1)
		put_sum(s, *blank, out);
	else
		fill_people(s, blank, n, out);
}

static void say(const struct speaker *s, const struct phrase *phrase, struct sink *out)
{
	phrase_put(out, phrase->text[s->lang], fill, s);
}

/* ---- the question ---------------------------------------------------------------------------- */

const char *question_kind_name(enum question_kind kind)
{
	static const char *const names[QUESTION_KINDS] = {
		[QUESTION_SEGMENT] = "segment", [QUESTION_NUMBER] = "number",
		[QUESTION_STATE] = "state",     [QUESTION_FATE] = "fate",
		[QUESTION_TIMER] = "timer",     [QUESTION_SCENE] = "scene",
	};

	ASSERT(kind < QUESTION_KINDS);
	return names[kind];
}

static enum premise premise_of(const struct record *cause)
{
	if (cause->kind == REC_ARRIVE)
		return cause->is_stranger ? BY_STRANGER : BY_SEGMENT;
	if (cause->kind == REC_DISCARD)
		return BY_NOISE;
	return cause->kind == REC_TIMER ? BY_TIMER : BY_CALL;
}

static enum asked asked_of(const struct riddle *q)
{
	switch ((enum question_kind)q->kind) {
	case QUESTION_SEGMENT: return WHICH_SEGMENT;
	case QUESTION_NUMBER: return q->number == NUMBER_ACK ? WHICH_ACK : WHICH_SEQ;
	case QUESTION_STATE: return WHICH_STATE;
	case QUESTION_FATE: return WHICH_FATE;
	case QUESTION_TIMER: return q->field == FIELD_TIME ? WHICH_RTO : WHICH_TIME;
	case QUESTION_SCENE:
	case QUESTION_KINDS: break;
	}
	UNREACHABLE();
}

static void put_own_words(struct sink *out, const struct riddle *q, const struct trace *t,
			  enum lang lang)
{
	const struct record *r = trace_at(t, q->cause);
	const char *text = trace_text_of(t, r, (int)lang);

	if (text[0] == '\0')
		text = trace_text_of(t, r, lang == LANG_ZH ? 0 : 1);
	put_harmless(out, text, strlen(text));
}

void question_put(struct sink *out, const struct riddle *q, const struct trace *t, enum lang lang,
		  bool is_absolute)
{
	struct speaker s = {.q = q, .trace = t, .lang = lang, .is_absolute = is_absolute};
	enum asked asked;

	if (q->kind == QUESTION_SCENE) {
		put_own_words(out, q, t, lang);
		return;
	}
	asked = asked_of(q);
	if (asked != WHICH_TIME) {
		say(&s, &premises[premise_of(trace_at(t, q->cause))], out);
		if (lang == LANG_EN)
			sink_putc(out, ' ');
	}
	if (asked == WHICH_FATE)
		s.choice = &q->choice[2];
	else if (q->kind == QUESTION_NUMBER)
		s.choice = &q->choice[0];
	say(&s, &questions[asked], out);
}

void question_put_choice(struct sink *out, const struct riddle *q, const struct trace *t, int i,
			 enum lang lang)
{
	const struct question_choice *c = &q->choice[i];
	struct speaker s = {.q = q, .trace = t, .lang = lang, .choice = c};

	ASSERT(i >= 0 && i < q->choices);
	if (q->field == FIELD_STATE && q->kind != QUESTION_SEGMENT)
		sink_puts(out, state_name((enum state)c->what));
	else if (q->kind == QUESTION_SEGMENT)
		say(&s,
		    &choices[c->what == CLASS_NONE  ? NOBODY
			     : c->what == CLASS_ACK ? ALONE
						    : SOMEBODY],
		    out);
	else if (q->kind == QUESTION_FATE)
		say(&s, &choices[c->what ? ARRIVES : LOST], out);
	else
		say(&s, &choices[c->what ? YES : NO], out);
}

static void put_seq(struct sink *out, const struct riddle *q, enum lang lang, bool is_absolute)
{
	uint32_t value = (uint32_t)q->answer;
	const char *other = lang == LANG_ZH ? (is_absolute ? "，相对 " : "，绝对 ")
					    : (is_absolute ? ", relative " : ", absolute ");

	put_number(out, value, !is_absolute && q->has_base, q->base);
	if (!q->has_base || q->base == 0)
		return;
	sink_puts(out, other);
	put_number(out, value, is_absolute, q->base);
}

void question_put_answer(struct sink *out, const struct riddle *q, const struct trace *t,
			 enum lang lang, bool is_absolute)
{
	if (q->is_unanswered) {
		sink_puts(out, "-");
	} else if (q->choices > 0) {
		question_put_choice(out, q, t, q->right, lang);
	} else if (q->field == FIELD_SEQ) {
		put_seq(out, q, lang, is_absolute);
	} else if (q->field == FIELD_TIME || q->field == FIELD_DEADLINE) {
		sink_time(out, q->answer);
		sink_puts(out, lang == LANG_ZH ? " 秒" : " s");
	} else {
		sink_printf(out, "%" PRId64, q->answer);
	}
}

/* ---- help ------------------------------------------------------------------------------------ */

void question_put_how(struct sink *out, const struct riddle *q, enum lang lang)
{
	if (q->choices > 0)
		sink_printf(out, lang == LANG_ZH ? "1 到 %d" : "1 to %d", q->choices);
	else
		sink_puts(out, hows[q->field].text[lang]);
}

static bool is_of_arrival(const struct riddle *q, const struct trace *t)
{
	return trace_at(t, q->cause)->kind == REC_ARRIVE;
}

static enum hint hint_of(const struct riddle *q, const struct trace *t, int tries)
{
	bool is_late = tries > 1;

	switch ((enum question_kind)q->kind) {
	case QUESTION_NUMBER:
		if (q->number == NUMBER_ACK)
			return is_late && is_of_arrival(q, t) ? HINT_ACK_OF : HINT_ACK;
		if (is_late && q->hint[0] != 0)
			return HINT_SEQ_OF;
		return q->choice[0].is_again ? HINT_AGAIN : HINT_SEQ;
	case QUESTION_TIMER:
		if (q->field == FIELD_TIME)
			return is_late ? HINT_WAS : HINT_DOUBLE;
		return is_late ? HINT_BEGAN : HINT_RTO;
	case QUESTION_SCENE:
		if (q->field == FIELD_SEQ)
			return is_late && q->has_base ? HINT_RELATIVE : HINT_ACK;
		break;
	case QUESTION_SEGMENT:
	case QUESTION_STATE:
	case QUESTION_FATE:
	case QUESTION_KINDS: break;
	}
	return HINT_COUNT;
}

void question_put_hint(struct sink *out, const struct riddle *q, const struct trace *t, int tries,
		       enum lang lang, bool is_absolute)
{
	struct speaker s = {.q = q, .trace = t, .lang = lang, .is_absolute = is_absolute};
	enum hint hint = hint_of(q, t, tries);

	if (q->choices == 0 && hint != HINT_COUNT)
		say(&s, &hints[hint], out);
}

static void put_rule(struct sink *out, enum rule rule, enum lang lang)
{
	sink_puts(out, rule_sentence(rule, lang));
	sink_puts(out, lang == LANG_ZH ? "（" : " (");
	rule_put_source(out, rule, lang);
	sink_puts(out, lang == LANG_ZH ? "）" : ")");
}

void question_put_reason(struct sink *out, const struct riddle *q, const struct trace *t,
			 enum lang lang, bool is_absolute)
{
	struct speaker s = {.q = q, .trace = t, .lang = lang, .is_absolute = is_absolute};
	const struct record *cause = trace_at(t, q->cause);

	if (q->kind == QUESTION_FATE) {
		say(&s, &reasons[WHY_WIND], out);
		return;
	}
	if (q->kind == QUESTION_NUMBER && q->number == NUMBER_ACK && cause->kind == REC_ARRIVE &&
	    (uint32_t)q->answer == seg_end(trace_seg(t, cause)).v)
		say(&s, &reasons[WHY_SUM], out);
	if (q->kind == QUESTION_TIMER && q->field == FIELD_DEADLINE)
		say(&s, &reasons[WHY_TIME], out);
	if (q->rule != RULE_NONE)
		put_rule(out, (enum rule)q->rule, lang);
	else if (cause->kind == REC_DISCARD)
		say(&s, &reasons[WHY_NOISE], out);
}
