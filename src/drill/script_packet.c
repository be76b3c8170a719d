/* SPDX-License-Identifier: MIT */
/* A packet: direction, ip info, flags, seq:seq(len), ack, win, urg, <options>. */
#include <drill/script_parse.h>

#include <string.h>

/* What other tools' scripts say and ours does not; each is told by its name. */
static const char *const other_protocols[] = {"udp",  "udplite", "sctp", "gre", "mpls",
					      "ipv4", "ipv6",    "tcp",  NULL};

static bool is_among(struct parser *p, const struct drill_token *t, const char *const *words)
{
	const char *text = t->kind == TOK_WORD ? drill_parse_text(p, t) : "";

	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

/* A number, `...` for one that is not looked at, `!` after one that is not shifted. */
static bool parse_open_number(struct parser *p, uint64_t most, const char *what, bool may_be_open,
			      struct drill_number *out)
{
	out->at = drill_place(p, drill_peek(p));
	out->is_given = true;
	if (may_be_open && drill_may_mark(p, MARK_DOTS)) {
		out->is_unchecked = true;
		return true;
	}
	return drill_number(p, most, what, &out->value);
}

/* ---- ip info ---- */

static uint8_t ecn_named(const char *word)
{
	static const char *const names[] = {[DRILL_ECN_NONE] = "noecn",
					    [DRILL_ECN_ECT1] = "ect1",
					    [DRILL_ECN_ECT0] = "ect0",
					    [DRILL_ECN_ECT01] = "ect01",
					    [DRILL_ECN_CE] = "ce"};

	for (uint8_t i = DRILL_ECN_NONE; i <= DRILL_ECN_CE; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return DRILL_ECN_UNSAID;
}

static bool parse_ip_item(struct parser *p, struct drill_packet *packet)
{
	static const char *const words[] = {"noecn", "ect0", "ect1", "ect01",     "ce", "tos",
					    "class", "ttl",  "hlim", "flowlabel", NULL};
	struct drill_ip_info *ip = &packet->ip;
	struct drill_token *t = drill_take(p);
	const char *word = t->kind == TOK_WORD ? drill_parse_text(p, t) : "";
	uint8_t ecn = ecn_named(word);

	if (ecn == DRILL_ECN_ECT01 && packet->is_in)
		return drill_parse_error(p, t, "ect0, or ect1",
					 "a packet to the stack has one of them");
	if (ecn != DRILL_ECN_UNSAID) {
		ip->ecn = ecn;
		ip->ecn_at = drill_place(p, t);
		return true;
	}
	if (strcmp(word, "tos") == 0 || strcmp(word, "class") == 0)
		return parse_open_number(p, 255, "the octet of service", false, &ip->tos);
	if (strcmp(word, "ttl") == 0 || strcmp(word, "hlim") == 0)
		return parse_open_number(p, 255, "the hop limit", false, &ip->ttl);
	if (strcmp(word, "flowlabel") == 0)
		return parse_open_number(p, 0xfffff, "the flow label", false, &ip->flow);
	return drill_parse_error(
		p, t, t->kind == TOK_WORD ? drill_near(p, t, words) : NULL,
		"unknown ip info: ect0, ect1, ect01, ce, noecn, tos N, class N, ttl N, hlim N");
}

static bool parse_ip_info(struct parser *p, struct drill_packet *packet)
{
	bool is_round = drill_is_mark(p, '(');

	packet->ip.at = drill_place(p, drill_peek(p));
	if (!is_round && !drill_is_mark(p, '['))
		return true;
	drill_take(p);
	do
		if (!parse_ip_item(p, packet))
			return false;
	while (drill_may_mark(p, ','));
	return drill_parse_mark(p, is_round ? ')' : ']', "ip info");
}

/* ---- flags and numbers ---- */

static bool parse_flag_word(struct parser *p, const struct drill_token *t, uint16_t *ctl)
{
	static const char letters[] = "FSRPUEWA";
	static const uint16_t bits[] = {FIN, SYN, RST, PSH, URG, ECE, CWR, AE};

	for (uint32_t i = 0; i < t->size; i++) {
		const char *at = t->text[i] ? strchr(letters, t->text[i]) : NULL;

		if (!at)
			return drill_parse_error(p, t, "F S R P U E W A, . for ACK, - for none",
						 "'%c' is no flag of TCP", t->text[i]);
		if (*ctl & bits[at - letters])
			return drill_parse_error(p, t, NULL, "the flag '%c' stands twice",
						 t->text[i]);
		*ctl |= bits[at - letters];
	}
	return true;
}

static bool parse_flags(struct parser *p, struct drill_packet *packet)
{
	struct drill_token *t = drill_peek(p);
	bool is_any = false;

	packet->ctl_at = drill_place(p, t);
	if (is_among(p, t, other_protocols))
		return drill_parse_error(p, t, NULL,
					 "only TCP segments and ICMP errors are spoken here");
	if (drill_may_mark(p, '-'))
		return true;
	if (drill_is_mark(p, '/'))
		return drill_parse_error(p, t, NULL, "encapsulation is not spoken here");
	if (t->kind == TOK_WORD) {
		is_any = true;
		if (!parse_flag_word(p, drill_take(p), &packet->ctl))
			return false;
	}
	if (drill_may_mark(p, '.')) {
		is_any = true;
		packet->ctl |= ACK;
		packet->ctl_at.size = (int)t->size + (t->kind == TOK_WORD);
	}
	if (!is_any)
		return drill_parse_error(p, t, "F S R P U E W A, . for ACK, - for none",
					 "expected the flags of a TCP segment, or icmp");
	return true;
}

/* seq:seq(len), or ...(len). The second number says again what len says. */
bool drill_parse_quote(struct parser *p, struct drill_number *number, uint32_t *len)
{
	struct drill_token *t = drill_peek(p);
	uint32_t end = 0;

	if (!parse_open_number(p, UINT32_MAX, "a sequence number", true, number))
		return false;
	if (!number->is_unchecked && (!drill_parse_mark(p, ':', "the first sequence number") ||
				      !drill_number(p, UINT32_MAX, "a sequence number", &end)))
		return false;
	if (!drill_parse_mark(p, '(', "the sequence numbers") ||
	    !drill_number(p, UINT32_MAX, "the length", len) ||
	    !drill_parse_mark(p, ')', "the length"))
		return false;
	if (!number->is_unchecked && number->value + *len != end)
		return drill_parse_error(p, t, "seq:seq+len(len); SYN and FIN are not counted",
					 "from %u to %u there are not %u octets",
					 (unsigned)number->value, (unsigned)end, (unsigned)*len);
	number->is_unmapped = drill_may_mark(p, '!');
	return true;
}

static bool parse_numbers(struct parser *p, struct drill_packet *packet)
{
	struct drill_token *t;
	bool is_out = !packet->is_in;

	packet->len_at = drill_place(p, drill_peek(p));
	if (!drill_parse_quote(p, &packet->seq, &packet->len))
		return false;
	if (packet->seq.is_unchecked && packet->is_in)
		return drill_parse_error(p, drill_peek(p), NULL,
					 "a packet to the stack has a sequence number");
	if (packet->len > 65535 && packet->is_in)
		return drill_parse_error(p, drill_peek(p), NULL,
					 "a packet has at most 65535 octets");
	if (drill_may_word(p, "ack")) {
		if (!parse_open_number(p, UINT32_MAX, "the acknowledgment", is_out, &packet->ack))
			return false;
		packet->ack.is_unmapped = drill_may_mark(p, '!');
	}
	t = drill_peek(p);
	if (drill_may_word(p, "win")) {
		if (!parse_open_number(p, 65535, "the window field", is_out, &packet->win))
			return false;
	} else if (packet->is_in) {
		return drill_parse_error(p, t, "win N, the 16 bits of the header",
					 "a packet to the stack needs its window");
	}
	if (drill_may_word(p, "urg") &&
	    !parse_open_number(p, 65535, "the urgent field", is_out, &packet->urg))
		return false;
	return true;
}

/* ---- options ---- */

static bool parse_timestamps(struct parser *p, const struct drill_packet *packet,
			     struct drill_option *o)
{
	o->kind = DRILL_TIMESTAMPS;
	if (!drill_may_word(p, "val"))
		return drill_parse_error(p, drill_peek(p), "TS val N ecr N",
					 "expected val after TS");
	if (!parse_open_number(p, UINT32_MAX, "the timestamp", !packet->is_in, &o->value))
		return false;
	if (!drill_may_word(p, "ecr"))
		return drill_parse_error(p, drill_peek(p), "TS val N ecr N",
					 "expected ecr after the value");
	return parse_open_number(p, UINT32_MAX, "the timestamp's echo", !packet->is_in, &o->ecr);
}

static bool parse_sack(struct parser *p, struct drill_option *o)
{
	o->kind = DRILL_SACK;
	while (drill_peek(p)->kind == TOK_NUMBER) {
		struct drill_token *t = drill_peek(p);
		uint32_t left, right;

		if (!drill_number(p, UINT32_MAX, "a sequence number", &left) ||
		    !drill_parse_mark(p, ':', "the left edge") ||
		    !drill_number(p, UINT32_MAX, "a sequence number", &right))
			return false;
		if (o->blocks == DRILL_SACK_MAX)
			return drill_parse_error(p, t, NULL, "there is room for 4 blocks only");
		o->block[o->blocks++] = (struct sack_block){seq(left), seq(right)};
	}
	return true;
}

static bool parse_option(struct parser *p, const struct drill_packet *packet,
			 struct drill_option *o)
{
	static const char *const words[] = {"mss", "wscale", "sackOK", "sack",
					    "TS",  "nop",    "eol",    NULL};
	static const char *const others[] = {"FO", "FOEXP", "FOEXP2", "md5", "acc2nd", "exp", NULL};
	struct drill_token *t = drill_take(p);
	const char *word = t->kind == TOK_WORD ? drill_parse_text(p, t) : "";

	o->at = drill_place(p, t);
	if (strcmp(word, "nop") == 0 || strcmp(word, "eol") == 0 || strcmp(word, "sackOK") == 0) {
		o->kind = word[0] == 'n' ? DRILL_NOP : word[0] == 'e' ? DRILL_EOL : DRILL_SACK_OK;
		return true;
	}
	if (strcmp(word, "mss") == 0) {
		o->kind = DRILL_MSS;
		return parse_open_number(p, 65535, "the MSS", !packet->is_in, &o->value);
	}
	if (strcmp(word, "wscale") == 0) {
		o->kind = DRILL_WSCALE;
		return parse_open_number(p, 255, "the shift count", !packet->is_in, &o->value);
	}
	if (strcmp(word, "sack") == 0)
		return parse_sack(p, o);
	if (strcmp(word, "TS") == 0)
		return parse_timestamps(p, packet, o);
	if (is_among(p, t, others))
		return drill_parse_error(p, t, NULL, "the option \"%s\" is not spoken here", word);
	return drill_parse_error(
		p, t, t->kind == TOK_WORD ? drill_near(p, t, words) : NULL,
		"expected an option: mss N, wscale N, sackOK, sack A:B, TS val N ecr N, nop, eol");
}

static uint32_t option_octets(const struct drill_option *o)
{
	static const uint8_t octets[] = {
		[DRILL_EOL] = 1,     [DRILL_NOP] = 1,  [DRILL_MSS] = 4,        [DRILL_WSCALE] = 3,
		[DRILL_SACK_OK] = 2, [DRILL_SACK] = 2, [DRILL_TIMESTAMPS] = 10};

	return octets[o->kind] + 8u * o->blocks;
}

bool drill_parse_options(struct parser *p, struct drill_packet *packet)
{
	struct drill_token *t = drill_peek(p);
	uint32_t octets = 0;

	packet->options_at = drill_place(p, t);
	drill_take(p);
	if (drill_is_mark(p, MARK_DOTS) && packet->is_in)
		return drill_parse_error(p, drill_peek(p), NULL,
					 "only an expected packet may leave its options open");
	if (drill_may_mark(p, MARK_DOTS)) {
		packet->are_options_unchecked = true;
		return drill_parse_mark(p, '>', "the options");
	}
	do {
		struct drill_option *o = &packet->option[packet->options];

		if (packet->options == DRILL_OPTIONS_MAX)
			return drill_parse_error(p, drill_peek(p), NULL,
						 "more than 40 octets of options");
		if (!parse_option(p, packet, o))
			return false;
		packet->options++;
		octets += option_octets(o);
	} while (drill_may_mark(p, ','));
	if (!drill_parse_mark(p, '>', "the options"))
		return false;
	if (octets > 40)
		return drill_parse_error(p, t, NULL, "%u octets of options: there is room for 40",
					 (unsigned)octets);
	if (octets % 4)
		return drill_parse_error(p, t, "fill them with nop, or with eol at the end",
					 "%u octets of options are not whole words of 4",
					 (unsigned)octets);
	return true;
}

bool drill_parse_packet(struct parser *p, struct drill_packet *packet)
{
	packet->at = drill_place(p, drill_peek(p));
	packet->is_in = drill_take(p)->mark == '<';
	if (!parse_ip_info(p, packet))
		return false;
	if (drill_may_word(p, "icmp"))
		return drill_parse_icmp(p, packet);
	if (!parse_flags(p, packet) || !parse_numbers(p, packet))
		return false;
	if (drill_is_mark(p, '<') && !drill_peek(p)->is_given)
		return drill_parse_options(p, packet);
	return true;
}
