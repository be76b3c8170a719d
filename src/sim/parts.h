/* SPDX-License-Identifier: MIT */
/*
 * parts.h - what the files of the world do for each other, by file.
 *
 * An event is: one call of the engine (call_begin, tcp_..., call_end), then settle(): what the
 * engine signals reaches the socket and its application, which may call in turn; then every segment
 * that is due leaves, and the connection's timer is set.
 */
#ifndef SIM_PARTS_H
#define SIM_PARTS_H

#include <sim/inside.h>

/* conn.c: slots, ports, birth and death. */
uint32_t conn_new(struct world *w, uint8_t host);
void conn_born(struct world *w, struct conn *c); /* gets its serial, and its line in the trace */
void conn_hash(struct world *w, uint32_t index);
void conn_unhash(struct world *w, uint32_t index);
void conn_free(struct world *w, uint32_t index); /* wherever it stands: without a word to anyone */
void conn_dead(struct world *w, uint32_t index); /* its TCB is deleted; the socket may live on */
void conn_arm(struct world *w, uint32_t index);
const struct tcp_profile *conn_profile(const struct world *w, const struct conn *c);
void conn_forget(struct world *w, uint32_t index); /* the slot alone: what it held lives on */
void profile_share(struct world *w, uint32_t profile);
void profile_release(struct world *w, uint32_t profile);
void descriptor_free(struct world *w, uint32_t fd);
uint32_t descriptor_new(struct world *w, uint32_t where);
void conn_describe(struct world *w, const struct conn *c, struct trace_conn *out);

/* port.c */
struct port_use *port_use(struct world *w, uint16_t host, uint16_t port);
void port_claim(struct world *w, struct conn *c);
void port_release(struct world *w, struct conn *c);
void port_soften(struct world *w, struct conn *c); /* SO_REUSEADDR was set, or TIME-WAIT entered */
bool port_ephemeral(struct world *w, struct conn *c); /* false: all are taken */

/* call.c: around every call of the engine; and what it noted. */
void call_begin(struct world *w, struct conn *c);
void call_end(struct world *w, struct conn *c, struct record *r);
struct record *tell(struct world *w, enum record_kind kind, const struct conn *c);
struct record *tell_call(struct world *w, enum call_verb verb, const struct conn *c);
void tell_notes(struct world *w, const struct conn *c);
void pool_ensure(struct world *w);

/* world.c, snapshot.c */
void world_wire(struct world *w);
void world_empty(struct world *w);
void take_pictures(struct world *w);

/* settle.c */
void settle(struct world *w, uint32_t index);

/* transmit.c */
bool transmit_next(struct world *w, struct conn *c); /* false: nothing is due */
bool transmit_cookie(struct world *w, struct conn *trial, const struct seg *syn);
void transmit_reset(struct world *w, struct tuple at, const struct seg *reset);
uint32_t flight_take(struct world *w);
void flight_give(struct world *w, uint32_t index);

/* wind.c, wind_rule.c */
struct direction *direction_between(const struct world *w, uint16_t from,
				    uint16_t to); /* NULL: calm */
struct direction *direction_make(struct world *w, uint8_t from, uint8_t to);
void wind_enter(struct world *w, uint16_t from, uint16_t to, uint32_t flight);
void wind_decide(struct world *w, struct direction *d, struct flight *f, struct passage *p);
void wind_set_off(struct world *w, const struct direction *d, uint32_t flight, usec at);
void wind_release(struct world *w, uint32_t flight);
void wind_send_icmp(struct world *w, const struct flight *f, enum icmp_kind kind, uint32_t mtu);
struct record *wind_tell(struct world *w, const struct flight *f, enum deed deed);

/* hand.c: words held up by hand wait at the door of their receiver. */
bool door_holds(struct world *w, uint32_t flight); /* it arrives: true when it waits now */
void door_passed(struct world *w, uint16_t from, uint16_t to); /* another one has come */
void door_forget(struct world *w, uint32_t flight);

/* deliver.c, listen.c, time_wait.c */
void deliver(struct world *w, uint32_t flight);
void deliver_segment(struct world *w, const struct flight *f);
void tell_discard(struct world *w, const struct flight *f, enum discard why);
struct record *tell_arrival(struct world *w, const struct flight *f, enum record_kind kind);
/* `above`: the ISS must be larger than this one; NULL: any. */
void listen_arrives(struct world *w, uint32_t listener, const struct flight *f, const seq32 *above);
uint32_t listener_at(const struct world *w, uint16_t host, uint16_t port); /* 0: nobody listens */
bool listen_is_full(const struct world *w, const struct conn *listener);
bool accept_is_full(const struct world *w, const struct conn *child);
void listen_established(struct world *w, uint32_t child);
void listen_leave(struct world *w, uint32_t child);
void listen_close(struct world *w, uint32_t listener);
bool time_wait_may_pack(const struct world *w, const struct conn *c);
void time_wait_pack(struct world *w, uint32_t index);
uint32_t time_wait_unpack(struct world *w, uint32_t index); /* -> connection */
bool time_wait_look(const struct world *w, uint32_t index, struct conn *out);
void time_wait_free(struct world *w, uint32_t index);

/* scripted.c */
void scripted_hears(struct world *w, const struct flight *f);

/* host.c, isn.c */
seq32 isn_peek(const struct world *w, struct tuple at);
void isn_taken(struct world *w, uint16_t host);
uint32_t cookie_secret(const struct world *w, struct tuple at, uint32_t count);
uint32_t remote_of(struct world *w, const struct address *a);
const struct address *remote_address(const struct world *w, uint16_t remote);

/* act.c: what a socket call does, without settle(): applications act in the course of an event. */
enum sock_error act_accept(struct world *w, uint32_t listener, uint32_t *child, bool by_app);
enum sock_error act_read(struct world *w, struct conn *c, uint32_t n, struct text *out);
enum sock_error act_write(struct world *w, struct conn *c, const void *octets, uint64_t n,
			  unsigned flags, uint64_t *taken);
enum sock_error act_write_all(struct world *w, struct conn *c, const void *octets, uint64_t n);
void act_write_rest(struct world *w, struct conn *c);
void act_shutdown(struct world *w, struct conn *c);
void act_close(struct world *w, uint32_t index);
void act_abort(struct world *w, struct conn *c);
void act_queued(struct world *w, struct conn *c); /* the shutdown or close that waited */

enum sock_error act_dead_answer(struct conn *c, enum sock_error otherwise);

/* sock_info.c: beside the TCB, with world_options.measures. */
void measure_begin(struct world *w, struct conn *c);
void measure_end(struct world *w, struct conn *c);
void measure_wake(struct world *w, struct conn *c); /* whoever waits for the socket is woken */
void measure_arrival(struct world *w, struct conn *c, const struct seg *s);
void measure_settled(struct world *w, struct conn *c);

/* sock.c */
uint32_t sock_index(const struct world *w, struct sock s); /* 0: no such connection */

/* app.c */
void app_listens(struct world *w, uint32_t listener, uint32_t current);
void app_starts(struct world *w, uint32_t index);
void app_wakes(struct world *w, uint32_t index, uint32_t signals);
void app_ticks(struct world *w, uint32_t index);

/* check.c: the promises. */
void check_broken(struct world *w, const struct conn *c, enum promise p, const char *how);
void check_read(struct world *w, struct conn *c, const struct text *t);
void check_end_of_stream(struct world *w, struct conn *c);
void check_sent(struct world *w, struct conn *c, const struct seg *s);
void check_notes(struct world *w, const struct conn *c);

#endif
