/* SPDX-License-Identifier: MIT */
/*
 * seg.h - a TCP segment as the RFC speaks of it: SEG.SEQ, SEG.ACK, SEG.LEN, SEG.WND, SEG.UP
 * (RFC 9293 section 3.3.1), its control bits, its options, and where its text lies.
 *
 * A segment never carries octets. Its text is a reference into an append-only stream (see
 * trace.h, `struct streams`): "octets [offset, offset+len) of stream n". Nothing is copied on
 * the way through the engine or the world, and trimming a segment is adding to the offset.
 */
#ifndef WOSHOU_SEG_H
#define WOSHOU_SEG_H

#include <woshou/seq.h>

/* Control bits, RFC 9293 section 3.1, as they stand in the header. AE: RFC 9768 (kept, unused). */
enum ctl {
	FIN = 0x001,
	SYN = 0x002,
	RST = 0x004,
	PSH = 0x008,
	ACK = 0x010,
	URG = 0x020,
	ECE = 0x040,
	CWR = 0x080,
	AE = 0x100,
};

/* Octets [offset, offset + len) of a stream. Stream 0 is no stream: len is then 0. */
struct text {
	uint64_t offset;
	uint32_t stream;
	uint32_t len;
};

struct sack_block {
	seq32 left;  /* first octet of the block */
	seq32 right; /* the octet after the block: RFC 2018 section 3 */
};

/* Which options a segment carries: a set, in seg.opts. */
enum seg_opt {
	OPT_MSS = 1 << 0,            /* RFC 9293 section 3.7.1; only with SYN (MUST-65) */
	OPT_WSCALE = 1 << 1,         /* RFC 7323 section 2 */
	OPT_SACK_PERMITTED = 1 << 2, /* RFC 2018 section 2 */
	OPT_SACK = 1 << 3,           /* RFC 2018 section 3 */
	OPT_TIMESTAMPS = 1 << 4,     /* RFC 7323 section 3 */
	OPT_USER_TIMEOUT = 1 << 5,   /* RFC 5482 section 3 */
};

/* The order of the options and their filling; the values say the same in every one. */
enum seg_layout {
	LAYOUT_NOP,  /* NOPs before an option until it ends on a 32-bit border, as Linux does */
	LAYOUT_END,  /* MSS, window scale, SACK-permitted, timestamps; EOL at the end: FreeBSD */
};

/* The IP header's ECN field, RFC 3168 section 5. */
enum seg_ecn { ECN_NOT_ECT, ECN_ECT_1, ECN_ECT_0, ECN_CE };

enum { SEG_SACK_MAX = 4 };

struct seg {
	seq32 seq;         /* SEG.SEQ: of the SYN when SYN is set */
	seq32 ack;         /* SEG.ACK: meaningful when ACK is set, else 0 */
	uint32_t len;      /* SEG.LEN: text.len, and one each for SYN and FIN */
	uint16_t ctl;      /* set of enum ctl */
	uint16_t wnd;      /* the header's window field, not scaled */
	uint16_t up;       /* the header's urgent field: an offset from SEG.SEQ, with URG */
	uint16_t mss;      /* with OPT_MSS */
	uint8_t opts;      /* set of enum seg_opt */
	uint8_t wscale;    /* with OPT_WSCALE: shift count */
	uint8_t sacks;     /* with OPT_SACK: blocks used in sack[] */
	uint8_t rexmit;    /* sender's note, not on the wire: 0 first time, n the n-th repetition */
	uint16_t rule;     /* sender's note, not on the wire: the enum rule that caused it */
	uint16_t uto;      /* with OPT_USER_TIMEOUT: the granularity bit and 15 bits of time */
	uint8_t layout;    /* enum seg_layout */
	uint8_t ecn;       /* enum seg_ecn: of the datagram that carries it */
	uint16_t piece;    /* not on the wire: put together of pieces so long; 0: it was not */
	uint32_t tsval;    /* with OPT_TIMESTAMPS */
	uint32_t tsecr;
	struct text text;
	struct sack_block sack[SEG_SACK_MAX];
};

/* SEG.LEN from its parts (RFC 9293 section 3.4: SYN and FIN occupy sequence space). */
static inline uint32_t seg_len(uint16_t ctl, uint32_t text_len)
{
	return text_len + ((ctl & SYN) ? 1u : 0u) + ((ctl & FIN) ? 1u : 0u);
}

/* SEG.SEQ+SEG.LEN: the sequence number after the segment. */
static inline seq32 seg_end(const struct seg *s)
{
	return seq_add(s->seq, s->len);
}

/* SEG.SEQ of the first octet of text: the SYN comes before it. */
static inline seq32 seg_text_seq(const struct seg *s)
{
	return seq_add(s->seq, (s->ctl & SYN) ? 1 : 0);
}

#endif
