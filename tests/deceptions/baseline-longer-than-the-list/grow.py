# SPDX-License-Identifier: Apache-2.0
"""grow.py STEP: bulk makes 300 unsigned commits and one on "other"; swap takes that one away and puts a new one on main. Their ids sort
after the first 200 findings, which are all that a report lists: an id is as easily chosen as a message."""
import subprocess, sys
git = ["git", "-C", sys.argv[2]]


def out(*words, data=None):
    return subprocess.run(git + list(words), input=data, capture_output=True, check=True, text=True).stdout.strip()


def late(parent, email):
    for n in range(10000):
        who = f"{email} <{email}> 1717200000 +0000"
        body = f"tree {out('rev-parse', parent + '^{tree}')}\nparent {out('rev-parse', parent)}\nauthor {who}\ncommitter {who}\n\n{n}\n"
        made = out("hash-object", "-t", "commit", "-w", "--stdin", data=body)
        if made.startswith("f"):
            return made


if sys.argv[1] == "bulk":
    stream = "".join(f"commit refs/heads/main\ncommitter B <bob@example.com> {1711929600 + 60 * i} +0000\ndata 1\nx\n"
                     + ("from refs/heads/main^0\n" if i == 0 else "") + "\n" for i in range(300))
    out("fast-import", "--quiet", data=stream)
    out("update-ref", "refs/heads/other", late("refs/heads/main~300", "bob@example.com"))
else:
    out("update-ref", "-d", "refs/heads/other")
    out("update-ref", "refs/heads/main", late("refs/heads/main", "mallory@example.com"))
