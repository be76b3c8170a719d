/* SPDX-License-Identifier: MIT */
#include "stage/prompt.h"

#include <base/diag.h>
#include "stage/keys.h"
#include "stage/text.h"

void prompt_open(struct prompt *p, const char *offered)
{
	*p = (struct prompt){.is_fresh = offered[0] != '\0'};
	entry_set(&p->entry, offered);
}

static void forget_complaint(struct prompt *p)
{
	p->complaint[0] = p->hint[0] = '\0';
	p->wrong_at = p->wrong_size = 0;
}

static bool is_letter(uint32_t key)
{
	return key >= ' ' && key < PRESS_ENTER;
}

enum prompt_answer prompt_key(struct prompt *p, struct recall *recall, uint32_t key)
{
	bool is_fresh = p->is_fresh;

	forget_complaint(p);
	p->is_fresh = false;
	if (key == PRESS_TAB || key == PRESS_BACK_TAB) {
		completion_tab(&p->completion, &p->entry, &p->words, key == PRESS_TAB ? 1 : -1);
		return PROMPT_OPEN;
	}
	p->completion.is_cycling = false;
	if (key == PRESS_ENTER)
		return PROMPT_GIVEN;
	if (key == PRESS_ESCAPE)
		return PROMPT_LEFT;
	/* Wiped out and wiped out once more: nothing is asked any more. */
	if (key == PRESS_BACKSPACE && p->entry.count == 0)
		return PROMPT_LEFT;
	if (recall && recall_key(recall, &p->entry, key))
		return PROMPT_OPEN;
	if (is_fresh && is_letter(key))
		entry_set(&p->entry, "");
	entry_key(&p->entry, key);
	return PROMPT_OPEN;
}

void prompt_complain(struct prompt *p, const char *text)
{
	forget_complaint(p);
	text_copy(p->complaint, sizeof p->complaint, text);
}

void prompt_blame(struct prompt *p, const struct diags *d, size_t at, size_t from, enum lang lang)
{
	for (size_t i = 0; i < d->list.count; i++) {
		const struct diag *mistake = &d->list.at[i];
		size_t byte = mistake->at.byte > 0 ? (size_t)mistake->at.byte : 0;

		if (mistake->severity != DIAG_ERROR)
			continue;
		prompt_complain(p, mistake_in(mistake, lang));
		text_copy(p->hint, sizeof p->hint, mistake->hint ? mistake->hint : "");
		if (byte < from || mistake->at.line == 0)
			return;
		byte += at - from;
		p->wrong_at = byte < p->entry.count ? byte : p->entry.count;
		p->wrong_size = mistake->at.size > 0 ? (size_t)mistake->at.size : 1;
		return;
	}
}

void prompt_offer(struct prompt *p, const char *const *words)
{
	for (; *words; words++)
		candidates_offer(&p->words, &p->entry, *words);
}
