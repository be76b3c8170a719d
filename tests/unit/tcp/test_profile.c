/* SPDX-License-Identifier: MIT */
/* Profiles and the engine's tables of names: data that everything else looks things up in. */
#include <string.h>
#include "fixture.h"
#include "suites.h"

START_TEST(the_four_profiles)
{
	static const char *const names[PROFILE_COUNT] = {"rfc", "linux", "freebsd", "classic"};

	for (int i = 0; i < PROFILE_COUNT; i++) {
		ck_assert_str_eq(tcp_profiles[i].name, names[i]);
		ck_assert_ptr_eq(tcp_profile_named(names[i]), &tcp_profiles[i]);
	}
	ck_assert_ptr_null(tcp_profile_named("bsd"));
	ck_assert_ptr_null(tcp_profile_named("rf"));
	ck_assert_ptr_null(tcp_profile_named("rfcs"));
	ck_assert_ptr_null(tcp_profile_named(""));
}
END_TEST

START_TEST(rfc_is_what_the_rfcs_say)
{
	const struct tcp_profile *p = tcp_profile_named("rfc");

	ck_assert_int_eq(p->msl, S(120));           /* 3.4.2 */
	ck_assert_int_eq(p->user_timeout, S(300));  /* 3.9.1.1 */
	ck_assert_int_eq(p->rto_initial, S(1));     /* RFC 6298 2.1 */
	ck_assert_int_eq(p->rto_min, S(1));         /* 2.4 */
	ck_assert_int_ge(p->rto_max, S(60));        /* 2.5 */
	ck_assert_uint_ge(p->r1, 3);                /* SHLD-10 */
	ck_assert_int_ge(p->r2, S(100));            /* SHLD-11 */
	ck_assert_int_ge(p->syn_r2, S(180));        /* MUST-23 */
	ck_assert_int_lt(p->ack_delay, MS(500));    /* MUST-40 */
	ck_assert_int_gt(p->ack_delay, 0);          /* SHLD-18 */
	ck_assert_uint_eq(p->ack_every, 2);         /* SHLD-19 */
	ck_assert(p->nagle);                        /* SHLD-7 */
	ck_assert_int_ge(p->sws_override, MS(100)); /* 3.8.6.2.1 */
	ck_assert_int_le(p->sws_override, S(1));
	ck_assert_uint_eq(p->dupthresh, 3); /* RFC 5681 3.2 */
	ck_assert(!p->shrink);              /* SHLD-14 */
}
END_TEST

START_TEST(every_profile_keeps_what_must_be_kept)
{
	for (int i = 0; i < PROFILE_COUNT; i++) {
		const struct tcp_profile *p = &tcp_profiles[i];
		ck_assert_int_lt(p->ack_delay, MS(500));
		ck_assert(!p->keepalive);
		ck_assert_int_ge(p->keepalive_idle, S(7200));
		ck_assert_int_ge(p->rto_max, S(60));
		ck_assert_uint_gt(p->ttl, 0);
		/* Every limit is given in time or as a count. */
		ck_assert(p->r2 > 0 || p->r2_count > 0);
		ck_assert(p->syn_r2 > 0 || p->syn_r2_count > 0);
	}
}
END_TEST

START_TEST(fields_are_found_by_name)
{
	for (size_t i = 0; i < profile_field_count(); i++) {
		const struct profile_field *f = profile_field_at(i);
		ck_assert_int_eq(profile_field_named(f->name), (int)i);
		ck_assert_uint_gt(strlen(f->meaning), 5);
		ck_assert_uint_gt(strlen(f->source), 3);
		ck_assert_int_le(f->least, f->most);
		ck_assert((f->kind == PROFILE_CHOICE) == (f->choices != NULL));
	}
	ck_assert_int_eq(profile_field_named("no such"), -1);
	ck_assert_int_eq(profile_field_named(""), -1);
}
END_TEST

START_TEST(each_field_is_set_alone_and_within_its_bounds)
{
	for (int k = 0; k < PROFILE_COUNT; k++) {
		for (size_t i = 0; i < profile_field_count(); i++) {
			const struct profile_field *f = profile_field_at(i);
			struct tcp_profile p = tcp_profiles[k];
			int64_t was = profile_get(&p, i);
			ck_assert_msg(was >= f->least && was <= f->most, "%s: %s", p.name, f->name);
			ck_assert(!profile_set(&p, i, f->most + 1));
			ck_assert(f->least == INT64_MIN || !profile_set(&p, i, f->least - 1));
			ck_assert_int_eq(profile_get(&p, i), was);
			const int64_t tries[] = {f->least, f->most, was};
			for (int n = 0; n < 3; n++) {
				ck_assert(profile_set(&p, i, tries[n]));
				ck_assert_int_eq(profile_get(&p, i), tries[n]);
				for (size_t j = 0; j < profile_field_count(); j++)
					ck_assert(j == i ||
						  profile_get(&p, j) ==
							  profile_get(&tcp_profiles[k], j));
			}
		}
	}
}
END_TEST

/* rfc and classic are the plain engine of RFC 9293; the two kernels have what they have. */
START_TEST(extensions_are_of_the_kernels)
{
	static const char *const names[] = {"scale", "sack", "dsack", "timestamps", "ecn",
					    "limited transmit", "prr", "syn cookies"};

	for (unsigned n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		int i = profile_field_named(names[n]);
		ck_assert_int_ge(i, 0);
		for (int k = 0; k < PROFILE_COUNT; k++) {
			bool is_kernel = tcp_profiles[k].name[0] == 'l' ||
					 tcp_profiles[k].name[0] == 'f';
			ck_assert_int_eq(profile_get(&tcp_profiles[k], (size_t)i) != 0, is_kernel);
		}
	}
}
END_TEST

START_TEST(choices_have_as_many_names_as_values)
{
	for (size_t i = 0; i < profile_field_count(); i++) {
		const struct profile_field *f = profile_field_at(i);
		int64_t n = 0;
		if (f->kind != PROFILE_CHOICE)
			continue;
		while (f->choices[n])
			n++;
		ck_assert_int_eq(f->least, 0);
		ck_assert_int_eq(f->most, n - 1);
	}
}
END_TEST

START_TEST(states_and_answers_have_names)
{
	for (int s = 0; s < STATE_COUNT; s++) {
		for (int u = 0; u < s; u++)
			ck_assert_str_ne(state_name((enum state)s), state_name((enum state)u));
	}
	ck_assert_str_eq(state_name(SYN_RECEIVED), "SYN_RCVD");
	/* The RFC's own strings. */
	ck_assert_str_eq(tcp_answer_text(TCP_OK), "ok");
	ck_assert_str_eq(tcp_answer_text(TCP_NOT_OPEN), "connection does not exist");
	ck_assert_str_eq(tcp_answer_text(TCP_EXISTS), "connection already exists");
	ck_assert_str_eq(tcp_answer_text(TCP_CLOSING), "connection closing");
	ck_assert_str_eq(tcp_answer_text(TCP_RESOURCES), "insufficient resources");
	ck_assert_str_eq(tcp_answer_text(TCP_UNSPECIFIED), "remote socket unspecified");
}
END_TEST

Suite *profile_suite(void)
{
	Suite *s = suite_create("profile");
	TCase *tc = tcase_create("tables");

	tcase_add_test(tc, the_four_profiles);
	tcase_add_test(tc, rfc_is_what_the_rfcs_say);
	tcase_add_test(tc, every_profile_keeps_what_must_be_kept);
	tcase_add_test(tc, fields_are_found_by_name);
	tcase_add_test(tc, each_field_is_set_alone_and_within_its_bounds);
	tcase_add_test(tc, extensions_are_of_the_kernels);
	tcase_add_test(tc, choices_have_as_many_names_as_values);
	tcase_add_test(tc, states_and_answers_have_names);
	suite_add_tcase(s, tc);
	return s;
}
