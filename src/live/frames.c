/* SPDX-License-Identifier: MIT */
/* frames.c - pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng. */
#include "live/frames.h"

#include <string.h>

#define PCAP_MICRO UINT32_C(0xa1b2c3d4)
#define PCAP_NANO  UINT32_C(0xa1b23c4d)
#define PCAP_PATCHED                                                                               \
	UINT32_C(0xa1b2cd34) /* an old Linux libpcap's: 8 octets more in each record               \
			      */

enum {
	FRAME_MOST = 64 << 20, /* no link carries more, with all offloading */
	PCAP_HEADER = 24,
	PCAP_RECORD = 16,
	PCAP_RECORD_PATCHED = 24,
	LINK_BITS = 0x03ffffff, /* the rest of that word tells of checksums at the frames' ends */

	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_PACKET = 6,
	BLOCK_LEAST = 12,
	SECTION_LEAST = 28,
	ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
	RESOLUTION_MICRO = 6,
	RESOLUTION_BINARY = 0x80,
};

/* The end of the year 9999, where clocks and calendars stop. */
#define WALL_MAX (INT64_C(253402300799) * 1000000)

/* ---- numbers --------------------------------------------------------------------------------- */

static uint32_t get(const uint8_t *p, size_t octets, bool is_big)
{
	uint32_t v = 0;

	for (size_t i = 0; i < octets; i++)
		v |= (uint32_t)p[i] << 8 * (is_big ? octets - 1 - i : i);
	return v;
}

static uint32_t word(const struct frames *f, const uint8_t *p)
{
	return get(p, 4, f->is_big);
}

static uint16_t half(const struct frames *f, const uint8_t *p)
{
	return (uint16_t)get(p, 2, f->is_big);
}

static usec wall(int64_t seconds, int64_t micro)
{
	const int64_t most = WALL_MAX / 1000000;

	if (seconds < 0)
		return 0;
	return seconds >= most ? WALL_MAX : seconds * 1000000 + micro;
}

/* Units of 10^-n or 2^-n seconds. */
static usec wall_of_units(uint64_t units, const struct frames_interface *i)
{
	unsigned n = i->resolution & 0x7f;
	uint64_t seconds, micro;

	if (i->resolution & RESOLUTION_BINARY) {
		/* More bits than 40 of a second tell nothing of microseconds, and would overflow.
		 */
		for (; n > 40 && n <= 0x7f; n--)
			units >>= 1;
		seconds = units >> n;
		micro = (units & ((UINT64_C(1) << n) - 1)) * 1000000 >> n;
	} else {
		uint64_t unit = 1;

		for (; n > 18; n--)
			units /= 10;
		for (unsigned k = 0; k < n; k++)
			unit *= 10;
		seconds = units / unit;
		micro = n >= 6 ? units % unit / (unit / 1000000) : units % unit * (1000000 / unit);
	}
	if (seconds > WALL_MAX / 1000000)
		return WALL_MAX;
	if (i->offset > WALL_MAX / 1000000 || i->offset < -(WALL_MAX / 1000000))
		return i->offset > 0 ? WALL_MAX : 0;
	return wall((int64_t)seconds + i->offset, (int64_t)micro);
}

/* ---- what it is ------------------------------------------------------------------------------ */

bool frames_are(const uint8_t *octets, size_t n)
{
	if (n < 4)
		return false;
	for (int is_big = 0; is_big < 2; is_big++) {
		uint32_t magic = get(octets, 4, is_big);

		if (magic == PCAP_MICRO || magic == PCAP_NANO || magic == PCAP_PATCHED ||
		    magic == BLOCK_SECTION)
			return true;
	}
	return false;
}

bool frames_other(const uint8_t *octets, size_t n, const char **what, const char **tool)
{
	static const struct {
		const char *magic;
		size_t size;
		const char *what, *tool;
	} others[] = {
		{"\x1f\x8b", 2, "compressed (gzip)", "gunzip"},
		{"\x28\xb5\x2f\xfd", 4, "compressed (zstd)", "unzstd"},
		{"\xfd"
		 "7zXZ",
		 5, "compressed (xz)", "unxz"},
		{"BZh", 3, "compressed (bzip2)", "bunzip2"},
		{"\x04\x22\x4d\x18", 4, "compressed (lz4)", "unlz4"},
		{"PK\x03\x04", 4, "an archive (zip)", "unzip"},
		{"Salted__", 8, "encrypted (openssl enc)", "openssl enc -d"},
		{"-----BEGIN PGP MESSAGE", 22, "encrypted (PGP)", "gpg --decrypt"},
		{"age-encryption.org/", 19, "encrypted (age)", "age --decrypt"},
		{"snoop\0\0\0", 8, "a capture of Solaris' snoop", "editcap -F pcapng"},
		{"btsnoop\0", 8, "a capture of Bluetooth", "editcap -F pcapng"},
		{"RTSS", 4, "a capture of Microsoft's Network Monitor", "editcap -F pcapng"},
		{"GMBU", 4, "a capture of Microsoft's Network Monitor", "editcap -F pcapng"},
		{"XCP\0", 4, "a capture of NetXRay", "editcap -F pcapng"},
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		if (n < others[i].size || memcmp(octets, others[i].magic, others[i].size) != 0)
			continue;
		*what = others[i].what;
		*tool = others[i].tool;
		return true;
	}
	return false;
}

/* ---- pcap ------------------------------------------------------------------------------------ */

static bool open_pcap(struct frames *f)
{
	uint32_t magic = word(f, f->octets);

	f->record = magic == PCAP_PATCHED ? PCAP_RECORD_PATCHED : PCAP_RECORD;
	f->is_nano = magic == PCAP_NANO;
	f->is_cut = f->size < PCAP_HEADER;
	if (f->is_cut)
		return false;
	*array_push(&f->interfaces) =
		(struct frames_interface){.link = (int)(word(f, f->octets + 20) & LINK_BITS)};
	f->next = PCAP_HEADER;
	return true;
}

static bool next_of_pcap(struct frames *f, struct frame_sight *out)
{
	const uint8_t *p = f->octets + f->next;
	size_t rest = f->size - f->next;
	uint32_t part;

	f->is_cut = rest > 0 && rest < f->record;
	if (rest < f->record)
		return false;
	part = word(f, p + 4);
	*out = (struct frame_sight){
		.at = wall(word(f, p), f->is_nano ? part / 1000 : part),
		.link = f->interfaces.at[0].link,
		.octets = p + f->record,
		.size = word(f, p + 8),
		.wire_size = word(f, p + 12),
	};
	if (out->size > FRAME_MOST)
		f->damage = "a frame whose length cannot be right";
	else
		f->is_cut = out->size > rest - f->record;
	if (f->is_cut || f->damage != NULL)
		return false;
	f->next += f->record + out->size;
	return true;
}

/* ---- pcapng ---------------------------------------------------------------------------------- */

/* A block without the octets around it: [at, at + size). */
struct block {
	uint32_t type;
	const uint8_t *at;
	size_t size;
};

/* The order of numbers is the section's own, and stands in its header. */
static bool begin_section(struct frames *f)
{
	const uint8_t *p = f->octets + f->next;

	if (f->size - f->next < BLOCK_LEAST) {
		f->is_cut = true;
		return false;
	}
	f->is_big = get(p + 8, 4, true) == ORDER_MAGIC;
	if (!f->is_big && get(p + 8, 4, false) != ORDER_MAGIC) {
		f->damage = "a section whose byte order nobody knows";
		return false;
	}
	array_clear(&f->interfaces);
	return true;
}

static bool next_block(struct frames *f, struct block *out)
{
	const uint8_t *p = f->octets + f->next;
	size_t rest = f->size - f->next;
	size_t size;

	if (rest < BLOCK_LEAST) {
		f->is_cut = rest > 0;
		return false;
	}
	if (get(p, 4, false) == BLOCK_SECTION && !begin_section(f))
		return false;
	out->type = word(f, p);
	size = word(f, p + 4);
	if (size < (out->type == BLOCK_SECTION ? SECTION_LEAST : BLOCK_LEAST) || size % 4 != 0) {
		f->damage = "a block whose length cannot be right";
		return false;
	}
	f->is_cut = size > rest;
	if (f->is_cut)
		return false;
	if (word(f, p + size - 4) != size) {
		f->damage = "a block whose two lengths differ";
		return false;
	}
	out->at = p + 8;
	out->size = size - BLOCK_LEAST;
	f->next += size;
	return true;
}

static void take_option(struct frames *f, struct frames_interface *i, uint16_t code,
			const uint8_t *value, size_t n)
{
	if (code == OPTION_TSRESOL && n == 1) {
		i->resolution = value[0];
	} else if (code == OPTION_TSOFFSET && n == 8) {
		uint64_t high = word(f, value + (f->is_big ? 0 : 4));

		i->offset = (int64_t)(high << 32 | word(f, value + (f->is_big ? 4 : 0)));
	}
}

static void add_interface(struct frames *f, const struct block *b)
{
	struct frames_interface i = {.link = -1, .resolution = RESOLUTION_MICRO};

	if (b->size >= 8) {
		i.link = half(f, b->at);
		i.snap = word(f, b->at + 4);
	}
	for (size_t at = 8; at + 4 <= b->size;) {
		uint16_t code = half(f, b->at + at);
		size_t n = half(f, b->at + at + 2);

		if (code == 0 || n > b->size - at - 4)
			break;
		take_option(f, &i, code, b->at + at + 4, n);
		at += 4 + (n + 3) / 4 * 4;
	}
	*array_push(&f->interfaces) = i;
}

/* Of an enhanced packet block and of its forerunner: they differ in how the interface is named. */
static bool take_packet(struct frames *f, const struct block *b, struct frame_sight *out)
{
	const struct frames_interface *i;
	uint32_t index;

	if (b->size < 20)
		return false;
	index = b->type == BLOCK_PACKET_OLD ? half(f, b->at) : word(f, b->at);
	if (index >= f->interfaces.count)
		return false;
	i = &f->interfaces.at[index];
	f->interface = index;
	*out = (struct frame_sight){
		.at = wall_of_units((uint64_t)word(f, b->at + 4) << 32 | word(f, b->at + 8), i),
		.link = i->link,
		.octets = b->at + 20,
		.size = word(f, b->at + 12),
		.wire_size = word(f, b->at + 16),
	};
	return out->size <= b->size - 20;
}

/* Only a length: of the first interface, and of no time. */
static bool take_simple(struct frames *f, const struct block *b, struct frame_sight *out)
{
	const struct frames_interface *i = f->interfaces.at;

	if (b->size < 4 || f->interfaces.count == 0)
		return false;
	*out = (struct frame_sight){
		.at = f->last,
		.link = i->link,
		.octets = b->at + 4,
		.size = word(f, b->at),
		.wire_size = word(f, b->at),
	};
	f->interface = 0;
	if (i->snap > 0 && out->size > i->snap)
		out->size = i->snap;
	if (out->size > b->size - 4)
		out->size = b->size - 4;
	return true;
}

static bool next_of_pcapng(struct frames *f, struct frame_sight *out)
{
	struct block b;

	while (next_block(f, &b)) {
		bool is_frame = false, is_good = true;

		switch (b.type) {
		case BLOCK_INTERFACE: add_interface(f, &b); break;
		case BLOCK_PACKET:
		case BLOCK_PACKET_OLD:
			is_frame = true;
			is_good = take_packet(f, &b, out);
			break;
		case BLOCK_PACKET_SIMPLE:
			is_frame = true;
			is_good = take_simple(f, &b, out);
			break;
		default: break; /* names, statistics, secrets, blocks of somebody's own */
		}
		if (is_frame && is_good)
			return true;
		if (is_frame) {
			f->next = (size_t)(b.at - f->octets) - 8;
			f->damage = "a frame that does not fit its block, or is of no interface";
			return false;
		}
	}
	return false;
}

/* ---- both ------------------------------------------------------------------------------------ */

bool frames_open(struct frames *f, const uint8_t *octets, size_t n)
{
	uint32_t magic;

	*f = (struct frames){.octets = octets, .size = n};
	if (!frames_are(octets, n)) {
		f->damage = "neither pcap nor pcapng";
		return false;
	}
	magic = get(octets, 4, false);
	f->is_ng = magic == BLOCK_SECTION;
	if (f->is_ng)
		return begin_section(f);
	f->is_big = magic != PCAP_MICRO && magic != PCAP_NANO && magic != PCAP_PATCHED;
	return open_pcap(f);
}

bool frames_next(struct frames *f, struct frame_sight *out)
{
	if (f->is_cut || f->damage != NULL)
		return false;
	if (!(f->is_ng ? next_of_pcapng(f, out) : next_of_pcap(f, out)))
		return false;
	if (out->wire_size < out->size)
		out->wire_size = out->size;
	f->last = out->at;
	return true;
}

void frames_fini(struct frames *f)
{
	array_fini(&f->interfaces);
}
