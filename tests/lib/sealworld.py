# SPDX-License-Identifier: Apache-2.0
"""Seals of every kind, sound and wrong, by another hand than lib/: TUF metadata, manifests, fs-verity digests and Ed25519 (RFC 8032)
in Python alone. Keys are derived from names, so that a seal can be made again byte by byte.

  world = World(folder)                 a maker with a root of anna, bea and carl (2 of them), and releases by anna, bea and dora (2 of them)
  world.seal(tree, seal, number=7)      writes the seal folder of a tree; see its keywords for what can be wrong with it
"""
import hashlib
import json
import os
import stat

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
LATER = "2100-01-01T00:00:00Z"
BEFORE = "2020-01-01T00:00:00Z"
REPOSITORY = "0123456789abcdef0123456789abcdef"
COMMIT = "5" * 40
SOURCE_TREE = "6" * 64


# ---- Ed25519, in extended coordinates ----

def plus(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = plus(q, p)
        p = plus(p, p)
        n >>= 1
    return q


BASE_Y = 4 * pow(5, P - 2, P) % P


def base_point():
    xx = (BASE_Y * BASE_Y - 1) * pow(D * BASE_Y * BASE_Y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x if x % 2 == 0 else P - x, BASE_Y, 1, (x if x % 2 == 0 else P - x) * BASE_Y % P)


BASE = base_point()


def packed(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Key:
    """A person's key; NUMBER tells several of one person apart."""

    def __init__(self, person, number=1):
        wide = hashlib.sha512(hashlib.sha256(f"{person} {number}".encode()).digest()).digest()
        self.scalar = (int.from_bytes(wide[:32], "little") & (1 << 254) - 8) | 1 << 254
        self.prefix = wide[32:]
        self.public = packed(times(self.scalar, BASE))
        self.person = person
        self.object = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": self.public.hex()}, "x-assay-person": person}
        self.keyid = hashlib.sha256(canonical(self.object)).hexdigest()

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % L
        point = packed(times(r, BASE))
        k = int.from_bytes(hashlib.sha512(point + self.public + message).digest(), "little") % L
        return point + ((r + k * self.scalar) % L).to_bytes(32, "little")


def canonical(value):
    """As TUF has it, of texts without control characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(payload, keys):
    return {"signed": payload, "signatures": [{"keyid": k.keyid, "sig": k.sign(canonical(payload)).hex()} for k in keys]}


# ---- manifests ----

def verity(data):
    """The fs-verity digest: SHA-256, blocks of 4096 bytes, no salt."""
    level = [hashlib.sha256(data[i:i + 4096].ljust(4096, b"\0")).digest() for i in range(0, len(data), 4096)]
    while len(level) > 1:
        joined = b"".join(level)
        level = [hashlib.sha256(joined[i:i + 4096].ljust(4096, b"\0")).digest() for i in range(0, len(joined), 4096)]
    root = level[0] if level else bytes(32)
    descriptor = bytes([1, 1, 12, 0]) + bytes(4) + len(data).to_bytes(8, "little") + root.ljust(64, b"\0") + bytes(32) + bytes(144)
    return hashlib.sha256(descriptor).hexdigest()


def spelled(name):
    return "".join(chr(b) if 0x21 <= b <= 0x7e and b != 0x25 else f"%{b:02X}" for b in name)


def entry(top, path, dereference=False):
    where = os.path.join(top, path)
    st = os.lstat(where)
    mode = f"{stat.S_IMODE(st.st_mode):04o}"
    if stat.S_ISLNK(st.st_mode):
        return f"l {spelled(path)} {spelled(os.readlink(where))}"
    if stat.S_ISDIR(st.st_mode):
        return f"d {mode} {spelled(path)}"
    with open(where, "rb") as f:
        data = f.read()
    try:
        caps = os.getxattr(where, "security.capability").hex()
    except OSError:
        caps = "-"
    return f"f {mode} {len(data)} {hashlib.sha256(data).hexdigest()} {verity(data)} {caps} {spelled(path)}"


def paths_of(top):
    """All paths below TOP, as bytes, in the order of manifests."""
    found = []
    for where, folders, files in os.walk(top):
        rest = os.path.relpath(where, top)
        found += [os.path.normpath(os.path.join(rest, n)) for n in folders + files]
    return sorted(found, key=lambda p: p.split(b"/"))


def manifest(tree):
    tree = os.fsencode(tree)
    if not os.path.isdir(tree):
        lines = [entry(os.path.dirname(tree), os.path.basename(tree))]
    else:
        lines = [entry(tree, p) for p in paths_of(tree) if p.split(b"/")[0] != b"assay-seal"]
    return "".join(line + "\n" for line in ["assay-manifest 1"] + lines).encode()


# ---- a maker ----

PEOPLE = ("anna", "bea", "carl", "dora", "eve")
KEYS = {}


def key(name):
    """"anna", or "anna 2" for another key of hers."""
    if name not in KEYS:
        person, _, number = name.partition(" ")
        KEYS[name] = Key(person, int(number or 1))
    return KEYS[name]


def role(names, threshold):
    return {"keyids": [key(n).keyid for n in names], "threshold": threshold}


class World:
    """A maker. maker: a word that makes all its keys others."""

    def __init__(self, maker=""):
        self.maker = maker
        self.roots = [self.sign(self.root(1), ["anna", "bea"])]
        self.authority = self.sign(self.targets(1), ["anna", "carl"])

    def name(self, name):
        return name.replace(" ", self.maker + " ", 1) if " " in name else name + self.maker

    def names(self, names):
        return [self.name(n) for n in names]

    def sign(self, payload, names):
        return signed(payload, [key(self.name(n)) for n in names])

    def payload(self, kind, version, expires=LATER):
        return {"_type": kind, "spec_version": "1.0.34", "version": version, "expires": expires, "x-assay-repository": REPOSITORY}

    def root(self, version, holders=("anna", "bea", "carl"), threshold=2, expires=LATER):
        holders = self.names(holders)
        roles = {"root": role(holders, threshold), "targets": role(holders, 2), "snapshot": role(holders, 1), "timestamp": role(holders, 1)}
        return {**self.payload("root", version, expires), "consistent_snapshot": False, "roles": roles,
                "keys": {key(n).keyid: key(n).object for n in holders}}

    def targets(self, version, releasers=("anna", "bea", "dora", "anna 2"), threshold=2, expires=LATER, revoked=()):
        releasers = self.names(releasers)
        delegation = {**role(releasers, threshold), "name": "release", "paths": ["release/*"], "terminating": True}
        made = {**self.payload("targets", version, expires), "targets": {},
                "delegations": {"keys": {key(n).keyid: key(n).object for n in releasers}, "roles": [delegation]}}
        if revoked:
            made["x-assay-revoked"] = {key(n).keyid: "2026-01-01" for n in self.names(revoked)}
        return made

    def fingerprint(self):
        return hashlib.sha256(canonical(self.roots[0]["signed"])).hexdigest()

    def rotate(self, holders=("anna", "bea", "carl"), signers=("anna", "bea")):
        """The next root."""
        self.roots.append(self.sign(self.root(len(self.roots) + 1, holders), signers))

    def release(self, files, number, product="pump", version=None, counter=1, expires=LATER):
        """The signed part; files: {name: bytes}."""
        targets = {}
        for name, data in files.items():
            targets[f"release/{name}"] = {"length": len(data), "hashes": {"sha256": hashlib.sha256(data).hexdigest()}}
        targets["release/manifest"]["custom"] = {"product": product, "version": version or f"{number}.0", "counter": counter,
                                                 "commit": COMMIT, "tree": SOURCE_TREE}
        return {**self.payload("targets", number, expires), "targets": targets}

    def rollback(self, older, number, product="pump", by=("anna", "bea"), expires=LATER, to=None):
        """An authorisation to go from release NUMBER back to the signed part OLDER."""
        custom = {"product": product, "from": number, "to": to or older["version"],
                  "to-release": hashlib.sha256(canonical(older)).hexdigest(), "reason": "pumps stop"}
        target = {"release/rollback": {"length": 0, "hashes": {"sha256": hashlib.sha256(b"").hexdigest()}, "custom": custom}}
        return self.sign({**self.payload("targets", number, expires), "targets": target}, by)

    def seal(self, tree, seal, number=7, by=("anna", "bea"), listing=None, edit=None, files=None, **said):
        """Writes the seal; listing: another manifest's bytes; edit: changes the signed part before it is signed. The signed part."""
        os.makedirs(seal, exist_ok=True)
        contents = {"manifest": manifest(tree) if listing is None else listing, "sbom.cdx.json": b'{"bomFormat":"CycloneDX"}\n'}
        contents.update(files or {})
        payload = self.release(contents, number, **said)
        if edit:
            edit(payload)
        for name, data in contents.items():
            write(os.path.join(seal, name), data)
        for at, root in enumerate(self.roots, 1):
            write(os.path.join(seal, f"{at}.root.json"), json.dumps(root, indent=1).encode())
        write(os.path.join(seal, "targets.json"), json.dumps(self.authority, indent=1).encode())
        write(os.path.join(seal, "release.json"), json.dumps(self.sign(payload, by), indent=1).encode())
        return payload


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)
