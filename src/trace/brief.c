/* SPDX-License-Identifier: MIT */
#include "trace/brief.h"

#include <inttypes.h>
#include <string.h>
#include <base/assert.h>
#include <base/harmless.h>
#include <woshou/match.h>
#include <woshou/names.h>
#include "trace/phrase.h"
#include "trace/talk.h"

/*
 * In braces stands
 *	{who}     whose record it is     {sender}  who sent the segment
 *	{segment} the segment            {number}  number[0]
 *	{detail}  the detail's name      {time}    number[0] as a time
 *	{error}   the error              {text}    the record's first text
 *	{rule}    the rule               {state}   the state entered
 */
struct writer {
	struct sink *out;
	const struct trace *trace;
	const struct record *record;
	enum lang lang; /* LANG_EN or LANG_ZH */
};

/* ---- segments -------------------------------------------------------------------------------- */

const char *brief_class(const struct seg *s)
{
	static const enum seg_class order[] = {CLASS_RST, CLASS_SYN_ACK, CLASS_SYN,
					       CLASS_FIN, CLASS_DATA,    CLASS_ACK};

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (seg_matches(s, &(struct seg_match){.class = (uint8_t)order[i]}))
			return seg_class_name(order[i]);
	}
	return "-";
}

void brief_seg(struct sink *out, const struct seg *s)
{
	const char *name = brief_class(s);
	bool is_plain = strcmp(name, seg_class_name(CLASS_ACK)) == 0;

	if (strcmp(name, seg_class_name(CLASS_DATA)) != 0)
		sink_printf(out, "%s ", name);
	if (is_plain) {
		sink_printf(out, "%" PRIu32, s->ack.v);
		return;
	}
	sink_printf(out, "%" PRIu32, s->seq.v);
	if (s->text.len > 0)
		sink_printf(out, ":%" PRIu32, seq_add(s->seq, s->text.len).v);
	if (s->ctl & ACK)
		sink_printf(out, " ack %" PRIu32, s->ack.v);
}

/* ---- blanks ---------------------------------------------------------------------------------- */

static void put_name(struct sink *out, const struct writer *w, uint8_t host)
{
	const char *name = w->lang == LANG_ZH ? "某人" : "somebody";

	if (host < trace_host_count(w->trace))
		name = trace_host_at(w->trace, host)->title[w->lang];
	put_harmless(out, name, strlen(name));
}

static void put_segment(struct sink *out, const struct writer *w)
{
	const struct seg *s = trace_seg(w->trace, w->record);

	brief_seg(out, s);
	if (s->rexmit > 0 && w->lang == LANG_EN && w->record->kind != REC_WIND)
		sink_puts(out, " again");
}

static void put_detail(struct sink *out, const struct writer *w)
{
	const struct record *r = w->record;
	int set = names_of_detail((enum record_kind)r->kind);
	const char *name = NULL;

	if (r->kind == REC_SIGNAL)
		name = name_of(NAMES_SIGNAL, (unsigned)r->number[0]);
	else if (set >= 0)
		name = name_of((enum name_set)set, r->detail);
	sink_puts(out, name ? name : "?");
}

enum blank {
	BLANK_WHO,
	BLANK_SENDER,
	BLANK_SEGMENT,
	BLANK_NUMBER,
	BLANK_DETAIL,
	BLANK_TIME,
	BLANK_ERROR,
	BLANK_TEXT,
	BLANK_RULE,
	BLANK_STATE,
	BLANK_COUNT,
};

static enum blank blank_named(const char *name, size_t n)
{
	static const char *const names[BLANK_COUNT] = {"who",    "sender", "segment", "number",
						       "detail", "time",   "error",   "text",
						       "rule",   "state"};

	for (int i = 0; i < BLANK_COUNT; i++) {
		if (strlen(names[i]) == n && memcmp(names[i], name, n) == 0)
			return (enum blank)i;
	}
	UNREACHABLE();
}

static void fill(const void *user, const char *blank, size_t n, struct sink *out)
{
	const struct writer *w = user;
	const struct record *r = w->record;
	const char *text;

	switch (blank_named(blank, n)) {
	case BLANK_WHO: put_name(out, w, r->host); return;
	case BLANK_SENDER: put_name(out, w, trace_leg(w->trace, r).from); return;
	case BLANK_SEGMENT: put_segment(out, w); return;
	case BLANK_NUMBER: sink_printf(out, "%" PRId64, r->number[0]); return;
	case BLANK_DETAIL: put_detail(out, w); return;
	case BLANK_TIME: sink_time(out, r->number[0]); return;
	case BLANK_ERROR: sink_puts(out, sock_error_name((enum sock_error)r->error)); return;
	case BLANK_TEXT:
		text = trace_text_of(w->trace, r, 0);
		put_harmless(out, text, strlen(text));
		return;
	case BLANK_RULE: sink_puts(out, rule_info((enum rule)r->rule)->id); return;
	case BLANK_STATE: sink_puts(out, state_name((enum state)r->to)); return;
	case BLANK_COUNT: break;
	}
	UNREACHABLE();
}

static void say(const struct writer *w, struct phrase phrase)
{
	phrase_put(w->out, phrase.text[w->lang], fill, w);
}

/* ---- which phrase ---------------------------------------------------------------------------- */

/* clang-format off */
static const struct phrase winds[DEED_COUNT] = {
	[DEED_DROP]      = {{"the wind blows {sender}'s {segment} away", "风吹走{sender}的 {segment}"}},
	[DEED_DELAY]     = {{"the wind holds {sender}'s {segment} up for {time} s", "风把{sender}的 {segment} 耽搁 {time} 秒"}},
	[DEED_DUPLICATE] = {{"the wind says {sender}'s {segment} twice", "风把{sender}的 {segment} 学成两份"}},
	[DEED_REORDER]   = {{"others overtake {sender}'s {segment}", "别的话赶过{sender}的 {segment}"}},
	[DEED_CORRUPT]   = {{"the wind garbles {sender}'s {segment}", "风吹乱{sender}的 {segment}"}},
	[DEED_CUT]       = {{"the way is cut for {sender}'s {segment}", "路断了，没了{sender}的 {segment}"}},
	[DEED_QUEUE]     = {{"the way is full for {sender}'s {segment}", "路上挤满，没了{sender}的 {segment}"}},
	[DEED_MTU]       = {{"{sender}'s {segment} is too big for the way", "{sender}的 {segment} 太大，过不去"}},
	[DEED_LIFETIME]  = {{"{sender}'s {segment} is too old and gone", "{sender}的 {segment} 在路上太久，散了"}},
	[DEED_MARK]      = {{"the wind marks {sender}'s {segment}: the way is crowded", "风在{sender}的 {segment} 上记了一笔：路上拥挤"}},
	[DEED_ICMP]      = {{"{sender}'s {segment} is turned back", "{sender}的 {segment} 过不去，被退回"}},
};

static const struct phrase timers[TIMER_COUNT] = {
	[TIMER_RETRANSMIT] = {{"{who}'s retransmission timer goes off", "{who}的重传定时器到点"}},
	[TIMER_OVERRIDE]   = {{"{who}'s override timer goes off", "{who}的催发定时器到点"}},
	[TIMER_ACK]        = {{"{who}'s delayed ACK timer goes off", "{who}的延迟确认定时器到点"}},
	[TIMER_KEEPALIVE]  = {{"{who}'s keep-alive timer goes off", "{who}的保活定时器到点"}},
	[TIMER_TIME_WAIT]  = {{"{who}'s TIME-WAIT timer goes off", "{who}的 TIME-WAIT 定时器到点"}},
	[TIMER_USER]       = {{"{who}'s user timer goes off", "{who}的用户定时器到点"}},
	[TIMER_LOSS]       = {{"{who}'s loss timer goes off", "{who}的察失定时器到点"}},
	[TIMER_PACE]       = {{"{who}'s pacing timer goes off", "{who}的节拍定时器到点"}},
};
/* clang-format on */

static struct phrase phrase_of_call(const struct record *r)
{
	if (r->error != SOCK_OK)
		return (struct phrase){
			{"{who}'s {detail} fails: {error}", "{who}的 {detail} 失败：{error}"}};
	if (r->kind == REC_RESULT)
		return (struct phrase){{"{who}'s {detail} succeeds", "{who}的 {detail} 成功"}};
	return (struct phrase){{"{who} calls {detail}", "{who}调用 {detail}"}};
}

static struct phrase phrase_of_segment(const struct writer *w)
{
	if (w->record->kind == REC_ARRIVE)
		return (struct phrase){{"{who} gets {segment}", "{who}收到 {segment}"}};
	if (w->record->kind == REC_DISCARD)
		return (struct phrase){
			{"{who} discards {segment} ({detail})", "{who}丢弃 {segment}（{detail}）"}};
	if (trace_seg(w->trace, w->record)->rexmit > 0)
		return (struct phrase){{"{who} sends {segment}", "{who}再发 {segment}"}};
	return (struct phrase){{"{who} sends {segment}", "{who}发 {segment}"}};
}

static struct phrase phrase_of(const struct writer *w)
{
	const struct record *r = w->record;

	switch ((enum record_kind)r->kind) {
	case REC_CALL:
	case REC_RESULT: return phrase_of_call(r);
	case REC_READ:
		if (r->number[0] == 0)
			return (struct phrase){{"{who} reads the end", "{who}读到尽头"}};
		return (struct phrase){{"{who} reads {number} octets", "{who}读到 {number} 字节"}};
	case REC_SEND:
	case REC_ARRIVE:
	case REC_DISCARD: return phrase_of_segment(w);
	case REC_WIND: return winds[r->detail];
	case REC_TIMER: return timers[r->detail];
	case REC_STATE: return (struct phrase){{"{who} enters {state}", "{who}进入 {state}"}};
	case REC_RULE: return (struct phrase){{"{who} follows {rule}", "{who}依照 {rule}"}};
	case REC_SIGNAL:
		return (struct phrase){
			{"{who}'s program learns: {detail}", "{who}的程序得知：{detail}"}};
	case REC_CRASH: return (struct phrase){{"{who} falls silent", "{who}不省人事"}};
	case REC_REBOOT:
		return (struct phrase){
			{"{who} wakes and remembers nothing", "{who}醒来，什么也不记得"}};
	case REC_ICMP:
		return (struct phrase){
			{"an ICMP error reaches {who}: {detail}", "{who}收到 ICMP 报错：{detail}"}};
	case REC_PROMISE:
		return (struct phrase){{"the promise {text} is broken", "诺言 {text} 被打破"}};
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return (struct phrase){{"{text}", "{text}"}};
}

const char *inferred_sign(const struct record *r)
{
	return r->is_inferred ? "~" : "";
}

void brief_record(struct sink *out, const struct trace *t, const struct record *r, enum lang lang)
{
	struct writer w = {.out = out, .trace = t, .record = r, .lang = lang};

	sink_puts(out, inferred_sign(r));
	if (lang != LANG_BOTH) {
		say(&w, phrase_of(&w));
		return;
	}
	w.lang = LANG_ZH;
	say(&w, phrase_of(&w));
	sink_puts(out, " / ");
	w.lang = LANG_EN;
	say(&w, phrase_of(&w));
}
