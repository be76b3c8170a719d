/* SPDX-License-Identifier: MIT */
/*
 * scene.h - the scene language: a file becomes plays, a play becomes a run, a run judges itself.
 *
 *	struct scene_file *f = scene_parse("x.scene", bytes, n, NULL, &diags);
 *	for (size_t i = 0; f && i < scene_variant_count(f); i++) {
 *		struct scene_run *run = scene_run_new(f, i, NULL, &diags);
 *		scene_run_all(run);
 *		if (!scene_run_has_passed(run))
 *			scene_run_report(run, &out);
 *		scene_run_free(run);
 *	}
 */
#ifndef SCENE_SCENE_H
#define SCENE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <base/diag.h>
#include <base/sink.h>
#include <woshou/trace.h>

struct scene_file;
struct world;

/* How `include` gets at files. `path` is already resolved against the including file's folder.
 * True: the content was put into *out. NULL as loader: includes are an error. */
struct scene_loader {
	bool (*load)(void *user, const char *path, struct sink *out);
	void *user;
};

/* All mistakes (as errors) and all lint (as warnings) go to d. NULL when there was an error. */
struct scene_file *scene_parse(const char *name, const char *bytes, size_t n,
			       const struct scene_loader *loader, struct diags *d);
void scene_free(struct scene_file *f);

const char *scene_name(const struct scene_file *f);
/* The named runs of the file: `for` makes several. */
size_t scene_variant_count(const struct scene_file *f);
const char *scene_variant_name(const struct scene_file *f, size_t variant); /* "" or "[loss=SYN]" */
/* "en" or "zh"; NULL: no title in that language. */
const char *scene_title(const struct scene_file *f, const char *language);
const char *scene_golden(const struct scene_file *f); /* path of the golden ladder, or NULL */

/* Canonical layout. False, and nothing in *out, when the file has mistakes. */
bool scene_format(const char *name, const char *bytes, size_t n, struct sink *out, struct diags *d);

struct scene_options {
	bool has_seed;
	uint64_t seed;           /* instead of the file's */
	const char *profile;     /* "linux" for everyone, or "zhang=linux" */
	const char *const *sets; /* "rto=3s" for everyone, "zhang.rto min=200ms"; NULL-terminated */
	uint64_t event_limit;    /* 0: the file's */
	uint64_t memory_limit;   /* octets; 0: SCENE_MEMORY_LIMIT */
};

struct scene_run;

/* NULL, with errors in d, when the options do not hold. o may be NULL. The file must outlive it. */
struct scene_run *scene_run_new(const struct scene_file *f, size_t variant,
				const struct scene_options *o, struct diags *d);
void scene_run_free(struct scene_run *run);
bool scene_run_step(struct scene_run *run); /* one instant; false: the run is over and judged */
void scene_run_all(struct scene_run *run);
bool scene_run_is_over(const struct scene_run *run);
usec scene_run_next(const struct scene_run *run); /* time of the next instant; USEC_NEVER: over */

struct scene_verdict {
	uint32_t pass, fail, inconclusive; /* fail counts broken promises and run-time errors too */
};

struct scene_verdict scene_run_verdict(const struct scene_run *run);
bool scene_run_has_passed(const struct scene_run *run); /* over, no fail, none inconclusive */
/* Every failed expectation: expected, actual, the five records before it, how to look at it. */
void scene_run_report(const struct scene_run *run, struct sink *out);

const struct trace *scene_run_trace(const struct scene_run *run);
struct world *scene_run_world(struct scene_run *run); /* for deeds by hand between two steps */

/* Going back: what was saved comes back whole, the trace is cut to its length then. */
struct scene_snapshot;
struct scene_snapshot *scene_run_save(const struct scene_run *run);
void scene_run_restore(struct scene_run *run, const struct scene_snapshot *s);
void scene_snapshot_free(struct scene_snapshot *s);
size_t scene_snapshot_size(const struct scene_snapshot *s);

#endif
