/* SPDX-License-Identifier: MIT */
/*
 * observe_tool look PORT: the kernel's sockets, one JSON object a line.
 * observe_tool watch ADDRESS PORT [no-capture] [drop] [lab]: what the observer sees, each time it
 * changes; at the end of standard input the segments of each conversation. For observe.py.
 */
#include <jansson.h>
#include <live/lab.h>
#include <live/observer.h>
#include <live/sniff.h>
#include <live/sockdiag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tool {
	struct loop *loop;
	struct observer *observer;
	uint64_t version;
};

/* "127.0.0.1:80", "[::1]:80", and "*" for nobody: as ss(8) writes them. */
static json_t *text_of(const struct endpoint *e)
{
	char address[ADDRESS_TEXT], text[ADDRESS_TEXT + 16];

	if (e->address.family == FAMILY_NONE)
		return json_string("*");
	address_text(&e->address, address);
	snprintf(text, sizeof text, e->address.family == FAMILY_IPV6 ? "[%s]:%u" : "%s:%u", address,
		 (unsigned)e->port);
	return json_string(text);
}

static void put(json_t *line)
{
	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(line);
}

static void see_socket(void *user, const struct socket_sight *s)
{
	static const char *const timers[] = {"", "on", "keepalive", "timewait", "persist"};

	(void)user;
	put(json_pack("{ss so so si si ss sI si si sI sI si sb sb}", "state", state_name(s->state),
		      "self", text_of(&s->self), "peer", text_of(&s->peer), "rq",
		      (int)s->receive_queue, "sq", (int)s->send_queue, "timer", timers[s->timer],
		      "left", (json_int_t)s->timer_left, "retransmits", (int)s->retransmits,
		      "inode", (int)s->inode, "rto", (json_int_t)s->rto, "rtt", (json_int_t)s->srtt,
		      "cwnd", (int)s->cwnd, "orphan", (int)s->is_orphan, "fin_wait_2",
		      (int)s->is_fin_wait_2));
}

static int look(uint16_t port)
{
	struct sink complaint[2] = {{0}};
	struct sockdiag *d = sockdiag_open(complaint);

	if (d == NULL || !sockdiag_look(d, port, see_socket, NULL)) {
		fprintf(stderr, "%s\n", d != NULL ? "refused" : complaint[0].at);
		return 1;
	}
	sockdiag_close(d);
	return 0;
}

static json_t *end_of(const struct observed *o, int i)
{
	char program[17] = "";

	memcpy(program, o->program[i], 16);
	return json_pack("{ss so sI sI sI ss si}", "state", state_name(o->state[i]), "at",
			 text_of(&o->flow.end[i]), "octets", (json_int_t)o->octets[i], "unread",
			 (json_int_t)o->unread[i], "pid", (json_int_t)o->holder[i], "program",
			 program, "cpu", o->cpu_percent[i]);
}

static void tell(struct tool *t)
{
	struct observed o;
	uint32_t waiting, backlog;
	bool has_listener = observer_listener(t->observer, &waiting, &backlog);

	for (size_t i = 0; observer_at(t->observer, i, &o); i++)
		put(json_pack("{si sI sb s[oo]}", "id", (int)o.id, "segments",
			      (json_int_t)o.segments, "ended", (int)(o.ended != 0), "ends",
			      end_of(&o, 0), end_of(&o, 1)));
	put(json_pack("{sb si si si}", "listens", (int)has_listener, "waiting",
		      has_listener ? (int)waiting : 0, "backlog", has_listener ? (int)backlog : 0,
		      "count", (int)observer_count(t->observer)));
	fflush(stdout);
}

static void tell_segments(const struct observed *o)
{
	const struct record *r;

	for (uint64_t i = 0; i < trace_count(o->trace); i++) {
		r = trace_at(o->trace, i);
		if (r->kind != REC_SEND)
			continue;
		put(json_pack("{si si si si si sb}", "segment", (int)o->id, "from",
			      (int)r->from_port, "flags", (int)r->seg.ctl, "length",
			      (int)r->seg.text.len, "window", (int)r->seg.wnd, "inferred",
			      (int)r->is_inferred));
	}
}

static void typed(void *user, int fd, unsigned events)
{
	struct tool *t = user;
	char octets[256];

	(void)events;
	if (read(fd, octets, sizeof octets) <= 0)
		loop_stop(t->loop);
}

static void watch_again(void *user)
{
	struct tool *t = user;
	uint64_t version = observer_version(t->observer);

	if (version != t->version)
		tell(t);
	t->version = version;
	loop_after(t->loop, 10 * USEC_PER_MS, watch_again, t);
}

static int watch(const struct observer_options *o, bool drops)
{
	struct tool t = {.loop = loop_new()};
	struct observer_lack lack;
	struct observed seen;

	t.observer = observer_new(t.loop, o);
	if (drops && !privilege_drop())
		fputs("privileges could not be given up\n", stderr);
	observer_lack(t.observer, &lack);
	put(json_pack("{sb sb sb ss ss si}", "no_capture", (int)lack.no_capture, "no_states",
		      (int)lack.no_states, "forbidden", (int)lack.is_forbidden, "en", lack.why[0],
		      "zh", lack.why[1], "uid", (int)geteuid()));
	fflush(stdout);
	t.version = UINT64_MAX;
	watch_again(&t);
	loop_watch(t.loop, STDIN_FILENO, LOOP_READ, typed, &t);
	loop_run(t.loop);
	tell(&t);
	for (size_t i = 0; observer_at(t.observer, i, &seen); i++)
		tell_segments(&seen);
	observer_lack(t.observer, &lack);
	put(json_pack("{sI}", "missed", (json_int_t)lack.missed));
	observer_free(t.observer);
	loop_free(t.loop);
	return 0;
}

static bool enter(void)
{
	struct sink complaint = {0};
	bool is_in = lab_enter(&complaint) && lab_set("net.ipv4.tcp_fin_timeout=2", &complaint);

	if (!is_in)
		fprintf(stderr, "%s\n", complaint.at);
	sink_fini(&complaint);
	return is_in;
}

int main(int argc, char **argv)
{
	struct observer_options o = {.has_acts = false};
	bool drops = false;

	if (argc == 3 && strcmp(argv[1], "look") == 0)
		return look((uint16_t)strtoul(argv[2], NULL, 10));
	if (argc < 4 || strcmp(argv[1], "watch") != 0 || !address_parse(argv[2], &o.at.address))
		return 2;
	o.at.port = (uint16_t)strtoul(argv[3], NULL, 10);
	for (int i = 4; i < argc; i++) {
		drops = drops || strcmp(argv[i], "drop") == 0;
		o.no_capture = o.no_capture || strcmp(argv[i], "no-capture") == 0;
		if (strcmp(argv[i], "lab") == 0 && !enter())
			return 3;
	}
	return watch(&o, drops);
}
