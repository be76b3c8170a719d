#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""forms.py WOSHOU ROOT - what `woshou export` writes: one scene in each form and language against
the files in golden/ (WOSHOU_BLESS=1 writes them instead), and a hostile one through every form."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
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
    "mermaid": ([], LANGS),
    "md": ([], LANGS),
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


class Terminal:
    """What a terminal shows that is sent a recording: enough of ECMA-48 for it, and no more."""

    def __init__(self, width, height):
        self.cells = [[" "] * width for _ in range(height)]
        self.row = self.column = 0
        self.styles = set()

    def feed(self, text):
        while text:
            order = re.match("\x1b\\[([?0-9;]*)([A-Za-z])", text)
            if order:
                self.obey(order[1], order[2])
                text = text[order.end():]
                continue
            letter, text = text[0], text[1:]
            if ord(letter) < 32:
                raise AssertionError(f"control {letter!r}")
            self.write(letter)

    def obey(self, numbers, what):
        if what == "H":
            self.row, self.column = (int(n) - 1 for n in numbers.split(";"))
        elif what == "J" and numbers == "2":
            self.__init__(len(self.cells[0]), len(self.cells))
        elif what == "m":
            self.styles.add(numbers)
        elif (numbers, what) not in (("?25", "l"), ("?25", "h")):
            raise AssertionError(f"unknown sequence {numbers}{what}")

    def write(self, letter):
        row = self.cells[self.row]
        if unicodedata.combining(letter):
            row[self.column - 1] += letter
            return
        width = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        row[self.column:self.column + width] = [letter, ""][:width]
        self.column += width

    def screen(self):
        return "".join("".join(row).rstrip() + "\n" for row in self.cells)


def replay(cast):
    lines = cast.split("\n")
    if lines.pop() != "":
        raise AssertionError("the last line has no end")
    header, events = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    terminal = Terminal(header["width"], header["height"])
    for at, what, data in events:
        if what == "o":
            terminal.feed(data)
    return header, events, terminal


def case_cast():
    """Who plays a recording sees in the end what the stage shows there."""
    complaints = []
    sizes = (["--size", "80x24"], ["--size", "120x40"], ["--size", "40x12"], ["--size", "9x4"])
    for size in sizes:
        for lang in LANGS:
            options = ["-o", "-", "--lang", lang, *size, SCENE]
            cast = woshou("export", "--to", "asciicast", *options).stdout.decode()
            header, events, terminal = replay(cast)
            shown = woshou("export", "--to", "text", "--at", "64s", *options).stdout.decode()
            times = [at for at, _, _ in events]
            if header["version"] != 2 or times != sorted(times) or times[-1] > 60:
                complaints.append(f"{size} {lang}: {header}, {times[-1]} s")
            if [data for _, what, data in events if what == "m"] == []:
                complaints.append(f"{size} {lang}: no markers")
            # The clock's row says that it has been played, not only looked at.
            if terminal.screen().split("\n")[1:] != shown.split("\n")[1:]:
                complaints.append(f"{size} {lang}: shows\n{terminal.screen()}, not\n{shown}")
    return complaints


def case_cast_options():
    def cast(*options):
        done = woshou("export", "--to", "asciicast", "-o", "-", *options, SCENE)
        return replay(done.stdout.decode())
    fast, slow, mono = cast("--speed", "8"), cast(), cast("--theme", "mono")
    steps, late = cast("--motion", "steps"), cast("--at", "3s")
    complaints = []
    if fast[1][-1][0] >= slow[1][-1][0] / 2:
        complaints.append(f"--speed: {fast[1][-1][0]} s, not much less than {slow[1][-1][0]} s")
    sizes = [sum(len(data) for _, _, data in events) for _, events, _ in (steps, slow)]
    if sizes[0] >= sizes[1]:
        complaints.append(f"--motion steps: {sizes[0]} octets, with flying words {sizes[1]}")
    if late[1][-1][0] >= slow[1][-1][0] or late[2].screen() != slow[2].screen():
        complaints.append("--at: not the rest of it")
    if not any("38;5" in style for style in slow[2].styles):
        complaints.append(f"no colours: {slow[2].styles}")
    if any(re.search("(^|;)(3|4|9|10)[0-9]", style) for style in mono[2].styles):
        complaints.append(f"--theme mono: {mono[2].styles}")
    for text in evil_output("asciicast"):
        replay(text)
        complaints += harmless(text)
    return complaints


MERMAID = [re.compile(line) for line in (
    "sequenceDiagram", "    participant h[0-9]+ as (.+)",
    "    h[0-9]+(?:->>|-->>|-x|-\\))h[0-9]+: (.+)",
    "    Note (?:left of|right of|over) h[0-9]+(?:,h[0-9]+)?: (.+)")]


def mermaid_faults(figure):
    """Lines of no form that there is, and texts with a letter that means something to its lexer."""
    faults = []
    for line in figure.rstrip("\n").split("\n"):
        forms = [match for match in (form.fullmatch(line) for form in MERMAID) if match]
        text = "".join(forms[0].groups()) if forms else "<"
        text = re.sub("<br/>|#[0-9]+;", "", text)
        if re.search("[<>#;%`\"{}$\\\\~]|(?i:(?<![a-z])end(?![a-z]))", text):
            faults.append(f"mermaid: {line}")
    return faults


def case_mermaid():
    return [c for options in ([], ["--relative"]) for text in evil_output("mermaid", *options)
            for c in harmless(text) + mermaid_faults(text)]


def md_faults(text):
    """HTML that is none of ours, rows with other than their cells, code that goes on to the end,
    headings from anybody's text."""
    faults, fence, figure, headings = [], None, [], 0
    for line in text.rstrip("\n").split("\n"):
        ticks = re.match("`{3,}", line)
        if fence is None and ticks:
            fence, figure = ticks[0], []
        elif fence is not None:
            if line == fence:
                fence = None
                faults += mermaid_faults("\n".join(figure))
            figure.append(line)
        elif re.search("<(?!/?details>|/?summary>|br>)", line):
            faults.append(f"html: {line}")
        elif line.startswith("|") and len(re.findall(r"(?<!\\)\|", line)) not in (4, 7):
            faults.append(f"cells: {line}")
        elif line.startswith("#"):
            headings += 1
    if fence is not None or text.count("<details>") != text.count("</details>"):
        faults.append("something is not closed")
    return faults + [f"{headings} headings"] * (headings != 3)


def case_md():
    return [c for options in ([], ["--relative"]) for text in evil_output("md", *options)
            for c in harmless(text) + md_faults(text)]


def case_text():
    return [c for options in ([], ["--at", "2s"], ["--ascii"]) for text in
            evil_output("text", *options) for c in harmless(text)]


try:
    tap.run([
        ("one scene in each form and language", case_golden),
        ("SVG is well-formed, whatever names and texts there are", case_svg),
        ("text is harmless", case_text),
        ("Mermaid's texts are texts", case_mermaid),
        ("Markdown: no HTML, cell, block or heading of anybody else's", case_md),
        ("a recording, played, shows what the stage shows", case_cast),
        ("recordings: speed, motion, beginning, colours, hostile texts", case_cast_options),
    ])
finally:
    shutil.rmtree(TOP, ignore_errors=True)
