# SPDX-License-Identifier: Apache-2.0
"""Reads GAPS, and plants and mends what it says."""
import os
from repository import FILE, SUBMODULE

FIELDS = ("control", "code", "where", "says")
MAY = ("names", "waits", "rules", "release")
ACTS = ("plant", "mend")
EDITS = {"edit": False, "keep": True}


class GapError(Exception):
    pass


class Gap:
    def __init__(self, name):
        self.name = name
        self.control = self.code = self.where = self.says = self.names = self.waits = self.rules = self.release = ""
        self.plant = self.mend = None
        self.edits = []  # [(path, [(mark, line)], whether the mend leaves it)]
        self.links = []  # [(path, commit)]

    def replaced(self, text, path, lines, old, new):
        """text with the block of the old side replaced by that of the new one."""
        before = "".join(line + "\n" for mark, line in lines if mark in (" ", old))
        after = "".join(line + "\n" for mark, line in lines if mark in (" ", new))
        if text is None or not before:
            if text is not None or before:
                raise GapError(f"gap {self.name}: '{path}' is there when it shouldn't be, or isn't when it should")
            return after
        if ("\n" + text).count("\n" + before) != 1:
            raise GapError(f"gap {self.name}: what shall be edited doesn't stand in '{path}' once")
        return ("\n" + text).replace("\n" + before, "\n" + after)[1:] or None

    def apply(self, repository, fill, mend):
        """True when something was edited."""
        old, new = ("+", "-") if mend else ("-", "+")
        for path, lines, stays in self.edits:
            if mend and stays:
                continue
            filled = [(mark, fill(line)) for mark, line in lines]
            text = self.replaced(repository.text(path), path, filled, old, new)
            mode = repository.files[path][0] if path in repository.files else FILE
            repository.set(path, text, mode)
        for path, commit in self.links:
            if mend:
                del repository.files[path]
            else:
                repository.files[path] = (SUBMODULE, commit)
        return bool(self.edits)


def take(gap, line):
    word, _, rest = line.partition(" ")
    if word in FIELDS + MAY:
        setattr(gap, word, rest)
    elif word in ACTS:
        who, _, subject = rest.partition(" ")
        setattr(gap, word, (who, subject))
    elif word == "link":
        gap.links.append(tuple(rest.split()))
    elif word in EDITS:
        gap.edits.append((rest, [], EDITS[word]))
    else:
        raise GapError(f"gap {gap.name}: what is '{line}'?")


def read(release="", folder=os.path.dirname(os.path.abspath(__file__))):
    """[Gap], in the order of the file: those of the repository, or of a release at one of its steps."""
    found = []
    with open(os.path.join(folder, "GAPS"), encoding="utf-8") as f:
        for line in f.read().split("\n"):
            if line.startswith("gap "):
                found.append(Gap(line[4:]))
            elif found and found[-1].edits and line[:1] in (" ", "+", "-"):
                found[-1].edits[-1][1].append((line[0], line[1:]))
            elif line and not line.startswith("#"):
                take(found[-1], line)
    for gap in found:
        missing = [field for field in FIELDS if not getattr(gap, field)]
        if missing or gap.plant is None:
            raise GapError(f"gap {gap.name}: {missing or 'plant'} is missing")
    return [gap for gap in found if gap.release == release]
