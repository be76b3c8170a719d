# SPDX-License-Identifier: MIT
"""ground - where the tests with real sockets stand: a network of their own where namespaces are
allowed, and what several of them need. The first two arguments of each test are woshou and the
source tree. Nothing here sleeps and hopes: one waits for a condition, with a generous deadline."""
import ctypes
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

WOSHOU, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.path.insert(0, os.path.join(ROOT, "tests", "tidy"))
from tap import Skip, run  # noqa: E402,F401

TOP = tempfile.mkdtemp(prefix="woshou-live-")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
ENVIRONMENT["XDG_STATE_HOME"] = os.path.join(TOP, "state")
DEADLINE = 60  # seconds: for a machine under load

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
_private = None  # None: not tried; "": we are in; else why not


def enter_private_network():
    """This process moves into a network namespace of its own, with the loopback up. Raises Skip
    where that is not allowed."""
    global _private
    if _private is None:
        _private = _enter()
    if _private:
        raise Skip(_private)


def _enter():
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    flags = CLONE_NEWNET if uid == 0 else CLONE_NEWUSER | CLONE_NEWNET
    if libc.unshare(flags) != 0:
        return f"no private network here: {os.strerror(ctypes.get_errno())}"
    if uid != 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"),
                           ("gid_map", f"0 {gid} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    if not shutil.which("ip"):
        return "no private network here: there is no `ip` (iproute2)"
    done = subprocess.run(["ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    return done.stderr.decode() if done.returncode else ""


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip(f"there is no `{program}`")


def wait_for(condition, what):
    """The first true answer of `condition`; fails after DEADLINE."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.01)
    raise AssertionError(f"waited {DEADLINE} s in vain: {what}")


def start(*arguments, **options):
    """woshou in the background, its output in pipes."""
    options.setdefault("stdin", subprocess.PIPE)
    return subprocess.Popen([WOSHOU, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            cwd=TOP, env=ENVIRONMENT, **options)


def woshou(*arguments, stdin=b"", **environment):
    return subprocess.run([WOSHOU, *arguments], capture_output=True, input=stdin, cwd=TOP,
                          check=False, env={**ENVIRONMENT, **environment}, timeout=10 * DEADLINE)


def listens(port, host="127.0.0.1"):
    """Somebody listens there; asked of the kernel, not by a call."""
    table = "/proc/net/tcp6" if ":" in host else "/proc/net/tcp"
    with open(table, encoding="ascii") as file:
        rows = [line.split() for line in list(file)[1:]]
    return any(row[3] == "0A" and int(row[1].rsplit(":", 1)[1], 16) == port for row in rows)


def await_listener(port, host="127.0.0.1"):
    wait_for(lambda: listens(port, host), f"nobody listens on {host} port {port}")


def dial(port, host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    s = socket.socket(family)
    s.settimeout(DEADLINE)
    s.connect((host, port))
    return s


def read_all(s, n=None):
    """n octets, or until the end."""
    got = b""
    while n is None or len(got) < n:
        more = s.recv(65536 if n is None else min(65536, n - len(got)))
        if not more:
            break
        got += more
    return got


def finish(process, signal_number=None):
    """Output and complaints of a program that ends; killed after DEADLINE."""
    if signal_number is not None:
        process.send_signal(signal_number)
    try:
        out, err = process.communicate(timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError("it did not end: " + err.decode(errors="replace")[:500]) from None
    return out, err


def path(name):
    return os.path.join(TOP, name)


def clean_up():
    shutil.rmtree(TOP, ignore_errors=True)
