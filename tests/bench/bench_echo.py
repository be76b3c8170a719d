#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bench_echo.py --load LOAD WOSHOU - the echo server beside socat and a threaded Python server, in
one run: round trips a second at 1, 64 and 1000 connections, the medians of several runs, in
which the servers take turns. A table for docs/BENCH.md on standard output."""
import argparse
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

CONNECTIONS, SIZES = (1, 64, 1000), (64, 4096)


def threaded(port):
    """As it is written in every tutorial."""
    listener = socket.create_server(("127.0.0.1", port), backlog=4096)

    def serve(s):
        with s:
            while data := s.recv(65536):
                s.sendall(data)

    while True:
        s, _ = listener.accept()
        threading.Thread(target=serve, args=(s,), daemon=True).start()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(command):
    """A server on a port of its own, once it listens."""
    port = free_port()
    process = subprocess.Popen([word.replace("PORT", str(port)) for word in command],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with open("/proc/net/tcp", encoding="ascii") as file:
            if any(row.split()[1].endswith(f":{port:04X}") and row.split()[3] == "0A"
                   for row in file):
                return process, port
        if process.poll() is not None:
            break
        time.sleep(0.02)
    sys.exit(f"{command[0]} does not listen")


def trips(load, port, connections, size, seconds):
    done = subprocess.run([load, str(port), str(connections), str(size), str(seconds)],
                          capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return float(done.stdout.split()[0])


def measure(load, servers, connections, size, options):
    """Median, least and most of each server."""
    figures = {name: [] for name in servers}
    for _ in range(options.runs):
        for name, command in servers.items():
            process, port = start(command)
            try:
                figures[name].append(trips(load, port, connections, size, options.seconds))
            finally:
                process.kill()
                process.wait()
    return {name: (statistics.median(f), min(f), max(f)) for name, f in figures.items()}


def main():
    if sys.argv[1] == "--threaded":
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(
            resource.RLIMIT_NOFILE)[1],) * 2)
        threaded(int(sys.argv[2]))
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, nargs="+", default=CONNECTIONS)
    parser.add_argument("--load", required=True, help="the program that makes the load")
    parser.add_argument("woshou")
    options = parser.parse_args()
    servers = {"woshou": [os.path.abspath(options.woshou), "echo", "serve", "--quiet", "--port",
                          "PORT", "--backlog", "4096"]}
    if shutil.which("socat"):
        servers["socat"] = ["socat", "TCP-LISTEN:PORT,reuseaddr,fork,backlog=4096", "PIPE"]
    servers["Python"] = [sys.executable, os.path.abspath(__file__), "--threaded", "PORT"]
    others = [name for name in servers if name != "woshou"]
    print("| connections | octets | " + " | ".join(servers) + " | " +
          " | ".join(f"woshou : {name}" for name in others) + " |")
    print("| --- | --- |" + " --- |" * (len(servers) + len(others)))
    for connections in options.connections:
        for size in SIZES:
            f = measure(os.path.abspath(options.load), servers, connections, size, options)
            cells = [f"{m:,.0f} ({least:,.0f} to {most:,.0f})" for m, least, most in f.values()]
            ratios = [f"{f['woshou'][0] / f[name][0]:.2f}" for name in others]
            print(f"| {connections} | {size} | " + " | ".join(cells + ratios) + " |", flush=True)


main()
