/* SPDX-License-Identifier: MIT */
/* tell_change.c - what changed inside a connection, a sentence each. */
#include <inttypes.h>
#include <base/harmless.h>
#include "export/export.h"
#include "export/words.h"
#include "trace/phrase.h"

/* clang-format off */
static const struct phrase fields[TCB_FIELD_COUNT] = {
	[F_state]      = {{"state", "状态"}},
	[F_iss]        = {{"ISS, its first sequence number,", "初始序号 ISS"}},
	[F_irs]        = {{"IRS, the other's first sequence number,", "对方的初始序号 IRS"}},
	[F_snd_una]    = {{"SND.UNA, the oldest octet not acknowledged,", "SND.UNA（最早一个还没被确认的字节）"}},
	[F_snd_nxt]    = {{"SND.NXT, the next octet to send,", "SND.NXT（下一个要发的字节）"}},
	[F_snd_wnd]    = {{"SND.WND, the send window,", "发送窗口 SND.WND"}},
	[F_snd_up]     = {{"SND.UP, the end of urgent octets sent,", "SND.UP（已发紧急数据的末尾）"}},
	[F_snd_wl1]    = {{"SND.WL1, SEG.SEQ of the last window update,", "SND.WL1（上次更新窗口时的 SEG.SEQ）"}},
	[F_snd_wl2]    = {{"SND.WL2, SEG.ACK of the last window update,", "SND.WL2（上次更新窗口时的 SEG.ACK）"}},
	[F_max_wnd]    = {{"MAX.SND.WND, the largest window offered so far,", "对方给过的最大窗口 MAX.SND.WND"}},
	[F_snd_queued] = {{"queue of octets not acknowledged", "用户交来、还没被确认的字节数"}},
	[F_flight]     = {{"FlightSize, octets in flight,", "在途字节数 FlightSize"}},
	[F_mss]        = {{"Eff.snd.MSS, the most text in a segment,", "一个报文段最多带的正文 Eff.snd.MSS"}},
	[F_rcv_nxt]    = {{"RCV.NXT, the next octet expected,", "RCV.NXT（下一个等着的字节）"}},
	[F_rcv_wnd]    = {{"RCV.WND, the receive window,", "接收窗口 RCV.WND"}},
	[F_rcv_up]     = {{"RCV.UP, the end of urgent octets announced,", "RCV.UP（对方通告的紧急数据末尾）"}},
	[F_rcv_user]   = {{"RCV.USER, octets not read yet,", "还没读的字节数 RCV.USER"}},
	[F_rcv_mss]    = {{"RMSS, the MSS announced,", "告诉对方的 MSS"}},
	[F_rcv_held]   = {{"number of runs held out of order", "乱序先收着的段数"}},
	[F_cwnd]       = {{"cwnd, the congestion window,", "拥塞窗口 cwnd"}},
	[F_ssthresh]   = {{"ssthresh, the slow start threshold,", "慢启动门限 ssthresh"}},
	[F_dupacks]    = {{"count of duplicate ACKs in a row", "连续重复 ACK 的个数"}},
	[F_recovering] = {{"fast recovery", "快速恢复"}},
	[F_recover]    = {{"RECOVER, the highest sent when recovery began,", "RECOVER（恢复开始时发到的地方）"}},
	[F_rto]        = {{"RTO, the retransmission timeout,", "重传超时 RTO"}},
	[F_srtt]       = {{"SRTT, the smoothed round-trip time,", "平滑往返时间 SRTT"}},
	[F_rttvar]     = {{"RTTVAR, how the round-trip time varies,", "往返时间的波动 RTTVAR"}},
	[F_rexmits]    = {{"count of timeouts in a row", "连续超时的次数"}},
	[F_probes]     = {{"count of window probes in a row", "连续探问窗口的次数"}},
	[F_keepalives] = {{"count of keep-alive probes not answered", "没有回音的保活探问次数"}},
	[F_user_gone]  = {{"mark that the user has closed and reads no more", "用户已关闭、不再读的标记"}},
	[F_fin_sent]   = {{"mark that its FIN was sent", "FIN 已发的标记"}},
	[F_t_retransmit] = {{"retransmission timer", "重传定时器"}},
	[F_t_override] = {{"override timer", "催发定时器"}},
	[F_t_ack]      = {{"delayed ACK timer", "延迟确认定时器"}},
	[F_t_keepalive] = {{"keep-alive timer", "保活定时器"}},
	[F_t_time_wait] = {{"TIME-WAIT timer", "TIME-WAIT 定时器"}},
	[F_t_user]     = {{"user timer", "用户定时器"}},
	[F_t_loss]     = {{"loss timer", "察失定时器"}},
	[F_t_pace]     = {{"pacing timer", "节拍定时器"}},
	[F_snd_scale]  = {{"Snd.Wind.Shift, how far the peer's windows are shifted,", "对方窗口的移位 Snd.Wind.Shift"}},
	[F_rcv_scale]  = {{"Rcv.Wind.Shift, how far its own windows are shifted,", "本方窗口的移位 Rcv.Wind.Shift"}},
	[F_ts_recent]  = {{"TS.Recent, the timestamp it echoes,", "要回显的时间戳 TS.Recent"}},
	[F_remote_uto] = {{"REMOTE_UTO, the user timeout it was told,", "对方说的用户超时 REMOTE_UTO"}},
	[F_sacked]     = {{"count of octets that the other holds out of order", "对方乱序收着的字节数"}},
	[F_lost]       = {{"count of octets thought lost and not sent again yet", "认为丢了、还没重发的字节数"}},
};

enum form { IT_IS, IT_WAS, IT_BEGINS, IT_ENDS, TIMER_SET, TIMER_STOPPED, FORMS };

static const struct phrase forms[FORMS] = {
	[IT_IS]         = {{"{who}'s {field} is {new}.", "{who}的{field}是 {new}。"}},
	[IT_WAS]        = {{"{who}'s {field} goes from {old} to {new}.", "{who}的{field}从 {old} 变为 {new}。"}},
	[IT_BEGINS]     = {{"{who}'s {field} is on.", "{who}的{field}：是。"}},
	[IT_ENDS]       = {{"{who}'s {field} is off.", "{who}的{field}：否。"}},
	[TIMER_SET]     = {{"{who}'s {field} is set to {new}.", "{who}的{field}定在 {new}。"}},
	[TIMER_STOPPED] = {{"{who}'s {field} is stopped.", "{who}的{field}停了。"}},
};
/* clang-format on */

struct told {
	const struct trace *trace;
	const struct record *record;
	const struct tcb_change *change;
	enum lang lang; /* LANG_EN or LANG_ZH */
};

static void put_value(const struct told *t, int64_t value, struct sink *out)
{
	enum tcb_field field = (enum tcb_field)t->change->field;

	switch (tcb_field_kind_of(field)) {
	case FIELD_TIME:
	case FIELD_DEADLINE:
		sink_time(out, value);
		sink_puts(out, t->lang == LANG_ZH ? " 秒" : " s");
		return;
	case FIELD_STATE: sink_puts(out, state_name((enum state)value)); return;
	case FIELD_SEQ:
	case FIELD_COUNT:
	case FIELD_BYTES:
	case FIELD_BOOL: break;
	}
	if (field == F_ssthresh && value >= UINT32_MAX / 2)
		sink_puts(out, t->lang == LANG_ZH ? "无限" : "unlimited");
	else
		sink_printf(out, "%" PRId64, value);
}

static void fill(const void *user, const char *blank, size_t n, struct sink *out)
{
	const struct told *t = user;

	(void)n;
	if (blank[0] == 'w' && t->record->host < trace_host_count(t->trace))
		words_put_safe(out, trace_host_at(t->trace, t->record->host)->title[t->lang]);
	else if (blank[0] == 'f')
		sink_puts(out, fields[t->change->field].text[t->lang]);
	else if (blank[0] == 'o')
		put_value(t, t->change->old, out);
	else if (blank[0] == 'n')
		put_value(t, t->change->new, out);
}

static enum form form_of(const struct tcb_change *c)
{
	switch (tcb_field_kind_of((enum tcb_field)c->field)) {
	case FIELD_DEADLINE: return c->new == USEC_NEVER ? TIMER_STOPPED : TIMER_SET;
	case FIELD_BOOL: return c->new ? IT_BEGINS : IT_ENDS;
	case FIELD_SEQ:
	case FIELD_COUNT:
	case FIELD_BYTES:
	case FIELD_TIME:
	case FIELD_STATE: break;
	}
	return c->old == 0 ? IT_IS : IT_WAS;
}

/* A state has a record of its own; a timer that was never set stops nothing. */
bool tell_change_is_news(const struct tcb_change *c)
{
	if (c->field >= TCB_FIELD_COUNT || c->field == F_state || c->old == c->new)
		return false;
	return tcb_field_kind_of((enum tcb_field)c->field) != FIELD_DEADLINE || c->old != 0 ||
	       c->new != USEC_NEVER;
}

void tell_change(const struct trace *t, const struct record *r, const struct tcb_change *c,
		 enum lang lang, struct sink *out)
{
	struct told told = {.trace = t, .record = r, .change = c, .lang = lang};
	const struct phrase *phrase = &forms[form_of(c)];

	if (lang != LANG_BOTH) {
		phrase_put(out, phrase->text[lang], fill, &told);
		return;
	}
	told.lang = LANG_ZH;
	phrase_put(out, phrase->text[LANG_ZH], fill, &told);
	sink_puts(out, " / ");
	told.lang = LANG_EN;
	phrase_put(out, phrase->text[LANG_EN], fill, &told);
}
