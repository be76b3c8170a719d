/* SPDX-License-Identifier: MIT */
/* play.h - traces made by hand, record by record, for the exporters to tell. */
#ifndef TESTS_UNIT_EXPORT_PLAY_H
#define TESTS_UNIT_EXPORT_PLAY_H

#include <woshou/trace.h>

enum { ZHANG, LI };

enum { MS = 1000, S = 1000000 };

/* Two people, zhang (connection 2, isn 1000) and li (listener 1, connection 3, isn 5000). */
struct play {
	struct trace *trace;
	uint64_t last; /* the record added last */
};

struct play play_new(void);
void play_free(struct play *p);

/* Numbers as in a ladder: seq is of the first octet, text the octets of the sender's stream. */
struct said {
	uint16_t ctl;
	uint32_t seq, ack, len;
	uint64_t offset; /* of the text in the sender's stream */
	uint16_t mss;
	uint8_t rexmit;
};

uint64_t play_send(struct play *p, usec at, uint8_t host, struct said said);
uint64_t play_arrive(struct play *p, usec at, uint64_t sent);
uint64_t play_discard(struct play *p, usec at, uint64_t sent, enum discard why);
uint64_t play_wind(struct play *p, usec at, uint64_t sent, enum deed deed, uint32_t line,
		   const char *words);
uint64_t play_state(struct play *p, usec at, uint8_t host, uint32_t conn, enum state from,
		    enum state to);
uint64_t play_call(struct play *p, usec at, uint8_t host, uint32_t conn, enum call_verb verb,
		   const char *text);
uint64_t play_write(struct play *p, usec at, uint8_t host, const char *octets);
uint64_t play_read(struct play *p, usec at, uint8_t host, uint64_t offset, uint32_t len);
uint64_t play_record(struct play *p, usec at, enum record_kind kind, uint8_t host);
struct record *play_last(struct play *p);

/* The play of the language's page: a wave lost, a handshake, a line, a parting. */
struct play play_first_wave(void);
/* One record of every kind and detail that there is. */
struct play play_everything(void);

#endif
