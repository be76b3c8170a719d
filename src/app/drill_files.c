/* SPDX-License-Identifier: MIT */
/* Which scripts are meant: files, and folders with all that is in them. */
#include <app/drill.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDERS_DEEP = 32 };

static bool is_folder(const char *name)
{
	struct stat there;

	return strcmp(name, "-") != 0 && stat(name, &there) == 0 && S_ISDIR(there.st_mode);
}

bool drill_is_script(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".pkt") == 0;
}

static char *joined(const char *folder, const char *name)
{
	struct sink path = {0};
	size_t n = strlen(folder);

	sink_puts(&path, folder);
	if (n > 0 && folder[n - 1] != '/')
		sink_putc(&path, '/');
	sink_puts(&path, name);
	return path.at;
}

static bool walk(const char *folder, int depth, struct drill_files *out)
{
	DIR *dir = opendir(folder);
	bool is_good = true;

	if (dir == NULL) {
		complain("%s: %s", folder, strerror(errno));
		return false;
	}
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		char *path;

		if (e->d_name[0] == '.')
			continue;
		path = joined(folder, e->d_name);
		if (is_folder(path)) {
			is_good = (depth >= FOLDERS_DEEP || walk(path, depth + 1, out)) && is_good;
			free(path);
		} else if (drill_is_script(path)) {
			*array_push(&out->list) = path;
		} else {
			free(path);
		}
	}
	closedir(dir);
	return is_good;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool drill_files_add(struct drill_files *f, const char *name)
{
	size_t before = f->list.count;
	bool is_good;

	if (!is_folder(name)) {
		*array_push(&f->list) = xstrndup(name, strlen(name));
		return true;
	}
	is_good = walk(name, 0, f);
	if (f->list.count == before) {
		complain("%s: no file in it ends in .pkt", name);
		return false;
	}
	qsort(f->list.at + before, f->list.count - before, sizeof *f->list.at, by_name);
	return is_good;
}

void drill_files_fini(struct drill_files *f)
{
	for (size_t i = 0; i < f->list.count; i++)
		free(f->list.at[i]);
	array_fini(&f->list);
}
