/* SPDX-License-Identifier: MIT */
/* answer.c - what somebody typed is read as an answer and judged. */
#include <string.h>
#include <base/span.h>
#include <base/utf8.h>
#include <woshou/match.h>
#include "trace/question.h"

enum { ANSWER_OCTETS = 64 };

/* ---- reading --------------------------------------------------------------------------------- */

/* In small letters, without blanks and what people group digits with; what an input method made
 * wide is narrow again. What is too long is cut: nothing that long is an answer. */
static void normalize(const char *given, char out[ANSWER_OCTETS])
{
	size_t left = strlen(given), used = 0;

	while (left > 0 && used + 5 < ANSWER_OCTETS) {
		uint32_t cp;
		size_t taken = utf8_next(given, left, &cp);

		if (cp >= 0xff01 && cp <= 0xff5e)
			cp -= 0xff01 - '!';
		if (cp >= 'A' && cp <= 'Z')
			cp += 'a' - 'A';
		if (cp != ' ' && cp != 0x3000 && cp != '\t' && cp != '_' && cp != ',' &&
		    cp != '=' && cp != '\n' && cp != '\r')
			used += utf8_put(cp, out + used);
		given += taken;
		left -= taken;
	}
	out[used] = '\0';
}

/* "ack1001": a word before a number says what it is. */
static const char *past_word(const char *text)
{
	static const char *const words[] = {"seq", "ack", "序号", "确认号"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strncmp(text, words[i], strlen(words[i])) == 0)
			return text + strlen(words[i]);
	}
	return text;
}

static bool is_unit(const char *text)
{
	static const char *const units[] = {"", "b", "byte", "bytes", "octet", "octets", "字节"};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(text, units[i]) == 0)
			return true;
	}
	return false;
}

static bool read_number(const char *text, int64_t *value)
{
	int digits = 0;

	*value = 0;
	for (text = past_word(text); *text >= '0' && *text <= '9' && digits < 18; text++, digits++)
		*value = *value * 10 + (*text - '0');
	return digits > 0 && is_unit(text);
}

/* Chinese units too; `text` is a normalized one. */
static bool read_span(const char *text, usec *value)
{
	static const struct {
		const char *zh, *en;
	} units[] = {{"毫秒", "ms"}, {"微秒", "us"}, {"秒", "s"}, {"分钟", "min"}, {"小时", "h"}};
	char latin[ANSWER_OCTETS];

	memcpy(latin, text, strlen(text) + 1);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		char *at = strstr(latin, units[i].zh);

		if (at && at[strlen(units[i].zh)] == '\0') {
			memcpy(at, units[i].en, strlen(units[i].en) + 1);
			break;
		}
	}
	return span_read(latin, value);
}

/* The same letters and digits, whatever stands between: "time-wait", "TimeWait", "FIN WAIT 1". */
static bool is_spelled(const char *given, const char *name)
{
	for (;; given++, name++) {
		while (*given == '-' || *given == '+' || *given == '/')
			given++;
		while (*name == '_' || *name == '+' || *name == '-' || *name == ' ')
			name++;
		if (*given == '\0' || *name == '\0')
			return *given == *name;
		if (*given != (*name >= 'A' && *name <= 'Z' ? *name + 'a' - 'A' : *name))
			return false;
	}
}

static bool is_state(const char *given, enum state s)
{
	if (s == SYN_RECEIVED &&
	    (is_spelled(given, "SYN_RECEIVED") || is_spelled(given, "SYN_RECV")))
		return true;
	return is_spelled(given, state_name(s)) || (s == ESTABLISHED && is_spelled(given, "ESTAB"));
}

static bool is_any_of(const char *given, const char *const *names)
{
	for (; *names; names++) {
		if (is_spelled(given, *names))
			return true;
	}
	return false;
}

static bool is_choice(const struct riddle *q, int i, const char *given)
{
	static const char *const nothing[] = {"nothing",  "none", "nobody",
					      "谁也不发", "没有", NULL};
	static const char *const yes[] = {"yes",     "y",          "true",   "是",
					  "arrives", "it arrives", "到得了", NULL};
	static const char *const no[] = {"no",   "n",        "false",  "不是", "否",
					 "lost", "被风吹走", "到不了", NULL};
	uint8_t what = q->choice[i].what;

	switch ((enum question_kind)q->kind) {
	case QUESTION_SEGMENT:
		return what == CLASS_NONE ? is_any_of(given, nothing)
					  : is_spelled(given, seg_class_name((enum seg_class)what));
	case QUESTION_STATE: return is_state(given, (enum state)what);
	case QUESTION_FATE: return is_any_of(given, what ? yes : no);
	case QUESTION_SCENE:
		if (q->field == FIELD_STATE)
			return is_state(given, (enum state)what);
		return is_any_of(given, what ? yes : no);
	case QUESTION_NUMBER:
	case QUESTION_TIMER:
	case QUESTION_KINDS: break;
	}
	return false;
}

/* Which one is meant: by its number, else by its name when only one has it. A state that is not
 * among them is a wrong answer all the same. */
static enum grade judge_choice(const struct riddle *q, const char *given, int *chosen)
{
	int found = 0;

	if (given[0] >= '1' && given[0] < '1' + q->choices && given[1] == '\0') {
		*chosen = given[0] - '1';
		return *chosen == q->right ? GRADE_RIGHT : GRADE_WRONG;
	}
	for (int i = 0; i < q->choices; i++) {
		if (is_choice(q, i, given)) {
			*chosen = i;
			found++;
		}
	}
	if (found == 1)
		return *chosen == q->right ? GRADE_RIGHT : GRADE_WRONG;
	*chosen = -1;
	for (int s = 0; found == 0 && q->field == FIELD_STATE && s < STATE_COUNT; s++) {
		if (is_state(given, (enum state)s))
			return GRADE_WRONG;
	}
	return GRADE_UNREADABLE;
}

/* ---- judging --------------------------------------------------------------------------------- */

/* The distance between the two readings is so small that one could be a mistake in the other. */
static bool is_ambiguous(const struct riddle *q)
{
	enum { CLOSE = 4 };

	return q->base != 0 && (q->base <= CLOSE || q->base >= UINT32_MAX - CLOSE);
}

static enum grade judge_seq(const struct riddle *q, int64_t given, bool is_absolute)
{
	uint32_t absolute = (uint32_t)q->answer, relative = absolute - q->base;
	bool takes_absolute = is_absolute || !q->has_base || !is_ambiguous(q);
	bool takes_relative = q->has_base && (!is_absolute || !is_ambiguous(q));

	if ((takes_absolute && given == (int64_t)absolute) ||
	    (takes_relative && given == (int64_t)relative))
		return GRADE_RIGHT;
	return GRADE_WRONG;
}

/* Times are shown with three figures. */
static bool is_near(usec given, usec right, usec span)
{
	usec slack = span / 200 > 500 ? span / 200 : 500;

	return given >= right - slack && given <= right + slack;
}

static enum grade judge_time(const struct riddle *q, const char *given)
{
	bool is_moment = q->field == FIELD_DEADLINE || q->kind == QUESTION_SCENE;
	bool is_from_now = is_moment && given[0] == '+';
	usec value, span = q->field == FIELD_DEADLINE ? q->answer - q->since : q->answer;

	if (!read_span(is_from_now ? given + 1 : given, &value))
		return GRADE_UNREADABLE;
	if (is_from_now && __builtin_add_overflow(value, q->since, &value))
		return GRADE_WRONG;
	return is_near(value, q->answer, span) ? GRADE_RIGHT : GRADE_WRONG;
}

enum grade question_judge(const struct riddle *q, const char *given, bool is_absolute, int *chosen)
{
	char text[ANSWER_OCTETS];
	int64_t number;

	*chosen = -1;
	normalize(given, text);
	if (text[0] == '\0' || q->is_unanswered)
		return GRADE_UNREADABLE;
	if (q->choices > 0)
		return judge_choice(q, text, chosen);
	if (q->field == FIELD_TIME || q->field == FIELD_DEADLINE)
		return judge_time(q, text);
	if (!read_number(text, &number))
		return GRADE_UNREADABLE;
	if (q->field == FIELD_SEQ)
		return judge_seq(q, number, is_absolute);
	return number == q->answer ? GRADE_RIGHT : GRADE_WRONG;
}
