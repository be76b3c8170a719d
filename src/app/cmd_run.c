/* SPDX-License-Identifier: MIT */
/* cmd_run.c - no screen: every run of every file, its ladder, its verdicts, its golden ladder. */
#include <app/play.h>
#include <app/report.h>
#include <export/export.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

/* What all runs together have come to. */
struct runs {
	const struct request *request;
	uint32_t count, passed; /* runs */
	uint32_t goldens, golden_passed;
	struct sink json, goldens_json, junit; /* one entry each */
	int status;
};

/* Held back until a file's runs are over. */
struct file_output {
	struct sink ladders; /* of all its runs: what the golden file holds */
	struct sink text;
};

static void tell_verdict(struct runs *all, const struct report *r, struct sink *text)
{
	struct sink *json = r->is_golden ? &all->goldens_json : &all->json;

	*(r->is_golden ? &all->goldens : &all->count) += 1;
	*(r->is_golden ? &all->golden_passed : &all->passed) += r->has_passed;
	if (!r->has_passed)
		all->status = worse(all->status, STATUS_BROKEN);
	if (json->count > 0)
		sink_putc(json, ',');
	report_json(r, json);
	report_junit(r, &all->junit);
	report_text(r, all->request->lang, text);
}

static void judge(struct runs *all, const struct play *p, size_t variant,
		  const struct scene_run *run, struct sink *text)
{
	struct scene_verdict verdict = scene_run_verdict(run);
	struct sink story = {0};
	struct report report = {
		.file = p->name,
		.variant = scene_variant_name(p->file, variant),
		.seed = trace_seed(scene_run_trace(run)),
		.pass = verdict.pass,
		.fail = verdict.fail,
		.inconclusive = verdict.inconclusive,
		.has_passed = scene_run_has_passed(run),
	};

	if (!report.has_passed)
		scene_run_report(run, &story);
	report.story = story.at != NULL ? story.at : "";
	tell_verdict(all, &report, text);
	sink_fini(&story);
}

/* As far as anybody looks at it. */
static void put_ladder(const struct request *r, const struct play *p, const struct scene_run *run,
		       struct file_output *out)
{
	bool is_shown = !r->given[OPT_QUIET] && !r->given[OPT_JSON];
	struct sink ladder = {0};

	if (!is_shown && scene_golden(p->file) == NULL)
		return;
	export_ladder(scene_run_trace(run), NULL, &ladder);
	sink_put(&out->ladders, ladder.at, ladder.count);
	if (is_shown) {
		sink_put(&out->text, ladder.at, ladder.count);
		sink_putc(&out->text, '\n');
	}
	sink_fini(&ladder);
}

static bool run_variant(struct runs *all, struct play *p, size_t variant, struct file_output *out)
{
	struct scene_run *run = play_run(p, variant);

	if (run == NULL)
		return false;
	put_ladder(all->request, p, run, out);
	judge(all, p, variant, run, &out->text);
	scene_run_free(run);
	return true;
}

static bool run_variants(struct runs *all, struct play *p, struct file_output *out)
{
	size_t count = scene_variant_count(p->file);
	size_t only;

	if (all->request->given[OPT_VARIANT])
		return play_choose(p, all->request, false, &only) && run_variant(all, p, only, out);
	for (size_t i = 0; i < count; i++) {
		if (!run_variant(all, p, i, out))
			return false;
	}
	return true;
}

/* The first line that differs, from both. */
static void put_difference(struct sink *out, const char *golden, const char *now)
{
	int line = 1;

	while (true) {
		size_t a = strcspn(golden, "\n"), b = strcspn(now, "\n");

		if (a != b || memcmp(golden, now, a) != 0 || golden[a] != now[b]) {
			sink_printf(out, "  line %d, golden: %.*s\n", line, (int)a, golden);
			sink_printf(out, "  line %d, now:    %.*s\n", line, (int)b, now);
			return;
		}
		if (golden[a] == '\0') {
			sink_printf(out, "  line %d, golden: goes on behind an octet 0\n", line);
			return;
		}
		golden += a + 1;
		now += b + 1;
		line++;
	}
}

static void compare_golden(struct runs *all, const struct play *p, struct file_output *out)
{
	const char *path = scene_golden(p->file);
	struct sink golden = {0}, story = {0};
	struct report report = {.file = path, .variant = "", .is_golden = true};

	sink_puts(&story, "");
	if (!input_read(path, &golden)) {
		sink_printf(&story, "  there is no golden ladder yet: woshou run --bless %s\n",
			    p->name);
	} else if (golden.count != out->ladders.count ||
		   memcmp(golden.at, out->ladders.at, golden.count) != 0) {
		put_difference(&story, golden.at, out->ladders.at);
	}
	report.has_passed = story.count == 0;
	report.story = story.at;
	tell_verdict(all, &report, &out->text);
	sink_fini(&story);
	sink_fini(&golden);
}

/* Another seed, profile or setting is another story than the golden one. */
static bool is_as_written(const struct request *r)
{
	return !r->given[OPT_SEED] && !r->given[OPT_PROFILE] && !r->given[OPT_SET] &&
	       !r->given[OPT_VARIANT];
}

/* A scene from elsewhere may name any file: nothing but an older ladder is replaced. */
static bool may_bless(const char *path)
{
	static const char first[] = "woshou-ladder ";
	struct sink old = {0};
	struct stat there;
	bool may = stat(path, &there) != 0 || there.st_size == 0;

	if (!may && S_ISREG(there.st_mode) && input_read(path, &old))
		may = strncmp(old.at, first, sizeof first - 1) == 0;
	sink_fini(&old);
	if (!may)
		complain("%s is no ladder: remove it first if it shall become one", path);
	return may;
}

static void bless(struct runs *all, const struct play *p, const struct file_output *out)
{
	const char *path = scene_golden(p->file);

	if (!is_as_written(all->request)) {
		complain("--bless stores the play as it is written: no --seed, --profile, --set");
		all->status = worse(all->status, STATUS_WRONG);
	} else if (path == NULL) {
		complain("%s names no golden ladder to bless: golden ladder \"NAME.ladder\"",
			 p->name);
		all->status = worse(all->status, STATUS_WRONG);
	} else if (!may_bless(path)) {
		all->status = worse(all->status, STATUS_WRONG);
	} else if (!output_write(path, &out->ladders)) {
		all->status = worse(all->status, STATUS_LACKING);
	}
}

static void run_file(struct runs *all, const char *name)
{
	struct file_output out = {0};
	struct play p;

	if (play_open(&p, name, all->request) && run_variants(all, &p, &out)) {
		if (all->request->given[OPT_BLESS])
			bless(all, &p, &out);
		else if (scene_golden(p.file) != NULL && is_as_written(all->request))
			compare_golden(all, &p, &out);
	} else {
		all->status = worse(all->status, STATUS_WRONG);
	}
	if (!all->request->given[OPT_JSON] && out.text.count > 0 && !output_text(&out.text))
		all->status = worse(all->status, STATUS_LACKING);
	sink_fini(&out.ladders);
	sink_fini(&out.text);
	play_close(&p);
}

static void put_summary(struct runs *all)
{
	struct sink text = {0};

	if (all->request->given[OPT_JSON])
		sink_printf(&text, "{\"passed\":%s,\"runs\":[%s],\"goldens\":[%s]}\n",
			    all->status == STATUS_HELD ? "true" : "false",
			    all->json.at != NULL ? all->json.at : "",
			    all->goldens_json.at != NULL ? all->goldens_json.at : "");
	else if (all->count > 1)
		sink_printf(&text,
			    in_lang(all->request->lang,
				    "%" PRIu32 " runs: %" PRIu32 " passed, %" PRIu32 " failed\n",
				    "%" PRIu32 " 场：%" PRIu32 " 场成立，%" PRIu32 " 场落空\n"),
			    all->count, all->passed, all->count - all->passed);
	if (text.count > 0 && !output_text(&text))
		all->status = worse(all->status, STATUS_LACKING);
	sink_fini(&text);
}

static void put_junit(struct runs *all)
{
	struct sink xml = {0};

	sink_printf(&xml,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<testsuite name=\"woshou\" tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\">\n",
		    all->count + all->goldens,
		    all->count - all->passed + all->goldens - all->golden_passed);
	sink_put(&xml, all->junit.at, all->junit.count);
	sink_puts(&xml, "</testsuite>\n");
	if (!output_write(all->request->value[OPT_JUNIT], &xml))
		all->status = worse(all->status, STATUS_LACKING);
	sink_fini(&xml);
}

int cmd_run(const struct request *r)
{
	struct runs all = {.request = r};

	for (size_t i = 0; r->given[OPT_JUNIT] && i < r->files.count; i++) {
		if (!is_one_file(r->value[OPT_JUNIT], r->files.at[i]))
			continue;
		complain("--junit %s would overwrite a scene", r->value[OPT_JUNIT]);
		return STATUS_WRONG;
	}
	for (size_t i = 0; i < r->files.count; i++)
		run_file(&all, r->files.at[i]);
	put_summary(&all);
	if (r->given[OPT_JUNIT])
		put_junit(&all);
	sink_fini(&all.json);
	sink_fini(&all.goldens_json);
	sink_fini(&all.junit);
	return all.status;
}
