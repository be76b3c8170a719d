/* SPDX-License-Identifier: MIT */
#include <app/show.h>
#include <base/span.h>
#include <export/export.h>
#include <string.h>

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
	if (r->given[OPT_AT] && !span_read(r->value[OPT_AT], &out->start_at)) {
		complain("--at takes a time such as 1.26s, not '%s'", r->value[OPT_AT]);
		return false;
	}
	if (r->given[OPT_SPEED] && !stage_speed(r->value[OPT_SPEED], &out->speed)) {
		complain("--speed takes 0.5, 1, 2 and the like, not '%s'", r->value[OPT_SPEED]);
		return false;
	}
	/* What is written to a file is the same on every terminal. */
	if (r->command != COMMAND_EXPORT)
		stage_options_environment(out);
	return true;
}
