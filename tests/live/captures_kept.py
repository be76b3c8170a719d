#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""captures_kept.py WOSHOU ROOT - the captures in tests/live/captures, which tcpdump, tshark and
dumpcap wrote on two hosts with a bad wind between them (captures.py made them): the states that
woshou finds are those that the sockets had. Needs no privilege."""
import glob
import os

import ground
import states

FOLDER = os.path.join(ground.ROOT, "tests", "live", "captures")


def make_case(path):
    def case():
        port, real = states.read(path + ".states")
        return states.differences(real, states.of_capture(path, port), os.path.basename(path))
    return lambda: list(case())


def case_enough():
    found = [os.path.basename(p) for p in FILES]
    complaints = [] if len(found) >= 10 else [f"{len(found)} captures are not enough"]
    for ending in (".pcap", ".pcapng"):
        if not any(name.endswith(ending) for name in found):
            complaints.append(f"none is {ending}")
    return complaints


FILES = sorted(path[:-len(".states")] for path in glob.glob(os.path.join(FOLDER, "*.states")))

if __name__ == "__main__":
    try:
        ground.run([("there are enough of them", case_enough)] +
                   [(f"the states in {os.path.basename(path)} are those that the sockets had",
                     make_case(path)) for path in FILES])
    finally:
        ground.clean_up()
