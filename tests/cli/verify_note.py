# SPDX-License-Identifier: Apache-2.0
"""verify_note.py VKEY: a C2SP checkpoint or tlog-proof on standard input, held against the key; for a proof, ENTRY is its leaf.

verify_note.py VKEY|- [ENTRY]. An own reading of c2sp.org/signed-note, tlog-checkpoint and tlog-proof and of RFC 6962, with
openssl for the signature. Says "good" and ends with 0, or says why not and ends with 1.
"""
import base64
import hashlib
import subprocess
import sys
import tempfile


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def check_signature(note, vkey):
    text, _, tail = note.rpartition(b"\n\n")
    text += b"\n"
    name, key_hash, key = vkey.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    assert raw[:1] == b"\x01" and len(raw) == 33, "no Ed25519 key"
    assert sha(name.encode(), b"\n", raw)[:4].hex() == key_hash, "the key's hash is another"
    mine = [line for line in tail.decode().splitlines() if line.startswith(f"\u2014 {name} ")]
    assert len(mine) == 1, f"{len(mine)} signatures by that key"
    blob = base64.b64decode(mine[0].split(" ")[2], validate=True)
    assert blob[:4].hex() == key_hash and len(blob) == 68, "a signature of another key"
    with tempfile.TemporaryDirectory() as folder:
        for file, data in (("key", bytes.fromhex("302a300506032b6570032100") + raw[1:]), ("text", text), ("sig", blob[4:])):
            with open(f"{folder}/{file}", "wb") as f:
                f.write(data)
        done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin", "-in", "text",
                               "-sigfile", "sig"], cwd=folder, capture_output=True)
    assert done.returncode == 0, "the signature is bad"


def check_inclusion(leaf, index, size, proof, root):
    """RFC 9162, 2.1.3.2."""
    fn, sn, r = index, size - 1, leaf
    assert index < size, "index beyond size"
    for p in proof:
        assert sn != 0, "the proof is too long"
        if fn % 2 or fn == sn:
            r = sha(b"\x01", p, r)
            while not fn % 2 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha(b"\x01", r, p)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0 and r == root, "the proof does not lead to the root"


def main():
    data = sys.stdin.buffer.read()
    proof = None
    if data.startswith(b"c2sp.org/tlog-proof@v1\n"):
        head, _, data = data.partition(b"\n\n")
        lines = head.decode().split("\n")
        assert lines[1].startswith("index ")
        proof = (int(lines[1][6:]), [base64.b64decode(line, validate=True) for line in lines[2:]])
    if sys.argv[1] != "-":
        check_signature(data, sys.argv[1])
    origin, size, root = data.split(b"\n")[:3]
    assert origin and size == str(int(size)).encode()
    if proof is not None:
        with open(sys.argv[2], "rb") as f:
            check_inclusion(sha(b"\x00", f.read()), proof[0], int(size), proof[1], base64.b64decode(root, validate=True))


try:
    main()
except (AssertionError, ValueError, IndexError) as e:
    print(f"bad: {e}")
    sys.exit(1)
print("good")
