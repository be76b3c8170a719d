/* SPDX-License-Identifier: MIT */
#include "trace/jsonl_reader.h"

#include <string.h>

enum { FILES_MAX = 4096, QUOTES_MAX = 10000 };

/* ---- the header ------------------------------------------------------------------------------ */

static void read_hosts(struct reader *r, const json_t *header)
{
	const json_t *list = json_object_get(header, "hosts"), *one;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > TRACE_HOSTS_MAX) {
		reader_complain(r, "hosts", "a list of at most 64 hosts belongs here");
		return;
	}
	json_array_foreach(list, i, one)
	{
		const char *name = reader_string_of(r, one, "name");
		const char *address = reader_string_of(r, one, "address");
		struct trace_host h = {
			.name = name ? name : "",
			.title = {reader_string_of(r, one, "en"), reader_string_of(r, one, "zh")},
			.profile = reader_string_of(r, one, "profile")};

		if (!name)
			reader_complain(r, "hosts", "a host needs a name");
		if (address && !address_parse(address, &h.address))
			reader_complain(r, "address", "not an IPv4 or IPv6 address");
		trace_add_host(r->trace, &h);
	}
}

static void read_files(struct reader *r, const json_t *header)
{
	const json_t *list = json_object_get(header, "files"), *one;
	size_t i;

	if (list && (!json_is_array(list) || json_array_size(list) > FILES_MAX)) {
		reader_complain(r, "files", "a list of file names belongs here");
		return;
	}
	json_array_foreach(list, i, one) trace_file(r->trace, reader_string_in(r, one, "files"));
}

static void read_quotes(struct reader *r, const json_t *header)
{
	const json_t *list = json_object_get(header, "quotes"), *one;
	size_t i;

	if (list && (!json_is_array(list) || json_array_size(list) > QUOTES_MAX)) {
		reader_complain(r, "quotes", "a list of places and words belongs here");
		return;
	}
	json_array_foreach(list, i, one)
	{
		const char *words = reader_string_of(r, one, "words");
		struct trace_place place = {0};

		reader_place(r, one, "quotes", &place);
		if (!r->is_bad)
			trace_quote(r->trace, place, words ? words : "");
	}
}

static void read_conn(struct reader *r, const json_t *o, int64_t least)
{
	struct trace_conn c = {
		.serial = (uint32_t)reader_integer_of(r, o, "conn", least, UINT32_MAX),
		.host = reader_host_of(r, o, "host"),
		.peer = reader_host_of(r, o, "peer"),
		.is_listener = reader_is_true(r, o, "listener"),
		.port = (uint16_t)reader_integer_of(r, o, "port", 0, UINT16_MAX),
		.peer_port = (uint16_t)reader_integer_of(r, o, "peer_port", 0, UINT16_MAX),
		.stream = (uint32_t)reader_integer_of(r, o, "stream", 0, UINT32_MAX),
		.label = reader_string_of(r, o, "label"),
		.born = (uint64_t)reader_integer_of(r, o, "born", 0, INT64_MAX),
	};

	if (c.serial == 0 || c.host == TRACE_NO_HOST)
		reader_complain(r, "conns", "a connection needs a number and a host");
	if (!r->is_bad)
		trace_add_conn(r->trace, &c);
}

static void read_conns(struct reader *r, const json_t *header)
{
	const json_t *list = json_object_get(header, "conns"), *one;
	size_t i;

	if (list && !json_is_array(list))
		reader_complain(r, "conns", "a list of connections belongs here");
	json_array_foreach(list, i, one)
	{
		size_t count = r->trace->conns.count;

		/* In order of their numbers: they are, and out of order would be slow to take. */
		read_conn(r, one,
			  count > 0 ? (int64_t)r->trace->conns.at[count - 1].serial + 1 : 1);
		if (r->is_bad)
			return;
	}
}

static uint64_t seed_of(struct reader *r, const json_t *header)
{
	const json_t *value = json_object_get(header, "seed");
	const char *text = json_string_value(value);
	uint64_t seed = 0;

	if (!text)
		return value ? (uint64_t)reader_integer_in(r, value, "seed", 0, INT64_MAX) : 0;
	for (; *text >= '0' && *text <= '9'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (seed > (UINT64_MAX - digit) / 10)
			break;
		seed = seed * 10 + digit;
	}
	if (*text != '\0')
		reader_complain(r, "seed", "not a number of 64 bits");
	return seed;
}

static void read_header(struct reader *r, const json_t *o)
{
	const json_t *version = json_object_get(o, "woshou");

	if (!json_is_integer(version)) {
		reader_complain_at(r, 0, 1, "the first line of a trace is {\"woshou\":1,...}");
		return;
	}
	if (json_integer_value(version) != JSONL_VERSION) {
		reader_complain(r, "woshou",
				"this trace is of a version that this woshou does not know");
		return;
	}
	trace_set_seed(r->trace, seed_of(r, o));
	trace_set_epoch(r->trace, reader_integer_of(r, o, "epoch", 0, JSONL_TIME_MAX));
	read_hosts(r, o);
	read_files(r, o);
	read_quotes(r, o);
	if (!r->is_bad)
		read_conns(r, o);
	r->records = (uint64_t)reader_integer_of(r, o, "records", 0, UINT32_MAX);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void read_line(struct reader *r, bool is_first)
{
	json_error_t error;
	json_t *o = json_loadb(r->line, r->size, JSON_REJECT_DUPLICATES, &error);

	if (!o)
		reader_complain_at(r, error.position > 0 ? (size_t)error.position - 1 : 0, 1,
				   error.text);
	else if (!json_is_object(o))
		reader_complain_at(r, 0, 1, "an object belongs on every line");
	else if (is_first)
		read_header(r, o);
	else if (json_object_get(o, "rest"))
		reader_octets(r, o, "rest");
	else
		reader_record(r, o);
	json_decref(o);
}

static bool read_lines(struct reader *r, const char *bytes, size_t n)
{
	bool is_first = true;

	while (n > 0 && !r->is_bad) {
		const char *end = memchr(bytes, '\n', n);
		size_t taken;

		r->line = bytes;
		r->size = end ? (size_t)(end - bytes) : n;
		r->number++;
		taken = r->size + (end ? 1 : 0);
		if (r->size > 0 && r->line[r->size - 1] == '\r')
			r->size--;
		if (r->size > 0) {
			read_line(r, is_first);
			is_first = false;
		}
		bytes += taken;
		n -= taken;
	}
	if (is_first)
		reader_complain_at(r, 0, 1, "this is empty, not a trace");
	if (trace_count(r->trace) < r->records)
		reader_complain_at(
			r, 0, 1, "the trace ends before the last record that its header promises");
	return !r->is_bad;
}

bool trace_read_jsonl(struct trace **out, const char *bytes, size_t n, const char *file,
		      struct diags *d)
{
	struct reader r = {.trace = trace_new(), .file = file, .diags = d, .line = ""};

	*out = NULL;
	if (!read_lines(&r, bytes, n)) {
		trace_free(r.trace);
		return false;
	}
	*out = r.trace;
	return true;
}

bool trace_is_jsonl(const char *bytes, size_t n)
{
	static const char key[] = "\"woshou\"";
	size_t i = 0;

	while (i < n &&
	       (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t'))
		i++;
	if (i == n || bytes[i++] != '{')
		return false;
	while (i < n && bytes[i] == ' ')
		i++;
	return n - i >= sizeof key - 1 && memcmp(bytes + i, key, sizeof key - 1) == 0;
}
