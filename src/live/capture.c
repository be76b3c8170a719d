/* SPDX-License-Identifier: MIT */
#include "live/capture.h"

#include <stdio.h>

#include "live/datalink.h"
#include "live/walk.h"

bool capture_is(const char *octets, size_t n)
{
	const char *what, *tool;

	return frames_are((const uint8_t *)octets, n) ||
	       frames_other((const uint8_t *)octets, n, &what, &tool);
}

static void count_frame(struct capture *c, const struct walk *w)
{
	c->frames++;
	switch (w->kind) {
	case GLANCE_TCP: return;
	case GLANCE_ERROR:
	case GLANCE_OTHER: c->others++; break;
	case GLANCE_FRAGMENT: c->fragments++; return;
	case GLANCE_DAMAGED: c->damaged++; return;
	}
	c->unknown += !datalink_is_known(w->frame.link);
}

static void add_flow(struct capture *c, const struct flow_track *t, uint32_t id)
{
	int caller = flow_caller(t);
	const struct flow_side *from = &t->side[caller], *to = &t->side[1 - caller];

	*array_push(&c->flows) = (struct capture_flow){
		.id = id,
		.flow = {{t->end[caller], t->end[1 - caller]}},
		.is_begun = t->is_begun,
		.is_ended = flow_is_ended(t),
		.is_reset = t->is_reset,
		.first = t->first,
		.last = t->last,
		.segments = t->segments,
		.octets = {from->octets, to->octets},
		.repeated = t->repeated,
		.late = t->late,
		.vantage = flow_vantage(t),
	};
	flow_far(t, array_last(&c->flows)->far);
}

static struct place whole(const char *file)
{
	return (struct place){.file = file};
}

/* It cannot even be begun. */
static void complain_opening(const struct frames *f, const char *file, struct diags *d)
{
	const char *what, *tool;
	char hint[80];

	if (frames_other(f->octets, f->size, &what, &tool)) {
		snprintf(hint, sizeof hint, "make a capture of it first: %s", tool);
		diag_error(d, whole(file), NULL, hint, "%s, which is not opened here", what);
	} else if (f->is_cut) {
		diag_error(d, whole(file), NULL, NULL, "a capture that ends within its own header");
	} else {
		diag_error(d, whole(file), NULL, "tcpdump -w, tshark -w and dumpcap write captures",
			   "no capture: %s", f->damage);
	}
}

static void put_link(struct sink *out, int link)
{
	const char *name = datalink_name(link);

	if (name != NULL)
		sink_puts(out, name);
	else
		sink_printf(out, "a link of kind %d", link);
}

/* Nothing in it can be shown. */
static void complain_empty(const struct capture *c, int link, const char *file, struct diags *d)
{
	struct sink kind = {0};

	put_link(&kind, link);
	if (c->frames == 0)
		diag_error(d, whole(file), NULL, NULL, "a capture without a frame");
	else if (c->unknown == c->frames)
		diag_error(d, whole(file), NULL,
			   "those that are opened: Ethernet, Linux cooked (1 and 2), BSD loopback, "
			   "raw IP",
			   "a capture of %s, which is not opened here", kind.at);
	else
		diag_error(d, whole(file), NULL, NULL,
			   "no TCP in it: of %llu frames %llu are something else, %llu are "
			   "fragments of IP datagrams, %llu are damaged",
			   (unsigned long long)c->frames, (unsigned long long)c->others,
			   (unsigned long long)c->fragments, (unsigned long long)c->damaged);
	sink_fini(&kind);
}

/* What is there can be shown, but it is not all that somebody may look for. */
static void warn(const struct capture *c, const struct frames *f, const char *file, struct diags *d)
{
	if (c->is_cut)
		diag_warning(d, whole(file), NULL, NULL,
			     "the file ends within frame %llu: what was whole before it is shown",
			     (unsigned long long)c->frames + 1);
	if (f->damage != NULL)
		diag_warning(d, whole(file), NULL, NULL,
			     "%s, at octet %zu: the %llu frames before it are shown", f->damage,
			     f->next, (unsigned long long)c->frames);
	if (c->fragments > 0)
		diag_warning(d, whole(file), NULL, NULL,
			     "%llu fragments of IP datagrams are not put together: what TCP was in "
			     "them is missing",
			     (unsigned long long)c->fragments);
	if (c->damaged > 0)
		diag_warning(d, whole(file), NULL, NULL,
			     "%llu frames are left out: their headers were cut off or cannot be "
			     "right",
			     (unsigned long long)c->damaged);
}

bool capture_open(struct capture *c, const char *octets, size_t n, const char *file,
		  struct diags *d)
{
	struct walk w;
	int link = 0;

	*c = (struct capture){.octets = octets, .size = n};
	if (!walk_open(&w, octets, n)) {
		complain_opening(&w.frames, file, d);
		walk_fini(&w);
		return false;
	}
	while (walk_next(&w)) {
		count_frame(c, &w);
		if (w.kind != GLANCE_TCP)
			link = w.frame.link;
	}
	c->is_cut = w.frames.is_cut;
	c->copies = w.flows.copies;
	array_reserve(&c->flows, w.flows.all.count);
	for (size_t i = 0; i < w.flows.all.count; i++)
		add_flow(c, &w.flows.all.at[i], (uint32_t)i + 1);
	warn(c, &w.frames, file, d);
	if (c->flows.count == 0)
		complain_empty(c, link, file, d);
	walk_fini(&w);
	return c->flows.count > 0;
}

void capture_close(struct capture *c)
{
	array_fini(&c->flows);
	*c = (struct capture){0};
}

void capture_put_end(struct sink *out, const struct endpoint *e)
{
	char text[ADDRESS_TEXT];

	address_text(&e->address, text);
	sink_printf(out, e->address.family == FAMILY_IPV6 ? "[%s]:%u" : "%s:%u", text,
		    (unsigned)e->port);
}
