/* SPDX-License-Identifier: MIT */
#include <woshou/streams.h>

#include <string.h>
#include <base/array.h>
#include <base/assert.h>

/* A run of octets written in one way. Octets of a synthetic run lie nowhere. */
struct extent {
	uint64_t from; /* offset of its first octet in the stream */
	uint64_t at;   /* of that octet in bytes[]; unused when synthetic */
	bool is_synthetic;
};

struct stream {
	uint32_t id;
	uint64_t size;
	bool is_mended; /* the extents' octets do not lie in order */
	ARRAY(struct extent) extents;
	ARRAY(uint8_t) bytes;
};

struct streams {
	ARRAY(struct stream) list; /* in order of their first octet */
	uint32_t *slot;            /* index into list + 1; 0: free. Open addressing */
	size_t slots;              /* a power of two */
	uint64_t memory;           /* of all octets and extents */
};

struct streams_mark {
	size_t count;
	uint64_t size[];
};

struct streams *streams_new(void)
{
	return xcalloc(1, sizeof(struct streams));
}

static void stream_fini(struct stream *one)
{
	array_fini(&one->extents);
	array_fini(&one->bytes);
}

void streams_free(struct streams *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->list.count; i++)
		stream_fini(&s->list.at[i]);
	array_fini(&s->list);
	free(s->slot);
	free(s);
}

/* The slot where `id` is, or the free one where it would go. slots > 0. */
static size_t slot_of(const struct streams *s, uint32_t id)
{
	uint64_t h = id * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(h >> 32) & (s->slots - 1);

	while (s->slot[i] != 0 && s->list.at[s->slot[i] - 1].id != id)
		i = (i + 1) & (s->slots - 1);
	return i;
}

static void rehash(struct streams *s, size_t slots)
{
	free(s->slot);
	s->slot = xcalloc(slots, sizeof *s->slot);
	s->slots = slots;
	for (size_t i = 0; i < s->list.count; i++)
		s->slot[slot_of(s, s->list.at[i].id)] = (uint32_t)i + 1;
}

static struct stream *find(const struct streams *s, uint32_t id)
{
	uint32_t index;

	if (s->slots == 0)
		return NULL;
	index = s->slot[slot_of(s, id)];
	return index == 0 ? NULL : &s->list.at[index - 1];
}

static struct stream *find_or_add(struct streams *s, uint32_t id)
{
	struct stream *one = find(s, id);

	ASSERT(id != 0);
	if (one)
		return one;
	if ((s->list.count + 1) * 2 > s->slots)
		rehash(s, s->slots == 0 ? 16 : s->slots * 2);
	one = array_push(&s->list);
	*one = (struct stream){.id = id};
	s->slot[slot_of(s, id)] = (uint32_t)s->list.count;
	return one;
}

/* Opens a run at the stream's end unless the last one is of the same kind. */
static void extend(struct streams *s, struct stream *one, bool is_synthetic)
{
	const struct extent *last = one->extents.count > 0 ? array_last(&one->extents) : NULL;

	if (last && last->is_synthetic == is_synthetic &&
	    (is_synthetic || last->at + (one->size - last->from) == one->bytes.count))
		return;
	s->memory += sizeof(struct extent);
	*array_push(&one->extents) = (struct extent){
		.from = one->size, .at = one->bytes.count, .is_synthetic = is_synthetic};
}

void stream_write(struct streams *s, uint32_t stream, const void *octets, size_t n)
{
	struct stream *one;

	if (n == 0)
		return;
	one = find_or_add(s, stream);
	extend(s, one, false);
	s->memory += n;
	array_reserve(&one->bytes, one->bytes.count + n);
	memcpy(one->bytes.at + one->bytes.count, octets, n);
	one->bytes.count += n;
	one->size += n;
}

void stream_write_synthetic(struct streams *s, uint32_t stream, uint64_t n)
{
	struct stream *one;

	if (n == 0)
		return;
	one = find_or_add(s, stream);
	extend(s, one, true);
	one->size += n;
}

uint64_t stream_size(const struct streams *s, uint32_t stream)
{
	const struct stream *one = find(s, stream);

	return one ? one->size : 0;
}

/* The synthetic run becomes up to three: what stays before, what is known now, what stays. */
static void split(struct streams *s, struct stream *one, size_t index, uint64_t from, uint64_t to)
{
	struct extent old = one->extents.at[index];
	uint64_t end = index + 1 < one->extents.count ? one->extents.at[index + 1].from : one->size;
	size_t more = (from > old.from) + (size_t)(to < end);
	struct extent *at;

	array_reserve(&one->extents, one->extents.count + more);
	at = one->extents.at + index;
	memmove(at + 1 + more, at + 1, (one->extents.count - index - 1) * sizeof *at);
	one->extents.count += more;
	s->memory += more * sizeof *at;
	if (from > old.from)
		*at++ = old;
	*at++ = (struct extent){.from = from, .at = one->bytes.count};
	if (to < end)
		*at = (struct extent){.from = to, .at = one->bytes.count, .is_synthetic = true};
}

static size_t extent_of(const struct stream *one, uint64_t offset);
static uint64_t extent_end(const struct stream *one, size_t index);

void stream_mend(struct streams *s, uint32_t stream, uint64_t offset, const void *octets, size_t n)
{
	struct stream *one = find(s, stream);
	uint64_t at = offset, end = offset + n;

	if (!one || offset >= one->size)
		return;
	end = end < one->size ? end : one->size;
	while (at < end) {
		size_t index = extent_of(one, at);
		uint64_t stop = extent_end(one, index) < end ? extent_end(one, index) : end;
		size_t size = (size_t)(stop - at);

		if (one->extents.at[index].is_synthetic) {
			split(s, one, index, at, stop);
			array_reserve(&one->bytes, one->bytes.count + size);
			memcpy(one->bytes.at + one->bytes.count,
			       (const uint8_t *)octets + (at - offset), size);
			one->bytes.count += size;
			s->memory += size;
			one->is_mended = true;
		}
		at = stop;
	}
}

/* Rows of 16: the row's offset as 15 hexadecimal digits, and a newline. No two rows are alike, so
 * octets out of place show. */
static uint8_t synthetic_octet(uint64_t offset)
{
	unsigned column = (unsigned)(offset % 16);

	if (column == 15)
		return '\n';
	return (uint8_t) "0123456789abcdef"[(offset - column) >> (4 * (14 - column)) & 15];
}

/* The run that holds `offset`, which lies inside the stream. */
static size_t extent_of(const struct stream *one, uint64_t offset)
{
	size_t low = 0, high = one->extents.count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (one->extents.at[middle].from <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static uint64_t extent_end(const struct stream *one, size_t index)
{
	return index + 1 < one->extents.count ? one->extents.at[index + 1].from : one->size;
}

size_t stream_read(const struct streams *s, const struct text *t, uint32_t skip, void *octets,
		   size_t room)
{
	const struct stream *one = find(s, t->stream);
	uint64_t at = t->offset + skip, end = t->offset + t->len;
	uint8_t *out = octets;
	size_t done = 0;

	if (!one || skip >= t->len || t->offset > one->size)
		return 0;
	if (end > one->size)
		end = one->size;
	while (at < end && done < room) {
		size_t index = extent_of(one, at);
		const struct extent *e = &one->extents.at[index];
		uint64_t stop = extent_end(one, index) < end ? extent_end(one, index) : end;
		size_t n = stop - at < room - done ? (size_t)(stop - at) : room - done;

		if (e->is_synthetic) {
			for (size_t i = 0; i < n; i++)
				out[done + i] = synthetic_octet(at + i);
		} else {
			memcpy(out + done, one->bytes.at + e->at + (at - e->from), n);
		}
		done += n;
		at += n;
	}
	return done;
}

bool stream_is_synthetic(const struct streams *s, const struct text *t)
{
	const struct stream *one = find(s, t->stream);
	size_t index;

	if (!one || t->len == 0 || t->offset >= one->size || t->len > one->size - t->offset)
		return false;
	index = extent_of(one, t->offset);
	return one->extents.at[index].is_synthetic && extent_end(one, index) >= t->offset + t->len;
}

uint64_t stream_run(const struct streams *s, uint32_t stream, uint64_t offset, bool *is_synthetic)
{
	const struct stream *one = find(s, stream);
	size_t index;

	ASSERT(one);
	ASSERT(offset < one->size);
	index = extent_of(one, offset);
	*is_synthetic = one->extents.at[index].is_synthetic;
	while (index + 1 < one->extents.count &&
	       one->extents.at[index + 1].is_synthetic == *is_synthetic)
		index++;
	return extent_end(one, index);
}

uint64_t streams_memory(const struct streams *s)
{
	return s->memory + s->list.count * sizeof *s->list.at;
}

size_t streams_count(const struct streams *s)
{
	return s->list.count;
}

uint32_t stream_nth(const struct streams *s, size_t index)
{
	ASSERT(index < s->list.count);
	return s->list.at[index].id;
}

size_t stream_index(const struct streams *s, uint32_t stream)
{
	const struct stream *one = find(s, stream);

	ASSERT(one);
	return (size_t)(one - s->list.at);
}

struct streams_mark *streams_mark(const struct streams *s)
{
	struct streams_mark *m = xmalloc(sizeof *m + s->list.count * sizeof m->size[0]);

	m->count = s->list.count;
	for (size_t i = 0; i < m->count; i++)
		m->size[i] = s->list.at[i].size;
	return m;
}

static void cut(struct stream *one, uint64_t size)
{
	ASSERT(size <= one->size);
	one->size = size;
	while (one->extents.count > 0 && array_last(&one->extents)->from >= size) {
		if (!array_last(&one->extents)->is_synthetic && !one->is_mended)
			one->bytes.count = (size_t)array_last(&one->extents)->at;
		one->extents.count--;
	}
	if (one->extents.count > 0 && !array_last(&one->extents)->is_synthetic && !one->is_mended) {
		const struct extent *e = array_last(&one->extents);

		one->bytes.count = (size_t)(e->at + (size - e->from));
	}
}

/* The mark is of an earlier moment: streams are in order of birth, so the later ones are behind. */
void streams_rewind(struct streams *s, const struct streams_mark *m)
{
	bool has_fewer = s->list.count > m->count;

	ASSERT(s->list.count >= m->count);
	while (s->list.count > m->count) {
		stream_fini(array_last(&s->list));
		s->list.count--;
	}
	s->memory = 0;
	for (size_t i = 0; i < m->count; i++) {
		struct stream *one = &s->list.at[i];

		cut(one, m->size[i]);
		s->memory += one->extents.count * sizeof *one->extents.at + one->bytes.count;
	}
	if (has_fewer)
		rehash(s, s->slots);
}

void streams_mark_free(struct streams_mark *m)
{
	free(m);
}
