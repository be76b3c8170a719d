# SPDX-License-Identifier: MIT
"""echo.py WOSHOU SOURCE - programs that are not ours talk to `echo serve`, `echo call` talks
to servers that it did not write, and what it shows is what `ss` and tshark see at that moment."""
import os
import re
import signal
import socket
import subprocess
import threading

import ground
from ground import (DEADLINE, Skip, await_listener, clean_up, dial, enter_private_network, finish,
                    need, path, read_all, run, start, wait_for, woshou)

PORT = 8888
FLAGS = ((0x02, "S"), (0x01, "F"), (0x04, "R"), (0x08, "P"), (0x10, "."))
SEGMENT = re.compile(r"^#(\d+) +[\d.]+ +(\w+) +-> (\w+) +([SFRPWE.]+) +(\d+):(\d+)\((\d+)\)", re.M)


class Capture:
    """tshark on the loopback while something happens."""

    def __init__(self, port=PORT):
        need("tshark", "dumpcap")
        self.file = path(f"seen-{port}-{id(self)}.pcapng")
        self.process = subprocess.Popen(
            ["dumpcap", "-q", "-i", "lo", "-f", f"tcp port {port}", "-w", self.file],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        line = b""
        while b"File:" not in line:
            line = self.process.stderr.readline()
            if not line:
                raise Skip("dumpcap cannot capture here")

    def segments(self, server_port=PORT):
        """(who, flags, sequence number, length) of each, by the analyst's own reading."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(DEADLINE)
        done = subprocess.run(
            ["tshark", "-r", self.file, "-o", "tcp.relative_sequence_numbers:FALSE", "-T", "fields",
             "-e", "tcp.srcport", "-e", "tcp.flags", "-e", "tcp.seq", "-e", "tcp.len"],
            capture_output=True, text=True, check=True)
        found = []
        for line in done.stdout.split("\n"):
            if line:
                port, flags, seq, length = line.split("\t")
                flags = int(flags, 16)
                found.append(("li" if int(port) == server_port else "zhang",
                              "".join(c for bit, c in FLAGS if flags & bit), int(seq), int(length)))
        return found


def segments_told(text, conversation=1):
    return [(who, "".join(c for _, c in FLAGS if c in flags), int(seq), int(length))
            for number, who, _, flags, seq, _, length in SEGMENT.findall(text)
            if int(number) == conversation]


def states(port=PORT):
    """(local port, state, peer's port) of every socket that `ss` shows with this port."""
    done = subprocess.run(["ss", "-Htan", f"( sport = :{port} or dport = :{port} )"],
                          capture_output=True, text=True, check=True)
    rows = [row.split() for row in done.stdout.split("\n") if row]
    return [(int(row[3].rsplit(":", 1)[1]), row[0], row[4].rsplit(":", 1)[1]) for row in rows]


def by_python():
    with dial(PORT) as s:
        s.sendall(b"one\n")
        read_all(s, 4)
        s.shutdown(socket.SHUT_WR)
        return read_all(s)


def by_program(*arguments, text=b"one\n"):
    done = subprocess.run(arguments, input=text, capture_output=True, timeout=DEADLINE, check=False)
    return done.stdout


CLIENTS = {
    "python": lambda: b"one\n" + by_python(),
    "nc": lambda: by_program("nc", "-N", "127.0.0.1", str(PORT)),
    "socat": lambda: by_program("socat", "-t", "30", "-", f"TCP:127.0.0.1:{PORT}"),
    # curl never sends a FIN of its own accord: q is how one leaves.
    "curl": lambda: by_program("curl", "-s", f"telnet://127.0.0.1:{PORT}", text=b"one\nq\n"),
}


def serve_one(name):
    def case():
        enter_private_network()
        need("ss", *([name] if name != "python" else []))
        before = states()
        capture = Capture()
        server = start("echo", "serve", "--plain", "--reuseaddr")
        await_listener(PORT)
        echoed = CLIENTS[name]()
        # Whoever has said goodbye first is in TIME-WAIT for the kernel; both agree who it is.
        mourner = wait_for(lambda: [s[0] for s in states() if s[1] == "TIME-WAIT" and
                                    s not in before], "nobody mourns")
        out, err = finish(server, signal.SIGTERM)
        told = out.decode()
        complaints = []
        if echoed != b"one\n":
            complaints.append(f"echoed {echoed!r}")
        if segments_told(told) != capture.segments():
            complaints.append(f"told {segments_told(told)}: {told}")
        who = "li" if mourner[-1] == PORT else "zhang"
        if not re.search(rf"; (.*; )?{who} [^;]*TIME_WAIT|{who} .*; [^;]*TIME_WAIT", told):
            complaints.append(f"{who} mourns, and it is not told: {told}")
        if server.returncode != 0 or err:
            complaints.append(f"exit {server.returncode}: {err.decode()}")
        return complaints
    return case


class Story:
    """A server of Python's: one client, each line back; what it heard is kept."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard = b""
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        client, _ = self.socket.accept()
        client.settimeout(DEADLINE)
        with client:
            while True:
                octets = client.recv(1024)
                if not octets:
                    return
                self.heard += octets
                client.sendall(octets)


def case_call_python():
    enter_private_network()
    server = Story()
    capture = Capture(server.port)
    done = woshou("echo", "call", "--plain", "127.0.0.1", str(server.port), stdin=b"one\ntwo\n")
    told = done.stdout.decode()
    server.thread.join(DEADLINE)
    complaints = [] if server.heard == b"one\ntwo\n" else [f"it heard {server.heard!r}"]
    if segments_told(told) != capture.segments(server.port):
        complaints.append(f"told {segments_told(told)}: {told}")
    for word in ("< one ", "< two ", " ms"):
        if word not in told:
            complaints.append(f"no '{word}' in: {told}")
    if done.returncode != 0 or done.stderr:
        complaints.append(f"exit {done.returncode}: {done.stderr.decode()}")
    return complaints


def case_call_disobeyed():
    """A line of a pipe that cannot be obeyed is told by the exit status; the others are said."""
    enter_private_network()
    server = Story()
    done = woshou("echo", "call", "--plain", "127.0.0.1", str(server.port),
                  stdin=b":linger soon\none\n:abrot\n")
    server.thread.join(DEADLINE)
    complaints = [] if server.heard == b"one\n" else [f"it heard {server.heard!r}"]
    for word in (":linger takes seconds", "did you mean :abort?"):
        if word not in done.stderr.decode():
            complaints.append(f"no '{word}' in: {done.stderr.decode()}")
    return complaints + ([] if done.returncode == 2 else [f"exit {done.returncode}"])


def case_call_socat():
    enter_private_network()
    need("socat")
    server = subprocess.Popen(["socat", f"TCP-LISTEN:{PORT},reuseaddr", "PIPE"])
    await_listener(PORT)
    capture = Capture()
    done = woshou("echo", "call", "--plain", "--count", "3", "--interval", "1ms", "--size", "100B")
    told = done.stdout.decode()
    server.wait(DEADLINE)
    complaints = []
    if segments_told(told) != capture.segments():
        complaints.append(f"told {segments_told(told)}: {told}")
    if len(re.findall(r"^< ", told, re.M)) != 3:
        complaints.append(f"not three echoes: {told}")
    if done.returncode != 0 or done.stderr:
        complaints.append(f"exit {done.returncode}: {done.stderr.decode()}")
    return complaints


def case_refused():
    enter_private_network()
    done = woshou("echo", "call", "--plain", "127.0.0.1", "9", stdin=b"")
    told = done.stdout.decode()
    complaints = [] if done.returncode == 1 else [f"exit {done.returncode}"]
    flags = [flags for _, flags, _, _ in segments_told(told)]
    if flags != ["S", "R."]:
        complaints.append(f"{flags}: {told}")
    if "ECONNREFUSED" not in told:
        complaints.append(f"not refused: {told}")
    return complaints


def case_states_at_the_moment():
    """Each state while it lasts: what the recording says last of each end is what `ss` says."""
    enter_private_network()
    need("ss")
    listener = socket.create_server(("127.0.0.1", PORT))
    # What is saved when it ends, is what there is.
    complaints = []
    watcher = start("echo", "watch", str(PORT), "--plain", "--save", "moment.jsonl")
    wait_for(lambda: watcher.stdout.readline(), "it says what it watches")
    client = dial(PORT)
    server, _ = listener.accept()
    client.sendall(b"unread")
    client.shutdown(socket.SHUT_WR)
    wait_for(lambda: {s for _, s, _ in states()} >= {"FIN-WAIT-2", "CLOSE-WAIT"}, "half closed")
    # The watcher, too, has seen it when it prints it.
    told = b""
    while b"CLOSE_WAIT" not in told or b"FIN_WAIT_2" not in told:
        line = watcher.stdout.readline()
        if not line:
            break
        told += line
    out, err = finish(watcher, signal.SIGTERM)
    told = (told + out).decode()
    last = {}
    with open(path("moment.jsonl"), encoding="utf-8") as file:
        import json
        for line in file:
            record = json.loads(line)
            if record.get("kind") == "state":
                last[record["host"]] = record["to"]
    if sorted(last.values()) != ["CLOSE_WAIT", "FIN_WAIT_2"]:
        complaints.append(f"the last states are {last}: {told}")
    if watcher.returncode != 0 or err:
        complaints.append(f"exit {watcher.returncode}: {err.decode()}")
    for s in (client, server, listener):
        s.close()
    return complaints


def case_recordings():
    """The three files that are saved: each opens, and tells the same segments."""
    enter_private_network()
    server = start("echo", "serve", "--plain", "--reuseaddr", "--save", "talk.jsonl", "--save",
                   "talk.pcapng", "--save", "talk.scene")
    await_listener(PORT)
    by_python()
    out, err = finish(server, signal.SIGTERM)
    told = segments_told(out.decode())
    complaints = [err.decode()] if err else []
    for name in ("talk.jsonl", "talk.pcapng"):
        done = woshou("export", "--to", "ladder", name)
        ladder = segments_told(re.sub(r"^", "#1 ", done.stdout.decode(), flags=re.M))
        if ladder != told or done.returncode != 0:
            complaints.append(f"{name}: {done.stderr.decode()} {ladder} instead of {told}")
    for command in (["lint"], ["fmt", "--check"], ["run", "--quiet"]):
        done = woshou(*command, "talk.scene")
        if done.returncode != 0:
            complaints.append(f"{command}: {done.stdout.decode()}{done.stderr.decode()}")
    return complaints


def case_lab():
    enter_private_network()
    program = ("import socket; s = socket.create_connection(('127.0.0.1', 8888)); "
               "s.sendall(b'hi\\n'); print(s.recv(9))")
    done = woshou("echo", "lab", "--plain", "--sysctl", "net.ipv4.tcp_fin_timeout=7", "--",
                  "python3", "-c", program +
                  "; print(open('/proc/sys/net/ipv4/tcp_fin_timeout').read())")
    told = done.stdout.decode()
    complaints = [] if done.returncode == 0 else [f"exit {done.returncode}: {done.stderr.decode()}"]
    for word in ("b'hi\\n'", "\n7\n"):
        if word not in told:
            complaints.append(f"no {word!r} in: {told}")
    if not segments_told(told):
        complaints.append(f"no segments: {told}")
    return complaints


def case_lab_ended():
    """Whoever ends it from outside ends the command, too."""
    enter_private_network()
    lab = start("echo", "lab", "--plain", "--", "sh", "-c", "echo $$; exec sleep 1000")
    line = b""
    while not re.fullmatch(rb"\d+\n", line):
        line = lab.stdout.readline()
        if not line:
            return ["the command did not begin"]
    finish(lab, signal.SIGTERM)
    gone = wait_for(lambda: not os.path.exists(f"/proc/{int(line)}"), "the command stays behind")
    return [] if gone and lab.returncode == 1 else [f"exit {lab.returncode}"]


def case_wrong_calls():
    """Wrong is wrong, 2; and it is said before anything begins."""
    complaints = []
    for arguments, word in ((("serve", "--port", "70000"), "65535"),
                            (("serve", "--backlog", "99999999999"), "--backlog"),
                            (("serve", "--plain", "--save", "/nowhere/a.jsonl"), "/nowhere"),
                            (("serve", "--save", "a.jsonl", "--save", "a.jsonl"), "twice"),
                            (("serve", "--save", "a.txt"), ".scene"),
                            (("call", "--size", "5"), "--count"), (("call", "a", "b"), "65535"),
                            (("watch", "0"), "65535"), (("srve",), "serve")):
        done = woshou("echo", *arguments)
        if done.returncode != 2 or word not in done.stderr.decode():
            complaints.append(f"{arguments}: {done.returncode}: {done.stderr.decode()}")
    return complaints


try:
    run([(f"{name} talks to echo serve, and ss and tshark see the same", serve_one(name))
         for name in CLIENTS] + [
        ("echo call talks to a server of Python's", case_call_python),
        ("echo call says by its exit status that a line was not obeyed", case_call_disobeyed),
        ("echo call talks to socat, unattended", case_call_socat),
        ("a refused call", case_refused),
        ("states are told while they last, as ss shows them", case_states_at_the_moment),
        ("what is saved opens and tells the same", case_recordings),
        ("a command in the private network", case_lab),
        ("a command in the private network does not stay behind", case_lab_ended),
        ("wrong calls", case_wrong_calls),
    ])
finally:
    clean_up()
