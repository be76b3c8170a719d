#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""outside RUN_SCRIPTS - runs the scripts of a folder that is not ours, named by WOSHOU_SCRIPTS: its
classes.tsv says of each (suite, path below scripts/suite, class) what is expected. Every script of
the classes A and F-A must pass, and nine of ten of B and F-B. TAP."""
import os
import subprocess
import sys

MUST = ("A", "F-A")
SHARE = ("B", "F-B")


def main():
    folder = os.environ.get("WOSHOU_SCRIPTS", "")
    table = os.path.join(folder, "classes.tsv")
    if not folder or not os.path.exists(table):
        print("1..0 # SKIP WOSHOU_SCRIPTS names no folder with classes.tsv and scripts/")
        return 0
    with open(table, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    names = [os.path.join(folder, "scripts", row[0], row[1]) for row in rows]
    told = subprocess.run([sys.argv[1], "-D", "STANDARD", "-"], input="\n".join(names) + "\n",
                          capture_output=True, text=True).stdout.splitlines()
    passed = {line[len("ok "):] for line in told if line.startswith("ok ")}
    of_share = [name for row, name in zip(rows, names) if row[2] in SHARE]
    good = sum(name in passed for name in of_share)
    failed = False
    must = [(row, name) for row, name in zip(rows, names) if row[2] in MUST]
    print(f"1..{len(must) + 1}")
    for number, (row, name) in enumerate(must, 1):
        is_good = name in passed
        failed = failed or not is_good
        print(f"{'ok' if is_good else 'not ok'} {number} - {row[2]} {row[0]}/{row[1]}")
    is_good = good * 10 >= len(of_share) * 9
    print(f"{'ok' if is_good else 'not ok'} {len(must) + 1} - {good} of {len(of_share)} of "
          f"{' and '.join(SHARE)}")
    for name in of_share:
        if name not in passed:
            print(f"# does not pass: {name}")
    return 1 if failed or not is_good else 0


sys.exit(main())
