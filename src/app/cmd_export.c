/* SPDX-License-Identifier: MIT */
/* cmd_export.c - one run in another form; and `tell`, which is `export --to tell`. */
#include <app/play.h>
#include <export/export.h>
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

static int export_as(const struct request *r, const char *form)
{
	struct shown s;
	struct sink out = {0};
	struct export_options options = {.lang = r->lang};
	int status = shown_open(&s, r->files.at[0], r, false);

	if (status == STATUS_HELD && !take_view(s.trace, r->value[OPT_VIEW], &options.view))
		status = STATUS_WRONG;
	if (status == STATUS_HELD) {
		export_named(form)(s.trace, &options, &out);
		status = deliver(form, r->value[OPT_OUTPUT], &out);
	}
	sink_fini(&out);
	shown_close(&s);
	return status;
}

int cmd_export(const struct request *r)
{
	if (!r->given[OPT_TO]) {
		complain("export to what? --to %s", options[OPT_TO].value);
		return STATUS_WRONG;
	}
	return export_as(r, r->value[OPT_TO]);
}

int cmd_tell(const struct request *r)
{
	return export_as(r, "tell");
}
