/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <wire/seg_text.h>
#include <woshou/names.h>

static char *taken(struct sink *s)
{
	sink_puts(s, "");
	return s->at;
}

char *lint(const char *text)
{
	struct diags d = {0};
	struct sink out = {0};

	scene_free(scene_parse("x.scene", text, strlen(text), NULL, &d));
	diag_print(&d, &out);
	diags_fini(&d);
	return taken(&out);
}

char *formatted(const char *text)
{
	struct diags d = {0};
	struct sink out = {0};
	bool is_good = scene_format("x.scene", text, strlen(text), &out, &d);

	diags_fini(&d);
	if (is_good)
		return taken(&out);
	sink_fini(&out);
	return NULL;
}

struct scene_file *parsed(const char *text)
{
	struct diags d = {0};
	struct sink out = {0};
	struct scene_file *f = scene_parse("x.scene", text, strlen(text), NULL, &d);

	diag_print(&d, &out);
	if (!f)
		ck_abort_msg("%s", taken(&out));
	sink_fini(&out);
	diags_fini(&d);
	return f;
}

static struct scene_run *ran(struct scene_file *f)
{
	struct diags d = {0};
	struct scene_run *run = scene_run_new(f, 0, NULL, &d);

	ck_assert_ptr_nonnull(run);
	scene_run_all(run);
	diags_fini(&d);
	return run;
}

struct scene_verdict verdict_of(const char *text)
{
	struct scene_file *f = parsed(text);
	struct scene_run *run = ran(f);
	struct scene_verdict v = scene_run_verdict(run);

	scene_run_free(run);
	scene_free(f);
	return v;
}

char *report_of(const char *text)
{
	struct scene_file *f = parsed(text);
	struct scene_run *run = ran(f);
	struct sink out = {0};

	scene_run_report(run, &out);
	scene_run_free(run);
	scene_free(f);
	return taken(&out);
}

char *sends_of(const char *text)
{
	struct scene_file *f = parsed(text);
	struct scene_run *run = ran(f);
	const struct trace *t = scene_run_trace(run);
	struct sink out = {0};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		/* Nobody sent what a stranger did. */
		if (r->kind != REC_SEND && (r->kind != REC_ARRIVE || !r->is_stranger))
			continue;
		sink_time(&out, r->at);
		sink_printf(&out, " %s ",
			    trace_host_at(t, r->kind == REC_SEND ? r->host : r->peer)->name);
		seg_print_ctl(&out, r->seg.ctl);
		sink_printf(&out, " %u\n", r->seg.seq.v);
	}
	scene_run_free(run);
	scene_free(f);
	return taken(&out);
}

/* Kinds by letter: s say, c chapter, m marker, a ask, e expect, w write, r read, S state, E end. */
static bool is_wanted(const struct record *r, const char *kinds)
{
	static const struct {
		char letter;
		enum record_kind kind;
	} all[] = {
		{'s', REC_SAY},    {'c', REC_SCENE},  {'m', REC_MARKER}, {'a', REC_ASK},
		{'e', REC_EXPECT}, {'w', REC_CALL},   {'r', REC_READ},   {'S', REC_STATE},
		{'E', REC_END},    {'A', REC_ARRIVE}, {'d', REC_WIND},
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i].kind == r->kind && strchr(kinds, all[i].letter))
			return true;
	return false;
}

char *story_of(const char *text, const char *kinds)
{
	struct scene_file *f = parsed(text);
	struct scene_run *run = ran(f);
	const struct trace *t = scene_run_trace(run);
	struct sink out = {0};

	for (uint64_t i = 0; i < trace_count(t); i++) {
		const struct record *r = trace_at(t, i);

		if (!is_wanted(r, kinds))
			continue;
		sink_time(&out, r->at);
		sink_printf(&out, " %s", name_of(NAMES_KIND, r->kind));
		if (r->host < trace_host_count(t))
			sink_printf(&out, " %s", trace_host_at(t, r->host)->name);
		if (r->kind == REC_CALL)
			sink_printf(&out, " %s", name_of(NAMES_CALL, r->detail));
		if (r->kind == REC_WIND)
			sink_printf(&out, " %s", name_of(NAMES_DEED, r->detail));
		if (r->kind == REC_EXPECT)
			sink_printf(&out, " %s", name_of(NAMES_VERDICT, r->detail));
		if (r->kind == REC_STATE)
			sink_printf(&out, " %s", state_name((enum state)r->to));
		if (r->error)
			sink_printf(&out, " %s", sock_error_name((enum sock_error)r->error));
		if (*trace_text_of(t, r, 0) && r->kind != REC_CALL)
			sink_printf(&out, " %s", trace_text_of(t, r, 0));
		sink_puts(&out, "\n");
	}
	scene_run_free(run);
	scene_free(f);
	return taken(&out);
}

char *file_text(const char *path)
{
	char full[512];
	char octets[4096];
	struct sink out = {0};
	FILE *f;
	size_t n;

	snprintf(full, sizeof full, "%s/%s", SOURCE_ROOT, path);
	f = fopen(full, "rb");
	ck_assert_msg(f != NULL, "cannot read %s", path);
	while ((n = fread(octets, 1, sizeof octets, f)) > 0)
		sink_put(&out, octets, n);
	fclose(f);
	return taken(&out);
}
