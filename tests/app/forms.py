#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""forms.py WOSHOU ROOT - what `woshou export` writes: one scene in each form and language against
the files in golden/ (WOSHOU_BLESS=1 writes them instead), and a hostile one through every form."""
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tidy"))
import tap

WOSHOU, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
GOLDEN = os.path.join(ROOT, "tests", "app", "golden")
SCENE = os.path.join(ROOT, "scenarios", "first-wave.scene")
TOP = tempfile.mkdtemp(prefix="woshou-forms-")
LANGS = ("en", "zh", "zh+en")

# form: further options, and which languages make a difference
FORMS = {
    "text": ([], LANGS),
    "svg": ([], LANGS),
    "ladder": ([], ("en",)),
    "tell": ([], LANGS),
}

EVIL = '''woshou 1
title en "<b>&amp;\\"'`#;%%{{ x" zh "]]><script>\\xe2\\x80\\xae"

person zhang en "<i>Zh\\"ang</i> & | * _ # ; : %s" zh "张`三`\\xe2\\x80\\x8f ؟שלום" { isn 1000 }
person li en "end\\nLi\\tSi--> -x" zh "李```四" { isn 5000 }

wind zhang <-> li { delay 50ms }
wind zhang  -> li { drop 1st where SYN }

scene meet en "*They* | [meet](x)\\n# not a heading" zh "~~~\\n```\\n$$" {
  at 0s  li listen
  at 0s  zhang connect li
  at 2s  zhang write "<script>alert(1)</script>\\x00\\x1b[31m\\n| a | b |\\r```"
    say en "</details><b> & | `x` **y** -->\\n\\n# z" zh "旁白\\xe2\\x81\\xa6；＃\\e[2J"
  ask at 1.5s en "<details> | `x`\\n```?" zh "问；#" answer zhang.rto
}
''' % ("long " * 60)


def woshou(*arguments):
    return subprocess.run([WOSHOU, *arguments], capture_output=True, cwd=TOP, check=False)


def first_difference(golden, now):
    for number, (old, new) in enumerate(zip(golden.split(b"\n"), now.split(b"\n")), 1):
        if old != new:
            return f"line {number}:\n  golden {old[:200]}\n  now    {new[:200]}"
    return f"{len(golden)} octets, now {len(now)}"


def case_golden():
    complaints = []
    for form, (options, langs) in FORMS.items():
        for lang in langs:
            done = woshou("export", "--to", form, "-o", "-", "--lang", lang, *options, SCENE)
            name = os.path.join(GOLDEN, f"first-wave.{lang}.{form}")
            if done.returncode != 0:
                complaints.append(f"{form} {lang}: exit {done.returncode}: {done.stderr}")
            elif os.environ.get("WOSHOU_BLESS"):
                with open(name, "wb") as file:
                    file.write(done.stdout)
            else:
                with open(name, "rb") as file:
                    golden = file.read()
                if golden != done.stdout:
                    complaints.append(f"{form} {lang}: {first_difference(golden, done.stdout)}")
    return complaints


def evil():
    name = os.path.join(TOP, "evil.scene")
    with open(name, "w", encoding="utf-8") as file:
        file.write(EVIL)
    return name


def evil_output(form, *options):
    """Of each language, after a look for what no terminal and no reader may get."""
    for lang in LANGS:
        done = woshou("export", "--to", form, "-o", "-", "--lang", lang, *options, evil())
        if done.returncode != 0:
            raise AssertionError(f"{form}: exit {done.returncode}: {done.stderr.decode()[:500]}")
        text = done.stdout.decode("utf-8")
        yield text


def harmless(text):
    """No controls but line ends, no turning of the reading direction."""
    bad = {c for c in text if (ord(c) < 32 and c not in "\n\r\t") or 0x7f <= ord(c) < 0xa0
           or c in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}
    return [f"harmful: {bad!r}"] if bad else []


def case_svg():
    complaints = []
    for options in ([], ["--at", "2s"], ["--at", "2s", "--size", "200x60", "--theme", "dark"],
                    ["--ascii"], ["--at", "2s", "--size", "10x3"]):
        for text in evil_output("svg", *options):
            complaints += harmless(text)
            root = ElementTree.fromstring(text)
            names = {element.tag.rsplit("}", 1)[1] for element in root.iter()}
            if not {"title", "desc", "rect", "text"} <= names or "script" in names:
                complaints.append(f"{options}: {names}")
            width, height = int(root.get("width")), int(root.get("height"))
            for element in root.iter():
                x, y = float(element.get("x", 0)), float(element.get("y", 0))
                if not -12 <= x <= width or not -12 <= y <= height:
                    complaints.append(f"{options}: outside: {element.attrib}")
    return complaints


def case_text():
    return [c for options in ([], ["--at", "2s"], ["--ascii"]) for text in
            evil_output("text", *options) for c in harmless(text)]


try:
    tap.run([
        ("one scene in each form and language", case_golden),
        ("SVG is well-formed, whatever names and texts there are", case_svg),
        ("text is harmless", case_text),
    ])
finally:
    shutil.rmtree(TOP, ignore_errors=True)
