/* SPDX-License-Identifier: MIT */
/* cmd_export.c - one run in another form. */
#include <app/form.h>
#include <app/play.h>
#include <app/show.h>
#include <export/export.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "wire", or the name of a person. */
static bool take_view(const struct trace *t, const char *name, uint8_t *view)
{
	struct sink names = {0};

	*view = EXPORT_WIRE;
	if (name == NULL || strcmp(name, "wire") == 0)
		return true;
	for (size_t i = 0; i < trace_host_count(t); i++) {
		const struct trace_host *host = trace_host_at(t, (uint8_t)i);

		if (strcmp(host->name, name) == 0) {
			*view = export_side((uint8_t)i);
			sink_fini(&names);
			return true;
		}
		sink_printf(&names, ", %s", host->name);
	}
	complain("--view is wire%s; not '%s'", names.at != NULL ? names.at : "", name);
	sink_fini(&names);
	return false;
}

static bool is_text(const char *form)
{
	return strcmp(form, "pcapng") != 0;
}

static int deliver(const char *form, const char *to, const struct sink *bytes)
{
	bool is_stdout = to == NULL || strcmp(to, "-") == 0;

	if (is_stdout && !is_text(form) && isatty(STDOUT_FILENO)) {
		complain("a capture is not for a terminal: give -o FILE, or a pipe");
		return STATUS_WRONG;
	}
	if (is_stdout && is_text(form))
		return output_text(bytes) ? STATUS_HELD : STATUS_LACKING;
	return output_write(to, bytes) ? STATUS_HELD : STATUS_LACKING;
}

/* "80x24". */
static bool take_size(const char *text, int *columns, int *rows)
{
	int end = 0;

	*columns = 80;
	*rows = 24;
	if (text == NULL)
		return true;
	if (sscanf(text, "%3dx%3d%n", columns, rows, &end) == 2 && text[end] == '\0' &&
	    *columns > 0 && *rows > 0)
		return true;
	complain("--size takes COLUMNSxROWS, such as 120x40, not '%s'", text);
	return false;
}

static void draw_moment(const struct request *r, const struct shown *s,
			const struct stage_options *o, int columns, int rows, struct sink *out)
{
	if (strcmp(r->value[OPT_TO], "svg") == 0)
		stage_svg(s->trace, s->title, o, o->start_at, rows, columns, out);
	else
		stage_text(s->trace, s->title, o, o->start_at, rows, columns, out);
}

static void draw_page(const struct request *r, const struct shown *s, const struct stage_options *o,
		      int columns, struct sink *out)
{
	if (strcmp(r->value[OPT_TO], "svg") == 0)
		stage_page_svg(s->trace, s->title, o, columns, out);
	else
		stage_page_text(s->trace, s->title, o, columns, out);
}

/* The stage at --at, or else the whole ladder; or the play itself. */
static int draw(const struct request *r, const struct shown *s, struct sink *out)
{
	struct stage_options options;
	int columns, rows;

	if (!show_options(r, &options) || !take_size(r->value[OPT_SIZE], &columns, &rows))
		return STATUS_WRONG;
	shown_introduce(s, &options);
	if (strcmp(r->value[OPT_TO], "asciicast") == 0) {
		stage_cast(s->trace, s->title, &options, rows, columns, out);
		return STATUS_HELD;
	}
	if (options.has_start) {
		draw_moment(r, s, &options, columns, rows, out);
		return STATUS_HELD;
	}
	if (!r->given[OPT_SIZE])
		columns = PAGE_COLUMNS;
	if (columns < PAGE_COLUMNS_LEAST) {
		complain("--size: the ladder needs at least %d columns", PAGE_COLUMNS_LEAST);
		return STATUS_WRONG;
	}
	draw_page(r, s, &options, columns, out);
	return STATUS_HELD;
}

static bool is_drawn(const char *form)
{
	return strcmp(form, "text") == 0 || strcmp(form, "svg") == 0 ||
	       strcmp(form, "asciicast") == 0;
}

/* The folder is the machine's, not the play's. */
static void name_play(const struct shown *s, struct export_options *o)
{
	const char *slash = strrchr(s->title, '/');

	o->name = slash != NULL ? slash + 1 : s->title;
	o->title[0] = s->own_title[0];
	o->title[1] = s->own_title[1];
}

static int write_form(const char *form, const struct shown *s, const struct export_options *o,
		      struct sink *out)
{
	struct sink complaint = {0};
	bool is_good = form_write(form, s->trace, o, out, &complaint);

	if (!is_good)
		complain("%s: %s", s->title, complaint.at);
	sink_fini(&complaint);
	return is_good ? STATUS_HELD : STATUS_WRONG;
}

static int export_as(const struct request *r, const char *form)
{
	struct shown s;
	struct sink out = {0};
	struct export_options options = {.lang = r->lang,
					 .relative = r->given[OPT_RELATIVE],
					 .corrupted = r->given[OPT_CORRUPTED]};
	int status;

	if (r->value[OPT_OUTPUT] != NULL && is_one_file(r->value[OPT_OUTPUT], r->files.at[0])) {
		complain("-o %s would overwrite what is read", r->value[OPT_OUTPUT]);
		return STATUS_WRONG;
	}
	status = shown_open(&s, r->files.at[0], r, false);
	if (status == STATUS_HELD && !take_view(s.trace, r->value[OPT_VIEW], &options.view))
		status = STATUS_WRONG;
	if (status == STATUS_HELD)
		name_play(&s, &options);
	if (status == STATUS_HELD && is_drawn(form))
		status = draw(r, &s, &out);
	else if (status == STATUS_HELD)
		status = write_form(form, &s, &options, &out);
	if (status == STATUS_HELD)
		status = deliver(form, r->value[OPT_OUTPUT], &out);
	sink_fini(&out);
	shown_close(&s);
	return status;
}

int cmd_export(const struct request *r)
{
	if (!r->given[OPT_TO]) {
		complain("export to what? --to %s", option_table[OPT_TO].value);
		return STATUS_WRONG;
	}
	return export_as(r, r->value[OPT_TO]);
}
