# SPDX-License-Identifier: Apache-2.0
"""Takes packs apart and puts them together again: a second, independent hand for assay's pack format.

A pack is a list of (name, bytes), index.dsse first. Pack.parse(bytes) reads one, Pack.build(...) makes one, bytes() writes it in the
canonical tar form. fix_index() recomputes the index's digests, fix_evidence() those in evidence.json: what a forger can do without a key;
sign(key) signs anew with a throwaway key of Key.make().
"""
import base64
import hashlib
import json
import os
import subprocess
import tempfile

BLOCK = 512
INDEX = "index.dsse"
PAYLOAD_TYPE = "application/vnd.in-toto+json"


def canon(value):
    """Canonical JSON as assay stores it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# ---- tar ----

def header(name, size, kind=b"0", mode=0o644, uid=0, mtime=0, magic=b"ustar\0", version=b"00", link=b""):
    """One ustar header; the arguments that a canonical one never changes are for forgers."""
    h = bytearray(BLOCK)
    raw = name if isinstance(name, bytes) else name.encode()
    h[0:100] = raw[:100].ljust(100, b"\0")
    h[100:108] = b"%07o\0" % mode
    h[108:116] = b"%07o\0" % uid
    h[116:124] = b"%07o\0" % 0
    h[124:136] = b"%011o\0" % size
    h[136:148] = b"%011o\0" % mtime
    h[148:156] = b" " * 8
    h[156:157] = kind
    h[157:257] = link.ljust(100, b"\0")
    h[257:263] = magic
    h[263:265] = version
    h[329:337] = b"%07o\0" % 0
    h[337:345] = b"%07o\0" % 0
    h[148:156] = b"%06o\0 " % sum(h)
    return bytes(h)


def pad(data):
    return data + b"\0" * (-len(data) % BLOCK)


def member(name, data, **odd):
    raw = name.encode()
    out = b""
    if len(raw) > 100:
        body = b" path=" + raw + b"\n"
        length = len(body) + len(str(len(body)))
        if len(str(length)) + len(body) != length:
            length = len(body) + len(str(length))
        record = str(length).encode() + body
        out += header("pax", len(record), kind=b"x") + pad(record)
    return out + header(raw, len(data), **odd) + pad(data)


def tar(members):
    return b"".join(member(n, d) for n, d in members) + b"\0" * (2 * BLOCK)


def untar(data):
    members, at, name = [], 0, None
    while data[at:at + BLOCK] != b"\0" * BLOCK:
        h = data[at:at + BLOCK]
        size = int(h[124:135], 8)
        body = data[at + BLOCK:at + BLOCK + size]
        at += BLOCK + size + (-size % BLOCK)
        if h[156:157] == b"x":
            name = body.split(b" path=", 1)[1][:-1].decode()
            continue
        members.append((name or h[0:100].rstrip(b"\0").decode(), body))
        name = None
    return members


# ---- streams of objects ----

def objects(stream):
    """[(id, type, bytes)] of what cat-file --batch writes."""
    found, at = [], 0
    while at < len(stream):
        end = stream.index(b"\n", at)
        name, kind, size = stream[at:end].split(b" ")
        found.append((name, kind, stream[end + 1:end + 1 + int(size)]))
        at = end + 2 + int(size)
    return found


def stream(found):
    return b"".join(b"%s %s %d\n%s\n" % (name, kind, len(data), data) for name, kind, data in found)


# ---- keys ----

class Key:
    """A throwaway Ed25519 key, held by openssl in a PEM file."""

    def __init__(self, pem):
        self.pem = pem
        der = subprocess.run(["openssl", "pkey", "-outform", "DER", "-pubout"], input=pem, capture_output=True, check=True).stdout
        self.public = der[-32:]
        blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + self.public
        self.fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")

    @classmethod
    def make(cls):
        return cls(subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, check=True).stdout)

    def sign(self, message):
        with tempfile.TemporaryDirectory() as folder:
            for name, data in (("key", self.pem), ("message", message)):
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(data)
            return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", "key", "-in", "message"],
                                  cwd=folder, capture_output=True, check=True).stdout

    def write_encrypted(self, path, passphrase):
        """The PKCS #8 file that 'assay check --sign' takes."""
        subprocess.run(["openssl", "pkcs8", "-topk8", "-scrypt", "-out", path, "-passout", "pass:" + passphrase],
                       input=self.pem, capture_output=True, check=True)


def pae(payload, kind=PAYLOAD_TYPE):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


# ---- packs ----

class Pack:
    def __init__(self, statement, signatures, members, payload_type=PAYLOAD_TYPE):
        self.statement = statement      # the in-toto statement, as an object
        self.signatures = signatures    # rows of the envelope
        self.members = members          # [(name, bytes)] without the index
        self.payload_type = payload_type

    @classmethod
    def parse(cls, data):
        (name, dsse), *members = untar(data)
        assert name == INDEX, name
        envelope = json.loads(dsse)
        return cls(json.loads(base64.b64decode(envelope["payload"])), envelope["signatures"], members)

    @classmethod
    def build(cls, members, subject="a subject", date="2026-01-02", require=(), program="0.0.0"):
        """A pack from nothing, unsigned; members without index and evidence.json, which names those outside policy/ and verdicts."""
        raw = [m for m in members if m[0] != "verdicts.json" and not m[0].startswith("policy/")]
        evidence = {"assay-evidence": 1, "items": [{
            "kind": "sample", "subject": subject, "grade": {"source": "recomputed", "depth": "observed"},
            "completeness": "complete", "why": None,
            "members": [{"name": n, "sha256": sha256(d)} for n, d in sorted(raw)]}]}
        members = sorted(list(members) + [("evidence.json", canon(evidence))])
        statement = {"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": "urn:assay:pack:1",
                     "predicate": {"assay-pack": 1, "subject": subject, "date": date, "date-given": False,
                                   "program": program, "require": list(require)}}
        pack = cls(statement, [], members)
        pack.fix_index()
        return pack

    def copy(self):
        return Pack(json.loads(json.dumps(self.statement)), list(self.signatures), list(self.members), self.payload_type)

    def names(self):
        return [n for n, _ in self.members]

    def get(self, name):
        return dict(self.members)[name]

    def put(self, name, data):
        """Alters a member, or adds one where it belongs."""
        if name in self.names():
            self.members = [(n, data if n == name else d) for n, d in self.members]
        else:
            self.members = sorted(self.members + [(name, data)])
        return self

    def drop(self, name):
        self.members = [m for m in self.members if m[0] != name]
        return self

    def fix_evidence(self):
        """Every digest in evidence.json that has a member of that name."""
        have = dict(self.members)
        evidence = json.loads(have["evidence.json"])
        for item in evidence["items"]:
            for m in item["members"]:
                if m["name"] in have:
                    m["sha256"] = sha256(have[m["name"]])
        return self.put("evidence.json", canon(evidence))

    def change_evidence(self, kind, **fields):
        """What evidence.json says of the item of this kind."""
        evidence = json.loads(self.get("evidence.json"))
        for item in evidence["items"]:
            if item["kind"] == kind:
                item.update(fields)
        return self.put("evidence.json", canon(evidence))

    def fix_index(self):
        self.statement["subject"] = [{"name": n, "digest": {"sha256": sha256(d)}} for n, d in sorted(self.members)]
        return self

    def unsign(self):
        self.statement["predicate"].pop("signer", None)
        self.signatures = []
        return self

    def sign(self, key):
        self.statement["predicate"]["signer"] = {"ed25519": base64.b64encode(key.public).decode()}
        signature = key.sign(pae(canon(self.statement), self.payload_type))
        self.signatures = [{"keyid": key.fingerprint, "sig": base64.b64encode(signature).decode()}]
        return self

    def index(self):
        return canon({"payload": base64.b64encode(canon(self.statement)).decode(), "payloadType": self.payload_type,
                      "signatures": self.signatures})

    def all(self):
        return [(INDEX, self.index())] + self.members

    def bytes(self):
        return tar(self.all())
