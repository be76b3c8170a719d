/* SPDX-License-Identifier: MIT */
/*
 * rule.h - every decision of the engine has a name and a source (rule.def). The name, as R_...,
 * is in the code where the decision is made, in the trace ("why"), in docs/RFC-MAP.md, and a test
 * fails when one is never taken.
 */
#ifndef WOSHOU_RULE_H
#define WOSHOU_RULE_H

#include <woshou/lang.h>

enum rule {
	RULE_NONE = 0,
#define RULE(id, rfc, section, ordinal, strength, text) R_##id,
#include <woshou/rule.def>
#undef RULE
	RULE_COUNT,
};

struct rule_info {
	const char *id;       /* "RST_CHALLENGE" */
	int rfc;              /* 9293 */
	const char *section;  /* "3.10.7.4" */
	const char *ordinal;  /* "second", or "" */
	const char *strength; /* "MUST-58", "SHLD-18", "MAY-13", "PROSE", "ERRATA-4772", "LOCAL" */
	const char *text;     /* one plain sentence */
};

const struct rule_info *rule_info(enum rule r);
int rule_named(const char *id); /* -1: no such */

/* The plain sentence in this language; in LANG_BOTH the English one (rule_text.def). */
const char *rule_sentence(enum rule r, enum lang lang);
/* The words of the RFC's section that it rests on; " ... " where some were left out. Empty: the
 * rule is our own (strength LOCAL), and its sentence gives the reason. */
const char *rule_quote(enum rule r);

#endif
