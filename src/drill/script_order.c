/* SPDX-License-Identifier: MIT */
/* A command becomes orders. Nothing is ever executed; what is not known is an error. */
#include <drill/script_order.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <woshou/tcp.h>

bool shell_is(const struct shell_line *line, size_t index, const char *word)
{
	return index < line->words.count && strcmp(line->words.at[index].text, word) == 0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text);
	size_t m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0 && (n == m || text[n - m - 1] == '/');
}

struct drill_order *order_new(struct orders *o, enum drill_order_kind kind)
{
	struct drill_order *order = array_push(&o->out->list);

	*order = (struct drill_order){
		.kind = (uint8_t)kind, .text = o->line->text, .at = o->line->at};
	return order;
}

bool order_error(struct orders *o, size_t word, const char *hint, const char *format, ...)
{
	struct place at = word < o->line->words.count ? o->line->words.at[word].at : o->line->at;
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	diag_error(o->p->d, at,
		   o->p->d->errors < DIAG_MAX ? drill_script_line(o->p->s, at.line) : NULL, hint,
		   "%s", message);
	return false;
}

bool order_number(const char *text, int64_t *value)
{
	int64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > INT64_MAX / 10 - 1)
			return false;
		n = n * 10 + (*text - '0');
	}
	*value = n;
	return true;
}

/* ---- questions: sockets in a state, counters ---- */

static bool state_named(const char *name, uint8_t *out)
{
	for (unsigned s = CLOSED; s <= TIME_WAIT; s++) {
		if (strcmp(state_name(s), name) == 0) {
			*out = (uint8_t)s;
			return true;
		}
	}
	return false;
}

static bool need_state(struct orders *o, size_t word, uint8_t *state)
{
	const char *names[TIME_WAIT + 2] = {NULL};
	const char *text = word < o->line->words.count ? o->line->words.at[word].text : "";
	const char *near;

	if (state_named(text, state))
		return true;
	for (unsigned s = CLOSED; s <= TIME_WAIT; s++)
		names[s] = state_name(s);
	near = strlen(text) < 64 ? nearest_word(text, names) : NULL;
	return order_error(o, word, near, "\"%s\" is no state of a connection", text);
}

static size_t find_word(const struct orders *o, size_t from, const char *word)
{
	while (from < o->line->words.count && !shell_is(o->line, from, word))
		from++;
	return from;
}

/* sockstat ... | grep NAME | grep -c STATE | grep N */
static bool order_sockstat(struct orders *o)
{
	struct drill_order order = {.is_partial = true};
	size_t pipe = find_word(o, 0, "|");
	size_t count = find_word(o, 0, "-c");
	size_t last;

	for (size_t i = 1; i < pipe; i++) {
		int64_t port = 0;

		if (shell_is(o->line, i, "-4"))
			order.ip = 4;
		if (shell_is(o->line, i, "-6"))
			order.ip = 6;
		if (!shell_is(o->line, i, "-p"))
			continue;
		if (i + 1 >= pipe || !order_number(o->line->words.at[i + 1].text, &port) ||
		    port > UINT16_MAX)
			return order_error(o, i, NULL, "expected a port after -p");
		order.port = (uint16_t)port;
	}
	last = find_word(o, count, "|");
	if (count < 1 || last + 3 != o->line->words.count ||
	    !shell_is(o->line, count - 1, "grep") || !shell_is(o->line, last + 1, "grep") ||
	    !order_number(o->line->words.at[last + 2].text, &order.value[0]))
		return order_error(o, 0, "sockstat ... | grep -c STATE | grep N",
				   "sockstat asks here for the number of sockets in a state");
	if (!need_state(o, count + 1, &order.state))
		return false;
	order.kind = ORDER_EXPECT_COUNT;
	order.text = o->line->text;
	order.at = o->line->at;
	*array_push(&o->out->list) = order;
	return true;
}

static bool order_tcpdrop(struct orders *o)
{
	uint8_t state;

	if (!shell_is(o->line, 1, "-s") || o->line->words.count != 3)
		return order_error(o, 0, NULL, "expected tcpdrop -s STATE");
	if (!need_state(o, 2, &state))
		return false;
	order_new(o, ORDER_DROP_STATE)->state = state;
	return true;
}

/* nstat -n; nstat -s | grep NAME | grep -q " N " */
static bool order_nstat(struct orders *o)
{
	size_t name = find_word(o, 0, "grep");
	size_t number = find_word(o, name + 1, "grep");
	struct drill_order *order;
	int64_t value;
	char text[32];
	size_t n = 0;

	if (name >= o->line->words.count) {
		if (o->line->words.count == 2 && shell_is(o->line, 1, "-n")) {
			order_new(o, ORDER_COUNTERS);
			return true;
		}
		return order_error(o, 0, "nstat -n; nstat | grep NAME | grep -q \" N \"",
				   "nstat resets the counters or asks for one here");
	}
	number += number < o->line->words.count;
	number += shell_is(o->line, number, "-q");
	if (number + 1 != o->line->words.count)
		return order_error(o, 0, "nstat | grep NAME | grep -q \" N \"",
				   "nstat resets the counters or asks for one here");
	for (const char *c = o->line->words.at[number].text; *c && n + 1 < sizeof text; c++)
		if (*c != ' ')
			text[n++] = *c;
	text[n] = '\0';
	if (!order_number(text, &value))
		return order_error(o, number, NULL, "expected the counter's number");
	order = order_new(o, ORDER_EXPECT_COUNTER);
	order->name = o->line->words.at[name + 1].text;
	order->value[0] = value;
	return true;
}

/* ---- the device and the route ---- */

/* The number after a word of the line; 0 when the word is not there, -1 when the number is not. */
static int64_t number_after(const struct orders *o, const char *word, const char *also)
{
	size_t at = find_word(o, 0, word);
	int64_t value;

	if (at >= o->line->words.count)
		return 0;
	at += 1u + (also && shell_is(o->line, at + 1, also));
	if (at < o->line->words.count && order_number(o->line->words.at[at].text, &value) &&
	    value > 0 && value <= 65535)
		return value;
	return -1;
}

static bool order_tc(struct orders *o)
{
	const struct shell_line *line = o->line;
	size_t root = find_word(o, 0, "root");
	size_t kind = root + 1;
	bool is_away = shell_is(line, 2, "delete") || shell_is(line, 2, "del");

	if (!shell_is(line, 1, "qdisc") || root >= line->words.count ||
	    !(is_away || shell_is(line, 2, "add") || shell_is(line, 2, "replace")))
		return order_error(o, 0, "tc qdisc replace dev tun0 root fq",
				   "tc sets the queue of the device here");
	if (is_away) {
		order_new(o, ORDER_FIFO);
	} else if (shell_is(line, kind, "fq")) {
		order_new(o, ORDER_PACING);
	} else if (shell_is(line, kind, "pfifo") || shell_is(line, kind, "bfifo")) {
		order_new(o, shell_is(line, kind + 1, "limit") && shell_is(line, kind + 2, "0")
				     ? ORDER_BLACK_HOLE
				     : ORDER_FIFO);
	} else {
		return order_error(o, kind, "fq, pfifo, pfifo limit 0", "unknown queue");
	}
	return true;
}

static bool order_ethtool(struct orders *o)
{
	bool is_off = false;

	for (size_t i = 3; i + 1 < o->line->words.count; i += 2) {
		if (!shell_is(o->line, i, "tso") && !shell_is(o->line, i, "gso") &&
		    !shell_is(o->line, i, "gro"))
			return order_error(o, i, "tso, gso, gro", "unknown feature of a device");
		if (!shell_is(o->line, i + 1, "off") && !shell_is(o->line, i + 1, "on"))
			return order_error(o, i + 1, NULL, "expected on or off");
		is_off = is_off || shell_is(o->line, i + 1, "off");
	}
	if (!shell_is(o->line, 1, "-K") || o->line->words.count < 5)
		return order_error(o, 0, "ethtool -K tun0 tso off gso off",
				   "ethtool turns super-segments off here");
	order_new(o, is_off ? ORDER_SEGMENTS : ORDER_NOTHING);
	return true;
}

static bool order_ip(struct orders *o)
{
	size_t what = shell_is(o->line, 1, "-6") || shell_is(o->line, 1, "-4") ? 2 : 1;
	int64_t mtu = number_after(o, "mtu", "lock");
	int64_t advmss = number_after(o, "advmss", NULL);
	struct drill_order *order;

	if (mtu < 0 || advmss < 0)
		return order_error(o, what, NULL, "expected a number of octets");
	if (shell_is(o->line, what, "link") && mtu > 0) {
		order_new(o, ORDER_LINK_MTU)->value[0] = mtu;
		return true;
	}
	if (!shell_is(o->line, what, "route") || (mtu == 0 && advmss == 0))
		return order_error(o, what,
				   "ip link set dev tun0 mtu N; ip route change ... mtu lock N",
				   "ip sets an MTU or an MSS here");
	order = order_new(o, ORDER_ROUTE);
	order->value[0] = mtu;
	order->value[1] = advmss;
	return true;
}

/* ---- which command ---- */

static bool order_line(struct orders *o)
{
	static const char *const known[] = {"sysctl",      "sockstat",       "tcpdrop", "nstat",
					    "tc",          "ethtool",        "ip",      "echo",
					    "defaults.sh", "set_sysctls.py", NULL};
	static const struct {
		const char *name;
		bool (*read)(struct orders *o);
	} readers[] = {{"sockstat", order_sockstat}, {"tcpdrop", order_tcpdrop},
		       {"nstat", order_nstat},       {"tc", order_tc},
		       {"ethtool", order_ethtool},   {"ip", order_ip},
		       {"echo", order_echo}};
	const char *word = o->line->words.at[0].text;
	const char *near;

	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		if (strcmp(readers[i].name, word) == 0)
			return readers[i].read(o);
	if (strcmp(word, "sysctl") == 0 || ends_with(word, "set_sysctls.py"))
		return order_sysctls(o, 1);
	if (ends_with(word, "sysctl_restore_${PPID}.sh")) {
		order_new(o, ORDER_RESTORE);
		return true;
	}
	if (ends_with(word, "defaults.sh")) {
		order_new(o, ORDER_DEFAULTS);
		return true;
	}
	near = strlen(word) < 64 ? nearest_word(word, known) : NULL;
	return order_error(o, 0, near, "the command \"%s\" is not known, and none is ever executed",
			   word);
}

/* ---- the shell's words ---- */

struct shell {
	struct parser *p;
	const char *at, *end;
	const char *line_start;
	int line;
	int extra; /* octets of its first line that lie before line_start */
};

static struct place shell_place(const struct shell *s, const char *from, size_t size)
{
	return (struct place){s->p->s->name, s->line, (int)(from - s->line_start) + s->extra,
			      (int)size};
}

static bool shell_next_line(struct shell *s)
{
	s->at++;
	s->line++;
	s->line_start = s->at;
	s->extra = 0;
	return true;
}

static bool ends_word(const char *at, const char *end)
{
	return at >= end || strchr(" \t\r\n;|>", *at) ||
	       (*at == '&' && end - at > 1 && at[1] == '&');
}

/* The end of the word at `s->at`: quotes may hold blanks. */
static const char *word_end(const struct shell *s)
{
	const char *at = s->at;
	char quote = 0;

	while (at < s->end && *at != '\n' && (quote || !ends_word(at, s->end))) {
		if (quote ? *at == quote : *at == '"' || *at == '\'')
			quote = quote ? 0 : *at;
		at++;
	}
	if (at == s->at) /* | or > or >> */
		at += s->end - at > 1 && at[1] == at[0] ? 2 : 1;
	return at;
}

static void shell_read_word(struct shell *s, struct shell_line *line)
{
	const char *end = word_end(s);
	struct place at = shell_place(s, s->at, (size_t)(end - s->at));
	char *text = arena_alloc(&s->p->s->arena, (size_t)(end - s->at) + 1);
	size_t n = 0;
	char quote = 0;

	for (; s->at < end; s->at++) {
		if (quote ? *s->at == quote : *s->at == '"' || *s->at == '\'')
			quote = quote ? 0 : *s->at;
		else if (*s->at)
			text[n++] = *s->at;
	}
	*array_push(&line->words) = (struct shell_word){text, at};
}

/* The words up to the end of one command. False: there is none any more. */
static bool shell_read(struct shell *s, struct shell_line *line)
{
	const char *from = NULL;

	array_clear(&line->words);
	while (s->at < s->end) {
		if (*s->at == '\\' && s->end - s->at > 1 && s->at[1] == '\n') {
			s->at++;
			shell_next_line(s);
		} else if (*s->at == '\n' || *s->at == ';' || *s->at == '&') {
			bool is_line = *s->at == '\n';

			if (line->words.count > 0)
				break;
			if (is_line)
				shell_next_line(s);
			else
				s->at++;
		} else if (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\0') {
			s->at++;
		} else if (*s->at == '#') {
			while (s->at < s->end && *s->at != '\n')
				s->at++;
		} else {
			from = from ? from : s->at;
			shell_read_word(s, line);
		}
	}
	if (line->words.count == 0)
		return false;
	line->at = line->words.at[0].at;
	line->text = arena_strndup(&s->p->s->arena, from, (size_t)(s->at - from));
	return true;
}

bool drill_parse_command(struct parser *p, struct drill_command *command)
{
	struct drill_token *t = drill_take(p);
	struct shell s = {.p = p,
			  .at = t->text + 1,
			  .end = t->text + t->size - 1,
			  .line_start = t->text,
			  .line = t->line,
			  .extra = t->byte};
	struct order_list list = {0};
	struct shell_line line = {0};
	bool is_good = true;

	command->at = drill_place(p, t);
	command->text = arena_strndup(&p->s->arena, t->text + 1, t->size - 2);
	while (shell_read(&s, &line)) {
		struct orders o = {p, &list, &line};

		is_good = order_line(&o) && is_good;
	}
	command->count = (uint32_t)list.list.count;
	if (command->count > 0) {
		command->orders =
			arena_alloc(&p->s->arena, command->count * sizeof *command->orders);
		memcpy(command->orders, list.list.at, command->count * sizeof *command->orders);
	}
	array_fini(&list.list);
	array_fini(&line.words);
	return is_good;
}
