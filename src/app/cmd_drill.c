/* SPDX-License-Identifier: MIT */
/* cmd_drill.c - packetdrill scripts against the engine, in virtual time: several at once, told in
 * the order of the files whichever ends first. */
#include <app/drill.h>
#include <app/report.h>
#include <app/show.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_MAX = 256 };

/* What the workers share. */
struct drills {
	const struct drill_call_for *how;
	struct drill_outcome *outcomes;
	size_t count;
	size_t next; /* the first that nobody has taken */
	pthread_mutex_t lock;
	pthread_cond_t is_news;
};

static void *work(void *user)
{
	struct drills *all = user;

	for (;;) {
		size_t i;

		pthread_mutex_lock(&all->lock);
		i = all->next++;
		pthread_mutex_unlock(&all->lock);
		if (i >= all->count)
			return NULL;
		drill_outcome_make(&all->outcomes[i], all->how);
		pthread_mutex_lock(&all->lock);
		all->outcomes[i].is_done = true;
		pthread_cond_broadcast(&all->is_news);
		pthread_mutex_unlock(&all->lock);
	}
}

/* What has been told so far. */
struct telling {
	const struct request *request;
	uint32_t count[OUTCOME_READ + 1];
	struct sink json, junit;
	int status;
};

static void put(struct telling *t, const struct sink *text)
{
	if (text->count > 0 && !output_text(text))
		t->status = worse(t->status, STATUS_LACKING);
}

static void tell(struct telling *t, const struct drill_outcome *o, size_t number)
{
	const struct request *r = t->request;
	struct sink text = {0};

	t->count[o->kind]++;
	if (o->kind == OUTCOME_FAILED)
		t->status = worse(t->status, STATUS_BROKEN);
	if (o->kind == OUTCOME_WRONG)
		t->status = worse(t->status, STATUS_WRONG);
	if (r->given[OPT_JSON]) {
		if (t->json.count > 0)
			sink_puts(&t->json, ",\n");
		drill_json(o, &t->json);
	} else if (r->given[OPT_TAP]) {
		drill_tap(o, number, &text);
	} else {
		complain_all(&o->diags);
		drill_text(o, r, &text);
	}
	if (r->given[OPT_JUNIT])
		drill_junit(o, &t->junit);
	put(t, &text);
	sink_fini(&text);
}

/* In order: each as soon as it and all before it are done. */
static void tell_all(struct telling *t, struct drills *all)
{
	for (size_t i = 0; i < all->count; i++) {
		pthread_mutex_lock(&all->lock);
		while (!all->outcomes[i].is_done)
			pthread_cond_wait(&all->is_news, &all->lock);
		pthread_mutex_unlock(&all->lock);
		tell(t, &all->outcomes[i], i + 1);
		drill_outcome_fini(&all->outcomes[i]);
	}
}

static void run_all(struct telling *t, struct drills *all)
{
	size_t jobs = t->request->given[OPT_JOBS] ? t->request->number[OPT_JOBS] : 1;
	pthread_t workers[JOBS_MAX];
	size_t begun = 0;

	pthread_mutex_init(&all->lock, NULL);
	pthread_cond_init(&all->is_news, NULL);
	while (jobs > 1 && begun < jobs && begun < all->count &&
	       pthread_create(&workers[begun], NULL, work, all) == 0)
		begun++;
	if (begun > 0) {
		tell_all(t, all);
	} else {
		for (size_t i = 0; i < all->count; i++) {
			drill_outcome_make(&all->outcomes[i], all->how);
			tell(t, &all->outcomes[i], i + 1);
			drill_outcome_fini(&all->outcomes[i]);
		}
	}
	for (size_t i = 0; i < begun; i++)
		pthread_join(workers[i], NULL);
	pthread_cond_destroy(&all->is_news);
	pthread_mutex_destroy(&all->lock);
}

static void put_summary(struct telling *t, size_t count)
{
	struct sink text = {0};

	if (t->request->given[OPT_JSON])
		sink_printf(&text, "{\"passed\":%s,\"scripts\":[%s]}\n",
			    t->status == STATUS_HELD ? "true" : "false",
			    t->json.at != NULL ? t->json.at : "");
	else if (!t->request->given[OPT_TAP] && count > 1)
		sink_printf(&text,
			    in_lang(t->request->lang,
				    "%zu scripts: %" PRIu32 " passed, %" PRIu32 " failed, %" PRIu32
				    " not readable\n",
				    "%zu 份脚本：%" PRIu32 " 份成立，%" PRIu32 " 份落空，%" PRIu32
				    " 份读不懂\n"),
			    count, t->count[OUTCOME_PASSED] + t->count[OUTCOME_READ],
			    t->count[OUTCOME_FAILED], t->count[OUTCOME_WRONG]);
	put(t, &text);
	sink_fini(&text);
}

static void put_junit(struct telling *t, size_t count)
{
	struct sink xml = {0};

	sink_printf(&xml,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<testsuite name=\"woshou drill\" tests=\"%zu\" failures=\"%" PRIu32
		    "\" errors=\"%" PRIu32 "\">\n",
		    count, t->count[OUTCOME_FAILED], t->count[OUTCOME_WRONG]);
	sink_put(&xml, t->junit.at, t->junit.count);
	sink_puts(&xml, "</testsuite>\n");
	if (!output_write(t->request->value[OPT_JUNIT], &xml))
		t->status = worse(t->status, STATUS_LACKING);
	sink_fini(&xml);
}

/* --stage: one script, played as a scene is; what it found is printed afterwards. */
static int play(const struct drill_call_for *how, const char *file)
{
	struct drill_call_for staged = *how;
	struct drill_outcome o = {.file = file};
	struct telling t = {.request = how->request};
	struct stage_options options;
	int status = STATUS_WRONG;

	if (!show_options(how->request, &options))
		return status;
	options.files = &stage_files;
	staged.settings.trace = trace_new();
	drill_outcome_make(&o, &staged);
	if (o.kind == OUTCOME_PASSED || o.kind == OUTCOME_FAILED)
		status = stage_play(staged.settings.trace, file, &options);
	if (status != STATUS_LACKING)
		tell(&t, &o, 1);
	status = worse(status == STATUS_WRONG ? STATUS_HELD : status, t.status);
	drill_outcome_fini(&o);
	trace_free(staged.settings.trace);
	stage_raise_again();
	return status;
}

static bool may_run(const struct request *r, const struct drill_files *files)
{
	if (r->given[OPT_JSON] && r->given[OPT_TAP]) {
		complain("--json and --tap are two forms: take one");
		return false;
	}
	if (r->given[OPT_JOBS] && (r->number[OPT_JOBS] < 1 || r->number[OPT_JOBS] > JOBS_MAX)) {
		complain("--jobs takes 1 to %d", (int)JOBS_MAX);
		return false;
	}
	if (r->given[OPT_TOLERANCE] && r->number[OPT_TOLERANCE] > 1000000000) {
		complain("--tolerance-usecs takes at most 1000000000");
		return false;
	}
	if (r->given[OPT_PROFILE] && tcp_profile_named(r->value[OPT_PROFILE]) == NULL) {
		complain("--profile is one of rfc, linux, freebsd, classic, not '%s'",
			 r->value[OPT_PROFILE]);
		return false;
	}
	if (r->given[OPT_STAGE] &&
	    (files->list.count != 1 || r->given[OPT_CHECK] || r->given[OPT_JSON] ||
	     r->given[OPT_TAP] || r->given[OPT_JUNIT])) {
		complain("--stage plays one script, and writes no other form");
		return false;
	}
	for (size_t i = 0; r->given[OPT_JUNIT] && i < files->list.count; i++) {
		if (is_one_file(r->value[OPT_JUNIT], files->list.at[i])) {
			complain("--junit %s would overwrite a script", r->value[OPT_JUNIT]);
			return false;
		}
	}
	return true;
}

/* STANDARD is what the RFCs say, where a script has a branch for a stack as well. */
static void split_defines(const struct request *r, struct drill_defines *d)
{
	size_t names = 0, values = 0;

	d->names = xcalloc(r->defines.count + 2, sizeof *d->names);
	d->values = xcalloc(r->defines.count + 1, sizeof *d->values);
	for (size_t i = 0; i < r->defines.count; i++) {
		if (strchr(r->defines.at[i], '=') != NULL)
			d->values[values++] = r->defines.at[i];
		else
			d->names[names++] = r->defines.at[i];
	}
	if (names == 0)
		d->names[names] = "STANDARD";
}

static int run_files(const struct drill_call_for *how, const struct drill_files *files)
{
	struct telling t = {.request = how->request};
	struct drills all = {.how = how, .count = files->list.count};

	all.outcomes = xcalloc(all.count, sizeof *all.outcomes);
	for (size_t i = 0; i < all.count; i++)
		all.outcomes[i].file = files->list.at[i];
	if (how->request->given[OPT_TAP]) {
		struct sink head = {0};

		sink_printf(&head, "TAP version 13\n1..%zu\n", all.count);
		put(&t, &head);
		sink_fini(&head);
	}
	run_all(&t, &all);
	put_summary(&t, all.count);
	if (how->request->given[OPT_JUNIT])
		put_junit(&t, all.count);
	free(all.outcomes);
	sink_fini(&t.json);
	sink_fini(&t.junit);
	return t.status;
}

int cmd_drill(const struct request *r)
{
	struct drill_call_for how = {.request = r};
	struct drill_files files = {0};
	int status = STATUS_WRONG;
	bool are_found = true;

	split_defines(r, &how.defines);
	how.settings.is_exact = r->given[OPT_EXACT];
	how.settings.is_strict = r->given[OPT_STRICT];
	if (r->given[OPT_PROFILE])
		how.settings.profile = tcp_profile_named(r->value[OPT_PROFILE]);
	for (size_t i = 0; i < r->files.count; i++)
		are_found = drill_files_add(&files, r->files.at[i]) && are_found;
	if (are_found && may_run(r, &files))
		status = r->given[OPT_STAGE] ? play(&how, files.list.at[0])
					     : run_files(&how, &files);
	free(how.defines.names);
	free(how.defines.values);
	drill_files_fini(&files);
	return status;
}
