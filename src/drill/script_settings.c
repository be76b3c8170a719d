/* SPDX-License-Identifier: MIT */
/* The lines `--name=value` before everything else. */
#include <drill/script_parse.h>

#include <string.h>

enum option {
	OPTION_TOLERANCE,
	OPTION_PERCENT,
	OPTION_STRICT,
	OPTION_IP,
	OPTION_MSS,
	OPTION_MTU,
	OPTION_TS_TICK,
	OPTION_BIND_PORT,
	OPTION_CONNECT_PORT,
	OPTION_LOCAL_IP,
	OPTION_REMOTE_IP,
	OPTIONS,
};

static const struct {
	const char *name;
	uint64_t least, most; /* of a number; 0, 0: a word, or nothing */
} options[OPTIONS] = {
	[OPTION_TOLERANCE] = {"--tolerance_usecs", 0, 1000000000},
	[OPTION_PERCENT] = {"--tolerance_percent", 0, 100},
	[OPTION_STRICT] = {"--strict_segments", 0, 0},
	[OPTION_IP] = {"--ip_version", 0, 0},
	[OPTION_MSS] = {"--mss", 1, 65535},
	[OPTION_MTU] = {"--mtu", 68, 65535},
	[OPTION_TS_TICK] = {"--tcp_ts_tick_usecs", 0, 1000000},
	[OPTION_BIND_PORT] = {"--bind_port", 1, 65535},
	[OPTION_CONNECT_PORT] = {"--connect_port", 1, 65535},
	[OPTION_LOCAL_IP] = {"--local_ip", 0, 0},
	[OPTION_REMOTE_IP] = {"--remote_ip", 0, 0},
};

/* They describe the machine that a real packetdrill runs on; a world has none of it. */
static const char *const idle[] = {"--gateway_ip",
				   "--netmask_ip",
				   "--speed",
				   "--init_scripts",
				   "--non_fatal",
				   "--verbose",
				   "--debug",
				   "--local_linklayer_gateway_ip",
				   NULL};

static const char *value_of(struct parser *p, const struct drill_token *t)
{
	size_t skip = t->name_size + 1u;
	size_t n = t->size > skip ? t->size - skip : 0;
	const char *text = t->text + skip;

	if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
		text++;
		n -= 2;
	}
	return n > 0 ? arena_strndup(&p->s->arena, text, n) : "";
}

static bool read_number(struct parser *p, const struct drill_token *t, enum option which,
			const char *value, uint32_t *out)
{
	uint64_t n = 0;
	const char *c = value;

	for (; *c >= '0' && *c <= '9' && n <= UINT32_MAX; c++)
		n = n * 10 + (uint64_t)(*c - '0');
	if (c == value || *c || n < options[which].least || n > options[which].most)
		return drill_parse_error(p, t, NULL, "%s takes a number from %llu to %llu",
					 options[which].name,
					 (unsigned long long)options[which].least,
					 (unsigned long long)options[which].most);
	*out = (uint32_t)n;
	return true;
}

static bool set_ip(struct parser *p, const struct drill_token *t, const char *value)
{
	static const char *const names[] = {"ipv4", "ipv6", "ipv4-mapped-ipv6", NULL};
	struct drill_options *o = &p->s->options;

	for (uint8_t i = 0; names[i]; i++) {
		if (strcmp(names[i], value) == 0 ||
		    (i == 2 && strcmp(value, "ipv4_mapped_ipv6") == 0)) {
			o->ip = i;
			o->ip_at = drill_place(p, t);
			return true;
		}
	}
	return drill_parse_error(p, t, "ipv4, ipv6, ipv4-mapped-ipv6", "unknown IP version \"%s\"",
				 value);
}

static bool set_words(struct parser *p, const struct drill_token *t, enum option which,
		      const char *value)
{
	struct drill_options *o = &p->s->options;

	if (which == OPTION_STRICT) {
		o->has_strict = true;
		return true;
	}
	if (which == OPTION_IP)
		return set_ip(p, t, value);
	if (!value[0])
		return drill_parse_error(p, t, NULL, "%s takes an address", options[which].name);
	if (which == OPTION_LOCAL_IP) {
		o->local_ip = value;
		o->local_ip_at = drill_place(p, t);
	} else {
		o->remote_ip = value;
		o->remote_ip_at = drill_place(p, t);
	}
	return true;
}

static void set_number(struct parser *p, const struct drill_token *t, enum option which, uint32_t n)
{
	struct drill_options *o = &p->s->options;

	switch (which) {
	case OPTION_TOLERANCE:
		o->tolerance = n;
		o->has_tolerance = true;
		break;
	case OPTION_PERCENT:
		o->percent = (uint8_t)n;
		o->has_percent = true;
		break;
	case OPTION_MSS: o->mss = n; break;
	case OPTION_MTU:
		o->mtu = n;
		o->mtu_at = drill_place(p, t);
		break;
	case OPTION_TS_TICK: o->ts_tick = n; break;
	case OPTION_BIND_PORT: o->bind_port = (uint16_t)n; break;
	case OPTION_CONNECT_PORT: o->connect_port = (uint16_t)n; break;
	case OPTION_STRICT:
	case OPTION_IP:
	case OPTION_LOCAL_IP:
	case OPTION_REMOTE_IP:
	case OPTIONS: break;
	}
}

static void parse_setting(struct parser *p, const struct drill_token *t)
{
	const char *names[OPTIONS + 1];
	struct drill_token name = *t;
	const char *value = value_of(p, t);
	const char *word;
	uint32_t n = 0;

	name.size = t->name_size;
	word = drill_parse_text(p, &name);
	for (size_t i = 0; idle[i]; i++) {
		if (strcmp(idle[i], word) == 0) {
			diag_warning(p->d, drill_place(p, &name),
				     p->d->warnings < DIAG_MAX ? drill_script_line(p->s, t->line)
							       : NULL,
				     NULL, "%s describes a machine: it means nothing here", word);
			return;
		}
	}
	for (enum option i = 0; i < OPTIONS; i++) {
		names[i] = options[i].name;
		if (strcmp(options[i].name, word) != 0)
			continue;
		if (options[i].most == 0)
			(void)set_words(p, t, i, value);
		else if (read_number(p, t, i, value, &n))
			set_number(p, t, i, n);
		return;
	}
	names[OPTIONS] = NULL;
	drill_parse_error(p, &name, drill_near(p, &name, names), "unknown option %s", word);
}

void drill_parse_settings(struct parser *p)
{
	struct drill_options *o = &p->s->options;

	o->tolerance = 4000;
	o->mtu = 1500;
	o->bind_port = o->connect_port = 8080;
	while (drill_peek(p)->kind == TOK_OPTION)
		parse_setting(p, drill_take(p));
}
