/* SPDX-License-Identifier: MIT */
/* fuzz_replay.c - a fuzz target without libFuzzer: every file of the directories given, in order of
 * their names, once. */
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <base/array.h>

/* The whole file in memory of exactly its size, so that a read past the end is seen. */
static void replay(const char *directory, const char *name)
{
	char path[4096];
	uint8_t *data;
	FILE *file;
	long size;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
		fprintf(stderr, "replay: cannot read %s\n", path);
		exit(1);
	}
	rewind(file);
	data = xmalloc((size_t)size);
	if (fread(data, 1, (size_t)size, file) != (size_t)size) {
		fprintf(stderr, "replay: cannot read %s\n", path);
		exit(1);
	}
	fclose(file);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
}

int main(int argc, char **argv)
{
	int replayed = 0;

	for (int i = 1; i < argc; i++) {
		struct dirent **entries;
		int n = scandir(argv[i], &entries, NULL, alphasort);

		if (n < 0) {
			fprintf(stderr, "replay: no directory %s\n", argv[i]);
			return 1;
		}
		for (int j = 0; j < n; j++) {
			if (entries[j]->d_name[0] != '.') {
				replay(argv[i], entries[j]->d_name);
				replayed++;
			}
			free(entries[j]);
		}
		free(entries);
	}
	printf("%d inputs replayed\n", replayed);
	return replayed > 0 ? 0 : 1;
}
