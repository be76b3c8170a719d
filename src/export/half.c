/* SPDX-License-Identifier: MIT */
#include "export/half.h"

#include <base/lines.h>
#include <base/utf8.h>

void half_init(struct half *h)
{
	*h = (struct half){0};
	sink_puts(&h->time, "");
	sink_puts(&h->text, "");
	half_filled(h);
}

void half_filled(struct half *h)
{
	h->rest = h->text.at;
}

void half_fini(struct half *h)
{
	sink_fini(&h->time);
	sink_fini(&h->text);
}

void half_put(struct half *h, struct half_columns columns, bool is_filled, struct sink *out)
{
	size_t next, n = text_line(h->rest, columns.text, &next);
	size_t used = utf8_width(h->rest, n);

	sink_pad(out, ' ', h->is_begun ? columns.time : columns.time - h->time.count);
	sink_puts(out, h->is_begun ? "" : h->time.at);
	sink_putc(out, ' ');
	sink_put(out, h->rest, n);
	if (is_filled && used < columns.text)
		sink_pad(out, ' ', columns.text - used);
	h->rest += next;
	h->is_begun = true;
}
