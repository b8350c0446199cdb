#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the seeded set: generate.py [--held-out] FOLDER. C files with functions that hold one fault each, and as many sound twins.

Made of the templates beside this script, or of those in held-out, with a fixed seed: the same set each time. FOLDER/expected.json
lists each function: {"file", "function", "rule", "template", "bad", "first", "last", "faults"}, the last three being lines.

The shipped plan was tuned on the first set. The held-out one was written without a look at the plan, the snippets or our own rules,
and nothing may ever be tuned on it: whoever learns a rule or a check from one of its templates moves that template to the first set.

A template begins with "=== RULE NAME". Of "@bad ... @good ... @end" one part is taken, of "@any ... @or ... @end" one at random;
"@noise" becomes up to three lines that do nothing to the point; "@fault" ends the line at fault. $F, $H and $G are names of functions
and of a static object, $S a tag, $a to $e local names, $N and $M numbers.
"""
import argparse
import json
import os
import random
import re

HERE = os.path.dirname(os.path.abspath(__file__))
HELD_OUT = os.path.join(HERE, "held-out")
SEEDS = {HERE: "assay seeded set 1", HELD_OUT: "assay held-out set 1"}
EACH = {HERE: 6, HELD_OUT: 3}
PER_FILE = 12
NOUNS = ["pump", "valve", "bed", "alarm", "frame", "sensor", "dose", "trend", "ward", "syringe", "motor", "battery"]
VERBS = ["read", "load", "check", "update", "poll", "apply", "take", "handle", "store", "parse"]
LOCALS = ["part", "entry", "item", "slot", "piece", "unit", "rec", "cur", "data", "following", "level", "mark", "extent", "which"]
NOISE = ["calls++;", "if (verbose)\n{t}\tputs(\"{w}\");", "if (calls > {n}u)\n{t}\tcalls = 0;", "calls += {n}u;",
         "for (unsigned k = 0; k < {n}u % 7u; k++)\n{t}\tcalls ^= k;", "calls = calls * 5u / 4u;"]
HEAD = """#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

static unsigned calls;
static int verbose;
"""
HEADERS = {HERE: "", HELD_OUT: """#include <grp.h>
#include <inttypes.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <threads.h>
"""}


def templates(held=HERE):
    for name in sorted(n for n in os.listdir(held) if n.endswith(".tmpl")):
        with open(os.path.join(held, name), encoding="utf-8") as f:
            parts = re.split(r"^=== (\S+) (\S+)\n", f.read(), flags=re.M)[1:]
        for i in range(0, len(parts), 3):
            yield parts[i], parts[i + 1], parts[i + 2].strip("\n").split("\n")


def parse(lines, at, stops):
    """Nodes up to a word of stops, and its index: a line, ("twins", bad, good) or ("any", [nodes])."""
    nodes = []
    while at < len(lines) and lines[at].strip() not in stops:
        word = lines[at].strip()
        if word == "@bad":
            bad, at = parse(lines, at + 1, ("@good", "@end"))
            good, at = parse(lines, at + 1, ("@end",)) if lines[at].strip() == "@good" else ([], at)
            nodes.append(("twins", bad, good))
        elif word == "@good":
            good, at = parse(lines, at + 1, ("@end",))
            nodes.append(("twins", [], good))
        elif word == "@any":
            parts = []
            while lines[at].strip() != "@end":
                part, at = parse(lines, at + 1, ("@or", "@end"))
                parts.append(part)
            nodes.append(("any", parts))
        else:
            nodes.append(lines[at])
        at += 1
    return nodes, at


def choose(nodes, bad, rng):
    """The lines that are left."""
    out = []
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif node[0] == "twins":
            out += choose(node[1 if bad else 2], bad, rng)
        else:
            out += choose(rng.choice(node[1]), bad, rng)
    return out


def noise(line, rng):
    tabs = line[:len(line) - len(line.lstrip("\t"))]
    picked = rng.sample(NOISE, rng.choice([0, 0, 1, 1, 2, 3]))
    return [row for text in picked for row in (tabs + text.format(t=tabs, n=rng.randint(9, 99), w=rng.choice(NOUNS))).split("\n")]


def names(number, rng):
    noun = rng.choice(NOUNS)
    local = rng.sample(LOCALS, 5)
    table = {"F": f"{noun}_{rng.choice(VERBS)}_{number}", "H": f"{noun}_help_{number}", "G": f"{noun}_kept_{number}",
             "S": f"{noun}_{number}", "N": str(rng.randint(5, 48)), "M": str(rng.randint(5, 90)), "n": str(number)}
    table.update(zip("abcde", local))
    return table


def instance(rule, name, lines, bad, number, rng):
    """Text, and its row for the list with lines that count from 1."""
    table = names(number, rng)
    rows, faults = [], []
    for line in choose(parse(lines, 0, ())[0], bad, rng):
        for row in noise(line, rng) if line.strip() == "@noise" else [line]:
            row = re.sub(r"\$([FHGSNMn]|[a-e])", lambda m: table[m.group(1)], row)
            if row.rstrip().endswith("@fault"):
                row = row.rstrip().removesuffix("@fault").rstrip()
                faults += [len(rows) + 1] if bad else []
            rows.append(row)
    if bad and not faults:
        raise ValueError(f"{rule} {name}: no fault is marked")
    return rows, {"function": table["F"], "rule": rule, "template": name, "bad": bad, "first": 1, "last": len(rows), "faults": faults}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--held-out", dest="held", action="store_const", const=HELD_OUT, default=HERE,
                        help="the set that nothing was tuned on")
    parser.add_argument("folder")
    options = parser.parse_args()
    folder, held = options.folder, options.held
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(SEEDS[held])
    made = []
    for rule, name, lines in templates(held):
        for _ in range(EACH[held]):
            for bad in (True, False):
                made.append(instance(rule, name, lines, bad, len(made), rng))
    rng.shuffle(made)
    expected = []
    for at in range(0, len(made), PER_FILE):
        text, name = HEAD.replace("\nstatic", HEADERS[held] + "\nstatic", 1), f"seed{at // PER_FILE:03}.c"
        for rows, row in made[at:at + PER_FILE]:
            text += "\n"
            base = text.count("\n")
            text += "\n".join(rows) + "\n"
            expected.append(dict(row, file=name, first=base + 1, last=base + len(rows), faults=[base + n for n in row["faults"]]))
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as f:
        json.dump(expected, f, indent=0)
    print(f"{sum(e['bad'] for e in expected)} bad and {sum(not e['bad'] for e in expected)} good functions of "
          f"{len({e['rule'] for e in expected})} rules in {(len(made) + PER_FILE - 1) // PER_FILE} files")


if __name__ == "__main__":
    main()
