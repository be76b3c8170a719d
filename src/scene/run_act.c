/* SPDX-License-Identifier: MIT */
/* run_act.c - what people do, as calls of the world. */
#include <scene/run.h>

#include <stdio.h>
#include <string.h>
#include <base/harmless.h>
#include <trace/trace.h>

enum { SOCKS_MAX = 64 };

/* ---- the people ------------------------------------------------------------------------------ */

static struct tcp_profile profile_of(const struct person *p)
{
	struct tcp_profile profile = *tcp_profile_named(p->profile ? p->profile : "rfc");

	for (size_t i = 0; i < p->settings.count; i++)
		if (!p->settings.at[i].option)
			profile_say(&profile, p->settings.at[i].field, p->settings.at[i].value);
	/* How far a buffer grows may be said before its size. */
	for (size_t i = 0; i < p->settings.count; i++)
		if (!p->settings.at[i].option)
			profile_set(&profile, p->settings.at[i].field, p->settings.at[i].value);
	return profile;
}

static void add_person(struct scene_run *run, const struct person *p)
{
	struct tcp_profile profile = profile_of(p);
	struct host_options o = {
		.name = p->name,
		.title = {p->title.en ? p->title.en : p->title.zh,
			  p->title.zh ? p->title.zh : p->title.en},
		.profile = &profile,
		.address = p->address,
		.isn = p->isn.at,
		.isn_count = p->isn.count,
		.port = p->port,
	};
	uint8_t host = host_add(run->world, &o);

	run->now.host[host].app = p->app;
	if (p->has_app)
		host_app(run->world, host, &p->app);
}

static void set_attribute(struct wind *w, const struct gust *g, struct trace_place place)
{
	w->is_set = true;
	switch ((enum gust_kind)g->kind) {
	case GUST_DELAY: w->delay = (usec)g->value; return;
	case GUST_JITTER: w->jitter = (usec)g->value; return;
	case GUST_RATE: w->rate = g->value; return;
	case GUST_QUEUE:
		w->queue = g->value;
		w->queue_place = place;
		return;
	case GUST_MTU:
		w->mtu = (uint32_t)g->value;
		w->mtu_place = place;
		return;
	case GUST_LIFETIME:
		w->lifetime = (usec)g->value;
		w->lifetime_place = place;
		return;
	case GUST_RULE: return;
	}
}

static void add_gust(struct scene_run *run, const struct gust *g, uint8_t from, uint8_t to)
{
	struct wind_rule rule = g->rule;

	if (g->kind != GUST_RULE) {
		set_attribute(world_wind(run->world, from, to), g, run_gust_place(run, g));
		return;
	}
	rule.label = g->of.label;
	rule.place = run_gust_place(run, g);
	wind_rule_add(run->world, from, to, &rule);
}

/* A `->` may stand before the `<->` it narrows: what is narrower wins. */
static void add_gusts(struct scene_run *run, bool is_both_ways)
{
	for (size_t i = 0; i < run->play.gusts.count; i++) {
		const struct gust *g = &run->play.gusts.at[i];

		if (g->kind == GUST_RULE || g->stmt != NONE || g->is_both_ways != is_both_ways)
			continue;
		add_gust(run, g, g->from.host, g->to.host);
		if (is_both_ways)
			add_gust(run, g, g->to.host, g->from.host);
	}
}

void run_people(struct scene_run *run)
{
	const struct play *play = &run->play;

	for (size_t i = 0; i < play->persons.count; i++)
		add_person(run, &play->persons.at[i]);
	add_gusts(run, true);
	add_gusts(run, false);
	run_quote_rules(run);
	for (size_t i = 0; i < play->gusts.count; i++) {
		const struct gust *g = &play->gusts.at[i];

		if (g->kind != GUST_RULE || g->stmt != NONE)
			continue;
		add_gust(run, g, g->from.host, g->to.host);
		if (g->is_both_ways)
			add_gust(run, g, g->to.host, g->from.host);
	}
	for (size_t i = 0; i < play->stmts.count; i++)
		if (play->stmts.at[i].text)
			trace_quote(run->trace, run_place(run, (int32_t)i), play->stmts.at[i].text);
	for (size_t i = 0; i < play->stmts.count; i++)
		if (play->stmts.at[i].kind == STMT_EXPECT &&
		    play->stmts.at[i].off_from == USEC_NEVER &&
		    play->stmts.at[i].expect->fact.claim == CLAIM_BROKEN)
			world_expect_broken(run->world,
					    (enum promise)play->stmts.at[i].expect->fact.promise);
}

/* ---- whose socket ---------------------------------------------------------------------------- */

static bool is_alive(const struct scene_run *run, struct sock s)
{
	return sock_conn(run->world, s) != 0 && sock_state(run->world, s) != CLOSED;
}

/* The person's one open connection; those that died count only when none lives, those that never
 * were opened (bind failed) not at all. */
static struct sock only_sock(struct scene_run *run, uint32_t stmt, const struct who *who,
			     bool *is_error)
{
	struct sock all[SOCKS_MAX] = {0};
	struct sock found = {0};
	size_t count = host_socks(run->world, who->host, all, SOCKS_MAX);
	size_t alive = 0;
	char actual[128], have[96];
	struct sink zh = {0};

	*is_error = false;
	for (size_t i = 0; i < count && i < SOCKS_MAX; i++) {
		bool is_living = is_alive(run, all[i]);

		alive += is_living;
		if (is_living || (alive == 0 && sock_conn(run->world, all[i]) != 0))
			found = all[i];
	}
	if (alive > 1) {
		snprintf(actual, sizeof actual,
			 "%s has %zu open connections: name the one that is meant", who->name,
			 count > SOCKS_MAX ? count : alive);
		snprintf(have, sizeof have, "有 %zu 个打开的连接：要说明是哪一个",
			 count > SOCKS_MAX ? count : alive);
		sink_puts(&zh, trace_host_at(run->trace, who->host)->title[1]);
		put_spaced(&zh, have, strlen(have));
		judge_hand(run, (int32_t)stmt, "one open connection", actual, zh.at);
		sink_fini(&zh);
		*is_error = true;
	}
	return found;
}

static struct sock sock_of(struct scene_run *run, uint32_t stmt, const struct who *who,
			   bool *is_error)
{
	*is_error = false;
	if (who->label)
		return run->now.labels.at[who->label - 1].sock;
	return only_sock(run, stmt, who, is_error);
}

/* A call on a socket that is not there: it answers as POSIX does. */
static void tell_no_socket(struct scene_run *run, const struct who *who, enum call_verb call)
{
	struct record *r = run_tell(run, REC_CALL, NULL, NULL);

	r->host = who->host;
	r->conn = who->label ? run->now.labels.at[who->label - 1].conn : 0;
	r->detail = (uint8_t)call;
	r->error = SOCK_EBADF;
}

/* ---- opening --------------------------------------------------------------------------------- */

static struct sock new_sock(struct scene_run *run, uint8_t host)
{
	const struct person *p = &run->play.persons.at[host];
	struct sock s = sock_new(run->world, host);

	for (size_t i = 0; i < p->settings.count; i++)
		if (p->settings.at[i].option)
			sock_option(run->world, s, p->settings.at[i].option,
				    p->settings.at[i].value);
	for (size_t i = 0; i < run->now.options.count; i++)
		if (run->now.options.at[i].host == host)
			sock_option(run->world, s, run->now.options.at[i].name,
				    run->now.options.at[i].value);
	return s;
}

static uint16_t default_port(const struct scene_run *run, uint8_t host)
{
	uint16_t port = run->play.persons.at[host].port;

	return port ? port : PORT_DEFAULT;
}

static void act_listen(struct scene_run *run, const struct act *a)
{
	struct sock s = new_sock(run, a->who.host);
	uint16_t port = a->has_port ? a->port : default_port(run, a->who.host);

	if (sock_bind(run->world, s, port) != SOCK_OK ||
	    sock_listen(run->world, s, a->backlog) != SOCK_OK)
		return;
	*array_push(&run->now.listeners) = (struct listener_note){.host = a->who.host, .sock = s};
}

static void note_label(struct scene_run *run, const struct act *a, struct sock s)
{
	if (!a->label)
		return;
	sock_label(run->world, s, a->label, a->label_name);
	run->now.labels.at[a->label - 1] =
		(struct label_note){.sock = s, .conn = sock_conn(run->world, s)};
}

static void act_connect(struct scene_run *run, const struct act *a)
{
	struct sock s = new_sock(run, a->who.host);
	uint16_t port = a->has_port ? a->port : default_port(run, a->to.host);

	/* Named before it opens: rules of the wind about it see its SYN. */
	if (a->label)
		sock_label(run->world, s, a->label, a->label_name);
	if (a->has_from && sock_bind(run->world, s, a->from) != SOCK_OK) {
		note_label(run, a, s);
		return;
	}
	sock_connect(run->world, s, a->to.host, port);
	note_label(run, a, s);
}

/* Blocks, as accept() does: false when it goes on waiting for a connection. */
static bool act_accept(struct scene_run *run, uint32_t stmt, const struct act *a)
{
	struct run_state *s = &run->now;
	struct sock taken;

	for (size_t i = s->listeners.count; i-- > 0 && s->host[a->who.host].ready > 0;) {
		if (s->listeners.at[i].host != a->who.host ||
		    sock_accept(run->world, s->listeners.at[i].sock, &taken) != SOCK_OK)
			continue;
		s->host[a->who.host].ready--;
		note_label(run, a, taken);
		return true;
	}
	*array_push(&s->accepts) = stmt;
	return false;
}

/* ---- on a connection ------------------------------------------------------------------------- */

static void act_read(struct scene_run *run, struct sock s, uint64_t most)
{
	uint64_t left = most ? most : UINT64_MAX;
	struct text text;

	while (left > 0) {
		uint32_t n = left > UINT32_MAX ? UINT32_MAX : (uint32_t)left;

		if (sock_read(run->world, s, n, &text) != SOCK_OK || text.len == 0)
			return;
		left -= text.len < left ? text.len : left;
		if (sock_readable(run->world, s) == 0)
			return;
	}
}

static void act_write(struct scene_run *run, struct sock s, const struct act *a)
{
	if (a->is_urgent)
		sock_write_urgent(run->world, s, a->octets.at, a->octets.size);
	else if (a->has_octets)
		sock_write_all(run->world, s, a->octets.at, a->octets.size);
	else
		sock_write_all_synthetic(run->world, s, a->size);
}

/* On the connection; without one, on the listener; without one, on what is opened later. */
static void act_option(struct scene_run *run, struct sock s, const struct act *a)
{
	if (!a->who.label && (s.serial == 0 || !sock_is_open(run->world, s)))
		s = host_listener(run->world, a->who.host, 0);
	if (s.serial != 0)
		sock_option(run->world, s, a->option, a->value);
	else
		*array_push(&run->now.options) = (struct kept_option){
			.host = a->who.host, .name = a->option, .value = a->value};
}

enum call_verb call_of_verb(enum verb verb)
{
	switch (verb) {
	case VERB_LISTEN: return CALL_LISTEN;
	case VERB_CONNECT: return CALL_CONNECT;
	case VERB_ACCEPT: return CALL_ACCEPT;
	case VERB_WRITE: return CALL_WRITE;
	case VERB_READ: return CALL_READ;
	case VERB_SHUTDOWN: return CALL_SHUTDOWN;
	case VERB_ABORT: return CALL_ABORT;
	case VERB_OPTION: return CALL_OPTION;
	case VERB_CLOSE:
	case VERB_CRASH:
	case VERB_REBOOT:
	case VERB_APP:
	case VERB_STRANGER:
	case VERB_DEED:
	case VERB_WIND: break;
	}
	return CALL_CLOSE;
}

static void act_on_sock(struct scene_run *run, uint32_t stmt, const struct act *a)
{
	enum verb verb = (enum verb)a->verb;
	bool is_error;
	struct sock s = sock_of(run, stmt, &a->who, &is_error);

	if (is_error)
		return;
	if (verb == VERB_OPTION) {
		act_option(run, s, a);
		return;
	}
	if (verb == VERB_CLOSE && s.serial == 0 && !a->who.label)
		s = host_listener(run->world, a->who.host, 0);
	if (s.serial == 0 || !sock_is_open(run->world, s)) {
		tell_no_socket(run, &a->who, call_of_verb(verb));
		return;
	}
	switch (verb) {
	case VERB_WRITE: act_write(run, s, a); return;
	case VERB_READ: act_read(run, s, a->size); return;
	case VERB_SHUTDOWN: sock_shutdown(run->world, s); return;
	case VERB_CLOSE: sock_close(run->world, s); return;
	case VERB_ABORT: sock_abort(run->world, s); return;
	case VERB_LISTEN:
	case VERB_CONNECT:
	case VERB_ACCEPT:
	case VERB_OPTION:
	case VERB_CRASH:
	case VERB_REBOOT:
	case VERB_APP:
	case VERB_STRANGER:
	case VERB_DEED:
	case VERB_WIND: return;
	}
}

/* ---- others ---------------------------------------------------------------------------------- */

/* A new application keeps how connections are accepted; a mere manner keeps the application. */
static void act_app(struct scene_run *run, const struct act *a)
{
	struct app *app = &run->now.host[a->who.host].app;
	struct app told = a->app;

	if (told.kind == APP_DEFAULT) {
		app->accepts_by_hand = app->accepts_by_hand || told.accepts_by_hand;
		app->reads_never = app->reads_never || told.reads_never;
	} else {
		told.accepts_by_hand = app->accepts_by_hand;
		*app = told;
	}
	host_app(run->world, a->who.host, app);
}

/* The ports of the newest connection between the two, seen from `who`. */
static void ports_between(const struct scene_run *run, const struct act *a, uint16_t *from,
			  uint16_t *to)
{
	for (size_t serial = run->now.conns.count; serial-- > 1;) {
		const struct trace_conn *c = trace_conn_at(run->trace, (uint32_t)serial);

		if (!c || c->is_listener)
			continue;
		if (c->host == a->who.host && c->peer == a->to.host) {
			*from = c->port;
			*to = c->peer_port;
			return;
		}
		if (c->host == a->to.host && c->peer == a->who.host) {
			*from = c->peer_port;
			*to = c->port;
			return;
		}
	}
}

static void act_stranger(struct scene_run *run, uint32_t stmt, const struct act *a)
{
	uint16_t from = PORT_EPHEMERAL;
	uint16_t to = default_port(run, a->to.host);

	ports_between(run, a, &from, &to);
	world_stranger(run->world, a->who.host, a->has_from ? a->from : from, a->to.host,
		       a->has_port ? a->port : to, &a->seg, a->has_octets ? a->octets.at : NULL,
		       run_place(run, (int32_t)stmt));
}

static void act_deed(struct scene_run *run, uint32_t stmt, const struct act *a)
{
	struct hand hand = a->hand;

	hand.from = a->who.host;
	hand.to = a->to.host;
	hand.place = run_place(run, (int32_t)stmt);
	if (!world_act(run->world, &hand))
		flight_missing(run, stmt);
}

/* ---- the wind changes ------------------------------------------------------------------------ */

static const char *title_of(const struct scene_run *run, const struct who *who, int language)
{
	return trace_host_at(run->trace, who->host)->title[language];
}

/* Nobody sees an attribute change: the trace tells it with a mark. */
static void tell_wind(struct scene_run *run, uint32_t stmt, const struct act *a)
{
	static const char *const turns[] = {"the wind turns", "风变了"};
	struct sink text[2] = {{0}, {0}};
	struct record *r;

	for (int language = 0; language < 2; language++) {
		struct sink *out = &text[language];

		sink_printf(out, "%s%s%s %s %s", turns[language], language ? "：" : ": ",
			    title_of(run, &a->who, language), a->is_both_ways ? "<->" : "->",
			    title_of(run, &a->to, language));
		for (size_t i = 0; i < a->gusts; i++)
			sink_printf(out, "%s %s", i ? "," : "",
				    run->play.gusts.at[a->gust + i].text);
	}
	r = run_tell(run, REC_MARKER, text[0].at, text[1].at);
	r->host = a->who.host;
	r->peer = a->to.host;
	r->place = run_place(run, (int32_t)stmt);
	sink_fini(&text[0]);
	sink_fini(&text[1]);
}

static void act_wind(struct scene_run *run, uint32_t stmt, const struct act *a)
{
	for (size_t i = 0; i < a->gusts; i++)
		run->now.rules += run->play.gusts.at[a->gust + i].kind == GUST_RULE;
	if (run->now.rules > SCENE_RULES_MAX) {
		judge_hand(run, (int32_t)stmt, "the wind changes", "it has too many rules by now",
			   "风的规则已经太多了");
		return;
	}
	tell_wind(run, stmt, a);
	for (size_t i = 0; i < a->gusts; i++) {
		const struct gust *g = &run->play.gusts.at[a->gust + i];

		add_gust(run, g, g->from.host, g->to.host);
		if (g->is_both_ways)
			add_gust(run, g, g->to.host, g->from.host);
	}
}

/* ---- any ------------------------------------------------------------------------------------- */

/* A crash takes the sockets along. */
static void forget_host(struct scene_run *run, uint8_t host)
{
	struct run_state *s = &run->now;
	size_t kept = 0;

	for (size_t i = 0; i < s->listeners.count; i++)
		if (s->listeners.at[i].host != host)
			s->listeners.at[kept++] = s->listeners.at[i];
	s->listeners.count = kept;
	s->host[host].ready = 0;
}

/* Hands that find nothing to do are told so. */
static void own_up(struct scene_run *run, uint32_t stmt, uint64_t first)
{
	const struct stmt *s = &run->play.stmts.at[stmt];

	if (s->act->verb == VERB_READ && first == trace_count(run->trace))
		judge_hand(run, (int32_t)stmt, s->text, "there is nothing to read",
			   "没有什么可读的");
}

void run_act(struct scene_run *run, uint32_t stmt)
{
	const struct stmt *s = &run->play.stmts.at[stmt];
	const struct act *a = s->act;
	uint64_t first = trace_count(run->trace);

	switch ((enum verb)a->verb) {
	case VERB_LISTEN: act_listen(run, a); break;
	case VERB_CONNECT: act_connect(run, a); break;
	case VERB_ACCEPT:
		if (s->is_by_hand && !run->now.host[a->who.host].app.accepts_by_hand) {
			judge_hand(run, (int32_t)stmt, s->text,
				   "every connection is accepted at once: none waits",
				   "每个连接都立刻有人接：没有等着的");
			return;
		}
		if (!act_accept(run, stmt, a))
			return;
		break;
	case VERB_CRASH:
		host_crash(run->world, a->who.host);
		forget_host(run, a->who.host);
		break;
	case VERB_REBOOT:
		host_reboot(run->world, a->who.host);
		forget_host(run, a->who.host);
		break;
	case VERB_APP: act_app(run, a); break;
	case VERB_STRANGER: act_stranger(run, stmt, a); break;
	case VERB_DEED: act_deed(run, stmt, a); break;
	case VERB_WIND: act_wind(run, stmt, a); break;
	case VERB_WRITE:
	case VERB_READ:
	case VERB_SHUTDOWN:
	case VERB_CLOSE:
	case VERB_ABORT:
	case VERB_OPTION: act_on_sock(run, stmt, a); break;
	}
	run_tell_places(run, stmt, first);
	if (s->is_by_hand)
		own_up(run, stmt, first);
	run_says(run, s->says, first < trace_count(run->trace) ? first : first - (first > 0));
}
