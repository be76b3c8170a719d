/* SPDX-License-Identifier: MIT */
#include "trace/brief.h"

#include <inttypes.h>
#include <string.h>
#include <base/assert.h>
#include <base/harmless.h>
#include <woshou/match.h>
#include <woshou/names.h>
#include "trace/talk.h"

/*
 * In a phrase stand for
 *	%w  whose record it is       %f  who sent the segment
 *	%s  the segment              %n  number[0]
 *	%d  the detail's name        %t  number[0] as a time
 *	%e  the error                %x  the record's first text
 *	%r  the rule                 %q  the state entered
 */
struct phrase {
	const char *text[2]; /* LANG_EN, LANG_ZH */
};

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

static void put_blank(struct sink *out, const struct writer *w, char which)
{
	const struct record *r = w->record;
	const char *text;

	switch (which) {
	case 'w': put_name(out, w, r->host); return;
	case 'f': put_name(out, w, trace_leg(w->trace, r).from); return;
	case 's': put_segment(out, w); return;
	case 'd': put_detail(out, w); return;
	case 'e': sink_puts(out, sock_error_name((enum sock_error)r->error)); return;
	case 'r': sink_puts(out, rule_info((enum rule)r->rule)->id); return;
	case 'q': sink_puts(out, state_name((enum state)r->to)); return;
	case 'n': sink_printf(out, "%" PRId64, r->number[0]); return;
	case 't': sink_time(out, r->number[0]); return;
	case 'x':
		text = trace_text_of(w->trace, r, 0);
		put_harmless(out, text, strlen(text));
		return;
	}
	UNREACHABLE();
}

static void say(const struct writer *w, struct phrase phrase)
{
	for (const char *at = phrase.text[w->lang]; *at != '\0';) {
		struct sink piece = {0};
		size_t n = strcspn(at, "%");

		put_spaced(w->out, at, n);
		at += n;
		if (*at == '\0')
			break;
		put_blank(&piece, w, at[1]);
		put_spaced(w->out, piece.at ? piece.at : "", piece.count);
		sink_fini(&piece);
		at += 2;
	}
}

/* ---- which phrase ---------------------------------------------------------------------------- */

/* clang-format off */
static const struct phrase winds[DEED_COUNT] = {
	[DEED_DROP]      = {{"the wind blows %f's %s away", "风吹走%f的 %s"}},
	[DEED_DELAY]     = {{"the wind holds %f's %s up for %t s", "风把%f的 %s 耽搁 %t 秒"}},
	[DEED_DUPLICATE] = {{"the wind says %f's %s twice", "风把%f的 %s 学成两份"}},
	[DEED_REORDER]   = {{"others overtake %f's %s", "别的话赶过%f的 %s"}},
	[DEED_CORRUPT]   = {{"the wind garbles %f's %s", "风吹乱%f的 %s"}},
	[DEED_CUT]       = {{"the way is cut for %f's %s", "路断了，没了%f的 %s"}},
	[DEED_QUEUE]     = {{"the way is full for %f's %s", "路上挤满，没了%f的 %s"}},
	[DEED_MTU]       = {{"%f's %s is too big for the way", "%f的 %s 太大，过不去"}},
	[DEED_LIFETIME]  = {{"%f's %s is too old and gone", "%f的 %s 在路上太久，散了"}},
};

static const struct phrase timers[TIMER_COUNT] = {
	[TIMER_RETRANSMIT] = {{"%w's retransmission timer goes off", "%w的重传定时器到点"}},
	[TIMER_OVERRIDE]   = {{"%w's override timer goes off", "%w的催发定时器到点"}},
	[TIMER_ACK]        = {{"%w's delayed ACK timer goes off", "%w的延迟确认定时器到点"}},
	[TIMER_KEEPALIVE]  = {{"%w's keep-alive timer goes off", "%w的保活定时器到点"}},
	[TIMER_TIME_WAIT]  = {{"%w's TIME-WAIT timer goes off", "%w的 TIME-WAIT 定时器到点"}},
	[TIMER_USER]       = {{"%w's user timer goes off", "%w的用户定时器到点"}},
};
/* clang-format on */

static struct phrase phrase_of_call(const struct record *r)
{
	if (r->error != SOCK_OK)
		return (struct phrase){{"%w's %d fails: %e", "%w的 %d 失败：%e"}};
	if (r->kind == REC_RESULT)
		return (struct phrase){{"%w's %d succeeds", "%w的 %d 成功"}};
	return (struct phrase){{"%w calls %d", "%w调用 %d"}};
}

static struct phrase phrase_of_segment(const struct writer *w)
{
	if (w->record->kind == REC_ARRIVE)
		return (struct phrase){{"%w gets %s", "%w收到 %s"}};
	if (w->record->kind == REC_DISCARD)
		return (struct phrase){{"%w discards %s (%d)", "%w丢弃 %s（%d）"}};
	if (trace_seg(w->trace, w->record)->rexmit > 0)
		return (struct phrase){{"%w sends %s", "%w再发 %s"}};
	return (struct phrase){{"%w sends %s", "%w发 %s"}};
}

static struct phrase phrase_of(const struct writer *w)
{
	const struct record *r = w->record;

	switch ((enum record_kind)r->kind) {
	case REC_CALL:
	case REC_RESULT: return phrase_of_call(r);
	case REC_READ:
		if (r->number[0] == 0)
			return (struct phrase){{"%w reads the end", "%w读到尽头"}};
		return (struct phrase){{"%w reads %n octets", "%w读到 %n 字节"}};
	case REC_SEND:
	case REC_ARRIVE:
	case REC_DISCARD: return phrase_of_segment(w);
	case REC_WIND: return winds[r->detail];
	case REC_TIMER: return timers[r->detail];
	case REC_STATE: return (struct phrase){{"%w enters %q", "%w进入 %q"}};
	case REC_RULE: return (struct phrase){{"%w follows %r", "%w依照 %r"}};
	case REC_SIGNAL: return (struct phrase){{"%w's program learns: %d", "%w的程序得知：%d"}};
	case REC_CRASH: return (struct phrase){{"%w falls silent", "%w不省人事"}};
	case REC_REBOOT:
		return (struct phrase){{"%w wakes and remembers nothing", "%w醒来，什么也不记得"}};
	case REC_ICMP:
		return (struct phrase){{"an ICMP error reaches %w: %d", "%w收到 ICMP 报错：%d"}};
	case REC_PROMISE: return (struct phrase){{"the promise %x is broken", "诺言 %x 被打破"}};
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return (struct phrase){{"%x", "%x"}};
}

void brief_record(struct sink *out, const struct trace *t, const struct record *r, enum lang lang)
{
	struct writer w = {.out = out, .trace = t, .record = r, .lang = lang};

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
