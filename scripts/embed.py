#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes files as one C source: embed.py SYMBOL OUTPUT FILE...

The source defines "const struct embedded_file SYMBOL[]" (see base/embedded.h), in the order given, ended by a row
of NULL. Names are the files' base names.
"""
import os
import sys


def rows(data):
    for at in range(0, len(data), 20):
        yield "\t" + ",".join(str(b) for b in data[at:at + 20]) + ","


def main():
    symbol, output, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    lines = ["/* made by scripts/embed.py */", "#include <base/embedded.h>"]
    table = []
    for number, path in enumerate(files):
        with open(path, "rb") as f:
            data = f.read()
        lines.append(f"static const unsigned char file_{number}[] = {{")
        lines.extend(rows(data + b"\0"))
        lines.append("};")
        table.append(f'\t{{ "{os.path.basename(path)}", file_{number}, {len(data)} }},')
    lines.append(f"extern const struct embedded_file {symbol}[];")
    lines.append(f"const struct embedded_file {symbol}[] = {{")
    lines.extend(table)
    lines.append("\t{ 0, 0, 0 },")
    lines.append("};")
    with open(output, "w", encoding="ascii") as f:
        f.write("\n".join(lines) + "\n")


main()
