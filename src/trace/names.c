/* SPDX-License-Identifier: MIT */
#include <woshou/names.h>

#include <string.h>
#include <base/assert.h>

/* clang-format off */
static const char *const kinds[RECORD_KIND_COUNT] = {
	[REC_CALL] = "call",       [REC_RESULT] = "result",   [REC_READ] = "read",
	[REC_SEND] = "send",       [REC_WIND] = "wind",       [REC_ARRIVE] = "arrive",
	[REC_DISCARD] = "discard", [REC_TIMER] = "timer",     [REC_STATE] = "state",
	[REC_RULE] = "rule",       [REC_SIGNAL] = "signal",   [REC_CRASH] = "crash",
	[REC_REBOOT] = "reboot",   [REC_ICMP] = "icmp",       [REC_PICTURE] = "picture",
	[REC_SCENE] = "scene",     [REC_SAY] = "say",         [REC_MARKER] = "marker",
	[REC_ASK] = "ask",         [REC_EXPECT] = "expect",   [REC_PROMISE] = "promise",
	[REC_END] = "end",
};

static const char *const calls[CALL_VERB_COUNT] = {
	[CALL_LISTEN] = "listen", [CALL_CONNECT] = "connect",   [CALL_ACCEPT] = "accept",
	[CALL_WRITE] = "write",   [CALL_READ] = "read",         [CALL_SHUTDOWN] = "shutdown",
	[CALL_CLOSE] = "close",   [CALL_ABORT] = "abort",       [CALL_OPTION] = "option",
	[CALL_BIND] = "bind",
};

static const char *const deeds[DEED_COUNT] = {
	[DEED_DROP] = "drop",       [DEED_DELAY] = "delay",     [DEED_DUPLICATE] = "duplicate",
	[DEED_REORDER] = "reorder", [DEED_CORRUPT] = "corrupt", [DEED_CUT] = "cut",
	[DEED_QUEUE] = "queue",     [DEED_MTU] = "mtu",         [DEED_LIFETIME] = "lifetime",
	[DEED_MARK] = "mark",       [DEED_ICMP] = "icmp",
};

static const char *const discards[DISCARD_COUNT] = {
	[DISCARD_CHECKSUM] = "checksum", [DISCARD_HOST_DOWN] = "host-down",
	[DISCARD_NO_HOST] = "no-host",   [DISCARD_ADDRESS] = "address",
	[DISCARD_QUEUE_FULL] = "queue-full",
};

static const char *const verdicts[] = {
	[VERDICT_PASS] = "pass", [VERDICT_FAIL] = "fail", [VERDICT_INCONCLUSIVE] = "inconclusive",
};

static const char *const timers[TIMER_COUNT] = {
	[TIMER_RETRANSMIT] = "retransmit", [TIMER_OVERRIDE] = "override", [TIMER_ACK] = "ack",
	[TIMER_KEEPALIVE] = "keepalive",   [TIMER_TIME_WAIT] = "time-wait", [TIMER_USER] = "user",
	[TIMER_LOSS] = "loss",
	[TIMER_PACE] = "pace",
};

static const char *const icmps[] = {
	[ICMP_SOFT] = "soft", [ICMP_HARD] = "hard", [ICMP_TOO_BIG] = "too-big",
	[ICMP_QUENCH] = "quench", [ICMP_PROHIBITED] = "prohibited",
};

static const char *const icmp_kinds[ICMP_KIND_COUNT] = {
#define ICMP_KIND(id, name, ...) [KIND_##id] = name,
#include <woshou/icmp.def>
#undef ICMP_KIND
};

/* In the order of the bits of enum tcp_signal. */
static const char *const signals[] = {
	"established", "refused", "reset", "closing", "timeout", "readable", "writable", "urgent",
	"closed", "relisten", "r1", "soft-error", "unreachable", "reopen", "close-done",
	"user-timeout",
};
/* clang-format on */

_Static_assert(1u << (sizeof signals / sizeof signals[0] - 1) == TCP_SIG_USER_TIMEOUT,
	       "a name for every signal");

#define TABLE(names)                                                                               \
	{                                                                                          \
		names, sizeof names / sizeof names[0]                                              \
	}

static const struct names {
	const char *const *name;
	size_t count;
} tables[NAMES_COUNT] = {
	[NAMES_KIND] = TABLE(kinds),       [NAMES_CALL] = TABLE(calls),
	[NAMES_DEED] = TABLE(deeds),       [NAMES_DISCARD] = TABLE(discards),
	[NAMES_VERDICT] = TABLE(verdicts), [NAMES_TIMER] = TABLE(timers),
	[NAMES_ICMP_KIND] = TABLE(icmp_kinds),
	[NAMES_ICMP] = TABLE(icmps),       [NAMES_SIGNAL] = TABLE(signals),
};

size_t names_count(enum name_set set)
{
	ASSERT(set < NAMES_COUNT);
	return tables[set].count;
}

static unsigned bit_index(unsigned value)
{
	unsigned index = 0;

	while (value > 1) {
		value >>= 1;
		index++;
	}
	return index;
}

const char *name_of(enum name_set set, unsigned value)
{
	ASSERT(set < NAMES_COUNT);
	if (set == NAMES_SIGNAL) {
		if (value == 0 || (value & (value - 1)) != 0)
			return NULL;
		value = bit_index(value);
	}
	return value < tables[set].count ? tables[set].name[value] : NULL;
}

int value_named(enum name_set set, const char *name)
{
	ASSERT(set < NAMES_COUNT);
	for (size_t i = 0; i < tables[set].count; i++) {
		if (strcmp(tables[set].name[i], name) == 0)
			return set == NAMES_SIGNAL ? 1 << i : (int)i;
	}
	return -1;
}

int names_of_detail(enum record_kind kind)
{
	switch (kind) {
	case REC_CALL:
	case REC_RESULT: return NAMES_CALL;
	case REC_WIND: return NAMES_DEED;
	case REC_DISCARD: return NAMES_DISCARD;
	case REC_TIMER: return NAMES_TIMER;
	case REC_ICMP: return NAMES_ICMP;
	case REC_EXPECT: return NAMES_VERDICT;
	case REC_READ:
	case REC_SEND:
	case REC_ARRIVE:
	case REC_STATE:
	case REC_RULE:
	case REC_SIGNAL:
	case REC_CRASH:
	case REC_REBOOT:
	case REC_PICTURE:
	case REC_SCENE:
	case REC_SAY:
	case REC_MARKER:
	case REC_ASK:
	case REC_PROMISE:
	case REC_END:
	case RECORD_KIND_COUNT: break;
	}
	return -1;
}

/* ---- POSIX's names --------------------------------------------------------------------------- */

static const char *const sock_errors[SOCK_ERROR_COUNT] = {
#define SOCK_ERROR(name, text) [SOCK_##name] = #name,
#include <woshou/sock_error.def>
#undef SOCK_ERROR
};

const char *sock_error_name(enum sock_error e)
{
	ASSERT(e < SOCK_ERROR_COUNT);
	return e == SOCK_OK ? "ok" : sock_errors[e];
}

int sock_error_named(const char *name)
{
	if (strcmp(name, "ok") == 0)
		return SOCK_OK;
	for (int i = SOCK_OK + 1; i < SOCK_ERROR_COUNT; i++) {
		if (strcmp(sock_errors[i], name) == 0)
			return i;
	}
	return -1;
}

static const char *const sock_texts[SOCK_ERROR_COUNT] = {
#define SOCK_ERROR(name, text) [SOCK_##name] = text,
#include <woshou/sock_error.def>
#undef SOCK_ERROR
};

const char *sock_error_text(enum sock_error e)
{
	ASSERT(e < SOCK_ERROR_COUNT);
	return sock_texts[e];
}
