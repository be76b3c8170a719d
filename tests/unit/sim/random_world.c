/* SPDX-License-Identifier: MIT */
#include "random_world.h"

#include <string.h>
#include <base/assert.h>

enum { SND_BUFF_MAX = 1 << 20 };

/* The order in which a compiler evaluates arguments and initializers is its own: never two draws in
 * one call. */
static uint64_t below(struct random_world *r, uint64_t bound)
{
	return prng_below(&r->prng, bound);
}

static bool one_in(struct random_world *r, uint64_t n)
{
	return below(r, n) == 0;
}

static uint8_t some_host(struct random_world *r)
{
	return (uint8_t)below(r, r->hosts);
}

/* ---- settings -------------------------------------------------------------------------------- */

static usec some_time(struct random_world *r, usec least, usec most)
{
	return least + (usec)below(r, (uint64_t)(most - least) + 1);
}

static void random_buffers(struct random_world *r, struct tcp_profile *p)
{
	static const uint32_t sizes[] = {1, 7, 100, 536, 1000, 1460, 3000, 8192, 65535};

	if (one_in(r, 2))
		profile_say(p, (size_t)profile_field_named("SO_RCVBUF"),
			    sizes[below(r, sizeof sizes / sizeof *sizes)]);
	if (one_in(r, 2))
		p->snd_buff = sizes[below(r, sizeof sizes / sizeof *sizes)];
	if (one_in(r, 3))
		p->mss = 64 + (uint32_t)below(r, 1400);
}

/* Every mechanism of loss recovery on or off by itself. */
static void random_recovery(struct random_world *r, struct tcp_profile *p)
{
	p->sack = one_in(r, 2);
	p->dsack = one_in(r, 2);
	p->timestamps = one_in(r, 2);
	p->ecn = (uint8_t)below(r, 3);
	p->wscale = one_in(r, 2);
	p->rtt_every_ack = one_in(r, 2);
	p->rtt_smooth = one_in(r, 3);
	p->rto_min_varies = one_in(r, 3);
	p->limited_transmit = one_in(r, 2);
	p->prr = one_in(r, 2);
	p->prr_bound = (uint8_t)below(r, 3);
	p->rack = one_in(r, 2);
	p->tlp = one_in(r, 2);
	p->frto = one_in(r, 2);
	p->undo = one_in(r, 2);
	p->sack_forget = one_in(r, 2);
	p->window_memory = one_in(r, 3);
	p->beyond_window = (uint8_t)below(r, 2);
	p->shrink = one_in(r, 4);
}

static void random_congestion(struct random_world *r, struct tcp_profile *p)
{
	if (one_in(r, 2))
		p->cc = (uint8_t)below(r, CC_CUBIC + 1);
	if (one_in(r, 3))
		p->cc = CC_CUBIC;
	if (one_in(r, 3))
		p->initial_window = (uint8_t)below(r, 3);
	if (one_in(r, 3))
		p->hystart = (uint8_t)below(r, HYSTART_LINUX + 1);
	if (one_in(r, 3))
		p->cwnd_validate = (uint8_t)below(r, VALIDATE_LINUX + 1);
	if (one_in(r, 3))
		p->abc = (uint32_t)below(r, 9);
	p->cwnd_whole = one_in(r, 3);
	p->ssthresh_cwnd = one_in(r, 3);
	p->idle_decay = one_in(r, 3);
	p->fast_convergence = one_in(r, 2);
}

static void random_profile(struct random_world *r, struct tcp_profile *p)
{
	*p = tcp_profiles[below(r, PROFILE_COUNT)];
	random_buffers(r, p);
	p->nagle = one_in(r, 2);
	if (one_in(r, 2))
		p->ack_delay = some_time(r, 0, 500000);
	if (one_in(r, 2))
		p->ack_every = 1 + (uint32_t)below(r, 4);
	if (one_in(r, 3))
		p->ack_count = (uint8_t)below(r, 3);
	random_congestion(r, p);
	if (one_in(r, 3))
		p->rst_check = (uint8_t)below(r, 2);
	if (one_in(r, 3))
		p->syn_check = (uint8_t)below(r, 2);
	if (one_in(r, 3))
		p->ack_check = one_in(r, 2);
	if (one_in(r, 3))
		p->time_wait_syn = (uint8_t)below(r, 3);
	if (one_in(r, 8))
		p->syn_cookies = (uint8_t)below(r, 3);
	if (one_in(r, 3))
		p->time_wait_rst = (uint8_t)below(r, 2);
	if (one_in(r, 3))
		p->reset_unread = one_in(r, 2);
	if (one_in(r, 4)) {
		p->keepalive = true;
		p->keepalive_idle = some_time(r, 1000000, 20000000);
		p->keepalive_interval = some_time(r, 100000, 5000000);
	}
	if (one_in(r, 6))
		p->user_timeout = some_time(r, 1000000, 30000000);
	if (one_in(r, 4)) {
		p->user_timeout_option = true;
		p->uto_told = some_time(r, 0, 60000000);
		p->uto_least = some_time(r, 1000000, 30000000);
		p->uto_most = some_time(r, 1000000, 200000000);
	}
	/* Otherwise one whose peer is gone may wait in FIN-WAIT-2 for ever. */
	p->fin_wait_2 = some_time(r, 1000000, 60000000);
	random_recovery(r, p);
}

/* An end of what the field takes, or anything between: small numbers as often as large ones. */
static int64_t wild_value(struct random_world *r, const struct profile_field *f)
{
	uint64_t span = (uint64_t)(f->most - f->least), bits = below(r, 64);

	switch (below(r, 4)) {
	case 0: return f->least;
	case 1: return f->most;
	default: break;
	}
	if (bits == 0 || span >> bits == 0)
		return f->least + (int64_t)below(r, span + 1);
	return f->least + (int64_t)below(r, UINT64_C(1) << bits);
}

static void wild_field(struct random_world *r, struct tcp_profile *p)
{
	size_t at = (size_t)below(r, profile_field_count());
	const struct profile_field *f = profile_field_at(at);
	int64_t value = wild_value(r, f);

	/* Who has microseconds to wait gets nowhere: but seldom. */
	if (f->kind == PROFILE_TIME && value < 1000 && !one_in(r, 20))
		value = 1000 + (int64_t)below(r, 100000);
	if (value <= f->most)
		ASSERT(profile_set(p, at, value));
	p->shrink = false; /* it asks for a promise to be broken */
	/* Some applications fill it at once. */
	if (p->snd_buff > SND_BUFF_MAX)
		p->snd_buff = SND_BUFF_MAX;
	if (p->snd_buff_auto > SND_BUFF_MAX)
		p->snd_buff_auto = SND_BUFF_MAX;
}

/* RFC 4987 Appendix A: a cookie is what its ACK and the sequence number beside it differ in. Text
 * that was sent once as much as was received may differ so too: when the server's end is gone, a
 * connection is born in the middle of the stream. */
static void trust_cookies(struct random_world *r)
{
	for (uint8_t host = 0; host < r->hosts; host++)
		if (host_profile(r->w, host)->syn_cookies)
			r->may_break[PROMISE_STREAM] = true;
}

void random_world_wild(struct random_world *r)
{
	for (uint8_t host = 0; host < r->hosts; host++)
		for (uint64_t n = 1 + below(r, 30); n > 0; n--)
			wild_field(r, host_profile(r->w, host));
	trust_cookies(r);
}

static void random_app(struct random_world *r, struct app *a)
{
	*a = (struct app){.kind = (enum app_kind)below(r, APP_BY_HAND + 1)};
	a->accepts_by_hand = one_in(r, 5);
	a->reads_never = one_in(r, 10);
	a->closes_at_end = one_in(r, 2);
	/* Two that both say all they have to say before they listen wait for each other for ever.
	 */
	if (a->reads_never && a->kind == APP_SOURCE)
		a->closes_at_end = false;
	a->every = some_time(r, 1000, 1000000);
	a->size = 1 + below(r, 20000);
	a->rate = 100 + below(r, 100000);
}

/* ---- the wind -------------------------------------------------------------------------------- */

static void random_match(struct random_world *r, struct wind_rule *rule)
{
	rule->match.class = CLASS_ANY;
	if (one_in(r, 2))
		rule->match.class = (uint8_t)(CLASS_SYN + below(r, CLASS_COUNT - CLASS_SYN));
	if (one_in(r, 2)) {
		rule->chance_ppm = (uint32_t)below(r, 300001);
		rule->max = 1 + (uint32_t)below(r, 60);
		rule->first = 1;
		rule->last = UINT32_MAX;
	} else {
		rule->first = 1 + (uint32_t)below(r, 10);
		rule->last = rule->first + (uint32_t)below(r, 4);
	}
	if (one_in(r, 8))
		rule->every = 2 + (uint32_t)below(r, 6);
}

static void random_rule(struct random_world *r, uint8_t from, uint8_t to)
{
	static const enum deed deeds[] = {DEED_DROP,    DEED_DROP,    DEED_DELAY, DEED_DUPLICATE,
					  DEED_REORDER, DEED_CORRUPT, DEED_CUT,   DEED_MARK,
					  DEED_ICMP};
	struct wind_rule rule = {.deed = (uint8_t)deeds[below(r, 9)]};

	random_match(r, &rule);
	rule.time = some_time(r, 0, 3000000);
	rule.past = 1 + (uint32_t)below(r, 3);
	if (rule.deed == DEED_ICMP)
		rule.icmp = one_in(r, 2) ? KIND_HOST_UNREACHABLE : KIND_TIME_EXCEEDED;
	if (rule.deed == DEED_CUT) {
		rule.from = some_time(r, 0, 20000000);
		rule.to = rule.from + some_time(r, 0, 10000000);
	}
	wind_rule_add(r->w, from, to, &rule);
}

static void random_wind(struct random_world *r, uint8_t from, uint8_t to)
{
	struct wind *wind = world_wind(r->w, from, to);

	wind->delay = some_time(r, 0, 200000);
	if (one_in(r, 2))
		wind->jitter = some_time(r, 0, 50000);
	if (one_in(r, 3))
		wind->rate = 100000 + below(r, 10000000);
	if (one_in(r, 3))
		wind->queue = 2000 + below(r, 60000);
	if (one_in(r, 4))
		wind->mtu = 200 + (uint32_t)below(r, 1400);
	if (one_in(r, 4))
		wind->lifetime = some_time(r, 100000, 5000000);
	wind->overtakes = one_in(r, 6);
	for (uint64_t rules = below(r, 5); rules > 0; rules--)
		random_rule(r, from, to);
}

static void calm(struct random_world *r)
{
	for (uint8_t from = 0; from < r->hosts; from++)
		for (uint8_t to = 0; to < r->hosts; to++) {
			struct wind *wind = world_wind(r->w, from, to);

			*wind = (struct wind){.delay = wind->delay, .mtu = wind->mtu};
		}
}

/* ---- calls ----------------------------------------------------------------------------------- */

static struct sock some_sock(struct random_world *r)
{
	struct sock s[RANDOM_SOCKS_MAX];
	size_t n = host_socks(r->w, some_host(r), s, RANDOM_SOCKS_MAX);

	if (n > RANDOM_SOCKS_MAX)
		n = RANDOM_SOCKS_MAX;
	return n ? s[below(r, n)] : (struct sock){0};
}

/* The same with close(): who waits in write() for somebody who does not read never comes to it. */
static void end(struct random_world *r, struct sock s)
{
	if (sock_unsent(r->w, s) > 0)
		sock_abort(r->w, s);
	else
		sock_close(r->w, s);
}

static uint16_t some_port(struct random_world *r)
{
	return (uint16_t)(8888 + below(r, 3));
}

static void call_listen(struct random_world *r)
{
	struct sock s = sock_new(r->w, some_host(r));

	sock_option(r->w, s, "SO_REUSEADDR", (int64_t)below(r, 2));
	if (sock_bind(r->w, s, some_port(r)) != SOCK_OK ||
	    sock_listen(r->w, s, (uint32_t)below(r, 4)) != SOCK_OK)
		sock_close(r->w, s);
}

static void call_connect(struct random_world *r)
{
	struct sock s = sock_new(r->w, some_host(r));
	uint8_t to = some_host(r);
	uint16_t port = some_port(r);
	struct address nowhere = {.octets = {192, 0, 2, 1}, .family = FAMILY_IPV4};
	enum sock_error e = SOCK_OK;

	if (one_in(r, 4))
		e = sock_bind(r->w, s, some_port(r));
	if (e == SOCK_OK && one_in(r, 20))
		e = sock_connect_address(r->w, s, &nowhere, 8888);
	else if (e == SOCK_OK)
		e = sock_connect(r->w, s, to, port);
	if (e != SOCK_EINPROGRESS)
		sock_close(r->w, s);
}

static void call_write(struct random_world *r)
{
	uint8_t octets[3000];
	size_t n = 1 + (size_t)below(r, sizeof octets), taken;
	struct sock s = some_sock(r);

	for (size_t i = 0; i < n; i++)
		octets[i] = (uint8_t)prng_u64(&r->prng);
	switch (below(r, 5)) {
	case 0: sock_write(r->w, s, octets, n, &taken); break;
	case 1: sock_write_all(r->w, s, octets, n); break;
	case 2: sock_write_all_synthetic(r->w, s, 1 + below(r, 30000)); break;
	case 3: sock_write_urgent(r->w, s, octets, 1 + n / 1000); break;
	default: sock_write_all(r->w, s, octets, 1 + n % 20); break;
	}
}

static void call_option(struct random_world *r)
{
	static const struct {
		const char *name;
		int64_t least, most;
	} options[] = {
		{"TCP_NODELAY", 0, 1},
		{"SO_RCVBUF", 1, 65535},
		{"SO_SNDBUF", 1, 65535},
		{"SO_KEEPALIVE", 0, 1},
		{"TCP_KEEPIDLE", 1000000, 9000000},
		{"TCP_USER_TIMEOUT", 1000000, 90000000},
		{"user timeout told", 0, 90000000},
		{"SO_LINGER", -1, 1},
		{"ack every", 1, 5},
	};
	uint64_t i = below(r, sizeof options / sizeof *options);
	struct sock at = some_sock(r);
	int64_t value = some_time(r, options[i].least, options[i].most);

	sock_option(r->w, at, options[i].name, value);
}

static void call_accept(struct random_world *r)
{
	struct sock out;

	sock_accept(r->w, host_listener(r->w, some_host(r), 0), &out);
}

static void crash_or_reboot(struct random_world *r)
{
	uint8_t host = some_host(r);

	if (r->is_down[host]) {
		host_reboot(r->w, host);
		r->is_down[host] = false;
	} else if (one_in(r, 3)) {
		host_crash(r->w, host);
		r->is_down[host] = true;
		/* After the boot, ports are given out from the first again, and what was said
		 * before may still be in the air. */
		r->may_break[PROMISE_STREAM] = true;
	}
}

/* From the other end of a connection that exists, or from anywhere. */
static void aim(struct random_world *r, struct seg *s, uint8_t *from, uint8_t *to,
		uint16_t ports[2])
{
	struct sock at = some_sock(r);
	const struct tcb *t = sock_tcb(r->w, at);

	*from = some_host(r);
	*to = some_host(r);
	ports[0] = (uint16_t)(PORT_EPHEMERAL + below(r, 6));
	ports[1] = some_port(r);
	if (t) {
		s->seq = seq_add(t->rcv.nxt, (uint32_t)below(r, 3000) - 1000);
		s->ack = seq_add(t->snd.una, (uint32_t)below(r, 100) - 30);
		if (one_in(r, 2))
			ports[1] = sock_port(r->w, at);
		if (one_in(r, 2))
			ports[0] = some_port(r);
	}
}

/* With text it puts words into somebody's mouth; and a connection with a stranger has no other end
 * to compare with. */
static void call_stranger(struct random_world *r)
{
	static const uint16_t flags[] = {SYN,       SYN | ACK, ACK, RST,
					 RST | ACK, FIN | ACK, 0,   URG | ACK};
	struct seg s = {.ctl = flags[below(r, 8)]};
	uint8_t from, to;
	uint16_t ports[2];

	s.wnd = (uint16_t)prng_u64(&r->prng);
	r->may_break[PROMISE_STREAM] = true;
	aim(r, &s, &from, &to, ports);
	s.up = (uint16_t)below(r, 100);
	if (one_in(r, 4))
		s.text.len = 1 + (uint32_t)below(r, 100);
	world_stranger(r->w, from, ports[0], to, ports[1], &s, NULL, (struct trace_place){0});
}

static void call_read(struct random_world *r)
{
	struct sock at = some_sock(r);
	struct text t;

	sock_read(r->w, at, 1 + (uint32_t)below(r, 5000), &t);
}

static void call_some(struct random_world *r)
{
	switch (below(r, 24)) {
	case 0:
	case 1: call_listen(r); break;
	case 2:
	case 3:
	case 4:
	case 5:
	case 6:
	case 7: call_connect(r); break;
	case 8: call_option(r); break;
	case 9: call_accept(r); break;
	case 10: call_read(r); break;
	case 11: sock_shutdown(r->w, some_sock(r)); break;
	case 12: end(r, some_sock(r)); break;
	case 13:
		if (one_in(r, 3))
			sock_abort(r->w, some_sock(r));
		break;
	case 14:
		if (r->has_crashes)
			crash_or_reboot(r);
		break;
	case 15:
	case 16:
		if (r->has_strangers)
			call_stranger(r);
		break;
	default: call_write(r); break;
	}
}

void random_world_init(struct random_world *r, uint64_t seed, struct trace *trace)
{
	static const char *const names[] = {"zhang", "li", "wang", "zhao"};

	*r = (struct random_world){0};
	prng_init(&r->prng, seed, 1);
	r->w = world_new(&(struct world_options){.seed = seed, .trace = trace});
	r->hosts = (uint8_t)(2 + below(r, RANDOM_HOSTS_MAX - 1));
	r->calls = 10 + (uint32_t)below(r, 80);
	r->has_crashes = one_in(r, 4);
	r->has_strangers = one_in(r, 4);
	for (uint8_t i = 0; i < r->hosts; i++) {
		struct tcp_profile profile;
		struct app app;

		random_profile(r, &profile);
		random_app(r, &app);
		host_add(r->w, &(struct host_options){.name = names[i], .profile = &profile});
		host_app(r->w, i, &app);
	}
	trust_cookies(r);
	for (uint8_t from = 0; from < r->hosts; from++)
		for (uint8_t to = 0; to < r->hosts; to++)
			random_wind(r, from, to);
	for (uint8_t i = 0; i < 2 * r->hosts; i++)
		call_listen(r);
}

bool random_world_step(struct random_world *r)
{
	static const usec spans[] = {0, 1000, 300000, 3000000};

	if (r->calls == 0)
		return false;
	r->calls--;
	world_advance(r->w, world_now(r->w) + some_time(r, 0, spans[below(r, 4)]));
	call_some(r);
	return true;
}

/* ---- the end --------------------------------------------------------------------------------- */

static void goodbye(struct random_world *r, uint8_t host)
{
	struct sock s[RANDOM_SOCKS_MAX], listener;
	size_t n;

	while ((listener = host_listener(r->w, host, 0)).serial)
		sock_close(r->w, listener);
	while ((n = host_socks(r->w, host, s, RANDOM_SOCKS_MAX)) > 0)
		for (size_t i = 0; i < n && i < RANDOM_SOCKS_MAX; i++)
			end(r, s[i]);
}

bool random_world_end(struct random_world *r)
{
	uint64_t events_max;

	calm(r);
	for (uint8_t i = 0; i < r->hosts; i++)
		if (r->is_down[i])
			host_reboot(r->w, i);
	world_advance(r->w, world_now(r->w) + 5 * USEC_PER_S);
	for (uint8_t i = 0; i < r->hosts; i++)
		goodbye(r, i);
	events_max = world_events(r->w) + 1000000;
	while (world_events(r->w) < events_max)
		if (!world_step(r->w))
			return true;
	return false;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t mix_text(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = mix(h, (uint8_t)*text);
	return h;
}

static uint64_t mix_seg(uint64_t h, const struct seg *s)
{
	h = mix(mix(mix(h, s->seq.v), s->ack.v), s->len);
	h = mix(mix(mix(h, s->ctl), s->wnd), (uint64_t)s->up << 16 | s->mss);
	h = mix(h, (uint64_t)s->opts << 32 | (uint64_t)s->rexmit << 16 | s->rule);
	return mix(mix(mix(h, s->text.offset), s->text.stream), s->text.len);
}

uint64_t trace_digest(const struct trace *t)
{
	uint64_t h = 1;

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		h = mix(mix(mix(h, r->serial), (uint64_t)r->at), r->of);
		h = mix(h, (uint64_t)r->kind << 40 | (uint64_t)r->detail << 32 |
				   (uint64_t)r->host << 24 | (uint64_t)r->peer << 16 |
				   (uint64_t)r->from << 8 | r->to);
		h = mix(h, (uint64_t)r->rule << 32 | (uint64_t)r->error << 8 | r->is_stranger);
		h = mix(mix(h, r->conn), (uint64_t)r->from_port << 16 | r->to_port);
		h = mix(mix(h, (uint64_t)r->number[0]), (uint64_t)r->number[1]);
		h = mix_seg(h, &r->seg);
		h = mix_text(mix_text(h, trace_text_of(t, r, 0)), trace_text_of(t, r, 1));
		for (uint32_t c = 0; c < r->changes.count; c++) {
			const struct tcb_change *change = trace_change(t, r, c);

			h = mix(mix(mix(h, change->field), (uint64_t)change->old),
				(uint64_t)change->new);
		}
	}
	return h;
}
