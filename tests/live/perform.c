/* SPDX-License-Identifier: MIT */
/*
 * perform - what our engine makes of a recording.
 *
 *	perform --script FILE    the scene
 *	perform --text FILE      both ladders; exit 1 where they do not agree
 *	perform --json FILE      the same as JSON
 *
 * FILE is a capture or a trace (JSON Lines). All its connections are performed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <base/array.h>
#include <export/beside.h>
#include <live/capture.h>
#include <live/script.h>
#include <live/twin.h>
#include <woshou/jsonl.h>

static void read_file(const char *name, struct sink *out)
{
	FILE *f = fopen(name, "rb");
	char part[65536];
	size_t n;

	if (!f) {
		perror(name);
		exit(2);
	}
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		sink_put(out, part, n);
	fclose(f);
}

static void complain(const struct diags *d)
{
	struct sink out = {0};

	diag_print(d, &out);
	fputs(out.at ? out.at : "it cannot be read\n", stderr);
	exit(2);
}

static struct trace *trace_of(const char *name, const struct sink *octets)
{
	struct diags d = {0};
	struct capture c;
	struct trace *t;
	bool *chosen;

	if (!capture_is(octets->at, octets->count)) {
		if (!trace_read_jsonl(&t, octets->at, octets->count, name, &d))
			complain(&d);
		return t;
	}
	if (!capture_open(&c, octets->at, octets->count, name, &d))
		complain(&d);
	chosen = xcalloc(c.flows.count + 1, sizeof *chosen);
	memset(chosen, 1, c.flows.count);
	t = capture_trace(&c, chosen);
	free(chosen);
	capture_close(&c);
	diags_fini(&d);
	return t;
}

int main(int argc, char **argv)
{
	struct script_options script = {0};
	struct beside_options beside = {.columns = 110};
	struct sink octets = {0}, out = {0};
	struct twin *twin = twin_new();
	struct trace *t;
	bool is_same = true;

	if (argc != 3)
		return 2;
	read_file(argv[2], &octets);
	t = trace_of(argv[2], &octets);
	if (strcmp(argv[1], "--script") == 0) {
		script_write(t, &script, &out);
	} else if (!twin_follow(twin, t) || !twin_trace(twin)) {
		fputs("nothing to perform\n", stderr);
		exit(2);
	} else if (strcmp(argv[1], "--text") == 0) {
		is_same = beside_write(t, twin_trace(twin), &beside, &out);
	} else {
		is_same = beside_json(t, twin_trace(twin), &out);
	}
	fwrite(out.at, 1, out.count, stdout);
	twin_free(twin);
	trace_free(t);
	sink_fini(&octets);
	sink_fini(&out);
	return is_same ? 0 : 1;
}
