/* SPDX-License-Identifier: MIT */
#include <app/scenes.h>
#include <base/array.h>
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* share/ beside bin/: the program may have been installed anywhere. */
static bool put_beside_program(struct sink *out)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	char *slash;

	if (n < 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	sink_printf(out, "%s/../share/woshou/scenarios", path);
	return true;
}

static bool take_folder(struct sink *out, const char *path)
{
	if (path == NULL || path[0] == '\0' || !is_folder(path))
		return false;
	sink_clear(out);
	sink_puts(out, path);
	return true;
}

bool scenes_folder(const struct request *r, struct sink *out)
{
	struct sink beside = {0};
	bool is_found;

	if (r->given[OPT_SCENES]) {
		sink_puts(out, r->value[OPT_SCENES]);
		return true;
	}
	put_beside_program(&beside);
	is_found = take_folder(out, getenv("WOSHOU_SCENARIOS")) || take_folder(out, "scenarios") ||
		   take_folder(out, beside.at) || take_folder(out, WOSHOU_DATADIR "/scenarios");
	sink_fini(&beside);
	return is_found;
}

enum { DEPTH_MAX = 4 };

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), m = strlen(ending);

	return n > m && strcmp(text + n - m, ending) == 0;
}

static void add_below(struct paths *p, const char *folder, const char *ending, int depth)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		struct sink path = {0};

		sink_printf(&path, "%s/%s", folder, names[i]->d_name);
		if (names[i]->d_name[0] != '.' && depth < DEPTH_MAX && is_folder(path.at))
			add_below(p, path.at, ending, depth + 1);
		else if (ends_with(names[i]->d_name, ending))
			*array_push(p) = xstrndup(path.at, path.count);
		sink_fini(&path);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

void paths_below(struct paths *p, const char *folder, const char *ending)
{
	add_below(p, folder, ending, 0);
}

void paths_fini(struct paths *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->at[i]);
	array_fini(p);
}
