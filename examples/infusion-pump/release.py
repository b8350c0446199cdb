# SPDX-License-Identifier: Apache-2.0
"""Releases of the pump, step by step: built, sealed by two people with their tokens, attacked, verified as an operator would, installed by
the pump's own updater, and taken back. folder: what make-repository made; each step hands back what was run, its exit status and words."""
import collections
import datetime
import hashlib
import json
import os
import shutil
import subprocess
from authority import Authority, root_of, run

HERE = os.path.dirname(os.path.abspath(__file__))
PRODUCT = "pump"
RELEASES = (("1.2.0", 1), ("1.2.1", 2))
SEALS, SIGNS = "carol", "alice"
CONTROLS = ("seal.complete", "seal.signed", "seal.traced", "seal.operator", "seal.drill", "seal.rollback", "seal.at-rest")
SITE = "reference pump"
SLOTS = ("slot-b", "slot-a")  # into which the pump takes them, one after the other
CONFIG = "data/pump.conf"
ROLLBACK_DAYS = 30
TOTAL = ("NO ", "1", "the product")
WALLED = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "true"]
FOLLOWED = "instructions-never-followed"  # the gap that stays where no machine can be made to follow them on
NOWHERE = ["unshare", "--map-root-user", "--net", "--"]


# What the story tells: something that was run, and how it has to come out; what a check found, and whether the gaps of that step have to be
# among it; what a check has to pass. but: gaps and controls of which this machine can't show it.
Told = collections.namedtuple("Told", "what said status holds shows")
Held = collections.namedtuple("Held", "step controls found but", defaults=((),))
Passed = collections.namedtuple("Passed", "controls but", defaults=((),))


class Said:
    """A command and what came of it."""

    def __init__(self, words, status, text):
        self.words, self.status, self.text = words, status, text

    def lines(self, *starts):
        """Those of its lines that begin so."""
        return [line for line in self.text.split("\n") if line.startswith(starts)]


def tried(words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    return Said(words, done.returncode, done.stdout.decode("utf-8", "replace"))


def has_no_network():
    """Whether this machine lets anybody take the network away."""
    return tried([*NOWHERE, "true"]).status == 0


def can_be_walled():
    """Whether a machine without anything of ours can be made here."""
    return shutil.which("bwrap") is not None and tried(WALLED).status == 0


class Releases:
    def __init__(self, folder, build, pump):
        """build: of assay; pump: where the pump was built."""
        self.folder, self.build, self.pump = os.path.abspath(folder), os.path.abspath(build), pump
        self.repository = os.path.join(self.folder, "repository")
        self.assay, self.verifier = (os.path.join(self.build, name) for name in ("assay", "assay-verify"))
        self.updater = os.path.join(self.build, "examples", "updater", "updater")
        self.careless = self.updater + "-careless"
        self.root = root_of(self.folder)
        self.records = self.made("records")
        self.device = self.made("device")
        self.authority = Authority(self.folder, self.assay)

    def __enter__(self):
        self.authority.__enter__()
        return self

    def __exit__(self, *_):
        self.authority.__exit__()

    def made(self, *names):
        path = os.path.join(self.folder, *names)
        os.makedirs(path, exist_ok=True)
        return path

    def tree(self, at):
        return os.path.join(self.folder, "releases", RELEASES[at][0], PRODUCT)

    def seal_of(self, at):
        return self.tree(at) + ".seal"

    def head(self):
        return run(["git", "-C", self.repository, "rev-parse", "HEAD"]).strip()

    # ---- making it

    def build_tree(self, at):
        """What is given out: program, configuration, library, and the verifier for whoever gets it."""
        files = ((os.path.join(self.pump, "pump"), "bin/pump", 0o755), (os.path.join(self.repository, CONFIG), "etc/pump.conf", 0o644),
                 (os.path.join(self.repository, "data", "drugs.lib"), "share/drugs.lib", 0o644), (self.verifier, "assay-verify", 0o755))
        for source, name, mode in files:
            target = os.path.join(self.tree(at), name)
            os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
            shutil.copyfile(source, target)
            os.chmod(target, mode)
        os.symlink("../share/drugs.lib", os.path.join(self.tree(at), "etc", "drugs.lib"))

    def provenance(self, at):
        """What the build says that it made of what."""
        with open(os.path.join(self.tree(at), "bin", "pump"), "rb") as f:
            subject = {"name": "bin/pump", "digest": {"sha256": hashlib.sha256(f.read()).hexdigest()}}
        source = {"uri": "git+https://git.pump.example/pump", "digest": {"gitCommit": self.head()}}
        with open(self.verifier, "rb") as f:
            verifier = {"uri": "https://assay.example/assay-verify", "digest": {"sha256": hashlib.sha256(f.read()).hexdigest()}}
        statement = {"_type": "https://in-toto.io/Statement/v1", "subject": [subject], "predicateType": "https://slsa.dev/provenance/v1",
                     "predicate": {"buildDefinition": {"buildType": "https://build.pump.example/cmake", "externalParameters": {},
                                                       "resolvedDependencies": [source, verifier]},
                                   "runDetails": {"builder": {"id": "https://build.pump.example/host"}}}}
        path = os.path.join(self.folder, f"provenance-{RELEASES[at][0]}.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(statement, f)
        return path

    def instructions(self, at):
        """The operator's page, with what only the release engineer can fill in."""
        with open(os.path.join(self.repository, "docs", "verify.md"), encoding="utf-8") as f:
            page = f.read()
        with open(os.path.join(self.tree(at), "assay-verify"), "rb") as f:
            page = page.replace("@DIGEST@", hashlib.sha256(f.read()).hexdigest()).replace("@ROOT@", self.root)
        path = os.path.join(self.folder, f"instructions-{RELEASES[at][0]}.md")
        with open(path, "w", encoding="utf-8") as f:
            f.write(page)
        return path

    def with_token(self, who, *words):
        tokens = self.authority.tokens
        return tried([self.assay, *words, *tokens.signing(who)], env=tokens.env)

    def seal(self, at):
        """The first of the two."""
        version, number = RELEASES[at]
        before = ["--previous", self.seal_of(at - 1)] if at > 0 else ["--number", str(number), "--counter", "1"]
        return self.with_token(SEALS, "seal", self.tree(at), "--product", PRODUCT, "--version", version, *before, "--repo", self.repository,
                               "--root", self.root, "--provenance", self.provenance(at), "--instructions",
                               self.instructions(at))

    def cosign(self, at):
        """The second one, who has the tree and knows what was agreed on."""
        return self.with_token(SIGNS, "seal", "--add-signature", self.seal_of(at), self.tree(at), "--repo", self.repository, "--root", self.root,
                               "--yes", "--version", RELEASES[at][0], "--commit", self.head())

    def go_on(self):
        """What the second release is for."""
        path = os.path.join(self.repository, CONFIG)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("silence-s = 120", "silence-s = 90"))
        run([os.path.join(HERE, "make-repository"), self.folder, "--commit", "bob", "Mute alarms for a shorter time", "data"])

    # ---- holding it against its seal

    def check(self, out, *at):
        """As the maker: the newest release first."""
        releases = [word for i in at for word in ("--release", f"{self.seal_of(i)}={self.tree(i)}")]
        required = [word for control in CONTROLS for word in ("--require", control)]
        tried([self.assay, "check", self.repository, "--root", self.root, "--out", out, "--quiet", *required, *releases,
               "--release-records", self.records])
        with open(os.path.join(out, "report.json"), encoding="utf-8") as f:
            return {c["id"]: c for c in json.load(f)["controls"]}

    def delivered(self, at, name):
        """A copy of tree and seal, as on a stick."""
        folder = os.path.join(self.folder, name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.tree(at), os.path.join(folder, PRODUCT), symlinks=True)
        shutil.copytree(self.seal_of(at), os.path.join(folder, PRODUCT + ".seal"))
        shutil.copy(self.verifier, folder)
        return folder

    def verify(self, stick):
        """As the operator: nothing but the stick and the fingerprint on paper; no network where this machine lets it be taken away."""
        words = ["./assay-verify", "--root", self.root, "--product", PRODUCT, PRODUCT]
        said = tried([*(NOWHERE if has_no_network() else ()), *words], cwd=stick, env={})
        return Said(words, said.status, said.text)

    def update(self, stick):
        """As the device."""
        paper = os.path.join(self.folder, "root")
        return tried([self.updater, os.path.join(stick, "pump.seal"), os.path.join(stick, "pump"), paper, self.device], env={})

    def drill(self, at, *options):
        """Attacks on copies."""
        return tried([self.assay, "drill", "--root", self.root, *options, self.seal_of(at), self.tree(at)])

    def follow(self, at):
        """The operator's page, typed as it is written, on a machine that has nothing of ours."""
        return self.drill(at, "--operator", "--out", os.path.join(self.records, "operator.json"))

    def receipt(self, at):
        """The maker's own installed system, with the key of whoever looks after it: what runs there is what was copied into the slot."""
        words = ("verify", "--root", self.root, "--seal", self.seal_of(at), "--site", SITE, "--receipt",
                 os.path.join(self.records, "reference.json"), os.path.join(self.device, SLOTS[at]))
        return tried([self.assay, *words, "--sign", "agent"], env={**os.environ, "SSH_AUTH_SOCK": self.authority.sockets[SEALS]})

    # ---- going back

    def allow_back(self, until):
        """From the newer one to the older."""
        return self.with_token(SEALS, "seal", "--rollback-to", self.seal_of(0), "--from", self.seal_of(1), "--repo", self.repository, "--root",
                               self.root, "--reason", "alarms come back too soon on one ward", "--expires", until)

    def allow_back_too(self):
        return self.with_token(SIGNS, "seal", "--add-signature", self.seal_of(0), "--root", self.root, "--yes", "--version", RELEASES[0][0],
                               "--commit", self.commit_of(0))

    def commit_of(self, at):
        with open(os.path.join(self.seal_of(at), "release.json"), encoding="utf-8") as f:
            return json.load(f)["signed"]["targets"]["release/manifest"]["custom"]["commit"]

    # ---- gaps

    def plant(self):
        """What is wrong when the second release is given out: what wasn't done is wrong already."""
        service = os.path.join(self.tree(1), "bin", "service")
        with open(service, "w", encoding="ascii") as f:
            f.write("#!/bin/sh\nexec sh -i\n")
        os.chmod(service, 0o755)
        kept = os.path.join(self.tree(0), "etc", "pump.conf")
        shutil.copyfile(kept, os.path.join(self.folder, "archive"))
        with open(kept, "a", encoding="utf-8") as f:
            f.write("\n")

    def mend(self):
        os.remove(os.path.join(self.tree(1), "bin", "service"))
        shutil.copyfile(os.path.join(self.folder, "archive"), os.path.join(self.tree(0), "etc", "pump.conf"))


# ---- the story

def sealed(r, out):
    yield "A release: sealed by two people, each with the key in their own token"
    r.build_tree(0)
    yield Told("Carol has built it, and seals it", r.seal(0), 0, "draft: 1 of 2 people", ("tree", "signed", "state"))
    yield Held("draft", r.check(out, 0), True)
    yield Told("Nobody takes it so: this is what an operator would see", r.verify(r.delivered(0, "stick")), 1, "too-few-keys", ("NOT", "  too", "what"))
    yield Told("Alice has the tree too: it is hashed again, compared, and signed", r.cosign(0), 0, "complete: 2 of 2 people", ("commit", "signed", "state"))
    yield Held("draft", r.check(out, 0), False)


def delivered(r):
    yield "On a stick: an operator, who has no network, and the pump's own updater"
    stick = r.delivered(0, "stick")
    yield Told("The operator has the stick, and on paper the fingerprint", r.verify(stick), 0, "intact: pump 1.2.0", ("intact", "freshness"))
    yield Told("The pump takes it into the slot that isn't in use", r.update(stick), 0, "taken: pump 1.2.0", ("taken",))
    with open(os.path.join(stick, "pump", "etc", "pump.conf"), "r+b") as f:
        f.write(b"; ")
    yield Told("Two bytes of the configuration on the stick are altered", r.verify(stick), 1, "changed ", ("NOT", "  changed", "what"))
    yield Told("The pump refuses it as well", r.update(stick), 1, "refused: changed", ("refused",))


def given_out(r, out):
    yield "The next release: given out in a hurry, and what a check finds of it"
    r.go_on()
    r.build_tree(1)
    yield Told("Carol seals it", r.seal(1), 0, "draft: 1 of 2 people", ("state",))
    yield Told("Alice signs it", r.cosign(1), 0, "complete: 2 of 2 people", ("state",))
    r.plant()
    yield Held("given-out", r.check(out, 1, 0), True)
    r.mend()
    yield Told("Copies of it are attacked, and each is given to our verifiers and to the pump's own updater",
               r.drill(1, "--target", r.updater, "--out", os.path.join(r.records, "drill.json")), 0, "TOOK 0", TOTAL)
    yield Told("An updater that forgets what it had would be found out", r.drill(1, "--target", r.careless), 1, "TOOK 'world-older'", ("it TOOK",))
    walled = can_be_walled()
    if walled:
        yield Told("The operator's page is typed as it is written, on a stick that is sound and on one that isn't", r.follow(1), 0,
                   "NOT intact: pump 1.2.1", ("==", "intact", "NOT"))
    yield Told("The reference pump takes it", r.update(r.delivered(1, "stick")), 0, "taken: pump 1.2.1", ("taken",))
    yield Told("What runs there is held against the seal, and Carol signs the receipt", r.receipt(1), 0, "intact: pump 1.2.1", ("intact",))
    controls = r.check(out, 1, 0)
    yield Held("given-out", controls, False, () if walled else (FOLLOWED,))
    yield Passed(controls, () if walled else ("seal.operator",))


def gone_back(r):
    yield "Back to the release before, which has to be allowed"
    yield Told("An older release is refused", r.update(r.delivered(0, "stick")), 1, "refused: lower-version", ("refused",))
    until = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(ROLLBACK_DAYS)
    yield Told("Carol allows it, for a reason and some days", r.allow_back(until.isoformat()), 0, "draft: 1 of 2 people", ("lets", "reason", "state"))
    yield Told("One is not enough", r.update(r.delivered(0, "stick")), 1, "refused: too-few-keys", ("refused",))
    yield Told("Alice allows it too", r.allow_back_too(), 0, "complete: 2 of 2 people", ("signed", "state"))
    older = r.delivered(0, "stick")
    yield Told("Now the pump takes it", r.update(older), 0, "taken: pump 1.2.0", ("taken",))
    yield Told("It goes forward again", r.update(r.delivered(1, "newer")), 0, "taken: pump 1.2.1", ("taken",))
    yield Told("What was allowed once isn't allowed twice", r.update(older), 1, "refused: rollback-used", ("refused",))


def told(folder, build, pump, out):
    """All of it: titles as text, and what is named above."""
    with Releases(folder, build, pump) as r:
        for part in (sealed(r, out), delivered(r), given_out(r, out), gone_back(r)):
            yield from part
