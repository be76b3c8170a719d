/* SPDX-License-Identifier: MIT */
/*
 * pcapng.c - a capture as an analyst wants it: Ethernet frames with good checksums, or those that a
 * recording kept, and what became of each of them as its comment (docs/CAPTURES.md). Little endian
 * on every machine.
 */
#include "export/export.h"

#include <string.h>
#include <base/array.h>
#include <base/assert.h>
#include "export/acts.h"
#include "trace/frame.h"
#include "trace/talk.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BYTE_ORDER = 0x1a2b3c4d,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_RAW = 101,
	DLT_RAW = 12,
	DLT_RAW_OPENBSD = 14,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_IF_NAME = 2,
	OPTION_IF_DESCRIPTION = 3,
	OPTION_USER_APPLICATION = 4,
	OPTION_IF_TSRESOL = 9,
	OPTION_MAX = 65532,
};

/* Virtual time 0 is 2000-01-01T00:00:00Z: a date that nobody takes for a real one. A recording has
 * its own. */
#define EPOCH_US (INT64_C(946684800) * 1000000)

struct capture {
	const struct trace *trace;
	const struct export_options *options;
	struct sink *out;
	size_t block;    /* where the block being written begins */
	uint16_t *ip_id; /* by record: the identification its datagram left with */
	struct acts acts;
	struct frame frame;
	ARRAY(int) links; /* by interface */
};

/* ---- blocks ---------------------------------------------------------------------------------- */

static void put_u16(struct sink *out, uint16_t v)
{
	const uint8_t octets[] = {(uint8_t)v, (uint8_t)(v >> 8)};

	sink_put(out, octets, sizeof octets);
}

static void put_u32(struct sink *out, uint32_t v)
{
	put_u16(out, (uint16_t)v);
	put_u16(out, (uint16_t)(v >> 16));
}

static void pad_to_4(struct sink *out, size_t n)
{
	sink_pad(out, '\0', (4 - n % 4) % 4);
}

static void begin_block(struct capture *c, uint32_t type)
{
	c->block = c->out->count;
	put_u32(c->out, type);
	put_u32(c->out, 0); /* its length, when it is known */
}

static void end_block(struct capture *c)
{
	uint32_t size = (uint32_t)(c->out->count - c->block) + 4;

	put_u32(c->out, size);
	for (size_t i = 0; i < 4; i++)
		c->out->at[c->block + 4 + i] = (char)(size >> (8 * i));
}

static void put_option(struct capture *c, uint16_t code, const void *value, size_t n)
{
	if (n > OPTION_MAX)
		n = OPTION_MAX;
	put_u16(c->out, code);
	put_u16(c->out, (uint16_t)n);
	sink_put(c->out, value, n);
	pad_to_4(c->out, n);
}

static void put_text_option(struct capture *c, uint16_t code, const char *text)
{
	put_option(c, code, text, strlen(text));
}

static void write_section(struct capture *c)
{
	struct sink comment = {0};

	sink_printf(&comment, "seed %llu", (unsigned long long)trace_seed(c->trace));
	begin_block(c, BLOCK_SECTION);
	put_u32(c->out, BYTE_ORDER);
	put_u16(c->out, 1);
	put_u16(c->out, 0);
	put_u32(c->out, UINT32_MAX); /* length of the section: not told */
	put_u32(c->out, UINT32_MAX);
	put_text_option(c, OPTION_COMMENT, comment.at);
	put_text_option(c, OPTION_USER_APPLICATION, "woshou");
	put_option(c, OPTION_END, NULL, 0);
	end_block(c);
	sink_fini(&comment);
}

static void write_interface(struct capture *c, int link)
{
	const struct trace_host *side =
		c->options->view == EXPORT_WIRE
			? NULL
			: trace_host_at(c->trace, (uint8_t)(c->options->view - 1));
	static const uint8_t microseconds = 6;

	begin_block(c, BLOCK_INTERFACE);
	put_u16(c->out, (uint16_t)link);
	put_u16(c->out, 0);
	put_u32(c->out, 0); /* no limit on what is captured */
	put_text_option(c, OPTION_IF_NAME, side ? side->name : "wire");
	if (side)
		put_text_option(c, OPTION_IF_DESCRIPTION, side->title[c->options->lang == LANG_ZH]);
	put_option(c, OPTION_IF_TSRESOL, &microseconds, 1);
	put_option(c, OPTION_END, NULL, 0);
	end_block(c);
}

/* ---- packets --------------------------------------------------------------------------------- */

static void put_story(struct capture *c, uint64_t serial, struct sink *comment)
{
	if (comment->count > 0)
		sink_putc(comment, '\n');
	tell_record(c->trace, serial, c->options->lang, comment);
}

/* On the wire a segment's comment also tells what the wind did to it. */
static void put_deeds(struct capture *c, uint64_t send, struct sink *comment)
{
	const struct record *deed;

	for (size_t i = acts_first(&c->acts, send); (deed = acts_at(&c->acts, i, send)); i++)
		put_story(c, deed->serial, comment);
}

/* Captured octets, and of which kind of link. */
struct shot {
	uint64_t at; /* since 1970 */
	int link;
	size_t wire; /* octets there were on the wire */
	struct sink octets;
};

/* As files number them: pcap's own numbers but for raw IP. */
static int link_of(const struct trace_frame_kept *f)
{
	return f->link == DLT_RAW || f->link == DLT_RAW_OPENBSD ? LINKTYPE_RAW : f->link;
}

static void take_kept(const struct capture *c, const struct record *r,
		      const struct trace_frame_kept *kept, struct shot *out)
{
	struct text text = trace_seg(c->trace, r)->text;
	uint32_t rest = kept->captured - kept->size;

	out->link = link_of(kept);
	out->wire = kept->wire_size;
	if (c->options->view == EXPORT_WIRE)
		out->at = (uint64_t)(trace_epoch(c->trace) + kept->at);
	sink_put(&out->octets, kept->octets, kept->size);
	if (rest > 0) {
		uint8_t *octets = xcalloc(rest, 1);

		stream_read(trace_streams_of(c->trace), &text, 0, octets, rest);
		sink_put(&out->octets, octets, rest);
		free(octets);
	}
}

static void take(struct capture *c, const struct record *r, struct shot *out)
{
	usec epoch = trace_is_recording(c->trace) ? trace_epoch(c->trace) : EPOCH_US;
	struct trace_frame_kept kept;

	*out = (struct shot){.at = (uint64_t)(epoch + r->at), .link = LINKTYPE_ETHERNET};
	if (trace_kept_frame(c->trace, r, &kept)) {
		take_kept(c, r, &kept, out);
		return;
	}
	trace_frame(c->trace, r, c->ip_id[trace_origin(c->trace, r)->serial], &c->frame);
	out->wire = c->frame.size;
	sink_put(&out->octets, c->frame.octets, c->frame.size);
}

static uint32_t interface_of(const struct capture *c, int link)
{
	uint32_t i = 0;

	while (i < c->links.count && c->links.at[i] != link)
		i++;
	return i;
}

static void write_packet(struct capture *c, const struct record *r)
{
	struct shot shot;
	struct sink comment = {0};

	take(c, r, &shot);
	if (shot.octets.count == 0) {
		sink_fini(&shot.octets);
		return;
	}
	put_story(c, r->serial, &comment);
	if (c->options->view == EXPORT_WIRE)
		put_deeds(c, r->serial, &comment);
	begin_block(c, BLOCK_PACKET);
	put_u32(c->out, interface_of(c, shot.link));
	put_u32(c->out, (uint32_t)(shot.at >> 32));
	put_u32(c->out, (uint32_t)shot.at);
	put_u32(c->out, (uint32_t)shot.octets.count);
	put_u32(c->out, (uint32_t)shot.wire);
	sink_put(c->out, shot.octets.at, shot.octets.count);
	pad_to_4(c->out, shot.octets.count);
	put_text_option(c, OPTION_COMMENT, comment.at);
	put_option(c, OPTION_END, NULL, 0);
	end_block(c);
	sink_fini(&shot.octets);
	sink_fini(&comment);
}

/* Segments without a frame of their own go on Ethernet; each kind of link has its interface. */
static void write_interfaces(struct capture *c)
{
	*array_push(&c->links) = LINKTYPE_ETHERNET;
	for (uint64_t i = 0; i < trace_count(c->trace); i++) {
		struct trace_frame_kept kept;

		if (trace_kept_frame(c->trace, trace_at(c->trace, i), &kept) &&
		    kept.link <= UINT16_MAX && interface_of(c, link_of(&kept)) == c->links.count)
			*array_push(&c->links) = link_of(&kept);
	}
	for (size_t i = 0; i < c->links.count; i++)
		write_interface(c, c->links.at[i]);
}

/* ---- views ----------------------------------------------------------------------------------- */

/* A stranger's segment without a sender's record comes from nowhere: it is first seen where it
 * arrives. A recording sees the wind's copies; what it never saw it does not show. */
static bool is_seen_on_wire(const struct trace *t, const struct record *r)
{
	struct trace_frame_kept kept;

	if (trace_is_recording(t) && r->kind == REC_WIND && r->detail == DEED_DUPLICATE)
		return trace_kept_frame(t, r, &kept);
	return (r->kind == REC_SEND && !r->is_inferred) ||
	       (r->kind == REC_ARRIVE && r->is_stranger && r->of == r->serial);
}

/* Like a capture on that host: what it sends, and what reaches it while it is up. */
static bool is_seen_by(const struct export_options *o, const struct record *r)
{
	if (export_side(r->host) != o->view)
		return false;
	switch ((enum record_kind)r->kind) {
	case REC_SEND:
	case REC_ARRIVE: return true;
	case REC_DISCARD:
		return r->detail == DISCARD_QUEUE_FULL || r->detail == DISCARD_ADDRESS ||
		       (r->detail == DISCARD_CHECKSUM && o->corrupted);
	case REC_CALL:
	case REC_RESULT:
	case REC_READ:
	case REC_WIND:
	case REC_TIMER:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_ICMP:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_EXPECT:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return false;
}

static void number_datagrams(struct capture *c)
{
	struct datagrams all = {0};

	for (uint64_t i = 0; i < trace_count(c->trace); i++)
		c->ip_id[i] = datagrams_see(&all, c->trace, trace_at(c->trace, i));
}

void export_pcapng(const struct trace *t, const struct export_options *o, struct sink *out)
{
	static const struct export_options plain;
	struct capture *c = xcalloc(1, sizeof *c);

	c->trace = t;
	c->options = o ? o : &plain;
	c->out = out;
	c->ip_id = xcalloc((size_t)trace_count(t) + 1, sizeof *c->ip_id);
	ASSERT(c->options->view <= trace_host_count(t));
	number_datagrams(c);
	acts_init(&c->acts, t);
	write_section(c);
	write_interfaces(c);
	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (c->options->view == EXPORT_WIRE ? is_seen_on_wire(c->trace, r)
						    : is_seen_by(c->options, r))
			write_packet(c, r);
	}
	acts_fini(&c->acts);
	array_fini(&c->links);
	free(c->ip_id);
	free(c);
}
