/* SPDX-License-Identifier: MIT */
#include <drill/order.h>

#include <stddef.h>
#include <base/assert.h>

#define LINUX   STACK_LINUX
#define FREEBSD STACK_FREEBSD
static const struct drill_knob_info knobs[KNOB_COUNT] = {
#define KNOB(id, stack, name, words, least, most, fields)                                          \
	[KNOB_##id] = {name, stack, words, least, most, fields},
#include <drill/knobs.def>
#undef KNOB
};
#undef LINUX
#undef FREEBSD

const struct drill_knob_info *drill_knob_at(enum drill_knob knob)
{
	ASSERT((size_t)knob < KNOB_COUNT);
	return &knobs[knob];
}
