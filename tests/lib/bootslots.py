#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Slots of a device, sound and broken, for examples/boot-slot.c: bootslots.py PROGRAM FOLDER. Prints what went wrong, and the last line."""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from sealworld import BEFORE, World, write  # noqa: E402

PROGRAM, FOLDER = sys.argv[1:3]
world = World()
tally = [0, 0]


def slot(name, number, world=world, image=b"boot me" * 1000, **said):
    where = os.path.join(FOLDER, name)
    os.makedirs(where)
    write(os.path.join(where, "image"), image)
    world.seal(os.path.join(where, "image"), where, number=number, **said)
    os.remove(os.path.join(where, "sbom.cdx.json"))
    return where


def spoil(where, name, edit):
    path = os.path.join(where, name)
    with open(path, "rb") as f:
        data = f.read()
    write(path, edit(data))
    return where


def expect(what, words, *slots, counter=b"7 1\n"):
    """The program's last line has to be WORDS."""
    write(os.path.join(FOLDER, "counter"), counter)
    run = subprocess.run([PROGRAM, world.fingerprint(), os.path.join(FOLDER, "counter"), *slots], capture_output=True, check=False, text=True,
                         env={"LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""), "PATH": "/usr/bin:/bin"})
    said = (run.stdout or run.stderr).strip().split("\n")[-1]
    good = said == words and run.returncode == (0 if words.startswith("start") else 1)
    tally[not good] += 1
    if not good:
        print(f"{what}: exit {run.returncode}, '{run.stdout}{run.stderr}', wanted '{words}'")


def main():
    none = "no slot may be started"
    old, good, new = slot("old", 6), slot("good", 7), slot("new", 8)
    expect("the newest", f"start {new}", good, new)
    expect("the newest, in another order", f"start {new}", new, good)
    expect("one below the counter", none, old)
    expect("the counter's own number", f"start {good}", old, good)
    expect("a lower security counter", none, good, counter=b"7 2\n")
    expect("a counter that can't be read", "the counter can't be read: nothing is started", good, counter=b"")
    flipped = spoil(slot("flipped", 9), "image", lambda d: d[:4000] + bytes([d[4000] ^ 1]) + d[4001:])
    expect("an altered image", f"start {new}", flipped, new)
    expect("a longer image", none, spoil(slot("longer", 9), "image", lambda d: d + b"x"))
    expect("a shorter image", none, spoil(slot("shorter", 9), "image", lambda d: d[:-1]))
    expect("an altered manifest", none, spoil(slot("listed", 9), "manifest", lambda d: d.replace(b" 0644 ", b" 0755 ")))
    expect("signed by one", none, slot("one", 9, by=("anna",)))
    expect("signed by one person's two keys", none, slot("twice", 9, by=("anna", "anna 2")))
    expect("unsigned", none, slot("unsigned", 9, by=()))
    expect("another maker's", none, slot("foreign", 9, world=World("x")))
    expect("expired, on a device that slept", f"start {slot('expired', 9, expires=BEFORE)}", os.path.join(FOLDER, "expired"))
    gone = slot("gone", 9)
    os.remove(os.path.join(gone, "image"))
    expect("no image", none, gone)
    expect("no such slot", none, os.path.join(FOLDER, "nowhere"))
    two = os.path.join(FOLDER, "two")
    os.makedirs(os.path.join(two, "tree"))
    for name in ("a", "b"):
        write(os.path.join(two, "tree", name), b"x")
    world.seal(os.path.join(two, "tree"), two, number=9)
    expect("more than an image", none, two)
    later = World()
    later.rotate()
    rotated = slot("rotated", 10, world=later)
    expect("a root that the first one vouches for", f"start {rotated}", new, rotated)
    os.remove(os.path.join(rotated, "1.root.json"))
    expect("without its first root", none, rotated)
    shutil.rmtree(FOLDER)
    print(f"{tally[0]} passed, {tally[1]} failed")
    return 1 if tally[1] else 0


sys.exit(main())
