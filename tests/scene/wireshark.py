# SPDX-License-Identifier: MIT
"""wireshark - the rules by which Wireshark 4.0 marks a segment, written out: what
tcp_analyze_sequence_number() of its packet-tcp.c asks, in its order. Fed with a trace it says
which marks the analyst must set. Numbers count from the ISN, times are microseconds."""
FIN, SYN, RST, ACK = 1, 2, 4, 16
FAST_WITHIN = 20000   # a fast retransmission comes so soon after the last ACK
LATE_WITHIN = 3000    # out of order, as long as the handshake's round trip is not known
MARKS = ("retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order",
         "duplicate_ack", "lost_segment", "ack_lost_segment", "zero_window", "window_update",
         "window_full", "keep_alive", "keep_alive_ack", "zero_window_probe",
         "zero_window_probe_ack")


class Way:
    """What he remembers of one direction."""

    def __init__(self):
        self.edge, self.edge_time = None, 0       # the highest number seen, and since when
        self.told, self.told_time = None, 0       # its last acknowledgment
        self.window, self.scale, self.dups = None, None, 0
        self.whole = None                         # up to here all was seen
        self.last = set()


class Analyst:
    def __init__(self):
        self.ways, self.syn_time, self.round_trip = {}, None, None

    def clock(self, flags, time):
        """The round trip of the handshake: from the SYN to the first ACK without one."""
        if flags & (SYN | ACK) == SYN:
            self.syn_time = time
        if flags & (SYN | ACK) == ACK and self.syn_time is not None and self.round_trip is None:
            self.round_trip = time - self.syn_time

    def is_fast(self, back, start, time):
        return back.dups >= 2 and back.told == start and time - back.told_time < FAST_WITHIN

    def is_late(self, way, end, time):
        within = self.round_trip or LATE_WITHIN
        return time - way.edge_time < within and end != way.edge

    def repeats(self, way, back, seg, marks):
        """What does not advance the numbers: sent again, or late?"""
        start, length, time = seg["seq"], seg["len"], seg["time"]
        behind = way.edge is not None and start < way.edge and \
            not (length > 1 and start == way.edge - 1)
        if "keep_alive" in marks:
            return set()
        if length > 0 and back.told is not None and start + length <= back.told:
            return {"retransmission", "spurious_retransmission"}
        if behind and self.is_fast(back, start, time):
            return {"retransmission", "fast_retransmission"}
        if behind and self.is_late(way, start + length, time):
            return {"out_of_order"}
        return {"retransmission"} if behind else set()

    def acknowledgments(self, way, back, seg, plain):
        """A window update, the answers to probes, a duplicate ACK: no text, the next number."""
        if seg["len"] or not plain or seg["seq"] != way.edge or way.window is None:
            return set()
        same_ack, same_window = seg["ack"] == way.told, seg["win"] == way.window
        if seg["win"] and not same_window and same_ack:
            return {"window_update"}
        if seg["win"] and same_window and same_ack:
            return {"keep_alive_ack"} if "keep_alive" in back.last else {"duplicate_ack"}
        if not seg["win"] and same_window and "zero_window_probe" in back.last and \
                seg["ack"] in (way.told, way.told + 1):
            if not same_ack:
                back.edge = back.whole = seg["ack"]
            return {"zero_window_probe_ack"}
        return set()

    def beyond(self, way, back, seg):
        """It acknowledges what he has not seen; a probe's octet may have been taken after all."""
        if not seg["flags"] & ACK or back.whole is None or seg["ack"] <= back.whole:
            return set()
        if "zero_window_probe" in back.last and way.told is not None and \
                seg["ack"] == way.told + 1 and seg["seq"] == way.edge:
            back.edge = back.whole = seg["ack"]
            return {"window_update"}
        back.whole = seg["ack"]
        return {"ack_lost_segment"}

    def mark(self, seg):
        """The marks of a segment {way, back, flags, seq, ack, len, win, time, scale}."""
        way = self.ways.setdefault(seg["way"], Way())
        back = self.ways.setdefault(seg["back"], Way())
        flags, plain = seg["flags"], not seg["flags"] & (SYN | FIN | RST)
        marks = set()
        self.clock(flags, seg["time"])
        if seg["len"] == 1 and seg["seq"] == way.edge and back.window == 0:
            marks.add("zero_window_probe")
        else:
            if seg["win"] == 0 and plain:
                marks.add("zero_window")
            if way.edge is not None and seg["seq"] > way.edge and not flags & RST:
                marks.add("lost_segment")
            if seg["len"] <= 1 and way.edge is not None and seg["seq"] == way.edge - 1 and plain:
                marks.add("keep_alive")
            if seg["len"] and plain and back.told is not None and back.scale is not None and \
                    seg["seq"] + seg["len"] == back.told + (back.window << back.scale):
                marks.add("window_full")
            marks |= self.acknowledgments(way, back, seg, plain)
            if "duplicate_ack" in marks:
                way.dups += 1
        if seg["ack"] != way.told:
            way.dups = 0
        marks |= self.beyond(way, back, seg)
        if seg["len"] or flags & (SYN | FIN):
            marks |= self.repeats(way, back, seg, marks)
        self.remember(way, back, seg, marks)
        return marks

    def remember(self, way, back, seg, marks):
        flags, end = seg["flags"], seg["seq"] + seg["len"]
        end += 1 if flags & (SYN | FIN) else 0
        is_probe = "zero_window_probe" in marks
        if not is_probe and (way.edge is None or end > way.edge):
            way.edge, way.edge_time = end, seg["time"]
        if not is_probe and (way.whole is None or seg["seq"] == way.whole):
            way.whole = way.edge
        if flags & SYN:
            way.scale = seg["scale"]
        way.window, way.told, way.told_time = seg["win"], seg["ack"], seg["time"]
        way.last = marks
