# SPDX-License-Identifier: Apache-2.0
"""forge_seal.py TREE SEAL NAME=VALUE...: a seal of a tree, or what only looks like one, as no program of ours would write it.

  repo=DIR       its assay/trust/ says who may release (copied into the seal), and its HEAD is the commit
  by=A,B         people whose keys (keys=DIR) sign
  number= version= counter= product= commit= tree= expires=   what the release says; each has a sound default
  sbom= provenance= instructions=   files that it names
  manifest=FILE  is the manifest, instead of what the tree gives
  without=PATH   these paths, with commas between, and what lies below aren't in the manifest
  change=CODE    Python that changes s, the signed part, before it is signed
"""
import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys

from forge_trust import canonical, keys_of, sign

BLOCK = 4096


def verity(data):
    """fs-verity's file digest: SHA-256, 4096-byte blocks, no salt."""
    level = [hashlib.sha256(data[i:i + BLOCK].ljust(BLOCK, b"\0")).digest() for i in range(0, len(data), BLOCK)]
    while len(level) > 1:
        joined = b"".join(level)
        level = [hashlib.sha256(joined[i:i + BLOCK].ljust(BLOCK, b"\0")).digest() for i in range(0, len(joined), BLOCK)]
    root = level[0] if level else bytes(32)
    descriptor = bytes([1, 1, 12, 0]) + bytes(4) + len(data).to_bytes(8, "little") + root.ljust(64, b"\0") + bytes(32 + 144)
    return hashlib.sha256(descriptor).hexdigest()


def spell(path):
    return "".join(chr(b) if 0x21 <= b <= 0x7e and b != 0x25 else f"%{b:02X}" for b in path)


def entries(tree):
    """(path, line) of all that lies there, sorted."""
    found = []
    for folder, folders, files in os.walk(os.fsencode(tree)):
        for name in folders + files:
            full = os.path.join(folder, name)
            path = os.path.relpath(full, os.fsencode(tree))
            if path == b"assay-seal" or path.startswith(b"assay-seal/"):
                continue
            found.append((path, full))
    for path, full in sorted(found, key=lambda f: f[0].split(b"/")):
        status = os.lstat(full)
        mode = f"{stat.S_IMODE(status.st_mode):04o}"
        if stat.S_ISLNK(status.st_mode):
            yield path, f"l {spell(path)} {spell(os.readlink(full))}"
        elif stat.S_ISDIR(status.st_mode):
            yield path, f"d {mode} {spell(path)}"
        else:
            with open(full, "rb") as f:
                data = f.read()
            yield path, f"f {mode} {len(data)} {hashlib.sha256(data).hexdigest()} {verity(data)} - {spell(path)}"


def manifest(tree, without):
    lines = ["assay-manifest 1"]
    for path, line in entries(tree):
        gone = any(path == w or path.startswith(w + b"/") for w in without)
        if not gone:
            lines.append(line)
    return ("\n".join(lines) + "\n").encode()


def git(repo, *words):
    return subprocess.run(["git", "-C", repo, *words], capture_output=True, check=True).stdout


def source(repo, commit):
    """assay-release(5): the digest of a commit's whole tree."""
    found = []
    for record in git(repo, "ls-tree", "-r", "-z", commit).split(b"\0"):
        if record:
            meta, path = record.split(b"\t", 1)
            mode, kind, oid = meta.split()
            data = git(repo, "cat-file", "blob", oid.decode()) if kind == b"blob" else None
            found.append((path, mode, hashlib.sha256(data).hexdigest() if data is not None else oid.decode()))
    text = "assay-tree 1\n" + "".join(f"{m.decode().rjust(6, '0')} {d} {spell(p)}\n" for p, m, d in sorted(found, key=lambda x: x[0].split(b"/")))
    return hashlib.sha256(text.encode()).hexdigest()


def target(data):
    return {"length": len(data), "hashes": {"sha256": hashlib.sha256(data).hexdigest()}}


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def signed_by(trust, people, body, keys):
    known = keys_of(trust)
    found = []
    for who in people:
        public, signature = sign(os.path.join(keys, who + ".pem"), canonical(body))
        ids = known.get(public) or [hashlib.sha256(public.encode()).hexdigest()]
        found += [{"keyid": ids[-1], "sig": signature}]
    return {"signatures": found, "signed": body}


def main():
    tree, seal = sys.argv[1:3]
    given = dict(word.split("=", 1) for word in sys.argv[3:])
    trust = os.path.join(given["repo"], "assay", "trust")
    root = json.loads(read(os.path.join(trust, "1.root.json")))
    shutil.rmtree(seal, ignore_errors=True)
    os.makedirs(seal)
    for name in os.listdir(trust):
        if name.endswith(".root.json") or name == "targets.json":
            shutil.copy(os.path.join(trust, name), os.path.join(seal, name))
    commit = given.get("commit") or git(given["repo"], "rev-parse", "HEAD").decode().strip()
    files = {"manifest": manifest(tree, [os.fsencode(w) for w in given.get("without", "").split(",") if w])}
    if "manifest" in given:
        files["manifest"] = read(given["manifest"])
    for option, name in (("sbom", "sbom.cdx.json"), ("provenance", "provenance.json"), ("instructions", "instructions.md")):
        if option in given:
            files[name] = read(given[option])
    body = {"_type": "targets", "spec_version": "1.0.34", "version": int(given.get("number", "1")),
            "expires": given.get("expires", "2099-01-01T00:00:00Z"), "x-assay-repository": root["signed"]["x-assay-repository"],
            "targets": {"release/" + name: target(data) for name, data in files.items()}}
    body["targets"]["release/manifest"]["custom"] = {
        "product": given.get("product", "pump"), "version": given.get("version", "2.1.0"), "counter": int(given.get("counter", "1")),
        "commit": commit, "tree": given.get("tree") or source(given["repo"], commit)}
    exec(given.get("change", ""), {"s": body, "base64": base64, "target": target})  # noqa: S102
    for name, data in files.items():
        write(os.path.join(seal, name), data)
    people = [p for p in given.get("by", "").split(",") if p]
    document = signed_by(trust, people, body, given["keys"])
    write(os.path.join(seal, "release.json"), json.dumps(document, indent=1, sort_keys=True).encode() + b"\n")
    print(hashlib.sha256(canonical(body)).hexdigest())


if __name__ == "__main__":
    main()
