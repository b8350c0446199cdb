# SPDX-License-Identifier: Apache-2.0
"""at_terminal.py ANSWER COMMAND...: runs it with a terminal of its own, types ANSWER where it asks, prints all that it wrote."""
import os
import pty
import sys

QUESTION = b"[yes/no] "
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen, answered = b"", False
while True:
    try:
        got = os.read(master, 4096)
    except OSError:
        break
    if not got:
        break
    seen += got
    if not answered and seen.endswith(QUESTION):
        os.write(master, sys.argv[1].encode() + b"\n")
        answered = True
sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.stdout.flush()
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(code if answered or code != 0 else 99)
