/* SPDX-License-Identifier: MIT */
/* echo_plain.c - the ladders of real conversations as lines, while they happen. */
#include <app/echo.h>
#include <export/beside.h>
#include <export/export.h>
#include <live/twin.h>
#include <string.h>

/* A tenth of a second of our engine at once. */
static const usec ENGINE_BURST = USEC_PER_S;

/* One conversation, as far as it was told. */
struct told {
	uint32_t id;
	bool is_ended;
	struct ladder_feed *feed;
};

struct plain {
	struct echo *echo;
	ARRAY(struct told) conversations; /* by id */
	size_t ended;                     /* the first so many have ended, and were told */
	uint32_t last;                    /* the last id that was told */
	uint64_t untold;                  /* let go before they could be told */
	usec engine_owes; /* until then it has used up its tenth of the time, bursts apart */
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
	p->ended = p->ended > n ? p->ended - n : 0;
	memmove(p->conversations.at, p->conversations.at + n,
		p->conversations.count * sizeof p->conversations.at[0]);
}

static struct told *told_of(struct plain *p, const struct observed *o)
{
	size_t low = 0, high = p->conversations.count;
	struct told *t;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->conversations.at[middle].id < o->id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < p->conversations.count)
		return &p->conversations.at[low];
	p->untold += o->id - p->last - 1;
	p->last = o->id;
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
	usec began = loop_now();
	struct twin *twin;
	struct sink text = {0};

	if (p->engine_owes > began + ENGINE_BURST) {
		sink_printf(&p->lines, "#%u %s\n", o->id,
			    in_lang(p->echo->lang,
				    "too many at once for our engine: save it, and export it --to "
				    "beside",
				    "一下子太多，引擎来不及：请存下来，再导出为 beside"));
		return;
	}
	twin = twin_new();
	if (twin_follow(twin, o->trace) && twin_trace(twin) != NULL) {
		struct beside_options options = {.lang = p->echo->lang, .columns = 100};

		beside_write(o->trace, twin_trace(twin), &options, &text);
		put_lines(p, o->id, &text);
	}
	sink_fini(&text);
	twin_free(twin);
	if (p->engine_owes < began)
		p->engine_owes = began;
	p->engine_owes += 10 * (loop_now() - began);
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

/* Of those that the observer keeps, by id, the first that has not been told to its end. */
static size_t first_open(const struct plain *p)
{
	uint32_t told = p->ended > 0 ? p->conversations.at[p->ended - 1].id : 0;
	size_t low = 0, high = observer_count(p->echo->observer);
	struct observed o;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (observer_at(p->echo->observer, middle, &o) && o.id <= told)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void tell_all(struct plain *p, bool is_last)
{
	struct observed o;

	forget(p);
	while (p->ended < p->conversations.count && p->conversations.at[p->ended].is_ended)
		p->ended++;
	for (size_t i = first_open(p); observer_at(p->echo->observer, i, &o); i++)
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
	if (p->untold > 0)
		sink_printf(&p->lines,
			    in_lang(p->echo->lang, "%llu conversations came too fast to be told\n",
				    "有 %llu 次会话来得太快，没有讲到\n"),
			    (unsigned long long)p->untold);
	if (lack.missed > 0)
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
