#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""talk.py WOSHOU ROOT - the echo server talks to the programs that people have."""
import os
import socket
import subprocess

import ground
import load
from ground import Skip, dial, need, read_all, wait_for
from load import Server


def pipe(command, words):
    """What a program prints that is given these words."""
    done = subprocess.run(command, input=words, capture_output=True, check=False,
                          timeout=ground.DEADLINE)
    return done.stdout, done.stderr


def same(got, wanted, err=b""):
    return [] if got == wanted else [f"{got!r}, not {wanted!r} {err.decode(errors='replace')}"]


def python_sockets():
    with Server() as server:
        with socket.create_connection(("127.0.0.1", server.port), ground.DEADLINE) as s:
            file = s.makefile("rwb")
            complaints = []
            for words in (b"hello\n", "张三\n".encode(), b"x" * 100000 + b"\n"):
                file.write(words)
                file.flush()
                complaints += same(file.readline(), words)
            file.write(b"q\n")
            file.flush()
            return complaints + same(file.read(), b"")


def netcat():
    need("nc")
    with Server() as server:
        address = ["127.0.0.1", str(server.port)]
        out, err = pipe(["nc", "-N", *address], b"hello\nhalf a line")
        complaints = same(out, b"hello\nhalf a line", err)
        # The word ends it, though its input goes on.
        out, err = pipe(["nc", "-N", *address], b"hello\nq\n")
        return complaints + same(out, b"hello\n", err)


def socat():
    need("socat")
    with Server() as server:
        words = bytes(range(256)) * 2000
        out, err = pipe(["socat", "-t", "60", "-", f"TCP:127.0.0.1:{server.port}"], words)
        return same(out, words, err)


def curl_telnet():
    """It ends when its input does: which is held open until the echo is there and the server has
    closed, for the word that ends a line as telnet does."""
    need("curl")
    with Server() as server:
        before = server.descriptors()
        where = f"telnet://127.0.0.1:{server.port}"
        with subprocess.Popen(["curl", "--silent", "--no-buffer", where], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as curl:
            curl.stdin.write(b"hello\r\n")
            curl.stdin.flush()
            complaints = same(curl.stdout.read(7), b"hello\r\n")
            curl.stdin.write(b"q\r\n")
            curl.stdin.flush()
            wait_for(lambda: server.descriptors() == before, "the server has not closed")
            curl.stdin.close()
            return complaints + same(curl.stdout.read(), b"")


def ipv6():
    if not os.path.exists("/proc/net/if_inet6"):
        raise Skip("this machine has no IPv6")
    with Server("--ipv6", host="::1") as server:
        s = dial(server.port, "::1")
        s.sendall(b"hello\n")
        s.shutdown(socket.SHUT_WR)
        return same(read_all(s), b"hello\n")


def half_a_close():
    """FIN-WAIT-2 lasts as long as the server wants to speak: all comes back after our FIN."""
    with Server("--transparent") as server:
        words = load.crowd.words_of(1, 3000000)
        s = dial(server.port)
        s.setblocking(False)
        sent = got = 0
        back = b""
        while sent < len(words):
            try:
                sent += s.send(words[sent:sent + 65536])
            except BlockingIOError:
                try:
                    back += s.recv(65536)
                except BlockingIOError:
                    continue
        got = len(back)
        s.shutdown(socket.SHUT_WR)
        s.settimeout(ground.DEADLINE)
        back += read_all(s)
        return same(back == words and len(back) > got, True)


def states():
    """What `ss` says of both ends, when the word has been said and the client has not closed."""
    need("ss")
    with Server() as server:
        s = dial(server.port)
        s.sendall(b"q\n")
        complaints = same(read_all(s), b"")

        def seen():
            rows = subprocess.run(["ss", "-Htan"], capture_output=True, text=True, check=False)
            return sorted(row.split()[0] for row in rows.stdout.splitlines()
                          if f":{server.port} " in row + " " and not row.startswith("LISTEN"))

        wait_for(lambda: seen() == ["CLOSE-WAIT", "FIN-WAIT-2"], "CLOSE-WAIT and FIN-WAIT-2")
        s.close()
        wait_for(lambda: seen() == ["TIME-WAIT"], "TIME-WAIT")
        return complaints


CASES = [
    ("Python's sockets", python_sockets),
    ("nc", netcat),
    ("socat", socat),
    ("curl telnet://", curl_telnet),
    ("IPv6", ipv6),
    ("half a close under load", half_a_close),
    ("the states that ss sees", states),
]

if __name__ == "__main__":
    try:
        ground.enter_private_network()
    except Skip as why:
        print(f"# {why}: the tests use the loopback that all share", flush=True)
    try:
        ground.run(CASES)
    finally:
        ground.clean_up()
