# SPDX-License-Identifier: Apache-2.0
"""A bench for the cases of tests/suites/verify: each makes a release and spoils it, and says which codes all programs have to give."""
import json
import os
import re
import shutil
import subprocess
import threading

import sealworld
from sealworld import World

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
PROGRAMS = ([os.path.join(BUILD, "assay"), "verify"], [os.path.join(BUILD, "assay-verify")],
            [os.path.join(BUILD, "verifier", "assay-verify-libcrypto")])
SANITIZER = re.compile(rb"(Address|Leak|UndefinedBehavior|Thread)Sanitizer|runtime error:")
NOBODY = 65534
CASES = []
SCHEMAS = {}
seen = set()
lock = threading.Lock()


class Skip(Exception):
    pass


class Wrong(Exception):
    pass


def case(function):
    CASES.append(function)
    return function


def fit(name, value):
    """VALUE fits schemas/NAME.json."""
    if jsonschema is None:
        raise Wrong("python3-jsonschema is missing; run scripts/setup")
    if name not in SCHEMAS:
        with open(os.path.join(ROOT, "schemas", name + ".json"), encoding="utf-8") as f:
            schema = json.load(f)
        SCHEMAS[name] = jsonschema.validators.validator_for(schema)(schema)
    for error in SCHEMAS[name].iter_errors(value):
        raise Wrong(f"doesn't fit {name}: /{'/'.join(str(p) for p in error.absolute_path)}: {error.message[:300]}")


def never_seen():
    """Codes of the library that no case has brought about."""
    with open(os.path.join(ROOT, "lib", "release_code.c"), encoding="utf-8") as f:
        names = re.findall(r"^\t\[ASSAY_RELEASE_\w+\] = \{ \"([a-z-]+)\"", f.read(), re.M)
    return sorted(set(names) - seen - {"intact"})


class Bench:
    """A release in a folder of its own, and the programs to try it with."""

    def __init__(self, folder):
        self.folder = folder
        self.tree = os.path.join(folder, "pump")
        self.seal = os.path.join(folder, "pump.seal")
        self.state = os.path.join(folder, "state")
        self.world = World()
        self.payload = None

    def path(self, *names):
        return os.path.join(self.tree, *names)

    def make_tree(self):
        """Files of many sizes, folders with and without something in them, links."""
        os.makedirs(self.path("bin", "plugins"))
        os.makedirs(self.path("cache"))
        for name, data in {"bin/pump": b"\x7fELF" + bytes(9000), "bin/plugins/dose": b"dose", "etc": b"", "empty": b"",
                           "data": bytes(range(256)) * 300, "bin.conf": b"a = 1\n"}.items():
            sealworld.write(self.path(*name.split("/")), data)
        os.chmod(self.path("bin", "pump"), 0o755)
        os.symlink("bin/pump", self.path("pump"))
        os.symlink("../nowhere", self.path("bin", "dangling"))
        return self

    def sealed(self, **said):
        """A tree and its seal, all as it should be but for what SAID asks."""
        if not os.path.exists(self.tree):
            self.make_tree()
        self.payload = self.world.seal(self.tree, self.seal, **said)
        return self

    def spoil(self, name, data):
        sealworld.write(os.path.join(self.seal, name), data)

    def spoil_json(self, name, change):
        with open(os.path.join(self.seal, name), encoding="utf-8") as f:
            value = json.load(f)
        change(value)
        self.spoil(name, json.dumps(value).encode())

    # ---- the programs ----

    def run(self, program, *words, before=(), cwd=None, env=None):
        """(exit status, parsed JSON or None, standard error)"""
        more = {"ASAN_OPTIONS": "detect_leaks=0:exitcode=99", "UBSAN_OPTIONS": "print_stacktrace=1:exitcode=99"}
        done = subprocess.run([*before, *program, "--json", *words], cwd=cwd or self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300, env={"PATH": "/usr/bin:/bin", **more, **(env or {})})
        if done.returncode < 0 or SANITIZER.search(done.stderr):
            raise Wrong(f"{program[0]} ended with {done.returncode}: {done.stderr[-2000:].decode('utf-8', 'replace')}")
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.decode("utf-8", "replace")

    def killed_at_each(self, calls, words, after):
        """assay-verify killed at each of these system calls in turn; after() looks at what is left. How often it was killed."""
        count = 0
        for call in calls:
            for when in range(1, 100):
                trace = os.path.join(self.folder, "trace")
                done = subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}",
                                       *PROGRAMS[2 if "asan" in BUILD else 1], "--threads=1", *words], capture_output=True, timeout=300)
                after(f"killed at {call} {when}")
                if done.returncode in (0, 1, 3):
                    break
                count += 1
        return count

    def words(self, tree=None, root=True):
        return ([f"--root={self.world.fingerprint()}"] if root else []) + [tree or self.tree]

    def expect(self, codes, status=None, words=None, programs=PROGRAMS, **how):
        """All programs say these codes, in any number, and end so; the first answer."""
        status = (1 if codes else 0) if status is None else status
        first = None
        for program in programs:
            code, said, err = self.run(program, *(self.words() if words is None else words), **how)
            if not isinstance(said, list):
                fit("error", said)
                raise Wrong(f"{program[0]}: status {code}, no answer: {err}")
            fit("verify", said)
            if set(said[0]["codes"]) != set(codes) or code != status:
                raise Wrong(f"{program[0]}: {said[0]['codes']}, status {code}; not {sorted(codes)}, {status}: {json.dumps(said[1:4])}")
            if first is not None and said != first:
                raise Wrong(f"{program[0]} says something else than the one before: {json.dumps(said)}\n{json.dumps(first)}")
            first = first or said
        with lock:
            seen.update(codes)
        return first

    def refuse(self, status, words, told, **how):
        """All programs end so with these words on standard error and no answer."""
        for program in how.pop("programs", PROGRAMS):
            code, said, err = self.run(program, *words, **how)
            if code != status or told not in err or isinstance(said, list):
                raise Wrong(f"{program[0]}: status {code}, '{err.strip()}', {said}; not {status} with '{told}'")

    def with_state(self, codes, *more, status=None, program=PROGRAMS[1], root=True):
        """One program, for what changes the state."""
        words = [f"--state={self.state}", *more, *self.words(root=root)]
        return self.expect(codes, status, words, programs=[program])

    def installed(self, number=7, **said):
        """A machine on which release NUMBER is installed."""
        os.mkdir(self.state, 0o755)
        self.sealed(number=number, **said)
        self.with_state([], "--install")
        return self

    def alter_floor(self, *changes):
        """Makes each (pattern, replacement) in what this machine remembers."""
        path = os.path.join(self.state, "floor.json")
        with open(path, "rb") as f:
            data = f.read()
        for pattern, replacement in changes:
            data, count = re.subn(pattern, replacement, data)
            assert count == 1, (pattern, count)
        sealworld.write(path, data)

    def floor(self):
        with open(os.path.join(self.state, "floor.json"), encoding="utf-8") as f:
            return json.load(f)


def needs(*commands):
    for command in commands:
        if shutil.which(command) is None:
            raise Skip(f"no {command} here")


def needs_root():
    if os.geteuid() != 0:
        raise Skip("needs root")


def assert_equal(a, b):
    if a != b:
        raise Wrong(f"{a!r} is not {b!r}")


def as_nobody():
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def for_nobody(b, programs=tuple(PROGRAMS)):
    """The same programs where another user can run them, too: a checkout may lie where nobody else may look."""
    found = []
    for program in programs:
        copy = os.path.join(b.folder, "program-" + os.path.basename(program[0]))
        if not os.path.exists(copy):
            shutil.copy(program[0], copy)
            os.chmod(copy, 0o755)
        found.append([copy, *program[1:]])
    return found
