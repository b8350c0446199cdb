# SPDX-License-Identifier: Apache-2.0
"""put.py OBJECTS-FOLDER ID WHAT BY: puts a second pack there that holds ID's bytes with WHAT replaced BY, under ID."""
import binascii, hashlib, os, struct, subprocess, sys, zlib
repo, oid, what, by = sys.argv[1:5]
git = ["git", "-C", repo]
kind = subprocess.run(git + ["cat-file", "-t", oid], capture_output=True, check=True, text=True).stdout.strip()
data = subprocess.run(git + ["cat-file", kind, oid], capture_output=True, check=True).stdout
assert what.encode() in data
data = data.replace(what.encode(), by.encode())
head, size = [({"commit": 1, "tree": 2, "blob": 3, "tag": 4}[kind] << 4) | (len(data) & 15)], len(data) >> 4
while size:
    head[-1] |= 0x80
    head.append(size & 0x7f)
    size >>= 7
entry = bytes(head) + zlib.compress(data)
pack = b"PACK" + struct.pack(">II", 2, 1) + entry
pack += hashlib.sha1(pack).digest()
first = int(oid[:2], 16)
idx = b"\xfftOc" + struct.pack(">I", 2) + b"".join(struct.pack(">I", int(i >= first)) for i in range(256))
idx += bytes.fromhex(oid) + struct.pack(">II", binascii.crc32(entry), 12) + pack[-20:]
idx += hashlib.sha1(idx).digest()
path = os.path.join(repo, ".git/objects/pack/pack-" + pack[-20:].hex())
for end, content in ((".pack", pack), (".idx", idx)):
    with open(path + end, "wb") as f:
        f.write(content)
    os.utime(path + end, (1600000000, 1600000000))
print(os.path.basename(path) + ".idx")
