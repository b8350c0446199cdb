# SPDX-License-Identifier: Apache-2.0
"""Cases of tests/suites/verify: what machines remember, and where operators run it."""
import base64
import json
import os
import re
import subprocess

import sealworld
from sealworld import BEFORE
from verifycases import PROGRAMS, Skip, Wrong, as_nobody, assert_equal, case, for_nobody, needs, needs_root


# ---- what a machine remembers ----

@case
def update_raises_no_alarm(b):
    b.installed()
    b.with_state([], root=False)
    sealworld.write(b.path("bin.conf"), b"a = 2\n")
    b.with_state(["size", "changed"][1:], root=False)
    b.sealed(number=8, counter=2)
    said = b.with_state([], root=False)
    assert_equal((said[0]["root-from"], said[0]["remembered"]), ("state", True))
    assert_equal((b.floor()["number"], b.floor()["counter"], b.floor()["product"]), (8, 2, "pump"))
    b.sealed(number=7)
    b.with_state(["lower-version"], root=False)


@case
def lower_version(b):
    b.installed(7)
    b.sealed(number=6)
    b.with_state(["lower-version"], "--install")
    b.with_state(["lower-version"])


@case
def lower_counter(b):
    b.installed(7, counter=5)
    b.sealed(number=8, counter=4)
    b.with_state(["lower-counter"], "--install")


@case
def same_number(b):
    b.installed(7)
    sealworld.write(b.path("bin.conf"), b"a = 2\n")
    b.sealed(number=7)
    b.with_state(["same-number"], root=False)


@case
def authority_older(b):
    b.world.authority = b.world.sign(b.world.targets(2), ["anna", "carl"])
    b.installed(7)
    b.world.authority = b.world.sign(b.world.targets(1), ["anna", "carl"])
    b.sealed(number=8)
    b.with_state(["authority-older"], root=False)


@case
def clock_set_back(b):
    b.installed(7)
    b.alter_floor((rb'"seen":\d+', b'"seen":4000000000'))
    b.with_state(["clock-set-back"], root=False)


def digests_of(b, *more):
    return b.with_state([], *more, root=False)[0]["digests"]


@case
def sha256_alone(b):
    """Once both digests of a list of files were compared here, one of them is: what was altered is found all the same."""
    b.make_tree()
    sealworld.write(b.path("large"), bytes(range(256)) * 4096)
    b.installed(7)
    assert_equal(b.floor()["digests-agree"], b.with_state([], root=False)[0]["manifest"])
    path = os.path.join(b.folder, "receipt.json")
    assert_equal(digests_of(b, f"--receipt={path}"), "sha256")
    with open(path, encoding="utf-8") as f:
        assert_equal(json.load(f)["digests"], "sha256")
    for name in ("bin.conf", "data", "large"):
        with open(b.path(name), "rb") as f:
            kept = f.read()
        for data, code in ((kept[:-1] + bytes([kept[-1] ^ 1]), "changed"), (bytes([kept[0] ^ 1]) + kept[1:], "changed"), (kept + b"x", "size"),
                           (kept[:-1], "size"), (b"", "size")):
            sealworld.write(b.path(name), data)
            b.with_state([code], root=False)
        sealworld.write(b.path(name), kept)
    assert_equal(digests_of(b), "sha256")
    assert_equal(b.expect([])[0]["digests"], "both")


@case
def memory_of_the_delivery(b):
    """A state folder that came along: it names the maker's first root, and remembers a newer one of the attacker's."""
    evil = sealworld.World("x")
    evil.roots = [evil.sign(evil.root(5), ["anna", "bea"])]
    b.installed(7)
    evil.seal(b.tree, b.seal, number=8)
    os.unlink(os.path.join(b.seal, "1.root.json"))
    sealworld.write(os.path.join(b.seal, "1.root.json"), sealworld.canonical(b.world.roots[0]))
    root = base64.b64encode(sealworld.canonical(evil.roots[0]))
    b.alter_floor((rb'"root":"[^"]*"', b'"root":"' + root + b'"'))
    b.with_state(["root-chain"], "--install")
    b.with_state(["root-chain"])


@case
def state_of_the_version_before(b):
    """It had no word of digests: it is read, compared in full once, and written anew."""
    b.installed(7)
    as_before = ((rb'state":2', b'state":1'), (rb'"digests-agree":"[0-9a-f]*",', b""))
    b.alter_floor(*as_before)
    assert_equal((digests_of(b), digests_of(b)), ("both", "sha256"))
    b.sealed(number=6)
    b.alter_floor(*as_before)
    b.with_state(["lower-version"], root=False)


@case
def both_digests_of_another_list(b):
    """What was compared says nothing of a newer release's list, nor of an older one's."""
    b.installed(7)
    sealworld.write(b.path("bin.conf"), b"a = 2\n")
    b.sealed(number=8)
    assert_equal((digests_of(b), digests_of(b)), ("both", "sha256"))
    with open(b.path("etc"), "rb") as f:
        digest = sealworld.verity(f.read())
    listing = sealworld.manifest(b.tree).replace(digest.encode(), b"0" * 64)
    b.sealed(number=9, listing=listing)
    b.with_state(["digests-disagree"], root=False)
    b.with_state(["digests-disagree"], "--install", root=False)
    assert_equal(b.floor()["number"], 8)


@case
def nothing_agrees_that_was_not_intact(b):
    """A state folder without a word of it, as before an installation that failed."""
    b.make_tree()
    os.mkdir(b.state)
    listing = sealworld.manifest(b.tree).replace(sealworld.verity(b"").encode(), b"0" * 64)
    b.sealed(listing=listing)
    b.with_state(["digests-disagree"], "--install")
    assert_equal(os.listdir(b.state), [])
    b.sealed()
    b.with_state([], "--install")
    b.alter_floor((rb'"digests-agree":"[0-9a-f]+"', b'"digests-agree":""'))
    assert_equal((digests_of(b), digests_of(b)), ("both", "sha256"))


def roll_back(b, **how):
    """A machine with release 8, and the older release 7 with an authorisation to go back to it."""
    os.mkdir(b.state)
    older = b.sealed(number=7).payload
    b.sealed(number=8)
    b.with_state([], "--install")
    b.sealed(number=7)
    assert_equal(older, b.payload)
    write_rollback(b, b.world.rollback(older, 8, **how))


def write_rollback(b, made):
    b.spoil("rollback.json", json.dumps(made).encode())


@case
def rollback(b):
    roll_back(b)
    b.with_state(["lower-version"], root=False)
    said = b.with_state([], "--install", root=False)
    assert_equal((said[0]["rolled-back"], b.floor()["number"], len(b.floor()["rollbacks"])), (True, 7, 1))
    assert_equal([n[:-5] for n in os.listdir(os.path.join(b.state, "rollbacks"))], b.floor()["rollbacks"])
    b.with_state([], root=False)
    with open(os.path.join(b.seal, "rollback.json"), "rb") as f:
        kept = f.read()
    b.sealed(number=8)
    os.unlink(os.path.join(b.seal, "rollback.json"))
    b.with_state([], "--install", root=False)
    b.sealed(number=7)
    named = os.path.join(b.folder, "allowed.json")
    sealworld.write(named, kept)
    b.with_state(["rollback-used"], "--install", f"--rollback={named}", root=False)
    assert_equal(b.floor()["number"], 8)


@case
def rollback_other(b):
    roll_back(b, to=6)
    b.with_state(["rollback-other"], "--install", root=False)


@case
def rollback_expired(b):
    roll_back(b, expires=BEFORE)
    b.with_state(["rollback-expired"], "--install", root=False)


@case
def rollback_by_one(b):
    roll_back(b, by=["anna"])
    b.with_state(["too-few-keys"], "--install", root=False)


@case
def rollback_of_a_changed_tree(b):
    """Nothing is lowered when the older release isn't intact."""
    roll_back(b)
    os.unlink(b.path("data"))
    b.with_state(["missing"], "--install", root=False)
    assert_equal((b.floor()["number"], os.listdir(b.state)), (8, ["floor.json"]))


@case
def damaged_state(b):
    b.installed(7)
    path = os.path.join(b.state, "floor.json")
    with open(path, "rb") as f:
        kept = f.read()
    for data in (b"", kept[:-1], kept[:-2] + b"\n", kept.replace(b'"number":7', b'"number":07'), kept.replace(b'"number":7', b'"number":-7'),
                 kept + b"\n", kept.replace(b'"number":7', b'"number":99999999999999999999'), kept.replace(b'"pump"', b'""'),
                 kept.replace(b'"root":"', b'"root":"!'), b"{}\n", kept.replace(b'"counter":1,', b''),
                 re.sub(rb'"digests-agree":"[0-9a-f]*"', b'"digests-agree":"00"', kept), re.sub(rb'"digests-agree":"[0-9a-f]*",', b"", kept)):
        sealworld.write(path, data)
        b.refuse(2, [f"--state={b.state}", b.tree], "damaged", programs=PROGRAMS[1:2])
    sealworld.write(path, kept.replace(b'state":2', b'state":3'))
    b.refuse(2, [f"--state={b.state}", b.tree], "later version")
    os.unlink(path)
    os.symlink("/etc/passwd", path)
    b.refuse(3, [f"--state={b.state}", b.tree], "link")


@case
def state_of_others(b):
    b.installed(7)
    os.chmod(b.state, 0o777)
    b.refuse(1, [f"--state={b.state}", b.tree], "could have been changed by others")
    os.chmod(b.state, 0o755)
    os.chmod(os.path.join(b.state, "floor.json"), 0o664)
    b.refuse(1, [f"--state={b.state}", b.tree], "could have been changed by others")


@case
def state_of_another_root(b):
    b.installed(7)
    b.refuse(2, [f"--state={b.state}", f"--root={'0' * 64}", b.tree], "this machine trusts the root")


@case
def two_at_once(b):
    needs("flock")
    b.installed(7)
    b.refuse(3, [f"--state={b.state}", b.tree], "another verification is at it", before=["flock", b.state])


@case
def state_that_cannot_be_written(b):
    needs_root()
    needs("setpriv")
    b.installed(7)
    programs = for_nobody(b)
    said = b.expect([], words=[f"--state={b.state}", b.tree], before=as_nobody(), programs=programs)
    assert_equal(said[0]["remembered"], False)
    b.refuse(3, [f"--state={b.state}", "--install", b.tree], "can't be used", before=as_nobody(), programs=programs)


@case
def words_that_make_no_sense(b):
    b.sealed()
    fingerprint = b.world.fingerprint()
    for words, told in (([b.tree], "nobody to trust"), (["--root=ab", b.tree], "no fingerprint"),
                        ([f"--root={fingerprint.upper()}", b.tree], "no fingerprint"),
                        ([f"--root={fingerprint}", "--install", b.tree], "remembered somewhere"),
                        ([f"--root={fingerprint}"], ""), ([f"--root={fingerprint}", b.tree, b.tree], ""),
                        ([f"--root={fingerprint}", "--nonsense", b.tree], ""), ([f"--root={fingerprint}", "/nowhere/at/all"], "can't look at"),
                        ([f"--root={fingerprint}", "--site=x", b.tree], "no receipt"),
                        ([f"--root={fingerprint}", "--receipt=r", "--site=\x07", b.tree], "can't stand in a receipt"),
                        ([f"--root={fingerprint}", "--threads=x", b.tree], "")):
        b.refuse(2, words, told)
    os.mkdir(b.state)
    b.refuse(2, [f"--state={b.state}", b.tree], "trusts nobody")


# ---- where operators run it ----

@case
def without_a_network_in_an_empty_folder_as_another_user(b):
    needs_root()
    needs("unshare", "setpriv")
    empty = os.path.join(b.folder, "empty")
    os.mkdir(empty)
    programs = for_nobody(b, PROGRAMS[1:])
    b.sealed().expect([], before=["unshare", "-n", *as_nobody()], programs=programs, cwd=empty)
    assert_equal(os.listdir(empty), [])


@case
def other_time_zones_and_languages(b):
    b.sealed(expires=BEFORE)
    for env in ({"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"}, {"TZ": ":/etc/passwd", "LC_ALL": "C"}, {"TZ": "", "LANG": "ja_JP"}):
        b.expect([], env=env)


@case
def one_thread_and_many(b):
    b.sealed()
    os.unlink(b.path("data"))
    for threads in ("1", "2", "7"):
        b.expect(["missing"], words=[f"--threads={threads}", *b.words()])


@case
def static(b):
    """The program needs no other file, and says so by itself."""
    for program in PROGRAMS[1:]:
        said = subprocess.run(["readelf", "-d", "-l", program[0]], capture_output=True, text=True, check=True).stdout
        if "asan" in said:
            raise Skip("a build with sanitizers is not static")
        if "NEEDED" in said or "INTERP" in said:
            raise Wrong(f"{program[0]} needs others")
    if os.path.getsize(PROGRAMS[1][0]) > 6 << 20:
        raise Wrong("assay-verify is larger than 6 MB")
