/* SPDX-License-Identifier: MIT */
/* One script is read and run; what came of it as text, TAP, JSON and JUnit XML. */
#include <app/drill.h>
#include <app/report.h>
#include <inttypes.h>
#include <string.h>

void drill_outcome_make(struct drill_outcome *o, const struct drill_call_for *how)
{
	const struct request *r = how->request;
	const struct drill_words words = {.defined = how->defines.names,
					  .given = how->defines.values};
	struct sink bytes = {0};

	o->kind = OUTCOME_WRONG;
	if (input_read(o->file, &bytes))
		o->script = drill_script_read(o->file, bytes.at, bytes.count, &words, &o->diags);
	sink_fini(&bytes);
	if (o->script == NULL)
		return;
	if (r->given[OPT_CHECK]) {
		o->kind = OUTCOME_READ;
		return;
	}
	if (r->given[OPT_TOLERANCE]) {
		o->script->options.tolerance = (usec)r->number[OPT_TOLERANCE];
		o->script->options.has_tolerance = true;
	}
	drill_run(o->script, &how->settings, &o->result);
	o->kind = o->result.has_passed ? OUTCOME_PASSED : OUTCOME_FAILED;
}

void drill_outcome_fini(struct drill_outcome *o)
{
	drill_result_fini(&o->result);
	drill_script_free(o->script);
	diags_fini(&o->diags);
}

/* ---- text ---- */

static const char *verdict_word(const struct drill_outcome *o, enum lang lang)
{
	switch ((enum drill_outcome_kind)o->kind) {
	case OUTCOME_PASSED: return in_lang(lang, "pass ", "成立 ");
	case OUTCOME_FAILED: return in_lang(lang, "FAIL ", "落空 ");
	case OUTCOME_WRONG: return in_lang(lang, "WRONG ", "有误 ");
	case OUTCOME_READ: return in_lang(lang, "read ", "读过 ");
	}
	return "";
}

void drill_text(const struct drill_outcome *o, const struct request *r, struct sink *out)
{
	bool is_quiet = r->given[OPT_QUIET];

	sink_puts(out, verdict_word(o, r->lang));
	put_visibly(out, o->file, strlen(o->file));
	sink_putc(out, '\n');
	if (!is_quiet && o->result.printed.count > 0)
		sink_put(out, o->result.printed.at, o->result.printed.count);
	for (size_t i = 0; i < o->result.findings.count; i++) {
		const struct drill_finding *f = &o->result.findings.at[i];

		if (!is_quiet || f->kind == FINDING_FAILURE)
			drill_finding_print(f, out);
	}
}

/* ---- what else there is to say about one that did not pass ---- */

static void put_story(const struct drill_outcome *o, struct sink *out)
{
	diag_print(&o->diags, out);
	for (size_t i = 0; i < o->result.findings.count; i++)
		drill_finding_print(&o->result.findings.at[i], out);
	if (out->count == 0)
		sink_puts(out, o->script == NULL ? "it cannot be read\n" : "");
}

static const char *reason_of(const struct drill_outcome *o)
{
	const struct drill_finding *f = drill_first_failure(&o->result);

	if (f != NULL)
		return f->what;
	if (o->kind == OUTCOME_FAILED && o->result.findings.count > 0)
		return array_last(&o->result.findings)->what;
	return o->diags.list.count > 0 ? o->diags.list.at[0].message : "it cannot be read";
}

void drill_tap(const struct drill_outcome *o, size_t number, struct sink *out)
{
	struct sink story = {0};

	sink_printf(out, "%sok %zu - ",
		    o->kind == OUTCOME_PASSED || o->kind == OUTCOME_READ ? "" : "not ", number);
	for (const char *c = o->file; *c != '\0'; c++) {
		if (*c == '#' || *c == '\\') /* a directive would begin there */
			sink_putc(out, '\\');
		put_visibly(out, c, 1);
	}
	sink_putc(out, '\n');
	put_story(o, &story);
	for (const char *line = story.at; line != NULL && *line != '\0';) {
		size_t n = strcspn(line, "\n");

		sink_puts(out, "# ");
		sink_put(out, line, n);
		sink_putc(out, '\n');
		line += n + (line[n] == '\n');
	}
	sink_fini(&story);
}

static void put_place(const struct place *at, struct sink *out)
{
	sink_printf(out, "\"line\":%d,\"column\":%d", at->line, at->byte + 1);
}

static void put_member(const char *name, const char *value, struct sink *out)
{
	if (value == NULL)
		return;
	sink_printf(out, ",\"%s\":", name);
	put_json_string(out, value);
}

static void put_json_findings(const struct drill_outcome *o, struct sink *out)
{
	sink_puts(out, ",\"findings\":[");
	for (size_t i = 0; i < o->result.findings.count; i++) {
		const struct drill_finding *f = &o->result.findings.at[i];

		sink_puts(out, i > 0 ? ",{" : "{");
		put_place(&f->at, out);
		put_member("kind", drill_finding_name(f->kind), out);
		sink_printf(out, ",\"at_us\":%" PRId64, f->when);
		put_member("what", f->what, out);
		put_member("event", f->line, out);
		put_member("expected", f->expected, out);
		put_member("actual", f->actual, out);
		sink_putc(out, '}');
	}
	sink_putc(out, ']');
}

static void put_json_mistakes(const struct drill_outcome *o, struct sink *out)
{
	sink_puts(out, ",\"mistakes\":[");
	for (size_t i = 0; i < o->diags.list.count; i++) {
		const struct diag *d = &o->diags.list.at[i];

		sink_puts(out, i > 0 ? ",{" : "{");
		put_place(&d->at, out);
		put_member("severity", d->severity == DIAG_ERROR ? "error" : "warning", out);
		put_member("message", d->message, out);
		put_member("hint", d->hint, out);
		sink_putc(out, '}');
	}
	sink_putc(out, ']');
}

void drill_json(const struct drill_outcome *o, struct sink *out)
{
	static const char *const words[] = {[OUTCOME_PASSED] = "pass",
					    [OUTCOME_FAILED] = "fail",
					    [OUTCOME_WRONG] = "wrong",
					    [OUTCOME_READ] = "read"};
	bool has_run = o->kind == OUTCOME_PASSED || o->kind == OUTCOME_FAILED;

	sink_puts(out, "{\"file\":");
	put_json_string(out, o->file);
	put_member("verdict", words[o->kind], out);
	if (has_run) {
		sink_printf(out,
			    ",\"packets\":%" PRIu32 ",\"calls\":%" PRIu32 ",\"skipped\":%" PRIu32
			    ",\"end_us\":%" PRId64,
			    o->result.packets, o->result.calls, o->result.skipped, o->result.end);
		put_member("printed", o->result.printed.at, out);
		put_json_findings(o, out);
	}
	put_json_mistakes(o, out);
	sink_putc(out, '}');
}

void drill_junit(const struct drill_outcome *o, struct sink *out)
{
	struct sink story = {0};

	sink_puts(out, "  <testcase classname=\"drill\" name=\"");
	put_xml(out, o->file);
	if (o->kind == OUTCOME_PASSED || o->kind == OUTCOME_READ) {
		sink_puts(out, "\"/>\n");
		return;
	}
	sink_printf(out, "\">\n    <%s message=\"",
		    o->kind == OUTCOME_FAILED ? "failure" : "error");
	put_xml(out, reason_of(o));
	sink_puts(out, "\">");
	put_story(o, &story);
	put_xml(out, story.at != NULL ? story.at : "");
	sink_printf(out, "</%s>\n  </testcase>\n", o->kind == OUTCOME_FAILED ? "failure" : "error");
	sink_fini(&story);
}
