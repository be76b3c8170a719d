/* SPDX-License-Identifier: MIT */
#include "export/ladder.h"

#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/names.h>
#include "export/words.h"
#include "trace/brief.h"
#include "wire/seg_text.h"

/* ---- one line -------------------------------------------------------------------------------- */

enum { COMMENT_GAP = 3 };

static void begin_line(struct ladder *l, usec at)
{
	sink_clear(&l->line);
	sink_printf(&l->line, "%*" PRId64 ".%03d", (int)l->second_digits, at / USEC_PER_S,
		    (int)(at % USEC_PER_S / USEC_PER_MS));
	if (at % USEC_PER_MS != 0)
		sink_printf(&l->line, "%03d", (int)(at % USEC_PER_MS));
}

static void pad_to(struct ladder *l, size_t column)
{
	size_t now = utf8_width(l->line.at, l->line.count);

	sink_pad(&l->line, ' ', now < column ? column - now : 0);
}

static void begin_comment(struct ladder *l)
{
	if (utf8_width(l->line.at, l->line.count) < l->comment_column)
		pad_to(l, l->comment_column);
	else
		sink_pad(&l->line, ' ', COMMENT_GAP);
}

static void end_line(struct ladder *l)
{
	sink_put(l->out, l->line.at, l->line.count);
	sink_putc(l->out, '\n');
}

static void begin_word(struct ladder *l, const struct record *r)
{
	begin_line(l, r->at);
	pad_to(l, ladder_who_column(l));
	words_put_safe(&l->line, words_host(l->trace, r->host));
	pad_to(l, ladder_who_column(l) + l->name_columns + 5);
}

/* ---- comments -------------------------------------------------------------------------------- */

/* Who a state is of: the connection's name if it has one, else the host's. On a line that speaks
 * of the same connection the subject is plain. */
static const char *subject_of(const struct ladder *l, const struct record *state,
			      const struct record *line)
{
	const char *label = words_label(l->trace, state->conn);

	if (line && line->host == state->host && (!label || line->conn == state->conn))
		return "";
	return label ? label : words_host(l->trace, state->host);
}

static void comment_states(struct ladder *l, const struct record *line)
{
	const char *subject = NULL;
	enum state last = CLOSED;

	for (size_t i = 0; i < l->states.count; i++) {
		const struct record *s = l->states.at[i];
		const char *of = subject_of(l, s, line);
		bool is_new = !subject || strcmp(subject, of) != 0;

		if (!is_new && s->to == last)
			continue;
		if (is_new) {
			if (!subject)
				begin_comment(l);
			sink_puts(&l->line, "; ");
			words_put_safe(&l->line, of);
			sink_puts(&l->line, of[0] ? " " : "");
		} else {
			sink_puts(&l->line, ", ");
		}
		sink_puts(&l->line, inferred_sign(s));
		sink_puts(&l->line, state_name((enum state)s->to));
		subject = of;
		last = (enum state)s->to;
	}
}

static void comment_deed(struct ladder *l, const struct record *deed)
{
	size_t before;

	begin_comment(l);
	sink_printf(&l->line, "# %s", inferred_sign(deed));
	before = l->line.count;
	words_put_place(&l->line, l->trace, &deed->place);
	if (l->line.count > before)
		sink_putc(&l->line, ' ');
	words_put_deed(&l->line, l->trace, deed);
}

/* The i-th deed, as long as it was done when the segment left; NULL behind the last. */
static const struct record *deed_at(const struct ladder *l, size_t i, const struct record *send)
{
	const struct record *deed = acts_at(&l->acts, i, send->serial);

	return deed && deed->at == send->at ? deed : NULL;
}

static void comment_deeds(struct ladder *l, const struct record *send)
{
	const struct record *deed;

	for (size_t i = acts_first(&l->acts, send->serial); (deed = deed_at(l, i, send)); i++)
		comment_deed(l, deed);
}

/* ---- segments -------------------------------------------------------------------------------- */

static const char *arrow_of(const struct ladder *l, const struct rung *rung)
{
	const struct record *r = rung->record, *deed;
	const char *arrow = "->";

	if (rung->kind == RUNG_DISCARD)
		return "-x|";
	if (rung->kind == RUNG_WIND)
		return deed_takes((enum deed)r->detail) ? "~x" : "~>";
	if (r->is_stranger)
		return "?>";
	if (rung->kind == RUNG_ARRIVE)
		return "->|";
	for (size_t i = acts_first(&l->acts, r->serial); (deed = deed_at(l, i, r)); i++) {
		if (deed_takes((enum deed)deed->detail))
			return "~x";
		arrow = "~>";
	}
	return arrow;
}

static bool is_copy(const struct ladder *l, const struct record *r)
{
	const struct record *of = r->of < r->serial ? trace_at(l->trace, r->of) : r;

	return r->kind != REC_WIND && of->kind == REC_WIND && of->detail == DEED_DUPLICATE;
}

/* Which conversation: nothing for the first of the trace, so that two people need no ports. */
static void note_talk(struct ladder *l, const struct rung *rung, const struct leg *leg)
{
	const struct record *o = trace_origin(l->trace, rung->record);
	const char *label = words_label(l->trace, o->conn);

	if (!label)
		label = words_label(l->trace, rung->record->conn);
	if (label) {
		sink_puts(&l->line, "   [");
		words_put_safe(&l->line, label);
		sink_putc(&l->line, ']');
	} else if (rung->talk_number > 0) {
		sink_printf(&l->line, "   [%u>%u]", leg->from_port, leg->to_port);
	}
}

static void begin_segment(struct ladder *l, const struct rung *rung)
{
	const struct record *r = rung->record;
	const char *arrow = arrow_of(l, rung);
	struct leg leg = trace_leg(l->trace, r);
	struct seg s = *trace_seg(l->trace, r);
	size_t column = ladder_who_column(l);

	if (l->options->relative) {
		s.seq = rung->relative.seq;
		s.ack = rung->relative.ack;
		for (size_t i = 0; i < s.sacks; i++) {
			s.sack[i].left = seq_sub(s.sack[i].left, rung->relative.ack_base.v);
			s.sack[i].right = seq_sub(s.sack[i].right, rung->relative.ack_base.v);
		}
	}
	begin_line(l, r->at);
	pad_to(l, column);
	words_put_safe(&l->line, words_host(l->trace, leg.from));
	pad_to(l, column + l->name_columns + 1);
	sink_printf(&l->line, "%s ", arrow);
	words_put_safe(&l->line, words_host(l->trace, leg.to));
	pad_to(l, column + 2 * l->name_columns + 6);
	seg_print(&l->line, &s);
	if (s.rexmit > 0)
		sink_printf(&l->line, "   rexmit %u", s.rexmit);
	if (is_copy(l, r))
		sink_puts(&l->line, "   copy");
	note_talk(l, rung, &leg);
}

/* ---- the rungs ------------------------------------------------------------------------------- */

static void begin_call(struct ladder *l, const struct record *r)
{
	const char *label = words_label(l->trace, r->conn);
	const char *verb = name_of(NAMES_CALL, r->detail);
	bool is_naming = r->detail == CALL_CONNECT || r->detail == CALL_ACCEPT;

	begin_word(l, r);
	if (label && !is_naming) {
		words_put_safe(&l->line, label);
		sink_putc(&l->line, ' ');
	}
	sink_puts(&l->line, inferred_sign(r));
	sink_puts(&l->line, verb);
	if (r->kind == REC_CALL) {
		sink_putc(&l->line, '(');
		words_put_arguments(&l->line, l->trace, r);
		sink_putc(&l->line, ')');
	}
	if (label && is_naming) {
		sink_puts(&l->line, " as ");
		words_put_safe(&l->line, label);
	}
	if (r->error != SOCK_OK)
		sink_printf(&l->line, " fails %s", sock_error_name((enum sock_error)r->error));
}

static void begin_read(struct ladder *l, const struct record *r)
{
	const char *label = words_label(l->trace, r->conn);

	begin_word(l, r);
	if (label) {
		words_put_safe(&l->line, label);
		sink_putc(&l->line, ' ');
	}
	sink_printf(&l->line, "%sreads ", inferred_sign(r));
	if (r->number[0] == 0)
		sink_puts(&l->line, "end");
	else
		words_put_octets(&l->line, l->trace, &r->seg.text);
}

static void begin_happening(struct ladder *l, const struct record *r)
{
	begin_word(l, r);
	sink_puts(&l->line, name_of(NAMES_KIND, r->kind));
	if (r->kind == REC_ICMP)
		sink_printf(&l->line, " %s", name_of(NAMES_ICMP, r->detail));
	if (r->kind == REC_ICMP && trace_text_of(l->trace, r, 0)[0] != '\0')
		sink_printf(&l->line, " (%s)", trace_text_of(l->trace, r, 0));
	if (r->kind == REC_ICMP && r->detail == ICMP_TOO_BIG)
		sink_printf(&l->line, " %" PRId64, r->number[0]);
}

enum sock_error ladder_error(const struct record *signal)
{
	switch ((enum tcp_signal)signal->number[0]) {
	case TCP_SIG_RESET: return SOCK_ECONNRESET;
	case TCP_SIG_TIMEOUT: return SOCK_ETIMEDOUT;
	case TCP_SIG_UNREACHABLE: return SOCK_EHOSTUNREACH;
	case TCP_SIG_ESTABLISHED:
	case TCP_SIG_REFUSED:
	case TCP_SIG_CLOSING:
	case TCP_SIG_READABLE:
	case TCP_SIG_WRITABLE:
	case TCP_SIG_URGENT:
	case TCP_SIG_CLOSED:
	case TCP_SIG_RELISTEN:
	case TCP_SIG_R1:
	case TCP_SIG_SOFT_ERROR:
	case TCP_SIG_REOPEN:
	case TCP_SIG_CLOSE_DONE:
	case TCP_SIG_USER_TIMEOUT: break;
	}
	return SOCK_OK;
}

static void begin_error(struct ladder *l, const struct record *r)
{
	const char *label = words_label(l->trace, r->conn);

	begin_word(l, r);
	if (label) {
		words_put_safe(&l->line, label);
		sink_putc(&l->line, ' ');
	}
	sink_printf(&l->line, "%serror %s", inferred_sign(r), sock_error_name(ladder_error(r)));
}

static void begin_promise(struct ladder *l, const struct record *r)
{
	begin_line(l, r->at);
	pad_to(l, ladder_who_column(l));
	sink_putc(&l->line, '!');
	pad_to(l, ladder_who_column(l) + l->name_columns + 5);
	sink_puts(&l->line, "promise ");
	words_put_safe(&l->line, trace_text_of(l->trace, r, 0));
	sink_puts(&l->line, " broken");
	if (trace_text_of(l->trace, r, 1)[0] != '\0') {
		sink_puts(&l->line, ": ");
		words_put_safe(&l->line, trace_text_of(l->trace, r, 1));
	}
	if (r->number[0] == 1) {
		begin_comment(l);
		sink_puts(&l->line, "# expected");
	}
}

void ladder_write(struct ladder *l, const struct rung *rung, bool has_states)
{
	const struct record *r = rung->record;
	bool is_named = false; /* the line's subject is the states' too */

	switch (rung->kind) {
	case RUNG_SEND:
	case RUNG_ARRIVE:
	case RUNG_DISCARD:
	case RUNG_WIND: begin_segment(l, rung); break;
	case RUNG_CALL:
	case RUNG_RESULT:
		begin_call(l, r);
		is_named = true;
		break;
	case RUNG_READ:
		begin_read(l, r);
		is_named = true;
		break;
	case RUNG_WORD:
		begin_happening(l, r);
		is_named = true;
		break;
	case RUNG_ERROR:
		begin_error(l, r);
		is_named = true;
		break;
	case RUNG_PROMISE: begin_promise(l, r); break;
	case RUNG_STATES: begin_line(l, r->at); break;
	}
	if (has_states)
		comment_states(l, is_named ? r : NULL);
	if (rung->kind == RUNG_SEND)
		comment_deeds(l, r);
	if (rung->kind == RUNG_WIND)
		comment_deed(l, r);
	if (rung->kind == RUNG_DISCARD) {
		begin_comment(l);
		sink_printf(&l->line, "# %s%s", inferred_sign(r), words_discard(r->detail));
	}
	end_line(l);
}
