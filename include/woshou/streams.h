/* SPDX-License-Identifier: MIT */
/*
 * streams.h - the octets themselves. Each connection's user writes one stream, append-only; a
 * segment's text is a reference into one (struct text, seg.h). A stretch that was written as a
 * synthetic stream ("1 MiB") takes no memory: its octets are a function of the offset.
 */
#ifndef WOSHOU_STREAMS_H
#define WOSHOU_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/seg.h>

struct streams;

struct streams *streams_new(void);
void streams_free(struct streams *s);

/* Append. A stream exists from its first octet; ids are the owner's choice (not 0). */
void stream_write(struct streams *s, uint32_t stream, const void *octets, size_t n);
void stream_write_synthetic(struct streams *s, uint32_t stream, uint64_t n);

/* Octets that were written as synthetic because nobody knew them are known now: `n` of them from
 * `offset` on, as far as the stream goes. Those that were known stay. */
void stream_mend(struct streams *s, uint32_t stream, uint64_t offset, const void *octets,
		 size_t n);

uint64_t stream_size(const struct streams *s, uint32_t stream);
/* Copies the octets that `t` names, at most `room`, from `skip` on. Returns how many. */
size_t stream_read(const struct streams *s, const struct text *t, uint32_t skip, void *octets,
		   size_t room);
bool stream_is_synthetic(const struct streams *s, const struct text *t); /* all of it */

/* Where the run that holds `offset` ends: octets there were written in one way. offset < size. */
uint64_t stream_run(const struct streams *s, uint32_t stream, uint64_t offset, bool *is_synthetic);

/* All of them, in order of their first octet. */
uint64_t streams_memory(const struct streams *s); /* octets that were written, not synthetic ones */
size_t streams_count(const struct streams *s);
uint32_t stream_nth(const struct streams *s, size_t index);
size_t stream_index(const struct streams *s, uint32_t stream); /* it exists */

/* Cut every stream back to the sizes it had: for a world that goes back to a snapshot. */
struct streams_mark;
struct streams_mark *streams_mark(const struct streams *s);
void streams_rewind(struct streams *s, const struct streams_mark *m);
void streams_mark_free(struct streams_mark *m);

#endif
