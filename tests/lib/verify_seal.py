# SPDX-License-Identifier: Apache-2.0
"""Cases of tests/suites/verify: seals that somebody altered, took away or made anew."""
import json
import os

import sealworld
from sealworld import BEFORE, World
from verifycases import PROGRAMS, assert_equal, case


# ---- the seal ----

@case
def no_seal(b):
    b.make_tree()
    b.expect(["no-seal"])
    b.sealed()
    for name in ("1.root.json", "targets.json", "release.json", "manifest", "sbom.cdx.json"):
        os.rename(os.path.join(b.seal, name), os.path.join(b.folder, "away"))
        b.expect(["no-seal"])
        os.rename(os.path.join(b.folder, "away"), os.path.join(b.seal, name))
    b.expect(["no-seal"], words=["--seal=/nowhere/at/all", *b.words()])


@case
def bad_metadata(b):
    b.sealed()
    for name in ("1.root.json", "targets.json", "release.json"):
        with open(os.path.join(b.seal, name), "rb") as f:
            kept = f.read()
        for data in (b"", b"{}", b"[" * 100000, kept[:-3], kept + b"x", bytes(70 << 10), b"\xff" + kept):
            b.spoil(name, data)
            b.expect(["bad-metadata"], programs=PROGRAMS[1:2])
        os.unlink(os.path.join(b.seal, name))
        os.symlink("/etc/passwd", os.path.join(b.seal, name))
        b.expect(["bad-metadata"])
        os.unlink(os.path.join(b.seal, name))
        b.spoil(name, kept)
    b.expect([])


@case
def foreign_root(b):
    """The whole delivery swapped for a consistent one of somebody else."""
    trusted = b.world.fingerprint()
    b.world = World(".other")
    b.sealed().expect([])
    b.expect(["foreign-root"], words=[f"--root={trusted}", b.tree])


@case
def foreign_root_on_a_machine(b):
    b.installed()
    b.world = World(".other")
    b.sealed(number=8)
    b.with_state(["foreign-root"], root=False)


@case
def root_chain(b):
    b.sealed().expect([])
    b.world.rotate()
    b.world.rotate(signers=["anna"])
    b.sealed().expect(["root-chain"])
    b.world.roots[2] = b.world.sign(b.world.root(4), ["anna", "bea"])
    b.sealed().expect(["root-chain"])
    b.world.roots[2] = b.world.sign(b.world.root(3), ["anna", "bea"])
    b.sealed().expect([])


@case
def root_fork(b):
    """Another root under the number of the one that this machine trusts."""
    b.world.rotate()
    b.installed()
    b.world.roots[1] = b.world.sign(b.world.root(2, threshold=1), ["anna", "bea"])
    b.sealed()
    b.with_state(["root-chain"], root=False)


@case
def slept_for_years(b):
    """A chain of roots, all of whose holders changed meanwhile."""
    b.installed()
    b.world.rotate(["anna", "bea", "dora"])
    b.world.rotate(["dora", "eve", "bea"], ["anna", "bea", "dora", "eve"])
    b.world.rotate(["dora", "eve"], ["dora", "eve", "bea"])
    b.world.authority = b.world.sign(b.world.targets(2, ["eve", "dora"]), ["dora", "eve"])
    b.sealed(number=8, by=["eve", "dora"])
    b.with_state([], root=False)
    assert_equal(b.floor()["root-version"], 4)


@case
def no_authority(b):
    b.world.authority = b.world.sign(b.world.targets(1), ["anna"])
    b.sealed().expect(["no-authority"])
    b.world.authority = b.world.sign(b.world.targets(1), ["anna", "eve"])
    b.sealed().expect(["no-authority"])


@case
def unsigned(b):
    b.sealed(by=[]).expect(["unsigned"])


@case
def bad_signature(b):
    b.sealed()

    def swap(release):
        signatures = release["signatures"]
        signatures[0]["sig"], signatures[1]["sig"] = signatures[1]["sig"], signatures[0]["sig"]
    b.spoil_json("release.json", swap)
    b.expect(["bad-signature"])
    b.sealed()
    b.spoil_json("release.json", lambda r: r["signed"].update(version=8))
    b.expect(["bad-signature"])


@case
def unknown_key(b):
    b.sealed(by=["anna", "carl"]).expect(["unknown-key"])


@case
def revoked_key(b):
    b.world.authority = b.world.sign(b.world.targets(2, ["anna", "bea"], revoked=["dora"]), ["anna", "carl"])
    b.sealed(by=["anna", "dora"]).expect(["revoked-key"])


@case
def same_person(b):
    b.sealed(by=["anna", "anna 2"]).expect(["same-person"])


@case
def too_few_keys(b):
    b.sealed(by=["anna"]).expect(["too-few-keys"])
    b.sealed()
    b.spoil_json("release.json", lambda r: r["signatures"].append(r["signatures"].pop(0)))
    b.expect([])


@case
def expired(b):
    b.sealed(expires=BEFORE)
    said = b.expect([])
    assert_equal((said[0]["expired"], said[0]["expires"]), (True, BEFORE))
    os.mkdir(b.state)
    b.with_state(["expired"], "--install")
    assert_equal(os.listdir(b.state), [])


@case
def wrong_product(b):
    b.sealed().expect(["wrong-product"], words=["--product=ventilator", *b.words()])
    b.expect([], words=["--product", "pump", *b.words()])


@case
def manifest_changed(b):
    b.sealed()
    with open(os.path.join(b.seal, "manifest"), "rb") as f:
        kept = f.read()
    for data in (b"", kept[:-1], kept + b"l zz x\n", kept.replace(b"0755", b"0777", 1), bytes(5 << 20)):
        b.spoil("manifest", data)
        b.expect(["manifest-changed"])
    os.unlink(os.path.join(b.seal, "manifest"))
    os.mkfifo(os.path.join(b.seal, "manifest"))
    b.expect(["manifest-changed"])


@case
def edited_and_signed_by_one(b):
    """The manifest edited, and signed again by one of two."""
    b.make_tree()
    sealworld.write(b.path("bin", "pump"), b"evil")
    b.sealed(by=["anna"]).expect(["too-few-keys"])


@case
def target_changed(b):
    b.sealed()
    b.spoil("sbom.cdx.json", b"{}")
    b.expect(["target-changed"])
    os.unlink(os.path.join(b.seal, "sbom.cdx.json"))
    os.symlink("manifest", os.path.join(b.seal, "sbom.cdx.json"))
    b.expect(["target-changed"])


@case
def bad_manifest(b):
    b.make_tree()
    good = sealworld.manifest(b.tree)
    lines = good.splitlines(keepends=True)
    digest = b"0" * 64
    for listing in (b"", b"assay-manifest 1", good[:-1], good + lines[-1], b"".join([lines[0], *reversed(lines[1:])]),
                    b"assay-manifest 2\n", good + b"l zz/../x y\n", good + b"l /zz y\n", good + b"l zz y\n\n", good.replace(b"\n", b"\r\n"),
                    lines[0] + b"f 0644 1 " + digest + b" " + digest + b" - a%00b\n", good + b"l z%61 y\n",
                    lines[0] + b"l " + b"a" * 300 + b" x\n", good + b"l zz " + b"y" * 40000 + b"\n"):
        b.sealed(listing=listing).expect(["bad-manifest"], programs=PROGRAMS[1:2])


@case
def seal_extra(b):
    b.sealed()
    for name in ("README", "provenance.json", "2.root.json.bak", "01.root.json", "7.root.json", ".hidden"):
        b.spoil(name, b"")
        said = b.expect(["seal-extra"])
        assert_equal(said[1]["path"], name)
        os.unlink(os.path.join(b.seal, name))
    os.mkdir(os.path.join(b.seal, "more"))
    b.expect(["seal-extra"])


@case
def rollback_that_nobody_signed(b):
    """What lies in the seal under that name is signed for this release, or it is a file too many, whether or not it would be used."""
    b.sealed()
    path = os.path.join(b.seal, "rollback.json")
    release = b.payload
    for words in (b"", b"{}", b"#!/bin/sh\n"):
        sealworld.write(path, words)
        assert_equal(b.expect(["seal-extra"])[1]["path"], "rollback.json")
    os.unlink(path)
    os.mkdir(path)
    b.expect(["seal-extra"])
    os.rmdir(path)
    os.symlink("/etc/passwd", path)
    b.expect(["seal-extra"])
    os.unlink(path)
    os.mkfifo(path)
    b.expect(["seal-extra"])
    os.unlink(path)
    for made in (b.world.rollback(release, 8, by=["anna"]), b.world.rollback(release, 8, to=6), b.world.rollback({**release, "expires": sealworld.BEFORE}, 8)):
        sealworld.write(path, json.dumps(made).encode())
        b.expect(["seal-extra"])
    sealworld.write(path, json.dumps(b.world.rollback(release, 8)).encode())
    b.expect([])


@case
def root_under_another_number(b):
    b.sealed()
    with open(os.path.join(b.seal, "1.root.json"), "rb") as f:
        root = f.read()
    b.spoil("2.root.json", root)
    b.expect(["root-chain"])
    os.unlink(os.path.join(b.seal, "2.root.json"))
    b.spoil("3.root.json", root)
    b.expect(["root-chain"])


@case
def seal_and_tree_are_both_told(b):
    b.sealed()
    b.spoil("README", b"")
    os.unlink(b.path("data"))
    said = b.expect(["seal-extra", "missing"])
    assert_equal([f["of"] for f in said[1:]], ["seal", "tree"])
