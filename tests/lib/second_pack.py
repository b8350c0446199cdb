# SPDX-License-Identifier: Apache-2.0
"""Puts a second pack into a repository.

usage: second_pack.py REPOSITORY ID WHAT BY    one that holds ID's bytes with WHAT replaced BY, under ID
       second_pack.py REPOSITORY ID            one that holds an object of a type that git doesn't have, under ID

Prints the name of its index.
"""
import binascii
import hashlib
import os
import struct
import subprocess
import sys
import zlib

repo, oid, *words = sys.argv[1:]
if words:
    what, by = words
    git = ["git", "-C", repo]
    kind = subprocess.run(git + ["cat-file", "-t", oid], capture_output=True, check=True, text=True).stdout.strip()
    data = subprocess.run(git + ["cat-file", kind, oid], capture_output=True, check=True).stdout
    assert what.encode() in data
    data = data.replace(what.encode(), by.encode())
else:
    kind, data = "reserved", b"nothing that git knows"
TYPES = {"commit": 1, "tree": 2, "blob": 3, "tag": 4, "reserved": 5}
head, size = [(TYPES[kind] << 4) | (len(data) & 15)], len(data) >> 4
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
