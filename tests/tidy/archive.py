#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""archive.py FOLDER=LIBRARY... - the laws that only the compiled archives can prove."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap

# What the engine may ask of the world outside: to move octets, and to stop.
ENGINE_NEEDS = {"memcpy", "memmove", "memset", "memcmp", "panic"}
# What a compiler adds by itself.
COMPILER_ADDS = re.compile(r"^(_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__[a-z]+[sd]i[0-9]$)")


def lines(*command):
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return done.stdout.splitlines()


def engine_needs(archive):
    defined, wanted = set(), set()
    for line in lines("nm", archive):
        words = line.split()
        if len(words) == 2 and words[0] == "U":
            wanted.add(words[1])
        elif len(words) == 3:
            defined.add(words[2])
    return [f"the engine needs {name}" for name in sorted(wanted - defined - ENGINE_NEEDS)
            if not COMPILER_ADDS.match(name)]


def mutable_data(archive):
    complaints, member = [], archive
    for line in lines("size", "-A", archive):
        words = line.split()
        if len(words) > 1 and words[1].startswith(":") or line.endswith("):"):
            member = words[0]
        if len(words) == 3 and re.match(r"\.(data|bss|tdata|tbss)", words[0]) and \
                not words[0].startswith(".data.rel.ro") and int(words[1]) > 0:
            complaints.append(f"{member}: {words[1]} octets in {words[0]}")
    return complaints


CASES = []
for argument in sys.argv[1:]:
    folder, library = argument.split("=", 1)
    CASES.append((f"no mutable file-scope variable in src/{folder}",
                  lambda library=library: mutable_data(library)))
    if folder == "tcp":
        CASES.append(("the engine needs nothing but mem* and the panic hook",
                      lambda library=library: engine_needs(library)))

tap.run(CASES)
