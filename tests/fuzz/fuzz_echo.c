/* SPDX-License-Identifier: MIT */
/* The word that ends a connection of the echo server, and what the client takes for an echo: any
 * octets in any pieces. Each step is an octet that says what, one that says how much, and octets.
 */
#include "fuzz.h"

#include <string.h>
#include <base/assert.h>
#include "live/answers.h"
#include "live/quit.h"

struct step {
	uint8_t what;
	const uint8_t *octets;
	size_t n;
};

static bool next_step(const uint8_t **data, size_t *size, struct step *out)
{
	if (*size < 2)
		return false;
	out->what = (*data)[0];
	out->n = (*data)[1] % 32;
	*data += 2;
	*size -= 2;
	if (out->n > *size)
		out->n = *size;
	out->octets = *data;
	*data += out->n;
	*size -= out->n;
	return true;
}

/* ---- the word -------------------------------------------------------------------------------- */

struct heard {
	struct quit quit;
	struct sink echoed;
	bool is_over;
};

static void obey(struct heard *h, struct quit_said said, const uint8_t *octets)
{
	static const uint8_t held[] = {'q', '\r'};

	ASSERT(said.held <= sizeof held);
	sink_put(&h->echoed, held, said.held);
	sink_put(&h->echoed, octets, said.text);
	h->is_over = said.is_over;
}

/* In one piece, and octet by octet: where nothing is echoed in between, it is the same. */
static void run_quit(const uint8_t *data, size_t size)
{
	struct heard whole = {0}, single = {0};
	struct step s;

	while (!whole.is_over && next_step(&data, &size, &s)) {
		bool is_all_echoed = s.what & 1;

		if (s.what % 8 == 7) {
			obey(&whole, quit_pause(&whole.quit), NULL);
			obey(&single, quit_pause(&single.quit), NULL);
		}
		if (whole.is_over || s.n == 0)
			continue;
		obey(&whole, quit_feed(&whole.quit, s.octets, s.n, is_all_echoed), s.octets);
		for (size_t i = 0; i < s.n && !single.is_over; i++) {
			obey(&single,
			     quit_feed(&single.quit, s.octets + i, 1, i == 0 && is_all_echoed),
			     s.octets + i);
		}
		ASSERT(whole.is_over == single.is_over && whole.quit.at == single.quit.at);
	}
	ASSERT(whole.echoed.count == single.echoed.count);
	ASSERT(whole.echoed.count == 0 ||
	       memcmp(whole.echoed.at, single.echoed.at, whole.echoed.count) == 0);
	sink_fini(&whole.echoed);
	sink_fini(&single.echoed);
}

/* ---- echoes ---------------------------------------------------------------------------------- */

struct said {
	struct sink words;
	ARRAY(size_t) ends;
	size_t next, at; /* the next that may have an echo, and where its words begin */
	uint64_t told;   /* octets */
};

static void echoed(void *user, const void *octets, size_t n, usec rtt)
{
	struct said *s = user;

	ASSERT(rtt >= 0);
	s->told += n;
	for (;;) {
		size_t begin = s->at, end;

		ASSERT(s->next < s->ends.count);
		end = s->ends.at[s->next++];
		s->at = end;
		if (end - begin == n && memcmp(s->words.at + begin, octets, n) == 0)
			return;
	}
}

static void strange(void *user, const void *octets, size_t n)
{
	struct said *s = user;

	ASSERT(octets != NULL && n > 0);
	s->told += n;
}

static void run_answers(const uint8_t *data, size_t size)
{
	struct said said = {0};
	struct answers_watcher w = {&said, echoed, strange};
	struct answers a = {0};
	uint64_t heard = 0;
	struct step s;
	size_t n;

	for (usec now = 0; next_step(&data, &size, &s); now++) {
		switch (s.what % 4) {
		case 0:
			ASSERT(answers_say(&a, s.octets, s.n));
			sink_put(&said.words, s.octets, s.n);
			if (s.n > 0)
				*array_push(&said.ends) = said.words.count;
			break;
		case 1:
			answers_unsent(&a, &n);
			answers_sent(&a, n < s.n ? n : s.n, now);
			break;
		default:
			answers_heard(&a, (const char *)s.octets, s.n, now, &w);
			heard += s.n;
			break;
		}
		ASSERT(said.told + a.matched == heard);
		ASSERT(answers_waiting(&a) <= said.ends.count - said.next);
	}
	answers_fini(&a);
	sink_fini(&said.words);
	array_fini(&said.ends);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_quit(data, size);
	run_answers(data, size);
	return 0;
}
