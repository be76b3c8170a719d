/* SPDX-License-Identifier: MIT */
/* port.c - who uses which port of a host: bind()'s EADDRINUSE, and ephemeral ports in order. */
#include <sim/parts.h>

#include <base/array.h>

struct port_use *port_use(struct world *w, uint16_t host, uint16_t port)
{
	struct port_use **page = &w->host[host]->ports[port / PORT_PAGE];

	if (!*page)
		*page = xcalloc(PORT_PAGE, sizeof **page);
	return &(*page)[port % PORT_PAGE];
}

void port_claim(struct world *w, struct conn *c)
{
	struct port_use *use = port_use(w, c->at.host, c->at.port);

	ASSERT(!conn_is(c, CONN_PORT));
	c->flags |= CONN_PORT;
	use->users++;
	if (conn_is(c, CONN_BOUND))
		use->bound++;
	if (!conn_is(c, CONN_REUSE)) {
		use->hard++;
		c->flags |= CONN_HARD;
	}
}

void port_soften(struct world *w, struct conn *c)
{
	if (!conn_is(c, CONN_HARD))
		return;
	port_use(w, c->at.host, c->at.port)->hard--;
	c->flags &= ~(uint32_t)CONN_HARD;
}

void port_release(struct world *w, struct conn *c)
{
	struct port_use *use;

	if (!conn_is(c, CONN_PORT))
		return;
	port_soften(w, c);
	use = port_use(w, c->at.host, c->at.port);
	use->users--;
	if (conn_is(c, CONN_BOUND))
		use->bound--;
	c->flags &= ~(uint32_t)CONN_PORT;
}

/* A port may serve several connections when they go to different places; before the range has been
 * used up once, every one gets a fresh port. */
bool port_ephemeral(struct world *w, struct conn *c)
{
	struct host *h = host_of(w, c);

	for (uint32_t tried = 0; tried < 65536 - PORT_EPHEMERAL; tried++) {
		c->at.port = h->next_port;
		h->next_port = h->next_port == 65535 ? PORT_EPHEMERAL : h->next_port + 1;
		if (port_use(w, c->at.host, c->at.port)->bound == 0 &&
		    !demux_find(&w->demux, c->at))
			return true;
	}
	c->at.port = 0;
	return false;
}
