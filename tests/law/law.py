# SPDX-License-Identifier: MIT
"""law.py SOURCE - requirement.def, rule.def and the unit tests agree: what a row names exists and
runs, what carries a requirement's id is named by its row, and nothing is missing or told twice."""
import glob
import importlib.machinery
import importlib.util
import os
import re
import sys

SOURCE = os.path.abspath(sys.argv[1])
sys.path.insert(0, os.path.join(SOURCE, "tests", "tidy"))
import tap

LEVELS = {"MUST": ("MUST", "MUST NOT"), "SHLD": ("SHOULD", "SHOULD NOT"), "MAY": ("MAY",),
          "REC": ("SHOULD",)}
OTHERS = {level for levels in LEVELS.values() for level in levels} | {"STEP"}
NUMBERED = {f"{kind}-{n}" for kind, most in (("MUST", 69), ("SHLD", 31), ("MAY", 18), ("REC", 1))
            for n in range(1, most + 1)}
STRENGTH = re.compile(r"(?:MUST|SHLD|MAY|REC)-\d+|MUST|SHOULD|MAY|PROSE|ERRATA-\d+|LOCAL")
HAN = re.compile("[\u4e00-\u9fff]")


def load_reference():
    loader = importlib.machinery.SourceFileLoader("reference",
                                                  os.path.join(SOURCE, "tools", "reference"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("reference", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


def unit_tests():
    """folder/name of every test -> whether it is run."""
    found = {}
    for path in glob.glob(os.path.join(SOURCE, "tests", "unit", "*", "*.c")):
        folder = os.path.basename(os.path.dirname(path))
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name in re.findall(r"START_TEST\((\w+)\)", text):
            found[f"{folder}/{name}"] = re.search(
                r"tcase_add\w*test\w*\(\s*\w+,\s*" + name + r"\b", text) is not None
    return found


REFERENCE = load_reference()
ROWS = [row for _, row in REFERENCE.requirements()]
RULES = {rule: (rfc, section, strength)
         for _, (rule, rfc, section, _, strength, _) in REFERENCE.rows("rule.def")}
STRENGTHS = {rule: strength for rule, (_, _, strength) in RULES.items()}
TESTS = unit_tests()


def names(text):
    return text.split(", ") if text else []


def ids_of(test):
    """The requirements that a test's name carries: must_12_shld_3_what -> MUST-12, SHLD-3."""
    rest, ids = test.split("/")[1], []
    while found := re.match(r"(must|shld|may|rec)_(\d+)_", rest):
        ids.append(f"{found.group(1).upper()}-{found.group(2)}")
        rest = rest[found.end():]
    return ids


def case_appendix_b_is_whole():
    own = [row for row in ROWS if row["rfc"] == "9293"]
    complaints = [f"{name}: no row" for name in sorted(NUMBERED - {row["id"] for row in own})]
    complaints += [f"{row['id']}: not in Appendix B" for row in own if row["id"] not in NUMBERED]
    return complaints + ([f"{len(own)} rows, not 126"] if len(own) != 126 else [])


def case_rows_are_well_formed():
    complaints, seen = [], set()
    for row in ROWS:
        name, level = row["id"], row["level"]
        kind = name.split("-")[0]
        if level not in LEVELS.get(kind, OTHERS):
            complaints.append(f"{name}: its strength is {level}")
        if row["rfc"] != "9293":
            place = re.escape(f"{row['rfc']}-{row['section']}-")
            number = r"s[\w.]+" if level == "STEP" else r"(\d+|s[\w.]+)"
            if not re.fullmatch(place + number, name):
                complaints.append(f"{name}: not RFC-SECTION-n, or -sSTEP")
            if name in seen:
                complaints.append(f"{name}: stands here twice")
        seen.add(name)
        if not HAN.search(row["zh"]) or HAN.search(row["en"] + row["words"] + row["note"]):
            complaints.append(f"{name}: a text in the wrong language")
        if not row["words"]:
            complaints.append(f"{name}: without the RFC's words")
    return complaints


def case_reasons_are_given():
    complaints = []
    for row in ROWS:
        if row["fate"] not in REFERENCE.FATES:
            complaints.append(f"{row['id']}: no such fate: {row['fate']}")
        if bool(row["note"]) != bool(row["note_zh"]):
            complaints.append(f"{row['id']}: a note in one language")
        if row["fate"] != "KEPT" and not row["note"]:
            complaints.append(f"{row['id']}: {row['fate']} without a word why")
        is_kept = row["fate"] in ("KEPT", "SETTING")
        if is_kept and not row["tests"] and row["rfc"] != "9293":
            complaints.append(f"{row['id']}: no test shows it")
        if not is_kept and (row["tests"] or REFERENCE.rules_of(row, STRENGTHS)):
            complaints.append(f"{row['id']}: {row['fate']}, and yet there are rules or tests")
        if is_kept and not row["tests"] and not REFERENCE.rules_of(row, STRENGTHS):
            complaints.append(f"{row['id']}: {row['fate']}, and nothing shows it")
    return complaints


def case_rules_exist_and_fit():
    complaints = []
    known = {row["id"] for row in ROWS}
    for row in ROWS:
        named = names(row["rules"])
        for rule in named:
            if rule not in RULES:
                complaints.append(f"{row['id']}: no rule {rule}")
            elif STRENGTHS[rule] == row["id"]:
                complaints.append(f"{row['id']}: {rule} has this strength, it need not be named")
        if len(set(named)) != len(named):
            complaints.append(f"{row['id']}: a rule is named twice")
    for rule, (rfc, _, strength) in RULES.items():
        if not STRENGTH.fullmatch(strength):
            complaints.append(f"{rule}: no such strength: {strength}")
        if "-" in strength and not strength.startswith("ERRATA") and strength not in known:
            complaints.append(f"{rule}: no requirement {strength}")
        if rfc == "9293" and strength in ("MUST", "SHOULD", "MAY"):
            complaints.append(f"{rule}: RFC 9293 numbers what is {strength}")
    return complaints


def case_tests_exist_and_run():
    complaints = []
    for row in ROWS:
        named = names(row["tests"])
        for test in named:
            if test not in TESTS:
                complaints.append(f"{row['id']}: no test {test}")
            elif not TESTS[test]:
                complaints.append(f"{row['id']}: {test} is written and never run")
        if len(set(named)) != len(named):
            complaints.append(f"{row['id']}: a test is named twice")
    return complaints


def case_tests_carry_the_ids():
    complaints = []
    for row in ROWS:
        carried = [test for test in TESTS if row["id"] in ids_of(test)]
        named = names(row["tests"])
        complaints += [f"{test}: {row['id']} does not name it" for test in carried
                       if test not in named]
        is_kept = row["fate"] in ("KEPT", "SETTING")
        if row["rfc"] == "9293" and is_kept and row["level"] != "MAY" and not carried:
            complaints.append(f"{row['id']}: no test carries its name")
    known = {row["id"] for row in ROWS}
    complaints += [f"{test}: no requirement {name}" for test in TESTS for name in ids_of(test)
                   if name not in known]
    return complaints


tap.run([(name[5:].replace("_", " "), case) for name, case in list(globals().items())
         if name.startswith("case_")])
