/* SPDX-License-Identifier: MIT */
#include "stage/space.h"

/* So many arrivals are looked at; a window seldom holds more. */
enum { LOOK_BACK = 256 };

/* Near `at`, where the connection is: sequence numbers are modulo 2^32. */
static int64_t near(const struct space *s, int64_t at, uint32_t raw)
{
	return at + (int32_t)(raw - s->iss - (uint32_t)at);
}

/* A run more; those that touch become one, and what is too much is left out. */
static void add_run(struct extent *runs, int *count, int64_t low, int64_t high)
{
	int kept = 0, i;

	for (int k = 0; k < *count; k++) {
		if (runs[k].high < low || runs[k].low > high) {
			runs[kept++] = runs[k];
			continue;
		}
		low = runs[k].low < low ? runs[k].low : low;
		high = runs[k].high > high ? runs[k].high : high;
	}
	*count = kept;
	if (kept == SPACE_RUNS)
		return;
	for (i = kept; i > 0 && runs[i - 1].low > low; i--)
		runs[i] = runs[i - 1];
	runs[i] = (struct extent){low, high};
	++*count;
}

static size_t heard_by(const struct view *v, const struct life *life)
{
	return life ? series_told(life->heard.at, sizeof *life->heard.at, life->heard.count,
				  v->player->cursor)
		    : 0;
}

/* What has arrived beyond RCV.NXT and in the window is held, for an engine that holds any. */
static void find_held(struct space *s, const struct view *v, const struct moment_conn *k)
{
	const struct life *life = series_life(&v->story->series, k->conn);
	size_t n = heard_by(v, life);

	if (k->field[F_rcv_held] == 0)
		return;
	for (size_t i = n; i > 0 && i + LOOK_BACK > n; i--) {
		const struct record *r = trace_at(v->story->trace, life->heard.at[i - 1].record);
		int64_t low = near(s, s->rcv_nxt, r->seg.seq.v);
		int64_t high = low + r->seg.len;

		low = low > s->rcv_nxt ? low : s->rcv_nxt;
		high = high < s->rcv_edge ? high : s->rcv_edge;
		if (low < high && low > s->rcv_nxt)
			add_run(s->held, &s->helds, low, high);
	}
}

/* The last acknowledgment with blocks says what of the flight has arrived (RFC 2018). */
static void find_sacked(struct space *s, const struct view *v, const struct moment_conn *k)
{
	const struct life *life = series_life(&v->story->series, k->conn);
	size_t n = heard_by(v, life);

	for (size_t i = n; i > 0 && i + LOOK_BACK > n; i--) {
		const struct record *r = trace_at(v->story->trace, life->heard.at[i - 1].record);

		if (!(r->seg.ctl & ACK) || !(r->seg.opts & OPT_SACK))
			continue;
		for (int b = 0; b < r->seg.sacks && b < SEG_SACK_MAX; b++) {
			int64_t low = near(s, s->una, r->seg.sack[b].left.v);
			int64_t high = near(s, s->una, r->seg.sack[b].right.v);

			low = low > s->una ? low : s->una;
			high = high < s->nxt ? high : s->nxt;
			if (low < high)
				add_run(s->sacked, &s->sackeds, low, high);
		}
		return;
	}
}

static bool is_synchronized(const struct moment_conn *k)
{
	return k->field[F_state] != CLOSED && k->field[F_state] != LISTEN &&
	       k->field[F_state] != SYN_SENT;
}

/* RCV.NXT has counted the FIN, the application never reads it. */
static bool has_fin(const struct moment_conn *k)
{
	enum state state = (enum state)k->field[F_state];

	return state == CLOSE_WAIT || state == CLOSING || state == LAST_ACK || state == TIME_WAIT;
}

static void find_sender(struct space *s, const struct moment_conn *k)
{
	s->una = (int64_t)(uint32_t)(k->field[F_snd_una] - k->field[F_iss]);
	s->nxt = s->una + (int64_t)(uint32_t)(k->field[F_snd_nxt] - k->field[F_snd_una]);
	s->edge = s->una + k->field[F_snd_wnd];
	s->cwnd = k->field[F_cwnd] > 0 && k->field[F_cwnd] < UINT32_MAX / 4
			  ? s->una + k->field[F_cwnd]
			  : -1;
	s->queued = s->una + k->field[F_snd_queued];
	if (s->queued < s->nxt)
		s->queued = s->nxt;
}

static void find_receiver(struct space *s, const struct moment_conn *k)
{
	int64_t nxt = (int64_t)(uint32_t)(k->field[F_rcv_nxt] - k->field[F_irs]);

	if (s->has_sender)
		nxt = near(s, s->una, (uint32_t)k->field[F_rcv_nxt]);
	/* A trace that does not tell it. */
	if (nxt < 0)
		nxt = 0;
	s->rcv_nxt = nxt;
	s->rcv_edge = nxt + k->field[F_rcv_wnd];
	s->read = nxt - k->field[F_rcv_user];
	if (k->field[F_rcv_user] > 0 && has_fin(k))
		s->read--;
	if (s->read < 0)
		s->read = 0;
}

/* The two ends of one connection, or else whatever each has. */
static bool are_peers(const struct view *v, const struct moment_conn *a,
		      const struct moment_conn *b)
{
	const struct trace_conn *p = trace_conn_at(v->story->trace, a->conn);
	const struct trace_conn *q = trace_conn_at(v->story->trace, b->conn);

	if (!p || !q || p->peer != b->host || q->peer != a->host)
		return false;
	return p->is_listener || q->is_listener ||
	       (p->port == q->peer_port && q->port == p->peer_port);
}

void space_find(struct space *s, const struct view *v, uint8_t from, uint8_t to)
{
	const struct moment_conn *sender = view_conn(v, from), *receiver = view_conn(v, to);

	*s = (struct space){.cwnd = -1};
	s->has_sender =
		sender && sender->field[F_state] != CLOSED && sender->field[F_state] != LISTEN;
	s->has_receiver = receiver && is_synchronized(receiver);
	if (s->has_sender && s->has_receiver && !are_peers(v, sender, receiver))
		s->has_receiver = false;
	if (s->has_sender) {
		s->iss = (uint32_t)sender->field[F_iss];
		find_sender(s, sender);
		find_sacked(s, v, sender);
	} else if (s->has_receiver) {
		s->iss = (uint32_t)receiver->field[F_irs];
	}
	if (s->has_receiver) {
		find_receiver(s, receiver);
		find_held(s, v, receiver);
	}
}
