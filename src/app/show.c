/* SPDX-License-Identifier: MIT */
#include <app/show.h>
#include <export/export.h>
#include <string.h>

/* "12.5" as 125 and 10. The rest of the text, or NULL: no number, or one too long to be meant. */
static const char *read_decimal(const char *text, int64_t *value, int64_t *scale)
{
	const char *at = text;
	bool has_point = false;

	*value = 0;
	*scale = 1;
	for (; (*at >= '0' && *at <= '9') || (*at == '.' && !has_point); at++) {
		if (*at == '.') {
			has_point = true;
			continue;
		}
		if (*value > INT64_C(1000000000000) || *scale > 100000)
			return NULL;
		*value = *value * 10 + (*at - '0');
		if (has_point)
			*scale *= 10;
	}
	return at == text || (has_point && at == text + 1) ? NULL : at;
}

bool read_time(const char *text, usec *out)
{
	static const struct {
		const char *name;
		usec size;
	} units[] = {{"", USEC_PER_S},         {"s", USEC_PER_S},
		     {"ms", USEC_PER_MS},      {"us", 1},
		     {"min", 60 * USEC_PER_S}, {"h", 3600 * USEC_PER_S},
		     {"d", 86400 * USEC_PER_S}};
	int64_t value, scale;
	const char *unit = read_decimal(text, &value, &scale);

	for (size_t i = 0; unit != NULL && i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(unit, units[i].name) == 0)
			return !__builtin_mul_overflow(value, units[i].size, out) &&
			       (*out /= scale, true);
	}
	return false;
}

static enum stage_motion motion_named(const char *name)
{
	if (name != NULL && strcmp(name, "steps") == 0)
		return MOTION_STEPS;
	return name != NULL && strcmp(name, "none") == 0 ? MOTION_NONE : MOTION_FULL;
}

static enum theme theme_asked(const struct request *r)
{
	if (r->given[OPT_NO_COLOR])
		return THEME_MONO;
	return r->given[OPT_THEME] ? (enum theme)theme_named(r->value[OPT_THEME]) : THEME_AUTO;
}

bool show_options(const struct request *r, struct stage_options *out)
{
	*out = (struct stage_options){
		.lang = r->lang,
		.is_ascii = r->given[OPT_ASCII],
		.is_absolute = !r->given[OPT_RELATIVE],
		.has_no_mouse = r->given[OPT_NO_MOUSE],
		.has_start = r->given[OPT_AT],
		.has_speed = r->given[OPT_SPEED],
		.motion = motion_named(r->value[OPT_MOTION]),
		.theme = theme_asked(r),
		.tell = tell_record,
	};
	if (r->given[OPT_AT] && !read_time(r->value[OPT_AT], &out->start_at)) {
		complain("--at takes a time such as 1.26s, not '%s'", r->value[OPT_AT]);
		return false;
	}
	if (r->given[OPT_SPEED] && !stage_speed(r->value[OPT_SPEED], &out->speed)) {
		complain("--speed takes 0.5, 1, 2 and the like, not '%s'", r->value[OPT_SPEED]);
		return false;
	}
	stage_options_environment(out);
	return true;
}
