/* SPDX-License-Identifier: MIT */
/* override.c - --seed, --profile and --set: settings of the command line, read by the same parser.
 */
#include <scene/parse.h>
#include <scene/run.h>

#include <string.h>

const struct person *override_owner(const struct play *play, const char *text, const char **rest)
{
	for (size_t i = 0; i < play->persons.count; i++) {
		const char *name = play->persons.at[i].name;
		size_t n = strlen(name);

		if (strncmp(text, name, n) == 0 && text[n] == '.') {
			*rest = text + n + 1;
			return &play->persons.at[i];
		}
	}
	*rest = text;
	return NULL;
}

static void remove_setting(struct person *p, const struct setting *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->settings.count; i++) {
		const struct setting *old = &p->settings.at[i];
		bool is_same = s->option ? old->option && strcmp(old->option, s->option) == 0
					 : !old->option && old->field == s->field;

		if (!is_same)
			p->settings.at[kept++] = *old;
	}
	p->settings.count = kept;
}

/* What was set on the command line comes last: in place of what the play says. */
static void merge(struct person *to, const struct person *from)
{
	for (size_t i = 0; i < from->settings.count; i++) {
		remove_setting(to, &from->settings.at[i]);
		*array_push(&to->settings) = from->settings.at[i];
	}
	if (from->isn.count > 0) {
		array_clear(&to->isn);
		for (size_t i = 0; i < from->isn.count; i++)
			*array_push(&to->isn) = from->isn.at[i];
	}
	if (from->port)
		to->port = from->port;
	if (from->profile)
		to->profile = from->profile;
	if (from->has_app) {
		to->app = from->app;
		to->has_app = true;
	}
}

bool override_read(struct play *play, const char *option, const char *text, struct person *out,
		   struct diags *d)
{
	struct scene_file file = {0};
	struct parser p = {.file = &file, .play = play, .d = d, .is_first = true, .rounds = 1};
	int errors = d->errors;

	*array_push(&file.sources) = source_new(option, text, strlen(text));
	p.source = file.sources.at[0];
	parse_look(&p);
	while (d->errors == errors && !parse_at(&p, TOKEN_LINE_END)) {
		if (!parse_setting(&p, out))
			break;
	}
	source_free(file.sources.at[0]);
	array_fini(&file.sources);
	/* Its text is gone now; the play keeps copies. */
	for (size_t i = 0; i < out->settings.count; i++)
		out->settings.at[i].at = (struct place){.file = ""};
	return d->errors == errors;
}

static bool set(struct play *play, const char *text, struct diags *d)
{
	struct person settings = {0};
	const char *rest;
	const struct person *owner = override_owner(play, text, &rest);
	const char *equals = strchr(rest, '=');
	char *line;
	bool is_good;

	if (!equals) {
		diag_error(d, (struct place){.file = "--set"}, NULL,
			   "--set rto=3s, --set zhang.rto=3s", "'%s' has no '='", text);
		return false;
	}
	line = arena_strndup(&play->arena, rest, strlen(rest));
	line[equals - rest] = ' ';
	is_good = override_read(play, "--set", line, &settings, d);
	for (size_t i = 0; i < play->persons.count && is_good; i++)
		if (!owner || owner == &play->persons.at[i])
			merge(&play->persons.at[i], &settings);
	array_fini(&settings.settings);
	array_fini(&settings.isn);
	return is_good;
}

static bool set_profile(struct play *play, const char *text, struct diags *d)
{
	const char *equals = strchr(text, '=');
	const char *name = equals ? equals + 1 : text;
	const char *names[PROFILE_COUNT + 1] = {0};
	const struct tcp_profile *profile = tcp_profile_named(name);
	bool has_any = false;

	for (int i = 0; i < PROFILE_COUNT; i++)
		names[i] = tcp_profiles[i].name;
	if (!profile) {
		diag_error(d, (struct place){.file = "--profile"}, NULL, nearest_word(name, names),
			   "unknown profile '%s'", name);
		return false;
	}
	for (size_t i = 0; i < play->persons.count; i++) {
		struct person *p = &play->persons.at[i];

		if (equals && (strlen(p->name) != (size_t)(equals - text) ||
			       strncmp(p->name, text, (size_t)(equals - text)) != 0))
			continue;
		p->profile = profile->name;
		has_any = true;
	}
	if (equals && !has_any) {
		diag_error(d, (struct place){.file = "--profile"}, NULL, NULL,
			   "there is no person '%.*s'", (int)(equals - text), text);
		return false;
	}
	return true;
}

bool play_override(struct play *play, const struct scene_options *o, struct diags *d)
{
	bool is_good = true;

	if (o->has_seed)
		play->seed = o->seed;
	if (o->profile)
		is_good = set_profile(play, o->profile, d);
	for (size_t i = 0; o->sets && o->sets[i]; i++)
		is_good = set(play, o->sets[i], d) && is_good;
	return is_good;
}
