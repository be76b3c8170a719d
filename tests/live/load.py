#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""load.py WOSHOU ROOT - the echo server under load, and when things go wrong: real
sockets, in a network of its own where that is allowed."""
import multiprocessing
import os
import re
import resource
import select
import signal
import socket
import subprocess
import time

import crowd
import ground
from ground import Skip, await_listener, dial, finish, read_all, wait_for

SERVER = [ground.WOSHOU, "echo", "serve", "--quiet"]
TICK = os.sysconf("SC_CLK_TCK")
TCP_REPAIR = 19


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """Killed at the end, whatever happens; what it says is kept."""

    def __init__(self, *options, backlog=4096, host="127.0.0.1"):
        self.port = free_port()
        self.process = subprocess.Popen(
            [*SERVER, "--port", str(self.port), "--backlog", str(backlog), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=ground.TOP, env=ground.ENVIRONMENT)
        os.set_blocking(self.process.stderr.fileno(), False)
        self.said = ""
        await_listener(self.port, host)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def stderr(self):
        self.said += (self.process.stderr.read() or b"").decode()
        return self.said

    def memory(self):
        """The most it ever had in memory, in MiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1]) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def ticks(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def stop(self, number=signal.SIGTERM):
        """Its exit status."""
        finish(self.process, number)
        return self.process.returncode


def expect_echo(port, words, s=None):
    one = s or dial(port)
    got = crowd.echo_once(one, words)
    if s is None:
        one.close()
    return [] if got == words else [f"{words[:40]!r} came back as {got[:40]!r}"]


# ---- many ----------------------------------------------------------------------------------------

def ten_thousand_clients():
    count, processes = 10000, 4
    if crowd.raise_limit() < count + 64:
        raise Skip(f"this process may open {crowd.raise_limit()} descriptors, {count + 64} are "
                   "needed (ulimit -Hn)")
    complaints = []
    with Server("--transparent") as server:
        before = server.descriptors()
        crowds = [crowd.Child(crowd.stay, server.port, count // processes)
                  for _ in range(processes)]
        complaints += [f"{wrong} clients were not echoed" for c in crowds if (wrong := c.hear())]
        open_now = server.descriptors() - before
        if open_now != count:
            complaints.append(f"{open_now} connections are open, not {count}")
        if server.memory() > 200:
            complaints.append(f"the server takes {server.memory():.0f} MiB")
        # All are there together, and each is still heard.
        for c in crowds:
            c.say("again")
        complaints += [f"{wrong} clients were not echoed" for c in crowds if (wrong := c.hear())]
        for c in crowds:
            c.say("go")
        complaints += [f"a crowd ended with {code}" for c in crowds if (code := c.end())]
        wait_for(lambda: server.descriptors() == before, "connections are left open")
        if server.memory() > 200:
            complaints.append(f"the server takes {server.memory():.0f} MiB")
        print(f"# {count} clients: {server.memory():.1f} MiB", flush=True)
    return complaints


def streams_come_back_whole():
    with Server("--transparent") as server:
        answers = crowd.in_children(crowd.stream, [(server.port, seed, 24, 1500000)
                                                   for seed in (1, 2)])
        return [complaint for answer in answers for complaint in answer]


def streams_among_resets_and_the_deaf():
    with Server("--transparent") as server:
        deaf = [make_deaf(server.port) for _ in range(20)]
        storm = multiprocessing.get_context("fork").Process(
            target=crowd.reset_storm, args=(server.port, 7, 2000))
        storm.start()
        complaints = crowd.in_children(crowd.stream, [(server.port, 7, 24, 500000)])[0]
        storm.join()
        for s in deaf:
            s.close()
        return complaints


def one_octet_a_second():
    """Many who speak slowly: each octet comes back by itself."""
    text = b"slow\n"
    with Server("--transparent") as server:
        peers = [dial(server.port) for _ in range(200)]
        complaints = []
        for octet in text:
            for s in peers:
                s.sendall(bytes([octet]))
            for s in peers:
                if s.recv(100) != bytes([octet]):
                    complaints.append("an octet has not come back by itself")
            time.sleep(1)  # this is what it is about
        for s in peers:
            s.close()
        return complaints


# ---- those who do not behave ---------------------------------------------------------------------

def make_deaf(port):
    """Says what it can and reads nothing."""
    s = dial(port)
    s.setblocking(False)
    piece, quiet, said = bytes(range(256)) * 256, 0, 0
    while quiet < 20:
        try:
            said += s.send(piece[said % 256:])
            quiet = 0
        except BlockingIOError:
            quiet += 1
            time.sleep(0.005)
    return s


def one_who_never_reads():
    with Server("--transparent") as server:
        deaf = [make_deaf(server.port) for _ in range(50)]
        used = server.ticks()
        complaints = [c for n in range(100) for c in expect_echo(server.port, b"hello %d\n" % n)]
        time.sleep(1)
        if server.ticks() - used > TICK // 2:
            complaints.append(f"it takes {server.ticks() - used} ticks while nobody reads")
        if server.memory() > 60:
            complaints.append(f"50 who do not read take {server.memory():.0f} MiB")
        # Nothing was lost meanwhile.
        for s in deaf:
            s.setblocking(True)
            s.settimeout(ground.DEADLINE)
            s.shutdown(socket.SHUT_WR)
            got = read_all(s)
            if not got or got != (bytes(range(256)) * (len(got) // 256 + 1))[:len(got)]:
                complaints.append("what was kept came back altered")
            s.close()
        return complaints


def resets_by_the_thousand():
    with Server() as server:
        before = server.descriptors()
        witness = dial(server.port)
        complaints = expect_echo(server.port, b"before\n", witness)
        crowd.in_children(crowd.reset_storm, [(server.port, seed, 1000) for seed in range(3)])
        complaints += expect_echo(server.port, b"after\n", witness)
        witness.close()
        wait_for(lambda: server.descriptors() == before, "connections are left open")
        if server.stop() != 0:
            complaints.append(f"it ended with {server.process.returncode}")
        return complaints


def those_who_vanish():
    """A client that is gone without FIN or RST: a socket closed under repair says nothing."""
    ground.enter_private_network()
    with Server() as server:
        before = server.descriptors()
        gone = [dial(server.port) for _ in range(100)]
        for s in gone:
            crowd.echo_once(s, b"hello\n")
            s.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
            s.close()
        complaints = expect_echo(server.port, b"still there?\n")
        if server.descriptors() < before + 100:
            complaints.append("they did say goodbye")
        # Whoever is gone cannot keep the server from ending.
        if server.stop() != 0:
            complaints.append(f"it ended with {server.process.returncode}")
        return complaints


def descriptors_run_out():
    with Server() as server:
        soft = server.descriptors() + 5
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (soft, soft + 100))
        first = [dial(server.port) for _ in range(5)]
        complaints = [c for s in first for c in expect_echo(0, b"first\n", s)]
        later = [dial(server.port) for _ in range(50)]
        for s in later:
            s.sendall(b"later\n")
        wait_for(lambda: "descriptors" in server.stderr(), "it does not say that it is short")
        # It goes on, and does not ask again and again.
        used = server.ticks()
        complaints += [c for s in first for c in expect_echo(0, b"still\n", s)]
        time.sleep(1)
        if server.ticks() - used > TICK // 10:
            complaints.append(f"it takes {server.ticks() - used} ticks while it is short")
        if select.select(later, [], [], 0)[0]:
            complaints.append("somebody was served without a descriptor")
        for s in first:
            s.close()
        # As some go, others come.
        served, waiting = 0, list(later)
        while waiting:
            ready, _, _ = select.select(waiting, [], [], ground.DEADLINE)
            if not ready:
                complaints.append(f"{len(waiting)} were never served")
                break
            for s in ready:
                served += s.recv(100) == b"later\n"
                waiting.remove(s)
                s.close()
        if served != len(later):
            complaints.append(f"{served} of {len(later)} were served")
        wait_for(lambda: "again" in server.stderr(), "it does not say that there is room again")
        if server.stderr().count("descriptors of this process") > 3:
            complaints.append("it says again and again that it is short")
        return complaints


def octets_of_every_kind():
    texts = [bytes(range(256)), b"\x00" * 1000, b"\xff\xfe\xc0\xaf\xed\xa0\x80\n",
             b"\x1b]0;title\x07\x1b[2J\x1b[31m\n", "张三\n".encode(), b"\r\n\r\n\r",
             b"qq\nq \n q\n"]
    with Server() as server:
        return [c for text in texts for c in expect_echo(server.port, text)]


# ---- the end -------------------------------------------------------------------------------------

def a_signal(number):
    def case():
        complaints = []
        with Server() as server:
            talking, silent = dial(server.port), dial(server.port)
            complaints += expect_echo(0, b"hello\n", talking)
            wait_for(lambda: server.descriptors() > 2, "they are not accepted")
            talking.sendall(b"last words")
            os.kill(server.process.pid, number)
            for s, words in ((talking, b"last words"), (silent, b"")):
                if (got := read_all(s)) != words:
                    complaints.append(f"{got!r} before the end, not {words!r}")
                s.close()
            finish(server.process)
            if server.process.returncode != 0:
                complaints.append(f"it ended with {server.process.returncode}")
        return complaints
    return case


def a_second_signal():
    """One who does not read has something coming still; who asks twice does not wait for that."""
    with Server("--transparent") as server:
        deaf = make_deaf(server.port)
        os.kill(server.process.pid, signal.SIGINT)
        wait_for(lambda: not ground.listens(server.port), "it still listens")
        os.kill(server.process.pid, signal.SIGINT)
        finish(server.process)
        deaf.close()
        return [] if server.process.returncode == 0 else \
            [f"it ended with {server.process.returncode}"]


def nothing_to_do():
    with Server() as server:
        peers = [dial(server.port) for _ in range(500)]
        complaints = [c for s in peers for c in expect_echo(0, b"hello\n", s)]
        used = server.ticks()
        time.sleep(3)
        if server.ticks() - used > 1:
            complaints.append(f"{server.ticks() - used} ticks of {TICK} in a second were used "
                              "while nobody spoke")
        for s in peers:
            s.close()
        return complaints


# ---- how the simplest servers do it --------------------------------------------------------------

def admitted(port):
    """Connections that the kernel has finished on the server's side."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        rows = [line.split() for line in list(file)[1:]]
    return sum(row[3] == "01" and int(row[1].rsplit(":", 1)[1], 16) == port for row in rows)


def one_at_a_time():
    """listen(5) admits six beyond the one that was accepted; the others' SYNs are not answered."""
    with Server("--one-at-a-time", backlog=5) as server:
        peers = [socket.socket() for _ in range(10)]
        for number, s in enumerate(peers):
            s.setblocking(False)
            s.connect_ex(("127.0.0.1", server.port))
            if number == 0:
                wait_for(lambda: admitted(server.port) == 1, "the first is not admitted")
                s.setblocking(True)
                s.settimeout(ground.DEADLINE)
        complaints = expect_echo(0, b"me first\n", peers[0])
        if admitted(server.port) != 7:
            complaints.append(f"{admitted(server.port)} are admitted, not 1 + 6")
        # Those who wait come one after the other, in the order in which they were admitted.
        for s in peers[:7]:
            s.setblocking(True)
            s.settimeout(ground.DEADLINE)
            complaints += expect_echo(0, b"and me\n", s)
            s.close()
        # The SYNs of the others are repeated, and who knocks first is let in first.
        waiting, knocking = peers[7:], list(peers[7:])
        while waiting:
            heard, spoken, _ = select.select(waiting, knocking, [], ground.DEADLINE)
            if not heard and not spoken:
                return complaints + [f"{len(waiting)} were never served"]
            for s in spoken:
                s.send(b"and me\n")
                knocking.remove(s)
            for s in heard:
                complaints += [] if s.recv(100) == b"and me\n" else ["it was not echoed"]
                waiting.remove(s)
                s.close()
        return complaints


def linger_0_resets():
    with Server("--linger", "0") as server:
        s = dial(server.port)
        complaints = expect_echo(0, b"hello\n", s)
        s.sendall(b"q\n")
        try:
            complaints.append(f"{s.recv(100)!r} instead of a reset")
        except ConnectionResetError:
            pass
        return complaints


def the_same_port_again():
    """After an active close the port is in TIME_WAIT. SO_REUSEADDR overrides that, but on Linux
    only where the server before had it, too."""
    complaints = []
    for options, again, is_allowed in (([], [], False), ([], ["--reuseaddr"], False),
                                       (["--reuseaddr"], [], False),
                                       (["--reuseaddr"], ["--reuseaddr"], True)):
        with Server(*options) as server:
            s = dial(server.port)
            s.sendall(b"q\n")
            read_all(s)
            s.close()
            server.stop()
            next_one = subprocess.Popen([*SERVER, "--port", str(server.port), *again], text=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            try:
                wait_for(lambda one=next_one, p=server.port: one.poll() is not None or
                         ground.listens(p), "it neither listens nor ends")
                if (next_one.poll() is None) != is_allowed:
                    complaints.append(f"{options}, then {again}: {next_one.poll()}")
                if not is_allowed:
                    said = next_one.communicate(timeout=ground.DEADLINE)[1]
                    if "Address already in use" not in said or "--reuseaddr" not in said:
                        complaints.append(f"{said!r}")
            finally:
                next_one.kill()
                next_one.communicate()
    return complaints


CASES = [
    ("ten thousand clients at once", ten_thousand_clients),
    ("streams come back whole, in both directions at once", streams_come_back_whole),
    ("and among resets and those who do not read", streams_among_resets_and_the_deaf),
    ("one octet a second", one_octet_a_second),
    ("one who never reads stops nobody, and loses nothing", one_who_never_reads),
    ("resets by the thousand", resets_by_the_thousand),
    ("those who vanish without a word", those_who_vanish),
    ("descriptors run out, and come back", descriptors_run_out),
    ("octets of every kind", octets_of_every_kind),
    ("SIGINT: an orderly end", a_signal(signal.SIGINT)),
    ("SIGTERM: an orderly end", a_signal(signal.SIGTERM)),
    ("a second signal: an end at once", a_second_signal),
    ("nothing to do takes no time", nothing_to_do),
    ("one at a time, and what listen(5) admits", one_at_a_time),
    ("--linger 0 resets", linger_0_resets),
    ("the same port again", the_same_port_again),
]

if __name__ == "__main__":
    CASES = [case for case in CASES if os.environ.get("CASE", "") in case[0]]
    try:
        ground.enter_private_network()
    except Skip as why:
        print(f"# {why}: the tests use the loopback that all share", flush=True)
    try:
        ground.run(CASES)
    finally:
        ground.clean_up()
