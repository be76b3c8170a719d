/* SPDX-License-Identifier: MIT */
#include "real.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "live/lab.h"
#include "suites.h"

bool private_network(void)
{
	struct sink complaint = {0};
	bool is_in = lab_enter(&complaint);

	if (!is_in)
		fprintf(stderr, "# SKIP %s\n", complaint.at);
	sink_fini(&complaint);
	return is_in;
}

static socklen_t make_address(const struct real *r, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *six = (void *)out;
	struct sockaddr_in *four = (void *)out;

	memset(out, 0, sizeof *out);
	if (strchr(r->host, ':') != NULL) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(r->port);
		ck_assert_int_eq(inet_pton(AF_INET6, r->host, &six->sin6_addr), 1);
		return sizeof *six;
	}
	four->sin_family = AF_INET;
	four->sin_port = htons(r->port);
	ck_assert_int_eq(inet_pton(AF_INET, r->host, &four->sin_addr), 1);
	return sizeof *four;
}

int real_socket(const struct real *r)
{
	int fd = socket(strchr(r->host, ':') != NULL ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	return fd;
}

void real_listen(struct real *r, const char *host, int backlog)
{
	real_listen_at(r, host, 0, backlog);
}

void real_listen_at(struct real *r, const char *host, uint16_t port, int backlog)
{
	struct sockaddr_storage address;
	struct endpoint self;
	socklen_t size;

	*r = (struct real){.host = host, .port = port, .listener = -1, .caller = -1, .called = -1};
	r->listener = real_socket(r);
	size = make_address(r, &address);
	ck_assert_int_eq(bind(r->listener, (void *)&address, size), 0);
	ck_assert_int_eq(listen(r->listener, backlog), 0);
	real_endpoint(r->listener, false, &self);
	r->port = self.port;
}

bool real_dial(const struct real *r, int fd)
{
	struct sockaddr_storage address;
	socklen_t size = make_address(r, &address);

	if (connect(fd, (void *)&address, size) == 0)
		return true;
	ck_assert_int_eq(errno, EINPROGRESS);
	return false;
}

void real_connect(struct real *r)
{
	r->caller = real_socket(r);
	ck_assert(real_dial(r, r->caller));
	r->called = accept(r->listener, NULL, NULL);
	ck_assert_int_ge(r->called, 0);
}

void real_close(struct real *r)
{
	const int fds[] = {r->listener, r->caller, r->called};

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	r->listener = r->caller = r->called = -1;
}

void real_deafen(int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {1, &nothing};

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
}

void real_open_ears(int fd)
{
	int unused = 0;

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused), 0);
}

void real_write(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

void real_stuff(int fd)
{
	static const char block[65536];

	while (send(fd, block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
	ck_assert_int_eq(errno, EAGAIN);
}

void real_endpoint(int fd, bool is_peer, struct endpoint *out)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof address;
	int (*const name)(int, struct sockaddr *, socklen_t *) =
		is_peer ? getpeername : getsockname;
	const struct sockaddr_in6 *six = (void *)&address;
	const struct sockaddr_in *four = (void *)&address;

	*out = (struct endpoint){.port = 0};
	ck_assert_int_eq(name(fd, (void *)&address, &size), 0);
	if (address.ss_family == AF_INET) {
		out->port = ntohs(four->sin_port);
		out->address.family = FAMILY_IPV4;
		memcpy(out->address.octets, &four->sin_addr, 4);
		return;
	}
	out->port = ntohs(six->sin6_port);
	out->address.family = FAMILY_IPV6;
	memcpy(out->address.octets, &six->sin6_addr, 16);
}

uint32_t real_inode(int fd)
{
	struct stat s;

	ck_assert_int_eq(fstat(fd, &s), 0);
	return (uint32_t)s.st_ino;
}

void real_nap(void)
{
	const struct timespec t = {.tv_nsec = 2 * 1000 * 1000};

	nanosleep(&t, NULL);
}
