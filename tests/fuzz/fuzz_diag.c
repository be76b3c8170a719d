/* SPDX-License-Identifier: MIT */
/* Any octets as the source line, file name and words of a mistake: what is printed
 * cannot harm a terminal. The first four octets choose the place. */
#include "fuzz.h"

#include <string.h>
#include <base/diag.h>
#include <base/assert.h>
#include <base/utf8.h>

static void check_harmless(const char *text, size_t size)
{
	ASSERT(strlen(text) == size);
	ASSERT(utf8_valid(text, size));
	while (size > 0) {
		uint32_t cp;
		size_t n = utf8_next(text, size, &cp);

		ASSERT(cp == '\n' || !cp_is_control(cp));
		text += n;
		size -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const words[] = {"drop", "delay", "FIN_WAIT_2", "握手", NULL};
	struct diags d = {0};
	struct sink out = {0};
	struct place at;
	char *line;

	if (size < 4)
		return 0;
	line = arena_strndup(&d.arena, (const char *)data + 4, size - 4);
	at = (struct place){line, data[0], data[1] << 4 | data[2] >> 4, data[3]};
	diag_error(&d, at, line, nearest_word(line, words), "no such word: '%.*s'", 40, line);
	diag_print(&d, &out);
	check_harmless(out.at, out.count);
	ASSERT(utf8_clip(line, 80) <= strlen(line));
	sink_fini(&out);
	diags_fini(&d);
	return 0;
}
