/* SPDX-License-Identifier: MIT */
#include "trace/trace.h"

#include <string.h>
#include <base/assert.h>

struct trace *trace_new(void)
{
	struct trace *t = xcalloc(1, sizeof *t);

	t->streams = streams_new();
	t->text_size = 1; /* offset 0 is "" */
	return t;
}

static void free_host(struct trace_host *h)
{
	free((void *)h->name);
	free((void *)h->title[0]);
	free((void *)h->title[1]);
	free((void *)h->profile);
}

void trace_free(struct trace *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->chunks.count; i++)
		free(t->chunks.at[i]);
	for (size_t i = 0; i < t->changes.count; i++)
		free(t->changes.at[i]);
	for (size_t i = 0; i < t->texts.count; i++)
		free(t->texts.at[i].at);
	for (size_t i = 0; i < t->host_count; i++)
		free_host(&t->host[i]);
	for (size_t i = 0; i < t->conns.count; i++)
		free((void *)t->conns.at[i].label);
	for (size_t i = 0; i < t->files.count; i++)
		free(t->files.at[i]);
	for (size_t i = 0; i < t->tags.count; i++)
		free(t->tags.at[i]);
	for (size_t i = 0; i < t->quotes.count; i++)
		free(t->quotes.at[i].words);
	array_fini(&t->quotes);
	array_fini(&t->chunks);
	array_fini(&t->changes);
	array_fini(&t->texts);
	array_fini(&t->conns);
	array_fini(&t->files);
	array_fini(&t->tags);
	array_fini(&t->cuts);
	trace_free_frames(t);
	streams_free(t->streams);
	free(t);
}

static char *copied(const char *text)
{
	return xstrndup(text, strlen(text));
}

/* ---- records --------------------------------------------------------------------------------- */

struct record *trace_record_at(const struct trace *t, uint64_t serial)
{
	ASSERT(serial < t->count);
	return &t->chunks.at[serial / TRACE_CHUNK]->record[serial % TRACE_CHUNK];
}

struct trace_mark *trace_mark_at(const struct trace *t, uint64_t serial)
{
	ASSERT(serial < t->count);
	return &t->chunks.at[serial / TRACE_CHUNK]->mark[serial % TRACE_CHUNK];
}

struct record *trace_push(struct trace *t, enum record_kind kind, usec at)
{
	struct record *r;

	if (t->count == (uint64_t)t->chunks.count * TRACE_CHUNK)
		*array_push(&t->chunks) = xmalloc(sizeof(struct trace_chunk));
	t->count++;
	r = trace_record_at(t, t->count - 1);
	memset(r, 0, sizeof *r);
	r->serial = r->of = t->count - 1;
	r->at = at;
	r->kind = (uint8_t)kind;
	r->host = r->peer = TRACE_NO_HOST;
	*trace_mark_at(t, r->serial) = (struct trace_mark){.changes = t->change_count,
							   .texts = t->text_size,
							   .frames = (uint32_t)t->frames.count,
							   .hosts = t->host_count};
	return r;
}

uint64_t trace_count(const struct trace *t)
{
	return t->count;
}

uint64_t trace_memory(const struct trace *t)
{
	return t->chunks.count * sizeof(struct trace_chunk) +
	       t->changes.count * sizeof(struct trace_changes_chunk) + t->text_size +
	       t->conns.count * sizeof *t->conns.at + trace_frames_memory(t) +
	       streams_memory(t->streams);
}

const struct record *trace_at(const struct trace *t, uint64_t serial)
{
	return trace_record_at(t, serial);
}

void trace_set_number(struct trace *t, uint64_t serial, int which, int64_t value)
{
	trace_record_at(t, serial)->number[which] = value;
}

void trace_set_seen(struct trace *t, uint64_t serial)
{
	trace_record_at(t, serial)->is_inferred = false;
}

void trace_set_place(struct trace *t, uint64_t serial, struct trace_place place)
{
	trace_record_at(t, serial)->place = place;
}

/* ---- changes --------------------------------------------------------------------------------- */

static struct tcb_change *change_at(const struct trace *t, uint32_t index)
{
	ASSERT(index < t->change_count);
	return &t->changes.at[index / TRACE_CHUNK]->change[index % TRACE_CHUNK];
}

static struct tcb_change *push_change(struct trace *t)
{
	ASSERT(t->change_count < UINT32_MAX);
	if (t->change_count == (uint64_t)t->changes.count * TRACE_CHUNK)
		*array_push(&t->changes) = xmalloc(sizeof(struct trace_changes_chunk));
	t->change_count++;
	return change_at(t, t->change_count - 1);
}

/* A record's changes lie side by side: when others came behind them, they move to the end. */
static void move_to_end(struct trace *t, struct record *r)
{
	uint32_t first = t->change_count;

	if (r->changes.count > 0 && r->changes.first + r->changes.count == first)
		return;
	for (uint32_t i = 0; i < r->changes.count; i++)
		*push_change(t) = *change_at(t, r->changes.first + i);
	r->changes.first = first;
}

void trace_change_put(struct trace *t, uint64_t serial, const struct tcb_change *change)
{
	struct record *r = trace_record_at(t, serial);

	for (uint32_t i = 0; i < r->changes.count; i++) {
		struct tcb_change *known = change_at(t, r->changes.first + i);

		if (known->field == change->field) {
			known->new = change->new;
			return;
		}
	}
	move_to_end(t, r);
	*push_change(t) = *change;
	r->changes.count++;
	/* Cutting after this record must not take what came to it late. */
	for (uint64_t later = serial + 1; later < t->count; later++)
		trace_mark_at(t, later)->changes = t->change_count;
}

void trace_changes(struct trace *t, uint64_t serial, const struct tcb *before,
		   const struct tcb *after)
{
	for (uint32_t f = 0; f < TCB_FIELD_COUNT; f++) {
		int64_t new = tcb_field_get(after, (enum tcb_field)f);
		int64_t old = before ? tcb_field_get(before, (enum tcb_field)f) : new;

		if (!before || old != new)
			trace_change_put(t, serial,
					 &(struct tcb_change){.field = f, .old = old, .new = new});
	}
}

const struct tcb_change *trace_change(const struct trace *t, const struct record *r, uint32_t i)
{
	ASSERT(i < r->changes.count);
	return change_at(t, r->changes.first + i);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static struct trace_text_block *block_with_room(struct trace *t, uint32_t room)
{
	struct trace_text_block *b;

	if (t->texts.count > 0) {
		b = array_last(&t->texts);
		if (b->base + b->size - t->text_size >= room)
			return b;
		t->text_size = b->base + b->size;
	}
	ASSERT(t->text_size < UINT32_MAX - room - TRACE_TEXT_BLOCK);
	b = array_push(&t->texts);
	b->size = room > TRACE_TEXT_BLOCK ? room : TRACE_TEXT_BLOCK;
	b->base = t->text_size;
	b->at = xmalloc(b->size);
	return b;
}

uint32_t trace_text(struct trace *t, const char *text, size_t n)
{
	struct trace_text_block *b;
	uint32_t offset;

	if (n == 0)
		return 0;
	ASSERT(n < UINT32_MAX / 2);
	b = block_with_room(t, (uint32_t)n + 1);
	offset = t->text_size;
	memcpy(b->at + (offset - b->base), text, n);
	b->at[offset - b->base + n] = '\0';
	t->text_size += (uint32_t)n + 1;
	return offset;
}

const char *trace_text_of(const struct trace *t, const struct record *r, int which)
{
	uint32_t offset = r->text[which];
	size_t low = 0, high = t->texts.count;

	if (offset == 0 || offset >= t->text_size)
		return "";
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (t->texts.at[middle].base <= offset)
			low = middle;
		else
			high = middle;
	}
	return t->texts.at[low].at + (offset - t->texts.at[low].base);
}

/* ---- hosts, connections, places -------------------------------------------------------------- */

uint8_t trace_add_host(struct trace *t, const struct trace_host *h)
{
	struct trace_host *own;

	ASSERT(t->host_count < TRACE_HOSTS_MAX);
	own = &t->host[t->host_count];
	own->name = copied(h->name);
	own->title[0] = copied(h->title[0] ? h->title[0] : h->name);
	own->title[1] = copied(h->title[1] ? h->title[1] : h->name);
	own->profile = copied(h->profile ? h->profile : "");
	own->address = h->address;
	return t->host_count++;
}

void trace_set_address(struct trace *t, uint8_t host, const struct address *a)
{
	ASSERT(host < t->host_count);
	t->host[host].address = *a;
}

size_t trace_host_count(const struct trace *t)
{
	return t->host_count;
}

const struct trace_host *trace_host_at(const struct trace *t, uint8_t host)
{
	ASSERT(host < t->host_count);
	return &t->host[host];
}

/* Where `serial` is, or where it would stand. */
static size_t conn_index(const struct trace *t, uint32_t serial)
{
	size_t low = 0, high = t->conns.count;

	/* Serials count up from 1 without gaps, as a rule. */
	if (serial >= 1 && serial <= high && t->conns.at[serial - 1].serial == serial)
		return serial - 1;
	if (high > 0 && array_last(&t->conns)->serial < serial)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->conns.at[middle].serial < serial)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_conn(const struct trace *t, size_t index, uint32_t serial)
{
	return index < t->conns.count && t->conns.at[index].serial == serial;
}

void trace_add_conn(struct trace *t, const struct trace_conn *c)
{
	size_t index = conn_index(t, c->serial);
	char *label = c->label ? copied(c->label) : NULL;

	if (is_conn(t, index, c->serial)) {
		free((void *)t->conns.at[index].label);
	} else {
		array_push(&t->conns);
		memmove(t->conns.at + index + 1, t->conns.at + index,
			(t->conns.count - 1 - index) * sizeof *t->conns.at);
	}
	t->conns.at[index] = *c;
	t->conns.at[index].label = label;
}

size_t trace_conn_count(const struct trace *t)
{
	return t->conns.count;
}

const struct trace_conn *trace_conn_at(const struct trace *t, uint32_t serial)
{
	size_t index = conn_index(t, serial);

	return is_conn(t, index, serial) ? &t->conns.at[index] : NULL;
}

const struct trace_conn *trace_conn_nth(const struct trace *t, size_t index)
{
	ASSERT(index < t->conns.count);
	return &t->conns.at[index];
}

uint16_t trace_file(struct trace *t, const char *name)
{
	for (size_t i = 0; i < t->files.count; i++) {
		if (strcmp(t->files.at[i], name) == 0)
			return (uint16_t)i;
	}
	ASSERT(t->files.count < UINT16_MAX);
	*array_push(&t->files) = copied(name);
	return (uint16_t)(t->files.count - 1);
}

size_t trace_file_count(const struct trace *t)
{
	return t->files.count;
}

const char *trace_file_name(const struct trace *t, uint16_t file)
{
	return file < t->files.count ? t->files.at[file] : "";
}

const char *trace_tag(struct trace *t, const char *tag)
{
	for (size_t i = 0; i < t->tags.count; i++) {
		if (strcmp(t->tags.at[i], tag) == 0)
			return t->tags.at[i];
	}
	*array_push(&t->tags) = copied(tag);
	return *array_last(&t->tags);
}

static int compare_places(const struct trace_place *a, const struct trace_place *b)
{
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return strcmp(a->tag ? a->tag : "", b->tag ? b->tag : "");
}

/* Where it stands, or would stand: quotes lie in the order of their places. */
static size_t quote_at(const struct trace *t, const struct trace_place *p, bool *is_known)
{
	size_t low = 0, high = t->quotes.count;
	int order = 1;

	while (low < high && order != 0) {
		size_t middle = low + (high - low) / 2;

		order = compare_places(&t->quotes.at[middle].place, p);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*is_known = order == 0;
	return *is_known ? high : low;
}

void trace_quote(struct trace *t, struct trace_place place, const char *words)
{
	bool is_known;
	size_t at = quote_at(t, &place, &is_known);

	if (is_known) {
		free(t->quotes.at[at].words);
		t->quotes.at[at].words = copied(words);
		return;
	}
	array_push(&t->quotes);
	memmove(t->quotes.at + at + 1, t->quotes.at + at,
		(t->quotes.count - 1 - at) * sizeof *t->quotes.at);
	t->quotes.at[at] = (struct trace_quote){place, copied(words)};
}

const char *trace_quoted(const struct trace *t, const struct trace_place *place)
{
	bool is_known = false;
	size_t at = place->line > 0 ? quote_at(t, place, &is_known) : 0;

	return is_known ? t->quotes.at[at].words : "";
}

void trace_set_seed(struct trace *t, uint64_t seed)
{
	t->seed = seed;
}

uint64_t trace_seed(const struct trace *t)
{
	return t->seed;
}

void trace_set_epoch(struct trace *t, usec epoch)
{
	t->epoch = epoch;
}

usec trace_epoch(const struct trace *t)
{
	return t->epoch;
}

bool trace_is_recording(const struct trace *t)
{
	return t->epoch != 0;
}

struct streams *trace_streams(struct trace *t)
{
	return t->streams;
}

const struct streams *trace_streams_of(const struct trace *t)
{
	return t->streams;
}

bool deed_takes(enum deed d)
{
	switch (d) {
	case DEED_DROP:
	case DEED_CUT:
	case DEED_QUEUE:
	case DEED_MTU:
	case DEED_ICMP:
	case DEED_LIFETIME: return true;
	case DEED_DELAY:
	case DEED_DUPLICATE:
	case DEED_REORDER:
	case DEED_CORRUPT:
	case DEED_MARK:
	case DEED_COUNT: break;
	}
	return false;
}

/* ---- going back ------------------------------------------------------------------------------ */

/* Files and tags stay: they are names, not events, and places point at them. The streams belong to
 * the world, which rewinds them by its own mark. */
void trace_rewind(struct trace *t, uint64_t count)
{
	const struct trace_mark *m;
	size_t keep;

	if (count >= t->count)
		return;
	*array_push(&t->cuts) = count;
	m = trace_mark_at(t, count);
	t->change_count = m->changes;
	t->text_size = m->texts;
	trace_rewind_frames(t, m->frames);
	while (t->host_count > m->hosts)
		free_host(&t->host[--t->host_count]);
	while (t->texts.count > 0 && array_last(&t->texts)->base >= t->text_size)
		free(array_pop(&t->texts).at);
	while (t->conns.count > 0 && array_last(&t->conns)->born >= count)
		free((void *)array_pop(&t->conns).label);
	keep = (t->change_count + TRACE_CHUNK - 1) / TRACE_CHUNK;
	while (t->changes.count > keep)
		free(array_pop(&t->changes));
	t->count = count;
	keep = (size_t)((count + TRACE_CHUNK - 1) / TRACE_CHUNK);
	while (t->chunks.count > keep)
		free(array_pop(&t->chunks));
}
