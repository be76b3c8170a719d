/* SPDX-License-Identifier: MIT */
/*
 * echo_load PORT CONNECTIONS SIZE SECONDS - how much an echo server does: each connection sends a
 * message of SIZE octets, waits until all of it is back, compares it, and sends the next. SIZE 0: a
 * stream, sent without waiting. It is measured from when every connection has been heard once. One
 * line: round trips a second, MB a second, microseconds a round trip (the median).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STREAM_PIECE = 65536, SAMPLES = 1 << 20 };

struct peer {
	int fd;
	size_t out, in; /* octets of this message sent, and back */
	uint64_t sent, got;
	double since;
};

struct load {
	struct peer *peers;
	int count, epoll;
	int heard_once; /* connections */
	size_t size;    /* of a message */
	bool is_stream, is_measuring;
	double until;
	uint64_t trips, octets;
	double *samples;
	size_t sample_count;
	char *text, *heard;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(1);
}

static _Noreturn void wrong(const char *what)
{
	fprintf(stderr, "echo_load: %s\n", what);
	exit(1);
}

static int dial(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		fail("connect");
	return fd;
}

/* A stream wants to write whenever it may; a message is one write, mostly. */
static void watch(struct load *l, struct peer *p, int verb, bool is_writing)
{
	struct epoll_event e = {.events = EPOLLIN | (is_writing ? EPOLLOUT : 0), .data.ptr = p};

	if (epoll_ctl(l->epoll, verb, p->fd, &e) != 0)
		fail("epoll_ctl");
}

static void say(struct load *l, struct peer *p)
{
	while (p->out < l->size) {
		ssize_t n = send(p->fd, l->text + p->out, l->size - p->out,
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			fail("send");
		p->out += (size_t)n;
		p->sent += (uint64_t)n;
		if (l->is_stream) {
			p->out %= l->size;
			break;
		}
	}
	if (!l->is_stream && p->out < l->size)
		watch(l, p, EPOLL_CTL_MOD, true);
}

static void whole(struct load *l, struct peer *p)
{
	double t = now();

	l->trips++;
	if (l->sample_count < SAMPLES)
		l->samples[l->sample_count++] = t - p->since;
	p->in = p->out = 0;
	p->since = t;
	if (l->is_measuring)
		say(l, p);
}

static void hear(struct load *l, struct peer *p)
{
	size_t most = l->is_stream ? l->size : l->size - p->in;
	ssize_t n = recv(p->fd, l->heard, most, MSG_DONTWAIT);
	size_t got = n > 0 ? (size_t)n : 0, first = got < l->size - p->in ? got : l->size - p->in;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		wrong("the server has ended the connection");
	if (memcmp(l->heard, l->text + p->in, first) != 0 ||
	    memcmp(l->heard + first, l->text, got - first) != 0)
		wrong("what came back is not what was sent");
	l->octets += got;
	l->heard_once += p->got == 0;
	p->got += got;
	p->in += got;
	if (l->is_stream)
		p->in %= l->size;
	else if (p->in == l->size)
		whole(l, p);
}

static void turn(struct load *l, int wait_ms)
{
	struct epoll_event events[256];
	int n = epoll_wait(l->epoll, events, 256, wait_ms);

	for (int i = 0; i < n; i++) {
		struct peer *p = events[i].data.ptr;

		if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			hear(l, p);
		if (!(events[i].events & EPOLLOUT))
			continue;
		if (!l->is_stream)
			watch(l, p, EPOLL_CTL_MOD, false);
		say(l, p);
	}
}

static double run(struct load *l, double seconds)
{
	double began, t;

	for (int i = 0; i < l->count; i++) {
		watch(l, &l->peers[i], EPOLL_CTL_ADD, l->is_stream);
		say(l, &l->peers[i]);
	}
	/* Each says one message: a server may need some time until all have a process or a thread.
	 */
	while (l->heard_once < l->count)
		turn(l, -1);
	while (!l->is_stream && l->trips < (uint64_t)l->count)
		turn(l, -1);
	l->trips = l->octets = l->sample_count = 0;
	l->is_measuring = true;
	for (int i = 0; i < l->count && !l->is_stream; i++) {
		l->peers[i].since = now();
		say(l, &l->peers[i]);
	}
	began = now();
	l->until = began + seconds;
	while ((t = now()) < l->until)
		turn(l, (int)((l->until - t) * 1000) + 1);
	return now() - began;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end != '\0' || n < 0)
		wrong("a number was expected");
	return n;
}

static void raise_limit(void)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char **argv)
{
	struct load l = {0};
	double took;
	int port;

	if (argc != 5)
		wrong("echo_load PORT CONNECTIONS SIZE SECONDS");
	raise_limit();
	port = (int)number(argv[1]);
	l.count = (int)number(argv[2]);
	l.size = (size_t)number(argv[3]);
	l.is_stream = l.size == 0;
	if (l.is_stream)
		l.size = STREAM_PIECE;
	l.peers = calloc((size_t)l.count, sizeof *l.peers);
	l.samples = calloc(SAMPLES, sizeof *l.samples);
	l.text = malloc(l.size);
	l.heard = malloc(l.size);
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!l.peers || !l.samples || !l.text || !l.heard || l.epoll < 0)
		fail("echo_load");
	for (size_t i = 0; i < l.size; i++)
		l.text[i] = (char)('a' + i % 7 * (i / 977 % 3) % 16);
	for (int i = 0; i < l.count; i++)
		l.peers[i].fd = dial(port);
	took = run(&l, (double)number(argv[4]));
	qsort(l.samples, l.sample_count, sizeof *l.samples, by_size);
	printf("%.0f %.1f %.1f\n", (double)l.trips / took, (double)l.octets / took / 1e6,
	       l.sample_count ? l.samples[l.sample_count / 2] * 1e6 : 0);
	/* The processes behind some servers end when their connections do. */
	for (int i = 0; i < l.count; i++)
		close(l.peers[i].fd);
	return 0;
}
