# SPDX-License-Identifier: Apache-2.0
"""Runs the free engines over C files and returns what they report as {(file, line, check)}.

A check is ENGINE/NAME: gcc/-Wformat, clang/-Wformat, clang/core.DivideZero, clang-tidy/cert-err33-c, cppcheck/zerodiv,
flawfinder/FF1001. Files are named by their base name, which is unique within a run. Options are derived from the checks
asked for, or are all that an engine has when `checks` is None (that is for looking what could catch something).
"""
import concurrent.futures
import json
import os
import re
import subprocess
import tempfile

JOBS = os.cpu_count() or 1
SECONDS = 300
CHUNK = 12
STANDARD = ["-std=c17"]
# Faults that clang 19 takes for errors by default: as warnings, the rest of the file is still read.
# What checkers take as options.
ANALYZER_OPTIONS = ["-Xclang", "-analyzer-config", "-Xclang", "security.cert.env.InvalidPtr:InvalidatingGetEnv=true"]
CLANG_GOES_ON = ["-Wno-error=" + n for n in ("int-conversion", "incompatible-function-pointer-types",
                                             "implicit-function-declaration", "implicit-int")]
TEXT = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: (?P<kind>warning|error): .*? \[(?P<checks>[^\]\n]+)\]$", re.M)
ERROR = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):\d+: (?:fatal )?error: ", re.M)
CPPCHECK_ROW = "{file}\t{line}\t{id}"
# As src/sca/options.c has them.
GCC_PASSES = [(["-O2", "-D_FORTIFY_SOURCE=2"], lambda o: not o.startswith("-Wanalyzer-")),
              (["-fanalyzer"], lambda o: o.startswith("-Wanalyzer-") and not o.startswith("-Wanalyzer-tainted-")),
              (["-fanalyzer", "-fanalyzer-checker=taint"], lambda o: o.startswith("-Wanalyzer-tainted-"))]
# What every gcc has to say when nobody chose.
GCC_EVERYTHING = ["-Wall", "-Wextra", "-Wpedantic", "-Wformat=2", "-Wformat-overflow=2", "-Wformat-truncation=2",
                  "-Wstringop-overflow=4", "-Warray-bounds=2", "-Wconversion", "-Wsign-conversion", "-Wfloat-conversion",
                  "-Wcast-qual", "-Wcast-align=strict", "-Wwrite-strings", "-Wstrict-prototypes", "-Wold-style-definition",
                  "-Wmissing-prototypes", "-Wjump-misses-init", "-Wswitch-unreachable", "-Wvla", "-Wvla-larger-than=4096",
                  "-Walloca", "-Walloc-zero", "-Wfloat-equal", "-Wshift-overflow=2", "-Wstrict-overflow=2", "-Wnull-dereference",
                  "-Wstrict-aliasing=1", "-Wbad-function-cast", "-Wunused-result", "-Wundef", "-Wshadow", "-Wnested-externs",
                  "-Wredundant-decls", "-Wc++-compat", "-Wduplicated-cond", "-Wlogical-op", "-Wuse-after-free=3",
                  "-Wdangling-pointer=2", "-Wunsafe-loop-optimizations", "-Walloc-size-larger-than=1000000", "-Winline",
                  "-Wunsuffixed-float-constants", "-Wdouble-promotion", "-Warith-conversion", "-Wtraditional-conversion",
                  "-Wmultichar", "-Wanalyzer-tainted-array-index", "-Wenum-conversion", "-Wswitch-enum", "-Wswitch-default", "-Wpadded", "-Wstack-protector"]


def run(command, cwd=None, seconds=SECONDS):
    """Standard output, standard error. An engine that hangs has reported nothing."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd,
                              timeout=seconds, env=dict(os.environ, LC_ALL="C.UTF-8"))
    except subprocess.TimeoutExpired:
        return "", ""
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def names_of(checks, engine):
    return sorted(c.split("/", 1)[1] for c in checks if c.startswith(engine + "/"))


def chunks(files, size=CHUNK):
    files = sorted(files)
    return [files[i:i + size] for i in range(0, len(files), size)]


def gcc_reports(err):
    found = set()
    for line in err.split("\n"):
        for report in json.loads(line) if line.startswith("[") else []:
            name = report.get("option") or {"error": "error", "warning": "-W"}.get(report["kind"])
            at = (report.get("locations") or [{}])[0].get("caret", {})
            if name and at:
                found.add((os.path.basename(at["file"]), at["line"], "gcc/" + name.split("=", 1)[0]))
    return found


def gcc(files, checks=None):
    options = GCC_EVERYTHING if checks is None else names_of(checks, "gcc")
    found = set()
    for flags, takes in GCC_PASSES:
        own = [o for o in options if takes(o)]
        if not own and checks is not None:
            continue
        for path in files:
            found |= gcc_reports(run(["gcc-12", *STANDARD, "-S", "-o", "/dev/null", "-fdiagnostics-format=json", *flags, *own, path])[1])
    return found


def text_reports(engine, out, keep=lambda name: True):
    found = set()
    for match in TEXT.finditer(out):
        for name in match["checks"].split(","):
            if name != "-Werror" and keep(name):
                found.add((os.path.basename(match["file"]), int(match["line"]), f"{engine}/{name}"))
    return found


def clang(files, checks=None):
    options = ["-Weverything"] if checks is None else [n for n in names_of(checks, "clang") if n.startswith("-W")]
    if not options:
        return set()
    found = set()
    for chunk in chunks(files):
        _, err = run(["clang-19", *STANDARD, *CLANG_GOES_ON, "-fsyntax-only", "-fno-caret-diagnostics", "-fno-color-diagnostics", *options, *chunk])
        found |= text_reports("clang", err)
        for match in ERROR.finditer(err):
            found.add((os.path.basename(match["file"]), int(match["line"]), "clang/error"))
    return found


def clang_analyzer(files, checks=None):
    names = None if checks is None else [n for n in names_of(checks, "clang") if not n.startswith("-W")]
    if names is not None and not names:
        return set()
    if names is None:
        names = ["core", "unix", "deadcode", "security", "nullability", "optin.core", "optin.portability", "optin.taint", "valist",
                 "alpha.core", "alpha.unix", "alpha.security"]
    command = ["clang-19", *STANDARD, *CLANG_GOES_ON, "--analyze", "--analyzer-output", "text",
               "-fno-caret-diagnostics", "-fno-color-diagnostics", "-Xclang", "-analyzer-checker=" + ",".join(names), *ANALYZER_OPTIONS]
    found = set()
    for chunk in chunks(files):
        _, err = run([*command, *chunk])
        found |= text_reports("clang", err, lambda name: not name.startswith("-W"))
    return found


def clang_tidy(files, checks=None):
    names = ["bugprone-*", "cert-*", "concurrency-*", "misc-*", "android-*", "hicpp-*", "performance-*", "readability-*",
             "-misc-include-cleaner", "cppcoreguidelines-*", "llvm-*", "portability-*"] if checks is None else names_of(checks, "clang-tidy")
    if not names:
        return set()
    found = set()
    for chunk in chunks(files):
        out, _ = run(["clang-tidy-19", "--quiet", "--checks=-*," + ",".join(names), "--config={}", *chunk, "--", *STANDARD, *CLANG_GOES_ON])
        found |= text_reports("clang-tidy", out, lambda name: not name.startswith("clang-"))
    return found


def cppcheck(files, checks=None):
    if checks is not None and not names_of(checks, "cppcheck"):
        return set()
    found = set()
    command = ["cppcheck", "--quiet", "--enable=warning,style,performance,portability", "--platform=unix64", "--library=posix",
               "--max-configs=64", "--template=" + CPPCHECK_ROW, "--template-location=", *sorted(files)]
    _, err = run(command)
    for line in err.split("\n"):
        row = line.split("\t")
        if len(row) == 3 and row[1].isdigit():
            found.add((os.path.basename(row[0]), int(row[1]), "cppcheck/" + row[2]))
    return found


def flawfinder(files, checks=None):
    if checks is not None and not names_of(checks, "flawfinder"):
        return set()
    found = set()
    out, _ = run(["flawfinder", "--minlevel=0", "--neverignore", "--sarif", *sorted(files)])
    for result in (json.loads(out)["runs"][0].get("results", []) if out else []):
        at = result["locations"][0]["physicalLocation"]
        found.add((os.path.basename(at["artifactLocation"]["uri"]), at["region"]["startLine"], "flawfinder/" + result["ruleId"]))
    return found


ENGINES = {"gcc": gcc, "clang": clang, "clang --analyze": clang_analyzer, "clang-tidy": clang_tidy, "cppcheck": cppcheck,
           "flawfinder": flawfinder}


def matches(check, reported):
    """gcc/-Wformat=2 is what the plan asks for; gcc/-Wformat is what is reported."""
    return check.split("=", 1)[0] == reported.split("=", 1)[0]


def look(files, checks=None, engines=None):
    """{(base name, line, check)} of all engines, run side by side."""
    found = set()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        work = [pool.submit(ENGINES[name], part, checks) for name in (engines or ENGINES) for part in chunks(files, 40)]
        for done in work:
            found |= done.result()
    return found
