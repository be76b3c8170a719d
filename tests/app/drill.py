#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""drill.py WOSHOU ROOT [SCRIPTS] - scripts of packetdrill from outside: verdicts, forms, order,
exit status. SCRIPTS, or $WOSHOU_SCRIPTS, is a folder of scripts that others wrote: all must be
readable."""
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tidy"))
import tap
from program import TOP, path, woshou, expect, on_terminal, clean_up

SCRIPTS = sys.argv[3] if len(sys.argv) > 3 else os.environ.get("WOSHOU_SCRIPTS", "")

HELLO = """// Li opens a port; a peer says hello, is spoken to, and hangs up.
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 8000 <mss 1000>
+0 > S. 0:0(0) ack 1 <...>
+.1 < . 1:1(0) ack 1 win 8000
+0 accept(3, ..., ...) = 4
+0 write(4, ..., 500) = 500
+0 > P. 1:501(500) ack 1
+.1 < . 1:1(0) ack 501 win 8000
+0 %{ assert tcpi_state == TCPI_ESTABLISHED, tcpi_state; print('state %d' % tcpi_state) }%
+.1 < F. 1:1(0) ack 501 win 8000
* > . 501:501(0) ack 2
+0 close(4) = 0
+0 close(3) = 0
"""
HELD = path("hello.pkt", HELLO)
BROKEN = path("broken.pkt", HELLO.replace("500(500) ack 1\n", "501(500) ack 1\n")
              .replace("> P. 1:501(500) ack 1", "> P. 1:501(500) ack 2"))
LATE = path("late.pkt", HELLO.replace("+0 > P.", "+.003 > P."))
FALSE = path("false.pkt", HELLO.replace("tcpi_state ==", "tcpi_state + 3 =="))
LEFT = path("left.pkt", HELLO[:HELLO.index("+0 > P.")])
WRONG = path("wrong.pkt", HELLO.replace("listen(3, 1)", "listen(3, SOMAX)"))


def case_verdicts():
    complaints = expect(woshou("drill", HELD), 0, ["pass ", "state 1\n"])
    complaints += expect(woshou("drill", BROKEN), 1, [
        "FAIL ", ":10:1: failure at 0.100", "10 | > P.", "expected  P. 1:501(500) ack 2\n",
        "actual    P. 1:501(500) ack 1"])
    complaints += expect(woshou("drill", FALSE), 1, ["FAIL ", "tcpi_state is 1"])
    complaints += expect(woshou("drill", WRONG), 2, ["WRONG "], [":4:14: error: unknown name"])
    complaints += expect(woshou("drill", HELD, BROKEN, WRONG), 2, [
        "3 scripts: 1 passed, 1 failed, 1 not readable"])
    complaints += expect(woshou("drill", HELD, LANG="zh_CN.UTF-8"), 0, ["成立 "])
    complaints += expect(woshou("drill", "-", stdin=HELLO.encode()), 0, ["pass -"])
    return complaints


def case_tolerance():
    complaints = expect(woshou("drill", LATE), 0, ["pass ", "deviation", "3000 us"])
    complaints += expect(woshou("drill", "--exact", LATE), 1, ["FAIL ", "3000 us"])
    complaints += expect(woshou("drill", "--tolerance-usecs", "2999", LATE), 1, ["FAIL "])
    complaints += expect(woshou("drill", "--tolerance-usecs", "3000", LATE), 0, ["pass "])
    if b"deviation" in woshou("drill", "--quiet", LATE).stdout:
        complaints.append("--quiet tells of deviations")
    return complaints


def case_left_over():
    complaints = expect(woshou("drill", LEFT), 0, ["pass ", "left over"])
    return complaints + expect(woshou("drill", "--strict", LEFT), 1, ["FAIL "])


def case_forms():
    files = (HELD, BROKEN, WRONG)
    told = json.loads(woshou("drill", "--json", *files).stdout)
    complaints = [] if [s["verdict"] for s in told["scripts"]] == ["pass", "fail", "wrong"] and \
        not told["passed"] else ["the JSON tells other verdicts"]
    failure = [f for f in told["scripts"][1]["findings"] if f["kind"] == "failure"][0]
    if (failure["line"], failure["expected"][-5:]) != (10, "ack 2"):
        complaints.append(f"the JSON tells of {failure}")
    lines = woshou("drill", "--tap", *files).stdout.decode().split("\n")
    if [n for n in lines if n and n[0] != "#"] != ["TAP version 13", "1..3", f"ok 1 - {HELD}",
                                                   f"not ok 2 - {BROKEN}", f"not ok 3 - {WRONG}"]:
        complaints.append(f"TAP: {lines}")
    xml = path("out.xml")
    woshou("drill", "--junit", xml, *files)
    suite = ElementTree.parse(xml).getroot()
    if (suite.get("tests"), suite.get("failures"), suite.get("errors")) != ("3", "1", "1") or \
            [len(c) for c in suite] != [0, 1, 1]:
        complaints.append("JUnit counts otherwise")
    return complaints


def case_jobs():
    """Many at once are told as one after the other; a folder in the order of the names."""
    for i in range(40):
        path(f"many{i:02}.pkt", (HELLO, HELLO.replace("ack 1 <", "ack 2 <"))[i % 3 == 0])
    one, many = woshou("drill", TOP), woshou("drill", "--jobs", "7", TOP)
    complaints = [] if one.stdout == many.stdout and one.returncode == many.returncode == 2 else [
        "seven jobs tell it otherwise"]
    names = [n.split(b"/")[-1] for n in one.stdout.split(b"\n") if n[:5] in (b"pass ", b"FAIL ")]
    return complaints + ([] if names == sorted(names) and len(names) > 40 else [f"order: {names}"])


def case_defines():
    file = path("branches.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n#ifdef STANDARD\n"
                "+0 close(3) = 0\n#endif\n#ifdef OTHER\n+0 close(BACKLOG) = 0\n#endif\n")
    complaints = expect(woshou("drill", file), 0, ["pass "])
    complaints += expect(woshou("drill", "-D", "OTHER", file), 2, err=["BACKLOG"])
    return complaints + expect(woshou("drill", "-D", "OTHER", "--define", "BACKLOG=3", file), 0)


def case_wrong_calls():
    empty = os.path.join(TOP, "empty")
    os.mkdir(empty)
    wrong = [([empty], ".pkt"), (["--jobs", "0", HELD], "--jobs takes"),
             (["--tap", "--json", HELD], "one"), (["--stage", HELD, BROKEN], "one script"),
             (["--profile", "bsd", HELD], "freebsd"), (["--junit", HELD, HELD], "overwrite"),
             ([path("none.pkt")], "no such file"), (["--seed", "3", HELD], "no option of drill")]
    return [c for arguments, words in wrong
            for c in expect(woshou("drill", *arguments), 2, err=[words])]


def case_harmless():
    file = path("evil.pkt", "0 close(\"\x1b[31m\") = \x1b[2J\n")
    done = woshou("drill", file)
    return ["an escape reaches the terminal"] if b"\x1b" in done.stdout + done.stderr else []


def case_stage():
    """It is played as a scene is, and what it found is printed afterwards."""
    shown, status = on_terminal(["drill", "--stage", "--motion", "none", BROKEN], [b"q"])
    complaints = [] if status == 1 else [f"exit status {status}"]
    for word in (b"the TCP", b"the script", b"FAIL ", b"actual"):
        if word not in shown:
            complaints.append(f"no {word.decode()} on the terminal")
    return complaints


def case_others():
    if not os.path.isdir(SCRIPTS):
        raise tap.Skip("no folder of scripts given: $WOSHOU_SCRIPTS")
    return expect(woshou("drill", "--check", SCRIPTS), 0, [", 0 not readable"])


try:
    tap.run([
        ("scripts hold, are broken, or are wrong", case_verdicts),
        ("deviations within the tolerance are told, beyond it they fail", case_tolerance),
        ("what is left over is told, and fails with --strict", case_left_over),
        ("TAP, JSON and JUnit say the same", case_forms),
        ("jobs tell in the order of the files", case_jobs),
        ("#ifdef and words", case_defines),
        ("wrong calls are told", case_wrong_calls),
        ("nothing of a script drives the terminal", case_harmless),
        ("a script is played on the stage", case_stage),
        ("scripts that others wrote are readable", case_others),
    ])
finally:
    clean_up()
