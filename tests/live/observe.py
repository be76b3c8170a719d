#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""observe.py woshou source-tree observe_tool - what is observed, against what ss and tshark say at
the same moment, with Python, nc, socat and curl as the ones who talk."""
import errno
import json
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ground
from ground import DEADLINE, TOP, Skip, wait_for

TOOL = os.path.abspath(sys.argv[3])
SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
# ss(8)'s names in ours.
STATES = {"ESTAB": "ESTABLISHED", "SYN-SENT": "SYN_SENT", "SYN-RECV": "SYN_RCVD",
          "FIN-WAIT-1": "FIN_WAIT_1", "FIN-WAIT-2": "FIN_WAIT_2", "TIME-WAIT": "TIME_WAIT",
          "CLOSE-WAIT": "CLOSE_WAIT", "LAST-ACK": "LAST_ACK", "LISTEN": "LISTEN",
          "CLOSING": "CLOSING"}


def deafen(s):
    """Nothing reaches this socket any more: a classic BPF program that says 0."""
    program = struct.pack("HBBI", 6, 0, 0, 0)
    memory = (ground.ctypes.c_char * len(program)).from_buffer_copy(program)
    s.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                 struct.pack("HxxxxxxP", 1, ground.ctypes.addressof(memory)))


def hear(s):
    s.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, struct.pack("i", 0))


def listener(host="127.0.0.1", backlog=5):
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    s.bind((host, 0))
    s.listen(backlog)
    return s, s.getsockname()[1]


def pair(host="127.0.0.1"):
    server, port = listener(host)
    caller = ground.dial(port, host)
    called = server.accept()[0]
    return server, port, caller, called


def look(port):
    done = subprocess.run([TOOL, "look", str(port)], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def ss(port):
    """The same, from ss: (state, self, peer) -> (queues, timer, milliseconds, retransmissions)."""
    done = subprocess.run(["ss", "-tano", f"( sport = :{port} or dport = :{port} )"],
                          capture_output=True, text=True, check=True)
    rows = {}
    for line in done.stdout.splitlines()[1:]:
        word = line.split()
        state, receive, send, own, peer = word[:5]
        timer = re.search(r"timer:\((\w+),([\w.]*),(\d+)\)", line)
        peer = "*" if peer.endswith(":*") else peer
        own, peer = (e.replace("[::ffff:", "").replace("]:", ":") if "::ffff" in e else e
                     for e in (own, peer))
        rows[STATES[state], own, peer] = (
            int(receive), int(send), timer.group(1) if timer else "",
            milliseconds(timer.group(2)) if timer else 0, int(timer.group(3)) if timer else 0)
    return rows


def milliseconds(text):
    """'59sec', '1.234ms'..: ss writes 1min5sec, 5.123sec... and 210ms."""
    found = re.fullmatch(r"(?:(\d+)min)?(?:([\d.]+?)(ms|sec|\.)?)?", text)
    minutes, number, unit = found.groups()
    value = float(number.rstrip(".") or 0) if number else 0
    return int(minutes or 0) * 60000 + value * (1 if unit == "ms" else 1000)


def compare(port):
    """Complaints about one moment; nothing may change between the two looks."""
    ours, theirs = look(port), ss(port)
    complaints = []
    mine = {(s["state"], s["self"], s["peer"]): s for s in ours}
    for key in set(mine) ^ set(theirs):
        complaints.append(f"{key} is told by {'us' if key in mine else 'ss'} only")
    for key in set(mine) & set(theirs):
        s, t = mine[key], theirs[key]
        if (s["rq"], s["sq"], s["timer"], s["retransmits"]) != (t[0], t[1], t[2], t[4]):
            complaints.append(f"{key}: {s} here, {t} there")
        # ss was a little later, and rounds to seconds where there are many.
        if abs(s["left"] / 1000 - t[3]) > 5000:
            complaints.append(f"{key}: {s['left']} us left here, {t[3]} ms there")
    return complaints


def same_as_ss(port, wanted):
    """Until these states are there and both agree."""
    def agreed():
        states = sorted(s["state"] for s in look(port))
        return states == sorted(wanted) and not compare(port)
    try:
        wait_for(agreed, "")
    except AssertionError:
        return [f"wanted {sorted(wanted)}"] + [str(s) for s in look(port)] + compare(port)
    return []


def every_state_is_what_ss_says():
    ground.enter_private_network()
    ground.need("ss")
    complaints = []
    for host in "127.0.0.1", "::1":
        server, port = listener(host, 3)
        complaints += same_as_ss(port, ["LISTEN"])
        caller = ground.dial(port, host)
        complaints += same_as_ss(port, ["LISTEN", "ESTABLISHED", "ESTABLISHED"])
        called = server.accept()[0]
        caller.sendall(b"unread")
        caller.shutdown(socket.SHUT_WR)
        complaints += same_as_ss(port, ["LISTEN", "FIN_WAIT_2", "CLOSE_WAIT"])
        deafen(caller)
        called.shutdown(socket.SHUT_WR)
        complaints += same_as_ss(port, ["LISTEN", "FIN_WAIT_2", "LAST_ACK"])
        hear(caller)
        complaints += same_as_ss(port, ["LISTEN", "TIME_WAIT"])
        for s in server, caller, called:
            s.close()
    return complaints


def every_other_state_is_what_ss_says():
    ground.enter_private_network()
    ground.need("ss")
    complaints = []
    server, port = listener()
    deafen(server)
    caller = socket.socket()
    caller.setblocking(False)
    if caller.connect_ex(("127.0.0.1", port)) != errno.EINPROGRESS:
        complaints.append("the SYN was heard")
    complaints += same_as_ss(port, ["LISTEN", "SYN_SENT"])
    caller.close()
    hear(server)
    caller = socket.socket()
    caller.setblocking(False)
    deafen(caller)
    caller.connect_ex(("127.0.0.1", port))
    complaints += same_as_ss(port, ["LISTEN", "SYN_SENT", "SYN_RCVD"])
    caller.close()
    server.close()
    server, port, caller, called = pair()
    deafen(called)
    caller.shutdown(socket.SHUT_WR)
    called.shutdown(socket.SHUT_WR)
    complaints += same_as_ss(port, ["LISTEN", "CLOSING", "FIN_WAIT_1"])
    server.close()
    server, port, caller, called = pair("::ffff:127.0.0.1")
    caller.close()
    complaints += same_as_ss(port, ["LISTEN", "FIN_WAIT_2", "CLOSE_WAIT"])
    if not [s for s in look(port) if s["fin_wait_2"] and s["orphan"]]:
        complaints.append("FIN_WAIT_2 of nobody is not told as such")
    return complaints


class Watch:
    """The observer, in the background: what it said last of each conversation."""

    def __init__(self, port, *words, host="127.0.0.1", **options):
        self.process = subprocess.Popen([TOOL, "watch", host, str(port), *words], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self.conversations, self.said, self.segments = {}, [], {}
        self.listener = {"waiting": 0, "count": 0}
        self.lack = json.loads(self.process.stdout.readline())
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            self.said.append(said)
            if "id" in said:
                self.conversations[said["id"]] = said
            elif "listens" in said:
                self.listener = said
            elif "segment" in said:
                self.segments.setdefault(said["segment"], []).append(said)

    def states(self, number):
        said = self.conversations.get(number)
        return said and tuple(e["state"] for e in said["ends"])

    def await_states(self, number, *states):
        wait_for(lambda: self.states(number) == states,
                 f"{states} of {number}, it is {self.states(number)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(DEADLINE)
        finally:
            self.process.kill()
        self.reader.join(DEADLINE)


class Tshark:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.communicate(timeout=DEADLINE)

    def __init__(self, port):
        self.path = ground.path(f"{port}.pcapng")
        self.process = subprocess.Popen(["tshark", "-q", "-i", "lo", "-f", f"tcp port {port}",
                                         "-w", self.path], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "Capture started" in line:  # "Capturing on" comes earlier, when nothing is heard yet
                break

    def segments(self, at_least):
        """Of each tcp.stream, once that many have been written."""
        fields = ["tcp.stream", "tcp.srcport", "tcp.flags", "tcp.len", "tcp.window_size_value"]

        def rows():
            done = subprocess.run(["tshark", "-r", self.path, "-T", "fields"]
                                  + [word for f in fields for word in ("-e", f)],
                                  capture_output=True, text=True, check=False)
            found = [line.split("\t") for line in done.stdout.splitlines()]
            return found if len(found) >= at_least else None
        found = wait_for(rows, f"{at_least} segments in tshark's file")
        streams = {}
        for stream, port, flags, length, window in found:
            streams.setdefault(int(stream), []).append(
                (int(port), int(flags, 16), int(length), int(window)))
        return streams


def echo_until_quit(server, count):
    """A Python server as everybody writes it first."""
    def serve():
        for _ in range(count):
            s = server.accept()[0]
            while True:
                got = s.recv(4096)
                if not got or got.strip() == b"q":
                    break
                s.sendall(got)
            s.close()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread


TALKERS = [
    ("nc", lambda p: ["nc", "-N", "127.0.0.1", p], b"hello\n"),
    ("socat", lambda p: ["socat", "-", f"TCP4:127.0.0.1:{p}"], b"hello\n"),
    ("curl", lambda p: ["curl", "-sN", f"telnet://127.0.0.1:{p}"], b"hello\nq\n"),
    ("python3", lambda p: [sys.executable, "-c", "import socket,sys\n"
                           f"s=socket.create_connection(('127.0.0.1',{p}))\n"
                           "s.sendall(b'hello');s.recv(99);s.sendall(b'q');s.recv(99)"], b""),
]


def each_segment_is_tshark_s():
    ground.enter_private_network()
    ground.need("tshark", *[name for name, _, _ in TALKERS])
    complaints = []
    server, port = listener()
    with Tshark(port) as tshark, Watch(port, "drop") as watch:
        if "libpcap" in watch.lack["en"]:
            raise Skip(watch.lack["en"])
        if watch.lack["no_capture"]:
            return [f"no capture in a private network: {watch.lack}"]
        serving = echo_until_quit(server, len(TALKERS))
        for number, (name, command, said) in enumerate(TALKERS, 1):
            talker = subprocess.Popen(command(str(port)), stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)
            for line in said.splitlines(keepends=True):
                talker.stdin.write(line)
                talker.stdin.flush()
                if line != b"q\n" and not select.select([talker.stdout], [], [], DEADLINE)[0]:
                    talker.kill()
                    return [f"{name} shows no echo"]
            talker.communicate(timeout=DEADLINE)
            wait_for(lambda: set(watch.states(number) or ()) == {"TIME_WAIT", "CLOSED"},
                     f"the end of {name}'s conversation")
        serving.join(DEADLINE)
        count = sum(c["segments"] for c in watch.conversations.values())
        theirs = tshark.segments(count)
    for number, (name, _, _) in enumerate(TALKERS, 1):
        ours = [(s["from"], s["flags"], s["length"], s["window"]) for s in watch.segments[number]]
        other = theirs.get(number - 1, [])
        if ours != other:
            complaints.append(f"{name}: {ours}\n#   tshark: {other}")
    if watch.said[-1] != {"missed": 0}:
        complaints.append(f"{watch.said[-1]}")
    return complaints


def nobody(**options):
    """As uid 65534, with no way back."""
    if os.geteuid() != 0:
        return options
    if subprocess.run(["test", "-x", TOOL], user=65534, group=65534, check=False).returncode:
        raise Skip("the build folder is not for everybody")
    return {"user": 65534, "group": 65534, "extra_groups": [], **options}


def nobody_sees_states_and_reads_what_is_missing():
    complaints = []
    as_nobody = nobody()
    server, port = listener()
    with Watch(port, **as_nobody) as watch:
        for lang, words in (("en", ("sudo", "setcap cap_net_raw+ep", "woshou echo lab")),
                            ("zh", ("sudo", "setcap cap_net_raw+ep", "woshou echo lab", "抓包"))):
            complaints += [f"{lang} says nothing of {w}: {watch.lack[lang]}" for w in words
                           if w not in watch.lack[lang] and "libpcap" not in watch.lack[lang]]
        if not watch.lack["no_capture"] or watch.lack["no_states"]:
            complaints.append(f"what is missing: {watch.lack}")
        caller = ground.dial(port)
        called = server.accept()[0]
        watch.await_states(1, "ESTABLISHED", "ESTABLISHED")
        caller.sendall(b"hello")
        caller.shutdown(socket.SHUT_WR)
        watch.await_states(1, "FIN_WAIT_2", "CLOSE_WAIT")
        wait_for(lambda: watch.conversations[1]["ends"][1]["unread"] == 5, "5 octets unread")
        if watch.conversations[1]["ends"][0]["octets"] != 5:
            complaints.append(f"{watch.conversations[1]}")
        called.recv(99)
        called.close()
        watch.await_states(1, "TIME_WAIT", "CLOSED")
    if watch.segments:
        complaints.append("segments that nobody can have seen")
    return complaints


def a_lab_needs_no_privilege():
    as_nobody = nobody(stderr=subprocess.PIPE)
    process = subprocess.run([TOOL, "watch", "127.0.0.1", "8888", "lab"], input="", text=True,
                             stdout=subprocess.PIPE, check=False, **as_nobody)
    if process.returncode == 3:
        raise Skip(process.stderr.strip())
    lack = json.loads(process.stdout.splitlines()[0])
    if lack["no_capture"] and "libpcap" in lack["en"]:
        raise Skip(lack["en"])
    return [] if not lack["no_capture"] and lack["uid"] == 0 else [f"{lack}"]


FAULTY = """
import socket, sys
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(5)
print(server.getsockname()[1], flush=True)
client, _ = server.accept()
while True:
    line = client.recv(1024)
    if line.strip() == b"q":
        break
    client.send(line)
"""


def the_faulty_server_is_seen_to_spin():
    """It never looks whether recv() gave nothing: CLOSE_WAIT for ever, at full speed."""
    ground.enter_private_network()
    server = subprocess.Popen([sys.executable, "-c", FAULTY], stdout=subprocess.PIPE, text=True)
    port = int(server.stdout.readline())
    try:
        with Watch(port, "drop") as watch:
            caller = ground.dial(port)
            caller.sendall(b"hello\n")
            ground.read_all(caller, 6)
            caller.close()
            watch.await_states(1, "FIN_WAIT_2", "CLOSE_WAIT")
            end = wait_for(lambda: watch.conversations[1]["ends"][1]
                           if watch.conversations[1]["ends"][1]["cpu"] >= 2 else None,
                           "it takes processor time")
        with open(f"/proc/{server.pid}/comm", encoding="utf-8") as comm:
            program = comm.read().strip()
    finally:
        server.kill()
        server.wait()
    return [] if (end["pid"], end["program"]) == (server.pid, program) else [f"{end}, {program}"]


def resets_end_a_conversation():
    ground.enter_private_network()
    complaints = []
    for words in ("drop",), ("no-capture",):
        server, port, caller, called = pair()
        with Watch(port, *words) as watch:
            watch.await_states(1, "ESTABLISHED", "ESTABLISHED")
            caller.sendall(b"nobody reads this")
            wait_for(lambda: watch.conversations[1]["ends"][1]["unread"] == 17, "17 unread")
            called.close()  # with unread data: RST (RFC 9293 3.6.1, RFC 2525 2.17)
            wait_for(lambda: watch.conversations[1]["ended"], "the end")
            if watch.states(1) != ("CLOSED", "CLOSED"):
                complaints.append(f"{words}: {watch.states(1)}")
        if not watch.lack["no_capture"] and not watch.segments[1][-1]["flags"] & 4:
            complaints.append(f"the last segment is no RST: {watch.segments[1][-1]}")
        if look(port) != [s for s in look(port) if s["state"] == "LISTEN"]:
            complaints.append(f"{words}: {look(port)}")
    return complaints


def a_crowd_is_bounded():
    ground.enter_private_network()
    server, port = listener(backlog=1500)
    callers = []
    with Watch(port, "drop") as watch:
        for _ in range(1500):
            callers.append(ground.dial(port))
        wait_for(lambda: watch.listener["waiting"] == 1500, "1500 wait to be accepted")
        if watch.listener["count"] > 64:
            return [f"{watch.listener}"]
        with open(f"/proc/{watch.process.pid}/status", encoding="ascii") as status:
            rss = int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))
        for s in callers:
            s.close()
    return [] if rss < 200 * 1024 else [f"{rss} KiB"]


if __name__ == "__main__":
    ground.run([
        ("nobody sees states, and reads what is missing",
         nobody_sees_states_and_reads_what_is_missing),
        ("a lab needs no privilege", a_lab_needs_no_privilege),
        ("every state is what ss says", every_state_is_what_ss_says),
        ("every other state is what ss says", every_other_state_is_what_ss_says),
        ("each segment is tshark's, of four programs", each_segment_is_tshark_s),
        ("the faulty server is seen to spin in CLOSE_WAIT", the_faulty_server_is_seen_to_spin),
        ("a reset ends a conversation", resets_end_a_conversation),
        ("a crowd is bounded", a_crowd_is_bounded),
    ])
