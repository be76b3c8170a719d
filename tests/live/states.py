# SPDX-License-Identifier: MIT
"""states - the states of both ends of each connection: as the kernel told them, and as woshou finds
them in a capture. Both become {(caller's port, called port): [caller's states, called one's]}."""
import json

import ground

NAMES = {"SYN_RECV": "SYN_RCVD", "CLOSE": "CLOSED", "FIN_WAIT1": "FIN_WAIT_1",
         "FIN_WAIT2": "FIN_WAIT_2"}
BEFORE = ("CLOSED", "LISTEN")  # before there is a connection


def chain(changes):
    """[(from, to)] as a list of states, from the first that is a connection's."""
    states = []
    for old, new in changes:
        old, new = NAMES.get(old, old), NAMES.get(new, new)
        if not states and old not in BEFORE:
            states.append(old)
        if (states or new not in BEFORE) and new != (states or [""])[-1]:
            states.append(new)  # the kernel sets some twice
    return states


def of_kernel(changes, mourned, mourning):
    """`changes` as wind.Truth tells them. In TIME-WAIT the kernel keeps another kind of socket, and
    does not tell its changes: `mourned` are the ends that were seen there, `mourning` those that
    still are."""
    found = {}
    for local, remote, old, new in changes:
        if local[1] and remote[1]:
            found.setdefault((local, remote), []).append((old, new))
    ends = {}
    for (local, remote), all_changes in found.items():
        states = chain(all_changes)
        if (local[1], remote[1]) in mourned and states and states[-1] == "CLOSED":
            states[-1:] = ["TIME_WAIT"] if (local[1], remote[1]) in mourning else \
                ["TIME_WAIT", "CLOSED"]
        ends[local[1], remote[1]] = states
    return ends


def records(path, port):
    """woshou's, of the connections with that port: others may have been captured beside them."""
    done = ground.woshou("export", "--to", "jsonl", "--filter", f"port {port}", path)
    if done.returncode != 0:
        raise AssertionError(f"{path}: exit {done.returncode}: {done.stderr.decode()[:400]}")
    return [json.loads(line) for line in done.stdout.decode().splitlines()[1:]]


def repetitions(path, port):
    """{(own port, other's port): captured segments that woshou marks as said again}"""
    counts = {}
    for record in records(path, port):
        if record["kind"] == "send" and "rexmit" in record["seg"] and "inferred" not in record:
            ports = tuple(record["ports"])
            counts[ports] = counts.get(ports, 0) + 1
    return counts


def of_capture(path, port):
    """{(own port, other's port): states}"""
    ends = {}
    for record in records(path, port):
        if record["kind"] == "state" and 0 not in record["ports"]:
            ends.setdefault(tuple(record["ports"]), []).append((record["from"], record["to"]))
    return {ports: chain(changes) for ports, changes in ends.items()}


def read(path):
    """The port, and the true states, as captures.py keeps them beside a file."""
    with open(path, encoding="utf-8") as file:
        first, *rows = [line.split() for line in file]
    return int(first[1]), {(int(row[0]), int(row[1])): row[2:] for row in rows}


def write(path, port, real):
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"port {port}\n")
        for ports in sorted(real):
            out.write(f"{ports[0]} {ports[1]} {' '.join(real[ports])}\n")


def differences(real, shown, what):
    for ports in sorted(set(real) | set(shown)):
        a, b = real.get(ports, []), shown.get(ports, [])
        if a != b:
            yield f"{what}: port {ports[0]} to {ports[1]}: really {' '.join(a) or 'nothing'}; " \
                  f"shown {' '.join(b) or 'nothing'}"
