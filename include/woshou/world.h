/* SPDX-License-Identifier: MIT */
/*
 * world.h - the world: virtual time, hosts that speak the socket calls, and the wind between them.
 *
 * Everything that happens is a function of the calls made here and of the seed: same calls, same
 * seed, same bytes out. Calls act at world_now(). Nothing here blocks: a call that would wait
 * answers EAGAIN or EINPROGRESS, and what comes of it later is told by the trace and by sock_*.
 *
 *	struct world *w = world_new(&(struct world_options){ .seed = 1 });
 *	uint8_t a = host_add(w, &(struct host_options){ .name = "zhang" });
 *	uint8_t b = host_add(w, &(struct host_options){ .name = "li" });
 *	struct sock server = sock_new(w, b), client = sock_new(w, a);
 *	sock_bind(w, server, 8888); sock_listen(w, server, 5);
 *	sock_connect(w, client, b, 8888);
 *	world_run(w, USEC_NEVER);
 *	world_free(w);
 */
#ifndef WOSHOU_WORLD_H
#define WOSHOU_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/address.h>
#include <woshou/profile.h>
#include <woshou/seg.h>
#include <woshou/streams.h>
#include <woshou/trace.h>
#include <woshou/wind.h>

enum { WORLD_HOSTS_MAX = 64, PORT_DEFAULT = 8888, PORT_EPHEMERAL = 49152 };

struct world;

struct world_options {
	uint64_t seed;
	struct trace *trace;    /* where records go; NULL: nowhere. The run does not change by it */
	bool measures;          /* sock_info() tells times, sock_wakes() counts: see sock.h */
	uint32_t picture_every; /* a REC_PICTURE every so many records; 0: TRACE_PICTURE */
};

struct world *world_new(const struct world_options *o);
void world_free(struct world *w);

/* ---- hosts ---------------------------------------------------------------------------------- */

struct host_options {
	const char *name;
	const char *title[2];              /* en, zh; NULL: the name */
	const struct tcp_profile *profile; /* copied; NULL: rfc */
	struct address address;            /* family 0: 10.0.0.1, 10.0.0.2, ... in order */
	const seq32 *isn; /* for this host's connections in order of opening; copied */
	size_t isn_count; /* afterwards by the profile's isn choice */
	uint16_t port;    /* the host's own default port; 0: 8888 */
	bool is_scripted; /* an address without a TCP: see scripted.h */
};

uint8_t host_add(struct world *w, const struct host_options *o);
struct tcp_profile *host_profile(struct world *w, uint8_t host); /* may be changed at any time */
void host_crash(struct world *w, uint8_t host);  /* deaf and dumb; its sockets are gone */
void host_reboot(struct world *w, uint8_t host); /* hears again, remembers nothing */

/* What the application of a host does by itself. See scene language, Meaning 1 and "stock
 * applications". */
enum app_kind {
	APP_DEFAULT,
	APP_ECHO,
	APP_DISCARD,
	APP_CHARGEN,
	APP_SINK,
	APP_SOURCE,
	APP_READER,
	APP_BY_HAND,
};

struct app {
	enum app_kind kind;
	bool accepts_by_hand; /* accept() only when told */
	bool reads_never;
	bool closes_at_end; /* close() when the peer's FIN was read (echo, discard); else stay */
	usec every;         /* APP_READER: read at these intervals */
	uint64_t size;      /* APP_READER: octets each time; APP_SOURCE: octets in all, 0: without
			     * end */
	uint64_t rate;      /* APP_SINK: octets a second; 0: as they come */
	char quit;          /* APP_ECHO: a message that is just this letter makes it close; 0:
			     * none */
};

void host_app(struct world *w, uint8_t host, const struct app *app);
uint16_t host_port(const struct world *w, uint8_t host); /* where others reach it by default */

/* ---- sockets: POSIX's calls and errors ------------------------------------------------------- */

struct sock {
	uint32_t index, serial; /* serial 0: no socket */
};

struct sock sock_new(struct world *w, uint8_t host);
/* EADDRINUSE: also by TIME-WAIT. */
enum sock_error sock_bind(struct world *w, struct sock s, uint16_t port);
/* At most `backlog` (at least 1) in SYN-RECEIVED, and as many finished and not yet accepted. A SYN
 * that finds either full is dropped; so is the ACK that would finish one too many (as Linux does),
 * and the SYN,ACK is repeated until there is room. */
enum sock_error sock_listen(struct world *w, struct sock s, uint32_t backlog);
/* The oldest finished connection of the accept queue. EAGAIN: none yet. */
enum sock_error sock_accept(struct world *w, struct sock s, struct sock *out);
/* EINPROGRESS is the good answer. */
enum sock_error sock_connect(struct world *w, struct sock s, uint8_t to, uint16_t port);
enum sock_error sock_connect_address(struct world *w, struct sock s, const struct address *to,
				     uint16_t port);
/* Takes what SO_SNDBUF has room for and says how much. EAGAIN: no room at all. EPIPE,
 * ENOTCONN... */
enum sock_error sock_write(struct world *w, struct sock s, const void *octets, size_t n,
			   size_t *taken);
enum sock_error sock_write_synthetic(struct world *w, struct sock s, uint64_t n, uint64_t *taken);
/* Keeps what does not fit and sends it as room comes, before a later shutdown or close takes
 * effect: a blocking write() of a process with a thread to spare. For plays. */
enum sock_error sock_write_all(struct world *w, struct sock s, const void *octets, size_t n);
enum sock_error sock_write_all_synthetic(struct world *w, struct sock s, uint64_t n);
enum sock_error sock_write_urgent(struct world *w, struct sock s, const void *octets, size_t n);
/* One run of at most n octets. OK with out->len 0: end of stream. EAGAIN: nothing yet. */
enum sock_error sock_read(struct world *w, struct sock s, uint32_t n, struct text *out);
enum sock_error sock_shutdown(struct world *w, struct sock s); /* SHUT_WR */
enum sock_error sock_close(struct world *w, struct sock s);
enum sock_error sock_abort(struct world *w, struct sock s); /* ABORT; SO_LINGER 0 and close */
/* "SO_REUSEADDR", "SO_LINGER" (microseconds; -1 off), "TCP_NODELAY", "SO_RCVBUF", "SO_SNDBUF",
 * "SO_KEEPALIVE", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT", "TCP_MAXSEG",
 * "IP_TTL", "IP_TOS", and every profile field by its scene name. ENOPROTOOPT, EINVAL. */
enum sock_error sock_option(struct world *w, struct sock s, const char *name, int64_t value);
bool sock_option_exists(const char *name);

/* "as c1"; label > 0. */
void sock_label(struct world *w, struct sock s, uint16_t label, const char *name);
bool sock_is_open(const struct world *w, struct sock s); /* the application still holds it */
enum state sock_state(const struct world *w, struct sock s);
/* Why it died: ECONNREFUSED, ... */
enum sock_error sock_pending_error(const struct world *w, struct sock s);
const struct tcb *sock_tcb(const struct world *w, struct sock s); /* NULL once deleted or packed */
uint32_t sock_conn(const struct world *w, struct sock s);         /* serial in the trace */
uint32_t sock_readable(const struct world *w, struct sock s);     /* octets */
/* Octets of sock_write_all not yet taken. */
uint64_t sock_unsent(const struct world *w, struct sock s);
uint16_t sock_port(const struct world *w, struct sock s);
/* The host's open sockets in order of birth (listeners apart). Returns how many there are. One
 * whose connection is dead counts only when there is no other: a call on it then tells why. */
size_t host_socks(const struct world *w, uint8_t host, struct sock *out, size_t room);
/* Port 0: the newest. */
struct sock host_listener(const struct world *w, uint8_t host, uint16_t port);

/* ---- the wind -------------------------------------------------------------------------------- */

struct wind *world_wind(struct world *w, uint8_t from, uint8_t to); /* attributes: may be changed */
/* Rules act in the order added. The place is what the trace names. */
void wind_rule_add(struct world *w, uint8_t from, uint8_t to, const struct wind_rule *rule);

/* A segment out of nowhere, with from's address and this port: it reaches `to` at once. Text octets
 * may be given. */
void world_stranger(struct world *w, uint8_t from, uint16_t from_port, uint8_t to, uint16_t to_port,
		    const struct seg *s, const void *octets, struct trace_place place);

/* An ICMP error out of nowhere reaches `to` at once: about a segment of its connection from to_port
 * to about's about_port, with this sequence number. The MTU: with KIND_TOO_BIG. */
void world_icmp(struct world *w, uint8_t to, uint16_t to_port, uint8_t about, uint16_t about_port,
		enum icmp_kind kind, seq32 number, uint32_t mtu, struct trace_place place);

/* A deed by hand upon a word in flight: the nth that set out from one host to another since the
 * beginning (1, 2, ...), in the order of the trace. Copies that the wind or a hand makes are words
 * of their own; what strangers send never flies. */
struct hand {
	uint8_t deed;          /* enum deed: DROP DELAY DUPLICATE REORDER CORRUPT */
	uint8_t from, to;
	uint32_t nth;
	usec time;             /* DELAY: added. DUPLICATE: after the original's arrival. REORDER:
	                        * waits at most so long after it would have arrived; 0: 1 s */
	uint32_t past;         /* REORDER: until so many have come after it; 0: 1 */
	struct trace_place place;
};
bool world_act(struct world *w, const struct hand *hand); /* false: no such word is in flight */
/* How many have set out, and the numbers of those that are in flight, ascending: returns how many
 * these are, and puts at most `room` of them. */
uint32_t world_words_sent(const struct world *w, uint8_t from, uint8_t to);
size_t world_words_in_flight(const struct world *w, uint8_t from, uint8_t to, uint32_t *out,
			     size_t room);

/* ---- time ------------------------------------------------------------------------------------ */

usec world_now(const struct world *w);
usec world_next(const struct world *w); /* of the next event; USEC_NEVER: none pending */
bool world_step(struct world *w);       /* the next event; false: none */
/* Every event before and at `to`; then now is `to`. */
void world_advance(struct world *w, usec to);
/* Events handled. Stops when none is pending (now is then the last one's time), else at `until`. */
uint64_t world_run(struct world *w, usec until);
uint64_t world_events(const struct world *w);
uint64_t world_memory(const struct world *w); /* octets it takes, about, without its trace */
/* What still goes on, in words. */
size_t world_pending(const struct world *w, char *text, size_t room);

/* ---- going back ------------------------------------------------------------------------------ */

struct world_snapshot;
struct world_snapshot *world_save(const struct world *w);
void world_restore(struct world *w, const struct world_snapshot *s); /* the trace is rewound too */
void world_snapshot_free(struct world_snapshot *s);
size_t world_snapshot_size(const struct world_snapshot *s);

/* ---- promises (scene language, Meaning 9) ---------------------------------------------------- */

enum promise {
	PROMISE_STREAM,
	PROMISE_EDGE,
	PROMISE_UNA,
	PROMISE_FIGURE5,
	PROMISE_CLOSED_SILENT,
	PROMISE_QUIET,
	PROMISE_COUNT,
};
const char *promise_name(enum promise p);
int promise_named(const char *name);
uint64_t world_broken(const struct world *w, enum promise p); /* how often */
/* The play breaks it on purpose: the record says so. */
void world_expect_broken(struct world *w, enum promise p);
void world_judge_end(struct world *w); /* checks `quiet`, once, when the run is over */

/* ---- figures --------------------------------------------------------------------------------- */

struct world_figures {
	uint64_t segments_sent, segments_delivered, data_delivered, acks_delivered;
	uint64_t connections_opened;
	/* In use now. */
	uint64_t bytes_conns, bytes_time_wait, bytes_demux, bytes_events, bytes_pool;
	uint32_t conns, time_waits;
};

void world_figures(const struct world *w, struct world_figures *out);
const uint64_t *world_rule_hits(const struct world *w); /* RULE_COUNT */

#endif
