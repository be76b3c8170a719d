# SPDX-License-Identifier: MIT
"""truth - what a trace knows of each segment of a capture, beyond what the segment says."""
import bisect
import collections
import json

from wireshark import ACK, FIN, RST, SYN, Analyst, Way

LETTERS = {"F": FIN, "S": SYN, "R": RST, ".": ACK, "P": 8, "U": 32, "E": 64, "W": 128}


class Spans:
    """A set of octets, as spans that do not touch."""

    def __init__(self):
        self.spans = []

    def add(self, start, end):
        keep = [s for s in self.spans if s[1] < start or end < s[0]]
        joined = [s for s in self.spans if s[1] >= start and end >= s[0]]
        keep.append((min([start] + [s[0] for s in joined]), max([end] + [s[1] for s in joined])))
        self.spans = sorted(keep)

    def holds(self, start, end):
        return any(s[0] <= start and end <= s[1] for s in self.spans)

    def meets(self, start, end):
        return any(s[0] < end and start < s[1] for s in self.spans)


def seg_of(record):
    seg = record["seg"]
    flags = sum(LETTERS[letter] for letter in seg["flags"] if letter in LETTERS)
    virtual = bool(flags & SYN) + bool(flags & FIN)
    ports = record["ports"]
    return {"way": tuple(ports), "back": tuple(reversed(ports)), "flags": flags,
            "seq": seg.get("rel_seq", 0), "ack": seg.get("rel_ack", 0),
            "len": seg["len"] - virtual, "end": seg.get("rel_seq", 0) + seg["len"],
            "win": seg["win"], "time": record["t"], "scale": seg.get("wscale"),
            "rexmit": seg.get("rexmit", 0), "rule": seg.get("rule", ""),
            "sack": seg.get("sack", []), "ts": seg.get("ts"),
            "raw": (seg["seq"], seg.get("ack", 0))}


class Story:
    """A trace, read: the records; what each datagram is a copy of; what became of it."""

    def __init__(self, text):
        lines = text.decode().splitlines()
        self.records = [json.loads(line) for line in lines[1:] if line.startswith('{"n"')]
        self.sends, self.dropped, self.copy_of = {}, set(), {}
        self.arrivals = collections.defaultdict(list)
        self.rules = collections.defaultdict(list)
        self.timers, self.twice, self.had = set(), set(), collections.defaultdict(list)
        told = set()
        for r in self.records:
            self.learn(r, told)
            if r["kind"] == "send":
                self.sends[r["n"]] = seg_of(r)
            elif r["kind"] == "wind" and r["what"] == "drop":
                self.dropped.add(r["of"])
            elif r["kind"] == "wind" and r["what"] == "duplicate":
                self.copy_of[r["n"]] = r["of"]
            elif r["kind"] == "arrive":
                self.arrivals[self.send_of(r)].append(r["n"])
            elif r["kind"] == "rule" and "of" in r:
                self.rules[r["of"]].append(r["rule"])

    def learn(self, r, told):
        """When timers rang, how far each side had everything, which ACK tells of a repetition."""
        if r["kind"] == "timer":
            self.timers.add((r["host"], r["t"]))
        if "rcv.nxt" in r.get("changes", {}):
            self.had[r["host"]].append((r["n"], r["changes"]["rcv.nxt"][-1]))
        if r.get("rule") == "DSACK_TOLD" and r["kind"] == "rule":
            told.add(r["host"])
        if r["kind"] == "send" and r["host"] in told:
            self.twice.add(r["n"])
            told.discard(r["host"])

    def has(self, r, seg):
        """The receiver of this segment has it all before the record happens."""
        receiver = ({"zhang", "li"} - {r["host"]}).pop() if r["kind"] == "send" else r["host"]
        had = self.had[receiver]
        at = bisect.bisect_left(had, (r["n"], -1)) - 1
        return at >= 0 and (had[at][1] - seg["raw"][0] - seg["len"]) % 2**32 < 2**31

    def send_of(self, record):
        if record["kind"] == "send":
            return record["n"]
        return self.copy_of.get(record["of"], record["of"])



class View:
    """What has passed one place, and what the trace knows of it."""

    def __init__(self, story, place):
        self.story, self.place = story, place
        self.analyst = Analyst()
        self.blocks = []                                # SACKed by the last ACK, for his flight
        self.passed = collections.defaultdict(Spans)
        self.times = collections.Counter()              # how often each datagram has passed
        self.newest = collections.defaultdict(int)      # the last new one of them to be sent
        self.before = collections.defaultdict(list)     # what was sent each way until now
        self.tcb = collections.defaultdict(dict)        # the variables of both sides

    def frames(self):
        """Each record that the capture must hold, in order, with what was true when it came."""
        for r in self.story.records:
            changes = {name: values[-1] for name, values in r.get("changes", {}).items()}
            if r["kind"] != "arrive":
                self.tcb[r.get("host")].update(changes)
            is_here = r["kind"] == "send" and self.place in ("wire", r["host"]) or \
                r["kind"] == "arrive" and self.place == r["host"]
            if is_here:
                seg = seg_of(r)
                facts = self.facts(r, seg)
                facts["expected"] = self.analyst.mark(seg)
                yield r, seg, facts
                self.note(r, seg)
            if r["kind"] == "send":
                seg = self.story.sends[r["n"]]
                if seg["end"] > seg["seq"]:
                    self.before[seg["way"]].append((r["n"], seg["seq"], seg["end"]))
            self.tcb[r.get("host")].update(changes)

    def note(self, r, seg):
        send = self.story.send_of(r)
        self.times[send] += 1
        if seg["len"] or seg["flags"] & (SYN | FIN):
            if not seg["rexmit"]:
                self.newest[seg["way"]] = max(send, self.newest[seg["way"]])
            self.passed[seg["way"]].add(seg["seq"], seg["end"])

    def facts(self, r, seg):
        ways = self.analyst.ways
        way, back = ways.get(seg["way"], Way()), ways.get(seg["back"], Way())
        send, occupies = self.story.send_of(r), seg["end"] > seg["seq"]
        kind = None
        if occupies and self.times[send]:
            kind = "copied"
        elif occupies and seg["rexmit"]:
            kind = "again"
        elif occupies and send < self.newest[seg["way"]]:
            kind = "overtaken"
        elif occupies:
            kind = "new"
        earlier = [n for n, start, end in self.before[seg["way"]]
                   if n < send and start < seg["end"] and seg["seq"] < end] \
            if kind == "again" else []
        return {
            "kind": kind, "send": send, "earlier": earlier,
            "passed": self.passed[seg["way"]].meets(seg["seq"], seg["end"]),
            "edge": way.edge, "told": back.told, "dups": back.dups,
            "since edge": seg["time"] - way.edge_time, "since told": seg["time"] - back.told_time,
            "round trip": self.analyst.round_trip, "own": way,
            "acked": way.told, "window": way.window,
        }
