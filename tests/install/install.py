#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""install.py SOURCE BUILD CC - `meson install` into a folder of its own, and what was installed is
used as a stranger would: the program, pkg-config, the example, the man pages, the completions."""
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD, CC = (os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]),
                     shlex.split(sys.argv[3]))
sys.path.insert(0, os.path.join(SOURCE, "tests", "tidy"))
import tap

TOP = tempfile.mkdtemp(prefix="woshou-install-")
STAGED = {}  # "bin/woshou" -> where it lies


def run(*command, **more):
    """Complaints: none when the command ends well and says nothing on standard error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **more)
    run.output = done.stdout
    if done.returncode == 0 and not done.stderr.strip():
        return []
    return [f"{' '.join(command)}: {done.returncode}: {done.stderr.strip() or done.stdout.strip()}"]


def installed(ending):
    found = [path for path in STAGED if path.endswith(ending)]
    if not found:
        raise FileNotFoundError(f"nothing installed ends with {ending}")
    return found[0]


def case_install():
    environment = {k: v for k, v in os.environ.items() if k != "DESTDIR"}
    done = subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", TOP],
                          capture_output=True, text=True, check=False, env=environment)
    for folder, _, names in os.walk(TOP):
        for name in names:
            STAGED[os.path.join(folder, name)] = True
    wanted = ["/bin/woshou", "/libwoshou.so", "/libwoshou.so.0", "/libwoshou.a", "/woshou.pc",
              "/include/woshou/world.h", "/include/woshou/rule.def",
              "/share/woshou/scenarios/first-wave.scene", "/share/man/man1/woshou.1",
              "/share/woshou/lessons/echo_server.py", "/share/woshou/lessons/echo_server_cured.py",
              "/share/man/zh_CN/man1/woshou.1", "/bash-completion/completions/woshou",
              "/zsh/site-functions/_woshou", "/fish/vendor_completions.d/woshou.fish"]
    missing = [f"not installed: {w}" for w in wanted if not any(p.endswith(w) for p in STAGED)]
    return missing + ([done.stderr] if done.returncode else [])


def case_program():
    program = installed("/bin/woshou")
    complaints = run(program, "--version")
    # No terminal here: the playbill is a list. It finds the scenes beside the program.
    environment = {k: v for k, v in os.environ.items() if k != "WOSHOU_SCENARIOS"}
    complaints += run(program, cwd="/", env=environment)
    if "first-wave.scene" not in run.output:
        complaints.append("the installed program does not find the installed scenes")
    return complaints + run(program, "run", "--quiet", installed("/first-wave.scene"))


def pkg_config(*arguments):
    where = os.path.dirname(installed("/woshou.pc"))
    environment = dict(os.environ, PKG_CONFIG_PATH=where, PKG_CONFIG_SYSROOT_DIR=TOP)
    done = subprocess.run(["pkg-config", *arguments, "woshou"], capture_output=True, text=True,
                          check=True, env=environment)
    return done.stdout.split()


def example(target, flags, environment):
    program = os.path.join(TOP, target)
    complaints = run(*CC, "-std=c17", "-Wall", "-Wextra", "-Werror", "-o", program,
                     os.path.join(SOURCE, "docs", "examples", "pair.c"), *flags)
    complaints += run(program, env=dict(os.environ, **environment))
    for state in ("SYN_SENT", "ESTABLISHED", "FIN_WAIT_2", "TIME_WAIT", "LAST_ACK", "CLOSED"):
        if f"-> {state}" not in run.output:
            complaints.append(f"{target} never comes to {state}")
    return complaints


def case_shared():
    libraries = os.path.dirname(installed("/libwoshou.so.0"))
    return example("pair", pkg_config("--cflags", "--libs"), {"LD_LIBRARY_PATH": libraries})


def case_static():
    archive = installed("/libwoshou.a")
    others = [f for f in pkg_config("--static", "--libs") if f != "-lwoshou"]
    return example("pair-static", pkg_config("--cflags") + [archive] + others, {})


def visible(*nm):
    lines = subprocess.run(nm, capture_output=True, text=True, check=True).stdout.split("\n")
    kinds = [line.split() for line in lines if len(line.split()) >= 3]
    return {k[2].split("@")[0] for k in kinds if k[1] in "TDBRVW" and k[2] != "WOSHOU_0"}


def case_symbols():
    with open(os.path.join(BUILD, "src", "lib", "woshou.symbols"), encoding="utf-8") as file:
        public = set(file.read().split())
    complaints = []
    for library, nm in ((installed("/libwoshou.so.0"), ["nm", "-D", "--defined-only"]),
                        (installed("/libwoshou.a"), ["nm", "-g", "--defined-only"])):
        shown = visible(*nm, library)
        complaints += [f"{library}: lacks {n}" for n in sorted(public - shown)]
        complaints += [f"{library}: also shows {n}" for n in sorted(shown - public)]
    return complaints


def case_headers():
    complaints = []
    folder = os.path.dirname(installed("/include/woshou/world.h"))
    for name in sorted(os.listdir(folder)):
        if name.endswith(".h") and name != "tcb.h":  # tcb.h is a part of tcp.h
            complaints += run(*CC, "-std=c17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                              "-I", os.path.dirname(folder), "-x", "c", os.path.join(folder, name))
    return complaints


def case_soname():
    output = subprocess.run(["readelf", "-d", installed("/libwoshou.so.0")], capture_output=True,
                            text=True, check=True).stdout
    return [] if "[libwoshou.so.0]" in output else ["the SONAME is not libwoshou.so.0"]


def case_manual():
    complaints = []
    for ending in ("/man/man1/woshou.1", "/zh_CN/man1/woshou.1"):
        complaints += run("mandoc", "-T", "lint", "-W", "warning", installed(ending))
        complaints += run("mandoc", "-T", "utf8", installed(ending))
        for word in ("--profile", "woshou export", "NO_COLOR"):
            plain = run.output.replace("\b", "")
            plain = "".join(c for i, c in enumerate(run.output)
                            if c != "\b" and run.output[i + 1:i + 2] != "\b")
            if word not in plain:
                complaints.append(f"{ending} does not speak of {word}")
    return complaints


def case_completions():
    complaints = []
    for shell, ending in (("bash", "/completions/woshou"), ("zsh", "/_woshou"),
                          ("fish", "/woshou.fish")):
        if not shutil.which(shell):
            raise tap.Skip(f"{shell} is not installed")
        complaints += run(shell, "-n", installed(ending))
    script = ("source %s; COMP_WORDS=(woshou run --pro); COMP_CWORD=2; _woshou;"
              'echo "${COMPREPLY[@]}"' % shlex.quote(installed("/completions/woshou")))
    complaints += run("bash", "-c", script)
    if run.output.strip() != "--profile":
        complaints.append(f"bash completes --pro to '{run.output.strip()}'")
    return complaints


try:
    tap.run([
        ("meson install puts everything in its place", case_install),
        ("the installed program finds the installed scenes", case_program),
        ("the example runs with the shared library", case_shared),
        ("the example runs with the static library", case_static),
        ("both libraries show what the public headers declare, and nothing else", case_symbols),
        ("the shared library has its SONAME", case_soname),
        ("every public header can be used alone", case_headers),
        ("the man pages are clean and speak of the options", case_manual),
        ("the completions of three shells parse, and complete", case_completions),
    ])
finally:
    shutil.rmtree(TOP, ignore_errors=True)
