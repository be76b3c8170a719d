/* SPDX-License-Identifier: MIT */
/* host.c - hosts: where they live, what they are told, how they fall silent and come back. */
#include <sim/parts.h>

#include <string.h>

static struct address default_address(uint8_t host)
{
	return (struct address){.octets = {10, 0, 0, (uint8_t)(host + 1)}, .family = FAMILY_IPV4};
}

static void start(struct host *h)
{
	h->is_down = false;
	h->next_port = PORT_EPHEMERAL;
	h->isn_key[0] = prng_u64(&h->boot);
	h->isn_key[1] = prng_u64(&h->boot);
	h->cookies_until = 0;
}

static void tell_host(struct world *w, const struct host *h, const struct host_options *o)
{
	struct trace_host told = {.name = h->name,
				  .title = {o->title[0], o->title[1]},
				  .profile = h->profile.name,
				  .address = h->address};

	if (w->trace)
		trace_add_host(w->trace, &told);
}

uint8_t host_add(struct world *w, const struct host_options *o)
{
	uint8_t index = w->host_count;
	struct host *h;

	ASSERT(index < WORLD_HOSTS_MAX);
	h = w->host[index] = xcalloc(1, sizeof *h);
	w->host_count++;
	h->name = xstrndup(o->name, strlen(o->name));
	h->profile = o->profile ? *o->profile : tcp_profiles[0];
	h->address = o->address.family != FAMILY_NONE ? o->address : default_address(index);
	h->is_multicast = address_is_multicast(&h->address);
	h->port = o->port ? o->port : PORT_DEFAULT;
	h->is_scripted = o->is_scripted;
	if (o->isn_count) {
		h->isn = xmalloc(o->isn_count * sizeof *h->isn);
		memcpy(h->isn, o->isn, o->isn_count * sizeof *h->isn);
		h->isn_count = o->isn_count;
	}
	prng_init(&h->boot, w->seed, chance_stream(CHANCE_ISN, index, 0, 0));
	start(h);
	tell_host(w, h, o);
	return index;
}

struct tcp_profile *host_profile(struct world *w, uint8_t host)
{
	return &w->host[host]->profile;
}

void host_app(struct world *w, uint8_t host, const struct app *app)
{
	w->host[host]->app = *app;
}

uint16_t host_port(const struct world *w, uint8_t host)
{
	return w->host[host]->port;
}

const struct address *remote_address(const struct world *w, uint16_t remote)
{
	if (remote < WORLD_HOSTS_MAX)
		return &w->host[remote]->address;
	return &w->nowhere.at[remote - WORLD_HOSTS_MAX];
}

/* The host that lives there, or a number for a place where nobody does. */
uint32_t remote_of(struct world *w, const struct address *a)
{
	for (uint32_t i = 0; i < w->host_count; i++)
		if (address_eq(&w->host[i]->address, a))
			return i;
	for (size_t i = 0; i < w->nowhere.count; i++)
		if (address_eq(&w->nowhere.at[i], a))
			return WORLD_HOSTS_MAX + (uint32_t)i;
	*array_push(&w->nowhere) = *a;
	return WORLD_HOSTS_MAX + (uint32_t)w->nowhere.count - 1;
}

static void tell_host_event(struct world *w, enum record_kind kind, uint8_t host)
{
	if (w->trace)
		trace_push(w->trace, kind, w->now)->host = host;
}

/* Power is lost, and with it all that was known. */
void host_crash(struct world *w, uint8_t host)
{
	struct host *h = w->host[host];

	tell_host_event(w, REC_CRASH, host);
	/* Children before their listener: the youngest first. */
	while (h->youngest)
		conn_free(w, h->youngest);
	for (uint32_t i = 1; i < w->time_waits.count; i++) {
		const struct time_wait *t = pool_at(&w->time_waits, i);

		if (t->serial && t->at.host == host)
			time_wait_free(w, i);
	}
	h->is_down = true;
}

void host_reboot(struct world *w, uint8_t host)
{
	if (!w->host[host]->is_down)
		host_crash(w, host);
	start(w->host[host]);
	tell_host_event(w, REC_REBOOT, host);
}
