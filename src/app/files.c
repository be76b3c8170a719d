/* SPDX-License-Identifier: MIT */
/* files.c - files in and out, and words to the user. Nothing from a file drives the terminal. */
#include <app/app.h>
#include <base/utf8.h>
#include <dirent.h>
#include <errno.h>
#include <live/capture.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A scene or a trace is never so large; captures may be. */
enum { INPUT_MAX_MIB = 256, CAPTURE_MAX_MIB = 8192 };

void put_visibly(struct sink *out, const char *text, size_t n)
{
	while (n > 0) {
		uint32_t cp;
		size_t taken = utf8_next(text, n, &cp);
		bool is_broken = cp == 0xfffd && taken == 1;

		bool is_line_end = cp == '\n' || (cp == '\r' && n > 1 && text[1] == '\n');

		if (is_line_end || cp == '\t')
			sink_putc(out, (char)cp);
		else if (is_broken || (cp_is_control(cp) && cp < 0x100))
			sink_printf(out, "\\x%02x", is_broken ? (unsigned char)*text : cp);
		else if (cp_is_control(cp))
			sink_printf(out, "\\u%04x", cp);
		else
			sink_put(out, text, taken);
		text += taken;
		n -= taken;
	}
}

static void tell_user(const struct sink *text)
{
	struct sink harmless = {0};

	put_visibly(&harmless, text->at, text->count);
	fflush(stdout); /* so that both streams keep their order on a terminal */
	fwrite(harmless.at, 1, harmless.count, stderr);
	sink_fini(&harmless);
}

void complain(const char *format, ...)
{
	struct sink text = {0};
	char line[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	sink_printf(&text, "woshou: %s\n", line);
	tell_user(&text);
	sink_fini(&text);
}

void complain_all(const struct diags *d)
{
	struct sink text = {0};

	diag_print(d, &text);
	if (text.count > 0)
		tell_user(&text);
	sink_fini(&text);
}

/* Who mistypes a name is told the nearest one in that folder. */
static void complain_missing(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *last = slash != NULL ? slash + 1 : name;
	char *folder =
		slash != NULL ? xstrndup(name, (size_t)(slash - name) + 1) : xstrndup(".", 1);
	ARRAY(const char *) names = {0};
	DIR *dir = opendir(folder);
	const char *near = NULL;

	if (dir != NULL) {
		for (struct dirent *e; (e = readdir(dir)) != NULL;)
			*array_push(&names) = xstrndup(e->d_name, strlen(e->d_name));
		closedir(dir);
		*array_push(&names) = NULL;
		near = nearest_word(last, names.at);
	}
	if (near != NULL)
		complain("%s: no such file; did you mean %.*s%s?", name, (int)(last - name), name,
			 near);
	else
		complain("%s: no such file", name);
	for (size_t i = 0; i < names.count; i++)
		free((char *)names.at[i]);
	array_fini(&names);
	free(folder);
}

enum reading { READING_DONE, READING_TOO_LARGE, READING_FAILED };

static size_t most_of(const struct sink *s)
{
	bool is_capture = capture_is(s->at, s->count);

	return (size_t)(is_capture ? CAPTURE_MAX_MIB : INPUT_MAX_MIB) << 20;
}

static enum reading read_all(FILE *in, struct sink *out)
{
	char chunk[65536];
	size_t n;

	while ((n = fread(chunk, 1, sizeof chunk, in)) > 0) {
		sink_put(out, chunk, n);
		if (out->count > most_of(out))
			return READING_TOO_LARGE;
	}
	sink_put(out, "", 0); /* an empty file, too, is a string */
	return ferror(in) ? READING_FAILED : READING_DONE;
}

bool input_read(const char *name, struct sink *out)
{
	bool is_stdin = strcmp(name, "-") == 0;
	FILE *in = is_stdin ? stdin : fopen(name, "rb");
	enum reading reading;

	if (in == NULL && errno == ENOENT) {
		complain_missing(name);
		return false;
	}
	if (in == NULL) {
		complain("%s: %s", name, strerror(errno));
		return false;
	}
	reading = read_all(in, out);
	if (reading == READING_TOO_LARGE)
		complain("%s: larger than %zu MiB", name, most_of(out) >> 20);
	else if (reading == READING_FAILED)
		complain("%s: %s", name, strerror(errno));
	if (!is_stdin)
		fclose(in);
	return reading == READING_DONE;
}

bool input_peek(const char *name, struct sink *out)
{
	struct stat st;
	enum reading reading;
	FILE *in;

	if (stat(name, &st) != 0 || !S_ISREG(st.st_mode) || (in = fopen(name, "rb")) == NULL)
		return false;
	reading = read_all(in, out);
	fclose(in);
	return reading == READING_DONE;
}

bool is_one_file(const char *a, const char *b)
{
	struct stat of_a, of_b;

	return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && S_ISREG(of_a.st_mode) &&
	       of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}
