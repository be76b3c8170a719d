/* SPDX-License-Identifier: MIT */
/* two.h - the usual world: zhang (host 0, ISN 1000) and li (host 1, ISN 5000), 50 ms apart. */
#ifndef TWO_H
#define TWO_H

#include <woshou/world.h>

enum { ZHANG, LI, WANG };

struct two {
	struct world *w;
	struct trace *t;
};

void two_init(struct two *two);
void two_fini(struct two *two);
struct sock two_listens(struct two *two, uint32_t backlog); /* li, at 8888 */
struct sock two_connects(struct two *two);                  /* zhang to li, port 8888 */
struct sock two_child(const struct two *two);               /* li's only connection */

usec at_ms(int64_t ms);
void until(struct two *two, int64_t ms);

/* How many records are of this kind and host (TRACE_NO_HOST: any), detail (-1: any)... */
uint32_t count(const struct two *two, enum record_kind kind, uint8_t host, int detail);
/* ...and the nth of them, from 1; NULL: there are fewer. */
const struct record *nth(const struct two *two, uint32_t n, enum record_kind kind, uint8_t host,
			 int detail);
/* The nth segment that this host sends with exactly these control bits. */
const struct record *nth_sent(const struct two *two, uint32_t n, uint8_t host, uint16_t ctl);

#endif
