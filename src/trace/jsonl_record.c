/* SPDX-License-Identifier: MIT */
#include "trace/jsonl_reader.h"

#include <string.h>

enum { FILES_MAX = 4096, TAGS_MAX = 10000, DSCP_MAX = 63 };

#define SYNTHETIC_MAX (INT64_C(1) << 56) /* so that offsets never overflow */

/* ---- octets ---------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The caller's. */
static uint8_t *octets_of(struct reader *r, const char *hex, size_t *size)
{
	size_t n = strlen(hex) / 2;
	uint8_t *octets = xmalloc(n + 1);

	*size = n;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			reader_complain(r, "hex", "pairs of hexadecimal digits belong here");
		octets[i] = (uint8_t)(high << 4 | low);
	}
	if (hex[2 * n] != '\0')
		reader_complain(r, "hex", "pairs of hexadecimal digits belong here");
	return octets;
}

static void read_hex(struct reader *r, uint32_t stream, const char *hex)
{
	size_t n;
	uint8_t *octets = octets_of(r, hex, &n);

	if (!r->is_bad)
		stream_write(r->trace->streams, stream, octets, n);
	free(octets);
}

static void read_stretch(struct reader *r, const json_t *o)
{
	uint32_t stream = (uint32_t)reader_integer_of(r, o, "stream", 1, UINT32_MAX);
	const json_t *text = json_object_get(o, "text");
	int64_t synthetic = reader_integer_of(r, o, "synthetic", 0, SYNTHETIC_MAX);

	if (stream == 0)
		reader_complain(r, "octets", "octets need a stream");
	if (r->is_bad)
		return;
	if (stream_size(r->trace->streams, stream) > SYNTHETIC_MAX) {
		reader_complain(r, "stream", "this stream is too long");
	} else if (json_is_string(text)) {
		stream_write(r->trace->streams, stream, json_string_value(text),
			     json_string_length(text));
	} else if (json_object_get(o, "hex")) {
		read_hex(r, stream, reader_string_of(r, o, "hex"));
	} else if (synthetic > 0) {
		stream_write_synthetic(r->trace->streams, stream, (uint64_t)synthetic);
	} else {
		reader_complain(r, "stream", "octets are \"text\", \"hex\" or \"synthetic\"");
	}
}

void reader_octets(struct reader *r, const json_t *o, const char *key)
{
	const json_t *list = json_object_get(o, key), *one;
	size_t i;

	if (list && !json_is_array(list))
		reader_complain(r, key, "a list of octets belongs here");
	json_array_foreach(list, i, one) read_stretch(r, one);
}

static void read_text_of(struct reader *r, const json_t *o, struct text *out)
{
	int64_t n[3];

	if (!reader_integers_of(r, o, "text_of", 0, INT64_MAX, n, 3) || r->is_bad)
		return;
	if (n[0] > UINT32_MAX || n[2] == 0 || n[2] > UINT32_MAX || n[1] > INT64_MAX - n[2] ||
	    (uint64_t)(n[1] + n[2]) > stream_size(r->trace->streams, (uint32_t)n[0])) {
		reader_complain(r, "text_of", "the stream has no such octets yet");
		return;
	}
	*out = (struct text){(uint64_t)n[1], (uint32_t)n[0], (uint32_t)n[2]};
}

/* ---- a record -------------------------------------------------------------------------------- */

static uint16_t rule_of(struct reader *r, const json_t *o)
{
	const char *name = reader_string_of(r, o, "rule");
	int rule = name ? rule_named(name) : RULE_NONE;

	if (rule < 0)
		reader_complain(r, "rule", "no such rule");
	return (uint16_t)(rule < 0 ? RULE_NONE : rule);
}

static uint16_t flags_of(struct reader *r, const json_t *o)
{
	const char *letters = reader_string_of(r, o, "flags");
	uint16_t ctl = 0;

	for (; letters && *letters != '\0'; letters++) {
		size_t i = 0;

		while (i < jsonl_flag_count && jsonl_flags[i].letter != *letters)
			i++;
		if (i == jsonl_flag_count) {
			reader_complain(r, "flags", "flags are some of FSRP.UEWe");
			return ctl;
		}
		ctl |= jsonl_flags[i].bit;
	}
	return ctl;
}

static void read_sack(struct reader *r, const json_t *o, struct seg *s)
{
	const json_t *list = json_object_get(o, "sack"), *one;
	size_t i;

	if (!list)
		return;
	s->opts |= OPT_SACK;
	if (!json_is_array(list) || json_array_size(list) > SEG_SACK_MAX) {
		reader_complain(r, "sack", "at most four pairs of sequence numbers belong here");
		return;
	}
	json_array_foreach(list, i, one)
	{
		s->sack[i].left.v = (uint32_t)reader_integer_in(r, json_array_get(one, 0), "sack",
								0, UINT32_MAX);
		s->sack[i].right.v = (uint32_t)reader_integer_in(r, json_array_get(one, 1), "sack",
								 0, UINT32_MAX);
		s->sacks++;
	}
}

static void read_seg_options(struct reader *r, const json_t *o, struct seg *s)
{
	int64_t ts[2];

	s->mss = (uint16_t)reader_integer_of(r, o, "mss", 0, UINT16_MAX);
	s->wscale = (uint8_t)reader_integer_of(r, o, "wscale", 0, UINT8_MAX);
	if (json_object_get(o, "mss"))
		s->opts |= OPT_MSS;
	if (json_object_get(o, "wscale"))
		s->opts |= OPT_WSCALE;
	if (reader_is_true(r, o, "sack_ok"))
		s->opts |= OPT_SACK_PERMITTED;
	read_sack(r, o, s);
	if (reader_integers_of(r, o, "ts", 0, UINT32_MAX, ts, 2)) {
		s->opts |= OPT_TIMESTAMPS;
		s->tsval = (uint32_t)ts[0];
		s->tsecr = (uint32_t)ts[1];
	}
	s->uto = (uint16_t)reader_integer_of(r, o, "uto", 0, UINT16_MAX);
	if (json_object_get(o, "uto"))
		s->opts |= OPT_USER_TIMEOUT;
	s->layout = (uint8_t)reader_integer_of(r, o, "layout", 0, LAYOUT_END);
}

static void read_seg(struct reader *r, const json_t *record, struct seg *s)
{
	const json_t *o = json_object_get(record, "seg");

	read_text_of(r, record, &s->text);
	if (!o)
		return;
	if (!json_is_object(o)) {
		reader_complain(r, "seg", "a segment is an object");
		return;
	}
	s->ctl = flags_of(r, o);
	s->seq.v = (uint32_t)reader_integer_of(r, o, "seq", 0, UINT32_MAX);
	s->ack.v = (uint32_t)reader_integer_of(r, o, "ack", 0, UINT32_MAX);
	s->len = (uint32_t)reader_integer_of(r, o, "len", 0, UINT32_MAX);
	s->wnd = (uint16_t)reader_integer_of(r, o, "win", 0, UINT16_MAX);
	s->up = (uint16_t)reader_integer_of(r, o, "up", 0, UINT16_MAX);
	s->ecn = (uint8_t)reader_integer_of(r, o, "ecn", 0, ECN_CE);
	s->rexmit = (uint8_t)reader_integer_of(r, o, "rexmit", 0, UINT8_MAX);
	s->rule = rule_of(r, o);
	read_seg_options(r, o, s);
}

/* Behind the octets that were kept with it come the first ones of its text. */
static void read_frame(struct reader *r, const json_t *record, const struct record *own)
{
	const json_t *o = json_object_get(record, "frame");
	const char *hex = reader_string_of(r, o, "hex");
	struct trace_frame_kept f = {
		.link = (int)reader_integer_of(r, o, "link", 0, UINT16_MAX),
		.ip = (uint32_t)reader_integer_of(r, o, "ip", 0, JSONL_FRAME_MAX),
		.captured = (uint32_t)reader_integer_of(r, o, "captured", 0, JSONL_FRAME_MAX),
		.wire_size = (uint32_t)reader_integer_of(r, o, "wire", 0, UINT32_MAX)};
	uint8_t *octets;
	size_t size;

	if (!json_is_object(o) || !hex) {
		reader_complain(r, "frame", "a frame is an object, its octets are \"hex\"");
		return;
	}
	octets = octets_of(r, hex, &size);
	f.octets = octets;
	f.at = json_object_get(o, "at") ? reader_integer_of(r, o, "at", 0, JSONL_TIME_MAX)
					: own->at;
	if (!json_object_get(o, "ip"))
		f.ip = JSONL_FRAME_IP;
	if (!json_object_get(o, "captured"))
		f.captured = (uint32_t)size;
	if (!json_object_get(o, "wire"))
		f.wire_size = f.captured;
	f.size = (uint32_t)size;
	if (size > JSONL_FRAME_MAX || f.captured < size || f.wire_size < f.captured ||
	    f.captured - size > own->seg.text.len)
		reader_complain(r, "frame", "there are not so many octets");
	if (!r->is_bad)
		trace_keep_frame(r->trace, own->serial, &f);
	free(octets);
}

static int64_t field_value(struct reader *r, const json_t *value, const char *key)
{
	if (json_is_string(value))
		return (int64_t)reader_state_named(r, json_string_value(value), key);
	if (json_is_null(value))
		return USEC_NEVER;
	return reader_integer_in(r, value, key, INT64_MIN, INT64_MAX);
}

static void read_changes(struct reader *r, json_t *record, uint64_t serial)
{
	json_t *all = json_object_get(record, "changes"), *pair;
	const char *key;

	if (all && !json_is_object(all))
		reader_complain(r, "changes", "changes are an object");
	json_object_foreach(all, key, pair)
	{
		int field = tcb_field_named(key);
		size_t n = json_array_size(pair);
		struct tcb_change c = {.field = (uint32_t)field};

		if (field < 0 || n < 1 || n > 2) {
			reader_complain(r, key,
					field < 0 ? "a TCB has no such field"
						  : "a field has one value, or two: before, after");
			return;
		}
		c.old = field_value(r, json_array_get(pair, 0), key);
		c.new = n == 2 ? field_value(r, json_array_get(pair, 1), key) : c.old;
		if (field == F_state &&
		    (c.old < 0 || c.old >= STATE_COUNT || c.new < 0 || c.new >= STATE_COUNT))
			reader_complain(r, key, "no such state");
		if (r->is_bad)
			return;
		trace_change_put(r->trace, serial, &c);
	}
}

static void read_states(struct reader *r, const json_t *o, struct record *out)
{
	const char *both = reader_string_of(r, o, "state");
	const char *from = reader_string_of(r, o, "from"), *to = reader_string_of(r, o, "to");

	if (both)
		out->from = out->to = (uint8_t)reader_state_named(r, both, "state");
	if (from)
		out->from = (uint8_t)reader_state_named(r, from, "from");
	if (to)
		out->to = (uint8_t)reader_state_named(r, to, "to");
}

void reader_place(struct reader *r, const json_t *o, const char *key, struct trace_place *out)
{
	const char *file = reader_string_of(r, o, "file"), *tag = reader_string_of(r, o, "tag");

	out->line = (uint32_t)reader_integer_of(r, o, "line", 1, UINT32_MAX);
	if (!file || out->line == 0 || r->trace->files.count > FILES_MAX ||
	    r->trace->tags.count > TAGS_MAX) {
		reader_complain(r, key, "a place is a file and a line");
		return;
	}
	out->file = trace_file(r->trace, file);
	out->tag = tag ? trace_tag(r->trace, tag) : NULL;
}

static uint8_t detail_of(struct reader *r, const json_t *o, enum record_kind kind)
{
	const char *name = reader_string_of(r, o, "what");
	int set = names_of_detail(kind), value;

	if (!name || set < 0)
		return (uint8_t)reader_integer_of(r, o, "detail", 0, set < 0 ? UINT8_MAX : 0);
	value = value_named((enum name_set)set, name);
	if (value < 0)
		reader_complain(r, "what", "no such word for this kind of record");
	return (uint8_t)value;
}

static uint32_t text_of(struct reader *r, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	if (!value)
		return 0;
	reader_string_in(r, value, key);
	return trace_text(r->trace, json_string_value(value), json_string_length(value));
}

static void read_names(struct reader *r, const json_t *o, struct record *out)
{
	const char *error = reader_string_of(r, o, "error");
	int64_t pair[2];

	out->host = reader_host_of(r, o, "host");
	out->peer = reader_host_of(r, o, "peer");
	out->conn = (uint32_t)reader_integer_of(r, o, "conn", 0, UINT32_MAX);
	out->is_stranger = reader_is_true(r, o, "stranger");
	out->is_inferred = reader_is_true(r, o, "inferred");
	out->ttl = (uint8_t)reader_integer_of(r, o, "ttl", 0, UINT8_MAX);
	out->dscp = (uint8_t)reader_integer_of(r, o, "dscp", 0, DSCP_MAX);
	if (json_object_get(o, "of"))
		out->of = (uint64_t)reader_integer_of(r, o, "of", 0, (int64_t)r->records - 1);
	if (reader_integers_of(r, o, "ports", 0, UINT16_MAX, pair, 2)) {
		out->from_port = (uint16_t)pair[0];
		out->to_port = (uint16_t)pair[1];
	}
	if (reader_integers_of(r, o, "number", INT64_MIN, INT64_MAX, pair, 2)) {
		out->number[0] = pair[0];
		out->number[1] = pair[1];
	}
	if (error && sock_error_named(error) < 0)
		reader_complain(r, "error", "no such error");
	else if (error)
		out->error = (uint16_t)sock_error_named(error);
}

void reader_record(struct reader *r, json_t *o)
{
	uint64_t count = trace_count(r->trace);
	usec least = count > 0 ? trace_at(r->trace, count - 1)->at : 0;
	const char *name = reader_string_of(r, o, "kind");
	int kind = name ? value_named(NAMES_KIND, name) : -1;
	struct record *out;
	usec at;

	if (count >= r->records)
		reader_complain_at(r, 0, 1, "more records than the header says");
	if (!json_object_get(o, "n") ||
	    reader_integer_of(r, o, "n", 0, INT64_MAX) != (int64_t)count)
		reader_complain(r, "n", "records count up from 0, and this is not the next");
	if (!json_object_get(o, "t"))
		reader_complain_at(r, 0, 1, "a record needs its time, \"t\"");
	at = reader_integer_of(r, o, "t", least, INT64_MAX - 1);
	if (kind < 0)
		reader_complain(r, "kind", "no such kind of record");
	if (r->is_bad)
		return;
	out = trace_push(r->trace, (enum record_kind)kind, at);
	out->detail = detail_of(r, o, (enum record_kind)kind);
	read_names(r, o, out);
	read_states(r, o, out);
	out->rule = rule_of(r, o);
	if (json_object_get(o, "place"))
		reader_place(r, json_object_get(o, "place"), "place", &out->place);
	reader_octets(r, o, "octets");
	read_seg(r, o, &out->seg);
	if (json_object_get(o, "frame"))
		read_frame(r, o, out);
	read_changes(r, o, out->serial);
	out->text[0] = text_of(r, o, "text");
	out->text[1] = text_of(r, o, "text2");
}
