/* SPDX-License-Identifier: MIT */
#include "live/datalink.h"

#include "wire/octets.h"
#include "wire/packet.h"

enum {
	ETHERTYPE_VLAN = 0x8100, /* IEEE 802.1Q */
	ETHERTYPE_QINQ = 0x88a8, /* IEEE 802.1ad */
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_LEAST = 0x0600, /* below that it is a length: LLC follows */
	VLAN_TAG = 4,
	SNAP_HEADER = 8,
	SLL_HEADER = 16,
	SLL2_HEADER = 20,
	NULL_HEADER = 4,
};

/* What is left of a frame. */
struct rest {
	const uint8_t *at;
	size_t size;
};

static bool skip(struct rest *r, size_t n)
{
	if (r->size < n)
		return false;
	r->at += n;
	r->size -= n;
	return true;
}

/* The datagram itself says which version it is. */
static bool is_ip(const struct rest *r, unsigned version)
{
	unsigned said = r->size > 0 ? r->at[0] >> 4 : 0;

	return version == 0 ? said == 4 || said == 6 : said == version;
}

/* `r` stands behind a field with this type: tags may follow, then IP. */
static bool skip_tags(struct rest *r, uint16_t type)
{
	while (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ || type == ETHERTYPE_QINQ_OLD) {
		if (r->size < VLAN_TAG)
			return false;
		type = get16(r->at + 2);
		r->at += VLAN_TAG;
		r->size -= VLAN_TAG;
	}
	if (type < ETHERTYPE_LEAST) {
		/* RFC 1042: DSAP and SSAP 0xaa, UI, no organization, then an EtherType. */
		if (r->size < SNAP_HEADER || get32(r->at) != 0xaaaa0300 || get16(r->at + 4) != 0)
			return false;
		type = get16(r->at + 6);
		r->at += SNAP_HEADER;
		r->size -= SNAP_HEADER;
	}
	return (type == ETHERTYPE_IPV4 && is_ip(r, 4)) || (type == ETHERTYPE_IPV6 && is_ip(r, 6));
}

/* A header of `size` octets whose EtherType stands at `type`. */
static bool skip_typed(struct rest *r, size_t size, size_t type)
{
	const uint8_t *header = r->at;

	return skip(r, size) && skip_tags(r, get16(header + type));
}

/* AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs and on macOS. The
 * number is in the order of the machine that captured: a family is small, so either order tells. */
static bool skip_family(struct rest *r)
{
	uint32_t family = r->size >= NULL_HEADER ? get32(r->at) : 0;

	if (!skip(r, NULL_HEADER))
		return false;
	if (family > 0xffff)
		family = family >> 24 | (family >> 8 & 0xff00);
	switch (family) {
	case 2: return is_ip(r, 4);
	case 10:
	case 24:
	case 28:
	case 30: return is_ip(r, 6);
	}
	return false;
}

bool datalink_ip(int link, const uint8_t *octets, size_t size, size_t *at, size_t *n)
{
	struct rest r = {octets, size};
	bool is_there = false;

	switch (link) {
	case DATALINK_ETHERNET: is_there = skip_typed(&r, ETHERNET_HEADER, 12); break;
	case DATALINK_LINUX_SLL: is_there = skip_typed(&r, SLL_HEADER, 14); break;
	case DATALINK_LINUX_SLL2: is_there = skip_typed(&r, SLL2_HEADER, 0); break;
	case DATALINK_NULL:
	case DATALINK_LOOP: is_there = skip_family(&r); break;
	case DATALINK_RAW_BSD:
	case DATALINK_RAW_OPENBSD:
	case DATALINK_RAW: is_there = is_ip(&r, 0); break;
	case DATALINK_IPV4: is_there = is_ip(&r, 4); break;
	case DATALINK_IPV6: is_there = is_ip(&r, 6); break;
	default: break; /* a kind we do not know */
	}
	if (is_there) {
		*at = (size_t)(r.at - octets);
		*n = r.size;
	}
	return is_there;
}

/* Those that people do meet, under their numbers in files (tcpdump.org/linktypes.html). */
static const struct {
	int link;
	bool is_known;
	const char *name;
} kinds[] = {
	{DATALINK_NULL, true, "BSD loopback"},
	{DATALINK_ETHERNET, true, "Ethernet"},
	{DATALINK_RAW_BSD, true, "raw IP"},
	{DATALINK_RAW_OPENBSD, true, "raw IP"},
	{DATALINK_RAW, true, "raw IP"},
	{DATALINK_LOOP, true, "OpenBSD loopback"},
	{DATALINK_LINUX_SLL, true, "Linux cooked"},
	{DATALINK_IPV4, true, "raw IPv4"},
	{DATALINK_IPV6, true, "raw IPv6"},
	{DATALINK_LINUX_SLL2, true, "Linux cooked v2"},
	{6, false, "Token Ring"},
	{8, false, "SLIP"},
	{9, false, "PPP"},
	{50, false, "PPP over serial"},
	{51, false, "PPP over Ethernet"},
	{105, false, "IEEE 802.11 (Wi-Fi)"},
	{119, false, "IEEE 802.11 (Wi-Fi) with a Prism header"},
	{127, false, "IEEE 802.11 (Wi-Fi) with radiotap"},
	{163, false, "IEEE 802.11 (Wi-Fi) with an AVS header"},
	{187, false, "Bluetooth"},
	{192, false, "PPI"},
	{195, false, "IEEE 802.15.4"},
	{201, false, "Bluetooth"},
	{220, false, "USB on Linux"},
	{239, false, "netfilter log"},
	{249, false, "USBPcap"},
	{253, false, "netlink"},
	{258, false, "Apple PKTAP"},
};

static int find(int link)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].link == link)
			return (int)i;
	return -1;
}

bool datalink_is_known(int link)
{
	int i = find(link);

	return i >= 0 && kinds[i].is_known;
}

const char *datalink_name(int link)
{
	int i = find(link);

	return i >= 0 ? kinds[i].name : NULL;
}
