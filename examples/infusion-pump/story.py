# SPDX-License-Identifier: Apache-2.0
"""What can be done with the infusion pump, step by step: scripts/demo tells it, tests/suites/infusion-pump holds it to its word."""
import json
import os
import sys

sys.dont_write_bytecode = True
import gaps  # noqa: E402
from authority import Authority, root_of, run  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
NOT_JUDGED = "not judged by this version"
RECORDS = ("assay/deviations/unsigned-readme.yaml", "assay/deviations/unauthorised-rules.yaml",
           "assay/deviations/before-the-rules.yaml", "assay/deviations/key-of-the-bench.yaml")
CLOSURE = "assay/closures/exp33-c-sha256-end.yaml"
SIGN_OFFS = tuple((who, act, role, record) for record in RECORDS
                  for who, act, role in (("bob", "request", "developer"), ("alice", "approve", "quality"))) + (
    ("alice", "approve", "quality", "docs/development-environment.md"),
    ("carol", "request", "developer", CLOSURE), ("bob", "review", "reviewer", CLOSURE), ("alice", "approve", "quality", CLOSURE))


# What must hold of the mended pump's code: what analysers, deviations and reviews say, beside what a clone can't show (review.gate).
HELD = ("std.declared", "rule.custom", "sca.complete", "sca.demonstrated", "sca.tuned", "find.resolved", "find.closed", "find.problem",
        "dev.approved", "dev.no-silent", "review.covers", "review.independent", "review.bound")


# Found by analysers, and so not judged where those can't run.
LOOKED = ("sca.demonstrated", "find.resolved", "find.closed")


def not_run(controls):
    """Why analysers of the plan were not run here: none where all were."""
    return [f["message"] for f in controls["sca.complete"]["findings"] if f["id"] == "engine-missing"]


def keep_engines(folder):
    """What analysers said is kept in a folder from one run to the next, with the key without which it is nobody's."""
    os.environ.update(XDG_CACHE_HOME=os.path.join(folder, "cache"), XDG_CONFIG_HOME=os.path.join(folder, "config"))


def findings(out):
    """The findings in the code, as they stand beside the report."""
    with open(os.path.join(out, "findings.json"), encoding="utf-8") as f:
        return json.load(f)["findings"]


def build(folder):
    """Builds the pump with this machine's compiler and runs its tests; the last words of ctest."""
    generator = ["-G", "Ninja"]
    run(["cmake", "-S", os.path.join(HERE, "tree"), "-B", folder, *generator])
    run(["cmake", "--build", folder])
    text = run(["ctest", "--test-dir", folder, "--output-on-failure"])
    return next(line for line in text.split("\n") if "tests passed" in line)


def make(folder, *options):
    return run([os.path.join(HERE, "make-repository"), folder, *options]).strip()


def report(out):
    with open(os.path.join(out, "report.json"), encoding="utf-8") as f:
        return {c["id"]: c for c in json.load(f)["controls"]}


def exit_of(controls):
    verdicts = {c["verdict"] for c in controls.values()}
    return 1 if "fail" in verdicts else 3 if verdicts & {"unknown", "stale"} else 0


def shows(controls, gap):
    """Whether a finding of the gap's control names it."""
    return any(f["id"] == gap.code and gap.where in ("-", f["file"]) and gap.names in f["message"]
               for f in controls[gap.control]["findings"])


def held_against(controls, release=""):
    """[(gap, 'found', 'MISSED' or 'not judged')], in the order of GAPS."""
    out = []
    for gap in gaps.read(release):
        unjudged = gap.waits or controls[gap.control]["reason"] == NOT_JUDGED or (gap.control in LOOKED and not_run(controls))
        out.append((gap, "found" if shows(controls, gap) else "not judged" if unjudged else "MISSED"))
    return out


def with_root(folder):
    """Options of somebody who was handed the root's fingerprint."""
    root = root_of(folder)
    return ["--root", root] if root else []


def sign_off(folder, assay):
    """Each record is asked for by one and approved by another; who did what."""
    with Authority(folder, assay) as authority:
        for who, act, role, record in SIGN_OFFS:
            authority.say(who, "signoff", record, "--act", act, "--role", role)
    make(folder, "--commit", "bob", "Approve the policy, except what stays in the history, close what was mended", "assay/deviations",
         "assay/closures", "assay/reviews")
    return [f"{who} signs as {role}: {act} {record}" for who, act, role, record in SIGN_OFFS]
