/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_file(const char *path, struct sink *out)
{
	FILE *file = fopen(path, "rb");
	char bytes[4096];
	size_t n;

	sink_puts(out, "");
	if (!file)
		return false;
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		sink_put(out, bytes, n);
	fclose(file);
	return true;
}

static bool write_file(const char *path, const struct sink *bytes)
{
	FILE *file = fopen(path, "wb");
	bool is_good = file && fwrite(bytes->at, 1, bytes->count, file) == bytes->count;

	return file && fclose(file) == 0 && is_good;
}

/* The first line that differs, both ways, as TAP comments. */
static void show_difference(const char *was, const char *is)
{
	int line = 1;

	while (*was && *is) {
		size_t a = strcspn(was, "\n"), b = strcspn(is, "\n");

		if (a != b || memcmp(was, is, a) != 0) {
			printf("# line %d\n# was: %.*s\n# is:  %.*s\n", line, (int)a, was, (int)b,
			       is);
			return;
		}
		was += a + (was[a] == '\n');
		is += b + (is[b] == '\n');
		line++;
	}
	printf("# one is longer than the other, from line %d on\n", line);
}

static bool compare(const char *folder, const char *name, const struct sink *is)
{
	bool is_blessed = getenv("WOSHOU_BLESS") != NULL;
	struct sink path = {0}, was = {0};
	bool is_same;

	sink_printf(&path, "%s/%s.txt", folder, name);
	if (is_blessed) {
		is_same = write_file(path.at, is);
	} else {
		is_same = read_file(path.at, &was) && was.count == is->count &&
			  memcmp(was.at, is->at, is->count) == 0;
		if (!is_same)
			show_difference(was.at, is->at);
	}
	sink_fini(&path);
	sink_fini(&was);
	return is_same;
}

bool golden(const char *folder, const char *name, int number, const struct sink *is)
{
	bool is_same = compare(folder, name, is);

	printf("%s %d - %s\n", is_same ? "ok" : "not ok", number, name);
	return is_same;
}
