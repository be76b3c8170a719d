/* SPDX-License-Identifier: MIT */
#include "stage/theme.h"

#include <string.h>
#include <base/assert.h>

/* Mono is also NO_COLOR: there the two people are underlined and bold, in what is written. Lines
 * and figures would only be spoiled by an underline. */
static const struct style styles[THEME_COUNT][ROLE_COUNT] =
	{
		/* clang-format off */
	[THEME_DARK] = {
		[ROLE_TEXT]     = { -1, 0 },
		[ROLE_FAINT]    = { 246, 0 },
		[ROLE_FRAME]    = { 242, 0 },
		[ROLE_HEAD]     = { -1, ATTR_BOLD },
		[ROLE_PERSON_0] = { 75, 0 },
		[ROLE_PERSON_1] = { 214, 0 },
		[ROLE_OTHERS]   = { 252, 0 },
		[ROLE_LINE_0]   = { 75, 0 },
		[ROLE_LINE_1]   = { 214, 0 },
		[ROLE_LOSS]     = { 252, ATTR_BOLD },
		[ROLE_KEY]      = { -1, ATTR_BOLD },
		[ROLE_HERE]     = { -1, ATTR_BOLD },
	},
	[THEME_LIGHT] = {
		[ROLE_TEXT]     = { -1, 0 },
		[ROLE_FAINT]    = { 240, 0 },
		[ROLE_FRAME]    = { 245, 0 },
		[ROLE_HEAD]     = { -1, ATTR_BOLD },
		[ROLE_PERSON_0] = { 27, 0 },
		[ROLE_PERSON_1] = { 130, 0 },
		[ROLE_OTHERS]   = { 236, 0 },
		[ROLE_LINE_0]   = { 27, 0 },
		[ROLE_LINE_1]   = { 130, 0 },
		[ROLE_LOSS]     = { 16, ATTR_BOLD },
		[ROLE_KEY]      = { -1, ATTR_BOLD },
		[ROLE_HERE]     = { -1, ATTR_BOLD },
	},
	[THEME_MONO] = {
		[ROLE_TEXT]     = { -1, 0 },
		[ROLE_FAINT]    = { -1, 0 },
		[ROLE_FRAME]    = { -1, 0 },
		[ROLE_HEAD]     = { -1, ATTR_BOLD },
		[ROLE_PERSON_0] = { -1, ATTR_UNDERLINE },
		[ROLE_PERSON_1] = { -1, ATTR_BOLD },
		[ROLE_OTHERS]   = { -1, 0 },
		[ROLE_LINE_0]   = { -1, 0 },
		[ROLE_LINE_1]   = { -1, ATTR_BOLD },
		[ROLE_LOSS]     = { -1, ATTR_REVERSE },
		[ROLE_KEY]      = { -1, ATTR_BOLD },
		[ROLE_HERE]     = { -1, ATTR_BOLD },
	},
	[THEME_EIGHT] = {
		[ROLE_TEXT]     = { -1, 0 },
		[ROLE_FAINT]    = { -1, 0 },
		[ROLE_FRAME]    = { -1, 0 },
		[ROLE_HEAD]     = { -1, ATTR_BOLD },
		[ROLE_PERSON_0] = { 6, ATTR_BOLD },
		[ROLE_PERSON_1] = { 3, ATTR_BOLD },
		[ROLE_OTHERS]   = { -1, 0 },
		[ROLE_LINE_0]   = { 6, ATTR_BOLD },
		[ROLE_LINE_1]   = { 3, ATTR_BOLD },
		[ROLE_LOSS]     = { -1, ATTR_REVERSE },
		[ROLE_KEY]      = { -1, ATTR_BOLD },
		[ROLE_HERE]     = { -1, ATTR_BOLD },
	},
		/* clang-format on */
};

static const char *const names[THEME_COUNT] = {
	[THEME_AUTO] = "auto", [THEME_DARK] = "dark",   [THEME_LIGHT] = "light",
	[THEME_MONO] = "mono", [THEME_EIGHT] = "eight",
};

struct style theme_style(enum theme theme, enum role role)
{
	ASSERT(theme < THEME_COUNT);
	ASSERT(role < ROLE_COUNT);
	return styles[theme == THEME_AUTO ? THEME_DARK : theme][role];
}

const char *theme_name(enum theme theme)
{
	ASSERT(theme < THEME_COUNT);
	return names[theme];
}

int theme_named(const char *name)
{
	for (int i = 0; i < THEME_COUNT; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return -1;
}
