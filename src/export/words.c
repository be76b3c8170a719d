/* SPDX-License-Identifier: MIT */
#include "export/words.h"

#include <inttypes.h>
#include <string.h>
#include <base/assert.h>
#include <base/harmless.h>
#include <woshou/names.h>

void words_put_safe(struct sink *out, const char *text)
{
	put_harmless(out, text, strlen(text));
}

void words_put_quoted(struct sink *out, const void *octets, size_t n)
{
	const char *at = octets;

	sink_putc(out, '"');
	while (n > 0) {
		size_t plain = 0;

		while (plain < n && at[plain] != '"' && at[plain] != '\\')
			plain++;
		put_harmless(out, at, plain);
		at += plain;
		n -= plain;
		if (n > 0) {
			sink_printf(out, "\\%c", *at++);
			n--;
		}
	}
	sink_putc(out, '"');
}

void words_put_octets(struct sink *out, const struct trace *t, const struct text *text)
{
	const struct streams *s = trace_streams_of(t);
	uint8_t octets[WORDS_SHORT];
	size_t n;

	if (text->len <= WORDS_SHORT && !stream_is_synthetic(s, text)) {
		n = stream_read(s, text, 0, octets, sizeof octets);
		if (n == text->len) {
			words_put_quoted(out, octets, n);
			return;
		}
	}
	sink_printf(out, "%" PRIu32 " octet%s", text->len, text->len == 1 ? "" : "s");
}

/* Without the directories: they are the machine's, not the play's. */
void words_put_place(struct sink *out, const struct trace *t, const struct trace_place *place)
{
	const char *file = trace_file_name(t, place->file), *slash = strrchr(file, '/');

	if (place->line == 0)
		return;
	words_put_safe(out, slash ? slash + 1 : file);
	sink_printf(out, ":%" PRIu32, place->line);
	if (place->tag)
		words_put_safe(out, place->tag);
}

static void put_own_deed(struct sink *out, const struct record *r)
{
	int64_t n = r->number[0];

	switch ((enum deed)r->detail) {
	case DEED_DROP: sink_puts(out, "drop"); return;
	case DEED_CORRUPT: sink_puts(out, "corrupt"); return;
	case DEED_MARK: sink_puts(out, "mark"); return;
	case DEED_ICMP: sink_printf(out, "icmp %s", name_of(NAMES_ICMP_KIND, (unsigned)n)); return;
	case DEED_CUT: sink_puts(out, "cut"); return;
	case DEED_REORDER: sink_printf(out, "reorder past %" PRId64, n); return;
	case DEED_MTU: sink_printf(out, "mtu: %" PRId64 " octets are too many", n); return;
	case DEED_QUEUE: sink_printf(out, "queue: %" PRId64 " octets wait already", n); return;
	case DEED_DELAY: sink_puts(out, "delay by "); break;
	case DEED_DUPLICATE: sink_puts(out, "duplicate after "); break;
	case DEED_LIFETIME: sink_puts(out, "lifetime "); break;
	case DEED_COUNT: UNREACHABLE();
	}
	words_put_span(out, n);
}

static bool is_limit(enum deed deed)
{
	return deed == DEED_QUEUE || deed == DEED_MTU || deed == DEED_LIFETIME;
}

void words_put_deed(struct sink *out, const struct trace *t, const struct record *r)
{
	const char *words = trace_text_of(t, r, 0);

	/* What came of a limit says more than the limit. */
	if (words[0] == '\0' && !is_limit((enum deed)r->detail))
		words = trace_quoted(t, &r->place);
	if (words[0] != '\0')
		words_put_safe(out, words);
	else
		put_own_deed(out, r);
}

const char *words_host(const struct trace *t, uint8_t host)
{
	return host < trace_host_count(t) ? trace_host_at(t, host)->name : "?";
}

const char *words_label(const struct trace *t, uint32_t conn)
{
	const struct trace_conn *c = conn ? trace_conn_at(t, conn) : NULL;

	return c ? c->label : NULL;
}

const char *words_discard(uint8_t discard)
{
	switch ((enum discard)discard) {
	case DISCARD_CHECKSUM: return "checksum wrong";
	case DISCARD_HOST_DOWN: return "host is down";
	case DISCARD_NO_HOST: return "nobody has this address";
	case DISCARD_ADDRESS: return "not an address to answer";
	case DISCARD_QUEUE_FULL: return "queue full";
	case DISCARD_COUNT: break;
	}
	UNREACHABLE();
}
