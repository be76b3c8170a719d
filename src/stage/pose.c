/* SPDX-License-Identifier: MIT */
#include "stage/pose.h"

#include <string.h>
#include <base/assert.h>

enum { SWINGS = 6 /* of a moving pose, half ones, while the word flies */ };

struct picture {
	const char *row[POSE_SMALL_ROWS + POSE_LARGE_ROWS];
};

static const struct {
	struct picture first;
	enum string word;
	const char *name;
} poses[POSE_COUNT] = {
#define POSE(id, ...) {{{__VA_ARGS__}}, STRING_POSE_##id, #id},
#define ALTERNATE(id, ...)
#include "stage/pose.def"
#undef POSE
#undef ALTERNATE
};

static const struct picture alternates[POSE_COUNT] = {
#define POSE(id, ...)
#define ALTERNATE(id, ...) [POSE_##id] = {{__VA_ARGS__}},
#include "stage/pose.def"
#undef POSE
#undef ALTERNATE
};

/* ---- how it looks ---------------------------------------------------------------------------- */

enum string pose_word(enum pose pose)
{
	ASSERT(pose < POSE_COUNT);
	return poses[pose].word;
}

const char *pose_name(enum pose pose)
{
	ASSERT(pose < POSE_COUNT);
	return poses[pose].name;
}

bool pose_moves(enum pose pose)
{
	ASSERT(pose < POSE_COUNT);
	return alternates[pose].row[0] != NULL;
}

int pose_rows(enum pose_size size)
{
	return size == POSE_LARGE ? POSE_LARGE_ROWS : POSE_SMALL_ROWS;
}

int pose_columns(enum pose_size size)
{
	return size == POSE_LARGE ? POSE_LARGE_COLUMNS : POSE_SMALL_COLUMNS;
}

static char mirror(char c)
{
	static const char pairs[] = "/\\()<>'`[]";
	const char *at = c ? strchr(pairs, c) : NULL;

	/* A quotation mark is an eye, or a hand on its way down: both look alike from either side.
	 */
	if (!at || c == '\'')
		return c;
	return (at - pairs) % 2 == 0 ? at[1] : at[-1];
}

/* The mourner's candle: a flame above what is left of it. */
static char candle_at(struct stance s, enum pose_size size, int row)
{
	int most = pose_rows(size) - 1, height = (s.candle * (most - 1) + 999) / 1000;
	int flame = most - height;

	if (row == flame)
		return ',';
	return row > flame ? 'I' : ' ';
}

void pose_row(struct stance s, enum pose_size size, int row, bool is_mirrored,
	      char out[POSE_LARGE_COLUMNS + 1])
{
	const struct picture *p;
	char text[POSE_LARGE_COLUMNS + 1] = {0};
	int columns = pose_columns(size);

	ASSERT(s.pose < POSE_COUNT);
	ASSERT(row >= 0 && row < pose_rows(size));
	p = s.is_alternate && pose_moves(s.pose) ? &alternates[s.pose] : &poses[s.pose].first;
	memcpy(text, p->row[row + (size == POSE_LARGE ? POSE_SMALL_ROWS : 0)], (size_t)columns);
	if (s.pose == POSE_MOURNS)
		text[columns - 2] = candle_at(s, size, row);
	for (int i = 0; i < columns; i++)
		out[i] = is_mirrored ? mirror(text[columns - 1 - i]) : text[i];
	out[columns] = '\0';
}

/* ---- which it is ----------------------------------------------------------------------------- */

static enum pose pose_of_seg(const struct seg *s)
{
	if (s->ctl & RST)
		return POSE_SLAMS;
	if (s->ctl & SYN)
		return s->ctl & ACK ? POSE_NODS_WAVES : POSE_WAVES;
	if (s->ctl & FIN)
		return POSE_GOODBYE;
	if (s->rule == R_PROBE || s->rule == R_PROBE_AGAIN)
		return POSE_ASKS;
	if (s->rule == R_KEEPALIVE_PROBE)
		return POSE_TAPS;
	if (s->text.len > 0)
		return s->rexmit > 0 ? POSE_AGAIN : POSE_SPEAKS;
	return s->wnd == 0 ? POSE_COVERS : POSE_NODS;
}

/* While the own word flies, a pose that has two pictures moves. */
static bool is_up(const struct view *v, const struct voyage *w)
{
	if (v->motion != MOTION_FULL || voyage_has_ended(w, v->player->now, v->player->cursor))
		return false;
	return voyage_progress(v->story, w, v->player->now) * SWINGS / 1000 % 2 == 1;
}

static struct stance saying(const struct view *v, const struct voyage *w)
{
	const struct seg *s = voyage_seg(v->story, w);

	return (struct stance){
		.pose = pose_of_seg(s), .is_alternate = is_up(v, w), .again = s->rexmit};
}

/* What one does without a word: takes fright, falls, wakes, gives up. */
static bool pose_of_record(const struct record *r, enum pose *out)
{
	const int64_t fright = TCP_SIG_RESET | TCP_SIG_REFUSED;
	const int64_t despair = TCP_SIG_TIMEOUT | TCP_SIG_UNREACHABLE;

	if (r->kind == REC_REBOOT)
		*out = POSE_WAKES;
	else if (r->kind == REC_SIGNAL && (r->number[0] & fright))
		*out = POSE_STARTLED;
	else if (r->kind == REC_SIGNAL && (r->number[0] & despair))
		*out = POSE_GIVES_UP;
	else
		return false;
	return true;
}

/* In this beat: the last word said, else the last thing felt. */
static bool stance_of_beat(const struct view *v, uint8_t host, struct stance *out)
{
	const struct beat *b = view_beat(v);
	bool is_said = false, is_felt = false;

	for (uint64_t i = b ? b->first : 0; b && i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);
		const struct voyage *w;
		enum pose pose;

		if (r->host != host)
			continue;
		w = r->kind == REC_SEND ? story_voyage(v->story, i) : NULL;
		if (w) {
			*out = saying(v, w);
			is_said = true;
		} else if (!is_said && pose_of_record(r, &pose)) {
			*out = (struct stance){.pose = pose};
			is_felt = true;
		}
	}
	return is_said || is_felt;
}

/* The newest of the own words in the air. */
static bool stance_of_air(const struct view *v, uint8_t host, struct stance *out)
{
	const struct story *s = v->story;
	size_t begun = story_begun(s, v->player->cursor);
	size_t first = s->rows.count > 0
			       ? s->rows.at[s->stops.at[player_stop(v->player)].row].first_open
			       : begun;

	for (size_t i = begun; i-- > first;) {
		const struct voyage *w = &s->voyages.at[i];

		if (w->from != host || w->is_stranger || w->is_duplicate ||
		    w->fate == FATE_FLYING ||
		    voyage_has_ended(w, v->player->now, v->player->cursor))
			continue;
		*out = saying(v, w);
		return true;
	}
	return false;
}

static enum pose pose_of_state(enum state s)
{
	switch (s) {
	case CLOSED: return POSE_STANDS;
	case LISTEN: return POSE_WAITS;
	case SYN_SENT: return POSE_WAVES;
	case SYN_RECEIVED: return POSE_NODS_WAVES;
	case ESTABLISHED: return POSE_STANDS;
	case FIN_WAIT_1: return POSE_TURNED;
	case FIN_WAIT_2: return POSE_HEARS_OUT;
	case CLOSING: return POSE_BOTH_LEAVE;
	case LAST_ACK: return POSE_LAST_WORD;
	case CLOSE_WAIT: return POSE_TALKS_ON;
	case TIME_WAIT: return POSE_MOURNS;
	case STATE_COUNT: break;
	}
	UNREACHABLE();
}

static bool is_due(int64_t deadline, usec now)
{
	return deadline != USEC_NEVER && deadline > now;
}

static int candle_of(const struct view *v, const struct moment_conn *k)
{
	usec due = k ? k->field[F_t_time_wait] : USEC_NEVER, whole;

	if (!k || !is_due(due, v->player->now))
		return 0;
	whole = due - moment_since(k, F_t_time_wait);
	return whole > 0 ? (int)((due - v->player->now) * 1000 / whole) : 0;
}

static struct stance stance_of_state(const struct view *v, uint8_t host)
{
	const struct moment_conn *k = view_conn(v, host);
	enum state state = moment_state(v->moment, host);
	struct stance s = {.pose = pose_of_state(state)};

	if (state == TIME_WAIT)
		s.candle = candle_of(v, k);
	if (!k || (state != ESTABLISHED && state != FIN_WAIT_1 && state != FIN_WAIT_2))
		return s;
	if (is_due(k->field[F_t_ack], v->player->now))
		s.pose = POSE_LISTENS;
	else if (k->field[F_rcv_wnd] == 0 && k->field[F_rcv_user] > 0)
		s.pose = POSE_COVERS;
	return s;
}

/* Whoever has said all there is to say has turned to what comes after, though the last nod may
 * still be on its way. */
static bool is_done(enum state s)
{
	return s == CLOSING || s == TIME_WAIT;
}

struct stance pose_of(const struct view *v, uint8_t host)
{
	struct stance s;

	if (v->moment->host[host].is_down)
		return (struct stance){.pose = POSE_LIES};
	if (stance_of_beat(v, host, &s))
		return s;
	if (!is_done(moment_state(v->moment, host)) && stance_of_air(v, host, &s))
		return s;
	return stance_of_state(v, host);
}
