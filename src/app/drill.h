/* SPDX-License-Identifier: MIT */
/* drill.h - what the parts of `woshou drill` share: files, one script's outcome, its forms. */
#ifndef APP_DRILL_H
#define APP_DRILL_H

#include <app/app.h>
#include <drill/report.h>

/* The scripts in the order of the operands; those of a folder by name, with all folders in it. */
struct drill_files {
	ARRAY(char *) list;
};

bool drill_is_script(const char *name); /* by its ending */
/* A file, or all that a folder holds. False: it cannot be read, or holds no script; it was said
 * which. */
bool drill_files_add(struct drill_files *f, const char *name);
void drill_files_fini(struct drill_files *f);

/* --define, split into names and NAME=VALUE; both NULL-terminated. */
struct drill_defines {
	const char **names, **values;
};

/* How the caller wants all of them run. */
struct drill_call_for {
	const struct request *request;
	struct drill_defines defines;
	struct drill_settings settings;
};

enum drill_outcome_kind { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_WRONG, OUTCOME_READ };

/* One script, run. */
struct drill_outcome {
	const char *file;
	uint8_t kind; /* enum drill_outcome_kind; READ: --check, nothing was run */
	bool is_done;
	struct diags diags;          /* mistakes, warnings */
	struct drill_script *script; /* NULL: it could not be read */
	struct drill_result result;  /* PASSED, FAILED */
};

void drill_outcome_make(struct drill_outcome *o, const struct drill_call_for *how);
void drill_outcome_fini(struct drill_outcome *o);

/* Its forms. */
void drill_text(const struct drill_outcome *o, const struct request *r, struct sink *out);
void drill_tap(const struct drill_outcome *o, size_t number, struct sink *out);
void drill_json(const struct drill_outcome *o, struct sink *out);
void drill_junit(const struct drill_outcome *o, struct sink *out);

#endif
