/* SPDX-License-Identifier: MIT */
/* Every form of every statement is read, and comes out of the formatter as the same play. */
#include "fixture.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <scene/lex.h>

#define HEAD "woshou 1\nperson zhang\nperson li\n"

static const char *const forms[] = {
	"title en \"a\" zh \"b\"",
	"seed 18446744073709551615",
	"limit 2day",
	"limit 2h 50000000 events",
	"limit 20000000 events",
	"end at 70s",
	"golden ladder \"parting.ladder\"",
	"person 张三",
	"person wang en \"Wang\" zh \"老王\"",
	"person wang profile linux en \"Wang\" zh \"老王\" { profile classic }",
	"person wang { port 9 address 10.0.0.3 }",
	"person wang { address fd00::1:2 }",
	"person wang { isn 1, 2,3 }",
	"person wang { isn choice clock }",
	"person wang { rto 1s rto min 200ms rto max 60s }",
	"person wang { rto fixed 1s }",
	"person wang { rto fixed off rto reinit off }",
	"person wang { ack delay 200ms }",
	"person wang { ack delay 200ms every 2 }",
	"person wang { ack delay 200ms every 2 full nagle off }",
	"person wang { ack every 2 ack count full }",
	"person wang { sack off scale off timestamps off ecn off }",
	"person wang { time wait 0s fin wait 2 60s }",
	"person wang { r2 count 15 syn+ack r2 count 5 cc none }",
	"person wang { SO_RCVBUF 4KiB TCP_NODELAY on SO_KEEPALIVE on TCP_KEEPIDLE 10s }",
	"person wang { SO_LINGER off TCP_MAXSEG 1000B IP_TTL 3 }",
	"person wang { reads never }",
	"person wang { accepts by hand }",
	"person wang { reader every 10ms takes 20B }",
	"wind zhang -> li { }",
	"wind zhang <-> li { delay 50ms jitter 10ms rate 10Mbit queue 64KiB mtu 1500B }",
	"wind zhang <-> li { lifetime 30s }",
	"wind zhang <-> li { delay 50ms }\nwind zhang -> li { delay 60ms }",
	"wind zhang -> li { delay 60ms }\nwind zhang <-> li { jitter 5ms }",
	"wind zhang -> li { drop }",
	"wind zhang -> li { drop 1st }",
	"wind zhang -> li { drop 2nd..4th where data }",
	"wind zhang -> li { drop where data max 3 }",
	"wind zhang -> li { delay 1st where FIN by 3s }",
	"wind zhang -> li { delay where SYN by 10ms }",
	"wind zhang -> li { duplicate every 5th where data after 30ms }",
	"wind zhang -> li { duplicate 1st }",
	"wind zhang -> li { reorder 1st where data past 2 }",
	"wind zhang -> li { reorder 1st where data past 2 or 300ms }",
	"wind zhang -> li { corrupt 1st where ack = 1015 }",
	"wind zhang -> li { mark 10% where data max 3 }",
	"wind zhang -> li { icmp host-unreachable 2nd..3rd where SYN }",
	"wind zhang -> li { corrupt 1st where ack 1015 len >= 3 win < 10KiB seq != 5 }",
	"wind zhang -> li { drop 10% max 3 }",
	"wind zhang -> li { drop 0.5% where ACK max 3 }",
	"wind zhang -> li { between 2s and 4s cut }",
	"zhang connect li as c1\nwind zhang -> li { drop 1st where data of c1 }",
	"scene a { }",
	"scene a en \"A\" zh \"甲\" {\n}",
	"li listen",
	"li listen port 80 backlog 5",
	"zhang connect li",
	"zhang connect li port 80 from 5000 as c1\nat 1s c1 write \"a\"\nexpect at 1s c1 in CLOSED",
	"li accept",
	"li accept as s1\ns1 close",
	"zhang write \"line 1\\n\"",
	"zhang write \"{{ \\x41 \\\\ \\\" \\t\\0\"",
	"zhang write 1MiB",
	"zhang write urgent \"!\"",
	"person wang { reads never }\nat 1s wang read\nat 2s wang read 5B",
	"zhang shutdown",
	"zhang close",
	"zhang abort",
	"zhang option SO_REUSEADDR on",
	"zhang option rto min 300ms",
	"zhang crash\nzhang reboot",
	"li echo",
	"li echo until \"q\"",
	"li echo never closes",
	"li discard",
	"li chargen",
	"li sink",
	"li sink at 8kbit",
	"li sink at 1KiB",
	"li source 1MiB",
	"li reader every 10ms takes 20B",
	"li reads never\nli accepts by hand",
	"stranger as zhang -> li segment S seq 7000",
	"stranger as zhang port 5000 -> li port 80 segment P. seq 1 ack 2 win 3 len 4",
	"stranger as zhang -> li segment . seq 1 ack 2 text \"abc\"",
	"stranger as zhang -> li segment -",
	"at 0s li listen\nafter 1s zhang connect li",
	"at 1s + 300ms - 20ms zhang close",
	"at 1s { zhang close\n li close }",
	"at 1.062s by hand drop 3rd zhang -> li",
	"at 1s by hand delay 1st zhang->li by 200ms",
	"at 1s by hand duplicate 2nd zhang -> li",
	"at 1s by hand duplicate 2nd zhang -> li after 30ms",
	"at 1s by hand reorder 12th zhang -> li past 1",
	"at 1s by hand reorder 12th zhang -> li past 2 or 500ms",
	"at 1s by hand corrupt 1st zhang -> li\n  say en \"a\" zh \"b\"",
	"at 1s by hand {\n  zhang close\n  drop 1st zhang -> li\n}",
	"by hand zhang connect li as c9",
	"zhang connect li\nafter 2s by hand li read",
	"at 1s by hand repeat 3 as i every 1s drop {i}th zhang -> li",
	"when zhang in ESTABLISHED +1s by hand marker \"now\"",
	"each zhang gets data by hand stranger as li -> zhang segment R seq 1",
	"at 2s wind zhang <-> li { delay 200ms drop 1st where data }",
	"at 2s by hand wind zhang -> li { mtu 576B }",
	"when li in ESTABLISHED {\n  wind zhang -> li {\n    rate 8kbit\n    queue 1KiB\n  }\n}",
	"no longer expect at 1s zhang in CLOSED because \"of that\"",
	"no longer from 2s expect zhang in CLOSED",
	"at 1s no longer zhang close",
	"at 1s by hand no longer drop 7th zhang -> li",
	"at 1s by hand no longer from 1s zhang crash",
	"no longer from 1s no longer from 2s stranger as zhang -> li segment S",
	"at 1min zhang close",
	"when li gets FIN li write \"wait!\\n\"",
	"each li gets data seq 5 li write \"wait!\\n\"",
	"when zhang sends SYN+ACK +1ms { zhang close }",
	"when li reads \"q\" li close",
	"when zhang in ESTABLISHED +100ms {\n  zhang close\n  expect zhang in FIN_WAIT_1\n}",
	"when zhang in SYN-SENT when zhang in SYN_RECEIVED zhang close",
	"repeat 3 zhang close",
	"repeat 3 as i from 0 every 10ms { zhang write \"line {i}\" }",
	"repeat 3 as i { person p{i} { isn {i}000 } }",
	"for loss in none, SYN, SYN+ACK, ACK { wind zhang <-> li { drop 1st where {loss} } }",
	"for d in 10ms, 1s { at {d} zhang close }",
	"for t in \"a\", \"b\" { zhang write {t} }",
	"expect at 1s zhang in SYN_SENT",
	"expect zhang in CLOSED",
	"expect zhang never in CLOSE_WAIT longer 1s",
	"expect never zhang in CLOSE_WAIT",
	"expect at 1s zhang sends SYN seq 1000 ack 5 len 0 win 65535 retransmit 1",
	"expect at 1s zhang gets none",
	"expect never zhang sends any retransmit >= 1",
	"expect total zhang retransmits 1",
	"expect total zhang sends data >= 3",
	"expect eventually zhang in ESTABLISHED within 8s",
	"expect eventually zhang gets RST",
	"expect li received \"line 1\\n\"",
	"expect at 1s li received 5KiB",
	"expect zhang connect fails ECONNREFUSED",
	"expect zhang connect fails",
	"expect at 1s zhang rto = 3s because \"RFC 6298 5.7\"",
	"expect at 1s zhang snd.una >= 1000\nbecause en \"a\" zh \"b\"",
	"expect at 1s zhang state = SYN_SENT",
	"expect broken stream because \"an old word in a new conversation\"",
	"expect broken closed-silent",
	"ask at 1.26s en \"Which?\" zh \"哪个？\" answer li.next.ack",
	"ask at 1s en \"Which?\" zh \"哪个？\" answer li.snd.una",
	"ask at 1s en \"Which?\" zh \"哪个？\" answer ESTABLISHED",
	"ask at 1s en \"Which?\" zh \"哪个？\" answer 3s",
	"ask at 1s en \"Which?\" zh \"哪个？\" answer 7",
	"marker \"fast forward\" at 3.1s",
	"at 1s marker en \"a\" zh \"b\"",
	"at 1s zhang close\nsay en \"a\" zh \"b\"\nsay en \"c\"\n    zh \"d\"",
};

static void strip(struct source *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->tokens.count; i++)
		if (s->tokens.at[i].kind != TOKEN_LINE_END)
			s->tokens.at[kept++] = s->tokens.at[i];
	s->tokens.count = kept;
}

/* One play: the same words in the same order. The spelling of states is the formatter's. */
static bool is_same_play(const char *a, const char *b)
{
	struct source *x = source_new("a", a, strlen(a));
	struct source *y = source_new("b", b, strlen(b));
	bool is_same;

	strip(x);
	strip(y);
	is_same = x->tokens.count == y->tokens.count;
	for (size_t i = 0; i < x->tokens.count && is_same; i++) {
		const struct token *t = &x->tokens.at[i];
		const struct token *u = &y->tokens.at[i];

		if (t->kind == TOKEN_WORD && (strncmp(t->text, "SYN-SENT", 8) == 0 ||
					      strncmp(t->text, "SYN_RECEIVED", 12) == 0))
			continue;
		is_same = t->kind == u->kind && t->size == u->size &&
			  memcmp(t->text, u->text, t->size) == 0;
	}
	source_free(x);
	source_free(y);
	return is_same;
}

static void check_round_trip(const char *text)
{
	char *once = formatted(text);
	char *twice;

	ck_assert_msg(once != NULL, "%s", text);
	twice = formatted(once);
	ck_assert_ptr_nonnull(twice);
	ck_assert_str_eq(once, twice);
	ck_assert_msg(is_same_play(text, once), "%s\n%s", text, once);
	free(once);
	free(twice);
}

START_TEST(is_read_and_keeps_its_meaning_when_formatted)
{
	char text[512];
	char *told;

	snprintf(text, sizeof text, HEAD "%s\n", forms[_i]);
	told = lint(text);
	ck_assert_msg(strstr(told, "error") == NULL, "%s\n%s", forms[_i], told);
	free(told);
	check_round_trip(text);
}
END_TEST

static const char *const files[] = {"scenarios/first-wave.scene", "tests/unit/scene/sayable.scene"};

START_TEST(the_samples_of_the_language_are_read)
{
	char *text = file_text(files[_i]);
	char *told = lint(text);

	ck_assert_str_eq(told, "");
	check_round_trip(text);
	free(told);
	free(text);
}
END_TEST

Suite *forms_suite(void)
{
	Suite *s = suite_create("forms");
	TCase *c = tcase_create("a form");

	tcase_add_loop_test(c, is_read_and_keeps_its_meaning_when_formatted, 0,
			    sizeof forms / sizeof forms[0]);
	tcase_add_loop_test(c, the_samples_of_the_language_are_read, 0, 2);
	suite_add_tcase(s, c);
	return s;
}
