# SPDX-License-Identifier: MIT
"""wind - two hosts, each in a network namespace of its own, and between them a wind that is a
thread of this process: it delays, loses, doubles and reorders what one TUN device sends before the
other gets it. And the kernel's own words about its sockets' states, from tracefs."""
import ctypes
import fcntl
import heapq
import os
import random
import re
import select
import socket
import struct
import subprocess
import threading
import time

import ground

CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
LIBC = ctypes.CDLL(None, use_errno=True)


def must(result, what):
    if result != 0:
        raise ground.Skip(f"{what}: {os.strerror(ctypes.get_errno())}")


class Host:
    """A network namespace with one TUN device: 10.9.0.N and fd09::N."""

    def __init__(self, number):
        self.number = number
        self.address = {4: f"10.9.0.{number}", 6: f"fd09::{number}"}
        self.programs = []
        must(LIBC.unshare(ground.CLONE_NEWNET), "no private network here")
        self.namespace = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            self.tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(self.tun, TUNSETIFF,
                        struct.pack("16sH14x", b"tun0", IFF_TUN | IFF_NO_PI))
        except OSError as error:
            raise ground.Skip(f"no TUN device here: {error}") from None
        for words in ("link set lo up", "link set tun0 up",
                      f"addr add 10.9.0.{number}/24 dev tun0",
                      f"-6 addr add fd09::{number}/64 dev tun0 nodad"):
            self.run("ip", *words.split())

    def enter(self):
        must(LIBC.setns(self.namespace, ground.CLONE_NEWNET), "setns")

    def run(self, *arguments, **options):
        done = subprocess.run(arguments, preexec_fn=self.enter, capture_output=True, check=False,
                              timeout=ground.DEADLINE, cwd=ground.TOP, env=ground.ENVIRONMENT,
                              **options)
        return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")

    def start(self, *arguments, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                   "stderr": subprocess.DEVNULL, **options}
        program = subprocess.Popen(arguments, preexec_fn=self.enter, cwd=ground.TOP,
                                   env=ground.ENVIRONMENT, **options)
        self.programs.append(program)
        return program

    def sockets(self):
        """[(state, local, remote)] of TCP, as `ss` says."""
        rows = [line.split() for line in self.run("ss", "-tanH").splitlines()]
        return [(row[0], row[3], row[4]) for row in rows if len(row) >= 5]

    def repetitions(self):
        """How many segments this host has said again since it is there (RetransSegs)."""
        lines = self.run("cat", "/proc/self/net/snmp").splitlines()
        names, values = [line.split() for line in lines if line.startswith("Tcp:")]
        return int(values[names.index("RetransSegs")])

    def say_goodbye(self):
        """A datagram that every capture on this host will hold, behind all that was before it."""
        self.run("python3", "-c", "import socket; socket.socket(2, 2).sendto"
                 f"({GOODBYE!r}, ('10.9.0.{3 - self.number}', 9))")
        self.run("python3", "-c", "import socket; socket.socket(2, 2).sendto"
                 f"({GOODBYE!r}, ('127.0.0.1', 9))")

    def clear(self):
        for program in self.programs:
            if program.poll() is None:
                program.kill()
            program.wait()
        self.programs = []


GOODBYE = b"that was all, says the host"


class Wind(threading.Thread):
    """`rule(random, sender, number, datagram)` says after how many seconds the datagram arrives:
    a list, for it may arrive twice, or never. `number` counts the sender's datagrams."""

    def __init__(self, first, second):
        super().__init__(daemon=True)
        self.ends = {first.tun: second.tun, second.tun: first.tun}
        self.names = {first.tun: 0, second.tun: 1}
        self.calm()
        self.flying, self.serial = [], 0
        self.is_over = False

    def calm(self):
        self.set_rule(lambda *_: [0.0], 0)

    def set_rule(self, rule, seed):
        self.rule, self.random, self.numbers = rule, random.Random(seed), [0, 0]

    def take(self, tun):
        try:
            datagram = os.read(tun, 65536)
        except BlockingIOError:
            return
        sender = self.names[tun]
        is_tcp = datagram[9 if datagram[0] >> 4 == 4 else 6] == 6
        delays = self.rule(self.random, sender, self.numbers[sender], datagram) if is_tcp else [0]
        self.numbers[sender] += is_tcp
        for delay in delays:
            self.serial += 1
            heapq.heappush(self.flying, (time.monotonic() + delay, self.serial, tun, datagram))

    def run(self):
        while not self.is_over:
            wait = 0.2
            if self.flying:
                wait = min(wait, max(0, self.flying[0][0] - time.monotonic()))
            for tun in select.select(list(self.ends), [], [], wait)[0]:
                self.take(tun)
            while self.flying and self.flying[0][0] <= time.monotonic():
                _, _, tun, datagram = heapq.heappop(self.flying)
                os.write(self.ends[tun], datagram)


class Truth:
    """inet_sock_set_state: each change of each socket's state, as the kernel makes it."""
    line = re.compile(r"inet_sock_set_state: .*protocol=IPPROTO_TCP sport=(\d+) dport=(\d+) "
                      r"saddr=\S+ daddr=\S+ saddrv6=(\S+) daddrv6=(\S+) "
                      r"oldstate=TCP_(\S+) newstate=TCP_(\S+)")

    def __init__(self):
        must(LIBC.unshare(CLONE_NEWNS), "no mount namespace here")
        must(LIBC.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mount")
        top = os.path.join(ground.TOP, "tracing")
        os.mkdir(top)
        must(LIBC.mount(b"tracefs", top.encode(), b"tracefs", 0, None), "no tracefs here")
        self.folder = os.path.join(top, "instances", f"woshou-{os.getpid()}")
        try:
            os.mkdir(self.folder)
            self.write("events/sock/inet_sock_set_state/enable", "1")
        except OSError as error:
            raise ground.Skip(f"the kernel does not tell its states here: {error}") from None

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(text)

    def forget(self):
        self.write("trace", "")

    def changes(self):
        """[((local, port), (remote, port), old, new)] since forget(), in order."""
        with open(os.path.join(self.folder, "trace"), encoding="ascii", errors="replace") as file:
            found = [self.line.search(line) for line in file]
        return [((plain(m[3]), int(m[1])), (plain(m[4]), int(m[2])), m[5], m[6])
                for m in found if m]

    def close(self):
        self.write("events/sock/inet_sock_set_state/enable", "0")
        os.rmdir(self.folder)


class Watcher(threading.Thread):
    """Looks at a host's sockets all the while, without a program of its own: the kernel's table
    tells who listens, who is still busy, and who mourns, if only for a moment."""
    LISTEN, TIME_WAIT = "0A", "06"

    def __init__(self, host):
        super().__init__(daemon=True)
        self.host, self.mourned, self.is_over = host, set(), False
        self.now, self.looks = [], 0

    def run(self):
        self.host.enter()  # this thread alone
        while not self.is_over:
            self.now = self.look()
            self.looks += 1
            self.mourned |= {ports for state, ports in self.now if state == self.TIME_WAIT}
            time.sleep(0.005)

    def look(self):
        found = []
        for name in ("tcp", "tcp6"):
            with open(f"/proc/thread-self/net/{name}", encoding="ascii") as file:
                rows = [line.split() for line in list(file)[1:]]
            found += [(row[3], tuple(int(row[i].rsplit(":", 1)[1], 16) for i in (1, 2)))
                      for row in rows]
        return found

    def fresh(self):
        """A look that was begun after this call."""
        before = self.looks
        ground.wait_for(lambda: self.looks >= before + 2, "nobody looks at the sockets")
        return self.now

    def listens(self, port):
        return any(state == self.LISTEN and ports[0] == port for state, ports in self.fresh())

    def is_quiet(self):
        return all(state in (self.LISTEN, self.TIME_WAIT) for state, _ in self.fresh())


def plain(address):
    """"::ffff:10.9.0.1" is 10.9.0.1; "fd09:0000::1" is fd09::1."""
    if address.startswith("::ffff:"):
        return address[7:]
    return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, address))
