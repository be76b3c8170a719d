/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE          700
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR       1
#include "stage/term.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <sys/ioctl.h>
#include <base/assert.h>
#include <base/utf8.h>
#include <ncurses.h>
#include "stage/probe.h"
#include "stage/sequence.h"
#include "stage/signals.h"

enum { ESCAPE_MS = 25 };

static struct {
	SCREEN *screen;
	bool is_open, has_hook;
	bool is_ascii;  /* glyphs */
	bool is_bare;   /* nothing but ASCII may be sent at all */
	bool has_mouse; /* it tells us */
	enum theme theme;
	struct canvas shown; /* what it shows; no cells: nobody knows */
	int idle_reads;      /* in a row: there was something to read, and then there was not */
} term;

/* ---- what the terminal can show -------------------------------------------------------------- */

/* "15;0": the last number is the background. */
static bool is_light(void)
{
	const char *colours = getenv("COLORFGBG");
	const char *last = colours ? strrchr(colours, ';') : NULL;

	return last && (strcmp(last, ";7") == 0 || strcmp(last, ";15") == 0);
}

/* The palette of 256, for terminals that take red, green and blue: a cube of 6, then greys. */
static int direct_colour(int colour)
{
	static const int steps[] = {0, 95, 135, 175, 215, 255};
	int grey = 8 + 10 * (colour - 232);

	if (colour < 16)
		return colour; /* the terminal's own, below 8; the theme has no others */
	if (colour >= 232)
		return grey << 16 | grey << 8 | grey;
	colour -= 16;
	return steps[colour / 36] << 16 | steps[colour / 6 % 6] << 8 | steps[colour % 6];
}

static void choose_theme(enum theme asked)
{
	bool has_colours = asked != THEME_MONO && has_colors() && start_color() == OK &&
			   use_default_colors() == OK;

	if (!has_colours)
		term.theme = THEME_MONO;
	else if (COLORS < 256)
		term.theme = THEME_EIGHT;
	else if (asked == THEME_AUTO)
		term.theme = is_light() ? THEME_LIGHT : THEME_DARK;
	else
		term.theme = asked;
	for (int i = 0; has_colours && i < ROLE_COUNT; i++) {
		int colour = theme_style(term.theme, (enum role)i).colour;

		if (tigetflag("RGB") > 0)
			init_extended_pair(i + 1, direct_colour(colour), -1);
		else
			init_pair((short)(i + 1), (short)colour, -1);
	}
}

/* ---- open and close -------------------------------------------------------------------------- */

static bool has_string(const char *name)
{
	const char *value = tigetstr(name);

	return value && value != (char *)-1;
}

/* A cursor that can be placed, and a way to show what is selected. */
static bool can_show(void)
{
	return has_string("cup") && has_string("ed") && (has_string("rev") || has_string("smso"));
}

/* Padding, "$<5/>", is for printers of the seventies; a dying program has no time for it. */
static void put_plain(struct sink *out, const char *value)
{
	while (*value) {
		const char *end = strncmp(value, "$<", 2) == 0 ? strchr(value, '>') : NULL;

		if (end)
			value = end + 1;
		else
			sink_putc(out, *value++);
	}
}

/* What a signal handler writes when the program dies: no attribute, no mouse, the keys and the
 * cursor as they were, the other screen. */
static void prepare_farewell(void)
{
	static const char *const parts[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup", NULL};
	struct sink farewell = {0};

	sink_puts(&farewell, "");
	if (has_string("kmous"))
		sink_puts(&farewell, "\033[?1000l\033[?1002l\033[?1003l\033[?1006l");
	for (int i = 0; parts[i]; i++) {
		if (has_string(parts[i]))
			put_plain(&farewell, tigetstr(parts[i]));
	}
	if (!has_string("rmcup"))
		sink_puts(&farewell, "\r\n");
	signals_set_farewell(farewell.at, farewell.count);
	sink_fini(&farewell);
}

static void be_silent(void)
{
	noecho();
	cbreak();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	keyok(KEY_MOUSE, FALSE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
}

enum term_answer term_open(const struct term_options *o)
{
	struct probe probe;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return TERM_NONE;
	/* Before the terminal's modes are touched the first time: the question of its width. */
	signals_catch();
	probe_terminal(&probe);
	term.is_bare = probe.is_bare;
	term.is_ascii = probe.is_ascii || o->is_ascii;
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen) {
		signals_release();
		return TERM_UNFIT;
	}
	set_term(term.screen);
	term.is_open = true;
	prepare_farewell();
	if (!can_show()) {
		term_close();
		return TERM_UNFIT;
	}
	if (!term.has_hook) {
		panic_set_hook(term_close);
		atexit(term_close);
		term.has_hook = true;
	}
	be_silent();
	choose_theme(o->theme);
	term_set_mouse(o->has_mouse);
	while (probe.typed_count > 0)
		ungetch((unsigned char)probe.typed[--probe.typed_count]);
	return TERM_OK;
}

/* ncurses' own way waits for the next key when a button is let go. So the terminal is asked here,
 * to tell what is pressed, and how the mouse moves meanwhile when it can tell that, in SGR's words
 * when it knows them: there no column is too far to the right. */
static void ask_for_mouse(bool is_on)
{
	static const char on[] = "\033[?1000h\033[?1002h\033[?1006h",
			  off[] = "\033[?1006l\033[?1002l\033[?1000l";

	if (!has_string("kmous"))
		return;
	fputs(is_on ? on : off, stdout);
	fflush(stdout);
}

void term_set_mouse(bool is_on)
{
	if (is_on != term.has_mouse)
		ask_for_mouse(is_on);
	term.has_mouse = is_on;
}

/* The picture stays on a terminal that has but one screen; the line below is the shell's. */
static void leave_room(void)
{
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
}

void term_close(void)
{
	if (!term.is_open)
		return;
	term.is_open = false;
	term_set_mouse(false);
	if (!has_string("rmcup"))
		leave_room();
	endwin();
	delscreen(term.screen);
	term.screen = NULL;
	canvas_fini(&term.shown);
	signals_release();
}

void term_raise_again(void)
{
	term_close();
	signals_raise_again();
}

/* ---- drawing --------------------------------------------------------------------------------- */

void term_size(int *rows, int *columns)
{
	getmaxyx(stdscr, *rows, *columns);
}

bool term_is_ascii(void)
{
	return term.is_ascii;
}

bool term_has_chinese(void)
{
	return !term.is_bare;
}

static attr_t attrs_of(unsigned attrs)
{
	return (attrs & ATTR_BOLD ? A_BOLD : 0) | (attrs & ATTR_UNDERLINE ? A_UNDERLINE : 0) |
	       (attrs & ATTR_REVERSE ? A_REVERSE : 0) | (attrs & ATTR_DIM ? A_DIM : 0);
}

static void put_cell(int row, int column, const struct cell *cell)
{
	struct style style = theme_style(term.theme, (enum role)cell->role);
	short pair = term.theme == THEME_MONO ? 0 : (short)(cell->role + 1);
	wchar_t letters[CCHARW_MAX + 1] = {0};
	size_t left = cell->octets, at = 0;
	cchar_t shown;

	for (int i = 0; i < CCHARW_MAX && left > 0; i++) {
		uint32_t code;
		size_t taken = utf8_next(cell->text + at, left, &code);

		letters[i] = (wchar_t)(term.is_bare && code >= 0x80 ? '?' : code);
		at += taken;
		left -= taken;
	}
	if (term.is_bare)
		letters[1] = 0;
	if (setcchar(&shown, letters, attrs_of(style.attrs | cell->attrs), pair, NULL) == OK)
		mvadd_wch(row, column, &shown);
	if (term.is_bare && cell->width == 2)
		mvaddch(row, column + 1, '?');
}

static bool is_shown(const struct cell *a, const struct cell *b)
{
	return a->octets == b->octets && a->width == b->width && a->role == b->role &&
	       a->attrs == b->attrs && memcmp(a->text, b->text, a->octets) == 0;
}

static void remember(const struct canvas *c)
{
	struct canvas *shown = &term.shown;

	if (!shown->cells || shown->rows != c->rows || shown->columns != c->columns) {
		canvas_fini(shown);
		canvas_init(shown, c->rows, c->columns, c->is_ascii);
	}
	memcpy(shown->cells, c->cells, (size_t)c->rows * (size_t)c->columns * sizeof c->cells[0]);
}

/* Only the cells that are not as they were. */
void term_draw(const struct canvas *c)
{
	const struct canvas *shown = &term.shown;
	bool is_known = shown->cells && shown->rows == c->rows && shown->columns == c->columns;
	int rows, columns;

	term_size(&rows, &columns);
	if (!is_known)
		erase();
	for (int row = 0; row < c->rows && row < rows; row++) {
		for (int column = 0; column < c->columns && column < columns; column++) {
			const struct cell *cell = canvas_at(c, row, column);

			if (cell->width > 0 &&
			    !(is_known && is_shown(cell, canvas_at(shown, row, column))))
				put_cell(row, column, cell);
		}
	}
	remember(c);
	refresh();
}

/* ---- asleep and awake ------------------------------------------------------------------------ */

/* Whoever had the terminal meanwhile left his own things on it, and may have changed its size
 * without our being told. */
static void wake(void)
{
	struct winsize size;

	/* Stopped by force: the other screen is still there. */
	if (!isendwin())
		endwin();
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
	    is_term_resized(size.ws_row, size.ws_col))
		resizeterm(size.ws_row, size.ws_col);
	clearok(curscr, TRUE);
	canvas_fini(&term.shown);
	ask_for_mouse(term.has_mouse);
}

/* True: it is told as a key. */
static bool heed_signals(struct input *in)
{
	if (signals_leaving() != 0) {
		in->key = PRESS_LEAVE;
		return true;
	}
	if (signals_wants_sleep()) {
		ask_for_mouse(false);
		endwin();
		signals_sleep();
	}
	if (!signals_has_woken())
		return false;
	wake();
	in->key = PRESS_RESIZED;
	return true;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static uint32_t press_of(wint_t key)
{
	switch (key) {
	case KEY_UP: return PRESS_UP;
	case KEY_DOWN: return PRESS_DOWN;
	case KEY_LEFT: return PRESS_LEFT;
	case KEY_RIGHT: return PRESS_RIGHT;
	case KEY_HOME: return PRESS_HOME;
	case KEY_END: return PRESS_END;
	case KEY_PPAGE: return PRESS_PAGE_UP;
	case KEY_NPAGE: return PRESS_PAGE_DOWN;
	case KEY_ENTER: return PRESS_ENTER;
	case KEY_BACKSPACE: return PRESS_BACKSPACE;
	case KEY_DC: return PRESS_DELETE;
	case KEY_BTAB: return PRESS_BACK_TAB;
	case KEY_F(1): return PRESS_F1;
	case KEY_RESIZE: return PRESS_RESIZED;
	default: return PRESS_NONE;
	}
}

static uint32_t press_of_letter(wint_t letter)
{
	switch (letter) {
	case '\r':
	case '\n': return PRESS_ENTER;
	case '\t': return PRESS_TAB;
	case 0x1b: return PRESS_ESCAPE;
	case 0x08:
	case 0x7f: return PRESS_BACKSPACE;
	case 0x0c: return PRESS_RESIZED; /* Ctrl-L: draw anew */
	default: return (uint32_t)letter;
	}
}

/* The next octet of a sequence: on a slow line they come one by one. */
static bool next_octet(char *out)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	wint_t octet;
	int kind = get_wch(&octet);

	if (kind == ERR && poll(&in, 1, ESCAPE_MS) > 0)
		kind = get_wch(&octet);
	*out = (char)octet;
	return kind == OK && octet < 0x100;
}

/* False: it was Escape, and nothing behind it. */
static bool read_sequence(struct input *in)
{
	char octets[SEQUENCE_MAX];
	size_t n = 0;
	wint_t first;

	if (get_wch(&first) != OK)
		return false;
	if (first != '[' && first != 'O') {
		unget_wch((wchar_t)first);
		return false;
	}
	octets[n++] = (char)first;
	while (!sequence_is_whole(octets, n) && next_octet(&octets[n]))
		n++;
	*in = sequence_input(octets, n);
	return true;
}

static bool read_waiting(struct input *in)
{
	wint_t key;
	int kind = get_wch(&key);

	if (kind == ERR)
		return false;
	if (kind == KEY_CODE_YES)
		in->key = press_of(key);
	else if (key != 0x1b || !read_sequence(in))
		in->key = press_of_letter(key);
	if (in->key == PRESS_RESIZED) {
		clearok(curscr, TRUE);
		canvas_fini(&term.shown);
	}
	return true;
}

/* ncurses may hold keys that the system does not see: it is asked first, and again after each wait,
 * for a signal ends the wait, too. */
bool term_read(int timeout_ms, int other, struct input *in)
{
	enum { IDLE_READS_MAX = 100 };
	enum wait_end end = WAIT_OVER;

	*in = (struct input){.key = PRESS_NONE};
	for (int round = 0; round < 2; round++) {
		bool has_read;

		signals_hold();
		has_read = signals_leaving() == 0 && read_waiting(in);
		if (has_read)
			term.idle_reads = 0;
		else if (round == 1)
			term.idle_reads = end == WAIT_READABLE ? term.idle_reads + 1 : 0;
		if (!has_read && round == 0)
			end = signals_wait(STDIN_FILENO, other, timeout_ms);
		signals_let_go();
		/* The terminal is gone: nobody will ever press a key again. */
		if (end == WAIT_GONE || term.idle_reads > IDLE_READS_MAX)
			signals_leave(SIGHUP);
		if (heed_signals(in) || has_read)
			return true;
	}
	if (end == WAIT_OTHER)
		in->key = PRESS_NEWS;
	return end == WAIT_OTHER;
}

usec term_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (usec)now.tv_sec * USEC_PER_S + now.tv_nsec / 1000;
}
