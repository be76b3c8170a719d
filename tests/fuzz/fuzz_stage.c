/* SPDX-License-Identifier: MIT */
/* Any octets as what a reader does to the stage: keys, words typed, clicks, waiting, resizes. Each
 * picture is sound, and going back shows what was shown. The first octet chooses the play. */
#include "fuzz.h"

#include <stdio.h>
#include <base/assert.h>
#include "../screens/fixture.h"
#include "../screens/monkey.h"

enum { DEEDS_MAX = 2000 };

static struct trace *play(uint8_t which)
{
	switch (which % 4) {
	case 0: return fixture_first_wave();
	case 1: return fixture_storm();
	case 2: return fixture_alone();
	default: return fixture_empty();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int sizes[][2] = {{12, 40}, {24, 80}, {25, 81}, {40, 120}};
	struct chance c;
	struct monkey m = {0};
	struct trace *t;
	const char *fault = NULL;

	if (size < 2)
		return 0;
	c = (struct chance){.data = data + 2, .left = size - 2};
	t = play(data[0]);
	monkey_open(&m, t, NULL, &c, sizes[data[1] % 4][0], sizes[data[1] % 4][1]);
	for (int i = 0; !fault && c.left > 0 && i < DEEDS_MAX; i++)
		fault = monkey_act(&m, &c);
	if (fault) {
		printf("# %s\n", fault);
		monkey_print_trail(&m);
		fflush(stdout);
	}
	ASSERT(fault == NULL);
	monkey_close(&m);
	trace_free(t);
	return 0;
}
