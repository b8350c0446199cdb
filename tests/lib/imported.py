# SPDX-License-Identifier: Apache-2.0
"""For deceptions about imports as evidence: imported.py MODE... plants for Java beside HEAD, writes the report of an analyser that sees
every faulty plant and lists every file, alters it as MODE says, imports it, and prints what "assay check --import" says of it. MODE may be
preceded by --require SET.

A repository of it has Java in src/, and a plan that names checks of "import:other".
"""
import glob
import json
import os
import shutil
import subprocess
import sys

ASSAY, REPO, CASE = (os.environ[n] for n in ("ASSAY", "REPO", "CASE"))
PASSED = [int(os.environ[n]) for n in ("ASSAY_MUTANT_SEEN",) if n in os.environ]
WHERE = os.path.join(REPO, "src")


def run(*words, **more):
    return subprocess.run([ASSAY, *words], stdout=subprocess.PIPE, text=True, check=False, pass_fds=PASSED, **more)


def git(*words):
    done = subprocess.run(["git", "-C", REPO, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", *words], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.split()


def plant(folder=WHERE, language="java"):
    run("canary", "plant", folder, "--lang", language)
    path = max(glob.glob(f"{folder}/assay-canaries-*/assay-canaries.json"), key=os.path.getmtime)
    with open(path, encoding="utf-8") as f:
        return path, json.load(f)


def at(uri, line, **more):
    return {"ruleId": more.get("rule", "fault"), "level": "warning", "message": {"text": more.get("text", "wrong")},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}]}


def shown(record, path, which):
    """A result for each plant that which takes."""
    folder = os.path.relpath(os.path.dirname(path), REPO)
    return [at(f"{folder}/{p['file']}", p["line"] or 1, rule=f"cwe-{p['cwe']}") for p in record["plants"] if which(p)]


def report(record, path):
    files = [f for f in git("ls-files") if f.endswith((".java", ".c"))]
    return {"tool": {"driver": {"name": "Other", "version": "1.2"}}, "results": shown(record, path, lambda p: p["bad"]),
            "artifacts": [{"location": {"uri": f}} for f in files], "invocations": [{"executionSuccessful": True}]}


def no_plants(out, _record, _path):
    out["results"] = []


def pasted(out, _record, _path):
    """What was reported of another set's plants, written under the names of this one's files."""
    again, other = plant()
    fresh = shown(other, again, lambda p: p["bad"])
    for r, s in zip(fresh, out["results"]):
        r["message"]["text"] = f"{os.path.basename(r['locations'][0]['physicalLocation']['artifactLocation']['uri'])} is wrong"
        r["locations"][0]["physicalLocation"]["artifactLocation"] = s["locations"][0]["physicalLocation"]["artifactLocation"]
    out["results"] = fresh


def revision(out, _record, _path):
    out["versionControlProvenance"] = [{"repositoryUri": "https://example.org/pump", "revisionId": "0" * 40}]


def same_revision(out, _record, _path):
    out["versionControlProvenance"] = [{"repositoryUri": "https://example.org/pump", "revisionId": git("rev-parse", "HEAD")[0]}]


def tool(out, _record, _path):
    out["tool"]["driver"]["name"] = "Lint"


def twins(out, record, path):
    out["results"] += shown(record, path, lambda p: not p["bad"])


def miss(out, _record, _path):
    out["results"] = [r for r in out["results"] if r["ruleId"] != "cwe-89"]


def suppressed_plants(out, _record, _path):
    for r in out["results"]:
        r["suppressions"] = [{"kind": "external", "status": "accepted"}]


def open_finding(out, _record, _path):
    out["results"].append(at("src/Pump.java", 4, rule="cwe-89", text="a query is built from what the user typed"))


def suppressed_finding(out, record, path):
    open_finding(out, record, path)
    out["results"][-1]["suppressions"] = [{"kind": "external", "status": "accepted", "justification": "later"}]


def file_left_out(out, _record, _path):
    out["artifacts"] = out["artifacts"][:1]


def file_failed(out, _record, _path):
    out["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [{
        "level": "error", "message": {"text": "can't parse"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/Pump.java"}}}]}]}]


def stumbled(out, _record, _path):
    out["invocations"] = [{"executionSuccessful": True,
                           "toolExecutionNotifications": [{"level": "error", "message": {"text": "out of memory"}}]}]


def failed(out, _record, _path):
    out["invocations"] = [{"executionSuccessful": False}]


def other_bytes(out, _record, _path):
    for a in out["artifacts"]:
        a["hashes"] = {"sha-256": "0" * 64}


def other_folder(out, _record, _path):
    for r in out["results"]:
        where = r["locations"][0]["physicalLocation"]["artifactLocation"]
        where["uri"] = "elsewhere/" + os.path.basename(where["uri"])


def apart(out, record, path):
    """Two runs over two trees in one report."""
    for r in shown(record, path, lambda p: p["bad"])[:1]:
        where = r["locations"][0]["physicalLocation"]["artifactLocation"]
        where["uri"] = "/other/" + where["uri"]
        out["results"].append(r)


def absolute(out, _record, _path):
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in out["results"]]
    for where in places + [a["location"] for a in out["artifacts"]]:
        where["uri"] = "file:///build/agent%201/" + where["uri"]


CHANGES = {name.replace("_", "-"): change for name, change in list(globals().items())
           if callable(change) and name not in ("run", "git", "plant", "at", "shown", "report")}
# What is done with the import when it is written, or beside it.
MODES = ("as-it-is", "not-given", "no-commit", "stale", "truncated", "other-language", "of-c", "second-run")


def keep(out, record_path, name="import"):
    """Writes the report and imports it."""
    sarif, kept = f"{CASE}/{name}.sarif", f"{CASE}/{name}.assay-import"
    with open(sarif, "w", encoding="utf-8") as f:
        json.dump({"version": "2.1.0", "runs": out}, f)
    run("import", sarif, "--canaries", record_path, "--name", "other", "-o", kept, "--quiet")
    return kept


def make(modes):
    folder, language = WHERE, "python" if "other-language" in modes else "c" if "of-c" in modes else "java"
    if "no-commit" in modes:
        folder = os.path.join(CASE, "src")
        os.makedirs(folder)
    path, record = plant(folder, language)
    out = report(record, path)
    for mode in modes:
        if mode in CHANGES:
            CHANGES[mode](out, record, path)
        elif mode not in MODES:
            raise SystemExit(f"imported.py: what is '{mode}'?")
    runs = [out]
    if "second-run" in modes:
        runs.append({**out, "tool": {"driver": {"name": "Lint"}}})
    return keep(runs, path)


def main():
    words = sys.argv[1:]
    more = words[:2] if words[:1] == ["--require"] else []
    modes = words[len(more):]
    kept = make(modes)
    for folder in glob.glob(f"{WHERE}/assay-canaries-*"):
        shutil.rmtree(folder)
    if "stale" in modes:
        git("commit", "-q", "--allow-empty", "-m", "later")
    if "truncated" in modes:
        os.truncate(kept, os.path.getsize(kept) - 40)
    given = [] if "not-given" in modes else ["--import", kept]
    done = run("check", REPO, "--json", "--state", os.environ["STATE"], "--out", os.environ["OUT"], *given, *more)
    print(done.stdout, end="")
    return done.returncode


sys.exit(main())
