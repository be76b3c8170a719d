/* SPDX-License-Identifier: MIT */
/* goto.c - what may be typed after `g`. */
#include <string.h>
#include <strings.h>
#include "stage/player.h"

static const char *skip_blanks(const char *s)
{
	while (*s == ' ')
		s++;
	return s;
}

/* Digits with at most nine before the point: enough for thirty years of seconds. */
static bool read_number(const char **s, int64_t *whole, int64_t *millionths)
{
	int digits = 0;
	int64_t weight = 100000;

	*whole = *millionths = 0;
	for (; **s >= '0' && **s <= '9'; (*s)++, digits++) {
		if (digits >= 9)
			return false;
		*whole = *whole * 10 + (**s - '0');
	}
	if (**s == '.') {
		for ((*s)++; **s >= '0' && **s <= '9'; (*s)++, digits++, weight /= 10)
			*millionths += (**s - '0') * weight;
	}
	return digits > 0;
}

static bool read_time(const char *s, usec *out)
{
	static const struct {
		const char *name;
		usec unit;
	} units[] = {{"us", 1},        {"ms", USEC_PER_MS},      {"s", USEC_PER_S},
		     {"", USEC_PER_S}, {"min", 60 * USEC_PER_S}, {"h", 3600 * USEC_PER_S}};
	int64_t whole, millionths;

	if (!read_number(&s, &whole, &millionths))
		return false;
	s = skip_blanks(s);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(s, units[i].name) == 0) {
			*out = whole * units[i].unit + millionths * units[i].unit / 1000000;
			return true;
		}
	}
	return false;
}

static bool seg_is(const struct seg *s, const char *what)
{
	if (strcasecmp(what, "data") == 0)
		return s->text.len > 0;
	if (strcasecmp(what, "FIN") == 0)
		return (s->ctl & FIN) != 0;
	if (strcasecmp(what, "RST") == 0)
		return (s->ctl & RST) != 0;
	if (strcasecmp(what, "SYN") == 0)
		return (s->ctl & (SYN | ACK)) == SYN;
	if (strcasecmp(what, "SYN+ACK") == 0)
		return (s->ctl & (SYN | ACK)) == (SYN | ACK);
	if (strcasecmp(what, "ACK") == 0)
		return (s->ctl & (SYN | FIN | RST | ACK)) == ACK && s->text.len == 0;
	return false;
}

static bool go_record(struct player *p, uint64_t record)
{
	player_go(p, story_stop_of(p->story, record));
	return true;
}

static bool goto_next(struct player *p, const char *what)
{
	const struct trace *t = p->story->trace;

	for (uint64_t i = p->cursor; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_SEND && seg_is(&r->seg, what))
			return go_record(p, i);
	}
	return false;
}

/* "time-wait" is TIME_WAIT too, and SYN_RECEIVED is SYN_RCVD. */
static bool is_state(enum state s, const char *name)
{
	const char *own = state_name(s);

	if (s == SYN_RECEIVED &&
	    (strcasecmp(name, "SYN_RECEIVED") == 0 || strcasecmp(name, "SYN-RECEIVED") == 0))
		return true;
	for (; *own && *name; own++, name++) {
		char a = *own == '-' ? '_' : *own;
		char b = *name == '-' ? '_' : *name;

		if (strncasecmp(&a, &b, 1) != 0)
			return false;
	}
	return *own == *name;
}

static bool goto_state(struct player *p, const char *name)
{
	const struct trace *t = p->story->trace;

	for (uint64_t i = p->cursor; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (r->kind == REC_STATE && r->from != r->to && is_state((enum state)r->to, name))
			return go_record(p, i);
	}
	return false;
}

static bool goto_time(struct player *p, const char *where, int sign)
{
	usec at;

	if (!read_time(where, &at))
		return false;
	at = sign == 0 ? at : p->now + sign * at;
	if (at < 0 || at > p->story->end)
		return false;
	player_seek(p, at);
	return true;
}

static bool goto_record(struct player *p, const char *where)
{
	int64_t number, ignored;

	if (!read_number(&where, &number, &ignored) || *skip_blanks(where) != '\0' ||
	    (uint64_t)number >= trace_count(p->story->trace))
		return false;
	return go_record(p, (uint64_t)number);
}

bool player_goto(struct player *p, const char *where, enum string *complaint)
{
	where = skip_blanks(where);
	p->is_playing = false;
	if (*where == '+' || *where == '-') {
		*complaint = STRING_GOTO_TIME;
		return goto_time(p, where + 1, *where == '+' ? 1 : -1);
	}
	if (*where == '#') {
		*complaint = STRING_GOTO_RECORD;
		return goto_record(p, where + 1);
	}
	if (*where >= '0' && *where <= '9') {
		*complaint = STRING_GOTO_TIME;
		return goto_time(p, where, 0);
	}
	if (strncasecmp(where, "next ", 5) == 0) {
		*complaint = STRING_GOTO_NEXT;
		return goto_next(p, skip_blanks(where + 5));
	}
	if (strncasecmp(where, "state ", 6) == 0) {
		*complaint = STRING_GOTO_STATE;
		return goto_state(p, skip_blanks(where + 6));
	}
	*complaint = STRING_GOTO_UNKNOWN;
	return false;
}
