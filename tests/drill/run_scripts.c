/* SPDX-License-Identifier: MIT */
/*
 * run_scripts.c - runs packetdrill scripts and says of each whether it passed.
 *
 *	run_scripts [-v] [-D NAME]... FILE...	"ok FILE" or "not ok FILE"; with -v what was found
 *
 * A file "-" means: the names of the files stand on standard input, one a line.
 */
#include <stdio.h>
#include <string.h>
#include <base/sink.h>
#include <drill/drill.h>

static bool read_file(const char *name, struct sink *out)
{
	char buffer[4096];
	size_t n;
	FILE *f = fopen(name, "rb");

	if (!f)
		return false;
	while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
		sink_put(out, buffer, n);
	fclose(f);
	return true;
}

static bool run_file(const char *name, const struct drill_words *words, struct sink *told)
{
	struct sink bytes = {0};
	struct diags diags = {0};
	struct drill_result result;
	struct drill_script *script;
	bool has_passed = false;

	if (!read_file(name, &bytes)) {
		sink_printf(told, "%s: cannot be read\n", name);
		return false;
	}
	script = drill_script_read(name, bytes.at ? bytes.at : "", bytes.count, words, &diags);
	if (script) {
		drill_run(script, &(struct drill_settings){0}, &result);
		has_passed = result.has_passed;
		drill_result_print(&result, told);
		drill_result_fini(&result);
		drill_script_free(script);
	} else {
		diag_print(&diags, told);
	}
	diags_fini(&diags);
	sink_fini(&bytes);
	return has_passed;
}

static bool report(const char *name, const struct drill_words *words, bool is_verbose)
{
	struct sink told = {0};
	bool has_passed = run_file(name, words, &told);

	printf("%s %s\n", has_passed ? "ok" : "not ok", name);
	if (is_verbose && told.at)
		fputs(told.at, stdout);
	sink_fini(&told);
	return has_passed;
}

static bool report_listed(const struct drill_words *words, bool is_verbose)
{
	char line[4096];
	bool all = true;

	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		all = report(line, words, is_verbose) && all;
	}
	return all;
}

int main(int argc, char **argv)
{
	const char *defined[16] = {NULL};
	struct drill_words words = {.defined = defined};
	bool is_verbose = false, all = true;
	size_t count = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-v") == 0)
			is_verbose = true;
		else if (strcmp(argv[i], "-D") == 0 && i + 1 < argc && count < 15)
			defined[count++] = argv[++i];
		else if (strcmp(argv[i], "-") == 0)
			all = report_listed(&words, is_verbose) && all;
		else
			all = report(argv[i], &words, is_verbose) && all;
	}
	return all ? 0 : 1;
}
