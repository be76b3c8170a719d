/* SPDX-License-Identifier: MIT */
#include "export/export.h"

#include <stddef.h>
#include <string.h>

export_function *export_named(const char *name)
{
	static const struct {
		const char *name;
		export_function *function;
	} all[] = {
		{"ladder", export_ladder}, {"tell", export_tell},     {"jsonl", export_jsonl},
		{"csv", export_csv},       {"pcapng", export_pcapng}, {"mermaid", export_mermaid},
		{"md", export_md},
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (strcmp(all[i].name, name) == 0)
			return all[i].function;
	}
	return NULL;
}
