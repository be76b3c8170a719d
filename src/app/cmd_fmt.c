/* SPDX-License-Identifier: MIT */
/* cmd_fmt.c - canonical layout. What has mistakes is left as it is. */
#include <app/app.h>
#include <scene/scene.h>
#include <string.h>

static int deliver(const struct request *r, const char *name, const struct sink *old,
		   const struct sink *canonical)
{
	bool is_same =
		old->count == canonical->count && memcmp(old->at, canonical->at, old->count) == 0;

	if (r->given[OPT_CHECK]) {
		if (!is_same)
			complain("%s: not in canonical layout (woshou fmt -i %s)", name, name);
		return is_same ? STATUS_HELD : STATUS_BROKEN;
	}
	if (!r->given[OPT_IN_PLACE])
		return output_text(canonical) ? STATUS_HELD : STATUS_LACKING;
	if (is_same)
		return STATUS_HELD;
	return output_write(name, canonical) ? STATUS_HELD : STATUS_LACKING;
}

static int format_one(const struct request *r, const char *name)
{
	struct sink old = {0}, canonical = {0};
	struct diags diags = {0};
	int status = STATUS_WRONG;

	if (r->given[OPT_IN_PLACE] && strcmp(name, "-") == 0) {
		complain("standard input cannot be rewritten in place");
		return STATUS_WRONG;
	}
	if (input_read(name, &old)) {
		if (scene_format(name, old.at, old.count, &canonical, &diags))
			status = deliver(r, name, &old, &canonical);
		else
			complain_all(&diags);
	}
	diags_fini(&diags);
	sink_fini(&canonical);
	sink_fini(&old);
	return status;
}

int cmd_fmt(const struct request *r)
{
	int status = STATUS_HELD;

	for (size_t i = 0; i < r->files.count; i++)
		status = worse(status, format_one(r, r->files.at[i]));
	return status;
}
