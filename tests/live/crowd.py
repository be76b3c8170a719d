# SPDX-License-Identifier: MIT
"""crowd - many clients at once, in a process of their own: what the tests of load need. Each
function runs in a child (`in_child`), and its answer comes back."""
import hashlib
import multiprocessing
import os
import random
import resource
import selectors
import socket
import struct
import time

DEADLINE = 120  # seconds, for a crowd on a machine under load


def raise_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def in_children(function, arguments):
    """function(*one) in a process for each of the arguments; their answers, in order."""
    context = multiprocessing.get_context("fork")
    with context.Pool(len(arguments)) as pool:
        return pool.starmap_async(function, arguments).get(10 * DEADLINE)


class Child:
    """A crowd that stays while the test looks: function(say, hear, *arguments) in a process."""

    def __init__(self, function, *arguments):
        context = multiprocessing.get_context("fork")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=function, args=(other.send, other.recv, *arguments))
        self.process.start()
        other.close()

    def hear(self):
        if not self.pipe.poll(DEADLINE):
            self.process.kill()
            raise AssertionError("the crowd has said nothing")
        return self.pipe.recv()

    def say(self, what):
        self.pipe.send(what)

    def end(self):
        self.process.join(DEADLINE)
        if self.process.exitcode is None:
            self.process.kill()
        self.pipe.close()
        return self.process.exitcode


def dial(port):
    """Connected; a full backlog makes it wait."""
    s = socket.socket()
    s.settimeout(DEADLINE)
    s.connect(("127.0.0.1", port))
    return s


def echo_once(s, words):
    s.sendall(words)
    got = b""
    while len(got) < len(words):
        more = s.recv(len(words) - len(got))
        if not more:
            return got
        got += more
    return got


def stay(say, hear, port, count):
    """So many connections, each spoken to once, then all held until told to go."""
    raise_limit()
    peers, wrong = [], 0
    for number in range(count):
        peers.append(dial(port))
    for number, peer in enumerate(peers):
        words = f"client {os.getpid()}.{number}\n".encode()
        wrong += echo_once(peer, words) != words
    say(wrong)
    hear()
    for number, peer in enumerate(peers):
        words = f"again {number}\n".encode()
        wrong += echo_once(peer, words) != words
    say(wrong)
    hear()
    for peer in peers:
        peer.close()


def words_of(seed, size):
    """Octets of every kind, the word, and line ends: the same for the same seed."""
    chance = random.Random(seed)
    parts, have = [], 0
    while have < size:
        kind = chance.randrange(4)
        part = (chance.randbytes(chance.randrange(1, 70000)), b"q\n" * 3, b"q",
                b"\x00\xff\xfe\x1b[2J\r\n")[kind]
        parts.append(part)
        have += len(part)
    return b"".join(parts)[:size]


def stream(port, seed, count, size):
    """count clients at once send `size` octets each, and read while they send, in pieces of any
    size; then a shutdown, and the rest until the end. Complaints."""
    raise_limit()
    chance, picker = random.Random(seed), selectors.DefaultSelector()
    peers = {}
    for number in range(count):
        s = dial(port)
        s.setblocking(False)
        text = words_of(seed * 1000 + number, size)
        peers[s] = {"text": text, "out": 0, "hash": hashlib.sha256(), "in": 0, "number": number}
        picker.register(s, selectors.EVENT_READ | selectors.EVENT_WRITE)
    complaints, until = [], time.monotonic() + 5 * DEADLINE
    while peers and time.monotonic() < until:
        for key, events in picker.select(1):
            s, peer = key.fileobj, peers[key.fileobj]
            if events & selectors.EVENT_WRITE:
                send_piece(picker, s, peer, chance)
            if events & selectors.EVENT_READ and hear_piece(s, peer, chance):
                picker.unregister(s)
                s.close()
                del peers[s]
                if peer["in"] != size or \
                        peer["hash"].digest() != hashlib.sha256(peer["text"]).digest():
                    complaints.append(f"client {peer['number']}: {peer['in']} of {size} octets "
                                      "came back, or others")
    return complaints + [f"client {p['number']} has not ended: {p['in']} of {size}"
                         for p in peers.values()]


def send_piece(picker, s, peer, chance):
    piece = peer["text"][peer["out"]:peer["out"] + chance.choice((1, 7, 1400, 65536))]
    try:
        peer["out"] += s.send(piece)
    except BlockingIOError:
        return
    if peer["out"] == len(peer["text"]):
        s.shutdown(socket.SHUT_WR)
        picker.modify(s, selectors.EVENT_READ)


def hear_piece(s, peer, chance):
    """True: that was the end."""
    try:
        got = s.recv(chance.choice((1, 1400, 65536, 262144)))
    except BlockingIOError:
        return False
    peer["hash"].update(got)
    peer["in"] += len(got)
    return not got


def reset_storm(port, seed, count):
    """So many connections, each ended by a reset: at once, with words on the way, or later."""
    raise_limit()
    chance = random.Random(seed)
    for _ in range(count):
        s = dial(port)
        kind = chance.randrange(4)
        if kind == 1:
            s.sendall(b"nobody will read this\n" * chance.randrange(1, 2000))
        elif kind == 2:
            echo_once(s, b"hello\n")
        elif kind == 3:
            s.sendall(b"q")
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    return count
