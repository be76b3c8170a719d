/* SPDX-License-Identifier: MIT */
#include <app/quiz.h>

bool quiz_may_score(const struct request *r)
{
	const char *to = r->value[OPT_SCORE];

	if (to == NULL || !is_one_file(to, r->files.at[0]))
		return true;
	complain("--score %s would overwrite what is read", to);
	return false;
}

bool quiz_write(const struct request *r, const struct shown *s, const struct score *score,
		enum lang lang)
{
	struct score_play play = {.scene = s->play.name,
				  .variant = s->variant ? s->variant : "",
				  .seed = trace_seed(s->trace),
				  .lang = lang};
	struct sink out = {0};
	bool is_good;

	if (!r->given[OPT_SCORE])
		return true;
	score_json(&out, score, &play);
	is_good = output_write(r->value[OPT_SCORE], &out);
	sink_fini(&out);
	return is_good;
}
