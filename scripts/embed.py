#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes files as one C source: embed.py SYMBOL OUTPUT FILE... or embed.py --folder DEPFILE SYMBOL OUTPUT FOLDER

The source defines "const struct embedded_file SYMBOL[]" (see base/embedded.h), in the order given, ended by a row
of NULL. Names are the files' base names. Of a folder, all files below it are taken, sorted by their paths from there,
which are their names; DEPFILE then names them and the folders, so that a new file is seen.
"""
import os
import sys


def rows(data):
    for at in range(0, len(data), 20):
        yield "\t" + ",".join(str(b) for b in data[at:at + 20]) + ","


def below(folder, depfile, output):
    """(name, path) of all files below folder, sorted by name."""
    found, seen = [], [folder]
    for place, folders, files in os.walk(folder):
        folders.sort()
        seen += [os.path.join(place, name) for name in folders]
        found += [os.path.join(place, name) for name in files]
    with open(depfile, "w", encoding="utf-8") as f:
        f.write(f"{output}: " + " ".join(path.replace(" ", "\\ ") for path in seen + found) + "\n")
    return sorted((os.path.relpath(path, folder), path) for path in found)


def main():
    if sys.argv[1] == "--folder":
        depfile, symbol, output, folder = sys.argv[2:]
        files = below(folder, depfile, output)
    else:
        symbol, output = sys.argv[1:3]
        files = [(os.path.basename(path), path) for path in sys.argv[3:]]
    lines = ["/* made by scripts/embed.py */", "#include <base/embedded.h>"]
    table = []
    for number, (name, path) in enumerate(files):
        with open(path, "rb") as f:
            data = f.read()
        lines.append(f"static const unsigned char file_{number}[] = {{")
        lines.extend(rows(data + b"\0"))
        lines.append("};")
        table.append(f'\t{{ "{name}", file_{number}, {len(data)} }},')
    lines.append(f"extern const struct embedded_file {symbol}[];")
    lines.append(f"const struct embedded_file {symbol}[] = {{")
    lines.extend(table)
    lines.append("\t{ 0, 0, 0 },")
    lines.append("};")
    with open(output, "w", encoding="ascii") as f:
        f.write("\n".join(lines) + "\n")


main()
