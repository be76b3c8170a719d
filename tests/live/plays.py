# SPDX-License-Identifier: MIT
"""plays - what happens between two hosts while it is captured: programs of several makers, and
winds that lose, double and reorder. Each is a function of a Stage, which knows the hosts."""
import ground

SERVER = """
import socket, sys
s = socket.socket({family}); s.setsockopt(1, 2, 1)
s.bind(({host!r}, {port})); s.listen(5)
c = s.accept()[0]
{deeds}
"""
CLIENT = """
import socket, struct, sys, time
s = socket.socket({family}); s.settimeout(60)
try:
    s.connect(({host!r}, {port}))
except OSError:
    sys.exit()
c = s
{deeds}
"""
ECHO = """
while True:
    octets = c.recv(4096)
    if not octets: break
    c.sendall(octets)
c.close()
"""
TALK = """
for i in range({times}):
    c.sendall(b'x' * {size})
    n = 0
    while n < {size}: n += len(c.recv({size} - n))
c.close()
"""


def still(delay):
    return lambda random, sender, number, datagram: [delay]


def storm(delay, loss=0.0, double=0.0, late=0.0):
    """The same chances for every datagram, in both directions."""
    def rule(random, sender, number, datagram):
        lost, doubled, held = (random.random() for _ in range(3))
        if lost < loss:
            return []
        delays = [delay + (3 * delay if held < late else 0)]
        return delays + [delay * 1.5] if doubled < double else delays
    return rule


def losing(delay, *which):
    """(sender, number) of each that is lost."""
    return lambda random, sender, number, datagram: \
        [] if (sender, number) in which else [delay]


def python(stage, host, text, **values):
    values = {"family": 10 if stage.family == 6 else 2, "port": stage.port,
              "host": stage.called, **values}
    return host.start("python3", "-c", text.format(**values))


def serve(stage, deeds):
    program = python(stage, stage.server, SERVER, deeds=deeds)
    stage.await_listener()
    return program


def call(stage, deeds):
    return python(stage, stage.client, CLIENT, deeds=deeds)


def need_echo():
    if ground.woshou("echo", "serve", "--help").returncode != 0:
        raise ground.Skip("this woshou has no echo")


# ---- the plays ---------------------------------------------------------------------------------

def python_talks(stage):
    serve(stage, ECHO)
    call(stage, TALK.format(times=3, size=20)).wait(ground.DEADLINE)


def python_sends_much(stage):
    serve(stage, ECHO)
    call(stage, TALK.format(times=4, size=6000)).wait(ground.DEADLINE)


def server_closes_first(stage):
    serve(stage, "c.sendall(b'bye\\n'); c.close()")
    call(stage, "\nwhile c.recv(100): pass\nc.close()").wait(ground.DEADLINE)


def both_close_at_once(stage):
    """Each closes as soon as it has the other's greeting: the farewells cross."""
    deeds = "c.sendall(b'hi'); c.recv(2); c.shutdown(1)\nwhile c.recv(9): pass\nc.close()"
    serve(stage, deeds)
    call(stage, deeds).wait(ground.DEADLINE)


def half_close(stage):
    serve(stage, "\nn = 0\nwhile True:\n    o = c.recv(99)\n    if not o: break\n    n += len(o)\n"
                 "c.sendall(b'%d octets\\n' % n); c.close()")
    call(stage, "c.sendall(b'a' * 3000); c.shutdown(1)\nwhile c.recv(99): pass\n"
                "c.close()").wait(ground.DEADLINE)


def refused(stage):
    call(stage, "").wait(ground.DEADLINE)


def reset_with_unread_data(stage):
    serve(stage, "c.recv(1, 2); c.close()")  # MSG_PEEK: it is there, and nobody reads it
    call(stage, "c.sendall(b'unread')\ntry:\n    c.recv(9)\nexcept OSError: pass\n"
                "c.close()").wait(ground.DEADLINE)


def abort(stage):
    serve(stage, "\ntry:\n    while c.recv(99): pass\nexcept OSError: pass\nc.close()")
    call(stage, "c.sendall(b'word'); c.setsockopt(1, 13, struct.pack('ii', 1, 0))\n"
                "c.close()").wait(ground.DEADLINE)


def window_shuts(stage):
    """The reader does not read until the writer has been told to stop, and for a while."""
    serve(stage, "c.setsockopt(1, 8, 4096); import time\n"
                 "import fcntl, struct\n"
                 "while struct.unpack('i', fcntl.ioctl(c, 0x541B, b'\\0' * 4))[0] < 2000:\n"
                 "    time.sleep(.01)\n"
                 "time.sleep(1.5)\nwhile c.recv(4096): pass\nc.close()")
    call(stage, "c.sendall(b'z' * 30000); c.close()").wait(ground.DEADLINE)


def keep_alive(stage):
    """One that says nothing for a while, and asks whether the other is still there."""
    serve(stage, ECHO)
    call(stage, "c.setsockopt(1, 9, 1); c.setsockopt(6, 4, 1); c.setsockopt(6, 5, 1)\n"
                "c.sendall(b'one'); c.recv(3); time.sleep(2.5); c.sendall(b'two'); c.recv(3)\n"
                "c.close()").wait(ground.DEADLINE)


def nc_to_nc(stage):
    flag = ["-6"] if stage.family == 6 else ["-4"]
    stage.server.start("nc", *flag, "-l", "-p", str(stage.port), "-N")
    stage.await_listener()
    stage.client.run("nc", *flag, "-N", stage.called, str(stage.port), input=b"line\n" * 400)


def socat_to_socat(stage):
    kind = f"TCP{stage.family}"
    stage.server.start("socat", f"{kind}-LISTEN:{stage.port},reuseaddr", "EXEC:cat")
    stage.await_listener()
    host = f"[{stage.called}]" if stage.family == 6 else stage.called
    stage.client.run("socat", "-t10", "-", f"{kind}:{host}:{stage.port}", input=b"words\n" * 900)


def curl_from_python(stage):
    stage.server.start("python3", "-m", "http.server", "--bind", stage.called, str(stage.port),
                       "--directory", "/usr/share/common-licenses")
    stage.await_listener()
    host = f"[{stage.called}]" if stage.family == 6 else stage.called
    stage.client.run("curl", "-s", "-m", "50", f"http://{host}:{stage.port}/BSD")


def curl_to_woshou(stage):
    need_echo()
    flag = ["--ipv6"] if stage.family == 6 else []
    stage.server.start(ground.WOSHOU, "echo", "serve", "--plain", "--bind", stage.called, "--port",
                       str(stage.port), *flag)
    stage.await_listener()
    host = f"[{stage.called}]" if stage.family == 6 else stage.called
    stage.client.run("curl", "-s", "-m", "50", f"telnet://{host}:{stage.port}",
                     input=b"hello\nworld\nq")


def woshou_to_socat(stage):
    need_echo()
    kind = f"TCP{stage.family}"
    stage.server.start("socat", f"{kind}-LISTEN:{stage.port},reuseaddr", "EXEC:cat")
    stage.await_listener()
    stage.client.run(ground.WOSHOU, "echo", "call", stage.called, str(stage.port), "--plain",
                     input=b"one\ntwo\nthree\n")


# name: (the play, family, the wind, its seed, programs that must be there)
PLAYS = {
    "python": (python_talks, 4, still(0.02), 0, []),
    "python-ipv6": (python_talks, 6, still(0.02), 0, []),
    "syn-lost": (python_talks, 4, losing(0.02, (0, 0)), 0, []),
    "syn-ack-lost": (python_talks, 6, losing(0.02, (1, 0)), 0, []),
    "last-ack-lost": (server_closes_first, 4, losing(0.02, (1, 4)), 0, []),
    "storm": (python_sends_much, 4, storm(0.01, loss=0.06, double=0.04, late=0.08), 7, []),
    "storm-ipv6": (python_sends_much, 6, storm(0.01, loss=0.06, double=0.04, late=0.08), 11, []),
    "server-first": (server_closes_first, 6, still(0.02), 0, []),
    "crossing": (both_close_at_once, 4, still(0.05), 0, []),
    "half-close": (half_close, 6, storm(0.02, late=0.2), 3, []),
    "refused": (refused, 4, still(0.02), 0, []),
    "reset-unread": (reset_with_unread_data, 4, still(0.02), 0, []),
    "abort": (abort, 6, still(0.02), 0, []),
    "zero-window": (window_shuts, 4, still(0.01), 0, []),
    "keep-alive": (keep_alive, 4, still(0.01), 0, []),
    "nc": (nc_to_nc, 4, storm(0.01, loss=0.1), 5, ["nc"]),
    "socat-ipv6": (socat_to_socat, 6, storm(0.01, late=0.15, double=0.05), 2, ["socat"]),
    "curl": (curl_from_python, 4, storm(0.01, loss=0.08), 4, ["curl"]),
    "curl-to-woshou": (curl_to_woshou, 4, storm(0.01, late=0.1), 9, ["curl"]),
    "woshou-to-socat": (woshou_to_socat, 6, storm(0.01, loss=0.05), 6, ["socat"]),
}
