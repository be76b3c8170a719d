/* SPDX-License-Identifier: MIT */
/*
 * cards.c FOLDER - the stage asks what comes next: questions, hints, verdicts and the score at
 * three sizes in all languages, compared with the files in FOLDER (golden.h).
 */
#include "golden.h"

#include <stdio.h>
#include <stage/session.h>
#include "fixture.h"

static const struct {
	int rows, columns;
} sizes[] = {{12, 40}, {24, 80}, {40, 120}};

static const struct {
	const char *name;
	enum lang lang;
} langs[] = {{"en", LANG_EN}, {"zh", LANG_ZH}, {"zh+en", LANG_BOTH}};

static void press(struct session *s, const char *keys)
{
	for (; *keys; keys++)
		session_input(s, &(struct input){.key = *keys == '\n' ? PRESS_ENTER
								      : (unsigned char)*keys});
}

/* On to a question with choices, or to one that is typed; others are passed over. */
static void find_question(struct session *s, bool has_choices)
{
	for (int i = 0; i < 100; i++) {
		press(s, ".");
		if (s->player.overlay == OVERLAY_PREDICT && s->predict.phase == PREDICT_ASKS &&
		    (s->predict.question.choices > 0) == has_choices)
			return;
	}
}

static void draw_card(struct sink *out, struct session *s, struct canvas *c, const char *what)
{
	sink_printf(out, "== %s\n", what);
	session_draw(s, c);
	canvas_dump(c, out);
}

static int test_cards(const char *folder, const struct trace *t, int number, int size, int lang)
{
	struct stage_options o = {
		.lang = langs[lang].lang, .tell = fixture_tell, .is_predicting = true};
	struct sink name = {0}, picture = {0};
	struct session s;
	struct canvas c;
	bool is_good;

	session_init(&s, t, "first-wave.scene", &o);
	canvas_init(&c, sizes[size].rows, sizes[size].columns, false);
	find_question(&s, true);
	draw_card(&picture, &s, &c, "choices");
	press(&s, s.predict.question.right == 0 ? "2" : "1");
	draw_card(&picture, &s, &c, "a wrong choice");
	press(&s, " ");
	find_question(&s, false);
	press(&s, "99\n1");
	draw_card(&picture, &s, &c, "a wrong number, and another on its way");
	press(&s, "\n");
	draw_card(&picture, &s, &c, "that one");
	press(&s, " Gq");
	draw_card(&picture, &s, &c, "the score");
	sink_printf(&name, "card-%dx%d-%s", sizes[size].columns, sizes[size].rows,
		    langs[lang].name);
	is_good = golden(folder, name.at, number, &picture);
	canvas_fini(&c);
	session_fini(&s);
	sink_fini(&name);
	sink_fini(&picture);
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct trace *wave = fixture_first_wave();
	int number = 0, failed = 0;

	if (argc != 2)
		return 2;
	for (int size = 0; size < 3; size++) {
		for (int lang = 0; lang < 3; lang++)
			failed += test_cards(argv[1], wave, ++number, size, lang);
	}
	printf("1..%d\n", number);
	trace_free(wave);
	return failed > 0 ? 1 : 0;
}
