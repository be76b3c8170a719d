#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""goldens RUN_SCRIPTS FOLDER [--update] - runs the scripts of the folder and compares what is told
with the .golden beside each. TAP."""
import glob
import os
import subprocess
import sys


def main():
    program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.chdir(folder)
    names = sorted(glob.glob("*.pkt"))
    failed = False
    print(f"1..{len(names)}")
    for number, name in enumerate(names, 1):
        golden = name[:-len(".pkt")] + ".golden"
        told = subprocess.run([program, "-v", name], capture_output=True, text=True).stdout
        # Settings of a suite that this engine does not have are told with every script.
        told = "".join(line for line in told.splitlines(True) if ": assumed: " not in line)
        if "--update" in sys.argv:
            with open(golden, "w", encoding="utf-8") as file:
                file.write(told)
        wanted = ""
        if os.path.exists(golden):
            with open(golden, encoding="utf-8") as file:
                wanted = file.read()
        is_good = told == wanted
        failed = failed or not is_good
        print(f"{'ok' if is_good else 'not ok'} {number} - {name}")
        if not is_good:
            print("".join(f"# wanted: {line}\n" for line in wanted.splitlines()) +
                  "".join(f"# told:   {line}\n" for line in told.splitlines()), end="")
    return 1 if failed else 0


sys.exit(main())
