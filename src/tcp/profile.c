/* SPDX-License-Identifier: MIT */
/* profile.c - the four stacks of profile.def as structs, and their fields by name. */
#include <woshou/profile.h>
#include <string.h>

/* One column of profile.def becomes one struct: the macros below pick it. */
#define PICK(field, value) .field = value,
#define TIME(field, name, rfc, linux_, freebsd, classic, ...)                                      \
	COLUMN(field, rfc, linux_, freebsd, classic)
#define SIZE               TIME
#define COUNT              TIME
#define SWITCH             TIME
#define CHOICE(which, ...) TIME(__VA_ARGS__)

const struct tcp_profile tcp_profiles[PROFILE_COUNT] = {
	{
		.name = "rfc",
#define COLUMN(field, a, b, c, d) PICK(field, a)
#include <woshou/profile.def>
#undef COLUMN
	},
	{
		.name = "linux",
#define COLUMN(field, a, b, c, d) PICK(field, b)
#include <woshou/profile.def>
#undef COLUMN
	},
	{
		.name = "freebsd",
#define COLUMN(field, a, b, c, d) PICK(field, c)
#include <woshou/profile.def>
#undef COLUMN
	},
	{
		.name = "classic",
#define COLUMN(field, a, b, c, d) PICK(field, d)
#include <woshou/profile.def>
#undef COLUMN
	},
};

#undef TIME
#undef SIZE
#undef COUNT
#undef SWITCH
#undef CHOICE

const struct tcp_profile *tcp_profile_named(const char *name)
{
	for (size_t i = 0; i < PROFILE_COUNT; i++) {
		const char *a = tcp_profiles[i].name, *b = name;

		while (*a && *a == *b) {
			a++;
			b++;
		}
		if (*a == *b)
			return &tcp_profiles[i];
	}
	return NULL;
}

static const char *const choices_ack_count[] = {"any", "full", "seen", NULL};
static const char *const choices_cc[] = {"none", "tahoe", "reno", "newreno", "cubic", NULL};
static const char *const choices_hystart[] = {"off", "rfc9406", "linux", NULL};
static const char *const choices_validate[] = {"off", "full", "linux", NULL};
static const char *const choices_iw[] = {"one", "rfc3390", "rfc6928", NULL};
static const char *const choices_check[] = {"rfc793", "rfc5961", NULL};
static const char *const choices_tw_rst[] = {"rfc9293", "rfc1337", NULL};
static const char *const choices_tw_syn[] = {"refuse", "isn", "timestamps", "either", NULL};
static const char *const choices_beyond[] = {"trim", "refuse", NULL};
static const char *const choices_round[] = {"up", "down", NULL};
static const char *const choices_ts_offset[] = {"none", "iss", NULL};
static const char *const choices_layout[] = {"nop", "end", NULL};
static const char *const choices_ecn[] = {"off", "accept", "request", NULL};
static const char *const choices_prr_bound[] = {"crb", "ssrb", "safe", NULL};
static const char *const choices_isn[] = {"rfc6528", "clock", NULL};
static const char *const choices_cookies[] = {"off", "full", "always", NULL};
static const char *const choices_icmp_hard[] = {"ends", "opening", "ignored", NULL};

#define ENTRY(field, name, kind, choices, source, meaning, least, most)                            \
	{                                                                                          \
		{name, kind, choices, source, meaning, least, most},                               \
			offsetof(struct tcp_profile, field)                                        \
	}
static const struct entry {
	struct profile_field field;
	size_t offset;
} entries[] = {
#define TIME(field, name, a, b, c, d, source, meaning, least, most)                                \
	ENTRY(field, name, PROFILE_TIME, NULL, source, meaning, least, most),
#define SIZE(field, name, a, b, c, d, source, meaning, least, most)                                \
	ENTRY(field, name, PROFILE_SIZE, NULL, source, meaning, least, most),
#define COUNT(field, name, a, b, c, d, source, meaning, least, most)                               \
	ENTRY(field, name, PROFILE_COUNT_KIND, NULL, source, meaning, least, most),
#define SWITCH(field, name, a, b, c, d, source, meaning)                                           \
	ENTRY(field, name, PROFILE_SWITCH, NULL, source, meaning, 0, 1),
#define CHOICE(which, field, name, a, b, c, d, source, meaning)                                    \
	ENTRY(field, name, PROFILE_CHOICE, choices_##which, source, meaning, 0,                    \
	      (int64_t)(sizeof choices_##which / sizeof choices_##which[0]) - 2),
#include <woshou/profile.def>
};

size_t profile_field_count(void)
{
	return sizeof entries / sizeof entries[0];
}

const struct profile_field *profile_field_at(size_t index)
{
	return &entries[index].field;
}

int64_t profile_get(const struct tcp_profile *p, size_t index)
{
	const struct entry *e = &entries[index];
	const unsigned char *at = (const unsigned char *)p + e->offset;

	switch (e->field.kind) {
	case PROFILE_TIME: {
		usec value;

		memcpy(&value, at, sizeof value);
		return value;
	}
	case PROFILE_SIZE:
	case PROFILE_COUNT_KIND: {
		uint32_t value;

		memcpy(&value, at, sizeof value);
		return value;
	}
	case PROFILE_SWITCH:
	case PROFILE_CHOICE: return *at;
	}
	return 0;
}

bool profile_set(struct tcp_profile *p, size_t index, int64_t value)
{
	const struct entry *e = &entries[index];
	unsigned char *at = (unsigned char *)p + e->offset;

	if (value < e->field.least || value > e->field.most)
		return false;
	switch (e->field.kind) {
	case PROFILE_TIME: {
		usec time = value;

		memcpy(at, &time, sizeof time);
		break;
	}
	case PROFILE_SIZE:
	case PROFILE_COUNT_KIND: {
		uint32_t number = (uint32_t)value;

		memcpy(at, &number, sizeof number);
		break;
	}
	case PROFILE_SWITCH:
	case PROFILE_CHOICE: *at = (unsigned char)value; break;
	}
	return true;
}

bool profile_say(struct tcp_profile *p, size_t index, int64_t value)
{
	if (!profile_set(p, index, value))
		return false;
	if (entries[index].offset == offsetof(struct tcp_profile, snd_buff))
		p->snd_buff_auto = 0;
	if (entries[index].offset == offsetof(struct tcp_profile, rcv_buff))
		p->rcv_buff_max = 0;
	return true;
}

int profile_field_named(const char *name)
{
	for (size_t i = 0; i < profile_field_count(); i++) {
		const char *a = entries[i].field.name, *b = name;

		while (*a && *a == *b) {
			a++;
			b++;
		}
		if (*a == *b)
			return (int)i;
	}
	return -1;
}
