# SPDX-License-Identifier: Apache-2.0
"""For deceptions about imports: canary_report.py MODE plants for C, writes the report of an analyser that sees every faulty plant, alters it
as MODE says, imports it, and prints what came of it as "assay check --json" would: the control sca.demonstrated, which fails unless
every weakness is demonstrated.
"""
import glob
import json
import os
import re
import subprocess
import sys

ASSAY = os.environ["ASSAY"]
PASSED = [int(os.environ[n]) for n in ("ASSAY_MUTANT_SEEN",) if n in os.environ]


def run(*words):
    return subprocess.run([ASSAY, *words], stdout=subprocess.PIPE, text=True, check=False, pass_fds=PASSED)


def plant(folder):
    os.makedirs(folder)
    run("canary", "plant", folder, "--lang", "c")
    path = glob.glob(f"{folder}/*/assay-canaries.json")[0]
    with open(path, encoding="utf-8") as f:
        return path, json.load(f)


def result(plant, **more):
    name = plant["file"].rsplit(".", 1)[0]
    return {"ruleId": f"cwe-{plant['cwe']}", "level": "warning", "message": {"text": more.get("text", f"{name}_room overflows")},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": f"src/{more.get('file', plant['file'])}"},
                                                "region": {"startLine": plant["line"] + more.get("further", 0)}}}]}


def report(record, mode, folder):
    bad = [p for p in record["plants"] if p["bad"]]
    found = [result(p) for p in bad]
    out = {"tool": {"driver": {"name": "other", "version": "1"}}, "results": found}
    if mode == "failed":
        out["invocations"] = [{"executionSuccessful": False}]
    elif mode == "no-list":
        del out["results"]
    elif mode == "elsewhere":
        out["results"] = [{**result(bad[0], file="main.c"), "message": {"text": "main overflows"}}]
    elif mode == "altered":
        out["artifacts"] = [{"location": {"uri": "src/" + p["file"]}, "hashes": {"sha-256": "0" * 64}} for p in bad]
    elif mode == "pasted":
        # What was reported of another set, under the names of this one's files.
        _, other = plant(folder + "/other")
        others = [p for p in other["plants"] if p["bad"]]
        out["results"] = [result(p, file=q["file"]) for p, q in zip(others, bad)]
    elif mode == "beside":
        out["results"] = [result(p, further=1) for p in bad]
    elif mode == "one":
        out["results"] = found[:1]
    elif mode == "everything":
        out["results"] += [result({**p, "line": 1}) for p in record["plants"] if not p["bad"]]
    return {"version": "2.1.0", "runs": [out]}


def main():
    folder = os.path.join(os.environ["CASE"], "canaries")
    path, record = plant(folder)
    with open(folder + "/report.sarif", "w", encoding="utf-8") as f:
        json.dump(report(record, sys.argv[1], folder), f)
    done = run("import", folder + "/report.sarif", "--canaries", path, "--name", "other", "-o", folder + "/import", "--json")
    told = json.loads(done.stdout)
    codes = [r["code"] for r in told["runs"] if r["code"]]
    codes += [f"cwe-{w['cwe']}-not-shown" for w in told["weaknesses"] if not w["demonstrated"]]
    good = not codes and re.fullmatch("[0-9a-f]{64}", told["sha256"]) is not None
    print(json.dumps({"controls": [{"id": "sca.demonstrated", "verdict": "pass" if good else "fail", "reason": "",
                                    "findings": [{"id": c} for c in codes]}]}))
    return 0 if good else 1


sys.exit(main())
