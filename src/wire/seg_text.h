/* SPDX-License-Identifier: MIT */
/* seg_text.h - a segment as one line of text, as packetdrill and tcpdump write it. */
#ifndef WIRE_SEG_TEXT_H
#define WIRE_SEG_TEXT_H

#include <base/sink.h>
#include <woshou/seg.h>

/* "S.": tcpdump's letters, "." for ACK; "-" when no bit is set. */
void seg_print_ctl(struct sink *out, uint16_t ctl);

/* "mss 1460,nop,wscale 7", in the order in which they stand on the wire; nothing when none. */
void seg_print_options(struct sink *out, const struct seg *s);

/* "S.  5000:5000(0) ack 1001 win 65535 <mss 1460>": the number after the colon is that of the
 * octet after the text; SYN and FIN are not counted in it. */
void seg_print(struct sink *out, const struct seg *s);

#endif
