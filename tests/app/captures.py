#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""captures.py WOSHOU ROOT - captures from elsewhere on the command line: which connections there
are, how one is chosen, what is said of files that cannot be opened; and that connections are
numbered as tshark numbers them, whatever comes in whatever order."""
import gzip
import os
import random
import shutil
import struct
import subprocess
import sys

import program
from program import ROOT, SCENE, expect, on_terminal, path, woshou

sys.path.insert(0, os.path.join(ROOT, "tests", "tidy"))
from tap import Skip, run  # noqa: E402

FOLDER = os.path.join(ROOT, "tests", "live", "captures")
ONE = os.path.join(FOLDER, "python-caller.pcap")
OTHER = os.path.join(FOLDER, "python-ipv6-called.pcapng")
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
RAW, RADIOTAP = 101, 127


def ip(source, target, protocol, payload):
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0,
                       bytes([10, 0, 0, source]), bytes([10, 0, 0, target])) + payload


def tcp(source, target, ports, number, ack, control, text=b""):
    return ip(source, target, 6,
              struct.pack(">HHIIHHHH", *ports, number, ack, 5 << 12 | control, 1000, 0, 0) + text)


def pcap(frames, link=RAW):
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    for i, frame in enumerate(frames):
        out += struct.pack("<IIII", 1700000000 + i // 100, i % 100 * 10000, len(frame), len(frame))
        out += frame
    return out


def many(n):
    """n connections that are refused."""
    frames = []
    for i in range(n):
        frames.append(tcp(1, 2, (1000 + i, 80), 100, 0, SYN))
        frames.append(tcp(2, 1, (80, 1000 + i), 0, 101, RST | ACK))
    return pcap(frames)


def case_one():
    complaints = []
    for file in (ONE, OTHER):
        with open(file, "rb") as octets:
            piped = octets.read()
        direct = woshou("export", "--to", "ladder", file)
        complaints += expect(direct, 0, ["SYN_SENT", "FIN_WAIT_1", "connect("])
        complaints += expect(woshou("tell", file), 0, ["Zhang San"])
        through = woshou("export", "--to", "ladder", "-", stdin=piped)
        if through.stdout != direct.stdout:
            complaints.append("standard input gives another ladder")
        complaints += expect(woshou("diff", file, file), 0)
    return complaints + expect(woshou("diff", ONE, OTHER), 1)


def case_several():
    file = path("many.pcap", many(25))
    complaints = expect(woshou("tell", file), 2, err=["holds 25 connections", "--connection N",
                                                      "--filter", "#20 10.0.0.1:1019",
                                                      "and 5 more"])
    for last in ("25", "#25"):
        complaints += expect(woshou("export", "--to", "jsonl", "--connection", last, file), 0,
                             ['"ports":[1024,80]'])
    for wrong in ("0", "26", "99999999999999999999", "-1", "some", ""):
        complaints += expect(woshou("tell", "--connection", wrong, file), 2, err=["25"])
    everything = woshou("export", "--to", "jsonl", "--connection", "all", file)
    complaints += expect(everything, 0, ['"ports":[1000,80]', '"ports":[1024,80]'])
    two = woshou("export", "--to", "jsonl", "--filter", "port 1003 or tcp.stream == 7", file)
    complaints += expect(two, 0, ['"ports":[1003,80]', '"ports":[1007,80]'])
    if b'"ports":[1004,80]' in two.stdout:
        complaints.append("a filter lets too much through")
    both = woshou("export", "--to", "jsonl", "--filter", "port 80", "--connection", "4", file)
    if b'"ports":[1003,80]' not in both.stdout or b'"ports":[1004,80]' in both.stdout:
        complaints.append("--filter and --connection do not hold together")
    complaints += expect(woshou("tell", "--filter", "port 9", file), 2, err=["none of its 25"])
    complaints += expect(woshou("tell", "--filter", "port 80 adn reset", file), 2,
                         err=["--filter:1:9", "port 80 adn reset", "        ^~~"])
    for command in (["tell"], ["export", "--to", "ladder"]):
        complaints += expect(woshou(*command, "--connection", "1", SCENE), 2, err=["no capture"])
    return complaints


def case_refused():
    with open(ONE, "rb") as octets:
        good = octets.read()
    big = struct.pack("<IIII", 1, 1, 0xFFFFFFFF, 0xFFFFFFFF)
    return (
        expect(woshou("tell", path("a.gz", gzip.compress(good))), 2, err=["gzip", "gunzip"]) +
        expect(woshou("tell", path("a.pcap", "hello")), 2, err=["no capture"]) +
        expect(woshou("tell", path("b.pcapng", "")), 2, err=["no capture"]) +
        expect(woshou("tell", path("c", good[:10])), 2, err=["within its own header"]) +
        expect(woshou("tell", path("d", pcap([]))), 2, err=["without a frame"]) +
        expect(woshou("tell", path("e", pcap([b"abc"], RADIOTAP))), 2, err=["Wi-Fi", "Ethernet"]) +
        expect(woshou("tell", path("f", pcap([ip(1, 2, 17, b"udp")]))), 2, err=["no TCP in it"]) +
        expect(woshou("tell", path("g", good[:-5])), 0, ["Zhang San"], ["ends within frame"]) +
        expect(woshou("tell", path("h", good + big)), 0, ["Zhang San"], ["cannot be right"]))


def case_again():
    """What is exported as pcapng is opened again, and is the same conversation."""
    out = path("again.pcapng")
    complaints = expect(woshou("export", "--to", "pcapng", "-o", out, ONE), 0)
    first, second = (woshou("export", "--to", "jsonl", name).stdout.decode() for name in (ONE, out))
    sent = [[line.split('"seg":')[1] for line in text.splitlines() if '"kind":"send"' in line]
            for text in (first, second)]
    if not sent[0] or sent[0] != sent[1]:
        complaints.append("other segments than before")
    return complaints


def nonsense(seed, frames):
    """Segments that no TCP would send, between few ends; and ICMP errors about some."""
    chance, out = random.Random(seed), []
    for _ in range(frames):
        ends = chance.choice([(1, 2), (2, 1)])
        ports = chance.choice([(1000, 80), (80, 1000), (1001, 80), (1000, 1000)])
        control = chance.choice([SYN, SYN | ACK, ACK, ACK, ACK | PSH, FIN | ACK, RST, RST | ACK, 0])
        out.append(tcp(*ends, ports, chance.choice([100, 100, 200, 300]),
                       chance.choice([101, 201, 301]), control, b"x" * chance.choice([0, 0, 5])))
        if chance.random() < 0.05:
            quoted = tcp(*ends, (chance.choice([1000, 2000]), 80), 100, 0, SYN)
            out.append(ip(ends[1], ends[0], 1, struct.pack(">BBHI", 3, 1, 0, 0) + quoted))
    return pcap(out)


def streams(file):
    """How many segments of each tcp.stream tshark finds."""
    done = subprocess.run(["tshark", "-r", file, "-Y", "tcp", "-T", "fields", "-e", "tcp.stream",
                           "-e", "icmp.type"], capture_output=True, check=True)
    found = {}
    for line in done.stdout.decode().splitlines():
        stream, icmp = line.split("\t")
        found[int(stream)] = found.get(int(stream), 0) + (icmp == "")
    return found


def case_numbers():
    if not shutil.which("tshark"):
        raise Skip("there is no tshark")
    complaints = []
    for seed in range(6):
        file = path(f"nonsense{seed}.pcap", nonsense(seed, 300))
        wanted = streams(file)
        for stream, segments in wanted.items():
            done = woshou("tell", "--filter", f"tcp.stream == {stream} and segments == {segments}",
                          file)
            # Of what only an ICMP error quotes there is nothing to show, but it has its number.
            is_found = done.returncode == 0 if segments else b"nothing can be shown" in done.stderr
            if not is_found:
                complaints.append(f"seed {seed}: tcp.stream {stream} has {segments} segments: "
                                  f"{done.stderr.decode()[:200]}")
        more = woshou("tell", "--filter", f"tcp.stream == {len(wanted)}", file)
        if more.returncode == 0:
            complaints.append(f"seed {seed}: more than {len(wanted)} connections")
    return complaints


def case_stage():
    """One is played at once; of several one is chosen, played, and then another."""
    shown, status = on_terminal(["play", ONE], [b"q"])
    complaints = [] if status == 0 else [f"exit {status}: {shown[-300:]}"]
    file = path("stage.pcap", many(300))
    for keys, words in (([b"\r", b"q", b"q"], [b"300 connections", b"stage.pcap #1"]),
                        ([b"/port 1017\r", b"\r", b"q", b"q"], [b"1 connection of 300", b"#18"]),
                        ([b"123", b"\r", b"q", b"q"], [b"#123"]),
                        ([b"q"], [b"300 connections"])):
        shown, status = on_terminal(["play", file], keys)
        if status != 0:
            complaints.append(f"{keys}: exit {status}: {shown[-300:]}")
        for word in words:
            if word not in shown.replace(b"\x1b[C", b" "):
                complaints.append(f"{keys}: no '{word}' in {shown[-600:]}")
    return complaints


if __name__ == "__main__":
    try:
        run([("a capture of one connection is opened", case_one),
             ("of several connections some are chosen", case_several),
             ("what cannot be opened says why", case_refused),
             ("an exported capture is opened again", case_again),
             ("connections are numbered as tshark numbers them", case_numbers),
             ("the stage plays what is chosen from the list", case_stage)])
    finally:
        program.clean_up()
