# SPDX-License-Identifier: Apache-2.0
"""Whether bubblewrap makes a sandbox here, which analysers run in: in some containers the kernel doesn't let it."""
import functools
import subprocess

WALLS = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]


@functools.cache
def why_not():
    """None, or what bubblewrap says."""
    try:
        done = subprocess.run(WALLS, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    except FileNotFoundError:
        return "bwrap isn't installed"
    return None if done.returncode == 0 else done.stdout.strip() or f"bwrap ends with {done.returncode}"


def skips(suite):
    """Whether the suite can't run here; says so, with the line of results."""
    if why_not() is None:
        return False
    print(f"{suite}: skipped: analysers can't be run here: {why_not()}")
    print("0 passed, 0 failed, 1 skipped")
    return True
