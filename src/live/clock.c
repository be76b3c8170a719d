/* SPDX-License-Identifier: MIT */
#include "live/loop.h"

#include <time.h>

static usec clock_read(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (usec)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

usec loop_now(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

usec clock_wall(void)
{
	return clock_read(CLOCK_REALTIME);
}

usec clock_spent(void)
{
	return clock_read(CLOCK_THREAD_CPUTIME_ID);
}
