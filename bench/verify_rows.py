# SPDX-License-Identifier: Apache-2.0
"""Rows of scripts/bench about holding a tree against its seal: size and memory of assay-verify; time beside AIDE and beside
'sha256sum -c' on two cores. The seal is made by tests/lib/sealworld.py."""
import hashlib
import os
import random
import re
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "lib"))
import sealworld  # noqa: E402

FILES = 20000
MANY = 1000000
MEGABYTE = 1 << 20
MEMORY_BAR = 16  # MB


def empty_line(path):
    data = b""
    return f"f 0644 0 {hashlib.sha256(data).hexdigest()} {sealworld.verity(data)} - {path}"


def many_files(bench):
    """A million empty files, a thousand a folder; (tree, fingerprint)."""
    tree = os.path.join(bench.scratch, "many")
    lines = ["assay-manifest 1"]
    line = empty_line("")
    os.umask(0o022)
    for d in range(MANY // 1000):
        folder = f"d{d:05}"
        os.makedirs(os.path.join(tree, folder))
        lines.append(f"d 0755 {folder}")
        for f in range(1000):
            path = f"{folder}/f{f:04}-as-long-as-names-usually-are"
            os.close(os.open(os.path.join(tree, path), os.O_CREAT | os.O_WRONLY, 0o644))
            lines.append(line + path)
    world = sealworld.World()
    world.seal(tree, tree + ".seal", listing=("\n".join(lines) + "\n").encode())
    return tree, world.fingerprint()


def verifier(bench, build, row):
    """What the static program weighs on disk and in memory."""
    program = os.path.join(build, "assay-verify")
    size = os.path.getsize(program) / MEGABYTE
    tree, fingerprint = many_files(bench)
    nothing = bench.run(["true"], memory=True)[2]
    assert nothing < MEMORY_BAR / 4, nothing
    _, printed, peak = bench.run([program, "--root", fingerprint, tree], memory=True)
    assert printed.startswith(f"intact: pump 7.0, {MANY} files,"), printed
    return [row("verifier-size", size, None, "", None, "MB", 6, 1.5, size <= 6, "size of build/assay-verify, as it is installed"),
            row("verifier-memory", peak, None, "", None, "MB", MEMORY_BAR, MEMORY_BAR, peak <= MEMORY_BAR,
                f"assay-verify over {MANY} files, most memory it had")]


# ---- beside others ----

def tree_of_files(bench):
    """20,000 files with 164 MB, most of them small; (tree, fingerprint, list for sha256sum)."""
    tree = os.path.join(bench.scratch, "tree")
    if os.path.isdir(tree):
        return tree, sealworld.World().fingerprint(), os.path.join(bench.scratch, "sums")
    os.umask(0o022)
    chance = random.Random(5)
    sums = []
    for i in range(FILES):
        folder = os.path.join(tree, f"d{i // 200:03}")
        os.makedirs(folder, exist_ok=True)
        data = chance.randbytes(int(chance.expovariate(1 / 8192)))
        path = os.path.join(folder, f"f{i:05}")
        sealworld.write(path, data)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {path}\n")
    world = sealworld.World()
    world.seal(tree, tree + ".seal")
    where = os.path.join(bench.scratch, "sums")
    with open(where, "w", encoding="ascii") as f:
        f.writelines(sums)
    return tree, world.fingerprint(), where


def split_sums(bench, sums):
    """Two lists of about as many bytes each, as one would split them by hand."""
    with open(sums, encoding="ascii") as f:
        lines = f.readlines()
    halves = [[], []]
    weights = [0, 0]
    for line in sorted(lines, key=lambda n: -os.path.getsize(n[66:-1])):
        at = 0 if weights[0] <= weights[1] else 1
        halves[at].append(line)
        weights[at] += os.path.getsize(line[66:-1])
    names = [os.path.join(bench.scratch, f"half{n}") for n in (0, 1)]
    for name, half in zip(names, halves):
        with open(name, "w", encoding="ascii") as f:
            f.writelines(sorted(half, key=lambda n: n[66:]))
    return names


def aide(bench, tree):
    """The command that holds the tree against AIDE's database, which is made here."""
    config = os.path.join(bench.scratch, "aide.conf")
    database = os.path.join(bench.scratch, "aide.db")
    with open(config, "w", encoding="ascii") as f:
        f.write(f"database_in=file:{database}\ndatabase_out=file:{database}\ngzip_dbout=no\nreport_url=stdout\n"
                f"Own = p+ftype+l+s+sha256+caps\n{tree} Own\n")
    bench.run(["aide", "--config", config, "--init"])
    return ["aide", "--config", config, "--check"]


def entries_of(printed):
    return int(re.search(r"Number of entries:\s+(\d+)", printed).group(1))


def installed(bench, build, tree, fingerprint):
    """The words of the nightly check of this tree, which was installed here: one digest of each file, as others compute."""
    state = os.path.join(bench.scratch, "state")
    program = os.path.join(build, "assay-verify")
    os.mkdir(state)
    bench.run([program, "--root", fingerprint, "--state", state, "--install", tree])
    return [program, "--state", state, tree]


def time_of(bench, words, digests):
    """Seconds of a verification that found all files intact, by so many digests of each."""
    seconds, printed, _ = bench.run(words)
    assert printed.startswith(f"intact: pump 7.0, {FILES} files,"), printed
    assert ("of each file the SHA-256 was compared" in printed) == (digests == 1), printed
    return seconds


def tree_verify(bench, build, row):
    tree, fingerprint, sums = tree_of_files(bench)
    nightly = installed(bench, build, tree, fingerprint)
    first_look = [os.path.join(build, "assay-verify"), "--root", fingerprint, tree]
    halves = split_sums(bench, sums)
    total = sum(os.path.getsize(os.path.join(where, n)) for where, _, names in os.walk(tree) for n in names)
    check = aide(bench, tree)
    ours, first, theirs, old = [], [], [], []
    both = ["sh", "-c", 'sha256sum --quiet -c "$1" & sha256sum --quiet -c "$2" || exit 1; wait $!', "sh", *halves]
    for _ in range(int(os.environ.get("BENCH_RUNS", "5"))):
        ours.append(time_of(bench, nightly, 1))
        first.append(time_of(bench, first_look, 2))
        theirs.append(bench.run(both)[0])
        seconds, printed, _ = bench.run(check)
        assert "found NO differences" in printed and entries_of(printed) >= FILES, printed
        old.append(seconds)
    with open(os.path.join(tree, "d000", "f00000"), "ab") as f:
        f.write(b"x")
    assert subprocess.run(both, capture_output=True, check=False).returncode != 0 and "f00000" in bench.run(check, ok=(1, 4, 5))[1]
    assert "size" in bench.run(nightly, ok=(1,))[1] and "size" in bench.run(first_look, ok=(1,))[1]
    mine, new, sums_time, aide_time = (statistics.median(x) for x in (ours, first, theirs, old))
    how = f"assay-verify over {FILES} installed files with {total >> 20} MB, cached, SHA-256 of each"
    return [row("tree-verify-aide", mine, aide_time, "aide --check", aide_time / mine, "s", 15, 15, aide_time / mine >= 15,
                f"{how} | aide --check with permissions, type, link, size, SHA-256 and capabilities"),
            row("tree-verify-sha256sum-2", mine, sums_time, "sha256sum -c, twice", sums_time / mine, "s", 2.5, 2.5,
                sums_time / mine >= 2.5, f"{how} | two sha256sum --quiet -c at once, of half the bytes each"),
            row("tree-verify-first-look", new, sums_time, "sha256sum -c, twice", sums_time / new, "s", 1.25, 1.25, None,
                "assay-verify over the same files as they are delivered, SHA-256 and fs-verity digest of each | the same, one digest")]
