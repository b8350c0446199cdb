/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue: clauses and controls as data, built into the program from catalog/.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <base/embedded.h>
#include <codec/yaml.h>
#include <stdbool.h>

#define CATALOG_VERSION 1
#define CATALOG_CONTROLS_MAX 500

enum weight { WEIGHT_MINOR, WEIGHT_MODERATE, WEIGHT_MAJOR };
enum grade_source { GRADE_ASSERTED, GRADE_ATTESTED, GRADE_RECOMPUTED };
enum grade_depth { GRADE_CONFIGURED, GRADE_OBSERVED, GRADE_DEMONSTRATED };

struct grade {
	enum grade_source source;
	enum grade_depth depth;
};

struct crosswalk {
	struct yaml_strings iec62304, iec62443_4_1, ssdf, slsa, fda, mdr;
};

struct clause {
	const char *id; /* "5.1.2" */
	const char *title;
	const char *asks;
	const char *why;
	const char *audit_gap; /* what audits find */
	struct yaml_strings show_me;
	struct crosswalk crosswalk;
};

/* How far an attacker is stopped: a cell of docs/threat-model.md. */
struct defence {
	const char *who;     /* "one developer" */
	const char *how_far; /* "found", "in part", "nothing", "no way" */
	const char *how;     /* what stops them, or why nothing does */
};

#define CATALOG_ATTACKERS 9

struct control {
	const char *id; /* "repo.signed" */
	const struct clause *clause;
	const char *title;
	const char *asks;
	const char *why;
	const char *evidence; /* what it needs, for people */
	const char *judged;   /* how it is judged, for people */
	const char *mend;
	const char *audit_gap;
	enum weight weight;
	struct grade least;   /* least grade for pass */
	bool may_be_not_applicable;
	bool unique;          /* no peer tool was found to do it */
	struct yaml_strings assets, threats, stages; /* "repository", "corruption", "release", ... */
	struct crosswalk crosswalk;
	struct defence defences[CATALOG_ATTACKERS]; /* of controls that are judged; one an attacker */
	size_t defence_count; /* 0 or CATALOG_ATTACKERS */
	unsigned index;       /* place in the catalogue */
};

/* What a control may protect, from what, and when; NULL-terminated. */
extern const char *const catalog_assets[];
extern const char *const catalog_threats[];
extern const char *const catalog_stages[];

struct catalog {
	struct clause *clauses;
	size_t clause_count;
	struct control *controls; /* by clause, in the order of the catalogue */
	size_t control_count;
};

/* Reads a catalogue from files: the clauses first, then each clause's controls in the order of the clauses. */
ASSAY_MUST_USE enum assay_status catalog_parse(const struct embedded_file *files,
    struct arena *arena, const struct catalog **ret_catalog, struct assay_error *err);
/* Reads the built-in catalogue. Fails only when the build is broken. */
ASSAY_MUST_USE enum assay_status catalog_load(struct arena *arena, const struct catalog **ret_catalog,
    struct assay_error *err);
const struct control *catalog_control(const struct catalog *c, const char *id);
const struct clause *catalog_clause(const struct catalog *c, const char *id);
const char *weight_name(enum weight w);
const char *grade_source_name(enum grade_source s); /* "recomputed" */
const char *grade_depth_name(enum grade_depth d);
