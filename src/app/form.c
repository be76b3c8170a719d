/* SPDX-License-Identifier: MIT */
#include <app/form.h>
#include <export/beside.h>
#include <live/script.h>
#include <live/twin.h>
#include <string.h>

enum { BESIDE_COLUMNS = 100 };

static bool write_beside(const struct trace *t, const struct export_options *o, struct sink *out)
{
	const struct beside_options options = {.lang = o->lang, .columns = BESIDE_COLUMNS};
	struct twin *twin = twin_new();
	bool is_good = twin_follow(twin, t) && twin_trace(twin) != NULL;

	if (is_good)
		beside_write(t, twin_trace(twin), &options, out);
	twin_free(twin);
	return is_good;
}

bool form_write(const char *form, const struct trace *t, const struct export_options *o,
		struct sink *out, struct sink *complaint)
{
	bool is_good = true;

	if (strcmp(form, "scene") == 0)
		is_good = script_write(t, &(struct script_options){0}, out);
	else if (strcmp(form, "beside") == 0)
		is_good = write_beside(t, o, out);
	else
		export_named(form)(t, o, out);
	if (!is_good)
		sink_puts(complaint, "there is nothing in it that our engine could perform");
	return is_good;
}
