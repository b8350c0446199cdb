#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Recall and false alarms of each engine over the seeded set: measure.py [--rules] [--json FILE] BUILD FOLDER

FOLDER is what generate.py wrote; the engines are run as assay runs them, from BUILD. A faulty function is found when a check that
the shipped plan names for its rule reports on a line at fault; a sound one is a false alarm when one of them reports anywhere in it.
"two agree" counts functions that at least two engines report; "merge" is assay's, over all reports, and "merge, two agree" its findings
of at least two engines.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "lib"))
import engines  # noqa: E402
import snippets  # noqa: E402

NAMES = ["gcc", "clang", "clang-tidy", "cppcheck", "flawfinder", "assay"]
REPORT = re.compile(r"^report (\S+) (\S+?):(\d+):(\d+) \S+ (.*)$", re.M)


def engines_reports(build, folder, checks):
    """[(check, path, line, column, message)], each once."""
    done = subprocess.run([os.path.join(build, "tests/tools/enginetool"), "run", folder, *checks], stdout=subprocess.PIPE, check=True)
    rows = REPORT.findall(done.stdout.decode("utf-8", "replace"))
    return sorted({(check, path, int(line), int(column), message) for check, path, line, column, message in rows})


def rules_of(check, plan):
    return [rule for rule, checks in plan.items() if any(engines.matches(c, check) for c in checks)]


def merged(build, folder, reports, plan):
    """[(engines, rule, path, [line])]"""
    text = "".join(f"{check}\t{rule}\t{path}\t{line}\t{column}\t{message}\n" for check, path, line, column, message in reports
                   for rule in rules_of(check, plan))
    done = subprocess.run([os.path.join(build, "tests/tools/find-merge"), folder], input=text.encode(), stdout=subprocess.PIPE, check=True)
    for row in done.stdout.decode().splitlines():
        count, rule, path, places = row.split("\t")
        yield int(count), rule, path, [int(p.rsplit(":", 1)[1]) for p in places.split(",")]


def touches(row, line):
    return row["first"] <= line <= row["last"] and (not row["bad"] or line in row["faults"])


def note(rows, reports, findings, plan):
    """Fills "by", the engines that report each function, and "merged", the agreement of the best finding in it."""
    by_file = {}
    for row in rows:
        row.update(by=set(), merged=0)
        by_file.setdefault(row["file"], []).append(row)
    for check, path, line, _, _ in reports:
        rules = rules_of(check, plan)
        for row in by_file.get(path, []):
            if touches(row, line) and row["rule"] in rules:
                row["by"].add(check.split("/", 1)[0])
    for count, rule, path, lines in findings:
        for row in by_file.get(path, []):
            if row["rule"] == rule and any(touches(row, line) for line in lines):
                row["merged"] = max(row["merged"], count)


def figures(rows):
    """{name: [found, bad, alarms, good]}"""
    ways = {name: lambda r, name=name: name in r["by"] for name in NAMES}
    ways.update({"union": lambda r: bool(r["by"]), "two agree": lambda r: len(r["by"]) >= 2, "merge": lambda r: r["merged"] > 0,
                 "merge, two agree": lambda r: r["merged"] >= 2})
    bad = [r for r in rows if r["bad"]]
    good = [r for r in rows if not r["bad"]]
    return {name: [sum(map(way, bad)), len(bad), sum(map(way, good)), len(good)] for name, way in ways.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rules", action="store_true", help="the union's figures rule by rule, too")
    parser.add_argument("--json", help="write the figures there")
    parser.add_argument("build")
    parser.add_argument("folder")
    options = parser.parse_args()
    start = time.monotonic()
    plan = snippets.plan_checks()
    with open(os.path.join(options.folder, "expected.json"), encoding="utf-8") as f:
        rows = json.load(f)
    reports = engines_reports(options.build, options.folder, sorted({c for r in rows for c in plan.get(r["rule"], [])}))
    note(rows, reports, merged(options.build, options.folder, reports, plan), plan)
    for rule in sorted({r["rule"] for r in rows}) if options.rules else []:
        found, bad, alarms, good = figures([r for r in rows if r["rule"] == rule])["union"]
        print(f"  {rule:<8} {found:3} of {bad:3} found, {alarms:3} of {good:3} false alarms")
        for r in rows:
            if r["rule"] == rule and not r["bad"] and r["by"]:
                print(f"    {r['file']}:{r['first']} {r['template']} {sorted(r['by'])}")
    print(f"{'engine':<16} {'recall':>8} {'false alarms':>13} {'precision':>10}")
    total = figures(rows)
    for name, (found, bad, alarms, good) in total.items():
        precision = f"{found / (found + alarms):10.1%}" if found + alarms else "         -"
        print(f"{name:<16} {found / bad:8.1%} {alarms / good:13.1%} {precision}")
    print(f"{total['union'][1]} bad and {total['union'][3]} good functions of {len({r['rule'] for r in rows})} rules, "
          f"{time.monotonic() - start:.0f} s")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as f:
            json.dump(total, f)


if __name__ == "__main__":
    main()
