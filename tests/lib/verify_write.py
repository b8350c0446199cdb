# SPDX-License-Identifier: Apache-2.0
"""Cases of tests/suites/verify: what is written, state and receipts: whole or not at all."""
import json
import os
import subprocess

import sealworld
from verifycases import BUILD, PROGRAMS, ROOT, Wrong, assert_equal, case, fit, needs

NAMESPACE = "assay-receipt"
# Whatever of these a program makes; writing to standard output among them.
CALLS = ("openat", "write", "fsync", "linkat", "renameat", "mkdirat", "close", "flock")


def listing(folder):
    """{path: bytes} of a folder, without what a write leaves that was broken off."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            if not name.startswith(".assay-"):
                with open(os.path.join(where, name), "rb") as f:
                    found[os.path.relpath(os.path.join(where, name), folder)] = f.read()
    return found


def read_receipt(path):
    with open(path, "rb") as f:
        data = f.read()
    value = json.loads(data)
    fit("receipt", value)
    assert_equal(data, sealworld.canonical(value) + b"\n")
    return value


@case
def receipts(b):
    b.sealed()
    path = os.path.join(b.folder, "receipt.json")
    for tree, codes, outcome in ((b.tree, {}, "intact"), (b.tree, {"missing": 1, "extra": 1}, "not-intact")):
        if codes:
            os.rename(b.path("data"), b.path("Data"))
        b.expect(list(codes), words=[f"--receipt={path}", "--site=ward 7, \u00fcber", *b.words(tree)])
        said = read_receipt(path)
        assert_equal((said["codes"], said["outcome"], said["site"], said["product"], said["number"]), (codes, outcome, "ward 7, \u00fcber", "pump", 7))
        assert_equal((said["root"], said["freshness"], said["digests"]), (b.world.fingerprint(), "not-established", "both"))
    b.sealed(by=["anna"]).expect(["too-few-keys"], words=[f"--receipt={path}", *b.words()])
    assert_equal([read_receipt(path)[k] for k in ("codes", "digests", "product", "release")], [{"too-few-keys": 1}, "none", "", ""])


@case
def receipts_are_signed(b):
    needs("ssh-agent", "ssh-add", "ssh-keygen")
    b.sealed()
    key, path, socket = (os.path.join(b.folder, n) for n in ("key", "receipt", "agent"))
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        env = {"SSH_AUTH_SOCK": socket, "PATH": "/usr/bin:/bin"}
        while subprocess.run(["ssh-add", "-l"], env=env, capture_output=True).returncode == 2:
            pass
        subprocess.run(["ssh-add", "-q", key], env=env, check=True)
        b.expect([], words=["--sign=agent", f"--receipt={path}", *b.words()], programs=PROGRAMS[:1], env=env)
        read_receipt(path)
        with open(key + ".pub", encoding="utf-8") as f:
            sealworld.write(os.path.join(b.folder, "allowed"), b"ward " + f.read().encode())
        with open(path, "rb") as f:
            subprocess.run(["ssh-keygen", "-Y", "verify", "-f", os.path.join(b.folder, "allowed"), "-I", "ward", "-n", NAMESPACE,
                            "-s", path + ".sig"], stdin=f, check=True, capture_output=True)
    finally:
        agent.kill()
        agent.wait()
    os.unlink(path)
    os.unlink(path + ".sig")
    b.refuse(3, ["--sign=agent", f"--receipt={path}", *b.words()], "ssh-agent", programs=PROGRAMS[:1],
             env={"SSH_AUTH_SOCK": os.path.join(b.folder, "nobody")})
    assert_equal([n for n in os.listdir(b.folder) if n.startswith("receipt")], [])


@case
def receipt_that_cannot_be_written(b):
    """What was found is told all the same; that it isn't intact weighs more than the missing receipt."""
    b.sealed()
    words = ["--receipt=/proc/no/receipt", *b.words()]
    for program in PROGRAMS:
        code, said, err = b.run(program, *words)
        assert_equal((code, said[0]["code"], "can't write" in err), (3, "intact", True))
    os.unlink(b.path("data"))
    for program in PROGRAMS:
        code, said, err = b.run(program, *words)
        assert_equal((code, said[0]["code"], "can't write" in err), (1, "not-intact", True))


@case
def nowhere_to_say_it(b):
    """That it isn't intact shows in the exit status also where nothing can be printed."""
    def ends(program):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([*program, *b.words()], stdout=full, stderr=subprocess.PIPE, timeout=300, check=False,
                                  env={"PATH": "/usr/bin:/bin", "ASAN_OPTIONS": "detect_leaks=0"})
        assert b"standard output" in done.stderr, done.stderr
        return done.returncode
    b.sealed()
    for program in PROGRAMS:
        assert_equal(ends(program), 3)
    os.unlink(b.path("data"))
    for program in PROGRAMS:
        assert_equal(ends(program), 1)


@case
def full_disk(b):
    """No file may grow: neither state nor receipt, and nothing half of them."""
    needs("prlimit")
    b.installed(7)
    before = listing(b.state)
    b.sealed(number=8)
    full = ["prlimit", "--fsize=0"]
    b.refuse(3, [f"--state={b.state}", "--install", b.tree], "make room there", before=full, programs=PROGRAMS[1:2])
    assert_equal(listing(b.state), before)
    path = os.path.join(b.folder, "receipt")
    for program in PROGRAMS:
        done = subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$@" | cat', "sh", *program, f"--receipt={path}", *b.words()],
                              capture_output=True, text=True, timeout=60)
        if "make room there" not in done.stderr or not done.stdout.startswith("intact: "):
            raise Wrong(f"{program[0]}: {done}")
    assert_equal(os.path.exists(path), False)


@case
def killed_at_every_write(b):
    """Installing: the state is the old one or the new one, and the next run goes on from there."""
    needs("strace")
    b.installed(7)
    old = listing(b.state)
    b.sealed(number=8)
    b.with_state([], "--install")
    new = listing(b.state)
    seen = set()

    def after(where):
        now = {n: v for n, v in listing(b.state).items()}
        for found in (now, old, new):
            found["floor.json"] = no_time(found["floor.json"])
        if now not in (old, new):
            raise Wrong(f"{where}: neither old nor new: {now}")
        seen.add(now == new)
        b.with_state([], root=False)
        restore(b.state, kept)
    kept = dict(old)
    restore(b.state, kept)
    killed = b.killed_at_each(CALLS, [f"--state={b.state}", "--install", b.tree], after)
    assert_equal(seen, {True, False})
    if killed < 20:
        raise Wrong(f"killed {killed} times only")


def no_time(data):
    value = json.loads(data)
    value["seen"] = 0
    return json.dumps(value).encode()


def restore(folder, files):
    for name in os.listdir(folder):
        if os.path.isfile(os.path.join(folder, name)):
            os.unlink(os.path.join(folder, name))
    for name, data in files.items():
        sealworld.write(os.path.join(folder, name), data)


@case
def first_installation_killed_at_every_write(b):
    """Nothing is pinned, or all that has to be."""
    needs("strace")
    b.sealed()
    os.mkdir(b.state, 0o755)

    def after(where):
        names = sorted(n for n in os.listdir(b.state) if not n.startswith(".assay-"))
        if names not in ([], ["floor.json"]):
            raise Wrong(f"{where}: {names}")
        b.with_state([], "--install")
        restore(b.state, {})
    b.killed_at_each(("write", "fsync", "linkat", "renameat"), [f"--state={b.state}", "--install", *b.words()], after)


@case
def nightly_units(b):
    """systemd takes the units as they are installed, and what they run is bounded."""
    needs("systemd-analyze")
    units = os.path.join(b.folder, "units")
    os.mkdir(units)
    with open(os.path.join(BUILD, "contrib", "assay-verify.service"), encoding="utf-8") as f:
        service = f.read()
    program = PROGRAMS[1][0]
    line = next(line for line in service.split("\n") if line.startswith("ExecStart="))
    service = service.replace(line.split("=", 1)[1].split(" ", 1)[0], program)
    sealworld.write(os.path.join(units, "assay-verify.service"), service.encode())
    with open(os.path.join(ROOT, "contrib", "systemd", "assay-verify.timer"), "rb") as f:
        sealworld.write(os.path.join(units, "assay-verify.timer"), f.read())
    for unit in ("assay-verify.service", "assay-verify.timer"):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit], cwd=units, capture_output=True, text=True,
                              env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": units + ":"}, check=False)
        told = [line for line in done.stderr.split("\n") if "assay-verify" in line]
        if done.returncode != 0 or told:
            raise Wrong(f"{unit}: {done.stderr}")
    for wanted in ("CPUQuota=", "MemoryMax=", "IOSchedulingClass=idle", "PrivateNetwork=yes", "ProtectSystem=strict", "ReadWritePaths="):
        assert_equal(wanted in service, True)


@case
def nightly_command(b):
    """What the unit runs, with its words filled in."""
    b.installed(7)
    with open(os.path.join(BUILD, "contrib", "assay-verify.service"), encoding="utf-8") as f:
        line = next(line for line in f if line.startswith("ExecStart="))
    words = line.strip().split(" ")[1:]
    words = [w.replace("${STATE_DIRECTORY}", b.state).replace("${ASSAY_VERIFY_TREE}", b.tree) for w in words]
    b.expect([], words=words, programs=PROGRAMS[1:2])
    assert_equal(read_receipt(os.path.join(b.state, "receipt.json"))["outcome"], "intact")
