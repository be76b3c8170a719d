/* SPDX-License-Identifier: MIT */
/* rewrite_person.c - settings of the command line, written into the people's braces. */
#include <scene/rewrite.h>
#include <scene/run.h>

#include <inttypes.h>
#include <string.h>

struct work {
	struct play *play;
	struct edits *edits;
	struct diags *d;
};

/* ---- who is meant ---------------------------------------------------------------------------- */

static bool is_same_text(const struct person_text *a, const struct person_text *b)
{
	return a->source == b->source && a->name_end == b->name_end;
}

/* Rounds of a `repeat` share their words: a setting for one of them has no place. */
static bool is_alone(const struct work *w, const struct person_text *t, const char *option)
{
	const struct person *p = &w->play->persons.at[t->person];

	for (size_t i = 0; i < w->edits->persons.count; i++) {
		const struct person_text *other = &w->edits->persons.at[i];

		if (other == t || !is_same_text(other, t))
			continue;
		diag_error(w->d, p->at, NULL, "set it for everyone",
			   "%s for '%s' alone cannot be written down: a repeat makes others by the "
			   "same words",
			   option, p->name);
		return false;
	}
	return true;
}

/* ---- settings -------------------------------------------------------------------------------- */

static void put_duration(struct sink *out, int64_t us)
{
	if (us % 1000 == 0)
		sink_printf(out, "%" PRId64 "ms", us / 1000);
	else
		sink_printf(out, "%" PRId64 "us", us);
}

static void put_field(struct sink *out, const struct setting *s)
{
	const struct profile_field *f = profile_field_at(s->field);

	if (out->count)
		sink_puts(out, "  ");
	sink_printf(out, "%s ", f->name);
	if (f->kind == PROFILE_CHOICE)
		sink_puts(out, f->choices[s->value]);
	else if (s->value == 0 && f->least <= 0 && f->kind != PROFILE_SWITCH)
		sink_puts(out, "off");
	else if (f->kind == PROFILE_SWITCH)
		sink_puts(out, s->value ? "on" : "off");
	else if (f->kind == PROFILE_TIME)
		put_duration(out, s->value);
	else
		sink_printf(out, "%" PRId64 "%s", s->value, f->kind == PROFILE_SIZE ? "B" : "");
}

static bool is_about(const struct setting *a, const struct setting *b)
{
	return a->option ? b->option && strcmp(a->option, b->option) == 0
			 : !b->option && a->field == b->field;
}

static bool is_set_by(const struct setting *old, const struct person *by)
{
	for (size_t i = 0; i < by->settings.count; i++)
		if (is_about(old, &by->settings.at[i]))
			return true;
	return false;
}

/* One item, which may be several fields: what is set anew of it goes. */
static void part_item(struct work *w, struct setting_text *item, const struct setting *all,
		      const struct person *by)
{
	const struct setting *own = item->own ? item->own : all + item->first;
	struct sink rest = {0};
	size_t gone = 0;

	for (size_t i = 0; i < item->count; i++)
		gone += is_set_by(&own[i], by);
	if (gone == 0)
		return;
	for (size_t i = 0; i < item->count; i++)
		if (!is_set_by(&own[i], by) && !own[i].option)
			put_field(&rest, &own[i]);
	item->text = arena_strndup(&w->play->arena, rest.count ? rest.at : "", rest.count);
	sink_fini(&rest);
}

static bool is_replaced(const struct setting_text *item, const struct person *by)
{
	switch (item->kind) {
	case SETTING_ISN: return by->isn.count > 0;
	case SETTING_PORT: return by->port > 0;
	case SETTING_APP: return by->has_app;
	case SETTING_PROFILE: return by->profile != NULL;
	case SETTING_FIELD:
	case SETTING_OPTION:
	case SETTING_ADDRESS: break;
	}
	return false;
}

static enum setting_kind kind_of(const struct person *by)
{
	if (by->settings.count > 0)
		return array_last(&by->settings)->option ? SETTING_OPTION : SETTING_FIELD;
	if (by->isn.count > 0)
		return SETTING_ISN;
	if (by->port)
		return SETTING_PORT;
	return by->profile ? SETTING_PROFILE : by->has_app ? SETTING_APP : SETTING_ADDRESS;
}

/* What stood there of the same kind goes, the new words come. */
static void set_text(struct work *w, struct person_text *t, const struct person *by,
		     const char *text)
{
	const struct person *p = &w->play->persons.at[t->person];
	struct setting *own = arena_alloc(&w->play->arena, (by->settings.count + 1) * sizeof *own);

	for (size_t i = 0; i < t->settings.count; i++) {
		struct setting_text *item = &t->settings.at[i];

		if (is_replaced(item, by))
			item->text = "";
		else if (item->kind == SETTING_FIELD || item->kind == SETTING_OPTION)
			part_item(w, item, p->settings.at, by);
	}
	for (size_t i = 0; i < by->settings.count; i++)
		own[i] = by->settings.at[i];
	*array_push(&t->settings) = (struct setting_text){
		.text = text, .kind = kind_of(by), .count = by->settings.count, .own = own};
}

static bool set_one(struct work *w, const char *set)
{
	struct person by = {0};
	const char *rest;
	const struct person *owner = override_owner(w->play, set, &rest);
	const char *equals = strchr(rest, '=');
	char *line = arena_strndup(&w->play->arena, rest, strlen(rest));
	bool is_good;

	if (equals)
		line[equals - rest] = ' ';
	is_good = override_read(w->play, "--set", line, &by, w->d);
	for (size_t i = 0; i < w->edits->persons.count && is_good; i++) {
		struct person_text *t = &w->edits->persons.at[i];

		if (owner && owner != &w->play->persons.at[t->person])
			continue;
		is_good = !owner || is_alone(w, t, "--set");
		if (is_good)
			set_text(w, t, &by, line);
	}
	array_fini(&by.settings);
	array_fini(&by.isn);
	return is_good;
}

/* ---- profiles -------------------------------------------------------------------------------- */

static void note(struct edits *e, const struct source *s, size_t from, size_t to, const char *text)
{
	*array_push(&e->list) = (struct edit){.source = s, .from = from, .to = to, .text = text};
}

static bool set_profile(struct work *w, const char *option)
{
	const char *equals = strchr(option, '=');
	const char *name = equals ? equals + 1 : option;

	for (size_t i = 0; i < w->edits->persons.count; i++) {
		struct person_text *t = &w->edits->persons.at[i];
		const char *who = w->play->persons.at[t->person].name;

		if (equals && (strlen(who) != (size_t)(equals - option) ||
			       strncmp(who, option, (size_t)(equals - option)) != 0))
			continue;
		if (equals && !is_alone(w, t, "--profile"))
			return false;
		for (size_t j = 0; j < t->settings.count; j++)
			if (t->settings.at[j].kind == SETTING_PROFILE)
				t->settings.at[j].text = "";
		if (t->profile_to)
			note(w->edits, t->source, t->profile_from, t->profile_to, name);
		else
			note(w->edits, t->source, t->name_end, t->name_end,
			     arena_printf(&w->play->arena, " profile %s", name));
	}
	return true;
}

/* ---- all ------------------------------------------------------------------------------------- */

static void note_person(struct work *w, const struct person_text *t)
{
	const char *bytes = t->source->bytes;
	struct sink new = {0};

	for (size_t i = 0; i < t->settings.count; i++) {
		const struct setting_text *item = &t->settings.at[i];
		size_t to = item->to;

		if (!item->text)
			continue;
		if (item->to == 0) {
			if (*item->text)
				sink_printf(&new, " %s ", item->text);
			continue;
		}
		/* With the blanks behind it, so that none are left over. */
		while (!*item->text && bytes[to] == ' ')
			to++;
		note(w->edits, t->source, item->from, to, item->text);
	}
	if (new.count > 0 && t->close)
		note(w->edits, t->source, t->close, t->close,
		     arena_printf(&w->play->arena, "%s%s", bytes[t->close - 1] == ' ' ? "" : " ",
				  new.at));
	else if (new.count > 0)
		note(w->edits, t->source, t->end, t->end,
		     arena_printf(&w->play->arena, " {%s}", new.at));
	sink_fini(&new);
}

bool rewrite_persons(struct play *play, struct edits *edits, const struct scene_options *o,
		     struct diags *d)
{
	struct work w = {.play = play, .edits = edits, .d = d};

	if (o->profile && !set_profile(&w, o->profile))
		return false;
	for (size_t i = 0; o->sets && o->sets[i]; i++)
		if (!set_one(&w, o->sets[i]))
			return false;
	for (size_t i = 0; i < edits->persons.count; i++)
		note_person(&w, &edits->persons.at[i]);
	return true;
}
