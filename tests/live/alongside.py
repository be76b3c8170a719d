#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""alongside - the kernel plays with real sockets, our engine performs the same calls, and both
ladders agree in flags, lengths and order. What still differs has a reason that the docs tell.

alongside.py woshou source-tree perform"""
import glob
import json
import os
import re
import signal
import socket
import subprocess
import sys

import ground
import kernel_plays

PERFORM = os.path.abspath(sys.argv[3])
# Options, windows and times may differ; in these plays nothing else may.
AGREE = ["handshake", "echo", "echoes", "close_caller", "close_called", "close_three",
         "close_silent", "refused", "unread", "half_close", "abort", "quit", "wait_close"]
# Windows beyond 65535 make other segments of many octets: explained, row by row.
EXPLAINED = ["bulk"]
# Who is late by a tick of the kernel's clock (4 ms of 40) is answered otherwise, by both rightly.
TRIES = 4


def recorded(name, host):
    """Played in a network of its own: nobody is left there from the play before."""
    file = ground.path(f"{name}-{len(host)}.pcap")
    done = subprocess.run([sys.executable, kernel_plays.__file__, name, file, host], check=False,
                          capture_output=True, timeout=10 * ground.DEADLINE)
    if done.returncode == kernel_plays.FORBIDDEN:
        raise ground.Skip(done.stderr.decode(errors="replace").strip())
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return file


def performed(how, file):
    done = subprocess.run([PERFORM, how, file], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr.decode(errors="replace"))
    return done.stdout.decode()


def unexplained(file):
    found = json.loads(performed("--json", file))
    if not found["rows"]:
        return ["no segments"], found
    return [f"a difference without a reason:\n{performed('--text', file)}"
            for row in found["rows"] if row["reason"] == "UNKNOWN"][:1], found


def agrees(name, host):
    def case():
        ground.enter_private_network()
        for _ in range(TRIES):
            file = recorded(name, host)
            complaints, found = unexplained(file)
            if complaints or found["same"] == len(found["rows"]):
                return complaints
        return [f"they do not agree:\n{performed('--text', file)}"]
    return case


def is_explained(name, host):
    def case():
        ground.enter_private_network()
        return unexplained(recorded(name, host))[0]
    return case


def judge_scene(name, recording):
    """The recording as a scene: no mistakes, laid out, and it passes."""
    file, complaints = ground.path(name + ".scene"), []
    with open(file, "w", encoding="utf-8") as out:
        out.write(performed("--script", recording))
    for command in (["lint"], ["fmt", "--check"], ["run", "--quiet"]):
        done = ground.woshou(*command, file)
        if done.returncode != 0 or (command == ["lint"] and done.stdout + done.stderr):
            complaints.append(f"{command}: {done.stdout.decode()}{done.stderr.decode()}")
    return complaints


def becomes_a_scene(name):
    def case():
        ground.enter_private_network()
        return judge_scene(name, recorded(name, "127.0.0.1"))
    return case


def kept_captures():
    """Of other programs, and of a bad wind (captures.py): all become scenes. Where nothing was
    lost all is explained; behind a loss the two go different ways."""
    complaints = []
    files = glob.glob(os.path.join(ground.ROOT, "tests", "live", "captures", "*.pcap*"))
    files = sorted(name for name in files if not name.endswith(".states"))
    for file in files:
        name = os.path.basename(file)
        complaints += [f"{name}: {c}" for c in judge_scene(name, file)]
        unknown, found = unexplained(file)
        if not any(row["reason"] == "RECOVERY" for row in found["rows"]):
            complaints += [f"{name}: {c}" for c in unknown]
    return complaints if len(files) >= 10 else [f"only {len(files)} captures"]


def served():
    """What `echo serve --plain` tells of three clients: the first closes, the second says q, the
    third closes one half."""
    server = ground.start("echo", "serve", "--plain", "--reuseaddr")
    ground.await_listener(kernel_plays.PORT)
    for words, shuts in ((b"hello\n", False), (b"q\n", False), (b"last words\n" * 100, True)):
        s = ground.dial(kernel_plays.PORT)
        s.sendall(words)
        if words != b"q\n" and ground.read_all(s, len(words)) != words:
            raise AssertionError("the echo is another")
        if shuts:
            s.shutdown(socket.SHUT_WR)
        if shuts or words == b"q\n":
            ground.read_all(s)
        s.close()
    out, err = ground.finish(server, signal.SIGINT)
    text = out.decode()
    if "cannot be captured" in err.decode() or " -> li " not in text:
        raise ground.Skip("the loopback cannot be captured here")
    return text, re.findall(r"^#\d+ (\d+) of (\d+) agree", text, re.M)


def echo_serve():
    ground.enter_private_network()
    for _ in range(TRIES):
        text, sums = served()
        if len(sums) != 3:
            return [f"{len(sums)} conversations beside the engine's:\n{text}"]
        if all(same == count for same, count in sums):
            return []
    return [f"they do not agree:\n{text}"]


def main():
    cases = [(f"{name} on {host}", agrees(name, host))
             for name in AGREE for host in ("127.0.0.1", "::1")]
    cases += [(f"{name} on {host}: each difference has its reason", is_explained(name, host))
              for name in EXPLAINED for host in ("127.0.0.1", "::1")]
    cases += [(f"{name} becomes a scene", becomes_a_scene(name))
              for name in ("echo", "unread", "half_close", "bulk")]
    cases += [("echo serve --plain shows both, and they agree", echo_serve)]
    cases += [("captures of other programs become scenes, and are explained", kept_captures)]
    try:
        ground.run(cases)
    finally:
        ground.clean_up()


if __name__ == "__main__":
    main()
