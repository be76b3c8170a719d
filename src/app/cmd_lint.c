/* SPDX-License-Identifier: MIT */
/* cmd_lint.c - every mistake at once, and what is no mistake but not good either. */
#include <app/play.h>

static int lint_one(const char *name)
{
	struct sink bytes = {0};
	struct diags diags = {0};
	int status = STATUS_WRONG;

	if (input_read(name, &bytes)) {
		struct scene_file *file =
			scene_parse(name, bytes.at, bytes.count, &play_loader, &diags);

		complain_all(&diags);
		if (file != NULL) {
			status = STATUS_HELD;
			scene_free(file);
		}
	}
	diags_fini(&diags);
	sink_fini(&bytes);
	return status;
}

int cmd_lint(const struct request *r)
{
	int status = STATUS_HELD;

	for (size_t i = 0; i < r->files.count; i++)
		status = worse(status, lint_one(r->files.at[i]));
	return status;
}
