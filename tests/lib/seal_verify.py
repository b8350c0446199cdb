#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""seal_verify.py SEAL REPO: a seal by other hands: Python's JSON and hashes, openssl for signatures, git for the source.

Prints "K of N: PERSON..." for the signatures that hold, and "tree DIGEST" when the commit's tree has the digest that the release says.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile


def canonical(value):
    """Good for metadata without control characters in it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def load(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        return json.load(f)


def holds(key, signature, message):
    prefix = bytes.fromhex("302a300506032b6570032100")
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("key", "sig", "msg")]
        for path, content in zip(paths, (prefix + bytes.fromhex(key["keyval"]["public"]), bytes.fromhex(signature), message)):
            with open(path, "wb") as f:
                f.write(content)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", paths[0], "-sigfile", paths[1],
                               "-in", paths[2]], capture_output=True, check=False).returncode == 0


def tree_digest(repo, commit):
    """As assay-release(5) has it."""
    def git(*words):
        return subprocess.run(["git", "-C", repo, *words], capture_output=True, check=True).stdout
    lines = git("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]
    out = b"assay-tree 1\n"
    for line in sorted(lines, key=lambda one: one.split(b"\t", 1)[1]):
        meta, path = line.split(b"\t", 1)
        mode, _, oid = meta.split()
        digest = oid if mode == b"160000" else hashlib.sha256(git("cat-file", "blob", oid.decode())).hexdigest().encode()
        name = b"".join(bytes([c]) if 0x21 <= c < 0x7f and c != 0x25 else b"%%%02X" % c for c in path)
        out += mode + b" " + digest + b" " + name + b"\n"
    return hashlib.sha256(out).hexdigest()


def main():
    seal, repo = sys.argv[1:]
    release, targets = load(seal, "release.json"), load(seal, "targets.json")
    role = next(r for r in targets["signed"]["delegations"]["roles"] if r["name"] == "release")
    people = set()
    for one in release["signatures"]:
        key = targets["signed"]["delegations"]["keys"][one["keyid"]]
        if one["keyid"] in role["keyids"] and holds(key, one["sig"], canonical(release["signed"])):
            people.add(key["x-assay-person"])
    print(f"{len(people)} of {role['threshold']}: {' '.join(sorted(people))}")
    says = release["signed"]["targets"]["release/manifest"]["custom"]
    if tree_digest(repo, says["commit"]) == says["tree"]:
        print("tree " + says["tree"])


main()
