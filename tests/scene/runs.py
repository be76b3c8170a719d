# SPDX-License-Identifier: MIT
"""runs - the plays of a folder, and woshou called on them. Paths are from the project's root, so
that what is printed is the same wherever the project lies."""
import json
import os
import subprocess


class Woshou:
    def __init__(self, program, root):
        self.program, self.root = program, root

    def __call__(self, *arguments, stdin=b""):
        environment = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
        return subprocess.run([self.program, *arguments], cwd=self.root, capture_output=True,
                              input=stdin, check=False, env=environment)

    def scenes(self):
        found = []
        for folder, _, names in os.walk(os.path.join(self.root, "scenarios")):
            found += [os.path.relpath(os.path.join(folder, n), self.root)
                      for n in names if n.endswith(".scene")]
        return sorted(found)

    def verdicts(self, scene):
        """What `run --json` says of each run of a scene, and of its golden ladder."""
        done = self("run", "--json", scene)
        if done.returncode > 1:
            raise RuntimeError(done.stderr.decode())
        return json.loads(done.stdout)

    def export(self, form, scene, variant="", *more):
        choice = ["--variant", variant] if variant else []
        done = self("export", "--to", form, "-o", "-", *choice, *more, scene)
        if done.returncode or done.stderr:
            raise RuntimeError(done.stderr.decode() or f"exit {done.returncode}")
        return done.stdout
