/* SPDX-License-Identifier: MIT */
/* run_order.c - commands of a script, each as what it means to the world and to the TCP. */
#include <drill/run.h>

#include <stdio.h>
#include <string.h>

/* ---- which stack ----------------------------------------------------------------------------- */

static bool says_stack(const struct drill_command *c, enum drill_stack *out)
{
	for (uint32_t i = 0; c && i < c->count; i++) {
		const struct drill_order *o = &c->orders[i];

		if (o->kind == ORDER_DEFAULTS) {
			*out = STACK_LINUX;
			return true;
		}
		if (o->kind == ORDER_SET) {
			*out = (enum drill_stack)drill_knob_at((enum drill_knob)o->knob)->stack;
			return true;
		}
	}
	return false;
}

/* Whose settings the script makes is whose TCP it was written for. */
enum drill_stack run_stack_of(const struct drill_script *s)
{
	enum drill_stack stack = STACK_LINUX;

	if (says_stack(s->init, &stack))
		return stack;
	for (size_t i = 0; i < s->events.count; i++)
		if (s->events.at[i].kind == EVENT_COMMAND &&
		    says_stack(s->events.at[i].command, &stack))
			return stack;
	return stack;
}

/* ---- orders ---------------------------------------------------------------------------------- */

/* `grep -c STATE | grep 1` is content with 1, 10 and 21. */
static bool count_fits(const struct drill_order *o, uint32_t count)
{
	char wanted[24], actual[24];

	if (!o->is_partial)
		return count == o->value[0];
	snprintf(wanted, sizeof wanted, "%lld", (long long)o->value[0]);
	snprintf(actual, sizeof actual, "%u", count);
	return strstr(actual, wanted) != NULL;
}

static void expect_count(struct run *run, const struct drill_order *o)
{
	uint32_t count =
		host_count(run->world, run->tcp, (enum state)o->state, o->port, o->port == 0);
	struct drill_finding *f;

	if (count_fits(o, count))
		return;
	f = run_find(run, FINDING_FAILURE, "sockets in %s", state_name((enum state)o->state));
	f->expected = run_text(run, "%lld", (long long)o->value[0]);
	f->actual = run_text(run, "%u", count);
}

static void unsupported(struct run *run, const struct drill_order *o)
{
	run_find(run, FINDING_FAILURE, "this cannot be done here: %s", o->text);
}

/* Linux's counters by the rules that count for them. */
static bool counter(const struct run *run, const char *name, uint64_t *out)
{
	const uint64_t *hits = world_rule_hits(run->world);

	if (strcmp(name, "TcpExtBeyondWindow") != 0)
		return false;
	*out = hits[R_SEQ_REFUSED];
	return true;
}

static void expect_counter(struct run *run, const struct drill_order *o)
{
	struct drill_finding *f;
	uint64_t value;

	if (!counter(run, o->name, &value)) {
		unsupported(run, o);
		return;
	}
	value -= run->counted;
	if (value == (uint64_t)o->value[0])
		return;
	f = run_find(run, FINDING_FAILURE, "the counter %s", o->name);
	f->expected = run_text(run, "%lld", (long long)o->value[0]);
	f->actual = run_text(run, "%llu", (unsigned long long)value);
}

static void obey(struct run *run, const struct drill_order *o)
{
	struct tcp_profile *p = host_profile(run->world, run->tcp);

	switch ((enum drill_order_kind)o->kind) {
	case ORDER_NOTHING:
	case ORDER_DEFAULTS: /* as they were assumed in the beginning */
	case ORDER_RESTORE:
	case ORDER_SEGMENTS: return; /* each segment goes alone anyway */
	case ORDER_SET: run_knob(run, p, o); return;
	case ORDER_EXPECT_COUNT: expect_count(run, o); return;
	case ORDER_DROP_STATE: host_forget(run->world, run->tcp, (enum state)o->state); return;
	case ORDER_COUNTERS: counter(run, "TcpExtBeyondWindow", &run->counted); return;
	case ORDER_EXPECT_COUNTER: expect_counter(run, o); return;
	case ORDER_BLACK_HOLE: run->is_black_hole = true; return;
	case ORDER_FIFO: run->is_black_hole = false; return;
	case ORDER_PACING: p->pacing = true; return; /* as a TCP does that paces itself */
	case ORDER_LINK_MTU: p->mtu = (uint32_t)o->value[0]; return;
	case ORDER_ROUTE: unsupported(run, o); return;
	}
}

void run_orders(struct run *run, const struct drill_command *c)
{
	for (uint32_t i = 0; i < c->count; i++)
		obey(run, &c->orders[i]);
}
