# SPDX-License-Identifier: Apache-2.0
"""What can be done with the infusion pump, step by step: scripts/demo tells it, tests/suites/infusion-pump holds it to its word."""
import json
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import gaps  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
AGENT_SECONDS = 10
NOT_JUDGED = "not judged by this version"
SIGNERS = ("alice", "carol")  # who decides about the policy, both of them
PEOPLE = ("alice", "bob", "carol")
EXCEPTION = "assay/deviations/unsigned-readme.yaml"
SIGN_OFFS = (("bob", "request", "developer", EXCEPTION), ("alice", "approve", "quality", EXCEPTION))


class StoryError(Exception):
    pass


def run(words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        raise StoryError(f"{' '.join(words)}: exit {done.returncode}\n{text}")
    return text


def build(folder):
    """Builds the pump with this machine's compiler and runs its tests; the last words of ctest."""
    generator = ["-G", "Ninja"]
    run(["cmake", "-S", os.path.join(HERE, "tree"), "-B", folder, *generator])
    run(["cmake", "--build", folder])
    text = run(["ctest", "--test-dir", folder, "--output-on-failure"])
    return next(line for line in text.split("\n") if "tests passed" in line)


def make(folder, *options):
    return run([os.path.join(HERE, "make-repository"), folder, *options]).strip()


def report(out):
    with open(os.path.join(out, "report.json"), encoding="utf-8") as f:
        return {c["id"]: c for c in json.load(f)["controls"]}


def shows(controls, gap):
    """Whether a finding of the gap's control names it."""
    return any(f["id"] == gap.code and gap.where in ("-", f["file"]) and gap.names in f["message"]
               for f in controls[gap.control]["findings"])


def held_against(controls):
    """[(gap, 'found', 'MISSED' or 'not judged')], in the order of GAPS."""
    out = []
    for gap in gaps.read():
        unjudged = gap.waits or controls[gap.control]["reason"] == NOT_JUDGED
        out.append((gap, "found" if shows(controls, gap) else "not judged" if unjudged else "MISSED"))
    return out


class Agents:
    """An ssh-agent with one person's key each: people sign at places of their own."""

    def __init__(self, folder, names=PEOPLE):
        self.folder, self.names, self.sockets, self.children = folder, names, {}, []

    def __enter__(self):
        for name in self.names:
            socket = os.path.join(self.folder, name + ".agent")
            self.children.append(subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL))
            self.sockets[name] = socket
            deadline = time.monotonic() + AGENT_SECONDS
            while not os.path.exists(socket) and time.monotonic() < deadline:
                time.sleep(0.01)
            run(["ssh-add", "-q", os.path.join(self.folder, "keys", name)], env={**os.environ, "SSH_AUTH_SOCK": socket})
        return self

    def __exit__(self, *_):
        for child in self.children:
            child.terminate()
            child.wait()

    def say(self, who, words, **more):
        """One command of one person; what it printed."""
        return run(words, env={**os.environ, "SSH_AUTH_SOCK": self.sockets[who]}, **more)


def authorise(folder, assay, agents):
    """Alice and Carol make the root of authority and sign the policy folder as it is; the root's fingerprint."""
    repository = os.path.join(folder, "repository")
    first, second = SIGNERS
    steps = [(first, ["init", "--person", first, "--threshold", "root=2", "--threshold", "policy=2"]),
             (second, ["add-key", "--person", second, "--role", "root", "--role", "policy", "--role", "targets"]),
             (first, ["sign"]), (second, ["sign"])]
    for who, words in steps:
        text = agents.say(who, [assay, "trust", *words, "--path", repository, "--sign", "agent"])
    make(folder, "--commit", first, "Say who may decide about the rules", "assay/trust")
    return next(line.split()[1] for line in text.split("\n") if line.startswith("root "))


def sign_off(folder, assay, agents):
    """Each record is asked for by one and approved by another; who did what."""
    repository = os.path.join(folder, "repository")
    for who, act, role, record in SIGN_OFFS:
        agents.say(who, [assay, "signoff", record, "--act", act, "--role", role, "--sign", "agent"], cwd=repository)
    make(folder, "--commit", "bob", "Except the unsigned commit, for a time", "assay/deviations", "assay/reviews")
    return [f"{who} signs as {role}: {act} {record}" for who, act, role, record in SIGN_OFFS]
