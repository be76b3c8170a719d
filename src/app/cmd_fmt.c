/* SPDX-License-Identifier: MIT */
/* cmd_fmt.c - canonical layout. What has mistakes is left as it is. */
#include <app/app.h>
#include <scene/scene.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The whole new file stands beside the old one before it takes its place: nothing is ever lost. */
static bool replace_file(const char *name, const struct sink *text)
{
	struct sink fresh = {0};
	struct stat old;
	bool is_good = false;
	int fd;

	sink_printf(&fresh, "%s.XXXXXX", name);
	fd = mkstemp(fresh.at);
	if (fd >= 0) {
		if (stat(name, &old) == 0)
			is_good = fchmod(fd, old.st_mode & 07777) == 0;
		is_good = is_good && write(fd, text->at, text->count) == (ssize_t)text->count;
		is_good = close(fd) == 0 && is_good && rename(fresh.at, name) == 0;
	}
	if (!is_good) {
		complain("%s: %s", name, strerror(errno));
		if (fd >= 0)
			unlink(fresh.at);
	}
	sink_fini(&fresh);
	return is_good;
}

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
	return replace_file(name, canonical) ? STATUS_HELD : STATUS_LACKING;
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
