/* SPDX-License-Identifier: MIT */
/*
 * show_live.c FIFO [zh] - the stage on a recording that grows by a record for each octet that
 * somebody writes into FIFO; `!` ends it. What is said stands on standard output afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "fixture.h"
#include "theatre.h"

struct show {
	struct theatre theatre; /* first: the theatre's own functions get it */
	int fd;
	void (*tell)(void *user);
	char said[128];
	unsigned turns;
};

static void turn(void *user)
{
	struct show *show = user;
	char octets[64];
	ssize_t n = read(show->fd, octets, sizeof octets);

	show->turns++;
	for (ssize_t i = 0; i < n; i++) {
		if (octets[i] == '!') {
			show->theatre.is_over = true;
			show->theatre.version++;
		} else {
			theatre_say(&show->theatre, 0, 1);
		}
	}
	show->tell(user);
}

int main(int argc, char **argv)
{
	struct show show = {0};
	struct stage_options o = {.live = &show.theatre.live,
				  .lang = argc > 2 ? LANG_ZH : LANG_EN,
				  .tell = fixture_tell};
	int status;

	if (argc < 2)
		return 2;
	theatre_init(&show.theatre, theatre_loopback());
	/* Opened for both, so that it never ends. */
	show.fd = open(argv[1], O_RDWR | O_NONBLOCK);
	if (show.fd < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	show.theatre.live.fd = show.fd;
	show.tell = show.theatre.live.turn;
	show.theatre.live.turn = turn;
	status = stage_play(NULL, "echo", &o);
	printf("said %s\nturns %u\n", show.theatre.said, show.turns);
	close(show.fd);
	theatre_fini(&show.theatre);
	return status;
}
