/* SPDX-License-Identifier: MIT */
#include "live/sniff.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_ROOM = 4096 };

/* What the kernel would do with a datagram to this address. */
struct route {
	unsigned interface;
	bool is_local; /* it is one of this machine's own addresses */
};

static size_t octets_of(const struct address *a)
{
	return a->family == FAMILY_IPV4 ? 4 : 16;
}

static bool ask(int fd, const struct address *to)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
		struct rtattr attribute;
		uint8_t address[16];
	} message = {
		.header = {.nlmsg_len = (uint32_t)(offsetof(__typeof__(message), address) +
						   octets_of(to)),
			   .nlmsg_type = RTM_GETROUTE,
			   .nlmsg_flags = NLM_F_REQUEST},
		.route = {.rtm_family = to->family == FAMILY_IPV4 ? AF_INET : AF_INET6,
			  .rtm_dst_len = (unsigned char)(8 * octets_of(to))},
		.attribute = {.rta_len = (unsigned short)RTA_LENGTH(octets_of(to)),
			      .rta_type = RTA_DST},
	};
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

	memcpy(message.address, to->octets, octets_of(to));
	return sendto(fd, &message, message.header.nlmsg_len, 0, (const void *)&kernel,
		      sizeof kernel) == (ssize_t)message.header.nlmsg_len;
}

static bool read_route(const struct nlmsghdr *h, struct route *out)
{
	const struct rtmsg *m = NLMSG_DATA(h);
	const struct rtattr *a = RTM_RTA(m);
	size_t left = h->nlmsg_len - NLMSG_LENGTH(sizeof *m);

	out->is_local = m->rtm_type == RTN_LOCAL;
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == RTA_OIF && RTA_PAYLOAD(a) == sizeof out->interface) {
			memcpy(&out->interface, RTA_DATA(a), sizeof out->interface);
			return true;
		}
	}
	errno = ENETUNREACH;
	return false;
}

static bool hear(int fd, struct route *out)
{
	_Alignas(struct nlmsghdr) char reply[REPLY_ROOM];
	const struct nlmsghdr *h = (const struct nlmsghdr *)reply;
	const struct nlmsgerr *refusal = NLMSG_DATA(h);
	ssize_t n;

	do
		n = recv(fd, reply, sizeof reply, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return false;
	errno = EBADMSG;
	if (!NLMSG_OK(h, (size_t)n))
		return false;
	if (h->nlmsg_type == NLMSG_ERROR && h->nlmsg_len >= NLMSG_LENGTH(sizeof *refusal))
		errno = -refusal->error;
	return h->nlmsg_type == RTM_NEWROUTE &&
	       h->nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg)) && read_route(h, out);
}

static bool find_route(const struct address *to, struct route *out)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool is_found = fd >= 0 && ask(fd, to) && hear(fd, out);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return is_found;
}

bool address_is_loopback(const struct address *a)
{
	static const uint8_t one[16] = {[15] = 1};

	if (a->family == FAMILY_IPV4)
		return a->octets[0] == 127;
	return memcmp(a->octets, one, sizeof one) == 0;
}

bool address_is_own(const struct address *a)
{
	struct route route = {0};

	return find_route(a, &route) && route.is_local;
}

bool address_is_any(const struct address *a)
{
	static const uint8_t none[16];

	return memcmp(a->octets, none, sizeof none) == 0;
}

/* Whoever calls an address of ours from here comes over the loopback, others do not: then all
 * interfaces are in use. */
bool sniff_interface(const struct address *to, char *name, size_t room)
{
	struct route route = {0};
	char found[IF_NAMESIZE] = SNIFF_ANY;

	if (!address_is_any(to)) {
		if (!find_route(to, &route))
			return false;
		if ((!route.is_local || address_is_loopback(to)) &&
		    if_indextoname(route.interface, found) == NULL)
			return false;
	}
	return snprintf(name, room, "%s", found) < (int)room;
}
