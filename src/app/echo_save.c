/* SPDX-License-Identifier: MIT */
/* echo_save.c - conversations into files: a trace, a capture, a scene, as the name's ending says.
 */
#include <app/echo.h>
#include <app/form.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), m = strlen(ending);

	return n > m && strcmp(text + n - m, ending) == 0;
}

/* Better said now than when there is something to be lost. */
static bool has_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	char *folder =
		slash != NULL ? xstrndup(name, (size_t)(slash - name) + 1) : xstrndup(".", 1);
	bool is_good = access(folder, W_OK) == 0;

	if (!is_good)
		complain("--save %s: %s: %s", name, folder, strerror(errno));
	free(folder);
	return is_good;
}

static bool is_twice(const struct request *r, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (strcmp(r->saves.at[i], r->saves.at[index]) == 0) {
			complain("--save %s is given twice", r->saves.at[index]);
			return true;
		}
	}
	return false;
}

bool echo_may_save(const struct request *r)
{
	for (size_t i = 0; i < r->saves.count; i++) {
		const char *name = r->saves.at[i];

		if (r->given[OPT_QUIET]) {
			complain("--save needs what --quiet leaves out: the observer");
			return false;
		}
		if (!ends_with(name, ".jsonl") && !ends_with(name, ".pcapng") &&
		    !ends_with(name, ".scene")) {
			complain("--save %s: the name must end in .jsonl, .pcapng or .scene", name);
			return false;
		}
		if (!has_folder(name) || is_twice(r, i))
			return false;
	}
	return true;
}

/* "talk.jsonl", "talk-2.jsonl", ... */
static void put_name(struct sink *out, const char *name, size_t which)
{
	const char *dot = strrchr(name, '.');

	if (which == 0) {
		sink_puts(out, name);
		return;
	}
	sink_put(out, name, (size_t)(dot - name));
	sink_printf(out, "-%zu%s", which + 1, dot);
}

static bool save(const char *name, const struct trace *t, enum lang lang)
{
	struct export_options options = {.lang = lang};
	struct sink out = {0};
	struct sink complaint = {0};
	bool is_good = form_write(strrchr(name, '.') + 1, t, &options, &out, &complaint);

	if (!is_good)
		complain("%s: %s", name, complaint.at);
	else
		is_good = output_write(name, &out);
	sink_fini(&complaint);
	sink_fini(&out);
	return is_good;
}

bool echo_save_one(const struct request *r, const struct trace *t)
{
	bool is_good = true;

	for (size_t i = 0; i < r->saves.count; i++)
		is_good = save(r->saves.at[i], t, r->lang) && is_good;
	return is_good;
}

bool echo_save(const struct echo *e)
{
	const struct request *r = e->request;
	struct observed o;
	bool is_good = true;
	size_t n = 0;

	if (e->observer == NULL)
		return true;
	for (; observer_at(e->observer, n, &o); n++) {
		for (size_t i = 0; i < r->saves.count; i++) {
			struct sink name = {0};

			put_name(&name, r->saves.at[i], n);
			is_good = save(name.at, o.trace, e->lang) && is_good;
			sink_fini(&name);
		}
	}
	if (n == 0 && r->saves.count > 0)
		complain("nothing is saved: there was no conversation");
	else if (n > 0 && r->saves.count > 0 && observer_at(e->observer, 0, &o) && o.id > 1)
		complain("the first %u conversations are not saved: there were too many", o.id - 1);
	return is_good;
}
