/* SPDX-License-Identifier: MIT */
#include <base/diag.h>

#include <string.h>

enum { WORD_MAX = 64 }; /* longer words are near nothing */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein, the form in which no part is edited twice: insert, delete, replace, swap. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	size_t row[3][WORD_MAX + 1]; /* this one, the one above, the one above that; they rotate */

	for (size_t j = 0; j <= b_size; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a_size; i++) {
		size_t *here = row[i % 3];
		size_t *up = row[(i - 1) % 3];
		size_t *upper = row[(i + 1) % 3];

		here[0] = i;
		for (size_t j = 1; j <= b_size; j++) {
			char x = lower(a[i - 1]);
			char y = lower(b[j - 1]);

			here[j] = least(up[j - 1] + (x != y), least(up[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y)
				here[j] = least(here[j], upper[j - 2] + 1);
		}
	}
	return row[a_size % 3][b_size];
}

const char *nearest_word(const char *word, const char *const *words)
{
	const char *nearest = NULL;
	size_t size = strlen(word);
	size_t limit = size / 3 > 1 ? size / 3 : 1;

	if (size == 0 || size > WORD_MAX)
		return NULL;
	/* Half of "ab" replaced is near; the whole of "a" replaced is another word. */
	if (limit >= size)
		limit = size - 1;
	for (; *words; words++) {
		size_t other = strlen(*words);
		size_t d;

		if (other > WORD_MAX)
			continue;
		d = distance(word, size, *words, other);
		if (d < limit || (d == limit && !nearest)) {
			nearest = *words;
			if (d == 0)
				break;
			limit = d;
		}
	}
	return nearest;
}
