#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""trust_verify.py FOLDER: the chain of trust metadata in FOLDER, verified by other hands: Python's JSON, and openssl for signatures.

Roots from 1 on by their own threshold and by that of the one before, then targets, then the policy state. A signature that doesn't
hold is an error, whether the threshold needs it or not. Prints a line a document: name, people, kinds of keys.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def canonical(value):
    """OLPC's canonical JSON: in strings only the quote and the backslash are escaped, so a line end stands as it is."""
    if isinstance(value, dict):
        return "{" + ",".join(text(k) + ":" + canonical(value[k]) for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(v) for v in value) + "]"
    return text(value) if isinstance(value, str) else json.dumps(value)


def pem_of(key):
    public = key["keyval"]["public"]
    if key["keytype"] != "ed25519":
        return public
    der = bytes.fromhex("302a300506032b6570032100" + public)
    return subprocess.run(["openssl", "pkey", "-pubin", "-inform", "DER"], input=der, capture_output=True, check=True).stdout.decode()


def verify(key, signature, message):
    with tempfile.TemporaryDirectory() as folder:
        names = {"key": pem_of(key).encode(), "sig": signature, "message": message}
        for name, data in names.items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)
        digest = {"ed25519": ["-rawin"], "ecdsa-sha2-nistp256": ["-rawin", "-digest", "sha256"],
                  "ecdsa-sha2-nistp384": ["-rawin", "-digest", "sha384"]}[key["scheme"]]
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", *digest, "-in", "message", "-sigfile", "sig"],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL)


def people(document, keys, role):
    """The distinct people whose keys of the role have signed."""
    message = canonical(document["signed"]).encode()
    found = set()
    for s in document["signatures"]:
        if s["keyid"] not in role["keyids"]:
            continue
        key = keys[s["keyid"]]
        assert hashlib.sha256(canonical(key).encode()).hexdigest() == s["keyid"]
        verify(key, bytes.fromhex(s["sig"]), message)
        found.add(key["x-assay-person"])
    assert len(found) >= role["threshold"], f"{sorted(found)} of {role['threshold']}"
    return sorted(found)


def main():
    folder = sys.argv[1]

    def read(name):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            return json.load(f)

    def say(name, document, keys, role):
        who = people(document, keys, role)
        kinds = sorted({keys[s["keyid"]]["scheme"] for s in document["signatures"] if s["keyid"] in keys})
        print(name, ",".join(who), ",".join(kinds))

    root, version = read("1.root.json"), 1
    say("1.root", root, root["signed"]["keys"], root["signed"]["roles"]["root"])
    while os.path.exists(os.path.join(folder, f"{version + 1}.root.json")):
        version += 1
        following = read(f"{version}.root.json")
        assert following["signed"]["version"] == version
        people(following, root["signed"]["keys"], root["signed"]["roles"]["root"])
        root = following
        say(f"{version}.root", root, root["signed"]["keys"], root["signed"]["roles"]["root"])
    targets = read("targets.json")
    say("targets", targets, root["signed"]["keys"], root["signed"]["roles"]["targets"])
    delegations = targets["signed"]["delegations"]
    role = next(r for r in delegations["roles"] if r["name"] == "policy")
    say("policy", read("policy.json"), delegations["keys"], role)


main()
