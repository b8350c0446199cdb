# SPDX-License-Identifier: Apache-2.0
"""Who decides about the pump's rules and releases: people with tokens and agents of their own, and assay as they run it."""
import os
import shutil
import subprocess
import tempfile
import time
from tokens import Tokens

AGENT_SECONDS = 10
SIGNERS = ("alice", "carol")  # both of them decide about the root, the rules and the releases
ROLES = ("root", "targets", "policy", "release")
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
        self.tokens = Tokens(folder)

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
        """One command of one person, with the key in their agent; what it printed."""
        return run([self.assay, *words, "--sign", "agent"], cwd=self.repository,
                   env={**os.environ, "SSH_AUTH_SOCK": self.sockets[who]})

    def decide(self, who, *words):
        """One command of one person, with the key in their token."""
        return run([self.assay, *words, *self.tokens.signing(who)], cwd=self.repository, env=self.tokens.env)

    def sign(self):
        """Both sign the rules as they lie in the work tree; what the last one saw."""
        for who in SIGNERS:
            text = self.decide(who, "trust", "sign")
        return text

    def decide_how_many(self, role, people):
        """How many of a role have to sign together, agreed by both."""
        run([self.assay, "trust", "rotate", "--threshold", f"{role}={people}"], cwd=self.repository)
        self.sign()

    def begin(self):
        """The root of authority; its fingerprint."""
        first, second = SIGNERS
        roles = [word for role in ROLES for word in ("--role", role)]
        self.decide(first, "trust", "init", "--person", first, *roles, *[word for role in ROLES for word in ("--threshold", role + "=2")])
        self.decide(second, "trust", "add-key", "--person", second, *roles)
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
