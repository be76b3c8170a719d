/* SPDX-License-Identifier: MIT */
/*
 * profile.h - what makes one TCP differ from another, as data (profile.def). A host has a copy of
 * one of the four, with its own settings on top.
 */
#ifndef WOSHOU_PROFILE_H
#define WOSHOU_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <woshou/seg.h>

enum ack_count { ACK_COUNT_ANY, ACK_COUNT_FULL, ACK_COUNT_SEEN };
enum cc_choice { CC_NONE, CC_TAHOE, CC_RENO, CC_NEWRENO, CC_CUBIC };
enum hystart_choice { HYSTART_OFF, HYSTART_RFC9406, HYSTART_LINUX };
enum validate_choice { VALIDATE_OFF, VALIDATE_FULL, VALIDATE_LINUX };
enum iw_choice { IW_ONE, IW_RFC3390, IW_RFC6928 };
enum check_choice { CHECK_RFC793, CHECK_RFC5961 };
enum tw_rst_choice { TW_RST_RFC9293, TW_RST_RFC1337 };
enum tw_syn_choice { TW_SYN_REFUSE, TW_SYN_ISN, TW_SYN_TIMESTAMPS, TW_SYN_EITHER };
enum beyond_choice { BEYOND_TRIM, BEYOND_REFUSE };
enum round_choice { ROUND_UP, ROUND_DOWN };
enum ts_offset_choice { TS_OFFSET_NONE, TS_OFFSET_ISS };
enum ecn_choice { ECN_OFF, ECN_ACCEPT, ECN_REQUEST };
enum prr_bound_choice { PRR_BOUND_CRB, PRR_BOUND_SSRB, PRR_BOUND_SAFE };
enum icmp_hard_choice { ICMP_HARD_ENDS, ICMP_HARD_OPENING, ICMP_HARD_IGNORED };
enum cookies_choice { COOKIES_OFF, COOKIES_FULL, COOKIES_ALWAYS };
enum isn_choice { ISN_RFC6528, ISN_CLOCK };

struct tcp_profile {
	const char *name;
#define TIME(field, ...)             usec field;
#define SIZE(field, ...)             uint32_t field;
#define COUNT(field, ...)            uint32_t field;
#define SWITCH(field, ...)           bool field;
#define CHOICE(which, field, ...)    uint8_t field;
#include <woshou/profile.def>
#undef TIME
#undef SIZE
#undef COUNT
#undef SWITCH
#undef CHOICE
};

enum { PROFILE_COUNT = 4 };
extern const struct tcp_profile tcp_profiles[PROFILE_COUNT]; /* rfc, linux, freebsd, classic */
const struct tcp_profile *tcp_profile_named(const char *name); /* NULL: no such */

/* The fields by name: for scenes, --set, docs and completion. */
enum profile_kind {
	PROFILE_TIME,
	PROFILE_SIZE,
	PROFILE_COUNT_KIND,
	PROFILE_SWITCH,
	PROFILE_CHOICE,
};

struct profile_field {
	const char *name; /* as in a scene: words with one space between */
	enum profile_kind kind;
	const char *const *choices; /* NULL-terminated, for PROFILE_CHOICE: index is the value */
	const char *source;
	const char *meaning;
	int64_t least, most; /* accepted values */
};

size_t profile_field_count(void);
const struct profile_field *profile_field_at(size_t index);
int64_t profile_get(const struct tcp_profile *p, size_t index);
/* False: out of range. */
bool profile_set(struct tcp_profile *p, size_t index, int64_t value);
/* The same as a user does it: who says how large a buffer is means it, and it grows no more. */
bool profile_say(struct tcp_profile *p, size_t index, int64_t value);
/* ADV_UTO, RFC 5482 3; 0: nothing is told. */
usec tcp_user_timeout_told(const struct tcp_profile *p);
int profile_field_named(const char *name);                            /* -1: no such */

#endif
