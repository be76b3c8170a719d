#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scenes.py WOSHOU ROOT - every scene that comes along: each of its runs keeps its promises and
expectations, gives the same bytes twice, has its golden ladder, and says the same when it is read
back from its own trace; the file is in canonical layout and has nothing to complain about."""
import os
import re
import sys
import textwrap

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tidy"))
import tap
from runs import Woshou

WOSHOU = Woshou(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
FORMS = ["ladder", "tell", "csv", "jsonl", "pcapng"]


def holds(verdict):
    return [] if verdict["passed"] else [verdict["story"]]


def same_twice(scene):
    first, again = WOSHOU("run", scene), WOSHOU("run", scene)
    if first.returncode > 1 or first.stderr:
        return [first.stderr.decode()]
    return [] if first.stdout == again.stdout else ["two runs differ"]


def read_back(scene, variant):
    """A view knows nothing but the trace: from the recorded one it draws the same."""
    record = WOSHOU.export("jsonl", scene, variant)
    for form in FORMS:
        again = WOSHOU("export", "--to", form, "-o", "-", "-", stdin=record)
        if again.returncode or again.stderr:
            yield f"{form}: {again.stderr.decode()}"
        elif again.stdout != WOSHOU.export(form, scene, variant):
            yield f"{form}: differs when it is drawn from the recorded trace"


def layout(scene):
    done = WOSHOU("fmt", "--check", scene)
    return [done.stderr.decode()] if done.returncode else []


def wide(text):
    """As many letters as the text takes columns: Chinese ones take two."""
    return re.sub(r"[^\x00-\u10ff]", "xx", text.replace('\\"', '"'))


def can_be_read(scene):
    """On the stage at 80x24 a narration has two lines of 78 columns in each language."""
    with open(os.path.join(WOSHOU.root, scene), encoding="utf-8") as file:
        source = file.read()
    string = r'"((?:\\.|[^"\\])*)"'
    for en, zh in re.findall(rf"^ *say en {string}\s+zh {string}", source, re.M):
        if len(textwrap.wrap(wide(en), 78)) > 2:
            yield f"too long for 80x24: {en}"
        if len(wide(zh)) > 2 * 78 - 4:  # a line may end a character early
            yield f"too long for 80x24: {zh}"


def lint(scene):
    done = WOSHOU("lint", scene)
    return [done.stderr.decode()] if done.returncode or done.stderr else []


def cases():
    for scene in WOSHOU.scenes():
        verdicts = WOSHOU.verdicts(scene)
        for run in verdicts["runs"]:
            name = f"{scene} {run['variant']}".rstrip()
            yield name, lambda run=run: holds(run)
            yield f"{name} from its record", lambda scene=scene, run=run: list(
                read_back(scene, run["variant"]))
        for golden in verdicts["goldens"]:
            yield f"{golden['file']} is the ladder", lambda golden=golden: holds(golden)
        yield f"{scene} twice", lambda scene=scene: same_twice(scene)
        yield f"{scene} in canonical layout", lambda scene=scene: layout(scene)
        yield f"{scene} can be read", lambda scene=scene: list(can_be_read(scene))
        yield f"{scene} linted", lambda scene=scene: lint(scene)


tap.run(list(cases()))
