#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fields.py WOSHOU ROOT FIELDS - the fields of every frame (src/wire/header.def), as Wireshark's
analyst reads them: the same place, the same value, sums right and wrong alike. Frames come from the
captures of all scenes, from Linux, and from chance."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tidy"))
import tap
from runs import Woshou

WOSHOU = Woshou(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
FIELDS = os.path.abspath(sys.argv[3])
SEEN = set()

# Our name: the analyst's, and in which units he counts. "hex": as octets.
NAMES = {
    "ETHERNET_TO": ("eth.dst", "hex"), "ETHERNET_FROM": ("eth.src", "hex"),
    "ETHERNET_TYPE": ("eth.type", 1),
    "IPV4_VERSION": ("ip.version", 1), "IPV4_IHL": ("ip.hdr_len", 4),
    "IPV4_DSCP": ("ip.dsfield.dscp", 1), "IPV4_ECN": ("ip.dsfield.ecn", 1),
    "IPV4_LENGTH": ("ip.len", 1), "IPV4_ID": ("ip.id", 1), "IPV4_RESERVED": ("ip.flags.rb", 1),
    "IPV4_DF": ("ip.flags.df", 1), "IPV4_MF": ("ip.flags.mf", 1),
    "IPV4_OFFSET": ("ip.frag_offset", 8), "IPV4_TTL": ("ip.ttl", 1),
    "IPV4_PROTOCOL": ("ip.proto", 1), "IPV4_CHECKSUM": ("ip.checksum", 1),
    "IPV4_FROM": ("ip.src", "hex"), "IPV4_TO": ("ip.dst", "hex"),
    "IPV6_VERSION": ("ipv6.version", 1), "IPV6_DSCP": ("ipv6.tclass.dscp", 1),
    "IPV6_ECN": ("ipv6.tclass.ecn", 1), "IPV6_FLOW": ("ipv6.flow", 1),
    "IPV6_LENGTH": ("ipv6.plen", 1), "IPV6_NEXT": ("ipv6.nxt", 1), "IPV6_HOPS": ("ipv6.hlim", 1),
    "IPV6_FROM": ("ipv6.src", "hex"), "IPV6_TO": ("ipv6.dst", "hex"),
    "TCP_FROM_PORT": ("tcp.srcport", 1), "TCP_TO_PORT": ("tcp.dstport", 1),
    "TCP_SEQ": ("tcp.seq_raw", 1), "TCP_ACK": ("tcp.ack_raw", 1), "TCP_OFFSET": ("tcp.hdr_len", 4),
    "TCP_RESERVED": ("tcp.flags.res", 1), "TCP_AE": ("tcp.flags.ae", 1),
    "TCP_CWR": ("tcp.flags.cwr", 1), "TCP_ECE": ("tcp.flags.ece", 1),
    "TCP_URG": ("tcp.flags.urg", 1), "TCP_ACK_BIT": ("tcp.flags.ack", 1),
    "TCP_PSH": ("tcp.flags.push", 1), "TCP_RST": ("tcp.flags.reset", 1),
    "TCP_SYN": ("tcp.flags.syn", 1), "TCP_FIN": ("tcp.flags.fin", 1),
    "TCP_WINDOW": ("tcp.window_size_value", 1), "TCP_CHECKSUM": ("tcp.checksum", 1),
    "TCP_URGENT": ("tcp.urgent_pointer", 1),
    "OPTION_KIND": ("tcp.option_kind", 1), "OPTION_LENGTH": ("tcp.option_len", 1),
    "MSS_VALUE": ("tcp.options.mss_val", 1), "SCALE_SHIFT": ("tcp.options.wscale.shift", 1),
    "SACK_LEFT": ("tcp.options.sack_le", "hex"), "SACK_RIGHT": ("tcp.options.sack_re", "hex"),
    "TIME_VALUE": ("tcp.options.timestamp.tsval", 1),
    "TIME_ECHO": ("tcp.options.timestamp.tsecr", 1),
    "UTO_MINUTES": ("tcp.options.user_to_granularity", 1),
    "UTO_VALUE": ("tcp.options.user_to_val", 1),
    "TEXT_OCTETS": ("tcp.payload", "hex"),
}
# He has no name of their own for these, or reads them only where they mean something to him.
NAMELESS = {"OPTION_NOP", "OPTION_END", "OPTION_PADDING", "OPTION_DATA", "IPV4_OPTIONS",
            "IPV6_EXTENSION", "OTHER_OCTETS", "ETHERNET_TRAILER"}


def tshark(capture, *more):
    done = subprocess.run(["tshark", "-n", "-r", capture, "-o", "tcp.check_checksum:TRUE", "-o",
                           "ip.check_checksum:TRUE", "-o", "ip.defragment:FALSE", *more],
                          capture_output=True, text=True, check=True,
                          env=dict(os.environ, HOME=os.path.dirname(capture)))
    return done.stdout


def packets_of(capture):
    """Of each frame {name: [(position, size, shown, hex)...]}."""
    for packet in xml.etree.ElementTree.fromstring(tshark(capture, "-T", "pdml")).iter("packet"):
        found = {}
        for field in list(packet.iter("field")) + list(packet.iter("proto")):
            found.setdefault(field.get("name"), []).append(
                (int(field.get("pos") or 0), int(field.get("size") or 0), field.get("show"),
                 field.get("value") or ""))
        yield found


def octets_of(pcapng):
    """The frames of a capture in hex."""
    at = 0
    while at < len(pcapng):
        kind, size = struct.unpack_from("<II", pcapng, at)
        if kind == 6:
            length, = struct.unpack_from("<I", pcapng, at + 20)
            yield pcapng[at + 28:at + 28 + length].hex()
        at += size


def differs(name, bit, bits, value, found):
    theirs, unit = NAMES[name]
    there = [(shown, octets) for position, size, shown, octets in found.get(theirs, [])
             if position <= bit // 8 < position + size]
    # The text of a RST is its cause, to him; and an option that he stumbles over ends his reading.
    if not there and name == "TEXT_OCTETS" and found.keys() & {"tcp.reset_cause", "_ws.malformed"}:
        return ""
    if not there:
        return f"the analyst has no {theirs} at octet {bit // 8}"
    SEEN.add(name)
    if unit == "hex":
        ours, there = value.zfill(bits // 4), [octets for _, octets in there]
    else:
        ours, there = int(value, 16) * unit, [int(shown, 0) for shown, _ in there]
    return "" if ours in there else f"{ours}, analyst {there}"


def sums_differ(right, found):
    for what, is_right in zip(("ip", "tcp"), right):
        status = found.get(what + ".checksum.status", [(0, 0, "2", "")])[0][2]
        if status != "2" and (status == "1") != bool(is_right):
            yield f"{what} sum right: {bool(is_right)}, analyst {status}"


def judge(frames, capture):
    done = subprocess.run([FIELDS, "read"], input="\n".join(frames) + "\n", text=True,
                          capture_output=True, check=True)
    ours = [json.loads(line) for line in done.stdout.splitlines()]
    if len(ours) != len(frames):
        yield f"{len(ours)} of {len(frames)} frames were read"
    for number, (frame, said, found) in enumerate(zip(frames, ours, packets_of(capture)), 1):
        is_tcp = any(name == "TCP_SEQ" for name, *_ in said["fields"])
        bit = 0
        for name, start, bits, value in said["fields"]:
            if start != bit:
                yield f"frame {number}: bit {bit} is in no field, or in two"
            bit = start + bits
            if name in NAMELESS:
                continue
            wrong = differs(name, start, bits, value, found)
            if wrong:
                yield f"frame {number}: {name}: {wrong}"
        if bit != len(frame) * 4:
            yield f"frame {number}: {bit} bits of {len(frame) * 4}"
        for wrong in sums_differ(said["right"][:1 + is_tcp], found):
            yield f"frame {number}: {wrong}"


def judge_scene(scene):
    with tempfile.TemporaryDirectory(prefix="woshou-fields-") as folder:
        capture = os.path.join(folder, "capture.pcapng")
        for run in WOSHOU.verdicts(scene)["runs"]:
            for view in ((), ("--view", "li", "--corrupted")):
                try:
                    octets = WOSHOU.export("pcapng", scene, run["variant"], *view)
                except RuntimeError:
                    if view:
                        continue  # nobody in it is called li
                    raise
                with open(capture, "wb") as file:
                    file.write(octets)
                for complaint in judge(list(octets_of(octets)), capture):
                    yield f"{run['variant']} {complaint}"


def judge_sample():
    done = subprocess.run([FIELDS, "sample", "1500"], capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory(prefix="woshou-fields-") as folder:
        capture = os.path.join(folder, "capture.pcap")
        with open(capture, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 1 << 18, 1))
            for line in done.stdout.split():
                frame = bytes.fromhex(line)
                file.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)
        yield from judge(done.stdout.split(), capture)


def judge_names():
    for name in sorted(set(NAMES) - SEEN):
        yield f"no frame has a {name}"


CASES = [(scene, lambda scene=scene: list(judge_scene(scene))) for scene in WOSHOU.scenes()]
tap.run(CASES + [("frames from Linux and from chance", lambda: list(judge_sample())),
                 ("every field that the analyst knows was seen", lambda: list(judge_names()))])
