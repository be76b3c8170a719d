/* SPDX-License-Identifier: MIT */
/* law.c - the table of requirements, and the questions about a row of it. */
#include <app/law.h>
#include <base/diag.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct requirement rows[] = {
#define AREA(en, zh) {.id = "", .area = {en, zh}},
#define REQUIREMENT(rfc_, id_, section_, level_, fate_, en, zh, words_, rules_, tests_, note_en,   \
		    note_zh)                                                                       \
	{.rfc = rfc_,                                                                              \
	 .id = id_,                                                                                \
	 .section = section_,                                                                      \
	 .level = level_,                                                                          \
	 .fate = FATE_##fate_,                                                                     \
	 .what = {en, zh},                                                                         \
	 .words = words_,                                                                          \
	 .rules = rules_,                                                                          \
	 .tests = tests_,                                                                          \
	 .note = {note_en, note_zh}},
#include <woshou/requirement.def>
#undef AREA
#undef REQUIREMENT
};

enum { ROWS = sizeof rows / sizeof rows[0] };

size_t law_count(void)
{
	return ROWS;
}

const struct requirement *law_at(size_t index)
{
	return &rows[index];
}

bool law_is_heading(const struct requirement *q)
{
	return q->area[0] != NULL;
}

bool law_is_id(const struct requirement *q, const char *id)
{
	return !law_is_heading(q) && strcasecmp(q->id, id) == 0;
}

bool law_has_id(const char *id)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (law_is_id(&rows[i], id))
			return true;
	}
	return false;
}

/* "MUST-12", "SHLD-3", "7323-2.2-1" */
bool law_looks_like_id(const char *word)
{
	static const char *const kinds[] = {"MUST-", "SHLD-", "SHOULD-", "MAY-", "REC-"};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i]);

		if (strncasecmp(word, kinds[i], n) == 0 && isdigit((unsigned char)word[n]))
			return true;
	}
	for (int i = 0; i < 4; i++) {
		if (!isdigit((unsigned char)word[i]))
			return false;
	}
	return word[4] == '-' && isalnum((unsigned char)word[5]) && strchr(word, '/') == NULL;
}

const char *law_nearest_id(const char *word)
{
	const char *names[ROWS + 1];
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++) {
		if (!law_is_heading(&rows[i]))
			names[n++] = rows[i].id;
	}
	names[n] = NULL;
	return nearest_word(word, names);
}

/* "RST_RESET" among "RST_RESET, FIN_CLOSING". */
static bool is_among(const char *name, const char *names)
{
	size_t n = strlen(name);

	for (const char *at = names; (at = strstr(at, name)) != NULL; at += n) {
		bool begins = at == names || at[-1] == ' ';

		if (begins && (at[n] == '\0' || at[n] == ','))
			return true;
	}
	return false;
}

bool law_rests_on(const struct requirement *q, enum rule r)
{
	const struct rule_info *info = rule_info(r);

	return strcmp(info->strength, q->id) == 0 || is_among(info->id, q->rules);
}

bool law_has_rules(const struct requirement *q)
{
	for (int r = 1; r < RULE_COUNT; r++) {
		if (law_rests_on(q, (enum rule)r))
			return true;
	}
	return false;
}

uint64_t law_hits(const struct law *law, const struct requirement *q)
{
	uint64_t hits = 0;

	for (int r = 1; r < RULE_COUNT; r++) {
		if (law_rests_on(q, (enum rule)r))
			hits += law->rule[r];
	}
	return hits;
}

const char *fate_name(enum fate f, enum lang lang)
{
	static const char *const names[FATE_COUNT][2] = {
		[FATE_KEPT] = {"kept", "遵守"},           [FATE_SETTING] = {"setting", "看设置"},
		[FATE_UNUSED] = {"unused", "未用"},       [FATE_OUTSIDE] = {"outside", "不涉及"},
		[FATE_NOT_KEPT] = {"not-kept", "未遵守"},
	};

	return names[f][lang == LANG_ZH];
}

static int number_at(const char *digits)
{
	int n = 0;

	for (; isdigit((unsigned char)*digits) && n < 100000; digits++)
		n = n * 10 + (*digits - '0');
	return n;
}

/* "3.8" lets 3.8.6 through; "7323:2" and "7323" that RFC alone. */
static bool is_in_section(const struct requirement *q, const char *wanted)
{
	const char *colon = strchr(wanted, ':');
	size_t n;

	if (colon != NULL || (strlen(wanted) == 4 && strchr(wanted, '.') == NULL)) {
		if (number_at(wanted) != q->rfc)
			return false;
		if (colon == NULL || colon[1] == '\0')
			return true;
		wanted = colon + 1;
	}
	n = strlen(wanted);
	return strncmp(q->section, wanted, n) == 0 &&
	       (q->section[n] == '\0' || q->section[n] == '.');
}

bool law_has_section(const struct request *r)
{
	for (size_t i = 0; i < law_count(); i++) {
		const struct requirement *q = law_at(i);

		if (!law_is_heading(q) && is_in_section(q, r->value[OPT_SECTION]))
			return true;
	}
	return false;
}

bool law_is_wanted(const struct requirement *q, const struct request *r, const struct law *law)
{
	if (law_is_heading(q))
		return false;
	if (r->given[OPT_SECTION] && !is_in_section(q, r->value[OPT_SECTION]))
		return false;
	if (r->given[OPT_STRENGTH] &&
	    strncasecmp(q->level, r->value[OPT_STRENGTH], strlen(r->value[OPT_STRENGTH])) != 0)
		return false;
	if (r->given[OPT_KEPT] && strcmp(fate_name(q->fate, LANG_EN), r->value[OPT_KEPT]) != 0)
		return false;
	if (!r->given[OPT_MISSING])
		return true;
	if (law == NULL)
		return q->fate == FATE_NOT_KEPT;
	return (q->fate == FATE_KEPT || q->fate == FATE_SETTING) && law_has_rules(q) &&
	       law_hits(law, q) == 0;
}
