# SPDX-License-Identifier: Apache-2.0
"""A file as it grew: its text after each piece that somebody wrote, and what a commit would say of it."""
import os
import re

LEAST_LINES = 4
WHOLE = 12


def pieces(text):
    """Parted at blank lines outside of everything; what is too small goes with what follows."""
    parts, current = [], []
    for line in text.splitlines(keepends=True):
        begins = current and current[-1].strip() == "" and line[:1] not in ("", "\t", " ", "\n", "}")
        if begins and len(current) >= LEAST_LINES:
            parts.append("".join(current))
            current = []
        current.append(line)
    if len(current) < LEAST_LINES and parts:
        parts[-1] += "".join(current)
    else:
        parts.append("".join(current))
    return parts


def subject(path, part, first):
    """What the piece is about, by what it declares."""
    stem = os.path.splitext(os.path.basename(path))[0] or path
    where = "tests/" + stem if path.startswith("tests/") else stem if path.startswith("src/") else path
    if first:
        return f"{where}: begin" if path.startswith(("src/", "tests/")) else f"Add {path}"
    function = re.findall(r"^([a-z_0-9]+)\(", part, re.M)
    if function:
        return f"{where}: add {function[-1]}()"
    declared = re.findall(r"^(?:static const )?((?:struct|enum) [a-z_0-9]+) ?\{", part, re.M)
    if declared:
        return f"{where}: declare {declared[-1]}"
    constant = re.findall(r"^#define ([A-Z_0-9]+)", part, re.M)
    if constant:
        return f"{where}: name {constant[0]}"
    heading = re.findall(r"^#+ (.*)$", part, re.M) if path.endswith(".md") else []
    if heading:
        return f"{where}: write of {heading[0].lower()}"
    key = re.findall(r"^(?:  )?([a-z-]+):$", part, re.M) if path.endswith((".yml", ".yaml")) else []
    if key:
        return f"{where}: {key[-1]}"
    table = re.findall(r"^static .*?([a-z_]+)\[", part, re.M)
    return f"{where}: table of {table[0]}" if table else f"{where}: go on"


def slices(path, text):
    """[(text so far, subject)]; the last is the whole."""
    if text.count("\n") <= WHOLE:
        return [(text, subject(path, text, True))]
    so_far, out = "", []
    for part in pieces(text):
        out.append((so_far + part, subject(path, part, not so_far)))
        so_far += part
    return out
