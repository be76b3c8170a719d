/* SPDX-License-Identifier: MIT */
/* cmd_diff.c - where two runs part: of two files, or of one played in two ways. */
#include <app/play.h>
#include <export/diff.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { CONTEXT_USUAL = 3, WIDTH_MOST = 1000 };

/* ---- the call -------------------------------------------------------------------------------- */

/* "time,isn". */
static bool take_ignored(const char *text, unsigned *ignored)
{
	static const struct {
		const char *name;
		enum ignore bit;
	} all[] = {{"time", IGNORE_TIME},
		   {"isn", IGNORE_ISN},
		   {"fields", IGNORE_FIELDS},
		   {"rules", IGNORE_RULES}};

	*ignored = 0;
	while (text != NULL) {
		size_t n = strcspn(text, ","), i = 0;

		while (i < sizeof all / sizeof all[0] &&
		       (strlen(all[i].name) != n || strncmp(all[i].name, text, n) != 0))
			i++;
		if (i == sizeof all / sizeof all[0]) {
			complain("--ignore takes time, isn, fields, rules, with commas between, "
				 "not '%.*s'",
				 (int)n, text);
			return false;
		}
		*ignored |= all[i].bit;
		text = text[n] == ',' ? text + n + 1 : NULL;
	}
	return true;
}

/* What the second run is asked to be: as the first, but for the options that end in -b. */
static void make_second(const struct request *r, struct request *b)
{
	static const struct {
		enum opt of_b, of_both;
	} own[] = {
		{OPT_SEED_B, OPT_SEED}, {OPT_PROFILE_B, OPT_PROFILE}, {OPT_VARIANT_B, OPT_VARIANT}};

	*b = *r;
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		if (!r->given[own[i].of_b])
			continue;
		b->given[own[i].of_both] = true;
		b->value[own[i].of_both] = r->value[own[i].of_b];
		b->number[own[i].of_both] = r->number[own[i].of_b];
	}
	memset(&b->settings, 0, sizeof b->settings);
	for (size_t i = 0; i < r->settings.count; i++)
		*array_push(&b->settings) = r->settings.at[i];
	for (size_t i = 0; i < r->settings_b.count; i++)
		*array_push(&b->settings) = r->settings_b.at[i];
}

static bool check_files(const struct request *r)
{
	const char *first = r->files.at[0], *second = r->files.at[r->files.count - 1];
	bool is_other = r->given[OPT_SEED_B] || r->given[OPT_PROFILE_B] || r->given[OPT_SET_B] ||
			r->given[OPT_VARIANT_B];

	if (r->files.count == 1 && !is_other) {
		complain("diff takes two files; or one, and what is other in its second run: "
			 "--variant-b, --seed-b, --profile-b, --set-b");
		return false;
	}
	if (strcmp(first, "-") == 0 && strcmp(second, "-") == 0) {
		complain("standard input can be read only once");
		return false;
	}
	return true;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static int width_of_terminal(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 0;
}

static bool wants_colour(const struct request *r)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !r->given[OPT_NO_COLOR] &&
	       (no_colour == NULL || no_colour[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static bool take_options(const struct request *r, struct diff_options *o)
{
	*o = (struct diff_options){
		.lang = r->lang,
		.columns = width_of_terminal(),
		.has_colour = wants_colour(r),
		.is_full = r->given[OPT_FULL],
		.context = r->given[OPT_CONTEXT] ? (size_t)r->number[OPT_CONTEXT] : CONTEXT_USUAL,
	};
	if (!r->given[OPT_WIDTH])
		return true;
	if (r->number[OPT_WIDTH] < DIFF_COLUMNS_LEAST || r->number[OPT_WIDTH] > WIDTH_MOST) {
		complain("--width takes %d to %d columns, not '%s'", DIFF_COLUMNS_LEAST, WIDTH_MOST,
			 r->value[OPT_WIDTH]);
		return false;
	}
	o->columns = (int)r->number[OPT_WIDTH];
	return true;
}

/* Everything in it was made harmless where it was written: the colours may pass. */
static int tell(const struct request *r, const struct shown *a, const struct shown *b,
		const struct comparison *c, struct diff_options *o)
{
	struct diff d = {.a = a->trace, .b = b->trace, .found = c};
	struct sink out = {0};
	bool is_good;

	o->name[0] = a->title;
	o->name[1] = b->title;
	if (r->given[OPT_JSON])
		diff_json(&d, o, &out);
	else
		diff_text(&d, o, &out);
	is_good = output_write(NULL, &out);
	sink_fini(&out);
	if (!is_good)
		return STATUS_LACKING;
	return c->first.differs ? STATUS_BROKEN : STATUS_HELD;
}

static int compare(const struct request *r, const struct request *of_b, struct diff_options *o,
		   unsigned ignored)
{
	struct shown a, b = {0};
	struct comparison c;
	int status = shown_open(&a, r->files.at[0], r, false);

	if (status == STATUS_HELD)
		status = shown_open(&b, r->files.at[r->files.count - 1], of_b, false);
	if (status == STATUS_HELD) {
		comparison_init(&c, a.trace, b.trace, ignored);
		status = tell(r, &a, &b, &c, o);
		comparison_fini(&c);
	}
	shown_close(&a);
	shown_close(&b);
	return status;
}

int cmd_diff(const struct request *r)
{
	struct diff_options options;
	struct request of_b;
	unsigned ignored;
	int status;

	if (!check_files(r) || !take_options(r, &options) ||
	    !take_ignored(r->value[OPT_IGNORE], &ignored))
		return STATUS_WRONG;
	make_second(r, &of_b);
	status = compare(r, &of_b, &options, ignored);
	array_fini(&of_b.settings);
	return status;
}
