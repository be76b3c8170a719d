/* SPDX-License-Identifier: MIT */
/* pair.c - open, talk, close. cc pair.c $(pkg-config --cflags --libs woshou) -o pair && ./pair */
#include <stdio.h>
#include <woshou/world.h>

int main(void)
{
	struct trace *trace = trace_new();
	struct world *w = world_new(&(struct world_options){.seed = 1, .trace = trace});
	uint8_t zhang = host_add(w, &(struct host_options){.name = "zhang"});
	uint8_t li = host_add(w, &(struct host_options){.name = "li"});
	struct sock listener = sock_new(w, li), caller = sock_new(w, zhang);

	host_app(w, li, &(struct app){.kind = APP_ECHO, .closes_at_end = true});
	world_wind(w, zhang, li)->delay = world_wind(w, li, zhang)->delay = 50 * USEC_PER_MS;
	if (sock_bind(w, listener, 8888) || sock_listen(w, listener, 5))
		return 1;
	sock_connect(w, caller, li, 8888);
	world_advance(w, 1 * USEC_PER_S);
	sock_write_all(w, caller, "hello", 5);
	world_advance(w, 2 * USEC_PER_S);
	sock_close(w, caller);
	world_run(w, USEC_NEVER);

	for (uint64_t i = 0; i < trace_count(trace); i++) {
		const struct record *r = trace_at(trace, i);

		if (r->kind == REC_STATE)
			printf("%10lld us  %-5s  %s -> %s\n", (long long)r->at,
			       trace_host_at(trace, r->host)->name, state_name(r->from),
			       state_name(r->to));
	}
	world_free(w);
	trace_free(trace);
	return 0;
}
