# SPDX-License-Identifier: MIT
"""docs.py WOSHOU PAIR SOURCE WOSHOU-DOC - what the documents show is what the program does: every
command of their code blocks is run, every transcript, listing and answer in them compared."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

WOSHOU, PAIR, SOURCE, DOC = (os.path.abspath(a) for a in sys.argv[1:5])
sys.path.insert(0, os.path.join(SOURCE, "tests", "tidy"))
import tap

TWINS = [("README.md", "docs/README.zh.md"), ("docs/TEACHING.md", "docs/TEACHING.zh.md"),
         ("docs/STAGE.md", "docs/STAGE.zh.md"), ("docs/EXPORTS.md", "docs/EXPORTS.zh.md"),
         ("docs/ECHO.md", "docs/ECHO.zh.md"), ("docs/DRILL.md", "docs/DRILL.zh.md"),
         ("docs/lessons/README.md", "docs/lessons/README.zh.md")]
SHOWN = ("README.md", "docs/README.zh.md", "docs/EXPORTS.md", "docs/EXPORTS.zh.md")
TOP = tempfile.mkdtemp(prefix="woshou-docs-")
for shared in ("scenarios", "docs"):
    os.symlink(os.path.join(SOURCE, shared), os.path.join(TOP, shared))
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
NO_TERMINAL, DIFFERENT = 3, 1


def text(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def blocks(name, kind):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text(name), re.S | re.M)
    return [block for its_kind, block in found if its_kind == kind]


def run(line):
    """A line of a shell, with the program that was built in the place of tools/run."""
    line = re.sub(r"^(tools/run|woshou)(?=\s|$)", lambda _: f'"{WOSHOU}"', line)
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, cwd=TOP,
                          env=ENVIRONMENT, stdin=subprocess.DEVNULL)


def ladder(scene, *options):
    return run(" ".join(["woshou export --to ladder", *options, scene])).stdout


def commands(name):
    for block in blocks(name, "sh"):
        for line in block.split("\n"):
            line = re.sub(r"\s+#.*", "", line)
            if line:
                yield line


def case_commands():
    complaints = []
    for english, _ in TWINS:
        for line in commands(english):
            if not line.startswith("tools/run"):
                continue
            done = run(line)
            wanted = NO_TERMINAL if line.startswith("tools/run play") else 0
            if line.startswith("tools/run diff"):
                wanted = DIFFERENT
            if done.returncode != wanted or (wanted != NO_TERMINAL and done.stderr):
                complaints.append(f"{english}: {line}: {done.returncode}: {done.stderr.strip()}")
    return complaints


def case_twins():
    complaints = []
    for english, chinese in TWINS:
        heads = [[len(h) for h in re.findall(r"^(#+) ", re.sub(
            r"^```.*?^```", "", text(n), flags=re.S | re.M), re.M)] for n in (english, chinese)]
        if heads[0] != heads[1]:
            complaints.append(f"{english} and {chinese} do not have the same sections")
        if list(commands(english)) != list(commands(chinese)):
            complaints.append(f"{english} and {chinese} do not show the same commands")
        rows = [len(re.findall(r"^\|", text(n), re.M)) for n in (english, chinese)]
        if rows[0] != rows[1]:
            complaints.append(f"{english} and {chinese}: {rows[0]} and {rows[1]} rows of tables")
    return complaints


def case_transcripts():
    complaints, seen = [], 0
    for name in SHOWN:
        for block in blocks(name, ""):
            if not block.startswith("$ "):
                continue
            command, shown = block[2:].split("\n", 1)
            seen += 1
            if run(command).stdout != shown:
                complaints.append(f"{name}: '{command}' prints something else: tools/transcripts")
    if seen != 6:
        complaints.append(f"{seen} transcripts instead of 6")
    with open(os.path.join(SOURCE, "docs", "pictures", "last-nod-lost.svg"), "rb") as file:
        if file.read().decode() != run("woshou export --to svg -o - "
                                       "scenarios/3-goodbye/last-nod-lost.scene").stdout:
            complaints.append("last-nod-lost.svg is another picture now: tools/transcripts")
    return complaints


def case_ladder_page():
    """The lines that docs/LADDER.md shows, in their order; " ..." stands for some."""
    shown = [line for block in blocks("docs/LADDER.md", "") for line in block.split("\n")[1:-1]]
    rest = iter(ladder("scenarios/3-goodbye/last-nod-lost.scene").split("\n"))
    complaints = [f"docs/LADDER.md: not printed: {line}" for line in shown
                  if line != " ..." and line not in rest]
    return complaints if len(shown) > 5 else complaints + ["docs/LADDER.md shows no ladder"]


def judge(path):
    done = run(f"woshou lint {path} && {WOSHOU} fmt --check {path} && {WOSHOU} run --quiet {path}")
    return [] if done.returncode == 0 and not done.stderr else \
        [f"{path}: {done.returncode}: {done.stdout}{done.stderr}"]


def case_scenes():
    complaints, seen = [], 0
    for name in TWINS[0]:
        for block in blocks(name, ""):
            if not block.startswith("woshou 1\n"):
                continue
            seen += 1
            with open(os.path.join(TOP, "shown.scene"), "w", encoding="utf-8") as file:
                file.write(block)
            complaints += [f"{name}: {c}" for c in judge("shown.scene")]
    for name in sorted(os.listdir(os.path.join(SOURCE, "docs", "examples"))):
        if name.endswith(".scene"):
            complaints += judge(f"docs/examples/{name}")
    return complaints if seen == 2 else complaints + [f"{seen} scenes shown instead of 2"]


def case_library():
    complaints = []
    if text("docs/examples/pair.c") not in blocks("docs/LIBRARY.md", "c"):
        complaints.append("docs/LIBRARY.md does not show docs/examples/pair.c as it is")
    done = subprocess.run([PAIR], capture_output=True, text=True, check=True)
    if done.stdout not in blocks("docs/LIBRARY.md", ""):
        complaints.append("docs/LIBRARY.md does not show what pair prints")
    return complaints


def case_named_scenes():
    """`3-goodbye/why-two-one`, `why-two-two`: each is a file, the second beside the first."""
    complaints = []
    for names in TWINS[1:]:
        for name in names:
            folder = ""
            for word in re.findall(r"`([a-z0-9-]+(?:/[a-z0-9-]+)?)`", text(name)):
                if re.match(r"(\d-\w+|rfc9293)/", word):
                    folder, path = os.path.dirname(word), word
                elif word.startswith("why-"):
                    path = f"{folder}/{word}"
                else:
                    continue
                if not os.path.exists(os.path.join(SOURCE, "scenarios", path + ".scene")):
                    complaints.append(f"{name}: there is no scene {path}")
    return complaints


def case_patience():
    """The answers of homework 3: `linux` 7 waves, 127 s."""
    complaints, seen = [], 0
    for name, pattern in ((TWINS[1][0], r"`(\w+)` (\d+) waves, (\d+) s"),
                          (TWINS[1][1], r"`(\w+)` (\d+) 次，(\d+) 秒")):
        for profile, waves, seconds in re.findall(pattern, text(name)):
            seen += 1
            told = ladder("docs/examples/empty-street.scene", "--profile", profile)
            if (len(re.findall("zhang -> li", told)) != int(waves) or
                    not re.search(rf"^ *{seconds}\.000 .*fails ETIMEDOUT", told, re.M)):
                complaints.append(f"{name}: {profile} does not wave {waves} times in {seconds} s")
    return complaints if seen == 8 else complaints + [f"{seen} answers instead of 8"]


def case_numbers():
    """The answers of homework 1: (b), (c), (d)."""
    scene = text("docs/examples/numbers.scene")
    winds = re.findall(r"^# (wind .*)$", scene, re.M)
    complaints = []
    for wind, nods in ((None, ["207", "247"]), (winds[0], ["127", "247"]),
                       (winds[1], ["207", "247", "247", "247"])):
        path = os.path.join(TOP, "numbers.scene")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scene.replace("# " + wind, wind) if wind else scene)
        told = ladder("numbers.scene")
        seen = re.findall(r"^ *[12]\.\d+  li    [~-][>x] zhang .* ack (\d+)", told, re.M)
        if seen != nods:
            complaints.append(f"with '{wind}' the nods are {seen}")
    return complaints


def case_paths():
    """Every file of the project that a document names is there."""
    complaints = []
    for folder in (".", "docs", "docs/lessons"):
        for name in sorted(os.listdir(os.path.join(SOURCE, folder))):
            if not name.endswith(".md"):
                continue
            said = text(os.path.join(folder, name))
            for path in re.findall(r"`((?:src|include|tests|tools|docs)/[\w./-]+)`", said):
                if not os.path.exists(os.path.join(SOURCE, path)):
                    complaints.append(f"{name}: there is no {path}")
    return complaints


def case_decisions():
    """docs/DECISIONS.md speaks of every LOCAL rule, and names rules that there are."""
    rules = text("include/woshou/rule.def")
    rows = re.findall(r'^RULE\((\w+),.*?"[^"]*", "[^"]*", "([^"]*)"', rules, re.M)
    named = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`", text("docs/DECISIONS.md")))
    complaints = [f"no word of {rule}" for rule, strength in rows
                  if strength == "LOCAL" and f"`{rule}`" not in text("docs/DECISIONS.md")]
    return complaints + [f"{rule} is no rule" for rule in sorted(named - {r for r, _ in rows})]


def case_index():
    done = subprocess.run([os.path.join(SOURCE, "tools", "scene-index"), "--check"], check=False,
                          capture_output=True, text=True)
    return [done.stdout.strip()] if done.returncode else []


def case_keys():
    done = subprocess.run([os.path.join(SOURCE, "tools", "keys"), DOC, "--check"], check=False,
                          capture_output=True, text=True)
    return [done.stdout.strip()] if done.returncode else []


def case_commands_listed():
    """Every command of --help stands in README's table, and nothing else does."""
    there = set(re.findall(r"^  woshou (echo \w+|\w+)", run("woshou --help").stdout, re.M))
    complaints = []
    for name in TWINS[0]:
        listed = set(re.findall(r"^\| `woshou (echo \w+|\w+)", text(name), re.M))
        if listed != there:
            complaints.append(f"{name}: commands listed or there, not both: {listed ^ there}")
    return complaints


try:
    tap.run([
        ("every command of README and TEACHING ends as it should", case_commands),
        ("twins have the same sections, tables and commands", case_twins),
        ("what README and EXPORTS show is what the program prints", case_transcripts),
        ("LADDER shows what the program prints", case_ladder_page),
        ("README's scene and the examples are canonical and pass", case_scenes),
        ("LIBRARY shows the example, and what it prints", case_library),
        ("scenes named in TEACHING are there", case_named_scenes),
        ("the answers about patience", case_patience),
        ("the answers about numbers", case_numbers),
        ("files that the documents name are there", case_paths),
        ("DECISIONS speaks of every LOCAL rule", case_decisions),
        ("docs/SCENES.md is current", case_index),
        ("docs/STAGE.md has the keys that there are", case_keys),
        ("README lists the commands that there are", case_commands_listed),
    ])
finally:
    shutil.rmtree(TOP, ignore_errors=True)
