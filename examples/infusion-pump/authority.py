# SPDX-License-Identifier: Apache-2.0
"""Who decides about the pump's rules: people with agents of their own, and 'assay trust' as they run it."""
import os
import shutil
import subprocess
import tempfile
import time

AGENT_SECONDS = 10
SIGNERS = ("alice", "carol")  # both of them decide about the root and the rules
PEOPLE = ("alice", "bob", "carol")
RULES = "assay/"
# Records stand by their own signatures; a policy state doesn't cover them.
NOT_RULES = tuple(RULES + name + "/" for name in ("trust", "deviations", "closures", "reviews", "ceremonies"))


class AuthorityError(Exception):
    pass


def run(words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        raise AuthorityError(f"{' '.join(words)}: exit {done.returncode}\n{text}")
    return text


def is_rule(path):
    return path.startswith(RULES) and not path.startswith(NOT_RULES)


class Authority:
    """An ssh-agent with one person's key each: people sign at places of their own. folder: what make-repository made."""

    def __init__(self, folder, assay):
        self.folder, self.assay = os.path.abspath(folder), os.path.abspath(assay)
        self.repository = os.path.join(self.folder, "repository")
        self.scratch = tempfile.mkdtemp(prefix="pump-")  # a socket's path has to be short
        self.sockets, self.children = {}, []

    def __enter__(self):
        try:
            for name in PEOPLE:
                self.start(name)
        except AuthorityError:
            self.__exit__()
            raise
        return self

    def start(self, name):
        self.sockets[name] = os.path.join(self.scratch, name)
        self.children.append(subprocess.Popen(["ssh-agent", "-D", "-a", self.sockets[name]], stdout=subprocess.DEVNULL))
        deadline = time.monotonic() + AGENT_SECONDS
        while True:  # until it listens
            try:
                run(["ssh-add", "-q", os.path.join(self.folder, "keys", name)],
                    env={**os.environ, "SSH_AUTH_SOCK": self.sockets[name]})
                return
            except AuthorityError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def __exit__(self, *_):
        for child in self.children:
            child.terminate()
            child.wait()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def say(self, who, *words):
        """One command of one person; what it printed."""
        return run([self.assay, *words, "--sign", "agent"], cwd=self.repository,
                   env={**os.environ, "SSH_AUTH_SOCK": self.sockets[who]})

    def sign(self):
        """Both sign the rules as they lie in the work tree; what the last one saw."""
        for who in SIGNERS:
            text = self.say(who, "trust", "sign")
        return text

    def begin(self):
        """The root of authority; its fingerprint."""
        first, second = SIGNERS
        self.say(first, "trust", "init", "--person", first, "--threshold", "root=2", "--threshold", "targets=2", "--threshold", "policy=2")
        self.say(second, "trust", "add-key", "--person", second, "--role", "root", "--role", "policy", "--role", "targets")
        fingerprint = next(line.split()[1] for line in self.sign().split("\n") if line.startswith("root "))
        with open(os.path.join(self.folder, "root"), "w", encoding="ascii") as f:
            f.write(fingerprint + "\n")
        return fingerprint


def root_of(folder):
    """The fingerprint that auditors were handed; None when nobody made a root."""
    path = os.path.join(folder, "root")
    if not os.path.exists(path):
        return None
    with open(path, encoding="ascii") as f:
        return f.read().strip()
