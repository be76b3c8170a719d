/* SPDX-License-Identifier: MIT */
#include <app/chosen.h>
#include <stdio.h>
#include <string.h>

static void put_end(const struct endpoint *e, char *out, size_t room)
{
	struct sink text = {0};

	capture_put_end(&text, e);
	snprintf(out, room, "%s", text.at);
	sink_fini(&text);
}

static void give_row(void *user, size_t index, struct stage_row *out)
{
	const struct shown *s = user;
	const struct capture_flow *f = &s->capture.flows.at[index];

	*out = (struct stage_row){
		.id = f->id,
		.state = {capture_state(f, LANG_EN), capture_state(f, LANG_ZH)},
		.segments = f->segments,
		.octets = f->octets[0] + f->octets[1],
		.duration = f->last - f->first,
		.again = f->repeated,
		.late = f->late,
		.is_reset = f->is_reset,
	};
	for (int i = 0; i < 2; i++)
		put_end(&f->flow.end[i], out->end[i], sizeof out->end[i]);
}

static bool filter_rows(void *user, const char *filter, bool *lets, struct sink *complaint)
{
	struct shown *s = user;
	bool is_good = selection_filter(&s->selection, &s->capture, filter, complaint);

	if (is_good)
		memcpy(lets, s->selection.chosen, s->capture.flows.count * sizeof *lets);
	return is_good;
}

int chosen_from_list(struct shown *s, struct stage_options *o, chosen_play *play, void *user)
{
	const struct stage_list list = {s, s->capture.flows.count, give_row, filter_rows};
	struct stage_choice choice = {0};
	struct sink complaint = {0};
	int status;

	sink_puts(&complaint, "");
	while ((status = stage_choose(&list, s->play.name, o, &choice, complaint.at)) ==
		       STATUS_HELD &&
	       choice.row < list.count) {
		sink_clear(&complaint);
		if (choice.is_all)
			selection_filter(&s->selection, &s->capture, choice.filter, NULL);
		else
			selection_one(&s->selection, &s->capture, choice.row);
		if (!selection_fits(&s->selection, o->lang, &complaint))
			continue;
		shown_select(s);
		status = play(user, s);
		if (status != STATUS_HELD)
			break;
	}
	sink_fini(&complaint);
	return status;
}
