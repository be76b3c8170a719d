/* SPDX-License-Identifier: MIT */
#include "trace/phrase.h"

#include <stdbool.h>
#include <string.h>
#include <base/harmless.h>

/* "The strangers' program". */
static bool is_plural_genitive(const struct sink *before, const char *at)
{
	return strncmp(at, "'s", strlen("'s")) == 0 && before->count > 0 &&
	       before->at[before->count - 1] == 's';
}

void phrase_put(struct sink *out, const char *sentence, phrase_fill *fill, const void *user)
{
	const char *at = sentence;

	while (*at != '\0') {
		struct sink piece = {0};
		size_t n;

		if (is_plural_genitive(out, at)) {
			sink_putc(out, '\'');
			at += strlen("'s");
		}
		n = strcspn(at, "{");
		put_spaced(out, at, n);
		at += n;
		if (*at != '{')
			continue;
		n = strcspn(at, "}");
		fill(user, at + 1, n - 1, &piece);
		put_spaced(out, piece.at, piece.count);
		sink_fini(&piece);
		at += n + 1;
	}
}
