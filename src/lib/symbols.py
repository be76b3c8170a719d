#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""symbols.py script|list HEADER... - what the public headers declare, and nothing else, leaves the
library: as a version script for the linker, or as a list of names for objcopy."""
import re
import sys


def declared(header):
    with open(header, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read(), flags=re.S)
    text = re.sub(r"^\s*#.*(?:\\\n.*)*$", "", text, flags=re.M)
    while re.search(r"\{[^{}]*\}", text):  # bodies: structs, enums, inline functions
        text = re.sub(r"\{[^{}]*\}", "@", text)
    text = re.sub(r"static inline[^;@]*@", ";", text)
    for statement in text.split(";"):
        statement = " ".join(statement.split())
        if statement.startswith(("typedef", "struct {", "enum {")) or not statement:
            continue
        function = re.match(r"[\w\s*]*[\s*](\w+)\(", statement)
        data = re.match(r"extern .*?(\w+)(?:\[\w*\])*$", statement)
        if function or data:
            yield (function or data).group(1)


def main():
    names = sorted({name for header in sys.argv[2:] for name in declared(header)})
    if sys.argv[1] == "script":
        print("WOSHOU_0 {\n\tglobal:")
        print("\n".join(f"\t\t{name};" for name in names))
        print("\tlocal:\n\t\t*;\n};")
    else:
        print("\n".join(names))


if __name__ == "__main__":
    main()
