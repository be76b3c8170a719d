/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include "stage/probe.h"

#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <woshou/seq.h>

enum { PROBE_US = 100000, LETTERS = 2 };

static usec now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (usec)t.tv_sec * USEC_PER_S + t.tv_nsec / 1000;
}

static bool is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The C locale and an unknown one say nothing about the terminal: then C.UTF-8 is tried, and the
 * probe has the last word. One with another character set says enough. */
static bool choose_locale(void)
{
	const char *set;

	if (setlocale(LC_CTYPE, "")) {
		set = nl_langinfo(CODESET);
		if (strcmp(set, "ANSI_X3.4-1968") != 0 && strcmp(set, "US-ASCII") != 0)
			return is_utf8();
	}
	return setlocale(LC_CTYPE, "C.UTF-8") && is_utf8();
}

int probe_take_answer(char *octets, size_t *n)
{
	for (size_t i = 0; i + 5 < *n + 1; i++) {
		int row, column, length = 0;

		if (octets[i] == '\033' &&
		    sscanf(octets + i, "\033[%4d;%4dR%n", &row, &column, &length) == 2 &&
		    length > 0) {
			memmove(octets + i, octets + i + length, *n - i - (size_t)length + 1);
			*n -= (size_t)length;
			return column;
		}
	}
	return 0;
}

/* What else comes while the terminal thinks about it was typed, and is kept for later. */
static int read_cursor_column(struct probe *p)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	usec end = now() + PROBE_US;
	int column = 0;

	while (column == 0 && p->typed_count + 1 < sizeof p->typed && now() < end &&
	       poll(&in, 1, (int)((end - now()) / 1000) + 1) > 0) {
		if (read(STDIN_FILENO, p->typed + p->typed_count, 1) != 1)
			break;
		p->typed[++p->typed_count] = '\0';
		if (p->typed[p->typed_count - 1] == 'R')
			column = probe_take_answer(p->typed, &p->typed_count);
	}
	return column;
}

/* How many columns the terminal gives an arrow whose width Unicode leaves open; 3 and more if it
 * knows no UTF-8. 0: it will not say. Of the arrow's octets two are control characters to a
 * terminal of Latin-1, and take no columns; of the two letters before it none is. */
static int ask_width(struct probe *p)
{
	static const char question[] = "\r\xc3\xa9\xc3\xa9\xe2\x86\x92\033[6n";
	struct termios before, raw;
	int column;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return 0;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0)
		return 0;
	column =
		write(STDOUT_FILENO, question, sizeof question - 1) > 0 ? read_cursor_column(p) : 0;
	/* What was printed goes away again. */
	if (write(STDOUT_FILENO, "\r          \r", 12) < 0)
		column = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return column > LETTERS + 1 ? column - LETTERS - 1 : 0;
}

static bool name_begins(const char *name, const char *const *with)
{
	for (; *with; with++) {
		if (strncmp(name, *with, strlen(*with)) == 0)
			return true;
	}
	return false;
}

void probe_terminal(struct probe *p)
{
	/* Terminals that have no Braille and no arrows, whatever the locale says. */
	static const char *const plain[] = {"vt", "dumb", "linux", "ansi", "cons", NULL};
	/* And those that would print the question instead of answering it. */
	static const char *const mute[] = {"dumb", "vt52", NULL};
	const char *name = getenv("TERM");
	const char *width = getenv("WOSHOU_AMBIGUOUS");
	int columns;

	p->is_bare = !choose_locale();
	p->typed_count = 0;
	p->is_ascii = p->is_bare || !name || name_begins(name, plain);
	if (width && (width[0] == '1' || width[0] == '2')) {
		p->is_ascii = p->is_ascii || width[0] == '2';
		return;
	}
	if (!name || name_begins(name, mute) || p->is_bare)
		return;
	columns = ask_width(p);
	if (columns >= 2)
		p->is_ascii = true;
	if (columns >= 3)
		p->is_bare = true;
}
