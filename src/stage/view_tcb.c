/* SPDX-License-Identifier: MIT */
/* view_tcb.c - inside two TCPs: the RFC's variables side by side; what this step changed is bold.
 */
#include <inttypes.h>
#include <base/utf8.h>
#include "stage/view.h"

static const struct {
	enum tcb_field field;
	const char *name;
} shown[] = {
	{F_snd_una, "SND.UNA"}, {F_snd_nxt, "SND.NXT"},   {F_snd_wnd, "SND.WND"},
	{F_rcv_nxt, "RCV.NXT"}, {F_rcv_wnd, "RCV.WND"},   {F_flight, "in flight"},
	{F_rto, "RTO"},         {F_srtt, "SRTT"},         {F_rexmits, "timeouts"},
	{F_cwnd, "cwnd"},       {F_ssthresh, "ssthresh"}, {F_mss, "MSS"},
	{F_iss, "ISS"},         {F_irs, "IRS"},           {F_rcv_user, "not read"},
	{F_rcv_held, "held"},   {F_dupacks, "dup ACKs"},
};

enum { NAME_COLUMNS = 11 };

/* A side's own numbers count from its ISS, what it expects from the other's IRS. */
static int64_t relative(const struct view *v, const struct moment_conn *k, enum tcb_field f)
{
	int64_t value = k->field[f];
	bool is_own = f == F_snd_una || f == F_snd_nxt;

	if (v->player->is_absolute || f == F_iss || f == F_irs)
		return value;
	return (int64_t)(uint32_t)(value - k->field[is_own ? F_iss : F_irs]);
}

static void put_value(struct sink *out, const struct view *v, const struct moment_conn *k,
		      enum tcb_field f)
{
	int64_t value = k->field[f];

	switch (tcb_field_kind_of(f)) {
	case FIELD_SEQ: sink_printf(out, "%" PRId64, relative(v, k, f)); return;
	case FIELD_TIME:
		if (value <= 0)
			sink_puts(out, "-");
		else
			put_span(out, value);
		return;
	case FIELD_DEADLINE:
		if (value == USEC_NEVER)
			sink_puts(out, "-");
		else
			sink_time(out, value);
		return;
	case FIELD_BOOL: sink_puts(out, value ? "yes" : "no"); return;
	case FIELD_STATE: sink_puts(out, state_name((enum state)value)); return;
	case FIELD_COUNT:
	case FIELD_BYTES:
		if (f == F_ssthresh && value >= UINT32_MAX / 2)
			sink_puts(out, "-");
		else
			sink_printf(out, "%" PRId64, value);
		return;
	}
}

static bool has_changed(const struct view *v, const struct moment_conn *k, enum tcb_field f)
{
	const struct beat *b = view_beat(v);

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);

		if (r->conn != k->conn)
			continue;
		for (uint32_t j = 0; j < r->changes.count; j++) {
			const struct tcb_change *change = trace_change(v->story->trace, r, j);

			if (change->field == f && change->old != change->new)
				return true;
		}
	}
	return false;
}

static void draw_value(struct canvas *c, int row, int end, int room, const struct view *v,
		       uint8_t host, enum tcb_field f)
{
	const struct moment_conn *k = view_conn(v, host);
	struct sink text = {0};
	struct ink ink = INK(ROLE_FAINT);

	if (!k || k->field[F_state] == CLOSED) {
		canvas_text_right(c, row, end, room, ink, "-");
		return;
	}
	if (has_changed(v, k, f)) {
		ink = view_ink(v, host);
		ink.attrs |= ATTR_BOLD;
	}
	put_value(&text, v, k, f);
	canvas_text_right(c, row, end, room, ink, text.at);
	sink_fini(&text);
}

void view_tcb(struct canvas *c, struct area a, const struct view *v)
{
	uint8_t host[2];
	int people = view_pair(v, host);
	int share = (a.columns - NAME_COLUMNS - 2) / 2;

	if (a.rows < 2)
		return;
	view_pair_rule(c, (struct area){a.row, a.column, 1, a.columns}, v, STRING_TCB);
	for (int i = 0; i < people; i++)
		canvas_text_right(c, a.row + 1, a.column + 1 + NAME_COLUMNS + share * (i + 1),
				  share - 1, view_ink(v, host[i]), view_name(v, host[i]));
	for (int i = 0; i + 2 < a.rows && i < (int)(sizeof shown / sizeof shown[0]); i++) {
		int row = a.row + 2 + i;

		canvas_text(c, row, a.column + 1, NAME_COLUMNS, INK(ROLE_FAINT), shown[i].name);
		for (int p = 0; p < people; p++)
			draw_value(c, row, a.column + 1 + NAME_COLUMNS + share * (p + 1), share - 1,
				   v, host[p], shown[i].field);
	}
}
