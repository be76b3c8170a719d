/* SPDX-License-Identifier: MIT */
#include "export/export.h"

#include <woshou/jsonl.h>

void export_jsonl(const struct trace *t, const struct export_options *o, struct sink *out)
{
	(void)o;
	trace_write_jsonl(t, out);
}
