/* SPDX-License-Identifier: MIT */
#include "live/census.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "live/loop.h"

enum {
	SOCKETS_MOST = 1 << 20,
	PATH_ROOM = 64,
	STAT_ROOM = 1024,
	/* The next walk: at least so long after this one, and so many times what it took. */
	REST_MS = 500,
	REST_TIMES = 50,
	/* What was told may have been handed over meanwhile: to a server's child. */
	FRESH_S = 5,
};

/* ---- the table ------------------------------------------------------------------------------- */

static struct census_entry *slot_of(const struct census *c, uint32_t inode)
{
	size_t i = (size_t)(inode * UINT32_C(2654435761)) & (c->size - 1);

	while (c->slots[i].inode != 0 && c->slots[i].inode != inode)
		i = (i + 1) & (c->size - 1);
	return &c->slots[i];
}

static void grow(struct census *c)
{
	struct census bigger = {.size = c->size > 0 ? 2 * c->size : 256};

	bigger.slots = xcalloc(bigger.size, sizeof *bigger.slots);
	for (size_t i = 0; i < c->size; i++) {
		if (c->slots[i].inode != 0)
			*slot_of(&bigger, c->slots[i].inode) = c->slots[i];
	}
	free(c->slots);
	c->slots = bigger.slots;
	c->size = bigger.size;
}

/* Of several who hold it, the one that came last: a server's child rather than the server. */
static void put(struct census *c, uint32_t inode, uint32_t pid)
{
	struct census_entry *e;

	if (2 * c->count >= c->size)
		grow(c);
	e = slot_of(c, inode);
	c->count += e->inode == 0;
	*e = (struct census_entry){inode, pid};
}

void census_fini(struct census *c)
{
	free(c->slots);
	*c = (struct census){.slots = NULL};
}

/* ---- the walk -------------------------------------------------------------------------------- */

/* "socket:[12345]" */
static uint32_t inode_of(int folder, const char *name)
{
	static const char prefix[] = "socket:[";
	char target[PATH_ROOM];
	ssize_t n = readlinkat(folder, name, target, sizeof target - 1);

	if (n <= 0)
		return 0;
	target[n] = '\0';
	if (strncmp(target, prefix, sizeof prefix - 1) != 0)
		return 0;
	return (uint32_t)strtoul(target + sizeof prefix - 1, NULL, 10);
}

static void walk_process(struct census *c, const char *name)
{
	uint32_t pid = (uint32_t)strtoul(name, NULL, 10), inode;
	char path[PATH_ROOM];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%u/fd", (unsigned)pid);
	d = opendir(path);
	if (d == NULL)
		return; /* it has ended, or we may not look */
	while ((e = readdir(d)) != NULL && c->count < SOCKETS_MOST) {
		inode = e->d_name[0] == '.' ? 0 : inode_of(dirfd(d), e->d_name);
		if (inode != 0)
			put(c, inode, pid);
	}
	closedir(d);
}

static void walk(struct census *c)
{
	usec began = clock_spent(), now, rest;
	DIR *d = opendir("/proc");
	struct dirent *e;

	census_fini(c);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (isdigit((unsigned char)e->d_name[0]))
			walk_process(c, e->d_name);
	}
	if (d != NULL)
		closedir(d);
	now = loop_now();
	rest = (clock_spent() - began) * REST_TIMES;
	c->next = now + REST_MS * USEC_PER_MS + rest;
	c->stale = now + FRESH_S * USEC_PER_S + rest;
}

/* ---- one process ----------------------------------------------------------------------------- */

/* proc(5): "pid (program) state ppid ...", and the program may have blanks and brackets in its
 * name. False: it has ended. */
static bool read_stat(uint32_t pid, struct census_answer *out)
{
	char path[PATH_ROOM], text[STAT_ROOM], *name, *end;
	unsigned long long user, kernel;
	int fd;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%u/stat", (unsigned)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (name == NULL || end == NULL ||
	    sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user,
		   &kernel) != 2)
		return false;
	*end = '\0';
	snprintf(out->program, sizeof out->program, "%s", name + 1);
	out->ticks = user + kernel;
	out->pid = pid;
	return true;
}

static bool look_up(const struct census *c, uint32_t inode, struct census_answer *out)
{
	const struct census_entry *e = c->size > 0 ? slot_of(c, inode) : NULL;

	return e != NULL && e->inode == inode && read_stat(e->pid, out);
}

void census_ask(struct census *c, uint32_t inode, struct census_answer *out)
{
	usec now = loop_now();

	*out = (struct census_answer){.pid = 0};
	if (inode == 0 || (now < c->stale && look_up(c, inode, out)) || now < c->next)
		return;
	walk(c);
	look_up(c, inode, out);
}
