#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""lossy.py WOSHOU ROOT - Wireshark's analyst on long conversations through a bad wind: some
thousand segments each, with loss, overtaking and copies, under SACK, CUBIC and RACK-TLP.
Frame by frame each of his marks must be what his rules (wireshark.py) make of the trace, and
each must be true, or differ from the truth for one of REASONS, whose condition is computed from
the trace. At the end the trace is falsified, and every lie must be found."""
import collections
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tidy"))
import tap
from runs import Woshou
from truth import Story, View, seg_of
from wireshark import ACK, FIN, MARKS, RST, SYN

WOSHOU = Woshou(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
EPOCH_US = 946684800 * 1000000
FIELDS = ["frame.number", "frame.time_epoch", "tcp.seq_raw", "tcp.ack_raw", "tcp.len",
          "tcp.window_size_value", "_ws.malformed", "tcp.checksum.status",
          "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr",
          "tcp.options.sack_le", "tcp.options.sack_re", "tcp.options.sack.dsack_le",
          "tcp.analysis.bytes_in_flight", "tcp.analysis.duplicate_ack_num"] + \
         ["tcp.analysis." + mark for mark in MARKS]

SCENE = """woshou 1
title en "Through a bad wind" zh "大风里的长谈"
seed {seed}
person zhang en "Zhang San" zh "张三" {{ isn {isn} SO_SNDBUF 1MiB {sets} }}
person li en "Li Si" zh "李四" {{ isn 5000 {sets} {reader} }}
wind zhang -> li {{ rate {rate} delay 20ms jitter 2ms {there} }}
wind li -> zhang {{ delay 20ms {back} }}
scene long en "Long" zh "长谈" {{
  at 0s li listen
  at 0s zhang connect li
  when zhang in ESTABLISHED zhang write {size}
  when zhang in ESTABLISHED zhang close
  when li in CLOSE_WAIT li close
}}
"""
LOSS = "drop {}% where data max 5000"
LATE = "reorder 1% where data past 4 or 30ms max 5000 " \
       "reorder 1% where data past 2 or 90ms max 5000"
COPY = "duplicate 1% where data after 1ms max 5000 duplicate 1% where data after 70ms max 5000"
NODS = "drop 3% where ACK max 5000"
SACK = "sack on dsack on"
RACK = SACK + " rack on tlp on"
ALL = RACK + " cc cubic prr on frto on undo on limited transmit on timestamps on scale on"
ROOM = "SO_RCVBUF 256KiB"

WORLDS = {
    "NewReno without SACK": {"seed": 11, "sets": "", "there": LOSS.format(1)},
    "SACK alone": {"seed": 21, "sets": SACK, "there": LOSS.format(2), "back": NODS},
    "SACK, words overtaken and copied": {
        "seed": 31, "sets": SACK + " timestamps on", "isn": 4292967295,
        "there": " ".join((LOSS.format(1), LATE, COPY))},
    "CUBIC": {"seed": 41, "sets": SACK + " cc cubic scale on timestamps on", "reader": ROOM,
              "there": LOSS.format(1), "rate": "40Mbit"},
    "RACK-TLP": {"seed": 51, "sets": RACK, "there": " ".join((LOSS.format(3), LATE)),
                 "back": NODS},
    "all together": {"seed": 61, "sets": ALL, "reader": ROOM, "back": NODS,
                     "there": " ".join((LOSS.format(2), LATE, COPY))},
    "all together, another seed": {"seed": 62, "sets": ALL, "reader": ROOM, "back": NODS,
                                   "there": " ".join((LOSS.format(3), LATE, COPY))},
    "a slow reader": {"seed": 71, "sets": ALL,
                      "reader": "SO_RCVBUF 28960B reader every 4s takes 28960B",
                      "there": " ".join((LOSS.format(1), LATE)), "size": "3MiB"},
}


def scene_of(world):
    plain = {"isn": 1000, "reader": "", "back": "", "rate": "20Mbit", "size": "4MiB"}
    return SCENE.format(**{**plain, **world})


# ---- the truth of each mark, and why he may differ from it --------------------------------------

def is_asked(seg, facts):
    """Three times the same ACK, the last a moment ago, asked for just this."""
    return facts["dups"] >= 2 and facts["told"] == seg["seq"] and facts["since told"] < 20000


def is_soon(seg, facts):
    return facts["since edge"] < (facts["round trip"] or 3000) and seg["end"] != facts["edge"]


def is_had(seg, facts):
    return facts["told"] is not None and seg["end"] <= facts["told"]


def verdict(marks):
    for mark, name in (("spurious_retransmission", "needless"), ("fast_retransmission", "fast"),
                       ("retransmission", "again"), ("out_of_order", "late")):
        if mark in marks:
            return name
    return "nothing"


# (what it is, what he says) -> why, when: of everything else the test fails
AGREED = {("new", "nothing"), ("again", "again"), ("again", "fast"), ("again", "needless"),
          ("overtaken", "late")}
PROBES = {"PROBE", "PROBE_AGAIN"}
REASONS = {
    "the first copy never came by": (("again", ("nothing",)), lambda view, seg, f:
        f["earlier"] and not f["passed"] and seg["seq"] >= f["edge"]
        and not any(view.times[n] for n in f["earlier"])),
    "a probe": (("again", ("nothing",)), lambda view, seg, f:
        f["earlier"] and "zero_window_probe" in f["expected"] and seg["rule"] in PROBES),
    "the octet of a probe": (("again", ("nothing",)), lambda view, seg, f:
        f["earlier"] and seg["seq"] == f["edge"] and seg["len"] > 1
        and all(view.story.sends[n]["rule"] in PROBES for n in f["earlier"])),
    "sooner than a round trip": (("again", ("late",)), lambda view, seg, f:
        f["earlier"] and is_soon(seg, f) and not is_asked(seg, f) and not is_had(seg, f)),
    "overtaken for long": (("overtaken", ("again",)), lambda view, seg, f:
        not is_soon(seg, f) and not is_asked(seg, f) and not is_had(seg, f)),
    "asked for while it was on the way": (("overtaken", ("fast",)), lambda view, seg, f:
        is_asked(seg, f) and not is_had(seg, f)),
    "its repetition was faster": (("overtaken", ("needless",)), lambda view, seg, f:
        is_had(seg, f) and f["passed"]),
    "the wind's copy": (("copied", ("again", "fast", "late", "needless")), lambda view, seg, f:
        f["passed"] and f["send"] in view.story.copy_of.values()),
}
OTHER_REASONS = [
    "had, but not yet acknowledged here", "the timer rang just after an ACK",
    "recovered, and not by three ACKs a moment ago", "late, not lost", "at zero window",
    "it acknowledges more, or tells another window", "the window opens with an ACK of more"]
NEEDED = collections.Counter()


def judge_repetition(view, r, seg, facts, marks):
    """Retransmission of any kind, and out of order."""
    if r["kind"] == "arrive" and facts["send"] in view.story.dropped:
        return "the wind has taken it, and here it is"
    if facts["kind"] is None:
        return "a mark on what occupies no number" if verdict(marks) != "nothing" else None
    both = (facts["kind"], verdict(marks))
    if both in AGREED:
        if both[0] == "again" and not facts["earlier"]:
            return "the trace says again, and it was never sent before"
        return None
    for name, ((kind, verdicts), when) in REASONS.items():
        if both[0] == kind and both[1] in verdicts and when(view, seg, facts):
            NEEDED[name] += 1
            return None
    return f"it is {both[0]}, he says {both[1]}"


def judge_needless(view, r, seg, facts, marks):
    """Spurious: the receiver has it all. What he marks is so by the receiver's own RCV.NXT; and
    what the receiver has and he does not mark was not yet acknowledged where he sits."""
    if not seg["len"] or facts["kind"] in (None, "new"):
        return None
    has = view.story.has(r, seg)
    marked = "spurious_retransmission" in marks
    if marked and not has:
        return "spurious, but the receiver has not had it"
    if has and not marked:
        if is_had(seg, facts):
            return "the receiver has it and said so, and it is not spurious"
        NEEDED["had, but not yet acknowledged here"] += 1
    return None


def judge_fast(view, r, seg, facts, marks):
    """Fast: duplicate ACKs brought it, no timer."""
    if facts["kind"] != "again" or verdict(marks) == "nothing":
        return None
    by_timer, fast = seg["rule"] == "RTO_EXPIRED", "fast_retransmission" in marks
    if view.place == "zhang" and by_timer == (facts["since told"] == 0) and \
            (by_timer or ("zhang", seg["time"]) not in view.story.timers):
        return f"{seg['rule']}, and the last ACK came {facts['since told']} us ago"
    if fast and by_timer:
        NEEDED["the timer rang just after an ACK"] += 1
    if not fast and not by_timer:
        if is_asked(seg, facts) and not is_had(seg, facts):
            return "it was asked for, and is not fast"
        NEEDED["recovered, and not by three ACKs a moment ago"] += 1
    return None


def judge_lost(view, r, seg, facts, marks):
    """A segment was lost, or is late: what lies between the highest octet that has passed and
    this segment was sent before it, and did not come by."""
    edge = facts["edge"]
    if "lost_segment" not in marks and (edge is None or seg["seq"] <= edge):
        return None
    gap = [n for n, start, end in view.before[seg["way"]]
           if edge is not None and n < facts["send"] and end > edge and start < seg["seq"]]
    if "lost_segment" not in marks:
        return "nothing is missed where something is missing" if gap and seg["len"] else None
    if not gap:
        return "a segment is missed, and none was sent"
    gap = [n for n in gap if view.story.sends[n]["rule"] not in PROBES]
    if not gap:
        NEEDED["the octet of a probe"] += 1
        return None
    if any(view.times[n] for n in gap):
        return "a segment is missed that has passed"
    if not all(n in view.story.dropped or view.story.arrivals[n] for n in gap):
        return "a segment is missed that was neither lost nor comes later"
    if not any(n in view.story.dropped for n in gap):
        NEEDED["late, not lost"] += 1
    return None


def judge_duplicate(view, r, seg, facts, marks):
    """A duplicate ACK: text out of order, or had before, brought it (RFC 5681 3.2, RFC 2883)."""
    pure = seg["flags"] & (SYN | FIN | RST | ACK) == ACK and not seg["len"]
    if not pure:
        return "a duplicate ACK with text" if "duplicate_ack" in marks else None
    repeats = seg["rule"] in ("ACK_OUT_OF_ORDER", "SEQ_REFUSED")
    if "duplicate_ack" in marks and not repeats:
        return f"{seg['rule']} is a duplicate ACK"
    if repeats and "duplicate_ack" not in marks:
        if seg["ack"] == facts["acked"] and seg["win"] == facts["window"]:
            if seg["win"]:
                return "an ACK that repeats the last one is no duplicate"
            NEEDED["at zero window"] += 1
            return None
        NEEDED["it acknowledges more, or tells another window"] += 1
    counted = "ACK_DUPLICATE" in view.story.rules[r["n"]]
    if view.place == "zhang" and r["host"] == "zhang" and r["kind"] == "arrive" and \
            "duplicate_ack" in marks and not counted:
        return "he counts it as a duplicate, the sender did not"
    return None


def judge_window(view, r, seg, facts, marks):
    """Zero window, window update, window full, and what probes them."""
    other = "li" if r["host"] == "zhang" else "zhang"
    sender = r["host"] if r["kind"] == "send" else other
    plain = not seg["flags"] & (SYN | FIN | RST)
    tcb = view.tcb[sender]
    if r["kind"] == "send" and "rcv.wnd" in tcb and plain and \
            ("zero_window" in marks) != (tcb["rcv.wnd"] == 0 and "zero_window_probe" not in marks):
        return f"RCV.WND is {tcb['rcv.wnd']}"
    if "window_update" in marks and \
            (seg["ack"] != facts["acked"] or seg["win"] == facts["window"]):
        return "a window update without a new window"
    if seg["rule"] == "WINDOW_UPDATE" and "window_update" not in marks:
        if seg["ack"] == facts["acked"]:
            return "the window opens, and he has not seen it"
        NEEDED["the window opens with an ACK of more"] += 1
    if view.place == "zhang" and r["kind"] == "send" and sender == "zhang" and seg["len"] and plain:
        full = tcb["snd.una"] + tcb["snd.wnd"] == seg["raw"][0] + seg["len"]
        if full != ("window_full" in marks) and "zero_window_probe" not in marks:
            return f"the window of {tcb['snd.wnd']} is full: {full}"
    probe = seg["rule"] in PROBES and seg["len"] == 1
    if bool(marks & {"zero_window_probe", "keep_alive"}) != probe:
        return f"{seg['rule']} is a probe: {probe}"
    return None


JUDGES = [judge_repetition, judge_needless, judge_fast, judge_lost, judge_duplicate, judge_window]


def numbers(*texts):
    return sorted(int(n) for text in texts for n in text.split(",") if n)


def judge_capture(view, r, seg, facts, frame):
    """The frame is the record, option for option; and what he counts is what the TCB counts."""
    ts = seg["ts"] or ("", "")
    isn = seg["raw"][1] - seg["ack"]  # he counts from the ISN
    blocks = [((start - isn) % 2**32, (end - isn) % 2**32) for start, end in seg["sack"]]
    if frame["_ws.malformed"] or frame["tcp.checksum.status"] != "1":
        yield "malformed, or a bad checksum"
    if (r["t"] + EPOCH_US != round(float(frame["frame.time_epoch"]) * 1000000)
            or seg["raw"] != (int(frame["tcp.seq_raw"]), int(frame["tcp.ack_raw"]))
            or seg["len"] != int(frame["tcp.len"])
            or seg["win"] != int(frame["tcp.window_size_value"])):
        yield "is not the record's segment"
    if [str(n) for n in ts] != [frame["tcp.options.timestamp.tsval"],
                                frame["tcp.options.timestamp.tsecr"]]:
        yield f"its timestamps are not {ts}"
    seen = numbers(frame["tcp.options.sack_le"], frame["tcp.options.sack_re"])
    if seen != sorted(edge for block in blocks for edge in block):
        yield f"its blocks are not {blocks}: {seen}"
    if view.place in ("wire", "li") and r["kind"] == "send" and \
            bool(frame["tcp.options.sack.dsack_le"]) != (r["n"] in view.story.twice):
        yield "a D-SACK to one of the two alone"
    if "duplicate_ack" in facts["expected"] and \
            frame["tcp.analysis.duplicate_ack_num"] != str(facts["own"].dups):
        yield f"not the {facts['own'].dups}. duplicate ACK"
    if view.place == "zhang" and r["kind"] == "send" and seg["len"]:
        tcb, held = view.tcb["zhang"], sum(end - start for start, end in view.blocks)
        flight = (tcb["snd.nxt"] - tcb["snd.una"]) % 2**32 - held - bool(seg["flags"] & FIN)
        if frame["tcp.analysis.bytes_in_flight"] != (str(flight) if flight > 0 else ""):
            yield f"not {flight} octets in flight: {frame['tcp.analysis.bytes_in_flight']}"
    if seg["flags"] & ACK and r["host"] == "zhang" and r["kind"] == "arrive":
        view.blocks = blocks


def judge(story, frames, place):
    view = View(story, place)
    frames = iter(frames)
    for r, seg, facts in view.frames():
        frame = next(frames, None)
        if frame is None:
            yield f"{place}: the capture ends before record {r['n']}"
            return
        where = f"{place} frame {frame['frame.number']} (record {r['n']}): "
        marks = {mark for mark in MARKS if frame["tcp.analysis." + mark]}
        if marks != facts["expected"]:
            yield where + f"his rules make {sorted(facts['expected'])}, he says {sorted(marks)}"
        for complaint in judge_capture(view, r, seg, facts, frame):
            yield where + complaint
        for by in JUDGES:
            complaint = by(view, r, seg, facts, marks)
            if complaint:
                yield where + complaint
    if next(frames, None) is not None:
        yield f"{place}: more frames than records"


def frames_of(scene, place, folder):
    capture = os.path.join(folder, "capture.pcapng")
    with open(capture, "wb") as file:
        file.write(WOSHOU.export("pcapng", scene, "", "--view", place))
    command = ["tshark", "-n", "-r", capture, "-T", "fields", "-E", "occurrence=a",
               "-o", "tcp.check_checksum:TRUE"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True,
                          env=dict(os.environ, HOME=folder))
    return [dict(zip(FIELDS, line.split("\t"))) for line in done.stdout.splitlines()]


# ---- lies ----------------------------------------------------------------------------------------

class Lies:
    """A story, falsified in one place each; what was done is taken back."""

    def __init__(self, story, place):
        self.story, self.place = story, place
        self.frames = [r for r in story.records if r["kind"] == "send" and r["host"] == place
                       or r["kind"] == "arrive" and r["host"] == place]
        self.undo = []

    def put(self, mapping, key, value):
        self.undo.append((mapping, key, mapping.get(key)))
        mapping[key] = value

    def restore(self):
        while self.undo:
            mapping, key, value = self.undo.pop()
            mapping.pop(key)
            if value is not None:
                mapping[key] = value

    def pick(self, when):
        """The one in the middle of those frames where it holds: they differ from run to run."""
        found = [r for r in self.frames[20:-20] if when(self.story, r)]
        return found[len(found) // 2] if found else None

    def lie(self, name, when, field, value):
        """Tells `value` instead of what the segment of such a record has there."""
        r = self.pick(when)
        if r is None:
            return None
        self.put(r["seg"], field, value(r) if callable(value) else value)
        if r["n"] in self.story.sends:
            self.put(self.story.sends, r["n"], seg_of(r))
        return r["n"]


def is_text(r, again):
    return r["seg"]["len"] > 1 and bool(r["seg"].get("rexmit")) == again


def has_rule(*rules):
    return lambda story, r: r["seg"].get("rule") in rules


def is_answer(story, r):
    """A repetition that an ACK has brought about, and no timer."""
    return r["seg"].get("rule") == "SACK_RETRANSMIT" and ("zhang", r["t"]) not in story.timers


# What is told of one frame -> what he must say to it, where he sits.
LIES = [
    ("a repetition is told as new", "zhang", lambda story, r: is_text(r, True), "rexmit", 0,
     "it is new, he says"),
    ("new text is told as a repetition", "zhang", lambda story, r: is_text(r, False), "rexmit", 1,
     "it is again, he says nothing"),
    ("a timer is told where an ACK was", "zhang", is_answer, "rule",
     "RTO_EXPIRED", "RTO_EXPIRED, and the last ACK came 0 us ago"),
    ("a duplicate ACK is told as a delayed one", "li", has_rule("ACK_OUT_OF_ORDER"),
     "rule", "ACK_DELAYED", "ACK_DELAYED is a duplicate ACK"),
    ("an ACK acknowledges one octet less", "zhang", has_rule("ACK_ENOUGH"), "ack",
     lambda r: r["seg"]["ack"] - 1, "is not the record's segment"),
    ("a window is another one", "li", has_rule("ACK_OUT_OF_ORDER"), "win",
     lambda r: r["seg"]["win"] - 1, "is not the record's segment"),
]


def judge_lies(story, frames):
    for name, place, when, field, value, answer in LIES:
        lies = Lies(story, place)
        record = lies.lie(name, when, field, value)
        if record is None:
            yield f"{name}: there is no such frame"
            continue
        if not any(f"(record {record})" in complaint and answer in complaint
                   for complaint in judge(story, frames[place], place)):
            yield f"{name}: nobody has noticed"
        lies.restore()
    yield from judge_deeds(story, frames)


def judge_deeds(story, frames):
    """Lies about what happened between the frames: the wind's deeds, the receiver's numbers."""
    def is_noticed(place, answer):
        return any(answer in complaint for complaint in judge(story, frames[place], place))

    first = [n for n in sorted(story.dropped) if not story.sends[n]["rexmit"]]
    lost = {n for n in first if n - 1 not in story.dropped}
    story.dropped -= lost
    if not is_noticed("li", "missed that was neither lost nor comes later"):
        yield "what the wind took is told as delivered: nobody has noticed"
    story.dropped |= lost
    came = next(n for n in story.arrivals if story.sends[n]["len"])
    story.dropped.add(came)
    if not is_noticed("li", "the wind has taken it, and here it is"):
        yield "what came is told as lost: nobody has noticed"
    story.dropped.discard(came)
    had, twice = story.had["li"], story.twice
    story.had["li"] = had[:1]
    if not is_noticed("li", "spurious, but the receiver has not had it"):
        yield "the receiver's RCV.NXT stays behind: nobody has noticed"
    story.had["li"], story.twice = had, set()
    if not is_noticed("li", "a D-SACK to one of the two alone"):
        yield "a D-SACK is not told: nobody has noticed"
    story.twice = twice


# ---- the cases -----------------------------------------------------------------------------------

def judge_world(name, folder):
    scene = os.path.join(folder, "lossy.scene")
    with open(scene, "w", encoding="utf-8") as file:
        file.write(scene_of(WORLDS[name]))
    story, frames = Story(WOSHOU.export("jsonl", scene)), {}
    for place in PLACES.get(name, ("zhang", "li")):
        frames[place] = frames_of(scene, place, folder)
        complaints = list(judge(story, frames[place], place))
        yield from complaints[:20]
        for mark in MARKS:
            SEEN[mark] += sum(1 for frame in frames[place] if frame["tcp.analysis." + mark])
    if len(story.sends) < 2000 or len(story.dropped) < 10:
        yield f"{len(story.sends)} segments, {len(story.dropped)} of them lost: that is no storm"
    if name == TOLD:
        yield from judge_lies(story, frames)


def judge_in_folder(name):
    with tempfile.TemporaryDirectory(prefix="woshou-lossy-") as folder:
        return list(judge_world(name, folder))


def judge_reasons():
    with open(os.path.join(WOSHOU.root, "docs", "ANALYST.md"), encoding="utf-8") as file:
        docs = " ".join(file.read().split())
    for name in list(REASONS) + OTHER_REASONS:
        if not NEEDED[name]:
            yield f"no capture needs the reason '{name}'"
        if f"**{name}**" not in docs:
            yield f"docs/ANALYST.md does not tell the reason '{name}'"
    for name in NEEDED:
        if name not in REASONS and name not in OTHER_REASONS:
            yield f"the reason '{name}' is not in the list"
    for mark in MARKS:
        if not SEEN[mark] and mark not in NEVER:
            yield f"no capture has the mark {mark}"


PLACES = {"all together": ("wire", "zhang", "li")}
TOLD = "a slow reader"
# What his marks are worth where all is well with numbers: nothing is acknowledged that was not
# sent, and nobody here is silent for so long that he is asked whether he lives.
NEVER = {"ack_lost_segment", "keep_alive", "keep_alive_ack"}
SEEN = collections.Counter()
CASES = [(name, lambda name=name: judge_in_folder(name)) for name in WORLDS]
tap.run(CASES + [("every reason is needed, and told", lambda: list(judge_reasons()))])
