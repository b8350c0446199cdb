#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what each check of each engine makes of the snippets: snippet-matrix.py [--wide] [RULE...]

By default with the checks of the shipped plan; --wide runs all that the engines have, to look for a check that would serve.
"""
import argparse
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import engines  # noqa: E402
import snippets  # noqa: E402


def print_rule(rule, chosen, table, checks):
    bad = [s for s in chosen if s.bad]
    good = [s for s in chosen if not s.bad]
    seen = sorted({check for s in chosen for _, check in table.get(s.name, [])}) if checks is None else checks
    print(f"== {rule}: {len(bad)} bad, {len(good)} good")
    for check in seen:
        hits = "".join("X" if snippets.caught(s, table.get(s.name, []), [check]) else "." for s in bad)
        alarms = "".join("!" if snippets.flagged(table.get(s.name, []), [check]) else "." for s in good)
        if "X" in hits:
            print(f"   {hits} {alarms} {check}")
    if checks is not None:
        for s in bad:
            if not snippets.caught(s, table.get(s.name, []), checks):
                print(f"   missed: {s.shape} {sorted(table.get(s.name, []))}")
        for s in good:
            for line, check in snippets.flagged(table.get(s.name, []), checks):
                print(f"   flagged: {s.shape}:{line} {check}")
    else:
        for s in bad:
            on = sorted({c for line, c in table.get(s.name, []) if line in s.faults})
            off = sorted({(line, c) for line, c in table.get(s.name, []) if line not in s.faults})
            print(f"   {s.shape}: {' '.join(on) or 'NOTHING'}" + ("" if on else f" elsewhere {off}"))
        errors = [(s.shape, line) for s in chosen for line, c in table.get(s.name, []) if c.endswith("/error")]
        if errors:
            print(f"   ERRORS {errors}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--wide", action="store_true", help="all checks that the engines have")
    parser.add_argument("rules", nargs="*")
    options = parser.parse_args()
    plan = None if options.wide else snippets.plan_checks()
    chosen = snippets.load(options.rules)
    wanted = None if plan is None else sorted({c for s in chosen for c in plan.get(s.rule, [])})
    with tempfile.TemporaryDirectory(prefix="assay-snippets-") as folder:
        files = snippets.write_all(chosen, os.path.join(folder, "c"))
        table = snippets.by_file(engines.look(files, wanted))
    for rule in sorted({s.rule for s in chosen}):
        print_rule(rule, [s for s in chosen if s.rule == rule], table, None if plan is None else plan.get(rule, []))


if __name__ == "__main__":
    main()
