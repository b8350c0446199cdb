#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a C project to check: project.py FOLDER FILES, a git repository with a coding standard of its own.

Its functions are those of the seeded set (see generate.py), the sound twin of each in the most files and the faulty one in every
twentieth; beside each file stands a header of its own, and all take in one of the project. The same project each time. "project.py
--plant FOLDER N" adds a function with a known fault to the Nth file, and commits it; it prints that file, and the function's lines.
"""
import os
import random
import subprocess
import sys

import generate

SEED = "assay project 1"
PER_FILE = 8
PARTS = ["alarm", "bolus", "bus", "display", "driver", "event", "flash", "limits", "log", "watch"]
POLICY = "assay-policy: 1\nrepository-id: be0c4be0c4be0c4be0c4be0c4be0c4be\n"
PLAN = os.path.join(generate.HERE, "..", "..", "catalog", "standards", "cert-c-plan.yaml")
PLANTED = """
int planted_last_of(int which);

int planted_last_of(int which)
{
	const int kept[4] = { 1, 2, 3, 4 };

	return which == 0 ? kept[4] : kept[0];
}
"""
COMMON = """/* What all parts of the project share. */
#ifndef PROJECT_COMMON_H
#define PROJECT_COMMON_H

#define PROJECT_VERSION 3

#endif
"""


def git(folder, *words):
    env = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        env.update({f"GIT_{role}_NAME": "Alice", f"GIT_{role}_EMAIL": "alice@example.com", f"GIT_{role}_DATE": "2026-01-12T09:00:00Z"})
    subprocess.run(["git", "-C", folder, *words], check=True, env=env, stdout=subprocess.DEVNULL)


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def header(stem, functions):
    guard = stem.upper().replace("/", "_") + "_H"
    rows = "".join(f"#define {name.upper()}_SEEN 1\n" for name in functions)
    return f"#ifndef {guard}\n#define {guard}\n\n#include \"../common.h\"\n\n{rows}\n#endif\n"


def make(folder, files):
    rng = random.Random(SEED)
    every = list(generate.templates())
    number = 0
    for at in range(files):
        stem = f"{PARTS[at % len(PARTS)]}/{PARTS[at % len(PARTS)]}{at:03}"
        text, functions = "", []
        for rule, name, lines in rng.sample(every, PER_FILE):
            rows, row = generate.instance(rule, name, lines, at % 20 == 7 and not functions, number, rng)
            text += "\n" + "\n".join(rows) + "\n"
            functions.append(row["function"])
            number += 1
        write(folder, f"src/{stem}.h", header(stem, functions))
        write(folder, f"src/{stem}.c", generate.HEAD.replace("\nstatic", f"\n#include \"{os.path.basename(stem)}.h\"\n\nstatic", 1) + text)
    write(folder, "src/common.h", COMMON)
    write(folder, "assay/policy.yaml", POLICY)
    with open(PLAN, encoding="utf-8") as f:
        write(folder, "assay/standard.yaml", f.read())
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "The project")


def plant(folder, at):
    stem = PARTS[at % len(PARTS)]
    name = f"src/{stem}/{stem}{at:03}.c"
    with open(os.path.join(folder, name), "r+", encoding="utf-8") as f:
        first = f.read().count("\n") + 1
        f.write(PLANTED)
    git(folder, "commit", "-q", "-a", "-m", "One more")
    print(name, first, first + PLANTED.count("\n"))


if __name__ == "__main__":
    if sys.argv[1] == "--plant":
        plant(sys.argv[2], int(sys.argv[3]))
    else:
        make(sys.argv[1], int(sys.argv[2]))
