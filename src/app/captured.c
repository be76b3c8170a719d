/* SPDX-License-Identifier: MIT */
#include <app/captured.h>
#include <stdio.h>
#include <string.h>

enum { LISTED = 20 };

/* ---- choosing -------------------------------------------------------------------------------- */

static void count(struct selection *s, const struct capture *c)
{
	s->count = 0;
	for (size_t i = c->flows.count; i-- > 0;) {
		if (!s->chosen[i])
			continue;
		s->count++;
		s->first = i;
	}
}

/* "17": the 17th; "all". */
static bool take_number(struct selection *s, const struct capture *c, const char *file,
			const char *text)
{
	uint64_t number = 0;
	const char *at = text[0] == '#' ? text + 1 : text;

	if (strcmp(text, "all") == 0) {
		for (size_t i = 0; i < c->flows.count; i++)
			s->chosen[i] = true;
		return true;
	}
	if (*at == '\0' || strspn(at, "0123456789") != strlen(at)) {
		complain("--connection takes a number, 1 to %zu here, or all; not '%s'",
			 c->flows.count, text);
		return false;
	}
	for (; *at != '\0' && number <= c->flows.count; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	if (number < 1 || number > c->flows.count) {
		complain("%s: there is no connection %s; it holds %zu", file, text, c->flows.count);
		return false;
	}
	s->chosen[number - 1] = true;
	return true;
}

/* The first complaint, with where it is: for one line. */
static void put_first(struct sink *out, const struct diags *d)
{
	const struct diag *first = d->list.at;

	if (d->list.count == 0)
		return;
	sink_printf(out, "%d: %s", first->at.byte + 1, first->message);
	if (first->hint != NULL)
		sink_printf(out, " (%s)", first->hint);
}

bool selection_filter(struct selection *s, const struct capture *c, const char *filter,
		      struct sink *complaint)
{
	struct diags d = {0};
	bool is_good = true;

	if (filter[0] == '\0')
		memset(s->chosen, true, c->flows.count * sizeof *s->chosen);
	else
		is_good = capture_filter(c, filter, s->chosen, &d);
	if (!is_good && complaint != NULL)
		put_first(complaint, &d);
	diags_fini(&d);
	count(s, c);
	return is_good;
}

static bool take_filter(struct selection *s, const struct capture *c, const char *filter,
			bool is_first)
{
	bool *lets = xcalloc(c->flows.count + 1, sizeof *lets);
	struct diags d = {0};
	bool is_good = capture_filter(c, filter, lets, &d);

	if (!is_good)
		complain_all(&d);
	for (size_t i = 0; is_good && i < c->flows.count; i++)
		s->chosen[i] = lets[i] && (is_first || s->chosen[i]);
	diags_fini(&d);
	free(lets);
	return is_good;
}

bool selection_take(struct selection *s, const struct capture *c, const char *file,
		    const struct request *r)
{
	const char *number = r->value[OPT_CONNECTION], *filter = r->value[OPT_FILTER];

	*s = (struct selection){.chosen = xcalloc(c->flows.count + 1, sizeof *s->chosen)};
	if (number != NULL && !take_number(s, c, file, number))
		return false;
	if (filter != NULL && !take_filter(s, c, filter, number == NULL))
		return false;
	if (number == NULL && filter == NULL && c->flows.count == 1)
		s->chosen[0] = true;
	count(s, c);
	if (s->count == 0 && (number != NULL || filter != NULL)) {
		complain("%s: none of its %zu connections is let through", file, c->flows.count);
		return false;
	}
	return true;
}

bool selection_fits(const struct selection *s, enum lang lang, struct sink *complaint)
{
	if (s->count <= CAPTURE_PLAYED)
		return true;
	sink_printf(complaint,
		    in_lang(lang, "%zu connections are too many for one play: %d at most",
			    "%zu 个连接太多，一出戏最多 %d 个"),
		    s->count, CAPTURE_PLAYED);
	return false;
}

void selection_one(struct selection *s, const struct capture *c, size_t index)
{
	memset(s->chosen, 0, c->flows.count * sizeof *s->chosen);
	s->chosen[index] = true;
	s->count = 1;
	s->first = index;
}

void selection_fini(struct selection *s)
{
	free(s->chosen);
	*s = (struct selection){0};
}

/* ---- words ----------------------------------------------------------------------------------- */

void capture_put_name(struct sink *out, const struct capture_flow *f)
{
	sink_printf(out, "#%u ", (unsigned)f->id);
	capture_put_end(out, &f->flow.end[0]);
	sink_puts(out, " > ");
	capture_put_end(out, &f->flow.end[1]);
}

const char *capture_state(const struct capture_flow *f, enum lang lang)
{
	if (f->is_reset)
		return in_lang(lang, "reset", "被重置");
	if (f->is_ended)
		return in_lang(lang, "ended", "已挥别");
	return f->is_begun ? in_lang(lang, "open", "未完") : in_lang(lang, "part", "片段");
}

static void put_line(struct sink *out, const struct capture_flow *f)
{
	size_t from = out->count;

	sink_puts(out, "  ");
	capture_put_name(out, f);
	if (out->count - from < 48)
		sink_pad(out, ' ', 48 - (out->count - from));
	sink_printf(out, "  %-11s %6llu segments %9llu octets  ", capture_state(f, LANG_EN),
		    (unsigned long long)f->segments,
		    (unsigned long long)(f->octets[0] + f->octets[1]));
	sink_time(out, f->last - f->first);
	sink_puts(out, " s");
	if (f->repeated > 0)
		sink_printf(out, ", %u came again", (unsigned)f->repeated);
	if (f->late > 0)
		sink_printf(out, ", %u came late", (unsigned)f->late);
	sink_putc(out, '\n');
}

void complain_connections(const struct capture *c, const char *file)
{
	struct sink text = {0};
	size_t listed = c->flows.count < LISTED ? c->flows.count : LISTED;

	complain("%s holds %zu connections; choose with --connection N (or all), or with "
		 "--filter 'port %u'",
		 file, c->flows.count, (unsigned)c->flows.at[0].flow.end[1].port);
	for (size_t i = 0; i < listed; i++)
		put_line(&text, &c->flows.at[i]);
	if (listed < c->flows.count)
		sink_printf(&text, "  and %zu more\n", c->flows.count - listed);
	fflush(stdout);
	fwrite(text.at, 1, text.count, stderr);
	sink_fini(&text);
}
