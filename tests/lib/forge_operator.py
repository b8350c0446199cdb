# SPDX-License-Identifier: Apache-2.0
"""forge_operator.py RELEASE SEAL VERIFIER FILE [CODE]: the record of a run of the instructions in a seal in which all went well, changed by
CODE, Python over r, the record. RELEASE is a file that holds the release's digest."""
import hashlib
import json
import os
import re
import sys


def read(path):
    with open(path, "rb") as f:
        return f.read()


def digest(path):
    return hashlib.sha256(read(path)).hexdigest()


def step(commands, good):
    asks = "assay-verify --" in commands
    screen = "" if not asks else "intact: pump 2.1.0, 3 files, signed by alice, bob\n" if good else "NOT intact: pump 2.1.0, 1 finding\n"
    return {"commands": commands, "exit": int(asks and not good), "screen": screen}


def main():
    release, seal, verifier, path = sys.argv[1:5]
    page = os.path.join(seal, "instructions.md")
    blocks = re.findall(r"^```sh\n(.*?)^```$", read(page).decode(), re.M | re.S)
    first = next((i for i, b in enumerate(blocks) if "assay-verify --" in b), 0)
    r = {"assay-operator-run": 1, "at": "2026-01-01T00:00:00Z", "release": read(release).decode().strip(),
         "manifest": digest(os.path.join(seal, "manifest")), "instructions": digest(page), "verifier": digest(verifier),
         "altered-path": "etc/pump.conf", "untouched": [step(b, True) for b in blocks],
         "altered": [step(b, False) for b in blocks[:first + 1]]}
    exec(sys.argv[5] if len(sys.argv) > 5 else "", {"r": r})  # noqa: S102
    with open(path, "w", encoding="utf-8") as f:
        json.dump(r, f, sort_keys=True, separators=(",", ":"))
        f.write("\n")


main()
