/* SPDX-License-Identifier: MIT */
#include "live/sock.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

void sock_endpoint(const struct sockaddr_storage *a, struct endpoint *out)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	*out = (struct endpoint){0};
	if (a->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)a;

		out->address.family = FAMILY_IPV4;
		memcpy(out->address.octets, &in->sin_addr, 4);
		out->port = ntohs(in->sin_port);
	} else if (a->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)a;
		const uint8_t *octets = in->sin6_addr.s6_addr;

		out->port = ntohs(in->sin6_port);
		if (memcmp(octets, mapped, sizeof mapped) == 0) {
			out->address.family = FAMILY_IPV4;
			memcpy(out->address.octets, octets + 12, 4);
		} else {
			out->address.family = FAMILY_IPV6;
			memcpy(out->address.octets, octets, 16);
		}
	}
}

bool sock_self(int fd, struct endpoint *out)
{
	struct sockaddr_storage a = {0};
	socklen_t size = sizeof a;

	*out = (struct endpoint){0};
	if (getsockname(fd, (struct sockaddr *)&a, &size) != 0)
		return false;
	sock_endpoint(&a, out);
	return true;
}

enum sock_error sock_error_of(int error_number)
{
	static const struct {
		int number;
		enum sock_error error;
	} table[] = {
#define SOCK_ERROR(name, text) {name, SOCK_##name},
#define OK                     0
#include <woshou/sock_error.def>
#undef OK
#undef SOCK_ERROR
		/* What else Linux says, by its nearest name. */
		{ENETUNREACH, SOCK_ENETUNREACH},
		{ENETDOWN, SOCK_EHOSTUNREACH},
		{ENFILE, SOCK_EMFILE},
		{ENOMEM, SOCK_ENOBUFS},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (table[i].number == error_number)
			return table[i].error;
	}
	return SOCK_EINVAL;
}

void endpoint_text(const struct endpoint *e, char out[ENDPOINT_TEXT])
{
	char address[ADDRESS_TEXT];

	address_text(&e->address, address);
	snprintf(out, ENDPOINT_TEXT, "%s port %u", address, e->port);
}

bool sock_linger(int fd, int seconds)
{
	struct linger l = {.l_onoff = seconds >= 0, .l_linger = seconds >= 0 ? seconds : 0};

	return setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof l) == 0;
}

/* The kernel's own numbers: its names for them are our names, too. */
enum { KERNEL_FIN_WAIT1 = 4, KERNEL_LAST_ACK = 9, KERNEL_CLOSING = 11 };

bool sock_is_settled(int fd)
{
	struct tcp_info info = {0};
	socklen_t size = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
		return true;
	return info.tcpi_state != KERNEL_FIN_WAIT1 && info.tcpi_state != KERNEL_CLOSING &&
	       info.tcpi_state != KERNEL_LAST_ACK;
}

void sock_raise_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files.rlim_max)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}
