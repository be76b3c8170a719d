/* SPDX-License-Identifier: MIT */
/*
 * header.h - a frame taken apart: every bit of it belongs to exactly one field of header.def. Any
 * octets will do; what does not fit together is one field, "the rest", and nothing is refused.
 */
#ifndef WIRE_HEADER_H
#define WIRE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum header {
#define HEADER(id, ...) HEADER_##id,
#include <wire/header.def>
#undef HEADER
	HEADER_COUNT,
};

enum header_shape { HEADER_SHAPE_LAYER, HEADER_SHAPE_GROUP, HEADER_SHAPE_FIELD };

enum { HEADER_SENTENCE = 160 /* columns */ };

struct header_info {
	const char *id; /* "TCP_WINDOW" */
	enum header_shape shape;
	int bits; /* 0: as many as there are */
	int columns;
	const char *name[2]; /* en, zh */
	const char *source;  /* "RFC 9293 3.1", or "" */
	const char *sentence[2];
};

const struct header_info *header_info(enum header h);

struct header_node {
	uint8_t header; /* enum header */
	uint8_t depth;  /* 0: a layer */
	uint16_t end;   /* the index behind its last descendant */
	uint32_t bit;   /* its first, counted from the frame's first */
	uint32_t bits;  /* a layer's and group's: of all its fields */
};

/* 40 octets of options are at most 20 options of three nodes each. */
enum { HEADER_NODES_MAX = 128 };

struct header_tree {
	uint16_t count;
	struct header_node node[HEADER_NODES_MAX]; /* parents before their children */
};

/* The octets of an Ethernet frame; at most 2^28 of them. */
void header_read(const uint8_t *octets, size_t size, struct header_tree *out);

/* The value of a field of at most 64 bits. */
uint64_t header_value(const uint8_t *octets, const struct header_node *n);

/* The node of this header; NULL: there is none. */
const struct header_node *header_find(const struct header_tree *t, enum header h);

/* Of the frame that `t` is read from: the sum of the IPv4 header, of the TCP segment. False also
 * where there is none. */
bool header_sum_is_right(const struct header_tree *t, const uint8_t *octets, enum header checksum);
/* The value that would be right. */
uint16_t header_sum_wanted(const struct header_tree *t, const uint8_t *octets,
			   enum header checksum);

#endif
