/* SPDX-License-Identifier: MIT */
#include "suites.h"

#include <stdio.h>
#include <base/prng.h>
#include <base/sink.h>
#include "live/quit.h"

/*
 * Pieces as they arrive, and what becomes of them. In the pieces:
 *   |  the next piece; everything before has been echoed by then
 *   +  the next piece; what was echoed still waits to be sent
 *   _  200 ms of silence
 *   .  FIN
 * In what is echoed: ! closes by `q`. What follows is not read.
 */
static const struct {
	const char *pieces, *echoed;
} table[] = {
	{"q\n", "!"},
	{"q\r\n", "!"},
	{"q.", "!"},
	{"q_", "!"},
	{"q|\n", "!"},
	{"q+\n", "!"},
	{"q\r|\n", "!"},
	{"q|\r\n", "!"},
	{"q|\r|\n", "!"},
	{"q+\r+\n", "!"},
	{"q\nmore", "!"},
	{"q\r\nmore|more", "!"},
	{"q|\nmore", "!"},
	/* After a line end. */
	{"hello\nq\n", "hello\n!"},
	{"hello\nq.", "hello\n!"},
	{"hello\nq_", "hello\n!"},
	{"hello\n|q\n", "hello\n!"},
	{"hello\n+q\n", "hello\n!"},
	{"hello\r\nq\r\n", "hello\r\n!"},
	{"a\nb\nq\nc\n", "a\nb\n!"},
	{"\nq\n", "\n!"},
	{"\n\n\nq_", "\n\n\n!"},
	/* After all that had been echoed. */
	{"hello|q_", "hello!"},
	{"hello|q\n", "hello!"},
	{"hello|q.", "hello!"},
	{"hello_q_", "hello!"},
	{"qq|q_", "qq!"},
	{"q|x|q_", "qx!"},
	{"hello+x|q_", "hellox!"},
	/* Not alone. */
	{"hello+q_", "helloq"},
	{"hello+q\n", "helloq\n"},
	{"hello+q.", "helloq"},
	{"helloq\n", "helloq\n"},
	{"helloq.", "helloq"},
	{"hello q_", "hello q"},
	{"qq\n", "qq\n"},
	{"q|q\n", "qq\n"},
	{"q|q_", "qq"},
	{"q q\n", "q q\n"},
	{"quit\n", "quit\n"},
	{"q|uit\n", "quit\n"},
	{"qx|q\n", "qx!"},
	{"qx+q\n", "qxq\n"},
	{"q|xq\n", "qxq\n"},
	{"Q\n", "Q\n"},
	{" q\n", " q\n"},
	{"q \n", "q \n"},
	{"\tq_", "\tq"},
	/* CR alone is no line end, and `q` CR is not followed by silence but by CR. */
	{"q\r.", "q\r"},
	{"q\r_", "q\r"},
	{"q|\r_", "q\r"},
	{"q\r_\n", "q\r\n"},
	{"q\rx\n", "q\rx\n"},
	{"q\r|x\n", "q\rx\n"},
	{"q\r\r\n", "q\r\r\n"},
	{"q\r|\r\n", "q\r\r\n"},
	{"q|\r|q\n", "q\rq\n"},
	{"x\rq\n", "x\rq\n"},
	{"\rq\n", "\rq\n"},
	{"\r|q\n", "\r!"},
	/* Nothing is nothing. */
	{".", ""},
	{"_._.", ""},
	{"||q_", "!"},
	{"q||_", "!"},
	{"q__", "!"},
	{"x_._", "x"},
	{"", ""},
};

struct play {
	struct quit quit;
	struct sink echoed;
	bool is_over, is_all_echoed;
};

static void obey(struct play *p, struct quit_said said, const char *piece)
{
	static const uint8_t held[] = {'q', '\r'};

	ck_assert_uint_le(said.held, sizeof held);
	sink_put(&p->echoed, held, said.held);
	sink_put(&p->echoed, piece, said.text);
	p->is_over |= said.is_over;
}

static void feed(struct play *p, const char *piece, size_t n)
{
	uint8_t held[QUIT_HELD_MOST];
	size_t before = quit_held(&p->quit, held), after;
	struct quit_said said = quit_feed(&p->quit, (const uint8_t *)piece, n, p->is_all_echoed);

	after = quit_held(&p->quit, held);
	obey(p, said, piece);
	/* Every octet is text, or held, or the word. */
	if (!said.is_over)
		ck_assert_uint_eq(said.held + said.text + after, before + n);
}

static void play(struct play *p, const char *pieces)
{
	*p = (struct play){.is_all_echoed = true};
	sink_puts(&p->echoed, "");
	while (*pieces && !p->is_over) {
		size_t n = strcspn(pieces, "|+_.");

		feed(p, pieces, n);
		pieces += n;
		if (*pieces == '_' || *pieces == '.') {
			if (!p->is_over)
				obey(p, quit_pause(&p->quit), "");
			p->is_all_echoed = true;
		} else if (*pieces != '\0') {
			p->is_all_echoed = *pieces == '|';
		}
		pieces += *pieces != '\0';
	}
	if (p->is_over)
		sink_putc(&p->echoed, '!');
}

START_TEST(the_word_and_what_is_not_the_word)
{
	struct play p;

	play(&p, table[_i].pieces);
	ck_assert_str_eq(p.echoed.at, table[_i].echoed);
	sink_fini(&p.echoed);
}
END_TEST

/* Where every octet of a piece follows the other before anything was echoed, it does not matter how
 * the network cut it: all cuts of each play, as one cut. */
START_TEST(it_does_not_matter_where_the_network_cuts)
{
	const char *pieces = table[_i].pieces;
	size_t n = strlen(pieces);

	if (strpbrk(pieces, "|+_"))
		return;
	ck_assert_uint_lt(n, 16);
	for (unsigned cuts = 0; cuts < 1u << (n > 0 ? n - 1 : 0); cuts++) {
		char cut[40];
		size_t at = 0;
		struct play p;

		for (size_t i = 0; i < n; i++) {
			cut[at++] = pieces[i];
			if (cuts >> i & 1 && pieces[i + 1] != '.')
				cut[at++] = '+';
		}
		cut[at] = '\0';
		play(&p, cut);
		ck_assert_msg(strcmp(p.echoed.at, table[_i].echoed) == 0, "%s -> %s", cut,
			      p.echoed.at);
		sink_fini(&p.echoed);
	}
}
END_TEST

/* In transparent pieces nothing is lost: without silence and FIN, what was echoed and what is held
 * is always the beginning of what arrived; and only a `q` line ends it. */
START_TEST(nothing_is_lost_in_random_pieces)
{
	static const char letters[] = "qq\r\nx";
	struct prng prng;

	prng_init(&prng, 4, 1);
	for (int round = 0; round < 20000; round++) {
		struct play p = {.is_all_echoed = true};
		struct sink all = {0};
		uint8_t held[QUIT_HELD_MOST];

		sink_puts(&p.echoed, "");
		while (!p.is_over && all.count < 40) {
			char piece[8];
			size_t n = prng_below(&prng, sizeof piece);

			for (size_t i = 0; i < n; i++)
				piece[i] = letters[prng_below(&prng, sizeof letters - 1)];
			sink_put(&all, piece, n);
			p.is_all_echoed = prng_below(&prng, 2);
			feed(&p, piece, n);
		}
		ck_assert_int_eq(strncmp(all.at, p.echoed.at, p.echoed.count), 0);
		if (p.is_over)
			ck_assert(all.at[p.echoed.count] == 'q' &&
				  strspn(all.at + p.echoed.count + 1, "\r\n") > 0);
		else
			ck_assert_uint_eq(p.echoed.count + quit_held(&p.quit, held), all.count);
		sink_fini(&p.echoed);
		sink_fini(&all);
	}
}
END_TEST

Suite *quit_suite(void)
{
	Suite *suite = suite_create("quit");
	TCase *tcase = tcase_create("quit");
	int plays = (int)(sizeof table / sizeof table[0]);

	tcase_add_loop_test(tcase, the_word_and_what_is_not_the_word, 0, plays);
	tcase_add_loop_test(tcase, it_does_not_matter_where_the_network_cuts, 0, plays);
	tcase_add_test(tcase, nothing_is_lost_in_random_pieces);
	suite_add_tcase(suite, tcase);
	return suite;
}
