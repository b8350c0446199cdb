# SPDX-License-Identifier: Apache-2.0
"""forge_drill.py RELEASE MANIFEST VERIFIER FILE [CODE]: the record of a drill in which all went well, changed by CODE, Python over r, the
record; by(NAME) is the entry of an attack. RELEASE is a file that holds the release's digest."""
import hashlib
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def codes():
    with open(os.path.join(ROOT, "include/assay/release.h"), encoding="utf-8") as f:
        return dict(re.findall(r"ASSAY_RELEASE_([A-Z_]+),.*?\"([a-z-]+)\"", f.read()))


def attacks():
    with open(os.path.join(ROOT, "src/policy/attacks.c"), encoding="utf-8") as f:
        return re.findall(r'\t[A-Z]{4}\("([a-z-]+)", [A-Z_| ]+, TARGET_[A-Z]+, "[^"]*",\s+CODE\(([A-Z_]+)\)', f.read())


def read(path):
    with open(path, "rb") as f:
        return f.read()


def main():
    release, manifest, verifier, path = sys.argv[1:5]
    names = codes()
    r = {"assay-drill": 1, "at": "2026-01-01T00:00:00Z", "release": read(release).decode().strip(), "target": "",
         "manifest": hashlib.sha256(read(manifest)).hexdigest(), "program": hashlib.sha256(read(verifier)).hexdigest(),
         "attacks": [{"attack": "none", "subject": "", "code": "intact", "exit": 0, "target": "not-tried"}]}
    for name, code in attacks():
        r["attacks"].append({"attack": name, "subject": "bin/pump", "code": names[code], "exit": 1, "target": "not-tried"})

    def by(name):
        return [a for a in r["attacks"] if a["attack"] == name][0]

    exec(sys.argv[5] if len(sys.argv) > 5 else "", {"r": r, "by": by})  # noqa: S102
    with open(path, "w", encoding="utf-8") as f:
        json.dump(r, f, sort_keys=True, separators=(",", ":"))
        f.write("\n")


main()
