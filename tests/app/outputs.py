#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""outputs.py WOSHOU ROOT - files that the program writes, and two runs compared."""
import json
import os
import resource
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tidy"))
import tap
from program import (WOSHOU, TOP, SCENE, LOSSES, ENVIRONMENT, SHORT, path, woshou, expect,
                     on_terminal, clean_up)


def small_disk():
    """For a child: files end at 100 octets, and whoever writes on is told so."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def case_output_is_whole():
    """What was there stays until all of the new is there; links, pipes and modes stay what they
    are."""
    complaints, old = [], path("old.csv", "what was there\n")
    new = woshou("export", "--to", "csv", "-o", "-", SCENE).stdout
    for name, call in ((old, ["export", "--to", "csv", "-o"]), (old, ["run", "-q", "--junit"]),
                       (path("fresh.csv"), ["export", "--to", "csv", "-o"])):
        done = subprocess.run([WOSHOU, *call, name, SCENE], capture_output=True, check=False,
                              env=ENVIRONMENT, preexec_fn=small_disk, restore_signals=False)
        complaints += expect(done, 3, err=["File too large"])
    if os.path.exists(path("fresh.csv")):
        complaints.append("half a file is left")
    with open(old, encoding="utf-8") as file:
        if file.read() != "what was there\n":
            complaints.append("the old file is gone, and no new one there")

    os.chmod(old, 0o604)
    os.symlink(old, path("link.csv"))
    os.symlink(path("not-yet.csv"), path("ahead.csv"))
    os.link(path("twin-1.csv", "x"), path("twin-2.csv"))
    for name, where in (("link.csv", "old.csv"), ("ahead.csv", "not-yet.csv"),
                        ("twin-1.csv", "twin-2.csv")):
        complaints += expect(woshou("export", "--to", "csv", "-o", path(name), SCENE), 0)
        with open(path(where), "rb") as file:
            if file.read() != new:
                complaints.append(f"{where} is not what was written to {name}")
    if not os.path.islink(path("link.csv")) or os.stat(old).st_mode & 0o777 != 0o604:
        complaints.append("a link or a mode was changed")

    os.mkfifo(path("pipe.csv"))
    with subprocess.Popen(["cat", path("pipe.csv")], stdout=subprocess.PIPE) as reader:
        complaints += expect(woshou("export", "--to", "csv", "-o", path("pipe.csv"), SCENE), 0)
        if reader.communicate(timeout=30)[0] != new:
            complaints.append("a pipe did not get it all")
    call = f"'{WOSHOU}' export --to csv -o /dev/stdout '{SCENE}'"
    done = subprocess.run(f"{{ echo begin; {call}; echo end; }} >>both.csv", shell=True, cwd=TOP,
                          check=False, env=ENVIRONMENT)
    with open(path("both.csv"), "rb") as file:
        if done.returncode != 0 or file.read() != b"begin\n" + new + b"end\n":
            complaints.append("/dev/stdout is not standard output")
    complaints += expect(woshou("export", "--to", "csv", "-o", TOP, SCENE), 3, err=["directory"])
    return complaints + [f"left behind: {n}" for n in os.listdir(TOP) if ".csv." in n]


def case_diff():
    """0 the same, 1 different, 2 a wrong call; files, records and runs of one file."""
    record = path("first.jsonl")
    complaints = expect(woshou("export", "--to", "jsonl", "-o", record, SCENE), 0)
    complaints += expect(woshou("diff", SCENE, record), 0, ["no difference"])
    complaints += expect(woshou("diff", "--lang", "zh", record, SCENE), 0, ["没有不同"])
    complaints += expect(woshou("diff", "-", SCENE, stdin=open(record, "rb").read()), 0)
    lost = ["--variant", "loss=none", "--variant-b", "loss=SYN"]
    complaints += expect(woshou("diff", LOSSES, *lost), 1,
                         ["first difference at 0.000 s: nothing / the wind blows Zhang San's SYN",
                          "They rejoin at 0.100 / 1.100 s", "1.000 s later in B"])
    complaints += expect(woshou("diff", LOSSES, LOSSES, *lost, "--lang", "zh"), 1,
                         ["首次不同，0.000 秒：无事 / 风吹走张三的 SYN 1000", "B 晚 1.000 秒"])
    found = json.loads(woshou("diff", LOSSES, *lost, "--json").stdout)
    if not found["differs"] or found["rejoin"]["shift"] != 1000000 or found["first"]["a"]:
        complaints.append(f"--json: {found}")
    wide = woshou("diff", LOSSES, *lost, "--width", "160", "--context", "0").stdout.decode()
    if max(len(line) for line in wide.split("\n")) <= 80 or "Zhang San calls" in wide:
        complaints.append(f"--width, --context: {wide}")
    other = ["diff", SCENE, "--set-b", "zhang.rto=3s"]
    complaints += expect(woshou(*other), 1, ["fields"])
    complaints += expect(woshou("diff", SCENE, "--profile-b", "classic", "--ignore",
                                "fields,rules,time"), 0)
    isn = ["diff", "--set-b", "zhang.isn=77", path("meet.scene", SHORT % "100ms")]
    complaints += expect(woshou(*isn), 1, ["seq 1000 / 77"])
    complaints += expect(woshou(*isn, "--ignore", "isn"), 0)
    complaints += expect(woshou("diff", SCENE, path("no.scene")), 2, err=["no such file"])
    for options, wants in (([], True), (["--no-color"], False), (["--json"], False)):
        shown, status = on_terminal(["diff", LOSSES, *lost, *options], [])
        if status != 1 or (b"\x1b[33m" in shown) != wants:
            complaints.append(f"on a terminal, {options}: exit {status}, {shown[-200:]}")
    return complaints + ["colours in a pipe"] * (b"\x1b" in woshou("diff", LOSSES, *lost).stdout)



try:
    tap.run([
        ("a file is replaced by a whole one or not at all", case_output_is_whole),
        ("diff says where two runs part, and how they rejoin", case_diff),
    ])
finally:
    clean_up()
