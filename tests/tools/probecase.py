# SPDX-License-Identifier: Apache-2.0
"""For tests/suites/probe-*: repositories of every kind, and what the probes see of them."""
import base64
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
import zlib

try:
    import jsonschema
except ImportError:
    print("probe: python3-jsonschema is missing; run scripts/setup")
    print("0 passed, 1 failed, 0 skipped")
    sys.exit(1)

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
DUMP = os.path.join(BUILD, "tests/tools/probe-dump")
with open("schemas/clone.json", encoding="utf-8") as schema_file:
    SCHEMA = json.load(schema_file)
NOBODY = 65534
CASES = []

ENV = {
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org", "GIT_COMMITTER_DATE": "1700000000 +0000",
}


class Skip(Exception):
    pass


def case(fn):
    CASES.append(fn)
    return fn


def git(repo, *args, data=None, check=True):
    done = subprocess.run(["git", "-c", "protocol.file.allow=always", "-c", "safe.directory=*", *args], cwd=repo, input=data,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV)
    if check and done.returncode != 0:
        raise AssertionError("git %s: %s" % (args, done.stderr.decode("utf-8", "replace")))
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def reachable(tool, top):
    """A copy of the tool that another user may start: the folder this project is in may be its owner's alone."""
    copy = os.path.join(top, os.path.basename(tool))
    if not os.path.exists(copy):
        shutil.copy(tool, copy)
        os.chmod(copy, 0o755)
    return copy


def dump(*args, user=None, top=None):
    def become():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    tool = reachable(DUMP, top) if user else DUMP
    done = subprocess.run([tool, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
                          preexec_fn=become if user else None, env={"PATH": "/nonexistent"})
    if done.returncode not in (0, 1):
        raise AssertionError("probe-dump %s ended with %d: %s" % (args[0], done.returncode, done.stderr.decode()[-2000:]))
    got = json.loads(done.stdout)
    if "refs" in got:
        got["refs"] = {plain(name): value for name, value in got["refs"]}
    return got


def plain(text):
    """What JSON holds as base64 because it isn't UTF-8."""
    return text if isinstance(text, str) else base64.b64decode(text["base64"]).decode("utf-8", "surrogateescape")


class Seen:
    """What a run of the probes left behind."""

    def __init__(self, path, top, user=None):
        out = tempfile.mkdtemp(dir=top)
        os.chmod(out, 0o777)
        self.run = dump("run", path, out, user=user, top=top)
        self.members = {}
        for name in os.listdir(out):
            with open(os.path.join(out, name), "rb") as f:
                self.members[name] = f.read()
        self.clone = json.loads(self.members["clone.json"]) if "clone.json" in self.members else None
        if self.clone is not None:
            jsonschema.validate(self.clone, SCHEMA)
        self.history = self.run.get("git-history")
        self.about_clone = self.run.get("git-clone")

    def ids(self):
        """Of the objects member, each hashed again here."""
        found, raw, at = [], self.members["objects"], 0
        algo = hashlib.sha1 if self.members["format"] == b"sha1\n" else hashlib.sha256
        while at < len(raw):
            end = raw.index(b"\n", at)
            name, kind, size = raw[at:end].split(b" ")
            body = raw[end + 1:end + 1 + int(size)]
            assert algo(kind + b" " + size + b"\0" + body).hexdigest().encode() == name, "an id in git/objects is not its bytes'"
            assert raw[end + 1 + int(size):end + 2 + int(size)] == b"\n"
            found.append(name.decode())
            at = end + 2 + int(size)
        assert found == sorted(found), "git/objects is not sorted"
        return found

    def lines(self, name):
        return self.members[name].decode("utf-8", "surrogateescape").splitlines()


def make(top, name="r", commits=3, *options):
    repo = os.path.join(top, name)
    git(top, "init", "-q", "-b", "main", *options, repo)
    for i in range(commits):
        commit(repo, "f%d" % i, "content %d\n" % i)
    return repo


def commit(repo, name, text):
    path = os.path.join(repo, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", name)
    return git(repo, "rev-parse", "HEAD")


def write(path, text, mode=None):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    if mode is not None:
        os.chmod(path, mode)


def loose(repo, name):
    return os.path.join(repo, ".git/objects", name[:2], name[2:])


def put_loose(repo, kind, body, name=None):
    """An object, under another id than its own when name is given."""
    raw = b"%s %d\0" % (kind.encode(), len(body)) + body
    name = name or hashlib.sha1(raw).hexdigest()
    write(loose(repo, name), zlib.compress(raw))
    return name


def expect_error(got, status, *words):
    assert got.get("error") == status, "expected the error '%s', got %r" % (status, got)
    for word in words:
        assert word in got["what"] + got["file"] + got["todo"], "%r is not in %r" % (word, got)


def expect_whole(seen, commits):
    assert seen.history["completeness"] == "complete", seen.history
    assert seen.about_clone["completeness"] == "complete", seen.about_clone
    assert len(seen.ids()) == commits, "%d commits and tags instead of %d" % (len(seen.ids()), commits)
    for key in ("altered", "missing", "unread", "config", "hooks", "replace", "grafts", "shallow", "alternates", "collisions"):
        assert seen.clone[key] == [], "%s: %r" % (key, seen.clone[key])


def main():
    if not os.path.exists(DUMP):
        print("%s is not there: run make" % DUMP)
        print("0 passed, 1 failed, 0 skipped")
        return 1
    wanted = sys.argv[1:]
    passed = failed = skipped = 0
    for fn in CASES:
        if wanted and fn.__name__ not in wanted:
            continue
        top = os.path.realpath(tempfile.mkdtemp(prefix="assay-probe-"))
        try:
            fn(top)
            passed += 1
        except Skip as why:
            skipped += 1
            print("%s: skipped: %s" % (fn.__name__, why))
        except Exception:
            failed += 1
            print("%s:\n%s" % (fn.__name__, traceback.format_exc()))
        finally:
            subprocess.run(["chmod", "-R", "u+rwX", top], stderr=subprocess.DEVNULL)
            with contextlib.suppress(OSError):
                shutil.rmtree(top)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed else 0
