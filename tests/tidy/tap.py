# SPDX-License-Identifier: MIT
"""tap - cases that return a list of complaints, told in the Test Anything Protocol."""
import sys


class Skip(Exception):
    """Raised by a case that cannot be judged here: its argument says why."""


def run(cases):
    """cases: (title, function). Complaints go to standard error too, where meson shows them."""
    print(f"1..{len(cases)}", flush=True)
    failed = False
    for number, (title, case) in enumerate(cases, 1):
        try:
            complaints = case()
        except Skip as why:
            print(f"ok {number} - {title} # SKIP {why}", flush=True)
            continue
        except Exception as error:  # a case that stumbles is a case that fails
            complaints = [f"{type(error).__name__}: {error}"]
        print(f"{'not ok' if complaints else 'ok'} {number} - {title}", flush=True)
        for complaint in complaints[:40]:
            print(f"# {title}: {complaint}", file=sys.stderr, flush=True)
        failed = failed or bool(complaints)
    sys.exit(1 if failed else 0)
