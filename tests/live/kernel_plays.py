# SPDX-License-Identifier: MIT
"""What the kernel does with plain socket calls, captured in a private network.

kernel_plays.py NAME FILE.pcap    plays NAME and leaves the capture (needs tcpdump)
kernel_plays.py --list            the plays

Each play is a function of (client address): it makes its own listener and does its calls in turn,
waiting for what must have arrived before the next one. It enters a network namespace of its own
first, so that ports are free, and nothing of this machine is touched.
"""
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import time

PORT = 8888
DEADLINE = 20.0


def wait_for(condition, what):
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"kernel_plays: waited too long for {what}")
        time.sleep(0.002)


def listen(host="127.0.0.1", backlog=5):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM)
    s.bind((host, PORT))
    s.listen(backlog)
    return s


def pair(host="127.0.0.1"):
    """A connection, and who accepted it."""
    l = listen(host)
    a = socket.create_connection((host, PORT), DEADLINE)
    b, _ = l.accept()
    for s in a, b:
        s.settimeout(DEADLINE)
    l.close()
    return a, b


def take(s, n):
    got = b""
    while len(got) < n:
        more = s.recv(n - len(got))
        if not more:
            raise SystemExit("kernel_plays: it ended too early")
        got += more
    return got


def at_end(s):
    if s.recv(1) != b"":
        raise SystemExit("kernel_plays: more came than was sent")


def unread(s, n):
    """Until n octets wait in s."""
    def here():
        return struct.unpack("i", fcntl.ioctl(s, 0x541B, b"\0" * 4))[0] >= n
    wait_for(here, f"{n} octets to arrive")


def echo(a, b, line):
    a.sendall(line)
    b.sendall(take(b, len(line)))
    if take(a, len(line)) != line:
        raise SystemExit("kernel_plays: the echo is another")


def settle():
    """Longer than an acknowledgment may be delayed: every one that was owed has gone."""
    time.sleep(0.3)


def play_handshake():
    a, b = pair()
    settle()
    return a, b


def play_echo():
    a, b = pair()
    echo(a, b, b"hello\n")
    settle()
    return a, b


def play_echoes():
    a, b = pair()
    for i in range(5):
        echo(a, b, b"line %d\n" % i)
        time.sleep(0.1)
    settle()
    return a, b


def play_close_caller():
    a, b = pair()
    echo(a, b, b"hello\n")
    a.close()
    at_end(b)
    settle()
    b.close()
    settle()


def play_close_called():
    a, b = pair()
    echo(a, b, b"hello\n")
    b.close()
    at_end(a)
    settle()
    a.close()
    settle()


def play_close_three():
    a, b = pair()
    echo(a, b, b"hello\n")
    a.close()
    at_end(b)
    b.close()
    settle()


def play_close_silent():
    """Nothing was said before."""
    a, b = pair()
    a.close()
    at_end(b)
    b.close()
    settle()


def play_refused():
    s = socket.socket()
    try:
        s.connect(("127.0.0.1", PORT))
    except ConnectionRefusedError:
        return
    raise SystemExit("kernel_plays: somebody listens")


def play_unread():
    a, b = pair()
    a.sendall(b"nobody reads this\n")
    unread(b, 18)
    settle()
    b.close()
    settle()
    return (a,)


def play_half_close():
    a, b = pair()
    a.sendall(b"question\n")
    a.shutdown(socket.SHUT_WR)
    take(b, 9)
    at_end(b)
    settle()
    b.sendall(b"answer\n")
    take(a, 7)
    settle()
    b.close()
    at_end(a)
    a.close()
    settle()


def play_abort():
    a, b = pair()
    echo(a, b, b"hello\n")
    a.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    a.close()
    settle()
    return (b,)


def play_bulk():
    a, b = pair()
    data = os.urandom(1024) * 100
    a.setblocking(False)
    got, sent = 0, 0
    while got < len(data):
        r, w, _ = select.select([b], [a] if sent < len(data) else [], [], DEADLINE)
        if w:
            sent += a.send(data[sent:])
        if r:
            got += len(b.recv(1 << 20))
        if not r and not w:
            raise SystemExit("kernel_plays: stuck")
    settle()
    a.close()
    at_end(b)
    b.close()
    settle()


def play_quit():
    """The story's q: the called one closes when it comes."""
    a, b = pair()
    echo(a, b, b"hello\n")
    time.sleep(0.1)
    a.sendall(b"q\n")
    take(b, 2)
    b.close()
    at_end(a)
    a.close()
    settle()


def play_wait_close():
    """A word that is not answered, then close: the delayed acknowledgment's own time."""
    a, b = pair()
    for i in range(3):
        echo(a, b, b"line %d\n" % i)
    settle()
    a.sendall(b"and now?\n")
    take(b, 9)
    settle()
    a.sendall(b"and now?\n")
    take(b, 9)
    settle()
    a.close()
    at_end(b)
    b.close()
    settle()


PLAYS = {n[5:]: f for n, f in globals().items() if n.startswith("play_")}


def captured(play, file):
    tap = subprocess.Popen(
        ["tcpdump", "-i", "lo", "-U", "--immediate-mode", "-s0", "-w", file, "tcp"],
        stderr=subprocess.PIPE, text=True)
    for line in tap.stderr:
        if "listening on" in line:
            break
    kept = play()
    time.sleep(0.1)
    tap.terminate()
    tap.wait()
    return kept


def alone():
    """A network of one's own, with its loopback up."""
    if os.environ.get("KERNEL_PLAYS_INSIDE"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    os.environ["KERNEL_PLAYS_INSIDE"] = "1"
    args = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    os.execvp("unshare", args + [sys.executable, *sys.argv])


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(PLAYS))
        return
    alone()
    captured(PLAYS[sys.argv[1]], sys.argv[2])


if __name__ == "__main__":
    main()
