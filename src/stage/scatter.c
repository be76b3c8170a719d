/* SPDX-License-Identifier: MIT */
#include "stage/scatter.h"

#include <string.h>
#include <base/assert.h>
#include <base/utf8.h>
#include "stage/canvas.h"

enum { DUST = SCATTER_FRAMES - 2 /* the first frame of dots */ };

int scatter_frame(const struct voyage *w, usec now)
{
	usec way = w->due - w->sent, since = now - w->due;

	if (w->fate != FATE_LOST || since < 0 || since > way)
		return -1;
	if (way == 0)
		return 0;
	/* Ways of hours times five still fit 63 bits. */
	return since < way ? (int)(since * SCATTER_FRAMES / way) : SCATTER_FRAMES - 1;
}

size_t scatter_letters(const char *word, int frame, struct letter out[SCATTER_LETTERS])
{
	static const int dance[] = {0, -1, 1, 0, 1, -1, 0, 1, -1};
	size_t left = strlen(word), n = 0;
	int columns = 2 + 2 * frame;

	ASSERT(frame >= 0 && frame < SCATTER_FRAMES);
	while (left > 0 && n < SCATTER_LETTERS) {
		uint32_t code;
		size_t taken = utf8_next(word, left, &code);
		int width = cp_width(code);

		word += taken;
		left -= taken;
		if (code == ' ' || width == 0)
			continue;
		if (frame >= DUST) {
			code = glyph_code(GLYPH_NEXT);
			width = 1;
		}
		out[n] = (struct letter){.code = code,
					 .columns = columns,
					 .rows = dance[n % 9] * (frame >= 2 ? 2 : 1),
					 .width = width};
		columns += width + (frame + 1) / 2 + (int)(n % 2);
		n++;
	}
	return n;
}

void garble(struct sink *out, const char *word, uint64_t seed)
{
	static const char noise[] = "#%&?*$~+";
	size_t left = strlen(word);

	sink_clear(out);
	sink_puts(out, "");
	for (uint64_t i = 0; left > 0; i++) {
		uint32_t code;
		size_t taken = utf8_next(word, left, &code);
		uint64_t chance = (seed + i) * 0x9e3779b97f4a7c15u >> 61;

		if (code != ' ' && cp_width(code) == 1 && (seed + i) % 3 == 0)
			sink_putc(out, noise[chance]);
		else
			sink_put(out, word, taken);
		word += taken;
		left -= taken;
	}
}
