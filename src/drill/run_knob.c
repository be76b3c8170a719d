/* SPDX-License-Identifier: MIT */
/*
 * run_knob.c - the settings of a script as fields of the profile. A setting whose field this
 * engine does not have, or does not let be set so, is told: what follows may differ for it.
 */
#include <drill/run.h>

#include <string.h>

static void set(struct run *run, struct tcp_profile *p, const char *name, int64_t value,
		const char *why)
{
	int field = profile_field_named(name);

	if (field >= 0 && profile_get(p, (size_t)field) == value)
		return;
	if (field < 0 || !profile_set(p, (size_t)field, value))
		run_find(run, FINDING_NOTE, "%s: '%s' cannot be %lld here", why, name,
			 (long long)value);
}

/* A choice by its word. */
static void choose(struct run *run, struct tcp_profile *p, const char *name, const char *word,
		   const char *why)
{
	int field = profile_field_named(name);
	const struct profile_field *f = field < 0 ? NULL : profile_field_at((size_t)field);

	for (int64_t i = 0; f && f->choices && f->choices[i]; i++)
		if (strcmp(f->choices[i], word) == 0) {
			set(run, p, name, i, why);
			return;
		}
	run_find(run, FINDING_NOTE, "%s: '%s' cannot be %s here", why, name, word);
}

/* ---- what the suites take as given ----------------------------------------------------------- */

static const struct assumption {
	uint8_t stack;
	const char *field, *word; /* a choice; or, */
	int64_t value;            /* without a word, a number */
} assumptions[] = {
#define NUMBER(stack, field, value) {STACK_##stack, field, NULL, value},
#define WORD(stack, field, word)    {STACK_##stack, field, word, 0},
#include <drill/assume.def>
#undef NUMBER
#undef WORD
};

void run_assume(struct run *run, struct tcp_profile *p)
{
	for (size_t i = 0; i < sizeof assumptions / sizeof *assumptions; i++) {
		const struct assumption *a = &assumptions[i];

		if (a->stack != run->stack)
			continue;
		if (a->word)
			choose(run, p, a->field, a->word, "assumed");
		else
			set(run, p, a->field, a->value, "assumed");
	}
}

/* ---- one setting ----------------------------------------------------------------------------- */

/* value = which-th number * times */
static const struct knob_field {
	uint8_t knob, which;
	int64_t times;
	const char *field;
} fields[] = {
#define SETS(knob, field, which, times) {KNOB_##knob, which, times, field},
#include <drill/sets.def>
#undef SETS
};

static void set_ecn(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	static const char *const words[] = {"off", "request", "accept"};

	choose(run, p, "ecn", words[o->value[0]], o->text);
}

/* Fractions of a second are all that a profile's limit needs: none, or very many. */
static void set_ratelimit(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	if (o->value[0] == 0)
		set(run, p, "challenge limit", 65535, o->text);
}

static void set_keepinit(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	set(run, p, "connect limit", o->value[0] * 1000, o->text);
}

/* From the third SYN said again on: three have all options. */
static void set_drop_options(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	set(run, p, "syn options", o->value[0] ? 3 : 0, o->text);
}

static void set_cc(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	choose(run, p, "cc", strcmp(o->name, "reno") == 0 ? "newreno" : o->name, o->text);
}

static void set_rst_check(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	choose(run, p, "rst check", o->value[0] ? "rfc793" : "rfc5961", o->text);
}

static void set_syn_check(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	choose(run, p, "syn check", o->value[0] ? "rfc793" : "rfc5961", o->text);
}

static void set_tlp(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	set(run, p, "tlp", o->value[0] >= 3, o->text);
}

static void set_rack(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	set(run, p, "rack", o->value[0] & 1, o->text);
}

static void set_frto(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	set(run, p, "frto", o->value[0] != 0, o->text);
}

static void set_icmp(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	choose(run, p, "icmp hard", o->value[0] ? "opening" : "ignored", o->text);
}

static void set_timestamps(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	set(run, p, "timestamps", o->value[0] != 0, o->text);
}

static const struct special {
	uint8_t knob;
	void (*set)(struct run *run, struct tcp_profile *p, const struct drill_order *o);
} specials[] = {
	{KNOB_TCP_ECN, set_ecn},
	{KNOB_ECN_ENABLE, set_ecn},
	{KNOB_TCP_RATELIMIT, set_ratelimit},
	{KNOB_KEEPINIT, set_keepinit},
	{KNOB_REXMIT_DROP_OPTIONS, set_drop_options},
	{KNOB_TCP_CONGESTION, set_cc},
	{KNOB_INSECURE_RST, set_rst_check},
	{KNOB_INSECURE_SYN, set_syn_check},
	{KNOB_TCP_EARLY_RETRANS, set_tlp},
	{KNOB_TCP_RECOVERY, set_rack},
	{KNOB_TCP_FRTO, set_frto},
	{KNOB_ICMP_MAY_RST, set_icmp},
	{KNOB_TCP_TIMESTAMPS, set_timestamps},
};

void run_knob(struct run *run, struct tcp_profile *p, const struct drill_order *o)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (fields[i].knob == o->knob)
			set(run, p, fields[i].field, o->value[fields[i].which] * fields[i].times,
			    o->text);
	for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
		if (specials[i].knob == o->knob)
			specials[i].set(run, p, o);
}
