/* SPDX-License-Identifier: MIT */
/* icmp TYPE [CODE] [mtu N] [seq:seq(len)], with the numbers of RFC 792, 1812 and 4443. */
#include <drill/script_parse.h>

#include <string.h>

struct icmp_word {
	bool is_ipv6;
	uint8_t type;   /* enum drill_icmp_type */
	uint8_t number; /* of the type, on the wire */
	uint8_t code;
	const char *name; /* of the code */
};

/* clang-format off */
static const struct icmp_word codes[] = {
	{false, DRILL_ICMP_UNREACHABLE, 3, 0, "net_unreachable"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 1, "host_unreachable"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 2, "protocol_unreachable"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 3, "port_unreachable"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 4, "frag_needed"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 5, "source_route_failed"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 6, "net_unknown"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 7, "host_unknown"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 8, "source_host_isolated"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 9, "net_prohibited"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 10, "host_prohibited"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 11, "net_unreachable_for_tos"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 12, "host_unreachable_for_tos"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 13, "packet_filtered"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 13, "admin_prohibited"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 14, "precedence_violation"},
	{false, DRILL_ICMP_UNREACHABLE, 3, 15, "precedence_cutoff"},
	{false, DRILL_ICMP_SOURCE_QUENCH, 4, 0, ""},
	{false, DRILL_ICMP_REDIRECT, 5, 0, ""},
	{false, DRILL_ICMP_REDIRECT, 5, 0, "redirect_net"},
	{false, DRILL_ICMP_REDIRECT, 5, 1, "redirect_host"},
	{false, DRILL_ICMP_REDIRECT, 5, 2, "redirect_tos_net"},
	{false, DRILL_ICMP_REDIRECT, 5, 3, "redirect_tos_host"},
	{false, DRILL_ICMP_TIME_EXCEEDED, 11, 0, "ttl_exceeded_in_transit"},
	{false, DRILL_ICMP_TIME_EXCEEDED, 11, 0, "exceeded_ttl"},
	{false, DRILL_ICMP_TIME_EXCEEDED, 11, 1, "frag_reass_exceeded"},
	{false, DRILL_ICMP_TIME_EXCEEDED, 11, 1, "exceeded_frag_time"},
	{false, DRILL_ICMP_PARAMETER_PROBLEM, 12, 0, "code_0"},
	{false, DRILL_ICMP_PARAMETER_PROBLEM, 12, 1, "code_1"},
	{false, DRILL_ICMP_PARAMETER_PROBLEM, 12, 2, "code_2"},
	{true, DRILL_ICMP_UNREACHABLE, 1, 0, "no_route"},
	{true, DRILL_ICMP_UNREACHABLE, 1, 1, "admin_prohibited"},
	{true, DRILL_ICMP_UNREACHABLE, 1, 2, "not_neighbour"},
	{true, DRILL_ICMP_UNREACHABLE, 1, 3, "address_unreachable"},
	{true, DRILL_ICMP_UNREACHABLE, 1, 4, "port_unreachable"},
	{true, DRILL_ICMP_PACKET_TOO_BIG, 2, 0, ""},
	{true, DRILL_ICMP_TIME_EXCEEDED, 3, 0, "exceeded_hop_limit"},
	{true, DRILL_ICMP_TIME_EXCEEDED, 3, 1, "exceeded_frag_time"},
	{true, DRILL_ICMP_PARAMETER_PROBLEM, 4, 0, "header_field"},
	{true, DRILL_ICMP_PARAMETER_PROBLEM, 4, 1, "unknown_next_header"},
	{true, DRILL_ICMP_PARAMETER_PROBLEM, 4, 2, "unknown_option"},
};
/* clang-format on */

enum { CODES = sizeof codes / sizeof codes[0] };

static const char *const types[] = {
	"unreachable",       "source_quench",  "redirect", "time_exceeded",
	"parameter_problem", "packet_too_big", NULL};

static const struct icmp_word *code_named(bool is_ipv6, uint8_t type, const char *name)
{
	for (size_t i = 0; i < CODES; i++)
		if (codes[i].is_ipv6 == is_ipv6 && codes[i].type == type &&
		    (!name || strcmp(codes[i].name, name) == 0))
			return &codes[i];
	return NULL;
}

static bool parse_type(struct parser *p, struct drill_icmp *icmp)
{
	struct drill_token *t = drill_take(p);

	icmp->at = drill_place(p, t);
	icmp->type_name = t->kind == TOK_WORD ? drill_parse_text(p, t) : "";
	for (uint8_t i = 0; types[i]; i++) {
		if (strcmp(types[i], icmp->type_name) == 0) {
			icmp->type = i;
			return true;
		}
	}
	return drill_parse_error(
		p, t, t->kind == TOK_WORD ? drill_near(p, t, types) : NULL,
		"expected a type of ICMP: unreachable, time_exceeded, parameter_problem...");
}

static bool parse_code_name(struct parser *p, struct drill_icmp *icmp)
{
	bool is_ipv6 = p->s->options.ip == DRILL_IPV6;
	const struct icmp_word *first = code_named(is_ipv6, icmp->type, NULL);
	struct drill_token *t = drill_peek(p);
	const char *names[CODES + 1];
	const struct icmp_word *code;
	size_t n = 0;

	icmp->code_at = drill_place(p, t);
	icmp->code_name = "";
	if (!first)
		return drill_parse_error(p, t, NULL, "ICMP for IPv%d has no %s", is_ipv6 ? 6 : 4,
					 icmp->type_name);
	icmp->number = first->number;
	if (t->kind == TOK_NUMBER) {
		uint32_t value;

		icmp->code_name = drill_parse_text(p, t);
		if (!drill_number(p, 255, "the code", &value))
			return false;
		icmp->code = (uint8_t)value;
		return true;
	}
	if (t->kind != TOK_WORD || drill_is_word(p, "mtu"))
		return true;
	icmp->code_name = drill_parse_text(p, t);
	code = code_named(is_ipv6, icmp->type, icmp->code_name);
	for (size_t i = 0; i < CODES; i++)
		if (codes[i].is_ipv6 == is_ipv6 && codes[i].type == icmp->type)
			names[n++] = codes[i].name;
	names[n] = NULL;
	if (!code)
		return drill_parse_error(p, t, drill_near(p, t, names),
					 "%s has no such code for IPv%d", icmp->type_name,
					 is_ipv6 ? 6 : 4);
	icmp->code = code->code;
	drill_take(p);
	return true;
}

bool drill_parse_icmp(struct parser *p, struct drill_packet *packet)
{
	struct drill_icmp *icmp = &packet->icmp;
	struct drill_token *t = drill_peek(p);

	packet->is_icmp = true;
	if (!packet->is_in)
		return drill_parse_error(p, t, NULL, "ICMP errors are only given to the stack (<)");
	if (!parse_type(p, icmp) || !parse_code_name(p, icmp))
		return false;
	if (drill_may_word(p, "mtu")) {
		icmp->mtu.is_given = true;
		icmp->mtu.at = drill_place(p, drill_peek(p));
		if (!drill_number(p, UINT32_MAX, "the MTU", &icmp->mtu.value))
			return false;
	}
	if (!drill_may_mark(p, '['))
		return true;
	icmp->has_quote = true;
	return drill_parse_quote(p, &icmp->quote, &icmp->quote_len) &&
	       drill_parse_mark(p, ']', "the quoted sequence numbers");
}
