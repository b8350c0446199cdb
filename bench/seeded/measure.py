#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Recall and false alarms of each engine over the seeded set: measure.py [--rules] [--json FILE] FOLDER

FOLDER is what generate.py wrote. A faulty function is found when a check that the shipped plan names for its rule reports on a line
at fault; a sound one is a false alarm when one of them reports anywhere in it. "two agree" counts what at least two engines report.
"""
import argparse
import glob
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "lib"))
import engines  # noqa: E402
import snippets  # noqa: E402

NAMES = ["gcc", "clang", "clang-tidy", "cppcheck", "flawfinder"]


def who(row, reports, checks):
    """The engines that report the function."""
    return {check.split("/", 1)[0] for line, check in reports
            if row["first"] <= line <= row["last"] and (not row["bad"] or line in row["faults"])
            and any(engines.matches(c, check) for c in checks)}


def ways():
    """(name, whether a set of engines counts as a report)"""
    yield from ((name, lambda found, name=name: name in found) for name in NAMES)
    yield "union", bool
    yield "two agree", lambda found: len(found) >= 2


def figures(rows):
    """{name: [found, bad, alarms, good]}"""
    table = {}
    for name, counts in ways():
        bad = [counts(r["by"]) for r in rows if r["bad"]]
        good = [counts(r["by"]) for r in rows if not r["bad"]]
        table[name] = [sum(map(bool, bad)), len(bad), sum(map(bool, good)), len(good)]
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rules", action="store_true", help="the union's figures rule by rule, too")
    parser.add_argument("--json", help="write the figures there")
    parser.add_argument("folder")
    options = parser.parse_args()
    start = time.monotonic()
    plan = snippets.plan_checks()
    with open(os.path.join(options.folder, "expected.json"), encoding="utf-8") as f:
        rows = json.load(f)
    checks = sorted({c for r in rows for c in plan.get(r["rule"], [])})
    table = snippets.by_file(engines.look(glob.glob(os.path.join(options.folder, "*.c")), checks))
    for r in rows:
        r["by"] = who(r, table.get(r["file"], []), plan.get(r["rule"], []))
    for rule in sorted({r["rule"] for r in rows}) if options.rules else []:
        found, bad, alarms, good = figures([r for r in rows if r["rule"] == rule])["union"]
        print(f"  {rule:<8} {found:3} of {bad:3} found, {alarms:3} of {good:3} false alarms")
        for r in rows:
            if r["rule"] == rule and not r["bad"] and r["by"]:
                print(f"    {r['file']}:{r['first']} {r['template']} {sorted(r['by'])}")
    print(f"{'engine':<12} {'recall':>8} {'false alarms':>13} {'precision':>10}")
    total = figures(rows)
    for name, (found, bad, alarms, good) in total.items():
        precision = found / (found + alarms) if found + alarms else 1.0
        print(f"{name:<12} {found / bad:8.1%} {alarms / good:13.1%} {precision:10.1%}")
    print(f"{total['union'][1]} bad and {total['union'][3]} good functions of {len({r['rule'] for r in rows})} rules, "
          f"{time.monotonic() - start:.0f} s")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as f:
            json.dump(total, f)


if __name__ == "__main__":
    main()
