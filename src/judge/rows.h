/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of controls that this version judges, one row a control: its id, its function, whether a pass takes authority,
 * and the kinds of evidence it needs. The functions stand one a file and are called through judge_rows alone.
 */
#pragma once

#include <evidence/analysis.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <evidence/leaks.h>
#include <evidence/records.h>
#include <evidence/release.h>
#include <evidence/reltree.h>
#include <evidence/reviewed.h>
#include <evidence/states.h>
#include <evidence/tree.h>
#include <judge/judge.h>

#define JUDGE_ROWS(ROW) \
	ROW("repo.signed", judge_repo_signed, true, HISTORY_KIND) \
	ROW("repo.honest-time", judge_repo_honest_time, true, HISTORY_KIND) \
	ROW("policy.authorised", judge_policy_authorised, true, HISTORY_KIND, STATES_KIND) \
	ROW("repo.trusted-clone", judge_repo_trusted_clone, false, CLONE_KIND) \
	ROW("policy.current", judge_policy_current, true, TREE_KIND) \
	ROW("dep.locked", judge_dep_locked, false, TREE_KIND) \
	ROW("dep.c-sources", judge_dep_sources, false, TREE_KIND) \
	ROW("dep.images", judge_dep_images, false, TREE_KIND) \
	ROW("dep.install", judge_dep_install, true, TREE_KIND) \
	ROW("scope.complete", judge_scope_complete, true, TREE_KIND) \
	ROW("access.register", judge_access_register, true, TREE_KIND) \
	ROW("access.actual", judge_access_actual, true, HISTORY_KIND, TREE_KIND) \
	ROW("repo.owned", judge_repo_owned, true, TREE_KIND) \
	ROW("change.traced", judge_change_traced, true, HISTORY_KIND) \
	ROW("review.covers", judge_review_covers, true, HISTORY_KIND, TREE_KIND, REVIEWED_KIND) \
	ROW("review.independent", judge_review_independent, true, HISTORY_KIND, TREE_KIND, REVIEWED_KIND) \
	ROW("review.bound", judge_review_bound, true, HISTORY_KIND, TREE_KIND, REVIEWED_KIND) \
	ROW("review.gate", judge_review_gate, true, HISTORY_KIND, TREE_KIND, REVIEWED_KIND) \
	ROW("sca.complete", judge_sca_complete, true, ANALYSIS_KIND, TREE_KIND) \
	ROW("sca.demonstrated", judge_sca_demonstrated, true, ANALYSIS_KIND) \
	ROW("sca.tuned", judge_sca_tuned, true, ANALYSIS_KIND, TREE_KIND) \
	ROW("find.resolved", judge_find_resolved, true, ANALYSIS_KIND, TREE_KIND, HISTORY_KIND, STATES_KIND, REVIEWED_KIND) \
	ROW("find.closed", judge_find_closed, true, ANALYSIS_KIND, TREE_KIND, HISTORY_KIND, STATES_KIND, REVIEWED_KIND) \
	ROW("find.problem", judge_find_problem, true, ANALYSIS_KIND, TREE_KIND, HISTORY_KIND, STATES_KIND, REVIEWED_KIND) \
	ROW("ci.pinned", judge_ci_pinned, false, TREE_KIND) \
	ROW("ci.least-privilege", judge_ci_least_privilege, false, TREE_KIND) \
	ROW("ci.untrusted-code", judge_ci_untrusted_code, false, TREE_KIND) \
	ROW("ci.runner", judge_ci_runner, false, TREE_KIND) \
	ROW("ci.gates", judge_ci_gates, false, TREE_KIND) \
	ROW("std.declared", judge_std_declared, true, TREE_KIND) \
	ROW("dev.no-silent", judge_dev_no_silent, true, TREE_KIND) \
	ROW("rule.custom", judge_rule_custom, true, TREE_KIND) \
	ROW("seal.complete", judge_seal_complete, true, RELEASE_SEAL_KIND, RELEASE_TREE_KIND) \
	ROW("seal.signed", judge_seal_signed, true, RELEASE_SEAL_KIND, HISTORY_KIND, STATES_KIND) \
	ROW("seal.traced", judge_seal_traced, true, RELEASE_SEAL_KIND, RELEASE_TREE_KIND, HISTORY_KIND) \
	ROW("seal.operator", judge_seal_operator, true, RELEASE_RECORDS_KIND) \
	ROW("seal.drill", judge_seal_drill, true, RELEASE_RECORDS_KIND) \
	ROW("seal.rollback", judge_seal_rollback, true, RELEASE_RECORDS_KIND) \
	ROW("seal.at-rest", judge_seal_at_rest, true, RELEASE_RECORDS_KIND) \
	ROW("key.inventory", judge_key_inventory, true, TREE_KIND) \
	ROW("key.hardware", judge_key_hardware, true, TREE_KIND) \
	ROW("key.dual-control", judge_key_dual_control, true, TREE_KIND) \
	ROW("key.leaked", judge_key_leaked, false, LEAKS_KIND, TREE_KIND)

/* Judged after all others, in this order: what others came to, those above included, is a part of what they ask. */
#define JUDGE_AFTER_ROWS(ROW) \
	ROW("dev.approved", judge_dev_approved, true, TREE_KIND) \
	ROW("risk.covered", judge_risk_covered, true, TREE_KIND) \
	ROW("policy.true", judge_policy_true, true, TREE_KIND)

#define JUDGE_DECLARE(id, function, authority, ...)                                                \
	ASSAY_MUST_USE enum assay_status function(const struct judge_context *c,                   \
	    struct control_verdict *v, struct assay_error *err);

JUDGE_ROWS(JUDGE_DECLARE)
JUDGE_AFTER_ROWS(JUDGE_DECLARE)
