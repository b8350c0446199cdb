# SPDX-License-Identifier: Apache-2.0
"""forge_trust.py FILE EXPRESSION [KEY...]: trust metadata as nobody's program would write it.

EXPRESSION is Python that changes s, the signed part, and d, the whole document; the result is signed anew by the PEM files KEY, whose
passphrase is in "pass" beside them. Without a KEY the signatures stay as they were. keyid(k) is a key's id, again(k, who) the same
key under another name, prove(k, pem, repository) the record that its owner enrolled it.
"""
import copy
import hashlib
import json
import os
import subprocess
import sys
import tempfile


def canonical(value):
    """Good for metadata without backslashes, and without control characters but the line ends of PEM, which stand as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).replace("\\n", "\n").encode()


def keyid(key):
    return hashlib.sha256(canonical(key)).hexdigest()


def again(key, who):
    other = copy.deepcopy(key)
    other["x-assay-person"] = who
    return other


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, capture_output=True, check=True).stdout


PSS = ("-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest")


def sign(pem, message):
    """(public key as metadata have it, signature in hex): hexadecimal digits of Ed25519, PEM of others."""
    secret = "file:" + os.path.join(os.path.dirname(pem), "pass")
    public = openssl("pkey", "-in", pem, "-passin", secret, "-pubout")
    raw = openssl("pkey", "-pubin", "-outform", "DER", data=public)
    edwards = len(raw) == 44
    digest = "sha384" if len(raw) == 120 else "sha256"
    how = () if edwards else ("-digest", digest) + (PSS if len(raw) > 200 else ())
    with tempfile.NamedTemporaryFile() as f:
        f.write(message)
        f.flush()
        signature = openssl("pkeyutl", "-sign", "-rawin", *how, "-inkey", pem, "-passin", secret, "-in", f.name).hex()
    return raw[-32:].hex() if edwards else public.decode(), signature


def prove(key, pem, repository):
    name = key["x-assay-person"]
    statement = {"_type": "assay-enrolment", "key": key, "name": name, "repository": repository}
    return {"name": name, "proof": sign(pem, canonical(statement))[1]}


def keys_of(folder):
    """Every key of every document beside this one: {public: [ids]}."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".json"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            body = json.load(f)["signed"]
        keys = dict(body.get("keys", {}), **body.get("delegations", {}).get("keys", {}))
        for key_id, key in keys.items():
            ids = found.setdefault(key["keyval"]["public"], [])
            if key_id not in ids:
                ids.append(key_id)
    return found


def main():
    path, expression, pems = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(path, encoding="utf-8") as f:
        d = json.load(f)
    s = d["signed"]
    exec(expression, {"s": s, "d": d, "keyid": keyid, "again": again, "prove": prove, "copy": copy})  # noqa: S102
    known = keys_of(os.path.dirname(path))
    for keys in (s.get("keys", {}), s.get("delegations", {}).get("keys", {})):
        for key_id, key in keys.items():
            known.setdefault(key["keyval"]["public"], [])
            if key_id not in known[key["keyval"]["public"]]:
                known[key["keyval"]["public"]].append(key_id)
    if pems:
        d["signatures"] = []
    for pem in pems:
        public, signature = sign(pem, canonical(s))
        d["signatures"] += [{"keyid": key_id, "sig": signature} for key_id in known.get(public, [])]
    with open(path, "w", encoding="utf-8") as f:
        json.dump(d, f, indent=1, sort_keys=True)
        f.write("\n")


if __name__ == "__main__":
    main()
