/* SPDX-License-Identifier: MIT */
/* script_write.c - the people and the wind of a script, and how things are said in it. */
#include "live/script_write.h"

#include <inttypes.h>
#include <string.h>
#include <base/utf8.h>
#include <woshou/names.h>

enum {
	FEW = 16,          /* octets that are written out whatever they are */
	HEADERS_IPV4 = 40, /* of IP and TCP */
	HEADERS_IPV6 = 60,
	MTU_USUAL = 1500,
	MTU_MOST = 65535,
	HALF_WINDOW = 32768, /* of what a header can tell */
	SHIFT_MOST = 14,
	RULES_MAX = 1000, /* of the wind */
	LOOK_BACK = 4096, /* records: for the same ACK again */
};

/* ---- words ----------------------------------------------------------------------------------- */

void script_put_time(struct sink *out, usec t)
{
	if (t % USEC_PER_S == 0)
		sink_printf(out, "%" PRId64 "s", t / USEC_PER_S);
	else if (t % USEC_PER_MS == 0)
		sink_printf(out, "%" PRId64 "ms", t / USEC_PER_MS);
	else
		sink_printf(out, "%" PRId64 "us", t);
}

static bool is_control(uint32_t cp)
{
	return cp < 0x20 || cp == 0x7f || (cp >= 0x80 && cp < 0xa0) ||
	       /* Invisible, or they turn the line round: U+200B to U+200F, U+2028 to U+202E, ... */
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || cp == 0xad;
}

bool script_is_text(const char *octets, size_t n)
{
	size_t odd = 0;

	if (n <= FEW)
		return true;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)octets[i];

		odd += c < 0x20 && c != '\n' && c != '\r' && c != '\t';
	}
	return utf8_valid(octets, n) && odd * 8 < n;
}

static void put_octets(struct sink *out, const char *octets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sink_printf(out, "\\x%02x", (unsigned char)octets[i]);
}

void script_put_text(struct sink *out, const char *octets, size_t n)
{
	sink_putc(out, '"');
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t size = utf8_next(octets + i, n - i, &cp);

		if (octets[i] == '\n')
			sink_puts(out, "\\n");
		else if (octets[i] == '\t')
			sink_puts(out, "\\t");
		else if (octets[i] == '\r')
			sink_puts(out, "\\r");
		else if (octets[i] == '"' || octets[i] == '\\')
			sink_printf(out, "\\%c", octets[i]);
		else if (octets[i] == '{')
			sink_puts(out, "{{");
		else if (!utf8_valid(octets + i, size) || is_control(cp))
			put_octets(out, octets + i, size);
		else
			sink_put(out, octets + i, size);
		i += size;
	}
	sink_putc(out, '"');
}

/* ---- options --------------------------------------------------------------------------------- */

enum option_kind { OPTION_SWITCH, OPTION_TIME, OPTION_NUMBER };

/* Those that a scene knows. A kernel's buffers are no windows: their sizes say nothing here. */
static const struct {
	const char *name;
	enum option_kind kind;
} options[] = {
	{"SO_REUSEADDR", OPTION_SWITCH},   {"SO_KEEPALIVE", OPTION_SWITCH},
	{"TCP_NODELAY", OPTION_SWITCH},    {"SO_LINGER", OPTION_TIME},
	{"TCP_KEEPIDLE", OPTION_TIME},     {"TCP_KEEPINTVL", OPTION_TIME},
	{"TCP_USER_TIMEOUT", OPTION_TIME}, {"TCP_KEEPCNT", OPTION_NUMBER},
	{"IP_TTL", OPTION_NUMBER},
};

enum { OPTION_COUNT = sizeof options / sizeof options[0] };

static int option_named(const char *name)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		if (strcmp(options[i].name, name) == 0)
			return i;
	}
	return -1;
}

bool script_has_option(const char *name)
{
	return option_named(name) >= 0;
}

void script_put_option(struct sink *out, const char *name, int64_t value)
{
	sink_printf(out, "%s ", name);
	switch (options[option_named(name)].kind) {
	case OPTION_SWITCH: sink_puts(out, value ? "on" : "off"); return;
	case OPTION_NUMBER: sink_printf(out, "%" PRId64, value < 0 ? 0 : value); return;
	case OPTION_TIME:
		if (value < 0)
			sink_puts(out, "off");
		else
			script_put_time(out, value);
		return;
	}
}

/* ---- people ---------------------------------------------------------------------------------- */

static bool is_loopback(const struct address *a)
{
	struct address six;

	address_parse("::1", &six);
	return a->family == FAMILY_IPV4 ? a->octets[0] == 127 : address_eq(a, &six);
}

/* One that no other person has, and that a person may have. */
static bool has_own_address(const struct survey *s, size_t host)
{
	const struct address *own = &trace_host_at(s->trace, (uint8_t)host)->address;

	if (own->family == FAMILY_NONE || address_is_multicast(own) || is_loopback(own))
		return false;
	for (size_t i = 0; i < s->hosts; i++) {
		if (i != host && s->cast[i].is_used &&
		    address_eq(own, &trace_host_at(s->trace, (uint8_t)i)->address))
			return false;
	}
	return true;
}

static void put_address(struct sink *out, const struct survey *s, size_t host)
{
	char text[ADDRESS_TEXT];

	if (has_own_address(s, host)) {
		address_text(&trace_host_at(s->trace, (uint8_t)host)->address, text);
		sink_printf(out, " address %s", text);
	} else if (s->cast[host].is_ipv6) {
		sink_printf(out, " address fd00::%zx", host + 1);
	}
}

static void put_isns(struct sink *out, const struct cast *c)
{
	const char *comma = " isn ";

	for (uint32_t i = 0; i < c->isns; i++) {
		sink_printf(out, "%s%" PRIu32, comma, c->isn[i]);
		comma = ", ";
	}
}

static void put_sizes(struct sink *out, const struct cast *c)
{
	uint32_t headers = c->is_ipv6 ? HEADERS_IPV6 : HEADERS_IPV4;
	uint32_t mtu = c->mss + headers;

	if (c->has_mss && c->mss >= 8) {
		sink_printf(out, " mss %uB", c->mss);
		if (mtu > MTU_USUAL)
			sink_printf(out, " mtu %uB", mtu < MTU_MOST ? mtu : MTU_MOST);
	} else if (c->has_no_mss) {
		sink_puts(out, " mss option off");
	}
	if (c->has_wnd && c->wnd > 0)
		sink_printf(out, " SO_RCVBUF %uB", c->wnd);
	/* The least that this shift is chosen for. */
	if (c->has_shift && !(c->lacks & OPT_WSCALE))
		sink_printf(out, " rcv buff max %uB",
			    HALF_WINDOW << (c->shift < SHIFT_MOST ? c->shift : SHIFT_MOST));
}

/* What its SYN says beside the MSS. */
static void put_extensions(struct sink *out, const struct cast *c)
{
	if (c->lacks & OPT_WSCALE)
		sink_puts(out, " scale off");
	if (c->lacks & OPT_SACK_PERMITTED)
		sink_puts(out, " sack off");
	if (c->lacks & OPT_TIMESTAMPS)
		sink_puts(out, " timestamps off");
}

/* Connections that came to it, and none of them was taken. */
static bool leaves_them_waiting(const struct survey *s, size_t host)
{
	bool is_called = s->cast[host].is_listening;

	for (size_t i = 0; i < s->lines; i++) {
		const struct line *l = &s->line[i];

		if (!l->conn || l->conn->host != host || l->conn->is_listener || l->is_active)
			continue;
		is_called = true;
		if (l->has_accept)
			return false;
	}
	return is_called;
}

static void put_title(struct sink *out, const struct trace *t, size_t host, int lang)
{
	const char *title = trace_host_at(t, (uint8_t)host)->title[lang];

	sink_puts(out, lang ? " zh " : " en ");
	script_put_text(out, title, strlen(title) < 60 ? strlen(title) : 60);
}

void script_put_cast(struct sink *out, const struct survey *s, const struct script_options *o)
{
	sink_puts(out, "woshou 1\n"
		       "title en \"As it was recorded\" zh \"按录下的样子\"\n\n");
	for (size_t i = 0; i < s->hosts; i++) {
		const struct cast *c = &s->cast[i];

		if (!c->is_used)
			continue;
		sink_printf(out, "person %s profile %s", c->name,
			    o->profile ? o->profile : "linux");
		put_title(out, s->trace, i, 0);
		put_title(out, s->trace, i, 1);
		sink_puts(out, " {");
		put_address(out, s, i);
		put_isns(out, c);
		put_sizes(out, c);
		put_extensions(out, c);
		if (c->is_hasty)
			sink_puts(out, " nagle off");
		if (leaves_them_waiting(s, i))
			sink_puts(out, " accepts by hand");
		if (c->reads_by_hand)
			sink_puts(out, " reads never");
		sink_puts(out, " }\n");
	}
	sink_putc(out, '\n');
}

/* ---- the wind -------------------------------------------------------------------------------- */

static void put_delays(struct sink *out, struct survey *s)
{
	bool is_told[CAST_MAX][CAST_MAX] = {{false}};
	usec delay = survey_delay(s);

	if (delay <= 0)
		return;
	for (size_t i = 0; i < s->lines; i++) {
		const struct line *l = survey_line(s, (uint32_t)i);
		uint8_t a, b;

		if (!l || l->conn->is_listener || l->conn->peer >= s->hosts)
			continue;
		a = l->is_active ? l->conn->host : l->conn->peer;
		b = l->is_active ? l->conn->peer : l->conn->host;
		if (a == b || is_told[a][b] || is_told[b][a])
			continue;
		is_told[a][b] = true;
		sink_printf(out, "wind %s <-> %s { delay ", s->cast[a].name, s->cast[b].name);
		script_put_time(out, delay);
		sink_puts(out, " }\n");
	}
}

static const char *class_of(const struct seg *s)
{
	if (s->ctl & RST)
		return "RST";
	if (s->ctl & SYN)
		return s->ctl & ACK ? "SYN+ACK" : "SYN";
	if (s->ctl & FIN)
		return "FIN";
	return s->text.len > 0 ? "data" : "ACK";
}

/* The how manieth of its kind it is: repetitions are counted by the sender. */
static uint32_t ordinal_of(const struct survey *s, const struct record *send)
{
	uint32_t n = send->seg.rexmit + 1u;

	if (send->seg.len > 0)
		return n;
	for (uint64_t i = send->serial; i-- > 0 && send->serial - i < LOOK_BACK;) {
		const struct record *r = trace_at(s->trace, i);

		if (r->kind == REC_SEND && r->conn == send->conn && r->seg.len == 0 &&
		    seq_eq(r->seg.ack, send->seg.ack) && seq_eq(r->seg.seq, send->seg.seq))
			n++;
	}
	return n;
}

static void put_ordinal(struct sink *out, uint32_t n)
{
	static const char *const ends[] = {"th", "st", "nd", "rd"};
	uint32_t last = n % 10;

	sink_printf(out, "%" PRIu32 "%s", n,
		    last < 4 && !(n % 100 > 10 && n % 100 < 14) ? ends[last] : "th");
}

/* "drop 1st where data seq = 1008", for what did not get through. */
static bool put_loss(struct sink *out, const struct survey *s, const struct record *wind)
{
	const struct record *send = wind->of < wind->serial ? trace_at(s->trace, wind->of) : wind;
	bool is_garbled = wind->detail == DEED_CORRUPT;

	if (!(deed_takes((enum deed)wind->detail) || is_garbled) || send->kind != REC_SEND ||
	    send->is_stranger || send->host >= s->hosts || send->peer >= s->hosts ||
	    send->host == send->peer)
		return false;
	sink_printf(out, "wind %s -> %s { %s ", s->cast[send->host].name, s->cast[send->peer].name,
		    is_garbled ? "corrupt" : "drop");
	put_ordinal(out, ordinal_of(s, send));
	sink_printf(out, " where %s seq = %" PRIu32, class_of(&send->seg), send->seg.seq.v);
	if (send->seg.len == 0 && (send->seg.ctl & ACK))
		sink_printf(out, " ack = %" PRIu32, send->seg.ack.v);
	sink_puts(out, wind->is_inferred ? " }  # inferred\n" : " }\n");
	return true;
}

void script_put_wind(struct sink *out, struct survey *s)
{
	uint64_t count = trace_count(s->trace);
	uint32_t rules = 0;

	put_delays(out, s);
	for (uint64_t i = 0; i < count && rules < RULES_MAX; i++) {
		const struct record *r = trace_at(s->trace, i);

		if (r->kind == REC_WIND)
			rules += put_loss(out, s, r);
	}
	sink_putc(out, '\n');
}
