# SPDX-License-Identifier: MIT
"""program.py - the program under test, for the scripts of this folder: woshou and the source tree
are their first two arguments."""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

WOSHOU, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
TOP = tempfile.mkdtemp(prefix="woshou-cli-")
SCENE = os.path.join(ROOT, "scenarios", "first-wave.scene")
LOSSES = os.path.join(ROOT, "scenarios", "1-hello", "losses.scene")
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
# What is remembered of what was played: not in the home of whoever runs the tests.
ENVIRONMENT["XDG_STATE_HOME"] = os.path.join(TOP, "state")

SHORT = """woshou 1
title en "Short" zh "短"

person zhang en "Zhang San" zh "张三" { isn 1000 }
person li en "Li Si" zh "李四"        { isn 5000 }

wind zhang <-> li { delay 50ms }

scene meet en "They meet" zh "认识" {
  at 0s  li listen
  at 0s  zhang connect li
  expect at %s  zhang in ESTABLISHED
}
"""


def path(name, text=None):
    whole = os.path.join(TOP, name)
    if text is not None:
        with open(whole, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
    return whole


def woshou(*arguments, stdin=b"", **environment):
    return subprocess.run([WOSHOU, *arguments], capture_output=True, input=stdin, cwd=TOP,
                          check=False, env={**ENVIRONMENT, **environment})


def expect(done, status, out=(), err=()):
    """Complaints about one call: its exit status, and words that must be in its two streams."""
    complaints = []
    if done.returncode != status:
        complaints.append(f"{done.args[1:]}: exit {done.returncode}, not {status}: "
                          f"{done.stderr.decode(errors='replace')[:300]}")
    for words, stream, name in ((out, done.stdout, "output"), (err, done.stderr, "complaints")):
        for word in words:
            if word.encode() not in stream:
                complaints.append(f"{done.args[1:]}: no '{word}' in its {name}: "
                                  f"{stream.decode(errors='replace')[:300]}")
    return complaints


QUESTION = re.compile(rb"\r([^\r]*)\033\[6n")


def columns(octets, charset):
    """How far these move the cursor. To Latin-1 0x80 to 0x9f are control characters."""
    if charset == "latin-1":
        return sum(octet >= 0xa0 or 0x20 <= octet < 0x7f for octet in octets)
    return len(octets.decode(charset))


def on_terminal(arguments, keys, size=(24, 80), charset=None):
    """Everything that comes to a terminal, and the exit status. One with a charset says where its
    cursor stands."""
    pid, master = pty.fork()
    if pid == 0:
        # Whoever runs the tests in the background may have them ignored.
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        os.chdir(TOP)
        os.execve(WOSHOU, [WOSHOU, *arguments],
                  {**ENVIRONMENT, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"})
    shown, quiet, deadline = b"", 0, time.monotonic() + 30
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.3)[0]:
            try:
                chunk = os.read(master, 65536)
            except OSError:
                break
            if not chunk:
                break
            shown, quiet = shown + chunk, 0
            if charset and (asked := QUESTION.search(chunk)):
                os.write(master, b"\033[1;%dR" % (1 + columns(asked.group(1), charset)))
        else:
            quiet += 1
            if quiet >= 2 and keys:
                os.write(master, keys.pop(0))
                quiet = 0
    else:
        os.kill(pid, signal.SIGKILL)
    return shown, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def clean_up():
    shutil.rmtree(TOP, ignore_errors=True)
