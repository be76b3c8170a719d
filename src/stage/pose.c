/* SPDX-License-Identifier: MIT */
#include "stage/pose.h"

#include <string.h>
#include <base/assert.h>

static const struct {
	const char *row[POSE_ROWS];
	enum string word;
} poses[POSE_COUNT] = {
#define POSE(id, head, arms, legs) {{head, arms, legs}, STRING_POSE_##id},
#include "stage/pose.def"
#undef POSE
};

enum string pose_word(enum pose pose)
{
	ASSERT(pose < POSE_COUNT);
	return poses[pose].word;
}

static char mirror(char c)
{
	static const char pairs[] = "/\\()<>'`[]";
	const char *at = c ? strchr(pairs, c) : NULL;

	if (!at)
		return c;
	return (at - pairs) % 2 == 0 ? at[1] : at[-1];
}

void pose_row(enum pose pose, int row, bool is_mirrored, char out[POSE_COLUMNS + 1])
{
	const char *text;

	ASSERT(pose < POSE_COUNT);
	ASSERT(row >= 0 && row < POSE_ROWS);
	text = poses[pose].row[row];
	for (int i = 0; i < POSE_COLUMNS; i++)
		out[i] = is_mirrored ? mirror(text[POSE_COLUMNS - 1 - i]) : text[i];
	out[POSE_COLUMNS] = '\0';
}

static enum pose pose_of_seg(const struct seg *s)
{
	if (s->ctl & RST)
		return POSE_SLAMS;
	if (s->ctl & SYN)
		return s->ctl & ACK ? POSE_NODS_WAVES : POSE_WAVES;
	if (s->ctl & FIN)
		return POSE_GOODBYE;
	if (s->text.len > 0)
		return s->rexmit > 0 ? POSE_AGAIN : POSE_SPEAKS;
	return s->wnd == 0 ? POSE_COVERS : POSE_NODS;
}

/* What the person does in this beat: the last thing said, if anything was. */
static bool pose_of_beat(const struct view *v, uint8_t host, enum pose *out)
{
	const struct beat *b = view_beat(v);
	bool found = false;

	if (!b)
		return false;
	for (uint64_t i = b->first; i < b->end && i < v->player->cursor; i++) {
		const struct record *r = trace_at(v->story->trace, i);

		if (r->kind == REC_SEND && r->host == host) {
			*out = pose_of_seg(&r->seg);
			found = true;
		}
	}
	return found;
}

static enum pose pose_of_state(enum state s)
{
	switch (s) {
	case CLOSED: return POSE_STANDS;
	case LISTEN: return POSE_LISTENS;
	case SYN_SENT: return POSE_WAVES;
	case SYN_RECEIVED: return POSE_WAVES;
	case ESTABLISHED: return POSE_STANDS;
	case FIN_WAIT_1:
	case FIN_WAIT_2:
	case CLOSING:
	case LAST_ACK: return POSE_TURNED;
	case CLOSE_WAIT: return POSE_STILL_TALKS;
	case TIME_WAIT: return POSE_MOURNS;
	case STATE_COUNT: break;
	}
	UNREACHABLE();
}

static bool is_due(int64_t deadline, usec now)
{
	return deadline != USEC_NEVER && deadline > now;
}

enum pose pose_of(const struct view *v, uint8_t host)
{
	const struct moment_conn *k = view_conn(v, host);
	enum state state = moment_state(v->moment, host);
	enum pose pose;

	if (v->moment->host[host].is_down)
		return POSE_LIES;
	if (pose_of_beat(v, host, &pose))
		return pose;
	if (k && state == ESTABLISHED && is_due(k->field[F_t_ack], v->player->now))
		return POSE_LISTENS;
	if (k && state == ESTABLISHED && k->field[F_rcv_wnd] == 0 && k->field[F_rcv_user] > 0)
		return POSE_COVERS;
	return pose_of_state(state);
}
