/* SPDX-License-Identifier: MIT */
/* echo_plain.c - the ladders of real conversations as lines, while they happen. */
#include <app/echo.h>
#include <export/beside.h>
#include <export/export.h>
#include <live/twin.h>
#include <string.h>

/* One conversation, as far as it was told. */
struct told {
	uint32_t id;
	bool is_ended;
	struct ladder_feed *feed;
};

struct plain {
	struct echo *echo;
	ARRAY(struct told) conversations;
	uint64_t version; /* of the observer's, told */
	bool is_quiet;    /* nothing more comes at the instants that were seen */
	bool has_said;    /* what is watched */
	uint64_t timer;
	struct sink lines;
};

static void print(struct plain *p)
{
	if (p->lines.count > 0)
		output_text(&p->lines);
	sink_clear(&p->lines);
}

void plain_line(struct plain *p, const char *text)
{
	plain_more(p);
	sink_puts(&p->lines, text);
	sink_putc(&p->lines, '\n');
	print(p);
}

struct plain *plain_new(struct echo *e)
{
	struct plain *p = xcalloc(1, sizeof *p);

	p->echo = e;
	echo_status(e, e->lang, &p->lines);
	sink_putc(&p->lines, '\n');
	print(p);
	return p;
}

/* What the observer no longer keeps was told. */
static void forget(struct plain *p)
{
	struct observed first;
	size_t n = 0;

	if (!observer_at(p->echo->observer, 0, &first))
		first.id = UINT32_MAX;
	while (n < p->conversations.count && p->conversations.at[n].id < first.id)
		ladder_feed_free(p->conversations.at[n++].feed);
	if (n == 0)
		return;
	p->conversations.count -= n;
	memmove(p->conversations.at, p->conversations.at + n,
		p->conversations.count * sizeof p->conversations.at[0]);
}

static struct told *told_of(struct plain *p, const struct observed *o)
{
	struct told *t;

	for (size_t i = p->conversations.count; i-- > 0;) {
		if (p->conversations.at[i].id == o->id)
			return &p->conversations.at[i];
	}
	t = array_push(&p->conversations);
	*t = (struct told){.id = o->id, .feed = ladder_feed_new(o->trace, NULL)};
	sink_printf(&p->lines, "#%u ", o->id);
	echo_put_flow(&p->lines, &o->flow);
	sink_putc(&p->lines, '\n');
	return t;
}

/* Each line with its conversation's number. */
static void put_lines(struct plain *p, uint32_t id, const struct sink *lines)
{
	const char *at = lines->at, *end;

	for (; at != NULL && *at != '\0'; at = end + 1) {
		end = strchr(at, '\n');
		sink_printf(&p->lines, "#%u ", id);
		sink_put(&p->lines, at, (size_t)(end - at) + 1);
	}
}

/* The whole of it once more, beside our engine's performance of the same calls. */
static void tell_beside(struct plain *p, const struct observed *o)
{
	struct twin *twin = twin_new();
	struct sink text = {0};

	if (twin_follow(twin, o->trace) && twin_trace(twin) != NULL) {
		struct beside_options options = {.lang = p->echo->lang, .columns = 100};

		beside_write(o->trace, twin_trace(twin), &options, &text);
		put_lines(p, o->id, &text);
	}
	sink_fini(&text);
	twin_free(twin);
}

static void tell(struct plain *p, const struct observed *o, bool is_last)
{
	struct told *t = told_of(p, o);
	struct sink lines = {0};

	if (t->is_ended)
		return;
	t->is_ended = o->ended != 0 || is_last;
	ladder_feed_more(t->feed, p->is_quiet || t->is_ended, &lines);
	put_lines(p, o->id, &lines);
	sink_fini(&lines);
	if (t->is_ended && o->segments > 0)
		tell_beside(p, o);
}

static void tell_all(struct plain *p, bool is_last)
{
	struct observed o;

	forget(p);
	for (size_t i = 0; observer_at(p->echo->observer, i, &o); i++)
		tell(p, &o, is_last);
	print(p);
}

static void quiet(void *user)
{
	struct plain *p = user;

	p->timer = 0;
	p->is_quiet = true;
	tell_all(p, false);
	p->is_quiet = false;
}

void plain_more(struct plain *p)
{
	static const usec QUIET = 100 * USEC_PER_MS;
	uint64_t version = observer_version(p->echo->observer);

	if (version == p->version)
		return;
	p->version = version;
	tell_all(p, false);
	loop_cancel(p->echo->loop, p->timer);
	p->timer = loop_after(p->echo->loop, QUIET, quiet, p);
}

static void tell_missed(struct plain *p)
{
	struct observer_lack lack;

	observer_lack(p->echo->observer, &lack);
	if (lack.missed == 0)
		return;
	sink_printf(&p->lines,
		    in_lang(p->echo->lang, "%llu segments came too fast to be captured\n",
			    "有 %llu 个段来得太快，没有抓到\n"),
		    (unsigned long long)lack.missed);
	print(p);
}

void plain_free(struct plain *p)
{
	if (p == NULL)
		return;
	loop_cancel(p->echo->loop, p->timer);
	tell_all(p, true);
	tell_missed(p);
	for (size_t i = 0; i < p->conversations.count; i++)
		ladder_feed_free(p->conversations.at[i].feed);
	array_fini(&p->conversations);
	sink_fini(&p->lines);
	free(p);
}
