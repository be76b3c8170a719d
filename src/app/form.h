/* SPDX-License-Identifier: MIT */
/* form.h - every form that `--to` takes and that is written without drawing: those of src/export,
 * and those that need our engine to perform what was recorded. */
#ifndef APP_FORM_H
#define APP_FORM_H

#include <base/sink.h>
#include <export/export.h>

/* False: nothing was written, and the complaint says why. `form` is no form that is drawn. */
bool form_write(const char *form, const struct trace *t, const struct export_options *o,
		struct sink *out, struct sink *complaint);

#endif
