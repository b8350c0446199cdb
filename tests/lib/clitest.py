# SPDX-License-Identifier: Apache-2.0
"""Tests of the command line that a person can read: the files tests/cli/*.test and tests/bad-input/*.test.

A line is a word, a colon, a blank and a value; '#' starts a comment line; "word: <<END" takes the lines up to "END".
A case begins with "test:" and is a row of steps, done one after the other in a folder of its own:

  test: NAME                what is shown; the steps up to the next "test:" belong to it
  repo: SCENARIO [FOLDER]   a copy of the repository that SCENARIO.scenario beside the test makes (see tests/tools/mkrepo.c), in
                            FOLDER (repo)
  scenario: <<END           the scenario itself; its repository is in the folder "repo"
  sh: COMMANDS              set-up for a shell, which must succeed; BUILD, ASSAY, ROOT and CASE (the folder) are set
  agent: KEY [TYPE]         an ssh-agent that holds a new key, written to KEY and KEY.pub; TYPE as ssh-keygen's -t, with -BITS ("ecdsa-384")
  env: NAME=VALUE           for all that follows in this case; "env: NAME" takes it away
  needs: COMMAND [MODULE]   without it the case is skipped; MODULE: one that npm brings along
  run: ARGUMENTS            assay, with a shell's quoting and redirections

What a run must have done stands below it:

  exit: N                   the exit status; every run has this line
  out: LINE                 a line of standard output; "out~ REGEX" one that matches, "out! TEXT" is nowhere in it (\\e: escape)
  err: LINE                 the same for standard error; "out: <<END" and "err: <<END" are all of it
  silent: out err           these are empty
  jq: FILTER                true of standard output, which is one JSON value and fits the schema that it names
  schema: NAME              standard output fits schemas/NAME.json
  verdict: CONTROL VERDICT [WORDS]   in the JSON of standard output, with WORDS in its reason
  file: PATH                is there; "file! PATH" is not
  same: PATH PATH           the same bytes

Beyond what is asked for, each run must not end by a signal, leave a temporary file or make a sanitizer speak, and ends with 2 or
4 only after a message.
"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import sandbox

try:
    import jsonschema
except ImportError:
    print("cli: python3-jsonschema is missing; run scripts/setup")
    print("0 passed, 1 failed, 0 skipped")
    sys.exit(1)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
ASSAY = os.path.join(BUILD, "assay")
# What makes repositories need not be of the build that is tried: one with sanitizers takes long.
MKREPO = os.path.join(os.path.abspath(os.environ.get("TOOLS", BUILD)), "tests", "tools", "mkrepo")
SECONDS = 120
LINE = re.compile(r"^([a-z]+)(:|~|!)(?: (.*))?$")
STEPS = {"repo", "scenario", "sh", "agent", "env", "needs", "run"}
CHECKS = {"exit", "out", "err", "silent", "jq", "schema", "verdict", "file", "same"}
MARKED = {"out": "~!", "err": "~!", "file": "!"}
# What each output says it is in "schema", up to the version, and the file of schemas/ that it then has to fit.
SCHEMAS = {"assay-access-record": "access-record", "assay-report": "report", "assay-error": "error", "assay-init": "init", "assay-audit": "audit", "assay-explain": "explain",
           "assay-log-append": "log", "assay-log-verify": "log", "assay-checkpoint": "log", "assay-proof": "log",
           "assay-trust": "trust", "assay-review-start": "review-start", "assay-review-status": "review-status",
           "assay-review-check": "review-check", "assay-signoff-result": "signoff-result", "assay-roster-exchange": "roster-exchange", "assay-deviations": "deviations", "assay-deviation-written": "deviations", "assay-closure-written": "closure-written",
           "assay-canary": "canary", "assay-digest": "digest", "assay-import": "import", "assay-findings": "findings-list", "assay-seal": "seal"}
SANITIZER = re.compile(r"(Address|Leak|UndefinedBehavior|Memory)Sanitizer|runtime error:")


def npm_module(name):
    """Where npm's own copy of a module would lie."""
    root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True).stdout.strip()
    return os.path.join(root, "npm", "node_modules", name)


class Skip(Exception):
    pass


class Wrong(Exception):
    pass


class Case:
    def __init__(self, path, number, name):
        self.path = path
        self.number = number
        self.name = name
        self.steps = []  # (line number, word, mark, value, whole block)


def parse(path):
    """The cases of one file."""
    cases = []
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    at = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.match(line)
        if not match:
            raise SystemExit(f"{path}:{number}: what is '{line}'?")
        word, mark, value = match.group(1), match.group(2), match.group(3) or ""
        block = value.startswith("<<")
        if block:
            end = lines.index(value[2:], at)
            value = "".join(text + "\n" for text in lines[at:end])
            at = end + 1
        if word == "test":
            cases.append(Case(path, number, value))
            continue
        if not cases or word not in STEPS | CHECKS or (mark != ":" and mark not in MARKED.get(word, "")):
            raise SystemExit(f"{path}:{number}: what is '{line}'?")
        cases[-1].steps.append((number, word, mark, value, block))
    return cases


class Repositories:
    """Each scenario is made once and copied; the copies share nothing but the time of their files."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        self.made = {}

    def get(self, scenario):
        with self.lock:
            if scenario not in self.made:
                path = os.path.join(self.folder, str(len(self.made)))
                done = subprocess.run([MKREPO, scenario, path], env=environment(self.folder), capture_output=True)
                if done.returncode != 0:
                    raise Wrong(f"mkrepo: {done.stderr.decode('utf-8', 'replace')}")
                self.made[scenario] = path
            return self.made[scenario]


def environment(case):
    """Nothing of the caller's but what names the sanitizers' manners."""
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": os.path.join(case, "home"), "LC_ALL": "C.UTF-8", "TERM": "dumb",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org", "ASSAY": ASSAY, "BUILD": BUILD, "ROOT": ROOT,
            "CASE": case, "TMPDIR": case, "ASAN_OPTIONS": "detect_leaks=1:exitcode=99:allocator_may_return_null=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:exitcode=99"}


class Run:
    """One case on its way: its folder, its environment, what the last run said."""

    def __init__(self, case, folder, repositories):
        self.case = case
        self.folder = folder
        self.repositories = repositories
        self.env = environment(folder)
        self.agents = []
        self.status = None
        self.out = self.err = b""
        self.checked = True
        os.mkdir(os.path.join(folder, "home"))

    def path(self, name):
        return os.path.join(self.folder, os.path.expandvars(name))

    def do(self, word, mark, value, block):
        if word in CHECKS and self.status is None:
            raise Wrong("there is no run yet")
        getattr(self, "do_" + word)(*((mark, value, block) if word in ("out", "err") else (mark, value) if word == "file" else (value,)))

    def end(self):
        for agent in self.agents:
            agent.kill()
            agent.wait()

    # ---- steps

    def do_needs(self, value):
        command, _, module = value.partition(" ")
        if shutil.which(command, path=self.env["PATH"]) is None:
            raise Skip(f"no {command} here")
        if command == "bwrap" and sandbox.why_not() is not None:
            raise Skip(f"no sandbox here: {sandbox.why_not()}")
        if module and (shutil.which("npm") is None or not os.path.isdir(npm_module(module))):
            raise Skip(f"npm brings no {module} here")

    def do_env(self, value):
        name, equals, text = value.partition("=")
        if equals:
            self.env[name] = text.replace("$CASE", self.folder)
        else:
            self.env.pop(name, None)

    def do_repo(self, value):
        scenario, _, folder = value.partition(" ")
        made = self.repositories.get(os.path.join(os.path.dirname(self.case.path), scenario + ".scenario"))
        shutil.copytree(made, self.path(folder or "repo"), symlinks=True)

    def do_scenario(self, text):
        done = subprocess.run([MKREPO, "-", self.path("repo")], input=text.encode(), env=self.env, capture_output=True)
        if done.returncode != 0:
            raise Wrong(f"mkrepo: {done.stderr.decode('utf-8', 'replace')}")

    def do_sh(self, commands):
        done = subprocess.run(["sh", "-eu", "-c", commands], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
        if done.returncode == 77:
            raise Skip(done.stdout.decode("utf-8", "replace").strip())
        if done.returncode != 0:
            raise Wrong(f"the shell ended with {done.returncode}: {done.stdout.decode('utf-8', 'replace')[-2000:]}")

    def do_agent(self, value):
        key, _, kind = value.partition(" ")
        kind, _, bits = (kind or "ed25519").partition("-")
        socket = self.path(f"agent-{len(self.agents)}")
        subprocess.run(["ssh-keygen", "-q", "-t", kind, *(["-b", bits] if bits else []), "-N", "", "-C", key, "-f", self.path(key)], check=True, env=self.env)
        self.agents.append(subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL, env=self.env))
        self.env["SSH_AUTH_SOCK"] = socket
        for _ in range(1000):
            # Status 2: nobody answers yet; 1: it holds no key.
            if subprocess.run(["ssh-add", "-l"], env=self.env, capture_output=True).returncode == 1:
                break
            time.sleep(0.01)
        subprocess.run(["ssh-add", "-q", self.path(key)], check=True, env=self.env)

    def do_run(self, arguments):
        self.must_be_checked()
        done = subprocess.run(["sh", "-c", 'exec "$ASSAY" ' + arguments], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=SECONDS)
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.checked = False
        if self.status < 0 or self.status >= 128:
            raise Wrong(f"ended by a signal: {self.status}\n{self.said()}")
        if SANITIZER.search(self.text("err")):
            raise Wrong(f"a sanitizer speaks:\n{self.said()}")
        if self.status in (2, 4) and not self.err.startswith(b"assay: ") and b"usage: assay" not in self.out:
            raise Wrong(f"status {self.status} without a word:\n{self.said()}")
        left = temporaries(self.folder)
        if left:
            raise Wrong(f"left {left} behind")

    def must_be_checked(self):
        if not self.checked:
            raise Wrong("the run before has no 'exit:'")

    # ---- what a run must have done

    def text(self, stream):
        return (self.out if stream == "out" else self.err).decode("utf-8", "surrogateescape")

    def said(self):
        return "".join(f"    {name}: {line}\n" for name in ("out", "err") for line in self.text(name)[:3000].splitlines()[:12])

    def do_exit(self, value):
        self.checked = True
        if self.status != int(value):
            raise Wrong(f"status {self.status}, not {value}\n{self.said()}")

    def do_out(self, mark, value, block):
        self.stream("out", mark, value, block)

    def do_err(self, mark, value, block):
        self.stream("err", mark, value, block)

    def stream(self, name, mark, value, block):
        text = self.text(name)
        value = value.replace("$CASE", self.folder).replace("\\e", "\x1b")
        if block and text != value:
            raise Wrong(f"{name} is not what it must be\n{self.said()}")
        if mark == ":" and not block and value not in text.split("\n"):
            raise Wrong(f"{name} has no line '{value}'\n{self.said()}")
        if mark == "~" and not re.search(value, text, re.M):
            raise Wrong(f"{name} has no line like '{value}'\n{self.said()}")
        if mark == "!" and value in text:
            raise Wrong(f"{name} has '{value}'\n{self.said()}")

    def do_silent(self, names):
        for name in names.split():
            if self.text(name):
                raise Wrong(f"{name} is not empty\n{self.said()}")

    def json(self):
        def once(pairs):
            keys = [k for k, _ in pairs]
            if len(set(keys)) != len(keys):
                raise ValueError("a key stands twice")
            return dict(pairs)
        try:
            return json.loads(self.out, object_pairs_hook=once)
        except ValueError as e:
            raise Wrong(f"out is no JSON: {e}\n{self.said()}") from e

    def do_jq(self, condition):
        value = self.json()
        name = SCHEMAS.get(str(value.get("schema", "")).partition("/")[0]) if isinstance(value, dict) else None
        if name:
            self.do_schema(name)
        done = subprocess.run(["jq", "-e", condition], input=self.out, capture_output=True)
        if done.returncode != 0:
            raise Wrong(f"not so: {condition} {done.stderr.decode()}\n{self.said()}")

    def do_schema(self, name):
        with open(os.path.join(ROOT, "schemas", name + ".json"), encoding="utf-8") as f:
            schema = json.load(f)
        for error in jsonschema.validators.validator_for(schema)(schema).iter_errors(self.json()):
            raise Wrong(f"doesn't fit {name}: /{'/'.join(str(p) for p in error.absolute_path)}: {error.message[:300]}")

    def do_verdict(self, value):
        control, verdict, words = (value.split(" ", 2) + [""])[:3]
        found = [c for c in self.json().get("controls", []) if c["id"] == control]
        if not found:
            raise Wrong(f"no verdict of {control}\n{self.said()}")
        if found[0]["verdict"] != verdict or words not in found[0]["reason"]:
            raise Wrong(f"{control} is {found[0]['verdict']}: {found[0]['reason']}")

    def do_file(self, mark, name):
        if os.path.lexists(self.path(name)) == (mark == "!"):
            raise Wrong(f"'{name}' is {'there' if mark == '!' else 'not there'}\n{self.said()}")

    def do_same(self, value):
        contents = []
        for name in value.split():
            with open(self.path(name), "rb") as f:
                contents.append(f.read())
        if contents[0] != contents[1]:
            raise Wrong(f"{value}: other bytes")


def temporaries(folder):
    """What a write leaves that was broken off."""
    return [os.path.join(where, name) for where, _, names in os.walk(folder) for name in names if name.startswith(".assay-")]


def perform(case, scratch, repositories):
    """None when all is well, else what is wrong; raises Skip."""
    folder = tempfile.mkdtemp(prefix="case-", dir=scratch)
    run = Run(case, folder, repositories)
    number = case.number
    try:
        for number, word, mark, value, block in case.steps:
            run.do(word, mark, value, block)
        run.must_be_checked()
        if run.status is None:
            raise Wrong("runs nothing")
        return None
    except (Wrong, OSError, subprocess.SubprocessError) as e:
        return f"{os.path.relpath(case.path, ROOT)}:{number}: {case.name}: {e}"
    finally:
        run.end()
        subprocess.run(["chmod", "-R", "u+rwX", folder], stderr=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


def attempt(case, scratch, repositories):
    """('passed', 'failed' or 'skipped', words)"""
    try:
        problem = perform(case, scratch, repositories)
    except Skip as why:
        return "skipped", f"{case.name}: skipped: {why}"
    return ("failed", problem) if problem else ("passed", None)


def run_folder(folder, tally, names=()):
    """All cases of FOLDER/*.test, as many at a time as there are cores; NAMES: only files so called or cases that have one of the words in their name."""
    cases = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".test"):
            continue
        of_file = parse(os.path.join(folder, name))
        cases += [c for c in of_file if not names or name[:-5] in names or any(n in c.name for n in names)]
    scratch = os.path.realpath(tempfile.mkdtemp(prefix="assay-cli-"))
    os.mkdir(os.path.join(scratch, "made"))
    repositories = Repositories(os.path.join(scratch, "made"))
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
            for outcome, words in workers.map(lambda c: attempt(c, scratch, repositories), cases):
                tally[outcome] += 1
                if words:
                    print(words, flush=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def close(tally):
    print(f"{tally['passed']} passed, {tally['failed']} failed, {tally['skipped']} skipped")
    return 1 if tally["failed"] or not tally["passed"] else 0
