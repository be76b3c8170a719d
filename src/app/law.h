/* SPDX-License-Identifier: MIT */
/*
 * law.h - what the RFCs oblige a TCP to (requirement.def), what became of it here, and which of it
 * some runs have exercised: a requirement is exercised when a rule that keeps it was taken.
 */
#ifndef APP_LAW_H
#define APP_LAW_H

#include <app/app.h>
#include <woshou/tcp.h>

enum fate {
	FATE_KEPT,
	FATE_SETTING,
	FATE_UNUSED,
	FATE_OUTSIDE,
	FATE_NOT_KEPT,
	FATE_COUNT,
};

struct requirement {
	int rfc;
	const char *id, *section, *level;
	enum fate fate;
	const char *what[2]; /* en, zh */
	const char *words;
	const char *rules, *tests; /* with ", " between them */
	const char *note[2];
	const char *area[2]; /* a heading: everything else is empty then */
};

size_t law_count(void); /* rows, headings among them */
const struct requirement *law_at(size_t index);
bool law_is_heading(const struct requirement *q);
bool law_has_id(const char *id); /* in any case: "must-12" */
bool law_is_id(const struct requirement *q, const char *id);
/* Something that looks like the name of a requirement, whether there is one or not. */
bool law_looks_like_id(const char *word);
const char *law_nearest_id(const char *word);

/* It rests on this rule: the row names it, or the rule's strength is the row's id. */
bool law_rests_on(const struct requirement *q, enum rule r);
/* The same without a rule: nothing can be counted. */
bool law_has_rules(const struct requirement *q);
const char *fate_name(enum fate f, enum lang lang);

/* What runs have taken. */
struct law {
	uint64_t rule[RULE_COUNT];
	uint64_t edge[STATE_COUNT][STATE_COUNT];
};

uint64_t law_hits(const struct law *law, const struct requirement *q);

/* All runs of a scene, or those that --variant names. False: it was said why. */
bool law_count_scene(struct law *law, const struct request *r, const char *name);
/* A packetdrill script, or all of a folder. False: it was said why. */
bool law_count_scripts(struct law *law, const struct request *r, const char *name);
/* A file that a test run wrote, or every *.json below a folder. False: it was said why. */
bool law_count_tests(struct law *law, const char *path);

/* Which requirements --section, --strength, --kept and --missing let through. `law`: what runs
 * have taken, or NULL. */
bool law_is_wanted(const struct requirement *q, const struct request *r, const struct law *law);

/* Does any requirement stand in the section that --section names? */
bool law_has_section(const struct request *r);

void law_put_list(struct sink *out, const struct request *r);
void law_put_list_json(struct sink *out, const struct request *r);
/* `scenes`: those that exercise it, with ", " between them, or NULL: nobody has looked. */
void law_put_requirement(struct sink *out, const struct requirement *q, const char *scenes,
			 enum lang lang);
void law_put_rule(struct sink *out, enum rule rule, enum lang lang);
/* What the runs have exercised: rules, edges, requirements. */
void law_put_taken(struct sink *out, const struct law *law, const struct request *r);
void law_put_taken_json(struct sink *out, const struct law *law, const struct request *r);

#endif
