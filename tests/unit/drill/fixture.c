/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct drill_script *read_one(const char *text, const struct drill_words *words, char **told)
{
	struct diags d = {0};
	struct sink out = {0};
	struct drill_script *s = drill_script_read("x.pkt", text, strlen(text), words, &d);

	sink_puts(&out, "");
	diag_print(&d, &out);
	ck_assert((s == NULL) == (d.errors > 0));
	diags_fini(&d);
	*told = out.at;
	return s;
}

struct drill_script *script_with(const char *text, const struct drill_words *words)
{
	char *told;
	struct drill_script *s = read_one(text, words, &told);

	ck_assert_msg(s != NULL, "%s", told);
	free(told);
	return s;
}

struct drill_script *script_of(const char *text)
{
	return script_with(text, NULL);
}

char *complaints_of(const char *text)
{
	char *told;

	drill_script_free(read_one(text, NULL, &told));
	return told;
}
