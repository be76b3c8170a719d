/* SPDX-License-Identifier: MIT */
/* echo_server.c - the server alone, without anybody who watches: `woshou echo serve --quiet`. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "live/serve.h"

struct run {
	struct serve *serve;
	bool is_asked;
};

static void say(void *user, const char *en, const char *zh)
{
	(void)user, (void)zh;
	fprintf(stderr, "%s\n", en);
}

static void stop(void *user)
{
	struct run *r = user;

	serve_stop(r->serve, r->is_asked ? 0 : 5 * USEC_PER_S);
	r->is_asked = true;
}

static void read_options(int argc, char **argv, struct serve_options *o)
{
	static const struct option options[] = {
		{"bind", 1, NULL, 'b'},
		{"port", 1, NULL, 'p'},
		{"backlog", 1, NULL, 'n'},
		{"ipv6", 0, NULL, '6'},
		{"reuseaddr", 0, NULL, 'r'},
		{"linger", 1, NULL, 'l'},
		{"one-at-a-time", 0, NULL, '1'},
		{"transparent", 0, NULL, 't'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'b': o->bind = optarg; break;
		case 'p': o->port = (uint16_t)strtol(optarg, NULL, 10); break;
		case 'n': o->backlog = (int)strtol(optarg, NULL, 10); break;
		case '6': o->is_ipv6 = true; break;
		case 'r': o->reuse_address = true; break;
		case 'l': o->linger_s = (int)strtol(optarg, NULL, 10); break;
		case '1': o->one_at_a_time = true; break;
		case 't': o->is_transparent = true; break;
		default: exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	struct serve_watcher w = {.notice = say};
	struct serve_options o;
	struct sink complaint = {0};
	struct loop *l = loop_new();
	struct run r = {0};

	serve_defaults(&o);
	read_options(argc, argv, &o);
	r.serve = serve_open(l, &o, &w, &complaint);
	if (!r.serve) {
		fprintf(stderr, "%s\n", complaint.at);
		return 2;
	}
	loop_signal(l, SIGINT, stop, &r);
	loop_signal(l, SIGTERM, stop, &r);
	while (!serve_is_over(r.serve))
		loop_turn(l, USEC_NEVER);
	serve_close(r.serve);
	loop_free(l);
	return 0;
}
