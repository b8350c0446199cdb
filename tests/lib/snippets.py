# SPDX-License-Identifier: Apache-2.0
"""The snippets of catalog/snippets/ and what engines make of them.

Each says by its name whether it is bad or good, and a bad one marks its faults with /* fault */ at the end of a line. A bad
snippet is caught when a check of its rule reports on a marked line; a good one is flagged when any of them reports anywhere.
"""
import os
import shutil
from dataclasses import dataclass, field

import yaml

import engines

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SNIPPETS = os.path.join(ROOT, "catalog", "snippets", "cert-c")
PLAN = os.path.join(ROOT, "catalog", "standards", "cert-c-plan.yaml")
MISSES = os.path.join(ROOT, "tests", "data", "snippet-misses.txt")
MARK = "/* fault */"


@dataclass
class Snippet:
    rule: str
    shape: str
    bad: bool
    text: str
    faults: set = field(default_factory=set)

    @property
    def name(self):
        return f"{self.rule}--{self.shape}.c"


def parse(rule, shape, text):
    marked = {i + 1 for i, line in enumerate(text.split("\n")) if line.rstrip().endswith(MARK)}
    return Snippet(rule, shape, shape.startswith("bad-"), text, marked)


def load(rules=None, folder=SNIPPETS):
    found = []
    for rule in sorted(os.listdir(folder)):
        if rules and rule not in rules:
            continue
        for name in sorted(os.listdir(os.path.join(folder, rule))):
            with open(os.path.join(folder, rule, name), encoding="utf-8") as f:
                found.append(parse(rule, name.removesuffix(".c"), f.read()))
    return found


def plan_checks(path=PLAN):
    """{rule: [check]} of the shipped plan."""
    with open(path, encoding="utf-8") as f:
        plan = yaml.safe_load(f)
    # Reports are compared by their checks' names here, and not by what they say, which tells parts.
    return {rule: sorted({c.split("#")[0] for c in row["checks"]}) for standard in plan["standards"]
            for rule, row in standard["rules"].items() if "checks" in row}


def known_misses():
    """{(rule, shape)} of bad snippets that the free engines don't report."""
    with open(MISSES, encoding="utf-8") as f:
        rows = [line.split("#", 1)[0].split() for line in f]
    return {tuple(row) for row in rows if row}


def write_all(snippets, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for s in snippets:
        with open(os.path.join(folder, s.name), "w", encoding="utf-8") as f:
            f.write(s.text)
    return [os.path.join(folder, s.name) for s in snippets]


def by_file(found):
    table = {}
    for name, line, check in found:
        table.setdefault(name, []).append((line, check))
    return table


def caught(snippet, reports, checks):
    return any(line in snippet.faults and any(engines.matches(c, check) for c in checks) for line, check in reports)


def flagged(reports, checks):
    return sorted({(line, check) for line, check in reports if any(engines.matches(c, check) for c in checks)})
