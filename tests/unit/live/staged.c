/* SPDX-License-Identifier: MIT */
#include "staged.h"

#include <check.h>
#include <string.h>

void staged_run(struct staged *s, const char *name, const char *text, size_t n, size_t variant,
		const struct scene_options *o)
{
	struct sink said = {0};

	*s = (struct staged){0};
	s->file = scene_parse(name, text, n, NULL, &s->diags);
	diag_print(&s->diags, &said);
	ck_assert_msg(s->file != NULL, "%s", said.at);
	s->run = scene_run_new(s->file, variant, o, &s->diags);
	ck_assert_ptr_nonnull(s->run);
	scene_run_all(s->run);
	s->trace = scene_run_trace(s->run);
	sink_fini(&said);
}

void staged_text(struct staged *s, const char *text)
{
	staged_run(s, "test", text, strlen(text), 0, NULL);
}

void staged_fini(struct staged *s)
{
	scene_run_free(s->run);
	scene_free(s->file);
	diags_fini(&s->diags);
}
