/* SPDX-License-Identifier: MIT */
/* stage_files.c - files for the stage, while its picture stands on the terminal: nothing is said on
 * standard error. */
#include <app/show.h>
#include <dirent.h>
#include <errno.h>
#include <app/form.h>
#include <string.h>
#include <sys/stat.h>

static bool exists(void *user, const char *path)
{
	struct stat st;

	(void)user;
	return lstat(path, &st) == 0;
}

static bool write_file(void *user, const char *path, const struct sink *bytes,
		       struct sink *complaint)
{
	struct stat st;

	(void)user;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		sink_printf(complaint, "%s: %s", path, strerror(EISDIR));
		return false;
	}
	return output_replace(path, bytes, complaint);
}

static bool export_file(void *user, const struct stage_export *what, struct sink *complaint)
{
	const char *slash = strrchr(what->title, '/');
	struct export_options options = {.lang = what->lang,
					 .relative = !what->is_absolute,
					 .name = slash != NULL ? slash + 1 : what->title};
	struct sink out = {0};
	bool is_good;

	sink_puts(&out, "");
	is_good = form_write(what->format, what->trace, &options, &out, complaint) &&
		  write_file(user, what->path, &out, complaint);
	sink_fini(&out);
	return is_good;
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), m = strlen(ending);

	return n > m && strcmp(text + n - m, ending) == 0;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool begins(const char *name, const char *beginning)
{
	return strncmp(name, beginning, strlen(beginning)) == 0;
}

void stage_files_complete(void *user, const char *path, struct sink *names)
{
	const char *slash = strrchr(path, '/');
	size_t head = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	char *folder = head > 0 ? xstrndup(path, head) : xstrndup(".", 1);
	struct dirent **found;
	int n = scandir(folder, &found, NULL, alphasort);

	(void)user;
	for (int i = 0; i < n; i++) {
		const char *name = found[i]->d_name;
		struct sink whole = {0};

		sink_put(&whole, path, head);
		sink_puts(&whole, name);
		if (name[0] != '.' && strchr(name, '\n') == NULL && begins(name, path + head) &&
		    (is_folder(whole.at) || ends_with(name, ".scene") || ends_with(name, ".jsonl")))
			sink_printf(names, "%s%s\n", whole.at, is_folder(whole.at) ? "/" : "");
		sink_fini(&whole);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
	free(folder);
}

const struct stage_files stage_files = {.exists = exists,
					.write = write_file,
					.export = export_file,
					.complete = stage_files_complete};
