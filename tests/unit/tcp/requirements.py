#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""requirements.tsv names tests: every one must exist, and every test must be run."""
import pathlib
import re
import sys

here = pathlib.Path(sys.argv[1])
wrong = []
tests = {}
for path in sorted(here.glob("test_*.c")):
    text = path.read_text()
    suite = re.search(r'suite_create\("([^"]+)"\)', text).group(1)
    tests[suite] = set(re.findall(r"START_TEST\((\w+)\)", text))
    for name in tests[suite]:
        if not re.search(r"tcase_add(_loop)?_test\(\s*\w+,\s*" + name + r"\b", text):
            wrong.append(f"{path.name}: {name} is written and never run")

seen = set()
for number, line in enumerate((here / "requirements.tsv").read_text().splitlines(), 1):
    if line.startswith("#"):
        continue
    fields = line.split("\t")
    if len(fields) != 3 or not re.fullmatch(r"(MUST|SHLD|MAY)-\d+", fields[0]):
        wrong.append(f"requirements.tsv:{number}: three fields, the first an id of RFC 9293")
        continue
    if fields[0] in seen:
        wrong.append(f"requirements.tsv:{number}: {fields[0]} stands here twice")
    seen.add(fields[0])
    for part in fields[1].split("; "):
        if part == "matrix":
            continue
        suite, _, names = part.partition(" / ")
        for name in names.split(", "):
            if name != "*" and name not in tests.get(suite, ()):
                wrong.append(f"requirements.tsv:{number}: no test '{suite} / {name}'")

print("\n".join(wrong) or f"{len(seen)} requirements, each carried by a test")
sys.exit(1 if wrong else 0)
