#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tidy.py ROOT - the laws of the house that can be read off the text, one TAP case a law."""
import os
import re
import subprocess
import sys
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap

ROOT = os.path.abspath(sys.argv[1])

# Includes point left only; those of one row do not know each other.
ROWS = [["base"], ["wire"], ["tcp"], ["trace"], ["sim"], ["scene"],
        ["export", "stage", "live", "drill", "explore"], ["app"]]
RANK = {folder: rank for rank, row in enumerate(ROWS) for folder in row}

FUNCTION_LINES, FILE_LINES, HEADER_LINES, COLUMNS, TAB = 70, 600, 300, 100, 8


def tracked():
    """Every file of the project, by its path from the root."""
    if os.path.exists(os.path.join(ROOT, ".git")):
        git = subprocess.run(["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z"],
                             capture_output=True, check=False)
        if git.returncode == 0:
            names = git.stdout.decode().split("\0")
            return sorted(n for n in names if n and os.path.exists(os.path.join(ROOT, n)))
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if not f.startswith((".git", "build"))]
        found += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names]
    return sorted(found)


FILES = tracked()
TEXT = {}
for name in FILES:
    with open(os.path.join(ROOT, name), "rb") as file:
        try:
            TEXT[name] = file.read().decode()
        except UnicodeDecodeError:
            pass  # fuzz corpora and captures are bytes


def sources(*endings, under=("src/", "include/", "tests/", "docs/examples/", "tools/", "man/")):
    return [n for n in TEXT if n.endswith(endings) and n.startswith(under)]


def bare(text):
    """C without comments and without what is inside quotes; line ends stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        found = match.group(0)
        return found[0] + found[-1] if found[0] in "\"'" else "\n" * found.count("\n")

    return pattern.sub(blank, text)


def lines_matching(names, pattern, text_of=lambda n: TEXT[n]):
    for name in names:
        for number, line in enumerate(text_of(name).split("\n"), 1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()}"


def includes(name):
    for number, line in enumerate(TEXT[name].split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1)


def law_arrows():
    for name in sources(".c", ".h", ".def", under=("src/", "include/")):
        parts = name.split("/")
        own = parts[1] if parts[0] == "src" else None
        for number, what in includes(name):
            folder = what.split("/")[0] if "/" in what else own
            if folder not in RANK or folder == own:
                continue
            if own is None or RANK[folder] >= RANK[own]:
                yield f"{name}:{number}: {own or 'include/woshou'} may not see <{what}>"


def law_ncurses():
    for name in sources(".c", ".h", under=("src/", "include/", "tests/")):
        for number, what in includes(name):
            if re.search(r"curses|^term\.h$", what) and name != "src/stage/term.c":
                yield f"{name}:{number}: <{what}> belongs to src/stage/term.c"


def law_sockets():
    network = re.compile(r"^(sys/socket|netinet/|arpa/|netdb|sys/un|linux/|net/|ifaddrs|pcap)")
    for name in sources(".c", ".h", under=("src/", "include/")):
        for number, what in includes(name):
            if network.match(what) and not name.startswith("src/live/"):
                yield f"{name}:{number}: <{what}> belongs to src/live"


def law_functions():
    for name in sources(".c", ".h"):
        lines = TEXT[name].split("\n")
        start = None
        for number, line in enumerate(lines, 1):
            if line == "{":
                start = number
                while start > 1 and lines[start - 2] and not re.match(r"[#}]|.*(\*/|;)$",
                                                                      lines[start - 2]):
                    start -= 1
            elif line == "}" and start:
                if number - start + 1 > FUNCTION_LINES:
                    yield f"{name}:{start}: a function of {number - start + 1} lines"
                start = None


def law_files():
    for name in sources(".c", ".h", ".py"):
        count = TEXT[name].count("\n")
        most = HEADER_LINES if name.endswith(".h") else FILE_LINES
        if count > most:
            yield f"{name}: {count} lines, {most} are allowed"


def width(line):
    column = 0
    for letter in line:
        if letter == "\t":
            column += TAB - column % TAB
        elif unicodedata.east_asian_width(letter) in "WF":
            column += 2
        elif not unicodedata.combining(letter):
            column += 1
    return column


def law_columns():
    """Tables that clang-format leaves alone may be wider, as .def files may."""
    for name in sources(".c", ".h", ".py", ".sh"):
        in_table = False
        for number, line in enumerate(TEXT[name].split("\n"), 1):
            if "clang-format o" in line:
                in_table = "clang-format off" in line
            if width(line) > COLUMNS and not in_table:
                yield f"{name}:{number}: {width(line)} columns"


def law_whitespace():
    for name, text in TEXT.items():
        if name.startswith(("tests/fuzz/corpus", "tests/fuzz/corpora")) or not text:
            continue
        if not text.endswith("\n"):
            yield f"{name}: the last line has no end"
        if "\r" in text:
            yield f"{name}: carriage returns"
        if name.endswith((".c", ".h", ".def", ".py", ".build", ".scene", ".sh")):
            yield from lines_matching([name], re.compile(r"[ \t]+$"))


def law_merges():
    return lines_matching(TEXT, re.compile(r"^(<{7}|>{7}|\|{7})( |$)"))


def law_banned():
    calls = re.compile(r"\b(strcpy|strcat|stpcpy|sprintf|vsprintf|rand|srand|random|time|strtok|"
                       r"gets|atoi|atol|atof|alloca|setjmp|longjmp)\s*\(")
    code = sources(".c", ".h", ".def", under=("src/", "include/", "tests/", "docs/examples/"))
    yield from lines_matching(code, calls, lambda n: bare(TEXT[n]))
    yield from lines_matching(code, re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\([a-z]+\))"))


def law_typedef():
    pattern = re.compile(r"\btypedef\s+(struct|union|enum)\b")
    for place in lines_matching(sources(".c", ".h"), pattern, lambda n: bare(TEXT[n])):
        if not place.startswith("include/woshou/seq.h:"):
            yield place


def law_integers():
    names = sources(".c", ".h", under=("src/wire/", "src/tcp/", "src/sim/", "include/"))
    yield from lines_matching(names, re.compile(r"\b(float|double)\b"), lambda n: bare(TEXT[n]))


def law_pure_engine():
    pure = {"stdbool.h", "stddef.h", "stdint.h", "string.h", "limits.h", "assert.h", "inttypes.h"}
    for name in sources(".c", ".h", under=("src/tcp/",)):
        for number, what in includes(name):
            if "/" not in what and what not in pure and f"src/tcp/{what}" not in TEXT:
                yield f"{name}:{number}: <{what}> in the engine"


def law_spdx():
    endings = (".c", ".h", ".def", ".py", ".sh", "meson.build", "meson_options.txt")
    for name, text in TEXT.items():
        scripted = name.startswith(("tools/", ".ci/"))
        if (name.endswith(endings) or scripted) and "SPDX-License-Identifier: MIT" not in \
                "\n".join(text.split("\n")[:2]):
            yield f"{name}: no SPDX line"


def law_machine_paths():
    # Written so that this file does not find itself.
    pattern = re.compile("/(?:" + "work|root|home/[a-z]+|Users/[a-z]+" + ")/")
    names = [n for n in TEXT if not n.startswith("tests/fuzz/corpus")]
    for place in lines_matching(names, pattern):
        if not place.startswith("tests/tidy/tidy.py:"):
            yield place


def law_rules_used():
    engine = "\n".join(bare(TEXT[n]) for n in sources(".c", ".h", under=("src/tcp/",)))
    words = set(re.findall(r"\bR_(\w+)", engine))
    for rule in re.findall(r"^RULE\((\w+)", TEXT["include/woshou/rule.def"], re.M):
        if rule not in words:
            yield f"rule {rule} is never named in src/tcp"


def law_packages_named():
    for line in re.findall(r'^\w+_PACKAGES="([^"]*)"$', TEXT["tools/lib.sh"], re.M):
        for package in line.split():
            for name in ("README.md", "docs/README.zh.md"):
                if not re.search(rf"(?<![\w-]){re.escape(package)}(?![\w-])", TEXT[name]):
                    yield f"{name} does not name the package {package}"


def law_reference():
    made = subprocess.run([os.path.join(ROOT, "tools/reference"), "--check"], text=True,
                          capture_output=True, check=False)
    return [made.stdout.strip()] if made.returncode else []


def law_links():
    for name in TEXT:
        if not name.endswith(".md"):
            continue
        text = re.sub(r"^```.*?^```", "", TEXT[name], flags=re.S | re.M)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            path = os.path.normpath(os.path.join(ROOT, os.path.dirname(name), target))
            if "://" not in target and not os.path.exists(path):
                yield f"{name}: the link to {target} leads nowhere"


def law_executable():
    for name in TEXT:
        starts = TEXT[name].startswith("#!")
        may = os.access(os.path.join(ROOT, name), os.X_OK)
        if starts != may and not name.startswith("tests/fuzz/"):
            yield f"{name}: {'has #! but may not be run' if starts else 'may be run, has no #!'}"


LAWS = [
    ("includes point left only", law_arrows),
    ("ncurses is known in one file", law_ncurses),
    ("sockets are known in src/live only", law_sockets),
    ("the engine includes nothing but memory and integers", law_pure_engine),
    (f"functions have at most {FUNCTION_LINES} lines", law_functions),
    (f"files have at most {FILE_LINES} lines", law_files),
    (f"lines have at most {COLUMNS} columns", law_columns),
    ("no stray white space", law_whitespace),
    ("no marks of a merge", law_merges),
    ("no banned calls, no TODO without a name", law_banned),
    ("no typedef'd structs but seq32", law_typedef),
    ("only integers in wire, tcp and sim", law_integers),
    ("every source file carries its licence", law_spdx),
    ("no path of somebody's machine", law_machine_paths),
    ("every rule of rule.def is named by the engine", law_rules_used),
    ("README names every package that is installed", law_packages_named),
    ("docs/RFC-MAP.md and docs/PROFILES.md are current", law_reference),
    ("links in the docs lead somewhere", law_links),
    ("scripts may be run, nothing else may", law_executable),
]

if __name__ == "__main__":
    tap.run([(title, lambda law=law: list(law())) for title, law in LAWS])
