/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS) as data: what of it says which tool looked at what, and what it found. Nothing is judged here, and nothing that
 * stands there is left out of these lists for being odd.
 */
#pragma once

#include <sca/report.h>

#define SARIF_RUNS_MAX 256

struct sarif_rule {
	const char *id, *name, *text; /* "" when not told */
	const char *level;            /* defaultConfiguration.level, "" when not told */
	bool enabled;
	const char *const *tags;      /* properties.tags */
	size_t tag_count;
	const char *component;        /* the driver's or extension's name */
};

struct sarif_place {
	const char *uri, *base; /* artifactLocation.uri and uriBaseId, "" when not told; by index into artifacts where only that is given */
	uint32_t line, column, end_line, end_column; /* 0 when not told */
	uint32_t offset;
	bool has_offset;
	const char *snippet, *message, *logical; /* "" when not told */
};

struct sarif_suppression {
	const char *kind, *status, *justification; /* status "" means accepted */
};

struct sarif_result {
	const char *rule_id;              /* of ruleId, rule.id or by the index; "" when not told */
	const struct sarif_rule *rule;    /* NULL when the run doesn't describe it */
	const char *level, *kind, *baseline; /* level: its own, else the rule's, else "warning" (3.27.10) */
	const char *message;
	const struct sarif_place *places, *related, *flow; /* flow: all thread flows one after the other */
	size_t place_count, related_count, flow_count;
	const struct sarif_suppression *suppressions;
	size_t suppression_count;
	const struct sca_pair *fingerprints; /* partialFingerprints, then fingerprints */
	size_t fingerprint_count;
	uint32_t cwe;
	unsigned line; /* in the file itself */
};

struct sarif_notification {
	const char *level, *id, *text;
	const char *uri, *base; /* "" when not told */
	bool of_configuration;
};

struct sarif_invocation {
	bool told, successful; /* executionSuccessful */
	const char *command;
	const struct sarif_notification *notifications;
	size_t notification_count;
};

struct sarif_artifact {
	const char *uri, *base;
	const char *sha256; /* hex as it stands there; "" when not told */
};

struct sarif_run {
	const char *tool, *version, *organization; /* driver; version: semanticVersion when version is absent */
	const char *automation;                    /* automationDetails.id */
	const struct sarif_rule *rules;
	size_t rule_count;
	const struct sarif_result *results;
	size_t result_count;
	bool has_results; /* an absent or null list is not an empty one (3.14.23) */
	const struct sarif_invocation *invocations;
	size_t invocation_count;
	const struct sarif_artifact *artifacts;
	size_t artifact_count;
	const struct sca_pair *bases; /* originalUriBaseIds: name, uri */
	size_t base_count;
	const char *const *revisions; /* versionControlProvenance: revisionId of each that has one */
	size_t revision_count;
};

struct sarif_log {
	const char *version;
	const struct sarif_run *runs;
	size_t run_count;
};

ASSAY_MUST_USE enum assay_status sarif_parse(struct assay_span bytes, const char *name, struct arena *arena,
    struct sarif_log *ret_log, struct assay_error *err);
/* A URI as a path: "file://" and percent signs taken away, bases put in front. NULL for a URI that is no file or holds a NUL. */
const char *sarif_path(const struct sarif_run *run, const char *uri, const char *base, struct arena *arena);
