# SPDX-License-Identifier: MIT
"""What the kernel does with plain socket calls, on the loopback of a private network.

kernel_plays.py NAME FILE.pcap [HOST]   plays NAME, and leaves what was captured
kernel_plays.py --list                  the plays

Each play makes its own listener and does its calls in turn, waiting for what must have arrived
before the next one. It is captured by a process beside it, each segment once.
"""
import ctypes
import fcntl
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

HOST = "127.0.0.1"
PORT = 8888
DEADLINE = 60.0
FORBIDDEN = 77  # exit status: this machine does not let us capture


def wait_for(condition, what):
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"kernel_plays: waited too long for {what}")
        time.sleep(0.002)


def listen(backlog=5):
    family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM)
    s.bind((HOST, PORT))
    s.listen(backlog)
    return s


def pair():
    """A connection, and who accepted it."""
    door = listen()
    a = socket.create_connection((HOST, PORT), DEADLINE)
    b, _ = door.accept()
    for s in a, b:
        s.settimeout(DEADLINE)
    door.close()
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
    s = socket.socket(socket.AF_INET6 if ":" in HOST else socket.AF_INET)
    try:
        s.connect((HOST, PORT))
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


# ---- captured ---------------------------------------------------------------------------------

ETH_P_ALL, PACKET_OUTGOING, SO_TIMESTAMPNS = 3, 4, 35


def tape(fd, file):
    """All that comes in on the loopback goes to the file, until the other process says enough."""
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    tap.bind(("lo", 0))
    tap.setblocking(False)
    with open(file, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 1))
        os.write(fd, b"r")
        enough = False
        while True:
            ready, _, _ = select.select([tap] if enough else [tap, fd], [], [],
                                        0.1 if enough else None)
            enough = enough or fd in ready
            if tap in ready:
                put_frame(tap, out)
            elif enough:
                return


def put_frame(tap, out):
    frame, notes, _, address = tap.recvmsg(1 << 18, 256)
    if address[2] == PACKET_OUTGOING:  # on the loopback it comes in, too
        return
    stamps = [data for level, kind, data in notes
              if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS)]
    seconds, nanoseconds = struct.unpack("qq", stamps[0][:16])
    out.write(struct.pack("<IIII", seconds, nanoseconds // 1000, len(frame), len(frame)))
    out.write(frame)


def captured(play, file):
    """What the play returns: sockets that must live until all was captured."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            ours.close()
            tape(theirs.fileno(), file)
            status = 0
        finally:
            os._exit(status)
    theirs.close()
    if ours.recv(1) != b"r":
        raise PermissionError("the loopback cannot be captured here")
    kept = play()
    ours.send(b"e")
    ours.close()
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError("the capture failed")
    return kept


def alone():
    """Comes back in a network of its own, with its loopback up."""
    if os.environ.get("KERNEL_PLAYS_INSIDE"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    os.environ["KERNEL_PLAYS_INSIDE"] = "1"
    args = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    os.execvp("unshare", args + [sys.executable, *sys.argv])


def main():
    global HOST
    if sys.argv[1:] == ["--list"]:
        print("\n".join(PLAYS))
        return
    alone()
    HOST = sys.argv[3] if len(sys.argv) > 3 else HOST
    try:
        captured(PLAYS[sys.argv[1]], sys.argv[2])
    except PermissionError as why:
        print(why, file=sys.stderr)
        sys.exit(FORBIDDEN)


if __name__ == "__main__":
    main()
