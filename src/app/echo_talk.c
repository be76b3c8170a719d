/* SPDX-License-Identifier: MIT */
/* echo_talk.c - what our server and our client tell, and the one line that says what is watched. */
#include <app/echo.h>
#include <base/harmless.h>
#include <live/capture.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void see_act(void *user, const struct act *a)
{
	struct echo *e = user;
	const struct act_watcher *w;

	if (e->observer == NULL) {
		if (e->early_count < ECHO_EARLY_MAX && a->size == 0)
			e->early[e->early_count++] = *a;
		return;
	}
	w = observer_acts(e->observer);
	w->see(w->user, a);
}

static void note(struct echo *e, const char *en, const char *zh)
{
	sink_clear(&e->said);
	sink_puts(&e->said, in_lang(e->lang, en, zh));
	e->version++;
	if (e->plain != NULL)
		plain_line(e->plain, e->said.at);
	else if (e->request->given[OPT_QUIET])
		complain("%s", e->said.at);
}

static void see_notice(void *user, const char *en, const char *zh)
{
	note(user, en, zh);
}

static void put_echo(struct echo *e, const char *mark, const void *octets, size_t n, usec rtt)
{
	struct sink line = {0};
	const char *text = octets;

	sink_printf(&line, "%s ", mark);
	/* The line's own end ends the line. */
	put_harmless(&line, text, n > 0 && text[n - 1] == '\n' ? n - 1 : n);
	if (rtt >= 0)
		sink_printf(&line, "   %lld.%03d ms", (long long)(rtt / USEC_PER_MS),
			    (int)(rtt % USEC_PER_MS));
	if (e->plain != NULL) {
		plain_line(e->plain, line.at);
	} else if (e->request->given[OPT_QUIET]) {
		sink_putc(&line, '\n');
		output_text(&line);
	} else {
		sink_clear(&e->said);
		sink_puts(&e->said, line.at);
		e->version++;
	}
	sink_fini(&line);
}

static void see_echo(void *user, const void *octets, size_t n, usec rtt)
{
	put_echo(user, "<", octets, n, rtt);
}

static void see_strange(void *user, const void *octets, size_t n)
{
	struct echo *e = user;

	e->is_broken = true;
	put_echo(e, in_lang(e->lang, "< not an echo:", "< 不是回声："), octets, n, -1);
}

static void see_ended(void *user, enum sock_error error)
{
	struct echo *e = user;
	char line[160];

	e->version++;
	if (error == SOCK_OK)
		return;
	e->is_broken = true;
	snprintf(line, sizeof line, "%s: %s", sock_error_name(error), sock_error_text(error));
	note(e, line, line);
}

void echo_serve_watcher(struct echo *e, struct serve_watcher *w)
{
	*w = (struct serve_watcher){.acts = {e, see_act}, .user = e, .notice = see_notice};
}

void echo_call_watcher(struct echo *e, struct call_watcher *w)
{
	*w = (struct call_watcher){.acts = {e, see_act},
				   .user = e,
				   .echoed = see_echo,
				   .strange = see_strange,
				   .ended = see_ended};
}

/* ---- for people's eyes ------------------------------------------------------------------------
 */

void echo_put_flow(struct sink *out, const struct flow *f)
{
	capture_put_end(out, &f->end[0]);
	sink_puts(out, " -> ");
	capture_put_end(out, &f->end[1]);
}

static void put_listener(const struct echo *e, enum lang lang, struct sink *out)
{
	uint32_t waiting, backlog;

	if (e->observer == NULL || !observer_listener(e->observer, &waiting, &backlog))
		return;
	sink_printf(out, in_lang(lang, ", %u of %u wait to be accepted", "，等待 accept：%u/%u"),
		    waiting, backlog);
}

bool echo_status(const struct echo *e, enum lang lang, struct sink *out)
{
	struct observer_lack lack = {0};

	capture_put_end(out, &e->at);
	if (e->serve != NULL)
		sink_puts(out, in_lang(lang, " listens", " 在听"));
	put_listener(e, lang, out);
	if (e->said.count > 0)
		sink_printf(out, " | %s", e->said.at);
	if (e->observer != NULL)
		observer_lack(e->observer, &lack);
	if (lack.no_capture || lack.no_states)
		sink_printf(out, " | %s", in_lang(lang, lack.why[0], lack.why[1]));
	return lack.no_capture || lack.no_states;
}
