/* SPDX-License-Identifier: MIT */
#include "trace/jsonl_reader.h"

#include <string.h>

/* ---- complaints ------------------------------------------------------------------------------ */

void reader_complain_at(struct reader *r, size_t byte, size_t size, const char *what)
{
	struct place at = {
		.file = r->file, .line = r->number, .byte = (int)byte, .size = (int)size};
	char *line;

	if (r->is_bad)
		return;
	r->is_bad = true;
	line = xstrndup(r->line, r->size);
	diag_error(r->diags, at, line, NULL, "%s", what);
	free(line);
}

/* Where "key" stands in the line: the parser keeps no places. */
void reader_complain(struct reader *r, const char *key, const char *what)
{
	size_t n = strlen(key);

	for (size_t i = 0; i + n + 3 <= r->size; i++) {
		if (r->line[i] == '"' && memcmp(r->line + i + 1, key, n) == 0 &&
		    r->line[i + 1 + n] == '"' && r->line[i + 2 + n] == ':') {
			reader_complain_at(r, i, n + 2, what);
			return;
		}
	}
	reader_complain_at(r, 0, 1, what);
}

/* ---- values ---------------------------------------------------------------------------------- */

int64_t reader_integer_in(struct reader *r, const json_t *value, const char *key, int64_t least,
			  int64_t most)
{
	if (json_is_integer(value) && json_integer_value(value) >= least &&
	    json_integer_value(value) <= most)
		return json_integer_value(value);
	reader_complain(r, key,
			json_is_integer(value) ? "this number is out of range"
					       : "a whole number belongs here");
	return least;
}

int64_t reader_integer_of(struct reader *r, const json_t *o, const char *key, int64_t least,
			  int64_t most)
{
	const json_t *value = json_object_get(o, key);

	return value ? reader_integer_in(r, value, key, least, most) : 0;
}

const char *reader_string_in(struct reader *r, const json_t *value, const char *key)
{
	if (json_is_string(value))
		return json_string_value(value);
	reader_complain(r, key, "a string belongs here");
	return "";
}

const char *reader_string_of(struct reader *r, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	return value ? reader_string_in(r, value, key) : NULL;
}

/* An array of exactly n integers in [least, most]; absent: false. */
bool reader_integers_of(struct reader *r, const json_t *o, const char *key, int64_t least,
			int64_t most, int64_t *out, size_t n)
{
	const json_t *value = json_object_get(o, key);

	if (!value)
		return false;
	if (!json_is_array(value) || json_array_size(value) != n) {
		reader_complain(r, key, "a list of another length belongs here");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = reader_integer_in(r, json_array_get(value, i), key, least, most);
	return true;
}

bool reader_is_true(struct reader *r, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	if (value && !json_is_boolean(value))
		reader_complain(r, key, "true or false belongs here");
	return json_is_true(value);
}

uint8_t reader_host_of(struct reader *r, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);
	const char *name;

	if (!value || json_is_null(value))
		return TRACE_NO_HOST;
	if (json_is_integer(value))
		return (uint8_t)reader_integer_in(r, value, key, 0,
						  (int64_t)r->trace->host_count - 1);
	name = reader_string_in(r, value, key);
	for (uint8_t i = 0; i < r->trace->host_count; i++) {
		if (strcmp(r->trace->host[i].name, name) == 0)
			return i;
	}
	reader_complain(r, key, "the header knows no such host");
	return TRACE_NO_HOST;
}

enum state reader_state_named(struct reader *r, const char *name, const char *key)
{
	for (int s = 0; s < STATE_COUNT; s++) {
		if (strcmp(state_name((enum state)s), name) == 0)
			return (enum state)s;
	}
	reader_complain(r, key, "no such state");
	return CLOSED;
}
