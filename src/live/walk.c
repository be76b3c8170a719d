/* SPDX-License-Identifier: MIT */
#include "live/walk.h"

#include "live/datalink.h"

/* Interfaces of a pcapng file, and those that a cooked capture names, are places. */
static uint32_t place_of(const struct walk *w)
{
	const struct frame_sight *f = &w->frame;

	if (f->link == DATALINK_LINUX_SLL2)
		return 1 + ((uint32_t)f->octets[6] << 9 | (uint32_t)f->octets[7] << 1 |
			    w->glance.is_outgoing);
	if (f->link == DATALINK_LINUX_SLL)
		return 1 + w->glance.is_outgoing;
	return w->frames.interfaces.count > 1 ? 1 + w->frames.interface : 0;
}

bool walk_open(struct walk *w, const char *octets, size_t n)
{
	*w = (struct walk){.flow = -1};
	return frames_open(&w->frames, (const uint8_t *)octets, n);
}

bool walk_next(struct walk *w)
{
	if (!frames_next(&w->frames, &w->frame))
		return false;
	w->kind = glance(&w->frame, &w->glance);
	w->flow = -1;
	if (w->kind == GLANCE_TCP)
		w->flow = flows_see(&w->flows, &w->glance, &w->frame, place_of(w));
	else if (w->kind == GLANCE_ERROR)
		w->flow = flows_hear(&w->flows, &w->glance, w->frame.at);
	return true;
}

void walk_fini(struct walk *w)
{
	frames_fini(&w->frames);
	flows_fini(&w->flows);
}
