#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""captures.py WOSHOU ROOT [FOLDER [NAME...]] - programs of several makers talk through a wind that
loses, doubles and reorders, tcpdump and dumpcap write it down on both hosts, the kernel tells the
states that its sockets really had and what they said again, and woshou must find the same in each
of the files. With FOLDER the files are kept there with the true states beside them: so
tests/live/captures was made."""
import os
import re
import shutil
import signal
import subprocess
import sys

import ground
import plays
import states
import wind

FOLDER = sys.argv[3] if len(sys.argv) > 3 else None
ONLY = sys.argv[4:]

# With room for what comes while the machine has no time for it.
TCPDUMP = ["tcpdump", "-U", "--immediate-mode", "-s0", "-B16384"]

# Who writes what: a host, a program, an interface.
CAPTURES = {
    "caller": (0, [*TCPDUMP, "-i", "tun0", "-w"], ".pcap"),
    "called": (1, ["dumpcap", "-q", "-i", "tun0", "-w"], ".pcapng"),
    "called-any": (1, [*TCPDUMP, "-i", "any", "-w"], ".pcap"),
    "caller-any": (0, ["dumpcap", "-q", "-i", "any", "-w"], ".pcapng"),
    "caller-tshark": (0, ["tshark", "-q", "-i", "tun0", "-w"], ".pcapng"),
}
# tshark takes long to begin: it writes what dumpcap, its servant, writes.
WITH_TSHARK = ("syn-ack-lost", "server-first")
# Files that are kept: a few of each kind, none large.
KEPT = {"python": ["caller"], "python-ipv6": ["called"], "syn-lost": ["caller", "called"],
        "syn-ack-lost": ["caller-tshark"], "last-ack-lost": ["caller", "called"],
        "storm": ["caller", "called"],
        "storm-ipv6": ["called-any"], "server-first": ["caller-any", "caller-tshark"],
        "crossing": ["caller", "called"], "half-close": ["called"], "refused": ["called"],
        "reset-unread": ["caller"], "abort": ["called-any"], "zero-window": ["caller"],
        "keep-alive": ["called"], "nc": ["called"], "socat-ipv6": ["caller"],
        "curl": ["caller"], "curl-to-woshou": ["called-any"], "woshou-to-socat": ["caller"]}


# tcpdump, and dumpcap for itself and tshark.
DROPPED = re.compile(r"(\d+) packets? dropped|dropped on interface '[^']*': \d+/(\d+)")


class Stage:
    def __init__(self, place, family, port):
        self.place = place
        self.client, self.server = place.hosts
        self.family, self.port = family, port
        self.called = self.server.address[family]

    def await_listener(self):
        ground.wait_for(lambda: self.place.watchers[1].listens(self.port),
                        f"nobody listens on {self.port}")


class Place:
    """The two hosts, the wind between them, and who tells the truth."""
    it = None

    def __init__(self):
        ground.need("ip", "ss", "tcpdump", "dumpcap", "tshark")
        if os.geteuid() != 0:
            raise ground.Skip("only root may read the states that sockets really have (tracefs)")
        self.truth = wind.Truth()
        self.hosts = [wind.Host(1), wind.Host(2)]
        self.wind = wind.Wind(*self.hosts)
        self.wind.start()
        self.watchers = [wind.Watcher(host) for host in self.hosts]
        for watcher in self.watchers:
            watcher.start()
        self.port = 7000

    @classmethod
    def get(cls):
        if cls.it is None:
            try:
                cls.it = cls()
            except ground.Skip as why:
                cls.it = why
        if isinstance(cls.it, ground.Skip):
            raise cls.it
        return cls.it


def begin_captures(place, top, has_tshark):
    running = {}
    for name, (host, words, ending) in CAPTURES.items():
        if words[0] == "tshark" and not has_tshark:
            continue
        path = os.path.join(top, name + ending)
        program = place.hosts[host].start(*words, path, stderr=subprocess.PIPE)
        running[name] = (path, program, place.hosts[host])
    for path, program, _ in running.values():
        ground.wait_for(lambda at=path: os.path.exists(at) and os.path.getsize(at) > 0,
                        f"{path} is not begun: {program.args}")
        # It tells when it listens.
        line = b""
        while b"listening on" not in line and b"Capture started" not in line and \
                b"File:" not in line:
            line = program.stderr.readline()
            if not line:
                raise AssertionError(f"{program.args}: it ended")
    return running


def holds_goodbye(path):
    with open(path, "rb") as file:
        return file.read().count(wind.GOODBYE) > 0


def end_captures(place, running):
    for host in place.hosts:
        host.say_goodbye()
    for path, _, _ in running.values():
        ground.wait_for(lambda at=path: holds_goodbye(at), f"{path} never comes to its end")
    for _, program, _ in running.values():
        program.send_signal(signal.SIGINT)
    return {name: path for name, (path, program, _) in running.items() if is_whole(name, program)}


def is_whole(name, program):
    """A machine under load may lose frames before the capture: such a file proves nothing."""
    said = program.communicate(timeout=ground.DEADLINE)[1].decode(errors="replace")
    dropped = [int(n) for pair in DROPPED.findall(said) for n in pair if n]
    if any(dropped):
        print(f"# {name}: the capture lost frames: {said.strip()[-200:]!r}", flush=True)
    return not any(dropped)


def port_of(end):
    return int(end.rsplit(":", 1)[1])


def mourning_ends(place):
    return {(port_of(local), port_of(remote)) for host in place.hosts
            for state, local, remote in host.sockets() if state == "TIME-WAIT"}


def perform(name):
    """Plays it: the files, the states that the sockets had, how often each end said something
    again, and the port."""
    play, family, rule, seed, programs = plays.PLAYS[name]
    place = Place.get()
    ground.need(*programs)
    place.port += 1
    top = os.path.join(ground.TOP, f"{name}-{place.port}")
    os.mkdir(top)
    os.chmod(top, 0o777)
    os.chmod(ground.TOP, 0o755)
    running = begin_captures(place, top, name in WITH_TSHARK)
    try:
        place.truth.forget()
        before = [host.repetitions() for host in place.hosts]
        place.wind.set_rule(rule, seed)
        play(Stage(place, family, place.port))
        ground.wait_for(lambda: all(watcher.is_quiet() for watcher in place.watchers),
                        f"{name}: connections that never end")
        place.wind.calm()
        mourned = place.watchers[0].mourned | place.watchers[1].mourned
        real = states.of_kernel(place.truth.changes(), mourned, mourning_ends(place))
        real = {ports: chain for ports, chain in real.items() if place.port in ports}
        again = [host.repetitions() - n for host, n in zip(place.hosts, before)]
        files = end_captures(place, running)
    finally:
        for host in place.hosts:
            host.clear()
    return files, real, again, place.port


def repetitions(again, which, path, port):
    """On its own host nothing that an end says is lost or late: what it repeats is known."""
    host = CAPTURES[which][0]
    shown = sum(n for ports, n in states.repetitions(path, port).items()
                if (ports[0] == port) == (host == 1))
    if shown != again[host]:
        yield f"{which}: really {again[host]} segments were said again; {shown} are shown"


def keep(name, files, real, port):
    for which in filter(files.get, KEPT[name]):
        target = os.path.join(FOLDER, f"{name}-{which}{os.path.splitext(files[which])[1]}")
        shutil.copyfile(files[which], target)
        states.write(target + ".states", port, real)


def complaints_of(name):
    files, real, again, port = perform(name)
    complaints = [] if real else [f"{name}: the kernel tells of no connection"]
    if FOLDER:
        keep(name, files, real, port)
    for which, path in files.items():
        shown = states.of_capture(path, port)
        complaints += states.differences(real, shown, f"{name}, {which}")
        complaints += repetitions(again, which, path, port)
    return complaints


def make_case(name):
    """On a machine that stalls, a capture may hold two frames in the order in which it came to
    them: a complaint counts when the play, performed anew, has one again. The first is told."""
    def case():
        complaints = complaints_of(name)
        if not complaints or FOLDER:
            return complaints
        for complaint in complaints:
            print(f"# once: {complaint}", flush=True)
        return complaints_of(name)
    return case


def main():
    names = [n for n in plays.PLAYS if not ONLY or n in ONLY]
    try:
        ground.run([(f"the states of '{n}' are those that the sockets had", make_case(n))
                    for n in names])
    finally:
        if isinstance(Place.it, Place):
            Place.it.wind.is_over = True
            for watcher in Place.it.watchers:
                watcher.is_over = True
            Place.it.truth.close()
        ground.clean_up()


if __name__ == "__main__":
    main()
