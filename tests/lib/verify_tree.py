# SPDX-License-Identifier: Apache-2.0
"""Cases of tests/suites/verify: trees, as they should be and altered."""
import json
import os
import re
import shutil
import subprocess
import threading
import time

import sealworld
from verifycases import PROGRAMS, Skip, Wrong, as_nobody, assert_equal, case, for_nobody, needs, needs_root


# ---- what is as it should be ----

@case
def intact(b):
    said = b.sealed().expect([])
    assert_equal(said[0]["files"], 6)
    assert_equal(said[0]["folders"], 3)
    assert_equal(said[0]["links"], 2)
    assert_equal(said[0]["signed-by"], ["anna", "bea"])
    assert_equal(said[0]["freshness"], "not-established")


@case
def odd_names(b):
    names = [b"with space", b"line\nend", "sm\u00f6rg\u00e5s".encode(), b"\xff\xfe not utf-8", b"x" * 255, b"Case", b"case", b"%41",
             b"tab\there", b"-dash", b"back\\slash", b"q\"uote", b"a", b"a.b", b"a-b", b"\x01\x7f"]
    os.makedirs(b.tree)
    for name in names:
        sealworld.write(os.path.join(os.fsencode(b.tree), name), name)
        os.makedirs(os.path.join(os.fsencode(b.tree), b"d" + name[:254], b"deep"))
    b.sealed().expect([])
    for name in names:
        sealworld.write(os.path.join(os.fsencode(b.tree), b"d" + name[:254], b"deep", name), b"")
    said = b.expect(["extra"])
    assert_equal(said[0]["codes"]["extra"], len(names))


@case
def hard_links(b):
    b.make_tree()
    os.link(b.path("data"), b.path("again"))
    b.sealed().expect([])


@case
def seal_inside(b):
    b.make_tree()
    b.seal = b.path("assay-seal")
    b.sealed().expect([])
    b.expect([], words=[f"--seal={b.seal}", *b.words()])
    sealworld.write(b.path("more"), b"")
    said = b.expect(["extra"])
    assert_equal([f["path"] for f in said[1:]], ["more"])


@case
def seal_inside_is_extra_beside_another(b):
    b.sealed()
    shutil.copytree(b.seal, b.path("assay-seal"))
    said = b.expect(["extra"], words=[f"--seal={b.seal}", *b.words()])
    assert_equal([f["path"] for f in said[1:]], ["assay-seal"])


@case
def tree_by_a_link(b):
    b.sealed()
    os.symlink("pump", os.path.join(b.folder, "current"))
    said = b.expect([], words=b.words(tree=os.path.join(b.folder, "current")))
    assert_equal(said[0]["tree"], os.path.realpath(b.tree))


@case
def a_file_by_itself(b):
    b.tree = os.path.join(b.folder, "firmware.bin")
    b.seal = b.tree + ".seal"
    sealworld.write(b.tree, bytes(range(256)) * 5000)
    b.sealed().expect([])
    os.chmod(b.tree, 0o600)
    sealworld.write(os.path.join(b.folder, "beside"), b"")
    b.expect([])
    os.rename(b.tree, b.tree + "2")
    b.expect(["missing"], words=[f"--seal={b.seal}", *b.words(tree=b.tree + "2")])
    os.rename(b.tree + "2", b.tree)
    with open(b.tree, "r+b") as f:
        f.write(b"x")
    b.expect(["changed"])


@case
def a_folder_for_a_file(b):
    b.sealed()
    lone = os.path.join(b.folder, "x")
    sealworld.write(lone, b"")
    b.expect(["type"], words=[f"--seal={b.seal}", *b.words(tree=lone)])


# ---- the tree ----

@case
def missing(b):
    b.sealed()
    os.unlink(b.path("data"))
    said = b.expect(["missing"])
    assert_equal((said[1]["path"], said[1]["code"]), ("data", "missing"))


@case
def missing_folder(b):
    b.sealed()
    shutil.rmtree(b.path("bin"))
    said = b.expect(["missing"])
    assert_equal([f["path"] for f in said[1:]], ["bin", "bin/dangling", "bin/plugins", "bin/plugins/dose", "bin/pump"])


@case
def extra(b):
    b.sealed()
    for name in ("zz", ".hidden", "bin/more", "cache/in empty", "cache/folder"):
        if name.endswith("folder"):
            os.makedirs(b.path(*name.split("/"), "deep"))
        else:
            sealworld.write(b.path(*name.split("/")), b"")
    os.mkfifo(b.path("bin", "fifo"))
    said = b.expect(["extra"])
    assert_equal([f["path"] for f in said[1:]], [".hidden", "bin/fifo", "bin/more", "cache/folder", "cache/in%20empty", "zz"])


@case
def extra_of_many(b):
    os.makedirs(b.path("d"))
    for i in range(3000):
        sealworld.write(b.path("d", f"{i}"), b"")
    b.sealed()
    for i in range(1000):
        sealworld.write(b.path("d", f"x{i:04}"), b"")
        os.unlink(b.path("d", f"{i}"))
    said = b.expect(["extra", "missing"])
    assert_equal(said[0]["codes"], {"extra": 1000, "missing": 1000})
    assert_equal(len(said), 257)


@case
def changed(b):
    b.sealed()
    with open(b.path("bin", "pump"), "r+b") as f:
        f.seek(8000)
        f.write(b"x")
    b.expect(["changed"])


@case
def size(b):
    b.sealed()
    with open(b.path("bin", "pump"), "ab") as f:
        f.write(b"x")
    os.truncate(b.path("data"), 4096)
    b.expect(["size"])


@case
def mode(b):
    b.sealed()
    os.chmod(b.path("bin", "pump"), 0o4755)
    said = b.expect(["mode"])
    assert_equal(said[1]["message"], "its mode is 4755, and was sealed as 0755")
    os.chmod(b.path("bin", "pump"), 0o755)
    os.chmod(b.path("cache"), 0o777)
    b.expect(["mode"])


@case
def type_of_file(b):
    b.sealed()
    os.unlink(b.path("data"))
    os.symlink("bin.conf", b.path("data"))
    os.unlink(b.path("empty"))
    os.mkfifo(b.path("empty"))
    os.unlink(b.path("etc"))
    os.mkdir(b.path("etc"))
    said = b.expect(["type"])
    assert_equal(said[0]["codes"]["type"], 3)


@case
def type_of_folder(b):
    b.sealed()
    os.rename(b.path("bin"), os.path.join(b.folder, "bin"))
    os.symlink(os.path.join(b.folder, "bin"), b.path("bin"))
    shutil.rmtree(b.path("cache"))
    sealworld.write(b.path("cache"), b"")
    said = b.expect(["type", "missing"])
    assert_equal(said[0]["codes"]["type"], 2)


@case
def link(b):
    b.sealed()
    os.unlink(b.path("pump"))
    os.symlink("bin/dose", b.path("pump"))
    b.expect(["link"])


@case
def capabilities(b):
    needs_root()
    b.sealed()
    try:
        os.setxattr(b.path("bin", "pump"), "security.capability", bytes.fromhex("0100000200040000000000000000000000000000"))
    except OSError as why:
        raise Skip(f"no capabilities can be set here: {why}") from why
    b.expect(["capabilities"])
    b.sealed().expect([])


@case
def digests_disagree(b):
    b.make_tree()
    listing = sealworld.manifest(b.tree)
    with open(b.path("data"), "rb") as f:
        digest = sealworld.verity(f.read())
    b.sealed(listing=listing.replace(digest.encode(), b"0" * 64)).expect(["digests-disagree"])


@case
def larger_than_anybody_would_read(b):
    """What has another size than was sealed is told without being read."""
    b.make_tree()
    b.sealed()
    os.truncate(b.path("data"), 1 << 42)
    begun = time.monotonic()
    b.expect(["size"])
    assert time.monotonic() - begun < 20


@case
def changed_while_read(b):
    os.makedirs(b.tree)
    with open(b.path("log"), "wb") as f:
        f.truncate(64 << 20)
    b.sealed()
    stop = threading.Event()

    def write():
        with open(b.path("log"), "r+b") as f:
            while not stop.is_set():
                f.seek(0)
                f.write(b"x")
                f.flush()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        b.expect(["changed-while-read"])
    finally:
        stop.set()
        writer.join()


def read_twice(b, program, second, hold):
    """What PROGRAM says when its manifest becomes SECOND between the two times that it is read, HOLD seconds apart."""
    manifest, trace = os.path.join(b.seal, "manifest"), os.path.join(b.folder, "trace")
    with open(manifest, "rb") as f:
        first = f.read()
    sealworld.write(trace, b"")
    done = subprocess.Popen(["strace", "-f", "-qq", "-o", trace, "-P", manifest, "-e", "trace=read,pread64", "-e",
                             f"inject=pread64:delay_enter={int(hold * 1e6)}:when=1", *program, "--threads=1", "--json", *b.words()],
                            stdout=subprocess.PIPE, env={"PATH": "/usr/bin:/bin", "ASAN_OPTIONS": "detect_leaks=0"})
    until = time.monotonic() + 60
    while time.monotonic() < until and done.poll() is None:
        with open(trace, encoding="utf-8", errors="replace") as f:
            if re.search(r"read\(.*\)\s+= 0$", f.read(), re.M):
                break
        time.sleep(0.01)
    sealworld.write(manifest, second)
    said = json.loads(done.communicate(timeout=60)[0])
    sealworld.write(manifest, first)
    return said


@case
def another_list_between_its_readings(b):
    """Each byte that is used of a list is one that was signed, of a tree and of a file by itself."""
    needs("strace")
    for lone in (False, True):
        if lone:
            sealworld.write(b.tree, b"the good one\n")
        else:
            b.make_tree()
        b.sealed()
        if lone:
            sealworld.write(b.tree, b"an evil one!\n")
        else:
            sealworld.write(b.path("data"), b"evil")
        evil = sealworld.manifest(b.tree)
        for program in PROGRAMS:
            assert_equal(b.run(program, *b.words())[0], 1)
            for second in (evil, evil + evil[evil.index(b"\n") + 1:], evil[:-1], b""):
                # A machine that has much else to do may come too late with the second one.
                for hold in (0.7, 4, 20):
                    said = read_twice(b, program, second, hold)
                    if "changed-while-read" in said[0]["codes"]:
                        break
                else:
                    raise Wrong(f"{program[0]} with {second!r}: {said}")
                assert_equal(said[0]["code"], "not-intact")
        shutil.rmtree(b.tree, ignore_errors=True)


@case
def unreadable(b):
    needs_root()
    needs("setpriv")
    b.make_tree()
    os.chmod(b.path("data"), 0o600)
    os.chmod(b.path("bin", "plugins"), 0o700)
    b.sealed().expect([])
    programs = for_nobody(b)
    b.expect(["unreadable"], 3, before=as_nobody(), programs=programs)
    os.chmod(b.path("cache"), 0o700)
    b.sealed()
    b.expect(["unreadable"], 3, before=as_nobody(), programs=programs)
    sealworld.write(b.path("bin.conf"), b"a = 2\n")
    b.expect(["unreadable", "changed"], 1, before=as_nobody(), programs=programs)


@case
def nothing_checked(b):
    os.makedirs(b.tree)
    b.sealed().expect(["nothing-checked"], 3)
    os.makedirs(b.path("only", "folders"))
    b.sealed().expect(["nothing-checked"], 3)
