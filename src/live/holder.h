/* SPDX-License-Identifier: MIT */
/*
 * holder.h - which process holds a socket, and how busy it is: read from /proc, as far as this
 * process may look. Root may look at every process by capabilities that it will give up
 * (privilege_drop): then a child that keeps only these looks for it, and answers nothing else.
 */
#ifndef LIVE_HOLDER_H
#define LIVE_HOLDER_H

#include <stdbool.h>
#include <stdint.h>

struct holder {
	uint32_t pid;
	char program[16]; /* as the kernel names it: anything but NUL may be in it */
	int cpu_percent; /* of one processor, since it was asked the last time; -1: not yet known */
};

struct holders;

struct holders *holders_new(void);
void holders_free(struct holders *h);
/* False: nobody that can be seen. A socket that is not known costs a walk through /proc, which is
 * done rarely enough to take no noticeable part of a processor. */
bool holders_find(struct holders *h, uint32_t inode, struct holder *out);

#endif
