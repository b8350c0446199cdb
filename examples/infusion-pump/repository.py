# SPDX-License-Identifier: Apache-2.0
"""A git repository written object by object, each commit signed with its person's key: what make-repository needs, and no more."""
import hashlib
import os
import subprocess
import zlib

FILE, PROGRAM, SUBMODULE = "100644", "100755", "160000"


class Person:
    def __init__(self, name, full, keys):
        self.name, self.full, self.email = name, full, name + "@pump.example"
        self.key = os.path.join(keys, name)

    def public(self):
        with open(self.key + ".pub", encoding="ascii") as f:
            return " ".join(f.read().split()[:2])

    def make_key(self):
        """Thrown away with its folder; no passphrase, because it protects nothing."""
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", self.email, "-f", self.key], check=True)

    def sign(self, payload):
        done = subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", self.key], input=payload, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.stdout.decode("ascii")


class Repository:
    """files: path to (mode, id). What stands in it goes into the next commit."""

    def __init__(self, folder):
        self.folder = folder
        self.git = os.path.join(folder, ".git")
        self.files = {}
        self.commits = 0

    def run(self, *words):
        done = subprocess.run(["git", "-C", self.folder, *words], check=True, stdout=subprocess.PIPE)
        return done.stdout.decode("utf-8").strip()

    def begin(self):
        subprocess.run(["git", "init", "-q", "-b", "main", self.folder], check=True)

    def load(self):
        """What HEAD holds."""
        self.files = {}
        for entry in filter(None, self.run("ls-tree", "-r", "-z", "HEAD").split("\0")):
            mode, _, rest = entry.split(" ", 2)
            id_, path = rest.split("\t", 1)
            self.files[path] = (mode, id_)

    def put(self, kind, content):
        whole = b"%s %d\0" % (kind.encode(), len(content)) + content
        id_ = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = os.path.join(self.git, "objects", id_[:2], id_[2:])
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(zlib.compress(whole, 1))
        return id_

    def text(self, path):
        """None when there is no such file."""
        if path not in self.files:
            return None
        done = subprocess.run(["git", "-C", self.folder, "cat-file", "blob", self.files[path][1]], check=True,
                              stdout=subprocess.PIPE)
        return done.stdout.decode("utf-8")

    def set(self, path, text, mode=FILE):
        if text is None:
            del self.files[path]
        else:
            self.files[path] = (mode, self.put("blob", text.encode("utf-8")))

    def take(self, folder):
        """What lies in a folder of the work tree."""
        for path in [p for p in self.files if p.startswith(folder + "/")]:
            del self.files[path]
        for where, _, names in os.walk(os.path.join(self.folder, folder)):
            for name in names:
                with open(os.path.join(where, name), encoding="utf-8") as f:
                    self.set(os.path.relpath(os.path.join(where, name), self.folder), f.read())

    def lay(self, folder):
        """The other way: into the work tree."""
        for path in [p for p in self.files if p.startswith(folder + "/")]:
            target = os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8") as f:
                f.write(self.text(path))

    def tree(self, prefix="", paths=None):
        entries, folders = [], {}
        for path in self.files if paths is None else paths:
            head, slash, _ = path[len(prefix):].partition("/")
            if slash:
                folders.setdefault(head, []).append(path)
            else:
                mode, id_ = self.files[path]
                entries.append((head, mode, id_))
        for head, inside in folders.items():
            entries.append((head + "/", "40000", self.tree(prefix + head + "/", inside)))
        body = b"".join(b"%s %s\0" % (mode.encode(), name.rstrip("/").encode()) + bytes.fromhex(id_)
                        for name, mode, id_ in sorted(entries))
        return self.put("tree", body)

    @staticmethod
    def line(role, person, time):
        return f"{role} {person.full} <{person.email}> {time} +0000\n"

    def commit(self, parents, person, time, message, signed=True):
        head = f"tree {self.tree()}\n" + "".join(f"parent {p}\n" for p in parents)
        head += self.line("author", person, time) + self.line("committer", person, time)
        if signed:
            signature = person.sign((head + "\n" + message).encode("utf-8"))
            head += "gpgsig " + signature.rstrip("\n").replace("\n", "\n ") + "\n"
        self.commits += 1
        return self.put("commit", (head + "\n" + message).encode("utf-8"))

    def tag(self, name, target, person, time, message):
        text = f"object {target}\ntype commit\ntag {name}\n" + self.line("tagger", person, time) + f"\n{message}\n"
        text += person.sign(text.encode("utf-8"))
        self.ref("refs/tags/" + name, self.put("tag", text.encode("utf-8")))

    def ref(self, name, id_):
        path = os.path.join(self.git, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as f:
            f.write(id_ + "\n")

    def finish(self):
        """Everything in one pack, and the work tree as HEAD says."""
        self.run("repack", "-q", "-a", "-d")
        self.run("prune-packed", "-q")
        self.run("reset", "-q", "--hard")
