/* SPDX-License-Identifier: MIT */
/* goto.c - what may be typed after `g`, and searching the same again. */
#include <string.h>
#include <strings.h>
#include "stage/player.h"
#include "stage/text.h"

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

static const char *const sought[] = {"SYN",  "SYN+ACK", "ACK",   "FIN",   "RST",
				     "data", "lost",    "again", "timer", NULL};

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
	if (strcasecmp(what, "again") == 0)
		return s->rexmit > 0;
	return false;
}

static bool is_found(const struct record *r, const char *what)
{
	if (r->kind == REC_SEND)
		return seg_is(&r->seg, what);
	if (r->kind == REC_WIND)
		return deed_takes((enum deed)r->detail) && strcasecmp(what, "lost") == 0;
	return r->kind == REC_TIMER && strcasecmp(what, "timer") == 0;
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

static bool is_entered(const struct record *r, const char *name)
{
	return r->kind == REC_STATE && r->from != r->to && is_state((enum state)r->to, name);
}

/* ---- searches -------------------------------------------------------------------------------- */

/* "next FIN", "prev state TIME_WAIT", "state LISTEN". */
struct search {
	bool is_state, is_back;
	const char *what;
};

/* The word, and the blanks behind it, are taken off *s. */
static bool take_word(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncasecmp(*s, word, n) != 0 || ((*s)[n] != ' ' && (*s)[n] != '\0'))
		return false;
	*s = skip_blanks(*s + n);
	return true;
}

static bool read_search(const char *s, struct search *out)
{
	bool is_next = take_word(&s, "next");

	out->is_back = !is_next && take_word(&s, "prev");
	out->is_state = take_word(&s, "state");
	out->what = s;
	return is_next || out->is_back || out->is_state;
}

static bool matches(const struct player *p, const struct search *s, uint64_t i)
{
	const struct record *r = trace_at(p->story->trace, i);

	return s->is_state ? is_entered(r, s->what) : is_found(r, s->what);
}

/* What is lost is seen where it is lost. */
static uint32_t stop_of(const struct player *p, uint64_t record)
{
	const struct record *r = trace_at(p->story->trace, record);
	const struct voyage *v = r->kind == REC_WIND ? story_voyage(p->story, r->of) : NULL;
	uint32_t stop = story_stop_of(p->story, record);

	for (uint32_t i = stop; v && i < p->story->stops.count; i++) {
		if (p->story->stops.at[i].lost == (int32_t)(v - p->story->voyages.at))
			return i;
	}
	return stop;
}

/* The nearest stop at which such a record is told, before or behind the clock; -1: none. A clock
 * that has gone past its stop has that one before it. */
static int64_t nearest(const struct player *p, const struct search *s, bool is_back, bool anywhere)
{
	int64_t here = player_stop(p), best = -1;
	bool is_past = p->now != p->story->stops.at[here].at;

	for (uint64_t i = 0; i < trace_count(p->story->trace); i++) {
		int64_t stop;

		if (!matches(p, s, i))
			continue;
		stop = stop_of(p, i);
		if (!anywhere && (is_back ? stop >= here + is_past : stop <= here))
			continue;
		if (best < 0 || (is_back ? stop > best : stop < best))
			best = stop;
	}
	return best;
}

static bool go_nearest(struct player *p, const struct search *s, bool is_back, bool anywhere)
{
	int64_t stop = nearest(p, s, is_back, anywhere);

	if (stop >= 0)
		player_go(p, (uint32_t)stop);
	return stop >= 0;
}

static bool is_known(const struct search *s)
{
	for (size_t i = 0; !s->is_state && sought[i]; i++) {
		if (strcasecmp(s->what, sought[i]) == 0)
			return true;
	}
	for (int i = 0; s->is_state && i < STATE_COUNT; i++) {
		if (is_state((enum state)i, s->what))
			return true;
	}
	return false;
}

static bool goto_found(struct player *p, const char *where, const struct search *s,
		       enum string *complaint)
{
	if (!is_known(s)) {
		*complaint = s->is_state ? STRING_GOTO_WHICH_STATE : STRING_GOTO_WHICH;
		return false;
	}
	if (s->is_state)
		*complaint = s->is_back ? STRING_GOTO_STATE_BACK : STRING_GOTO_STATE;
	else
		*complaint = s->is_back ? STRING_GOTO_PREV : STRING_GOTO_NEXT;
	if (strlen(where) < sizeof p->search)
		memcpy(p->search, where, strlen(where) + 1);
	return go_nearest(p, s, s->is_back, false);
}

void player_search(struct player *p, bool is_back)
{
	struct search s;

	p->is_playing = false;
	if (p->search[0] == '\0' || !read_search(p->search, &s)) {
		player_notice(p, string_in(STRING_SEARCH_NOTHING, p->lang), true);
	} else if (!go_nearest(p, &s, is_back, false)) {
		enum string what = !go_nearest(p, &s, is_back, true) ? STRING_SEARCH_NONE
				   : is_back                         ? STRING_SEARCH_FROM_END
								     : STRING_SEARCH_FROM_START;

		player_notice(p, string_in(what, p->lang), what == STRING_SEARCH_NONE);
	}
}

/* ---- places ---------------------------------------------------------------------------------- */

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
	player_go(p, story_stop_of(p->story, (uint64_t)number));
	return true;
}

bool player_goto(struct player *p, const char *typed, enum string *complaint)
{
	char where[ENTRY_OCTETS];
	size_t n;
	struct search s;

	text_copy(where, sizeof where, skip_blanks(typed));
	for (n = strlen(where); n > 0 && where[n - 1] == ' ';)
		where[--n] = '\0';
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
	if (read_search(where, &s))
		return goto_found(p, where, &s, complaint);
	*complaint = STRING_GOTO_UNKNOWN;
	return false;
}

void goto_words(struct prompt *p, size_t from)
{
	static const char *const first[] = {"next", "prev", "state", NULL};
	char before[ENTRY_OCTETS] = {0};
	const char *rest = before;
	struct search s;

	p->words.count = 0;
	p->words.from = entry_word(&p->entry);
	if (p->words.from < from)
		return;
	memcpy(before, p->entry.text + from, p->words.from - from);
	rest = skip_blanks(rest);
	if (*rest == '\0') {
		prompt_offer(p, first);
		return;
	}
	if (!read_search(rest, &s) || *s.what != '\0')
		return;
	if (s.is_state) {
		for (int i = 0; i < STATE_COUNT; i++)
			candidates_offer(&p->words, &p->entry, state_name((enum state)i));
		return;
	}
	prompt_offer(p, sought);
	candidates_offer(&p->words, &p->entry, "state");
}
