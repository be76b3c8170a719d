/* SPDX-License-Identifier: MIT */
/* name=value ... of sysctl, and files of /proc/sys: the settings of knobs.def. */
#include <drill/script_order.h>

#include <string.h>

/* net/ipv4/tcp_sack, /proc/sys/net/ipv4/tcp_sack and net.ipv4.tcp_sack are one name. */
static const char *plain_name(struct orders *o, const char *text, size_t n)
{
	static const char proc[] = "/proc/sys/";
	static const char cubic[] = "/sys/module/tcp_cubic/parameters/";
	char *name;

	if (n > strlen(cubic) && memcmp(text, cubic, strlen(cubic)) == 0)
		return arena_printf(&o->p->s->arena, "tcp_cubic.%.*s", (int)(n - strlen(cubic)),
				    text + strlen(cubic));
	if (n > strlen(proc) && memcmp(text, proc, strlen(proc)) == 0) {
		text += strlen(proc);
		n -= strlen(proc);
	}
	name = arena_strndup(&o->p->s->arena, text, n);
	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '.';
	return name;
}

/* A number, or $((A*B*C)); up to `end`. */
static bool read_value(const char **at, int64_t *value)
{
	const char *c = *at;
	bool is_product = strncmp(c, "$((", 3) == 0;
	int64_t product = 1;

	c += is_product ? 3 : 0;
	for (;;) {
		int64_t n = 0;
		const char *from = c;

		if (c[0] == '0' && (c[1] == 'x' || c[1] == 'X')) {
			for (c += 2, from = c; *c && strchr("0123456789abcdefABCDEF", *c); c++)
				n = n > INT64_MAX / 32
					    ? n
					    : n * 16 +
						      (*c <= '9' ? *c - '0' : (*c | 32) - 'a' + 10);
		} else {
			for (; *c >= '0' && *c <= '9' && n <= INT64_MAX / 16; c++)
				n = n * 10 + (*c - '0');
		}
		if (c == from || __builtin_mul_overflow(product, n, &product))
			return false;
		if (!is_product)
			break;
		if (*c == '*') {
			c++;
			continue;
		}
		if (strncmp(c, "))", 2) != 0)
			return false;
		c += 2;
		break;
	}
	*value = product;
	*at = c;
	return true;
}

static bool read_values(struct orders *o, size_t word, const struct drill_knob_info *info,
			const char *text, struct drill_order *order)
{
	int words = 0;

	while (*text) {
		if (*text == ' ' || *text == '\t') {
			text++;
			continue;
		}
		if (words == DRILL_WORDS_MAX || !read_value(&text, &order->value[words]) ||
		    (*text && *text != ' ' && *text != '\t'))
			return order_error(o, word, NULL, "expected %s for %s",
					   info->words == 3 ? "three numbers" : "a number",
					   info->name);
		if (order->value[words] < info->least || order->value[words] > info->most)
			return order_error(o, word, NULL, "%s is from %lld to %lld", info->name,
					   (long long)info->least, (long long)info->most);
		words++;
	}
	if (words != info->words)
		return order_error(o, word, NULL, "%s takes %d number%s", info->name, info->words,
				   info->words == 1 ? "" : "s");
	return true;
}

static bool set_congestion(struct orders *o, size_t word, const char *text,
			   struct drill_order *order)
{
	static const char *const known[] = {"reno", "cubic", "newreno", NULL};

	for (size_t i = 0; known[i]; i++) {
		if (strcmp(known[i], text) == 0) {
			order->name = known[i];
			return true;
		}
	}
	return order_error(o, word, "reno, cubic", "unknown congestion control \"%s\"", text);
}

static bool set_knob(struct orders *o, size_t word, const char *name, const char *value)
{
	struct drill_order order = {
		.kind = ORDER_SET, .text = o->line->text, .at = o->line->words.at[word].at};
	const char *names[KNOB_COUNT + 1];
	const char *near;

	for (unsigned k = 0; k < KNOB_COUNT; k++) {
		const struct drill_knob_info *info = drill_knob_at(k);

		names[k] = info->name;
		if (strcmp(info->name, name) != 0)
			continue;
		order.knob = (uint8_t)k;
		if (info->words == 0 ? !set_congestion(o, word, value, &order)
				     : !read_values(o, word, info, value, &order))
			return false;
		*array_push(&o->out->list) = order;
		return true;
	}
	names[KNOB_COUNT] = NULL;
	near = strlen(name) < 64 ? nearest_word(name, names) : NULL;
	return order_error(o, word, near, "unknown setting \"%s\"", name);
}

bool order_sysctls(struct orders *o, size_t from)
{
	bool is_good = true;
	bool is_any = false;

	for (size_t i = from; i < o->line->words.count; i++) {
		const char *text = o->line->words.at[i].text;
		const char *equals = strchr(text, '=');

		if (text[0] == '-' && (text[1] == 'w' || text[1] == 'q' || text[1] == 'e') &&
		    !text[2])
			continue;
		if (!equals) {
			is_good = order_error(o, i, "name=value", "expected a setting");
			continue;
		}
		is_any = true;
		is_good =
			set_knob(o, i, plain_name(o, text, (size_t)(equals - text)), equals + 1) &&
			is_good;
	}
	if (is_good && !is_any)
		return order_error(o, 0, "name=value", "expected a setting");
	return is_good;
}

/* echo VALUE > FILE */
bool order_echo(struct orders *o)
{
	const struct shell_line *line = o->line;
	const char *file;

	if (line->words.count != 4 || !shell_is(line, 2, ">"))
		return order_error(o, 0, "echo N > /proc/sys/...", "echo makes a setting here");
	file = line->words.at[3].text;
	return set_knob(o, 3, plain_name(o, file, strlen(file)), line->words.at[1].text);
}
