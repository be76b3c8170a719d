/* SPDX-License-Identifier: MIT */
#include "theatre.h"

#include <stdio.h>
#include <string.h>
#include <base/assert.h>
#include <base/diag.h>
#include <scene/history.h>

/* ---- a trace told anew ----------------------------------------------------------------------- */

static void copy_streams(struct trace *to, const struct trace *from)
{
	const struct streams *s = trace_streams_of(from);
	char octets[1024];

	for (size_t i = 0; i < streams_count(s); i++) {
		uint32_t id = stream_nth(s, i);
		uint64_t at = 0;

		while (at < stream_size(s, id)) {
			bool is_synthetic;
			uint64_t end = stream_run(s, id, at, &is_synthetic);
			uint64_t n = end - at;
			struct text text;

			if (is_synthetic) {
				stream_write_synthetic(trace_streams(to), id, n);
				at = end;
				continue;
			}
			n = n < sizeof octets ? n : sizeof octets;
			text = (struct text){.stream = id, .offset = at, .len = (uint32_t)n};
			stream_read(s, &text, 0, octets, sizeof octets);
			stream_write(trace_streams(to), id, octets, n);
			at += n;
		}
	}
}

/* What lies beside the records is there from the beginning: nobody sees it before a record does. */
static struct trace *empty_copy(const struct trace *from)
{
	struct trace *to = trace_new();

	for (size_t i = 0; i < trace_host_count(from); i++)
		trace_add_host(to, trace_host_at(from, (uint8_t)i));
	for (size_t i = 0; i < trace_file_count(from); i++)
		trace_file(to, trace_file_name(from, (uint16_t)i));
	copy_streams(to, from);
	return to;
}

static void copy_conns(struct trace *to, const struct trace *from, uint64_t serial)
{
	for (size_t i = 0; i < trace_conn_count(from); i++) {
		const struct trace_conn *c = trace_conn_nth(from, i);

		if (c->born == serial)
			trace_add_conn(to, c);
	}
}

static void copy_record(struct trace *to, const struct trace *from, uint64_t serial)
{
	const struct record *was = trace_at(from, serial);
	struct record *r;

	copy_conns(to, from, serial);
	r = trace_push(to, (enum record_kind)was->kind, was->at);
	*r = *was;
	r->changes = (struct trace_span){0, 0};
	if (was->place.tag)
		r->place.tag = trace_tag(to, was->place.tag);
	for (int i = 0; i < 2; i++) {
		const char *text = trace_text_of(from, was, i);

		r->text[i] = text[0] != '\0' ? trace_text(to, text, strlen(text)) : 0;
	}
	for (uint32_t i = 0; i < was->changes.count; i++)
		trace_change_put(to, serial, trace_change(from, was, i));
}

struct trace *theatre_part(const struct trace *whole, uint64_t records)
{
	struct trace *t = empty_copy(whole);

	for (uint64_t i = 0; i < records && i < trace_count(whole); i++)
		copy_record(t, whole, i);
	return t;
}

/* ---- plays ----------------------------------------------------------------------------------- */

/* A scene's trace, which the theatre then owns. */
struct trace *theatre_play(const char *scene)
{
	struct diags d = {0};
	struct scene_file *file = scene_parse("talk.scene", scene, strlen(scene), NULL, &d);
	struct history *history;
	struct trace *copy;

	ASSERT(file);
	history = history_new(file, 0, NULL, &d);
	ASSERT(history);
	copy = theatre_part(history_trace(history, 0), UINT64_MAX);
	history_free(history);
	scene_free(file);
	diags_fini(&d);
	return copy;
}

/* As on the loopback: all at once, with losses and a duplicate. */
static const char loop_scene[] =
	"woshou 1\n"
	"title en \"Loopback\" zh \"回环\"\n"
	"seed 3\n"
	"person zhang en \"Zhang San\" zh \"张三\" { isn 1000 }\n"
	"person li en \"Li Si\" zh \"李四\" { isn 5000 }\n"
	"wind zhang <-> li { delay 20us }\n"
	"wind zhang -> li { drop 1st where data  duplicate 2nd where data after 5us }\n"
	"scene talk en \"A talk\" zh \"交谈\" {\n"
	"  at 0s li listen\n"
	"  at 1s zhang connect li\n"
	"  at 2s zhang write \"hello\\n\"\n"
	"  at 3s li write \"hello\\n\"\n"
	"  at 4s zhang close\n"
	"  at 5s li close\n"
	"}\n";

/* Its twin: the wind is calm, and Li Si offers less. */
static const char twin_scene[] = "woshou 1\n"
				 "title en \"Loopback\" zh \"回环\"\n"
				 "seed 3\n"
				 "person zhang en \"Zhang San\" zh \"张三\" { isn 1000 }\n"
				 "person li en \"Li Si\" zh \"李四\" { isn 70000  "
				 "scale off  sack off  timestamps off }\n"
				 "wind zhang <-> li { delay 20us }\n"
				 "scene talk en \"A talk\" zh \"交谈\" {\n"
				 "  at 0s li listen\n"
				 "  at 1s zhang connect li\n"
				 "  at 2s zhang write \"hello\\n\"\n"
				 "  at 3s li write \"hello\\n\"\n"
				 "  at 4s zhang close\n"
				 "  at 5s li close\n"
				 "}\n";

struct trace *theatre_loopback(void)
{
	return theatre_play(loop_scene);
}

struct trace *theatre_twin(void)
{
	return theatre_play(twin_scene);
}

/* ---- the source ------------------------------------------------------------------------------ */

static uint32_t shown(const struct theatre *t)
{
	return t->chosen != 0 ? t->chosen : t->talks;
}

static void turn(void *user)
{
	struct theatre *t = user;

	for (uint32_t i = 0; i < t->talks; i++) {
		for (uint64_t n = trace_count(t->talk[i].grown); n < t->talk[i].ready; n++) {
			copy_record(t->talk[i].grown, t->talk[i].whole, n);
			t->version++;
		}
	}
}

static uint64_t version(void *user)
{
	return ((struct theatre *)user)->version;
}

static const struct trace *trace(void *user)
{
	struct theatre *t = user;

	return t->talks == 0 ? t->waiting : t->talk[shown(t) - 1].grown;
}

static const struct trace *twin(void *user)
{
	return ((struct theatre *)user)->twin;
}

static usec now(void *user)
{
	return ((struct theatre *)user)->now;
}

static void status(void *user, enum lang lang, struct sink *out, bool *is_lack)
{
	const struct theatre *t = user;

	*is_lack = t->is_lacking;
	if (lang == LANG_ZH)
		sink_puts(out, t->is_lacking
				       ? "127.0.0.1:8888，没有报文段：抓包要 root 或 CAP_NET_RAW"
				       : "127.0.0.1:8888，报文段和状态");
	else
		sink_puts(out, t->is_lacking
				       ? "127.0.0.1:8888, no segments: a capture needs root or "
					 "CAP_NET_RAW, or use: woshou echo lab"
				       : "127.0.0.1:8888, segments and states");
}

static size_t count(void *user)
{
	return ((struct theatre *)user)->talks;
}

static bool at(void *user, size_t index, struct stage_conversation *out)
{
	const struct theatre *t = user;
	struct moment m = {0};

	if (index >= t->talks)
		return false;
	*out = (struct stage_conversation){.id = (uint32_t)index + 1,
					   .is_shown = index + 1 == shown(t)};
	snprintf(out->name, sizeof out->name, "127.0.0.1:%zu -> 127.0.0.1:8888", 40000 + index);
	if (index == 0)
		snprintf(out->note, sizeof out->note,
			 "python3 (4711), 97 %% CPU, 12 octets unread");
	moment_go(&m, t->talk[index].grown, trace_count(t->talk[index].grown));
	for (uint8_t i = 0; i < 2; i++)
		out->state[i] = moment_state(&m, i);
	moment_fini(&m);
	for (uint64_t i = 0; i < trace_count(t->talk[index].grown); i++)
		out->segments += trace_at(t->talk[index].grown, i)->kind == REC_SEND;
	out->is_ended = out->state[0] == CLOSED && out->state[1] == CLOSED && out->segments > 0;
	return true;
}

static void choose(void *user, uint32_t id)
{
	struct theatre *t = user;

	t->chosen = id;
	t->version++;
}

static bool say(void *user, const char *line, enum lang lang, struct sink *complaint)
{
	struct theatre *t = user;

	if (t->is_forbidden) {
		sink_puts(complaint, lang == LANG_ZH ? "连接已经关了" : "the connection is closed");
		return false;
	}
	snprintf(t->said, sizeof t->said, "%s", line);
	return true;
}

static bool is_over(void *user)
{
	return ((struct theatre *)user)->is_over;
}

void theatre_init(struct theatre *t, struct trace *whole)
{
	*t = (struct theatre){.version = 1};
	t->live = (struct stage_live){.user = t,
				      .fd = -1,
				      .turn = turn,
				      .version = version,
				      .trace = trace,
				      .twin = twin,
				      .now = now,
				      .status = status,
				      .count = count,
				      .at = at,
				      .choose = choose,
				      .say = say,
				      .is_over = is_over};
	t->waiting = empty_copy(whole);
	theatre_add(t, whole);
}

void theatre_add(struct theatre *t, struct trace *whole)
{
	t->talk[t->talks].whole = whole;
	t->talk[t->talks].grown = empty_copy(whole);
	t->talks++;
	t->version++;
}

void theatre_fini(struct theatre *t)
{
	for (uint32_t i = 0; i < THEATRE_TALKS && t->talk[i].whole; i++) {
		trace_free(t->talk[i].whole);
		trace_free(t->talk[i].grown);
	}
	trace_free(t->waiting);
}

void theatre_say(struct theatre *t, uint32_t talk, uint64_t records)
{
	const struct trace *whole = t->talk[talk].whole;

	t->talk[talk].ready += records;
	if (t->talk[talk].ready > trace_count(whole))
		t->talk[talk].ready = trace_count(whole);
	if (t->talk[talk].ready > 0 && trace_at(whole, t->talk[talk].ready - 1)->at > t->now)
		t->now = trace_at(whole, t->talk[talk].ready - 1)->at;
}

bool theatre_has_more(const struct theatre *t, uint32_t talk)
{
	return t->talk[talk].ready < trace_count(t->talk[talk].whole);
}
