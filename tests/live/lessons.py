# SPDX-License-Identifier: MIT
"""lessons.py WOSHOU SOURCE - every lesson on the real thing is held: what it says of the kernel is
so, `ss` says the same at the same moment, and the pages show what is printed."""
import os
import pty
import re
import select
import signal
import subprocess
import time

import ground
from ground import ROOT, WOSHOU, enter_private_network, need, path, run, wait_for, woshou

NAMES = ["close-wait", "time-wait", "refused", "backlog", "unread", "half-close"]
STEPS = dict(zip(NAMES, (7, 7, 5, 8, 6, 6)))
PAGES = os.path.join(ROOT, "docs", "lessons")
ground.ENVIRONMENT["WOSHOU_LESSONS"] = PAGES
HELD, BROKEN, WRONG, LACKING = 0, 1, 2, 3

# After so many steps, rows of `ss -Htan`: how often, state, Recv-Q, Send-Q.
SS = {
    "close-wait": {2: [(2, "ESTAB", 0, 0)],
                   3: [(1, "FIN-WAIT-2", 0, 0), (1, "CLOSE-WAIT", 0, 0)],
                   5: [(1, "LISTEN", 1, 5), (1, "CLOSE-WAIT", 0, 0), (1, "ESTAB", 6, 0)],
                   6: [(1, "TIME-WAIT", 0, 0), (0, "LISTEN", 0, 5), (0, "CLOSE-WAIT", 0, 0)],
                   7: [(2, "TIME-WAIT", 0, 0), (1, "LISTEN", 0, 5)]},
    "time-wait": {1: [(1, "LISTEN", 0, 5), (2, "ESTAB", 0, 0)],
                  2: [(1, "TIME-WAIT", 0, 0)],
                  4: [(1, "TIME-WAIT", 0, 0), (0, "LISTEN", 0, 5)],
                  6: [(2, "TIME-WAIT", 0, 0), (1, "LISTEN", 0, 5)]},
    "refused": {1: [(0, "ESTAB", 0, 0), (0, "LISTEN", 0, 5)],
                3: [(1, "LISTEN", 1, 5), (2, "ESTAB", 0, 0)]},
    "backlog": {1: [(1, "LISTEN", 6, 5), (12, "ESTAB", 0, 0)],
                2: [(1, "LISTEN", 6, 5), (2, "SYN-SENT", 0, 1)],
                4: [(1, "ESTAB", 6, 0)],
                5: [(1, "LISTEN", 6, 5), (0, "SYN-SENT", 0, 1), (15, "ESTAB", 0, 0)]},
    "unread": {1: [(1, "ESTAB", 6, 0)],
               2: [(0, "ESTAB", 6, 0), (0, "ESTAB", 0, 0), (0, "TIME-WAIT", 0, 0)],
               4: [(1, "FIN-WAIT-2", 0, 0), (1, "CLOSE-WAIT", 1, 0)]},
    "half-close": {1: [(1, "FIN-WAIT-2", 0, 0), (1, "CLOSE-WAIT", 10, 0)],
                   2: [(1, "FIN-WAIT-2", 0, 0), (1, "CLOSE-WAIT", 0, 0)],
                   3: [(1, "TIME-WAIT", 0, 0), (0, "CLOSE-WAIT", 0, 0)],
                   6: [(0, "CLOSE-WAIT", 0, 0), (0, "FIN-WAIT-2", 0, 0)]},
}


def without_ladder(text):
    """Times, ports and the machine's load are in the ladder's rows: the rest is always the same."""
    return [line for line in text.split("\n") if not line.startswith("  | ")]


def complaints_of(name, text):
    """What a lesson printed, judged by its form."""
    told = [line for line in text.split("\n") if line.startswith("NOT ")]
    for step in range(1, STEPS[name] + 1):
        if f"\n{step}/{STEPS[name]}\n" not in text:
            told.append(f"step {step} is not told")
    if not re.search(r"^    \d+ things were as expected, 0 were not,", text, re.M):
        told.append("there is no sum: " + text[-200:])
    return [f"{name}: {t}" for t in told]


def held(name, language):
    enter_private_network()
    if name == "close-wait":
        need("python3")
    return woshou("echo", "lesson", "--plain", "--lang", language, name)


def case_every_lesson():
    complaints = []
    for name in NAMES:
        done = held(name, "en")
        text = done.stdout.decode()
        complaints += complaints_of(name, text)
        if done.returncode != HELD or done.stderr:
            complaints.append(f"{name}: {done.returncode}: {done.stderr.decode()}")
        if "\n -- " not in text and "  |    " not in text:
            complaints.append(f"{name}: neither segments nor why there are none")
        complaints += compare(f"{name}.md", name, text)
    return complaints


def case_in_chinese():
    complaints = []
    for name in NAMES:
        done = held(name, "zh")
        if done.returncode != HELD or done.stderr:
            complaints.append(f"{name}: {done.returncode}: {done.stderr.decode()}")
        complaints += compare(f"{name}.zh.md", name, done.stdout.decode())
    return complaints


def page(ending):
    names = [n for n in os.listdir(PAGES) if re.fullmatch(r"\d-" + re.escape(ending), n)]
    with open(os.path.join(PAGES, names[0]), encoding="utf-8") as file:
        return file.read()


def compare(ending, name, text):
    """The page's transcript is what was printed just now."""
    shown = re.findall(r"^```\n\$ (tools/run echo lesson [^\n]*)\n(.*?)^```$", page(ending),
                       re.S | re.M)
    if len(shown) != 1 or not shown[0][0].endswith(name):
        return [f"{ending}: {len(shown)} transcripts of the lesson"]
    if "\n -- " in text:
        return []  # no capture here: the page shows more
    if without_ladder(shown[0][1]) != without_ladder(text):
        return [f"{ending} shows something else than is printed: tools/transcripts --lessons"]
    return []


def case_twins():
    complaints = []
    for english in sorted(os.listdir(PAGES)):
        if not english.endswith(".md") or english.endswith(".zh.md"):
            continue
        both = []
        for name in (english, english.replace(".md", ".zh.md")):
            with open(os.path.join(PAGES, name), encoding="utf-8") as file:
                text = file.read()
            blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.S | re.M)
            bare = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
            both.append((blocks, [len(h) for h in re.findall(r"^(#+) ", bare, re.M)],
                         len(re.findall(r"^(?:\d\.|-|\|) ", bare, re.M))))
        if both[0] != both[1]:
            complaints.append(f"{english} and its Chinese twin differ in sections or commands")
    return complaints


class Pupil:
    """Sits before a lesson in plain mode, and presses Enter; the network is this test's own."""

    def __init__(self, name):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen([WOSHOU, "echo", "lesson", "--plain", "--here", name],
                                        stdin=slave, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=ground.ENVIRONMENT)
        os.close(slave)
        self.text = ""
        self.asked = 0

    def hear(self):
        """Until it asks for Enter again. False: it has ended."""
        end = time.monotonic() + 2 * ground.DEADLINE
        out = self.process.stdout.fileno()
        while self.text.count("[Enter; q leaves]") == self.asked:
            if not select.select([out], [], [], end - time.monotonic())[0]:
                raise AssertionError("it asks for nothing: " + self.text[-300:])
            more = os.read(out, 65536)
            if not more:
                return False
            self.text += more.decode()
        self.asked += 1
        return True

    def press(self, keys=b"\n"):
        os.write(self.master, keys)

    def leave(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        os.close(self.master)

    def port(self):
        return int(re.search(r"(?:127\.0\.0\.1:|echo_server\.py )(\d+)", self.text).group(1))


def sockets(port):
    done = subprocess.run(["ss", "-Htan", f"sport = :{port} or dport = :{port}"],
                          capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.split("\n") if line]
    return [(r[0], int(r[1]), int(r[2])) for r in rows]


def count_differs(port, wanted):
    rows = sockets(port)
    return [f"{times} x {row}, ss has {rows.count(tuple(row))}" for times, *row in wanted
            if rows.count(tuple(row)) != times]


def case_ss_agrees():
    enter_private_network()
    need("ss", "python3")
    complaints = []
    for name in NAMES:
        pupil = Pupil(name)
        try:
            step = 0
            while pupil.hear():
                for wanted in [SS[name].get(step, [])]:
                    complaints += [f"{name}, after step {step}: {c}"
                                   for c in count_differs(pupil.port(), wanted)] if wanted else []
                pupil.press()
                step += 1
            if pupil.process.wait(ground.DEADLINE) != HELD:
                complaints.append(f"{name}: {pupil.text[-500:]}")
        finally:
            pupil.leave()
    return complaints


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if entry.isdigit() and int(fields[1]) == pid:
            found.append(int(entry))
    return found


def case_nothing_is_left():
    """However it ends, the Python server that spins ends with it."""
    enter_private_network()
    need("python3")
    complaints = []
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, None):
        pupil = Pupil("close-wait")
        try:
            for _ in range(3):
                pupil.hear()
                pupil.press()
            pupil.hear()
            python = children(pupil.process.pid)
            if len(python) != 1:
                complaints.append(f"{len(python)} children")
            if number is None:
                pupil.press(b"q\n")
            else:
                pupil.process.send_signal(number)
            pupil.process.wait(ground.DEADLINE)
            wait_for(lambda p=python: not any(os.path.exists(f"/proc/{i}") for i in p),
                     f"the Python server ends after {number}")
        finally:
            pupil.leave()
    return complaints


def case_what_is_missing():
    enter_private_network()
    complaints = []
    for asked, status, said in (
            ((["close-wait"], {"PATH": "/nowhere"}), LACKING, "apt install python3"),
            ((["close-wait"], {"WOSHOU_LESSONS": "/nowhere"}), LACKING, "echo_server.py"),
            ((["close-wayt"], {}), WRONG, "did you mean close-wait?"),
            ((["1", "2"], {}), WRONG, "no more than [NAME]"),
            ((["--save", "x.png", "1"], {}), WRONG, "the name must end in .jsonl")):
        done = woshou("echo", "lesson", "--plain", *asked[0], **asked[1])
        if done.returncode != status or said not in done.stderr.decode():
            complaints.append(f"{asked}: {done.returncode}: {done.stderr.decode()}")
    done = woshou("echo", "lesson")
    if [line.split()[1] for line in done.stdout.decode().split("\n")[::2] if line] != NAMES:
        complaints.append("the list: " + done.stdout.decode())
    return complaints


def case_without_segments():
    """No capture: it is said once, states are compared all the same."""
    enter_private_network()
    done = woshou("echo", "lesson", "--plain", "--no-capture", "unread")
    text = done.stdout.decode()
    if done.returncode != HELD or text.count("\n -- ") != 1 or "zhang 1: no socket" not in text:
        return [f"{done.returncode}: {text}"]
    return [] if "segments of talk" not in text else ["segments that nobody saw"]


def case_saved():
    enter_private_network()
    name = path("lesson.jsonl")
    done = woshou("echo", "lesson", "--plain", "--save", name, "half-close")
    if done.returncode != HELD:
        return [done.stderr.decode()]
    ladder = woshou("export", "--to", "ladder", name)
    told = woshou("tell", name)
    complaints = [f"{d.args}: {d.stderr.decode()}" for d in (ladder, told) if d.returncode != HELD]
    if "CLOSE_WAIT" not in ladder.stdout.decode():
        complaints.append("the recording has no CLOSE_WAIT")
    if "he will say no more, but he listens" not in told.stdout.decode().replace("\n", " "):
        complaints.append("what was said is not in the recording")
    return complaints


try:
    run([
        ("the kernel does what each lesson says, and its page shows it", case_every_lesson),
        ("the same in Chinese", case_in_chinese),
        ("ss says the same at the same moment", case_ss_agrees),
        ("however it ends, nothing is left", case_nothing_is_left),
        ("what is missing or wrong is said", case_what_is_missing),
        ("without capture states are compared all the same", case_without_segments),
        ("a lesson's recording is saved with what was said", case_saved),
        ("the pages and their twins have the same sections and commands", case_twins),
    ])
finally:
    ground.clean_up()
