/* SPDX-License-Identifier: MIT */
#include "stage/sequence.h"

enum { X10_OCTETS = 5, X10_OFFSET = 32 };

/* The mouse's buttons, as the terminal counts them: Shift, Meta and Control are added to it. */
enum {
	BUTTON_LEFT = 0,
	BUTTON_RELEASED = 3,
	BUTTON_KEYS = 4 | 8 | 16,
	BUTTON_MOVED = 32,
	WHEEL_UP = 64,
	WHEEL_DOWN = 65
};

bool sequence_is_whole(const char *octets, size_t n)
{
	unsigned char last;

	if (n < 2)
		return false;
	if (n >= SEQUENCE_MAX)
		return true;
	if (octets[0] == 'O')
		return true;
	if (octets[1] == 'M')
		return n >= X10_OCTETS;
	last = (unsigned char)octets[n - 1];
	/* ECMA-48 5.4: parameters and intermediates, then one octet that ends it; or it is broken
	 * off by something that can be none of it. */
	return last < 0x20 || (last >= 0x40 && !(n == 2 && last == '[')) || last > 0x7e;
}

static struct input press_at(int button, int column, int row)
{
	struct input in = {.key = PRESS_NONE, .row = row - 1, .column = column - 1};

	switch (button & ~BUTTON_KEYS) {
	case BUTTON_LEFT: in.key = PRESS_CLICK; break;
	case BUTTON_LEFT | BUTTON_MOVED: in.key = PRESS_DRAG; break;
	/* X10's words do not tell which button it was. */
	case BUTTON_RELEASED: in.key = PRESS_DROP; break;
	case WHEEL_UP: in.key = PRESS_WHEEL_UP; break;
	case WHEEL_DOWN: in.key = PRESS_WHEEL_DOWN; break;
	default: break; /* other buttons */
	}
	return in;
}

/* SGR's words: an `m` at the end lets the button go. */
static struct input press_of_sgr(int button, int column, int row, char last)
{
	struct input nothing = {.key = PRESS_NONE};

	if (last != 'm')
		return press_at(button, column, row);
	if ((button & ~BUTTON_KEYS) != BUTTON_LEFT)
		return nothing;
	return press_at(BUTTON_RELEASED, column, row);
}

/* Up to three numbers with semicolons between them. */
static int read_numbers(const char *octets, size_t n, int number[3])
{
	int count = 0;
	size_t i = 0;

	while (count < 3) {
		int value = 0, digits = 0;

		for (; i < n && octets[i] >= '0' && octets[i] <= '9' && digits < 6; i++, digits++)
			value = value * 10 + (octets[i] - '0');
		if (digits == 0)
			return count;
		number[count++] = value;
		if (i >= n || octets[i] != ';')
			break;
		i++;
	}
	return i + 1 == n ? count : 0;
}

struct input sequence_input(const char *octets, size_t n)
{
	struct input nothing = {.key = PRESS_NONE};
	int number[3];

	if (n == X10_OCTETS && octets[0] == '[' && octets[1] == 'M')
		return press_at((unsigned char)octets[2] - X10_OFFSET,
				(unsigned char)octets[3] - X10_OFFSET,
				(unsigned char)octets[4] - X10_OFFSET);
	if (n > 3 && octets[0] == '[' && octets[1] == '<' &&
	    (octets[n - 1] == 'M' || octets[n - 1] == 'm') &&
	    read_numbers(octets + 2, n - 2, number) == 3)
		return press_of_sgr(number[0], number[1], number[2], octets[n - 1]);
	return nothing;
}
