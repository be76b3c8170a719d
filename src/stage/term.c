/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE          700
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR       1
#include "stage/term.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <base/assert.h>
#include <base/utf8.h>
#include <ncurses.h>

enum { PROBE_MS = 100, ESCAPE_MS = 25 };

static struct {
	SCREEN *screen;
	bool is_open, has_hook;
	bool is_ascii; /* glyphs */
	bool is_bare;  /* nothing but ASCII may be sent at all */
	enum theme theme;
} term;

static volatile sig_atomic_t leaving; /* the signal that asks to end */

/* ---- what the terminal can show -------------------------------------------------------------- */

static bool is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The C locale and an unknown one say nothing about the terminal: then C.UTF-8 is tried, and the
 * probe has the last word. */
static bool choose_locale(void)
{
	if (setlocale(LC_CTYPE, "") && is_utf8())
		return true;
	return setlocale(LC_CTYPE, "C.UTF-8") && is_utf8();
}

/* Waits for "ESC [ row ; column R". The column, or 0. */
static int read_cursor_column(void)
{
	char answer[64];
	size_t n = 0;
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

	while (n + 1 < sizeof answer && poll(&in, 1, PROBE_MS) > 0) {
		if (read(STDIN_FILENO, answer + n, 1) != 1)
			break;
		n++;
		if (answer[n - 1] == 'R')
			break;
	}
	answer[n] = '\0';
	for (char *at = answer; (at = strchr(at, '\033')) != NULL; at++) {
		int row, column;

		if (sscanf(at, "\033[%d;%dR", &row, &column) == 2)
			return column;
	}
	return 0;
}

/* How many columns the terminal gives an arrow whose width Unicode leaves open. 0: it will not say.
 */
static int probe_width(void)
{
	static const char question[] = "\r\xe2\x86\x92\033[6n";
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
	column = write(STDOUT_FILENO, question, sizeof question - 1) > 0 ? read_cursor_column() : 0;
	/* What was printed goes away again. */
	if (write(STDOUT_FILENO, "\r    \r", 6) < 0)
		column = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return column > 0 ? column - 1 : 0;
}

static bool name_begins(const char *name, const char *const *with)
{
	for (; *with; with++) {
		if (strncmp(name, *with, strlen(*with)) == 0)
			return true;
	}
	return false;
}

static void choose_glyphs(const struct term_options *o)
{
	/* Terminals that have no Braille and no arrows, whatever the locale says. */
	static const char *const plain[] = {"vt", "dumb", "linux", "ansi", "cons", NULL};
	/* And those that would print the question instead of answering it. */
	static const char *const mute[] = {"dumb", "vt52", NULL};
	const char *name = getenv("TERM");
	const char *width = getenv("WOSHOU_AMBIGUOUS");
	int columns;

	term.is_bare = !choose_locale();
	term.is_ascii = o->is_ascii || term.is_bare || !name || name_begins(name, plain);
	if (width && (width[0] == '1' || width[0] == '2')) {
		term.is_ascii = term.is_ascii || width[0] == '2';
		return;
	}
	if (!name || name_begins(name, mute) || term.is_bare)
		return;
	columns = probe_width();
	if (columns >= 2)
		term.is_ascii = true;
	/* Three octets, three columns: it knows no UTF-8. */
	if (columns >= 3)
		term.is_bare = true;
}

/* "15;0": the last number is the background. */
static bool is_light(void)
{
	const char *colours = getenv("COLORFGBG");
	const char *last = colours ? strrchr(colours, ';') : NULL;

	return last && (strcmp(last, ";7") == 0 || strcmp(last, ";15") == 0);
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
	for (int i = 0; has_colours && i < ROLE_COUNT; i++)
		init_pair((short)(i + 1), theme_style(term.theme, (enum role)i).colour, -1);
}

/* ---- open and close -------------------------------------------------------------------------- */

static void leave(int signal)
{
	leaving = signal;
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = leave};
	static const int ours[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		sigaction(ours[i], &action, NULL);
}

static bool can_place_cursor(void)
{
	char *cup = tigetstr("cup");

	return cup && cup != (char *)-1;
}

static void be_silent(void)
{
	noecho();
	cbreak();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
}

enum term_answer term_open(const struct term_options *o)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return TERM_NONE;
	/* Before the terminal's modes are touched the first time: the question of its width. */
	catch_signals();
	choose_glyphs(o);
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen)
		return TERM_UNFIT;
	set_term(term.screen);
	term.is_open = true;
	if (!can_place_cursor()) {
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
	if (o->has_mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
		mouseinterval(0);
	}
	return TERM_OK;
}

void term_close(void)
{
	if (!term.is_open)
		return;
	term.is_open = false;
	endwin();
	delscreen(term.screen);
	term.screen = NULL;
}

void term_raise_again(void)
{
	int signal_asked = leaving;

	if (signal_asked == 0)
		return;
	term_close();
	signal(signal_asked, SIG_DFL);
	raise(signal_asked);
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

void term_draw(const struct canvas *c)
{
	int rows, columns;

	term_size(&rows, &columns);
	if (rows > c->rows || columns > c->columns)
		erase();
	for (int row = 0; row < c->rows && row < rows; row++) {
		for (int column = 0; column < c->columns && column < columns; column++) {
			const struct cell *cell = canvas_at(c, row, column);

			if (cell->width > 0)
				put_cell(row, column, cell);
		}
	}
	refresh();
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

static void read_mouse(struct input *in)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return;
	in->row = event.y;
	in->column = event.x;
	if (event.bstate & BUTTON4_PRESSED)
		in->key = PRESS_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		in->key = PRESS_WHEEL_DOWN;
	else if (event.bstate & BUTTON1_PRESSED)
		in->key = PRESS_CLICK;
}

static bool read_waiting(struct input *in)
{
	wint_t key;
	int kind = get_wch(&key);

	if (kind == ERR)
		return false;
	if (kind == KEY_CODE_YES && key == KEY_MOUSE)
		read_mouse(in);
	else
		in->key = kind == KEY_CODE_YES ? press_of(key) : press_of_letter(key);
	if (in->key == PRESS_RESIZED)
		clearok(curscr, TRUE);
	return true;
}

/* ncurses may hold keys that poll() does not see: it is asked first, and again after each wait, for
 * a signal ends the wait too. */
bool term_read(int timeout_ms, struct input *in)
{
	struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};

	*in = (struct input){.key = PRESS_NONE};
	if (leaving == 0 && read_waiting(in))
		return true;
	if (leaving == 0 && poll(&wait, 1, timeout_ms) < 0 && errno != EINTR)
		leaving = SIGHUP;
	/* The terminal is gone: nobody will ever press a key again. */
	if (wait.revents & (POLLHUP | POLLERR | POLLNVAL))
		leaving = SIGHUP;
	if (leaving != 0) {
		in->key = PRESS_LEAVE;
		return true;
	}
	return read_waiting(in);
}

usec term_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (usec)now.tv_sec * USEC_PER_S + now.tv_nsec / 1000;
}
