/* SPDX-License-Identifier: MIT */
/* isn.c - initial sequence numbers: the host's own list, then its clock, or RFC 6528. */
#include <sim/parts.h>

#include <string.h>

/* RFC 9293 3.4.1: one step every 4 microseconds. */
static uint32_t clock_isn(const struct world *w)
{
	return (uint32_t)((uint64_t)w->now / 4);
}

/* F(localip, localport, remoteip, remoteport, secretkey); and of a count, for cookies. */
static uint32_t keyed(const struct world *w, struct tuple at, size_t used, uint32_t count)
{
	const struct host *h = w->host[at.host];
	const struct address *remote = remote_address(w, at.remote);
	uint8_t data[40];

	memcpy(data, h->address.octets, 16);
	memcpy(data + 16, remote->octets, 16);
	data[32] = (uint8_t)(at.port >> 8);
	data[33] = (uint8_t)at.port;
	data[34] = (uint8_t)(at.remote_port >> 8);
	data[35] = (uint8_t)at.remote_port;
	for (size_t i = 0; i < 4; i++)
		data[36 + i] = (uint8_t)(count >> 8 * i);
	return (uint32_t)siphash(h->isn_key, data, used);
}

enum { KEYED_ADDRESSES = 36, KEYED_COUNT = 40 };

uint32_t cookie_secret(const struct world *w, struct tuple at, uint32_t count)
{
	return keyed(w, at, KEYED_COUNT, count);
}

seq32 isn_peek(const struct world *w, struct tuple at)
{
	const struct host *h = w->host[at.host];

	if (h->isn_next < h->isn_count)
		return h->isn[h->isn_next];
	switch ((enum isn_choice)h->profile.isn) {
	case ISN_CLOCK: return seq(clock_isn(w));
	case ISN_RFC6528: return seq(clock_isn(w) + keyed(w, at, KEYED_ADDRESSES, 0));
	}
	UNREACHABLE();
}

void isn_taken(struct world *w, uint16_t host)
{
	struct host *h = w->host[host];

	if (h->isn_next < h->isn_count)
		h->isn_next++;
}
