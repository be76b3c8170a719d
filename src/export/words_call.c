/* SPDX-License-Identifier: MIT */
/* words_call.c - what stands between the parentheses of a call, in the words of the language. */
#include "export/words.h"

#include <inttypes.h>
#include <string.h>
#include <woshou/profile.h>

enum { PORT_USUAL = 8888, PORT_EPHEMERAL_FIRST = 49152, BACKLOG_USUAL = 128 };

/* ---- options --------------------------------------------------------------------------------- */

void words_put_span(struct sink *out, usec span)
{
	if (span % USEC_PER_S == 0)
		sink_printf(out, "%" PRId64 "s", span / USEC_PER_S);
	else if (span % USEC_PER_MS == 0)
		sink_printf(out, "%" PRId64 "ms", span / USEC_PER_MS);
	else
		sink_printf(out, "%" PRId64 "us", span);
}

/* POSIX's names for fields that have another name in a profile. */
static enum profile_kind kind_of_option(const char *name)
{
	static const struct {
		const char *name;
		enum profile_kind kind;
	} known[] = {
		{"SO_REUSEADDR", PROFILE_SWITCH},   {"SO_KEEPALIVE", PROFILE_SWITCH},
		{"TCP_NODELAY", PROFILE_SWITCH},    {"SO_LINGER", PROFILE_TIME},
		{"TCP_KEEPIDLE", PROFILE_TIME},     {"TCP_KEEPINTVL", PROFILE_TIME},
		{"TCP_USER_TIMEOUT", PROFILE_TIME},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(known[i].name, name) == 0)
			return known[i].kind;
	}
	return PROFILE_SIZE;
}

static void put_choice(struct sink *out, const struct profile_field *field, int64_t value)
{
	int64_t i = 0;

	while (i < value && field->choices[i])
		i++;
	sink_puts(out, value >= 0 && field->choices[i] ? field->choices[i] : "?");
}

static void put_option(struct sink *out, const char *name, int64_t value)
{
	int index = profile_field_named(name);
	const struct profile_field *field = index < 0 ? NULL : profile_field_at((size_t)index);

	words_put_safe(out, name);
	sink_putc(out, ' ');
	switch (field ? field->kind : kind_of_option(name)) {
	case PROFILE_TIME:
		if (value < 0)
			sink_puts(out, "off");
		else
			words_put_span(out, value);
		return;
	case PROFILE_SWITCH: sink_puts(out, value ? "on" : "off"); return;
	case PROFILE_CHOICE: put_choice(out, field, value); return;
	case PROFILE_SIZE:
	case PROFILE_COUNT_KIND: break;
	}
	sink_printf(out, "%" PRId64, value);
}

/* ---- the other verbs ------------------------------------------------------------------------- */

/* The octets stand in the stream unless the call failed; then the record has them. */
static void put_written(struct sink *out, const struct trace *t, const struct record *r)
{
	const char *text = trace_text_of(t, r, 0);
	const struct text *said = &r->seg.text;
	bool is_in_stream =
		said->len > 0 && said->len <= stream_size(trace_streams_of(t), said->stream) &&
		said->offset <= stream_size(trace_streams_of(t), said->stream) - said->len;

	if (is_in_stream)
		words_put_octets(out, t, said);
	else if (text[0] != '\0' && strlen(text) == (uint64_t)r->number[0] &&
		 strlen(text) <= WORDS_SHORT)
		words_put_quoted(out, text, strlen(text));
	else if (r->number[0] > 0)
		sink_printf(out, "%" PRId64 " octet%s", r->number[0], r->number[0] == 1 ? "" : "s");
}

static void put_listen(struct sink *out, const struct record *r)
{
	bool has_port = r->from_port != 0 && r->from_port != PORT_USUAL;

	if (has_port)
		sink_printf(out, "port %u", r->from_port);
	if (r->number[0] > 0 && r->number[0] != BACKLOG_USUAL)
		sink_printf(out, "%sbacklog %" PRId64, has_port ? " " : "", r->number[0]);
}

static void put_connect(struct sink *out, const struct trace *t, const struct record *r)
{
	words_put_safe(out, words_host(t, r->peer));
	if (r->to_port != 0 && r->to_port != PORT_USUAL)
		sink_printf(out, " port %u", r->to_port);
	if (r->from_port != 0 && r->from_port < PORT_EPHEMERAL_FIRST)
		sink_printf(out, " from %u", r->from_port);
}

void words_put_arguments(struct sink *out, const struct trace *t, const struct record *r)
{
	switch ((enum call_verb)r->detail) {
	case CALL_LISTEN: put_listen(out, r); return;
	case CALL_CONNECT: put_connect(out, t, r); return;
	case CALL_WRITE: put_written(out, t, r); return;
	case CALL_OPTION: put_option(out, trace_text_of(t, r, 0), r->number[0]); return;
	case CALL_BIND: sink_printf(out, "%" PRId64, r->number[0]); return;
	case CALL_READ:
		if (r->number[0] > 0)
			sink_printf(out, "%" PRId64, r->number[0]);
		return;
	case CALL_ACCEPT:
	case CALL_SHUTDOWN:
	case CALL_CLOSE:
	case CALL_ABORT:
	case CALL_VERB_COUNT: return;
	}
}
