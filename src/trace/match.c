/* SPDX-License-Identifier: MIT */
#include <woshou/match.h>

#include <stddef.h>
#include <string.h>
#include <base/assert.h>

static const char *const class_names[CLASS_COUNT] = {
	[CLASS_ANY] = "any",         [CLASS_NONE] = "none", [CLASS_SYN] = "SYN",
	[CLASS_SYN_ACK] = "SYN+ACK", [CLASS_ACK] = "ACK",   [CLASS_FIN] = "FIN",
	[CLASS_RST] = "RST",         [CLASS_DATA] = "data",
};

const char *seg_class_name(enum seg_class c)
{
	ASSERT(c < CLASS_COUNT);
	return class_names[c];
}

int seg_class_named(const char *name)
{
	for (int i = 0; i < CLASS_COUNT; i++) {
		if (strcmp(class_names[i], name) == 0)
			return i;
	}
	return -1;
}

static bool is_of_class(const struct seg *s, enum seg_class c)
{
	switch (c) {
	case CLASS_ANY: return true;
	case CLASS_NONE: return false;
	case CLASS_SYN: return (s->ctl & (SYN | ACK)) == SYN;
	case CLASS_SYN_ACK: return (s->ctl & (SYN | ACK)) == (SYN | ACK);
	case CLASS_ACK: return (s->ctl & (SYN | ACK | FIN | RST)) == ACK && s->text.len == 0;
	case CLASS_FIN: return s->ctl & FIN;
	case CLASS_RST: return s->ctl & RST;
	case CLASS_DATA: return s->text.len > 0;
	case CLASS_COUNT: break;
	}
	UNREACHABLE();
}

static bool holds(int64_t a, enum comparison how, int64_t b)
{
	switch (how) {
	case CMP_EQ: return a == b;
	case CMP_NE: return a != b;
	case CMP_LT: return a < b;
	case CMP_LE: return a <= b;
	case CMP_GT: return a > b;
	case CMP_GE: return a >= b;
	}
	UNREACHABLE();
}

static bool seq_holds(seq32 a, enum comparison how, seq32 b)
{
	switch (how) {
	case CMP_EQ: return seq_eq(a, b);
	case CMP_NE: return !seq_eq(a, b);
	case CMP_LT: return seq_lt(a, b);
	case CMP_LE: return seq_le(a, b);
	case CMP_GT: return seq_gt(a, b);
	case CMP_GE: return seq_ge(a, b);
	}
	UNREACHABLE();
}

static bool compares(const struct seg *s, const struct seg_compare *c)
{
	enum comparison how = (enum comparison)c->how;

	switch ((enum seg_number)c->what) {
	case NUMBER_SEQ: return seq_holds(s->seq, how, seq((uint32_t)c->value));
	case NUMBER_ACK: /* without ACK the field means nothing, and nothing is said of it */
		return (s->ctl & ACK) && seq_holds(s->ack, how, seq((uint32_t)c->value));
	case NUMBER_LEN: return holds(s->text.len, how, c->value);
	case NUMBER_WIN: return holds(s->wnd, how, c->value);
	case NUMBER_RETRANSMIT: return holds(s->rexmit, how, c->value);
	case NUMBER_COUNT: break;
	}
	UNREACHABLE();
}

bool seg_matches(const struct seg *s, const struct seg_match *m)
{
	if (!is_of_class(s, (enum seg_class)m->class))
		return false;
	for (size_t i = 0; i < m->count; i++) {
		if (!compares(s, &m->compare[i]))
			return false;
	}
	return true;
}
