/* SPDX-License-Identifier: MIT */
#include "export/export.h"

#include <inttypes.h>
#include <string.h>
#include <base/assert.h>
#include <base/harmless.h>
#include "export/tell_words.h"
#include "export/words.h"
#include "trace/brief.h"
#include "trace/talk.h"

struct teller {
	const struct trace *trace;
	const struct record *record;
	enum lang lang; /* LANG_EN or LANG_ZH */
	struct sink *out;
};

static enum look look_of(const struct seg *s)
{
	if (s->ctl & RST)
		return LOOK_RST;
	if (s->ctl & SYN)
		return s->ctl & ACK ? LOOK_SYN_ACK : LOOK_SYN;
	if (s->ctl & FIN)
		return s->text.len > 0 ? LOOK_FIN_DATA : LOOK_FIN;
	if (s->text.len > 0)
		return LOOK_DATA;
	if (s->ctl & ACK)
		return s->wnd == 0 ? LOOK_NO_ROOM : LOOK_ACK;
	return LOOK_EMPTY;
}

/* ---- what stands in braces ------------------------------------------------------------------- */

static void put_title(const struct teller *t, uint8_t host)
{
	if (host < trace_host_count(t->trace))
		words_put_safe(t->out, trace_host_at(t->trace, host)->title[t->lang]);
	else
		sink_puts(t->out, tell_ones[TELL_SOMEBODY].text[t->lang]);
}

/* RFC 2883 4: the first block is of what came twice if it lies below the ACK or in the second. */
static bool is_dsack(const struct seg *s)
{
	const struct sack_block *b = s->sack;

	return seq_le(b[0].right, s->ack) || (s->sacks > 1 && seq_ge(b[0].left, b[1].left) &&
					      seq_le(b[0].right, b[1].right));
}

/* Congestion told, and what has arrived beyond the ACK. */
static void put_marks(const struct teller *t, const struct seg *s)
{
	const char *comma = t->lang == LANG_ZH ? "，" : ", ";

	if (s->ctl & ECE)
		sink_printf(t->out, "%sECE", comma);
	if (s->ctl & CWR)
		sink_printf(t->out, "%sCWR", comma);
	if (!(s->opts & OPT_SACK))
		return;
	for (int i = 0; i < s->sacks; i++) {
		sink_puts(t->out, comma);
		if (i == 0)
			sink_puts(t->out, is_dsack(s) ? "D-SACK " : "SACK ");
		else if (i == 1 && is_dsack(s))
			sink_puts(t->out, "SACK ");
		sink_printf(t->out, "%" PRIu32 "-%" PRIu32, s->sack[i].left.v, s->sack[i].right.v);
	}
}

static void put_numbers(const struct teller *t)
{
	const struct seg *s = trace_seg(t->trace, t->record);
	bool is_zh = t->lang == LANG_ZH;

	sink_printf(t->out, is_zh ? "序号 %" PRIu32 : "seq %" PRIu32, s->seq.v);
	if (s->ctl & ACK)
		sink_printf(t->out, is_zh ? "，确认号 %" PRIu32 : ", ack %" PRIu32, s->ack.v);
	if (!(s->ctl & RST))
		sink_printf(t->out, is_zh ? "，窗口 %u" : ", window %u", s->wnd);
	put_marks(t, s);
}

static void put_ack(const struct teller *t)
{
	const struct seg *s = trace_seg(t->trace, t->record);

	sink_printf(t->out, "%" PRIu32, s->ack.v);
	put_marks(t, s);
}

static void put_said(const struct teller *t, const struct text *text)
{
	const struct streams *s = trace_streams_of(t->trace);
	bool is_short = text->len <= WORDS_SHORT && !stream_is_synthetic(s, text);

	if (t->lang == LANG_ZH && !is_short)
		sink_printf(t->out, "%" PRIu32 " 个字节", text->len);
	else
		words_put_octets(t->out, t->trace, text);
}

static void put_named_arguments(const struct teller *t)
{
	const struct record *r = t->record;

	if (r->detail == CALL_CONNECT)
		put_title(t, r->peer);
	else if (r->detail == CALL_WRITE &&
		 stream_size(trace_streams_of(t->trace), r->seg.text.stream) >=
			 r->seg.text.offset + r->seg.text.len)
		put_said(t, &r->seg.text);
	else
		words_put_arguments(t->out, t->trace, r);
}

static void put_error(const struct teller *t)
{
	enum sock_error e = (enum sock_error)t->record->error;
	bool is_zh = t->lang == LANG_ZH;

	sink_printf(t->out, is_zh ? "%s，%s" : "%s, %s", sock_error_name(e),
		    is_zh ? tell_errors_zh[e] : sock_error_text(e));
}

static void put_rule_of_wind(const struct teller *t)
{
	bool is_zh = t->lang == LANG_ZH;

	if (t->record->place.line == 0)
		return;
	sink_puts(t->out, is_zh ? "（" : " (");
	words_put_place(t->out, t->trace, &t->record->place);
	sink_putc(t->out, ' ');
	if (t->record->kind == REC_WIND)
		words_put_deed(t->out, t->trace, t->record);
	else
		words_put_safe(t->out, trace_quoted(t->trace, &t->record->place));
	sink_puts(t->out, is_zh ? "）" : ")");
}

static void put_rule(const struct teller *t)
{
	const struct rule_info *info = rule_info((enum rule)t->record->rule);

	sink_printf(t->out, t->lang == LANG_ZH ? "%s（RFC %d %s）：%s" : "%s (RFC %d %s): %s",
		    info->id, info->rfc, info->section,
		    rule_sentence((enum rule)t->record->rule, t->lang));
}

/* Texts in two languages stand for each other where one is missing. */
static void put_record_text(const struct teller *t, int which)
{
	enum record_kind kind = (enum record_kind)t->record->kind;
	bool is_bilingual = kind == REC_SCENE || kind == REC_SAY || kind == REC_MARKER ||
			    kind == REC_ASK || kind == REC_END;
	const char *text = trace_text_of(t->trace, t->record, is_bilingual ? (int)t->lang : which);

	if (text[0] == '\0' && is_bilingual)
		text = trace_text_of(t->trace, t->record, t->lang == LANG_ZH ? 0 : 1);
	words_put_safe(t->out, text[0] != '\0' ? text : "-");
}

enum blank {
	BLANK_WHO,
	BLANK_PEER,
	BLANK_SENDER,
	BLANK_WHAT,
	BLANK_NUMBERS,
	BLANK_SAID,
	BLANK_STATE,
	BLANK_MOOD,
	BLANK_ARGUMENTS,
	BLANK_ERROR,
	BLANK_DEED,
	BLANK_TIME,
	BLANK_NUMBER,
	BLANK_ACK,
	BLANK_RULE,
	BLANK_TEXT,
	BLANK_TEXT2,
	BLANK_AGAIN,
	BLANK_COUNT,
};

static const char *const blanks[BLANK_COUNT] = {
	[BLANK_WHO] = "who",       [BLANK_PEER] = "peer",       [BLANK_SENDER] = "sender",
	[BLANK_WHAT] = "what",     [BLANK_NUMBERS] = "numbers", [BLANK_SAID] = "said",
	[BLANK_STATE] = "state",   [BLANK_MOOD] = "mood",       [BLANK_ARGUMENTS] = "arguments",
	[BLANK_ERROR] = "error",   [BLANK_DEED] = "deed",       [BLANK_TIME] = "time",
	[BLANK_NUMBER] = "number", [BLANK_ACK] = "ack",         [BLANK_RULE] = "rule",
	[BLANK_TEXT] = "text",     [BLANK_TEXT2] = "text2",     [BLANK_AGAIN] = "again",
};

static enum blank blank_named(const char *name, size_t n)
{
	for (int i = 0; i < BLANK_COUNT; i++) {
		if (strlen(blanks[i]) == n && memcmp(blanks[i], name, n) == 0)
			return (enum blank)i;
	}
	UNREACHABLE();
}

static void fill(const struct teller *t, enum blank blank)
{
	const struct record *r = t->record;
	const struct seg *s = trace_seg(t->trace, r);

	switch (blank) {
	case BLANK_WHO: put_title(t, r->host); return;
	case BLANK_PEER: put_title(t, r->peer); return;
	case BLANK_SENDER: put_title(t, trace_leg(t->trace, r).from); return;
	case BLANK_WHAT: sink_puts(t->out, tell_whats[look_of(s)].text[t->lang]); return;
	case BLANK_NUMBERS: put_numbers(t); return;
	case BLANK_SAID: put_said(t, r->kind == REC_READ ? &r->seg.text : &s->text); return;
	case BLANK_STATE: sink_puts(t->out, state_name((enum state)r->to)); return;
	case BLANK_MOOD: sink_puts(t->out, tell_moods[r->to].text[t->lang]); return;
	case BLANK_ARGUMENTS: put_named_arguments(t); return;
	case BLANK_ERROR: put_error(t); return;
	case BLANK_DEED: put_rule_of_wind(t); return;
	case BLANK_TIME: sink_time(t->out, r->number[0]); return;
	case BLANK_NUMBER: sink_printf(t->out, "%" PRId64, r->number[0]); return;
	case BLANK_ACK: put_ack(t); return;
	case BLANK_RULE: put_rule(t); return;
	case BLANK_TEXT: put_record_text(t, 0); return;
	case BLANK_TEXT2: put_record_text(t, 1); return;
	case BLANK_AGAIN: sink_printf(t->out, "%u", s->rexmit); return;
	case BLANK_COUNT: break;
	}
	UNREACHABLE();
}

static void fill_named(const void *user, const char *blank, size_t n, struct sink *out)
{
	struct teller aside = *(const struct teller *)user;

	aside.out = out;
	fill(&aside, blank_named(blank, n));
}

static void say(const struct teller *t, const struct phrase *phrase)
{
	phrase_put(t->out, phrase->text[t->lang], fill_named, t);
}

/* ---- which sentence -------------------------------------------------------------------------- */

static void say_segment(const struct teller *t)
{
	const struct record *r = t->record;
	const struct seg *s = trace_seg(t->trace, r);
	enum look look = look_of(s);
	const struct record *of = r->of < r->serial ? trace_at(t->trace, r->of) : r;

	if (r->is_stranger)
		say(t, &tell_ones[TELL_STRANGER]);
	if (r->kind == REC_ARRIVE)
		say(t, &tell_arrivals[look]);
	else
		say(t, s->rexmit > 0 ? &tell_repeats[look] : &tell_sends[look]);
	if (r->kind == REC_ARRIVE && of->kind == REC_WIND && of->detail == DEED_DUPLICATE)
		say(t, &tell_ones[TELL_COPY]);
}

static const struct phrase *signal_phrase(const struct record *r)
{
	for (size_t i = 0; i < TELL_SIGNALS; i++) {
		if (r->number[0] == INT64_C(1) << i)
			return &tell_signals[i];
	}
	return &tell_ones[TELL_NO_RULE];
}

static const struct phrase *phrase_of(const struct record *r)
{
	switch ((enum record_kind)r->kind) {
	case REC_CALL:
		return r->error != SOCK_OK ? &tell_refusals[r->detail] : &tell_calls[r->detail];
	case REC_RESULT:
		return r->error != SOCK_OK ? &tell_refusals[r->detail] : &tell_results[r->detail];
	case REC_READ: return &tell_ones[r->number[0] == 0 ? TELL_READ_END : TELL_READ];
	case REC_WIND: return &tell_deeds[r->detail];
	case REC_DISCARD: return &tell_discards[r->detail];
	case REC_TIMER: return &tell_timers[r->detail];
	case REC_STATE: return &tell_ones[TELL_STATE];
	case REC_RULE: return &tell_ones[r->rule == RULE_NONE ? TELL_NO_RULE : TELL_RULE];
	case REC_SIGNAL: return signal_phrase(r);
	case REC_CRASH: return &tell_ones[TELL_CRASH];
	case REC_REBOOT: return &tell_ones[TELL_REBOOT];
	case REC_ICMP: return &tell_icmps[r->detail];
	case REC_PICTURE: return &tell_ones[TELL_PICTURE];
	case REC_SCENE: return &tell_ones[TELL_SCENE];
	case REC_SAY: return &tell_ones[TELL_SAY];
	case REC_MARKER: return &tell_ones[TELL_MARKER];
	case REC_ASK: return &tell_ones[TELL_ASK];
	case REC_EXPECT: return &tell_verdicts[r->detail];
	case REC_PROMISE:
		return &tell_ones[r->number[0] == 1 ? TELL_PROMISE_EXPECTED : TELL_PROMISE];
	case REC_END: return &tell_ones[TELL_END];
	case REC_SEND:
	case REC_ARRIVE:
	case RECORD_KIND_COUNT: break;
	}
	UNREACHABLE();
}

/* What a reader did, or a play lets somebody do, stands there as "by hand ...". */
static bool is_by_hand(const struct teller *t)
{
	const char *words = trace_quoted(t->trace, &t->record->place);

	return strncmp(words, "by hand", strlen("by hand")) == 0;
}

static void say_record(const struct teller *t)
{
	const struct record *r = t->record;

	if (r->kind == REC_SEND || r->kind == REC_ARRIVE) {
		say_segment(t);
	} else if (r->kind == REC_WIND && is_by_hand(t) && tell_hands[r->detail].text[0]) {
		say(t, &tell_hands[r->detail]);
	} else {
		say(t, phrase_of(r));
		if (r->kind == REC_CALL && is_by_hand(t))
			say(t, &tell_ones[TELL_BY_HAND]);
	}
}

void tell_record(const struct trace *t, uint64_t serial, enum lang lang, struct sink *out)
{
	struct teller teller = {
		.trace = t, .record = trace_at(t, serial), .lang = lang, .out = out};

	sink_puts(out, inferred_sign(teller.record));
	if (lang != LANG_BOTH) {
		say_record(&teller);
		return;
	}
	teller.lang = LANG_ZH;
	say_record(&teller);
	sink_puts(out, " / ");
	teller.lang = LANG_EN;
	say_record(&teller);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* What every listener can do without: the machinery, and what another sentence says already. */
bool tell_is_news(const struct record *r)
{
	const uint32_t news = TCP_SIG_RESET | TCP_SIG_TIMEOUT | TCP_SIG_URGENT | TCP_SIG_R1 |
			      TCP_SIG_SOFT_ERROR | TCP_SIG_UNREACHABLE | TCP_SIG_USER_TIMEOUT;

	switch ((enum record_kind)r->kind) {
	case REC_RULE:
	case REC_PICTURE: return false;
	case REC_SIGNAL: return (r->number[0] & news) != 0;
	case REC_EXPECT: return r->detail != VERDICT_PASS;
	case REC_CALL: return r->detail != CALL_ACCEPT || r->number[1] == 0; /* by itself */
	case REC_RESULT:
	case REC_READ:
	case REC_SEND:
	case REC_WIND:
	case REC_ARRIVE:
	case REC_DISCARD:
	case REC_TIMER:
	case REC_STATE:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return true;
}

static void put_time(struct sink *out, usec at)
{
	sink_time(out, at);
	sink_puts(out, "  ");
}

/* In detail the machinery is told, too: the rules, the signals, and all that changed inside. */
void tell_lines(const struct trace *t, uint64_t serial, enum lang lang, bool is_detailed,
		struct sink *out)
{
	const struct record *r = trace_at(t, serial);

	if (r->kind != REC_PICTURE && (is_detailed || tell_is_news(r))) {
		put_time(out, r->at);
		tell_record(t, serial, lang, out);
		sink_putc(out, '\n');
	}
	for (uint32_t i = 0; is_detailed && i < r->changes.count; i++) {
		const struct tcb_change *change = trace_change(t, r, i);

		if (!tell_change_is_news(change))
			continue;
		put_time(out, r->at);
		tell_change(t, r, change, lang, out);
		sink_putc(out, '\n');
	}
}

void export_tell(const struct trace *t, const struct export_options *o, struct sink *out)
{
	for (uint64_t i = 0; i < trace_count(t); i++)
		tell_lines(t, i, o ? o->lang : LANG_EN, o && o->detailed, out);
}
