/* SPDX-License-Identifier: MIT */
#include "stage/lang.h"

#include <string.h>
#include <base/assert.h>
#include <base/diag.h>

static const struct string_info strings[STRING_COUNT] = {
#define STRING(id, columns, en, zh) {#id, columns, {en, zh}},
#include "stage/string.def"
#include "stage/key.def"
#include "stage/field.def"
#include "stage/playbill.def"
#include "stage/chooser.def"
#undef STRING
};

const struct string_info *string_info(enum string s)
{
	ASSERT(s < STRING_COUNT);
	return &strings[s];
}

const char *string_in(enum string s, enum lang lang)
{
	return string_info(s)->text[lang == LANG_ZH];
}

void string_put(struct sink *out, enum string s, enum lang lang)
{
	const struct string_info *info = string_info(s);

	if (lang != LANG_EN)
		sink_puts(out, info->text[1]);
	if (lang == LANG_BOTH && strcmp(info->text[0], info->text[1]) == 0)
		return;
	if (lang == LANG_BOTH)
		sink_putc(out, ' ');
	if (lang != LANG_ZH)
		sink_puts(out, info->text[0]);
}

const char *text_in(const char *en, const char *zh, enum lang lang)
{
	if (lang == LANG_ZH)
		return zh[0] != '\0' ? zh : en;
	return en[0] != '\0' ? en : zh;
}

const char *mistake_in(const struct diag *d, enum lang lang)
{
	return lang == LANG_ZH && d->message_zh ? d->message_zh : d->message;
}

enum string string_of_state(enum state s)
{
	switch (s) {
	case CLOSED: return STRING_STATE_CLOSED;
	case LISTEN: return STRING_STATE_LISTEN;
	case SYN_SENT: return STRING_STATE_SYN_SENT;
	case SYN_RECEIVED: return STRING_STATE_SYN_RCVD;
	case ESTABLISHED: return STRING_STATE_ESTABLISHED;
	case FIN_WAIT_1: return STRING_STATE_FIN_WAIT_1;
	case FIN_WAIT_2: return STRING_STATE_FIN_WAIT_2;
	case CLOSE_WAIT: return STRING_STATE_CLOSE_WAIT;
	case CLOSING: return STRING_STATE_CLOSING;
	case LAST_ACK: return STRING_STATE_LAST_ACK;
	case TIME_WAIT: return STRING_STATE_TIME_WAIT;
	case STATE_COUNT: break;
	}
	UNREACHABLE();
}

enum string string_of_deed(enum deed d)
{
	switch (d) {
	case DEED_DROP: return STRING_DEED_DROP;
	case DEED_DELAY: return STRING_DEED_DELAY;
	case DEED_DUPLICATE: return STRING_DEED_DUPLICATE;
	case DEED_REORDER: return STRING_DEED_REORDER;
	case DEED_CORRUPT: return STRING_DEED_CORRUPT;
	case DEED_CUT: return STRING_DEED_CUT;
	case DEED_QUEUE: return STRING_DEED_QUEUE;
	case DEED_MTU: return STRING_DEED_MTU;
	case DEED_LIFETIME: return STRING_DEED_LIFETIME;
	case DEED_MARK: return STRING_DEED_MARK;
	case DEED_ICMP: return STRING_DEED_ICMP;
	case DEED_COUNT: break;
	}
	UNREACHABLE();
}

enum string string_of_discard(enum discard d)
{
	switch (d) {
	case DISCARD_CHECKSUM: return STRING_DISCARD_CHECKSUM;
	case DISCARD_HOST_DOWN: return STRING_DISCARD_HOST_DOWN;
	case DISCARD_NO_HOST: return STRING_DISCARD_NO_HOST;
	case DISCARD_ADDRESS: return STRING_DISCARD_ADDRESS;
	case DISCARD_QUEUE_FULL: return STRING_DISCARD_QUEUE_FULL;
	case DISCARD_COUNT: break;
	}
	UNREACHABLE();
}

enum string string_of_timer(enum tcp_timer t)
{
	switch (t) {
	case TIMER_RETRANSMIT: return STRING_TIMER_RETRANSMIT;
	case TIMER_OVERRIDE: return STRING_TIMER_OVERRIDE;
	case TIMER_ACK: return STRING_TIMER_ACK;
	case TIMER_KEEPALIVE: return STRING_TIMER_KEEPALIVE;
	case TIMER_TIME_WAIT: return STRING_TIMER_TIME_WAIT;
	case TIMER_USER: return STRING_TIMER_USER;
	case TIMER_LOSS: return STRING_TIMER_LOSS;
	case TIMER_PACE: return STRING_TIMER_PACE;
	case TIMER_COUNT: break;
	}
	UNREACHABLE();
}
