# SPDX-License-Identifier: Apache-2.0
"""Deceptions: repositories that try to look fine and aren't.

Each folder of tests/deceptions/ holds:

  deception   lines "key: value"
                attacker: who it stands for (a column of docs/threat-model.md)
                story:    what is tried, in a sentence
                expect:   CONTROL VERDICT [CODE...]    codes that must be among the findings
                never:    CONTROL VERDICT              what it must not get
                finds:    CONTROL CODE NUMBER          exactly so many findings of that code
                because:  CONTROL WORDS                words of its reason
                counts:   CONTROL NUMBER WORDS         what it counted, by the name of the count
                partial:  CONTROL WORDS                words of why its evidence isn't complete
                exit:     exit status of "assay check"
                absent:   FILE                         must not exist afterwards, in the case's folder
                zones:    TZ TZ ...                    the same must hold under each of these time zones
  scenario    a repository for tests/tools/mkrepo
  tamper      (optional) a shell script run in the case's folder once the repository is made; REPO is its path, ASSAY the
              program; a fingerprint that it leaves in the file "root" is pinned by the check
  check       (optional) a shell script instead of "assay check": gets ASSAY, REPO, STATE, OUT; prints the JSON, its exit
              status is the one that counts
"""
import json
import os
import shutil
import subprocess

import enginecache

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FOLDER = os.path.join(ROOT, "tests", "deceptions")


class Deception:
    def __init__(self, name):
        self.name = name
        self.folder = os.path.join(FOLDER, name)
        self.fields = {}
        with open(os.path.join(self.folder, "deception"), encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                line = line.rstrip("\n")
                if not line or line.startswith("#"):
                    continue
                key, colon, value = line.partition(":")
                if not colon or key not in ("attacker", "story", "expect", "never", "finds", "because", "counts", "exit", "partial",
                                            "absent", "zones"):
                    raise SystemExit(f"{self.folder}/deception:{number}: what is '{line}'?")
                self.fields.setdefault(key, []).append(value.strip())
        for key in ("attacker", "story", "exit"):
            if len(self.fields.get(key, [])) != 1:
                raise SystemExit(f"{self.folder}/deception: wants one '{key}:'")
        if not self.fields.get("expect"):
            raise SystemExit(f"{self.folder}/deception: wants an 'expect:'")

    def is_analysed(self):
        """Analysers are run over it, if its plan of coding standards names any."""
        with open(os.path.join(self.folder, "scenario"), encoding="utf-8") as f:
            return "assay/standard.yaml" in f.read()

    def all(self, key):
        return self.fields.get(key, [])

    def path(self, name):
        path = os.path.join(self.folder, name)
        return path if os.path.exists(path) else None


def load(names=None):
    found = sorted(n for n in os.listdir(FOLDER) if os.path.isdir(os.path.join(FOLDER, n)))
    return [Deception(n) for n in found if not names or n in names]


def environment(case, extra=None):
    """Nothing of the caller's but the path: a throwaway home, state and configuration."""
    env = {"PATH": "/usr/bin:/bin", "HOME": os.path.join(case, "home"), "LC_ALL": "C.UTF-8",
           "GIT_CONFIG_NOSYSTEM": "1", "CASE": case, "REPO": os.path.join(case, "repo"),
           "STATE": os.path.join(case, "state"), "OUT": os.path.join(case, "out"), "ROOT": ROOT,
           "ASAN_OPTIONS": "detect_leaks=1:exitcode=99", "UBSAN_OPTIONS": "exitcode=99", "TMPDIR": case, "XDG_CACHE_HOME": enginecache.CACHE}
    env.update(extra or {})
    return env


def make(deception, case, build):
    """Makes the repository in case/repo and tampers with it."""
    os.makedirs(os.path.join(case, "home"))
    enginecache.share(os.path.join(case, "home", ".config"))
    # What makes it need not be of the build that is tried: one with sanitizers takes long.
    subprocess.run([os.path.join(os.environ.get("TOOLS", build), "tests/tools/mkrepo"), deception.path("scenario"),
                    os.path.join(case, "repo")], check=True, env=environment(case))
    tamper = deception.path("tamper")
    if tamper:
        subprocess.run(["sh", "-eu", tamper], check=True, cwd=case, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=environment(case, {"ASSAY": os.path.abspath(os.path.join(build, "assay"))}))


def pinned(case):
    """The trust root that a tamper script left to be pinned, as arguments."""
    path = os.path.join(case, "root")
    if not os.path.exists(path):
        return []
    with open(path, encoding="ascii") as f:
        return ["--root", f.read().strip()]


def run(deception, case, assay, extra=None):
    """(exit status, report or None, standard error) of one check."""
    env = environment(case, {"ASSAY": assay, **(extra or {})})
    shutil.rmtree(env["OUT"], ignore_errors=True)
    script = deception.path("check")
    seen = [int(env[n]) for n in ("ASSAY_MUTANT_SEEN",) if n in env]
    if script:
        for name in ("STATE", "OUT"):
            shutil.rmtree(env[name], ignore_errors=True)
        done = subprocess.run(["sh", "-u", script], cwd=case, env=env, capture_output=True, check=False, pass_fds=seen)
    else:
        shutil.rmtree(env["STATE"], ignore_errors=True)
        done = subprocess.run([assay, "check", env["REPO"], "--json", "--state", env["STATE"], "--out", env["OUT"], *pinned(case)],
                              cwd=case, env=env, capture_output=True, check=False, pass_fds=seen)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = None
    return done.returncode, report, done.stderr.decode("utf-8", "replace")


def wrong(deception, case, status, report, stderr):
    """What isn't as it must be, as a list of sentences; empty when all is."""
    problems = []
    if str(status) != deception.fields["exit"][0]:
        problems.append(f"exit {status}, not {deception.fields['exit'][0]}: {stderr.strip()[-600:]}")
    for path in deception.all("absent"):
        if os.path.exists(os.path.join(case, path)):
            problems.append(f"'{path}' exists: something ran that must not")
    if report is None or "controls" not in report:
        return problems + ["no report"]
    controls = {c["id"]: c for c in report["controls"]}
    for line in deception.all("expect"):
        control, verdict, *codes = line.split()
        got = controls[control]
        if got["verdict"] != verdict:
            problems.append(f"{control} is {got['verdict']}, not {verdict}: {got['reason']}")
        found = {f["id"] for f in got["findings"]}
        problems += [f"{control} has no finding '{c}', only {sorted(found)}" for c in codes if c not in found]
    for line in deception.all("never"):
        control, verdict = line.split()
        if controls[control]["verdict"] == verdict:
            problems.append(f"{control} is {verdict}")
    for line in deception.all("because"):
        control, _, words = line.partition(" ")
        if words not in controls[control]["reason"]:
            problems.append(f"{control}'s reason is '{controls[control]['reason']}', without '{words}'")
    for line in deception.all("partial"):
        control, _, words = line.partition(" ")
        why = [e["why"] for e in controls[control]["evidence"] if e["completeness"] == "partial"]
        if not any(words in w for w in why):
            problems.append(f"{control}'s evidence is partial because of {why}, without '{words}'")
    for line in deception.all("counts"):
        control, number, name = line.split(" ", 2)
        got = controls[control]["counts"].get(name)
        if got != int(number):
            problems.append(f"{control} counts {got} {name}, not {number}")
    for line in deception.all("finds"):
        control, code, number = line.split()
        count = sum(f["id"] == code for f in controls[control]["findings"])
        if count != int(number):
            problems.append(f"{control} has {count} findings '{code}', not {number}")
    return problems


def judge(deception, case, assay, extra=None):
    """Runs it under each of its time zones; returns what is wrong."""
    problems = []
    for zone in (deception.all("zones") or [""])[0].split() or [None]:
        env = dict(extra or {})
        if zone:
            env["TZ"] = zone
        found = wrong(deception, case, *run(deception, case, assay, env))
        problems += [f"{zone}: {p}" if zone else p for p in found]
    return problems
