#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cli.py WOSHOU ROOT - the program from outside: exit status, complaints, options, files, and that
nothing from a file drives the terminal."""
import json
import os
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tidy"))
import tap
from program import (WOSHOU, ROOT, TOP, SCENE, LOSSES, ENVIRONMENT, SHORT, path, woshou, expect,
                     on_terminal, clean_up)


def case_help():
    complaints = expect(woshou("--help"), 0, ["woshou run FILE...", "--profile", "Exit status"])
    complaints += expect(woshou("help", "run"), 0, ["--junit"])
    complaints += expect(woshou("export", "--help"), 0, ["--to ladder|text"])
    complaints += expect(woshou("--version"), 0, ["woshou 0."])
    complaints += expect(woshou("--help", LANG="zh_CN.UTF-8"), 0, ["节目单", "退出状态"])
    complaints += expect(woshou("--help", LANG="zh_CN.UTF-8", LC_ALL="C"), 0, ["Exit status"])
    complaints += expect(woshou("--help", "--lang", "zh"), 0, ["退出状态"])
    for line in woshou("--help").stdout.decode().split("\n"):
        if len(line) > 80:
            complaints.append(f"help is wider than 80 columns: {line}")
    return complaints


def case_wrong_calls():
    wrong = [
        (["rum", SCENE], "did you mean run?"),
        ([SCENE], "woshou play"),
        (["run"], "which file?"),
        (["run", "--jnit", "x", SCENE], "did you mean --junit?"),
        (["run", "--junit"], "needs a value"),
        (["run", "--quiet=3", SCENE], "takes no value"),
        (["run", "-z", SCENE], "unknown option '-z'"),
        (["run", "-z", SCENE], "try: woshou run --help"),
        (["echo", "call", "--no-such"], "try: woshou echo call --help"),
        (["--no-such"], "try: woshou --help"),
        (["run", "--to", "csv", SCENE], "--to is no option of run"),
        (["run", "--seed", "one", SCENE], "takes a number"),
        (["run", "--seed", "99999999999999999999", SCENE], "takes a number"),
        (["run", "--lang", "de", SCENE], "zh|en|zh+en"),
        (["run", "--profile", "linus", SCENE], "linux"),
        (["run", "--set", "mls=30s", SCENE], "mls"),
        (["export", SCENE], "--to ladder"),
        (["export", "--to", "pcapgn", SCENE], "did you mean pcapng?"),
        (["export", "--to", "csv", SCENE, SCENE], "one file"),
        (["export", "--to", "pcapng", "-o", "-", "--view", "wang", SCENE], "zhang, li"),
        (["export", "--to", "csv", LOSSES], "[loss=SYN+ACK]"),
        (["export", "--to", "csv", "--variant", "loss=FIN", LOSSES], "no run is named"),
        (["export", "--to", "text", "--size", "80", SCENE], "COLUMNSxROWS"),
        (["export", "--to", "text", "--at", "soon", SCENE], "--at takes a time"),
        (["export", "--to", "svg", "--size", "20x20", SCENE], "at least 40 columns"),
        (["play", "--speed", "fast", SCENE], "--speed takes"),
        (["fmt", "-i", "-"], "in place"),
        (["bench", "--runs", "0"], "--runs takes"),
        (["diff", SCENE], "two files"),
        (["diff", SCENE, SCENE, SCENE], "two files"),
        (["diff", "-", "-"], "only once"),
        (["diff", "--ignore", "time,isnt", SCENE, SCENE], "not 'isnt'"),
        (["diff", "--width", "20", SCENE, SCENE], "--width takes 60 to"),
        (["diff", LOSSES, LOSSES], "choose one with --variant"),
        (["bench", SCENE], "takes no file"),
        (["run", "--bless", "--seed", "3", SCENE], "as it is written"),
    ]
    return [c for arguments, words in wrong
            for c in expect(woshou(*arguments), 2, err=[words])
            + (["standard output is not empty"] if arguments[0] == "export"
               and woshou(*arguments).stdout else [])]


def case_wrong_files():
    complaints = expect(woshou("run", path("first.scene")), 2, err=["no such file"])
    path("frist.scene", SHORT % "100ms")
    complaints += expect(woshou("run", path("first.scene")), 2, err=["did you mean", "frist.scene"])
    complaints += expect(woshou("run", TOP), 2, err=["directory"])
    for name, text in (("empty.scene", b""), ("zeros.scene", b"\0" * 1000),
                       ("bytes.scene", bytes(range(256)) * 20), ("word.scene", b"woshou 1\nwave\n"),
                       ("newer.scene", b"woshou 2\n"), ("brace.jsonl", b'{"woshou":1'),
                       ("deep.jsonl", b"[" * 100000)):
        for command in ("run", "lint", "fmt", "tell"):
            complaints += expect(woshou(command, path(name, text)), 2, err=[name])
    return complaints


def case_verdicts():
    good, bad = path("good.scene", SHORT % "100ms"), path("bad.scene", SHORT % "99ms")
    complaints = expect(woshou("run", good), 0, ["woshou-ladder 1", "pass", "held"])
    complaints += expect(woshou("run", bad), 1, ["FAIL", "ESTABLISHED", "SYN_SENT",
                                                 "woshou play " + bad + " --at 0.099s"])
    complaints += expect(woshou("run", "--quiet", good, bad), 1, ["2 runs: 1 passed, 1 failed"])
    if b"woshou-ladder" in woshou("run", "--quiet", good).stdout:
        complaints.append("--quiet shows a ladder")
    complaints += expect(woshou("run", good, path("none.scene")), 2, ["pass"], ["no such file"])
    complaints += expect(woshou("run", "-", stdin=(SHORT % "100ms").encode()), 0, ["pass -"])
    complaints += expect(woshou("run", "--lang", "zh", good), 0, ["成立"])
    complaints += expect(woshou("run", "--seed", "18446744073709551615", good), 0,
                         ["seed 18446744073709551615"])
    return complaints + expect(woshou("run", "--variant", "loss=SYN", LOSSES), 0, ["[loss=SYN]"])


def case_machine_forms():
    good, bad = path("good.scene", SHORT % "100ms"), path("b<a>&d.scene", SHORT % "99ms")
    report = path("verdicts.xml")
    done = woshou("run", "--json", "--junit", report, good, bad, LOSSES)
    complaints = expect(done, 1)
    verdicts = json.loads(done.stdout)
    if [r["passed"] for r in verdicts["runs"]] != [True, False, True, True, True, True]:
        complaints.append(f"--json: {verdicts}")
    suite = ElementTree.parse(report).getroot()
    failures = [case.get("name") for case in suite.iter("testcase")
                if case.find("failure") is not None]
    if suite.get("tests") != "6" or suite.get("failures") != "1" or failures != [bad]:
        complaints.append(f"--junit: {ElementTree.tostring(suite)}")
    law = json.loads(woshou("law", "--json", SCENE).stdout)
    if law["rules"]["LISTEN_SYN"] != 1 or law["edges"]["LISTEN SYN_RCVD"] != 1:
        complaints.append(f"law --json: {law}")
    complaints += expect(woshou("law", "--lang", "zh", SCENE), 0, ["进入 LISTEN。", "规则"])
    return complaints + expect(woshou("law", SCENE), 0, ["RFC 9293", "edges"])


def case_law():
    complaints = expect(woshou("law"), 0, ["Urgent Data", "MUST-12", "SHLD-31"])
    complaints += expect(woshou("law", "--lang", "zh", "--kept", "outside"), 0,
                         ["不涉及", "MUST-51"])
    complaints += expect(woshou("law", "--section", "9293:3.8.6.1", "--strength", "SHOULD"), 0,
                         ["SHLD-29", "SHLD-30", "2 requirements"])
    complaints += expect(woshou("law", os.path.join(ROOT, "scenarios", "1-hello")), 0,
                         ["requirements", "LISTEN_SYN"])
    for section in ("99", "7323:99", "4711"):
        complaints += expect(woshou("law", "--section", section), 2, err=[f"'{section}'", "7323:4"])
    table = json.loads(woshou("law", "--json").stdout)["requirements"]
    own = [row for row in table if row["rfc"] == 9293]
    if len(own) != 126 or len({row["id"] for row in own}) != 119:
        complaints.append(f"{len(own)} requirements of RFC 9293")
    folder = os.path.join(ROOT, "scenarios")
    complaints += expect(woshou("law", "--scenes", folder, "must-12"), 0,
                         ["MUST-12", "RST_RESET", "tcp/must_12_", "rfc9293/figure-09.scene"])
    complaints += expect(woshou("law", "--lang", "zh", "--scenes", folder, "should-3"), 0,
                         ["SHLD-3", "RFC 原文", "close_for_good", "说明"])
    complaints += expect(woshou("law", "--scenes", folder, "RST_RESET"), 0, ["MUST-12"])
    complaints += expect(woshou("law", "MUST-121"), 2, [], ["did you mean MUST-12?"])
    complaints += expect(woshou("law", "--scenes", "/nonexistent", "MUST-12"), 0, ["not known"])
    complaints += expect(woshou("law", SCENE), 0, ["MUST-14", " requirements"])
    complaints += expect(woshou("law", "nonsense"), 2, [], ["no such file"])
    if woshou("law", "nonsense").stdout:
        complaints.append("law counts what it has not read")
    script = path("one.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                             "+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n"
                             "+0 < S 0:0(0) win 1000 <mss 1000>\n+0 > S. 0:0(0) ack 1 <...>\n")
    for name in (script, os.path.dirname(script)):
        done = json.loads(woshou("law", "--json", name).stdout)
        if done["rules"]["LISTEN_SYN"] != 1 or done["edges"]["LISTEN SYN_RCVD"] != 1:
            complaints.append(f"law {name}: {done}")
    complaints += expect(woshou("law", path("bad.pkt", "0 frobnicate(3) = 0\n")), 2, [],
                         ["no call is named"])
    missing = woshou("law", "--missing", SCENE)
    if b"MUST-14 " in missing.stdout:
        complaints.append("law --missing: MUST-14 was exercised")
    return complaints + expect(missing, 0, ["MAY-12"])


def case_law_of_tests():
    kept, empty = path("kept"), path("empty")
    os.mkdir(kept)
    os.mkdir(empty)
    path("kept/one.json", woshou("law", "--json", SCENE).stdout)
    rest = path("kept/two.json", '{"rules":{"RST_RESET":3,"NO_SUCH":1},"edges":{}}')
    once = json.loads(woshou("law", "--json", SCENE).stdout)
    both = json.loads(woshou("law", "--json", "--tests", kept).stdout)
    complaints = []
    if both["rules"]["RST_RESET"] != once["rules"]["RST_RESET"] + 3 or \
            both["edges"] != once["edges"] or both["requirements"]["MUST-12"] < 3:
        complaints.append(f"law --tests: {both}")
    complaints += expect(woshou("law", "--tests", rest), 0, ["1 of ", "MUST-12"])
    complaints += expect(woshou("law", "--tests", path("no.json", "{}")), 2, [], ["\"rules\""])
    complaints += expect(woshou("law", "--tests", path("bad.json", "{")), 2, [], ["bad.json:1"])
    return complaints + expect(woshou("law", "--tests", empty), 2, [], ["WOSHOU_COVERAGE"])


def case_golden():
    play = path("golden.scene", "woshou 1\ngolden ladder \"golden.ladder\"\n"
                + (SHORT % "100ms").split("\n", 1)[1])
    complaints = expect(woshou("run", play), 1, ["FAIL", "woshou run --bless"])
    complaints += expect(woshou("run", "--bless", play), 0)
    complaints += expect(woshou("run", play), 0, ["golden.ladder: the golden ladder"])
    with open(path("golden.ladder"), "r+b") as file:
        ladder = file.read()
        file.seek(0)
        file.write(ladder.replace(b"5000", b"5001"))
    complaints += expect(woshou("run", play), 1, ["golden:", "now:", "5001:5001"])
    with open(path("golden.ladder"), "wb") as file:
        file.write(ladder + b"\0more")
    complaints += expect(woshou("run", play), 1, ["octet 0"])
    complaints += expect(woshou("run", "--seed", "2", play), 0)  # another story than the golden one
    return complaints + expect(woshou("run", "--bless", path("good.scene", SHORT % "100ms")), 2,
                               err=["names no golden ladder"])


def case_nothing_is_lost():
    """No output takes the place of what was read, or of a file that is none of ours."""
    play = path("kept.scene", SHORT % "100ms")
    with open(play, "rb") as file:
        before = file.read()
    os.symlink(play, path("kept-too.scene"))
    complaints = []
    for arguments in (("export", "--to", "csv", "-o", play, play),
                      ("tell", "-o", path("kept-too.scene"), play),
                      ("run", "--junit", path("kept-too.scene"), SCENE, play)):
        complaints += expect(woshou(*arguments), 2, err=["would overwrite"])
    letter = path("letter.txt", "Dear Li Si,\n")
    play = path("greedy.scene", "woshou 1\ngolden ladder \"letter.txt\"\n"
                + (SHORT % "100ms").split("\n", 1)[1])
    complaints += expect(woshou("run", "--bless", play), 2, err=["letter.txt is no ladder"])
    with open(letter, encoding="utf-8") as file, open(path("kept.scene"), "rb") as kept:
        if file.read() != "Dear Li Si,\n" or kept.read() != before:
            complaints.append("a file was overwritten")
    return complaints


def case_harmless():
    """Nothing that a name or a golden file holds reaches the terminal behind a pipe."""
    play = path("\x1b[31m\x07.scene", "woshou 1\ngolden ladder \"\\e[1mx\"\n"
                + (SHORT % "99ms").split("\n", 1)[1])
    done = woshou("run", "--quiet", play)
    complaints = expect(done, 1, ["\\x1b[31m\\x07.scene", "\\x1b[1mx"])
    path("\x1b[1mx", "\x1b[2mladder\n")
    done = woshou("run", "--quiet", play)
    complaints += expect(done, 1, ["golden: \\x1b[2mladder"])
    return complaints + (["raw octets"] if b"\x1b" in done.stdout + done.stderr else [])


def case_fmt():
    loose = (SHORT % "100ms").replace("  at 0s  li listen", "at  0s li    listen # 坐好")
    play = path("loose.scene", loose)
    done = woshou("fmt", play)
    complaints = expect(done, 0, ["# 坐好"])
    complaints += expect(woshou("fmt", "--check", play), 1, err=["layout"])
    os.chmod(play, 0o640)
    complaints += expect(woshou("fmt", "-i", play), 0)
    complaints += expect(woshou("fmt", "--check", play), 0)
    with open(play, "rb") as file:
        if file.read() != done.stdout or os.stat(play).st_mode & 0o777 != 0o640:
            complaints.append("fmt -i wrote something else than fmt prints, or changed the mode")
    if woshou("fmt", "-", stdin=done.stdout).stdout != done.stdout:
        complaints.append("fmt is not idempotent")
    wrong = path("wrong.scene", loose + "nonsense\n")
    complaints += expect(woshou("fmt", "-i", wrong), 2)
    with open(wrong, encoding="utf-8") as file:
        if file.read() != loose + "nonsense\n":
            complaints.append("fmt -i has touched a file with mistakes")
    return complaints + [f"left behind: {n}" for n in os.listdir(TOP) if ".scene." in n]


def case_export():
    complaints = []
    for form, words in (("ladder", b"woshou-ladder 1"), ("tell", b"wave"), ("csv", b"record,"),
                        ("jsonl", b'{"woshou":1'), ("pcapng", b"\x0a\x0d\x0d\x0a"),
                        ("text", b"first-wave"), ("svg", b"<svg "), ("asciicast", b"{"),
                        ("mermaid", b"sequenceDiagram"), ("md", b"# ")):
        out = path("out." + form)
        complaints += expect(woshou("export", "--to", form, "-o", out, SCENE), 0)
        with open(out, "rb") as file:
            wrote = file.read()
        if words not in wrote or wrote != woshou("export", "--to", form, "-o", "-", SCENE).stdout:
            complaints.append(f"--to {form}: wrote {wrote[:60]}")
    record = path("out.jsonl")
    complaints += expect(woshou("tell", record), 0, ["wave"])
    complaints += expect(woshou("tell", "--lang", "zh", SCENE), 0, ["招手"])
    complaints += expect(woshou("export", "--to", "csv", "-o", "/dev/full", SCENE), 3,
                         err=["No space left"])
    return complaints + expect(woshou("export", "--to", "csv", "-o", path("no/such"), SCENE), 3,
                               err=["No such file"])


ASKING = SHORT % "200ms" + """
scene talk en "They talk" zh "说话" {
  at 1s  zhang write "hello"
  ask at 1.25s en "Which number will Li Si nod?" zh "李四点头会点到哪个号？" answer li.next.ack
  ask at 2s en "In which state is Zhang San?" zh "张三处在哪个状态？" answer ESTABLISHED
}
"""


def case_tell_asks():
    play = path("asking.scene", ASKING)
    score = path("score.json")
    done = woshou("tell", "--ask", "--score", score, play, stdin=b"7\n6\nESTAB\n")
    complaints = expect(done, 0, ["Question: Which number will Li Si nod?", "No. Tries left: 2.",
                                  "Right: 1006, relative 6.", "Right: ESTABLISHED.",
                                  "Score: of 2 questions 2 right, 0 wrong, 0 passed over."])
    with open(score, encoding="utf-8") as file:
        summary = json.load(file)
    questions = summary.pop("questions")
    if [(q["verdict"], q["tries"], q["given"]) for q in questions] != \
            [("right", 2, "6"), ("right", 1, "ESTAB")]:
        complaints.append(f"the questions of the score are {questions}")
    if summary["totals"]["right"] != 2 or summary["seed"] != 1 or summary["language"] != "en":
        complaints.append(f"the score is {summary}")
    # All that is told without questions is told with them, in the same order.
    plain = woshou("tell", play).stdout.decode().splitlines()
    asked = woshou("tell", "--predict", play, stdin=b"1\n\n?\n").stdout.decode()
    asked = iter(asked.splitlines())
    complaints += [f"with questions it is not told: {line}" for line in plain if line not in asked]
    # The end of the input passes what is left; so does an empty line.
    done = woshou("tell", "--ask", "--score", "-", "--lang", "zh", play)
    complaints += expect(done, 0, ["提问：李四点头会点到哪个号？",
                                  "成绩：2 题答对 0，答错 0，跳过 2"])
    totals = json.loads(done.stdout.decode().splitlines()[-1])["totals"]
    if (totals["asked"], totals["passed"]) != (2, 2):
        complaints.append(f"what was passed over is counted as {totals}")
    done = woshou("tell", "--ask", play, stdin=b"\x1b[2J\0\xff\r\n" * 9)
    complaints += expect(done, 0, ["That is no answer."])
    complaints += ["an answer comes back as it is"] * (b"\x1b" in done.stdout)
    complaints += expect(woshou("tell", "--ask", "-", stdin=ASKING.encode()), 2,
                         err=["must be a file"])
    complaints += expect(woshou("tell", "--ask", "-o", path("told"), play), 2, err=["leave -o"])
    complaints += expect(woshou("tell", "--score", play, play), 2, err=["overwrite"])
    complaints += expect(woshou("tell", "--ask", "--score", TOP, play), 3, err=[TOP])
    return complaints


def case_stage_asks():
    score = path("stage-score.json")
    shown, status = on_terminal(["play", "--predict", "--score", score, SCENE],
                                [b".", b".", b" ", b"q", b"q"])
    with open(score, encoding="utf-8") as file:
        verdicts = [q["verdict"] for q in json.load(file)["questions"]]
    is_good = status == 0 and verdicts == ["passed"] and b"of 1 question 0 right" in shown
    return [] if is_good else [f"exit {status}, {verdicts}: {shown[-300:]}"]


def case_tell_in_detail():
    done = woshou("tell", "--detail", SCENE)
    complaints = expect(done, 0, ["Zhang San's retransmission timer is set to 1.000 s.",
                                  "follows the rule", "cwnd, the congestion window,"])
    return complaints + expect(woshou("tell", "-d", "--lang", "zh", SCENE), 0, ["重传定时器定在"])


def case_playbill():
    complaints = expect(woshou("--scenes", os.path.join(ROOT, "scenarios")), 0,
                        ["first-wave.scene\tThe wind eats the first wave"])
    complaints += expect(woshou("--lang", "zh", WOSHOU_SCENARIOS=os.path.join(ROOT, "scenarios")),
                         0, ["第一次招手被风吹走"])
    os.mkdir(path("bare"))
    complaints += expect(woshou("--scenes", path("bare")), 2, err=["no scenes"])
    return complaints + expect(woshou("play", SCENE), 3, err=["terminal"])


def case_pipe():
    """Who reads only the head of it is not told of a broken pipe, whatever its parent ignores."""
    for ignored in (signal.SIG_DFL, signal.SIG_IGN):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([WOSHOU, "run", SCENE], stdout=writer, stderr=subprocess.PIPE,
                              check=False, restore_signals=False, env=ENVIRONMENT,
                              preexec_fn=lambda how=ignored: signal.signal(signal.SIGPIPE, how))
        os.close(writer)
        if done.returncode != -signal.SIGPIPE or done.stderr:
            return [f"{done.returncode}: {done.stderr}"]
    return []


def case_charsets():
    complaints = []
    for charset in ("utf-8", "latin-1"):
        shown, status = on_terminal(["play", SCENE], [b"q"], charset=charset)
        drawn = shown[shown.index(b"\033[6n"):]
        if status != 0 or (max(drawn) >= 0x80) != (charset == "utf-8"):
            complaints.append(f"{charset}: exit {status}, {drawn[:300]}")
    return complaints


def case_terminal():
    """Escape sequences in a file are shown, not obeyed: in the ladder, the errors, the names."""
    evil = (SHORT % "100ms").replace("zhang connect li", 'zhang connect li\n  at 1s  zhang write '
                                     '"\x1b]0;owned\x07\x9b31m"')
    complaints = []
    for arguments in (["run", path("evil.scene", evil)], ["tell", path("evil.scene", evil)],
                      ["lint", path("evil2.scene", evil + "\x1b[31mnonsense\n")],
                      ["fmt", path("evil.scene", evil)], ["run", path("\x1b[31m.scene")],
                      ["\x1b[31m"]):
        shown, _ = on_terminal(arguments, [])
        if b"\x1b" in shown or b"\x07" in shown or b"\xc2\x9b" in shown:
            complaints.append(f"{arguments}: {shown}")
    return complaints


def case_stage():
    """Opens on a terminal, obeys a key, and gives the terminal back."""
    complaints = []
    playbill = ["--scenes", os.path.join(ROOT, "scenarios")]
    for arguments, keys, due in ((["play", SCENE], b"..qqq", 0), (playbill, b"..qqq", 0),
                                 (["play", "--theme", "eight", SCENE], b"..qqq", 0),
                                 (["play", SCENE], b".\x03", -signal.SIGINT),
                                 (["play", SCENE], b".\x1c", -signal.SIGQUIT),
                                 (playbill, b".\x1c", -signal.SIGQUIT)):
        shown, status = on_terminal(arguments, [bytes([key]) for key in keys])
        if status != due:
            complaints.append(f"{arguments}: exit {status}: {shown[-300:]}")
        if b"\x1b[?1049h" not in shown or b"\x1b[?1049l" not in shown[-400:]:
            complaints.append(f"{arguments}: the terminal is not given back: {shown[-300:]}")
    return complaints


def remembered(place):
    with open(path(f"state/woshou/{place}"), encoding="utf-8") as file:
        return json.load(file)


def stage_of(shown):
    """What came between the first playbill and the second."""
    return shown.split(b"\x1b[?1049h")[2]


def case_bookmarks():
    """What was chosen and how far it was seen is there on the next evening; a damaged file is set
    aside; nothing depends on it."""
    complaints = []
    bill = ["--scenes", os.path.join(ROOT, "scenarios", "1-hello"), "--lang", "en"]
    scene = os.path.join(ROOT, "scenarios", "1-hello", "three-way.scene")
    shutil.rmtree(path("state"), ignore_errors=True)
    on_terminal(["play", scene], [b".", b".", b".", b"q"])
    kept = remembered("progress.json")["scenes"].get(scene, {})
    if not 0 < kept.get("furthest_us", 0) <= kept["end_us"] or kept["ended"]:
        complaints.append(f"after three steps: {kept}")
    on_terminal(["play", scene], [b"G", b"0", b"q"])
    kept = remembered("progress.json")
    if kept["last"] != scene or not kept["scenes"][scene]["ended"]:
        complaints.append(f"after the end: {kept}")

    shown, status = on_terminal(bill, [b"q"])
    if status != 0 or b"seen to the end" not in shown or "✓".encode() not in shown:
        complaints.append(f"the playbill does not know: {shown[-900:]}")
    # Left on the way, it goes on there; `s` begins anew.
    on_terminal(["play", "--at", "60ms", scene], [b"q"])
    shown, _ = on_terminal(bill, [b"\r", b"q", b"q"])
    if b"t 0.060 s" not in stage_of(shown):
        complaints.append("Enter does not go on where it was left")
    on_terminal(["play", "--at", "60ms", scene], [b"q"])
    shown, _ = on_terminal(bill, [b"s", b"q", b"q"])
    if b"t 0.060 s" in stage_of(shown) or b"t 0.000 s" not in stage_of(shown):
        complaints.append("s does not begin anew")
    on_terminal(["play", "--at", "60ms", scene], [b"q"])
    shown, _ = on_terminal(["play", "--resume", scene], [b"q"])
    if b"t 0.060 s" not in shown:
        complaints.append("--resume does not go on where it was left")

    path("state/woshou/progress.json", "{ this is not JSON")
    _, status = on_terminal(bill, [b"q"])
    if status != 0 or not os.path.exists(path("state/woshou/progress.json.damaged")):
        complaints.append("a damaged file is not set aside")
    shutil.rmtree(path("state"))
    path("state", "a file where a folder should be")
    _, status = on_terminal(["play", scene], [b".", b"q"])
    os.remove(path("state"))
    return complaints + ([] if status == 0 else [f"without a place for it: exit {status}"])


def case_playbill_opens():
    """A file by its name: completed, missing, broken, good; the playbill stays on the screen."""
    complaints = []
    bill = ["--scenes", os.path.join(ROOT, "scenarios", "1-hello"), "--lang", "en"]
    path("zzz-short.scene", SHORT % "100ms")
    path("zzz-wrong.scene", "woshou 1\npersn zhang\n")
    shown, status = on_terminal(bill, [b"o", b"zzz-s\t\r", b"q", b"q"])
    if status != 0 or b"Short" not in shown or b"t 0.000 s" not in shown:
        complaints.append(f"Tab and Enter do not open it: {shown[-600:]}")
    shown, status = on_terminal(bill, [b"o", b"zzz-wrong.scene\r", b"\x1b", b"q"])
    if status != 0 or b"zzz-wrong.scene:2:1: error" not in shown:
        complaints.append(f"what is wrong with a scene is not told: {shown[-600:]}")
    shown, status = on_terminal(bill, [b"o", b"zzz-none.scene\r", b"\x1b", b"q"])
    if status != 0 or b"No such file" not in shown:
        complaints.append(f"a missing file is not told: {shown[-600:]}")
    return complaints


try:
    tap.run([
        ("help, in two languages, from the table", case_help),
        ("a wrong call gets exit 2 and a hint", case_wrong_calls),
        ("a wrong file gets exit 2 and its name", case_wrong_files),
        ("run: exit 0 when all held, 1 when something broke", case_verdicts),
        ("run: JSON and JUnit XML; law: JSON", case_machine_forms),
        ("golden ladders are compared, and blessed", case_golden),
        ("no output destroys what was read or what is not ours", case_nothing_is_lost),
        ("verdicts are harmless behind a pipe, too", case_harmless),
        ("fmt: prints, checks, rewrites, and loses nothing", case_fmt),
        ("export writes every form, and says when it cannot", case_export),
        ("tell asks, judges, and keeps the score", case_tell_asks),
        ("the stage keeps the score, too", case_stage_asks),
        ("tell --detail leaves nothing out", case_tell_in_detail),
        ("the playbill without a terminal is a list", case_playbill),
        ("a broken pipe ends it quietly", case_pipe),
        ("nothing from a file drives the terminal", case_terminal),
        ("the stage opens, and gives the terminal back", case_stage),
        ("how far a scene was seen is remembered", case_bookmarks),
        ("the playbill opens files by name", case_playbill_opens),
    ])
finally:
    clean_up()
