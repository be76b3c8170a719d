#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""analyst.py WOSHOU ROOT - Wireshark's analyst reads every capture that woshou can write, and is
held against the trace, which knows the truth. No frame may be malformed or have a wrong checksum;
every frame is a record of the trace; and where the analyst's marks differ from the truth, one of
REASONS must hold, which docs/ANALYST.md tells."""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tidy"))
import tap
from runs import Woshou

WOSHOU = Woshou(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
FIELDS = ["frame.number", "frame.time_epoch", "tcp.srcport", "tcp.dstport", "tcp.seq_raw",
          "tcp.ack_raw", "tcp.len", "tcp.flags", "tcp.window_size_value", "ip.src", "ipv6.src",
          "ip.dst", "ipv6.dst",
          "_ws.malformed", "tcp.checksum.status", "ip.checksum.status",
          "tcp.analysis.retransmission", "tcp.analysis.out_of_order",
          "tcp.analysis.duplicate_ack", "tcp.analysis.zero_window",
          "tcp.analysis.zero_window_probe", "tcp.analysis.keep_alive",
          "tcp.analysis.zero_window_probe_ack", "tcp.analysis.keep_alive_ack",
          "tcp.analysis.initial_rtt"]
MARKS = {"retransmission", "out_of_order", "duplicate_ack", "zero_window"}
EPOCH_US = 946684800 * 1000000
FIN, SYN, RST, ACK = 1, 2, 4, 16


def frames_of(capture):
    command = ["tshark", "-n", "-r", capture, "-T", "fields", "-E", "occurrence=f",
               "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True,
                          env=dict(os.environ, HOME=os.path.dirname(capture)))
    return [dict(zip(FIELDS, line.split("\t"))) for line in done.stdout.splitlines()]


def number(text):
    return int(text, 0) if text else 0


def records_of(scene, variant, view):
    """The records that a capture with this view must hold, in the trace's order."""
    rows = list(csv.DictReader(io.StringIO(WOSHOU.export("csv", scene, variant).decode())))
    copies = {row["record"]: row["of"] for row in rows if row["what"] == "duplicate"}
    for row in rows:
        row["of"] = copies.get(row["of"], row["of"])
        is_stranger = row["stranger"] == "1"
        if row["kind"] == "send" and view in ("wire", row["host"]):
            yield row
        elif row["kind"] == "arrive" and row["host"] == view:
            yield row
        elif row["kind"] == "arrive" and view == "wire" and is_stranger and not row["of"]:
            yield row
        elif row["kind"] == "discard" and row["host"] == view and \
                row["what"] in ("queue-full", "address"):
            yield row


class Truth:
    """What the trace knows about each segment of a capture, in the order of the capture."""

    def __init__(self):
        self.edge, self.moved, self.acked, self.latest = {}, {}, {}, {}
        self.sent, self.octets, self.strangers, self.conns = set(), {}, set(), {}

    def marks(self, row, frame):
        """The marks that are true; and the facts that decide what an analyst can know of them."""
        way = (row["from_port"], row["to_port"], frame["ip.src"] + frame["ipv6.src"],
               frame["ip.dst"] + frame["ipv6.dst"])
        talk = frozenset([(way[0], way[2]), (way[1], way[3])])
        flags, length = number(frame["tcp.flags"]), number(frame["tcp.len"])
        seq, ack, window = number(row["seq"]), number(row["ack"]), number(row["window"])
        end = seq + length + bool(flags & SYN) + bool(flags & FIN)
        sent = number(row["of"] or row["record"])
        seen = [was_probe for start, stop, was_probe in self.octets.setdefault(way, [])
                if start < end and seq < stop]
        self.conns.setdefault(talk, {}).setdefault(way, set()).add(row["connection"])
        if flags & SYN and not flags & ACK:
            self.conns[talk].setdefault(way + ("SYN",), set()).add(seq)
        facts = {
            "flags": flags,
            "occupies": end > seq,
            "seen before": bool(seen),
            "probed before": bool(seen) and all(seen),
            "reused": any(len(conns) > 1 for conns in self.conns[talk].values()),
            "soon": self.is_soon(way, end, row, frame),
            "stranger": row["stranger"] == "1",
            "after a stranger": talk in self.strangers,
            "probe": bool(frame["tcp.analysis.zero_window_probe"]
                          or frame["tcp.analysis.keep_alive"]),
            "answer": bool(frame["tcp.analysis.zero_window_probe_ack"]
                           or frame["tcp.analysis.keep_alive_ack"]),
        }
        marks = set()
        if facts["occupies"] and (row["rexmit"] not in ("", "0") or sent in self.sent):
            marks.add("retransmission")
        elif facts["occupies"] and sent < self.latest.get(way, 0):
            marks.add("out_of_order")
        if window == 0 and not flags & (SYN | FIN | RST):
            marks.add("zero_window")
        if flags == ACK and length == 0 and window > 0 and seq == self.edge.get(way) and \
                self.acked.get(way) == (ack, window):
            marks.add("duplicate_ack")
        if end > self.edge.get(way, 0):
            self.moved[way] = number(row["time_us"])
        self.note(way, talk, facts, (seq, end), sent)
        if flags & ACK:
            self.acked[way] = (ack, window)
        return marks, facts

    def is_soon(self, way, end, row, frame):
        """Within the handshake's round trip, or 3 ms, after the furthest octet came by?"""
        trip = float(frame["tcp.analysis.initial_rtt"] or 0) * 1000000 or 3000
        return way in self.moved and end != self.edge[way] and \
            number(row["time_us"]) - self.moved[way] < trip

    def note(self, way, talk, facts, octets, sent):
        self.edge[way] = max(octets[1], self.edge.get(way, 0))
        self.latest[way] = max(sent, self.latest.get(way, 0))
        self.sent.add(sent)
        if facts["occupies"]:
            self.octets[way].append((*octets, facts["probe"]))
        if facts["stranger"]:
            self.strangers.add(talk)


# Why the analyst cannot know, or knows by another definition: docs/ANALYST.md tells each in full.
# (name, marks only he sees, marks only the trace sees, when)
REASONS = [
    ("the first copy never came by", set(), {"retransmission"},
     lambda facts: not facts["seen before"]),
    ("a probe", set(), {"retransmission"}, lambda facts: facts["probe"]),
    ("the octet of a probe", set(), {"retransmission"}, lambda facts: facts["probed before"]),
    ("the answer to a probe", set(), {"duplicate_ack"}, lambda facts: facts["answer"]),
    ("a SYN,ACK that repeats the SYN", {"retransmission"}, set(),
     lambda facts: facts["flags"] == SYN | ACK and facts["seen before"]),
    ("overtaken for long", {"retransmission"}, {"out_of_order"},
     lambda facts: not facts["seen before"]),
    ("repeated soon", {"out_of_order"}, {"retransmission"},
     lambda facts: facts["soon"]),
    ("the same ports again", {"retransmission"}, {"out_of_order", "duplicate_ack"},
     lambda facts: facts["reused"]),
    ("misled by a stranger", {"retransmission", "out_of_order", "duplicate_ack"},
     {"retransmission", "out_of_order", "duplicate_ack"}, lambda facts: facts["after a stranger"]),
]
NEEDED = set()


def is_explained(marks, true, facts):
    for name, analyst, trace, when in REASONS:
        if marks - true <= analyst and true - marks <= trace and when(facts):
            NEEDED.add(name)
            return True
    return False


def same(row, frame):
    return (number(row["time_us"]) + EPOCH_US == round(float(frame["frame.time_epoch"]) * 1000000)
            and row["from_port"] == frame["tcp.srcport"] and row["to_port"] == frame["tcp.dstport"]
            and number(row["seq"]) == number(frame["tcp.seq_raw"]))


def judge(scene, variant, view, folder):
    capture = os.path.join(folder, "capture.pcapng")
    with open(capture, "wb") as file:
        file.write(WOSHOU.export("pcapng", scene, variant, "--view", view))
    records, truth = list(records_of(scene, variant, view)), Truth()
    frames = frames_of(capture)
    if len(records) != len(frames):
        yield f"{view}: {len(frames)} frames for {len(records)} records"
        return
    for row, frame in zip(records, frames):
        where = f"{view} frame {frame['frame.number']} (record {row['record']})"
        if frame["_ws.malformed"]:
            yield f"{where}: malformed"
        if frame["tcp.checksum.status"] != "1" or frame["ip.checksum.status"] not in ("1", ""):
            yield f"{where}: bad checksum"
        if not same(row, frame):
            yield f"{where}: is not the record's segment"
            continue
        marks = {mark for mark in MARKS if frame["tcp.analysis." + mark]}
        true, facts = truth.marks(row, frame)
        if marks != true and not is_explained(marks, true, facts):
            yield f"{where}: analyst {sorted(marks - true)}, trace {sorted(true - marks)}"


def people(scene, variant):
    header = WOSHOU.export("jsonl", scene, variant).split(b"\n", 1)[0]
    return [host["name"] for host in json.loads(header)["hosts"]]


def judge_all(scene):
    with tempfile.TemporaryDirectory(prefix="woshou-analyst-") as folder:
        for run in WOSHOU.verdicts(scene)["runs"]:
            variant = run["variant"]
            for view in ["wire"] + people(scene, variant):
                for complaint in judge(scene, variant, view, folder):
                    yield variant + " " + complaint


def judge_reasons():
    with open(os.path.join(WOSHOU.root, "docs", "ANALYST.md"), encoding="utf-8") as file:
        docs = file.read()
    for name, *_ in REASONS:
        if name not in NEEDED:
            yield f"no capture needs the reason '{name}'"
        if f"**{name}**" not in docs:
            yield f"docs/ANALYST.md does not tell the reason '{name}'"


CASES = [(scene, lambda scene=scene: list(judge_all(scene))) for scene in WOSHOU.scenes()]
tap.run(CASES + [("every reason is needed, and told", lambda: list(judge_reasons()))])
